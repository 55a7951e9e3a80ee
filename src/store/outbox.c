#include "store/db.h"
#include "store/records.h"

/* ---- taking ---- */

static struct call
begin_due(struct store *s, const struct store_take *t)
{
	struct call c = call_begin(s, t->sink.s == NULL ? SQL_OUTBOX_DUE
	                              : t->newest_first ? SQL_OUTBOX_DUE_OF_SINK_NEWEST
	                                                : SQL_OUTBOX_DUE_OF_SINK);
	if (t->sink.s != NULL)
		call_str(&c, t->sink);
	call_int(&c, t->due_until_at != 0 ? t->due_until_at : t->now);
	if (t->sink.s != NULL)
		call_int(&c, t->due_after_at); /* TIME_NONE is less than any */
	call_int(&c, (int64_t)t->max);
	return c;
}

/* The keys of watches, parted by spaces. */
static void
read_watches(struct notification *n, struct str keys, struct arena *a)
{
	size_t cap = 0;
	struct str rest = keys, word;
	while (str_split(&rest, ' ', &word)) {
		struct str *grown = arena_grow(a, n->watches, &cap, n->watch_count, sizeof *grown);
		if (grown == NULL)
			return;
		n->watches = grown;
		n->watches[n->watch_count++] = word;
	}
}

/* items: of each row, the one that made it. */
static int
read_due(struct store *s, const struct store_take *t, struct arena *arena, struct notification *rows, int64_t *items,
    size_t *count, struct err *err)
{
	struct call c = begin_due(s, t);
	int rc;

	*count = 0;
	while ((rc = call_row(&c, err)) > 0 && *count < t->max) {
		struct notification *n = &rows[*count];
		items[(*count)++] = column_none(&c, 2) ? 0 : column_int(&c, 2);
		*n = (struct notification){
		    .row = column_int(&c, 0),
		    .id = column_str(&c, 1, arena),
		    .sink = column_str(&c, 3, arena),
		    .attempt = (unsigned)column_int(&c, 4) + 1,
		    .created_at = column_int(&c, 5),
		    .kind = (enum notification_kind)column_int(&c, 6),
		    .severity = (int)column_int(&c, 7),
		    .route = column_str(&c, 8, arena),
		    .group = column_str(&c, 9, arena),
		    .previous_id = column_str(&c, 10, arena),
		    .thread_id = column_str(&c, 11, arena),
		    .since_at = column_time(&c, 13),
		    .alarm = column_str(&c, 14, arena),
		    .subject = column_str(&c, 15, arena),
		    .title = column_str(&c, 16, arena),
		    .text = column_str(&c, 17, arena),
		};
		read_watches(n, column_str(&c, 12, arena), arena);
		if (n->thread_id.s == NULL)
			n->thread_id = n->id;
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
add_record(struct store *s, struct notification *n, int64_t item, struct arena *arena, struct err *err)
{
	int rc = records_read(s, item, arena, &n->records[n->record_count], err);
	n->record_count += rc > 0;
	/* the schema forbids an item to go before its rows */
	return rc > 0 ? 0
	       : rc < 0
	           ? -1
	           : err_set(err, ERR_STORE_CORRUPT, "%s: outbox row %lld has no item", s->path, (long long)n->row);
}

/* The newest of those that joined it. */
static int
read_joined(struct store *s, int64_t row, int64_t items[NOTIFICATION_RECORDS_MAX], size_t *count, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_ITEMS);
	int rc;
	call_int(&c, row);
	call_int(&c, NOTIFICATION_RECORDS_MAX);
	*count = 0;
	while ((rc = call_row(&c, err)) > 0 && *count < NOTIFICATION_RECORDS_MAX)
		items[(*count)++] = column_int(&c, 0);
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
count_items(struct store *s, struct notification *n, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_ITEM_COUNT);
	call_int(&c, n->row);
	int rc = call_row(&c, err);
	if (rc > 0) {
		n->item_count = (size_t)column_int(&c, 0);
		n->source_count = (unsigned)column_int(&c, 1);
		if (n->kind == NOTIFICATION_DIGEST && n->since_at == TIME_NONE)
			n->since_at = column_time(&c, 2);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
count_story(struct store *s, struct notification *n, int64_t item, struct err *err)
{
	struct call c = call_begin(s, SQL_STORY_FACTS);
	call_int(&c, item);
	int rc = call_row(&c, err);
	if (rc > 0) {
		n->source_count = (unsigned)column_int(&c, 1);
		n->since_at = column_time(&c, 2);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
fill(struct store *s, struct notification *n, int64_t item, struct arena *arena, struct err *err)
{
	int64_t joined[NOTIFICATION_RECORDS_MAX];
	size_t count = 0;
	if (n->kind != NOTIFICATION_ITEM && read_joined(s, n->row, joined, &count, err) < 0)
		return -1;
	n->records = arena_zalloc(arena, count + 1, sizeof *n->records);
	if (n->records == NULL)
		return arena_check(arena, err);
	for (size_t i = 0; i < count; i++) {
		if (add_record(s, n, joined[i], arena, err) < 0)
			return -1;
	}
	if (item > 0 && count < NOTIFICATION_RECORDS_MAX && add_record(s, n, item, arena, err) < 0)
		return -1;
	n->item_count = n->record_count;
	if (n->record_count == 0)
		return 0;
	n->source_count = n->records[0].source_count;
	if (n->watch_count == 0) { /* rows of an earlier version */
		n->watches = n->records[0].watches;
		n->watch_count = n->records[0].watch_count;
	}
	if (n->kind == NOTIFICATION_ITEM)
		return 0;
	if (count_items(s, n, err) < 0)
		return -1;
	return n->kind == NOTIFICATION_STORY ? count_story(s, n, n->records[0].id, err) : 0;
}

static int
mark_taken(struct store *s, struct notification *n, int64_t now, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_TAKE);
	call_int(&c, now);
	call_int(&c, n->row);
	return call_run(&c, err);
}

static int
take_rows(struct store *s, const struct store_take *t, struct arena *arena, struct notification *rows, int64_t *items,
    size_t *count, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	int rc = read_due(s, t, arena, rows, items, count, err);
	for (size_t i = 0; rc == 0 && i < *count; i++) {
		rc = mark_taken(s, &rows[i], t->now, err);
		if (rc == 0)
			rc = fill(s, &rows[i], items[i], arena, err);
	}
	if (rc == 0)
		rc = arena_check(arena, err);
	return db_end(s, rc, err);
}

/* Nothing is lost when a power cut undoes a taking, so it need not wait for the disk. */
int
store_outbox_take_some(struct store *s, const struct store_take *t, struct arena *arena, struct notification **ret,
    size_t *count, struct err *err)
{
	*count = 0;
	struct notification *rows = arena_zalloc(arena, t->max, sizeof *rows);
	int64_t *items = arena_zalloc(arena, t->max, sizeof *items);
	if (rows == NULL || items == NULL)
		return arena_check(arena, err);
	int64_t next = t->sink.s == NULL ? store_outbox_next_at(s) : store_outbox_next_at_sink(s, t->sink);
	*ret = rows;
	if (next == TIME_NONE || next > t->now)
		return 0;
	if (db_sync_commits(s, false, err) < 0)
		return -1;
	int rc = take_rows(s, t, arena, rows, items, count, err);
	if (db_sync_commits(s, true, rc < 0 ? NULL : err) < 0)
		rc = -1;
	if (rc < 0)
		*count = 0;
	return rc;
}

int
store_outbox_take(struct store *s, struct str sink, int64_t now, size_t max, struct arena *arena,
    struct notification **ret, size_t *count, struct err *err)
{
	const struct store_take t = {.sink = sink, .now = now, .due_after_at = TIME_NONE, .max = max};
	return store_outbox_take_some(s, &t, arena, ret, count, err);
}

/* ---- finishing ---- */

static int
finish(struct store *s, const struct store_delivery *d, struct err *err)
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
	return call_run(&c, err);
}

int
store_outbox_finish(struct store *s, const struct store_delivery *deliveries, size_t count, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = finish(s, &deliveries[i], err);
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

int
store_outbox_turn_back(struct store *s, int64_t now, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_OUTBOX_TURN_BACK);
	call_int(&c, now);
	call_int(&c, STORE_NEVER);
	return db_end(s, call_run(&c, err), err);
}

int
store_outbox_hasten(struct store *s, struct str sink, int64_t now, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_OUTBOX_HASTEN);
	call_int(&c, now);
	call_str(&c, sink);
	return db_end(s, call_run(&c, err), err);
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
	int64_t *const states[] = {&ret->pending, &ret->in_flight, &ret->done, &ret->dead, &ret->held, &ret->muted};
	while ((rc = call_row(&c, err)) > 0) {
		int64_t state = column_int(&c, 0);
		if (state >= 0 && state < STORE_STATE_COUNT)
			*states[state] = column_int(&c, 1);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}
