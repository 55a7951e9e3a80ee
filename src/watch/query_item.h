#pragma once
/*
 * An item as the index over queries (query_index.h) sees it: the atoms that stand in it, their postings, and the queries that may
 * apply. Private to query_fast.c. All of it lives in the item's arena.
 */
#include "watch/query_index.h"

#define NO_POSTING UINT32_MAX

struct query_posting {
	uint32_t field, word;
	uint32_t next; /* of the same atom, or NO_POSTING */
};

/* An atom that stands in the item, with its postings in order. */
struct query_postings {
	uint32_t atom; /* ATOM_NONE = empty slot */
	uint32_t first, last, count;
	uint16_t fields; /* 1 << field for every field in which it stands */
	uint8_t words;   /* of one posting, in a row from where it says */
	uint8_t rule;    /* enum watch_rule */
};

struct query_item {
	struct query_doc *doc;
	const struct query_index *index;
	struct query_postings *table;
	size_t slot_count, used; /* slots are a power of two */
	uint64_t *here;          /* see query_item_may_have() */
	struct query_posting *postings;
	size_t posting_count, posting_cap;
};

struct query_candidates {
	uint32_t *entries; /* ascending */
	size_t count, cap;
};

/* Looks up every word and name of the item; stems: those of its words, too. False when memory ran out. */
bool query_item_init(struct query_item *item, struct query_doc *doc, const struct query_index *index, bool stems);
/* Whether a word has a stem of a ~word in the language of the item. False when memory ran out, too (*failed). */
bool query_item_has_stem(const struct query_item *item, uint32_t field, uint32_t word, uint32_t atom, bool *failed);
/* Which of the entry_count queries may apply: every one that does is among them. *ret: empty. False when memory ran out. */
bool query_item_candidates(const struct query_item *item, size_t entry_count, struct query_candidates *ret);

/* The slot of an atom: an empty one when it does not stand in the item. */
static inline struct query_postings *
query_item_find(const struct query_item *item, uint32_t atom)
{
	size_t mask = item->slot_count - 1;
	for (size_t i = (atom * 0x9E3779B1u >> 7) & mask;; i = (i + 1) & mask) {
		if (item->table[i].atom == atom || item->table[i].atom == ATOM_NONE)
			return &item->table[i];
	}
}

/*
 * Whether an atom stands in the item, by a set of hashes that stays in the nearest cache: one in a hundred that does not stand
 * there seems to, and wakes queries that are then asked for nothing.
 */
static inline bool
query_item_has_bit(const struct query_item *item, uint32_t i)
{
	return item->here[i / 64] >> (i % 64) & 1;
}

static inline bool
query_item_may_have(const struct query_item *item, uint32_t atom)
{
	return query_item_has_bit(item, query_here_bit(atom));
}
