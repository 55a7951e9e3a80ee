#pragma once
/*
 * Private to watch: Korean names between Hangul and Latin letters (text/hangul.h), as paths of words.
 */
#include "text/hangul.h"
#include "watch/list.h"

#define KOREAN_READINGS_MAX 12u /* of two syllables in Latin letters */

/* A person's full name, as it is to be written in the other letters. */
struct korean_name {
	bool is_hangul;
	struct hangul_name hangul;
	struct str families[HANGUL_READINGS_MAX]; /* in Hangul, and … */
	size_t family_count;
	uint32_t given[KOREAN_READINGS_MAX][2]; /* … the given name */
	size_t given_count;
	struct str latin[2]; /* the words of the given name as they are listed, folded; in the scratch arena */
	size_t latin_count;
};

/* False when the name is no Korean name in full, in Hangul or in Latin letters, or memory ran out (the arena remembers). */
bool korean_read(struct str name, struct korean_name *ret, struct arena *scratch);
/* How many spellings of each syllable are looked for when a list has so many persons in Hangul: in long lists fewer. */
unsigned korean_spellings(size_t persons);
/* Adds its forms under the number `made` of a name of the list. -1 when memory ran out. */
int korean_add(struct watchlist *w, const struct korean_name *name, uint32_t made, unsigned spellings);
/* Adds a name in Latin letters with the other spellings of its family name (Park, Pak), under its own number. -1 when memory ran out. */
int korean_add_families(struct watchlist *w, const struct korean_name *name, uint32_t number);
/* Adds the name in a system of the press under its own number, where doubtful letters may differ. -1 when memory ran out. */
int korean_add_letters(struct watchlist *w, const struct korean_name *name, enum hangul_system system, uint32_t number);
