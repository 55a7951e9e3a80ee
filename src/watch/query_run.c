/*
 * The codes of queries (query_code.h) against an item: whether a query applies, and where. The tree of a query is looked at only
 * for the parts that no code knows.
 */
#include "watch/memo.h"
#include "watch/query_fast.h"

static bool code_holds(struct query_fast *f, const uint32_t *code);

/* ---- where a part stands ---- */

/* Where an atom stands; NULL when it does not. */
static inline const struct query_postings *
find(const struct query_fast *f, uint32_t atom)
{
	if (!query_item_may_have(&f->item, atom))
		return NULL;
	const struct query_postings *p = query_item_find(&f->item, atom);
	return p->atom == atom && (p->fields & f->looks) != 0 ? p : NULL;
}

static inline struct query_span
span_of(const struct query_fast *f, const struct query_postings *p, const struct query_posting *at)
{
	const struct text_word *words = f->ev.doc->fields[at->field].words.items;
	uint32_t last = at->word + p->words - 1;
	return (struct query_span){
	    .field = at->field, .first = at->word, .last = last, .start = words[at->word].start, .end = words[last].end};
}

/* The posting from this one on that is in a field that the query looks at; NULL: none. */
static inline const struct query_posting *
posting_from(const struct query_fast *f, uint32_t at)
{
	while (at != NO_POSTING && !(f->looks >> f->item.postings[at].field & 1))
		at = f->item.postings[at].next;
	return at != NO_POSTING ? &f->item.postings[at] : NULL;
}

/* The postings of a term are in order, and each is another place. */
static bool
term_spans(struct query_fast *f, const struct query_postings *p, struct query_spans *out)
{
	uint32_t seen = 0;
	for (const struct query_posting *at = posting_from(f, p->first); at != NULL && seen < QUERY_SPANS_MAX; seen++) {
		struct query_span span = span_of(f, p, at);
		if (!query_spans_add(f->ev.doc->arena, out, &span))
			return false;
		at = posting_from(f, at->next);
	}
	return true;
}

/* The first places of many parts are among the first of some of them: no more are kept meanwhile. */
static inline void
settle_many(struct query_spans *out)
{
	if (out->count > 4 * QUERY_SPANS_MAX)
		query_spans_settle(out);
}

static bool
terms_spans(struct query_fast *f, const uint32_t *code, struct query_spans *out)
{
	for (uint32_t i = 0; i < CODE_COUNT(code[0]); i++) {
		const struct query_postings *p = find(f, code[2 + i]);
		if (p != NULL && !term_spans(f, p, out))
			return false;
		settle_many(out);
	}
	query_spans_settle(out);
	return true;
}

static const struct query_node *
node_of(const struct query_fast *f, uint32_t number)
{
	return f->item.index->nodes[number];
}

static bool
actor_spans(struct query_fast *f, uint32_t entity, struct query_spans *out)
{
	const struct query_node leaf = {.op = QUERY_ACTOR, .n = entity};
	return query_entity_spans(f->ev.doc, &leaf, NULL, out);
}

static bool code_spans(struct query_fast *f, const uint32_t *code, struct query_spans *out);

static bool
pair_spans(struct query_fast *f, const uint32_t *code, struct query_spans *out)
{
	struct query_spans left = {0}, right = {0};
	const uint32_t *part = code_parts(code);
	if (!code_spans(f, part, &left))
		return false;
	if (left.count == 0)
		return true;
	return code_spans(f, code_next(part), &right) &&
	       query_fast_pairs(f->ev.doc, (enum query_op)(code[2] >> 16), code[2] & 0xFFFF, &left, &right, out);
}

static bool
code_spans(struct query_fast *f, const uint32_t *code, struct query_spans *out)
{
	switch (CODE_OP(code[0])) {
	case CODE_TERMS:
		return terms_spans(f, code, out);
	case CODE_ACTOR:
		return actor_spans(f, code[4], out);
	case CODE_NODE:
		return query_fast_spans(f, node_of(f, code[2 + CODE_COUNT(code[0])]), out);
	case CODE_BOTH:
		return pair_spans(f, code, out);
	default:
		break;
	}
	const uint32_t *part = code_parts(code);
	for (uint32_t i = 0; i < CODE_COUNT(code[0]); i++, part = code_next(part)) {
		struct query_spans kid = {0};
		if (code_holds(f, part) &&
		    (!code_spans(f, part, &kid) || !query_spans_append(f->ev.doc->arena, out, &kid)))
			return false;
		settle_many(out);
	}
	query_spans_settle(out);
	return true;
}

/* ---- whether a part holds ---- */

static inline bool
terms_hold(const struct query_fast *f, const uint32_t *code)
{
	for (uint32_t i = 0; i < CODE_COUNT(code[0]); i++) {
		if (find(f, code[2 + i]) != NULL)
			return true;
	}
	return false;
}

/* In one of the fields that count. */
static bool
actor_holds(const struct query_fast *f, uint32_t atom, uint32_t entity)
{
	if (!query_item_may_have(&f->item, atom))
		return false;
	const struct watch_hit *hit = query_doc_hit(f->ev.doc, entity);
	for (size_t i = 0; hit != NULL && i < hit->mention_count; i++) {
		if (f->looks >> hit->mentions[i].field & 1)
			return true;
	}
	return false;
}

static bool
node_holds(struct query_fast *f, const uint32_t *code)
{
	uint32_t count = CODE_COUNT(code[0]);
	for (uint32_t i = 0; i < count; i++) {
		if (!query_item_may_have(&f->item, code[2 + i]))
			return false;
	}
	return query_fast_truth(f, node_of(f, code[2 + count]));
}

static bool
pair_holds(struct query_fast *f, const uint32_t *code)
{
	struct query_spans spans = {0};
	const uint32_t *part = code_parts(code);
	if (!code_holds(f, part) || !code_holds(f, code_next(part)))
		return false;
	if (!pair_spans(f, code, &spans))
		f->failed = true;
	return spans.count > 0;
}

static bool
code_holds(struct query_fast *f, const uint32_t *code)
{
	const uint32_t *part = code_parts(code);
	bool any = CODE_OP(code[0]) == CODE_ANY;
	switch (CODE_OP(code[0])) {
	case CODE_TERMS:
		return terms_hold(f, code);
	case CODE_ACTOR:
		return actor_holds(f, code[3], code[4]);
	case CODE_NODE:
		return node_holds(f, code);
	case CODE_NOT:
		return !code_holds(f, part);
	case CODE_BOTH:
		return pair_holds(f, code);
	default:
		for (uint32_t i = 0; i < CODE_COUNT(code[0]); i++, part = code_next(part)) {
			/* most parts are terms */
			if ((CODE_OP(part[0]) == CODE_TERMS ? terms_hold(f, part) : code_holds(f, part)) == any)
				return any;
		}
		return !any;
	}
}

/* ---- what is told of a part that holds ---- */

static bool
gather_term(struct query_fast *f, struct query_gathered *g, const struct query_postings *p, uint32_t text,
    const struct query_spans *within)
{
	uint32_t seen = 0;
	const struct query_posting *at = posting_from(f, p->first);
	for (; at != NULL && g->count < QUERY_GATHERED_MAX && seen < QUERY_SPANS_MAX; seen++) {
		struct query_span span = span_of(f, p, at);
		at = posting_from(f, at->next);
		if (within != NULL && !query_spans_hold(within, &span))
			continue;
		struct str form = query_gather_form(f->ev.doc, &span, p->rule == WATCH_RULE_STEM && f->ev.stems);
		if (!query_gather_place(g, &span, text >> 16, text & CODE_TEXT_MAX, (enum watch_rule)p->rule, form))
			return false;
	}
	return true;
}

static bool
gather_terms(struct query_fast *f, struct query_gathered *g, const uint32_t *code, const struct query_spans *within)
{
	uint32_t count = CODE_COUNT(code[0]);
	for (uint32_t i = 0; i < count; i++) {
		const struct query_postings *p = find(f, code[2 + i]);
		if (p != NULL && !gather_term(f, g, p, code[2 + count + i], within))
			return false;
	}
	return true;
}

static bool
gather_actor(struct query_fast *f, struct query_gathered *g, const uint32_t *code, const struct query_spans *within)
{
	struct query_spans spans = {0};
	if (!actor_spans(f, code[4], &spans))
		return false;
	for (size_t i = 0; i < spans.count && g->count < QUERY_GATHERED_MAX; i++) {
		const struct query_span *span = &spans.items[i];
		if ((within == NULL || query_spans_hold(within, span)) &&
		    !query_gather_place(
		        g, span, code[2] >> 16, code[2] & CODE_TEXT_MAX, WATCH_RULE_EXACT, span->mention->name))
			return false;
	}
	return true;
}

static bool
gather(struct query_fast *f, struct query_gathered *g, const uint32_t *code, const struct query_spans *within);

/* What stands inside the pairs, and inside what is asked for around them. */
static bool
gather_pair(struct query_fast *f, struct query_gathered *g, const uint32_t *code, const struct query_spans *within)
{
	struct query_spans pairs = {0};
	const uint32_t *part = code_parts(code);
	if (!pair_spans(f, code, &pairs))
		return false;
	query_spans_keep(&pairs, within);
	return gather(f, g, part, &pairs) && gather(f, g, code_next(part), &pairs);
}

static bool
gather(struct query_fast *f, struct query_gathered *g, const uint32_t *code, const struct query_spans *within)
{
	const uint32_t *part = code_parts(code);
	switch (CODE_OP(code[0])) {
	case CODE_NODE:
		return query_gather_node(g, node_of(f, code[2 + CODE_COUNT(code[0])]), within);
	case CODE_NOT:
		return true;
	case CODE_BOTH:
		return gather_pair(f, g, code, within);
	case CODE_ALL:
	case CODE_ANY:
		for (uint32_t i = 0; i < CODE_COUNT(code[0]); i++, part = code_next(part)) {
			/* what has no parts and does not hold has no places: there is no need to ask first */
			bool asked = CODE_OP(code[0]) == CODE_ANY && CODE_OP(part[0]) >= CODE_NODE;
			if ((!asked || code_holds(f, part)) && !gather(f, g, part, within))
				return false;
		}
		return true;
	case CODE_ACTOR:
		return gather_actor(f, g, code, within);
	default:
		return gather_terms(f, g, code, within);
	}
}

/* ---- all of it ---- */

static bool
ask(struct query_fast *f, size_t at)
{
	uint32_t entry = f->candidates.entries[at];
	struct arena *arena = f->ev.doc->arena;
	struct arena_mark mark = arena_mark(arena);
	size_t stemmed = f->ev.doc->stemmed;
	struct query_answer answer = {.entry = entry};
	const struct query_where *where = &f->item.index->where[entry];
	const uint32_t *code = f->item.index->code + where->code;
	query_doc_ask(f->ev.doc, entry);
	f->entry = entry;
	if (!code_holds(f, code)) {
		if (!arena->failed && f->ev.doc->stemmed == stemmed)
			arena_rollback(arena, mark);
		return true;
	}
	struct query_answer *items =
	    arena_grow(arena, f->answers->items, &f->answers->cap, f->answers->count, sizeof *items);
	struct query_gathered *g = &f->gathered;
	g->ev = &f->ev;
	g->text = (struct str){where->text, where->len};
	g->count = 0;
	if (items == NULL || !gather(f, g, code, NULL) || !query_gather_end(g, &answer))
		return false;
	f->answers->items = items;
	items[f->answers->count++] = answer;
	f->answer_of[at] = (uint32_t)f->answers->count;
	return true;
}

#define AHEAD 16u /* queries whose code is fetched while others are asked */

static int
run(struct query_fast *f, struct err *err)
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
		if (i + 2 * AHEAD < count)
			__builtin_prefetch(&x->where[entries[i + 2 * AHEAD]]);
		if (i + AHEAD < count) {
			const uint32_t *code = x->code + x->where[entries[i + AHEAD]].code;
			__builtin_prefetch(code);
			__builtin_prefetch(code + 16);
		}
		good = ask(f, i) && !f->failed && !arena->failed;
	}
	if (!good && arena_check(arena, err) == 0)
		return err_oom(err);
	return arena_check(arena, err);
}

static bool
tree_truth(struct query_evaluator *ev, const struct query_node *node)
{
	return query_fast_truth((struct query_fast *)ev, node);
}

static bool
tree_spans(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out)
{
	return query_fast_spans((struct query_fast *)ev, node, out);
}

int
query_set_match(const struct query_set *s, struct query_doc *d, struct query_answers *out, struct err *err)
{
	struct query_fast f = {.ev = {.doc = d, .set = s, .truth = tree_truth, .spans = tree_spans}, .answers = out};
	*out = (struct query_answers){0};
	f.ev.stems = s->stems && d->language >= 0;
	if (d->in->memo != NULL && f.ev.stems && !memo_begin_stems(d->in->memo, s, s->version))
		return err_oom(err);
	int rc = run(&f, err);
	query_doc_done(d);
	return rc;
}
