#include "faultvfs.h"
#include "rng.h"
#include "store/gather.h"
#include "tap.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A database that is written through it is the one that is written without it: rows that change at random in transactions of all
 * sizes, so large that SQLite writes pages before the commit, rolled back in part or whole, copied into the file in between, on a
 * disk that fails now and then. Whoever reads without it sees each commit at once.
 */
#define ROWS 200
#define TEXT_MAX 9000
#define STEPS 100
#define TRANSACTION_MAX 200

static struct rig {
	char dir[64], path[96];
	sqlite3 *db, *reader, *holder;   /* who holds on to a past state is in the way of a copy */
	int said[ROWS], committed[ROWS]; /* length of the row's text; 0: no row */
	uint64_t seed;
	bool fails;
} rig;

static void
run(sqlite3 *db, const char *sql)
{
	ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
}

static void
open_db(void)
{
	ck_assert_int_eq(
	    sqlite3_open_v2(rig.path, &rig.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, gather_vfs()), SQLITE_OK);
	run(rig.db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;"
	            "PRAGMA cache_size = 20; CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, text BLOB)");
}

static void
start(void)
{
	rig = (struct rig){.seed = 7};
	faultvfs_register();
	snprintf(rig.dir, sizeof rig.dir, "/tmp/gather-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(rig.dir));
	snprintf(rig.path, sizeof rig.path, "%s/x.db", rig.dir);
	open_db();
	ck_assert_int_eq(sqlite3_open_v2(rig.path, &rig.reader, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_open_v2(rig.path, &rig.holder, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
}

static void
stop(void)
{
	char command[128];
	sqlite3_close(rig.db);
	sqlite3_close(rig.reader);
	sqlite3_close(rig.holder);
	snprintf(command, sizeof command, "rm -r %s", rig.dir);
	ck_assert_int_eq(system(command), 0);
}

/* The rows of one connection are these. */
static void
must_be(sqlite3 *db, const int lengths[ROWS])
{
	static char text[TEXT_MAX];
	int found[ROWS] = {0};
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_prepare_v2(db, "SELECT id, text FROM t", -1, &stmt, NULL), SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		int id = sqlite3_column_int(stmt, 0), length = sqlite3_column_bytes(stmt, 1);
		found[id] = length;
		memset(text, (id + length) & 0xFF, (size_t)length);
		ck_assert_mem_eq(sqlite3_column_blob(stmt, 1), text, (size_t)length);
	}
	ck_assert_int_eq(sqlite3_finalize(stmt), SQLITE_OK);
	ck_assert_mem_eq(found, lengths, sizeof found);
}

static int
put(int id, int length)
{
	sqlite3_stmt *stmt;
	unsigned char *text = malloc((size_t)length);
	ck_assert_ptr_nonnull(text);
	memset(text, (id + length) & 0xFF, (size_t)length);
	int rc = sqlite3_prepare_v2(rig.db, "REPLACE INTO t VALUES(?, ?)", -1, &stmt, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_int(stmt, 1, id);
		sqlite3_bind_blob(stmt, 2, text, length, SQLITE_STATIC);
		sqlite3_step(stmt);
		rc = sqlite3_finalize(stmt);
	}
	free(text);
	if (rc == SQLITE_OK)
		rig.said[id] = length;
	return rc;
}

static int
say(const char *sql)
{
	int rc = sqlite3_exec(rig.db, sql, NULL, NULL, NULL);
	ck_assert_msg(rc == SQLITE_OK || rig.fails, "%s: %s", sql, sqlite3_errmsg(rig.db));
	return rc;
}

/* Rows are changed, some of it is taken back. */
static int
change_some(size_t count)
{
	int before[ROWS], rc = SQLITE_OK;
	bool nested = rng_below(&rig.seed, 3) == 0;
	size_t from = nested ? rng_below(&rig.seed, count) : count;
	for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
		if (i == from) {
			memcpy(before, rig.said, sizeof before);
			rc = say("SAVEPOINT s");
		}
		if (rc == SQLITE_OK)
			rc = put((int)rng_below(&rig.seed, ROWS), 1 + (int)rng_below(&rig.seed, TEXT_MAX));
	}
	if (rc == SQLITE_OK && nested && rng_below(&rig.seed, 2) == 0) {
		rc = say("ROLLBACK TO s");
		if (rc == SQLITE_OK)
			memcpy(rig.said, before, sizeof before);
	}
	return rc;
}

static void
transaction(size_t count)
{
	int rc = say("BEGIN IMMEDIATE");
	if (rc == SQLITE_OK)
		rc = change_some(count);
	if (rc == SQLITE_OK && rng_below(&rig.seed, 4) > 0)
		rc = say("COMMIT");
	else if (rc == SQLITE_OK)
		rc = SQLITE_ABORT;
	if (sqlite3_get_autocommit(rig.db) == 0)
		ck_assert_int_eq(sqlite3_exec(rig.db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	memcpy(rc == SQLITE_OK ? rig.committed : rig.said, rc == SQLITE_OK ? rig.said : rig.committed, sizeof rig.said);
}

/* A log can be copied only up to where somebody reads it. */
static void
hold_or_let_go(void)
{
	if (sqlite3_get_autocommit(rig.holder) == 0)
		run(rig.holder, "COMMIT");
	else
		run(rig.holder, "BEGIN; SELECT count(*) FROM t");
}

static void
live(bool fails)
{
	rig.fails = fails;
	for (int i = 0; i < STEPS; i++) {
		if (fails && rng_below(&rig.seed, 3) == 0)
			faultvfs_arm(rng_below(&rig.seed, 2) ? FAULT_FULL : FAULT_IO,
			    1 + (long)rng_below(&rig.seed, 12), rng_below(&rig.seed, 2));
		transaction(1 + rng_below(&rig.seed, rng_below(&rig.seed, 2) ? 4 : TRANSACTION_MAX));
		if (rng_below(&rig.seed, 6) == 0)
			hold_or_let_go();
		if (rng_below(&rig.seed, 4) == 0)
			sqlite3_wal_checkpoint_v2(rig.db, NULL, (int)rng_below(&rig.seed, 4), NULL, NULL);
		faultvfs_fired();
		must_be(rig.reader, rig.committed);
		must_be(rig.db, rig.committed);
	}
	run(rig.reader, "PRAGMA integrity_check");
	sqlite3_close(rig.db);
	open_db();
	must_be(rig.db, rig.committed);
}

START_TEST(test_it_is_the_same_database)
{
	live(false);
}
END_TEST

START_TEST(test_on_a_disk_that_fails_now_and_then_too)
{
	live(true);
}
END_TEST

/* Some hundred pages in few operations. */
START_TEST(test_neighbours_are_written_at_once)
{
	run(rig.db, "PRAGMA cache_size = 1000");
	run(rig.db, "BEGIN");
	for (int i = 0; i < ROWS; i++)
		ck_assert_int_eq(put(i, 6000), SQLITE_OK);
	ck_assert_int_ge(ROWS * 6000 / 4096, 290);
	faultvfs_arm(FAULT_IO, 30, true);
	run(rig.db, "COMMIT");
	ck_assert(!faultvfs_fired());
	must_be(rig.reader, rig.said);
}
END_TEST

/* No file may become longer than the log is. */
static void
leave_no_room(bool none)
{
	char log[128];
	struct stat st;
	struct rlimit limit;
	snprintf(log, sizeof log, "%s-wal", rig.path);
	ck_assert_int_eq(stat(log, &st), 0);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = none ? (rlim_t)st.st_size : limit.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int
grow(int length)
{
	int rc = say("BEGIN");
	ck_assert_int_eq(rc, SQLITE_OK);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(put(i, length), SQLITE_OK);
	rc = say("COMMIT");
	memcpy(rc == SQLITE_OK ? rig.committed : rig.said, rc == SQLITE_OK ? rig.said : rig.committed, sizeof rig.said);
	return rc;
}

/* What could not be written is in nobody's way: stored rows can be read, and what fits into a log that begins anew is written. */
START_TEST(test_a_full_disk_can_be_read_and_has_the_room_of_its_log)
{
	for (int i = 0; i < ROWS; i++)
		ck_assert_int_eq(put(i, 3000), SQLITE_OK);
	memcpy(rig.committed, rig.said, sizeof rig.said);
	rig.fails = true;
	leave_no_room(true);
	int rc = grow(6000);
	must_be(rig.db, rig.committed);
	ck_assert_int_eq(sqlite3_wal_checkpoint_v2(rig.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL), SQLITE_OK);
	int again = grow(5000);
	leave_no_room(false);
	ck_assert_int_ne(rc, SQLITE_OK);
	ck_assert_int_eq(again, SQLITE_OK);
	must_be(rig.reader, rig.committed);
	must_be(rig.db, rig.committed);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_it_is_the_same_database);
	tcase_add_test(tc, test_on_a_disk_that_fails_now_and_then_too);
	tcase_add_test(tc, test_neighbours_are_written_at_once);
	tcase_add_test(tc, test_a_full_disk_can_be_read_and_has_the_room_of_its_log);
}

int
main(void)
{
	return tap_run("store/gather", suite);
}
