#pragma once
/*
 * Which of the last items have a word, and how common is it? In memory of fixed size: nothing is allocated after
 * story_index_init. Within the room.
 *
 * Postings: every item has at most STORY_POSTINGS, for its rarest terms only. Those of a few terms stand in one line of memory,
 * the newest first, so that a question waits for one line only, and for the lines of all its terms at once. What is new takes
 * the place of the oldest there; but a term has no more than STORY_NEWEST, so that a frequent one drives no rare one out. A
 * posting whose item left the window is known by its place in the line. A few bits tell the terms of a line apart, so some
 * of what is found is wrong: whoever asks compares signatures afterwards.
 *
 * Counts: a count-min sketch with two cells for a term and conservative update (Cormode and Muthukrishnan 2005; Estan and Varghese
 * 2002), halved, a piece with each item, whenever it has seen a window full of items, so that it follows the news.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORY_POSTINGS 24
#define STORY_LOGS 1024u
#define STORY_NEWEST 12 /* postings of a term */

enum story_term { STORY_TERM_WORD = 1, STORY_TERM_PIECE, STORY_TERM_ENTITY };

struct story_index {
	size_t max_items;
	struct story_line *lines; /* of postings: the place of an item, from 1, and above it which term of the line */
	size_t line_count, line_mask, lines_max;
	unsigned place_bits, first_bits; /* first_bits: of the number of lines that there were at first */
	uint16_t *counts;
	size_t counts_mask;     /* of lines of counts */
	size_t counted;         /* items that the counts stand for */
	double log_counted;     /* log of that, with the prior */
	size_t aged;            /* counts that were halved already, while that goes on; else all of them */
	float logs[STORY_LOGS]; /* of small counts, and one */
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
/* How many items have each of these; that lies far apart in memory, so it is fetched when it is expected, and better early. */
void story_index_expect_items(const struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count);
void story_index_items(
    const struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count, uint32_t *items);
uint32_t story_index_common(const struct story_index *ix); /* a term that more items have finds no candidates */

/* log(items there are / items that have it), never negative. Of large counts the first nine bits tell. */
static inline double
story_index_rarity_of(const struct story_index *ix, uint32_t items)
{
	/* without a branch: whether a count is large is anybody's guess */
	unsigned shift = (23 - (unsigned)__builtin_clz(items | 1)) & -(unsigned)(items >= STORY_LOGS);
	double r = ix->log_counted - (double)ix->logs[items >> shift] - shift * 0.693147180559945;
	return r > 0 ? r : 0;
}
double story_index_rarity(const struct story_index *ix, uint64_t key);

/* The item at a place (its number modulo max_items) has these; at most STORY_POSTINGS. */
void story_index_post(struct story_index *ix, size_t place, const uint64_t *keys, size_t count);

/* Places of items that have some of these terms; of each term the newest, newest first. */
struct story_hit {
	uint32_t place;
	uint16_t term; /* index of the key */
};
struct story_search {
	const uint64_t *keys;
	size_t count;
	size_t newest; /* the place that the next item will take */
};
/* The postings of this term are asked for soon: they are fetched from memory meanwhile. */
void story_index_expect(const struct story_index *ix, uint64_t key);
/* Returns how many; hits has room for STORY_NEWEST for each key. */
size_t story_index_find(const struct story_index *ix, const struct story_search *search, struct story_hit *hits);
