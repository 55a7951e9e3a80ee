#pragma once
/*
 * The index over standing queries: which words, stems, beginnings of words, actors and topics wake which queries. Private to
 * watch; query_item.c and query_fast.c ask it.
 *
 * Everything that can wake is an `atom` with a number. Each query is entered under a set of atoms of which at least one must
 * stand in every item that it applies to: of those that its operators allow, the set that is likely to be the rarest. What else it
 * cannot do without are its needs: groups of atoms of which one must be there, of every part that must hold. A small one guards
 * the entry where it stands; all are looked at before the query is asked, so that most queries that do not apply cost a few
 * bits of the item's set of atoms.
 */
#include "base/map.h"
#include "watch/query_set.h"

#define ATOM_NONE UINT32_MAX

#define QUERY_GUARDS 12u
#define QUERY_GUARD_GROUPS 3u
#define QUERY_ENTRIES_MAX (1u << 24)

/* Half a cache line, since all that an atom of the item wakes are gone through. */
struct query_wake {
	uint32_t entry : 24;
	/* Of some small groups one atom of each must be there, too. They stand one behind the other: where the first and the second
	 * end; the last of all is repeated up to the end. 0 = no group. */
	uint32_t first : 4, second : 4;
	uint32_t needs;                /* where those of the entry begin in `code`, or QUERY_NEEDS_UNASKED */
	uint16_t guards[QUERY_GUARDS]; /* query_here_bit() */
};

#define QUERY_HERE_BITS 16u /* in an item's set of hashes of atoms */

static inline uint32_t
query_here_bit(uint32_t atom)
{
	return (atom * 0x9E3779B1u) >> (32 - QUERY_HERE_BITS);
}

struct query_entered {
	uint32_t entry, needs;
};

/* What its code has at hand answers as soon as its needs would: they are asked only of a query of which some part is asked as a
 * tree, as a regular expression. */
#define QUERY_NEEDS_UNASKED UINT32_MAX

struct query_where {
	const char *text; /* of the query, and its length */
	uint32_t len;
	uint32_t code; /* where its code (query_code.h) begins */
};

/* What a term is looked up by. */
struct query_leaf_atoms {
	uint32_t *tokens; /* of each word, beginning of a word, or ~word; NULL for other leaves */
	uint32_t whole;   /* of one word, that; of a phrase of plain words, one for all of it; else ATOM_NONE */
};

/* A ~word that has a stem in one language. Those of one stem stand side by side. */
struct query_kin {
	uint32_t atom : 29; /* of the ~word */
	uint32_t letters : 1,
	    folded : 1;    /* it is the stem of its letters, of its folded ones; of most words both are one */
	uint32_t last : 1; /* of this stem */
};
#define QUERY_KIN_NONE UINT32_MAX

/* What a phrase is looked up by: the atom of all its words but the last, and that of the last. */
static inline struct str
query_phrase_key(const uint32_t pair[2])
{
	return (struct str){(const char *)pair, 2 * sizeof *pair};
}

static inline uint32_t
query_phrase_hash(const uint32_t pair[2])
{
	return (uint32_t)((pair[0] * UINT64_C(0x9E3779B97F4A7C15) ^ pair[1]) * UINT64_C(0xC2B2AE3D27D4EB4F) >> 32);
}

/* A finished map that is asked by a hash its user has already. */
struct query_quick {
	struct query_quick_slot {
		struct str key; /* s NULL = empty */
		uint32_t hash, atom;
	} * slots;
	uint32_t mask;
	uint64_t *filter; /* a bit per key by hash, because most words of an item are not asked for */
	uint32_t filter_mask;
};
#define QUERY_FILTER_BITS 8u /* per key, at least */

static inline uint32_t
query_filter_bit(const struct query_quick *q, uint32_t hash)
{
	return (hash ^ hash >> 16) * 0x85EBCA6Bu >> 3 & q->filter_mask;
}

/* FNV-1a, which goes from the hash of a beginning to that of one byte more. */
#define QUERY_HASH_SEED 0x811C9DC5u
static inline uint32_t
query_hash_byte(uint32_t hash, char byte)
{
	return (hash ^ (unsigned char)byte) * 0x01000193u;
}

static inline uint32_t
query_quick_home(const struct query_quick *q, uint32_t hash)
{
	return (hash ^ hash >> 15) * 0x9E3779B1u >> 7 & q->mask;
}

struct query_index {
	struct arena arena;
	struct query_quick words;              /* by text_fold_hash() */
	struct query_quick prefixes;           /* by query_hash_byte() from the first byte on */
	struct query_quick phrases;            /* by query_phrase_hash() */
	struct map stems[TEXT_STEM_LANGUAGES]; /* stem → where its kin begin, + 1 */
	uint32_t *kin_of_word; /* the same by atom of a word, for languages without stems; NULL: no ~words */
	struct query_kin *kin;
	size_t kin_count, kin_cap;
	uint64_t prefix_lengths[2]; /* bit n: some beginning has n bytes */
	uint32_t *entity_atoms;     /* by entity, or ATOM_NONE */
	size_t entity_count;
	uint32_t atom_count;
	uint32_t *wake_start; /* by atom: its part of `wakes`; one more at the end */
	struct query_wake *wakes;
	size_t wake_count, wake_cap;
	struct query_where *where; /* by entry */
	/* Of each entry its needs, if they are asked, and its code. Needs are groups, the rarest first: how many atoms, and these; a
	 * group of none ends them. */
	uint32_t *code;
	size_t code_count, code_cap;
	const struct query_node **nodes; /* that the code names */
	size_t node_count, node_cap;
	struct query_entered *always; /* that any item wakes */
	size_t always_count, always_cap;
	uint32_t *leaf_start; /* by entry: where its leaves begin in `leaves` */
	struct query_leaf_atoms *leaves;
	char *packed; /* NULL, or what all items ask lies here: query_index_pack() */
};

/* NULL: memory ran out. */
struct query_index *query_index_new(const struct query_set *set);
void query_index_free(struct query_index *x);
/*
 * The last step of making it: quickens the maps, and moves all that is asked for every item into one stretch of large pages
 * (base/pages.h). False when memory ran out. query_index_unpack() gives back those tables, moved or not.
 */
struct query_atoms;
bool query_index_pack(struct query_index *x, const struct query_atoms *atoms, size_t entries);
void query_index_unpack(struct query_index *x);

static inline uint32_t
query_index_find(const struct map *m, struct str key)
{
	return (uint32_t)(uintptr_t)map_get(m, key) - 1; /* ATOM_NONE when absent */
}

/* Most keys that are absent are not even looked for. */
static inline bool
query_quick_may_have(const struct query_quick *q, uint32_t hash)
{
	uint32_t bit = query_filter_bit(q, hash);
	return q->filter[bit / 64] >> (bit % 64) & 1;
}

/* The first slot from this one on that has the hash, or an empty one. */
static inline const struct query_quick_slot *
query_quick_of_hash(const struct query_quick *q, const struct query_quick_slot *slot, uint32_t hash)
{
	while (slot->key.s != NULL && slot->hash != hash)
		slot = &q->slots[(uint32_t)(slot - q->slots + 1) & q->mask];
	return slot;
}

/* The atom of a key from this slot on: ATOM_NONE when absent. */
static inline uint32_t
query_quick_from(const struct query_quick *q, const struct query_quick_slot *slot, uint32_t hash, struct str key)
{
	while (slot->key.s != NULL) {
		if (slot->hash == hash && str_eq(slot->key, key))
			return slot->atom;
		slot = &q->slots[(uint32_t)(slot - q->slots + 1) & q->mask];
	}
	return ATOM_NONE;
}

/* ATOM_NONE when absent. */
static inline uint32_t
query_quick_find(const struct query_quick *q, uint32_t hash, struct str key)
{
	return query_quick_may_have(q, hash) ? query_quick_from(q, &q->slots[query_quick_home(q, hash)], hash, key)
	                                     : ATOM_NONE;
}
