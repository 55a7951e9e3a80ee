#pragma once
/*
 * East Slavic names as the newspapers of other languages spell them: a name in its usual English romanisation (BGN/PCGN and what is
 * like it) or in Cyrillic letters is read as letters of one alphabet, which a table spells for each language.
 */
#include "base/str.h"

#define SLAVIC_LETTERS_MAX 24u
#define SLAVIC_SPELT_MAX (SLAVIC_LETTERS_MAX * 7u + 4u) /* bytes: щ is schtsch */
#define SLAVIC_ENDINGS 4u /* ways to write the last letters of Зеленський in one language */

/* Is it a given name that hardly anybody but an East Slav has, or one that others have, too? Folded, in Latin or Cyrillic letters. */
enum slavic_given { SLAVIC_NO, SLAVIC_PERHAPS, SLAVIC_SURE };
enum slavic_given slavic_given(struct str fold);
/* Does the family name, folded, in Latin letters, end as only Slavic ones do? */
bool slavic_ends(struct str fold);

/* A family name of one word, as symbols of slavic.c; false when it has a letter that no such name has. */
struct slavic_name {
	char s[SLAVIC_LETTERS_MAX];
	size_t len;
	uint8_t rules[SLAVIC_LETTERS_MAX]; /* where those of each symbol begin */
};
bool slavic_read(struct str name, struct slavic_name *ret);

/* The number of spellings, some of which are alike; each is of one or more languages. */
size_t slavic_spellings(void);
/* One of them, folded; none when the name has no such spelling. */
struct str slavic_spell(const struct slavic_name *name, size_t spelling, char out[SLAVIC_SPELT_MAX]);
/* Do names take endings in its language? Hardly any in French, Dutch and Spanish. */
bool slavic_is_inflected(size_t spelling);
/* Is the spelling one of the language that the tag begins with? */
bool slavic_is_of(size_t spelling, struct str lang);
