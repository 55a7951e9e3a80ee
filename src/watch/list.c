#include "watch/list.h"

#include "base/hash.h"
#include "base/vec.h"

#include <stdlib.h>

#define WORD_SEED 0x7469u
#define FIRST_SLOTS 256u

uint64_t
list_hash_word(struct str fold)
{
	return hash64(fold, WORD_SEED);
}

/* The slot that holds the word, or the empty one where it belongs. */
static uint32_t *
word_slot(const struct watchlist *w, struct str fold, uint64_t hash)
{
	for (size_t i = hash & (w->word_slot_count - 1);; i = (i + 1) & (w->word_slot_count - 1)) {
		uint32_t *slot = &w->word_slots[i];
		if (*slot == LIST_NONE || (w->words[*slot].hash == hash && str_eq(w->words[*slot].fold, fold)))
			return slot;
	}
}

uint32_t
list_find_word(const struct watchlist *w, struct str fold, uint64_t hash)
{
	return w->word_slot_count ? *word_slot(w, fold, hash) : LIST_NONE;
}

static int
grow_word_slots(struct watchlist *w)
{
	size_t count = w->word_slot_count ? w->word_slot_count * 2 : FIRST_SLOTS;
	uint32_t *slots = malloc(count * sizeof *slots);
	if (slots == NULL)
		return -1;
	memset(slots, 0xFF, count * sizeof *slots);
	free(w->word_slots);
	w->word_slots = slots;
	w->word_slot_count = count;
	for (uint32_t i = 0; i < w->word_count; i++)
		*word_slot(w, w->words[i].fold, w->words[i].hash) = i;
	return 0;
}

int
list_intern_word(struct watchlist *w, struct str fold, uint32_t *ret)
{
	uint64_t hash = list_hash_word(fold);
	if (w->word_count * 2 >= w->word_slot_count && grow_word_slots(w) < 0)
		return -1;
	uint32_t *slot = word_slot(w, fold, hash);
	if (*slot == LIST_NONE) {
		if (vec_reserve((void **)&w->words, &w->word_cap, w->word_count + 1, sizeof *w->words) < 0)
			return -1;
		struct str copy = arena_str(&w->arena, fold);
		if (copy.s == NULL)
			return -1;
		w->words[w->word_count] = (struct list_word){.fold = copy, .hash = hash};
		*slot = (uint32_t)w->word_count++;
	}
	*ret = *slot;
	return 0;
}

static struct list_edge *
edge_slot(const struct watchlist *w, uint32_t node, uint32_t word)
{
	uint64_t hash = ((uint64_t)node << 32 | word) * 0x9E3779B97F4A7C15u;
	for (size_t i = (hash >> 32) & (w->edge_slot_count - 1);; i = (i + 1) & (w->edge_slot_count - 1)) {
		struct list_edge *e = &w->edges[i];
		if (e->node == LIST_NONE || (e->node == node && e->word == word))
			return e;
	}
}

const struct list_edge *
list_find_edge(const struct watchlist *w, uint32_t node, uint32_t word)
{
	if (w->edge_slot_count == 0)
		return NULL;
	const struct list_edge *e = edge_slot(w, node, word);
	return e->node == LIST_NONE ? NULL : e;
}

static int
grow_edges(struct watchlist *w)
{
	struct list_edge *old = w->edges;
	size_t old_count = w->edge_slot_count, count = old_count ? old_count * 2 : FIRST_SLOTS;
	struct list_edge *edges = malloc(count * sizeof *edges);
	if (edges == NULL)
		return -1;
	memset(edges, 0xFF, count * sizeof *edges);
	w->edges = edges;
	w->edge_slot_count = count;
	for (size_t i = 0; i < old_count; i++) {
		if (old[i].node != LIST_NONE)
			*edge_slot(w, old[i].node, old[i].word) = old[i];
	}
	free(old);
	return 0;
}

static int
add_node(struct watchlist *w, uint32_t *ret)
{
	if (vec_reserve((void **)&w->node_outputs, &w->node_cap, w->node_count + 1, sizeof *w->node_outputs) < 0)
		return -1;
	w->node_outputs[w->node_count] = LIST_NONE;
	*ret = (uint32_t)w->node_count++;
	return 0;
}

static int
add_edge(struct watchlist *w, uint32_t node, uint32_t word, uint16_t gaps, uint32_t *child)
{
	if (w->edge_count * 2 >= w->edge_slot_count && grow_edges(w) < 0)
		return -1;
	struct list_edge *e = edge_slot(w, node, word);
	if (e->node == LIST_NONE) {
		if (add_node(w, child) < 0)
			return -1;
		*e = (struct list_edge){.node = node, .word = word, .child = *child, .gaps = 0};
		w->edge_count++;
	}
	e->gaps |= gaps;
	*child = e->child;
	return 0;
}

int
list_add_path(
    struct watchlist *w, const uint32_t *words, const uint16_t *gaps, size_t count, uint32_t name, enum list_form form)
{
	uint32_t node = 0;

	if (w->node_count == 0 && add_node(w, &node) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (add_edge(w, node, words[i], gaps[i], &node) < 0)
			return -1;
	}
	for (uint32_t o = w->node_outputs[node]; o != LIST_NONE; o = w->outputs[o].next) {
		if (w->names[w->outputs[o].name].entity != w->names[name].entity)
			continue;
		/* A family name that is also listed alone stays one: the given name beside it decides. */
		if (form == LIST_FORM_FULL || (form == LIST_FORM_ORDER && w->outputs[o].form > form) ||
		    (form == LIST_FORM_BARE && w->outputs[o].form == LIST_FORM_SOLE)) {
			w->outputs[o].form = form;
			w->outputs[o].name = name;
		}
		return 0;
	}
	if (vec_reserve((void **)&w->outputs, &w->output_cap, w->output_count + 1, sizeof *w->outputs) < 0)
		return -1;
	w->outputs[w->output_count] = (struct list_output){.name = name, .next = w->node_outputs[node], .form = form};
	w->node_outputs[node] = (uint32_t)w->output_count++;
	return 0;
}
