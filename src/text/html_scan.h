#pragma once
/*
 * Finding the few bytes of a text that need a look, sixteen at a time. Inside of html.h.
 */
#include "base/buf.h"
#include "base/scan.h"
#include "base/str.h"

static inline scan_vec
html_escape_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '&') | (scan_vec)(v == '<') | (scan_vec)(v == '>') | (scan_vec)(v == 0) |
	       (scan_vec)(v == '"');
}

/* How many bytes from `s` on are none of & < > " NUL. */
static inline size_t
html_unescaped_span(const char *s, size_t n)
{
	size_t i = scan_find(s, n, html_escape_hits, 0);

	while (i < n && s[i] != '&' && s[i] != '<' && s[i] != '>' && s[i] != '\0' && s[i] != '"')
		i++;
	return i;
}

static inline scan_vec
html_tag_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '>') | (scan_vec)(v == '"') | (scan_vec)(v == '\'');
}

/* How many bytes from `s` on are none of > " '. */
static inline size_t
html_tag_span(const char *s, size_t n)
{
	size_t i = scan_find(s, n, html_tag_hits, 0);

	while (i < n && s[i] != '>' && s[i] != '"' && s[i] != '\'')
		i++;
	return i;
}

/* buf_add() for short pieces, in place when there is room. */
static inline void
html_put(struct buf *out, const char *s, size_t n)
{
	if (out->cap - out->len <= n || n == 0) {
		buf_add(out, s, n);
		return;
	}
	memcpy(out->data + out->len, s, n);
	out->len += n;
	out->data[out->len] = '\0';
}
