#include "watch/mention.h"

#include <stdlib.h>

#define COVER_LOOK_BACK 64u /* kept mentions that are compared with the next one */

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

/* By field and place; of those that start together the longest first, then the surest. */
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
	if (x->form != y->form)
		return x->form < y->form ? -1 : 1;
	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->equal != y->equal)
		return x->equal ? -1 : 1;
	if (x->weak != y->weak)
		return x->weak ? 1 : -1;
	if (x->rule != y->rule)
		return x->rule < y->rule ? -1 : 1;
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
is_topic(const struct watchlist *w, const struct mention *m)
{
	return w->entities[m->entity].kind == WATCH_TOPIC;
}

/*
 * Does x yield to y, which was kept before? To a longer one that covers or overlaps it; at the same place to a surer
 * one, and of equally sure ones both stay. Actors yield only to actors, a topic only to itself.
 */
static bool
yields(const struct watchlist *w, const struct mention *x, const struct mention *y)
{
	if (x->field != y->field || x->start >= y->end)
		return false;
	if (x->entity == y->entity)
		return true;
	if (is_topic(w, x) || is_topic(w, y) || y->form == MENTION_OTHER)
		return false;
	if (x->start != y->start || x->end != y->end)
		return true;
	return x->cost > y->cost || (x->form == y->form && ((y->equal && !x->equal) || (x->weak && !y->weak)));
}

static void
drop_covered(struct mentions *m, const struct watchlist *w)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count; i++) {
		bool covered = false;
		for (size_t k = kept; k > 0 && !covered && kept - k < COVER_LOOK_BACK; k--)
			covered = yields(w, &m->items[i], &m->items[k - 1]);
		if (!covered)
			m->items[kept++] = m->items[i];
	}
	m->count = kept;
}

struct evidence {
	bool full, other;
	bool sure;     /* named by more than one word */
	bool doubtful; /* a family name that another actor of the list has, too */
};

/* A slot of evidence for each entity that is mentioned: by hashing, because a list has many more. */
static struct evidence *
number_entities(struct mentions *m)
{
	size_t size = 16;
	while (size < m->count * 2)
		size *= 2;
	uint32_t *first = arena_alloc(m->arena, size * sizeof *first);
	if (first == NULL)
		return NULL;
	memset(first, 0xFF, size * sizeof *first);
	for (uint32_t i = 0; i < m->count; i++) {
		struct mention *x = &m->items[i];
		size_t at = x->entity * 0x9E3779B1u & (size - 1);
		while (first[at] != UINT32_MAX && m->items[first[at]].entity != x->entity)
			at = (at + 1) & (size - 1);
		if (first[at] == UINT32_MAX)
			first[at] = i;
		x->slot = first[at];
	}
	return arena_zalloc(m->arena, m->count, sizeof(struct evidence));
}

static bool
same_place(const struct mention *a, const struct mention *b)
{
	return a->field == b->field && a->start == b->start && a->end == b->end;
}

static void
gather(const struct mentions *m, struct evidence *e)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		e[x->slot].full |= x->form == MENTION_FULL;
		e[x->slot].sure |= x->form == MENTION_FULL && x->several;
		e[x->slot].other |= x->form == MENTION_OTHER;
	}
	for (size_t i = 1; i < m->count; i++) {
		const struct mention *x = &m->items[i], *y = &m->items[i - 1];
		if (x->form == MENTION_BARE && y->form == MENTION_BARE && x->weak == y->weak && same_place(x, y))
			e[x->slot].doubtful = e[y->slot].doubtful = true;
	}
}

/* One word that is a name of several actors: it is the one who is named by more words elsewhere in the item, if one is. */
static void
settle_shared(struct mentions *m, const struct watchlist *w, const struct evidence *e)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count;) {
		size_t end = i + 1;
		bool sure = e[m->items[i].slot].sure;
		for (; end < m->count && same_place(&m->items[i], &m->items[end]); end++)
			sure |= e[m->items[end].slot].sure;
		bool shared = end - i > 1 && sure;
		for (; i < end; i++) {
			if (!shared || m->items[i].several || e[m->items[i].slot].sure || is_topic(w, &m->items[i]))
				m->items[kept++] = m->items[i];
		}
	}
	m->count = kept;
}

/* A family name alone counts for who is named in full in the same item; else when nobody else is meant by it. */
static void
settle_bare(struct mentions *m, const struct evidence *e)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		const struct evidence *own = &e[x->slot];
		bool bare = x->form == MENTION_BARE && (own->full || (!x->weak && !own->other && !own->doubtful));
		if (x->form == MENTION_FULL || bare)
			m->items[kept++] = *x;
	}
	m->count = kept;
}

static int
fill(struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err)
{
	struct watch_mention *all = arena_zalloc(m->arena, m->count, sizeof *all);
	out->hits = arena_zalloc(m->arena, m->count, sizeof *out->hits);
	if (all == NULL || out->hits == NULL)
		return arena_check(m->arena, err);
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		if (i == 0 || m->items[i - 1].entity != x->entity)
			out->hits[out->hit_count++] = (struct watch_hit){.entity = x->entity, .mentions = &all[i]};
		out->hits[out->hit_count - 1].mention_count++;
		all[i] = (struct watch_mention){.field = x->field,
		    .start = x->start,
		    .end = x->end,
		    .name = w->names[w->names[x->name].source].text,
		    .rule = watch_rule_word(x->rule)};
	}
	return arena_check(m->arena, err);
}

int
mentions_resolve(struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err)
{
	*out = (struct watch_result){0};
	if (m->count == 0)
		return arena_check(m->arena, err);
	qsort(m->items, m->count, sizeof *m->items, by_place);
	drop_covered(m, w);
	struct evidence *e = number_entities(m);
	if (e == NULL)
		return arena_check(m->arena, err);
	gather(m, e);
	settle_shared(m, w, e);
	settle_bare(m, e);
	qsort(m->items, m->count, sizeof *m->items, by_entity);
	return fill(m, w, out, err);
}
