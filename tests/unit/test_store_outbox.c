#include "store_rig.h"

#include "store/db.h"

#include <stdio.h>

static struct notification *taken;
static size_t taken_count;

static void
take(const char *sink, int64_t now, size_t max)
{
	int rc = store_outbox_take(rig.s, str_from(sink), now, max, &rig.arena, &taken, &taken_count, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
}

static void
finish(int64_t row, enum store_outcome outcome, int64_t retry_at)
{
	struct store_delivery d = {
	    .row = row, .outcome = outcome, .retry_at = retry_at, .error_text = STR_LIT("because"), .at = 9000};
	ck_assert_int_eq(store_outbox_finish(rig.s, &d, 1, &rig.err), 0);
}

static void
counts_are(int64_t pending, int64_t in_flight, int64_t done, int64_t dead)
{
	struct store_outbox_counts c;
	ck_assert_int_eq(store_outbox_counts(rig.s, &c, &rig.err), 0);
	ck_assert_msg(c.pending == pending && c.in_flight == in_flight && c.done == done && c.dead == dead,
	    "%d %d %d %d", (int)c.pending, (int)c.in_flight, (int)c.done, (int)c.dead);
}

static void
two_items(void)
{
	rig_open();
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 5000, {"1", NULL, "Putin one", "x", "desk phone desk"}, {"2", NULL, "Putin two", "y", "desk"});
}

START_TEST(test_an_item_is_told_once_per_sink)
{
	counts_are(3, 0, 0, 0);
	take("desk", 5000, 10);
	ck_assert_uint_eq(taken_count, 2);
	ck_assert_str_is(taken[0].records[0].title, "Putin one");
	ck_assert_str_is(taken[0].sink, "desk");
	ck_assert_uint_eq(taken[0].attempt, 1);
	ck_assert(taken[0].created_at == 5000 && taken[0].records[0].match_count == 1);
	ck_assert_str_is(taken[1].records[0].title, "Putin two");
	ck_assert(str_starts(taken[0].id, STR_LIT("n-")) && taken[0].id.len == 34 && !str_eq(taken[0].id, taken[1].id));
	counts_are(1, 2, 0, 0);
	take("desk", 5000, 10);
	ck_assert_uint_eq(taken_count, 0);
	take(NULL, 5000, 10);
	ck_assert_uint_eq(taken_count, 1);
	ck_assert_str_is(taken[0].sink, "phone");
}
END_TEST

START_TEST(test_severities_of_several_watches_come_to_the_highest)
{
	ck_assert_int_eq(rig_number("SELECT severity FROM outbox WHERE sink = 'desk' ORDER BY row LIMIT 1"), 2);
	ck_assert_int_eq(rig_number("SELECT max(severity) FROM items"), 2);
}
END_TEST

START_TEST(test_done_is_never_told_again)
{
	take("desk", 5000, 1);
	finish(taken[0].row, STORE_DONE, 0);
	finish(taken[0].row, STORE_RETRY, 0);
	finish(taken[0].row, STORE_DONE, 0);
	counts_are(2, 0, 1, 0);
	rig_check_invariants();
}
END_TEST

START_TEST(test_a_retry_waits_and_keeps_its_id)
{
	take("phone", 5000, 1);
	struct str id = taken[0].id;
	finish(taken[0].row, STORE_RETRY, 20000);
	ck_assert_int_eq(store_outbox_next_at_sink(rig.s, STR_LIT("phone")), 20000);
	take("phone", 19999, 1);
	ck_assert_uint_eq(taken_count, 0);
	take("phone", 20000, 1);
	ck_assert_uint_eq(taken_count, 1);
	ck_assert(str_eq(taken[0].id, id));
	ck_assert_uint_eq(taken[0].attempt, 2);
	ck_assert_str_is(rig_text("SELECT error FROM outbox WHERE sink = 'phone'"), "because");
}
END_TEST

START_TEST(test_the_dead_stay_with_their_reason)
{
	take("phone", 5000, 1);
	finish(taken[0].row, STORE_DEAD, 0);
	counts_are(2, 0, 0, 1);
	take(NULL, INT64_MAX, 10);
	ck_assert_uint_eq(taken_count, 2);
	ck_assert_str_is(rig_text("SELECT error FROM outbox WHERE state = 3"), "because");
}
END_TEST

START_TEST(test_rows_in_flight_at_a_crash_are_pending_again_with_the_same_id)
{
	size_t recovered;
	take("phone", 5000, 1);
	struct str id = taken[0].id;
	rig_reopen();
	take("phone", 6000, 1);
	ck_assert_uint_eq(taken_count, 0);
	ck_assert_int_eq(store_outbox_recover(rig.s, &recovered, &rig.err), 0);
	ck_assert_uint_eq(recovered, 1);
	take("phone", 6000, 1);
	ck_assert(taken_count == 1 && str_eq(taken[0].id, id) && taken[0].attempt == 2);
}
END_TEST

START_TEST(test_what_a_clock_that_was_ahead_has_put_off_is_turned_back)
{
	take("desk", 5000, 10);
	finish(taken[0].row, STORE_RETRY, 30000);
	finish(taken[1].row, STORE_RETRY, STORE_NEVER); /* for somebody to release */
	ck_assert_int_eq(store_outbox_turn_back(rig.s, 9000, &rig.err), 0);
	ck_assert_int_eq(store_outbox_next_at_sink(rig.s, STR_LIT("desk")), 30000); /* it was 9000 then */
	ck_assert_int_eq(store_outbox_turn_back(rig.s, 1000, &rig.err), 0);
	ck_assert_int_eq(store_outbox_next_at_sink(rig.s, STR_LIT("desk")), 22000);
	ck_assert_int_eq(store_outbox_next_at_sink(rig.s, STR_LIT("phone")), 1000);
	take("desk", 22000, 10);
	ck_assert_uint_eq(taken_count, 1);
	ck_assert_int_eq(store_outbox_next_at_sink(rig.s, STR_LIT("desk")), STORE_NEVER);
}
END_TEST

/* An hour ahead, as clocks are that take local time for UTC: the quiet hours end when they end. */
START_TEST(test_the_morning_comes_when_it_comes)
{
	const int64_t sixteen = 16 * HOUR_MS;
	const struct {
		const char *reason;
		int64_t ahead, put_off, due;
	} all[] = {{"quiet", HOUR_MS, 31 * HOUR_MS, 31 * HOUR_MS}, {"digest", HOUR_MS, 31 * HOUR_MS, 31 * HOUR_MS},
	    {"rate", HOUR_MS, 31 * HOUR_MS, 30 * HOUR_MS}, {"quiet", 49 * HOUR_MS, 79 * HOUR_MS, 31 * HOUR_MS},
	    {"digest", 7 * HOUR_MS, 44 * HOUR_MS, 20 * HOUR_MS},  /* at eight in the evening, which is still to come */
	    {"digest", 7 * HOUR_MS, 39 * HOUR_MS, 39 * HOUR_MS}}; /* at three, which is past */
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char sql[256];
		snprintf(sql, sizeof sql,
		    "UPDATE outbox SET state = 4, reason = '%s', updated_at = %lld, next_try_at = %lld WHERE sink = "
		    "'desk'",
		    all[i].reason, (long long)(sixteen + all[i].ahead), (long long)all[i].put_off);
		ck_assert_int_eq(sqlite3_exec(rig.s->db, sql, NULL, NULL, NULL), SQLITE_OK);
		ck_assert_int_eq(store_outbox_turn_back(rig.s, sixteen, &rig.err), 0);
		ck_assert_int_eq(store_outbox_next_at_sink(rig.s, STR_LIT("desk")), all[i].due);
	}
}
END_TEST

START_TEST(test_the_next_due_time_is_known)
{
	ck_assert_int_eq(store_outbox_next_at(rig.s), 5000);
	take(NULL, 5000, 10);
	ck_assert_int_eq(store_outbox_next_at(rig.s), TIME_NONE);
	finish(taken[1].row, STORE_RETRY, 30000);
	finish(taken[0].row, STORE_RETRY, 20000);
	ck_assert_int_eq(store_outbox_next_at(rig.s), 20000);
	ck_assert_int_eq(store_outbox_next_at_sink(rig.s, STR_LIT("none")), TIME_NONE);
}
END_TEST

START_TEST(test_oldest_go_first)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 4000, {"0", NULL, "Putin zero", "z", "desk"});
	take("desk", 9000, 1);
	ck_assert_str_is(taken[0].records[0].title, "Putin zero");
}
END_TEST

START_TEST(test_the_id_of_a_notification_hangs_on_feed_key_and_sink_only)
{
	/* receivers out there remember such ids: whatever else is in the database, they stay */
	int64_t other = rig_feed("other"), feed = rig_feed("b");
	RIG_POLL(other, 4000 + _i, {"7", NULL, "Putin seven", "x", "phone"});
	RIG_POLL(feed, 7000 + _i, {"1", NULL, "Putin one", "x", "phone"});
	ck_assert_str_is(rig_text("SELECT o.id FROM outbox o JOIN items i ON i.id = o.item_id JOIN feeds f ON f.id = "
	                          "i.feed_id WHERE f.key = 'b'"),
	    "n-64fe4ce0a1f26a74d2c30923cf06d82c");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_checked_fixture(tc, two_items, NULL);
	tcase_add_test(tc, test_an_item_is_told_once_per_sink);
	tcase_add_test(tc, test_severities_of_several_watches_come_to_the_highest);
	tcase_add_test(tc, test_what_a_clock_that_was_ahead_has_put_off_is_turned_back);
	tcase_add_test(tc, test_done_is_never_told_again);
	tcase_add_test(tc, test_a_retry_waits_and_keeps_its_id);
	tcase_add_test(tc, test_the_dead_stay_with_their_reason);
	tcase_add_test(tc, test_rows_in_flight_at_a_crash_are_pending_again_with_the_same_id);
	tcase_add_test(tc, test_the_morning_comes_when_it_comes);
	tcase_add_test(tc, test_the_next_due_time_is_known);
	tcase_add_test(tc, test_oldest_go_first);
	tcase_add_loop_test(tc, test_the_id_of_a_notification_hangs_on_feed_key_and_sink_only, 0, 2);
}

int
main(void)
{
	return tap_run("store/outbox", suite);
}
