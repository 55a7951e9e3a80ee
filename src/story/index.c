#include "story/index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Until the window has its own counts, terms are taken for as rare as in a window of this size. */
#define PRIOR_ITEMS 400
#define COMMON_ITEMS 50 /* a term in more items than this, and in more than a twentieth, finds no candidates */

static size_t
power_of_two(size_t least)
{
	size_t n = 1024;
	while (n < least)
		n *= 2;
	return n;
}

static void
set_counted(struct story_index *ix, size_t counted)
{
	ix->counted = counted;
	ix->log_counted = log((double)(counted + PRIOR_ITEMS));
}

int
story_index_init(struct story_index *ix, size_t max_items)
{
	size_t heads = power_of_two(max_items * 3), counts = power_of_two(max_items * 3);

	*ix = (struct story_index){.max_items = max_items, .head_mask = heads - 1, .count_mask = counts - 1};
	ix->heads = calloc(heads, sizeof *ix->heads);
	ix->counts = calloc(counts * 2, sizeof *ix->counts);
	ix->postings = calloc(max_items * STORY_POSTINGS, sizeof *ix->postings);
	for (size_t i = 0; i < sizeof ix->logs / sizeof *ix->logs; i++)
		ix->logs[i] = (float)log((double)i + 1);
	set_counted(ix, 0);
	if (ix->heads != NULL && ix->counts != NULL && ix->postings != NULL)
		return 0;
	story_index_done(ix);
	return -1;
}

void
story_index_done(struct story_index *ix)
{
	free(ix->heads);
	free(ix->counts);
	free(ix->postings);
	*ix = (struct story_index){.max_items = 0};
}

size_t
story_index_bytes(const struct story_index *ix)
{
	return (ix->head_mask + 1) * sizeof *ix->heads + (ix->count_mask + 1) * 2 * sizeof *ix->counts +
	       ix->max_items * STORY_POSTINGS * sizeof *ix->postings;
}

/* ---- counts ---- */

static uint16_t *
cell(const struct story_index *ix, uint64_t key, int row)
{
	return row == 0 ? &ix->counts[key & ix->count_mask]
	                : &ix->counts[ix->count_mask + 1 + (key >> 32 & ix->count_mask)];
}

void
story_index_count(struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t key = story_term_key(kind, hashes[i]);
		uint16_t *a = cell(ix, key, 0), *b = cell(ix, key, 1);
		uint16_t least = *a < *b ? *a : *b;
		if (least == UINT16_MAX)
			continue;
		*a = *a == least ? least + 1 : *a;
		*b = *b == least ? least + 1 : *b;
	}
}

void
story_index_counted(struct story_index *ix)
{
	set_counted(ix, ix->counted + 1);
	if (ix->counted < ix->max_items)
		return;
	for (size_t i = 0; i < (ix->count_mask + 1) * 2; i++)
		ix->counts[i] /= 2;
	set_counted(ix, ix->counted / 2);
}

uint32_t
story_index_items(const struct story_index *ix, uint64_t key)
{
	uint16_t a = *cell(ix, key, 0), b = *cell(ix, key, 1);
	return a < b ? a : b;
}

static double
rarity_of(const struct story_index *ix, uint32_t items)
{
	double r = ix->log_counted -
	           (items < sizeof ix->logs / sizeof *ix->logs ? (double)ix->logs[items] : log((double)items + 1));
	return r > 0 ? r : 0;
}

static bool
is_common(const struct story_index *ix, uint32_t items)
{
	return items > COMMON_ITEMS && items > ix->counted / 20;
}

double
story_index_rarity(const struct story_index *ix, uint64_t key)
{
	return rarity_of(ix, story_index_items(ix, key));
}

void
story_index_prefetch(const struct story_index *ix, uint64_t key)
{
	__builtin_prefetch(cell(ix, key, 0));
	__builtin_prefetch(cell(ix, key, 1));
}

struct story_term_facts
story_index_facts(const struct story_index *ix, uint64_t key)
{
	uint32_t items = story_index_items(ix, key);
	return (struct story_term_facts){rarity_of(ix, items), is_common(ix, items)};
}

/* ---- postings ---- */

static uint8_t
tag_of(uint64_t key)
{
	return (uint8_t)(key >> 56) | 1; /* 0: nothing was posted there */
}

static uint32_t *
head_of(const struct story_index *ix, uint64_t key)
{
	return &ix->heads[key >> 20 & ix->head_mask];
}

void
story_index_post(struct story_index *ix, size_t place, const uint64_t *keys, size_t count)
{
	size_t first = place * STORY_POSTINGS;
	for (size_t i = 0; i < STORY_POSTINGS; i++) {
		uint32_t *head = i < count ? head_of(ix, keys[i]) : NULL;
		/* a head that still points to what is overwritten here would make a ring */
		bool stale = head != NULL && *head > first + i && *head <= first + STORY_POSTINGS;
		ix->postings[first + i] = (struct story_posting){
		    .before = head != NULL && !stale ? *head : 0, .tag = head != NULL ? tag_of(keys[i]) : 0};
		if (head != NULL)
			*head = (uint32_t)(first + i + 1);
	}
}

void
story_index_prefetch_walk(const struct story_index *ix, uint64_t key)
{
	uint32_t *head = head_of(ix, key);
	if (*head != 0)
		__builtin_prefetch(&ix->postings[*head - 1]);
}

struct story_walk
story_index_walk(const struct story_index *ix, uint64_t key, size_t newest)
{
	return (struct story_walk){.ix = ix, .next = *head_of(ix, key), .tag = tag_of(key), .newest = newest};
}

bool
story_walk_next(struct story_walk *w, size_t *place, size_t *steps)
{
	const struct story_index *ix = w->ix;
	while (w->next != 0 && *steps > 0) {
		uint32_t posting = w->next - 1;
		size_t at = posting / STORY_POSTINGS;
		size_t age = w->newest - 1 - at + (at < w->newest ? 0 : ix->max_items);
		if (age < w->age) /* it was overwritten by a newer item */
			return false;
		--*steps;
		/* within one item chains run to lower numbers, so this ends */
		w->next = ix->postings[posting].before;
		w->age = age;
		*place = at;
		if (ix->postings[posting].tag == w->tag)
			return true;
	}
	return false;
}
