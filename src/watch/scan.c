/*
 * Going through a field: from words at which a name may begin (starts) to nodes of the trie that their names come to (visits) to
 * what ends there. Every step goes through all there are of a kind and asks for the memory that the next step reads, because in
 * a long list nearly all of it is new to the cache.
 */
#include "watch/field.h"
#include "watch/late.h"
#include "watch/sift.h"

/* What may stand between the words of a name whatever the name itself has there. */
#define GAPS_ALWAYS (TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_APOS | TEXT_GAP_MIDDOT)
#define ABBREVIATION_MAX 3u /* folded bytes of a word that a full stop may follow inside a name */
#define STEPS_MAX 4096u     /* ways through the trie that are tried from one word */
#define EDGES_ASKED 512u    /* that are asked for ahead */

/* ---- what stands as it is listed ---- */

void
field_add_named(struct field_match *f, const struct field_named *named)
{
	struct field_named *grown = arena_grow(f->arena, f->named, &f->named_cap, f->named_count, sizeof *grown);
	if (grown == NULL)
		return;
	f->named = grown;
	if (f->named_count == 0 || grown[f->named_count - 1].last <= named->last)
		grown[f->named_count++] = *named;
}

bool
field_is_named(const struct field_match *f, uint32_t name, size_t last, const struct walk *walk)
{
	size_t at = 0, end = f->named_count;
	bool is = false;
	while (at < end) {
		size_t mid = (at + end) / 2;
		if (f->named[mid].last < last)
			at = mid + 1;
		else
			end = mid;
	}
	for (; at < f->named_count && f->named[at].last == last && !is; at++)
		is = f->named[at].name == name && f->named[at].first + 1 == walk->first;
	return is;
}

/* ---- what ends at a node ---- */

static bool
report_outputs(struct field_match *f, struct field_visit *v)
{
	const struct watchlist *w = f->list;
	if (list_ends_plainly(v->ends)) {
		const struct list_output only = {
		    .name = list_ends_at(v->ends), .next = LIST_NONE, .form = (uint8_t)list_ends_kind(v->ends)};
		if (only.form == LIST_FORM_BARE && field_is_named(f, only.name, v->last, &v->walk))
			return true;
		return field_report(f, &only, v);
	}
	for (uint32_t o = list_ends_at(v->ends); o != LIST_NONE; o = w->outputs[o].next) {
		const struct list_output *out = &w->outputs[o];
		if (out->form == LIST_FORM_BARE && field_is_named(f, out->name, v->last, &v->walk))
			continue;
		bool good = out->form == LIST_FORM_SHARED ? late_report_named(f, &w->groups[out->name], v)
		                                          : field_report(f, out, v);
		if (!good)
			return false;
	}
	return true;
}

#define OUTPUTS_ASKED 4u /* of a node: mostly there is only one */

/* Before that: what a visit asked for itself is the name when that is plain, else the first of the outputs. */
static void
ask_for_names(struct field_match *f, struct field_visit *v)
{
	const struct watchlist *w = f->list;
	uint32_t o = list_ends_plainly(v->ends) ? LIST_NONE : list_ends_at(v->ends);
	for (unsigned i = 0; i < OUTPUTS_ASKED && o != LIST_NONE; o = w->outputs[o].next, i++) {
		const struct list_output *out = &w->outputs[o];
		const void *named =
		    out->form == LIST_FORM_SHARED ? (const void *)&w->groups[out->name] : &w->names[out->name];
		__builtin_prefetch(named);
	}
}

static void
ask_for_text(const struct watchlist *w, const struct list_name *name)
{
	__builtin_prefetch(name->text.s);
	__builtin_prefetch(&w->bare[name->entity]);
}

static void
ask_for_texts(struct field_match *f, struct field_visit *v)
{
	const struct watchlist *w = f->list;
	uint32_t o = list_ends_at(v->ends);
	if (list_ends_plainly(v->ends)) {
		ask_for_text(w, &w->names[o]);
		return;
	}
	for (unsigned i = 0; i < OUTPUTS_ASKED && o != LIST_NONE; o = w->outputs[o].next, i++) {
		const struct list_output *out = &w->outputs[o];
		if (out->form == LIST_FORM_SHARED)
			late_ask_for_named(f, &w->groups[out->name], v);
		else
			ask_for_text(w, &w->names[out->name]);
	}
}

/* Leaves out the visits to nodes where nothing ends. */
static void
sift_visits(struct field_match *f)
{
	size_t count = f->put_by;
	for (size_t i = f->put_by; i < f->visit_count; i++) {
		if (f->visits[i].ends != LIST_ENDS_NONE)
			f->visits[count++] = f->visits[i];
	}
	f->visit_count = count;
}

/* What ends at the nodes that were come to. What cannot be more than evidence waits until it is known about whom (late.h). */
static bool
report_visits(struct field_match *f)
{
	size_t end = f->visit_count;
	f->visit_count = f->put_by;
	for (size_t i = f->put_by; i < end; i++) {
		struct field_visit v = f->visits[i];
		if (!report_outputs(f, &v))
			return false;
		if (list_ends_kind(v.ends) == LIST_ENDS_SHARED)
			f->visits[f->put_by++] = v;
	}
	f->visit_count = f->put_by;
	return true;
}

/* ---- from words to nodes ---- */

static bool
gap_allowed(const struct field_match *f, size_t at, uint16_t extra)
{
	uint16_t allowed = GAPS_ALWAYS | extra;
	if (f->words.items[at - 1].fold_len <= ABBREVIATION_MAX || f->words.items[at].gap == TEXT_GAP_DOT)
		allowed |= TEXT_GAP_DOT;
	return (f->words.items[at].gap & ~allowed) == 0;
}

static struct walk
walk_with(const struct walk *walk, const struct candidate *c)
{
	return (struct walk){.first = walk->first,
	    .begins = walk->begins != LIST_NONE ? walk->begins : c->word,
	    .cost = walk->cost + c->cost,
	    .rule = bolder(walk->rule, (enum watch_rule)c->rule),
	    .equal = walk->equal && c->equal,
	    .past = walk->past,
	    .bent = walk->bent + c->bent,
	    .respelt = walk->respelt + c->respelt,
	    .slips = walk->slips + c->slip,
	    .kins = walk->kins + c->kin,
	    .kin = c->kin ? c->word : walk->kin};
}

static bool
visit(struct field_match *f, const struct field_visit *v)
{
	const struct watchlist *w = f->list;
	struct field_visit *grown = arena_grow(f->arena, f->visits, &f->visit_cap, f->visit_count, sizeof *grown);
	if (grown == NULL)
		return false;
	uint32_t at = list_ends_at(v->ends); /* of LIST_ENDS_NONE none, and nothing is read */
	__builtin_prefetch(list_ends_plainly(v->ends) ? (const void *)&w->names[at] : &w->outputs[at]);
	__builtin_prefetch(&w->words[v->list_word]);
	f->visits = grown;
	f->visits[f->visit_count++] = *v;
	return true;
}

static bool walk_past(struct field_match *f, uint32_t node, size_t at, const struct walk *walk);

/* All ways on from a node that is not the root. */
static bool
walk_on(struct field_match *f, uint32_t node, size_t at, const struct walk *walk)
{
	if (at >= f->words.count)
		return true;
	const struct memo_answer a = *field_answer(f, at);
	for (size_t i = 0; i < a.count; i++) {
		const struct candidate *c = &a.candidates[i];
		const struct list_edge *e = list_find_edge(f->list, node, c->word);
		if (e == NULL)
			continue;
		if (!gap_allowed(f, at, e->gaps))
			continue;
		if (f->steps == 0)
			return true;
		f->steps--;
		const struct field_visit v = {.walk = walk_with(walk, c),
		    .node = e->child,
		    .ends = e->ends,
		    .list_word = c->word,
		    .last = (uint32_t)at};
		if (!visit(f, &v) || (e->goes_on && !walk_on(f, e->child, at + 1, &v.walk)))
			return false;
	}
	return at != walk->first + 1 || !(a.flags & MEMO_FATHER) || walk_past(f, node, at, walk);
}

/*
 * Past the father's name behind the given name, which a list mostly leaves out. In small letters where others have capitals it is no
 * name.
 */
static bool
walk_past(struct field_match *f, uint32_t node, size_t at, const struct walk *walk)
{
	struct walk next = *walk;
	uint8_t flags = f->words.items[at].flags;
	if ((flags & TEXT_WORD_CASED) && !(flags & TEXT_WORD_CAPITAL) && f->words.has_capitals)
		return true;
	next.rule = bolder(next.rule, WATCH_RULE_ORDER);
	next.past = true;
	return !gap_allowed(f, at, 0) || walk_on(f, node, at + 1, &next);
}

/* Remembers a word that alone can only be evidence, until it is known who is named. */
static bool
put_by_word(struct field_match *f, uint32_t word, const struct memo_answer *a)
{
	struct field_mere *grown = arena_grow(f->arena, f->mere, &f->mere_cap, f->mere_count, sizeof *grown);
	if (grown == NULL)
		return false;
	f->mere = grown;
	f->mere[f->mere_count++] = (struct field_mere){.word = word, .count = a->count, .candidates = a->candidates};
	return true;
}

/* All ways that begin with one of these words of the list, of which some are good for what `flags` says. */
static bool
walk_from(struct field_match *f, const struct field_start *start, unsigned flags, const struct candidate *candidates,
    size_t count)
{
	struct walk none = {.first = start->word, .begins = LIST_NONE, .rule = WATCH_RULE_FOLD, .equal = true};
	unsigned use = MEMO_LONE | (start->closed ? 0u : MEMO_ON) | (f->one_by_one ? MEMO_MERE : 0u);

	f->steps = STEPS_MAX;
	for (size_t i = 0; (flags & use) && i < count; i++) {
		const struct candidate *c = &candidates[i];
		unsigned good = c->use & use;
		const struct field_visit v = {.walk = walk_with(&none, c),
		    .node = c->child,
		    .ends = c->ends,
		    .list_word = c->word,
		    .last = start->word,
		    .mere = (good & MEMO_MERE) != 0};
		if ((good & (MEMO_LONE | MEMO_MERE)) && !visit(f, &v))
			return false;
		if ((good & MEMO_ON) && !walk_on(f, c->child, start->word + 1u, &v.walk))
			return false;
	}
	return true;
}

/* What is known of the word behind is near. */
static void
know_next(struct field_match *f, const struct field_start *start)
{
	field_know(f, start->word + 1u, start->next);
}

/* The names that begin with a word in small letters, which must be spelt as in the list. */
static bool
match_small(struct field_match *f, const struct field_start *start)
{
	const struct text_word *word = &f->words.items[start->word];
	struct memo_answer a;
	memo_find_spelt(f->memo, f->list, text_word_fold(&f->words, word), word->hash, start->key, &a);
	if (a.id == LIST_NONE)
		return true;
	uint32_t child = f->list->words[a.id].child;
	struct candidate same = {.word = a.id,
	    .child = child,
	    .ends = list_ends(f->list, child),
	    .rule = WATCH_RULE_FOLD,
	    .equal = true,
	    .use = a.flags};
	know_next(f, start);
	return walk_from(f, start, a.flags, &same, 1);
}

/* The names that begin at a word that may be any form of theirs. */
static bool
match_forms(struct field_match *f, const struct field_start *start)
{
	struct memo_answer a;
	if (!memo_at(f->memo, start->place, &a))
		a = *field_answer(f, start->word);
	if ((a.flags & MEMO_MERE) && !f->one_by_one && !put_by_word(f, start->word, &a))
		return false;
	know_next(f, start);
	return walk_from(f, start, a.flags, a.candidates, a.count);
}

/* ---- all steps ---- */

#define STARTS_MAX 1024u  /* of all fields … */
#define STRETCHES_MAX 64u /* … in so many stretches */

struct stretch {
	struct field_match *field;
	struct field_start *starts;
	size_t count;
};

struct edges_asked {
	uint64_t hashes[EDGES_ASKED];
	size_t count, at, kept;
};

struct pass {
	const struct watchlist *list;
	struct watch_memo *memo;
	const struct sift *sift;
	struct stretch stretches[STRETCHES_MAX];
	size_t count, start_count;
	struct field_start starts[STARTS_MAX];
};

static void
ask_for_candidates(const struct watch_memo *m, const struct stretch *s)
{
	for (size_t i = 0; i < s->count; i++) {
		memo_ask_for_candidates(m, s->starts[i].place);
		memo_ask_for_candidates(m, s->starts[i].next);
	}
}

/* Asks whether there are edges between what a start may be and what the word behind may be. */
static void
ask_whether_edges(const struct watchlist *w, const struct stretch *s, struct edges_asked *asked)
{
	struct memo_answer a, b;
	for (size_t i = 0; i < s->count; i++) {
		struct field_start *start = &s->starts[i];
		start->edges = 0;
		if (start->small || !memo_at(s->field->memo, start->next, &b) ||
		    !memo_at(s->field->memo, start->place, &a))
			continue;
		size_t edges = (size_t)a.count * b.count;
		if ((b.flags & MEMO_FATHER) || edges > EDGES_ASKED - asked->count || s->field->one_by_one)
			continue;
		start->edges = (uint16_t)edges;
		if (a.id != LIST_NONE && b.id != LIST_NONE) /* both words as they are listed: mostly there is one */
			list_ask_for_edge(w, list_edge_hash(a.candidates[0].child, b.id));
		for (size_t k = 0; k < a.count; k++) {
			for (size_t j = 0; j < b.count; j++) {
				uint64_t hash = list_edge_hash(a.candidates[k].child, b.candidates[j].word);
				list_ask_whether_edge(w, hash);
				asked->hashes[asked->count++] = hash;
			}
		}
	}
}

/* Closes the starts from which no way goes on to the word behind, as the filter of the edges tells; keeps the others' hashes. */
static void
close_without_edges(const struct watchlist *w, struct stretch *s, struct edges_asked *asked)
{
	for (size_t i = 0; i < s->count; i++) {
		struct field_start *start = &s->starts[i];
		bool any = start->edges == 0;
		for (size_t k = 0; k < start->edges; k++) {
			uint64_t hash = asked->hashes[asked->at++];
			bool may = list_may_go_on(w, hash);
			asked->hashes[asked->kept] = hash;
			asked->kept += may;
			any |= may;
		}
		start->closed |= !any;
		start->nothing |= !any & ((start->flags & (MEMO_LONE | MEMO_MERE)) == 0);
	}
}

static void
match_starts(struct stretch *s)
{
	struct field_match *f = s->field;
	for (size_t i = 0; i < s->count && !f->full; i++) {
		const struct field_start *start = &s->starts[i];
		if (!start->nothing)
			f->full = !(start->small ? match_small(f, start) : match_forms(f, start));
	}
}

/* The same for every visit to a node. */
static void
for_visits(const struct pass *p, void (*ask)(struct field_match *f, struct field_visit *v))
{
	const struct field_match *last = NULL;
	for (size_t i = 0; i < p->count; i++) {
		struct field_match *f = p->stretches[i].field;
		for (size_t k = f->put_by; f != last && k < f->visit_count; k++)
			ask(f, &f->visits[k]);
		last = f;
	}
}

/* Short lists stay in the cache: there is nothing to be asked for. */
static void
go_through(struct pass *p)
{
	bool asks = p->list->word_count >= FIELD_LONG_LIST;
	for (size_t i = 0; i < p->count; i++) {
		struct stretch *s = &p->stretches[i];
		s->count = p->sift->known(s->field, s->starts, s->count);
	}
	for (size_t i = 0; i < p->count; i++) {
		struct stretch *s = &p->stretches[i];
		p->sift->closed(s->field, s->starts, s->count);
	}
	for (size_t i = 0; i < p->count && asks; i++)
		ask_for_candidates(p->memo, &p->stretches[i]);
	struct edges_asked asked;
	asked.count = asked.at = asked.kept = 0;
	for (size_t i = 0; i < p->count && asks; i++)
		ask_whether_edges(p->list, &p->stretches[i], &asked);
	for (size_t i = 0; i < p->count && asks; i++)
		close_without_edges(p->list, &p->stretches[i], &asked);
	for (size_t i = 0; i < asked.kept; i++)
		list_ask_for_edge(p->list, asked.hashes[i]);
	for (size_t i = 0; i < p->count; i++)
		match_starts(&p->stretches[i]);
	for (size_t i = 0; i < p->count; i++) {
		struct field_match *f = p->stretches[i].field;
		if (i == 0 || f != p->stretches[i - 1].field)
			sift_visits(f);
	}
	if (asks) {
		for_visits(p, ask_for_names);
		for_visits(p, ask_for_texts);
	}
	for (size_t i = 0; i < p->count; i++) {
		struct field_match *f = p->stretches[i].field;
		f->full |= !report_visits(f);
	}
	p->count = p->start_count = 0;
}

static void
add_stretches(struct pass *p, struct field_match *f, size_t from, size_t to)
{
	for (; from < to && !f->full; from += SIFT_WORDS_MAX) {
		if (p->count == STRETCHES_MAX || p->start_count + SIFT_WORDS_MAX > STARTS_MAX)
			go_through(p);
		struct stretch *s = &p->stretches[p->count++];
		s->field = f;
		s->starts = p->starts + p->start_count;
		s->count = p->sift->words(f, from, to - from < SIFT_WORDS_MAX ? to : from + SIFT_WORDS_MAX, s->starts);
		p->start_count += s->count;
	}
}

static void
begin(struct pass *p, const struct watchlist *w, struct watch_memo *memo)
{
	p->list = w;
	p->memo = memo;
	p->sift = sift_wide();
	if (p->sift == NULL)
		p->sift = &sift_plain;
	p->count = p->start_count = 0;
}

void
field_scan_all(struct field_match *const *fields, size_t count)
{
	struct pass p;
	if (count == 0)
		return;
	begin(&p, fields[0]->list, fields[0]->memo);
	for (size_t i = 0; i < count; i++)
		add_stretches(&p, fields[i], 0, fields[i]->words.count);
	go_through(&p);
}

/* What a word may only be evidence for. */
static bool
review_mere(struct field_match *f, const struct field_mere *m)
{
	const struct walk none = {.first = m->word, .begins = LIST_NONE, .rule = WATCH_RULE_FOLD, .equal = true};
	for (uint32_t i = 0; i < m->count && !late_is_taken_in(f, m->word, m->word); i++) {
		const struct candidate *c = &m->candidates[i];
		if (!(c->use & MEMO_MERE) || !late_is_node_wanted(f, c->child))
			continue;
		struct field_visit v = {.walk = walk_with(&none, c),
		    .node = c->child,
		    .ends = c->ends,
		    .list_word = c->word,
		    .last = m->word,
		    .mere = true};
		if (!late_report(f, &v))
			return false;
	}
	return true;
}

bool
field_review(struct field_match *f, bool again)
{
	for (size_t i = 0; i < f->visit_count; i++) {
		if (late_is_wanted(f, &f->visits[i]) && !late_report(f, &f->visits[i]))
			return false;
	}
	for (size_t i = 0; !again && i < f->mere_count; i++) {
		if (!review_mere(f, &f->mere[i]))
			return false;
	}
	return true;
}
