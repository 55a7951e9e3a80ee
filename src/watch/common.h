#pragma once
/* Private to watch: words that stand in nearly every text, so that a name that is one of them says nothing. */
#include "base/str.h"

/* The language of the folded word, as said in messages ("English"), or NULL. With a capital only what begins sentences in
 * English counts: The, What. */
const char *common_word_of(struct str fold, bool capital);

/* Is the folded word a country, a state or a large city, so that as a family name alone it says nothing? */
bool common_place(struct str fold);
