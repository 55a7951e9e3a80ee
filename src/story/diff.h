#pragma once
/*
 * What an edit changed, word by word: the shortest script of removed and added words (Myers 1986, greedy), bounded.
 * When two texts differ by more than STORY_DIFF_EDITS_MAX words, what lies between their common beginning and their
 * common end is taken for replaced as a whole.
 */
#include "base/arena.h"

#define STORY_DIFF_EDITS_MAX 600
#define STORY_DIFF_WORDS_MAX 20000 /* between the common ends, of both texts together */

enum story_diff_kind { STORY_DIFF_SAME, STORY_DIFF_REMOVED, STORY_DIFF_ADDED };

struct story_diff_piece {
	enum story_diff_kind kind;
	struct str
	    text; /* a view of the old text (same, removed) or of the new one (added), with the spaces after its words */
};

/* In the arena; what was removed stands before what was added in its place. 0, or -1 with ERR_NO_MEMORY. */
int story_diff(
    struct str old, struct str new, struct arena *arena, struct story_diff_piece **ret, size_t *count, struct err *err);
