#include "store/items.h"

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

int
store_rematch(struct store *s, const struct store_new_item *items, size_t count, const struct watchlist *watchlist,
    struct err *err)
{
	struct item_context ctx = {.s = s, .watchlist = watchlist};
	int rc = 0;
	items_use_watchlist(s, watchlist);
	if (db_begin(s, err) < 0)
		return -1;
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = remove_of(s, SQL_MATCHES_REMOVE, items[i].id, err) < 0 ||
		             remove_of(s, SQL_ITEM_WATCHES_REMOVE, items[i].id, err) < 0 ||
		             items_write_findings(&ctx, items[i].id, &items[i], err) < 0 || mark(s, &items[i], err) < 0
		         ? -1
		         : 0;
	}
	rc = db_end(s, rc, err);
	if (rc < 0)
		items_forget_entities(s); /* some of them were rolled back */
	return rc;
}
