/*
 * How long a decision about a new item takes among those that are stored: is it known (by its key, its link, its page), is it
 * a copy, which story does it belong to. On the store's own tables, with what it asks of them, and the window filled from
 * them as at a start: percentiles of processor time beside the limit, and the window's memory for each item.
 *   bench_story [ITEMS [DIR]]
 * Without ITEMS, ten and a hundred thousand. A database in DIR is kept, and used again; a million items take minutes to make.
 */
#include "store/db.h"
#include "store/items.h"
#include "store/pages.h"

#include "../unit/rng.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define VOCABULARY 200000u
#define ENTITIES 3000u
#define FEEDS 5000u
#define WORDS 120
#define TITLE 9
#define MEASURED 20000
#define LIMIT_US 500.0
#define APART_MS 300

struct text { /* as words, by rank */
	uint32_t words[WORDS], title[TITLE], entities[6];
	size_t entity_count;
	bool copy;
};

struct bench {
	struct store *s;
	sqlite3_stmt *item, *sighting, *story, *placed;
	struct story_window *window;
	struct arena arena;
	uint64_t seed;
	struct text last[1000];      /* to make copies of */
	size_t copies, found, wrong; /* copies that were made, and found; and others that were taken for copies */
};

static void
must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench_story: %s\n", what);
	exit(1);
}

static double
microseconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* ---- items ---- */

/* With a long tail: few are frequent, and one of them in two hundred thousand stands in every 7000th text. */
static uint32_t
rank_below(struct bench *b, uint32_t count)
{
	double u = (double)rng_below(&b->seed, 1u << 30) / (1u << 30);
	return (uint32_t)((double)count * u * u * u * u);
}

/* Every fourth is a copy of one of the last thousand, under another title and with some words changed. */
static const struct text *
invent(struct bench *b, size_t number)
{
	struct text *t = &b->last[number % 1000];
	bool copy = number >= 1000 && rng_below(&b->seed, 4) == 0;
	if (copy)
		*t = b->last[rng_below(&b->seed, 1000)];
	else
		t->entity_count = rng_below(&b->seed, 6);
	t->copy = copy;
	for (size_t i = 0; i < WORDS; i++) {
		if (!copy || rng_below(&b->seed, 12) == 0)
			t->words[i] = rank_below(b, VOCABULARY);
	}
	for (size_t i = 0; i < TITLE; i++)
		t->title[i] = rank_below(b, VOCABULARY);
	for (size_t i = 0; !copy && i < t->entity_count; i++)
		t->entities[i] = rank_below(b, ENTITIES) * 2654435761u;
	return t;
}

/* Words of two to four syllables, as many different pieces in them as in a language; every twelfth is a number. */
static size_t
spell_word(uint32_t rank, char *out, size_t size)
{
	static const char first[32][3] = {"b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "j",
	    "z", "br", "ch", "dr", "fl", "gr", "kl", "pr", "sh", "st", "tr", "bl", "kr", "pl", "sk", "sp", "th"};
	static const char vowels[] = "aeiouaei", last[] = "\0\0\0nrslt";
	uint32_t h = rank * 2654435761u;
	size_t n = 0;
	h ^= h >> 15;
	if (rank % 12 == 7)
		return (size_t)snprintf(out, size, "%u ", h % 1000000);
	for (unsigned left = 2 + h % 3; left > 0; left--) {
		h = h * 2246822519u + 1013904223u;
		n += (size_t)snprintf(out + n, size - n, "%s%c", first[h >> 27], vowels[h >> 24 & 7]);
		if (last[h >> 21 & 7] != '\0')
			out[n++] = last[h >> 21 & 7];
	}
	out[n++] = ' ';
	return n;
}

static size_t
spell(const uint32_t *words, size_t count, char *out, size_t size)
{
	size_t n = 0;
	for (size_t i = 0; i < count && n + 32 < size; i++)
		n += spell_word(words[i], out + n, size - n);
	out[n] = '\0';
	return n;
}

struct made {
	struct story_features features;
	struct str title, text, feed;
	struct store_new_item item;
	struct story_identity identity;
	struct feed_item of_feed;
	int64_t feed_id;
};

static void
make(struct bench *b, const struct text *t, size_t number, struct made *out)
{
	static char title[400], text[4000], feed[16], guid[32], link[64];
	struct err err;
	memset(out, 0, sizeof *out);
	out->title = (struct str){title, spell(t->title, TITLE, title, sizeof title)};
	out->text = (struct str){text, spell(t->words, WORDS, text, sizeof text)};
	out->feed_id = (int64_t)rng_below(&b->seed, FEEDS) + 1;
	out->feed = (struct str){feed, (size_t)snprintf(feed, sizeof feed, "f%d", (int)out->feed_id)};
	struct story_source source = {.guid = {guid, (size_t)snprintf(guid, sizeof guid, "tag:%zu", number)},
	    .link = {link, (size_t)snprintf(link, sizeof link, "https://s%d.example/%zu", (int)out->feed_id, number)},
	    .title = out->title,
	    .text = out->text};
	must(story_identify(&source, 1, &out->identity) == 0, "identity");
	struct story_text features = {out->title, out->text};
	must(story_features(&features, &b->arena, &out->features, &err) == 0, "features");
	out->of_feed.title = out->title;
	out->item =
	    (struct store_new_item){.item = &out->of_feed, .identity = &out->identity, .key = out->identity.key};
}

/* ---- the store ---- */

static sqlite3_stmt *
prepare(struct bench *b, const char *sql)
{
	sqlite3_stmt *stmt;
	must(sqlite3_prepare_v2(b->s->db, sql, -1, &stmt, NULL) == SQLITE_OK, sqlite3_errmsg(b->s->db));
	return stmt;
}

static void
run(struct bench *b, const char *sql)
{
	must(sqlite3_exec(b->s->db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(b->s->db));
}

static void
step(sqlite3_stmt *stmt)
{
	must(sqlite3_step(stmt) == SQLITE_DONE, "insert");
	sqlite3_reset(stmt);
}

static void
bind_hash(sqlite3_stmt *stmt, int at, struct hash128 h)
{
	unsigned char bytes[16];
	hash128_bytes(h, bytes);
	sqlite3_bind_blob(stmt, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

/* Writes it as a story of its own: which one it is makes no difference to what is measured. */
static void
put(struct bench *b, int64_t id, const struct made *m, struct str signature)
{
	sqlite3_bind_int64(b->item, 1, id);
	sqlite3_bind_int64(b->item, 2, m->feed_id);
	sqlite3_bind_int64(b->item, 3, id * APART_MS);
	bind_hash(b->item, 4, m->identity.alias);
	sqlite3_bind_text(b->item, 5, m->title.s, (int)m->title.len, SQLITE_STATIC);
	step(b->item);
	sqlite3_bind_int64(b->sighting, 1, m->feed_id);
	bind_hash(b->sighting, 2, m->identity.key);
	sqlite3_bind_int64(b->sighting, 3, id);
	bind_hash(b->sighting, 4, m->identity.content);
	step(b->sighting);
	sqlite3_bind_int64(b->story, 1, id);
	step(b->story);
	sqlite3_bind_int64(b->placed, 1, id);
	sqlite3_bind_blob(b->placed, 2, signature.s, (int)signature.len, SQLITE_STATIC);
	step(b->placed);
}

static void
prepare_all(struct bench *b)
{
	b->item = prepare(b, "INSERT INTO items(id, feed_id, first_seen_at, alias, title, matched, severity)"
	                     " VALUES(?, ?, ?, ?, ?, 0, 0)");
	b->sighting =
	    prepare(b, "INSERT INTO sightings(feed_id, key, item_id, content, seen_at) VALUES(?, ?, ?, ?, 0)");
	b->story = prepare(b, "INSERT INTO stories(id, first_at, last_at, headline_id, source_count, item_count)"
	                      " VALUES(?1, 0, 0, ?1, 1, 1)");
	b->placed =
	    prepare(b, "INSERT INTO story_items(item_id, story_id, weight, nth, signature) VALUES(?1, ?1, 0, 1, ?2)");
}

static void
finish_all(struct bench *b)
{
	sqlite3_finalize(b->item);
	sqlite3_finalize(b->sighting);
	sqlite3_finalize(b->story);
	sqlite3_finalize(b->placed);
}

static void
fill(struct bench *b, size_t items)
{
	static const struct story_cut whole;
	struct story_signature s;
	struct made m;
	struct err err;
	run(b, "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA wal_autocheckpoint = 100000; BEGIN");
	for (unsigned i = 1; i <= FEEDS; i++) {
		char sql[128];
		snprintf(sql, sizeof sql,
		    "INSERT INTO feeds(id, key, url, configured, added_at) VALUES(%u, 'f%u', '', 0, 0)", i, i);
		run(b, sql);
	}
	for (size_t i = 0; i < items; i++) {
		const struct text *t = invent(b, i);
		arena_reset(&b->arena);
		make(b, t, i, &m);
		must(story_signature_make(&m.features, &whole, t->entities, t->entity_count, &b->arena, &s, &err) == 0,
		    "signature");
		put(b, (int64_t)i + 1, &m, story_signature_pack(&s, &b->arena));
		if (i % 50000 == 49999)
			run(b, "COMMIT; BEGIN");
	}
	run(b, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

/* Which texts went before, when they are stored already: what follows may be copies of them. */
static void
recall(struct bench *b, size_t items)
{
	for (size_t i = 0; i < items; i++) {
		invent(b, i);
		rng_below(&b->seed, FEEDS);
	}
}

/* ---- decisions ---- */

static void
ask(struct item_context *ctx, enum sql_id what, int64_t feed, struct hash128 h)
{
	unsigned char bytes[16];
	struct err err;
	struct call c = call_begin(ctx->s, what);
	hash128_bytes(h, bytes);
	if (feed != 0)
		call_int(&c, feed);
	call_blob(&c, (struct str){(char *)bytes, sizeof bytes});
	must(call_row(&c, &err) == 0, "an item that is new is known");
	call_end(&c);
}

/* What store/guard.c and store/items.c ask before an item is taken for new. */
static void
identify(struct item_context *ctx, const struct store_new_item *item)
{
	struct page_found found;
	struct err err;
	ask(ctx, SQL_SIGHTING_FIND, ctx->poll->feed_id, item->key);
	ask(ctx, SQL_SIGHTING_FIND, ctx->poll->feed_id, item->key);
	must(pages_find(ctx, item, &found, &err) == 0 && !found.any, "a page that is new is known");
}

/* As items_store and stories_place do, without what they write. */
static double
decide(struct bench *b, size_t number)
{
	struct made m;
	struct story_place p;
	struct err err;
	const struct text *t = invent(b, number);

	arena_reset(&b->arena);
	make(b, t, number, &m);
	struct store_poll poll = {.feed_id = m.feed_id, .at = (int64_t)(number + 1) * APART_MS};
	struct item_context ctx = {.s = b->s, .poll = &poll, .feed_key = m.feed, .scratch = &b->arena};
	struct story_arrival a = {.feed = m.feed,
	    .features = &m.features,
	    .at = poll.at,
	    .entities = t->entities,
	    .entity_count = t->entity_count,
	    .item = (int64_t)number + 1};
	double start = microseconds();
	identify(&ctx, &m.item);
	must(story_window_add(b->window, &a, &p, &err) == 0, "window");
	double took = microseconds() - start;
	bool found = p.duplicate_of != STORY_NONE;
	b->copies += t->copy;
	b->found += t->copy && found;
	b->wrong += !t->copy && found;
	put(b, (int64_t)number + 1, &m, story_signature_pack(&p.signature, &b->arena));
	return took;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void
measure(struct bench *b, size_t items)
{
	static double took[MEASURED];
	size_t bytes = story_window_bytes(b->window);
	run(b, "BEGIN");
	for (size_t i = 0; i < MEASURED; i++)
		took[i] = decide(b, items + i);
	run(b, "ROLLBACK");
	qsort(took, MEASURED, sizeof *took, compare);
	printf("story: %zu stored items: a decision (identity, copy, story) takes %.0f µs of processor time in the "
	       "median, %.0f"
	       " at the 99th percentile (%.2f of the limit), %.0f at the 99.9th, %.0f at most; %.0f bytes of memory "
	       "for each"
	       " item and %.1f MB once\n",
	    items, took[MEASURED / 2], took[MEASURED * 99 / 100], took[MEASURED * 99 / 100] / LIMIT_US,
	    took[MEASURED * 999 / 1000], took[MEASURED - 1],
	    (double)(bytes - story_window_bytes_once()) / (double)items, (double)story_window_bytes_once() / 1e6);
	printf("story: %zu stored items: %.1f %% of %zu copies are found, and %zu of %zu others are taken for one\n",
	    items, 100.0 * (double)b->found / (double)b->copies, b->copies, b->wrong, MEASURED - b->copies);
}

static void
bench(size_t items, const char *dir)
{
	static struct bench b;
	struct story_window_options options = {.max_items = items, .fetch = store_fetch_signature};
	struct err err;
	char path[4096];

	b = (struct bench){.seed = 1};
	snprintf(path, sizeof path, "%s/bench_story.%zu.db", dir != NULL ? dir : ".", items);
	bool made = dir != NULL && access(path, R_OK) == 0;
	must(store_open(path, STORE_WRITE, &b.s, &err) == 0, err.msg);
	arena_init(&b.arena, 0);
	prepare_all(&b);
	if (made)
		recall(&b, items);
	else
		fill(&b, items);
	finish_all(&b);
	store_close(b.s); /* with the settings of a daemon again */
	must(store_open(path, STORE_WRITE, &b.s, &err) == 0, err.msg);
	prepare_all(&b);
	b.seed = items + 1;
	options.ctx = b.s;
	b.window = story_window_new(&options);
	must(b.window != NULL, "memory");
	double start = microseconds();
	must(store_use_window(b.s, b.window, 0, false, &err) == 0, err.msg);
	printf("story: %zu stored items: the window is filled in %.1f s of processor time\n", items,
	    (microseconds() - start) / 1e6);
	measure(&b, items);
	finish_all(&b);
	store_close(b.s);
	story_window_free(b.window);
	arena_done(&b.arena);
	if (dir == NULL)
		unlink(path);
}

int
main(int argc, char **argv)
{
	if (argc > 1) {
		bench((size_t)strtoull(argv[1], NULL, 10), argc > 2 ? argv[2] : NULL);
	} else {
		bench(10000, NULL);
		bench(100000, NULL);
	}
	return 0;
}
