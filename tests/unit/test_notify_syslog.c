#include "notify_rig.h"

#include "base/utf8.h"

#include <sys/socket.h>
#include <sys/un.h>

static int daemon_fd = -1;
static char got[65536];
static int64_t wait_ms;

/* A log daemon of our own at rig_path("log"). */
static void
listen_at(const char *name)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	snprintf(sa.sun_path, sizeof sa.sun_path, "%s", rig_path(name));
	unlink(sa.sun_path);
	daemon_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(bind(daemon_fd, (struct sockaddr *)&sa, sizeof sa), 0);
}

static struct str
receive(void)
{
	ssize_t n = recv(daemon_fd, got, sizeof got, 0);
	return n < 0 ? STR_NONE : (struct str){got, (size_t)n};
}

static void
start(const char *type)
{
	setenv("TZ", "UTC", 1);
	if (rig.base == NULL) {
		rig_start(NULL, 0);
		notify_free(rig.notify);
		listen_at("log");
	}
	rig_start(
	    &(struct notify_sink){
	        .key = STR_LIT("log"), .type = str_from(type), .path = str_from(rig_path("log")), .timeout_ms = wait_ms},
	    1);
}

static void
send_row(int64_t row, const struct record *r)
{
	struct err err;
	ck_assert_int_eq(rig_send("log", row, r, &err), 0);
	rig_wait((size_t)row + 1, 10);
}

START_TEST(test_syslog_gets_a_line_with_its_priority)
{
	start("syslog");
	send_row(0, NULL);
	ck_assert_result(0, ERR_NONE, "");
	char want[80];
	snprintf(want, sizeof want, "<28>Nov 23 14:35:00 tidings[%ld]: 2026-11-23T14:35:00Z 42 high", (long)getpid());
	struct str line = receive();
	ck_assert_msg(str_starts(line, str_from(want)), "%.*s", STR_ARG(line));
	ck_assert_int_eq(str_find(line, STR_LIT("\n"), 0), -1);
	rig_end();
}
END_TEST

START_TEST(test_the_journal_gets_fields)
{
	static const char *const fields[] = {"PRIORITY=4\n", "SYSLOG_IDENTIFIER=tidings\n",
	    "TIDINGS_NOTIFICATION_ID=n-0001\n", "TIDINGS_ITEM=42\n", "TIDINGS_FEED=bbc-world\n",
	    "TIDINGS_SEVERITY=high\n", "TIDINGS_TITLE=Zelenskiy meets envoys in Geneva\n", "TIDINGS_ACTOR=zelenskiy\n",
	    "TIDINGS_TOPIC=peace-plan\n", "TIDINGS_WATCH=talks\nTIDINGS_WATCH=ukraine\n"};
	start("journal");
	send_row(0, NULL);
	ck_assert_result(0, ERR_NONE, "");
	struct str entry = receive();
	ck_assert(str_starts(entry, STR_LIT("MESSAGE=2026-11-23T14:35:00Z 42 high bbc-world")));
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		ck_assert_msg(str_find(entry, str_from(fields[i]), 0) > 0, "%s", fields[i]);
	rig_end();
}
END_TEST

START_TEST(test_hostile_text_forges_neither_line_nor_field)
{
	struct record r = sample_evil_record();
	r.title = STR_LIT("a\nPRIORITY=0\n_UID=0\n<0>kernel: panic");
	start("journal");
	send_row(0, &r);
	struct str entry = receive(), line;
	ck_assert(utf8_valid(entry));
	while (str_split(&entry, '\n', &line)) {
		ck_assert(str_starts(line, STR_LIT("MESSAGE=")) || str_starts(line, STR_LIT("TIDINGS_")) ||
		          str_starts(line, STR_LIT("SYSLOG_")) || str_is(line, "PRIORITY=2"));
	}
	notify_free(rig.notify);
	start("syslog");
	send_row(1, &r);
	entry = receive();
	ck_assert(str_starts(entry, STR_LIT("<26>Nov 23")));
	for (size_t i = 0; i < entry.len; i++)
		ck_assert_uint_ge((unsigned char)entry.s[i], 0x20);
	rig_end();
}
END_TEST

START_TEST(test_a_giant_item_fits_a_datagram)
{
	static char giant[4 << 20];
	static struct str watches[1000];
	struct record r = sample_record();
	memset(giant, 'x', sizeof giant);
	for (size_t i = 0; i < 1000; i++)
		watches[i] = (struct str){giant, 300};
	r.title = r.link = r.feed_key = r.content = (struct str){giant, sizeof giant};
	r.watches = watches;
	r.watch_count = 1000;
	start("journal");
	send_row(0, &r);
	ck_assert_result(0, ERR_NONE, "");
	ck_assert_uint_gt(receive().len, 4000);
	rig_end();
}
END_TEST

START_TEST(test_a_daemon_started_anew_is_found_and_one_that_is_away_is_temporary)
{
	start("syslog");
	send_row(0, NULL);
	close(daemon_fd);
	listen_at("log");
	send_row(1, NULL);
	ck_assert_result(1, ERR_NONE, "");
	ck_assert_uint_gt(receive().len, 0);
	close(daemon_fd);
	send_row(2, NULL);
	ck_assert_result(2, ERR_SINK_TEMPORARY, "Connection refused");
	unlink(rig_path("log"));
	send_row(3, NULL);
	ck_assert_result(3, ERR_SINK_TEMPORARY, "No such file");
	rig_end();
}
END_TEST

/* Sends until one has to wait, since the daemon's queue is full; gives its row. */
static int64_t
fill_queue(void)
{
	struct err err;
	for (int64_t sent = 0; sent < 100000; sent++) {
		size_t before = rig.told;
		ck_assert_int_eq(rig_send("log", sent % 64, NULL, &err), 0);
		for (int turn = 0; turn < 3 && rig.told == before; turn++)
			event_base_loop(rig.base, EVLOOP_NONBLOCK);
		if (rig.told == before)
			return sent % 64;
		ck_assert_int_eq(rig.results[sent % 64].error.code, ERR_NONE);
	}
	ck_abort_msg("the queue is never full");
	return -1;
}

START_TEST(test_what_does_not_go_in_waits_for_room)
{
	struct err err;
	start("syslog");
	int64_t row = fill_queue();
	ck_assert_int_eq(rig_send("log", (row + 1) % 64, NULL, &err), 0);
	while (receive().len > 0)
		;
	rig_wait(rig.told + 2, 10);
	ck_assert_int_eq(rig.results[row].error.code, ERR_NONE);
	ck_assert_int_eq(rig.results[(row + 1) % 64].error.code, ERR_NONE);
	ck_assert_uint_gt(receive().len, 0);
	ck_assert_uint_gt(receive().len, 0);
	ck_assert_uint_eq(receive().len, 0);
	rig_end();
}
END_TEST

START_TEST(test_a_daemon_that_does_not_read_is_temporary)
{
	struct err err;
	wait_ms = 100;
	start("syslog");
	int64_t row = fill_queue();
	rig_wait(rig.told + 1, 10);
	ck_assert_int_eq(rig.results[row].error.code, ERR_SINK_TEMPORARY);
	ck_assert_ptr_nonnull(strstr(rig.results[row].error.msg, "does not read"));
	while (receive().len > 0)
		;
	ck_assert_int_eq(rig_send("log", 0, NULL, &err), 0);
	rig_wait(rig.told + 1, 10);
	ck_assert_int_eq(rig.results[0].error.code, ERR_NONE);
	fill_queue();
	rig_end(); /* with one that waits */
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_syslog_gets_a_line_with_its_priority);
	tcase_add_test(tc, test_the_journal_gets_fields);
	tcase_add_test(tc, test_hostile_text_forges_neither_line_nor_field);
	tcase_add_test(tc, test_a_giant_item_fits_a_datagram);
	tcase_add_test(tc, test_a_daemon_started_anew_is_found_and_one_that_is_away_is_temporary);
	tcase_add_test(tc, test_what_does_not_go_in_waits_for_room);
	tcase_add_test(tc, test_a_daemon_that_does_not_read_is_temporary);
}

int
main(void)
{
	return tap_run("notify/syslog", suite);
}
