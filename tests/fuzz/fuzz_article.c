/*
 * Any bytes as the page of an item: its text is valid UTF-8 without control characters but line ends, within its ceiling, and
 * without white space round it.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "feed/article.h"
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
	struct article article;
	struct arena arena;
	struct buf buf;
	struct str html;

	if (size == 0)
		return 0;
	arena_init(&arena, 0);
	buf_init(&buf, 0);
	promise(page_decode((struct str){(const char *)data, size}, STR_NONE, &arena, &buf, &html, NULL) == 0);
	promise(article_extract(html, STR_LIT("https://site.example/a/b"), &arena, &article, NULL) == 0);
	promise(article.text.len <= ARTICLE_TEXT_BYTES_MAX && utf8_valid(article.text));
	for (size_t i = 0; i < article.text.len; i++)
		promise((unsigned char)article.text.s[i] >= ' ' || article.text.s[i] == '\n');
	promise(article.text.len == 0 ||
	        (!ascii_space(article.text.s[0]) && !ascii_space(article.text.s[article.text.len - 1])));
	promise(article.canonical.s == NULL || url_is_http(article.canonical));
	buf_done(&buf);
	arena_done(&arena);
	return 0;
}
