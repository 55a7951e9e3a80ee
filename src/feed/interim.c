/* Plain versions of what text/html and feed/lang do, weak: the real ones win as soon as they are linked. */
#include "feed/lang.h"
#include "text/entities.h"
#include "text/html.h"

#define WEAK __attribute__((weak))

WEAK bool
html_text(struct str html, struct buf *out)
{
	size_t at = 0;
	while (at < html.len) {
		const char *lt = memchr(html.s + at, '<', html.len - at);
		size_t stop = lt ? (size_t)(lt - html.s) : html.len;
		text_decode_entities((struct str){html.s + at, stop - at}, out);
		const char *gt = lt ? memchr(lt, '>', html.len - stop) : NULL;
		at = gt ? (size_t)(gt - html.s) + 1 : html.len;
	}
	return !out->failed;
}

WEAK bool
html_escape(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.s[i] == '<')
			buf_puts(out, "&lt;");
		else if (text.s[i] == '>')
			buf_puts(out, "&gt;");
		else if (text.s[i] == '&')
			buf_puts(out, "&amp;");
		else
			buf_putc(out, text.s[i]);
	}
	return !out->failed;
}

WEAK bool
html_clean(struct str html, const struct html_links *links, struct buf *out)
{
	struct buf text;
	buf_init(&text, out->max_bytes);
	bool good = html_text(html, &text) && html_escape(buf_view(&text), out);
	buf_done(&text);
	return good;
}

WEAK bool
html_looks_like(struct str text)
{
	return memchr(text.s, '<', text.len) != NULL && memchr(text.s, '>', text.len) != NULL;
}

WEAK bool
html_is_escaped_twice(struct str html)
{
	return false;
}

WEAK struct str
lang_normalise(struct arena *a, struct str tag)
{
	return arena_str(a, tag);
}

WEAK bool
lang_detect(struct str text, struct str *lang, float *confidence)
{
	return false;
}
