#include "failing_alloc.h"
#include "store_rig.h"

#include <sqlite3.h>
#include <unistd.h>

/* Every allocation fails in turn, SQLite's own too: a clean error, nothing half done, nothing leaked, and the same
 * call works afterwards. Later failures are sampled, since one run has some thousand allocations. */

/* SQLite's memory through the counted malloc of this program; the size stands before the block. */
static void *
mem_malloc(int n)
{
	size_t *p = malloc((size_t)n + 16);
	if (p == NULL)
		return NULL;
	*p = (size_t)n;
	return p + 2;
}

static void
mem_free(void *p)
{
	free((size_t *)p - 2);
}

static void *
mem_realloc(void *p, int n)
{
	size_t *q = realloc((size_t *)p - 2, (size_t)n + 16);
	if (q == NULL)
		return NULL;
	*q = (size_t)n;
	return q + 2;
}

static int
mem_size(void *p)
{
	return p == NULL ? 0 : (int)((size_t *)p)[-2];
}

static int
mem_round(int n)
{
	return (n + 7) & ~7;
}

static int
mem_init(void *ctx)
{
	return SQLITE_OK;
}

static void
mem_shutdown(void *ctx)
{
}

static const sqlite3_mem_methods memory = {
    mem_malloc, mem_free, mem_realloc, mem_size, mem_round, mem_init, mem_shutdown, NULL};

static void
start(void)
{
	sqlite3_shutdown();
	ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &memory), SQLITE_OK);
	rig_setup();
}

static void
stop(void)
{
	rig_teardown();
	rig.s = NULL;
	ck_assert_int_eq(sqlite3_memory_used(), 0);
}

static long
next(long n)
{
	return n < 100 ? n + 1 : n + n / 40;
}

static void
out_of_memory(int rc)
{
	ck_assert_int_eq(rc, -1);
	ck_assert_msg(rig.err.code == ERR_NO_MEMORY, "%s: %s", err_word(rig.err.code), rig.err.msg);
}

START_TEST(test_opening)
{
	bool fired = true;
	for (long n = 1; fired; n = next(n)) {
		failing_alloc_arm(n, _i);
		int rc = store_open(rig.path, STORE_WRITE, &rig.s, &rig.err);
		fired = failing_alloc_fired();
		if (rc < 0)
			out_of_memory(rc);
		ck_assert(rc == 0 || fired);
		store_close(rig.s);
		rig.s = NULL;
	}
	rig_open();
	rig_check_invariants();
}
END_TEST

static const struct draft drafts[] = {
    {"1", "https://example.org/1", "Putin and Zelenskiy", "a grain deal", "desk phone"},
    {"2", NULL, "北京", "Putin again", "desk"}};

static void
commit_all(const char *text, bool and_later)
{
	bool fired = true;
	int64_t at = 5000, feed = rig_feed("a");
	for (long n = 1; fired; n = next(n), at++) {
		struct draft mine[2] = {drafts[0], drafts[1]};
		mine[0].guid = arena_printf(&rig.arena, "g%ld", n).s;
		mine[0].link = NULL;
		mine[0].text = text;
		mine[1].title = n % 2 ? "北京" : "上海"; /* an edit */
		rig_draft(feed, at, mine, 2);
		int64_t items = rig_number("SELECT count(*) FROM items");
		failing_alloc_arm(n, and_later);
		int rc = rig_commit();
		fired = failing_alloc_fired();
		ck_assert(rc == 0 || fired);
		if (rc < 0) {
			out_of_memory(rc);
			ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), items);
			ck_assert_int_eq(rig_commit(), 0);
		}
		ck_assert(rig.items[0].is_new);
	}
	rig_check_invariants();
}

START_TEST(test_committing)
{
	rig_open();
	commit_all(drafts[0].text, _i);
}
END_TEST

/* Alone and by a thread. */
START_TEST(test_looking_for_stories)
{
	rig_open();
	rig.threaded = _i / 2 != 0;
	rig_use_window();
	commit_all("The ferry from Sund ran aground off Tarvik in thick fog on Tuesday with two hundred people and a "
	           "cargo of grain aboard; the coastguard took all of them off by noon.",
	    _i % 2);
	ck_assert_int_gt(rig_number("SELECT count(*) FROM story_items WHERE duplicate_of IS NOT NULL"), 10);
}
END_TEST

static bool
count_record(void *ctx, const struct record *r)
{
	++*(int *)ctx;
	return true;
}

START_TEST(test_asking)
{
	struct arena a;
	struct store_query q = {
	    .text = STR_LIT("putin 北京"), .actor = STR_LIT("putin"), .since_at = 1, .until_at = TIME_NONE};
	bool fired = true;
	rig_open();
	rig_poll(rig_feed("a"), 5000, drafts, 2);
	arena_init(&a, 0);
	for (long n = 1; fired; n = next(n)) {
		int found = 0;
		arena_done(&a);
		failing_alloc_arm(n, _i);
		int rc = store_query(rig.s, &q, &a, count_record, &found, &rig.err);
		fired = failing_alloc_fired();
		if (rc < 0)
			out_of_memory(rc);
		else
			ck_assert_int_eq(found, 1);
	}
	arena_done(&a);
}
END_TEST

START_TEST(test_delivering)
{
	bool fired = true;
	rig_open();
	rig_poll(rig_feed("a"), 5000, drafts, 2);
	for (long n = 1; fired; n = next(n)) {
		struct arena a;
		struct notification *rows;
		struct store_feed *feeds;
		struct store_outbox_counts counts;
		size_t count = 0, feed_count;
		arena_init(&a, 0);
		failing_alloc_arm(n, _i);
		int rc = store_outbox_take(rig.s, STR_NONE, 9000, 10, &a, &rows, &count, &rig.err);
		struct store_delivery back = {.row = rc == 0 ? rows[0].row : 0,
		    .outcome = STORE_RETRY,
		    .error_text = STR_LIT("later"),
		    .at = 9000};
		if (rc == 0)
			rc = store_outbox_finish(rig.s, &back, 1, &rig.err);
		if (rc == 0)
			rc = store_outbox_counts(rig.s, &counts, &rig.err);
		if (rc == 0)
			rc = store_list_feeds(rig.s, true, &a, &feeds, &feed_count, &rig.err);
		fired = failing_alloc_fired();
		if (rc < 0)
			out_of_memory(rc);
		arena_done(&a);
		ck_assert_int_eq(store_outbox_recover(rig.s, &count, &rig.err), 0);
		ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 0"), 3);
	}
	rig_check_invariants();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, test_opening, 0, 2);
	tcase_add_loop_test(tc, test_committing, 0, 2);
	tcase_add_loop_test(tc, test_looking_for_stories, 0, 4);
	tcase_add_loop_test(tc, test_asking, 0, 2);
	tcase_add_loop_test(tc, test_delivering, 0, 2);
}

int
main(void)
{
	return tap_run("store/memory", suite);
}
