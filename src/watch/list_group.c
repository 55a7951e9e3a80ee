#include "base/pages.h"
#include "base/vec.h"
#include "watch/list.h"

#include <stdlib.h>

#define GROUP_MIN 2u  /* who has a family name alone is in no doubt */
#define GIVEN_ROOM 2u /* one slot for so many stays empty */

/* One output of a node while groups are made. */
struct ordinary {
	uint32_t class; /* those of one class are judged alike when no given name stands beside them */
	uint16_t initial;
	uint32_t given;
	struct list_output output;
};

/* Is it nothing but somebody's family name, as the defaults have it? */
static bool
is_ordinary(const struct watchlist *w, const struct list_output *o)
{
	const struct list_name *name = &w->names[o->name];
	uint8_t family = w->families[name->entity];
	return o->form == LIST_FORM_BARE && !o->listed && name->role == WATCH_ROLE_NAME && name->given != LIST_NONE &&
	       name->source == o->name && family != WATCH_FAMILY_ALONE && family != WATCH_FAMILY_CONTEXT;
}

static int
by_class(const void *a, const void *b)
{
	const struct ordinary *x = a, *y = b;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	if (x->initial != y->initial)
		return x->initial < y->initial ? -1 : 1;
	if (x->given != y->given)
		return x->given < y->given ? -1 : 1;
	return x->output.name < y->output.name ? -1 : x->output.name > y->output.name;
}

struct grouping {
	struct watchlist *list;
	struct list_output *outputs; /* the new ones */
	size_t count, cap;
	struct ordinary *found; /* of one node */
	size_t found_count, found_cap;
	uint32_t chain; /* of one node, and … */
	bool shared;    /* … whether a group is in it */
};

static int
put(struct grouping *g, struct list_output output)
{
	if (vec_reserve((void **)&g->outputs, &g->cap, g->count + 1, sizeof *g->outputs) < 0)
		return -1;
	g->outputs[g->count++] = output;
	return 0;
}

static int
put_in_chain(struct grouping *g, struct list_output output)
{
	output.next = g->chain;
	g->chain = (uint32_t)g->count;
	return put(g, output);
}

static int
put_group(struct grouping *g, const struct ordinary *of, size_t n)
{
	struct watchlist *w = g->list;
	struct list_group group = {.first = (uint32_t)g->count, .count = (uint32_t)n};
	if (vec_reserve((void **)&w->groups, &w->group_cap, w->group_count + 1, sizeof *w->groups) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct list_output o = of[i].output;
		o.next = of[i].given;
		o.initial = of[i].initial;
		group.given |= (uint64_t)1 << (o.next & 63);
		if (put(g, o) < 0)
			return -1;
	}
	w->groups[w->group_count] = group;
	g->shared = true;
	return put_in_chain(g, (struct list_output){.name = (uint32_t)w->group_count++, .form = LIST_FORM_SHARED});
}

static int
put_ordinary(struct grouping *g)
{
	if (g->found_count > 1)
		qsort(g->found, g->found_count, sizeof *g->found, by_class);
	for (size_t i = 0, end; i < g->found_count; i = end) {
		for (end = i + 1; end < g->found_count && g->found[end].class == g->found[i].class;)
			end++;
		if (end - i >= GROUP_MIN) {
			if (put_group(g, g->found + i, end - i) < 0)
				return -1;
			continue;
		}
		for (size_t k = i; k < end; k++) {
			if (put_in_chain(g, g->found[k].output) < 0)
				return -1;
		}
	}
	g->found_count = 0;
	return 0;
}

static int
regroup_node(struct grouping *g, uint32_t node)
{
	struct watchlist *w = g->list;
	g->chain = LIST_NONE;
	g->shared = false;
	for (uint32_t o = list_output(w, node); o != LIST_NONE; o = w->outputs[o].next) {
		const struct list_output *from = &w->outputs[o];
		const struct list_name *name = &w->names[from->name];
		if (!is_ordinary(w, from)) {
			if (put_in_chain(g, *from) < 0)
				return -1;
			continue;
		}
		if (vec_reserve((void **)&g->found, &g->found_cap, g->found_count + 1, sizeof *g->found) < 0)
			return -1;
		g->found[g->found_count++] =
		    (struct ordinary){.class = (uint32_t)w->scripts[name->entity] << 1 | name->family_first,
		        .initial = list_initial(w, name->given),
		        .given = name->given,
		        .output = *from};
	}
	if (put_ordinary(g) < 0)
		return -1;
	uint32_t marks = w->nodes[node] & ~LIST_NODE_OUTPUT;
	marks |= g->shared ? LIST_NODE_SHARED : 0;
	w->nodes[node] = marks | (g->chain == LIST_NONE ? LIST_NODE_OUTPUT : g->chain);
	return 0;
}

/* Enters each given name of each group. */
static int
index_given(struct watchlist *w)
{
	size_t members = 0;
	for (size_t i = 0; i < w->group_count; i++)
		members += w->groups[i].count;
	w->given_slot_count = members + members / GIVEN_ROOM + 1;
	w->given = pages_malloc(w->given_slot_count * sizeof *w->given);
	if (w->given == NULL)
		return -1;
	memset(w->given, 0xFF, w->given_slot_count * sizeof *w->given);
	for (size_t i = 0; i < w->group_count; i++) {
		const struct list_group *g = &w->groups[i];
		for (uint32_t o = g->first; o < g->first + g->count; o++) {
			uint32_t given = w->outputs[o].next;
			if (o > g->first && w->outputs[o - 1].next == given)
				continue;
			size_t at = list_given_place(w, g, given);
			while (w->given[at].output != LIST_NONE)
				at = at + 1 < w->given_slot_count ? at + 1 : 0;
			w->given[at] = (struct list_given){.given = given, .output = o};
		}
	}
	return 0;
}

/* Where each entity's family names stand. */
struct bare_index {
	struct list_bare *items;
	size_t count, cap;
};

static int
add_bare(struct bare_index *x, const struct watchlist *w, uint32_t node, uint32_t output, bool grouped)
{
	struct list_bare *first = &x->items[w->names[w->outputs[output].name].entity];
	uint32_t next = LIST_NONE;
	if (first->node != LIST_NONE) {
		if (vec_reserve((void **)&x->items, &x->cap, x->count + 1, sizeof *x->items) < 0)
			return -1;
		first = &x->items[w->names[w->outputs[output].name].entity];
		next = (uint32_t)x->count;
		x->items[x->count++] = *first;
	}
	*first = (struct list_bare){.node = node, .output = output, .next = next, .grouped = grouped};
	return 0;
}

static int
add_bare_of_node(struct bare_index *x, const struct watchlist *w, uint32_t node)
{
	int r = 0;
	for (uint32_t o = list_output(w, node); o != LIST_NONE && r == 0; o = w->outputs[o].next) {
		const struct list_output *out = &w->outputs[o];
		const struct list_group *g = out->form == LIST_FORM_SHARED ? &w->groups[out->name] : NULL;
		for (uint32_t i = 0; g != NULL && i < g->count && r == 0; i++)
			r = add_bare(x, w, node, g->first + i, true);
		if (out->form == LIST_FORM_BARE)
			r = add_bare(x, w, node, o, false);
	}
	return r;
}

static int
index_bare(struct watchlist *w)
{
	const size_t entities = w->entity_count + 1; /* one is behind those that count */
	struct bare_index x = {.items = pages_malloc(entities * sizeof *x.items), .count = entities, .cap = entities};
	if (x.items == NULL)
		return -1;
	for (size_t i = 0; i < entities; i++)
		x.items[i] = (struct list_bare){.node = LIST_NONE, .next = LIST_NONE};
	int r = 0;
	for (uint32_t node = 0; node < w->node_count && r == 0; node++)
		r = add_bare_of_node(&x, w, node);
	void *less = r == 0 && x.cap > x.count ? realloc(x.items, x.count * sizeof *x.items) : NULL;
	w->bare = less != NULL ? less : x.items;
	return r;
}

int
list_group_outputs(struct watchlist *w)
{
	struct grouping g = {.list = w};
	int r = 0;
	for (uint32_t node = 0; node < w->node_count && r == 0; node++)
		r = regroup_node(&g, node);
	free(g.found);
	if (r < 0) {
		free(g.outputs);
		return -1;
	}
	free(w->outputs);
	w->outputs = g.outputs;
	w->output_count = g.count;
	w->output_cap = g.cap;
	if (g.count > 0 && g.cap > g.count) {
		void *less = realloc(w->outputs, g.count * sizeof *w->outputs);
		w->outputs = less != NULL ? less : w->outputs;
	}
	return index_given(w) < 0 ? -1 : index_bare(w);
}
