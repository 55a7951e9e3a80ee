#pragma once
/*
 * Which of the last items share the most with one: what shares a term scores the term's rarity, and the best are ranked. In memory of
 * fixed size. Within the room.
 */
#include "story/weigh.h"

#define STORY_HITS_MAX (STORY_PROBES_MAX * STORY_NEWEST)
#define STORY_RANK_SCORES (1u << 10)
#define STORY_RANK_ITEMS_BITS 26 /* so many items an index may be of */
#define STORY_RANKED_MAX 12

struct story_ranking { /* all 0 between two questions */
	struct story_score {
		uint32_t place; /* from 1; 0 = free */
		uint32_t hits;
		float score;
	} scores[STORY_RANK_SCORES];
	uint16_t touched[STORY_HITS_MAX];
	size_t touched_count;
};

struct story_ranked {
	size_t age, place; /* age: 0 is the newest */
	uint32_t hits;     /* terms that it shares, of those that were asked for, or seems to; 63 may be more */
};

struct story_question {
	enum story_term kind; /* of pieces, squares count */
	const struct story_rare *rare;
	size_t count;
	uint32_t hits_min; /* whoever shares fewer is not ranked */
	size_t newest;     /* the place that the next item will take */
	size_t there;      /* only so many of the newest are */
	size_t max;        /* … and at most so many of them; at most STORY_RANKED_MAX */
};

/* The best ones, best first; of equals the older. Returns how many. */
size_t story_rank(
    struct story_ranking *r, const struct story_index *ix, const struct story_question *q, struct story_ranked *best);
