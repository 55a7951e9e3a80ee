#pragma once
/*
 * Which of the last items have a word, and how common is it? In memory of fixed size: nothing is allocated after
 * story_index_init. Within the room.
 *
 * Postings: every item has STORY_POSTINGS places, for its rarest terms only; the postings of one bucket of terms are
 * chained from the newest item to the oldest. An item that leaves the window is overwritten, which ends the chains
 * that ran through it. One byte tells the terms of a bucket apart, so some of what is found is wrong: whoever asks
 * compares signatures afterwards.
 *
 * Counts: a count-min sketch with two cells for a term and conservative update (Cormode and Muthukrishnan 2005; Estan and Varghese
 * 2002), halved, a piece with each item, whenever it has seen a window full of items, so that it follows the news.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORY_POSTINGS 24

enum story_term { STORY_TERM_WORD = 1, STORY_TERM_PIECE, STORY_TERM_ENTITY };

struct __attribute__((packed)) story_posting { /* in one place, because each is read from memory far away */
	uint32_t before;
	uint8_t tag;
};

struct story_index {
	size_t max_items;
	uint32_t *heads; /* numbers of postings, from 1; 0 ends */
	struct story_posting *postings;
	size_t head_mask, line_mask;
	uint16_t *counts;
	size_t counted;     /* items that the counts stand for */
	double log_counted; /* log of that, with the prior */
	size_t aged;        /* counts that were halved already, while that goes on; else all of them */
	float logs[1024];   /* of small counts */
};

int story_index_init(struct story_index *ix, size_t max_items); /* -1: no memory */
void story_index_done(struct story_index *ix);
size_t story_index_bytes(const struct story_index *ix);

static inline uint64_t
story_term_key(enum story_term kind, uint32_t hash)
{
	uint64_t h = ((uint64_t)kind << 32 | hash) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

/* One item more has all of these. */
void story_index_count(struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count);
void story_index_counted(struct story_index *ix); /* … and that was one item */
uint32_t story_index_items(const struct story_index *ix, uint64_t key);
/* log(items there are / items that have it), never negative. */
double story_index_rarity(const struct story_index *ix, uint64_t key);

/* Both at once; to be asked for beforehand, since what is looked at lies far apart. */
struct story_term_facts {
	double rarity;
	bool common;
};
void story_index_prefetch(const struct story_index *ix, uint64_t key);
struct story_term_facts story_index_facts(const struct story_index *ix, uint64_t key);

/* The item at a place (its number modulo max_items) has these; at most STORY_POSTINGS. */
void story_index_post(struct story_index *ix, size_t place, const uint64_t *keys, size_t count);

/*
 * Places of items that have some of these terms. Of each term the newest are found first, and all terms are followed side by
 * side: what is looked at lies far apart in memory, and so the waiting for it is shared.
 */
#define STORY_TERMS_MAX 40
struct story_hit {
	uint32_t place;
	uint16_t term; /* index of the key */
};
struct story_search {
	const uint64_t *keys;
	size_t count;     /* at most STORY_TERMS_MAX */
	size_t newest;    /* the place that the next item will take */
	size_t steps_max; /* postings that may be looked at in all, and hits there may be */
	size_t found_max; /* hits for each term */
};
/* Returns how many; hits has room for steps_max. */
size_t story_index_find(const struct story_index *ix, const struct story_search *search, struct story_hit *hits);
