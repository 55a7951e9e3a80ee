/*
 * The plain evaluator: every query is asked of every item, every term of every word. It is short, so that it can be checked
 * against the manual by reading, and the indexed one is checked against it.
 */
#include "watch/query_naive.h"

#include "watch/query_signs.h"

static struct naive *
self(struct query_evaluator *ev)
{
	return (struct naive *)ev;
}

/* The stem of a query's word, spelt as it is or folded. */
static bool
stem_is(struct naive *n, enum watch_field field, size_t word, const struct query_token *t, bool *is)
{
	const struct str *pair = query_doc_stems(n->ev.doc, field, word);

	char stem[TEXT_STEM_BYTES_MAX];
	size_t len;
	if (pair == NULL || !text_stem(n->stemmer, t->written, stem, &len))
		return false;
	*is = str_eq((struct str){stem, len}, pair[0]);
	if (*is)
		return true;
	if (!text_stem(n->stemmer, t->fold, stem, &len))
		return false;
	*is = str_eq((struct str){stem, len}, pair[1]);
	return true;
}

/* Does the term stand at this word? All its words in a row, in one sentence. */
static bool
term_is_at(struct naive *n, const struct query_node *leaf, enum watch_field field, size_t at, bool *is)
{
	const struct query_field *f = &n->ev.doc->fields[field];
	*is = false;
	for (size_t k = 0; k < leaf->token_count; k++) {
		bool same = f->words.items[at + k].sentence == f->words.items[at].sentence;
		bool stems = leaf->form == QUERY_STEM && n->stemmer != NULL;
		same = same && query_signs_fit(f, at + k, &leaf->tokens[k]);
		if (same && !stems)
			same = query_word_is(f, at + k, &leaf->tokens[k], leaf->form);
		else if (same && !stem_is(n, field, at + k, &leaf->tokens[k], &same))
			return false;
		if (!same)
			return true;
	}
	*is = true;
	return true;
}

static bool
term_spans(struct naive *n, const struct query_node *leaf, enum watch_field field, struct query_spans *out)
{
	struct query_doc *d = n->ev.doc;
	size_t count = query_doc_words(d, leaf, field);

	for (size_t i = 0; i + leaf->token_count <= count; i++) {
		bool is;
		if (!term_is_at(n, leaf, field, i, &is))
			return false;
		struct query_span span = query_term_span(d, leaf, field, i);
		if (is && !query_spans_add(d->arena, out, &span))
			return false;
	}
	return true;
}

static bool
leaf_spans(struct naive *n, const struct query_node *leaf, struct query_spans *out)
{
	struct query_doc *d = n->ev.doc;
	if (leaf->op == QUERY_ACTOR)
		return query_entity_spans(d, leaf, NULL, out);
	if (leaf->op == QUERY_TOPIC) {
		uint32_t entry = n->ev.set->entry_of[leaf->n];
		return query_entity_spans(d, leaf, entry ? n->answers[entry - 1] : NULL, out);
	}
	for (int field = 0; field < WATCH_FIELD_COUNT; field++) {
		if (!query_doc_looks(d, leaf, (enum watch_field)field))
			continue;
		if (!(leaf->op == QUERY_TERM ? term_spans(n, leaf, (enum watch_field)field, out)
		                             : query_regex_spans(d, leaf, (enum watch_field)field, out)))
			return false;
	}
	query_spans_settle(out);
	return true;
}

static bool naive_spans(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out);

/* Every place of the one side with every place of the other. */
static bool
pair_spans(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out)
{
	struct query_spans left = {0}, right = {0};
	if (!naive_spans(ev, node->kids[0], &left) || !naive_spans(ev, node->kids[1], &right))
		return false;
	for (size_t i = 0; i < left.count; i++) {
		for (size_t k = 0; k < right.count; k++) {
			struct query_span both;
			if (query_pair_fits(ev->doc, node->op, node->n, &left.items[i], &right.items[k], &both) &&
			    !query_spans_add(ev->doc->arena, out, &both))
				return false;
		}
	}
	query_spans_settle(out);
	return true;
}

static bool
naive_spans(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out)
{
	if (query_is_leaf(node))
		return leaf_spans(self(ev), node, out);
	if (node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH)
		return pair_spans(ev, node, out);
	for (size_t i = 0; i < node->kid_count; i++) { /* OR, FIELD, FIRST */
		struct query_spans kid = {0};
		if (!naive_spans(ev, node->kids[i], &kid) || !query_spans_append(ev->doc->arena, out, &kid))
			return false;
	}
	query_spans_settle(out);
	return true;
}

static size_t
places(struct query_evaluator *ev, const struct query_node *node)
{
	struct query_spans spans = {0};
	return naive_spans(ev, node, &spans) ? query_spans_apart(&spans) : 0;
}

static bool
leaf_holds(struct naive *n, const struct query_node *leaf)
{
	if (leaf->op == QUERY_ABOUT)
		return query_doc_is_about(n->ev.doc, leaf);
	if (leaf->op == QUERY_TOPIC && leaf->fields == 0 && leaf->first == 0) {
		uint32_t entry = n->ev.set->entry_of[leaf->n];
		return query_doc_hit(n->ev.doc, leaf->n) != NULL || (entry != 0 && n->answers[entry - 1] != NULL);
	}
	return places(&n->ev, leaf) > 0;
}

static bool
naive_truth(struct query_evaluator *ev, const struct query_node *node)
{
	int64_t sum = 0;
	size_t held = 0;
	if (query_is_leaf(node))
		return leaf_holds(self(ev), node);
	if (node->op == QUERY_ATLEAST)
		return places(ev, node->kids[0]) >= node->n;
	if (node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH)
		return places(ev, node) > 0;
	for (size_t i = 0; i < node->kid_count; i++) {
		bool holds = naive_truth(ev, node->kids[i]);
		held += holds;
		sum += holds ? node->kids[i]->weight : 0;
	}
	switch (node->op) {
	case QUERY_NOT:
		return held == 0;
	case QUERY_OR:
		return held > 0;
	case QUERY_SUM:
		return sum >= (int64_t)node->n;
	default: /* AND; FIELD and FIRST have one kid */
		return held == node->kid_count;
	}
}

static int
ask_all(struct naive *n, struct query_answers *out, struct err *err)
{
	const struct query_set *s = n->ev.set;
	struct arena *arena = n->ev.doc->arena;
	for (size_t i = 0; i < s->count; i++) {
		query_doc_ask(n->ev.doc, (uint32_t)i);
		bool holds = naive_truth(&n->ev, s->entries[i].query.root);
		if (arena->failed)
			return arena_check(arena, err);
		if (!holds)
			continue;
		struct query_answer *items = arena_grow(arena, out->items, &out->cap, out->count, sizeof *items);
		struct query_answer *answer = arena_zalloc(arena, 1, sizeof *answer);
		if (items == NULL || answer == NULL)
			return arena_check(arena, err);
		answer->entry = (uint32_t)i;
		if (!query_gather(&n->ev, &s->entries[i], answer))
			return err_oom(err);
		out->items = items;
		out->items[out->count++] = *answer;
		n->answers[i] = answer;
	}
	return 0;
}

int
query_naive_init(struct naive *n, const struct query_set *s, struct query_doc *d, struct err *err)
{
	*n = (struct naive){.ev = {.doc = d, .set = s, .truth = naive_truth, .spans = naive_spans}};
	n->answers = arena_zalloc(d->arena, s->count, sizeof(struct query_answer *));
	if (d->language >= 0 && s->stems)
		n->stemmer = query_doc_stemmer(d);
	if (n->answers == NULL || (d->language >= 0 && s->stems && n->stemmer == NULL))
		return s->count == 0 ? 0 : err_oom(err);
	n->ev.stems = n->stemmer != NULL;
	return ask_all(n, &n->all, err);
}

void
query_naive_done(struct naive *n)
{
	query_doc_done(n->ev.doc);
	n->stemmer = NULL;
}

int
query_set_naive(const struct query_set *s, struct query_doc *d, struct query_answers *out, struct err *err)
{
	struct naive n;
	int rc = query_naive_init(&n, s, d, err);
	*out = n.all;
	query_naive_done(&n);
	return rc;
}
