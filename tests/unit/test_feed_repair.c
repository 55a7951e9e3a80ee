/* What broken and hostile documents do to feed_parse(): mended, or refused by the name of a limit. */
#include "feed/feed.h"

#include "base/buf.h"

#include "tap.h"

static struct arena arena;
static struct buf text;
static struct feed_doc doc;
static struct err err;

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

static void
repeat(const char *what, int times)
{
	while (times-- > 0)
		buf_puts(&text, what);
}

static int
parse(void)
{
	struct feed_input in = {.body = buf_view(&text), .url = STR_LIT("http://feed.example/")};
	return feed_parse(&in, &feed_limits_default, &arena, &doc, &err);
}

static void
parse_item(const char *before, const char *inside, const char *after)
{
	buf_reset(&text);
	buf_printf(&text, "%s<rss version='2.0'><channel><title>T</title><item>%s</item></channel></rss>%s", before,
	    inside, after);
	ck_assert_msg(parse() == 0, "%s", err.msg);
}

static const struct {
	const char *before, *inside, *after, *title;
	size_t items;
} mended[] = {
    {"", "<title>Cat & Dog</title>", "", "Cat & Dog", 1},
    {"", "<title>caf&eacute; &hellip;</title>", "", "café …", 1},
    {"", "<title>one\x01two</title>", "", "onetwo", 1},
    {"junk\n", "<title>a</title>", "", "a", 1},
    {"<br /><b>Warning</b>: it broke<br />", "<title>a</title>", "", "a", 1},
    {"", "<title>a</title>", "<p>trailing", "a", 1},
    {"", "<title>a</title>", "<item><title>late</title></item>", "a", 2},
    {"", "<title>a<link>http://feed.example/1</link>", "", "a", 1},
    {"", "<title>a</title><description><p>x<br>y</description>", "", "a", 1},
    {"", "<title>a</title></item><item><title>b</title><item><title>c</title>", "", "a", 3},
    {"", "<title><![CDATA[a]]</title><description><![CDATA[b]]></description>", "", "a", 1},
    {"", "<title>a < b</title>", "", "a < b", 1},
    {"", "<title>a</title><dc:date>2026-11-23</dc:date>", "", "a", 1},
    {"", "<title type=text>a</title>", "", "a", 1},
    {"", "<title>a</titel>", "", "a", 1},
};

START_TEST(test_each_fault_is_mended_and_every_item_found)
{
	parse_item(mended[_i].before, mended[_i].inside, mended[_i].after);
	ck_assert(doc.bozo);
	ck_assert(doc.bozo_reason.len > 0);
	ck_assert_uint_eq(doc.item_count, mended[_i].items);
	ck_assert_str_is(doc.items[0].title, mended[_i].title);
}
END_TEST

START_TEST(test_the_first_fault_is_found_in_its_line)
{
	parse_item("", "\n\n<title>a & b</title>\n<description>&nope;</description>", "");
	ck_assert_uint_eq(doc.bozo_line, 3);
	ck_assert(str_find(doc.repairs, STR_LIT("raw-ampersand"), 0) >= 0);
}
END_TEST

START_TEST(test_small_entities_of_its_own_are_no_fault)
{
	parse_item("<!DOCTYPE rss [<!ENTITY co \"Mill &#38; Sons\"><!ENTITY both \"&co;/&co;\">]>",
	    "<title>&both; &eacute;</title>", "");
	ck_assert_str_is(doc.items[0].title, "Mill & Sons/Mill & Sons é");
	parse_item("<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" "
	           "\"http://my.netscape.com/rss-0.91.dtd\">",
	    "<title>caf&eacute;</title>", "");
	ck_assert(!doc.bozo);
	ck_assert_str_is(doc.items[0].title, "café");
}
END_TEST

START_TEST(test_entities_that_grow_or_reach_out_are_refused)
{
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY a \"0123456789012345678901234567890123456789\">");
	for (char c = 'b'; c <= 'g'; c++)
		buf_printf(&text, "<!ENTITY %c \"&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;\">", c, c - 1, c - 1, c - 1, c - 1,
		    c - 1, c - 1, c - 1, c - 1);
	buf_puts(&text, "]><rss><channel><title>&g;</title></channel></rss>");
	ck_assert_int_eq(parse(), -1);
	ck_assert_int_eq(err.code, ERR_XML_ENTITY);
	ck_assert(strstr(err.msg, "feed-entity-output-bytes") != NULL);
	buf_reset(&text);
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY x SYSTEM "
	                "\"file:///etc/hostname\">]><rss><channel><title>&x;</title></channel></rss>");
	ck_assert_int_eq(parse(), -1);
	ck_assert_int_eq(err.code, ERR_XML_ENTITY);
	buf_reset(&text);
	buf_puts(&text, "<!DOCTYPE rss [<!ENTITY x \"&x;\">]><rss><channel><title>&x;</title></channel></rss>");
	ck_assert_int_eq(parse(), -1);
	ck_assert_int_eq(err.code, ERR_XML_ENTITY);
}
END_TEST

START_TEST(test_a_start_tag_beyond_measure_is_refused_by_name)
{
	buf_puts(&text, "<rss><channel><item ");
	for (int i = 0; i < 10000; i++)
		buf_printf(&text, "a%d='xxxxxx' ", i);
	buf_puts(&text, "/></channel></rss>");
	ck_assert_int_eq(parse(), -1);
	ck_assert_int_eq(err.code, ERR_PARSER_LIMIT);
	ck_assert(strstr(err.msg, "feed-start-tag-bytes") != NULL);
}
END_TEST

START_TEST(test_of_too_many_items_the_newest_stay)
{
	struct feed_limits limits = feed_limits_default;
	struct feed_input in = {0};
	limits.items = 3;
	buf_puts(&text, "<rss><channel>");
	for (int i = 1; i <= 7; i++)
		buf_printf(&text, "<item><title>%d</title><pubDate>2026-11-%02dT00:00:00Z</pubDate></item>", i, i);
	buf_puts(&text, "</channel></rss>");
	in.body = buf_view(&text);
	ck_assert_int_eq(feed_parse(&in, &limits, &arena, &doc, &err), 0);
	ck_assert_uint_eq(doc.item_count, 3);
	ck_assert_str_is(doc.items[0].title, "5");
	ck_assert_str_is(doc.items[2].title, "7");
	ck_assert_str_is(doc.repairs, "items-cut");
}
END_TEST

START_TEST(test_what_is_told_of_an_item_that_does_not_stay_is_still_told)
{
	struct feed_limits limits = feed_limits_default;
	struct feed_input in = {0};
	limits.items = 1;
	buf_puts(&text, "<rss><channel><item><title>1</title></item>"
	                "<item><title>2</title><pubDate>some day</pubDate></item>"
	                "<item><title>3<b></title></item>"
	                "<item><title>4</title><!DOCTYPE rss [<!ENTITY h \"Har&#98;our\">]></item>"
	                "<item><title>a title that is longer than any of them, and that is written where they "
	                "stood</title></item><title>The &h;</title></channel></rss>");
	in.body = buf_view(&text);
	ck_assert_int_eq(feed_parse(&in, &limits, &arena, &doc, &err), 0);
	ck_assert_uint_eq(doc.item_count, 1);
	ck_assert_str_is(doc.items[0].title, "1");
	ck_assert_uint_eq(doc.unread_dates, 1);
	ck_assert_str_is(doc.unread_date, "some day");
	ck_assert_str_is(doc.bozo_reason, "an end tag does not match");
	ck_assert_str_is(doc.title, "The Harbour");
}
END_TEST

START_TEST(test_a_field_beyond_measure_is_cut)
{
	struct feed_limits limits = feed_limits_default;
	struct feed_input in = {0};
	limits.field_bytes = 100;
	buf_puts(&text, "<rss><channel><item><title>");
	repeat("0123456789", 50);
	buf_puts(&text, "</title></item></channel></rss>");
	in.body = buf_view(&text);
	ck_assert_int_eq(feed_parse(&in, &limits, &arena, &doc, &err), 0);
	ck_assert_uint_eq(doc.items[0].title.len, 100);
	ck_assert_str_is(doc.repairs, "field-cut");
}
END_TEST

START_TEST(test_json_that_is_almost_json_is_mended)
{
	buf_puts(&text, "{\"version\":\"https://jsonfeed.org/version/"
	                "1.1\",\"title\":\"x\\ud800y\\q\",\"items\":[{\"id\":1,\"title\":\"a\",},"
	                "{\"id\":1e999999,\"title\":\"b\tc\"},{\"id\":\"3\",\"tit");
	ck_assert_int_eq(parse(), 0);
	ck_assert_int_eq(doc.format, FEED_JSON11);
	ck_assert(doc.bozo && doc.truncated);
	ck_assert_uint_eq(doc.item_count, 2);
	ck_assert_str_is(doc.title, "x\xEF\xBF\xBDyq");
	ck_assert_str_is(doc.items[1].id, "1e999999");
	buf_reset(&text);
	repeat("[", 100);
	ck_assert_int_eq(parse(), -1);
	ck_assert_int_eq(err.code, ERR_PARSER_LIMIT);
}
END_TEST

START_TEST(test_rss_in_json_is_read)
{
	buf_puts(&text,
	    "{\"rss\":{\"version\":\"2.0\",\"channel\":{\"title\":\"T\",\"item\":[{\"title\":\"A\",\"guid\":{"
	    "\"isPermaLink\":"
	    "\"false\",\"#value\":\"g1\"},\"enclosure\":{\"url\":\"a.mp3\",\"type\":\"audio/mpeg\",\"length\":5}}]}}}");
	ck_assert_int_eq(parse(), 0);
	ck_assert_int_eq(doc.format, FEED_RSS20);
	ck_assert_str_is(doc.items[0].id, "g1");
	ck_assert(!doc.items[0].id_is_link);
	ck_assert_str_is(doc.items[0].enclosures[0].url, "http://feed.example/a.mp3");
	ck_assert_int_eq(doc.items[0].enclosures[0].length, 5);
}
END_TEST

static bool
keep_title(void *ctx, const struct feed_item *item)
{
	struct buf *titles = ctx;
	buf_str(titles, item->id);
	buf_putc(titles, ' ');
	return true;
}

/* The tag that ends an unclosed item carries attributes with references: they outlive that item. */
START_TEST(test_attributes_of_the_next_item_outlive_an_unclosed_one)
{
	struct feed_reading *reading;
	struct feed_input in = {
	    .body = STR_LIT("<rss version='2.0'><channel><item about='http://h.example/?a=1&amp;b=2'><title>A</title>"
	                    "<item about='http://h.example/?c=1&amp;d=2'><title>B</title></item></channel></rss>")};
	struct buf ids;
	buf_init(&ids, 0);
	ck_assert_int_eq(feed_reading_open(&reading, &in, &feed_limits_default, &arena, &doc, &err), 0);
	ck_assert_int_eq(feed_reading_items(reading, keep_title, &ids, &err), 0);
	ck_assert_str_is(buf_view(&ids), "http://h.example/?a=1&b=2 http://h.example/?c=1&d=2 ");
	feed_reading_free(reading);
	buf_done(&ids);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_each_fault_is_mended_and_every_item_found, 0, sizeof mended / sizeof *mended);
	tcase_add_test(tc, test_the_first_fault_is_found_in_its_line);
	tcase_add_test(tc, test_small_entities_of_its_own_are_no_fault);
	tcase_add_test(tc, test_entities_that_grow_or_reach_out_are_refused);
	tcase_add_test(tc, test_a_start_tag_beyond_measure_is_refused_by_name);
	tcase_add_test(tc, test_of_too_many_items_the_newest_stay);
	tcase_add_test(tc, test_what_is_told_of_an_item_that_does_not_stay_is_still_told);
	tcase_add_test(tc, test_a_field_beyond_measure_is_cut);
	tcase_add_test(tc, test_json_that_is_almost_json_is_mended);
	tcase_add_test(tc, test_rss_in_json_is_read);
	tcase_add_test(tc, test_attributes_of_the_next_item_outlive_an_unclosed_one);
}

int
main(void)
{
	return tap_run("feed/repair", suite);
}
