#include "watch/mention.h"

#include <stdlib.h>

#define MARK_BYTES_MAX 2048u  /* a longer one is not looked for: a name has 256 bytes, white space may stand between */
#define COVER_LOOK_BACK 1024u /* kept mentions that are compared with the next one, when so many meet it */

struct mention *
mentions_add(struct mentions *m)
{
	if (m->count >= MENTIONS_MAX)
		return NULL;
	struct mention *items = arena_grow(m->arena, m->items, &m->cap, m->count, sizeof *items);
	if (items == NULL)
		return NULL;
	m->items = items;
	return &items[m->count++];
}

/* By field and place; of those that start together the longest first. As a number, because that mostly decides. */
static inline uint64_t
place_of(const struct mention *x)
{
	_Static_assert(WATCH_FIELD_COUNT <= 16 && TEXT_WORDS_BYTES_MAX <= 1u << 28, "field, start and end in 64 bits");
	return (uint64_t)x->field << 60 | (uint64_t)x->start << 32 | (UINT32_MAX - x->end);
}

/* The surer the less. */
static inline uint32_t
doubt_of(const struct mention *x)
{
	_Static_assert(MENTION_EXCLUDED < 16 && WATCH_RULE_COUNT <= 512, "in their bits");
	bool unlisted = x->form == MENTION_BARE && !x->listed;
	return (uint32_t)x->form << 28 | (uint32_t)x->cost << 12 | (uint32_t)!x->equal << 11 | (uint32_t)x->weak << 10 |
	       (uint32_t)unlisted << 9 | x->rule;
}

static inline bool
same_place(const struct mention *a, const struct mention *b)
{
	return place_of(a) == place_of(b);
}

/* By place; of those that are at the same the surest first. */
static inline int
by_place(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	uint64_t at = place_of(x), other = place_of(y);
	if (at != other)
		return at < other ? -1 : 1;
	if (doubt_of(x) != doubt_of(y))
		return doubt_of(x) < doubt_of(y) ? -1 : 1;
	if (x->entity != y->entity)
		return x->entity < y->entity ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static inline int
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
static uint8_t
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

/* Does it yield to one of those that were kept, of which it meets the last or one before that? */
static bool
is_covered(const struct mention *x, const struct mention *kept, size_t count)
{
	bool covered = false;
	for (size_t k = count; k > 0 && !covered && meets_kept(x, &kept[k - 1]) && count - k < COVER_LOOK_BACK; k--)
		covered = yields(x, &kept[k - 1]);
	return covered;
}

static void
drop_covered(struct mentions *m)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		bool meets = kept > 0 && meets_kept(x, &m->items[kept - 1]);
		if (x->form == MENTION_NONE || (meets && is_covered(x, m->items, kept)))
			continue;
		uint32_t before = meets ? m->items[kept - 1].reach : 0, reach = x->end > before ? x->end : before;
		m->items[kept] = *x;
		m->items[kept++].reach = reach;
	}
	m->count = kept;
}

/*
 * What an item says about an entity (full, context, and what `not` found), and about it under one of its family names: a name
 * that it shares with somebody says nothing about its other names.
 */
struct evidence {
	uint32_t about;  /* 1 + the entity; 0 = nobody */
	uint32_t family; /* the name, or one of these */
	uint32_t latest; /* 1 + the number of its last mention by more than one word, while they are gone through */
	uint32_t says;   /* enum says */
};
enum says {
	SAYS_FULL = 1 << 0,
	SAYS_OTHER = 1 << 1,
	SAYS_CONTEXT = 1 << 2,
	SAYS_SURE = 1 << 3,     /* named by more than one word */
	SAYS_DOUBTFUL = 1 << 4, /* a family name that another actor of the list has, too */
};
#define FAMILY_ANY UINT32_MAX         /* the entity as a whole */
#define FAMILY_NONE (UINT32_MAX - 1u) /* names without one */

static inline uint32_t
family_of(const struct watchlist *w, const struct mention *x)
{
	uint32_t family = w->names[x->name].family;
	return family == LIST_NONE ? FAMILY_NONE : family;
}

static inline uint32_t
slot_of(struct evidence *e, uint32_t mask, uint32_t entity, uint32_t family)
{
	uint32_t at = (entity * 0x9E3779B1u ^ family * 0x85EBCA6Bu) & mask;
	while ((e[at].about != 0) & ((e[at].about != entity + 1) | (e[at].family != family)))
		at = (at + 1) & mask;
	e[at].about = entity + 1;
	e[at].family = family;
	return at;
}

/*
 * What all of them say, marks, too, of each entity that is mentioned and each of its family names: by hashing, because a list has many more.
 * NULL when memory runs out.
 */
static struct evidence *
gather(struct arena *arena, const struct watchlist *w, struct mention *items, size_t count)
{
	static const uint8_t of_entity[MENTION_EXCLUDED + 1] = {
	    [MENTION_FULL] = SAYS_FULL, [MENTION_NOT] = SAYS_OTHER, [MENTION_CONTEXT] = SAYS_CONTEXT};
	uint32_t size = 16;
	while (size < count * 3)
		size *= 2;
	struct evidence *e = arena_zalloc(arena, size, sizeof *e);
	for (size_t i = 0; e != NULL && i < count; i++) {
		struct mention *x = &items[i];
		x->slot = slot_of(e, size - 1, x->entity, FAMILY_ANY);
		x->family_slot = slot_of(e, size - 1, x->entity, family_of(w, x));
		bool sure = (x->form == MENTION_FULL) & x->several;
		e[x->slot].says |= x->doubted ? 0u : of_entity[x->form];
		e[x->family_slot].says |= (sure ? SAYS_SURE : 0u) | (x->form == MENTION_OTHER ? SAYS_OTHER : 0u);
	}
	return e;
}

/* The first behind those that stand where the i-th does. */
static size_t
place_end(const struct mentions *m, size_t i)
{
	uint64_t place = place_of(&m->items[i]);
	do
		i++;
	while (i < m->count && place_of(&m->items[i]) == place);
	return i;
}

/* A family name that several actors have. Who is listed by it alone does not share it with those whose full names end in it. */
static void
doubt_shared(const struct watchlist *w, const struct mention *at, size_t count, struct evidence *e)
{
	unsigned bare[2] = {0}, listed[2] = {0}; /* by whether they are weak */
	for (size_t i = 0; i < count && count > 1; i++) {
		/* a person of whom the list has no other name with it */
		bool alone = at[i].form == MENTION_FULL && !at[i].several && w->names[at[i].name].kind == WATCH_PERSON;
		if (at[i].weak && !(e[at[i].slot].says & SAYS_FULL))
			continue; /* does not count, and need not have been looked for */
		bare[at[i].weak] += at[i].form == MENTION_BARE || alone;
		listed[at[i].weak] += (at[i].form == MENTION_BARE && at[i].listed) || alone;
	}
	for (size_t i = 0; i < count && count > 1; i++) {
		const struct mention *x = &at[i];
		if (x->form == MENTION_BARE && bare[x->weak] > 1 && (!x->listed || listed[x->weak] > 1))
			e[x->family_slot].says |= SAYS_DOUBTFUL;
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
		end = place_end(m, i);
		for (size_t k = i; k < end; k++) {
			const struct mention *x = &m->items[k];
			if (!x->initial || (some != NULL && yields(x, some)))
				continue;
			differ |= some != NULL && w->names[x->name].given != w->names[some->name].given;
			some = x;
		}
		for (size_t k = i; k < end; k++)
			m->items[k].doubted = differ && m->items[k].initial;
	}
}

/* A family name spelt so that it only counts beside the full name, where others may be meant. */
static bool
is_weak_among(const struct mentions *m, size_t i)
{
	const struct mention *x = &m->items[i];
	return x->form == MENTION_BARE && x->weak &&
	       ((i > 0 && same_place(x - 1, x)) || (i + 1 < m->count && same_place(x, x + 1)));
}

/*
 * Where several actors may be meant by a word, those of whom nothing is known but a name that sounds like it are left out, however near it
 * comes: in a long list there is always one, who would hide the one that is named in full elsewhere. False when memory ran out.
 */
static bool
drop_idle(struct mentions *m, const struct watchlist *w)
{
	size_t i = 0;
	while (i < m->count && !is_weak_among(m, i))
		i++;
	if (i == m->count)
		return true;
	doubt_initials(m, w);
	const struct evidence *e = gather(m->arena, w, m->items, m->count);
	for (; e != NULL && i < m->count; i++) {
		if (is_weak_among(m, i) && !(e[m->items[i].slot].says & SAYS_FULL))
			m->items[i].form = MENTION_NONE;
	}
	return e != NULL;
}

static inline enum watch_family
family_counts(const struct watchlist *w, const struct mention *x)
{
	const struct list_name *name = &w->names[x->name];
	enum watch_family family = (enum watch_family)name->alone;
	bool free = family == WATCH_FAMILY_CAPITALISED || family == WATCH_FAMILY_ALONE;
	return free && name->role == WATCH_ROLE_WEAK ? WATCH_FAMILY_CONTEXT : family;
}

/* Does it count when the item says no more than that? */
static inline bool
counts_alone(const struct watchlist *w, const struct mention *x)
{
	if (x->form != MENTION_BARE)
		return x->form == MENTION_FULL;
	enum watch_family family = family_counts(w, x);
	return !x->weak && (family == WATCH_FAMILY_CAPITALISED || family == WATCH_FAMILY_ALONE);
}

/* A family name alone counts for who is named in full in the same item; else when nobody else is meant by it and the user
 * wants it. */
static bool
counts(const struct watchlist *w, const struct mention *x, const struct evidence *e)
{
	uint32_t own = e[x->slot].says, name = e[x->family_slot].says;
	bool doubtful = (name & SAYS_DOUBTFUL) != 0, free = !x->weak && !((own | name) & SAYS_OTHER) && !doubtful;
	if (x->form != MENTION_BARE)
		return x->form == MENTION_FULL;
	switch (family_counts(w, x)) {
	case WATCH_FAMILY_NEVER:
		return false;
	case WATCH_FAMILY_AFTER_FULL:
		return own & SAYS_FULL;
	case WATCH_FAMILY_CONTEXT:
		return (own & SAYS_FULL) || ((own & SAYS_CONTEXT) && free);
	default:
		return free || ((own & SAYS_FULL) && ((name & SAYS_SURE) || !doubtful));
	}
}

/*
 * Keeps what counts. One word that is a name of several actors is the one who is named by more words of this family name elsewhere in the
 * item, if one is; of several such the one who was named so last.
 */
static void
drop_what_does_not_count(struct mentions *m, const struct watchlist *w, struct evidence *e)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->count;) {
		size_t end = place_end(m, i);
		uint32_t latest = 0;
		bool sure = false, shared = end - i > 1;
		for (size_t k = i; shared && k < end; k++) {
			const struct evidence *own = &e[m->items[k].family_slot];
			sure |= (own->says & SAYS_SURE) != 0;
			latest = own->latest > latest ? own->latest : latest;
		}
		for (; i < end; i++) {
			const struct mention *x = &m->items[i];
			struct evidence *own = &e[x->family_slot];
			bool named = x->several && x->form == MENTION_FULL;
			bool meant = !sure || named || x->topic || ((own->says & SAYS_SURE) && own->latest == latest);
			if (named)
				own->latest = (uint32_t)i + 1;
			if (meant && counts(w, x, e))
				m->items[kept++] = *x;
		}
	}
	m->count = kept;
}

/* `marks` of them, which are evidence, too, stand behind the mentions from `before` on. */
static bool
settle(struct mentions *m, const struct watchlist *w, size_t before, size_t marks)
{
	bool alone = marks == 0, apart = true, initials = false;
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		apart &= i == 0 || !same_place(x - 1, x);
		alone = alone && counts_alone(w, x);
		initials |= x->initial;
	}
	if (alone && apart)
		return true;
	if (initials)
		doubt_initials(m, w);
	for (size_t i = 0; i < m->count && initials; i++)
		m->items[i].form = m->items[i].doubted ? MENTION_BARE : m->items[i].form;
	if (marks > 0)
		memmove(m->items + m->count, m->items + before, marks * sizeof *m->items);
	struct evidence *e = gather(m->arena, w, m->items, m->count + marks);
	if (e == NULL)
		return false;
	for (size_t i = 0, end; i < m->count && !apart; i = end) {
		end = place_end(m, i);
		doubt_shared(w, m->items + i, end - i, e);
	}
	drop_what_does_not_count(m, w, e);
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
			struct mention *x = mentions_add(m);
			if (x == NULL)
				return m->arena->failed ? -1 : 0;
			*x = m->items[i];
			x->entity = w->members[at].group;
			x->rule = WATCH_RULE_MEMBER;
		}
	}
	return 0;
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

/* A group that is named by its own name where a member is, or by two members at once, is mentioned once. */
static int
fill(const struct mentions *m, const struct watchlist *w, struct watch_result *out, struct err *err)
{
	const struct mention *last = NULL;
	if (m->count == 0)
		return arena_check(m->arena, err);
	struct watch_mention *to = arena_alloc(m->arena, m->count * sizeof *to);
	out->hits = arena_alloc(m->arena, m->count * sizeof *out->hits);
	if (to == NULL || out->hits == NULL)
		return arena_check(m->arena, err);
	for (size_t i = 0; i < m->count; i++) {
		const struct mention *x = &m->items[i];
		if (last == NULL || last->entity != x->entity)
			out->hits[out->hit_count++] = (struct watch_hit){.entity = x->entity, .mentions = to};
		else if (same_place(last, x))
			continue;
		last = x;
		out->hits[out->hit_count - 1].mention_count++;
		*to++ = (struct watch_mention){.field = (enum watch_field)x->field,
		    .start = x->start,
		    .end = x->end,
		    .name = w->names[w->names[x->name].source].text,
		    .rule = watch_rule_word((enum watch_rule)x->rule),
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
	if (!drop_idle(m, w))
		return arena_check(m->arena, err);
	drop_covered(m);
	if (!settle(m, w, before, marks))
		return arena_check(m->arena, err);
	if (add_groups(m, w) < 0)
		return arena_check(m->arena, err);
	sort_mentions(m->items, m->count, by_entity);
	return fill(m, w, out, err);
}
