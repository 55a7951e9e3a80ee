#include "base/vec.h"
#include "store/cache.h"
#include "store/feeds.h"
#include "store/guard.h"
#include "store/items.h"
#include "store/log.h"
#include "store/pages.h"
#include "store/stories.h"

#include <stdlib.h>

static void
clear_outputs(struct store_poll *p)
{
	for (size_t k = 0; k < p->item_count; k++) {
		struct store_new_item *item = &p->items[k];
		item->id = 0;
		item->story = item->duplicate_of = item->page_of = 0;
		item->is_new = item->changed = item->sighted = false;
	}
}

static int
drop_push(struct store *s, int64_t id, struct err *err)
{
	struct call c = call_begin(s, SQL_PUSH_DROP);
	call_int(&c, id);
	return call_run(&c, err);
}

/* ---- a group: polls in one transaction that stays open from call to call ---- */

struct group {
	struct item_context ctx; /* of the poll that is being written */
	struct feed_before before;
	struct store_poll *poll; /* NULL: none */
	size_t next;             /* its first item that is not written yet */
	struct arena scratch;    /* holds copies of parts of one item: bounded as the document is */
	struct store_poll **polls;
	size_t count, cap;
	size_t items;  /* new ones */
	bool ended;    /* committed or not, and its owner has not been told yet */
	bool unsynced; /* the one before may not be on the disk yet */
	int result;
	struct err err;
};

static struct group *
group_of(struct store *s)
{
	if (s->group == NULL)
		s->group = calloc(1, sizeof *s->group);
	return s->group;
}

static void
forget_poll(struct group *g)
{
	if (g->poll != NULL)
		arena_done(&g->ctx.names);
	g->poll = NULL;
}

void
group_free(struct store *s)
{
	struct group *g = s->group;
	if (g == NULL)
		return;
	forget_poll(g);
	if (s->group_open)
		arena_done(&g->scratch);
	free(g->polls);
	free(g);
	s->group = NULL;
}

/* rc as it was so far: 0 commits. */
static int
close_group(struct store *s, int rc, struct err *err)
{
	struct group *g = s->group;
	s->group_inside = true;
	if (rc < 0)
		stories_give_up(s);
	rc = db_end(s, rc, err);
	s->group_open = s->group_inside = false;
	db_sync_commits(s, true, NULL);
	forget_poll(g);
	arena_done(&g->scratch);
	if (rc < 0) {
		items_forget_rows(s); /* some of them were rolled back */
		for (size_t i = 0; i < g->count; i++)
			clear_outputs(g->polls[i]);
	}
	cache_fit(s, g->count + g->items);
	g->count = g->items = 0;
	return rc;
}

static int
open_group(struct store *s, const struct watchlist *watchlist, struct err *err)
{
	struct group *g = group_of(s);
	if (g == NULL)
		return err_oom(err);
	if (g->ended)
		return err_set(err, ERR_INTERNAL, "nobody asked how the last group ended");
	items_use_watchlist(s, watchlist);
	if (db_sync_commits(s, false, err) < 0)
		return -1;
	if (db_begin(s, err) < 0) {
		db_sync_commits(s, true, NULL);
		return -1;
	}
	arena_init(&g->scratch, 0);
	cache_watch(s);
	s->group_open = true;
	return 0;
}

static int
begin_poll(struct store *s, struct store_poll *p, const struct watchlist *watchlist, struct err *err)
{
	struct group *g = s->group;
	clear_outputs(p);
	if (vec_reserve((void **)&g->polls, &g->cap, g->count + 1, sizeof *g->polls) < 0)
		return err_oom(err);
	g->polls[g->count++] = g->poll = p;
	g->next = 0;
	g->ctx = (struct item_context){.s = s, .poll = p, .watchlist = watchlist, .scratch = &g->scratch};
	arena_init(&g->ctx.names, 0);
	if (feeds_before(s, p->feed_id, &g->ctx.names, &g->before, err) < 0)
		return -1;
	g->ctx.feed_key = g->before.key;
	return guard_before(&g->ctx, p, err);
}

static int
end_poll(struct store *s, struct err *err)
{
	struct group *g = s->group;
	struct store_poll *p = g->poll;
	g->before.seen.known = (size_t)g->ctx.known_items;
	g->before.seen.fresh = (size_t)g->ctx.new_items;
	if (p->decide != NULL)
		p->decide(p->ctx, p, &g->before.seen);
	if (guard_after(&g->ctx, p, err) < 0 || feeds_note_poll(s, p, g->before.error, g->ctx.new_items, err) < 0 ||
	    (p->push_id != 0 && drop_push(s, p->push_id, err) < 0))
		return -1;
	forget_poll(g);
	return 0;
}

/* 1 the poll is written, 0 there was enough before its end, -1. */
static int
write_poll(struct store *s, bool (*enough)(void *ctx), void *ctx, struct err *err)
{
	struct group *g = s->group;
	while (g->next < g->poll->item_count) {
		struct store_new_item *item = &g->poll->items[g->next++];
		if (items_store(&g->ctx, item, err) < 0)
			return -1;
		g->items += item->is_new;
		if (g->next < g->poll->item_count && enough != NULL && enough(ctx))
			return 0;
	}
	return end_poll(s, err) < 0 ? -1 : 1;
}

int
store_group_add(struct store *s, struct store_poll *p, const struct watchlist *watchlist, bool (*enough)(void *ctx),
    void *ctx, struct err *err)
{
	if (!s->group_open && open_group(s, watchlist, err) < 0)
		return -1;
	s->group_inside = true;
	int rc = s->group->poll == NULL ? begin_poll(s, p, watchlist, err) : 0;
	if (rc == 0)
		rc = write_poll(s, enough, ctx, err);
	s->group_inside = false;
	return rc < 0 ? close_group(s, -1, err) : rc;
}

/* 0 there was enough before, 1 or -1 the group is ended. */
static int
end_group(struct store *s, bool (*enough)(void *ctx), void *ctx, struct err *err)
{
	struct group *g = s->group;
	s->group_inside = true;
	int rc = g->poll != NULL ? write_poll(s, enough, ctx, err) : 1;
	if (rc > 0)
		rc = stories_settle(s, err) < 0 ? -1 : 1;
	s->group_inside = false;
	if (rc == 0)
		return 0;
	if (close_group(s, rc < 0 ? -1 : 0, err) < 0)
		return -1;
	g->unsynced = true;
	log_sync_begin(s->log);
	return 1;
}

int
store_group_commit(struct store *s, bool (*enough)(void *ctx), void *ctx, struct err *err)
{
	struct group *g = s->group;
	if (s->group_open)
		return end_group(s, enough, ctx, err);
	if (g == NULL || !g->ended)
		return 1;
	g->ended = false;
	if (g->result < 0 && err != NULL)
		*err = g->err;
	return g->result;
}

int
store_group_sync(struct store *s, bool wait, struct err *err)
{
	struct group *g = s->group;
	if (g == NULL || !g->unsynced)
		return 1;
	if (!wait && log_syncing(s->log))
		return 0;
	g->unsynced = false;
	if (log_sync_end(s->log, err) == 0)
		return 1;
	if (s->group_open)
		close_group(s, -1, NULL);
	g->ended = false;
	return -1;
}

int
store_group_end(struct store *s, bool (*enough)(void *ctx), void *ctx, struct err *err)
{
	int rc = store_group_commit(s, enough, ctx, err);
	return rc <= 0 ? rc : store_group_sync(s, enough == NULL, err);
}

bool
store_group_open(const struct store *s)
{
	return s->group_open;
}

bool
store_group_syncing(const struct store *s)
{
	return s->group != NULL && s->group->unsynced && log_syncing(s->log);
}

bool
store_log_wants_pause(const struct store *s)
{
	return log_wants_pause(s->log);
}

size_t
store_group_items(const struct store *s)
{
	return s->group != NULL ? s->group->items : 0;
}

void
group_finish(struct store *s)
{
	struct group *g = s->group;
	g->result = end_group(s, NULL, NULL, &g->err);
	g->ended = true;
}

void
group_settle(struct store *s)
{
	struct group *g = s->group;
	if (g == NULL || !stories_pending(s))
		return;
	s->group_inside = true;
	int rc = stories_settle(s, &g->err);
	s->group_inside = false;
	if (rc < 0) {
		g->result = close_group(s, -1, &g->err);
		g->ended = true;
	}
}

int
store_commit_polls(
    struct store *s, struct store_poll *polls, size_t count, const struct watchlist *watchlist, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		if (store_group_add(s, &polls[i], watchlist, NULL, NULL, err) < 0)
			return -1;
	}
	return store_group_end(s, NULL, NULL, err) < 0 ? -1 : 0;
}

int
store_article_commit(struct store *s, const struct store_article *a, const struct watchlist *watchlist, struct err *err)
{
	struct store_poll at = {.at = a->at, .router = a->router};
	struct arena scratch;

	if (db_begin(s, err) < 0)
		return -1;
	items_use_watchlist(s, watchlist);
	arena_init(&scratch, 0);
	struct item_context ctx = {.s = s, .poll = &at, .watchlist = watchlist, .scratch = &scratch};
	struct page_copy copy = {0};
	int rc = db_end(s, items_store_article(&ctx, a, &copy, err), err);
	arena_done(&scratch);
	if (rc < 0)
		items_forget_rows(s);
	else if (copy.item != 0 && s->window != NULL)
		story_window_detach(s->window, copy.item);
	return rc;
}
