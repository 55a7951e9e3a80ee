#include "base/buf.h"
#include "http/robots.h"
#include "tap.h"

static struct arena arena;
static struct robots robots;

static void
setup(void)
{
	arena_init(&arena, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
}

static void
read_text(struct str text)
{
	ck_assert_int_eq(robots_parse(text, STR_LIT("tidings"), &arena, &robots, NULL), 0);
}

static bool
may(const char *text, const char *target)
{
	read_text(str_from(text));
	return robots_allows(&robots, str_from(target));
}

START_TEST(test_the_group_that_names_us_wins_over_the_one_for_all)
{
	const char *text = "User-agent: *\nDisallow: /\n\nUser-Agent: Tidings\nDisallow: /private\n";
	ck_assert(may(text, "/news"));
	ck_assert(!may(text, "/private/x"));
	ck_assert(!may("User-agent: other\nAllow: /\n\nUser-agent: *\nDisallow: /\n", "/news"));
	ck_assert(may("User-agent: other\nDisallow: /\n", "/news"));
}
END_TEST

START_TEST(test_groups_that_name_us_count_as_one)
{
	const char *text = "user-agent: tidings\ndisallow: /a\nuser-agent: x\ndisallow: /b\nuser-agent: tidings/2.0\n"
	                   "user-agent: y\ndisallow: /c\n";
	ck_assert(!may(text, "/a"));
	ck_assert(may(text, "/b"));
	ck_assert(!may(text, "/c"));
}
END_TEST

START_TEST(test_another_product_whose_name_begins_like_ours_is_another)
{
	ck_assert(may("user-agent: tidingsbot\ndisallow: /\n", "/x"));
	ck_assert(may("user-agent: tid\ndisallow: /\n", "/x"));
}
END_TEST

/* The examples of RFC 9309 section 2.2.2 and 5. */
START_TEST(test_the_longest_match_decides_and_allow_wins_a_draw)
{
	const char *text = "User-Agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
	ck_assert(may(text, "/example/page/x"));
	ck_assert(!may(text, "/example/page/disallowed.gif"));
	ck_assert(may("User-agent: *\nDisallow: /folder\nAllow: /folder\n", "/folder/page"));
	ck_assert(!may("User-agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n", "/a/b.gif"));
	ck_assert(may("User-agent: *\nDisallow: *.gif$\n", "/a/b.gif?x"));
}
END_TEST

START_TEST(test_patterns_know_star_and_dollar)
{
	ck_assert(!may("User-agent: *\nDisallow: /*/print\n", "/news/12/print/1"));
	ck_assert(may("User-agent: *\nDisallow: /*/print$\n", "/news/12/print/1"));
	ck_assert(!may("User-agent: *\nDisallow: /*a*b$\n", "/xaxxbxb"));
	ck_assert(!may("User-agent: *\nDisallow: /*?\n", "/x?y=1"));
	ck_assert(may("User-agent: *\nDisallow: /$\n", "/x"));
	ck_assert(!may("User-agent: *\nDisallow: /$\n", "/"));
}
END_TEST

START_TEST(test_percent_encoding_is_compared_in_one_form)
{
	ck_assert(!may("User-agent: *\nDisallow: /foo/bar/ツ\n", "/foo/bar/%E3%83%84"));
	ck_assert(!may("User-agent: *\nDisallow: /foo/bar/%e3%83%84\n", "/foo/bar/ツ"));
	ck_assert(!may("User-agent: *\nDisallow: /foo/bar/%62%61%7A\n", "/foo/bar/baz"));
	ck_assert(may("User-agent: *\nDisallow: /a%2Fb\n", "/a/b"));
	ck_assert(!may("User-agent: *\nDisallow: /100%\n", "/100%"));
}
END_TEST

START_TEST(test_comments_blank_lines_and_odd_line_ends_do_not_matter)
{
	ck_assert(!may("\xEF\xBB\xBF# hello\rUser-agent : * # all\r\r\n\n  Disallow:/x#y\nnonsense\n: \n", "/x"));
	ck_assert(may("User-agent: *\nDisallow:\n", "/x"));
	ck_assert(may("Disallow: /\n", "/x"));
	ck_assert(may("", "/x"));
	ck_assert(may("User-agent: *\nDisallow: /\n", "/robots.txt"));
}
END_TEST

START_TEST(test_sitemaps_stand_outside_of_groups)
{
	read_text(
	    STR_LIT("Sitemap: https://x.example/a.xml\nUser-agent: tidings\nDisallow: /x\nSITEMAP: /b.xml # c\n"));
	ck_assert_uint_eq(robots.sitemap_count, 2);
	ck_assert_str_is(robots.sitemaps[0], "https://x.example/a.xml");
	ck_assert_str_is(robots.sitemaps[1], "/b.xml");
	ck_assert(!robots_allows(&robots, STR_LIT("/x")));
}
END_TEST

START_TEST(test_a_crawl_delay_is_kept_within_bounds)
{
	read_text(STR_LIT("User-agent: *\nCrawl-delay: 2.5\n"));
	ck_assert_int_eq(robots.delay_ms, 3000);
	read_text(STR_LIT("User-agent: *\nCrawl-delay: 86400\n"));
	ck_assert_int_eq(robots.delay_ms, ROBOTS_DELAY_MAX_MS);
	read_text(STR_LIT("User-agent: *\nCrawl-delay: soon\n\nUser-agent: x\nCrawl-delay: 7\n"));
	ck_assert_int_eq(robots.delay_ms, 0);
}
END_TEST

START_TEST(test_the_status_says_what_the_file_means)
{
	ck_assert_int_eq(robots_access(200), ROBOTS_PARSE);
	ck_assert_int_eq(robots_access(404), ROBOTS_ALLOW_ALL);
	ck_assert_int_eq(robots_access(403), ROBOTS_ALLOW_ALL);
	ck_assert_int_eq(robots_access(429), ROBOTS_DENY_ALL);
	ck_assert_int_eq(robots_access(503), ROBOTS_DENY_ALL);
	ck_assert_int_eq(robots_access(0), ROBOTS_DENY_ALL);
	robots = (struct robots){.deny_all = true};
	ck_assert(!robots_allows(&robots, STR_LIT("/x")));
	ck_assert(robots_allows(&robots, STR_LIT("/robots.txt")));
}
END_TEST

START_TEST(test_the_target_is_path_and_query)
{
	ck_assert_str_is(robots_target(STR_LIT("https://h.example/a/b?c=1#d"), &arena), "/a/b?c=1");
	ck_assert_str_is(robots_target(STR_LIT("https://h.example"), &arena), "/");
	ck_assert_str_is(robots_target(STR_LIT("https://h.example?x"), &arena), "/?x");
}
END_TEST

START_TEST(test_a_hostile_file_costs_a_bounded_number_of_steps_and_forbids)
{
	struct buf text;
	buf_init(&text, 0);
	buf_puts(&text, "User-agent: *\n");
	for (int i = 0; i < 400; i++) {
		buf_puts(&text, "Disallow: /*");
		for (int k = 0; k < 1000; k++)
			buf_putc(&text, 'a');
		buf_puts(&text, "b\n");
	}
	read_text(buf_view(&text));
	struct buf path;
	buf_init(&path, 0);
	buf_putc(&path, '/');
	for (int k = 0; k < 8000; k++)
		buf_putc(&path, 'a');
	ck_assert(!robots_allows(&robots, buf_view(&path)));
	buf_done(&path);
	buf_done(&text);
}
END_TEST

START_TEST(test_what_is_beyond_the_ceilings_is_not_read)
{
	struct buf text;
	buf_init(&text, 0);
	buf_puts(&text, "User-agent: *\n");
	while (text.len < 2 * ROBOTS_BYTES_MAX)
		buf_puts(&text, "Disallow: /a\nSitemap: /x\n");
	buf_puts(&text, "Disallow: /late\n");
	read_text(buf_view(&text));
	ck_assert_uint_eq(robots.rule_count, ROBOTS_RULES_MAX);
	ck_assert_uint_eq(robots.sitemap_count, ROBOTS_SITEMAPS_MAX);
	ck_assert(robots_allows(&robots, STR_LIT("/late")));
	buf_done(&text);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_the_group_that_names_us_wins_over_the_one_for_all);
	tcase_add_test(tc, test_groups_that_name_us_count_as_one);
	tcase_add_test(tc, test_another_product_whose_name_begins_like_ours_is_another);
	tcase_add_test(tc, test_the_longest_match_decides_and_allow_wins_a_draw);
	tcase_add_test(tc, test_patterns_know_star_and_dollar);
	tcase_add_test(tc, test_percent_encoding_is_compared_in_one_form);
	tcase_add_test(tc, test_comments_blank_lines_and_odd_line_ends_do_not_matter);
	tcase_add_test(tc, test_sitemaps_stand_outside_of_groups);
	tcase_add_test(tc, test_a_crawl_delay_is_kept_within_bounds);
	tcase_add_test(tc, test_the_status_says_what_the_file_means);
	tcase_add_test(tc, test_the_target_is_path_and_query);
	tcase_add_test(tc, test_a_hostile_file_costs_a_bounded_number_of_steps_and_forbids);
	tcase_add_test(tc, test_what_is_beyond_the_ceilings_is_not_read);
}

int
main(void)
{
	return tap_run("http/robots", suite);
}
