/*
 * The indexed evaluator: from the atoms that stand in the item to the queries that may apply (query_item.c), and only these are
 * asked, along the postings of their words. What it gives is what query_naive.c gives.
 */
#include "watch/memo.h"
#include "watch/query_code.h"
#include "watch/query_gather.h"
#include "watch/query_item.h"

#include <stdlib.h>

struct fast {
	struct query_evaluator ev;
	struct query_item item;
	struct query_candidates candidates;
	uint32_t *answer_of; /* by place in `candidates`: answer + 1, or 0 */
	struct query_answers *answers;
	const struct query_leaf_atoms *atoms; /* of the entry that is asked */
	uint32_t looks;                       /* 1 << field for those in which a word counts when no field is named */
	bool failed;
};

static struct fast *
self(struct query_evaluator *ev)
{
	return (struct fast *)ev;
}

/* ---- terms ---- */

/* The shortest list of postings that every place of the term is on; k: which of its words it is. */
static const struct query_postings *
rarest(const struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, size_t *k)
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
stem_fits(struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, uint32_t field,
    size_t word, size_t k)
{
	size_t language = (size_t)f->ev.doc->language;
	const uint32_t *want = atoms->stems[language * leaf->token_count + k];
	uint32_t here[2];
	if (!query_item_stems(&f->item, field, (uint32_t)word, here)) {
		f->failed = true;
		return false;
	}
	return here[0] == want[0] || here[1] == want[1];
}

static bool
fits_at(
    struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms, uint32_t field, size_t first)
{
	const struct query_field *of = &f->ev.doc->fields[field];
	bool stems = leaf->form == QUERY_STEM && f->ev.stems;
	for (size_t k = 0; k < leaf->token_count; k++) {
		if (of->words.items[first + k].sentence != of->words.items[first].sentence)
			return false;
		if (stems ? !stem_fits(f, leaf, atoms, field, first + k, k)
		          : !query_word_is(of, first + k, &leaf->tokens[k], leaf->form))
			return false;
	}
	return true;
}

/* Walks the postings of word k of the term; with `out` all are collected, without one is enough. */
static bool
walk(struct fast *f, const struct query_node *leaf, const struct query_leaf_atoms *atoms,
    const struct query_postings *p, size_t k, struct query_spans *out)
{
	struct query_doc *d = f->ev.doc;
	/* one word, any way of writing it: that is what the postings are of */
	bool sure = leaf->form == QUERY_FOLD && leaf->token_count == 1 && !leaf->tokens[0].wild;
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
		const struct text_word *words = d->fields[field].words.items;
		struct query_span span = {.field = posting->field,
		    .first = (uint32_t)first,
		    .last = (uint32_t)last,
		    .start = words[first].start,
		    .end = words[last].end};
		if (!query_spans_add(d->arena, out, &span)) {
			f->failed = true;
			return false;
		}
	}
	return out != NULL && out->count > 0;
}

static bool
term_find(struct fast *f, const struct query_node *leaf, struct query_spans *out)
{
	const struct query_leaf_atoms *atoms = &f->atoms[leaf->number];
	size_t k = 0;
	bool found = false;
	if (leaf->form != QUERY_STEM || !f->ev.stems) {
		const struct query_postings *p = rarest(f, leaf, atoms, &k);
		found = p != NULL && walk(f, leaf, atoms, p, k, out);
	} else {
		const uint32_t *pair = atoms->stems[(size_t)f->ev.doc->language * leaf->token_count];
		for (int i = 0; i < (pair[0] == pair[1] ? 1 : 2) && (!found || out != NULL); i++) {
			const struct query_postings *p = query_item_find(&f->item, pair[i]);
			found |= p->atom != ATOM_NONE && walk(f, leaf, atoms, p, 0, out);
		}
	}
	return found;
}

/* ---- the other parts ---- */

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static const struct query_answer *
answer_of(const struct fast *f, uint32_t entry)
{
	const uint32_t *at =
	    bsearch(&entry, f->candidates.entries, f->candidates.count, sizeof *f->candidates.entries, ascending);
	uint32_t answer = at ? f->answer_of[at - f->candidates.entries] : 0;
	return answer ? &f->answers->items[answer - 1] : NULL;
}

static const struct query_answer *
topic_answer(const struct fast *f, const struct query_node *leaf)
{
	uint32_t entry = f->ev.set->entry_of[leaf->n];
	return entry ? answer_of(f, entry - 1) : NULL;
}

static bool
leaf_spans(struct fast *f, const struct query_node *leaf, struct query_spans *out)
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
too_far(const struct query_doc *d, const struct query_node *node, const struct query_span *a, const struct query_span *b)
{
	const struct text_word *words = d->fields[a->field].words.items;
	if (a->field != b->field)
		return true;
	if (node->op == QUERY_SENTENCE)
		return words[a->first].sentence != words[b->first].sentence;
	if (node->op == QUERY_PARAGRAPH)
		return words[a->first].paragraph != words[b->first].paragraph;
	return b->first - a->last > node->n;
}

/* Pairs in which the one of `before` comes first. */
static bool
pairs_of(struct query_doc *d, const struct query_node *node, const struct query_spans *before,
    const struct query_spans *behind, struct query_spans *out)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct query_span *a = &before->items[i];
		for (size_t k = lower_bound(behind, a->field, a->last + 1); k < behind->count; k++) {
			struct query_span both;
			if (too_far(d, node, a, &behind->items[k]))
				break;
			if (query_pair_fits(d, node, a, &behind->items[k], &both) &&
			    !query_spans_add(d->arena, out, &both))
				return false;
		}
	}
	return true;
}

static bool code_holds(struct fast *f, const uint32_t *code);
static bool spans_of(struct fast *f, const struct query_node *node, const uint32_t *code, struct query_spans *out);

static bool
pair_spans(struct fast *f, const struct query_node *node, const uint32_t *code, struct query_spans *out)
{
	struct query_spans left = {0}, right = {0};
	struct query_doc *d = f->ev.doc;
	const uint32_t *part = code_parts(code);
	if (!spans_of(f, node->kids[0], part, &left))
		return false;
	if (left.count == 0)
		return true;
	if (!spans_of(f, node->kids[1], code_next(part), &right) || !pairs_of(d, node, &left, &right, out) ||
	    (node->op != QUERY_ONEAR && !pairs_of(d, node, &right, &left, out)))
		return false;
	query_spans_settle(out);
	return true;
}

/* Where a part of a query stands. code: its code, by which alternatives that do not hold are passed over, or NULL. */
static bool
spans_of(struct fast *f, const struct query_node *node, const uint32_t *code, struct query_spans *out)
{
	const uint32_t *part = code_parts(code);
	if (query_is_leaf(node))
		return leaf_spans(f, node, out);
	if (node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH)
		return pair_spans(f, node, code, out);
	if (node->kid_count == 1)
		return spans_of(f, node->kids[0], part, out);
	for (size_t i = 0; i < node->kid_count; i++, part = code_next(part)) {
		struct query_spans kid = {0};
		if (part != NULL && !code_holds(f, part))
			continue;
		if (!spans_of(f, node->kids[i], part, &kid) || !query_spans_append(f->ev.doc->arena, out, &kid))
			return false;
	}
	query_spans_settle(out);
	return true;
}

static bool
fast_spans(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out)
{
	return spans_of(self(ev), node, NULL, out);
}

static size_t
places_apart(struct fast *f, const struct query_node *node)
{
	struct query_spans spans = {0};
	if (!spans_of(f, node, NULL, &spans))
		f->failed = true;
	return query_spans_apart(&spans);
}

static bool
leaf_holds(struct fast *f, const struct query_node *leaf)
{
	if (leaf->op == QUERY_TERM)
		return term_find(f, leaf, NULL);
	if (leaf->op == QUERY_ABOUT)
		return query_doc_is_about(f->ev.doc, leaf);
	if (leaf->op == QUERY_TOPIC && leaf->fields == 0 && leaf->first == 0)
		return query_doc_hit(f->ev.doc, leaf->n) != NULL || topic_answer(f, leaf) != NULL;
	return places_apart(f, leaf) > 0;
}

static bool fast_truth(struct query_evaluator *ev, const struct query_node *node);

static bool
sum_holds(struct query_evaluator *ev, const struct query_node *node)
{
	int64_t sum = 0;
	for (size_t i = 0; i < node->kid_count; i++)
		sum += fast_truth(ev, node->kids[i]) ? node->kids[i]->weight : 0;
	return sum >= (int64_t)node->n;
}

static bool
fast_truth(struct query_evaluator *ev, const struct query_node *node)
{
	bool any = node->op == QUERY_OR;
	if (query_is_leaf(node))
		return leaf_holds(self(ev), node);
	switch (node->op) {
	case QUERY_NOT:
		return !fast_truth(ev, node->kids[0]);
	case QUERY_SUM:
		return sum_holds(ev, node);
	case QUERY_ATLEAST:
		return places_apart(self(ev), node->kids[0]) >= node->n;
	case QUERY_NEAR:
	case QUERY_ONEAR:
	case QUERY_SENTENCE:
	case QUERY_PARAGRAPH:
		return places_apart(self(ev), node) > 0;
	default:
		for (size_t i = 0; i < node->kid_count; i++) {
			if (fast_truth(ev, node->kids[i]) == any)
				return any;
		}
		return !any;
	}
}

/* ---- the code ---- */

static bool
word_holds(const struct fast *f, uint32_t atom)
{
	if (!query_item_may_have(&f->item, atom))
		return false;
	const struct query_postings *p = query_item_find(&f->item, atom);
	return p->atom == atom && (p->fields & f->looks) != 0;
}

/* Do the words of a phrase stand in a row at the first of them? */
static bool
in_a_row(const struct fast *f, const uint32_t *atoms, uint32_t count, uint32_t field, uint32_t first)
{
	const struct text_words *words = &f->ev.doc->fields[field].words;
	if ((size_t)first + count > words->count)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (f->item.word_atoms[field][first + i] != atoms[i] ||
		    words->items[first + i].sentence != words->items[first].sentence)
			return false;
	}
	return true;
}

static bool
phrase_holds(const struct fast *f, const uint32_t *atoms, uint32_t count)
{
	const struct query_postings *rarest = NULL;
	uint32_t k = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (!query_item_may_have(&f->item, atoms[i]))
			return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct query_postings *p = query_item_find(&f->item, atoms[i]);
		if (p->atom == ATOM_NONE || !(p->fields & f->looks))
			return false;
		if (rarest == NULL || p->count < rarest->count) {
			rarest = p;
			k = i;
		}
	}
	for (uint32_t at = rarest->first; at != NO_POSTING; at = f->item.postings[at].next) {
		const struct query_posting *posting = &f->item.postings[at];
		if (posting->word >= k && (f->looks >> posting->field & 1) &&
		    in_a_row(f, atoms, count, posting->field, posting->word - k))
			return true;
	}
	return false;
}

/* code: a STEM. Only a stem whose letters and folded letters differ needs to be looked at word by word. */
static bool
stem_holds(struct fast *f, const uint32_t *code)
{
	if (!f->ev.stems)
		return word_holds(f, code[2]);
	const uint32_t *pair = &f->item.index->stem_atoms[f->ev.doc->language][code[3]][0];
	if (pair[0] == pair[1])
		return word_holds(f, pair[0]);
	return (query_item_may_have(&f->item, pair[0]) || query_item_may_have(&f->item, pair[1])) &&
	       fast_truth(&f->ev, f->item.index->nodes[code[4]]);
}

static bool
node_holds(struct fast *f, const uint32_t *code)
{
	uint32_t count = CODE_COUNT(code[0]);
	for (uint32_t i = 0; i < count; i++) {
		if (!query_item_may_have(&f->item, code[2 + i]))
			return false;
	}
	return fast_truth(&f->ev, f->item.index->nodes[code[2 + count]]);
}

/* The node of a pair stands behind its two parts. */
static bool
pair_holds(struct fast *f, const uint32_t *code)
{
	const uint32_t *right = code + 2 + (code + 2)[1], *node = right + right[1];
	struct query_spans spans = {0};
	if (!pair_spans(f, f->item.index->nodes[node[2]], code, &spans))
		f->failed = true;
	return spans.count > 0;
}

static bool
code_holds(struct fast *f, const uint32_t *code)
{
	const uint32_t *part = code + 2;
	bool any = CODE_OP(code[0]) == CODE_ANY;
	switch (CODE_OP(code[0])) {
	case CODE_WORD:
		return word_holds(f, code[2]);
	case CODE_PHRASE:
		return phrase_holds(f, code + 2, CODE_COUNT(code[0]));
	case CODE_STEM:
		return stem_holds(f, code);
	case CODE_NODE:
		return node_holds(f, code);
	case CODE_NOT:
		return !code_holds(f, part);
	case CODE_BOTH:
		return code_holds(f, part) && code_holds(f, part + part[1]) && pair_holds(f, code);
	default:
		for (uint32_t i = 0; i < CODE_COUNT(code[0]); i++, part += part[1]) {
			if (code_holds(f, part) == any)
				return any;
		}
		return !any;
	}
}

static bool
part_holds(struct query_evaluator *ev, const uint32_t *part)
{
	return code_holds(self(ev), part);
}

/* ---- all of it ---- */

static bool
ask(struct fast *f, size_t at)
{
	uint32_t entry = f->candidates.entries[at];
	const struct query_entry *e = &f->ev.set->entries[entry];
	struct arena *arena = f->ev.doc->arena;
	struct arena_mark mark = arena_mark(arena);
	struct query_answer answer = {.entry = entry};
	query_doc_ask(f->ev.doc, e->entity);
	f->atoms = &f->item.index->leaves[f->item.index->leaf_start[entry]];
	f->ev.code = f->item.index->code + f->item.index->code_start[entry];
	if (!code_holds(f, f->ev.code)) {
		if (!arena->failed)
			arena_rollback(arena, mark);
		return true;
	}
	struct query_answer *items =
	    arena_grow(arena, f->answers->items, &f->answers->cap, f->answers->count, sizeof *items);
	if (items == NULL || !query_gather(&f->ev, e, &answer))
		return false;
	f->answers->items = items;
	items[f->answers->count++] = answer;
	f->answer_of[at] = (uint32_t)f->answers->count;
	return true;
}

#define AHEAD 16u /* queries whose code is fetched while others are asked */

static int
run(struct fast *f, struct err *err)
{
	const struct query_index *x = f->ev.set->index;
	struct arena *arena = f->ev.doc->arena;
	static const struct query_node plain = {.op = QUERY_TERM};
	for (uint32_t field = 0; field < WATCH_FIELD_COUNT; field++)
		f->looks |= (uint32_t)query_doc_looks(f->ev.doc, &plain, (enum watch_field)field) << field;
	bool good = query_item_init(&f->item, f->ev.doc, x, f->ev.stems) &&
	            query_item_candidates(&f->item, f->ev.set->count, &f->candidates);
	const uint32_t *entries = f->candidates.entries;
	size_t count = f->candidates.count;
	f->answer_of = good ? arena_zalloc(arena, count, sizeof *f->answer_of) : NULL;
	good = good && (f->answer_of != NULL || count == 0);
	for (size_t i = 0; i < count && good; i++) {
		if (i + AHEAD < count)
			__builtin_prefetch(x->code + x->code_start[entries[i + AHEAD]]);
		good = ask(f, i) && !f->failed && !arena->failed;
	}
	if (!good && arena_check(arena, err) == 0)
		return err_oom(err);
	return arena_check(arena, err);
}

int
query_set_match(const struct query_set *s, struct query_doc *d, struct query_answers *out, struct err *err)
{
	struct fast f = {
	    .ev = {.doc = d, .set = s, .truth = fast_truth, .spans = fast_spans, .holds = part_holds}, .answers = out};
	*out = (struct query_answers){0};
	f.ev.stems = s->stems && d->language >= 0;
	if (d->in->memo != NULL && f.ev.stems && !memo_begin_stems(d->in->memo, s, s->version))
		return err_oom(err);
	int rc = run(&f, err);
	query_doc_done(d);
	return rc;
}
