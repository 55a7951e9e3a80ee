#include "watch/query_build.h"
#include "watch/list.h"

#include <stdlib.h>

struct build {
	const struct watch_builder *builder;
	void (*complain)(void *ctx, struct watch_origin at, const struct err *err);
	void *ctx;
};

static ptrdiff_t
find_key(void *ctx, struct str key, bool *is_topic)
{
	const struct watch_builder *b = ((const struct build *)ctx)->builder;
	uintptr_t known = (uintptr_t)map_get(&b->ids, key);
	if (known == 0 || b->entities[known - 1].kind == WATCH_ALERT)
		return -1;
	*is_topic = b->entities[known - 1].kind == WATCH_TOPIC;
	return (ptrdiff_t)known - 1;
}

static void
pass_on(void *ctx, const struct query_entry *entry, const struct err *err)
{
	const struct build *c = ctx;
	if (c->complain != NULL)
		c->complain(c->ctx, entry->origin, err);
}

int
query_set_of(const struct watch_builder *b, void (*complain)(void *ctx, struct watch_origin at, const struct err *err),
    void *ctx, struct query_set **ret, struct err *err)
{
	struct build c = {b, complain, ctx};
	struct query_names names = {.find = find_key,
	    .complain = pass_on,
	    .ctx = &c,
	    .entity_count = b->entity_count,
	    .check_only = ret == NULL};
	if (ret != NULL)
		*ret = NULL;
	if (b->query_count == 0)
		return 0;
	struct query_set *s = query_set_new();
	if (s == NULL)
		return err_oom(err);
	int rc = 0;
	for (size_t i = 0; i < b->query_count && rc == 0; i++)
		rc = query_set_add(s, b->queries[i].text, b->queries[i].entity, b->queries[i].origin, err);
	if (rc == 0)
		rc = query_set_finish(s, &names, err);
	if (rc == 0 && ret != NULL)
		*ret = s;
	else
		query_set_free(s);
	return rc < 0 ? -1 : 0;
}

int
watch_check_queries(const struct watch_builder *b,
    void (*complain)(void *ctx, struct watch_origin at, const struct err *err), void *ctx, struct err *err)
{
	return query_set_of(b, complain, ctx, NULL, err);
}

static void
walk_feeds(const struct query_entry *e, const struct query_node *n,
    void (*each)(void *ctx, struct str feed, struct watch_origin origin), void *ctx)
{
	if (n->op == QUERY_ABOUT && n->about == QUERY_FEED)
		each(ctx, n->text, e->origin);
	for (size_t i = 0; i < n->kid_count; i++)
		walk_feeds(e, n->kids[i], each, ctx);
}

void
watch_query_feeds(
    const struct watchlist *w, void (*each)(void *ctx, struct str feed, struct watch_origin origin), void *ctx)
{
	for (size_t i = 0; w->queries != NULL && i < w->queries->count; i++)
		walk_feeds(&w->queries->entries[i], w->queries->entries[i].query.root, each, ctx);
}

/* ---- hits ---- */

static int
by_place(const void *a, const void *b)
{
	const struct watch_mention *x = a, *y = b;
	if (x->field != y->field)
		return x->field < y->field ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

/* A topic may have phrases and a query: the mentions of both stand in one hit. */
static int
add_places(struct watch_hit *hit, const struct query_answer *answer, struct arena *arena, struct err *err)
{
	struct watch_mention *all = arena_zalloc(arena, hit->mention_count + answer->place_count + 1, sizeof *all);
	size_t n = hit->mention_count;
	if (all == NULL)
		return arena_check(arena, err);
	if (n > 0)
		memcpy(all, hit->mentions, n * sizeof *all);
	for (size_t i = 0; i < answer->place_count; i++) {
		const struct query_place *p = &answer->places[i];
		all[n++] = (struct watch_mention){.field = (enum watch_field)p->span.field,
		    .start = p->span.start,
		    .end = p->span.end,
		    .name = p->name,
		    .rule = p->rule,
		    .form = p->form};
	}
	if (hit->mention_count > 0)
		qsort(all, n, sizeof *all, by_place);
	hit->mentions = all;
	hit->mention_count = n;
	return 0;
}

static int
by_entity(const void *a, const void *b)
{
	const struct watch_hit *x = a, *y = b;
	return x->entity < y->entity ? -1 : x->entity > y->entity;
}

static int
merge(const struct query_set *s, const struct query_answers *answers, struct arena *arena, struct watch_result *result,
    struct err *err)
{
	struct watch_hit *hits = arena_zalloc(arena, result->hit_count + answers->count, sizeof *hits);
	size_t named = result->hit_count, count = named;
	if (hits == NULL)
		return arena_check(arena, err);
	if (named > 0)
		memcpy(hits, result->hits, named * sizeof *hits);
	for (size_t i = 0; i < answers->count; i++) {
		uint32_t entity = s->entries[answers->items[i].entry].entity;
		struct watch_hit key = {.entity = entity};
		struct watch_hit *hit = named > 0 ? bsearch(&key, hits, named, sizeof *hits, by_entity) : NULL;
		if (hit == NULL) {
			hit = &hits[count++];
			hit->entity = entity;
		}
		if (add_places(hit, &answers->items[i], arena, err) < 0)
			return -1;
	}
	qsort(hits, count, sizeof *hits, by_entity);
	result->hits = hits;
	result->hit_count = count;
	return 0;
}

int
query_set_hits(const struct query_set *s, const struct watch_input *in, const struct watch_tokens *tokens,
    struct arena *arena, struct watch_result *result, struct err *err)
{
	struct query_doc doc;
	struct query_answers answers;
	if (query_doc_init(&doc, in, tokens, result, arena, err) < 0 || query_set_match(s, &doc, &answers, err) < 0)
		return -1;
	if (doc.given_up_count > 0) {
		if ((result->given_up = arena_alloc(arena, sizeof doc.given_up)) == NULL)
			return arena_check(arena, err);
		memcpy(result->given_up, doc.given_up, doc.given_up_count * sizeof *doc.given_up);
		for (size_t i = 0; i < doc.given_up_count; i++)
			result->given_up[i].entity = s->entries[doc.given_up[i].entity].entity;
		result->given_up_count = doc.given_up_count;
	}
	return answers.count > 0 ? merge(s, &answers, arena, result, err) : 0;
}
