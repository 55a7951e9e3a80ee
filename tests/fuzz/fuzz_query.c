/*
 * Any bytes as a query, a NUL, and a text: the query is refused with a mistake that lies inside it, or what is printed of it parses
 * to the same tree, and the index answers about the text as asking plainly does.
 */
#include "fuzz.h"

#include "watch/builder.h"
#include "watch/import_query.h"
#include "watch/list.h"
#include "watch/query_set.h"

#include <stdlib.h>

#define MEMORY_MAX (256u * 1024 * 1024)
#define SHOWN_MAX (4u * 1024 * 1024)

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static void
check_mistake(struct str text, const struct query_mistake *m)
{
	struct buf shown;
	promise(m->message[0] != '\0' && m->at <= text.len && m->at + m->len <= text.len + 1); /* the end, too */
	buf_init(&shown, SHOWN_MAX);
	query_mistake_show(m, text, &shown);
	promise(!shown.failed && shown.len > 0);
	buf_done(&shown);
}

/* False when it was refused. */
static bool
check_print(struct str text, struct arena *arena)
{
	struct query q, again;
	struct query_mistake m;
	struct buf printed;
	if (query_parse(text, arena, &q, &m) < 0) {
		check_mistake(text, &m);
		return false;
	}
	promise(q.node_count <= QUERY_NODES_MAX);
	buf_init(&printed, SHOWN_MAX);
	query_print(&q, &printed);
	bool whole = !printed.failed && printed.len <= QUERY_BYTES_MAX;
	if (whole && query_parse(buf_view(&printed), arena, &again, &m) == 0) {
		promise(query_same(q.root, again.root));
		query_done(&again);
	} else {
		promise(!whole || strstr(m.message, "more than") != NULL || strstr(m.message, "memory") != NULL);
	}
	buf_done(&printed);
	query_done(&q);
	return true;
}

static void
same(const struct query_answers *a, const struct query_answers *b)
{
	promise(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		promise(a->items[i].entry == b->items[i].entry && a->items[i].place_count == b->items[i].place_count);
		for (size_t k = 0; k < a->items[i].place_count; k++) {
			const struct query_span *x = &a->items[i].places[k].span, *y = &b->items[i].places[k].span;
			promise(x->field == y->field && x->start == y->start && x->end == y->end);
		}
	}
}

static void
ask(const struct watchlist *w, struct str text, struct arena *arena)
{
	struct watch_input in = {.lang = STR_LIT("en"), .feed = STR_LIT("feed"), .source = STR_LIT("The Post")};
	struct watch_tokens tokens;
	struct watch_result names;
	struct query_doc one, two;
	struct query_answers naive = {0}, fast = {0};
	struct err err;
	in.fields[WATCH_FIELD_TITLE] = (struct str){text.s, text.len < 80 ? text.len : 80};
	in.fields[WATCH_FIELD_CONTENT] = text;
	if (watch_tokenise(&in, arena, &tokens, &err) < 0 || watch_match_tokens(w, &tokens, arena, &names, &err) < 0)
		return;
	if (query_doc_init(&one, &in, &tokens, &names, arena, &err) < 0 ||
	    query_doc_init(&two, &in, &tokens, &names, arena, &err) < 0)
		return;
	if (query_set_naive(w->queries, &one, &naive, &err) == 0 && query_set_match(w->queries, &two, &fast, &err) == 0)
		same(&naive, &fast);
}

static void
tell(void *ctx, struct str key, struct str query)
{
	(void)key;
	check_print(query, ctx);
}

static void
complain(void *ctx, const struct err *err)
{
	(void)ctx;
	promise(err->msg[0] != '\0');
}

/* The same bytes as a query of another service: what comes out is a query. */
static void
import(struct str text, struct arena *arena)
{
	struct watch_alerts to = {.tell = tell, .complain = complain, .ctx = arena};
	struct err err;
	watch_import_alerts(text, &to, &err);
	for (int d = WATCH_DIALECT_FACTIVA; d <= WATCH_DIALECT_BRANDWATCH; d++) {
		struct buf out;
		buf_init(&out, SHOWN_MAX);
		if (watch_import_query(text, (enum watch_dialect)d, &out, &err) == 0)
			check_print(buf_view(&out), arena);
		buf_done(&out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = {(const char *)data, size};
	ptrdiff_t cut = str_find(all, (struct str){"\0", 1}, 0);
	struct str query = {all.s, cut < 0 ? size : (size_t)cut},
	           text = {all.s + query.len + (cut >= 0), size - query.len - (cut >= 0)};
	struct watch_origin from = {STR_LIT("fuzz"), 1};
	struct arena arena;
	struct err err;

	arena_init(&arena, MEMORY_MAX);
	import(query, &arena);
	struct watch_builder *b = check_print(query, &arena) ? watch_builder_new() : NULL;
	if (b != NULL) {
		watch_add(b, STR_LIT("a"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Una Marsh"), from, &err);
		watch_add(b, STR_LIT("t"), WATCH_TOPIC, STR_LIT("und"), STR_LIT("peace treaty"), from, &err);
		if (watch_add_query(b, STR_LIT("q"), WATCH_TOPIC, query, from, &err) == 0) {
			struct watchlist *w = watch_compile(b, &err);
			if (w != NULL)
				ask(w, text, &arena);
			watchlist_free(w);
		}
	}
	watch_builder_free(b);
	arena_done(&arena);
	return 0;
}
