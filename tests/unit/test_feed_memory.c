#include "feed/feed.h"

#include "base/hash.h"
#include "failing_alloc.h"
#include "tap.h"

/* Memory that runs out at any point fails the document; it never loses a field of it silently. */

static const struct str documents[] = {
    STR_LIT("<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
            "<title>Harbour &amp; tides</title><item><title>A &lt;b&gt;ferry&lt;/b&gt; is late</title>"
            "<link>/1</link><guid>x1</guid><dc:creator>Mira</dc:creator><category>Sea</category>"
            "<description>&lt;p title='a &amp;amp; b'&gt;Fog over the &lt;a href='/h'&gt;harbour&lt;/a&gt;&lt;/p&gt;"
            "</description><enclosure url='a.mp3?x=1&amp;y=2' type='audio/mpeg'/></item>"
            "<item><title>B</title><description>&amp;lt;p&amp;gt;twice&amp;lt;/p&amp;gt;</description></item>"
            "<item><title>C</title><description>A &#x93;quote&#x94; &amp; more</description></item></channel></rss>"),
    STR_LIT("<rss version='2.0'><channel><title>A & B</title><item><title>One &nbsp; x</title><link href='/a?x&y'/>"
            "<description><p class=x>Un<b>closed</p></description><item><title>Two</title></channel>"),
    STR_LIT("<?xml version='1.0' encoding='windows-1251'?><rss version='2.0'><channel><item><title>\xcf\xe0\xf0\xee\xec"
            "</title><description>\xc4\xe2\xe0</description></item></channel></rss>"),
    STR_LIT(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><author><name>M</name></author><entry>"
        "<id>1</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <b>b</b></div></title>"
        "<content type='xhtml' xml:base='/x/'><div xmlns='http://www.w3.org/1999/xhtml'><a href='y'>z</a> &lt;</div>"
        "</content><link href='/1'/></entry></feed>"),
    STR_LIT("{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":1.5,\"title\":\"A\",\"content_html\":"
            "\"<p>x</p>\",\"tags\":[\"a\"]},{\"id\":2,\"content_text\":\"a < b\",}]}"),
    STR_LIT("<html lang=en><body><div class=h-entry><a class='p-name u-url' href='/1?a&amp;b'>A</a>"
            "<div class=e-content><p>Fog</div></div></body></html>"),
};

static uint64_t digest;

static void
add(struct str s)
{
	digest = hash64(s, digest + (s.s != NULL));
}

static void
add_item(const struct feed_item *item)
{
	const struct str fields[] = {item->id, item->link, item->title, item->summary_html, item->summary_text,
	    item->content_html, item->content_text, item->language};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		add(fields[i]);
	digest += item->author_count + item->category_count * 7 + item->enclosure_count * 49 + item->link_count * 343;
}

/* The outcome as a number; 0 for no memory. */
static uint64_t
outcome(struct str body, enum err_code *code)
{
	struct feed_input in = {.body = body, .url = STR_LIT("http://feed.example/news/feed.xml")};
	struct feed_doc doc;
	struct arena arena;
	struct err err = {0};
	arena_init(&arena, 0);
	digest = 1;
	*code = ERR_NONE;
	if (feed_parse(&in, &feed_limits_default, &arena, &doc, &err) < 0) {
		*code = err.code;
	} else {
		add(doc.title);
		add(doc.repairs);
		add(doc.encoding);
		for (size_t i = 0; i < doc.item_count; i++)
			add_item(&doc.items[i]);
	}
	arena_done(&arena);
	return digest;
}

START_TEST(test_memory_that_runs_out_anywhere_fails_the_document)
{
	enum err_code code;
	bool fired = true;
	uint64_t whole = outcome(documents[_i], &code);
	ck_assert_int_eq(code, ERR_NONE);
	for (long n = 1; fired; n++) {
		failing_alloc_arm(n, n % 2);
		uint64_t got = outcome(documents[_i], &code);
		fired = failing_alloc_fired();
		ck_assert_msg(code == ERR_NO_MEMORY || (code == ERR_NONE && got == whole),
		    "allocation %ld: code %d, whole %d", n, code, got == whole);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(
	    tc, test_memory_that_runs_out_anywhere_fails_the_document, 0, sizeof documents / sizeof *documents);
}

int
main(void)
{
	return tap_run("feed/memory", suite);
}
