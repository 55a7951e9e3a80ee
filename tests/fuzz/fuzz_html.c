/*
 * Any text as HTML: the plain text is clean, cleaned HTML holds nothing but well nested harmless elements, and cleaning
 * it again changes nothing.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "feed/url.h"
#include "text/entities.h"
#include "text/html.h"
#include "text/html_delta.h"
#include "text/html_lex.h"

#include <stdlib.h>

static void
promise(bool kept)
{
	if (!kept)
		abort();
}

static void
promise_attrs(struct str attrs)
{
	struct html_attr attr;

	while (html_attr_next(&attrs, &attr)) {
		promise(!str_istarts(attr.name, STR_LIT("on")) && !str_ieq(attr.name, STR_LIT("style")));
		promise(attr.value.s != NULL && attr.value.s[-1] == '"' && attr.value.s[attr.value.len] == '"');
		promise(memchr(attr.value.s, '<', attr.value.len) == NULL &&
		        memchr(attr.value.s, '>', attr.value.len) == NULL);
		if (str_ieq(attr.name, STR_LIT("href")) || str_ieq(attr.name, STR_LIT("src")))
			promise(
			    str_starts(attr.value, STR_LIT("http://")) || str_starts(attr.value, STR_LIT("https://")));
	}
}

static void
promise_harmless(struct str html)
{
	enum html_id open[HTML_DEPTH_MAX];
	size_t depth = 0;
	struct html_lexer lx;
	struct html_token token;

	html_lexer_init(&lx, html);
	for (html_lexer_next(&lx, &token); token.kind != HTML_END; html_lexer_next(&lx, &token)) {
		if (token.kind == HTML_TEXT) {
			promise(memchr(token.text.s, '<', token.text.len) == NULL &&
			        memchr(token.text.s, '>', token.text.len) == NULL);
			continue;
		}
		promise(token.element != NULL && (token.element->flags & HTML_KEEP));
		if (token.kind == HTML_CLOSE) {
			promise(depth > 0 && open[--depth] == html_element_id(token.element));
			continue;
		}
		promise_attrs(token.attrs);
		if (!(token.element->flags & HTML_VOID)) {
			promise(depth < HTML_DEPTH_MAX);
			open[depth++] = html_element_id(token.element);
		}
	}
	promise(depth == 0);
}

static void
promise_text(struct str text)
{
	promise(utf8_valid(text));
	promise(text.len == 0 || (!ascii_space(text.s[text.len - 1]) && text.s[0] != '\n'));
	promise(str_find(text, STR_LIT("\n\n\n"), 0) < 0 && str_find(text, STR_LIT(" \n"), 0) < 0);
}

static void
promise_delta(struct str html, struct str text)
{
	struct buf delta, back;
	buf_init(&delta, 0);
	buf_init(&back, 0);
	if (html_delta(&delta, html, text)) {
		promise(html_undelta(&back, buf_view(&delta), text));
		promise(str_eq(buf_view(&back), html));
	}
	buf_done(&back);
	buf_done(&delta);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf input, text, cleaned, again;
	struct url_linker linker;
	struct html_links links = {url_linker_resolve, &linker};

	buf_init(&input, 0);
	buf_init(&text, 0);
	buf_init(&cleaned, 0);
	buf_init(&again, 0);
	url_linker_init(&linker, STR_LIT("http://feed.example/a/"));
	utf8_clean(&input, (struct str){(const char *)data, size});
	for (size_t i = 0; i < input.len; i++) {
		if (input.data[i] == '\0')
			input.data[i] = ' ';
	}
	promise(html_text(buf_view(&input), &text));
	promise_text(buf_view(&text));
	promise(html_clean(buf_view(&input), &links, &cleaned));
	promise(utf8_valid(buf_view(&cleaned)));
	promise_harmless(buf_view(&cleaned));
	promise(html_clean(buf_view(&cleaned), &links, &again));
	promise(str_eq(buf_view(&cleaned), buf_view(&again)));
	promise_delta(buf_view(&cleaned), buf_view(&text));
	promise_delta(buf_view(&input), buf_view(&text));
	html_undelta(&again, buf_view(&input), buf_view(&text));
	html_looks_like(buf_view(&input));
	html_is_escaped_twice(buf_view(&input), &text);
	buf_reset(&text);
	promise(text_decode_entities(buf_view(&input), &text));
	promise(utf8_valid(buf_view(&text)));
	buf_done(&again);
	buf_done(&cleaned);
	buf_done(&text);
	buf_done(&input);
	return 0;
}
