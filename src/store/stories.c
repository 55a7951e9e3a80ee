#include "store/stories.h"

#include "store/apart.h"
#include "store/bulk.h"
#include "store/placer.h"
#include "store/tells.h"

#define ENTITY_SEED \
	3 /* keeps hashes of entities apart from those of words; kept in signatures, so never to be changed */
#define SETTLE_AT 64u /* so many answers become rows together */

/* ---- the window ---- */

static int
restore_all(struct store *s, struct story_window *w, int64_t since, struct arena *a, struct err *err)
{
	struct call c = call_begin(s, SQL_STORY_WINDOW);
	int rc;
	call_int(&c, since);
	while ((rc = call_row(&c, err)) > 0) {
		struct story_known k = {.item = column_int(&c, 0),
		    .at = column_int(&c, 1),
		    .feed = column_view(&c, 2),
		    .story_items = (size_t)column_int(&c, 3),
		    .signature = column_view(&c, 4)};
		arena_reset(a);
		if (story_window_restore(w, &k, err) < 0) {
			rc = -1;
			break;
		}
	}
	call_end(&c);
	return rc;
}

static int
fetch_signature(void *store, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	if (bulk_has_item(store, item))
		bulk_write(store);
	struct call c = call_begin(store, SQL_STORY_SIGNATURE);
	call_int(&c, item);
	int rc = call_row(&c, err);
	*ret = rc > 0 ? column_str(&c, 0, arena) : STR_NONE;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

int
store_use_window(struct store *s, struct story_window *w, int64_t since_at, bool threaded, struct err *err)
{
	struct arena a;
	arena_init(&a, 0);
	int rc = restore_all(s, w, since_at, &a, err);
	arena_done(&a);
	if (rc < 0)
		return -1;
	if (s->apart == NULL)
		s->apart = apart_new(sqlite3_db_filename(s->db, "main"));
	struct placer *p = s->apart != NULL ? placer_new(w, threaded, fetch_signature, s) : NULL;
	if (p == NULL)
		return err_oom(err);
	placer_free(s->placer);
	s->placer = p;
	s->window = w;
	return 0;
}

int
store_fetch_signature(void *store, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	struct store *s = store;
	if (s->placer == NULL || !placer_is_thread(s->placer))
		return fetch_signature(s, item, arena, ret, err);
	if (apart_signature(s->apart, item, arena, ret))
		return arena_check(arena, err);
	return placer_ask(s->placer, item, arena, ret, err);
}

/* ---- deciding ---- */

struct decision {
	int64_t story; /* 0: a new one */
	int64_t joins, duplicate_of;
	double similarity;
};

static uint32_t *
entity_hashes(struct item_context *ctx, const struct watch_result *matches, size_t *count, struct arena *arena)
{
	*count = matches != NULL ? matches->hit_count : 0;
	uint32_t *hashes = arena_alloc(arena, *count * sizeof *hashes + 1);
	for (size_t i = 0; hashes != NULL && i < *count; i++) {
		const struct watch_entity *e = watchlist_entity(ctx->watchlist, matches->hits[i].entity);
		hashes[i] = (uint32_t)hash64(e->id, ENTITY_SEED);
	}
	return hashes;
}

/* Its story, and its original: a copy of a copy is one of the first of them. Both 0 when it has none. */
static int
find_story(struct store *s, int64_t item, int64_t *story, int64_t *original, struct err *err)
{
	struct call c = call_begin(s, SQL_STORY_OF_ITEM);
	call_int(&c, item);
	int rc = call_row(&c, err);
	*story = rc > 0 ? column_int(&c, 0) : 0;
	*original = rc > 0 ? (column_none(&c, 1) ? item : column_int(&c, 1)) : 0;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

int
stories_find_original(struct store *s, int64_t item, int64_t *ret, struct err *err)
{
	int64_t story;
	return find_story(s, item, &story, ret, err);
}

int
stories_remove_empty(struct store *s, int64_t story, struct err *err)
{
	struct call c = call_begin(s, SQL_STORY_REMOVE_EMPTY);
	call_int(&c, story);
	if (call_run(&c, err) < 0)
		return -1;
	if (sqlite3_changes(s->db) == 0)
		return 0;
	c = call_begin(s, SQL_STORY_SOURCES_REMOVE);
	call_int(&c, story);
	return call_run(&c, err);
}

/* It goes to the story of another item, if that is still there: a person may have moved it. */
static int
join(struct store *s, int64_t item, bool copy, double similarity, struct decision *d, struct err *err)
{
	int64_t story, original;
	if (item == 0)
		return 0;
	if (find_story(s, item, &story, &original, err) < 0)
		return -1;
	if (story == 0)
		return 0;
	d->story = story;
	d->joins = item;
	d->similarity = similarity;
	if (copy)
		d->duplicate_of = original;
	return 0;
}

/* Its link leads to the page of an item that is there. */
static int
decide_page(struct store *s, int64_t page_of, struct decision *d, struct err *err)
{
	int64_t original;
	if (page_of == 0)
		return 0;
	if (stories_find_original(s, page_of, &original, err) < 0)
		return -1;
	return join(s, original, true, 1, d, err);
}

/* ---- writing ---- */

/* Its feed is the first source. */
static int
begin_story(struct item_context *ctx, int64_t item, int64_t *ret, struct err *err)
{
	*ret = bulk_next(ctx->s, SQL_STORY_LAST, &ctx->s->bulk.last_story, err);
	if (*ret < 0)
		return -1;
	struct call c = bulk_begin(ctx->s, BULK_STORIES);
	call_int(&c, *ret);
	call_int(&c, ctx->poll->at);
	call_int(&c, item);
	if (bulk_end(&c, BULK_STORIES, err) < 0)
		return -1;
	c = bulk_begin(ctx->s, BULK_STORY_SOURCES);
	call_int(&c, *ret);
	call_int(&c, ctx->poll->feed_id);
	call_int(&c, item);
	call_int(&c, ctx->poll->at);
	return bulk_end(&c, BULK_STORY_SOURCES, err);
}

/* The feed becomes a source of the story, or is one. *nth: the how manieth. */
static int
add_source(struct item_context *ctx, int64_t story, int64_t item, int64_t *nth, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_STORY_SOURCE_ADD);
	call_int(&c, story);
	call_int(&c, ctx->poll->feed_id);
	call_int(&c, item);
	call_int(&c, ctx->poll->at);
	if (call_run(&c, err) < 0)
		return -1;
	if (sqlite3_changes(ctx->s->db) > 0) {
		c = call_begin(ctx->s, SQL_STORY_SOURCE_COUNTED);
		call_int(&c, story);
		if (call_run(&c, err) < 0)
			return -1;
	}
	c = call_begin(ctx->s, SQL_STORY_SOURCE_NTH);
	call_int(&c, story);
	call_int(&c, ctx->poll->feed_id);
	int rc = call_row(&c, err);
	*nth = rc > 0 ? column_int(&c, 0) : 1;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
add_item(struct item_context *ctx, int64_t item, const struct decision *d, int64_t nth, struct str signature,
    struct err *err)
{
	struct call c = bulk_begin(ctx->s, BULK_STORY_ITEMS);
	bulk_note_item(ctx->s, item);
	call_int(&c, item);
	call_int(&c, d->story);
	if (d->duplicate_of != 0)
		call_int(&c, d->duplicate_of);
	else
		call_str(&c, STR_NONE);
	call_double(&c, d->similarity);
	call_int(&c, nth);
	call_blob_copied(&c, signature);
	return bulk_end(&c, BULK_STORY_ITEMS, err);
}

/* The headline is that of the item that others are most like. */
static int
follow(struct item_context *ctx, const struct decision *d, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_STORY_GROW);
	call_int(&c, d->story);
	call_int(&c, ctx->poll->at);
	if (call_run(&c, err) < 0)
		return -1;
	c = call_begin(ctx->s, SQL_STORY_ITEM_WEIGH);
	call_double(&c, d->similarity);
	call_int(&c, d->joins);
	if (call_run(&c, err) < 0)
		return -1;
	c = call_begin(ctx->s, SQL_STORY_HEADLINE);
	call_int(&c, d->story);
	call_int(&c, d->joins);
	return call_run(&c, err);
}

/* What the window has said of an item becomes rows, and people are told. */
static int
settle_one(struct store *s, const struct placement *n, struct arena *scratch, struct err *err)
{
	struct store_new_item *item = n->item;
	struct item_context ctx = {.s = s, .poll = n->poll, .feed_key = n->arrival.feed, .scratch = scratch};
	struct decision d = {0};
	int64_t nth = 1;
	if (n->placed &&
	    join(s, n->place.joins_item, n->place.duplicate_of != STORY_NONE, n->place.similarity, &d, err) < 0)
		return -1;
	if (decide_page(s, item->page_of, &d, err) < 0)
		return -1;
	bool begins = d.story == 0;
	if ((begins ? begin_story(&ctx, item->id, &d.story, err) : add_source(&ctx, d.story, item->id, &nth, err)) < 0)
		return -1;
	if (add_item(&ctx, item->id, &d, nth, n->signature, err) < 0 || (!begins && follow(&ctx, &d, err) < 0))
		return -1;
	item->story = d.story;
	item->duplicate_of = d.duplicate_of;
	return tells_write(&ctx, item, err) < 0 ? -1 : 0;
}

/* A repeated call finds it there. */
static void
keep_place(const struct placement *n)
{
	n->item->placed = n->placed;
	if (n->placed)
		n->item->place = n->place;
}

/* Those that are answered. */
static int
settle_answered(struct store *s, struct arena *scratch, struct err *err)
{
	const struct placement *n;
	int rc = 0;
	while (rc == 0 && (n = placer_answer(s->placer)) != NULL) {
		arena_reset(scratch);
		keep_place(n);
		if (n->rc < 0 && err != NULL)
			*err = n->err;
		rc = n->rc < 0 ? -1 : settle_one(s, n, scratch, err);
		placer_forget(s->placer);
	}
	return rc;
}

int
stories_settle(struct store *s, struct err *err)
{
	struct arena scratch;
	if (!stories_pending(s))
		return 0;
	arena_init(&scratch, 0);
	placer_wait(s->placer, 0);
	int rc = settle_answered(s, &scratch, err);
	arena_done(&scratch);
	return rc;
}

bool
stories_pending(const struct store *s)
{
	return s->placer != NULL && placer_pending(s->placer) > 0;
}

void
stories_give_up(struct store *s)
{
	const struct placement *n;
	if (!stories_pending(s))
		return;
	placer_wait(s->placer, 0);
	while ((n = placer_answer(s->placer)) != NULL) {
		keep_place(n);
		placer_forget(s->placer);
	}
}

/* It was decided about at an earlier attempt, and its fellows were written anew since, or there is nothing to decide. */
static int
place_now(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct placement n = {.poll = ctx->poll, .item = item, .signature = STR_NONE};
	struct story_signature signature;
	n.arrival.feed = ctx->feed_key;
	if (stories_settle(ctx->s, err) < 0)
		return -1;
	if (item->placed) {
		const uint32_t *entities = entity_hashes(ctx, item->matches, &n.arrival.entity_count, ctx->scratch);
		if (entities == NULL || story_signature_make(item->features, &item->place.cut, entities,
		                            n.arrival.entity_count, ctx->scratch, &signature, err) < 0)
			return entities == NULL ? arena_check(ctx->scratch, err) : -1;
		n.signature = story_signature_pack(&signature, ctx->scratch);
		story_window_rename(ctx->s->window, item->place.number, item->id);
		int64_t joins = story_window_item(ctx->s->window, item->place.joins);
		if (joins != 0) /* else it has left the window since, and has the number that it had */
			item->place.joins_item = joins;
		n.place = item->place;
		n.placed = true;
	}
	return arena_check(ctx->scratch, err) < 0 ? -1 : settle_one(ctx->s, &n, ctx->scratch, err);
}

int
stories_place(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct placer *p = ctx->s->placer;
	if (p == NULL || item->placed || item->features == NULL)
		return place_now(ctx, item, err);
	struct placement *n = placer_next(p);
	n->poll = ctx->poll;
	n->item = item;
	n->arrival = (struct story_arrival){.feed = arena_str(&n->arena, ctx->feed_key),
	    .features = item->features,
	    .at = ctx->poll->at,
	    .item = item->id};
	n->arrival.entities = entity_hashes(ctx, item->matches, &n->arrival.entity_count, &n->arena);
	if (arena_check(&n->arena, err) < 0)
		return -1;
	placer_submit(p);
	if (placer_is_full(p))
		placer_wait(p, PLACER_MAX - SETTLE_AT);
	return placer_is_full(p) || placer_answered(p) >= SETTLE_AT ? settle_answered(ctx->s, ctx->scratch, err) : 0;
}

int
stories_sight(struct item_context *ctx, const struct store_new_item *item, struct err *err)
{
	int64_t nth;
	struct call c = call_begin(ctx->s, SQL_STORY_OF_ITEM);
	call_int(&c, item->id);
	int rc = call_row(&c, err);
	int64_t story = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	if (rc <= 0)
		return rc;
	return add_source(ctx, story, item->id, &nth, err);
}

int
stories_told(struct item_context *ctx, const struct store_new_item *item, const struct store_tell *tell, struct err *err)
{
	if (item->duplicate_of == 0 || tell->copies)
		return 0;
	struct call c = call_begin(ctx->s, SQL_STORY_TOLD);
	call_int(&c, item->duplicate_of);
	call_str(&c, tell->sink);
	call_str(&c, tell->watch);
	int rc = call_row(&c, err);
	call_end(&c);
	return rc;
}
