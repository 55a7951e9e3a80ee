#pragma once
/*
 * Folding: what makes two spellings of the same letters equal. Case, diacritics, width and compatibility forms go
 * (Unicode full case folding, NFKD without marks, NFC); Latin letters that carry no mark of their own but are written
 * without in other languages (ł đ ø ı ß æ …) become their plain letters; Arabic letter forms of Persian and Urdu, hamza
 * carriers, alif maqsura and ta marbuta become one; digits of all scripts become ASCII. Vowel signs of Indic and South-East Asian
 * scripts are letters here, not diacritics, and voiced kana stay voiced.
 *
 * The table is made from ICU once per process, at first use, and needs no memory from the heap.
 */
#include "base/str.h"

enum text_script {
	TEXT_COMMON, /* digits */
	TEXT_LATIN,
	TEXT_CYRILLIC,
	TEXT_GREEK,
	TEXT_ARMENIAN,
	TEXT_GEORGIAN,
	TEXT_HEBREW,
	TEXT_ARABIC,
	TEXT_INDIC,     /* the scripts of India and Sri Lanka, of the Maldives and Ethiopia */
	TEXT_SOUTHEAST, /* Thai, Lao, Khmer, Myanmar: written without spaces */
	TEXT_HAN,
	TEXT_HIRAGANA,
	TEXT_KATAKANA,
	TEXT_HANGUL,
	TEXT_OTHER,
	TEXT_SCRIPT_COUNT
};

enum text_kind {
	TEXT_BREAK, /* ends a word */
	TEXT_LETTER,
	TEXT_DIGIT,
	TEXT_MARK,   /* a diacritic: folds to nothing, belongs to the word */
	TEXT_IGNORE, /* soft hyphen, joiners, …: folds to nothing, does not even interrupt */
};

#define TEXT_FOLD_MAX 18 /* bytes that one code point can fold to */

struct text_fold {
	enum text_kind kind;
	enum text_script script;
	bool upper, lower; /* has case */
	unsigned char len; /* bytes in utf8 */
	char utf8[TEXT_FOLD_MAX];
};

/* Builds what all texts need at the first call (some milliseconds; the rest is built as it is met). False when memory ran out
 * for that: then nothing here may be relied on in this process. Whoever compiles names or folds at all asks once before. */
bool text_fold_ready(void);

void text_fold_cp(uint32_t cp, struct text_fold *ret);

/* Appends the folded text to out; what is no letter, digit or mark stays as it is. False when out is full. */
struct buf;
bool text_fold_str(struct buf *out, struct str s);

/* Scripts in which a capital means something. */
static inline bool
text_script_cased(enum text_script s)
{
	return s == TEXT_LATIN || s == TEXT_CYRILLIC || s == TEXT_GREEK || s == TEXT_ARMENIAN;
}

/* Scripts of which every character is a word of its own here, because they are written without spaces. */
static inline bool
text_script_single(enum text_script s)
{
	return s == TEXT_HAN || s == TEXT_HIRAGANA || s == TEXT_SOUTHEAST;
}
