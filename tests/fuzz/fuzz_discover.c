/*
 * Any bytes as a web page, and its first line as a Link header: whatever is found is an absolute http(s) URL, told once, and
 * stays within the ceilings.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "feed/discover.h"
#include "feed/page.h"
#include "feed/url.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = {(const char *)data, size}, rest = body, line = STR_NONE;
	struct discovery found;
	struct arena arena;
	struct buf buf;

	if (size == 0)
		return 0;
	arena_init(&arena, 0);
	buf_init(&buf, 0);
	str_split(&rest, '\n', &line);
	struct discover_input in = {.url = STR_LIT("https://site.example/a/b"), .link_header = line};
	promise(page_decode(body, STR_NONE, &arena, &buf, &in.html, NULL) == 0);
	promise(utf8_valid(in.html) && (in.html.len == 0 || memchr(in.html.s, '\0', in.html.len) == NULL));
	promise(discover_page(&in, &arena, &found, NULL) == 0);
	promise(found.count <= DISCOVER_FOUND_MAX && found.page_title.len <= PAGE_TITLE_BYTES_MAX);
	for (size_t i = 0; i < found.count; i++) {
		promise(url_is_http(found.found[i].url));
		promise(found.found[i].title.len <= PAGE_TITLE_BYTES_MAX);
		promise(found.found[i].title.len == 0 ||
		        memchr(found.found[i].title.s, '\n', found.found[i].title.len) == NULL);
		for (size_t k = 0; k < i; k++)
			promise(!str_eq(found.found[i].url, found.found[k].url));
	}
	buf_done(&buf);
	arena_done(&arena);
	return 0;
}
