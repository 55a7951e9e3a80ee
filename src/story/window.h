#pragma once
/*
 * The last items, and what a new one is to them: the same text again (a duplicate), another report of the same event
 * (the same story), or something new. Decisions are made as items arrive and never revised. Pure.
 *
 * Same text: the words of the shorter text, each weighted by how rare it is, stand in the other; neighbouring words
 * stay neighbours; and the numbers agree, the more strictly the more of them there are, so that reports from one
 * mould stay apart. Same story: the titles share rare four-character pieces, the more of them the larger the story is
 * already. Rarity is counted over the window itself, so it needs no language and no list of words.
 */
#include "story/features.h"

#define STORY_NONE SIZE_MAX

struct story_window;

/* max_items: how many are remembered; the oldest go first. NULL: no memory. */
struct story_window *story_window_new(size_t max_items);
void story_window_free(struct story_window *w);

struct story_place {         /* numbers count items in order of arrival, from 0 */
	size_t number;       /* of this item */
	size_t duplicate_of; /* or STORY_NONE */
	size_t story;        /* of the first item of its story: its own when it begins one */
	double similarity;   /* to what it repeats or follows, 0..1 */
};

/* Decides about an item and remembers it. 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT: then it is not remembered. */
int story_window_add(struct story_window *w, const struct story_text *t, struct story_place *out, struct err *err);
