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
 * Counts: a count-min sketch of two rows with conservative update (Cormode and Muthukrishnan 2005; Estan and Varghese
 * 2002), halved whenever it has seen a window full of items, so that it follows the news.
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
	size_t head_mask, count_mask;
	uint16_t *counts;
	size_t counted;     /* items that the counts stand for */
	double log_counted; /* log of that, with the prior */
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
 * Places of items that have a term, newest first. `newest`: the place that the next item will take. *steps: how many
 * postings may be looked at; what was used is taken off.
 */
struct story_walk {
	const struct story_index *ix;
	uint32_t next;
	uint8_t tag;
	size_t newest, age; /* age of the last one: from 0, the newest */
};
void story_index_prefetch_walk(const struct story_index *ix, uint64_t key);
struct story_walk story_index_walk(const struct story_index *ix, uint64_t key, size_t newest);
bool story_walk_next(struct story_walk *walk, size_t *place, size_t *steps);
