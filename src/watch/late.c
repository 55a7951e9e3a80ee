#include "watch/late.h"

#include <stdlib.h>

#define ROUNDS_MAX 16u
#define AGAIN_MAX 4u
#define ALONE_LOOK_BACK 16u
#define STANDING_FOR_ALL 2u /* two are enough for a family name to be in doubt */
#define TRIES_MAX 8u
#define MISSES_MAX 2u /* where the family name is no name of these it is none of the others' either */
#define GIVEN_MAX ((CANDIDATES_MAX + 1u) * (PERSON_LOOK_LEFT + 1u))
#define NODE_BITS 4096u
#define STEPS_MAX 1000000u /* looks at who is named elsewhere: a long text may name thousands of one family name */

struct late {
	struct list_bare *wanted; /* family names of who is named, by node */
	size_t count;
	uint64_t nodes[NODE_BITS / 64]; /* a bit per node of theirs */
	unsigned round;                 /* from 1 */
	unsigned steps;                 /* towards STEPS_MAX, after which no more are looked for */
	bool grew;                      /* there are mentions where none was before */
	bool takes_in;                  /* names take in what is part of them … */
	bool doubtful;                  /* … but of one it is not certain any more that it stays itself */
	bool alone;                     /* one who was not named turns out to be the only one with a family name */
	bool marked;                    /* there are marks, by which one of them may be taken away (enum watch_role) */
};

/* What is known of a word by the mentions of before. */
enum late_taken {
	TAKEN_LENGTH = 63, /* so many words follow it in the longest mention that begins with it, at most */
	TAKEN_IN = 1 << 6, /* a full name that stays began before it */
	TAKEN_ON = 1 << 7, /* any mention did */
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

static void
collect_given_at(struct field_match *f, const struct list_group *group, size_t word, struct given_names *g)
{
	const struct memo_answer *a = field_answer(f, word);
	for (size_t k = 0; k < a->count && g->count < GIVEN_MAX; k++) {
		uint32_t id = a->candidates[k].word;
		if (!(group->given >> (id & 63) & 1) || is_among(g, id))
			continue;
		g->ids[g->count++] = id;
		g->bits |= (uint64_t)1 << (id & 63);
	}
}

/* The words beside the family name that may be given names of these actors. */
static void
collect_given(struct field_match *f, const struct list_group *group, const struct field_visit *v, struct given_names *g)
{
	const struct person_beside *b = &v->beside;
	g->count = 0;
	g->bits = 0;
	for (unsigned i = 0; i < b->left; i++) {
		if (!(b->initials >> i & 1))
			collect_given_at(f, group, v->walk.first - b->apostrophe - 1 - i, g);
	}
	if (b->joined)
		collect_given_at(f, group, v->walk.first - 3, g);
}

static bool
initial_stands(const struct field_match *f, const struct field_visit *v, uint32_t given)
{
	const struct person_beside *b = &v->beside;
	bool stands = b->follows && person_initial_of(f, v->last + 1, given);
	for (unsigned i = 0; i < b->left && !stands; i++)
		stands = (b->initials >> i & 1) && person_initial_of(f, v->walk.first - b->apostrophe - 1 - i, given);
	return stands;
}

#define NOBODY SIZE_MAX

/* A family name that those of a group share, where it stands. */
struct standing {
	struct field_match *f;
	const struct list_group *group;
	const struct list_output *outputs; /* of the group */
	struct field_visit *v;
	/* Those beside whom nothing of theirs stands are all judged alike: once, and that is the place of the mention, or NOBODY. */
	bool judged;
	size_t alike;
};

static struct standing
standing_of(struct field_match *f, const struct list_group *group, struct field_visit *v)
{
	person_beside(f, v);
	return (struct standing){f, group, f->list->outputs + group->first, v, false, NOBODY};
}

static bool
report_alike(struct standing *s, const struct list_output *o)
{
	struct mentions *found = s->f->found;
	if (!s->judged) {
		size_t before = found->count;
		bool good = field_report(s->f, o, s->v);
		s->judged = true;
		s->alike = found->count > before ? before : NOBODY;
		return good;
	}
	if (s->alike == NOBODY)
		return true;
	struct mention *m = mentions_add(found);
	if (m == NULL)
		return false;
	*m = found->items[s->alike];
	m->name = o->name;
	m->entity = s->f->list->names[o->name].entity;
	return true;
}

static bool
report_of_group(struct standing *s, const struct list_output *o)
{
	bool own = person_may_be_beside(&s->v->beside, o->next) || s->v->walk.past;
	return own ? field_report(s->f, o, s->v) : report_alike(s, o);
}

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
report_unnamed(struct standing *s, const struct list_output *o)
{
	return field_is_named(s->f, o->name, s->v->last, &s->v->walk) || report_of_group(s, o);
}

static bool
report_given(struct standing *s, uint32_t given)
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
report_initial(struct standing *s, const struct list_output *o, uint32_t *given, size_t *some)
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
report_initials(struct standing *s, const struct given_names *given)
{
	bool good = true;
	for (uint32_t at = 0, end; good && at < s->group->count; at = end) {
		const struct list_output *first = &s->outputs[at];
		end = group_find(s, at, first->initial + 1u);
		if (!initial_stands(s->f, s->v, first->next))
			continue;
		uint32_t last = LIST_NONE;
		for (size_t some = 0; good && at < end && some < STANDING_FOR_ALL; at++)
			good = is_among(given, s->outputs[at].next) || report_initial(s, &s->outputs[at], &last, &some);
	}
	return good;
}

void
late_ask_for_named(struct field_match *f, const struct list_group *group, struct field_visit *v)
{
	struct given_names given;
	if (!(person_beside(f, v)->given & group->given))
		return;
	collect_given(f, group, v, &given);
	for (size_t i = 0; i < given.count; i++)
		list_ask_for_given(f->list, group, given.ids[i]);
}

bool
late_report_named(struct field_match *f, const struct list_group *group, struct field_visit *v)
{
	struct standing s = standing_of(f, group, v);
	struct given_names given;
	bool good = true;

	for (uint32_t i = 0; f->one_by_one && good && i < group->count; i++)
		good = field_is_named(f, s.outputs[i].name, v->last, &v->walk) || field_report(f, &s.outputs[i], v);
	if (f->one_by_one)
		return good;
	if (!(v->beside.given & group->given) && v->beside.initials == 0 && !v->beside.follows)
		return true;
	collect_given(f, group, v, &given);
	for (size_t i = 0; good && i < given.count; i++)
		good = report_given(&s, given.ids[i]);
	return good && ((v->beside.initials == 0 && !v->beside.follows) || report_initials(&s, &given));
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

/* ---- what a longer name takes in ---- */

static void
mark_taken_on(struct field_match *f, const struct mention *m)
{
	uint8_t *taken = f->taken + m->first_word;
	size_t length = m->last_word - m->first_word;
	if (length > TAKEN_LENGTH)
		length = TAKEN_LENGTH;
	if (length > (taken[0] & TAKEN_LENGTH))
		taken[0] = (uint8_t)((taken[0] & ~TAKEN_LENGTH) | length);
	for (size_t i = 1; i <= m->last_word - m->first_word; i++)
		taken[i] |= TAKEN_ON;
}

/* When all are marked so. */
static void
mark_taken_in(struct field_match *f, const struct mention *m)
{
	uint8_t *taken = f->taken + m->first_word;
	size_t length = m->last_word - m->first_word;
	bool stays = m->form == MENTION_FULL && !m->topic && !(taken[0] & TAKEN_ON) && length < TAKEN_LENGTH &&
	             length == (taken[0] & TAKEN_LENGTH);
	for (size_t i = 1; i <= length && stays; i++)
		taken[i] |= TAKEN_IN;
}

bool
late_is_taken_in(const struct field_match *f, size_t first, size_t last)
{
	bool in = f->late->takes_in && f->words.items[first].gap != TEXT_GAP_APOS;
	for (size_t i = first; i <= last && in; i++)
		in = (f->taken[i] & TAKEN_IN) != 0;
	return in;
}

/* Does a name that takes others in begin with the word? */
static bool
begins_taking_in(const struct field_match *f, size_t word)
{
	return !(f->taken[word] & TAKEN_IN) && word + 1 < f->words.count && (f->taken[word + 1] & TAKEN_IN);
}

/* Might a mention that was added make such a name yield? */
static bool
may_take_in(const struct field_match *f, const struct mention *m)
{
	bool may =
	    m->form >= MENTION_MARKS || (begins_taking_in(f, m->first_word) &&
	                                    m->last_word - m->first_word > (f->taken[m->first_word] & TAKEN_LENGTH));
	for (size_t i = m->first_word + 1u; i <= m->last_word && !may; i++)
		may = begins_taking_in(f, i);
	return may;
}

/* ---- one family name ---- */

/* Takes note of the mention that was added, if one was. */
static void
note_added(struct field_match *f, size_t before)
{
	if (f->found->count == before)
		return;
	const struct mention *m = &f->found->items[before];
	for (size_t i = m->first_word; i <= m->last_word; i++)
		f->late->grew |= f->hot[i] == 0;
	f->late->doubtful |= f->late->takes_in && may_take_in(f, m);
	mark_hot(f, m, f->late->round + 1);
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

/* Is it one of those that are wanted of a node? Both go on in order: *at is the first of them that was not passed, or NULL. */
static bool
is_wanted(struct late *late, uint32_t node, const struct list_bare **at, uint32_t output)
{
	const struct list_bare *b = *at, *end = late->wanted + late->count;
	for (late->steps++; b != NULL && b < end && b->node == node && b->output < output; late->steps++)
		b++;
	*at = b;
	return b != NULL && b < end && b->node == node && b->output == output;
}

/* Do they stand in the same place, and neither more surely than the other? */
static bool
is_alike(const struct mention *x, const struct mention *y)
{
	return x->form == y->form && x->field == y->field && x->first_word == y->first_word &&
	       x->last_word == y->last_word && x->cost == y->cost && x->equal == y->equal && x->rule == y->rule;
}

/*
 * Is it the only mention of such a family name there? The others who have it were named in another way. Those of the same place were
 * just found, but for a few: of them it is enough that the item is gone through once more.
 */
static bool
is_alone(const struct mentions *found, size_t at, bool marked)
{
	const struct mention *x = &found->items[at];
	const size_t end = found->count > ALONE_LOOK_BACK ? found->count - ALONE_LOOK_BACK : 0;
	bool alone = x->form == MENTION_BARE && !x->weak;
	for (size_t i = found->count; i-- > end && alone && !marked;)
		alone = i == at || !is_alike(x, &found->items[i]);
	return alone;
}

/* Two who share the family name and are not named here. */
static bool
report_some(struct standing *s, const struct list_bare *wanted)
{
	const struct mentions *found = s->f->found;
	unsigned some = 0, tries = 0, misses = 0;
	size_t last = 0;
	for (uint32_t i = 0; i < s->group->count && some < STANDING_FOR_ALL && tries < TRIES_MAX && misses < MISSES_MAX;
	     i++) {
		bool named = is_wanted(s->f->late, s->v->node, &wanted, s->group->first + i);
		if (s->f->late->steps > STEPS_MAX)
			return false;
		if (named)
			continue;
		size_t before = found->count;
		if (!report_of_group(s, &s->outputs[i]))
			return false;
		note_added(s->f, before);
		bool any = found->count > before, bare = any && found->items[before].form != MENTION_FULL;
		some += bare;
		last = bare ? before : last;
		misses += !any;
		tries++;
	}
	s->f->late->alone |= some == 1 && is_alone(found, last, s->f->late->marked);
	return true;
}

/* Those of the group who are named elsewhere. */
static bool
report_wanted(struct standing *s, const struct list_bare *wanted)
{
	struct late *late = s->f->late;
	for (const struct list_bare *b = wanted; b < late->wanted + late->count && b->node == wanted->node; b++) {
		size_t before = s->f->found->count;
		if (late->steps++ > STEPS_MAX)
			return false;
		if (b->output - s->group->first < s->group->count && !report_unnamed(s, &s->f->list->outputs[b->output]))
			return false;
		note_added(s->f, before);
	}
	return true;
}

/* What alone is no more than evidence, and nobody shares, was not reported before. */
static bool
report_mere(struct field_match *f, struct field_visit *v, const struct list_bare *wanted)
{
	for (const struct list_bare *b = wanted; b < f->late->wanted + f->late->count && b->node == wanted->node; b++) {
		const struct list_output *o = &f->list->outputs[b->output];
		size_t before = f->found->count;
		if (f->late->steps++ > STEPS_MAX)
			return false;
		if (!b->grouped && !field_is_named(f, o->name, v->last, &v->walk) && !field_report(f, o, v))
			return false;
		note_added(f, before);
	}
	return true;
}

/* Is any of them one of several who share the family name? */
static bool
is_grouped(const struct late *late, const struct list_bare *wanted)
{
	bool is = false;
	const struct list_bare *end = late->wanted + late->count;
	for (const struct list_bare *b = wanted; b < end && b->node == wanted->node && !is; b++)
		is = b->grouped;
	return is;
}

bool
late_is_node_wanted(const struct field_match *f, uint32_t node)
{
	return (f->late->nodes[node % NODE_BITS / 64] >> (node % 64) & 1) != 0;
}

/* The first word on which the family name stands: O'Hara begins with the letter. */
static size_t
first_standing(const struct field_visit *v)
{
	return v->walk.first - v->beside.apostrophe;
}

bool
late_is_wanted(const struct field_match *f, const struct field_visit *v)
{
	bool wanted = late_is_node_wanted(f, v->node);
	bool alone = v->beside.initials == 0 && !v->beside.follows && !v->walk.past;
	for (size_t i = first_standing(v); i <= v->last && !wanted; i++)
		wanted = f->hot[i] == f->late->round;
	return wanted && !(alone && late_is_taken_in(f, v->walk.first, v->last));
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
late_report(struct field_match *f, struct field_visit *v)
{
	const struct watchlist *w = f->list;
	const struct list_bare *wanted = first_wanted(f->late, v->node);
	bool first = f->late->round == 1 && wanted != NULL;
	bool some = !v->mere && (is_hot(f, first_standing(v), v->last) || (first && is_grouped(f->late, wanted)));

	if (first && v->mere && !report_mere(f, v, wanted))
		return false;
	uint32_t shared = list_ends_kind(v->ends) == LIST_ENDS_SHARED ? list_ends_at(v->ends) : LIST_NONE;
	for (uint32_t o = shared; o != LIST_NONE && (first || some); o = w->outputs[o].next) {
		if (w->outputs[o].form != LIST_FORM_SHARED)
			continue;
		struct standing s = standing_of(f, &w->groups[w->outputs[o].name], v);
		if ((first && !report_wanted(&s, wanted)) || (some && !report_some(&s, wanted)))
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
			__builtin_prefetch(&w->outputs[w->bare[at].output]);
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

/* The first of those who share a family name that waits, if anything is to be known of it; else NULL. */
static const struct list_output *
first_of_some(const struct field_match *f, const struct field_visit *v)
{
	const struct watchlist *w = f->list;
	if (list_ends_kind(v->ends) != LIST_ENDS_SHARED || !late_is_wanted(f, v))
		return NULL;
	const struct list_output *o = &w->outputs[list_ends_at(v->ends)];
	return o->form == LIST_FORM_SHARED ? &w->outputs[w->groups[o->name].first] : NULL;
}

/* Before the waiting family names of a long list are gone through: two of those who share each, as report_some() takes them. */
static void
ask_for_some(const struct field_match *f)
{
	for (size_t i = 0; i < f->visit_count; i++)
		__builtin_prefetch(first_of_some(f, &f->visits[i]));
	for (size_t i = 0; i < f->visit_count; i++) {
		const struct list_output *first = first_of_some(f, &f->visits[i]);
		for (unsigned k = 0; k < STANDING_FOR_ALL && first != NULL; k++)
			__builtin_prefetch(&f->list->names[first[k].name]);
	}
}

/* May there be anything to be known of what waits in a field? Mostly there is not. */
static bool
is_any_wanted(const struct field_match *f)
{
	bool any = false;
	for (size_t i = 0; i < f->visit_count && !any; i++)
		any = late_is_wanted(f, &f->visits[i]);
	for (size_t i = 0; i < f->mere_count && !any; i++) {
		const struct field_mere *m = &f->mere[i];
		for (uint32_t k = 0; k < m->count; k++)
			any |= (m->candidates[k].use & MEMO_MERE) && late_is_node_wanted(f, m->candidates[k].child);
	}
	return any;
}

/* Marks on which words the mentions lie that there are before the first round. */
static bool
mark_found(struct field_match fields[WATCH_FIELD_COUNT], struct late *late, const struct mentions *found, size_t count,
    struct arena *arena)
{
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		struct field_match *f = &fields[i];
		if (f->words.count == 0)
			continue;
		f->late = late;
		f->hot = arena_zalloc(arena, f->words.count, 2);
		if (f->hot == NULL)
			return false;
		f->taken = f->hot + f->words.count;
	}
	for (size_t i = 0; i < count; i++) {
		mark_hot(&fields[found->items[i].field], &found->items[i], 1);
		mark_taken_on(&fields[found->items[i].field], &found->items[i]);
		late->marked |= found->items[i].form >= MENTION_MARKS;
	}
	late->takes_in &= !late->marked;
	for (size_t i = 0; i < count && late->takes_in; i++)
		mark_taken_in(&fields[found->items[i].field], &found->items[i]);
	return true;
}

static void
go_round(struct field_match fields[WATCH_FIELD_COUNT], struct late *late)
{
	bool good = true;
	do {
		late->grew = false;
		for (int i = 0; i < WATCH_FIELD_COUNT && good; i++)
			good = fields[i].words.count == 0 || field_review(&fields[i], late->round > 1);
	} while (good && late->grew && !late->doubtful && ++late->round <= ROUNDS_MAX);
}

/* Once more from the beginning, also for who was found meanwhile. */
static bool
begin_again(struct field_match fields[WATCH_FIELD_COUNT], struct late *late, const struct watchlist *w,
    struct mentions *found, size_t before, struct arena *arena)
{
	*late = (struct late){.round = 1, .takes_in = late->takes_in && !late->doubtful};
	if (!collect_wanted(late, w, found, arena))
		return false;
	order_wanted(late);
	found->count = before;
	return mark_found(fields, late, found, before, arena);
}

void
late_match(struct field_match fields[WATCH_FIELD_COUNT], const struct watchlist *w, struct mentions *found,
    struct arena *arena)
{
	struct late late = {.round = 1, .takes_in = true};
	size_t before = found->count, waiting = 0;
	bool any = false;

	for (int i = 0; i < WATCH_FIELD_COUNT; i++)
		waiting += fields[i].words.count > 0 ? fields[i].visit_count + fields[i].mere_count : 0;
	if (waiting == 0 || !collect_wanted(&late, w, found, arena) || !mark_found(fields, &late, found, before, arena))
		return;
	for (int i = 0; i < WATCH_FIELD_COUNT && !any; i++)
		any = fields[i].words.count > 0 && is_any_wanted(&fields[i]);
	if (!any)
		return;
	order_wanted(&late);
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		if (fields[i].words.count > 0)
			ask_for_some(&fields[i]);
	}
	go_round(fields, &late);
	for (unsigned i = 0; i < AGAIN_MAX && (late.doubtful || late.alone); i++) {
		if (!begin_again(fields, &late, w, found, before, arena))
			return;
		go_round(fields, &late);
	}
}
