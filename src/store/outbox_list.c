/* The outbox for people: what is in it, and what can be done by hand. */
#include "store/db.h"

static const char *const state_words[STORE_STATE_COUNT] = {
    [STORE_STATE_PENDING] = "pending",
    [STORE_STATE_IN_FLIGHT] = "in-flight",
    [STORE_STATE_DONE] = "done",
    [STORE_STATE_DEAD] = "dead",
    [STORE_STATE_HELD] = "held",
    [STORE_STATE_MUTED] = "muted",
};

const char *
store_state_word(enum store_state state)
{
	return state_words[state];
}

bool
store_state_parse(struct str word, enum store_state *ret)
{
	for (int i = 0; i < STORE_STATE_COUNT; i++) {
		if (str_is(word, state_words[i])) {
			*ret = (enum store_state)i;
			return true;
		}
	}
	return false;
}

int
store_outbox_made_since(struct store *s, struct str sink, int64_t since_at, int64_t *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_MADE_SINCE);
	call_str(&c, sink);
	call_int(&c, since_at);
	int rc = call_row(&c, err);
	*ret = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static struct store_outbox_row
read_row(const struct call *c, struct arena *a)
{
	return (struct store_outbox_row){.row = column_int(c, 0),
	    .id = column_str(c, 1, a),
	    .sink = column_str(c, 2, a),
	    .route = column_str(c, 3, a),
	    .group = column_str(c, 4, a),
	    .watches = column_str(c, 5, a),
	    .reason = column_str(c, 6, a),
	    .error = column_str(c, 7, a),
	    .title = column_str(c, 8, a),
	    .alarm = column_str(c, 9, a),
	    .kind = (enum notification_kind)column_int(c, 10),
	    .state = (enum store_state)column_int(c, 11),
	    .severity = (int)column_int(c, 12),
	    .attempts = (unsigned)column_int(c, 13),
	    .next_try_at = column_time(c, 14),
	    .created_at = column_int(c, 15),
	    .updated_at = column_int(c, 16),
	    .item_id = column_none(c, 17) ? 0 : column_int(c, 17),
	    .item_count = column_int(c, 18)};
}

static struct call
begin_list(struct store *s, const struct store_outbox_query *q)
{
	struct call c = call_begin(s, q->id.s != NULL     ? SQL_OUTBOX_LIST_ID
	                              : q->state >= 0     ? SQL_OUTBOX_LIST_STATE
	                              : q->sink.s != NULL ? SQL_OUTBOX_LIST_SINK
	                                                  : SQL_OUTBOX_LIST);
	if (q->id.s != NULL) {
		call_str(&c, q->id);
		return c;
	}
	if (q->state >= 0 || q->sink.s != NULL)
		call_str(&c, q->sink);
	if (q->state >= 0)
		call_int(&c, q->state);
	call_int(&c, (int64_t)q->limit);
	return c;
}

int
store_outbox_list(struct store *s, const struct store_outbox_query *q, struct arena *arena,
    struct store_outbox_row **ret, size_t *count, struct err *err)
{
	size_t cap = 0;
	struct call c = begin_list(s, q);
	int rc;

	*ret = NULL;
	*count = 0;
	while ((rc = call_row(&c, err)) > 0) {
		struct store_outbox_row *grown = arena_grow(arena, *ret, &cap, *count, sizeof *grown);
		if (grown == NULL)
			break;
		*ret = grown;
		grown[(*count)++] = read_row(&c, arena);
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(arena, err);
}

/* Releasing one notification, or those of a sink, says nothing about the feed. */
static int
trust_feeds(struct store *s, const struct store_outbox_order *o, struct err *err)
{
	if (o->act != STORE_ACT_RELEASE || o->id.s != NULL || o->sink.s != NULL ||
	    (o->reason.s != NULL && !str_is(o->reason, "changed")))
		return 0;
	struct call c = call_begin(s, SQL_FEEDS_TRUST);
	call_str(&c, o->feed);
	return call_run(&c, err);
}

int
store_outbox_act(struct store *s, const struct store_outbox_order *order, int64_t now, int64_t *count, struct err *err)
{
	static const enum sql_id how[] = {[STORE_ACT_RETRY] = SQL_OUTBOX_ACT_RETRY,
	    [STORE_ACT_DROP] = SQL_OUTBOX_ACT_DROP,
	    [STORE_ACT_RELEASE] = SQL_OUTBOX_ACT_RELEASE};
	*count = 0;
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, how[order->act]);
	call_int(&c, now);
	call_str(&c, order->id);
	call_str(&c, order->sink);
	call_str(&c, order->reason);
	call_str(&c, order->feed);
	if (order->act == STORE_ACT_DROP)
		call_str(&c, order->by);
	int rc = call_run(&c, err);
	int64_t changed = rc == 0 ? sqlite3_changes(s->db) : 0;
	if (rc == 0)
		rc = trust_feeds(s, order, err);
	rc = db_end(s, rc, err);
	if (rc == 0)
		*count = changed;
	return rc;
}
