#pragma once
/*
 * What an item's title and text are read as, to be compared with others: hashes of their words in order, and of the
 * four-character pieces of the title. Numbers are kept apart from other words by the lowest bit: two reports from one
 * mould differ in little else. A pure function of the text, so that it can run in a worker; what the outlet always
 * writes round its reports is cut off later, where it is learnt (story/window.h).
 */
#include "base/arena.h"

#define STORY_WORDS_MAX 400 /* of one text, once it is cut; what comes later is not looked at */
#define STORY_READ_MAX 460  /* … and before: the longest opening and closing more */
#define STORY_TITLE_MAX 120 /* words of a title */
#define STORY_PIECES_MAX 200

struct story_text {             /* views */
	struct str title, text; /* text: content or summary, whichever is longer; plain */
};

struct story_piece {
	uint32_t hash;
	uint16_t from, to; /* the title's words that its first and last character belong to */
};

struct story_features { /* in order; in the arena */
	const uint32_t *words, *title_words;
	const struct story_piece *pieces;
	uint16_t word_count, title_count, piece_count;
	uint16_t dateline; /* words that stand before the text proper */
};

/* 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. */
int story_features(const struct story_text *t, struct arena *arena, struct story_features *out, struct err *err);
/* The same where somebody has found the words already: text_words() of the whole title and the whole text; NULL = nobody has. */
struct text_words;
int story_features_of(const struct story_text *t, const struct text_words *title, const struct text_words *text,
    struct arena *arena, struct story_features *out, struct err *err);

static inline bool
story_is_number(uint32_t word)
{
	return word & 1;
}
