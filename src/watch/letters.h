#pragma once
/*
 * Private to watch: acronyms in Latin letters that are written in Cyrillic as their letters are called in English: BBC, Би-би-си.
 */
#include "base/str.h"

#define LETTERS_MIN 3u /* of two the chance of another word is too great */
#define LETTERS_MAX 5u

/* What the letters of a folded acronym are called, folded; returns how many names, 0 when it is none. */
size_t letters_spell(struct str acronym, struct str names[LETTERS_MAX]);
/* The acronym (folded) whose letters these folded words name; its length, or 0. */
size_t letters_read(const struct str *words, size_t count, char acronym[LETTERS_MAX]);
