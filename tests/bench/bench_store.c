/*
 * What the store costs above the least that SQLite can do with the same texts: one table with a unique key, the same
 * batches, the same durability. Items have about 1 KB of text from a vocabulary with a long tail, three mentions and
 * one watch.
 *   bench_store [ITEMS [POLLS-PER-BATCH]]
 */
#include "store/store.h"

#include "../unit/rng.h"
#include "bench.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define ITEMS_PER_POLL 25u
#define VOCABULARY 30000u

struct text {
	char title[160], body[1200], guid[64], link[96];
};

struct bench {
	char dir[64], path[96];
	size_t items, polls_per_batch, batches;
	struct text *texts; /* of one batch */
	struct feed_item *feed_items;
	struct story_identity *identities;
	struct story_source *sources;
	struct store_new_item *new_items;
	struct store_poll *polls;
	struct watch_result matches;
	struct watchlist *watchlist;
	struct arena arena;
	struct store *store;
	uint64_t seed;
};

static int64_t
cpu_us(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000 + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "bench_store: %s: %s\n", what, why);
	exit(1);
}

static void *
need(void *p)
{
	if (p == NULL)
		die("memory", "none left");
	return p;
}

/* ---- invented items ---- */

/* The word of a rank and a space: longer the rarer, six letters or so on average. Returns at most 12. */
static size_t
add_word(char *to, unsigned rank)
{
	size_t len = 0;
	for (unsigned left = rank * 7 + 400; left > 0; left /= 9)
		to[len++] = "etaoinshr"[left % 9];
	to[len++] = ' ';
	return len;
}

static size_t
add_words(struct bench *b, char *to, size_t size, size_t count)
{
	size_t len = 0;
	for (size_t i = 0; i < count && len + 12 < size; i++) {
		double u = (double)(rng_next(&b->seed) >> 11) / 9007199254740992.0;
		/* Zipf: the rank is exponential in a uniform number */
		unsigned rank = (unsigned)exp(u * log(VOCABULARY));
		len += add_word(to + len, rank);
	}
	to[len] = '\0';
	return len;
}

static void
invent(struct bench *b, size_t batch)
{
	size_t n = b->polls_per_batch * ITEMS_PER_POLL;
	for (size_t i = 0; i < n; i++) {
		struct text *t = &b->texts[i];
		size_t number = batch * n + i;
		add_words(b, t->title, sizeof t->title, 10);
		add_words(b, t->body, 1000, 1000);
		snprintf(t->guid, sizeof t->guid, "https://example.org/item/%zu", number);
		snprintf(t->link, sizeof t->link, "https://example.org/2026/11/23/%zu-%.20s", number, t->title);
		b->feed_items[i] = (struct feed_item){.id = str_from(t->guid),
		    .link = str_from(t->link),
		    .title = str_from(t->title),
		    .summary_text = str_from(t->body),
		    .published_at = 1000,
		    .updated_at = TIME_NONE};
		b->sources[i] = (struct story_source){.guid = str_from(t->guid),
		    .link = str_from(t->link),
		    .title = str_from(t->title),
		    .text = str_from(t->body)};
	}
	if (story_identify(b->sources, n, b->identities) < 0)
		die("identities", "no memory");
}

static void
prepare_polls(struct bench *b, const struct store_feed *feeds, int64_t at)
{
	static const struct str watches[] = {STR_LIT("talks")};
	for (size_t p = 0; p < b->polls_per_batch; p++) {
		b->polls[p] = (struct store_poll){.feed_id = feeds[p].id,
		    .at = at,
		    .http_status = 200,
		    .complete = true,
		    .next_due_at = at + 900000,
		    .next_why = "interval",
		    .items = b->new_items + p * ITEMS_PER_POLL,
		    .item_count = ITEMS_PER_POLL};
		for (size_t i = p * ITEMS_PER_POLL; i < (p + 1) * ITEMS_PER_POLL; i++)
			b->new_items[i] = (struct store_new_item){.item = &b->feed_items[i],
			    .identity = &b->identities[i],
			    .matches = &b->matches,
			    .watches = watches,
			    .watch_count = 1};
	}
}

/* ---- the least ---- */

static int64_t
bare(struct bench *b)
{
	char path[128];
	sqlite3 *db;
	sqlite3_stmt *insert;
	int64_t used = 0;

	snprintf(path, sizeof path, "%s/bare.db", b->dir);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
	        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA "
	        "wal_autocheckpoint = 4096;"
	        "CREATE TABLE items(id INTEGER PRIMARY KEY, key TEXT UNIQUE, link TEXT, title TEXT, body TEXT)",
	        NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO items(key, link, title, body) VALUES(?, ?, ?, ?)", -1, &insert, NULL) !=
	        SQLITE_OK)
		die("bare", sqlite3_errmsg(db));
	b->seed = 1;
	for (size_t batch = 0; batch < b->batches; batch++) {
		invent(b, batch);
		int64_t start = cpu_us();
		sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
		for (size_t i = 0; i < b->polls_per_batch * ITEMS_PER_POLL; i++) {
			const struct text *t = &b->texts[i];
			sqlite3_bind_text(insert, 1, t->guid, -1, SQLITE_STATIC);
			sqlite3_bind_text(insert, 2, t->link, -1, SQLITE_STATIC);
			sqlite3_bind_text(insert, 3, t->title, -1, SQLITE_STATIC);
			sqlite3_bind_text(insert, 4, t->body, -1, SQLITE_STATIC);
			if (sqlite3_step(insert) != SQLITE_DONE)
				die("bare", sqlite3_errmsg(db));
			sqlite3_reset(insert);
		}
		if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
			die("bare", sqlite3_errmsg(db));
		used += cpu_us() - start;
	}
	sqlite3_finalize(insert);
	sqlite3_close(db);
	return used;
}

/* ---- the store ---- */

static int64_t
commit(struct bench *b)
{
	struct err err;
	int64_t start = cpu_us();
	if (store_commit_polls(b->store, b->polls, b->polls_per_batch, b->watchlist, &err) < 0)
		die("commit", err.msg);
	return cpu_us() - start;
}

/* As the daemon's thread does meanwhile: what is not indexed yet, a search would have to index itself. */
static int64_t
index_all(struct bench *b)
{
	struct err err;
	int64_t start = cpu_us();
	if (store_index_now(b->store, &err) < 0)
		die("index", err.msg);
	return cpu_us() - start;
}

static void
store_all(struct bench *b, int64_t *fresh, int64_t *known)
{
	struct store_feed *feeds;
	struct err err;
	struct store_feed_key *keys = need(calloc(b->polls_per_batch, sizeof *keys));
	for (size_t i = 0; i < b->polls_per_batch; i++)
		keys[i] = (struct store_feed_key){
		    arena_printf(&b->arena, "feed-%zu", i), STR_LIT("https://example.org/"), STR_NONE};
	if (store_open(b->path, STORE_WRITE, &b->store, &err) < 0 ||
	    store_sync_feeds(b->store, keys, b->polls_per_batch, 1000, &b->arena, &feeds, &err) < 0)
		die("open", err.msg);
	b->seed = 1;
	for (size_t batch = 0; batch < b->batches; batch++) {
		invent(b, batch);
		prepare_polls(b, feeds, 1000 + (int64_t)batch);
		*fresh += commit(b) + index_all(b);
		*known += commit(b);
	}
	free(keys);
}

static bool
count_item(void *ctx, const struct record *r)
{
	++*(size_t *)ctx;
	return r != NULL;
}

/* Mean time of a search for the newest 20, over words from frequent to rare. */
static void
search(struct bench *b, const char *name, struct store_query q, unsigned words)
{
	struct arena a;
	struct err err;
	char text[64];
	size_t found = 0, rounds = 200;

	arena_init(&a, 0);
	q.since_at = q.until_at = TIME_NONE;
	q.limit = 20;
	int64_t start = cpu_us();
	for (size_t i = 0; i < rounds; i++) {
		size_t len = 0;
		for (unsigned w = 0; w < words; w++) {
			unsigned rank = 1 + (unsigned)((i * 37 + w * 11) % 2000);
			len += add_word(text + len, rank);
		}
		q.text = (struct str){text, len};
		if (store_query(b->store, &q, &a, count_item, &found, &err) < 0)
			die("search", err.msg);
	}
	printf("store: %-28s %8.2f ms  (%.1f found)\n", name, (double)(cpu_us() - start) / 1000.0 / (double)rounds,
	    (double)found / (double)rounds);
	arena_done(&a);
}

static void
make_matches(struct bench *b)
{
	static const char *const names[] = {"putin", "zelenskiy", "nato"};
	struct watch_builder *w = need(watch_builder_new());
	struct watch_hit *hits = need(arena_zalloc(&b->arena, 3, sizeof *hits));
	struct err err;
	for (size_t i = 0; i < 3; i++) {
		struct str name = str_from(names[i]);
		if (watch_add(w, name, WATCH_PERSON, STR_LIT("und"), name, (struct watch_origin){STR_NONE, 0}, &err) < 0)
			die("watchlist", err.msg);
		struct watch_mention *m = need(arena_zalloc(&b->arena, 1, sizeof *m));
		*m = (struct watch_mention){
		    .field = WATCH_FIELD_SUMMARY, .start = 10, .end = 15, .name = name, .rule = "exact"};
		hits[i] = (struct watch_hit){.entity = i, .mentions = m, .mention_count = 1};
	}
	b->watchlist = need(watch_compile(w, &err));
	b->matches = (struct watch_result){.hits = hits, .hit_count = 3};
	watch_builder_free(w);
}

int
main(int argc, char **argv)
{
	struct bench b = {
	    .items = bench_argument(argc, argv, 1, 50000), .polls_per_batch = bench_argument(argc, argv, 2, 40)};
	const char *tmp = getenv("TMPDIR");
	size_t batch = b.polls_per_batch * ITEMS_PER_POLL;
	int64_t fresh = 0, known = 0;
	struct store_totals totals;

	arena_init(&b.arena, 0);
	b.batches = (b.items + batch - 1) / batch;
	b.items = b.batches * batch;
	b.texts = need(calloc(batch, sizeof *b.texts));
	b.feed_items = need(calloc(batch, sizeof *b.feed_items));
	b.identities = need(calloc(batch, sizeof *b.identities));
	b.sources = need(calloc(batch, sizeof *b.sources));
	b.new_items = need(calloc(batch, sizeof *b.new_items));
	b.polls = need(calloc(b.polls_per_batch, sizeof *b.polls));
	snprintf(b.dir, sizeof b.dir, "%.40s/bench-XXXXXX", tmp ? tmp : "/tmp");
	need(mkdtemp(b.dir));
	snprintf(b.path, sizeof b.path, "%s/store.db", b.dir);
	make_matches(&b);

	double least = (double)bare(&b) / (double)b.items;
	store_all(&b, &fresh, &known);
	double full = (double)fresh / (double)b.items;
	printf("store: %zu items in batches of %zu: bare insert %.1f us, store with index, evidence, identity %.1f us: "
	       "x %.2f\n",
	    b.items, batch, least, full, full / least);
	printf("store: known item again %.2f us: x %.3f of a new one\n", (double)known / (double)b.items,
	    (double)known / (double)fresh);
	search(&b, "newest 20 of a word", (struct store_query){0}, 1);
	search(&b, "newest 20 of two words", (struct store_query){0}, 2);
	search(&b, "newest 20 of word and actor", (struct store_query){.actor = STR_LIT("putin")}, 1);
	search(&b, "newest 20 of an actor", (struct store_query){.actor = STR_LIT("putin")}, 0);
	search(&b, "newest 20", (struct store_query){0}, 0);
	if (store_totals(b.store, &totals, NULL) == 0)
		printf("store: %.0f bytes on disk per item\n", (double)totals.size_bytes / (double)totals.items);
	store_close(b.store);
	watchlist_free(b.watchlist);
	bench_remove_dir(b.dir);
	arena_done(&b.arena);
	free(b.texts);
	free(b.feed_items);
	free(b.identities);
	free(b.sources);
	free(b.new_items);
	free(b.polls);
	return 0;
}
