/* Any bytes as a document: never a crash, and what comes out keeps the promises of feed/feed.h. */
#include "fuzz.h"

#include "base/utf8.h"
#include "feed/feed.h"
#include "feed/url.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static void
promise_text(struct str s)
{
	promise(s.s == NULL || (utf8_valid(s) && memchr(s.s, '\0', s.len) == NULL && s.s[s.len] == '\0'));
}

static void
promise_item(const struct feed_item *item)
{
	const struct str fields[] = {item->id, item->link, item->title, item->summary_html, item->summary_text,
	    item->content_html, item->content_text, item->language, item->comments, item->location, item->source_title,
	    item->source_url};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		promise_text(fields[i]);
	promise(item->link.s == NULL || url_is_http(item->link)); /* a base is always given */
	promise(!item->id_is_link || url_is_http(item->id));
	promise(item->published_at == TIME_NONE || (item->published_at >= TIME_MIN && item->published_at <= TIME_MAX));
	for (size_t i = 0; i < item->author_count; i++) {
		promise_text(item->authors[i].name);
		promise_text(item->authors[i].email);
	}
	for (size_t i = 0; i < item->category_count; i++)
		promise_text(item->categories[i].term);
	for (size_t i = 0; i < item->link_count; i++)
		promise(url_is_http(item->links[i].href));
}

struct twin {
	const struct feed_doc *doc;
	size_t next;
};

static void
promise_same(struct str a, struct str b)
{
	promise((a.s == NULL) == (b.s == NULL) && str_eq(a, b));
}

static bool
check_twin(void *ctx, const struct feed_item *item)
{
	struct twin *t = ctx;
	promise_item(item);
	promise(t->next < t->doc->item_count);
	const struct feed_item *other = &t->doc->items[t->next++];
	promise_same(item->id, other->id);
	promise_same(item->link, other->link);
	promise_same(item->title, other->title);
	promise_same(item->summary_html, other->summary_html);
	promise_same(item->content_text, other->content_text);
	promise_same(item->location, other->location);
	promise(item->published_at == other->published_at && item->link_count == other->link_count);
	return true;
}

/* One item at a time gives the same items. */
static void
read_twice(const struct feed_input *in, const struct feed_doc *doc)
{
	struct feed_reading *r = NULL;
	struct twin twin = {.doc = doc};
	struct arena arena;
	struct feed_doc head;
	struct err err = {0};
	arena_init(&arena, 0);
	promise(feed_reading_open(&r, in, &feed_limits_default, &arena, &head, &err) == 0);
	promise(head.format == doc->format);
	promise(feed_reading_items(r, check_twin, &twin, &err) == 0);
	promise(twin.next == doc->item_count);
	feed_reading_free(r);
	arena_done(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str types[] = {{NULL, 0}, STR_LIT("text/xml; charset=iso-8859-1"),
	    STR_LIT("application/feed+json"), STR_LIT("application/xml; charset=\"utf-16\"")};
	struct feed_input in = {.url = STR_LIT("http://feed.example/a/b.xml")};
	struct arena arena;
	struct feed_doc doc;
	struct err err = {0};
	if (size == 0)
		return 0;
	in.content_type = types[data[size - 1] % (sizeof types / sizeof *types)];
	in.body = (struct str){(const char *)data, size};
	arena_init(&arena, 0);
	if (feed_parse(&in, &feed_limits_default, &arena, &doc, &err) == 0) {
		promise(doc.format != FEED_UNKNOWN && doc.item_count <= feed_limits_default.items);
		promise_text(doc.title);
		promise_text(doc.description);
		promise_text(doc.repairs);
		promise_text(doc.bozo_reason);
		for (size_t i = 0; i < doc.item_count; i++)
			promise_item(&doc.items[i]);
		read_twice(&in, &doc);
	} else {
		promise(err.code != ERR_NONE && err.msg[0] != '\0');
	}
	arena_done(&arena);
	return 0;
}
