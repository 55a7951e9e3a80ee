/*
 * How long a decision about an item takes (what is it a copy of, which story), with signatures fetched from a store:
 * percentiles, beside the limits they are to keep, and the window's memory for each item.
 *   bench_story [ITEMS]
 */
#include "store/store.h"

#include "../unit/rng.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define VOCABULARY 200000u
#define LIMIT_US 500.0

struct bench {
	sqlite3 *db;
	sqlite3_stmt *put, *get;
	struct story_window *window;
	struct arena arena;
	uint64_t seed;
	char texts[1000][1200]; /* of the last items, to make copies of */
};

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench_story: %s\n", what);
	exit(1);
}

static int
fetch(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	struct bench *b = ctx;
	*ret = STR_NONE;
	sqlite3_bind_int64(b->get, 1, item);
	if (sqlite3_step(b->get) == SQLITE_ROW)
		*ret = arena_str(
		    arena, (struct str){sqlite3_column_blob(b->get, 0), (size_t)sqlite3_column_bytes(b->get, 0)});
	sqlite3_reset(b->get);
	return 0;
}

static void
put(struct bench *b, int64_t item, struct str signature)
{
	sqlite3_bind_int64(b->put, 1, item);
	sqlite3_bind_blob(b->put, 2, signature.s, (int)signature.len, SQLITE_STATIC);
	must(sqlite3_step(b->put) == SQLITE_DONE, "insert");
	sqlite3_reset(b->put);
}

/* Words with a long tail: rank r about as often as 1/r. */
static void
invent(struct bench *b, char *text, size_t size, size_t words)
{
	size_t len = 0;
	for (size_t i = 0; i < words && len + 16 < size; i++) {
		double u = (double)rng_below(&b->seed, 1000000) / 1000000.0;
		unsigned rank = (unsigned)((double)VOCABULARY * u * u * u * u);
		len += (size_t)snprintf(text + len, size - len, "w%xq ", rank * 2654435761u >> 8);
	}
}

static double
microseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
decide(struct bench *b, size_t number)
{
	char title[120], *text = b->texts[number % 1000], feed[16];
	struct story_features f;
	struct story_signature s;
	struct story_place p;
	struct err err;

	arena_reset(&b->arena);
	invent(b, title, sizeof title, 9);
	/* every fourth is a copy of one of the last thousand */
	if (number >= 1000 && rng_below(&b->seed, 4) == 0)
		memmove(text, b->texts[rng_below(&b->seed, 1000)], sizeof b->texts[0]);
	else
		invent(b, text, sizeof b->texts[0], 120);
	snprintf(feed, sizeof feed, "f%u", (unsigned)rng_below(&b->seed, 5000));
	struct story_text t = {str_from(title), str_from(text)};
	struct story_arrival a = {.feed = str_from(feed), .features = &f, .at = (int64_t)number * 300};
	must(story_features(&t, &b->arena, &f, &err) == 0, "features");
	double start = microseconds();
	must(story_window_add(b->window, &a, &p, &err) == 0, "window");
	double took = microseconds() - start;
	must(story_signature_make(&f, &p.cut, NULL, 0, &b->arena, &s, &err) == 0, "signature");
	put(b, (int64_t)number + 1, story_signature_pack(&s, &b->arena));
	int64_t story = p.joins == STORY_NONE ? (int64_t)number + 1 : story_window_story(b->window, p.joins);
	story_window_name(b->window, number, (int64_t)number + 1, story);
	return took;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

int
main(int argc, char **argv)
{
	static struct bench b = {.seed = 1};
	size_t items = argc > 1 ? (size_t)strtoull(argv[1], NULL, 10) : 100000, measured = items / 10 + 1;
	struct story_window_options options = {.max_items = items, .fetch = fetch, .ctx = &b};
	double *took = calloc(measured, sizeof *took);
	char path[64];

	snprintf(path, sizeof path, "bench_story.%d.db", (int)getpid());
	must(took != NULL && sqlite3_open(path, &b.db) == SQLITE_OK, "open");
	sqlite3_exec(b.db,
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384; CREATE TABLE s(id INTEGER"
	    " PRIMARY KEY, signature BLOB); BEGIN",
	    NULL, NULL, NULL);
	must(sqlite3_prepare_v2(b.db, "INSERT INTO s VALUES(?, ?)", -1, &b.put, NULL) == SQLITE_OK &&
	         sqlite3_prepare_v2(b.db, "SELECT signature FROM s WHERE id = ?", -1, &b.get, NULL) == SQLITE_OK,
	    "prepare");
	b.window = story_window_new(&options);
	must(b.window != NULL, "memory");
	arena_init(&b.arena, 0);
	for (size_t i = 0; i < items + measured; i++) {
		double us = decide(&b, i);
		if (i >= items)
			took[i - items] = us;
	}
	qsort(took, measured, sizeof *took, compare);
	double p99 = took[measured * 99 / 100];
	printf("story: %zu items in the window: a decision takes %.0f µs in the median, %.0f at the 95th and %.0f at "
	       "the 99th"
	       " percentile, %.2f of the limit; %.0f bytes of memory for each item\n",
	    items, took[measured / 2], took[measured * 95 / 100], p99, p99 / LIMIT_US,
	    (double)story_window_bytes(b.window) / (double)items);
	sqlite3_exec(b.db, "COMMIT", NULL, NULL, NULL);
	sqlite3_finalize(b.put);
	sqlite3_finalize(b.get);
	sqlite3_close(b.db);
	unlink(path);
	story_window_free(b.window);
	arena_done(&b.arena);
	free(took);
	return 0;
}
