/* Any bytes as an OPML file: refused with a reason, or a list of http and https feeds. */
#include "fuzz.h"

#include "base/utf8.h"
#include "feed/opml.h"
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct opml_doc doc;
	struct err err = {0};
	arena_init(&arena, 0);
	if (opml_parse((struct str){(const char *)data, size}, &opml_limits_default, &arena, &doc, &err) < 0) {
		promise(err.code != ERR_NONE && err.msg[0] != '\0');
		doc = (struct opml_doc){0};
	}
	promise(doc.feed_count + doc.skipped_count <= opml_limits_default.outlines);
	promise_text(doc.title);
	for (size_t i = 0; i < doc.feed_count; i++) {
		promise(url_is_http(doc.feeds[i].url) && doc.feeds[i].line > 0);
		promise_text(doc.feeds[i].url);
		promise_text(doc.feeds[i].title);
		promise_text(doc.feeds[i].language);
		promise_text(doc.feeds[i].folder);
	}
	for (size_t i = 0; i < doc.skipped_count; i++)
		promise_text(doc.skipped[i].what);
	arena_done(&arena);
	return 0;
}
