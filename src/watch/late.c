#include "watch/late.h"

#include <stdlib.h>

#define ROUNDS_MAX 16u
#define STANDING_FOR_ALL 2u /* two are enough for a family name to be in doubt */
#define TRIES_MAX 8u
#define MISSES_MAX 2u /* where the family name is no name of these it is none of the others' either */
#define GIVEN_MAX ((CANDIDATES_MAX + 1u) * (PERSON_LOOK_LEFT + 1u))
#define NODE_BITS 4096u

struct late {
	struct list_bare *wanted; /* family names of who is named, by node */
	size_t count;
	uint64_t nodes[NODE_BITS / 64]; /* a bit per node of theirs */
	unsigned round;                 /* from 1 */
	bool grew;                      /* there are mentions where none was before */
};

/* ---- the first time ---- */

struct given_names {
	uint32_t ids[GIVEN_MAX]; /* each once */
	size_t count;
	uint64_t bits;
};

static bool
is_among(const struct given_names *g, uint32_t id)
{
	bool is = false;
	for (size_t i = 0; (g->bits >> (id & 63) & 1) && i < g->count && !is; i++)
		is = g->ids[i] == id;
	return is;
}

/* The words beside the family name that may be given names of these actors. */
static void
collect_given(
    struct field_match *f, const struct list_group *group, const struct person_beside *beside, struct given_names *g)
{
	g->count = 0;
	g->bits = 0;
	for (size_t i = 0; i < beside->word_count; i++) {
		const struct memo_answer *a = field_answer(f, beside->words[i]);
		for (size_t k = 0; k < a->count && g->count < GIVEN_MAX; k++) {
			uint32_t id = a->candidates[k].word;
			if (!(group->given >> (id & 63) & 1) || is_among(g, id))
				continue;
			list_ask_for_given(f->list, group, id);
			g->ids[g->count++] = id;
			g->bits |= (uint64_t)1 << (id & 63);
		}
	}
}

static bool
initial_stands(const struct field_match *f, const struct person_beside *beside, uint32_t given)
{
	for (size_t i = 0; i < beside->initial_count; i++) {
		if (person_initial_of(f, beside->initials[i], given))
			return true;
	}
	return false;
}

/* A family name that stands at words walk->first..last. */
struct standing {
	struct field_match *f;
	const struct list_group *group;
	const struct list_output *outputs; /* of the group */
	uint32_t list_word;
	size_t last;
	const struct walk *walk;
};

/* The first of the group from `at` on whose given name begins like this or comes after. */
static uint32_t
group_find(const struct standing *s, uint32_t at, uint32_t initial)
{
	uint32_t end = s->group->count;
	while (at < end) {
		uint32_t mid = at + (end - at) / 2;
		if (s->outputs[mid].initial < initial)
			at = mid + 1;
		else
			end = mid;
	}
	return at;
}

static bool
report_unnamed(const struct standing *s, const struct list_output *o)
{
	return field_is_named(s->f, o->name, s->last, s->walk) || field_report(s->f, o, s->list_word, s->last, s->walk);
}

static bool
report_given(const struct standing *s, uint32_t given)
{
	bool good = true;
	const struct list_output *outputs = s->f->list->outputs;
	uint32_t at = list_find_given(s->f->list, s->group, given), end = s->group->first + s->group->count;
	for (; good && at < end && outputs[at].next == given; at++)
		good = report_unnamed(s, &outputs[at]);
	return good;
}

/* Reports one that an initial may stand for; when it does, counts the given name, if it is another than the last. */
static bool
report_initial(const struct standing *s, const struct list_output *o, uint32_t *given, size_t *some)
{
	const struct mentions *found = s->f->found;
	size_t before = found->count;
	bool good = report_unnamed(s, o);
	if (found->count > before && found->items[before].initial && o->next != *given) {
		*given = o->next;
		++*some;
	}
	return good;
}

/*
 * Those whose given name an initial stands for, but for those that were found by it. Of those whose names begin alike two given names
 * are enough: then it is nobody's who is not named in full, and who is has his turn the second time.
 */
static bool
report_initials(const struct standing *s, const struct person_beside *beside, const struct given_names *given)
{
	bool good = true;
	for (uint32_t at = 0, end; good && at < s->group->count; at = end) {
		const struct list_output *first = &s->outputs[at];
		end = group_find(s, at, first->initial + 1u);
		if (!initial_stands(s->f, beside, first->next))
			continue;
		uint32_t last = LIST_NONE;
		for (size_t some = 0; good && at < end && some < STANDING_FOR_ALL; at++)
			good = is_among(given, s->outputs[at].next) || report_initial(s, &s->outputs[at], &last, &some);
	}
	return good;
}

bool
late_report_named(
    struct field_match *f, const struct list_group *group, uint32_t list_word, size_t last, const struct walk *walk)
{
	const struct standing s = {f, group, f->list->outputs + group->first, list_word, last, walk};
	struct person_beside beside;
	struct given_names given;
	bool good = true;

	for (uint32_t i = 0; f->one_by_one && good && i < group->count; i++)
		good = report_unnamed(&s, &s.outputs[i]);
	if (f->one_by_one)
		return good;
	person_beside(f, walk->first, last, &beside);
	collect_given(f, group, &beside, &given);
	for (size_t i = 0; good && i < given.count; i++)
		good = report_given(&s, given.ids[i]);
	return good && (beside.initial_count == 0 || report_initials(&s, &beside, &given));
}

/* ---- the second time ---- */

static int
by_node(const void *a, const void *b)
{
	const struct list_bare *x = a, *y = b;
	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return x->output < y->output ? -1 : x->output > y->output;
}

#define SORT_FEW 24u

/* An item wants a handful: that is not worth a call for every comparison. */
static void
sort_wanted(struct list_bare *items, size_t count)
{
	if (count > SORT_FEW) {
		qsort(items, count, sizeof *items, by_node);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct list_bare x = items[i];
		size_t at = i;
		for (; at > 0 && by_node(&items[at - 1], &x) > 0; at--)
			items[at] = items[at - 1];
		items[at] = x;
	}
}

static void
mark_hot(struct field_match *f, const struct mention *m, unsigned round)
{
	for (size_t i = m->first_word; i <= m->last_word; i++) {
		if (f->hot[i] == 0)
			f->hot[i] = (uint8_t)round;
	}
}

/* Reports one; what it adds is taken note of. */
static bool
report_one(struct field_match *f, const struct list_output *o, uint32_t list_word, size_t last, const struct walk *walk)
{
	size_t before = f->found->count;
	bool good = field_report(f, o, list_word, last, walk);
	if (f->found->count == before)
		return good;
	const struct mention *m = &f->found->items[before];
	for (size_t i = m->first_word; i <= m->last_word; i++)
		f->late->grew |= f->hot[i] == 0;
	mark_hot(f, m, f->late->round + 1);
	return good;
}

static const struct list_bare *
first_wanted(const struct late *late, uint32_t node)
{
	size_t at = 0, end = late->count;
	if (!(late->nodes[node % NODE_BITS / 64] >> (node % 64) & 1))
		return NULL;
	while (at < end) {
		size_t mid = (at + end) / 2;
		if (late->wanted[mid].node < node)
			at = mid + 1;
		else
			end = mid;
	}
	return at < late->count && late->wanted[at].node == node ? &late->wanted[at] : NULL;
}

static bool
is_wanted(const struct late *late, const struct list_bare *first, uint32_t output)
{
	for (const struct list_bare *b = first; b != NULL && b < late->wanted + late->count && b->node == first->node;
	     b++) {
		if (b->output == output)
			return true;
	}
	return false;
}

/* Two who share the family name and are not named here. */
static bool
report_some(struct field_match *f, const struct list_group *g, const struct list_bare *wanted, uint32_t list_word,
    size_t last, const struct walk *walk)
{
	unsigned some = 0, tries = 0, misses = 0;
	for (uint32_t i = 0; i < g->count && some < STANDING_FOR_ALL && tries < TRIES_MAX && misses < MISSES_MAX; i++) {
		if (is_wanted(f->late, wanted, g->first + i))
			continue;
		size_t before = f->found->count;
		if (!report_one(f, &f->list->outputs[g->first + i], list_word, last, walk))
			return false;
		bool any = f->found->count > before;
		some += any && f->found->items[before].form != MENTION_FULL;
		misses += !any;
		tries++;
	}
	return true;
}

bool
late_is_node_wanted(const struct field_match *f, uint32_t node)
{
	return (f->late->nodes[node % NODE_BITS / 64] >> (node % 64) & 1) != 0;
}

bool
late_is_wanted(const struct field_match *f, const struct field_visit *v)
{
	bool wanted = late_is_node_wanted(f, v->node);
	for (size_t i = v->walk.first; i <= v->last && !wanted; i++)
		wanted = f->hot[i] == f->late->round;
	return wanted;
}

/* Does a mention lie on any of the words, since this round? */
static bool
is_hot(const struct field_match *f, size_t first, size_t last)
{
	bool hot = false;
	for (size_t i = first; i <= last; i++) {
		if (f->hot[i] != 0 && f->hot[i] < f->late->round)
			return false; /* was looked at before */
		hot |= f->hot[i] == f->late->round;
	}
	return hot;
}

bool
late_report(struct field_match *f, const struct field_visit *v)
{
	const struct watchlist *w = f->list;
	const struct list_bare *wanted = first_wanted(f->late, v->node), *end = f->late->wanted + f->late->count;
	bool hot = is_hot(f, v->walk.first, v->last), any = false;

	/* what could only be evidence was not reported before */
	for (const struct list_bare *b = wanted; f->late->round == 1 && b != NULL && b < end && b->node == v->node;
	     b++) {
		const struct list_output *o = &w->outputs[b->output];
		any |= b->grouped;
		if ((b->grouped || v->mere) && !field_is_named(f, o->name, v->last, &v->walk) &&
		    !report_one(f, o, v->list_word, v->last, &v->walk))
			return false;
	}
	if (v->mere || !(hot || any))
		return true;
	for (uint32_t o = list_output(w, v->node); o != LIST_NONE; o = w->outputs[o].next) {
		const struct list_output *out = &w->outputs[o];
		if (out->form == LIST_FORM_SHARED &&
		    !report_some(f, &w->groups[out->name], wanted, v->list_word, v->last, &v->walk))
			return false;
	}
	return true;
}

/* The family names of all that were mentioned, in any order. */
static bool
collect_wanted(struct late *late, const struct watchlist *w, const struct mentions *found, struct arena *arena)
{
	size_t cap = 0;
	for (size_t i = 0; i < found->count; i++) {
		uint32_t at = found->items[i].entity;
		bool again = (i > 0 && found->items[i - 1].entity == at) || w->bare[at].node == LIST_NONE;
		for (; !again && at != LIST_NONE; at = w->bare[at].next) {
			struct list_bare *grown = arena_grow(arena, late->wanted, &cap, late->count, sizeof *grown);
			if (grown == NULL)
				return false;
			late->wanted = grown;
			late->wanted[late->count++] = w->bare[at];
			uint32_t node = w->bare[at].node;
			late->nodes[node % NODE_BITS / 64] |= (uint64_t)1 << (node % 64);
		}
	}
	return true;
}

/* In order, each once. */
static void
order_wanted(struct late *late)
{
	size_t kept = 0;
	sort_wanted(late->wanted, late->count);
	for (size_t i = 0; i < late->count; i++) {
		if (kept == 0 || late->wanted[kept - 1].output != late->wanted[i].output)
			late->wanted[kept++] = late->wanted[i];
	}
	late->count = kept;
}

/* May there be anything to be known of what waits in a field? Mostly there is not. */
static bool
is_any_wanted(const struct field_match *f)
{
	bool any = f->visit_count > 0;
	for (size_t i = 0; i < f->mere_count; i++) {
		const struct field_mere *m = &f->mere[i];
		for (uint32_t k = 0; k < m->count; k++)
			any |= (m->candidates[k].use & MEMO_MERE) && late_is_node_wanted(f, m->candidates[k].child);
	}
	return any;
}

void
late_match(struct field_match fields[WATCH_FIELD_COUNT], const struct watchlist *w, struct mentions *found,
    struct arena *arena)
{
	struct late late = {.round = 1};
	size_t before = found->count, waiting = 0;
	bool any = false;

	for (int i = 0; i < WATCH_FIELD_COUNT; i++)
		waiting += fields[i].words.count > 0 ? fields[i].visit_count + fields[i].mere_count : 0;
	if (waiting == 0 || !collect_wanted(&late, w, found, arena))
		return;
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		fields[i].late = &late;
		any |= fields[i].words.count > 0 && is_any_wanted(&fields[i]);
	}
	if (!any)
		return;
	order_wanted(&late);
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		if (fields[i].words.count == 0)
			continue;
		fields[i].hot = arena_zalloc(arena, fields[i].words.count, 1);
		if (fields[i].hot == NULL)
			return;
	}
	for (size_t i = 0; i < before; i++)
		mark_hot(&fields[found->items[i].field], &found->items[i], 1);
	for (bool good = true; good && late.round <= ROUNDS_MAX; late.round++) {
		late.grew = false;
		for (int i = 0; i < WATCH_FIELD_COUNT && good; i++)
			good = fields[i].words.count == 0 || field_review(&fields[i], late.round > 1);
		if (!late.grew)
			return;
	}
}
