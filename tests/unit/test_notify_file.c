#include "notify_rig.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/resource.h>

static void
start_file(const char *path, int64_t rotate_bytes, unsigned keep)
{
	rig_start(&(struct notify_sink){.key = STR_LIT("keep"),
	              .type = STR_LIT("file"),
	              .path = str_from(path),
	              .rotate_bytes = rotate_bytes,
	              .rotate_keep = keep},
	    1);
}

static void
make_dir(void)
{
	rig_start(NULL, 0);
	notify_free(rig.notify);
}

static void
send_rows(int64_t from, int64_t to)
{
	struct err err;
	for (int64_t i = from; i < to; i++)
		ck_assert_msg(rig_send("keep", i, NULL, &err) == 0, "%s", err.msg);
	rig_wait((size_t)to, 10);
}

/* How many lines; each must be a notification. */
static size_t
count_lines(const char *path)
{
	struct str all = rig_file(path), line;
	size_t n = 0;
	ck_assert(all.len == 0 || all.s[all.len - 1] == '\n');
	while (str_split(&all, '\n', &line)) {
		json_t *j = json_loadb(line.s, line.len, 0, NULL);
		ck_assert_str_eq(json_string_value(json_object_get(j, "type")), "match");
		json_decref(j);
		n++;
	}
	return n;
}

START_TEST(test_each_notification_is_a_line_of_json)
{
	make_dir();
	start_file(rig_path("out"), 0, 0);
	send_rows(0, 5);
	send_rows(5, 8);
	for (int64_t i = 0; i < 8; i++)
		ck_assert_result(i, ERR_NONE, "");
	ck_assert_uint_eq(count_lines(rig_path("out")), 8);
	rig_end();
}
END_TEST

START_TEST(test_a_large_file_is_put_aside_and_the_oldest_dropped)
{
	make_dir();
	start_file(rig_path("out"), 0, 0);
	send_rows(0, 1);
	size_t one = rig_file(rig_path("out")).len;
	notify_free(rig.notify);
	start_file(rig_path("out"), (int64_t)(3 * one + 10), 2);
	send_rows(1, 11);
	ck_assert_uint_eq(count_lines(rig_path("out")), 2);
	ck_assert_uint_eq(count_lines(rig_path("out.1")), 3);
	ck_assert_uint_eq(count_lines(rig_path("out.2")), 3);
	ck_assert_int_ne(access(rig_path("out.3"), F_OK), 0);
	for (int64_t i = 0; i < 11; i++)
		ck_assert_result(i, ERR_NONE, "");
	rig_end();
}
END_TEST

START_TEST(test_a_file_renamed_by_others_is_made_anew)
{
	make_dir();
	start_file(rig_path("out"), 0, 0);
	send_rows(0, 2);
	ck_assert_int_eq(rename(rig_path("out"), rig_path("moved")), 0);
	send_rows(2, 3);
	ck_assert_uint_eq(count_lines(rig_path("moved")), 2);
	ck_assert_uint_eq(count_lines(rig_path("out")), 1);
	rig_end();
}
END_TEST

static const char *const torn[] = {"", "{\"schema\":1,\"type\":\"ma", "x\n{\"schema\"", "x\n"};

START_TEST(test_a_line_that_a_crash_cut_short_is_taken_away)
{
	make_dir();
	struct str kept = str_from(torn[_i]);
	FILE *f = fopen(rig_path("out"), "w");
	fputs(torn[_i], f);
	if (_i == 1) { /* longer than what is looked at in one go */
		for (int i = 0; i < 200000; i++)
			fputc('y', f);
	}
	fclose(f);
	start_file(rig_path("out"), 0, 0);
	send_rows(0, 1);
	ck_assert_result(0, ERR_NONE, "");
	kept.len = _i >= 2 ? 2 : 0;
	struct str all = rig_file(rig_path("out"));
	ck_assert(str_starts(all, kept));
	ck_assert(str_starts(
	    (struct str){all.s + kept.len, all.len - kept.len}, STR_LIT("{\"schema\":1,\"type\":\"match\"")));
	rig_end();
}
END_TEST

START_TEST(test_a_full_disk_leaves_no_half_line_and_is_temporary)
{
	struct rlimit whole, small;
	getrlimit(RLIMIT_FSIZE, &whole);
	sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	make_dir();
	start_file(rig_path("out"), 0, 0);
	send_rows(0, 1);
	size_t one = rig_file(rig_path("out")).len;
	small = (struct rlimit){2 * one + one / 2, whole.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	send_rows(1, 4);
	setrlimit(RLIMIT_FSIZE, &whole);
	ck_assert_result(1, ERR_NONE, "");
	ck_assert_result(2, ERR_SINK_TEMPORARY, "File too large");
	ck_assert_result(3, ERR_SINK_TEMPORARY, "File too large");
	ck_assert_uint_eq(count_lines(rig_path("out")), 2);
	send_rows(4, 6);
	ck_assert_uint_eq(count_lines(rig_path("out")), 4);
	rig_end();
}
END_TEST

START_TEST(test_a_path_that_is_no_file_is_temporary)
{
	make_dir();
	start_file("/dev/full", 0, 0);
	send_rows(0, 1);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "no regular file");
	notify_free(rig.notify);
	start_file(rig_path("no/such"), 0, 0);
	send_rows(1, 2);
	ck_assert_result(1, ERR_SINK_TEMPORARY, "No such file");
	rig_end();
}
END_TEST

START_TEST(test_a_file_sink_needs_a_path)
{
	struct err err;
	struct event_base *base = event_base_new();
	ck_assert(
	    notify_new(base, &(struct notify_sink){.key = STR_LIT("k"), .type = STR_LIT("file")}, 1, &err) == NULL);
	ck_assert_str_eq(err.msg, "sink k: a file sink needs a path");
	event_base_free(base);
}
END_TEST

START_TEST(test_what_waits_when_it_ends_is_told_as_cancelled)
{
	struct err err;
	make_dir();
	start_file(rig_path("out"), 0, 0);
	for (int64_t i = 0; i < 3; i++)
		ck_assert_int_eq(rig_send("keep", i, NULL, &err), 0);
	rig_end();
	for (int64_t i = 0; i < 3; i++)
		ck_assert_result(i, ERR_CANCELLED, "stopped");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_each_notification_is_a_line_of_json);
	tcase_add_test(tc, test_a_large_file_is_put_aside_and_the_oldest_dropped);
	tcase_add_test(tc, test_a_file_renamed_by_others_is_made_anew);
	tcase_add_loop_test(tc, test_a_line_that_a_crash_cut_short_is_taken_away, 0, 4);
	tcase_add_test(tc, test_a_full_disk_leaves_no_half_line_and_is_temporary);
	tcase_add_test(tc, test_a_path_that_is_no_file_is_temporary);
	tcase_add_test(tc, test_a_file_sink_needs_a_path);
	tcase_add_test(tc, test_what_waits_when_it_ends_is_told_as_cancelled);
}

int
main(void)
{
	return tap_run("notify/file", suite);
}
