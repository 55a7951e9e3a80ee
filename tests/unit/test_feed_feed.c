#include "feed/feed.h"

#include "tap.h"

static struct arena arena;
static struct err err;

static struct feed_doc
parse(const char *text)
{
	struct feed_doc doc;
	struct feed_input in = {.body = str_from(text), .url = STR_LIT("http://feed.example/news/feed.xml")};
	err_clear(&err);
	arena_init(&arena, 0);
	ck_assert_msg(feed_parse(&in, &feed_limits_default, &arena, &doc, &err) == 0, "%s", err.msg);
	return doc;
}

static enum err_code
refusal(const char *text, size_t len)
{
	struct feed_doc doc;
	struct feed_input in = {.body = {text, len}};
	arena_init(&arena, 0);
	ck_assert_int_eq(feed_parse(&in, &feed_limits_default, &arena, &doc, &err), -1);
	arena_done(&arena);
	return err.code;
}

START_TEST(test_rss_20_gives_its_channel_and_items)
{
	struct feed_doc doc =
	    parse("<?xml version='1.0'?><rss version='2.0'><channel><title>Harbour News</title>"
	          "<link>/</link><description>Ships &amp; tides</description><language>en-gb</language><ttl>60</ttl>"
	          "<item><title>Ferry late</title><link>http://feed.example/1</link><guid isPermaLink='false'>a1</guid>"
	          "<pubDate>Mon, 23 Nov 2026 14:35:00 GMT</pubDate><author>m@feed.example (Mira)</author>"
	          "<category domain='d'>Sea</category><enclosure url='a.mp3?x=1&amp;y=2&#38;z=3' type='audio/mpeg' "
	          "length='12'/></item>"
	          "<item><title>Second</title><guid>http://feed.example/2</guid></item></channel></rss>");
	ck_assert_int_eq(doc.format, FEED_RSS20);
	ck_assert_str_is(doc.title, "Harbour News");
	ck_assert_str_is(doc.link, "http://feed.example/");
	ck_assert_str_is(doc.description, "Ships & tides");
	ck_assert_int_eq(doc.hints.ttl_minutes, 60);
	ck_assert(!doc.bozo);
	ck_assert_uint_eq(doc.item_count, 2);
	struct feed_item *item = &doc.items[0];
	ck_assert_str_is(item->title, "Ferry late");
	ck_assert_str_is(item->id, "a1");
	ck_assert(!item->id_is_link);
	ck_assert_int_eq(item->published_at, 1795444500000);
	ck_assert_str_is(item->authors[0].name, "Mira");
	ck_assert_str_is(item->authors[0].email, "m@feed.example");
	ck_assert_str_is(item->categories[0].term, "Sea");
	ck_assert_str_is(item->enclosures[0].url, "http://feed.example/news/a.mp3?x=1&y=2&z=3");
	ck_assert_int_eq(item->enclosures[0].length, 12);
	ck_assert(doc.items[1].id_is_link);
	ck_assert_str_is(doc.items[1].link, "http://feed.example/2");
	arena_done(&arena);
}
END_TEST

START_TEST(test_atom_10_prefers_the_alternate_link)
{
	struct feed_doc doc =
	    parse("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de'><title>T</title>"
	          "<entry><id>urn:x:1</id><title type='html'>&lt;b&gt;Bold&lt;/b&gt; move</title>"
	          "<link rel='self' href='/self'/><link rel='alternate' href='/page'/>"
	          "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One</p></div></content>"
	          "<published>2026-11-23T10:00:00+01:00</published></entry></feed>");
	ck_assert_int_eq(doc.format, FEED_ATOM10);
	ck_assert_str_is(doc.language, "de");
	ck_assert_uint_eq(doc.item_count, 1);
	ck_assert_str_is(doc.items[0].id, "urn:x:1");
	ck_assert_str_is(doc.items[0].title, "Bold move");
	ck_assert_str_is(doc.items[0].link, "http://feed.example/page");
	ck_assert_str_is(str_trim(doc.items[0].content_text), "One");
	ck_assert_int_eq(doc.items[0].published_at, 1795424400000);
	arena_done(&arena);
}
END_TEST

START_TEST(test_rss_10_takes_items_beside_the_channel)
{
	struct feed_doc doc = parse(
	    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
	    "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
	    "<channel rdf:about='http://feed.example/'><title>T</title><items><rdf:Seq/></items></channel>"
	    "<item rdf:about='http://feed.example/a'><title>A</title><dc:date>2026-11-23</dc:date></item></rdf:RDF>");
	ck_assert_int_eq(doc.format, FEED_RSS10);
	ck_assert_uint_eq(doc.item_count, 1);
	ck_assert_str_is(doc.items[0].id, "http://feed.example/a");
	ck_assert_str_is(doc.items[0].link, "http://feed.example/a");
	ck_assert_int_eq(doc.items[0].published_at, 1795392000000);
	arena_done(&arena);
}
END_TEST

START_TEST(test_a_broken_document_is_mended_and_marked)
{
	struct feed_doc doc = parse("<rss version='2.0'><channel><title>A & B</title>\n<item><title>One</title>\n"
	                            "<item><title>Two &nbsp; x</title></item></channel></rss>");
	ck_assert(doc.bozo);
	ck_assert_uint_eq(doc.bozo_line, 1);
	ck_assert_str_is(doc.title, "A & B");
	ck_assert_uint_eq(doc.item_count, 2);
	ck_assert(!doc.truncated);
	arena_done(&arena);
}
END_TEST

START_TEST(test_a_truncated_document_yields_its_whole_items)
{
	struct feed_doc doc = parse("<rss version='2.0'><channel><item><title>One</title></item><item><title>Tw");
	ck_assert(doc.bozo && doc.truncated);
	ck_assert_uint_eq(doc.item_count, 1);
	arena_done(&arena);
}
END_TEST

START_TEST(test_what_is_no_feed_is_refused_by_name)
{
	static const char page[] = "<!DOCTYPE html><html><body><p>Sorry</p></body></html>";
	ck_assert_int_eq(refusal(page, sizeof page - 1), ERR_NOT_A_FEED);
	ck_assert_int_eq(refusal("", 0), ERR_EMPTY);
	ck_assert_int_eq(refusal(" \n ", 3), ERR_EMPTY);
	ck_assert_int_eq(refusal("\x89PNG\r\n\x1a\n\0\0", 10), ERR_NOT_A_FEED);
}
END_TEST

START_TEST(test_nesting_beyond_the_ceiling_is_refused_by_name)
{
	char deep[2048] = "<rss><channel>";
	for (int i = 0; i < 100; i++)
		strcat(deep, "<x>");
	ck_assert_int_eq(refusal(deep, strlen(deep)), ERR_PARSER_LIMIT);
	ck_assert(strstr(err.msg, "feed-depth") != NULL);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_rss_20_gives_its_channel_and_items);
	tcase_add_test(tc, test_atom_10_prefers_the_alternate_link);
	tcase_add_test(tc, test_rss_10_takes_items_beside_the_channel);
	tcase_add_test(tc, test_a_broken_document_is_mended_and_marked);
	tcase_add_test(tc, test_a_truncated_document_yields_its_whole_items);
	tcase_add_test(tc, test_what_is_no_feed_is_refused_by_name);
	tcase_add_test(tc, test_nesting_beyond_the_ceiling_is_refused_by_name);
}

int
main(void)
{
	return tap_run("feed/feed", suite);
}
