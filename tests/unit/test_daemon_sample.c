#include "tap.h"

#include "base/log.h"
#include "daemon/sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define AT 1795444500000 /* 2026-11-23 */
#define SAMPLE_NAME "2026-11-23T14:35:00Z-news.sample"

static char home[] = "/tmp/test_daemon_sample.XXXXXX";

static const char *
path(const char *name)
{
	static char text[4][256];
	static unsigned turn;
	char *p = text[turn++ % 4];
	snprintf(p, sizeof text[0], "%s/%s", home, name);
	return p;
}

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(path(name), "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static const char *
content(const char *name)
{
	static char text[64];
	FILE *f = fopen(path(name), "r");
	size_t n = f != NULL ? fread(text, 1, sizeof text - 1, f) : 0;
	text[n] = '\0';
	if (f != NULL)
		fclose(f);
	return f != NULL ? text : "none";
}

static void
keep(void)
{
	sample_keep(str_from(path("tidings.db")), STR_LIT("news"), AT, STR_LIT("<rss>deadly"));
}

static void
setup(void)
{
	snprintf(home, sizeof home, "/tmp/test_daemon_sample.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home));
	log_set_level(LOG_LEVEL_ERROR);
	put("precious", "precious");
}

static void
teardown(void)
{
	char command[300];
	snprintf(command, sizeof command, "rm -rf %s", home);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(test_a_sample_lies_beside_the_database_for_its_owner_only)
{
	struct stat st;
	keep();
	ck_assert_str_eq(content("samples/" SAMPLE_NAME), "<rss>deadly");
	ck_assert_int_eq(stat(path("samples/" SAMPLE_NAME), &st), 0);
	ck_assert_uint_eq(st.st_mode & 077, 0);
	ck_assert_int_eq(stat(path("samples"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 077, 0);
}
END_TEST

/* Whoever may write into the directory does not choose what we write over. */
START_TEST(test_a_sample_is_not_written_through_a_link)
{
	ck_assert_int_eq(mkdir(path("samples"), 0700), 0);
	ck_assert_int_eq(symlink("../precious", path("samples/" SAMPLE_NAME)), 0);
	keep();
	ck_assert_str_eq(content("precious"), "precious");
}
END_TEST

START_TEST(test_samples_are_not_kept_in_a_directory_that_is_a_link)
{
	ck_assert_int_eq(mkdir(path("elsewhere"), 0700), 0);
	ck_assert_int_eq(symlink("elsewhere", path("samples")), 0);
	keep();
	ck_assert_str_eq(content("elsewhere/" SAMPLE_NAME), "none");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_sample_lies_beside_the_database_for_its_owner_only);
	tcase_add_test(tc, test_a_sample_is_not_written_through_a_link);
	tcase_add_test(tc, test_samples_are_not_kept_in_a_directory_that_is_a_link);
}

int
main(void)
{
	return tap_run("daemon/sample", suite);
}
