#include "faultvfs.h"
#include "store_rig.h"

/* A disk that fails at every point, once or for good: nothing is lost, nothing is half done, the message is clear, and
 * the same call works when the disk does. */

static const struct draft first[] = {
    {"1", "https://example.org/1", "Putin one", "x", "desk phone"}, {"2", NULL, "Putin two", "y", "desk"}};
static const struct draft second[] = {
    {"1", "https://example.org/1", "Putin one, edited", "x", "desk"}, {"3", NULL, "北京 three", "grain deal", "phone"}};

static const struct mode {
	enum fault fault;
	bool later;
} modes[] = {{FAULT_IO, false}, {FAULT_FULL, false}, {FAULT_FULL, true}};

static void
clear_message(const struct mode *m, const char *what)
{
	bool known = rig.err.code == ERR_IO || rig.err.code == ERR_DISK_FULL || rig.err.code == ERR_STORE;
	ck_assert_msg(known, "%s: %s: %s", what, err_word(rig.err.code), rig.err.msg);
	ck_assert_msg(m->fault != FAULT_FULL || rig.err.code == ERR_DISK_FULL, "%s: %s: %s", what,
	    err_word(rig.err.code), rig.err.msg);
	ck_assert_msg(strstr(rig.err.msg, rig.path) != NULL, "%s", rig.err.msg);
}

static void
start(void)
{
	rig_setup();
	faultvfs_register();
}

START_TEST(test_opening_a_new_database)
{
	const struct mode *m = &modes[_i];
	bool fired = true;
	for (long n = 1; fired; n++) {
		ck_assert_int_lt(n, 1000);
		faultvfs_arm(m->fault, n, m->later);
		int rc = store_open(rig.path, STORE_WRITE, &rig.s, &rig.err);
		fired = faultvfs_fired();
		ck_assert_msg(rc == 0 || fired, "%s", rc < 0 ? rig.err.msg : "");
		if (rc < 0) {
			clear_message(m, "open");
			rig_open();
		}
		rig_feed("a");
		rig_check_invariants();
		rig_teardown();
		rig_setup();
	}
}
END_TEST

/* Commits the poll although the nth operation fails: again and again, as the daemon does. Returns whether it fired. */
static bool
commit_with_fault(const struct mode *m, long n)
{
	int64_t items = rig_number("SELECT count(*) FROM items");
	faultvfs_arm(m->fault, n, m->later);
	int rc = rig_commit();
	bool fired = faultvfs_fired();
	ck_assert_msg(rc == 0 || fired, "%s", rc < 0 ? rig.err.msg : "");
	if (rc < 0) {
		clear_message(m, "commit");
		ck_assert_msg(rig_number("SELECT count(*) FROM items") == items, "half a batch is there");
		ck_assert(!rig.items[0].is_new && rig.items[0].id == 0);
		rig_check_invariants();
		ck_assert_int_eq(rig_commit(), 0);
	}
	return fired;
}

/* Stories are looked for alone and by a thread. */
START_TEST(test_committing_polls)
{
	const struct mode *m = &modes[_i % 3];
	bool fired = true;
	for (long n = 1; fired; n++) {
		ck_assert_int_lt(n, 1000);
		rig_open();
		rig.threaded = _i / 3 != 0;
		rig_use_window();
		int64_t feed = rig_feed("a");
		rig_draft(feed, 5000, first, 2);
		fired = commit_with_fault(m, n);
		rig_draft(feed, 6000, second, 2);
		fired |= commit_with_fault(m, n);
		ck_assert(rig.items[0].changed && rig.items[1].is_new);
		ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 3);
		ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 4);
		ck_assert_str_is(rig_text("SELECT CAST(etag AS TEXT) FROM feeds"), "\"6000\"");
		rig_check_invariants();
		rig_teardown();
		rig_setup();
	}
}
END_TEST

/* One round of delivery with a fault; what could not be taken or finished is so afterwards. */
static bool
deliver_with_fault(const struct mode *m, long n)
{
	struct notification *rows;
	size_t count;
	faultvfs_arm(m->fault, n, m->later);
	int took = store_outbox_take(rig.s, STR_LIT("desk"), 9000, 10, &rig.arena, &rows, &count, &rig.err);
	struct store_delivery done = {
	    .row = took == 0 && count > 0 ? rows[0].row : 0, .outcome = STORE_DONE, .at = 9000};
	int finished = took == 0 ? store_outbox_finish(rig.s, &done, 1, &rig.err) : -1;
	bool fired = faultvfs_fired();
	if (took < 0 || finished < 0)
		clear_message(m, "delivery");
	if (took < 0) {
		ck_assert_uint_eq(count, 0);
		ck_assert_int_eq(
		    store_outbox_take(rig.s, STR_LIT("desk"), 9000, 10, &rig.arena, &rows, &count, &rig.err), 0);
		done.row = rows[0].row;
	}
	ck_assert_uint_eq(count, 2);
	if (finished < 0)
		ck_assert_int_eq(store_outbox_finish(rig.s, &done, 1, &rig.err), 0);
	return fired;
}

START_TEST(test_delivering)
{
	const struct mode *m = &modes[_i];
	bool fired = true;
	for (long n = 1; fired; n++) {
		struct store_outbox_counts c;
		ck_assert_int_lt(n, 1000);
		rig_open();
		rig_poll(rig_feed("a"), 5000, first, 2);
		fired = deliver_with_fault(m, n);
		ck_assert_int_eq(store_outbox_counts(rig.s, &c, &rig.err), 0);
		ck_assert(c.pending == 1 && c.in_flight == 1 && c.done == 1 && c.dead == 0);
		rig_check_invariants();
		rig_teardown();
		rig_setup();
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, start, rig_teardown);
	tcase_add_loop_test(tc, test_opening_a_new_database, 0, 3);
	tcase_add_loop_test(tc, test_committing_polls, 0, 6);
	tcase_add_loop_test(tc, test_delivering, 0, 3);
}

int
main(void)
{
	return tap_run("store/faults", suite);
}
