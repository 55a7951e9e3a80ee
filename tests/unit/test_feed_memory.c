#include "feed/feed.h"

#include "base/buf.h"
#include "base/hash.h"
#include "failing_alloc.h"
#include "tap.h"

#include <stdio.h>

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

static void
add_doc(const struct feed_doc *doc)
{
	add(doc->title);
	add(doc->repairs);
	add(doc->encoding);
	add(doc->bozo_reason);
	digest += doc->item_count;
}

static bool
each_item(void *ctx, const struct feed_item *item)
{
	add_item(item);
	return true;
}

/* The outcome as a number, item by item. */
static uint64_t
outcome_of_reading(struct str body, enum err_code *code)
{
	struct feed_input in = {.body = body, .url = STR_LIT("http://feed.example/news/feed.xml")};
	struct feed_reading *reading;
	struct feed_doc doc;
	struct arena arena;
	struct err err = {0};
	arena_init(&arena, 0);
	digest = 1;
	*code = ERR_NONE;
	if (feed_reading_open(&reading, &in, &feed_limits_default, &arena, &doc, &err) < 0) {
		*code = err.code;
	} else {
		add_doc(&doc);
		if (feed_reading_items(reading, each_item, NULL, &err) < 0)
			*code = err.code;
	}
	feed_reading_free(reading);
	arena_done(&arena);
	return digest;
}

/* The outcome as a number; with the HTML of items in an arena of its own, or NULL. */
static uint64_t
outcome_with(struct str body, struct arena *html, enum err_code *code)
{
	struct feed_input in = {.body = body, .url = STR_LIT("http://feed.example/news/feed.xml"), .html = html};
	struct feed_doc doc;
	struct arena arena;
	struct err err = {0};
	arena_init(&arena, 0);
	digest = 1;
	*code = ERR_NONE;
	if (feed_parse(&in, &feed_limits_default, &arena, &doc, &err) < 0) {
		*code = err.code;
	} else {
		add_doc(&doc);
		for (size_t i = 0; i < doc.item_count; i++)
			add_item(&doc.items[i]);
	}
	arena_done(&arena);
	return digest;
}

static uint64_t
outcome(struct str body, enum err_code *code)
{
	return outcome_with(body, NULL, code);
}

START_TEST(test_html_may_lie_apart_and_memory_may_run_out_there_as_well)
{
	enum err_code code;
	struct arena html;
	bool fired = true;
	uint64_t whole = outcome(documents[_i], &code);
	for (long n = 0; fired || n == 1; n++) {
		arena_init(&html, 0);
		if (n > 0)
			failing_alloc_arm(n, n % 2);
		uint64_t got = outcome_with(documents[_i], &html, &code);
		fired = n > 0 && failing_alloc_fired();
		ck_assert_msg((n > 0 && code == ERR_NO_MEMORY) || (code == ERR_NONE && got == whole),
		    "allocation %ld: code %d, whole %d", n, code, got == whole);
		arena_done(&html);
	}
}
END_TEST

/* So many items of 100 bytes of HTML, newest first, of which three are kept. */
static int
parse_many(unsigned count, size_t output_bytes, struct arena *html, struct err *err)
{
	char text[8192];
	size_t n = (size_t)snprintf(text, sizeof text, "<rss version='2.0'><channel>");
	struct feed_limits limits = feed_limits_default;
	struct feed_doc doc;
	struct arena arena;
	limits.items = 3;
	limits.output_bytes = output_bytes;
	for (unsigned i = 0; i < count; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
		    "<item><title>%u</title><pubDate>2026-11-%02uT10:00:00Z</pubDate><description>&lt;p&gt;%093u&lt;/"
		    "p&gt;"
		    "</description></item>",
		    i, 28 - i, i);
	n += (size_t)snprintf(text + n, sizeof text - n, "</channel></rss>");
	struct feed_input in = {.body = {text, n}, .html = html};
	arena_init(&arena, 0);
	int rc = feed_parse(&in, &limits, &arena, &doc, err);
	if (rc == 0 && html != NULL) {
		ck_assert_uint_eq(doc.items[2].summary_html.len, 100);
		ck_assert_uint_le(arena.used_bytes + html->used_bytes, output_bytes);
	}
	arena_done(&arena);
	return rc;
}

START_TEST(test_html_apart_counts_for_the_ceiling_and_goes_with_its_item)
{
	struct arena html;
	struct err err = {0};
	arena_init(&html, 0);
	ck_assert_int_eq(parse_many(3, SIZE_MAX, &html, &err), 0);
	size_t of_three = html.used_bytes;
	ck_assert_uint_ge(of_three, 300);
	ck_assert_int_eq(parse_many(20, SIZE_MAX, &html, &err), 0);
	ck_assert_uint_eq(html.used_bytes, of_three);
	size_t least = 1, least_apart = 1;
	while (parse_many(3, least, NULL, &err) < 0 && err.code == ERR_PARSER_LIMIT)
		least++;
	while (parse_many(3, least_apart, &html, &err) < 0 && err.code == ERR_PARSER_LIMIT)
		least_apart++;
	ck_assert_uint_gt(least, 300);
	/* but for what alignment takes */
	ck_assert_uint_le(least, least_apart + 64);
	ck_assert_uint_le(least_apart, least + 64);
	arena_done(&html);
}
END_TEST

START_TEST(test_items_one_at_a_time_are_the_same_and_memory_may_run_out_as_well)
{
	enum err_code code;
	bool fired = true;
	uint64_t whole = outcome(documents[_i], &code);
	ck_assert_uint_eq(outcome_of_reading(documents[_i], &code), whole);
	ck_assert_int_eq(code, ERR_NONE);
	for (long n = 1; fired; n++) {
		failing_alloc_arm(n, n % 2);
		uint64_t got = outcome_of_reading(documents[_i], &code);
		fired = failing_alloc_fired();
		ck_assert_msg(code == ERR_NO_MEMORY || (code == ERR_NONE && got == whole),
		    "allocation %ld: code %d, whole %d", n, code, got == whole);
	}
}
END_TEST

/* More items than allowed: the older end gives way, whichever it is. */
static uint64_t
outcome_of_many(bool rising, bool reading)
{
	char text[4096];
	size_t n = (size_t)snprintf(text, sizeof text, "<rss version='2.0'><channel><title>T</title>");
	struct feed_limits limits = feed_limits_default;
	struct feed_reading *r = NULL;
	struct feed_doc doc;
	struct arena arena;
	struct err err = {0};
	limits.items = 3;
	for (int i = 0; i < 8; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
		    "<item><title>Ferry %d</title><pubDate>2026-11-%02dT10:00:00Z</pubDate></item>", i,
		    rising ? 10 + i : 20 - i);
	n += (size_t)snprintf(text + n, sizeof text - n, "</channel></rss>");
	struct feed_input in = {.body = {text, n}};
	arena_init(&arena, 0);
	digest = 1;
	if (reading) {
		ck_assert_int_eq(feed_reading_open(&r, &in, &limits, &arena, &doc, &err), 0);
		add_doc(&doc);
		ck_assert_int_eq(feed_reading_items(r, each_item, NULL, &err), 0);
	} else {
		ck_assert_int_eq(feed_parse(&in, &limits, &arena, &doc, &err), 0);
		add_doc(&doc);
		for (size_t i = 0; i < doc.item_count; i++)
			add_item(&doc.items[i]);
		ck_assert(str_is(doc.items[0].title, rising ? "Ferry 5" : "Ferry 0"));
	}
	ck_assert_uint_eq(doc.item_count, 3);
	feed_reading_free(r);
	arena_done(&arena);
	return digest;
}

START_TEST(test_too_many_items_are_cut_alike)
{
	ck_assert_uint_eq(outcome_of_many(true, true), outcome_of_many(true, false));
	ck_assert_uint_eq(outcome_of_many(false, true), outcome_of_many(false, false));
}
END_TEST

struct stop {
	unsigned left;
};

static bool
each_until(void *ctx, const struct feed_item *item)
{
	struct stop *s = ctx;
	return --s->left > 0;
}

START_TEST(test_the_caller_may_stop_and_read_again)
{
	struct feed_input in = {.body = documents[0]};
	struct feed_reading *r;
	struct feed_doc doc;
	struct arena arena;
	struct err err = {0};
	arena_init(&arena, 0);
	ck_assert_int_eq(feed_reading_open(&r, &in, &feed_limits_default, &arena, &doc, &err), 0);
	ck_assert_uint_eq(doc.item_count, 3);
	for (unsigned wanted = 1; wanted <= 3; wanted++) {
		struct stop s = {wanted};
		ck_assert_int_eq(feed_reading_items(r, each_until, &s, &err), 0);
		ck_assert_uint_eq(s.left, 0);
	}
	feed_reading_free(r);
	arena_done(&arena);
}
END_TEST

static struct {
	size_t first, bytes;
	unsigned calls;
} spent;

static void
count_spent(void *ctx, size_t from, size_t bytes)
{
	if (spent.calls++ == 0)
		spent.first = from;
	ck_assert_uint_eq(from, spent.first + spent.bytes);
	spent.bytes += bytes;
}

START_TEST(test_a_converted_body_is_spent_piece_by_piece)
{
	struct buf body;
	struct feed_reading *r;
	struct feed_doc doc;
	struct arena arena;
	struct err err = {0};
	buf_init(&body, 0);
	arena_init(&arena, 0);
	buf_puts(&body, "<?xml version='1.0' encoding='shift_jis'?><rss version='2.0'><channel><item><title>");
	for (int i = 0; i < 300001; i++) /* characters of two bytes, cut anywhere */
		buf_puts(&body, i % 9 == 0 ? "a" : "\x83\x74");
	buf_puts(&body, "</title></item></channel></rss>");
	struct feed_input in = {.body = buf_view(&body), .spent = count_spent};
	ck_assert_int_eq(feed_reading_open(&r, &in, &feed_limits_default, &arena, &doc, &err), 0);
	ck_assert(!doc.bozo);
	ck_assert_uint_eq(spent.bytes, body.len);
	ck_assert_uint_ge(spent.calls, 2);
	feed_reading_free(r);
	arena_done(&arena);
	buf_done(&body);
}
END_TEST

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
	tcase_add_loop_test(tc, test_items_one_at_a_time_are_the_same_and_memory_may_run_out_as_well, 0,
	    sizeof documents / sizeof *documents);
	tcase_add_loop_test(tc, test_html_may_lie_apart_and_memory_may_run_out_there_as_well, 0,
	    (int)(sizeof documents / sizeof *documents));
	tcase_add_test(tc, test_html_apart_counts_for_the_ceiling_and_goes_with_its_item);
	tcase_add_test(tc, test_too_many_items_are_cut_alike);
	tcase_add_test(tc, test_the_caller_may_stop_and_read_again);
	tcase_add_test(tc, test_a_converted_body_is_spent_piece_by_piece);
}

int
main(void)
{
	return tap_run("feed/memory", suite);
}
