/*
 * The indexed evaluator: from the atoms that stand in the item to the queries that may apply (query_item.c), and only these are
 * asked, along the postings of their words. What it gives is what query_naive.c gives.
 */
#include "watch/query_fast.h"

#include "watch/query_signs.h"

#include <stdlib.h>

/* ---- terms ---- */

/* The shortest list of postings that every place of the term is on; k: which of its words it is. */
static const struct query_postings *
rarest(const struct query_fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, size_t *k)
{
	const struct query_postings *best = NULL;
	for (size_t i = 0; i < leaf->token_count; i++) {
		const struct query_postings *p = query_item_find(&f->item, atoms->tokens[i]);
		if (p->atom == ATOM_NONE)
			return NULL;
		if (best == NULL || p->count < best->count) {
			best = p;
			*k = i;
		}
	}
	return best;
}

static bool
fits_at(struct query_fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, uint32_t field,
    size_t first)
{
	const struct query_field *of = &f->ev.doc->fields[field];
	bool stems = leaf->form == QUERY_STEM && f->ev.stems;
	for (size_t k = 0; k < leaf->token_count; k++) {
		if (of->words.items[first + k].sentence != of->words.items[first].sentence ||
		    !query_signs_fit(of, first + k, &leaf->tokens[k]))
			return false;
		if (stems ? !query_item_has_stem(&f->item, field, (uint32_t)(first + k), atoms->tokens[k], &f->failed)
		          : !query_word_is(of, first + k, &leaf->tokens[k], leaf->form))
			return false;
	}
	return true;
}

/* Walks the postings of word k of the term; with `out` all are collected, without one is enough. */
static bool
walk(struct query_fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms,
    const struct query_postings *p, size_t k, struct query_spans *out)
{
	struct query_doc *d = f->ev.doc;
	/* any way of writing it, or its stem: that is what the postings are of */
	bool sure =
	    leaf->form <= QUERY_STEM && atoms->whole != ATOM_NONE && !leaf->tokens[0].wild && !query_has_signs(leaf);
	for (uint32_t at = p->first; at != NO_POSTING; at = f->item.postings[at].next) {
		const struct query_posting *posting = &f->item.postings[at];
		enum watch_field field = (enum watch_field)posting->field;
		if (posting->word < k || !query_doc_looks(d, leaf, field))
			continue;
		size_t first = posting->word - k, last = first + leaf->token_count - 1;
		if (last >= query_doc_words(d, leaf, field) ||
		    (!sure && !fits_at(f, leaf, atoms, posting->field, first)))
			continue;
		if (out == NULL)
			return true;
		struct query_span span = query_term_span(d, leaf, field, first);
		if (!query_spans_add(d->arena, out, &span)) {
			f->failed = true;
			return false;
		}
	}
	return out != NULL && out->count > 0;
}

static bool
term_find(struct query_fast *f, const struct query_node *leaf, struct query_spans *out)
{
	const struct query_leaf_atoms *atoms =
	    &f->item.index->leaves[f->item.index->leaf_start[f->entry] + leaf->number];
	size_t k = 0;
	const struct query_postings *p;
	if (atoms->whole != ATOM_NONE)
		p = query_item_find(&f->item, atoms->whole);
	else
		p = rarest(f, leaf, atoms, &k);
	return p != NULL && p->atom != ATOM_NONE && walk(f, leaf, atoms, p, k, out);
}

/* ---- the other parts ---- */

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static const struct query_answer *
answer_of(const struct query_fast *f, uint32_t entry)
{
	const uint32_t *at =
	    bsearch(&entry, f->candidates.entries, f->candidates.count, sizeof *f->candidates.entries, ascending);
	uint32_t answer = at ? f->answer_of[at - f->candidates.entries] : 0;
	return answer ? &f->answers->items[answer - 1] : NULL;
}

static const struct query_answer *
topic_answer(const struct query_fast *f, const struct query_node *leaf)
{
	uint32_t entry = f->ev.set->entry_of[leaf->n];
	return entry ? answer_of(f, entry - 1) : NULL;
}

static bool
leaf_spans(struct query_fast *f, const struct query_node *leaf, struct query_spans *out)
{
	struct query_doc *d = f->ev.doc;
	switch (leaf->op) {
	case QUERY_ACTOR:
		return query_entity_spans(d, leaf, NULL, out);
	case QUERY_TOPIC:
		return query_entity_spans(d, leaf, topic_answer(f, leaf), out);
	case QUERY_TERM:
		term_find(f, leaf, out);
		break;
	default:
		for (int field = 0; field < WATCH_FIELD_COUNT; field++) {
			if (query_doc_looks(d, leaf, (enum watch_field)field) &&
			    !query_regex_spans(d, leaf, (enum watch_field)field, out))
				return false;
		}
	}
	query_spans_settle(out);
	return !f->failed;
}

/* The first place at or behind word `first` of the field. */
static size_t
lower_bound(const struct query_spans *s, uint32_t field, uint32_t first)
{
	size_t low = 0, high = s->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct query_span *x = &s->items[mid];
		if (x->field < field || (x->field == field && x->first < first))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Whether no place that begins at b's or later can stand with a. */
static bool
too_far(const struct query_doc *d, enum query_op op, uint32_t n, const struct query_span *a, const struct query_span *b)
{
	const struct text_word *words = d->fields[a->field].words.items;
	if (a->field != b->field)
		return true;
	if (op == QUERY_SENTENCE)
		return words[a->first].sentence != words[b->first].sentence;
	if (op == QUERY_PARAGRAPH)
		return words[a->first].paragraph != words[b->first].paragraph;
	return b->first - (op == QUERY_WITHIN ? a->first : a->last) > n;
}

/* Pairs in which the one of `before` comes first; for WITHIN it is enough that it begins first. */
static bool
pairs_of(struct query_doc *d, enum query_op op, uint32_t n, const struct query_spans *before,
    const struct query_spans *behind, struct query_spans *out)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct query_span *a = &before->items[i];
		uint32_t from = op == QUERY_WITHIN ? a->first : a->last + 1;
		for (size_t k = lower_bound(behind, a->field, from); k < behind->count; k++) {
			struct query_span both;
			if (too_far(d, op, n, a, &behind->items[k]))
				break;
			if (query_pair_fits(d, op, n, a, &behind->items[k], &both) &&
			    !query_spans_add(d->arena, out, &both))
				return false;
		}
	}
	return true;
}

bool
query_fast_pairs(struct query_doc *d, enum query_op op, uint32_t n, const struct query_spans *left,
    const struct query_spans *right, struct query_spans *out)
{
	if (!pairs_of(d, op, n, left, right, out) || (op != QUERY_ONEAR && !pairs_of(d, op, n, right, left, out)))
		return false;
	query_spans_settle(out);
	return true;
}

static bool
pair_spans(struct query_fast *f, const struct query_node *node, struct query_spans *out)
{
	struct query_spans left = {0}, right = {0};
	if (!query_fast_spans(f, node->kids[0], &left))
		return false;
	if (left.count == 0)
		return true;
	return query_fast_spans(f, node->kids[1], &right) &&
	       query_fast_pairs(f->ev.doc, node->op, node->n, &left, &right, out);
}

bool
query_fast_spans(struct query_fast *f, const struct query_node *node, struct query_spans *out)
{
	if (query_is_leaf(node))
		return leaf_spans(f, node, out);
	if (node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH)
		return pair_spans(f, node, out);
	if (node->kid_count == 1)
		return query_fast_spans(f, node->kids[0], out);
	for (size_t i = 0; i < node->kid_count; i++) {
		struct query_spans kid = {0};
		if (!query_fast_spans(f, node->kids[i], &kid) || !query_spans_append(f->ev.doc->arena, out, &kid))
			return false;
	}
	query_spans_settle(out);
	return true;
}

static size_t
places_apart(struct query_fast *f, const struct query_node *node)
{
	struct query_spans spans = {0};
	if (!query_fast_spans(f, node, &spans))
		f->failed = true;
	return query_spans_apart(&spans);
}

static bool
leaf_holds(struct query_fast *f, const struct query_node *leaf)
{
	if (leaf->op == QUERY_TERM)
		return term_find(f, leaf, NULL);
	if (leaf->op == QUERY_ABOUT)
		return query_doc_is_about(f->ev.doc, leaf);
	if (leaf->op == QUERY_TOPIC && leaf->fields == 0 && leaf->first == 0)
		return query_doc_hit(f->ev.doc, leaf->n) != NULL || topic_answer(f, leaf) != NULL;
	return places_apart(f, leaf) > 0;
}

static bool
sum_holds(struct query_fast *f, const struct query_node *node)
{
	int64_t sum = 0;
	for (size_t i = 0; i < node->kid_count; i++)
		sum += query_fast_truth(f, node->kids[i]) ? node->kids[i]->weight : 0;
	return sum >= (int64_t)node->n;
}

bool
query_fast_truth(struct query_fast *f, const struct query_node *node)
{
	bool any = node->op == QUERY_OR;
	if (query_is_leaf(node))
		return leaf_holds(f, node);
	switch (node->op) {
	case QUERY_NOT:
		return !query_fast_truth(f, node->kids[0]);
	case QUERY_SUM:
		return sum_holds(f, node);
	case QUERY_ATLEAST:
		return places_apart(f, node->kids[0]) >= node->n;
	case QUERY_NEAR:
	case QUERY_ONEAR:
	case QUERY_WITHIN:
	case QUERY_SENTENCE:
	case QUERY_PARAGRAPH:
		return places_apart(f, node) > 0;
	default:
		for (size_t i = 0; i < node->kid_count; i++) {
			if (query_fast_truth(f, node->kids[i]) == any)
				return any;
		}
		return !any;
	}
}
