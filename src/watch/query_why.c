/* Why a query does not apply to an item: what each part of it found, and what came nearest. */
#include "base/utf8.h"
#include "watch/list.h"
#include "watch/query_build.h"
#include "watch/query_naive.h"

#include <stdio.h>

#define SHOWN_BYTES 100u    /* of a part of the query */
#define NEAREST_COST_MAX 3u /* letters that a nearest word may differ in */
#define WORD_BYTES 40u

struct why {
	struct naive *naive;
	struct buf *out;
	const struct watchlist *list;
};

static void
put_part(struct why *w, unsigned depth, bool holds, const struct query_node *node)
{
	struct buf text;
	buf_init(&text, 0);
	query_print_node(node, &text);
	struct str all = buf_view(&text), cut = utf8_truncate(all, SHOWN_BYTES);
	buf_printf(
	    w->out, "%*s%s %.*s%s", (int)depth * 2, "", holds ? "+" : "-", STR_ARG(cut), cut.len < all.len ? "…" : "");
	w->out->failed |= text.failed;
	buf_done(&text);
}

static struct str
span_text(const struct why *w, const struct query_span *s)
{
	return (struct str){w->naive->ev.doc->fields[s->field].text.s + s->start, s->end - s->start};
}

static void
put_place(struct why *w, const struct query_span *s)
{
	buf_printf(w->out, "“%.*s” in %s", STR_ARG(utf8_truncate(span_text(w, s), SHOWN_BYTES)),
	    watch_field_word((enum watch_field)s->field));
}

/* The first place of a part; false when it has none. */
static bool
first_place(struct why *w, const struct query_node *node, struct query_spans *spans)
{
	*spans = (struct query_spans){0};
	return w->naive->ev.spans(&w->naive->ev, node, spans) && spans->count > 0;
}

/* ---- words that come near ---- */

static unsigned
letters_apart(struct str a, struct str b)
{
	unsigned row[WORD_BYTES + 1];
	if (a.len > WORD_BYTES || b.len > WORD_BYTES)
		return UINT32_MAX;
	for (size_t k = 0; k <= b.len; k++)
		row[k] = (unsigned)k;
	for (size_t i = 1; i <= a.len; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t k = 1; k <= b.len; k++) {
			unsigned best = diagonal + (a.s[i - 1] != b.s[k - 1]);
			best = row[k] + 1 < best ? row[k] + 1 : best;
			best = row[k - 1] + 1 < best ? row[k - 1] + 1 : best;
			diagonal = row[k];
			row[k] = best;
		}
	}
	return row[b.len];
}

/* Other endings of the same beginning count as near, too. */
static unsigned
word_cost(struct str want, struct str is)
{
	size_t same = 0;
	while (same < want.len && same < is.len && want.s[same] == is.s[same])
		same++;
	if (same >= 4 && same * 3 >= want.len * 2)
		return 1;
	unsigned cost = letters_apart(want, is);
	return want.len >= 4 * (size_t)cost ? cost : UINT32_MAX;
}

static void
put_nearest(struct why *w, const struct query_node *leaf)
{
	const struct query_doc *d = w->naive->ev.doc;
	const struct text_word *best = NULL;
	unsigned best_cost = NEAREST_COST_MAX + 1, best_field = 0;
	for (unsigned field = 0; field < WATCH_FIELD_COUNT; field++) {
		const struct text_words *words = &d->fields[field].words;
		for (size_t i = 0; i < words->count && query_doc_looks(d, leaf, (enum watch_field)field); i++) {
			for (size_t k = 0; k < leaf->token_count; k++) {
				unsigned cost =
				    word_cost(leaf->tokens[k].fold, text_word_fold(words, &words->items[i]));
				if (cost < best_cost) {
					best_cost = cost;
					best = &words->items[i];
					best_field = field;
				}
			}
		}
	}
	if (best == NULL)
		return;
	struct query_span at = {.field = best_field, .start = best->start, .end = best->end};
	buf_puts(w->out, "; nearest is ");
	put_place(w, &at);
}

/* ---- why a part fails ---- */

static void
leaf_fails(struct why *w, const struct query_node *leaf)
{
	const struct watch_input *in = w->naive->ev.doc->in;
	struct query_node anywhere = *leaf;
	struct query_spans spans;
	if (leaf->op == QUERY_ABOUT) {
		struct str host = query_doc_host(w->naive->ev.doc);
		struct str is = leaf->about == QUERY_LANG   ? in->lang
		                : leaf->about == QUERY_FEED ? in->feed
		                                            : in->source;
		buf_printf(w->out, ": it is “%.*s”", STR_ARG(is));
		if (leaf->about == QUERY_SOURCE && !str_empty(host))
			buf_printf(w->out, ", the link is on %.*s", STR_ARG(host));
		return;
	}
	anywhere.first = 0;
	if (leaf->first > 0 && first_place(w, &anywhere, &spans)) {
		buf_printf(w->out, ": stands only at word %u of %s", spans.items[0].first + 1,
		    watch_field_word((enum watch_field)spans.items[0].field));
		return;
	}
	anywhere.fields = (uint16_t)((1u << WATCH_FIELD_COUNT) - 1);
	if (first_place(w, &anywhere, &spans)) {
		buf_puts(w->out, ": stands only elsewhere, ");
		put_place(w, &spans.items[0]);
		return;
	}
	buf_puts(w->out, leaf->op == QUERY_ACTOR   ? ": is not mentioned"
	                 : leaf->op == QUERY_TOPIC ? ": does not apply"
	                                           : ": stands nowhere");
	if (leaf->op == QUERY_TERM)
		put_nearest(w, leaf);
}

static unsigned
words_apart(const struct query_span *x, const struct query_span *y)
{
	if (x->field != y->field)
		return UINT32_MAX;
	if (x->first > y->last)
		return x->first - y->last;
	return y->first > x->last ? y->first - x->last : 0;
}

static void
pair_fails(struct why *w, const struct query_node *node)
{
	struct query_spans left, right;
	unsigned best = UINT32_MAX;
	const struct query_span *a = NULL, *b = NULL;
	if (!first_place(w, node->kids[0], &left) || !first_place(w, node->kids[1], &right)) {
		buf_puts(w->out, ": one of them is missing");
		return;
	}
	for (size_t i = 0; i < left.count; i++) {
		for (size_t k = 0; k < right.count; k++) {
			unsigned apart = words_apart(&left.items[i], &right.items[k]);
			if (apart > 0 && apart < best) {
				best = apart;
				a = &left.items[i];
				b = &right.items[k];
			}
		}
	}
	if (a == NULL) {
		buf_puts(w->out, ": they stand in different fields, or in one place");
		return;
	}
	buf_printf(w->out, ": the nearest are %u %s apart, ", best, best == 1 ? "word" : "words");
	put_place(w, a);
	buf_puts(w->out, a->first < b->first ? " before " : " behind ");
	put_place(w, b);
}

static void
put_reason(struct why *w, const struct query_node *node)
{
	struct query_spans spans;
	int64_t sum = 0;
	switch (node->op) {
	case QUERY_NOT:
		buf_puts(w->out, ": it stands there");
		break;
	case QUERY_ATLEAST:
		buf_printf(w->out, ": %zu of %u", first_place(w, node->kids[0], &spans) ? query_spans_apart(&spans) : 0,
		    node->n);
		break;
	case QUERY_SUM:
		for (size_t i = 0; i < node->kid_count; i++)
			sum += w->naive->ev.truth(&w->naive->ev, node->kids[i]) ? node->kids[i]->weight : 0;
		buf_printf(w->out, ": the sum is %lld, the threshold %u", (long long)sum, node->n);
		break;
	case QUERY_NEAR:
	case QUERY_ONEAR:
	case QUERY_WITHIN:
	case QUERY_SENTENCE:
	case QUERY_PARAGRAPH:
		pair_fails(w, node);
		break;
	default:
		if (query_is_leaf(node))
			leaf_fails(w, node);
	}
}

/* Of a regular expression that was given up; others have met no ceiling. */
static void
put_limits(struct why *w, const struct query_node *leaf)
{
	for (int field = 0; field < WATCH_FIELD_COUNT && leaf->op == QUERY_REGEX; field++) {
		enum watch_limit limit = query_regex_limit(w->naive->ev.doc, leaf, (enum watch_field)field);
		if (limit != WATCH_LIMIT_NONE)
			buf_printf(w->out, "; given up in %s at its limit of %s",
			    watch_field_word((enum watch_field)field), query_limit_words(limit));
	}
}

static void
explain(struct why *w, const struct query_node *node, unsigned depth)
{
	bool holds = w->naive->ev.truth(&w->naive->ev, node);
	struct query_spans spans;
	bool placed = node->op == QUERY_TERM || node->op == QUERY_REGEX || node->op == QUERY_ACTOR ||
	              node->op == QUERY_TOPIC || (node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH);
	put_part(w, depth, holds, node);
	if (!holds) {
		put_reason(w, node);
	} else if (placed && first_place(w, node, &spans)) {
		buf_puts(w->out, ": ");
		put_place(w, &spans.items[0]);
	}
	put_limits(w, node);
	buf_putc(w->out, '\n');
	if (!holds && node->op == QUERY_TOPIC && w->naive->ev.set->entry_of[node->n] != 0)
		explain(w, w->naive->ev.set->entries[w->naive->ev.set->entry_of[node->n] - 1].query.root, depth + 1);
	for (size_t i = 0; i < node->kid_count && (!holds || depth == 0 || node->op == QUERY_NOT); i++)
		explain(w, node->kids[i], depth + 1);
}

int
watch_explain(const struct watchlist *w, size_t entity, const struct watch_input *in, struct arena *arena,
    struct buf *out, struct err *err)
{
	struct watch_tokens tokens;
	struct watch_result names;
	struct query_doc doc;
	struct naive naive;
	const struct query_set *s = w->queries;
	if (s == NULL || entity >= s->entity_count || s->entry_of[entity] == 0)
		return err_set(err, ERR_NOT_FOUND, "it has no query");
	if (watch_tokenise(in, arena, &tokens, err) < 0 || tokens_names(w, &tokens, arena, &names, err) < 0 ||
	    query_doc_init(&doc, in, &tokens, &names, arena, err) < 0)
		return -1;
	int rc = query_naive_init(&naive, s, &doc, err);
	if (rc == 0) {
		struct why why = {.naive = &naive, .out = out, .list = w};
		query_doc_ask(&doc, s->entry_of[entity] - 1);
		explain(&why, s->entries[s->entry_of[entity] - 1].query.root, 0);
		rc = buf_check(out, err);
	}
	query_naive_done(&naive);
	return rc < 0 ? -1 : arena_check(arena, err);
}
