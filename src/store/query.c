#include "store/index.h"
#include "store/records.h"
#include "store/tail.h"
#include "store/words.h"

#define DEFAULT_LIMIT 50
/* An actor with fewer items than this is cheaper to walk through than a word's items are. */
#define FEW_MATCHES 2000
/* About ten seconds of work: after that many steps of the virtual machine a question is given up. */
#define STEPS_PER_CALL 100000
#define CALLS_MAX 10000

/* A question with its names turned into numbers. */
struct plan {
	const struct store_query *q;
	struct buf words;
	struct tail tail;                  /* when there are words */
	int64_t actor, topic, watch, feed; /* 0 = any */
	int64_t above, up_to;
	enum sql_part driver;
	int64_t entity; /* of PART_BY_ENTITY */
	int calls;
};

/* Looks a name up; 0 found (or none asked for), 1 nothing has that name, -1. */
static int
resolve(struct store *s, enum sql_id how, struct str name, int64_t *ret, struct err *err)
{
	*ret = 0;
	if (name.s == NULL)
		return 0;
	struct call c = call_begin(s, how);
	call_str(&c, name);
	int rc = call_row(&c, err);
	if (rc > 0)
		*ret = column_int(&c, 0);
	call_end(&c);
	return rc < 0 ? -1 : rc == 0;
}

/* Times become bounds on the number, which is what every index is ordered by; clocks step, so the time itself is
 * asked too. */
static int
bound_by_time(struct store *s, struct plan *p, struct err *err)
{
	p->above = p->q->after_id;
	p->up_to = INT64_MAX;
	if (p->q->since_at == TIME_NONE && p->q->until_at == TIME_NONE)
		return 0;
	struct call c = call_begin(s, SQL_ID_SPAN);
	call_int(&c, p->q->since_at);
	call_int(&c, p->q->until_at == TIME_NONE ? INT64_MAX : p->q->until_at);
	int rc = call_row(&c, err);
	bool none = rc > 0 && column_none(&c, 0);
	if (rc > 0 && !none) {
		p->above = column_int(&c, 0) - 1 > p->above ? column_int(&c, 0) - 1 : p->above;
		p->up_to = column_int(&c, 1);
	}
	call_end(&c);
	return rc < 0 ? -1 : none;
}

static int
has_few_matches(struct store *s, int64_t entity, bool *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_ENTITY_MATCHES_UP_TO);
	call_int(&c, entity);
	call_int(&c, FEW_MATCHES);
	int rc = call_row(&c, err);
	*ret = rc > 0 && column_int(&c, 0) < FEW_MATCHES;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

/* What to walk through: the narrowest that is asked for. */
static int
choose_driver(struct store *s, struct plan *p, struct err *err)
{
	bool few = true;
	p->entity = p->actor != 0 ? p->actor : p->topic;
	if (p->entity != 0 && p->words.len > 0 && has_few_matches(s, p->entity, &few, err) < 0)
		return -1;
	if (p->entity != 0 && few)
		p->driver = PART_BY_ENTITY;
	else if (p->words.len > 0)
		p->driver = PART_BY_WORDS;
	else if (p->entity != 0)
		p->driver = PART_BY_ENTITY;
	else if (p->watch != 0)
		p->driver = PART_BY_WATCH;
	else if (p->feed != 0)
		p->driver = PART_BY_FEED;
	else
		p->driver = p->q->matched_only ? PART_ITEMS_MATCHED : PART_ITEMS;
	return 0;
}

static enum sql_part
and_words(const struct plan *p)
{
	return !p->tail.any ? PART_AND_WORDS : p->tail.indexed ? PART_AND_EITHER : PART_AND_TAIL;
}

static bool
compose(struct buf *sql, const struct plan *p, enum sql_part driver)
{
	const struct store_query *q = p->q;
	const struct {
		enum sql_part part;
		bool wanted;
	} parts[] = {
	    {driver, true},
	    {PART_AND_NO_TAIL, driver == PART_BY_WORDS && p->tail.any},
	    {PART_AND_ABOVE, p->above > 0},
	    {PART_AND_UP_TO, p->up_to != INT64_MAX},
	    {PART_AND_SINCE, q->since_at != TIME_NONE},
	    {PART_AND_UNTIL, q->until_at != TIME_NONE},
	    {PART_AND_MATCHED, q->matched_only && driver != PART_ITEMS_MATCHED},
	    {and_words(p), p->words.len > 0 && p->driver != PART_BY_WORDS},
	    {PART_AND_ACTOR, p->actor != 0 && !(driver == PART_BY_ENTITY && p->entity == p->actor)},
	    {PART_AND_TOPIC, p->topic != 0 && !(driver == PART_BY_ENTITY && p->entity == p->topic)},
	    {PART_AND_WATCH, p->watch != 0 && driver != PART_BY_WATCH},
	    {PART_AND_FEED, p->feed != 0 && driver != PART_BY_FEED},
	    {q->oldest_first ? PART_OLDEST_FIRST : PART_NEWEST_FIRST, true},
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].wanted)
			buf_puts(sql, sql_parts[parts[i].part]);
	}
	return !sql->failed;
}

/* 0 planned, 1 nothing can match, -1. */
static int
plan(struct store *s, struct plan *p, struct err *err)
{
	const struct store_query *q = p->q;
	int words = words_question(&p->words, q->text, err);
	if (words < 0)
		return -1;
	if (words == 0 && str_trim(q->text).len > 0)
		return 1; /* nothing but marks was asked for */
	if (words_needs(&p->words, q->needs, q->need_count, err) < 0)
		return -1;
	int rc = resolve(s, SQL_ENTITY_FIND, q->actor, &p->actor, err);
	if (rc == 0)
		rc = resolve(s, SQL_ENTITY_FIND, q->topic, &p->topic, err);
	if (rc == 0)
		rc = resolve(s, SQL_WATCH_FIND, q->watch, &p->watch, err);
	if (rc == 0)
		rc = resolve(s, SQL_FEED_ID, q->feed, &p->feed, err);
	if (rc == 0)
		rc = bound_by_time(s, p, err);
	if (rc == 0)
		rc = choose_driver(s, p, err);
	if (rc == 0 && p->words.len > 0)
		rc = tail_begin(s, &p->tail, err);
	return rc != 0 ? rc : p->words.len > 0 && !p->tail.indexed && !p->tail.any;
}

static void
bind_named(sqlite3_stmt *stmt, const char *name, int64_t value)
{
	int at = sqlite3_bind_parameter_index(stmt, name);
	if (at > 0)
		sqlite3_bind_int64(stmt, at, value);
}

static int
bind_plan(sqlite3_stmt *stmt, const struct plan *p)
{
	int at = sqlite3_bind_parameter_index(stmt, ":words");
	const struct {
		const char *name;
		int64_t value;
	} numbers[] = {
	    {":entity", p->entity},
	    {":actor", p->actor},
	    {":topic", p->topic},
	    {":watch", p->watch},
	    {":feed", p->feed},
	    {":above", p->above},
	    {":up_to", p->up_to},
	    {":since", p->q->since_at},
	    {":until", p->q->until_at},
	    {":limit", p->q->limit ? (int64_t)p->q->limit : DEFAULT_LIMIT},
	};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		bind_named(stmt, numbers[i].name, numbers[i].value);
	return at > 0 ? sqlite3_bind_text(stmt, at, p->words.data, (int)p->words.len, SQLITE_STATIC) : SQLITE_OK;
}

static int
count_steps(void *ctx)
{
	struct plan *p = ctx;
	return ++p->calls > CALLS_MAX;
}

/* The index and what it does not cover give their items each in order: they are taken in turns. */
#define SOURCES_MAX 2

struct source {
	sqlite3_stmt *stmt;
	int64_t item; /* the next one; 0: no more */
};

static int
advance(struct store *s, struct source *from, struct err *err)
{
	int rc = sqlite3_step(from->stmt);
	from->item = rc == SQLITE_ROW ? sqlite3_column_int64(from->stmt, 0) : 0;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return 0;
	if (rc == SQLITE_INTERRUPT)
		return err_set(err, ERR_LIMIT, "the search takes too long: narrow it by feed, time or another word");
	return db_fail(s, rc, err, "searching");
}

static int
begin_source(struct store *s, const struct plan *p, enum sql_part driver, struct source *ret, struct err *err)
{
	struct buf sql;
	buf_init(&sql, 0);
	if (!compose(&sql, p, driver)) {
		buf_done(&sql);
		return err_oom(err);
	}
	int rc = db_prepare(s, buf_view(&sql), &ret->stmt);
	buf_done(&sql);
	if (rc == SQLITE_OK)
		rc = bind_plan(ret->stmt, p);
	return rc != SQLITE_OK ? db_fail(s, rc, err, "searching") : advance(s, ret, err);
}

static int
begin_sources(struct store *s, const struct plan *p, struct source *sources, struct err *err)
{
	bool both = p->driver == PART_BY_WORDS;
	if ((!both || p->tail.indexed) && begin_source(s, p, p->driver, &sources[0], err) < 0)
		return -1;
	return both && p->tail.any ? begin_source(s, p, PART_BY_TAIL, &sources[1], err) : 0;
}

static struct source *
next_source(const struct plan *p, struct source *sources)
{
	struct source *a = &sources[0], *b = &sources[1];
	if (a->item == 0 || b->item == 0)
		return a->item != 0 ? a : b->item != 0 ? b : NULL;
	return (a->item < b->item) == p->q->oldest_first ? a : b;
}

static int
walk(struct store *s, struct plan *p, struct source *sources, struct arena *arena,
    bool (*each)(void *ctx, const struct record *r), void *ctx, struct err *err)
{
	size_t left = p->q->limit ? p->q->limit : DEFAULT_LIMIT;
	for (struct source *from; left > 0 && (from = next_source(p, sources)) != NULL; left--) {
		struct record r;
		arena_reset(arena);
		int rc = records_read(s, from->item, arena, &r, err);
		if (rc < 0)
			return -1;
		p->calls = 0; /* the ceiling is on the search for the next one, not on a long list */
		if (rc > 0 && !each(ctx, &r))
			return 0;
		if (left > 1 && advance(s, from, err) < 0)
			return -1;
	}
	return 0;
}

static int
run(struct store *s, struct plan *p, struct arena *arena, bool (*each)(void *ctx, const struct record *r), void *ctx,
    struct err *err)
{
	struct source sources[SOURCES_MAX] = {{NULL, 0}};
	int rc = begin_sources(s, p, sources, err);
	if (rc == 0)
		rc = walk(s, p, sources, arena, each, ctx, err);
	for (size_t i = 0; i < SOURCES_MAX; i++)
		sqlite3_finalize(sources[i].stmt);
	return rc;
}

int
store_query(struct store *s, const struct store_query *q, struct arena *arena,
    bool (*each)(void *ctx, const struct record *r), void *ctx, struct err *err)
{
	struct plan p = {.q = q};

	buf_init(&p.words, 0);
	s->tail_cut = false;
	int rc = plan(s, &p, err);
	sqlite3_progress_handler(s->db, STEPS_PER_CALL, count_steps, &p);
	if (rc == 0)
		rc = run(s, &p, arena, each, ctx, err);
	sqlite3_progress_handler(s->db, 0, NULL, NULL);
	tail_end(s, &p.tail);
	buf_done(&p.words);
	return rc < 0 ? -1 : 0;
}

bool
store_query_cut(const struct store *s)
{
	return s->tail_cut;
}

/* ---- the whole ---- */

int
store_totals(struct store *s, struct store_totals *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_TOTALS);
	int rc = call_row(&c, err);
	if (rc > 0) {
		*ret = (struct store_totals){
		    .items = column_int(&c, 0),
		    .matched_items = column_int(&c, 1),
		    .feeds = column_int(&c, 2),
		    .failing_feeds = column_int(&c, 3),
		    .polls = column_int(&c, 4),
		    .size_bytes = column_int(&c, 5),
		    .oldest_at = column_time(&c, 6),
		    .newest_at = column_time(&c, 7),
		    .gone_feeds = column_int(&c, 8),
		    .gaps = column_int(&c, 9),
		};
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

/* Runs a check that tells its findings as rows; "ok" and no row are good. */
static int
check_with(struct store *s, const char *sql, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = db_prepare(s, str_from(sql), &stmt);
	if (rc != SQLITE_OK)
		return db_fail(s, rc, err, "checking");
	int result = 0;
	rc = sqlite3_step(stmt);
	const char *text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : "ok";
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		result = db_fail(s, rc, err, "checking");
	else if (text == NULL || strcmp(text, "ok") != 0)
		result = err_set(err, ERR_STORE_CORRUPT, "%s: the database is damaged: %s", s->path,
		    text ? text : "memory ran out while checking");
	sqlite3_finalize(stmt);
	return result;
}

int
store_check(struct store *s, struct err *err)
{
	for (const char *const *check = sql_checks; *check != NULL; check++) {
		if (check_with(s, *check, err) < 0)
			return -1;
	}
	return s->mode == STORE_WRITE ? index_check(sqlite3_db_filename(s->db, "main"), err) : 0;
}
