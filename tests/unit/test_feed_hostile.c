#include "feed/feed.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "feed/url.h"
#include "tap.h"

/*
 * Documents made to do harm: each is refused by the name of a limit or an error, or read with what is valid in it.
 */

static struct arena arena;
static struct buf text;
static struct err err;
static struct feed_doc doc;

static void
setup(void)
{
	arena_init(&arena, 0);
	buf_init(&text, 0);
	err_clear(&err);
}

static void
teardown(void)
{
	arena_done(&arena);
	buf_done(&text);
}

static int
parse(struct str body)
{
	struct feed_input in = {.body = body, .url = STR_LIT("http://feed.example/a/feed.xml")};
	return feed_parse(&in, &feed_limits_default, &arena, &doc, &err);
}

static int
parse_text(void)
{
	return parse(buf_view(&text));
}

#define HEAD "<rss version='2.0'><channel><title>T</title>"
#define TAIL "<item><title>last</title></item></channel></rss>"

static void
repeat(const char *what, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buf_puts(&text, what);
}

static void
refused(enum err_code code, const char *words)
{
	ck_assert_int_eq(parse_text(), -1);
	ck_assert_msg(err.code == code, "%s", err.msg);
	ck_assert_msg(strstr(err.msg, words) != NULL, "%s", err.msg);
}

START_TEST(test_entities_that_multiply_are_refused)
{
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY a0 'ha ha ha ha ha'>");
	for (int i = 1; i < 8; i++)
		buf_printf(&text, "<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>", i, i - 1, i - 1, i - 1,
		    i - 1, i - 1, i - 1, i - 1, i - 1);
	buf_puts(&text, "]>" HEAD "<item><title>&a7;</title></item></channel></rss>");
	refused(ERR_XML_ENTITY, "feed-entity-output-bytes");
}
END_TEST

START_TEST(test_one_entity_repeated_is_refused_in_texts_and_in_attributes)
{
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY a '");
	repeat("0123456789", 25);
	buf_puts(&text, "'>]>" HEAD "<item><title>");
	repeat("&a;", 10000);
	buf_puts(&text, "</title></item></channel></rss>");
	refused(ERR_XML_ENTITY, "feed-entity-output-bytes");
	buf_reset(&text);
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY a '");
	repeat("0123456789", 25);
	buf_puts(&text, "'>]>" HEAD);
	for (int i = 0; i < 100; i++) {
		buf_puts(&text, "<item><link href='");
		repeat("&a;", 200);
		buf_puts(&text, "'/></item>");
	}
	buf_puts(&text, "</channel></rss>");
	refused(ERR_XML_ENTITY, "feed-entity-output-bytes");
}
END_TEST

START_TEST(test_a_long_entity_and_too_many_are_refused)
{
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY a '");
	repeat("0123456789", 30);
	buf_puts(&text, "'>]>" HEAD "<item><title>&a;</title></item></channel></rss>");
	refused(ERR_XML_ENTITY, "feed-entity-bytes");
	buf_reset(&text);
	buf_puts(&text, "<!DOCTYPE rss [");
	for (int i = 0; i < 100; i++)
		buf_printf(&text, "<!ENTITY my%d 'x'>", i);
	buf_puts(&text, "]>" HEAD "<item><title>&my99;</title></item></channel></rss>");
	refused(ERR_XML_ENTITY, "feed-entities");
}
END_TEST

START_TEST(test_parameter_entities_are_never_expanded)
{
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY % a 'x'>");
	for (int i = 0; i < 20; i++)
		buf_puts(&text, "<!ENTITY % b '%a;%a;%a;'>%b;");
	buf_puts(&text, "]>" HEAD TAIL);
	ck_assert_int_eq(parse_text(), 0);
	ck_assert_uint_eq(doc.item_count, 1);
}
END_TEST

START_TEST(test_nothing_outside_the_document_is_read)
{
	static const char *const declarations[] = {"<!ENTITY x SYSTEM 'file:///etc/hostname'>",
	    "<!ENTITY x SYSTEM 'http://127.0.0.1:1/x'>", "<!ENTITY x SYSTEM 'php://filter/read=/etc/hostname'>",
	    "<!ENTITY x PUBLIC 'a' 'file:///etc/hostname'>"};
	for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++) {
		buf_reset(&text);
		buf_printf(&text, "<!DOCTYPE rss [%s]>" HEAD "<item><title>&x;</title></item></channel></rss>",
		    declarations[i]);
		refused(ERR_XML_ENTITY, "outside the document");
	}
	buf_reset(&text);
	buf_puts(&text,
	    "<?xml version='1.0'?><?xml-stylesheet href='file:///etc/hostname'?>"
	    "<rss version='2.0' xmlns:xi='http://www.w3.org/2001/XInclude'><channel>"
	    "<item><title>A</title><xi:include href='file:///etc/hostname' parse='text'/></item></channel></rss>");
	ck_assert_int_eq(parse_text(), 0);
	ck_assert_str_is(doc.items[0].title, "A");
	ck_assert(doc.items[0].summary_text.s == NULL && doc.items[0].content_text.s == NULL);
}
END_TEST

START_TEST(test_another_encoding_hides_no_entity)
{
	static const char plain[] = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>" HEAD
	                            "<item><title>&x;</title></item></channel></rss>";
	buf_add(&text, "\xFF\xFE", 2);
	for (size_t i = 0; i < sizeof plain - 1; i++)
		buf_add(&text, (char[]){plain[i], 0}, 2);
	refused(ERR_XML_ENTITY, "outside the document");
	buf_reset(&text);
	buf_puts(&text, "<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE rss");
	ck_assert_int_eq(parse_text(), -1);
	ck_assert_int_eq(err.code, ERR_NOT_A_FEED);
}
END_TEST

START_TEST(test_small_entities_and_a_netscape_document_type_are_read)
{
	buf_puts(&text,
	    "<!DOCTYPE rss [<!ENTITY me 'Mira &amp; Co'>]>" HEAD "<item><title>&me;</title></item></channel></rss>");
	ck_assert_int_eq(parse_text(), 0);
	ck_assert_str_is(doc.items[0].title, "Mira & Co");
	buf_reset(&text);
	buf_puts(&text, "<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
	                "'http://127.0.0.1:1/rss-0.91.dtd'><rss version='0.91'><channel><item>"
	                "<title>Caf&eacute;&nbsp;x</title></item></channel></rss>");
	ck_assert_int_eq(parse_text(), 0);
	ck_assert_str_is(doc.items[0].title, "Caf\xc3\xa9\xc2\xa0x");
	ck_assert(!doc.bozo);
}
END_TEST

START_TEST(test_a_million_nested_elements_are_refused)
{
	buf_puts(&text, HEAD);
	repeat("<x>", 1000000);
	repeat("</x>", 1000000);
	buf_puts(&text, TAIL);
	refused(ERR_PARSER_LIMIT, "feed-depth");
}
END_TEST

START_TEST(test_a_million_unclosed_elements_are_refused_or_mended)
{
	buf_puts(&text, HEAD "<item><title>A</title><description>");
	repeat("<b>", 1000000);
	if (parse_text() < 0)
		ck_assert_int_eq(err.code, ERR_PARSER_LIMIT);
	else
		ck_assert(doc.bozo && doc.truncated);
}
END_TEST

START_TEST(test_tags_beyond_measure_are_refused)
{
	buf_puts(&text, HEAD "<item ");
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "a%d='1' ", i);
	buf_puts(&text, ">" TAIL);
	refused(ERR_PARSER_LIMIT, "feed-start-tag-bytes");
	buf_reset(&text);
	buf_puts(&text, HEAD "<item ");
	for (int i = 0; i < 100000; i++)
		buf_printf(&text, "xmlns:a%d='urn:%d' ", i, i);
	buf_puts(&text, ">" TAIL);
	refused(ERR_PARSER_LIMIT, "feed-start-tag-bytes");
}
END_TEST

static void
still_read(void)
{
	ck_assert_msg(parse_text() == 0, "%s", err.msg);
	ck_assert(doc.item_count > 0);
	ck_assert_str_is(doc.items[doc.item_count - 1].title, "last");
}

START_TEST(test_a_hundred_thousand_comments_and_instructions_are_skipped)
{
	buf_puts(&text, HEAD);
	repeat("<!-- x --><?x y?>", 100000);
	buf_puts(&text, TAIL);
	still_read();
}
END_TEST

START_TEST(test_eleven_megabytes_in_one_piece_are_cut_or_skipped)
{
	static const char *const around[][2] = {{"<item><description>", "</description></item>"},
	    {"<item><description><![CDATA[", "]]></description></item>"}, {"<!--", "-->"},
	    {"<item><title>", "</title></item>"}, {"<item><x:y>", "</x:y></item>"}};
	for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
		buf_reset(&text);
		buf_puts(&text, "<rss version='2.0' xmlns:x='urn:x'><channel>");
		buf_puts(&text, around[i][0]);
		repeat("0123456789", 1100000);
		buf_puts(&text, around[i][1]);
		buf_puts(&text, TAIL);
		still_read();
		ck_assert(i > 1 || str_find(doc.repairs, STR_LIT("field-cut"), 0) >= 0);
		arena_reset(&arena);
	}
	buf_reset(&text);
	buf_puts(&text, HEAD "<");
	repeat("abcdefghij", 1100000);
	buf_puts(&text, ">" TAIL);
	if (parse_text() < 0)
		ck_assert_int_eq(err.code, ERR_PARSER_LIMIT);
}
END_TEST

START_TEST(test_a_million_items_are_cut_to_the_newest)
{
	buf_puts(&text, HEAD);
	repeat("<item><title>x</title></item>", 1000000);
	buf_puts(&text, "</channel></rss>");
	ck_assert_int_eq(parse_text(), 0);
	ck_assert_uint_eq(doc.item_count, feed_limits_default.items);
	ck_assert(str_find(doc.repairs, STR_LIT("items-cut"), 0) >= 0);
}
END_TEST

START_TEST(test_a_million_unknown_extensions_are_skipped)
{
	buf_puts(&text, "<rss version='2.0' xmlns:x='urn:x'><channel><item>");
	repeat("<x:y a='b'>c</x:y>", 1000000);
	buf_puts(&text, "</item>" TAIL);
	still_read();
}
END_TEST

static void
only_valid_text(struct str s)
{
	ck_assert(s.s == NULL || (utf8_valid(s) && memchr(s.s, 0, s.len) == NULL));
}

START_TEST(test_bytes_that_are_no_characters_reach_no_field)
{
	static const struct str pieces[] = {STR_LIT("a\0b"), STR_LIT("a\x01\x1b\x7f"), STR_LIT("a&#0;b"),
	    STR_LIT("a&#27;b"), STR_LIT("a\xef\xbf\xbe"), STR_LIT("a\xed\xa0\x80\xed\xb0\x80"), STR_LIT("a\xc0\xaf"),
	    STR_LIT("a\xe2\x82"), STR_LIT("a\xef\xbb\xbf"), STR_LIT("a&#xD800;b"), STR_LIT("a&#xFFFFFFFFFF;b"),
	    STR_LIT("a\xf5\x80\x80\x80")};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		buf_reset(&text);
		buf_puts(&text, "\xef\xbb\xbf\xef\xbb\xbf" HEAD "<item><title>");
		buf_str(&text, pieces[i]);
		buf_puts(&text, "</title><guid>");
		buf_str(&text, pieces[i]);
		buf_puts(&text, "</guid></item></channel></rss>");
		ck_assert_msg(parse_text() == 0, "%zu: %s", i, err.msg);
		ck_assert_uint_eq(doc.item_count, 1);
		ck_assert(doc.items[0].title.len > 0 && doc.items[0].title.s[0] == 'a');
		only_valid_text(doc.items[0].title);
		only_valid_text(doc.items[0].id);
	}
}
END_TEST

START_TEST(test_what_is_no_document_is_named)
{
	static const struct {
		struct str body;
		enum err_code code;
	} cases[] = {{STR_LIT("<!DOCTYPE html><html><body>x</body></html>"), ERR_NOT_A_FEED},
	    {STR_LIT("\xff\xd8\xff\xe0\x00\x10JFIF"), ERR_NOT_A_FEED},
	    {STR_LIT("\x7f"
	             "ELF\x02\x01\x01"),
	        ERR_NOT_A_FEED},
	    {STR_LIT(""), ERR_EMPTY}, {STR_LIT("x"), ERR_NOT_A_FEED}, {STR_LIT("<"), ERR_NOT_A_FEED},
	    {STR_LIT("\x1f\x8b\x08\0\0\0\0\0"), ERR_NOT_A_FEED}, {STR_LIT(" \n\t"), ERR_EMPTY},
	    {STR_LIT("{\"a\":1}"), ERR_NOT_A_FEED}, {STR_LIT("[]"), ERR_NOT_A_FEED}, {STR_LIT("{"), ERR_NOT_A_FEED}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_int_eq(parse(cases[i].body), -1);
		ck_assert_msg(err.code == cases[i].code || (i > 7 && err.code == ERR_ILL_FORMED), "%zu: %s", i, err.msg);
	}
	char *zeros = buf_reserve(&text, 10000000);
	memset(zeros, 0, 10000000);
	ck_assert_int_eq(parse((struct str){zeros, 10000000}), -1);
	ck_assert_int_eq(err.code, ERR_EMPTY);
}
END_TEST

START_TEST(test_hostile_json_is_refused_or_read)
{
	buf_puts(&text, "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":");
	repeat("[", 1000000);
	refused(ERR_PARSER_LIMIT, "feed-depth");
	buf_reset(&text);
	buf_puts(&text, "{\"version\":\"https://jsonfeed.org/version/"
	                "1\",\"title\":\"a\",\"title\":\"b\",\"items\":[{\"id\":1e999999,"
	                "\"title\":\"x\\ud800y\\u0000z\",\"content_text\":\"");
	repeat("0123456789", 1000000);
	buf_puts(&text, "\"}]} trailing");
	ck_assert_msg(parse_text() == 0, "%s", err.msg);
	ck_assert_uint_eq(doc.item_count, 1);
	only_valid_text(doc.items[0].title);
	ck_assert(doc.bozo);
	ck_assert(doc.items[0].content_text.len <= feed_limits_default.field_bytes);
}
END_TEST

START_TEST(test_mixed_vocabularies_lose_no_item)
{
	static const char *const cases[] = {
	    "<feed "
	    "xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title></entry><rss><channel><item><title>B</title>"
	    "</item></channel></rss></feed>",
	    "<rss version='2.0'><channel><item><title>A</title></item></channel><channel><item><title>B</title></item>"
	    "</channel></rss>",
	    "<rss "
	    "version='2.0'><channel><title>T</title></channel><item><title>A</title></item><item><title>B</title></"
	    "item>"
	    "</rss>",
	    "<rss version='2.0' xmlns='urn:nobody'><channel><item><title>A</title></item><item><title>B</title></item>"
	    "</channel></rss>",
	    "<p:feed xmlns:p='http://www.w3.org/2005/Atom'><p:entry><p:title>A</p:title></p:entry>"
	    "<p:entry xmlns:q='http://www.w3.org/2005/Atom'><q:title>B</q:title></p:entry></p:feed>",
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_int_eq(parse(str_from(cases[i])), 0);
		ck_assert_uint_eq(doc.item_count, 2);
		ck_assert_str_is(doc.items[0].title, "A");
		ck_assert_str_is(doc.items[1].title, "B");
	}
}
END_TEST

START_TEST(test_only_http_is_ever_a_link)
{
	static const char *const links[] = {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
	    " java\nscript:x", "vbscript:x", "//evil", "\\\\evil", "http:evil", "http://user:pw@h.example/",
	    "x/../../y", "ftp://h.example/"};
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		buf_reset(&text);
		buf_printf(&text,
		    "<rss version='2.0' xml:base='javascript:x'><channel><item><title>A</title><link>%s</link>"
		    "<description>&lt;a href=\"%s\"&gt;x&lt;/a&gt;</description></item></channel></rss>",
		    links[i], links[i]);
		ck_assert_int_eq(parse_text(), 0);
		ck_assert(doc.items[0].link.s == NULL || url_is_http(doc.items[0].link));
		ck_assert(str_ifind(doc.items[0].summary_html, STR_LIT("script:"), 0) < 0);
		ck_assert(str_find(doc.items[0].summary_html, STR_LIT("data:"), 0) < 0);
	}
	buf_reset(&text);
	buf_puts(&text, HEAD "<item><title>A</title><link>http://h.example/");
	repeat("0123456789", 100000);
	buf_puts(&text, "</link></item></channel></rss>");
	ck_assert_int_eq(parse_text(), 0);
	ck_assert(doc.items[0].link.s == NULL);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, test_entities_that_multiply_are_refused);
	tcase_add_test(tc, test_one_entity_repeated_is_refused_in_texts_and_in_attributes);
	tcase_add_test(tc, test_a_long_entity_and_too_many_are_refused);
	tcase_add_test(tc, test_parameter_entities_are_never_expanded);
	tcase_add_test(tc, test_nothing_outside_the_document_is_read);
	tcase_add_test(tc, test_another_encoding_hides_no_entity);
	tcase_add_test(tc, test_small_entities_and_a_netscape_document_type_are_read);
	tcase_add_test(tc, test_a_million_nested_elements_are_refused);
	tcase_add_test(tc, test_a_million_unclosed_elements_are_refused_or_mended);
	tcase_add_test(tc, test_tags_beyond_measure_are_refused);
	tcase_add_test(tc, test_a_hundred_thousand_comments_and_instructions_are_skipped);
	tcase_add_test(tc, test_eleven_megabytes_in_one_piece_are_cut_or_skipped);
	tcase_add_test(tc, test_a_million_items_are_cut_to_the_newest);
	tcase_add_test(tc, test_a_million_unknown_extensions_are_skipped);
	tcase_add_test(tc, test_bytes_that_are_no_characters_reach_no_field);
	tcase_add_test(tc, test_what_is_no_document_is_named);
	tcase_add_test(tc, test_hostile_json_is_refused_or_read);
	tcase_add_test(tc, test_mixed_vocabularies_lose_no_item);
	tcase_add_test(tc, test_only_http_is_ever_a_link);
}

int
main(void)
{
	return tap_run("feed/hostile", suite);
}
