#include "store_rig.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
write_file(const char *path, const void *bytes, size_t len)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

/* Opening must fail with this code and a message with these words; the file must be left as it was. */
static void
refused(enum store_mode mode, enum err_code code, const char *words)
{
	struct stat before = {0}, after = {0};
	stat(rig.path, &before);
	ck_assert_int_eq(store_open(rig.path, mode, &rig.s, &rig.err), -1);
	ck_assert_ptr_null(rig.s);
	ck_assert_msg(
	    rig.err.code == code && strstr(rig.err.msg, words) != NULL, "%s: %s", err_word(rig.err.code), rig.err.msg);
	stat(rig.path, &after);
	ck_assert(before.st_size == after.st_size && before.st_mtime == after.st_mtime);
}

START_TEST(test_a_new_database_is_made_and_found_again)
{
	rig_open();
	ck_assert_int_eq(rig_number("PRAGMA application_id"), 1414087758);
	ck_assert_str_is(rig_text("PRAGMA journal_mode"), "wal");
	rig_feed("a");
	rig_reopen();
	ck_assert_int_eq(rig_number("SELECT count(*) FROM feeds"), 1);
}
END_TEST

START_TEST(test_a_missing_directory_is_named)
{
	snprintf(rig.path, sizeof rig.path, "%s/none/tidings.db", rig.dir);
	refused(STORE_WRITE, ERR_IO, "none does not exist");
	refused(STORE_READ, ERR_NOT_FOUND, "there is no database");
}
END_TEST

START_TEST(test_what_is_no_database_is_left_alone)
{
	static const char text[] = "Dear diary, this is a text and not a database, and it is long enough to have a "
	                           "header of one hundred bytes.";
	write_file(rig.path, text, sizeof text);
	refused(STORE_WRITE, ERR_STORE_CORRUPT, "is not a database");
	refused(STORE_READ, ERR_STORE_CORRUPT, "is not a database");
}
END_TEST

START_TEST(test_an_empty_file_becomes_a_database)
{
	write_file(rig.path, "", 0);
	refused(STORE_READ, ERR_NOT_FOUND, "empty yet");
	rig_open();
	rig_feed("a");
}
END_TEST

START_TEST(test_a_newer_database_is_refused)
{
	rig_open();
	store_close(rig.s);
	rig.s = NULL;
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(rig.path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "PRAGMA user_version = 1000", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	refused(STORE_WRITE, ERR_STORE_NEWER, "schema 1000");
	refused(STORE_READ, ERR_STORE_NEWER, "schema 1000");
}
END_TEST

START_TEST(test_a_database_of_another_program_is_left_alone)
{
	sqlite3 *db;
	ck_assert_int_eq(sqlite3_open(rig.path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "CREATE TABLE recipes(x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	refused(STORE_WRITE, ERR_STORE, "another program");
	refused(STORE_READ, ERR_STORE, "another program");
	ck_assert_str_is(rig_text("PRAGMA journal_mode"), "delete");
}
END_TEST

/* Overwrites part of the file. */
static void
damage(off_t at, size_t len)
{
	char junk[8192];
	memset(junk, 0xA5, sizeof junk);
	int fd = open(rig.path, O_RDWR);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, junk, len, at), (ssize_t)len);
	close(fd);
}

START_TEST(test_a_damaged_header_is_told_and_left)
{
	rig_open();
	rig_feed("a");
	store_close(rig.s);
	damage(0, 100);
	refused(STORE_WRITE, ERR_STORE_CORRUPT, "is not a database");
}
END_TEST

START_TEST(test_a_damaged_schema_is_told_and_left)
{
	rig_open();
	rig_feed("a");
	store_close(rig.s);
	damage(100, 3996);
	refused(STORE_WRITE, ERR_STORE_CORRUPT, "damaged");
}
END_TEST

START_TEST(test_a_damaged_middle_is_found_by_the_check)
{
	rig_open();
	int64_t feed = rig_feed("a");
	for (int i = 0; i < 40; i++) {
		const struct draft d = {arena_printf(&rig.arena, "g%d", i).s, NULL, "Putin",
		    arena_printf(&rig.arena, "%0500d", i).s, "desk"};
		rig_poll(feed, 5000 + i, &d, 1);
	}
	store_close(rig.s);
	for (off_t at = 5 * 4096; at < 30 * 4096; at += 4096)
		damage(at, 2000);
	if (store_open(rig.path, STORE_WRITE, &rig.s, &rig.err) == 0)
		ck_assert_int_eq(store_check(rig.s, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_STORE_CORRUPT);
	ck_assert_msg(strstr(rig.err.msg, "damaged") != NULL, "%s", rig.err.msg);
}
END_TEST

START_TEST(test_a_damaged_log_loses_only_what_it_held)
{
	char log[128];
	rig_open();
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 5000, {"1", NULL, "One", "x", NULL});
	rig_reopen(); /* brings the log into the file */
	RIG_POLL(feed, 6000, {"2", NULL, "Two", "x", NULL});
	/* as after a crash: the log is there, its end was never written */
	snprintf(log, sizeof log, "%s-wal", rig.path);
	struct stat st;
	ck_assert_int_eq(stat(log, &st), 0);
	ck_assert_int_gt(st.st_size, 4096);
	pid_t pid = fork();
	if (pid == 0)
		_exit(truncate(log, 2000) == 0 ? 0 : 1);
	int status;
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
	store_close(rig.s);
	rig_open();
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items WHERE title = 'One'"), 1);
	rig_check_invariants();
}
END_TEST

START_TEST(test_a_second_writer_is_refused_and_told_the_pid_of_the_first)
{
	char words[32];
	rig_open();
	snprintf(words, sizeof words, "(process %ld)", (long)getpid());
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		struct store *second;
		struct err err;
		int rc = store_open(rig.path, STORE_WRITE, &second, &err);
		_exit(rc == 0 ? 1 : err.code != ERR_STORE_BUSY ? 2 : strstr(err.msg, words) == NULL ? 3 : 0);
	}
	int status;
	waitpid(pid, &status, 0);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(test_a_forked_child_does_not_keep_the_lock)
{
	int hold[2];
	ck_assert_int_eq(pipe(hold), 0);
	rig_open();
	pid_t child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		char c;
		close(hold[1]);
		_exit(read(hold[0], &c, 1) == 0 ? 0 : 1);
	}
	store_close(rig.s);
	pid_t other = fork();
	if (other == 0) {
		struct store *second;
		_exit(store_open(rig.path, STORE_WRITE, &second, NULL) == 0 ? 0 : 1);
	}
	int status;
	waitpid(other, &status, 0);
	ck_assert_int_eq(status, 0);
	close(hold[1]);
	close(hold[0]);
	waitpid(child, &status, 0);
	rig_open();
}
END_TEST

START_TEST(test_a_reader_sees_what_the_writer_commits)
{
	struct store *reader;
	struct record r;
	rig_open();
	int64_t feed = rig_feed("a");
	ck_assert_int_eq(store_open(rig.path, STORE_READ, &reader, &rig.err), 0);
	int64_t version = store_data_version(reader);
	RIG_POLL(feed, 5000, {"1", NULL, "One", "x", NULL});
	ck_assert(store_data_version(reader) != version);
	version = store_data_version(reader);
	ck_assert(store_data_version(reader) == version);
	ck_assert_int_eq(store_item(reader, rig.items[0].id, &rig.arena, &r, &rig.err), 0);
	ck_assert_str_is(r.title, "One");
	ck_assert_int_eq(store_item(reader, 4711, &rig.arena, &r, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_NOT_FOUND);
	ck_assert_int_eq(store_check(reader, &rig.err), 0);
	store_close(reader);
}
END_TEST

/* As another user, who may read the file and write nothing: 0 when the reader saw one feed. */
static int
read_as_stranger(void)
{
	struct store *reader;
	struct store_feed *feeds;
	struct err err;
	size_t count = 0;
	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
		return 1;
	if (store_open(rig.path, STORE_READ, &reader, &err) < 0) {
		fprintf(stderr, "# %s: %s\n", err_word(err.code), err.msg);
		return 2;
	}
	if (store_list_feeds(reader, false, &rig.arena, &feeds, &count, &err) < 0)
		return 3;
	return count == 1 ? 0 : 4;
}

START_TEST(test_a_reader_needs_no_right_to_write)
{
	char side[128];
	rig_open();
	rig_feed("a");
	if (_i > 0) { /* no writer there */
		store_close(rig.s);
		rig.s = NULL;
	}
	for (int i = 0; _i == 2 && i < 2; i++) { /* nor what it leaves behind */
		snprintf(side, sizeof side, "%s-%s", rig.path, i ? "wal" : "shm");
		unlink(side);
	}
	chmod(rig.dir, 0555);
	pid_t pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(read_as_stranger());
	int status;
	waitpid(pid, &status, 0);
	chmod(rig.dir, 0755);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	ck_assert(WIFEXITED(status));
}
END_TEST

START_TEST(test_a_file_that_is_moved_away_is_noticed)
{
	char moved[128];
	rig_open();
	int64_t feed = rig_feed("a");
	snprintf(moved, sizeof moved, "%s.moved", rig.path);
	ck_assert_int_eq(rename(rig.path, moved), 0);
	rig_draft(feed, 5000, &(struct draft){"1", NULL, "One", "x", NULL}, 1);
	ck_assert_int_eq(rig_commit(), -1);
	ck_assert_int_eq(rig.err.code, ERR_STORE);
	ck_assert_msg(strstr(rig.err.msg, "was moved") != NULL, "%s", rig.err.msg);
	ck_assert_int_eq(rename(moved, rig.path), 0);
	ck_assert_int_eq(rig_commit(), 0);
}
END_TEST

START_TEST(test_a_database_locked_by_another_program_is_busy_and_works_again)
{
	sqlite3 *db;
	rig_open();
	int64_t feed = rig_feed("a");
	ck_assert_int_eq(sqlite3_open(rig.path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	rig_draft(feed, 5000, &(struct draft){"1", NULL, "One", "x", NULL}, 1);
	ck_assert_int_eq(rig_commit(), -1);
	ck_assert_int_eq(rig.err.code, ERR_STORE_BUSY);
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert(rig.items[0].is_new);
}
END_TEST

START_TEST(test_a_log_index_that_was_removed_is_made_again)
{
	char side[128];
	rig_open();
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 5000, {"1", NULL, "One", "x", NULL});
	store_close(rig.s);
	snprintf(side, sizeof side, "%s-shm", rig.path);
	unlink(side);
	rig_open();
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 1);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_test(tc, test_a_new_database_is_made_and_found_again);
	tcase_add_test(tc, test_a_missing_directory_is_named);
	tcase_add_test(tc, test_what_is_no_database_is_left_alone);
	tcase_add_test(tc, test_an_empty_file_becomes_a_database);
	tcase_add_test(tc, test_a_newer_database_is_refused);
	tcase_add_test(tc, test_a_database_of_another_program_is_left_alone);
	tcase_add_test(tc, test_a_damaged_header_is_told_and_left);
	tcase_add_test(tc, test_a_damaged_schema_is_told_and_left);
	tcase_add_test(tc, test_a_damaged_middle_is_found_by_the_check);
	tcase_add_test(tc, test_a_damaged_log_loses_only_what_it_held);
	tcase_add_test(tc, test_a_second_writer_is_refused_and_told_the_pid_of_the_first);
	tcase_add_test(tc, test_a_forked_child_does_not_keep_the_lock);
	tcase_add_test(tc, test_a_reader_sees_what_the_writer_commits);
	tcase_add_loop_test(tc, test_a_reader_needs_no_right_to_write, 0, 3);
	tcase_add_test(tc, test_a_file_that_is_moved_away_is_noticed);
	tcase_add_test(tc, test_a_database_locked_by_another_program_is_busy_and_works_again);
	tcase_add_test(tc, test_a_log_index_that_was_removed_is_made_again);
}

int
main(void)
{
	return tap_run("store/open", suite);
}
