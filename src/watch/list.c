#include "watch/list.h"

#include "base/pages.h"
#include "base/vec.h"

#include <stdlib.h>

#define FIRST_SLOTS 256u
#define NAME_ALIGN 64u

/* The slot that holds the word, or the empty one where it belongs. */
static uint32_t *
word_slot(const struct watchlist *w, struct str fold, uint32_t hash)
{
	for (size_t i = hash & (w->word_slot_count - 1);; i = (i + 1) & (w->word_slot_count - 1)) {
		uint32_t *slot = &w->word_slots[i];
		if (*slot == LIST_NONE ||
		    (w->words[*slot].hash == hash && str_eq(list_word_fold(w, &w->words[*slot]), fold)))
			return slot;
	}
}

uint32_t
list_find_word(const struct watchlist *w, struct str fold, uint32_t hash)
{
	return w->word_slot_count ? *word_slot(w, fold, hash) : LIST_NONE;
}

static int
grow_word_slots(struct watchlist *w)
{
	size_t count = w->word_slot_count ? w->word_slot_count * 2 : FIRST_SLOTS;
	uint32_t *slots = pages_malloc(count * sizeof *slots);
	if (slots == NULL)
		return -1;
	memset(slots, 0xFF, count * sizeof *slots);
	free(w->word_slots);
	w->word_slots = slots;
	w->word_slot_count = count;
	for (uint32_t i = 0; i < w->word_count; i++)
		*word_slot(w, list_word_fold(w, &w->words[i]), w->words[i].hash) = i;
	return 0;
}

static int
add_bytes(struct watchlist *w, struct str bytes)
{
	if (w->bytes_len + bytes.len > UINT32_MAX ||
	    vec_reserve((void **)&w->bytes, &w->bytes_cap, w->bytes_len + bytes.len, 1) < 0)
		return -1;
	memcpy(w->bytes + w->bytes_len, bytes.s, bytes.len);
	w->bytes_len += bytes.len;
	return 0;
}

/* The script of a word is worked out by whoever knows it; its sounds come with its first letters of a script. */
static int
add_word(struct watchlist *w, struct str fold, uint32_t hash, enum text_script script)
{
	struct text_sounds sounds;
	struct list_word word = {.hash = hash,
	    .at = (uint32_t)w->bytes_len,
	    .child = LIST_NONE,
	    .fold_len = (uint16_t)fold.len,
	    .script = (uint8_t)script};

	if (vec_reserve((void **)&w->words, &w->word_cap, w->word_count + 1, sizeof *w->words) < 0 ||
	    add_bytes(w, fold) < 0)
		return -1;
	if (text_sounds(fold, script, &sounds) && sounds.len >= 2) {
		word.sounds_len = sounds.len;
		word.vowels_free = sounds.vowels_free;
		if (add_bytes(w, (struct str){sounds.s, sounds.len}) < 0)
			return -1;
	}
	w->words[w->word_count] = word;
	return 0;
}

int
list_intern_word(struct watchlist *w, struct str fold, enum text_script script, uint32_t *ret)
{
	uint32_t hash = text_fold_hash(fold);
	if (w->word_count * 2 >= w->word_slot_count && grow_word_slots(w) < 0)
		return -1;
	uint32_t *slot = word_slot(w, fold, hash);
	if (*slot == LIST_NONE) {
		if (add_word(w, fold, hash, script) < 0)
			return -1;
		*slot = (uint32_t)w->word_count++;
	}
	*ret = *slot;
	return 0;
}

static struct list_edge *
edge_slot(const struct watchlist *w, uint32_t node, uint32_t word)
{
	uint64_t hash = list_edge_hash(node, word);
	for (size_t i = (hash >> 32) & (w->edge_slot_count - 1);; i = (i + 1) & (w->edge_slot_count - 1)) {
		struct list_edge *e = &w->edges[i];
		if (e->node == LIST_NONE || (e->node == node && e->word == word))
			return e;
	}
}

const struct list_edge *
list_find_edge(const struct watchlist *w, uint32_t node, uint32_t word)
{
	if (!list_may_go_on(w, list_edge_hash(node, word)) || w->edge_slot_count == 0)
		return NULL;
	const struct list_edge *e = edge_slot(w, node, word);
	return e->node == LIST_NONE ? NULL : e;
}

static int
grow_edges(struct watchlist *w)
{
	struct list_edge *old = w->edges;
	size_t old_count = w->edge_slot_count, count = old_count ? old_count * 2 : FIRST_SLOTS;
	struct list_edge *edges = pages_malloc(count * sizeof *edges);
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
	if (vec_reserve((void **)&w->nodes, &w->node_cap, w->node_count + 1, sizeof *w->nodes) < 0)
		return -1;
	w->nodes[w->node_count] = LIST_NODE_OUTPUT;
	*ret = (uint32_t)w->node_count++;
	return 0;
}

static int
add_edge(struct watchlist *w, uint32_t node, uint32_t word, uint16_t gaps, uint32_t *child)
{
	if (node == LIST_ROOT) {
		if (w->words[word].child == LIST_NONE && add_node(w, &w->words[word].child) < 0)
			return -1;
		*child = w->words[word].child;
		return 0;
	}
	if (w->edge_count * 4 >= w->edge_slot_count * 3 && grow_edges(w) < 0)
		return -1;
	struct list_edge *e = edge_slot(w, node, word);
	if (e->node == LIST_NONE) {
		if (add_node(w, child) < 0)
			return -1;
		w->nodes[node] |= LIST_NODE_INNER;
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
	uint32_t node = LIST_ROOT;

	if (w->node_count == 0 && add_node(w, &node) < 0)
		return -1;
	bool among = count >= 3 || (count >= 2 && form == LIST_FORM_BARE);
	for (size_t i = 0; i < count; i++) {
		w->words[words[i]].flags |= among ? LIST_WORD_AMONG : 0;
		if (add_edge(w, node, words[i], gaps[i], &node) < 0)
			return -1;
	}
	uint32_t entity = w->names[name].entity, oldest = w->oldest_outputs[entity];
	/* the chain goes from new to old: behind the entity's oldest none is its own */
	for (uint32_t o = list_output(w, node); o != LIST_NONE && o >= oldest; o = w->outputs[o].next) {
		struct list_name *other = &w->names[w->outputs[o].name], *own = &w->names[name];
		if (other->entity != own->entity || other->role != own->role)
			continue;
		/* spelt alike but for marks: it is a name of the languages of both */
		other->langs = own->langs = other->langs != 0 && own->langs != 0 ? other->langs | own->langs : 0;
		/* A family name that is also listed alone stays one: the given name beside it decides. */
		bool alone = (form == LIST_FORM_BARE && w->outputs[o].form == LIST_FORM_SOLE) ||
		             (form == LIST_FORM_SOLE && w->outputs[o].form == LIST_FORM_BARE);
		w->outputs[o].listed |= alone;
		if (form == LIST_FORM_FULL || (form == LIST_FORM_ORDER && w->outputs[o].form > form) ||
		    (form == LIST_FORM_BARE && w->outputs[o].form == LIST_FORM_SOLE)) {
			w->outputs[o].form = (uint8_t)form;
			if (own->source == name || other->source != w->outputs[o].name) /* else it stays the user's */
				w->outputs[o].name = name;
		}
		return 0;
	}
	if (vec_reserve((void **)&w->outputs, &w->output_cap, w->output_count + 1, sizeof *w->outputs) < 0)
		return -1;
	w->outputs[w->output_count] =
	    (struct list_output){.name = name, .next = list_output(w, node), .form = (uint8_t)form};
	if (oldest == LIST_NONE)
		w->oldest_outputs[entity] = (uint32_t)w->output_count;
	w->nodes[node] = (w->nodes[node] & ~LIST_NODE_OUTPUT) | (uint32_t)w->output_count++;
	if (w->entities[entity].kind == WATCH_TOPIC)
		w->nodes[node] |= LIST_NODE_TOPIC;
	return 0;
}

static void
give_back(void **items, size_t count, size_t size)
{
	void *p = count > 0 ? realloc(*items, count * size) : NULL;
	if (p != NULL) /* a smaller place that cannot be had is no harm */
		*items = p;
}

#define FILTER_BITS 12u /* for each that it holds: so few that the filter of a long list stays in the cache */

/* A filter for so many, of which it holds none; NULL when memory ran out. */
static uint64_t *
new_filter(size_t count, size_t *places)
{
	*places = count * FILTER_BITS / 64 + 1;
	return pages_calloc(*places, sizeof(uint64_t));
}

static int
make_filters(struct watchlist *w)
{
	w->first_filter = new_filter(w->word_count, &w->first_places);
	w->edge_filter = new_filter(w->edge_count, &w->edge_places);
	if (w->first_filter == NULL || w->edge_filter == NULL)
		return -1;
	for (size_t i = 0; i < w->word_count; i++) {
		if (w->words[i].child != LIST_NONE)
			w->first_filter[list_filter_place(w, w->words[i].hash)] |= list_filter_bits(w->words[i].hash);
	}
	for (size_t i = 0; i < w->edge_slot_count; i++) {
		struct list_edge *e = &w->edges[i];
		if (e->node == LIST_NONE)
			continue;
		uint64_t hash = list_edge_hash(e->node, e->word);
		w->edge_filter[list_edge_place(w, hash)] |= list_three_bits((uint32_t)hash);
		e->goes_on = list_goes_on(w, e->child);
	}
	return 0;
}

/* Puts the names where each has a line of the cache to itself, and the texts of short ones beside them. */
static int
settle_names(struct watchlist *w)
{
	const size_t bytes = w->name_count * sizeof *w->names;
	_Static_assert(sizeof *w->names == NAME_ALIGN, "a line");
	struct list_name *names = bytes < PAGES_LARGE ? aligned_alloc(NAME_ALIGN, bytes) : pages_malloc(bytes);
	if (names == NULL)
		return -1;
	memcpy(names, w->names, bytes);
	for (size_t i = 0; i < w->name_count; i++) {
		struct list_name *name = &names[i];
		name->alone = w->families[name->entity];
		if (name->text.len <= LIST_NAME_NEAR)
			name->text.s = memcpy(name->near, name->text.s, name->text.len);
	}
	free(w->names);
	w->names = names;
	return 0;
}

int
list_finish(struct watchlist *w)
{
	if (make_filters(w) < 0)
		return -1;
	if (list_group_outputs(w) < 0)
		return -1;
	for (size_t i = 0; i < w->edge_slot_count; i++)
		w->edges[i].ends = w->edges[i].node != LIST_NONE ? list_ends(w, w->edges[i].child) : LIST_ENDS_NONE;
	if (w->name_count > 0 && settle_names(w) < 0)
		return -1;
	give_back((void **)&w->words, w->word_count, sizeof *w->words);
	give_back((void **)&w->bytes, w->bytes_len, 1);
	give_back((void **)&w->nodes, w->node_count, sizeof *w->nodes);
	return 0;
}
