#include "faultvfs.h"
#include "rng.h"
#include "store_rig.h"

#include "base/clock.h"
#include "store/db.h"
#include "store/index.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The full-text index beside the database: what a search finds must not depend on how far it has followed. */

static void
start(void)
{
	rig_setup();
	rig_open();
}

static void
follow(void)
{
	int rc = store_index_now(rig.s, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
}

static const char *
index_path(void)
{
	static char path[200];
	snprintf(path, sizeof path, "%s.words", rig.path);
	return path;
}

/* One number out of the index file. */
static int64_t
index_number(const char *sql)
{
	struct store *s = rig.s;
	char path[sizeof rig.path];
	memcpy(path, rig.path, sizeof path);
	int len = snprintf(rig.path, sizeof rig.path, "%s", index_path());
	ck_assert_int_lt(len, (int)sizeof rig.path);
	rig.s = NULL; /* rig_number opens rig.path */
	int64_t n = rig_number(sql);
	memcpy(rig.path, path, sizeof path);
	rig.s = s;
	return n;
}

static void
assert_found(const char *words, const char *titles)
{
	const struct store_query q = {.text = str_from(words), .since_at = TIME_NONE, .until_at = TIME_NONE};
	ck_assert_str_is(rig_titles(&q), titles);
}

START_TEST(test_what_is_new_is_found_at_once_and_later)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 1000, {"1", NULL, "One", "wheat", NULL}, {"2", NULL, "Two", "wheat barley", NULL});
	ck_assert_uint_eq(store_unindexed(rig.s), 3); /* and who knows what before */
	assert_found("wheat", "Two|One");
	follow();
	assert_found("wheat", "Two|One");
	assert_found("barley", "Two");
	ck_assert_int_eq(index_number("SELECT item FROM cover"), 2);
	RIG_POLL(feed, 2000, {"3", NULL, "Three", "wheat", NULL}, {"4", NULL, "Four", "oats", NULL});
	assert_found("wheat", "Three|Two|One");
	assert_found("oats", "Four");
	assert_found("wheat oats", "");
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
	rig_check_invariants();
}
END_TEST

START_TEST(test_a_search_says_when_it_looked_at_the_newest_alone)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 1000, {"1", NULL, "One", "wheat", NULL}, {"2", NULL, "Two", "wheat", NULL},
	    {"3", NULL, "Three", "wheat", NULL});
	assert_found("wheat", "Three|Two|One");
	ck_assert(!store_query_cut(rig.s));
	rig.s->tail_max = 2;
	assert_found("wheat", "Three|Two");
	ck_assert(store_query_cut(rig.s));
	follow();
	assert_found("wheat", "Three|Two|One");
	ck_assert(!store_query_cut(rig.s));
}
END_TEST

START_TEST(test_both_sides_are_walked_in_one_order)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 1000, {"1", NULL, "One", "wheat Putin", "desk"}, {"2", NULL, "Two", "wheat", NULL},
	    {"3", NULL, "Three", "wheat Putin", "desk"});
	follow();
	RIG_POLL(feed, 2000, {"2", NULL, "Two", "wheat again", NULL}, {"4", NULL, "Four", "wheat Putin", "desk"});
	struct store_query q = {.text = STR_LIT("wheat"), .since_at = TIME_NONE, .until_at = TIME_NONE};
	ck_assert_str_is(rig_titles(&q), "Four|Three|Two|One");
	q.oldest_first = true;
	ck_assert_str_is(rig_titles(&q), "One|Two|Three|Four");
	q.limit = 3;
	ck_assert_str_is(rig_titles(&q), "One|Two|Three");
	q.oldest_first = false;
	ck_assert_str_is(rig_titles(&q), "Four|Three|Two");
	q.limit = 0;
	q.after_id = 2;
	ck_assert_str_is(rig_titles(&q), "Four|Three");
	q.after_id = 0;
	q.actor = STR_LIT("putin"); /* its items are walked, not those of the word */
	ck_assert_str_is(rig_titles(&q), "Four|Three|One");
	q.text = STR_LIT("again");
	ck_assert_str_is(rig_titles(&q), "");
	q.actor = STR_NONE;
	ck_assert_str_is(rig_titles(&q), "Two");
}
END_TEST

START_TEST(test_what_was_edited_is_found_by_its_new_words_alone)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 1000, {"1", NULL, "One", "wheat", NULL});
	follow();
	for (int i = 0; i < 3; i++) { /* without the index, then with it */
		const char *text[] = {"barley", "oats", "rye"};
		RIG_POLL(feed, 2000 + i, {"1", NULL, "One", text[i], NULL});
		assert_found("wheat", "");
		assert_found(text[i], "One");
	}
	follow();
	assert_found("wheat", "");
	assert_found("oats", "");
	assert_found("rye", "One");
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
	/* what the index has followed is forgotten with the next edit */
	RIG_POLL(feed, 3000, {"1", NULL, "One", "spelt", NULL});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM reworded"), 1);
	rig_check_invariants();
}
END_TEST

START_TEST(test_a_reader_needs_no_index)
{
	struct store *writer = rig.s;
	RIG_POLL(rig_feed("a"), 1000, {"1", NULL, "One", "wheat", NULL});
	ck_assert_int_eq(store_open(rig.path, STORE_READ, &rig.s, &rig.err), 0);
	assert_found("wheat", "One");
	ck_assert_int_ne(access(index_path(), F_OK), 0);
	ck_assert_int_eq(store_index_now(writer, &rig.err), 0); /* it is there from now on */
	assert_found("wheat", "One");
	ck_assert_int_eq(unlink(index_path()), 0);
	assert_found("wheat", "One");
	ck_assert_int_eq(store_index_now(writer, &rig.err), 0); /* and is another one */
	assert_found("wheat", "One");
	ck_assert_int_eq(index_number("SELECT item FROM cover"), 1);
	store_close(rig.s);
	rig.s = writer;
}
END_TEST

static void
overwrite(const char *with)
{
	FILE *f = fopen(index_path(), "w");
	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < 4096; i++)
		fputs(with, f);
	fclose(f);
}

START_TEST(test_a_damaged_index_is_made_again)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 1000, {"1", NULL, "One", "wheat", NULL});
	follow();
	rig_reopen();
	overwrite("damaged ");
	assert_found("wheat", "One");
	follow();
	assert_found("wheat", "One");
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
	ck_assert_int_eq(index_number("SELECT item FROM cover"), 1);
}
END_TEST

/* A backup was put in the place of the database: its numbers mean other items. */
START_TEST(test_the_index_of_another_database_is_made_again)
{
	RIG_POLL(rig_feed("a"), 1000, {"1", NULL, "One", "wheat", NULL}, {"2", NULL, "Two", "wheat", NULL});
	follow();
	store_close(rig.s);
	char wal[220];
	ck_assert_int_eq(unlink(rig.path), 0);
	snprintf(wal, sizeof wal, "%s-wal", rig.path);
	ck_assert_int_eq(unlink(wal), 0);
	rig_open();
	RIG_POLL(rig_feed("a"), 1000, {"1", NULL, "Other", "barley", NULL}, {"2", NULL, "Others", "barley", NULL});
	assert_found("wheat", "");
	assert_found("barley", "Others|Other");
	follow();
	assert_found("wheat", "");
	assert_found("barley", "Others|Other");
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
}
END_TEST

START_TEST(test_the_thread_follows_when_it_is_asked_to)
{
	RIG_POLL(rig_feed("a"), 1000, {"1", NULL, "One", "wheat", NULL});
	store_index(rig.s);
	while (store_indexing(rig.s))
		sched_yield();
	ck_assert_int_eq(index_number("SELECT item FROM cover"), 1);
	ck_assert_uint_eq(store_unindexed(rig.s), 0);
	ck_assert_int_eq(store_index_result(rig.s, &rig.err), 0);
	assert_found("wheat", "One");
}
END_TEST

/* ---- whatever happens, it finds what has the words ---- */

#define ITEMS 40
#define VOCABULARY 12

static struct model {
	bool there;
	unsigned words; /* a bit for each */
} model[ITEMS];

static const char *
text_of(unsigned words)
{
	struct str text = STR_LIT("x");
	for (unsigned w = 0; w < VOCABULARY; w++) {
		if (words & 1u << w)
			text = arena_printf(&rig.arena, "%.*s word%u", STR_ARG(text), w);
	}
	return text.s;
}

static void
check_model(void)
{
	for (unsigned w = 0; w < VOCABULARY; w++) {
		struct str want = STR_LIT("");
		for (unsigned i = ITEMS; i-- > 0;) {
			if (model[i].there && model[i].words & 1u << w)
				want = arena_printf(&rig.arena, "%.*s%s%u", STR_ARG(want), want.len > 0 ? "|" : "", i);
		}
		char word[16];
		snprintf(word, sizeof word, "word%u", w);
		assert_found(word, want.s);
	}
}

static void
put(int64_t feed, unsigned i, unsigned words)
{
	static int64_t at = 1000;
	const char *name = arena_printf(&rig.arena, "%u", i).s;
	model[i] = (struct model){true, words};
	RIG_POLL(feed, at++, {name, NULL, name, text_of(words), NULL});
}

/* The oldest of what is there. */
static void
remove_first(void)
{
	struct store_keep keep = {.slice = 1};
	struct store_purged now;
	unsigned left = 0, i = 0;
	for (unsigned k = 0; k < ITEMS; k++)
		left += model[k].there;
	while (i < ITEMS && !model[i].there)
		i++;
	if (left < 2)
		return;
	keep.unmatched.max = left - 1;
	ck_assert_int_eq(store_purge(rig.s, &keep, 100 * DAY_MS, &now, &rig.err), 0);
	ck_assert_int_eq(now.items, 1);
	model[i].there = false;
}

/* New items are given to FTS5 one by one, or written as pieces. */
static void
choose_pieces(bool on)
{
	index_set_piece_items(rig.s->index, on ? 1 : 100);
}

/* What we do not know to the last byte we do not touch: FTS5 is given the items one by one, and reads past what it does not know. */
START_TEST(test_what_is_not_known_is_left_to_fts5)
{
	static const char length[] = "SELECT length(block) FROM words_data WHERE id = 1",
	                  sum[] = "SELECT count(DISTINCT segid) FROM words_idx";
	int64_t feed = rig_feed("a");
	sqlite3 *db;
	choose_pieces(true);
	RIG_POLL(feed, 1000, {"1", NULL, "One", "wheat", NULL});
	follow();
	ck_assert_int_eq(index_number(sum), 1);
	int64_t before = index_number(length);
	ck_assert_int_eq(sqlite3_open(index_path(), &db), SQLITE_OK);
	ck_assert_int_eq(
	    sqlite3_exec(db, "UPDATE words_data SET block = block || x'00' WHERE id = 1", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	RIG_POLL(feed, 2000, {"2", NULL, "Two", "wheat barley", NULL});
	follow();
	ck_assert_int_eq(index_number(length), before); /* which FTS5 has written anew */
	ck_assert_int_eq(index_number(sum), 2);
	ck_assert_int_eq(index_number("SELECT item FROM cover"), 2);
	RIG_POLL(feed, 3000, {"1", NULL, "One", "oats", NULL}, {"3", NULL, "Three", "wheat", NULL});
	follow();
	assert_found("wheat", "Three|Two");
	assert_found("oats", "One");
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
}
END_TEST

START_TEST(test_random_histories)
{
	uint64_t dice = 77 + (uint64_t)_i;
	unsigned next = 0;
	int64_t feed = rig_feed("a");
	memset(model, 0, sizeof model);
	choose_pieces(_i % 2 != 0);
	for (int round = 0; round < 150; round++) {
		unsigned words = (unsigned)rng_below(&dice, 1u << VOCABULARY), what = (unsigned)rng_below(&dice, 10);
		unsigned i = (unsigned)rng_below(&dice, next + 1);
		if (what < 3 && next < ITEMS)
			put(feed, next++, words);
		else if (what < 7 && i < next && model[i].there)
			put(feed, i, words);
		else if (what == 7)
			remove_first();
		else if (what == 8)
			follow();
		else if (what == 9 && round % 3 == 0)
			rig_reopen();
		choose_pieces(_i == 4 ? rng_below(&dice, 2) != 0 : _i % 2 != 0);
		if (round % 10 == 9)
			check_model();
	}
	follow();
	check_model();
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
	rig_check_invariants();
}
END_TEST

/* Every operation on the disk fails once, or from then on: the next time it goes on, and nothing is missing. */
START_TEST(test_a_disk_that_fails)
{
	const bool later = _i % 2 != 0;
	const enum fault fault = _i % 4 < 2 ? FAULT_IO : FAULT_FULL;
	int64_t feed = rig_feed("a");
	int fired = 0;
	store_close(rig.s);
	faultvfs_register();
	rig_open();
	choose_pieces(_i >= 4);
	memset(model, 0, sizeof model);
	for (unsigned i = 0; i < 5; i++)
		put(feed, i, 1u << i);
	for (unsigned n = 1; n <= 60; n++) {
		put(feed, n % 5, n);
		if (n % 2 == 0) /* as it is made, and as it goes on */
			unlink(index_path());
		faultvfs_arm(fault, n / 2, later);
		int rc = store_index_now(rig.s, &rig.err);
		bool now = faultvfs_fired();
		ck_assert_msg(rc == 0 || now, "%s", rc < 0 ? rig.err.msg : "");
		fired += now;
		check_model();
		follow();
		check_model();
	}
	ck_assert_int_gt(fired, 20);
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
}
END_TEST

/* ---- kills ---- */

#define NEW_ITEMS 8u

/* With so many words that a piece has several leaves. */
static void
put_many(int64_t feed, long n)
{
	struct draft drafts[NEW_ITEMS];
	uint64_t dice = (uint64_t)n;
	for (unsigned i = 0; i < NEW_ITEMS; i++) {
		struct buf text;
		buf_init(&text, 0);
		buf_printf(&text, "every round%ld", n);
		for (int k = 0; k < 400; k++)
			buf_printf(&text, " w%llx", (unsigned long long)rng_below(&dice, 1u << 20));
		drafts[i] = (struct draft){.guid = arena_printf(&rig.arena, "%ld-%u", n, i).s,
		    .title = "One",
		    .text = arena_str(&rig.arena, buf_view(&text)).s,
		    .sinks = ""};
		buf_done(&text);
	}
	rig_poll(feed, 1000 + n, drafts, NEW_ITEMS);
}

static bool
count_one(void *ctx, const struct record *r)
{
	++*(long *)ctx;
	return r != NULL;
}

static long
count_found(const char *word)
{
	const struct store_query q = {
	    .text = str_from(word), .since_at = TIME_NONE, .until_at = TIME_NONE, .limit = 5000};
	struct arena a;
	long n = 0;
	arena_init(&a, 0);
	int rc = store_query(rig.s, &q, &a, count_one, &n, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
	arena_done(&a);
	return n;
}

/* A process follows and is killed at the nth operation on the disk; whether there was one. */
static bool
killed_at(long n, bool pieces)
{
	int status;
	store_close(rig.s);
	rig.s = NULL;
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		if (store_open(rig.path, STORE_WRITE, &rig.s, &rig.err) < 0)
			_exit(2);
		choose_pieces(pieces);
		faultvfs_arm(FAULT_KILL, n, false);
		_exit(store_index_now(rig.s, &rig.err) < 0 ? 3 : 0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFSIGNALED(status) || WEXITSTATUS(status) == 0, "the child failed with %d", WEXITSTATUS(status));
	rig_open();
	choose_pieces(pieces);
	return WIFSIGNALED(status);
}

static void
assert_all_found(long n)
{
	ck_assert_int_eq(count_found("every"), n * NEW_ITEMS);
	ck_assert_int_eq(count_found(arena_printf(&rig.arena, "round%ld", n).s), NEW_ITEMS);
	ck_assert_int_eq(count_found(arena_printf(&rig.arena, "round%ld", (n + 1) / 2).s), NEW_ITEMS);
}

/* The index is as it was or as it was to be: a search finds all, and so does the index when it has followed. */
static void
assert_whole(long n)
{
	assert_all_found(n);
	follow();
	assert_all_found(n);
	ck_assert_int_eq(index_number("SELECT item FROM cover"), n * NEW_ITEMS);
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
}

START_TEST(test_a_kill_at_every_operation_on_the_disk)
{
	const bool pieces = _i % 2 != 0, anew = _i >= 2;
	int64_t feed = rig_feed("a");
	long n = 0, rounds = 0;
	store_close(rig.s);
	faultvfs_register();
	rig_open();
	for (bool killed = true; killed;) {
		ck_assert_int_lt(++n, 500);
		if (n == 1 || !anew)
			put_many(feed, ++rounds);
		if (anew)
			unlink(index_path());
		killed = killed_at(n, pieces);
		assert_whole(rounds);
		arena_reset(&rig.arena);
	}
	ck_assert_int_gt(n, 15);
	rig_check_invariants();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, start, rig_teardown);
	tcase_add_test(tc, test_what_is_new_is_found_at_once_and_later);
	tcase_add_test(tc, test_a_search_says_when_it_looked_at_the_newest_alone);
	tcase_add_test(tc, test_both_sides_are_walked_in_one_order);
	tcase_add_test(tc, test_what_was_edited_is_found_by_its_new_words_alone);
	tcase_add_test(tc, test_a_reader_needs_no_index);
	tcase_add_test(tc, test_a_damaged_index_is_made_again);
	tcase_add_test(tc, test_the_index_of_another_database_is_made_again);
	tcase_add_test(tc, test_the_thread_follows_when_it_is_asked_to);
	tcase_add_test(tc, test_what_is_not_known_is_left_to_fts5);
	tcase_add_loop_test(tc, test_random_histories, 0, 5);
	tcase_add_loop_test(tc, test_a_disk_that_fails, 0, 8);
	tcase_add_loop_test(tc, test_a_kill_at_every_operation_on_the_disk, 0, 4);
}

int
main(void)
{
	return tap_run("store/index", suite);
}
