#pragma once
/*
 * Private to watch: the forms in which a name is looked for, as paths of words.
 */
#include "watch/list.h"

#define FORM_WORDS_MAX 32u

/* Adds every form of the name to the trie. -1 with an error when memory ran out. */
int forms_add(struct watchlist *w, uint32_t name, enum watch_kind kind, struct arena *scratch, struct err *err);

/* Words that stand in or before names without being one: von, bin, de … ; titles after which no family name follows alone. */
bool forms_particle(struct str fold);
/* Is it a frequent Chinese, Korean or Vietnamese family name in Latin letters? */
bool forms_first_family(struct str fold);
