#include "store_rig.h"

#include "store/migrate.h"
#include "store/sql.h"

static sqlite3 *db;

static void
open_db(void)
{
	ck_assert_int_eq(sqlite3_open(rig.path, &db), SQLITE_OK);
}

static void
close_db(void)
{
	sqlite3_close(db);
}

#define FIRST "PRAGMA application_id = 1414087758; CREATE TABLE a(x); INSERT INTO a VALUES(1);"
static const char *const steps[] = {
    FIRST, "CREATE TABLE b AS SELECT x + 1 AS x FROM a;", "ALTER TABLE b ADD COLUMN y DEFAULT 7;"};

START_TEST(test_a_new_file_goes_through_all_steps)
{
	ck_assert_int_eq(migrate_version(db, rig.path, &rig.err), 0);
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 3, &rig.err), 0);
	ck_assert_int_eq(migrate_version(db, rig.path, &rig.err), 3);
	ck_assert_int_eq(rig_number("SELECT x + y FROM b"), 9);
}
END_TEST

START_TEST(test_an_old_file_goes_through_the_new_steps_only_and_keeps_its_rows)
{
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 1, &rig.err), 0);
	sqlite3_exec(db, "UPDATE a SET x = 41", NULL, NULL, NULL);
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 3, &rig.err), 0);
	ck_assert_int_eq(rig_number("SELECT x FROM b"), 42);
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 3, &rig.err), 0);
}
END_TEST

START_TEST(test_a_step_that_fails_leaves_the_one_before_it)
{
	static const char *const broken[] = {FIRST, "CREATE TABLE c(x); INSERT INTO nowhere VALUES(1);"};
	ck_assert_int_eq(migrate_run(db, rig.path, broken, 1, &rig.err), 0);
	ck_assert_int_eq(migrate_run(db, rig.path, broken, 2, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_STORE);
	ck_assert_int_eq(migrate_version(db, rig.path, &rig.err), 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM sqlite_schema WHERE name = 'c'"), 0);
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 3, &rig.err), 0);
}
END_TEST

START_TEST(test_a_new_file_is_made_whole_or_not_at_all)
{
	static const char *const broken[] = {FIRST, "INSERT INTO nowhere VALUES(1);"};
	ck_assert_int_eq(migrate_run(db, rig.path, broken, 2, &rig.err), -1);
	ck_assert_int_eq(migrate_version(db, rig.path, &rig.err), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM sqlite_schema"), 0);
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 3, &rig.err), 0);
	ck_assert_int_eq(migrate_version(db, rig.path, &rig.err), 3);
}
END_TEST

START_TEST(test_a_newer_file_is_refused_and_untouched)
{
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 3, &rig.err), 0);
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 2, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_STORE_NEWER);
	ck_assert_msg(strstr(rig.err.msg, "schema 3") != NULL, "%s", rig.err.msg);
	ck_assert_int_eq(migrate_version(db, rig.path, &rig.err), 3);
}
END_TEST

START_TEST(test_a_database_of_another_program_is_refused)
{
	static const char *const others[] = {
	    "CREATE TABLE mine(x)", "PRAGMA user_version = 4", "PRAGMA application_id = 99"};
	sqlite3_exec(db, others[_i], NULL, NULL, NULL);
	ck_assert_int_eq(migrate_run(db, rig.path, steps, 3, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_STORE);
	ck_assert_msg(strstr(rig.err.msg, "another program") != NULL, "%s", rig.err.msg);
}
END_TEST

START_TEST(test_the_first_released_schema_still_comes_up)
{
	/* a file as the first schema left it, with a row in it */
	ck_assert_int_eq(migrate_run(db, rig.path, sql_migrations, 1, &rig.err), 0);
	sqlite3_exec(db,
	    "INSERT INTO feeds(key, url, configured, added_at) VALUES('old', 'https://example.org/', 1, 5);"
	    "INSERT INTO items(feed_id, matched, severity, first_seen_at, title, summary) VALUES(1, 0, 0, 5, 'Grain', "
	    "'Łódź')",
	    NULL, NULL, NULL);
	close_db();
	db = NULL;
	rig_open();
	struct store_feed *feeds;
	size_t count;
	ck_assert_int_eq(store_list_feeds(rig.s, false, &rig.arena, &feeds, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 1);
	ck_assert_str_is(feeds[0].key, "old");
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
	/* its full-text index was made anew */
	ck_assert_str_is(rig_titles(&(struct store_query){
	                     .text = STR_LIT("lodz grain"), .since_at = TIME_NONE, .until_at = TIME_NONE}),
	    "Grain");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_checked_fixture(tc, open_db, close_db);
	tcase_add_test(tc, test_a_new_file_goes_through_all_steps);
	tcase_add_test(tc, test_an_old_file_goes_through_the_new_steps_only_and_keeps_its_rows);
	tcase_add_test(tc, test_a_step_that_fails_leaves_the_one_before_it);
	tcase_add_test(tc, test_a_new_file_is_made_whole_or_not_at_all);
	tcase_add_test(tc, test_a_newer_file_is_refused_and_untouched);
	tcase_add_loop_test(tc, test_a_database_of_another_program_is_refused, 0, 3);
	tcase_add_test(tc, test_the_first_released_schema_still_comes_up);
}

int
main(void)
{
	return tap_run("store/migrate", suite);
}
