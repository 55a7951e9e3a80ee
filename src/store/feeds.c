#include "store/feeds.h"

#include "base/map.h"

struct feed_row {
	struct store_feed feed;
	struct str configured_title;
};

static void
read_feed(const struct call *c, struct arena *a, struct feed_row *row)
{
	struct store_feed *f = &row->feed;
	struct str why = column_str(c, 13, a), error = column_str(c, 18, a);

	*f = (struct store_feed){
	    .id = column_int(c, 0),
	    .key = column_str(c, 1, a),
	    .url = column_str(c, 2, a),
	    .title = column_str(c, 3, a),
	    .site = column_str(c, 4, a),
	    .etag = column_str(c, 5, a),
	    .last_modified = column_str(c, 6, a),
	    .body_hash = column_hash(c, 7),
	    .sched = {.interval_ms = column_int(c, 8),
	        .failures = (unsigned)column_int(c, 9),
	        .weight = sqlite3_column_double(c->stmt, 10),
	        .failing_since_at = column_time(c, 11)},
	    .next_due_at = column_time(c, 12),
	    .next_why = why.s ? why.s : "",
	    .added_at = column_int(c, 14),
	    .last_attempt_at = column_time(c, 15),
	    .last_success_at = column_time(c, 16),
	    .last_new_at = column_time(c, 17),
	    .error = error.s ? err_from_word(error.s) : ERR_NONE,
	    .error_text = column_str(c, 19, a),
	    .error_since_at = column_time(c, 20),
	    .error_at = column_time(c, 21),
	    .error_count = (unsigned)column_int(c, 22),
	    .http_status = (int)column_int(c, 23),
	    .poll_count = column_int(c, 24),
	    .item_count = column_int(c, 25),
	    .configured = column_int(c, 26) != 0,
	};
	row->configured_title = column_str(c, 27, a);
	f->course = (struct store_course){.adopted_url = column_str(c, 28, a),
	    .moved_url = column_str(c, 29, a),
	    .moved_count = (unsigned)column_int(c, 30),
	    .moved_since_at = column_time(c, 31),
	    .full_at = column_time(c, 32),
	    .gone_at = column_time(c, 33),
	    .gap_at = column_time(c, 34),
	    .gap_count = column_int(c, 35),
	    .told_failing_at = column_time(c, 36),
	    .wait_ms = column_int(c, 37),
	    .skip_hours = (uint32_t)column_int(c, 38),
	    .skip_days = (uint8_t)column_int(c, 39),
	    .items_per_week = sqlite3_column_double(c->stmt, 40)};
}

static int
list_rows(struct store *s, enum sql_id which, struct arena *arena, struct feed_row **ret, size_t *count, struct err *err)
{
	struct feed_row *rows = NULL;
	size_t cap = 0, n = 0;
	struct call c = call_begin(s, which);
	int rc;

	while ((rc = call_row(&c, err)) > 0) {
		struct feed_row *grown = arena_grow(arena, rows, &cap, n, sizeof *rows);
		if (grown == NULL)
			break;
		rows = grown;
		read_feed(&c, arena, &rows[n++]);
	}
	call_end(&c);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*ret = rows;
	*count = n;
	return 0;
}

int
store_list_feeds(struct store *s, bool all, struct arena *arena, struct store_feed **ret, size_t *count, struct err *err)
{
	struct feed_row *rows;
	if (list_rows(s, all ? SQL_FEEDS_ALL : SQL_FEEDS_CONFIGURED, arena, &rows, count, err) < 0)
		return -1;
	struct store_feed *feeds = arena_alloc(arena, *count * sizeof *feeds);
	if (feeds == NULL)
		return arena_check(arena, err);
	for (size_t i = 0; i < *count; i++)
		feeds[i] = rows[i].feed;
	*ret = feeds;
	return 0;
}

int
feeds_add_event(struct store *s, int64_t feed_id, int64_t at, const char *kind, struct str text, struct err *err)
{
	struct call c = call_begin(s, SQL_EVENT_ADD);
	call_time(&c, feed_id > 0 ? feed_id : TIME_NONE);
	call_int(&c, at);
	call_str(&c, str_from(kind));
	call_str(&c, text);
	return call_run(&c, err);
}

/* ---- the configuration's view ---- */

static int
add_feed(struct store *s, const struct store_feed_key *key, int64_t now, struct err *err)
{
	struct call c = call_begin(s, SQL_FEED_ADD);
	call_str(&c, key->key);
	call_str(&c, key->url);
	call_str(&c, key->title);
	call_int(&c, now);
	return call_run(&c, err);
}

static int
set_configured(struct store *s, const struct store_feed *f, bool on, int64_t now, struct err *err)
{
	struct call c = call_begin(s, SQL_FEED_CONFIGURE);
	call_int(&c, on);
	call_int(&c, f->id);
	return call_run(&c, err) < 0 ? -1 : feeds_add_event(s, f->id, now, on ? "returned" : "removed", STR_NONE, err);
}

static int
update_feed(struct store *s, const struct feed_row *row, const struct store_feed_key *key, int64_t now, struct err *err)
{
	if (!str_eq(row->feed.url, key->url)) {
		struct call c = call_begin(s, SQL_FEED_SET_URL);
		call_str(&c, key->url);
		call_int(&c, row->feed.id);
		if (call_run(&c, err) < 0 || feeds_add_event(s, row->feed.id, now, "address_changed", key->url, err) < 0)
			return -1;
	}
	if (!str_eq(row->configured_title, key->title)) {
		struct call c = call_begin(s, SQL_FEED_SET_TITLE);
		call_str(&c, str_empty(key->title) ? STR_NONE : key->title);
		call_int(&c, row->feed.id);
		if (call_run(&c, err) < 0)
			return -1;
	}
	return row->feed.configured ? 0 : set_configured(s, &row->feed, true, now, err);
}

/* Both sides of the difference; writes only where there is one. `by_key` holds the rows that were there. */
static int
apply_keys(struct store *s, const struct store_feed_key *keys, size_t count, const struct map *by_key,
    struct map *wanted, int64_t now, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct feed_row *row = map_get(by_key, keys[i].key);
		if (map_get(wanted, keys[i].key) != NULL)
			continue;
		if (map_put(wanted, keys[i].key, (void *)&keys[i]) < 0)
			return err_oom(err);
		if ((row == NULL ? add_feed(s, &keys[i], now, err) : update_feed(s, row, &keys[i], now, err)) < 0)
			return -1;
	}
	return 0;
}

static int
drop_unwanted(
    struct store *s, const struct feed_row *rows, size_t count, const struct map *wanted, int64_t now, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		const struct store_feed *f = &rows[i].feed;
		if (f->configured && map_get(wanted, f->key) == NULL && set_configured(s, f, false, now, err) < 0)
			return -1;
	}
	return 0;
}

static int
index_rows(
    struct store *s, struct arena *arena, struct feed_row **rows, size_t *count, struct map *by_key, struct err *err)
{
	if (list_rows(s, SQL_FEEDS_ALL, arena, rows, count, err) < 0)
		return -1;
	for (size_t i = 0; i < *count; i++) {
		if (map_put(by_key, (*rows)[i].feed.key, &(*rows)[i]) < 0)
			return err_oom(err);
	}
	return 0;
}

static int
sync_rows(
    struct store *s, const struct store_feed_key *keys, size_t count, int64_t now, struct arena *arena, struct err *err)
{
	struct feed_row *rows;
	struct map by_key, wanted;
	size_t row_count;

	map_init(&by_key);
	map_init(&wanted);
	int rc = index_rows(s, arena, &rows, &row_count, &by_key, err);
	if (rc == 0 && (rc = db_begin(s, err)) == 0) {
		rc = apply_keys(s, keys, count, &by_key, &wanted, now, err);
		if (rc == 0)
			rc = drop_unwanted(s, rows, row_count, &wanted, now, err);
		rc = db_end(s, rc, err);
	}
	map_done(&by_key);
	map_done(&wanted);
	return rc;
}

int
store_sync_feeds(struct store *s, const struct store_feed_key *keys, size_t count, int64_t now, struct arena *arena,
    struct store_feed **ret, struct err *err)
{
	struct feed_row *rows;
	struct map by_key;
	size_t row_count;

	if (sync_rows(s, keys, count, now, arena, err) < 0)
		return -1;
	map_init(&by_key);
	int rc = index_rows(s, arena, &rows, &row_count, &by_key, err);
	struct store_feed *feeds = rc < 0 ? NULL : arena_alloc(arena, count * sizeof *feeds);
	for (size_t i = 0; feeds != NULL && i < count; i++)
		feeds[i] = ((struct feed_row *)map_get(&by_key, keys[i].key))->feed;
	map_done(&by_key);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*ret = feeds;
	return 0;
}

/* ---- finished polls ---- */

int
feeds_before(struct store *s, int64_t id, struct arena *arena, struct feed_before *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_FEED_STATE);
	call_int(&c, id);
	int rc = call_row(&c, err);
	if (rc > 0) {
		ret->key = column_str(&c, 0, arena);
		ret->error = column_str(&c, 1, arena);
		ret->seen = (struct store_seen){.title = column_str(&c, 2, arena),
		    .site = column_str(&c, 3, arena),
		    .had_items = column_int(&c, 4) > 0,
		    .last_new_at = column_time(&c, 5)};
	}
	call_end(&c);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "%s: there is no feed with the number %lld", s->path, (long long)id);
	return rc < 0 ? -1 : arena_check(arena, err);
}

/* A change of health is an event; more of the same is not. */
static int
note_health(struct store *s, const struct store_poll *p, struct str before, struct err *err)
{
	bool was_bad = before.s != NULL;
	if (p->error == ERR_NONE)
		return was_bad ? feeds_add_event(s, p->feed_id, p->at, "working", STR_NONE, err) : 0;
	if (was_bad && str_is(before, err_word(p->error)))
		return 0;
	return feeds_add_event(s, p->feed_id, p->at, was_bad ? "failing_differently" : "failing", p->error_text, err);
}

static int
set_validators(struct store *s, const struct store_poll *p, struct err *err)
{
	struct call c = call_begin(s, SQL_FEED_VALIDATORS);
	call_blob(&c, p->etag);
	call_blob(&c, p->last_modified);
	call_hash(&c, p->body_hash);
	call_int(&c, p->feed_id);
	return call_run(&c, err);
}

static int
set_course(struct store *s, int64_t feed_id, const struct store_course *course, struct err *err)
{
	struct call c = call_begin(s, SQL_FEED_COURSE);
	call_int(&c, feed_id);
	call_str(&c, course->adopted_url);
	call_str(&c, course->moved_url);
	call_int(&c, course->moved_count);
	call_time(&c, course->moved_since_at);
	call_time(&c, course->full_at);
	call_time(&c, course->gone_at);
	call_time(&c, course->gap_at);
	call_int(&c, course->gap_count);
	call_time(&c, course->told_failing_at);
	call_int(&c, course->wait_ms);
	call_int(&c, course->skip_hours);
	call_int(&c, course->skip_days);
	call_double(&c, course->items_per_week);
	return call_run(&c, err);
}

static int
note_course(struct store *s, const struct store_poll *p, struct err *err)
{
	for (size_t i = 0; i < p->event_count; i++) {
		if (feeds_add_event(s, p->feed_id, p->at, p->events[i].kind, p->events[i].text, err) < 0)
			return -1;
	}
	if (p->hold.host.s != NULL && store_hold_host(s, &p->hold, err) < 0)
		return -1;
	return p->course ? set_course(s, p->feed_id, p->course, err) : 0;
}

int
feeds_note_poll(struct store *s, const struct store_poll *p, struct str error_before, int64_t new_items, struct err *err)
{
	bool good = p->error == ERR_NONE;

	if (note_health(s, p, error_before, err) < 0 || note_course(s, p, err) < 0)
		return -1;
	struct call c = call_begin(s, good ? SQL_FEED_GOOD : SQL_FEED_BAD);
	call_int(&c, p->feed_id);
	call_int(&c, p->at);
	call_int(&c, new_items);
	call_int(&c, p->http_status);
	call_str(&c, p->title);
	call_str(&c, p->site);
	call_int(&c, p->sched.interval_ms);
	call_int(&c, p->sched.failures);
	call_double(&c, p->sched.weight);
	call_time(&c, p->sched.failing_since_at);
	call_time(&c, p->next_due_at);
	call_str(&c, str_from(p->next_why));
	if (!good) {
		call_str(&c, str_from(err_word(p->error)));
		call_str(&c, p->error_text);
	}
	if (call_run(&c, err) < 0)
		return -1;
	/* a cut document has items that we did not see: the next request must bring them */
	return good && (p->http_status == 200 || p->http_status == 226) && p->complete ? set_validators(s, p, err) : 0;
}

/* ---- events and holds ---- */

static int
add_happening(struct store *s, const struct store_happening *h, struct err *err)
{
	if (feeds_add_event(s, h->feed_id, h->at, h->kind, h->text, err) < 0)
		return -1;
	if (!h->told_failing)
		return 0;
	struct call c = call_begin(s, SQL_FEED_TOLD_FAILING);
	call_int(&c, h->feed_id);
	call_int(&c, h->at);
	return call_run(&c, err);
}

int
store_add_events(struct store *s, const struct store_happening *events, size_t count, struct err *err)
{
	int rc = db_begin(s, err);
	if (rc < 0)
		return -1;
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add_happening(s, &events[i], err);
	return db_end(s, rc, err);
}

int
store_hold_host(struct store *s, const struct store_hold *hold, struct err *err)
{
	struct call c = call_begin(s, SQL_HOLD_SET);
	call_str(&c, hold->host);
	call_int(&c, hold->until_at);
	call_str(&c, hold->why);
	return call_run(&c, err);
}

static int
expire_holds(struct store *s, int64_t now, int64_t latest, struct err *err)
{
	struct call c = call_begin(s, SQL_HOLDS_EXPIRE);
	call_int(&c, now);
	call_int(&c, latest);
	return call_run(&c, err);
}

int
store_list_holds(struct store *s, int64_t now, int64_t latest, struct arena *arena, struct store_hold **ret,
    size_t *count, struct err *err)
{
	struct store_hold *holds = NULL;
	size_t cap = 0, n = 0;
	int rc;

	if (s->mode == STORE_WRITE && expire_holds(s, now, latest, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_HOLDS);
	call_int(&c, now);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_hold *grown = arena_grow(arena, holds, &cap, n, sizeof *holds);
		if (grown == NULL)
			break;
		holds = grown;
		holds[n++] = (struct store_hold){
		    .host = column_str(&c, 0, arena), .until_at = column_int(&c, 1), .why = column_str(&c, 2, arena)};
	}
	call_end(&c);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*ret = holds;
	*count = n;
	return 0;
}

static int
collect_events(struct call *c, struct arena *arena, struct store_event **ret, size_t *count, struct err *err)
{
	struct store_event *events = NULL;
	size_t cap = 0, n = 0;
	int rc;
	while ((rc = call_row(c, err)) > 0) {
		struct store_event *grown = arena_grow(arena, events, &cap, n, sizeof *events);
		if (grown == NULL)
			break;
		events = grown;
		events[n++] = (struct store_event){.id = column_int(c, 0),
		    .feed = column_str(c, 1, arena),
		    .at = column_int(c, 2),
		    .kind = column_str(c, 3, arena),
		    .text = column_str(c, 4, arena)};
	}
	call_end(c);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*ret = events;
	*count = n;
	return 0;
}

int
store_list_events(struct store *s, int64_t after_id, size_t max, struct arena *arena, struct store_event **ret,
    size_t *count, struct err *err)
{
	struct call c = call_begin(s, SQL_EVENTS);
	call_int(&c, after_id);
	call_int(&c, (int64_t)max);
	return collect_events(&c, arena, ret, count, err);
}

int
store_recent_events(struct store *s, const char *kind, int64_t since, size_t max, struct arena *arena,
    struct store_event **ret, size_t *count, struct err *err)
{
	struct call c = call_begin(s, SQL_EVENTS_OF_KIND);
	call_str(&c, str_from(kind));
	call_int(&c, since);
	call_int(&c, (int64_t)max);
	return collect_events(&c, arena, ret, count, err);
}
