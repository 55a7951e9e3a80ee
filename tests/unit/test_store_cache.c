#include "store_rig.h"

#include "store/cache.h"

#include <stdio.h>

#define ITEMS 30u

/* Of the connection that writes; the pragma is in KiB when it is negative. */
static int64_t
cache_kib(void)
{
	sqlite3_stmt *stmt;
	int64_t n = 0;
	ck_assert_int_eq(sqlite3_prepare_v2(rig.s->db, "PRAGMA cache_size", -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		n = -sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	ck_assert_int_eq(n, (int64_t)rig.s->cache_kib);
	return n;
}

static void
make_small(size_t kib)
{
	char sql[64];
	snprintf(sql, sizeof sql, "PRAGMA cache_size = -%zu", kib);
	ck_assert_int_eq(sqlite3_exec(rig.s->db, sql, NULL, NULL, NULL), SQLITE_OK);
	rig.s->cache_kib = kib;
}

static void
write_groups(int64_t feed, int from, int count)
{
	struct draft drafts[ITEMS];
	for (int k = from; k < from + count; k++) {
		for (unsigned i = 0; i < ITEMS; i++)
			drafts[i] = (struct draft){.guid = arena_printf(&rig.arena, "g%d-%u", k, i).s,
			    .link = arena_printf(&rig.arena, "https://example.org/%d/%u", k, i).s,
			    .title = arena_printf(&rig.arena, "Item %u of poll %d", i, k).s,
			    .text = arena_printf(&rig.arena, "%0800d", k).s};
		ck_assert_int_eq(rig_poll(feed, 5000 + k, drafts, ITEMS), ITEMS);
	}
}

START_TEST(test_a_cache_that_is_large_enough_stays_as_it_is)
{
	ck_assert_int_eq(cache_kib(), CACHE_KIB);
	write_groups(rig_feed("bbc"), 0, 20);
	ck_assert_int_eq(cache_kib(), CACHE_KIB);
	rig_reopen(); /* every page is read for the first time */
	write_groups(rig_feed("bbc"), 20, 5);
	ck_assert_int_eq(cache_kib(), CACHE_KIB);
}
END_TEST

START_TEST(test_a_cache_that_is_too_small_grows_until_it_is_not)
{
	int64_t feed = rig_feed("bbc");
	make_small(128); /* eight pages: there are more tables and indexes than that */
	write_groups(feed, 0, 20);
	int64_t grown = cache_kib();
	ck_assert_int_gt(grown, 128);
	ck_assert_int_lt(grown, CACHE_KIB);
	write_groups(feed, 20, 20);
	ck_assert_int_le(cache_kib(), 2 * grown);
	rig_check_invariants();
}
END_TEST

static void
start(void)
{
	rig_setup();
	rig_open();
}

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, rig_teardown);
	tcase_add_test(tc, test_a_cache_that_is_large_enough_stays_as_it_is);
	tcase_add_test(tc, test_a_cache_that_is_too_small_grows_until_it_is_not);
}

int
main(void)
{
	return tap_run("store/cache", suite);
}
