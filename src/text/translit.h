#pragma once
/*
 * Letters to sounds: what makes spellings of one name in several scripts and systems comparable.
 *
 * A folded word becomes a short string of sound symbols. Latin letters stand for themselves, because what they sound
 * like depends on a language nobody has told us; other scripts are written in the same letters plus
 *   S sh   Z zh   C ts   T ch   H kh   D dh or z, as a Persian reads ذ and ض   @ a vowel that often goes unwritten
 * and where a script has one letter for two sounds of others, which stands for both:
 *   X t or d, Y s, sh, ch or j (Tamil)
 *   B b or p, F f or v, Q q, k or g (Arabic)   V b or v (Hebrew)   P p or f (Hebrew, Georgian)   E h or an a at the end (Arabic, Hebrew)
 * Sources: ISO 9, BGN/PCGN and the national systems (Cyrillic, Armenian, Georgian), ISO 843 (Greek), ISO 233 and 259 (Arabic, Hebrew),
 * BGN/PCGN (Ethiopic 1967, Thaana 1988), ISO 15919 (Indic), the Revised Romanization (Hangul), Hepburn (kana).
 * A whole word in Thai, Lao, Khmer or Burmese letters (southeast.h), or a foreign name in Chinese characters (han_loan.h), is told to be
 * TEXT_INDIC; there L is l or r, N is n or ng.
 */
#include "text/fold.h"

#define TEXT_SOUNDS_MAX 48

struct text_sounds {
	char s[TEXT_SOUNDS_MAX];
	unsigned char len;
	unsigned char at[TEXT_SOUNDS_MAX + 1]; /* how many folded bytes had been read before symbol i; at[len] = all */
	enum text_script script;
	bool vowels_free; /* the script leaves vowels out or adds its own */
};

/* False when the word is too long, has digits, or is of a script that says nothing about sounds. */
bool text_sounds(struct str folded, enum text_script script, struct text_sounds *out);

/*
 * Scripts of syllables write foreign sounds with those that they have: Katakana after 外来語の表記 (Cabinet of Japan, notice 2 of
 * 1991), Hangul after 외래어 표기법 (Ministry of Education of Korea, notice 85-11 of 1986). Where only one of two spellings is in such
 * a script, both are compared with these sounds made one; `out` has no `at`.
 */
bool text_sounds_syllabic(enum text_script script);
void text_sounds_as_loan(struct str sounds, enum text_script script, struct text_sounds *out);
/* Katakana as Russian names are written in it: ti as chi, di as ji, tu as tsu, and v before r as u; and its n before p and b as m, which
 * Hepburn writes, too. False when nothing changes. */
bool text_sounds_kana_otherwise(struct text_sounds *sounds);
/*
 * As they may be meant, too: mb, nd and ng in Greek as b, d and g, and its g before i as y, before u as w (Γουίλιαμ); D as z and waw as v in
 * Arabic letters, vav as v in Hebrew; P as f in Georgian; in Latin letters dj (Serbian đ) and gy as d, and c as ts where the language may be one that spells so. False when nothing
 * changes.
 */
bool text_sounds_otherwise(struct text_sounds *sounds, bool c_is_ts);
/* The same of words of scripts without spaces, which are told to be TEXT_INDIC. The sounds are those of the word. */
bool text_sounds_unspaced(struct text_sounds *sounds, struct str folded);
/* Greek μπ, ντ and γκ letter for letter, as Latin letters mostly have them: Κωνσταντίνος. False when the word has none. */
bool text_sounds_hard_greek(struct text_sounds *sounds);
/*
 * Belarusian dz and ts before soft vowels as d and t, u behind a vowel or before the first consonant as v: Уладзімір, Пуцін, Ціханоўская. Unless it
 * is surely of that language, a word must have і. False when nothing changes.
 */
bool text_sounds_as_belarusian(struct str folded, bool surely, struct text_sounds *ret);
/* Russian э as an English a, which it mostly is in names: Дэвис, Сэм. False when the word, whose sounds they are, has none. */
bool text_sounds_open_e(struct text_sounds *sounds, struct str folded);

/*
 * Keys: two spellings of one name share a key, so that one probe finds it. A key is a hash of the consonants, in
 * classes. A name has several, because letters are ambiguous; a word of text has one per place where an ending may begin.
 */
#define TEXT_SOUND_KEYS_MAX 24

/* A key with the vowels that stand between its consonants, three bits for each of the first ten places: 0 = none,
 * 1 to 5 = a, e, i, o, u, 6 = one or several, 7 = perhaps none. */
struct text_sound_key {
	uint64_t hash;
	uint32_t vowels;
};

/* The keys of a name, fine and coarse; returns how many. */
size_t text_sound_keys(const struct text_sounds *name, struct text_sound_key keys[TEXT_SOUND_KEYS_MAX * 2]);
/* The key of the first n symbols of a word of text. */
struct text_sound_key text_sound_key(const struct text_sounds *word, size_t n);
/* Adds a key to those of a word; one that is there already learns its vowels. Returns the count, at most max. */
size_t text_sound_merge(struct text_sound_key *keys, size_t n, size_t max, struct text_sound_key key);
/* Of two words with the same key, at least how far they are from each other when both write their vowels. */
unsigned text_sound_at_least(uint32_t vowels, uint32_t other);

/*
 * How far two strings of sounds are from each other: 0 = spellings of the same sounds, 1 for each doubtful vowel or voicing,
 * TEXT_SOUND_SLIP for each slip of the pen (a symbol added, left out, replaced or exchanged). More than `most` gives most + 1.
 */
#define TEXT_SOUND_SLIP 3
enum text_vowels {
	TEXT_VOWELS_COUNT, /* one that only one of them has is doubtful */
	TEXT_VOWELS_FREE,  /* is none */
	TEXT_VOWELS_FIRST_FREE, /* is none when `a` has it; `b` is of a script that writes few, has those, and one letter for e
	                         * and i */
};
unsigned text_sound_distance(struct str a, struct str b, enum text_vowels vowels, bool slips, unsigned most);
