/*
 * The outbox: how long from a parsed item until its notification is queued and until it can be taken, when the outbox holds a
 * thousand rows that wait for a dead sink, and when it holds a million. Each poll brings one item, is matched and identified
 * here and committed by itself, durably. What the sinks cost is bench_sinks.py's.
 *   bench_outbox [ROWS [POLLS]]
 */
#include "store/store.h"

#include "../unit/rng.h"
#include "bench.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_US 10000.0 /* from a parsed item to a queued notification */
#define FEW 1000u

enum phase { QUEUE, TAKE, NEXT, PHASES };
static const char *const phase_names[PHASES] = {
    "parsed item to queued notification", "taking one and noting its end", "asking when the next is due"};

struct bench {
	char dir[64], path[96];
	size_t polls;
	double *us[PHASES]; /* by poll */
	struct watchlist *watchlist;
	struct store *store;
	struct arena arena;
	uint64_t seed;
	int64_t feed;
};

struct figures {
	double p50[PHASES], p99[PHASES];
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bench_outbox: %s: %s\n", what, why);
	exit(1);
}

static void *
need(void *p)
{
	if (p == NULL)
		die("memory", "none left");
	return p;
}

/* Processor time of this thread: others who use the machine do not count. The sync of the disk is told apart in wall time. */
static double
now_us(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
make_watchlist(struct bench *b)
{
	struct watch_builder *w = need(watch_builder_new());
	struct err err;
	char id[24], name[48];
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(id, sizeof id, "p%u", i);
		snprintf(name, sizeof name, "Name%c%c Family%c%c", 'a' + i % 26, 'a' + i / 26 % 26, 'a' + i / 3 % 26,
		    'a' + i / 676);
		if (watch_add(w, str_from(id), WATCH_PERSON, STR_LIT("und"), str_from(name),
		        (struct watch_origin){STR_NONE, 0}, &err) < 0)
			die("watchlist", err.msg);
	}
	b->watchlist = need(watch_compile(w, &err));
	watch_builder_free(w);
}

/* Rows that wait for a sink that takes nothing. */
static void
fill(const struct bench *b, size_t rows)
{
	static const char sql[] =
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
	    " INSERT INTO outbox(id, kind, sink, group_key, severity, state, next_try_at, created_at, updated_at, "
	    "thread)"
	    " SELECT printf('n-%032x', i), 0, 'dead', printf('story %d', i), 1, 0, 1000 + i, 1000 + i, 1000 + i,"
	    " printf('n-%032x', i) FROM n";
	sqlite3 *db;
	sqlite3_stmt *st;
	if (sqlite3_open(b->path, &db) != SQLITE_OK || sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		die("fill", sqlite3_errmsg(db));
	sqlite3_bind_int64(st, 1, (sqlite3_int64)rows);
	if (sqlite3_step(st) != SQLITE_DONE)
		die("fill", sqlite3_errmsg(db));
	sqlite3_finalize(st);
	sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void
open_store(struct bench *b, size_t rows)
{
	struct store_feed *feeds;
	struct err err;
	struct store_feed_key key = {STR_LIT("a"), STR_LIT("https://example.org/"), STR_NONE};
	snprintf(b->path, sizeof b->path, "%s/%zu.db", b->dir, rows);
	if (store_open(b->path, STORE_WRITE, &b->store, &err) < 0)
		die("open", err.msg);
	store_close(b->store);
	fill(b, rows);
	if (store_open(b->path, STORE_WRITE, &b->store, &err) < 0 ||
	    store_sync_feeds(b->store, &key, 1, 1000, &b->arena, &feeds, &err) < 0)
		die("open", err.msg);
	b->feed = feeds[0].id;
}

/* What the daemon does with a parsed item, but for the pause in which a batch waits for company. */
static void
queue_one(struct bench *b, const struct feed_item *item, int64_t at)
{
	static const struct str watches[] = {STR_LIT("talks")};
	static const struct store_tell tell = {
	    .watch = STR_LIT("talks"), .sink = STR_LIT("live"), .severity = 1, .route = STR_LIT("talks")};
	struct story_source source = {
	    .guid = item->id, .link = item->link, .title = item->title, .text = item->summary_text};
	struct story_identity identity;
	struct watch_result matches = {0};
	struct watch_input in = {.lang = STR_LIT("en")};
	struct err err;
	in.fields[WATCH_FIELD_TITLE] = item->title;
	in.fields[WATCH_FIELD_SUMMARY] = item->summary_text;
	if (watch_match(b->watchlist, &in, &b->arena, &matches, &err) < 0 || story_identify(&source, 1, &identity) < 0)
		die("match", "failed");
	if (matches.hit_count == 0)
		die("match", "nothing found");
	struct store_new_item n = {.item = item,
	    .identity = &identity,
	    .matches = &matches,
	    .watches = watches,
	    .watch_count = 1,
	    .tells = &tell,
	    .tell_count = 1,
	    .severity = 1};
	struct store_poll poll = {.feed_id = b->feed,
	    .at = at,
	    .http_status = 200,
	    .complete = true,
	    .next_due_at = at + 900000,
	    .next_why = "interval",
	    .items = &n,
	    .item_count = 1};
	if (store_commit_polls(b->store, &poll, 1, b->watchlist, &err) < 0)
		die("commit", err.msg);
	if (!n.is_new)
		die("commit", "the item was known");
}

static void
take_one(struct bench *b, int64_t at)
{
	struct notification *rows;
	size_t count;
	struct err err;
	if (store_outbox_take(b->store, STR_LIT("live"), at, 1, &b->arena, &rows, &count, &err) < 0 || count != 1)
		die("take", count == 1 ? err.msg : "nothing there");
	struct store_delivery d = {.row = rows[0].row, .outcome = STORE_DONE, .at = at};
	if (store_outbox_finish(b->store, &d, 1, &err) < 0)
		die("finish", err.msg);
}

static void
invent(struct bench *b, size_t number, struct feed_item *item)
{
	struct buf text;
	unsigned who = (unsigned)(rng_next(&b->seed) % 1000);
	buf_init(&text, 0);
	for (int i = 0; i < 150; i++)
		buf_printf(&text, "word%llu ", (unsigned long long)(rng_next(&b->seed) % 30000));
	buf_printf(&text, "Name%c%c Family%c%c spoke.", 'a' + who % 26, 'a' + who / 26 % 26, 'a' + who / 3 % 26,
	    'a' + who / 676);
	*item = (struct feed_item){.id = arena_printf(&b->arena, "urn:%zu", number),
	    .link = arena_printf(&b->arena, "https://example.org/%zu", number),
	    .title = arena_printf(&b->arena, "Matter %zu of %llu", number, (unsigned long long)rng_next(&b->seed)),
	    .summary_text = arena_str(&b->arena, buf_view(&text)),
	    .published_at = TIME_NONE,
	    .updated_at = TIME_NONE};
	buf_done(&text);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* The least that durable storage costs here: a page appended to a file and synced. */
static double
sync_page(int fd)
{
	static const char page[4096];
	double start = now_us(CLOCK_MONOTONIC);
	if (write(fd, page, sizeof page) != sizeof page || fdatasync(fd) < 0)
		die("disk", "cannot write");
	return now_us(CLOCK_MONOTONIC) - start;
}

struct wall { /* 99th percentiles with the disk */
	double queue, sync;
};

static struct figures
run(struct bench *b, size_t rows, struct wall *w)
{
	struct figures f;
	double *wall = need(calloc(b->polls, sizeof *wall)), *bare = need(calloc(b->polls, sizeof *bare));
	snprintf(b->path, sizeof b->path, "%s/bare", b->dir);
	int fd = open(b->path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	int64_t at = 2000000000;
	open_store(b, rows);
	b->seed = 7;
	for (size_t i = 0; i < b->polls; i++, at += 1000) {
		struct feed_item item;
		double t[PHASES + 1];
		invent(b, i, &item);
		bare[i] = sync_page(fd);
		wall[i] = now_us(CLOCK_MONOTONIC);
		t[0] = now_us(CLOCK_THREAD_CPUTIME_ID);
		queue_one(b, &item, at);
		t[1] = now_us(CLOCK_THREAD_CPUTIME_ID);
		wall[i] = now_us(CLOCK_MONOTONIC) - wall[i];
		take_one(b, at);
		t[2] = now_us(CLOCK_THREAD_CPUTIME_ID);
		store_outbox_next_at(b->store);
		t[3] = now_us(CLOCK_THREAD_CPUTIME_ID);
		for (int p = 0; p < PHASES; p++)
			b->us[p][i] = t[p + 1] - t[p];
		arena_reset(&b->arena);
	}
	store_close(b->store);
	for (int p = 0; p < PHASES; p++) {
		qsort(b->us[p], b->polls, sizeof(double), by_size);
		f.p50[p] = b->us[p][b->polls / 2];
		f.p99[p] = b->us[p][b->polls * 99 / 100];
	}
	qsort(wall, b->polls, sizeof *wall, by_size);
	qsort(bare, b->polls, sizeof *bare, by_size);
	*w = (struct wall){wall[b->polls * 99 / 100], bare[b->polls * 99 / 100]};
	close(fd);
	free(bare);
	free(wall);
	return f;
}

int
main(int argc, char **argv)
{
	size_t many = bench_argument(argc, argv, 1, 1000000);
	struct bench b = {.polls = bench_argument(argc, argv, 2, 2000)};
	const char *tmp = getenv("TMPDIR");
	struct wall wall;

	arena_init(&b.arena, 0);
	for (int p = 0; p < PHASES; p++)
		b.us[p] = need(calloc(b.polls, sizeof *b.us[p]));
	snprintf(b.dir, sizeof b.dir, "%.40s/bench-XXXXXX", tmp ? tmp : "/tmp");
	need(mkdtemp(b.dir));
	make_watchlist(&b);
	run(&b, FEW - 1, &wall); /* warms up what is the same for both */
	struct figures few = run(&b, FEW, &wall), lots = run(&b, many, &wall);
	for (int p = 0; p < PHASES; p++)
		printf("outbox: %-36s p50 %6.0f us, p99 %6.0f us among %zu rows; p50 x %.2f, p99 x %.2f of that among "
		       "%u\n",
		    phase_names[p], lots.p50[p], lots.p99[p], many, lots.p50[p] / few.p50[p], lots.p99[p] / few.p99[p],
		    FEW);
	printf("outbox: parsed item to queued notification, with the disk: p99 %.2f ms: x %.2f of the 10 ms that are "
	       "allowed, "
	       "x %.2f of a synced page (p99 %.2f ms)\n",
	    wall.queue / 1000, wall.queue / LIMIT_US, wall.queue / wall.sync, wall.sync / 1000);
	for (int p = 0; p < PHASES; p++)
		free(b.us[p]);
	watchlist_free(b.watchlist);
	arena_done(&b.arena);
	bench_remove_dir(b.dir);
	return 0;
}
