#include "base/pages.h"
#include "base/vec.h"
#include "watch/list.h"

#include <stdlib.h>

#define GROUP_MIN 4u /* fewer are gone through one by one */

/* One output of a node while groups are made. */
struct ordinary {
	uint32_t class; /* those of one class are judged alike when no given name stands beside them */
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

static int
by_entity(const void *a, const void *b)
{
	const struct list_bare *x = a, *y = b;
	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	return x->output < y->output ? -1 : x->output > y->output;
}

static void
add_bare(struct watchlist *w, uint32_t node, uint32_t output, bool grouped)
{
	w->bare[w->bare_count++] = (struct list_bare){
	    .entity = w->names[w->outputs[output].name].entity, .node = node, .output = output, .grouped = grouped};
}

/* Where each entity's family names stand. */
static int
index_bare(struct watchlist *w)
{
	w->bare = pages_malloc((w->output_count + 1) * sizeof *w->bare);
	if (w->bare == NULL)
		return -1;
	for (uint32_t node = 0; node < w->node_count; node++) {
		for (uint32_t o = list_output(w, node); o != LIST_NONE; o = w->outputs[o].next) {
			const struct list_output *out = &w->outputs[o];
			const struct list_group *g = out->form == LIST_FORM_SHARED ? &w->groups[out->name] : NULL;
			for (uint32_t i = 0; g != NULL && i < g->count; i++)
				add_bare(w, node, g->first + i, true);
			if (out->form == LIST_FORM_BARE)
				add_bare(w, node, o, false);
		}
	}
	if (w->bare_count > 1)
		qsort(w->bare, w->bare_count, sizeof *w->bare, by_entity);
	void *less = w->bare_count > 0 ? realloc(w->bare, w->bare_count * sizeof *w->bare) : NULL;
	w->bare = less != NULL ? less : w->bare;
	w->bare_of =
	    pages_malloc((w->entity_count + 2) * sizeof *w->bare_of); /* one entity is behind those that count */
	if (w->bare_of == NULL)
		return -1;
	for (size_t entity = 0, at = 0; entity < w->entity_count + 2; entity++) {
		while (at < w->bare_count && w->bare[at].entity < entity)
			at++;
		w->bare_of[entity] = (uint32_t)at;
	}
	return 0;
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
	return index_bare(w);
}
