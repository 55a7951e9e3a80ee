#pragma once
/*
 * Words of a text, folded, with their place in the original bytes.
 *
 * A word is a run of letters and digits. Apostrophes, hyphens and every other sign end a word; what stood between two
 * words is kept as a set of gap flags, so that whoever joins words again (a name, a phrase) decides what may stand
 * between them. Two kinds of apostrophe are letters: that of Ukrainian and Belarusian before я, ю, є, ї, е, ё and і, and the geresh of
 * Hebrew between letters, which is kept behind ג, ז and צ. Han, Hiragana, Thai, Lao, Khmer and Myanmar, which are written without spaces, give one word per
 * character (with its marks); Katakana and Hangul runs are words of their own.
 * (The idea follows UAX #29; apostrophes and full stops deviate on purpose.)
 *
 * Every word knows its sentence and its paragraph. A paragraph ends at a blank line. A sentence ends with its paragraph,
 * after ! ? … and their like in other scripts, and after a full stop before white space, unless what follows begins with
 * a small letter or what precedes is a single letter, a short number (an ordinal: 3. Mai) or a usual abbreviation before a
 * name (after UAX #29's rules SB6 to SB11, with abbreviations in place of its silence about them).
 */
#include "base/arena.h"
#include "text/fold.h"

enum text_gap { /* what stood before the word */
	TEXT_GAP_SPACE = 1 << 0,
	TEXT_GAP_HYPHEN = 1 << 1, /* - and the like, not dashes */
	TEXT_GAP_APOS = 1 << 2,
	TEXT_GAP_DOT = 1 << 3,
	TEXT_GAP_COMMA = 1 << 4,
	TEXT_GAP_QUOTE = 1 << 5,
	TEXT_GAP_STOP = 1 << 6,      /* ! ? … ; : and their like in other scripts */
	TEXT_GAP_MIDDOT = 1 << 7,    /* · ・ between the parts of foreign names */
	TEXT_GAP_AND = 1 << 8,       /* & + */
	TEXT_GAP_PARAGRAPH = 1 << 9, /* a blank line, or the start of the text */
	TEXT_GAP_DASH = 1 << 10,
	TEXT_GAP_OTHER = 1 << 11,
	TEXT_GAP_LINE = 1 << 12, /* a line end (TEXT_GAP_SPACE is set too) */
	TEXT_GAP_END = 1 << 13,  /* of TEXT_GAP_STOP, what ends a sentence: not ; and : */
};

enum text_word_flag {
	TEXT_WORD_CAPITAL = 1 << 0, /* its first letter is upper or title case */
	TEXT_WORD_UPPER = 1 << 1,   /* two letters or more, all upper case */
	TEXT_WORD_DIGITS = 1 << 2,  /* holds a digit */
	TEXT_WORD_CASED = 1 << 3,   /* of a script that has case */
	TEXT_WORD_MIXED = 1 << 4,   /* a capital after the first letter */
};

struct text_word {
	uint32_t start, end; /* bytes of the original */
	uint32_t fold;       /* place of the folded bytes in text_words.folded */
	uint16_t fold_len;
	uint16_t gap;       /* enum text_gap, before the word; 0 = nothing stood between */
	uint8_t flags;      /* enum text_word_flag */
	uint8_t script;     /* enum text_script of its first letter */
	uint16_t paragraph; /* from 0; UINT16_MAX for all that come after so many */
	uint32_t sentence;  /* from 0, counted through the whole text */
	uint32_t hash;      /* text_fold_hash() of the folded bytes */
	uint32_t hash_high; /* the upper half of the 64 bits that `hash` was made from */
};

struct text_words {
	struct text_word *items;
	size_t count;
	uint16_t tail_gap; /* after the last word */
	const char *folded;
	/* Of the words in cased scripts with TEXT_HEADLINE_LETTERS folded bytes or more: how many, how many with a capital. */
	uint32_t cased, capitals;
	bool has_capitals; /* any word */
	bool has_unspaced; /* there are letters of TEXT_SOUTHEAST, or of TEXT_HAN behind a middle dot */
};

#define TEXT_HEADLINE_LETTERS 4u

#define TEXT_WORDS_BYTES_MAX (64u * 1024 * 1024) /* longer text is an error */
#define TEXT_WORD_FOLD_MAX 256u                  /* folded bytes of one word; the rest of a longer one is dropped */

static inline struct str
text_word_fold(const struct text_words *w, const struct text_word *word)
{
	return (struct str){w->folded + word->fold, word->fold_len};
}

/* Hash of folded bytes: what a word is looked up by. Only equal within one process; equal hashes are compared. */
uint32_t text_fold_hash(struct str fold);
/* The 64 bits: words of which they are equal are taken for the same by whoever only remembers what a word was. */
static inline uint64_t
text_word_hash64(const struct text_word *word)
{
	return (uint64_t)word->hash_high << 32 | (word->hash ^ word->hash_high);
}

/* Everything lives in the arena. Ill-formed bytes count as a break. 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. */
int text_words(struct arena *arena, struct str s, struct text_words *out, struct err *err);
