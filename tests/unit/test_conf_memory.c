/* Every allocation fails once, and from then on: no crash, no leak, and never half a configuration. */
#include "base/buf.h"
#include "conf/conf.h"
#include "failing_alloc.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char good[] =
    "[tidings]\ncontact = me\n[feed a]\nurl = https://a/\ntags = x y z\nheader = A: b\n"
    "[actor b]\nname[uk] = Назва\nname = two\n\tthree\n[topic c]\nphrase = d\n"
    "[watch e]\nactors = *\ntopics = c\nfeeds = a x\n[sink f]\ntype = exec\ncommand = a b\nargument = c d\n";
static const char bad[] =
    "[tidings]\nintervall = 1\ninterval = x\n[feed a]\n[nothing]\nx\n[watch e]\nactors = nobody\n";

/* Runs `work` with the nth allocation failing, for every n until none fails. It tells whether it succeeded. */
static void
sweep(bool (*work)(void), bool whole)
{
	for (int later = 0; later < 2; later++) {
		for (long n = 1;; n++) {
			failing_alloc_arm(n, later);
			bool done = work();
			if (!failing_alloc_fired()) {
				ck_assert(done == whole);
				ck_assert_int_gt(n, 10);
				break;
			}
			ck_assert_msg(n < 100000, "no end in sight");
		}
	}
}

/* Reading it must fail with a reason, or succeed in full. */
static bool
finish(struct conf *c, struct conf_report *report, size_t feeds)
{
	bool sane = (c == NULL) == (report->error_count > 0) && (c == NULL || c->feed_count == feeds);
	bool done = c != NULL;
	if (done) {
		struct watchlist *w = conf_compile_watchlist(c, report);
		sane = sane && (w == NULL) == (report->error_count > 0);
		done = w != NULL;
		watchlist_free(w);
	}
	conf_free(c);
	conf_report_done(report);
	if (!sane)
		abort();
	return done;
}

static bool
parse_good(void)
{
	struct conf_report report;
	conf_report_init(&report);
	return finish(conf_parse(str_from(good), STR_LIT("t"), &report), &report, 1);
}

static bool
parse_bad(void)
{
	struct conf_report report;
	conf_report_init(&report);
	return finish(conf_parse(str_from(bad), STR_LIT("t"), &report), &report, 1);
}

static char path[128];

static bool
load_files(void)
{
	struct conf_report report;
	conf_report_init(&report);
	return finish(conf_load(path, &report), &report, 3);
}

static bool
dump(void)
{
	struct conf_report report;
	struct buf out;
	conf_report_init(&report);
	buf_init(&out, 0);
	struct conf *c = conf_parse(str_from(good), STR_LIT("t"), &report);
	bool done = c != NULL && conf_dump(c, true, &out) == 0;
	buf_done(&out);
	conf_free(c);
	conf_report_done(&report);
	return done;
}

START_TEST(test_a_good_text_survives_any_failing_allocation)
{
	ck_assert(parse_good()); /* tables that are made once per process */
	sweep(parse_good, true);
}
END_TEST

START_TEST(test_a_bad_text_survives_any_failing_allocation)
{
	sweep(parse_bad, false);
}
END_TEST

START_TEST(test_a_dump_survives_any_failing_allocation)
{
	sweep(dump, true);
}
END_TEST

static void
put(const char *dir, const char *name, const char *text)
{
	char file[256];
	snprintf(file, sizeof file, "%s/%s", dir, name);
	FILE *f = fopen(file, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

START_TEST(test_files_survive_any_failing_allocation)
{
	static const char *const names[] = {"main.conf", "a.opml", "b.tsv"};
	char dir[] = "/tmp/test_conf_memory.XXXXXX", file[256];
	ck_assert_ptr_nonnull(mkdtemp(dir));
	put(dir, "main.conf",
	    "[tidings]\ninclude-opml = a.opml\ninclude-names = b.tsv\n[feed one]\nurl = https://one.example/\n");
	put(dir, "a.opml",
	    "<opml><body><outline text='f'><outline text='Two' xmlUrl='https://two.example/'/></outline>"
	    "<outline text='Three &amp; more' xmlUrl='https://three.example/'/><outline xmlUrl='x'/></body></opml>");
	put(dir, "b.tsv", "id\tkind\tlang\tname\na\tperson\ten\tAnna\n");
	snprintf(path, sizeof path, "%s/main.conf", dir);
	ck_assert(load_files());
	sweep(load_files, true);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(file, sizeof file, "%s/%s", dir, names[i]);
		ck_assert_int_eq(unlink(file), 0);
	}
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_good_text_survives_any_failing_allocation);
	tcase_add_test(tc, test_a_bad_text_survives_any_failing_allocation);
	tcase_add_test(tc, test_a_dump_survives_any_failing_allocation);
	tcase_add_test(tc, test_files_survive_any_failing_allocation);
}

int
main(void)
{
	return tap_run("conf/memory", suite);
}
