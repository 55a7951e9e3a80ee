#include "store/db.h"
#include "store/tells.h"

static int
set_meta(struct store *s, const char *key, int64_t value, struct err *err)
{
	struct call c = call_begin(s, SQL_META_SET);
	call_str(&c, str_from(key));
	call_int(&c, value);
	return call_run(&c, err);
}

static int
set_mark(struct store *s, const struct store_alarm_mark *m, struct err *err)
{
	struct call c = call_begin(s, m->since_at == TIME_NONE ? SQL_ALARM_END : SQL_ALARM_BEGIN);
	call_str(&c, m->alarm);
	call_str(&c, m->subject);
	if (m->since_at != TIME_NONE)
		call_int(&c, m->since_at);
	return call_run(&c, err);
}

static int
write_all(struct store *s, const struct store_alarms *a, int64_t now, struct err *err)
{
	for (size_t i = 0; i < a->tell_count; i++) {
		const struct store_alarm_tell *t = &a->tells[i];
		if (tells_alarm(s, &t->alarm, t->sink, STR_NONE, &t->how, now, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < a->mark_count; i++) {
		if (set_mark(s, &a->marks[i], err) < 0)
			return -1;
	}
	if (a->event >= 0 && set_meta(s, "alarm_event", a->event, err) < 0)
		return -1;
	return a->burst_until_at >= 0 ? set_meta(s, "burst_until", a->burst_until_at, err) : 0;
}

int
store_alarms_write(struct store *s, const struct store_alarms *alarms, int64_t now, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	return db_end(s, write_all(s, alarms, now, err), err);
}

int
store_alarms_begun(struct store *s, struct str alarm, struct arena *arena, struct store_alarm_mark **ret, size_t *count,
    struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(s, SQL_ALARMS);
	int rc;
	*ret = NULL;
	*count = 0;
	call_str(&c, alarm);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_alarm_mark *grown = arena_grow(arena, *ret, &cap, *count, sizeof *grown);
		if (grown == NULL)
			break;
		*ret = grown;
		grown[(*count)++] = (struct store_alarm_mark){
		    .alarm = alarm, .subject = column_str(&c, 0, arena), .since_at = column_int(&c, 1)};
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(arena, err);
}

/* 1 there is a number, 0 none, -1. */
static int
one_number(struct call *c, int64_t *ret, struct err *err)
{
	int rc = call_row(c, err);
	if (rc > 0 && column_none(c, 0))
		rc = 0;
	if (rc > 0)
		*ret = column_int(c, 0);
	call_end(c);
	return rc;
}

static int
get_meta(struct store *s, const char *key, int64_t *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_META_GET);
	call_str(&c, str_from(key));
	return one_number(&c, ret, err);
}

int
store_alarms_seen(struct store *s, int64_t *event, int64_t *burst_until_at, struct err *err)
{
	*burst_until_at = TIME_NONE;
	if (get_meta(s, "burst_until", burst_until_at, err) < 0)
		return -1;
	*event = 0;
	return get_meta(s, "alarm_event", event, err) < 0 ? -1 : 0;
}

static int
read_times(struct call *c, int64_t *times, size_t max, size_t *count, struct err *err)
{
	int rc;
	*count = 0;
	call_int(c, (int64_t)max);
	while ((rc = call_row(c, err)) > 0) {
		if (!column_none(c, 0))
			times[(*count)++] = column_int(c, 0);
	}
	call_end(c);
	return rc;
}

int
store_times_of_feed(struct store *s, int64_t feed_id, int64_t *times, size_t max, size_t *count, struct err *err)
{
	struct call c = call_begin(s, SQL_TIMES_OF_FEED);
	call_int(&c, feed_id);
	return read_times(&c, times, max, count, err);
}

int
store_times_of_watch(struct store *s, struct str watch, int64_t *times, size_t max, size_t *count, struct err *err)
{
	struct call c = call_begin(s, SQL_TIMES_OF_WATCH);
	call_str(&c, watch);
	return read_times(&c, times, max, count, err);
}

int
store_mentioned(struct store *s, int64_t from_at, int64_t until_at, unsigned sources_min, struct arena *arena,
    struct store_mentioned **ret, size_t *count, struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(s, SQL_MENTIONED);
	int rc;
	*ret = NULL;
	*count = 0;
	call_int(&c, from_at);
	call_int(&c, until_at);
	call_int(&c, sources_min);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_mentioned *grown = arena_grow(arena, *ret, &cap, *count, sizeof *grown);
		if (grown == NULL)
			break;
		*ret = grown;
		grown[(*count)++] = (struct store_mentioned){.entity = column_int(&c, 0),
		    .key = column_str(&c, 1, arena),
		    .label = column_str(&c, 2, arena),
		    .sources = (unsigned)column_int(&c, 3)};
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(arena, err);
}

int
store_mentions_past(
    struct store *s, int64_t entity, int64_t from_at, int64_t window_ms, unsigned *counts, size_t n, struct err *err)
{
	struct call c = call_begin(s, SQL_MENTIONS_PAST);
	int rc;
	memset(counts, 0, n * sizeof *counts);
	call_int(&c, entity);
	call_int(&c, from_at);
	call_int(&c, from_at + window_ms * (int64_t)n);
	call_int(&c, window_ms);
	while ((rc = call_row(&c, err)) > 0) {
		int64_t k = column_int(&c, 0);
		if (k >= 0 && k < (int64_t)n)
			counts[k] = (unsigned)column_int(&c, 1);
	}
	call_end(&c);
	return rc;
}

int
store_oldest_item(struct store *s, int64_t *at, struct err *err)
{
	struct call c = call_begin(s, SQL_OLDEST_ITEM);
	*at = TIME_NONE;
	return one_number(&c, at, err) < 0 ? -1 : 0;
}
