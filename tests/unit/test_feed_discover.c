#include "feed/discover.h"
#include "feed/link_header.h"
#include "feed/page.h"
#include "tap.h"

static struct arena arena;
static struct discovery found;

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
look(const char *html, const char *header)
{
	struct discover_input in = {
	    .url = STR_LIT("https://site.example/news/page"), .html = str_from(html), .link_header = str_from(header)};
	ck_assert_int_eq(discover_page(&in, &arena, &found, NULL), 0);
}

static void
is(size_t i, const char *url, enum discover_how how, bool certain)
{
	ck_assert_uint_lt(i, found.count);
	ck_assert_str_eq(found.found[i].url.s, url);
	ck_assert_str_eq(discover_how_word(found.found[i].how), discover_how_word(how));
	ck_assert_int_eq(found.found[i].certain, certain);
}

START_TEST(test_a_link_with_a_feed_type_is_found_with_its_title)
{
	look("<title>A &amp; B</title><link rel=alternate type='Application/RSS+XML; charset=utf-8' "
	     "title='All &lt;news&gt;' href='/all.rss'>",
	    NULL);
	is(0, "https://site.example/all.rss", DISCOVER_LINK, true);
	ck_assert_str_eq(found.found[0].title.s, "All <news>");
	ck_assert_str_eq(found.found[0].type.s, "application/rss+xml");
	ck_assert_str_eq(found.page_title.s, "A & B");
	ck_assert_uint_eq(found.count, 1);
}
END_TEST

START_TEST(test_broken_markup_hides_no_link)
{
	look("<p><div></span><LINK REL=\"home Alternate\" HREF=one.atom TYPE=application/atom+xml/><link "
	     "rel=alternate type=application/feed+json href='two.json'",
	    NULL);
	is(0, "https://site.example/news/one.atom", DISCOVER_LINK, true);
	look("<body><script>document.write('<link rel=alternate type=application/rss+xml href=/no>')</script>"
	     "<!-- <link rel=alternate type=application/rss+xml href=/no> -->"
	     "<template><link rel=alternate type=application/rss+xml href=/no></template>",
	    NULL);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(test_the_first_base_counts_when_it_is_a_web_address)
{
	look("<base href='javascript:alert(1)'><base href='//cdn.example/x/'><base href='/late/'>"
	     "<link rel=alternate type=application/rss+xml href=feed.rss>",
	    NULL);
	is(0, "https://cdn.example/x/feed.rss", DISCOVER_LINK, true);
}
END_TEST

START_TEST(test_what_is_no_web_address_or_no_feed_is_passed_over)
{
	look("<link rel=alternate type=application/rss+xml href='javascript:alert(1)'>"
	     "<link rel=alternate type=application/rss+xml href='file:///etc/passwd'>"
	     "<link rel=alternate type=application/rss+xml href=''>"
	     "<link rel=alternate type=application/rss+xml>"
	     "<link rel=alternate type=text/html hreflang=de href=/de>"
	     "<link rel='alternate stylesheet' type=text/css href=/x.css>"
	     "<link rel=alternate type=application/json+oembed href=/oembed>",
	    NULL);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(test_a_type_that_other_documents_have_too_is_not_certain)
{
	look("<link rel=alternate type=application/json href=/wp-json/1><link rel=alternate type=text/xml href=/x.xml>"
	     "<link rel=feed href=/updates>",
	    NULL);
	ck_assert_uint_eq(found.count, 3);
	for (size_t i = 0; i < 3; i++)
		ck_assert(!found.found[i].certain);
}
END_TEST

START_TEST(test_each_address_is_told_once)
{
	look("<link rel=alternate type=application/rss+xml href=/a.rss><a href=/a.rss>RSS</a>"
	     "<link rel=alternate type=application/rss+xml href=https://site.example/a.rss>",
	    "</a.rss>; rel=alternate; type=application/rss+xml");
	ck_assert_uint_eq(found.count, 1);
}
END_TEST

START_TEST(test_the_link_header_is_read)
{
	look("", "<https://site.example/style.css>; rel=stylesheet, </f.atom> ; type=\"application/atom+xml\"; "
	         "title=\"News, \\\"hot\\\"\"; REL=\"alternate\", <bad");
	is(0, "https://site.example/f.atom", DISCOVER_HEADER, true);
	ck_assert_uint_eq(found.count, 1);
}
END_TEST

START_TEST(test_a_page_that_is_marked_up_as_a_feed_is_one)
{
	look("<main class='content h-feed'><article class=h-entry>x</article></main>", NULL);
	is(0, "https://site.example/news/page", DISCOVER_HFEED, true);
	look("<div class='h-feedback h-entryway'></div>", NULL);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(test_sitemaps_only_where_the_page_names_them)
{
	look("<link rel=sitemap type=application/xml href=/map.xml>", NULL);
	is(0, "https://site.example/map.xml", DISCOVER_SITEMAP, true);
	look("<a href=/sitemap.xml>sitemap</a>", NULL);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(test_links_that_are_named_as_feeds_are_are_candidates_after_the_others)
{
	look("<a href=/blog/feed/>Follow</a><a href='?format=rss'>x</a><a href=/feedback>y</a><a "
	     "href=/feeding.html>z</a>"
	     "<a type=application/atom+xml href=/odd>w</a><link rel=alternate type=application/rss+xml href=/sure.rss>",
	    NULL);
	is(0, "https://site.example/sure.rss", DISCOVER_LINK, true);
	is(1, "https://site.example/blog/feed/", DISCOVER_ANCHOR, false);
	is(2, "https://site.example/news/page?format=rss", DISCOVER_ANCHOR, false);
	is(3, "https://site.example/odd", DISCOVER_ANCHOR, false);
	ck_assert_uint_eq(found.count, 4);
}
END_TEST

START_TEST(test_a_generator_is_asked_only_when_the_page_points_to_no_feed)
{
	look("<meta name=Generator content='WordPress 6.4'><link rel='https://api.w.org/' "
	     "href='https://site.example/blog/wp-json/'>",
	    NULL);
	is(0, "https://site.example/blog/feed/", DISCOVER_GENERATOR, false);
	look("<meta name=generator content='Ghost 5'><link rel=sitemap href=/m.xml>", NULL);
	is(1, "https://site.example/rss/", DISCOVER_GENERATOR, false);
	look("<meta name=generator content='Ghost 5'><link rel=alternate type=application/rss+xml href=/x>", NULL);
	ck_assert_uint_eq(found.count, 1);
	look("<meta name=generator content='Something else'><p>no feed here", NULL);
	ck_assert_uint_eq(found.count, 0);
}
END_TEST

START_TEST(test_a_page_of_links_has_a_ceiling)
{
	struct buf html;
	buf_init(&html, 0);
	for (int i = 0; i < 5000; i++)
		buf_printf(&html, "<link rel=alternate type=application/rss+xml href=/%d><a href=/%d.rss>", i, i);
	look(html.data, NULL);
	ck_assert_uint_eq(found.count, DISCOVER_FOUND_MAX);
	ck_assert_uint_gt(found.dropped, 4000);
	buf_done(&html);
}
END_TEST

START_TEST(test_hundred_thousand_ordinary_links_cost_no_memory)
{
	struct buf html;
	buf_init(&html, 0);
	for (int i = 0; i < 100000; i++)
		buf_printf(&html, "<a href=/page/%d>x</a>", i);
	look(html.data, NULL);
	ck_assert_uint_lt(arena.used_bytes, 100000);
	buf_done(&html);
}
END_TEST

START_TEST(test_the_charset_comes_from_http_or_meta_or_the_bytes)
{
	static const struct {
		const char *body, *type, *want;
	} cases[] = {
	    {"<meta charset=windows-1251><title>\xCC\xE8\xF0</title>", NULL, "<title>Мир</title>"},
	    {"<meta http-equiv=Content-Type content='text/html; charset=iso-8859-2'><p>\xB3", NULL, "<p>ł"},
	    {"<p>\xE9", "text/html; charset=iso-8859-1", "<p>é"},
	    {"<meta charset=windows-1251><p>Мир", NULL, "<p>Мир"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf buf;
		struct str text;
		buf_init(&buf, 0);
		ck_assert_int_eq(
		    page_decode(str_from(cases[i].body), str_from(cases[i].type), &arena, &buf, &text, NULL), 0);
		ck_assert_msg(str_ends(text, str_from(cases[i].want)), "%.*s", STR_ARG(text));
		buf_done(&buf);
	}
}
END_TEST

START_TEST(test_nul_bytes_become_spaces)
{
	struct buf buf;
	struct str text;
	buf_init(&buf, 0);
	ck_assert_int_eq(page_decode((struct str){"a\0b", 3}, STR_NONE, &arena, &buf, &text, NULL), 0);
	ck_assert(str_is(text, "a b"));
	buf_done(&buf);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_link_with_a_feed_type_is_found_with_its_title);
	tcase_add_test(tc, test_broken_markup_hides_no_link);
	tcase_add_test(tc, test_the_first_base_counts_when_it_is_a_web_address);
	tcase_add_test(tc, test_what_is_no_web_address_or_no_feed_is_passed_over);
	tcase_add_test(tc, test_a_type_that_other_documents_have_too_is_not_certain);
	tcase_add_test(tc, test_each_address_is_told_once);
	tcase_add_test(tc, test_the_link_header_is_read);
	tcase_add_test(tc, test_a_page_that_is_marked_up_as_a_feed_is_one);
	tcase_add_test(tc, test_sitemaps_only_where_the_page_names_them);
	tcase_add_test(tc, test_links_that_are_named_as_feeds_are_are_candidates_after_the_others);
	tcase_add_test(tc, test_a_generator_is_asked_only_when_the_page_points_to_no_feed);
	tcase_add_test(tc, test_a_page_of_links_has_a_ceiling);
	tcase_add_test(tc, test_hundred_thousand_ordinary_links_cost_no_memory);
	tcase_add_test(tc, test_the_charset_comes_from_http_or_meta_or_the_bytes);
	tcase_add_test(tc, test_nul_bytes_become_spaces);
}

int
main(void)
{
	return tap_run("feed/discover", suite);
}
