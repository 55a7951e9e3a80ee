#include "notify_rig.h"

#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* A sink "out" that prints to `name` in the rig's directory, or to standard output for NULL. */
static void
start_print(const char *name, const char *format, int64_t timeout_ms)
{
	if (rig.base == NULL) {
		rig_start(NULL, 0);
		notify_free(rig.notify);
	}
	rig_start(&(struct notify_sink){.key = STR_LIT("out"),
	              .type = STR_LIT("print"),
	              .format = str_from(format),
	              .path = name ? str_from(*name == '/' ? name : rig_path(name)) : STR_NONE,
	              .timeout_ms = timeout_ms,
	              .concurrency = 40},
	    1);
}

static void
send_row(int64_t row)
{
	struct err err;
	ck_assert_msg(rig_send("out", row, NULL, &err) == 0, "%s", err.msg);
}

START_TEST(test_each_format_goes_to_the_file)
{
	static const char *const formats[] = {"human", "line", "json", ""};
	static const char *const starts[] = {"2026-11-23 14:35 UTC · Example World",
	    "2026-11-23T14:35:00Z 42 high bbc-world ", "{\"schema\":1,\"type\":\"match\",\"id\":\"n-0001\"",
	    "2026-11-23 14:35 UTC"};
	start_print("out", formats[_i], 1000);
	send_row(0);
	send_row(1);
	rig_wait(2, 10);
	ck_assert_result(0, ERR_NONE, "");
	struct str all = rig_file(rig_path("out")), start = str_from(starts[_i]);
	ck_assert(str_starts(all, start));
	ck_assert_int_eq(str_find(all, start, 1), (ptrdiff_t)all.len / 2);
	ck_assert_int_eq(all.s[all.len - 1], '\n');
	rig_end();
}
END_TEST

START_TEST(test_a_format_that_does_not_exist_names_the_sink)
{
	struct err err;
	struct event_base *base = event_base_new();
	struct notify_sink bad[] = {
	    {.key = STR_LIT("desk"), .type = STR_LIT("print"), .format = STR_LIT("xml")},
	    {.key = STR_LIT("desk"), .type = STR_LIT("pigeon")},
	    {.key = STR_LIT("desk"), .type = STR_LIT("exec")},
	};
	static const char *const says[] = {
	    "sink desk: there is no format", "sink desk: there is no sink type “pigeon”", "needs a command"};
	for (size_t i = 0; i < 3; i++) {
		ck_assert(notify_new(base, &bad[i], 1, &err) == NULL);
		ck_assert_int_eq(err.code, ERR_CONFIG);
		ck_assert_msg(strstr(err.msg, says[i]) != NULL, "%s", err.msg);
	}
	struct notify_sink twice[] = {
	    {.key = STR_LIT("a"), .type = STR_LIT("print")}, {.key = STR_LIT("a"), .type = STR_LIT("print")}};
	ck_assert(notify_new(base, twice, 2, &err) == NULL);
	event_base_free(base);
}
END_TEST

START_TEST(test_a_rotated_file_is_opened_anew)
{
	start_print("out", "line", 1000);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_int_eq(rename(rig_path("out"), rig_path("out.1")), 0);
	send_row(1);
	rig_wait(2, 10);
	ck_assert_int_eq(unlink(rig_path("out")), 0);
	send_row(2);
	rig_wait(3, 10);
	size_t one = rig_file(rig_path("out.1")).len;
	ck_assert_uint_gt(one, 50);
	ck_assert_uint_eq(rig_file(rig_path("out")).len, one);
	rig_end();
}
END_TEST

START_TEST(test_a_full_disk_is_temporary)
{
	start_print("/dev/full", "line", 1000);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "No space left");
	rig_end();
}
END_TEST

/* RLIMIT_FSIZE cuts a write in the middle, as a disk that fills up does. */
START_TEST(test_a_write_cut_short_leaves_no_half_line)
{
	struct rlimit whole, small;
	getrlimit(RLIMIT_FSIZE, &whole);
	sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
	start_print("out", "line", 1000);
	send_row(0);
	rig_wait(1, 10);
	size_t one = rig_file(rig_path("out")).len;
	small = (struct rlimit){one + one / 2, whole.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	send_row(1);
	rig_wait(2, 10);
	setrlimit(RLIMIT_FSIZE, &whole);
	ck_assert_result(1, ERR_SINK_TEMPORARY, "File too large");
	ck_assert_uint_eq(rig_file(rig_path("out")).len, one);
	send_row(2);
	rig_wait(3, 10);
	ck_assert_uint_eq(rig_file(rig_path("out")).len, 2 * one);
	rig_end();
}
END_TEST

START_TEST(test_a_directory_that_is_missing_is_temporary)
{
	start_print("no/such/dir", "line", 1000);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "No such file");
	rig_end();
}
END_TEST

static size_t
read_all(int fd, struct buf *into)
{
	char chunk[4096];
	ssize_t n;
	while ((n = read(fd, chunk, sizeof chunk)) > 0)
		buf_add(into, chunk, (size_t)n);
	return into->len;
}

/* Fills a pipe, lets the deadline pass, reads: every line is whole, and those told delivered are there. */
START_TEST(test_a_pipe_that_nobody_reads_neither_blocks_nor_tears_lines)
{
	static char big[25000]; /* so that the third begins and does not end */
	struct record r = sample_record();
	struct buf got;
	struct err err;
	rig_start(NULL, 0);
	notify_free(rig.notify);
	ck_assert_int_eq(mkfifo(rig_path("fifo"), 0600), 0);
	int reader = open(rig_path("fifo"), O_RDONLY | O_NONBLOCK);
	memset(big, 'x', sizeof big);
	r.content = (struct str){big, sizeof big};
	start_print("fifo", "json", 150);
	for (int64_t i = 0; i < 10; i++)
		ck_assert_int_eq(rig_send("out", i, &r, &err), 0);
	rig_wait(10, 10);
	size_t delivered = 0;
	for (int64_t i = 0; i < 10; i++) {
		delivered += rig.results[i].error.code == ERR_NONE;
		if (rig.results[i].error.code != ERR_NONE)
			ck_assert_result(i, ERR_SINK_TEMPORARY, "nobody reads");
	}
	ck_assert_uint_gt(delivered, 0);
	ck_assert_uint_lt(delivered, 10);
	buf_init(&got, 0);
	read_all(reader, &got);
	ck_assert_int_ne(got.data[got.len - 1], '\n');
	ck_assert_int_eq(rig_send("out", 10, NULL, &err), 0); /* after the rest of the line that had begun */
	rig_wait(11, 10);
	ck_assert_result(10, ERR_NONE, "");
	read_all(reader, &got);
	struct str all = buf_view(&got), line;
	size_t lines = 0;
	while (str_split(&all, '\n', &line)) {
		lines++;
		ck_assert(line.s[0] == '{' && line.s[line.len - 1] == '}');
		ck_assert(str_starts(line, STR_LIT("{\"schema\":1,\"type\"")));
	}
	ck_assert_uint_eq(lines, delivered + 2);
	buf_done(&got);
	close(reader);
	rig_end();
}
END_TEST

START_TEST(test_a_slow_reader_gets_everything_in_order)
{
	static char big[20000];
	struct record r = sample_record();
	struct err err;
	struct buf got;
	int64_t until = clock_boot_ms() + 10000;
	rig_start(NULL, 0);
	notify_free(rig.notify);
	ck_assert_int_eq(mkfifo(rig_path("fifo"), 0600), 0);
	int reader = open(rig_path("fifo"), O_RDONLY | O_NONBLOCK);
	memset(big, 'x', sizeof big);
	r.content = (struct str){big, sizeof big};
	start_print("fifo", "json", 5000);
	for (int64_t i = 0; i < 20; i++) {
		r.id = 1000 + i;
		ck_assert_int_eq(rig_send("out", i, &r, &err), 0);
	}
	buf_init(&got, 0);
	while (rig.told < 20 && clock_boot_ms() < until) {
		event_base_loop(rig.base, EVLOOP_NONBLOCK);
		read_all(reader, &got);
	}
	read_all(reader, &got);
	ptrdiff_t at = 0;
	for (int64_t i = 0; i < 20; i++) {
		char id[32];
		ck_assert_result(i, ERR_NONE, "");
		snprintf(id, sizeof id, "\"id\":%d,", (int)(1000 + i));
		at = str_find(buf_view(&got), str_from(id), (size_t)at);
		ck_assert_int_ge(at, 0);
	}
	buf_done(&got);
	close(reader);
	rig_end();
}
END_TEST

START_TEST(test_a_reader_that_went_away_is_temporary)
{
	rig_start(NULL, 0);
	notify_free(rig.notify);
	ck_assert_int_eq(mkfifo(rig_path("fifo"), 0600), 0);
	start_print("fifo", "line", 1000);
	send_row(0);
	rig_wait(1, 10);
	ck_assert_result(0, ERR_SINK_TEMPORARY, "nobody reads");
	int reader = open(rig_path("fifo"), O_RDONLY | O_NONBLOCK);
	send_row(1);
	rig_wait(2, 10);
	ck_assert_result(1, ERR_NONE, "");
	close(reader);
	send_row(2);
	rig_wait(3, 10);
	ck_assert_result(2, ERR_SINK_TEMPORARY, "Broken pipe");
	rig_end();
}
END_TEST

/* Standard output in three shapes; each test has a process of its own, so it may be replaced. */
static void
print_to(int fd, int reader)
{
	struct buf got;
	int flags = fcntl(fd, F_GETFL);
	ck_assert_int_eq(dup2(fd, STDOUT_FILENO), STDOUT_FILENO);
	start_print(NULL, "line", 1000);
	send_row(0);
	send_row(1);
	rig_wait(2, 10);
	ck_assert_result(0, ERR_NONE, "");
	ck_assert_int_eq(fcntl(STDOUT_FILENO, F_GETFL), flags); /* others share it */
	buf_init(&got, 0);
	fcntl(reader, F_SETFL, O_NONBLOCK);
	read_all(reader, &got);
	ck_assert(str_starts(buf_view(&got), STR_LIT("2026-11-23T14:35:00Z 42")));
	ck_assert_int_eq(got.data[got.len - 1], '\n');
	buf_done(&got);
	rig_end();
}

START_TEST(test_standard_output_may_be_a_pipe)
{
	int p[2];
	ck_assert_int_eq(pipe(p), 0);
	print_to(p[1], p[0]);
}
END_TEST

START_TEST(test_standard_output_may_be_a_socket)
{
	int p[2];
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
	print_to(p[1], p[0]);
}
END_TEST

START_TEST(test_standard_output_may_be_a_file)
{
	char path[] = "/tmp/tidings-test-XXXXXX";
	int fd = mkstemp(path), reader = open(path, O_RDONLY);
	print_to(fd, reader);
	unlink(path);
}
END_TEST

START_TEST(test_a_title_cannot_choose_its_priority_in_the_journal)
{
	struct record r = sample_record();
	struct err err;
	r.title = STR_LIT("<0>panic");
	r.link = STR_LIT("<1>x");
	r.match_count = 0;
	start_print("out", "human", 1000);
	ck_assert_int_eq(rig_send("out", 0, &r, &err), 0);
	rig_wait(1, 10);
	struct str all = rig_file(rig_path("out"));
	ck_assert_int_eq(str_find(all, STR_LIT("\n<"), 0), -1);
	ck_assert_int_gt(str_find(all, STR_LIT("\n <0>panic\n <1>x\n"), 0), 0);
	rig_end();
}
END_TEST

START_TEST(test_a_hanging_sink_delays_no_other)
{
	struct err err;
	struct str hang[] = {STR_LIT("sleep"), STR_LIT("1000")};
	rig_start(NULL, 0);
	notify_free(rig.notify);
	struct notify_sink two[] = {
	    {.key = STR_LIT("hook"), .type = STR_LIT("exec"), .command = hang, .command_count = 2, .timeout_ms = 60000},
	    {.key = STR_LIT("out"),
	        .type = STR_LIT("print"),
	        .format = STR_LIT("line"),
	        .path = str_from(rig_path("out"))},
	};
	rig_start(two, 2);
	ck_assert_int_eq(rig_send("hook", 0, NULL, &err), 0);
	for (int64_t i = 1; i < 20; i++) {
		ck_assert_int_eq(rig_send("out", i, NULL, &err), 0);
		rig_wait((size_t)i, 10);
		ck_assert_result(i, ERR_NONE, "");
	}
	ck_assert_uint_eq(rig.calls[0], 0);
	ck_assert_uint_eq(notify_room(rig.notify, STR_LIT("hook")), 0);
	ck_assert_uint_eq(notify_room(rig.notify, STR_LIT("nobody")), 0);
	ck_assert_int_eq(rig_send("nobody", 30, NULL, &err), -1);
	ck_assert_int_eq(err.code, ERR_NOT_FOUND);
	rig_end();
	ck_assert_result(0, ERR_CANCELLED, "stopped");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_each_format_goes_to_the_file, 0, 4);
	tcase_add_test(tc, test_a_format_that_does_not_exist_names_the_sink);
	tcase_add_test(tc, test_a_rotated_file_is_opened_anew);
	tcase_add_test(tc, test_a_full_disk_is_temporary);
	tcase_add_test(tc, test_a_write_cut_short_leaves_no_half_line);
	tcase_add_test(tc, test_a_directory_that_is_missing_is_temporary);
	tcase_add_test(tc, test_a_pipe_that_nobody_reads_neither_blocks_nor_tears_lines);
	tcase_add_test(tc, test_a_slow_reader_gets_everything_in_order);
	tcase_add_test(tc, test_a_reader_that_went_away_is_temporary);
	tcase_add_test(tc, test_standard_output_may_be_a_pipe);
	tcase_add_test(tc, test_standard_output_may_be_a_socket);
	tcase_add_test(tc, test_standard_output_may_be_a_file);
	tcase_add_test(tc, test_a_title_cannot_choose_its_priority_in_the_journal);
	tcase_add_test(tc, test_a_hanging_sink_delays_no_other);
}

int
main(void)
{
	return tap_run("notify/print", suite);
}
