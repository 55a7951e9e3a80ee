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
	} else {
		promise(err.code != ERR_NONE && err.msg[0] != '\0');
	}
	arena_done(&arena);
	return 0;
}
