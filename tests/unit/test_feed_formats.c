#include "feed/feed.h"

#include "tap.h"

#include <stdio.h>

/* Each format and vocabulary is recognised from the content alone, and read. */

static struct arena arena;
static struct err err;

static struct feed_doc
parse(const char *text)
{
	struct feed_doc doc;
	struct feed_input in = {.body = str_from(text), .url = STR_LIT("http://feed.example/news/feed")};
	err_clear(&err);
	arena_init(&arena, 0);
	ck_assert_msg(feed_parse(&in, &feed_limits_default, &arena, &doc, &err) == 0, "%s", err.msg);
	return doc;
}

#define ITEM "<item><title>Ferry</title><link>http://h.example/1</link></item>"
#define RDF_NS "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"

static const struct {
	const char *text;
	enum feed_format format;
} documents[] = {
    {"<rdf:RDF " RDF_NS " xmlns='http://my.netscape.com/rdf/simple/0.9/'><channel><title>T</title></channel>" ITEM
     "</rdf:RDF>",
        FEED_RSS090},
    {"<?xml version='1.0'?><!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' "
     "'http://my.netscape.com/publish/formats/rss-0.91.dtd'><rss version='0.91'><channel>" ITEM "</channel></rss>",
        FEED_RSS091N},
    {"<rss version='0.91'><channel>" ITEM "</channel></rss>", FEED_RSS091U},
    {"<rss version='0.92'><channel>" ITEM "</channel></rss>", FEED_RSS092},
    {"<rss version='0.93'><channel>" ITEM "</channel></rss>", FEED_RSS093},
    {"<rss version='0.94'><channel>" ITEM "</channel></rss>", FEED_RSS094},
    {"<rdf:RDF " RDF_NS " xmlns='http://purl.org/rss/1.0/'><channel><title>T</title></channel>" ITEM "</rdf:RDF>",
        FEED_RSS10},
    {"<rss version='2.0'><channel>" ITEM "</channel></rss>", FEED_RSS20},
    {"<channel><title>T</title>" ITEM "</channel>", FEED_RSS},
    {"<rss><channel><title>T</title></channel>" ITEM "</rss>", FEED_RSS},
    {ITEM, FEED_RSS},
    {"<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>Ferry</title>"
     "<link rel='alternate' href='http://h.example/1'/></entry></feed>",
        FEED_ATOM03},
    {"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Ferry</title><link href='http://h.example/1'/>"
     "</entry></feed>",
        FEED_ATOM10},
    {"<entry xmlns='http://www.w3.org/2005/Atom'><title>Ferry</title><link href='http://h.example/1'/></entry>",
        FEED_ATOM10},
    {"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":1,\"title\":\"Ferry\",\"url\":"
     "\"http://h.example/1\"}]}",
        FEED_JSON10},
    {" {\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"title\":\"Ferry\",\"url\":"
     "\"http://h.example/1\"}]}",
        FEED_JSON11},
    {"<CHANNEL HREF='http://h.example/'><TITLE>T</TITLE><ITEM HREF='http://h.example/1'><TITLE>Ferry</TITLE>"
     "<ABSTRACT>Late</ABSTRACT></ITEM></CHANNEL>",
        FEED_CDF},
    {"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
     "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>http://h.example/1</loc><news:news>"
     "<news:publication><news:name>H</news:name><news:language>en</news:language></news:publication>"
     "<news:publication_date>2026-11-23</news:publication_date><news:title>Ferry</news:title></news:news></url>"
     "</urlset>",
        FEED_SITEMAP},
    {"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><a:entry><a:title>Ferry</a:title>"
     "<a:link href='http://h.example/1'/></a:entry></channel></rss>",
        FEED_RSS20},
    {"<feed xmlns='http://www.w3.org/2005/Atom'>" ITEM "</feed>", FEED_ATOM10},
    {"<html><body><div class='h-entry'><a class='u-url p-name' href='http://h.example/1'>Ferry</a></div></body></html>",
        FEED_HFEED},
    {"<div class='hentry'><h2 class='entry-title'><a rel=bookmark href='http://h.example/1'>Ferry</a></h2></div>",
        FEED_HFEED},
};

START_TEST(test_each_format_is_recognised_and_gives_its_item)
{
	struct feed_doc doc = parse(documents[_i].text);
	ck_assert_str_eq(feed_format_word(doc.format), feed_format_word(documents[_i].format));
	ck_assert(doc.format_why.len > 0);
	ck_assert_uint_eq(doc.item_count, 1);
	ck_assert_str_is(doc.items[0].title, "Ferry");
	ck_assert_str_is(doc.items[0].link, "http://h.example/1");
	ck_assert(!doc.bozo);
	arena_done(&arena);
}
END_TEST

START_TEST(test_a_sitemap_index_lists_its_sitemaps)
{
	struct feed_doc doc =
	    parse("<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap>"
	          "<loc>http://h.example/a.xml</loc><lastmod>2026-11-23</lastmod></sitemap></sitemapindex>");
	ck_assert_int_eq(doc.format, FEED_SITEMAP_INDEX);
	ck_assert_str_is(doc.items[0].link, "http://h.example/a.xml");
	ck_assert_int_eq(doc.items[0].updated_at, 1795392000000);
	arena_done(&arena);
}
END_TEST

START_TEST(test_the_vocabularies_beside_the_formats_are_read)
{
	struct feed_doc doc = parse(
	    "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
	    "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:m='https://search.yahoo.com/mrss' "
	    "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
	    "xmlns:thr='http://purl.org/syndication/thread/1.0' "
	    "xmlns:wfw='http://wellformedweb.org/CommentAPI/' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' "
	    "xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0' xmlns:atom='http://www.w3.org/2005/Atom' "
	    "xmlns:x='urn:unknown'><channel><sy:updatePeriod>hourly</sy:updatePeriod>"
	    "<atom:link rel='hub' href='http://hub.example/'/><x:a><x:item>no</x:item></x:a>"
	    "<item><title>A</title><x:b><title>no</title></x:b><dc:creator>Mira</dc:creator><dc:date>2026-11-23</"
	    "dc:date>"
	    "<content:encoded>&lt;p&gt;Long&lt;/p&gt;</content:encoded><description>Short</description>"
	    "<dc:language>SV</dc:language><m:group><m:content url='v.mp4' type='video/mp4' fileSize='7'/></m:group>"
	    "<itunes:keywords>a, b</itunes:keywords><thr:in-reply-to href='http://h.example/0'/>"
	    "<wfw:commentRss>http://h.example/c</wfw:commentRss>"
	    "<feedburner:origLink>http://h.example/orig</feedburner:origLink></item></channel></rss>");
	const struct feed_item *item = &doc.items[0];
	ck_assert_uint_eq(doc.item_count, 1);
	ck_assert_int_eq(doc.hints.update_period_ms, HOUR_MS);
	ck_assert_str_is(doc.hub, "http://hub.example/");
	ck_assert_str_is(item->title, "A");
	ck_assert_str_is(item->authors[0].name, "Mira");
	ck_assert_str_is(item->content_text, "Long");
	ck_assert_str_is(item->summary_text, "Short");
	ck_assert_str_is(item->language, "sv");
	ck_assert_str_is(item->enclosures[0].url, "http://feed.example/news/v.mp4");
	ck_assert_int_eq(item->enclosures[0].length, 7);
	ck_assert_uint_eq(item->category_count, 2);
	ck_assert_uint_eq(item->link_count, 3);
	arena_done(&arena);
}
END_TEST

START_TEST(test_json_feeds_with_odd_values_are_read)
{
	struct feed_doc doc =
	    parse("{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"authors\":[{\"name\":\"Mira\"}],"
	          "\"hubs\":[{\"type\":\"WebSub\",\"url\":\"http://hub.example/\"}],\"items\":[null,3,{\"id\":12.5,"
	          "\"external_url\":\"http://h.example/x\",\"content_text\":\"a < b\",\"tags\":\"sea, port\","
	          "\"date_published\":1795392000,\"attachments\":[{\"url\":\"a.mp3\",\"size_in_bytes\":\"12\"},"
	          "{\"url\":\"b.mp3\",\"size_in_bytes\":1e300}]}]}");
	const struct feed_item *item = &doc.items[0];
	ck_assert_uint_eq(doc.item_count, 1);
	ck_assert_str_is(doc.hub, "http://hub.example/");
	ck_assert_str_is(item->id, "12.5");
	ck_assert_str_is(item->link, "http://h.example/x");
	ck_assert_str_is(item->content_html, "a &lt; b");
	ck_assert_str_is(item->content_text, "a < b");
	ck_assert_str_is(item->categories[1].term, "port");
	ck_assert_str_is(item->authors[0].name, "Mira");
	ck_assert_int_eq(item->published_at, 1795392000000);
	ck_assert_int_eq(item->enclosures[0].length, 12);
	ck_assert_int_eq(item->enclosures[1].length, -1);
	arena_done(&arena);
}
END_TEST

START_TEST(test_json_is_read_item_by_item_and_whole_where_it_must)
{
	static const struct {
		const char *text;
		size_t items;
		bool bozo;
	} cases[] = {
	    {"{\"items\" : [ ] ,\"version\":\"https://jsonfeed.org/version/1\"}", 0, false},
	    {"{\"items\":[{\"id\":\"],}{\\\"\",\"tags\":[[],{}]},{\"id\":2}],\"version\":\"https://jsonfeed.org/"
	     "version/1\"}",
	        2, false},
	    {"{\"x\":{\"items\":[1]},\"items\":[{\"id\":1}]}", 1, false},
	    {"{\"items\":[{\"id\":1},{\"id\":2}],\"items\":[{\"id\":3}]}", 1, false},
	    {"{\"items\":[{\"id\":1},{\"id\":2},]}", 2, true},
	    {"{\"items\":[,{\"id\":1}]}", 1, true},
	    {"{\"items\":[{\"id\":1},{\"id\":2", 1, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct feed_doc doc = parse(cases[i].text);
		ck_assert_msg(doc.item_count == cases[i].items && doc.bozo == cases[i].bozo, "%zu: %zu items, %s", i,
		    doc.item_count, doc.bozo ? "mended" : "well-formed");
		arena_done(&arena);
	}
}
END_TEST

START_TEST(test_a_page_with_marked_up_entries_is_a_feed)
{
	struct feed_doc doc =
	    parse("<!DOCTYPE html><html lang=sv><head><title>Hamnen &amp; havet</title><base href='/blogg/'></head>"
	          "<body class=h-feed><p class='p-author h-card'><a class='p-name u-url' href='/om'>Mira Holt</a></p>"
	          "<article class=h-entry><h2 class=p-name><a class=u-url href=farjan>F&auml;rjan &auml;r sen</a></h2>"
	          "<time class=dt-published datetime='2026-11-23T14:00:00+01:00'>i dag</time><p class=p-summary>Kort"
	          "<div class=e-content><p>Dimma<script>x()</script> <b>i</b> hamnen<p>Mer</div>"
	          "<a class=p-category href=/t>Hav</a><a class='p-author h-card' href=/ola>Ola</a>"
	          "<div class='u-in-reply-to h-cite'><a class='p-name u-url' href='http://h.example/0'>Annat</a></div>"
	          "<div class='p-comment h-entry'><p class=p-name>nej</p></div></article></body></html>");
	const struct feed_item *item = &doc.items[0];
	ck_assert_int_eq(doc.format, FEED_HFEED);
	ck_assert_uint_eq(doc.item_count, 1);
	ck_assert_str_is(doc.title, "Hamnen & havet");
	ck_assert_str_is(doc.language, "sv");
	ck_assert_str_is(doc.authors[0].name, "Mira Holt");
	ck_assert_str_is(doc.authors[0].uri, "http://feed.example/om");
	ck_assert_str_is(item->title, "F\xc3\xa4rjan \xc3\xa4r sen");
	ck_assert_str_is(item->link, "http://feed.example/blogg/farjan");
	ck_assert_int_eq(item->published_at, 1795438800000);
	ck_assert_str_is(item->summary_text, "Kort");
	ck_assert_str_is(item->content_text, "Dimma i hamnen\n\nMer");
	ck_assert_str_is(item->content_html, "<p>Dimma <b>i</b> hamnen</p><p>Mer</p>");
	ck_assert_str_is(item->categories[0].term, "Hav");
	ck_assert_uint_eq(item->author_count, 1);
	ck_assert_str_is(item->authors[0].name, "Ola");
	ck_assert_str_is(item->links[0].href, "http://h.example/0");
	arena_done(&arena);
}
END_TEST

START_TEST(test_a_page_that_names_its_feed_is_none)
{
	struct feed_doc doc;
	struct feed_input in = {.url = STR_LIT("http://feed.example/"),
	    .body = STR_LIT("<html><head><link rel=alternate type=application/atom+xml href=/a.xml></head>"
	                    "<body><p class=h-entry>x</p></body></html>")};
	arena_init(&arena, 0);
	ck_assert_int_eq(feed_parse(&in, &feed_limits_default, &arena, &doc, &err), -1);
	ck_assert_int_eq(err.code, ERR_NOT_A_FEED);
	ck_assert_ptr_nonnull(strstr(err.msg, "http://feed.example/a.xml"));
	arena_done(&arena);
}
END_TEST

START_TEST(test_dates_that_nobody_reads_are_counted)
{
	struct feed_doc doc =
	    parse("<rss version='2.0'><channel><item><title>A</title><pubDate>some day</pubDate></item>"
	          "<item><title>B</title><pubDate>2026-13-45</pubDate></item></channel></rss>");
	ck_assert_uint_eq(doc.unread_dates, 2);
	ck_assert_str_is(doc.unread_date, "some day");
	ck_assert_int_eq(doc.items[0].published_at, TIME_NONE);
	arena_done(&arena);
}
END_TEST

START_TEST(test_authors_come_from_where_they_are_and_complete_each_other)
{
	static const struct {
		const char *inside, *name, *email;
	} cases[] = {
	    {"<author>ann@h.example</author><dc:creator>Ann Lee</dc:creator>", "Ann Lee", "ann@h.example"},
	    {"<dc:creator>Ann Lee</dc:creator><author>ann@h.example</author>", "Ann Lee", "ann@h.example"},
	    {"<author>ann@h.example (Ann)</author><dc:creator>Bo Ek</dc:creator>", "Ann", "ann@h.example"},
	    {"<author>ann@h.example</author><atom:contributor><atom:name>Bo</atom:name></atom:contributor>", NULL,
	        "ann@h.example"},
	    {"<atom:source><atom:author><atom:name>Ann</atom:name></atom:author></atom:source>", "Ann", NULL},
	    {"<atom:source><atom:author><atom:name>Ann</atom:name></atom:author></atom:source><dc:creator>Bo</"
	     "dc:creator>",
	        "Bo", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[1024];
		snprintf(text, sizeof text,
		    "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
		    "xmlns:atom='http://www.w3.org/2005/Atom'>"
		    "<channel><item><title>A</title>%s</item></channel></rss>",
		    cases[i].inside);
		struct feed_doc doc = parse(text);
		ck_assert_uint_eq(doc.items[0].author_count, 1);
		const struct feed_person *p = doc.items[0].authors;
		ck_assert(cases[i].name ? str_is(p->name, cases[i].name) : p->name.len == 0);
		ck_assert(cases[i].email ? str_is(p->email, cases[i].email) : p->email.len == 0);
		arena_done(&arena);
	}
	/* RFC 4287 section 4.2.1: the source's authors come before the feed's. */
	struct feed_doc doc = parse("<feed xmlns='http://www.w3.org/2005/Atom'><author><name>Feed</name></author>"
	                            "<entry><source><title>S</title><author><name>Ann</name></author></source></entry>"
	                            "<entry><title>B</title></entry></feed>");
	ck_assert_str_is(doc.items[0].authors[0].name, "Ann");
	ck_assert_str_is(doc.items[1].authors[0].name, "Feed");
	arena_done(&arena);
}
END_TEST

START_TEST(test_without_an_address_relative_links_are_seen_from_the_site)
{
	static const char *const nowhere[] = {
	    "<rss version='2.0'><channel><link>http://site.example/a/</link><item><link>/b?c=1</link>"
	    "<description>&lt;a href='/d'&gt;x&lt;/a&gt;</description></item></channel></rss>",
	    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"home_page_url\":\"http://site.example/a/\",\"items\":"
	    "[{\"id\":\"1\",\"url\":\"/b?c=1\",\"summary\":\"<a href='/d'>x</a>\"}]}"};
	struct feed_input in = {
	    .body = STR_LIT("<rss><channel><link>http://site.example/a/</link><item><link>b</link></item>"
	                    "</channel></rss>")};
	struct feed_doc bare;
	arena_init(&arena, 0);
	ck_assert_int_eq(feed_parse(&in, &feed_limits_default, &arena, &bare, &err), 0);
	ck_assert_str_is(bare.items[0].link, "b");
	arena_done(&arena);
	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
		struct feed_doc doc;
		in.body = str_from(nowhere[i]);
		arena_init(&arena, 0);
		ck_assert_int_eq(feed_parse(&in, &feed_limits_default, &arena, &doc, &err), 0);
		ck_assert_str_is(doc.items[0].link, "http://site.example/b?c=1");
		ck_assert_str_is(doc.items[0].summary_html, "<a href=\"http://site.example/d\">x</a>");
		arena_done(&arena);
		doc = parse(nowhere[i]);
		ck_assert_str_is(doc.items[0].link, "http://feed.example/b?c=1");
		arena_done(&arena);
	}
}
END_TEST

START_TEST(test_places_become_geometries_and_comments_are_counted)
{
	static const struct {
		const char *inside, *location;
		int comments;
	} cases[] = {
	    {"<georss:point>45.256 -71.92</georss:point><slash:comments> 12 </slash:comments>",
	        "{\"type\":\"Point\",\"coordinates\":[-71.92,45.256]}", 12},
	    {"<georss:point>+045.12345678,-0.5</georss:point><thr:total>3</thr:total>",
	        "{\"type\":\"Point\",\"coordinates\":[-0.5,45.1234567]}", 3},
	    {"<georss:line>45 -110.45 46.46 -109.48</georss:line><slash:comments>-1</slash:comments>",
	        "{\"type\":\"LineString\",\"coordinates\":[[-110.45,45],[-109.48,46.46]]}", -1},
	    {"<georss:polygon>1 2 3 4 5 6</georss:polygon>",
	        "{\"type\":\"Polygon\",\"coordinates\":[[[2,1],[4,3],[6,5],[2,1]]]}", -1},
	    {"<georss:box>1 2 3 4</georss:box>",
	        "{\"type\":\"Polygon\",\"coordinates\":[[[2,1],[4,1],[4,3],[2,3],[2,1]]]}", -1},
	    {"<georss:where><gml:Point><gml:pos>1 2</gml:pos></gml:Point></georss:where>",
	        "{\"type\":\"Point\",\"coordinates\":[2,1]}", -1},
	    {"<georss:where><gml:LineString><gml:posList>1 2 3 4</gml:posList></gml:LineString></georss:where>",
	        "{\"type\":\"LineString\",\"coordinates\":[[2,1],[4,3]]}", -1},
	    {"<georss:where><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>1 2 3 4 5 6 1 2</gml:posList>"
	     "</gml:LinearRing></gml:exterior></gml:Polygon></georss:where>",
	        "{\"type\":\"Polygon\",\"coordinates\":[[[2,1],[4,3],[6,5],[2,1]]]}", -1},
	    {"<georss:where><gml:Envelope><gml:lowerCorner>1 2</gml:lowerCorner><gml:upperCorner>3 4</gml:upperCorner>"
	     "</gml:Envelope></georss:where>",
	        "{\"type\":\"Polygon\",\"coordinates\":[[[2,1],[4,1],[4,3],[2,3],[2,1]]]}", -1},
	    {"<geo:long>-97.83</geo:long><geo:lat>26.58</geo:lat>",
	        "{\"type\":\"Point\",\"coordinates\":[-97.83,26.58]}", -1},
	    {"<geo:Point><geo:lat>.5</geo:lat><geo:long>7.</geo:long></geo:Point><georss:point>1 2</georss:point>",
	        "{\"type\":\"Point\",\"coordinates\":[2,1]}", -1}, /* the more explicit one */
	    {"<georss:point>95 10</georss:point>", NULL, -1},
	    {"<georss:point>10 180.1</georss:point>", NULL, -1},
	    {"<georss:point>1e1 1</georss:point>", NULL, -1},
	    {"<georss:point>1</georss:point><georss:point>1 2 3 4</georss:point>", NULL, -1},
	    {"<georss:line>1 2</georss:line><georss:box>1 2 3</georss:box><geo:lat>1</geo:lat>", NULL, -1},
	    {"<georss:point>99999999999999999999 0</georss:point>", NULL, -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[2048];
		snprintf(text, sizeof text,
		    "<rss version='2.0' xmlns:georss='http://www.georss.org/georss' "
		    "xmlns:gml='http://www.opengis.net/gml' "
		    "xmlns:geo='http://www.w3.org/2003/01/geo/wgs84_pos#' "
		    "xmlns:slash='http://purl.org/rss/1.0/modules/slash/' "
		    "xmlns:thr='http://purl.org/syndication/thread/1.0'><channel><item><title>A</title>%s</item></"
		    "channel></rss>",
		    cases[i].inside);
		struct feed_doc doc = parse(text);
		if (cases[i].location == NULL)
			ck_assert(doc.items[0].location.s == NULL);
		else
			ck_assert_str_is(doc.items[0].location, cases[i].location);
		ck_assert_int_eq(doc.items[0].comment_count, cases[i].comments);
		ck_assert_str_is(doc.items[0].title, "A");
		arena_done(&arena);
	}
	struct feed_doc doc =
	    parse("<feed xmlns='http://www.w3.org/2005/Atom' xmlns:thr='http://purl.org/syndication/thread/1.0'>"
	          "<entry><link rel='replies' thr:count='7' href='r'/></entry></feed>");
	ck_assert_int_eq(doc.items[0].comment_count, 7);
	arena_done(&arena);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(
	    tc, test_each_format_is_recognised_and_gives_its_item, 0, sizeof documents / sizeof *documents);
	tcase_add_test(tc, test_a_sitemap_index_lists_its_sitemaps);
	tcase_add_test(tc, test_the_vocabularies_beside_the_formats_are_read);
	tcase_add_test(tc, test_json_feeds_with_odd_values_are_read);
	tcase_add_test(tc, test_json_is_read_item_by_item_and_whole_where_it_must);
	tcase_add_test(tc, test_a_page_with_marked_up_entries_is_a_feed);
	tcase_add_test(tc, test_a_page_that_names_its_feed_is_none);
	tcase_add_test(tc, test_dates_that_nobody_reads_are_counted);
	tcase_add_test(tc, test_authors_come_from_where_they_are_and_complete_each_other);
	tcase_add_test(tc, test_without_an_address_relative_links_are_seen_from_the_site);
	tcase_add_test(tc, test_places_become_geometries_and_comments_are_counted);
}

int
main(void)
{
	return tap_run("feed/formats", suite);
}
