#pragma once
/*
 * Korean names between Hangul and Latin letters.
 *
 * A syllable has several spellings: those of the Revised Romanization (Ministry of Culture, notice 2000-8), of McCune and Reischauer
 * (1939) without its marks, and those that people choose for themselves and the press uses. Family names have spellings of their own;
 * which names are listed follows the census of 2015.
 */
#include "base/str.h"

#define HANGUL_SPELLING_BYTES 24u
#define HANGUL_SPELLINGS_MAX 24u /* of one syllable */
#define HANGUL_READINGS_MAX 8u   /* of one Latin word */

struct hangul_spelling {
	char s[HANGUL_SPELLING_BYTES]; /* small letters, folded */
	uint8_t len;
};

/* A name in Hangul, with or without spaces: the family name, which has one syllable or two, and two syllables of a given name. */
struct hangul_name {
	struct str family;
	uint32_t given[2];
};

/* False when the name is none of a known family, or its given name has not two syllables. `family` points into a table. */
bool hangul_name(struct str name, struct hangul_name *ret);
/* How a family name is spelt, or a syllable of a given name; the most usual first. Returns how many of at most max. */
size_t hangul_spell_family(struct str family, struct hangul_spelling *out, size_t max);
size_t hangul_spell(uint32_t syllable, struct hangul_spelling *out, size_t max);
/* The other way round, from small ASCII letters: family names (pointing into a table), and syllables that are usual in given names. */
size_t hangul_read_family(struct str latin, struct str out[HANGUL_READINGS_MAX]);
size_t hangul_read(struct str latin, uint32_t out[HANGUL_READINGS_MAX]);
/*
 * Systems of the press: in Cyrillic letters Kontsevich's (1980s), as Russia writes them, and with other letters for the same sounds
 * Ukraine and Bulgaria (Ли Чжэ Мён); the standard of Czech and Slovak (Pucek 1997: Kim Čong-un).
 */
enum hangul_system { HANGUL_KONTSEVICH, HANGUL_CZECH, HANGUL_SYSTEM_COUNT };
/* Syllables, or a family name, in one of them. */
struct hangul_spelling hangul_spell_as(enum hangul_system system, struct str syllables, bool family);
/* Voices the consonant that such a syllable begins with, where the one before ends in a vowel or in m, n or l: Пан Ги Мун. False when
 * it stays as it is. */
bool hangul_voice(enum hangul_system system, struct hangul_spelling *s, const struct hangul_spelling *before);
