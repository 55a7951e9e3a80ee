#include "store/db.h"

int
store_subscriptions(
    struct store *s, struct arena *arena, struct store_subscription **ret, size_t *count, struct err *err)
{
	struct store_subscription *subs = NULL;
	size_t cap = 0, n = 0;
	struct call c = call_begin(s, SQL_SUBSCRIPTIONS);
	int rc;

	while ((rc = call_row(&c, err)) > 0) {
		struct store_subscription *grown = arena_grow(arena, subs, &cap, n, sizeof *subs);
		if (grown == NULL)
			break;
		subs = grown;
		subs[n++] = (struct store_subscription){.feed_id = column_int(&c, 0),
		    .feed_key = column_str(&c, 1, arena),
		    .hub = column_str(&c, 2, arena),
		    .topic = column_str(&c, 3, arena),
		    .token = column_str(&c, 4, arena),
		    .secret = column_str(&c, 5, arena),
		    .state = (enum store_subscription_state)column_int(&c, 6),
		    .trusted = column_int(&c, 7) != 0,
		    .failures = (unsigned)column_int(&c, 8),
		    .lease_until_at = column_time(&c, 9),
		    .next_at = column_time(&c, 10),
		    .error_text = column_str(&c, 11, arena),
		    .way.allow_private = column_int(&c, 12) != 0};
		for (int i = 0; i < WAY_TEXTS; i++)
			subs[n - 1].way.texts[i] = column_str(&c, 13 + i, arena);
	}
	call_end(&c);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*ret = subs;
	*count = n;
	return 0;
}

static int
note_event(struct store *s, int64_t feed_id, const char *event, struct str text, int64_t now, struct err *err)
{
	if (event == NULL)
		return 0;
	struct call c = call_begin(s, SQL_EVENT_ADD);
	call_int(&c, feed_id);
	call_int(&c, now);
	call_str(&c, str_from(event));
	call_str(&c, text);
	return call_run(&c, err);
}

static int
put(struct store *s, const struct store_subscription *sub, struct err *err)
{
	struct call c = call_begin(s, SQL_SUBSCRIPTION_PUT);
	call_int(&c, sub->feed_id);
	call_str(&c, sub->hub);
	call_str(&c, sub->topic);
	call_str(&c, sub->token);
	call_str(&c, sub->secret);
	call_int(&c, sub->state);
	call_int(&c, sub->trusted);
	call_int(&c, sub->failures);
	call_time(&c, sub->lease_until_at);
	call_time(&c, sub->next_at);
	call_str(&c, sub->error_text);
	call_int(&c, sub->way.allow_private);
	for (int i = 0; i < WAY_TEXTS; i++)
		call_str(&c, sub->way.texts[i]);
	return call_run(&c, err);
}

int
store_subscription_put(
    struct store *s, const struct store_subscription *sub, const char *event, int64_t now, struct err *err)
{
	struct str text = str_empty(sub->error_text) ? sub->hub : sub->error_text;
	if (db_begin(s, err) < 0)
		return -1;
	int rc = put(s, sub, err);
	if (rc == 0)
		rc = note_event(s, sub->feed_id, event, text, now, err);
	return db_end(s, rc, err);
}

int
store_subscription_drop(struct store *s, int64_t feed_id, const char *event, int64_t now, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_SUBSCRIPTION_DROP);
	call_int(&c, feed_id);
	int rc = call_run(&c, err);
	if (rc == 0)
		rc = note_event(s, feed_id, event, STR_NONE, now, err);
	return db_end(s, rc, err);
}

/* ---- pushes ---- */

int
store_push_add(struct store *s, int64_t feed_id, struct str content_type, struct str body, int64_t *id, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_PUSH_ADD);
	call_int(&c, feed_id);
	call_str(&c, content_type);
	call_blob(&c, body.s != NULL ? body : STR_LIT(""));
	int rc = call_run(&c, err);
	*id = sqlite3_last_insert_rowid(s->db);
	return db_end(s, rc, err);
}

int
store_push_drop(struct store *s, int64_t id, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_PUSH_DROP);
	call_int(&c, id);
	return db_end(s, call_run(&c, err), err);
}

int
store_pushes(struct store *s,
    bool (*each)(void *ctx, int64_t id, struct str feed_key, struct str content_type, struct str body), void *ctx,
    struct err *err)
{
	struct call c = call_begin(s, SQL_PUSHES);
	int rc;
	while ((rc = call_row(&c, err)) > 0) {
		if (!each(ctx, column_int(&c, 0), column_view(&c, 1), column_view(&c, 2), column_view(&c, 3)))
			break;
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}
