#include "watch/mention.h"

#include <stdlib.h>

bool
mentions_add(struct mentions *m, const struct mention *item)
{
	if (m->count >= MENTIONS_MAX)
		return false;
	struct mention *items = arena_grow(m->arena, m->items, &m->cap, m->count, sizeof *items);
	if (items == NULL)
		return false;
	m->items = items;
	m->items[m->count++] = *item;
	return true;
}

/* By field and place; of those that start together the longest first. */
static int
by_place(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->end != y->end)
		return x->end > y->end ? -1 : 1;
	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static int
by_entity(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	return by_place(a, b);
}

static bool
same_side(const struct watchlist *w, const struct mention *a, const struct mention *b)
{
	bool topic_a = w->entities[a->entity].kind == WATCH_TOPIC, topic_b = w->entities[b->entity].kind == WATCH_TOPIC;
	return a->entity == b->entity || (!topic_a && !topic_b);
}

/* A mention yields to a longer one that covers or overlaps it from the left; actors only to actors, a topic only to itself. */
static void
drop_covered(struct mentions *m, const struct watchlist *w)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		bool covered = false;
		for (size_t k = kept; k > 0 && !covered && kept - k < 64; k--) {
			const struct mention *y = &m->items[k - 1];
			bool same = x->start == y->start && x->end == y->end && x->entity != y->entity;
			covered = x->field == y->field && x->start < y->end && !same && same_side(w, x, y);
		}
		if (!covered)
			m->items[kept++] = *x;
	}
	m->count = kept;
}

int
mentions_resolve(struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err)
{
	*out = (struct watch_result){0};
	if (m->count == 0)
		return arena_check(m->arena, err);
	qsort(m->items, m->count, sizeof *m->items, by_place);
	drop_covered(m, w);
	qsort(m->items, m->count, sizeof *m->items, by_entity);
	struct watch_mention *all = arena_zalloc(m->arena, m->count, sizeof *all);
	out->hits = arena_zalloc(m->arena, m->count, sizeof *out->hits);
	if (all == NULL || out->hits == NULL)
		return arena_check(m->arena, err);
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		if (i == 0 || m->items[i - 1].entity != x->entity)
			out->hits[out->hit_count++] = (struct watch_hit){.entity = x->entity, .mentions = &all[i]};
		out->hits[out->hit_count - 1].mention_count++;
		all[i] = (struct watch_mention){
		    .field = x->field, .start = x->start, .end = x->end, .name = w->names[x->name].text, .rule = x->rule};
	}
	return arena_check(m->arena, err);
}
