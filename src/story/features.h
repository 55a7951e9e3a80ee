#pragma once
/*
 * What two texts are compared by: the set of their words, of their pairs of neighbouring words, and of the
 * four-character pieces of their titles. Hashes only, sorted, each once. Numbers are kept apart from other words by
 * the lowest bit: two reports from one mould differ in little else.
 */
#include "base/arena.h"
#include "story/habits.h"

#define STORY_WORDS_MAX 400 /* of one text; what comes later is not looked at */
#define STORY_PIECES_MAX 200

struct story_features {
	const uint32_t *words, *pairs, *pieces;
	size_t word_count, pair_count, piece_count;
	size_t number_count; /* among the words */
};

struct story_text {                   /* views */
	struct str feed, title, text; /* text: content or summary, whichever is longer; plain */
};

/* In the arena. 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. */
int story_features(const struct story_text *t, struct story_habits *habits, struct arena *arena,
    struct story_features *out, struct err *err);

static inline bool
story_is_number(uint32_t word)
{
	return word & 1;
}
