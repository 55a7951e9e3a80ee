#pragma once
/*
 * The index over standing queries: which words, stems, beginnings of words, actors and topics wake which queries. Private to
 * watch; query_fast.c asks it.
 *
 * Everything that can wake is an `atom` with a number. Each query is entered under a set of atoms of which at least one must
 * stand in every item that it applies to: of those that its operators allow, the set that is likely to be the rarest. Where a
 * second atom must stand there, too, it guards the entry: both are looked at before the query is.
 */
#include "base/map.h"
#include "watch/query_set.h"

#define ATOM_NONE UINT32_MAX

struct query_wake {
	uint32_t entry;
	uint32_t guard; /* another atom that must be there, or ATOM_NONE */
};

/* What a leaf is looked up by. */
struct query_leaf_atoms {
	uint32_t *tokens; /* of a term: atom of each word or beginning of a word; NULL for other leaves */
	uint32_t (
	    *stems)[2]; /* of a ~term, by language and token: atom of the stem of its letters, and of its folded ones */
};

struct query_index {
	struct arena arena;
	struct map words;                      /* folded word → atom + 1 */
	struct map stems[TEXT_STEM_LANGUAGES]; /* stem → atom + 1 */
	struct map prefixes;                   /* beginning of a word → atom + 1 */
	uint64_t prefix_lengths[2];            /* bit n: some beginning has n bytes */
	uint32_t *entity_atoms;                /* by entity, or ATOM_NONE */
	size_t entity_count;
	uint32_t atom_count;
	uint32_t *wake_start; /* by atom: its part of `wakes`; one more at the end */
	struct query_wake *wakes;
	size_t wake_count, wake_cap;
	uint32_t *always; /* entries that any item wakes */
	size_t always_count, always_cap;
	uint32_t *leaf_start; /* by entry: where its leaves begin in `leaves` */
	struct query_leaf_atoms *leaves;
};

/* NULL: memory ran out. */
struct query_index *query_index_new(const struct query_set *set);
void query_index_free(struct query_index *x);

static inline uint32_t
query_index_find(const struct map *m, struct str key)
{
	return (uint32_t)(uintptr_t)map_get(m, key) - 1; /* ATOM_NONE when absent */
}
