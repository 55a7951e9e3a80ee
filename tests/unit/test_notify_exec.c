#include "notify_rig.h"

#include "base/utf8.h"
#include "notify/sink_exec.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

/* A sink "hook" that runs `sh -c script` in the rig's directory, which the script finds in $1. */
static void
start_shell(const char *script, int64_t timeout_ms, unsigned concurrency)
{
	struct str command[] = {STR_LIT("/bin/sh"), STR_LIT("-c"), str_from(script), STR_LIT("hook"), STR_NONE};
	if (rig.base == NULL) {
		rig.base = event_base_new();
		snprintf(rig.dir, sizeof rig.dir, "/tmp/tidings-test-XXXXXX");
		ck_assert(mkdtemp(rig.dir) != NULL);
	}
	command[4] = str_from(rig.dir);
	rig_start(&(struct notify_sink){.key = STR_LIT("hook"),
	              .type = STR_LIT("exec"),
	              .command = command,
	              .command_count = 5,
	              .timeout_ms = timeout_ms,
	              .concurrency = concurrency},
	    1);
}

static void
send_one(const struct record *record, int seconds)
{
	struct err err;
	ck_assert_msg(rig_send("hook", 0, record, &err) == 0, "%s", err.msg);
	rig_wait(1, seconds);
}

START_TEST(test_a_hook_gets_the_notification_as_json)
{
	start_shell("cat > $1/in; echo fine", 5000, 1);
	send_one(NULL, 10);
	ck_assert_result(0, ERR_NONE, "");
	struct str in = rig_file(rig_path("in"));
	json_t *j = json_loadb(in.s, in.len, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(j, "id")), "n-0001");
	ck_assert_str_eq(json_string_value(json_object_get(json_object_get(j, "item"), "title")),
	    "Zelenskiy meets envoys in Geneva");
	json_decref(j);
	rig_end();
}
END_TEST

static const struct {
	const char *script;
	enum err_code code;
	const char *says;
} exits[] = {
    {"exit 0", ERR_NONE, ""},
    {"echo first; echo 'no such room' >&2; exit 1", ERR_SINK_TEMPORARY,
        "the command failed (exit status 1): no such room"},
    {"echo bad data; exit 65", ERR_SINK_REFUSED, "refused"},
    {"exit 75", ERR_SINK_TEMPORARY, "asks to be tried again"},
    {"exit 126", ERR_SINK_TEMPORARY, "could not be run"},
    {"exec /nonexistent/program", ERR_SINK_TEMPORARY, "not found (exit status 127)"},
    {"kill -9 $$", ERR_SINK_TEMPORARY, "ended by signal 9"},
    {"kill -PIPE $$", ERR_SINK_TEMPORARY, "ended by signal 13"},
    {"printf 'x\\033[2Jy\\n\\n \\n'; exit 2", ERR_SINK_TEMPORARY, "(exit status 2): x\\x1b[2Jy"},
};

START_TEST(test_each_way_to_end_has_its_outcome)
{
	start_shell(exits[_i].script, 5000, 1);
	send_one(NULL, 10);
	ck_assert_result(0, exits[_i].code, exits[_i].says);
	rig_end();
}
END_TEST

static void
make_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");
	fputs(text, f);
	fclose(f);
	ck_assert_int_eq(chmod(path, mode), 0);
}

START_TEST(test_a_program_that_cannot_be_started_is_tried_again)
{
	static const char *const says[] = {
	    "No such file", "Permission denied", "Exec format error", "Permission denied"};
	struct err err;
	rig_start(NULL, 0);
	notify_free(rig.notify);
	struct str paths[] = {
	    str_from(rig_path("missing")), str_from(rig_path("plain")), str_from(rig_path("text")), str_from(rig.dir)};
	make_file(paths[1].s, "#!/bin/sh\n", 0644);
	make_file(paths[2].s, "no interpreter\n", 0755);
	struct notify_sink sinks[4];
	for (size_t i = 0; i < 4; i++) {
		static const char *const keys[] = {"a", "b", "c", "d"};
		sinks[i] = (struct notify_sink){
		    .key = str_from(keys[i]), .type = STR_LIT("exec"), .command = &paths[i], .command_count = 1};
	}
	rig_start(sinks, 4);
	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(rig_send(sinks[i].key.s, (int64_t)i, NULL, &err), 0);
	rig_wait(4, 10);
	for (size_t i = 0; i < 4; i++)
		ck_assert_result(i, ERR_SINK_TEMPORARY, says[i]);
	rig_end();
}
END_TEST

START_TEST(test_a_hook_that_hangs_is_ended_at_its_deadline)
{
	int64_t before = clock_boot_ms();
	start_shell("sleep 1000", 200, 1);
	send_one(NULL, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "had not ended after 200 ms");
	ck_assert_int_lt(clock_boot_ms() - before, 2000);
	rig_end();
}
END_TEST

START_TEST(test_a_hook_that_ignores_sigterm_is_killed)
{
	start_shell("trap '' TERM; echo stubborn; while :; do sleep 1; done", 100, 1);
	send_one(NULL, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "had not ended after 100 ms: stubborn");
	rig_end();
}
END_TEST

START_TEST(test_a_gigabyte_of_output_costs_no_memory)
{
	start_shell("head -c 1073741824 /dev/zero; echo; echo last words; exit 3", 60000, 1);
	send_one(NULL, 60);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "(exit status 3): last words");
	rig_end();
}
END_TEST

START_TEST(test_a_hook_need_not_read_its_input)
{
	static char big[1 << 20];
	struct record r = sample_record();
	memset(big, 'x', sizeof big);
	r.content = (struct str){big, sizeof big};
	start_shell("exec <&-; exit 0", 5000, 1);
	send_one(&r, 10);
	ck_assert_result(0, ERR_NONE, "");
	rig_end();
}
END_TEST

START_TEST(test_a_large_item_arrives_whole)
{
	static char big[4 << 20];
	struct record r = sample_record();
	memset(big, 'x', sizeof big);
	r.content = (struct str){big, sizeof big};
	start_shell("wc -c > $1/size", 20000, 1);
	send_one(&r, 30);
	ck_assert_result(0, ERR_NONE, "");
	ck_assert_int_gt(rig_number(rig_path("size")), (long)sizeof big);
	rig_end();
}
END_TEST

START_TEST(test_an_item_beyond_all_measure_is_told_without_its_html)
{
	static char big[NOTIFY_BODY_MAX];
	struct record r = sample_record();
	memset(big, 'x', sizeof big);
	r.content_html = r.content = (struct str){big, sizeof big};
	start_shell("cat > $1/in", 20000, 1);
	send_one(&r, 30);
	ck_assert_result(0, ERR_NONE, "");
	struct str in = rig_file(rig_path("in"));
	json_t *j = json_loadb(in.s, in.len, 0, NULL), *item = json_object_get(j, "item");
	ck_assert(json_is_null(json_object_get(item, "content_html")));
	ck_assert_uint_eq(json_string_length(json_object_get(item, "content")), NOTIFY_BODY_MAX / 64);
	json_decref(j);
	rig_end();
}
END_TEST

/* 'Z' or gone: whoever inherits the orphan may not have waited for it yet. */
static bool
is_dead(long pid)
{
	char path[64], state = 0;
	snprintf(path, sizeof path, "/proc/%ld/stat", pid);
	FILE *f = fopen(path, "r");
	if (f == NULL)
		return true;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 'X';
	fclose(f);
	return state == 'Z' || state == 'X';
}

static bool
dies_within(long pid, int64_t ms)
{
	int64_t until = clock_boot_ms() + ms;
	while (!is_dead(pid) && clock_boot_ms() < until)
		poll(NULL, 0, 2);
	return is_dead(pid);
}

START_TEST(test_what_a_hook_leaves_in_its_group_is_killed)
{
	start_shell("sleep 1000 & echo $! > $1/pid; exit 0", 5000, 1);
	send_one(NULL, 10);
	ck_assert_result(0, ERR_NONE, "");
	ck_assert(dies_within(rig_number(rig_path("pid")), 5000));
	rig_end();
}
END_TEST

START_TEST(test_a_daemon_that_holds_the_pipe_delays_nobody)
{
	int64_t before = clock_boot_ms();
	/* The hook waits until its daemon has left the group. */
	start_shell("setsid sh -c 'echo $$ > $1/pid; exec sleep 20' d $1 & while [ ! -s $1/pid ]; do :; done; exit 0",
	    10000, 1);
	send_one(NULL, 15);
	ck_assert_result(0, ERR_NONE, "");
	ck_assert_int_lt(clock_boot_ms() - before, 9000);
	long pid = rig_number(rig_path("pid"));
	ck_assert(!is_dead(pid));
	kill((pid_t)pid, SIGKILL);
	rig_end();
}
END_TEST

START_TEST(test_the_environment_is_small_and_holds_no_control_character)
{
	struct record r = sample_evil_record();
	static char giant[100000];
	memset(giant, 'k', sizeof giant);
	memcpy(giant, SAMPLE_EVIL, sizeof SAMPLE_EVIL - 1);
	r.feed_key = (struct str){giant, sizeof giant};
	setenv("SECRET_TOKEN", "do not leak", 1);
	setenv("TZ", "Europe/Kyiv", 1);
	start_shell("env -0 > $1/env", 5000, 1);
	send_one(&r, 10);
	ck_assert_result(0, ERR_NONE, "");
	struct str env = rig_file(rig_path("env")), one;
	ck_assert(utf8_valid(env));
	ck_assert_int_eq(str_find(env, STR_LIT("SECRET_TOKEN"), 0), -1);
	ck_assert_int_ge(str_find(env, STR_LIT("TZ=Europe/Kyiv"), 0), 0);
	ck_assert_int_ge(str_find(env, STR_LIT("TIDINGS_NOTIFICATION_ID=n-0001"), 0), 0);
	ck_assert_int_ge(str_find(env, STR_LIT("TIDINGS_SEVERITY=urgent"), 0), 0);
	while (str_split(&env, '\0', &one)) {
		ck_assert_uint_le(one.len, SINK_EXEC_ENV_MAX);
		for (size_t i = 0; i < one.len; i++)
			ck_assert_uint_ge((unsigned char)one.s[i], 0x20);
	}
	rig_end();
}
END_TEST

START_TEST(test_foreign_text_is_never_run)
{
	struct record r = sample_record();
	char evil[200];
	rig_start(NULL, 0);
	notify_free(rig.notify);
	snprintf(evil, sizeof evil, "$(touch %s) `touch %s`; touch %s\n-rf -- () { :; }", rig_path("x"), rig_path("x"),
	    rig_path("x"));
	r.title = r.feed_key = r.link = r.guid = str_from(evil);
	start_shell("cat > $1/in; printf %s \"$*\" > $1/args", 5000, 1);
	send_one(&r, 10);
	ck_assert_result(0, ERR_NONE, "");
	ck_assert_int_ne(access(rig_path("x"), F_OK), 0);
	ck_assert_str_is(rig_file(rig_path("args")), rig.dir);
	rig_end();
}
END_TEST

START_TEST(test_a_hook_has_a_group_of_its_own_default_signals_and_three_descriptors)
{
	start_shell("[ $(cut -d' ' -f5 /proc/$$/stat) = $$ ] || exit 1; for fd in /proc/$$/fd/*; do [ ! -e $fd ] || [ "
	            "${fd##*/} -le 2 ] || [ ${fd##*/} -ge 10 ] || exit 2; done;"
	            "grep -q '^SigBlk:.0*$' /proc/self/status || exit 3;"
	            "grep -q '^SigIgn:.0*\\(18\\)*0*$' /proc/self/status || exit 4",
	    5000, 1);                    /* 32 and 33 are the C library's */
	ck_assert_int_eq(dup2(1, 9), 9); /* one that is not closed on exec */
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	send_one(NULL, 10);
	ck_assert_result(0, ERR_NONE, "");
	rig_end();
}
END_TEST

static size_t
open_descriptors(void)
{
	size_t n = 0;
	DIR *d = opendir("/proc/self/fd");
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

START_TEST(test_concurrency_is_kept_and_nothing_leaks)
{
	struct err err;
	start_shell("exit 0", 5000, 3);
	size_t before = open_descriptors(), next = 0;
	while (rig.told < 60) {
		while (next < 60 && notify_room(rig.notify, STR_LIT("hook")) > 0)
			ck_assert_int_eq(rig_send("hook", (int64_t)next++, NULL, &err), 0);
		if (next < 60) {
			ck_assert_uint_eq(next - rig.told, 3);
			ck_assert_int_eq(rig_send("hook", 63, NULL, &err), -1);
			ck_assert_int_eq(err.code, ERR_SINK_TEMPORARY);
		}
		rig_wait(rig.told + 1, 10);
	}
	for (size_t i = 0; i < 60; i++)
		ck_assert_result(i, ERR_NONE, "");
	ck_assert_uint_eq(open_descriptors(), before);
	rig_end();
}
END_TEST

START_TEST(test_without_descriptors_it_is_tried_again)
{
	struct err err;
	start_shell("exit 0", 5000, 1);
	int fds[64];
	size_t n = 0;
	struct rlimit few;
	getrlimit(RLIMIT_NOFILE, &few);
	few.rlim_cur = 64;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	while (n < 64 && (fds[n] = dup(0)) >= 0)
		n++;
	ck_assert_uint_lt(n, 64);
	ck_assert_int_eq(rig_send("hook", 0, NULL, &err), 0);
	rig_wait(1, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "Too many open files");
	while (n > 0)
		close(fds[--n]);
	ck_assert_int_eq(rig_send("hook", 1, NULL, &err), 0);
	rig_wait(2, 10);
	ck_assert_result(1, ERR_NONE, "");
	rig_end();
}
END_TEST

START_TEST(test_notify_free_ends_children_and_tells_each_once)
{
	struct err err;
	int64_t before = clock_boot_ms();
	start_shell("trap '' TERM; echo $$ >> $1/pids; while :; do sleep 1; done", 60000, 3);
	for (int64_t i = 0; i < 3; i++)
		ck_assert_int_eq(rig_send("hook", i, NULL, &err), 0);
	while (rig_file(rig_path("pids")).len < 6 && clock_boot_ms() - before < 5000)
		poll(NULL, 0, 2);
	notify_free(rig.notify);
	rig.notify = NULL;
	ck_assert_int_lt(clock_boot_ms() - before, 8000);
	for (size_t i = 0; i < 3; i++)
		ck_assert_result(i, ERR_CANCELLED, "stopped");
	struct str pids = rig_file(rig_path("pids")), one;
	while (str_split(&pids, '\n', &one)) {
		int64_t pid;
		ck_assert(str_int(one, 1, INT32_MAX, &pid));
		ck_assert(is_dead((long)pid));
	}
	rig_end();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_hook_gets_the_notification_as_json);
	tcase_add_loop_test(tc, test_each_way_to_end_has_its_outcome, 0, sizeof exits / sizeof *exits);
	tcase_add_test(tc, test_a_program_that_cannot_be_started_is_tried_again);
	tcase_add_test(tc, test_a_hook_that_hangs_is_ended_at_its_deadline);
	tcase_add_test(tc, test_a_hook_that_ignores_sigterm_is_killed);
	tcase_add_test(tc, test_a_gigabyte_of_output_costs_no_memory);
	tcase_add_test(tc, test_a_hook_need_not_read_its_input);
	tcase_add_test(tc, test_a_large_item_arrives_whole);
	tcase_add_test(tc, test_an_item_beyond_all_measure_is_told_without_its_html);
	tcase_add_test(tc, test_what_a_hook_leaves_in_its_group_is_killed);
	tcase_add_test(tc, test_a_daemon_that_holds_the_pipe_delays_nobody);
	tcase_add_test(tc, test_the_environment_is_small_and_holds_no_control_character);
	tcase_add_test(tc, test_foreign_text_is_never_run);
	tcase_add_test(tc, test_a_hook_has_a_group_of_its_own_default_signals_and_three_descriptors);
	tcase_add_test(tc, test_concurrency_is_kept_and_nothing_leaks);
	tcase_add_test(tc, test_without_descriptors_it_is_tried_again);
	tcase_add_test(tc, test_notify_free_ends_children_and_tells_each_once);
}

int
main(void)
{
	return tap_run("notify/exec", suite);
}
