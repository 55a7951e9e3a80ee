#pragma once
/*
 * Private to watch: the compiled list.
 *
 * Every different folded word of the names is a `word` with a number. A name is a path of words in a trie; the trie's
 * edges live in one hash table keyed by (node, word), its outputs in lists per node. A text word that is in no table
 * costs one probe.
 */
#include "base/map.h"
#include "text/words.h"
#include "watch/watch.h"

#define LIST_NONE UINT32_MAX

struct list_name {
	struct str text;
	uint32_t entity;
};

struct list_word {
	struct str fold;
	uint64_t hash;
};

struct list_edge {
	uint32_t node, word; /* node LIST_NONE = empty slot */
	uint32_t child;
	uint16_t gaps;       /* gap flags that the names themselves have here: always allowed */
};

struct list_output {
	uint32_t name;
	uint32_t next; /* LIST_NONE ends */
};

struct watchlist {
	struct arena arena; /* all strings and arrays but the tables below */
	struct watch_entity *entities;
	size_t entity_count;
	struct map ids; /* id -> index + 1 */
	struct list_name *names;
	size_t name_count;

	struct list_word *words;
	size_t word_count, word_cap;
	uint32_t *word_slots; /* open addressing; LIST_NONE = empty */
	size_t word_slot_count;

	struct list_edge *edges;
	size_t edge_count, edge_slot_count;
	uint32_t *node_outputs; /* first output of each node */
	size_t node_count, node_cap;
	struct list_output *outputs;
	size_t output_count, output_cap;

	uint64_t version;
};

/* LIST_NONE when the word stands in no name. */
uint32_t list_find_word(const struct watchlist *w, struct str fold, uint64_t hash);
/* NULL when there is no such way on. */
const struct list_edge *list_find_edge(const struct watchlist *w, uint32_t node, uint32_t word);

/* Building; -1 when memory ran out. */
int list_intern_word(struct watchlist *w, struct str fold, uint32_t *ret);
int list_add_path(struct watchlist *w, const uint32_t *words, const uint16_t *gaps, size_t count, uint32_t name);

uint64_t list_hash_word(struct str fold);
