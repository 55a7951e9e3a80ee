#include "story/index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Until the window has its own counts, terms are taken for as rare as in a window of this size. */
#define PRIOR_ITEMS 400
#define LINE_BYTES 64
#define LINE_CELLS (LINE_BYTES / sizeof(uint16_t))
#define AGEING_ITEMS 1024 /* halving all counts is spread over so many items */
#define COMMON_ITEMS 50   /* a term in more items than this, and in more than a twentieth, finds no candidates */

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
	size_t heads = power_of_two(max_items * 3), counts = heads * 2;

	*ix = (struct story_index){
	    .max_items = max_items, .head_mask = heads - 1, .line_mask = counts / LINE_CELLS - 1, .aged = counts};
	ix->heads = calloc(heads, sizeof *ix->heads);
	ix->counts = aligned_alloc(LINE_BYTES, counts * sizeof *ix->counts);
	ix->postings = calloc(max_items * STORY_POSTINGS, sizeof *ix->postings);
	for (size_t i = 0; i < sizeof ix->logs / sizeof *ix->logs; i++)
		ix->logs[i] = (float)log((double)i + 1);
	set_counted(ix, 0);
	if (ix->counts != NULL)
		memset(ix->counts, 0, counts * sizeof *ix->counts);
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
	return (ix->head_mask + 1) * sizeof *ix->heads + (ix->line_mask + 1) * LINE_CELLS * sizeof *ix->counts +
	       ix->max_items * STORY_POSTINGS * sizeof *ix->postings;
}

/* ---- counts ---- */

/* Both cells of a term lie in one line of memory, so that it is waited for once. */
struct cells {
	uint16_t *a, *b;
};

static inline uint16_t *
line_of(const struct story_index *ix, uint64_t key)
{
	return &ix->counts[(key & ix->line_mask) * LINE_CELLS];
}

static inline struct cells
cells_of(const struct story_index *ix, uint64_t key)
{
	uint16_t *line = line_of(ix, key);
	unsigned a = key >> 48 & (LINE_CELLS - 1), b = key >> 40 & (LINE_CELLS - 1);
	return (struct cells){line + a, line + (b != a ? b : b ^ 1)};
}

void
story_index_count(struct story_index *ix, enum story_term kind, const uint32_t *hashes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t key = story_term_key(kind, hashes[i]);
		struct cells of = cells_of(ix, key);
		uint16_t least = *of.a < *of.b ? *of.a : *of.b;
		if (least == UINT16_MAX)
			continue;
		*of.a = *of.a == least ? least + 1 : *of.a;
		*of.b = *of.b == least ? least + 1 : *of.b;
	}
}

static size_t
all_counts(const struct story_index *ix)
{
	return (ix->line_mask + 1) * LINE_CELLS;
}

/* In between some counts are halved and others are not: that is a small mistake, and a short one. */
static void
age_some(struct story_index *ix)
{
	size_t all = all_counts(ix), end = ix->aged + all / AGEING_ITEMS;
	if (ix->aged <= all / 2 && end > all / 2)
		set_counted(ix, ix->counted / 2);
	for (size_t i = ix->aged; i < end; i++)
		ix->counts[i] /= 2;
	ix->aged = end;
}

void
story_index_counted(struct story_index *ix)
{
	set_counted(ix, ix->counted + 1);
	if (ix->aged == all_counts(ix) && ix->counted >= ix->max_items)
		ix->aged = 0;
	if (ix->aged < all_counts(ix))
		age_some(ix);
}

uint32_t
story_index_items(const struct story_index *ix, uint64_t key)
{
	struct cells of = cells_of(ix, key);
	return *of.a < *of.b ? *of.a : *of.b;
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
	__builtin_prefetch(line_of(ix, key));
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

/* A term that is followed. */
struct chain {
	uint32_t next;  /* posting */
	uint32_t age;   /* of the item of the last one, from 0, the newest */
	uint16_t found; /* so far */
	uint16_t term;
	uint8_t tag;
};

static size_t
begin_chains(const struct story_index *ix, const struct story_search *search, struct chain *chains)
{
	size_t n = 0;
	for (size_t i = 0; i < search->count && i < STORY_TERMS_MAX; i++)
		__builtin_prefetch(head_of(ix, search->keys[i]));
	for (size_t i = 0; i < search->count && i < STORY_TERMS_MAX; i++) {
		uint32_t head = *head_of(ix, search->keys[i]);
		if (head == 0)
			continue;
		__builtin_prefetch(&ix->postings[head - 1]);
		chains[n++] = (struct chain){.next = head, .term = (uint16_t)i, .tag = tag_of(search->keys[i])};
	}
	return n;
}

/* One posting of a chain. Returns whether the chain goes on. */
static inline bool
follow_chain(const struct story_index *ix, const struct story_search *search, struct chain *c, struct story_hit *hit,
    size_t *hits)
{
	uint32_t posting = c->next - 1, place = posting / STORY_POSTINGS;
	size_t age = search->newest - 1 - place + (place < search->newest ? 0 : ix->max_items);
	const struct story_posting *p = &ix->postings[posting];
	if (age < c->age) /* it was overwritten by a newer item */
		return false;
	/* within one item chains run to lower numbers, so this ends */
	c->next = p->before;
	c->age = (uint32_t)age;
	if (p->tag == c->tag) {
		*hit = (struct story_hit){place, c->term};
		++*hits;
		c->found++;
	}
	if (c->next == 0 || c->found >= search->found_max)
		return false;
	__builtin_prefetch(&ix->postings[c->next - 1]);
	return true;
}

size_t
story_index_find(const struct story_index *ix, const struct story_search *search, struct story_hit *hits)
{
	struct chain chains[STORY_TERMS_MAX];
	size_t count = begin_chains(ix, search, chains), n = 0, steps = 0;
	while (count > 0) {
		size_t left = 0;
		for (size_t i = 0; i < count; i++) {
			if (steps++ >= search->steps_max)
				return n;
			if (follow_chain(ix, search, &chains[i], &hits[n], &n))
				chains[left++] = chains[i];
		}
		count = left;
	}
	return n;
}
