#include "watch/mention.h"

#include <stdlib.h>

#define MARK_BYTES_MAX 2048u  /* a longer one is not looked for: a name has 256 bytes, white space may stand between */
#define COVER_LOOK_BACK 1024u /* kept mentions that are compared with the next one, when so many meet it */

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
	if (x->form == MENTION_BARE && x->listed != y->listed)
		return x->listed ? -1 : 1;
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

#define SORT_FEW 24u

/* An item has a handful of mentions: that is not worth a call for every comparison and room to merge them in. */
static inline void
sort_mentions(struct mention *items, size_t count, int (*order)(const void *, const void *))
{
	if (count > SORT_FEW) {
		qsort(items, count, sizeof *items, order);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		if (order(&items[i - 1], &items[i]) <= 0)
			continue;
		struct mention x = items[i];
		size_t at = i;
		for (; at > 0 && order(&items[at - 1], &x) > 0; at--)
			items[at] = items[at - 1];
		items[at] = x;
	}
}

/*
 * Does x yield to y, which was kept before? To a longer one that covers or overlaps it; at the same place to a surer
 * one, and of equally sure ones both stay. Actors yield only to actors, a topic only to itself.
 */
static bool
yields(const struct mention *x, const struct mention *y)
{
	if (x->field != y->field || x->start >= y->end)
		return false;
	if (x->entity == y->entity)
		return true;
	if (x->topic || y->topic || y->form == MENTION_OTHER)
		return false;
	if (x->start != y->start || x->end != y->end)
		return true;
	bool plainer = y->rule <= WATCH_RULE_FOLD && x->rule > WATCH_RULE_ORDER; /* y is spelt as the user wrote it */
	plainer |=
	    x->rule == WATCH_RULE_EXONYM && y->rule < WATCH_RULE_EXONYM && y->equal; /* x is what the data says */
	return x->cost > y->cost ||
	       (x->form == y->form && ((y->equal && !x->equal) || (x->weak && !y->weak) || plainer));
}

/* The mark stands where the name does, and takes it in. */
static bool
takes_in(const struct mention *mark, const struct mention *x)
{
	bool same = mark->start == x->start && mark->end == x->end;
	bool meets = mark->start < x->end && x->start < mark->end;
	bool within = x->start <= mark->start && mark->end <= x->end; /* the other way round */
	switch (mark->form) {
	case MENTION_NOT:
		return mark->entity == x->entity && meets && (same || !within);
	case MENTION_NOT_FORM:
		return mark->entity == x->entity && same;
	case MENTION_EXCLUDED:
		return meets && !within;
	default:
		return false;
	}
}

/* What a mention turns into because of the marks near it. */
static enum mention_form
form_beside(const struct mention *x, const struct mention *marks, size_t count, size_t *near, const struct watchlist *w)
{
	while (*near < count && (marks[*near].field < x->field ||
	                            (marks[*near].field == x->field && marks[*near].start + MARK_BYTES_MAX < x->start)))
		++*near;
	for (size_t i = *near; i < count && marks[i].field == x->field && marks[i].start < x->end; i++) {
		if (takes_in(&marks[i], x) && !(marks[i].form == MENTION_EXCLUDED && x->topic))
			return marks[i].form == MENTION_NOT && x->form == MENTION_BARE ? MENTION_OTHER : MENTION_NONE;
	}
	return x->form;
}

/* Puts the marks behind the mentions, both in order. Returns how many mentions there are. */
static size_t
part_marks(struct mentions *m)
{
	size_t kept = 0, count = 0;
	while (kept < m->count && m->items[kept].form < MENTION_MARKS)
		kept++;
	if (kept == m->count)
		return kept;
	struct mention *marks = arena_alloc(m->arena, m->count * sizeof *marks);
	if (marks == NULL)
		return m->count;
	for (size_t i = kept; i < m->count; i++) {
		if (m->items[i].form >= MENTION_MARKS)
			marks[count++] = m->items[i];
		else
			m->items[kept++] = m->items[i];
	}
	if (count > 0)
		memcpy(m->items + kept, marks, count * sizeof *marks);
	return kept;
}

static void
apply_marks(struct mentions *m, size_t count, const struct watchlist *w)
{
	const struct mention *marks = m->items + count;
	size_t mark_count = m->count - count, near = 0;
	for (size_t i = 0; i < count && mark_count > 0; i++)
		m->items[i].form = form_beside(&m->items[i], marks, mark_count, &near, w);
}

/* Does it meet the mention that was kept last, or one before that? */
static bool
meets_kept(const struct mention *x, const struct mention *last)
{
	return x->field == last->field && x->start < last->reach;
}

static void
drop_covered(struct mentions *m, const struct watchlist *w)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count; i++) {
		struct mention x = m->items[i];
		bool covered = x.form == MENTION_NONE;
		for (size_t k = kept;
		     k > 0 && !covered && meets_kept(&x, &m->items[k - 1]) && kept - k < COVER_LOOK_BACK; k--)
			covered = yields(&x, &m->items[k - 1]);
		if (covered)
			continue;
		bool further = kept > 0 && meets_kept(&x, &m->items[kept - 1]) && m->items[kept - 1].reach > x.end;
		x.reach = further ? m->items[kept - 1].reach : x.end;
		m->items[kept++] = x;
	}
	m->count = kept;
}

/*
 * What an item says about an entity (full, context, and what `not` found), and about it under one of its family names: a name
 * that it shares with somebody says nothing about its other names.
 */
struct evidence {
	size_t latest; /* 1 + the number of its last mention by more than one word, while they are gone through */
	bool full, other, context;
	bool sure;     /* named by more than one word */
	bool doubtful; /* a family name that another actor of the list has, too */
};

#define KEY_ENTITY \
	UINT32_MAX /* the entity as a whole, beside its family names and LIST_NONE - 1 for names without one */

static uint32_t
family_key(const struct watchlist *w, const struct mention *x)
{
	uint32_t family = w->names[x->name].family;
	return family == LIST_NONE ? LIST_NONE - 1 : family;
}

struct slots {
	uint32_t (*keys)[2]; /* entity, family; entity UINT32_MAX = empty */
	uint32_t *numbers;
	size_t size;
	uint32_t count;
};

static uint32_t
slot_of(struct slots *s, uint32_t entity, uint32_t family)
{
	size_t at = (entity * 0x9E3779B1u ^ family * 0x85EBCA6Bu) & (s->size - 1);
	while (s->keys[at][0] != UINT32_MAX && (s->keys[at][0] != entity || s->keys[at][1] != family))
		at = (at + 1) & (s->size - 1);
	if (s->keys[at][0] == UINT32_MAX) {
		s->keys[at][0] = entity;
		s->keys[at][1] = family;
		s->numbers[at] = s->count++;
	}
	return s->numbers[at];
}

/* Slots of evidence for each entity that is mentioned and each of its family names: by hashing, because a list has many more. */
static struct evidence *
number_entities(struct mentions *m, const struct watchlist *w)
{
	struct slots s = {.size = 32};
	while (s.size < m->count * 4)
		s.size *= 2;
	s.keys = arena_alloc(m->arena, s.size * sizeof *s.keys);
	s.numbers = arena_alloc(m->arena, s.size * sizeof *s.numbers);
	if (s.keys == NULL || s.numbers == NULL)
		return NULL;
	memset(s.keys, 0xFF, s.size * sizeof *s.keys);
	for (size_t i = 0; i < m->count; i++) {
		struct mention *x = &m->items[i];
		x->slot = slot_of(&s, x->entity, KEY_ENTITY);
		x->family_slot = slot_of(&s, x->entity, family_key(w, x));
	}
	return arena_zalloc(m->arena, s.count, sizeof(struct evidence));
}

static bool
same_place(const struct mention *a, const struct mention *b)
{
	return a->field == b->field && a->start == b->start && a->end == b->end;
}

/* A family name that several actors have. Who is listed by it alone does not share it with those whose full names end in it. */
static void
doubt_shared(const struct watchlist *w, const struct mention *at, size_t count, struct evidence *e)
{
	unsigned bare[2] = {0}, listed[2] = {0}; /* by whether they are weak */
	for (size_t i = 0; i < count && count > 1; i++) {
		/* a person of whom the list has no other name with it */
		bool alone = at[i].form == MENTION_FULL && !at[i].several && w->names[at[i].name].kind == WATCH_PERSON;
		if (at[i].weak && !e[at[i].slot].full)
			continue; /* does not count, and need not have been looked for */
		bare[at[i].weak] += at[i].form == MENTION_BARE || alone;
		listed[at[i].weak] += (at[i].form == MENTION_BARE && at[i].listed) || alone;
	}
	for (size_t i = 0; i < count && count > 1; i++) {
		const struct mention *x = &at[i];
		if (x->form == MENTION_BARE && bare[x->weak] > 1)
			e[x->family_slot].doubtful |= !x->listed || listed[x->weak] > 1;
	}
}

/*
 * An initial of several given names before the family name that actors share tells no more than that name. Of one given name it tells
 * what that does: actors who have both names alike are found together, as where both are written out.
 */
static void
doubt_initials(struct mentions *m, const struct watchlist *w)
{
	for (size_t i = 0, end; i < m->count; i = end) {
		const struct mention *some = NULL;
		bool differ = false;
		for (end = i; end < m->count && same_place(&m->items[i], &m->items[end]); end++) {
			const struct mention *x = &m->items[end];
			differ |= x->initial && some != NULL && w->names[x->name].given != w->names[some->name].given;
			some = x->initial ? x : some;
		}
		for (size_t k = i; k < end && differ; k++)
			m->items[k].form = m->items[k].initial ? MENTION_BARE : m->items[k].form;
	}
}

static void
gather(const struct mentions *m, const struct watchlist *w, struct evidence *e)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		e[x->slot].full |= x->form == MENTION_FULL;
		e[x->family_slot].sure |= x->form == MENTION_FULL && x->several;
		e[x->family_slot].other |= x->form == MENTION_OTHER;
		e[x->slot].other |= x->form == MENTION_NOT;
		e[x->slot].context |= x->form == MENTION_CONTEXT;
	}
	for (size_t i = 0, end; i < m->count; i = end) {
		for (end = i + 1; end < m->count && same_place(&m->items[i], &m->items[end]);)
			end++;
		doubt_shared(w, m->items + i, end - i, e);
	}
}

/*
 * One word that is a name of several actors: it is the one who is named by more words of this family name elsewhere in the item,
 * if one is; of several such the one who was named so last.
 */
static void
settle_shared(struct mentions *m, const struct watchlist *w, struct evidence *e)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count;) {
		size_t end = i, latest = 0;
		bool sure = false;
		for (; end < m->count && same_place(&m->items[i], &m->items[end]); end++) {
			const struct evidence *own = &e[m->items[end].family_slot];
			sure |= own->sure;
			latest = own->latest > latest ? own->latest : latest;
		}
		bool shared = end - i > 1 && sure;
		for (; i < end; i++) {
			struct mention *x = &m->items[i];
			struct evidence *own = &e[x->family_slot];
			if (!shared || (x->several && x->form == MENTION_FULL) || x->topic ||
			    (own->sure && own->latest == latest))
				m->items[kept++] = *x;
			if (x->several && x->form == MENTION_FULL)
				own->latest = i + 1;
		}
	}
	m->count = kept;
}

/* A family name alone counts for who is named in full in the same item; else when nobody else is meant by it and the user
 * wants it. */
static bool
bare_counts(const struct mention *x, const struct evidence *e, enum watch_family family)
{
	const struct evidence *own = &e[x->slot], *name = &e[x->family_slot];
	bool free = !x->weak && !own->other && !name->other && !name->doubtful;
	switch (family) {
	case WATCH_FAMILY_NEVER:
		return false;
	case WATCH_FAMILY_AFTER_FULL:
		return own->full;
	case WATCH_FAMILY_CONTEXT:
		return own->full || (own->context && free);
	default:
		return free || (own->full && (name->sure || !name->doubtful));
	}
}

/* Do all stand for themselves, each at a place of its own? Then nothing is to be settled. */
static bool
is_settled(const struct mentions *m)
{
	bool settled = true;
	for (size_t i = 0; i < m->count; i++) {
		settled &= m->items[i].form == MENTION_FULL;
		settled &= i == 0 || !same_place(&m->items[i - 1], &m->items[i]);
	}
	return settled;
}

static void
settle_bare(struct mentions *m, const struct watchlist *w, const struct evidence *e)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		const struct list_name *name = &w->names[x->name];
		enum watch_family family = (enum watch_family)name->alone;
		bool free = family == WATCH_FAMILY_CAPITALISED || family == WATCH_FAMILY_ALONE;
		if (name->role == WATCH_ROLE_WEAK && free)
			family = WATCH_FAMILY_CONTEXT;
		if (x->form == MENTION_FULL || (x->form == MENTION_BARE && bare_counts(x, e, family)))
			m->items[kept++] = *x;
	}
	m->count = kept;
}

/* `marks` of them, which are evidence, too, stand behind the mentions from `before` on. */
static bool
settle(struct mentions *m, const struct watchlist *w, size_t before, size_t marks)
{
	size_t count = m->count;
	if (is_settled(m))
		return true;
	doubt_initials(m, w);
	memmove(m->items + count, m->items + before, marks * sizeof *m->items);
	m->count = count + marks;
	struct evidence *e = number_entities(m, w);
	if (e == NULL)
		return false;
	gather(m, w, e);
	m->count = count;
	settle_shared(m, w, e);
	settle_bare(m, w, e);
	return true;
}

/* Every mention of a member is one of its groups. */
static int
add_groups(struct mentions *m, const struct watchlist *w)
{
	size_t count = m->count;
	for (size_t i = 0; i < count && w->member_count > 0; i++) {
		size_t at = 0, end = w->member_count;
		while (at < end) {
			size_t mid = (at + end) / 2;
			if (w->members[mid].member < m->items[i].entity)
				at = mid + 1;
			else
				end = mid;
		}
		for (; at < w->member_count && w->members[at].member == m->items[i].entity; at++) {
			struct mention x = m->items[i];
			x.entity = w->members[at].group;
			x.rule = WATCH_RULE_MEMBER;
			if (!mentions_add(m, &x))
				return m->arena->failed ? -1 : 0;
		}
	}
	return 0;
}

/* A group that is named by its own name where a member is, or by two members at once, is mentioned once. */
static void
drop_repeated(struct mentions *m)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *last = kept > 0 ? &m->items[kept - 1] : NULL;
		if (last == NULL || last->entity != m->items[i].entity || !same_place(last, &m->items[i]))
			m->items[kept++] = m->items[i];
	}
	m->count = kept;
}

/* The form that stood for the name, where that is another than the name itself. */
static struct str
form_of(const struct watchlist *w, const struct mention *x)
{
	const struct list_name *name = &w->names[x->name];
	if (x->form == MENTION_BARE && name->family != LIST_NONE)
		return list_word_fold(w, &w->words[name->family]);
	return name->source != x->name ? name->text : STR_NONE;
}

static int
fill(struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err)
{
	if (m->count == 0)
		return arena_check(m->arena, err);
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
		    .rule = watch_rule_word(x->rule),
		    .form = form_of(w, x)};
	}
	return arena_check(m->arena, err);
}

int
mentions_resolve(struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err)
{
	*out = (struct watch_result){0};
	if (m->count == 0)
		return arena_check(m->arena, err);
	sort_mentions(m->items, m->count, by_place);
	size_t before = part_marks(m), marks = m->count - before;
	apply_marks(m, before, w);
	m->count = before;
	drop_covered(m, w);
	if (!settle(m, w, before, marks))
		return arena_check(m->arena, err);
	if (add_groups(m, w) < 0)
		return arena_check(m->arena, err);
	sort_mentions(m->items, m->count, by_entity);
	drop_repeated(m);
	return fill(m, w, out, err);
}
