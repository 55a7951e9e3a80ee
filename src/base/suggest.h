#pragma once
/*
 * "Did you mean": the candidate that a misspelt word most likely stands for, by edit distance (optimal string alignment, in which
 * two letters that changed places are one slip). Offer candidates one by one; nothing is copied.
 */
#include "base/str.h"

#define SUGGESTION_WORD_MAX 64u /* bytes; nothing is like a longer word */

struct suggestion {
	struct str word; /* what was written */
	struct str best; /* STR_NONE when none is near */
	size_t best_distance;
};
void suggestion_init(struct suggestion *s, struct str word);
void suggestion_offer(struct suggestion *s, struct str candidate);
/* "; did you mean “best”?" or "". out holds SUGGESTION_MAX bytes; returned. */
#define SUGGESTION_MAX 128
const char *suggestion_text(const struct suggestion *s, char out[SUGGESTION_MAX]);
