#include "feed/opml.h"

#include "base/buf.h"
#include "tap.h"

#include <stdio.h>

/* "LINE url|title|language|folder" of each feed, "LINE -what|why" of each that was skipped, or "!code message". */
static void
describe(struct str body, const struct opml_limits *limits, struct buf *got)
{
	struct opml_doc doc;
	struct arena arena;
	struct err err;
	arena_init(&arena, 0);
	if (opml_parse(body, limits, &arena, &doc, &err) < 0) {
		buf_printf(got, "!%s ", err_word(err.code));
		if (doc.error_line > 0)
			buf_printf(got, "at %u: ", doc.error_line);
		buf_printf(got, "%s\n", err.msg);
		doc = (struct opml_doc){0};
	}
	for (size_t i = 0; i < doc.feed_count; i++) {
		const struct opml_feed *f = &doc.feeds[i];
		buf_printf(got, "%u %.*s|%.*s|%.*s|%.*s\n", f->line, STR_ARG(f->url), STR_ARG(f->title),
		    STR_ARG(f->language), STR_ARG(f->folder));
	}
	for (size_t i = 0; i < doc.skipped_count; i++)
		buf_printf(got, "%u -%.*s|%s\n", doc.skipped[i].line, STR_ARG(doc.skipped[i].what), doc.skipped[i].why);
	arena_done(&arena);
}

static void
expect_limited(struct str body, const struct opml_limits *limits, const char *want)
{
	struct buf got;
	buf_init(&got, 0);
	describe(body, limits, &got);
	ck_assert_str_eq(got.data ? got.data : "", want);
	buf_done(&got);
}

static void
expect(const char *body, const char *want)
{
	expect_limited(str_from(body), &opml_limits_default, want);
}

START_TEST(test_feeds_are_read_with_their_folders)
{
	expect("<?xml version='1.0' encoding='UTF-8'?>\n"
	       "<opml version='2.0'>\n"
	       "<head><title> My feeds </title></head>\n"
	       "<body>\n"
	       "<outline text='One &amp; only' type='rss' xmlUrl='https://one.example/rss?a=1&amp;b=2' "
	       "language='en-us'/>\n"
	       "<outline text='News'>\n"
	       "  <outline title='Zwei' type='atom' xmlUrl=' http://two.example/ '/>\n"
	       "  <outline text='Новости'><outline text='три' XMLURL='https://three.example/'/></outline>\n"
	       "  <outline><outline xmlUrl='https://four.example/'/></outline>\n"
	       "</outline>\n"
	       "<outline text='Last' xmlurl='https://five.example/'/>\n"
	       "</body></opml>\n",
	    "5 https://one.example/rss?a=1&b=2|One & only|en-us|\n"
	    "7 http://two.example/|Zwei||News\n"
	    "8 https://three.example/|три||Новости\n"
	    "9 https://four.example/|||News\n"
	    "11 https://five.example/|Last||\n");
}
END_TEST

START_TEST(test_only_http_is_a_feed_and_the_rest_is_told)
{
	expect("<opml><body>\n"
	       "<outline text='a' xmlUrl='file:///etc/passwd'/>\n"
	       "<outline text='b' xmlUrl='javascript:alert(1)'/>\n"
	       "<outline text='c' xmlUrl='|rm -rf /'/>\n"
	       "<outline text='d' type='rss'/>\n"
	       "<outline text='e' xmlUrl=''/>\n"
	       "<outline text='f' type='link' url='https://page.example/'/>\n"
	       "</body></opml>",
	    "2 -file:///etc/passwd|is no usable http or https URL\n"
	    "3 -javascript:alert(1)|is no usable http or https URL\n"
	    "4 -|rm -rf /|is no usable http or https URL\n"
	    "5 -d|has no xmlUrl\n"
	    "6 -|is no usable http or https URL\n");
}
END_TEST

START_TEST(test_bare_ampersands_and_names_of_html_are_text)
{
	expect("<opml><body><outline text='Fish & Chips &eacute; &#233; &#xE9; &lt;' "
	       "xmlUrl='https://a.example/?x=1&y=2&copy=3'/></body></opml>",
	    "1 https://a.example/?x=1&y=2&copy=3|Fish & Chips &eacute; é é <||\n");
}
END_TEST

START_TEST(test_texts_are_one_line_each)
{
	expect("<opml><body><outline text='a&#10;b&#9;c\nd' xmlUrl='https://a.example/' "
	       "language='en&#13;'/></body></opml>",
	    "2 https://a.example/|a b c d|en|\n");
}
END_TEST

START_TEST(test_other_charsets_are_understood)
{
	expect("<?xml version='1.0' encoding='windows-1251'?><opml><body><outline text='\xCD\xEE\xE2\xEE\xF1\xF2\xE8' "
	       "xmlUrl='https://a.example/'/></body></opml>",
	    "1 https://a.example/|Новости||\n");
}
END_TEST

START_TEST(test_what_is_no_opml_is_refused)
{
	struct buf got;
	static const char *const bodies[] = {"", "hello", "<opml><body><outline></body></opml>", "<opml><body>",
	    "<opml><outline text='a'", "<rss/>", "<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>",
	    "<!DOCTYPE o [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><opml>&x;</opml>"};
	static const char *const codes[] = {"!ill_formed", "!ill_formed",
	    "!ill_formed at 1: not well-formed: ", "!ill_formed", "!ill_formed", "!syntax", "!xml_entity",
	    "!xml_entity"};
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		buf_init(&got, 0);
		describe(str_from(bodies[i]), &opml_limits_default, &got);
		ck_assert_msg(str_starts(buf_view(&got), str_from(codes[i])), "%s: %s", bodies[i], got.data);
		buf_done(&got);
	}
}
END_TEST

START_TEST(test_every_limit_is_named)
{
	struct opml_limits limits = {.body_bytes = 1000, .depth = 3, .outlines = 4};
	expect_limited(STR_LIT("<opml><outline><outline><outline><outline/></outline></outline></outline></opml>"),
	    &limits, "!parser_limit outlines nest deeper than opml-depth 3\n");
	expect_limited(STR_LIT("<opml><outline/><outline/><outline/><outline/><outline/></opml>"), &limits,
	    "!parser_limit there are more outlines than opml-outlines 4\n");
	limits.body_bytes = 10;
	expect_limited(
	    STR_LIT("<opml></opml>"), &limits, "!parser_limit the document is larger than opml-body-bytes 10\n");
}
END_TEST

START_TEST(test_a_hundred_thousand_attributes_are_refused_at_once)
{
	struct buf body;
	buf_init(&body, 0);
	buf_puts(&body, "<opml><outline ");
	for (int i = 0; i < 100000; i++)
		buf_printf(&body, "a%d='' ", i);
	buf_puts(&body, "/></opml>");
	expect_limited(buf_view(&body), &opml_limits_default,
	    "!xml_entity the document declares entities of its own, or has a tag of more than 65536 bytes\n");
	buf_done(&body);
}
END_TEST

START_TEST(test_deep_outlines_are_refused_at_once)
{
	struct buf body;
	buf_init(&body, 0);
	buf_puts(&body, "<opml>");
	for (int i = 0; i < 100000; i++)
		buf_puts(&body, "<outline text='a'>");
	expect_limited(buf_view(&body), &opml_limits_default, "!parser_limit outlines nest deeper than opml-depth 64\n");
	buf_done(&body);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_feeds_are_read_with_their_folders);
	tcase_add_test(tc, test_only_http_is_a_feed_and_the_rest_is_told);
	tcase_add_test(tc, test_bare_ampersands_and_names_of_html_are_text);
	tcase_add_test(tc, test_texts_are_one_line_each);
	tcase_add_test(tc, test_other_charsets_are_understood);
	tcase_add_test(tc, test_what_is_no_opml_is_refused);
	tcase_add_test(tc, test_every_limit_is_named);
	tcase_add_test(tc, test_a_hundred_thousand_attributes_are_refused_at_once);
	tcase_add_test(tc, test_deep_outlines_are_refused_at_once);
}

int
main(void)
{
	return tap_run("feed/opml", suite);
}
