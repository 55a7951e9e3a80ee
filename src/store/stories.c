#include "store/stories.h"

#include "store/bulk.h"
#include "story/window.h"

#define ENTITY_SEED \
	3 /* keeps hashes of entities apart from those of words; kept in signatures, so never to be changed */

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

int
store_use_window(struct store *s, struct story_window *w, int64_t since_at, struct err *err)
{
	struct arena a;
	arena_init(&a, 0);
	int rc = restore_all(s, w, since_at, &a, err);
	arena_done(&a);
	if (rc == 0)
		s->window = w;
	return rc;
}

int
store_fetch_signature(void *store, int64_t item, struct arena *arena, struct str *ret, struct err *err)
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

/* ---- deciding ---- */

struct decision {
	int64_t story; /* 0: a new one */
	int64_t joins, duplicate_of;
	double similarity;
	struct str signature;
};

static uint32_t *
entity_hashes(struct item_context *ctx, const struct watch_result *matches, size_t *count)
{
	*count = matches != NULL ? matches->hit_count : 0;
	uint32_t *hashes = arena_alloc(ctx->scratch, *count * sizeof *hashes + 1);
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

static int
decide(struct item_context *ctx, struct store_new_item *item, struct decision *d, struct err *err)
{
	struct story_window *w = ctx->s->window;
	struct story_signature signature;
	struct story_arrival arrival = {
	    .feed = ctx->feed_key, .features = item->features, .at = ctx->poll->at, .item = item->id};

	*d = (struct decision){.signature = STR_NONE};
	if (w == NULL || item->features == NULL)
		return 0;
	arrival.entities = entity_hashes(ctx, item->matches, &arrival.entity_count);
	if (arrival.entities == NULL)
		return arena_check(ctx->scratch, err);
	if (!item->placed && story_window_add(w, &arrival, &item->place, err) < 0)
		return -1;
	if (!item->placed)
		signature = item->place.signature;
	else if (story_signature_make(item->features, &item->place.cut, arrival.entities, arrival.entity_count,
	             ctx->scratch, &signature, err) < 0)
		return -1;
	if (item->placed) { /* since then the transaction of its fellows was rolled back, and they were written anew */
		story_window_rename(w, item->place.number, item->id);
		item->place.joins_item = story_window_item(w, item->place.joins);
	}
	item->placed = true;
	d->signature = story_signature_pack(&signature, ctx->scratch);
	bool copy = item->place.duplicate_of != STORY_NONE;
	if (arena_check(ctx->scratch, err) < 0)
		return -1;
	return join(ctx->s, item->place.joins_item, copy, item->place.similarity, d, err);
}

/* Its link leads to the page of an item that is there. */
static int
decide_page(struct item_context *ctx, const struct store_new_item *item, struct decision *d, struct err *err)
{
	int64_t original;
	if (item->page_of == 0)
		return 0;
	if (stories_find_original(ctx->s, item->page_of, &original, err) < 0)
		return -1;
	return join(ctx->s, original, true, 1, d, err);
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
add_item(struct item_context *ctx, int64_t item, const struct decision *d, int64_t nth, struct err *err)
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
	call_blob_copied(&c, d->signature);
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

int
stories_place(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct decision d;
	int64_t nth = 1;
	if (decide(ctx, item, &d, err) < 0 || decide_page(ctx, item, &d, err) < 0)
		return -1;
	bool begins = d.story == 0;
	if ((begins ? begin_story(ctx, item->id, &d.story, err) : add_source(ctx, d.story, item->id, &nth, err)) < 0)
		return -1;
	if (add_item(ctx, item->id, &d, nth, err) < 0 || (!begins && follow(ctx, &d, err) < 0))
		return -1;
	item->story = d.story;
	item->duplicate_of = d.duplicate_of;
	return 0;
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
