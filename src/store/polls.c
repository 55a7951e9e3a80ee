#include "store/feeds.h"
#include "store/guard.h"
#include "store/items.h"
#include "store/pages.h"

#include <stdlib.h>

static void
clear_outputs(struct store_poll *polls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < polls[i].item_count; k++) {
			struct store_new_item *item = &polls[i].items[k];
			item->id = 0;
			item->story = item->duplicate_of = item->page_of = 0;
			item->is_new = item->changed = item->sighted = false;
		}
	}
}

static int
drop_push(struct store *s, int64_t id, struct err *err)
{
	struct call c = call_begin(s, SQL_PUSH_DROP);
	call_int(&c, id);
	return call_run(&c, err);
}

static int
commit_poll(
    struct store *s, struct store_poll *p, const struct watchlist *watchlist, struct arena *scratch, struct err *err)
{
	struct item_context ctx = {.s = s, .poll = p, .watchlist = watchlist, .scratch = scratch};
	struct store_seen seen;
	arena_init(&ctx.names, 0);
	int rc = feeds_before(s, p->feed_id, &ctx.names, &ctx.feed_key, &seen, err);
	if (rc == 0)
		rc = guard_before(&ctx, p, err);
	for (size_t i = 0; rc == 0 && i < p->item_count; i++)
		rc = items_store(&ctx, &p->items[i], err);
	seen.known = (size_t)ctx.known_items;
	seen.fresh = (size_t)ctx.new_items;
	if (rc == 0 && p->decide != NULL)
		p->decide(p->ctx, p, &seen);
	if (rc == 0)
		rc = guard_after(&ctx, p, err);
	if (rc == 0)
		rc = feeds_note_poll(s, p, ctx.new_items, err);
	if (rc == 0 && p->push_id != 0)
		rc = drop_push(s, p->push_id, err);
	arena_done(&ctx.names);
	return rc;
}

int
store_commit_some(struct store *s, struct store_poll *polls, size_t count, const struct watchlist *watchlist,
    bool (*enough)(void *ctx), void *ctx, size_t *done, struct err *err)
{
	struct arena scratch;
	bool full = false;
	size_t n = 0;

	*done = 0;
	clear_outputs(polls, count);
	items_use_watchlist(s, watchlist);
	if (db_begin(s, err) < 0)
		return -1;
	int rc = 0;
	arena_init(&scratch, 0); /* holds copies of parts of one item: bounded as the document is */
	for (; rc == 0 && n < count && !full; n++) {
		rc = commit_poll(s, &polls[n], watchlist, &scratch, err);
		full = enough != NULL && enough(ctx);
	}
	if (rc == 0)
		rc = items_index_words(s, err);
	s->unindexed_count = 0;
	rc = db_end(s, rc, err);
	arena_done(&scratch);
	if (rc < 0) {
		items_forget_entities(s); /* some of them were rolled back */
		clear_outputs(polls, count);
		return -1;
	}
	*done = n;
	return 0;
}

int
store_commit_polls(
    struct store *s, struct store_poll *polls, size_t count, const struct watchlist *watchlist, struct err *err)
{
	size_t done;
	return store_commit_some(s, polls, count, watchlist, NULL, NULL, &done, err);
}

int
store_article_commit(struct store *s, const struct store_article *a, const struct watchlist *watchlist, struct err *err)
{
	struct store_poll at = {.at = a->at, .router = a->router};
	struct arena scratch;

	items_use_watchlist(s, watchlist);
	if (db_begin(s, err) < 0)
		return -1;
	arena_init(&scratch, 0);
	struct item_context ctx = {.s = s, .poll = &at, .watchlist = watchlist, .scratch = &scratch};
	struct page_copy copy = {0};
	int rc = db_end(s, items_store_article(&ctx, a, &copy, err), err);
	arena_done(&scratch);
	if (rc < 0)
		items_forget_entities(s);
	else if (copy.item != 0 && s->window != NULL)
		story_window_move_item(s->window, copy.item, copy.story);
	return rc;
}
