#include "store/items.h"
#include "store/tells.h"

#define SCRATCH_BYTES_MAX ((size_t)16 << 20)

static int
set_meta(struct store *s, int64_t version, struct err *err)
{
	struct call c = call_begin(s, SQL_META_SET);
	call_str(&c, STR_LIT("rematched"));
	call_int(&c, version);
	return call_run(&c, err);
}

int
store_rematched(struct store *s, uint64_t *version, struct err *err)
{
	struct call c = call_begin(s, SQL_META_GET);
	call_str(&c, STR_LIT("rematched"));
	int rc = call_row(&c, err);
	*version = rc > 0 ? (uint64_t)column_int(&c, 0) : 0;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

int
store_rematch_end(struct store *s, uint64_t version, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	return db_end(s, set_meta(s, (int64_t)version, err), err);
}

/* The newest item below this number; 0 when there is none, or it is too old. */
static int
newest(struct store *s, const struct store_stale *q, int64_t *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_ITEM_BELOW);
	call_int(&c, q->below);
	int rc = call_row(&c, err);
	*ret = rc > 0 && column_int(&c, 1) >= q->since_at ? column_int(&c, 0) : 0;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

int
store_stale(struct store *s, const struct store_stale *q, int64_t *ids, size_t *count, int64_t *next, struct err *err)
{
	int64_t top;
	int rc;
	*count = 0;
	*next = 0;
	if (newest(s, q, &top, err) < 0)
		return -1;
	if (top == 0)
		return 0;
	int64_t from = top > STORE_STALE_SPAN ? top - STORE_STALE_SPAN : 0;
	struct call c = call_begin(s, SQL_ITEMS_STALE);
	call_int(&c, top);
	call_int(&c, from);
	call_int(&c, (int64_t)q->version);
	call_int(&c, (int64_t)q->max);
	while ((rc = call_row(&c, err)) > 0 && *count < q->max)
		ids[(*count)++] = column_int(&c, 0);
	call_end(&c);
	if (rc < 0)
		return -1;
	*next = *count == q->max ? ids[*count - 1] : from;
	return 0;
}

static int
remove_of(struct store *s, enum sql_id what, int64_t id, struct err *err)
{
	struct call c = call_begin(s, what);
	call_int(&c, id);
	return call_run(&c, err);
}

static int
mark(struct store *s, const struct store_new_item *item, struct err *err)
{
	struct call c = call_begin(s, SQL_ITEM_REMATCHED);
	call_int(&c, item->id);
	call_int(&c, item->matches->hit_count > 0);
	call_int(&c, item->severity);
	call_int(&c, (int64_t)s->entity_version);
	return call_run(&c, err);
}

/* How many sinks hear of it, or -1. */
static int
tell(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct story_identity identity = {.kind = STORY_KEY_GUID};
	if (item->tell_count == 0)
		return 0;
	arena_reset(ctx->scratch);
	int rc = items_read_keys(ctx, item->id, &identity, err);
	if (rc <= 0)
		return rc;
	item->identity = &identity;
	item->is_new = false;
	rc = tells_write(ctx, item, err);
	item->identity = NULL;
	return rc;
}

static int
rematch_item(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct store *s = ctx->s;
	if (remove_of(s, SQL_MATCHES_REMOVE, item->id, err) < 0 ||
	    remove_of(s, SQL_ITEM_WATCHES_REMOVE, item->id, err) < 0 ||
	    items_write_findings(ctx, item->id, item, err) < 0 || mark(s, item, err) < 0)
		return -1;
	return tell(ctx, item, err);
}

int
store_rematch(struct store *s, struct store_new_item *items, size_t count, const struct watchlist *watchlist,
    const struct store_router *router, int64_t now, size_t *told, struct err *err)
{
	const struct store_poll poll = {.at = now, .router = router};
	struct arena scratch;
	struct item_context ctx = {.s = s, .poll = &poll, .watchlist = watchlist, .scratch = &scratch};
	int rc = 0;
	size_t n = 0;

	*told = 0;
	items_use_watchlist(s, watchlist);
	if (db_begin(s, err) < 0)
		return -1;
	arena_init(&scratch, SCRATCH_BYTES_MAX);
	for (size_t i = 0; i < count && rc >= 0; i++) {
		rc = rematch_item(&ctx, &items[i], err);
		n += rc > 0 ? (size_t)rc : 0;
	}
	arena_done(&scratch);
	rc = db_end(s, rc < 0 ? -1 : 0, err);
	if (rc < 0)
		items_forget_rows(s); /* some of them were rolled back */
	else
		*told = n;
	return rc;
}
