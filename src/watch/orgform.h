#pragma once
/*
 * Private to watch: what companies are, as their names say it: AG, Inc., GmbH, ООО, Limited Liability Company … The
 * same firm is written with and without, in full and short.
 */
#include "base/str.h"

/* How many of the folded words at the start (or, with `end`, at the end) say the legal form only; 0 = none. `weak` is set
 * when they are words that other names need, too (company, group): then more than one word must be left. */
size_t orgform_words(const struct str *words, size_t count, bool end, bool *weak);
/* Do the words begin with a legal form? */
bool orgform_begins(const struct str *words, size_t count, bool *weak);
