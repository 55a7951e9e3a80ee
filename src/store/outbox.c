#include "store/db.h"
#include "store/records.h"

/* ---- taking ---- */

static int
read_due(struct store *s, struct str sink, int64_t now, size_t max, struct arena *arena, struct notification *rows,
    size_t *count, struct err *err)
{
	struct call c = call_begin(s, sink.s == NULL ? SQL_OUTBOX_DUE : SQL_OUTBOX_DUE_OF_SINK);
	int rc;

	if (sink.s != NULL)
		call_str(&c, sink);
	call_int(&c, now);
	call_int(&c, (int64_t)max);
	*count = 0;
	while ((rc = call_row(&c, err)) > 0 && *count < max) {
		struct notification *n = &rows[(*count)++];
		*n = (struct notification){
		    .row = column_int(&c, 0),
		    .id = column_str(&c, 1, arena),
		    .sink = column_str(&c, 3, arena),
		    .attempt = (unsigned)column_int(&c, 4) + 1,
		    .created_at = column_int(&c, 5),
		    .since_at = TIME_NONE,
		};
		n->records = arena_zalloc(arena, 1, sizeof *n->records);
		if (n->records != NULL)
			n->records[n->record_count++].id = column_int(&c, 2);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
mark_taken(struct store *s, struct notification *n, int64_t now, struct arena *arena, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_TAKE);
	call_int(&c, now);
	call_int(&c, n->row);
	if (call_run(&c, err) < 0)
		return -1;
	if (n->record_count == 0)
		return arena_check(arena, err);
	struct record *r = &n->records[0];
	int rc = records_read(s, r->id, arena, r, err);
	n->severity = r->severity;
	n->watches = r->watches;
	n->watch_count = r->watch_count;
	n->source_count = r->source_count;
	n->thread_id = n->id;
	n->item_count = 1;
	/* the schema forbids an item to go before its rows */
	return rc > 0 ? 0
	       : rc < 0
	           ? -1
	           : err_set(err, ERR_STORE_CORRUPT, "%s: outbox row %lld has no item", s->path, (long long)n->row);
}

static int
set_sync(struct store *s, enum sql_id how, struct err *err)
{
	struct call c = call_begin(s, how);
	return call_run(&c, err);
}

static int
take_rows(struct store *s, struct str sink, int64_t now, size_t max, struct arena *arena, struct notification *rows,
    size_t *count, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	int rc = read_due(s, sink, now, max, arena, rows, count, err);
	for (size_t i = 0; rc == 0 && i < *count; i++)
		rc = mark_taken(s, &rows[i], now, arena, err);
	if (rc == 0)
		rc = arena_check(arena, err);
	return db_end(s, rc, err);
}

/* Nothing is lost when a power cut undoes a taking, so it need not wait for the disk. */
int
store_outbox_take(struct store *s, struct str sink, int64_t now, size_t max, struct arena *arena,
    struct notification **ret, size_t *count, struct err *err)
{
	*count = 0;
	struct notification *rows = arena_zalloc(arena, max, sizeof *rows);
	if (rows == NULL)
		return arena_check(arena, err);
	int64_t next = sink.s == NULL ? store_outbox_next_at(s) : store_outbox_next_at_sink(s, sink);
	*ret = rows;
	if (next == TIME_NONE || next > now)
		return 0;
	if (set_sync(s, SQL_SYNC_NORMAL, err) < 0)
		return -1;
	int rc = take_rows(s, sink, now, max, arena, rows, count, err);
	if (set_sync(s, SQL_SYNC_FULL, rc < 0 ? NULL : err) < 0)
		rc = -1;
	if (rc < 0)
		*count = 0;
	return rc;
}

/* ---- finishing ---- */

static int
finish(struct store *s, const struct store_delivery *d, int64_t *done, struct err *err)
{
	static const enum sql_id how[] = {
	    [STORE_DONE] = SQL_OUTBOX_DONE, [STORE_RETRY] = SQL_OUTBOX_RETRY, [STORE_DEAD] = SQL_OUTBOX_DEAD};
	struct call c = call_begin(s, how[d->outcome]);
	call_int(&c, d->at);
	call_int(&c, d->row);
	if (d->outcome == STORE_RETRY)
		call_int(&c, d->retry_at);
	if (d->outcome != STORE_DONE)
		call_str(&c, d->error_text);
	if (call_run(&c, err) < 0)
		return -1;
	*done += d->outcome == STORE_DONE && sqlite3_changes(s->db) > 0;
	return 0;
}

int
store_outbox_finish(struct store *s, const struct store_delivery *deliveries, size_t count, struct err *err)
{
	int64_t done = 0;
	if (db_begin(s, err) < 0)
		return -1;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = finish(s, &deliveries[i], &done, err);
	if (rc == 0 && done > 0) {
		struct call c = call_begin(s, SQL_OUTBOX_COUNT_DONE);
		call_int(&c, done);
		rc = call_run(&c, err);
	}
	return db_end(s, rc, err);
}

int
store_outbox_recover(struct store *s, size_t *count, struct err *err)
{
	*count = 0;
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_OUTBOX_RECOVER);
	int rc = call_run(&c, err);
	size_t changed = rc == 0 ? (size_t)sqlite3_changes(s->db) : 0;
	rc = db_end(s, rc, err);
	if (rc == 0)
		*count = changed;
	return rc;
}

/* ---- looking ---- */

static int64_t
next_at(struct call *c)
{
	int64_t at = call_row(c, NULL) > 0 ? column_time(c, 0) : TIME_NONE;
	call_end(c);
	return at;
}

int64_t
store_outbox_next_at(struct store *s)
{
	struct call c = call_begin(s, SQL_OUTBOX_NEXT);
	return next_at(&c);
}

int64_t
store_outbox_next_at_sink(struct store *s, struct str sink)
{
	struct call c = call_begin(s, SQL_OUTBOX_NEXT_OF_SINK);
	call_str(&c, sink);
	return next_at(&c);
}

int
store_outbox_counts(struct store *s, struct store_outbox_counts *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_COUNTS);
	int rc;

	*ret = (struct store_outbox_counts){0};
	int64_t *const states[] = {&ret->pending, &ret->in_flight, &ret->done, &ret->dead};
	while ((rc = call_row(&c, err)) > 0) {
		int64_t state = column_int(&c, 0);
		if (state >= 0 && state < 4)
			*states[state] = column_int(&c, 1);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}
