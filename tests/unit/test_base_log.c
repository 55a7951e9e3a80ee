#include "base/log.h"
#include "base/utf8.h"
#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/tidings-log-XXXXXX";
static char text[4 * LOG_LINE_MAX];

/* Standard error goes into a file that has no name any more. */
static void
setup(void)
{
	int fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	unlink(path);
	dup2(fd, STDERR_FILENO);
	close(fd);
	unsetenv("JOURNAL_STREAM");
}

static struct str
written(void)
{
	ssize_t n = pread(STDERR_FILENO, text, sizeof text - 1, 0);
	ck_assert_int_ge(n, 0);
	text[n] = '\0';
	return (struct str){text, (size_t)n};
}

static void
pretend_journal(void)
{
	struct stat st;
	char stream[64];
	fstat(STDERR_FILENO, &st);
	snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
}

START_TEST(test_a_line_has_time_level_and_text)
{
	setup();
	log_init(LOG_LEVEL_INFO);
	log_warn("feed %s", "bbc");
	struct str line = written();
	ck_assert_uint_eq(line.len, strlen("2026-11-23T14:35:00Z warn   feed bbc\n"));
	ck_assert(str_ends(line, STR_LIT("Z warn   feed bbc\n")));
}
END_TEST

START_TEST(test_foreign_text_cannot_forge_a_line_or_a_priority)
{
	setup();
	pretend_journal();
	log_init(LOG_LEVEL_INFO);
	log_info("title %s", "a\n<0>forged\r\x1b[31m\x7f\xC2\x9B\xE2\x80\xA8\xFF\xC3\xA9");
	ck_assert_str_is(
	    written(), "<6>title a\\x0a<0>forged\\x0d\\x1b[31m\\x7f\\xc2\\x9b\\xe2\\x80\\xa8\\xff\xC3\xA9\n");
}
END_TEST

START_TEST(test_only_the_journal_that_is_really_ours_gets_priorities)
{
	setup();
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_init(LOG_LEVEL_INFO);
	log_error("x");
	ck_assert(str_ends(written(), STR_LIT("Z error  x\n")));
}
END_TEST

START_TEST(test_long_lines_are_cut_between_characters)
{
	char foreign[3 * LOG_LINE_MAX + 1];
	for (size_t i = 0; i + 3 < sizeof foreign; i += 3)
		memcpy(foreign + i, "\xE2\x82\xAC", 4);
	setup();
	log_init(LOG_LEVEL_INFO);
	log_info("%s", foreign);
	struct str line = written();
	ck_assert_uint_le(line.len, LOG_LINE_MAX);
	ck_assert_uint_gt(line.len, LOG_LINE_MAX - 8);
	ck_assert(utf8_valid(line));
	ck_assert(str_ends(line, STR_LIT("\n")));
}
END_TEST

START_TEST(test_the_level_is_a_threshold)
{
	enum log_level level;
	setup();
	ck_assert(log_level_parse("notice", &level));
	log_init(level);
	log_info("not this");
	log_notice("this");
	log_set_level(LOG_LEVEL_ERROR);
	log_warn("nor this");
	ck_assert(str_ends(written(), STR_LIT("Z notice this\n")));
	ck_assert_int_eq(str_find((struct str){text, strlen(text)}, STR_LIT("not this"), 0), -1);
	ck_assert(!log_level_parse("loud", &level));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_line_has_time_level_and_text);
	tcase_add_test(tc, test_foreign_text_cannot_forge_a_line_or_a_priority);
	tcase_add_test(tc, test_only_the_journal_that_is_really_ours_gets_priorities);
	tcase_add_test(tc, test_long_lines_are_cut_between_characters);
	tcase_add_test(tc, test_the_level_is_a_threshold);
}

int
main(void)
{
	return tap_run("base/log", suite);
}
