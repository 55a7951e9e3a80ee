#include "watch/query_gather.h"

#include "base/utf8.h"
#include "watch/builder.h"

#include <stdlib.h>

/* Within FIRST and the fields of the leaf. */
static bool
leaf_sees(const struct query_doc *d, const struct query_node *leaf, const struct query_span *span)
{
	bool named = leaf->fields == 0 || (leaf->fields >> span->field & 1);
	/* an actor in the author field is no actor of the text, unless asked for; a topic's query said itself where to look */
	if (leaf->op == QUERY_ACTOR)
		named = query_looks_at(leaf, (enum watch_field)span->field);
	if (leaf->op == QUERY_ACTOR && span->field == WATCH_FIELD_CONTENT && leaf->fields == 0 &&
	    d->content_repeats_summary)
		named = false;
	return named && (leaf->first == 0 || span->last < leaf->first);
}

bool
query_entity_spans(
    struct query_doc *d, const struct query_node *leaf, const struct query_answer *answer, struct query_spans *out)
{
	const struct watch_hit *hit = query_doc_hit(d, leaf->n);
	for (size_t i = 0; hit != NULL && i < hit->mention_count; i++) {
		const struct watch_mention *m = &hit->mentions[i];
		struct query_span span;
		if (!query_doc_span(d, m->field, m->start, m->end, &span))
			continue;
		span.mention = m;
		if (leaf_sees(d, leaf, &span) && !query_spans_add(d->arena, out, &span))
			return false;
	}
	for (size_t i = 0; answer != NULL && i < answer->place_count; i++) {
		struct query_span span = answer->places[i].span;
		span.mention = NULL;
		if (leaf_sees(d, leaf, &span) && !query_spans_add(d->arena, out, &span))
			return false;
	}
	query_spans_settle(out);
	return true;
}

/* From the first word of both to the last; one may lie in the other, or be it. */
static bool
within_fits(uint32_t n, const struct query_span *a, const struct query_span *b, struct query_span *both)
{
	*both = (struct query_span){.field = a->field,
	    .first = a->first < b->first ? a->first : b->first,
	    .last = a->last > b->last ? a->last : b->last,
	    .start = a->start < b->start ? a->start : b->start,
	    .end = a->end > b->end ? a->end : b->end};
	return both->last - both->first <= n;
}

bool
query_pair_fits(const struct query_doc *d, enum query_op op, uint32_t n, const struct query_span *left,
    const struct query_span *right, struct query_span *both)
{
	const struct query_span *a = left, *b = right;
	if (left->field != right->field)
		return false;
	if (op == QUERY_WITHIN)
		return within_fits(n, left, right, both);
	if (a->first > b->first && op != QUERY_ONEAR) {
		a = right;
		b = left;
	}
	if (a->last >= b->first)
		return false;
	const struct text_word *words = d->fields[a->field].words.items, *one = &words[a->first],
	                       *two = &words[b->last];
	bool fits;
	if (op == QUERY_SENTENCE)
		fits = one->sentence == two->sentence;
	else if (op == QUERY_PARAGRAPH)
		fits = one->paragraph == two->paragraph;
	else
		fits = b->first - a->last <= n;
	if (fits)
		*both = (struct query_span){
		    .field = a->field, .first = a->first, .last = b->last, .start = a->start, .end = b->end};
	return fits;
}

/* ---- places ---- */

/* A word of the item as it was compared; STR_NONE when memory ran out (the arena remembers). */
static struct str
compared(struct query_doc *d, enum watch_field field, size_t word, bool stems)
{
	const struct query_field *f = &d->fields[field];
	if (!stems)
		return text_word_fold(&f->words, &f->words.items[word]);
	const struct str *pair = query_doc_stems(d, field, word);
	d->arena->failed |= pair == NULL;
	return pair != NULL ? pair[0] : STR_NONE;
}

struct str
query_gather_form(struct query_doc *d, const struct query_span *span, bool stems)
{
	struct buf b;
	if (span->first == span->last)
		return compared(d, (enum watch_field)span->field, span->first, stems);
	buf_init(&b, 0);
	for (size_t i = span->first; i <= span->last; i++) {
		buf_puts(&b, i > span->first ? " " : "");
		buf_str(&b, compared(d, (enum watch_field)span->field, i, stems));
	}
	struct str form = arena_str(d->arena, buf_view(&b));
	d->arena->failed |= b.failed;
	buf_done(&b);
	return form;
}

static struct str
form_of(const struct query_evaluator *ev, const struct query_node *leaf, const struct query_span *span)
{
	struct query_doc *d = ev->doc;
	const struct query_field *f = &d->fields[span->field];
	if (leaf->op != QUERY_TERM)
		return span->mention ? (leaf->op == QUERY_ACTOR ? span->mention->name : STR_NONE) : STR_NONE;
	if (leaf->form == QUERY_EXACT || leaf->form == QUERY_CASE)
		return arena_str(d->arena, (struct str){f->text.s + span->start, span->end - span->start});
	return query_gather_form(d, span, leaf->form == QUERY_STEM && ev->stems);
}

static enum watch_rule
rule_of(const struct query_node *leaf)
{
	static const enum watch_rule forms[] = {[QUERY_FOLD] = WATCH_RULE_FOLD,
	    [QUERY_STEM] = WATCH_RULE_STEM,
	    [QUERY_CASE] = WATCH_RULE_CASE,
	    [QUERY_EXACT] = WATCH_RULE_EXACT};
	switch (leaf->op) {
	case QUERY_REGEX:
		return WATCH_RULE_REGEX;
	case QUERY_ACTOR:
		return WATCH_RULE_EXACT;
	case QUERY_TOPIC:
		return WATCH_RULE_TOPIC;
	default:
		for (size_t i = 0; i < leaf->token_count; i++) {
			if (leaf->tokens[i].wild || leaf->tokens[i].open)
				return WATCH_RULE_WILDCARD;
		}
		return forms[leaf->form];
	}
}

bool
query_gather_place(struct query_gathered *g, const struct query_span *span, uint32_t start, uint32_t len,
    enum watch_rule rule, struct str form)
{
	struct query_place *places = arena_grow(g->ev->doc->arena, g->places, &g->cap, g->count, sizeof *places);
	if (places == NULL)
		return false;
	g->places = places;
	g->places[g->count++] = (struct query_place){.span = *span,
	    .at = start,
	    .rule = span->mention != NULL && rule == WATCH_RULE_EXACT ? span->mention->rule : watch_rule_word(rule),
	    .form = utf8_truncate(form, WATCH_NAME_BYTES_MAX),
	    .name = utf8_truncate((struct str){g->text.s + start, len}, WATCH_NAME_BYTES_MAX)};
	return true;
}

static bool
add_leaf(struct query_gathered *g, const struct query_node *leaf, const struct query_spans *within)
{
	struct query_spans spans = {0};
	if (leaf->op == QUERY_ABOUT)
		return true;
	if (!g->ev->spans(g->ev, leaf, &spans))
		return false;
	enum watch_rule rule = rule_of(leaf);
	for (size_t i = 0; i < spans.count && g->count < QUERY_GATHERED_MAX; i++) {
		const struct query_span *span = &spans.items[i];
		if ((within == NULL || query_spans_hold(within, span)) &&
		    !query_gather_place(g, span, leaf->start, leaf->end - leaf->start, rule, form_of(g->ev, leaf, span)))
			return false;
	}
	return true;
}

/* Is part i of several alternatives one that holds? Of other parts all do. */
static bool
part_holds(struct query_evaluator *ev, const struct query_node *node, size_t i)
{
	if (node->op != QUERY_OR && node->op != QUERY_SUM)
		return true;
	/* a term that does not hold has no places: there is no need to ask first */
	return node->kids[i]->op == QUERY_TERM || ev->truth(ev, node->kids[i]);
}

/* What stands inside the pairs, and inside what is asked for around them. */
static bool
gather_pair(struct query_gathered *g, const struct query_node *node, const struct query_spans *within)
{
	struct query_spans pairs = {0};
	if (!g->ev->spans(g->ev, node, &pairs))
		return false;
	query_spans_keep(&pairs, within);
	return query_gather_node(g, node->kids[0], &pairs) && query_gather_node(g, node->kids[1], &pairs);
}

bool
query_gather_node(struct query_gathered *g, const struct query_node *node, const struct query_spans *within)
{
	if (query_is_leaf(node))
		return add_leaf(g, node, within);
	if (node->op == QUERY_NOT)
		return true;
	if (node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH)
		return gather_pair(g, node, within);
	for (size_t i = 0; i < node->kid_count; i++) {
		if (part_holds(g->ev, node, i) && !query_gather_node(g, node->kids[i], within))
			return false;
	}
	return true;
}

static int
by_place(const void *a, const void *b)
{
	const struct query_place *x = a, *y = b;
	if (x->span.field != y->span.field)
		return x->span.field < y->span.field ? -1 : 1;
	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	if (x->span.end != y->span.end)
		return x->span.end < y->span.end ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

#define FEW_PLACES 24u

static void
sort_places(struct query_place *places, size_t count)
{
	if (count > FEW_PLACES) {
		qsort(places, count, sizeof *places, by_place);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct query_place x = places[i];
		size_t k = i;
		for (; k > 0 && by_place(&places[k - 1], &x) > 0; k--)
			places[k] = places[k - 1];
		places[k] = x;
	}
}

bool
query_gather_end(struct query_gathered *g, struct query_answer *out)
{
	size_t kept = 0;
	sort_places(g->places, g->count);
	for (size_t i = 0; i < g->count; i++) {
		const struct query_place *x = &g->places[i], *last = kept > 0 ? &g->places[kept - 1] : NULL;
		bool twice = last != NULL && last->span.field == x->span.field && last->span.start == x->span.start &&
		             last->span.end == x->span.end && str_eq(last->name, x->name);
		if (!twice)
			g->places[kept++] = *x;
	}
	out->place_count = kept < QUERY_PLACES_MAX ? kept : QUERY_PLACES_MAX;
	out->places = arena_alloc(g->ev->doc->arena, out->place_count * sizeof *out->places);
	if (out->places != NULL && kept > 0)
		memcpy(out->places, g->places, out->place_count * sizeof *out->places);
	return !g->ev->doc->arena->failed;
}

bool
query_gather(struct query_evaluator *ev, const struct query_entry *entry, struct query_answer *out)
{
	struct query_gathered g = {.ev = ev, .text = entry->query.text};
	return query_gather_node(&g, entry->query.root, NULL) && query_gather_end(&g, out);
}
