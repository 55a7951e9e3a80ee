#pragma once
/*
 * Finding the few bytes of a text that need a look, sixteen at a time. Inside of html.h.
 */
#include "base/buf.h"
#include "base/str.h"

typedef unsigned char html_vec __attribute__((vector_size(16)));

static inline html_vec
html_load(const char *s)
{
	html_vec v;
	memcpy(&v, s, sizeof v);
	return v;
}

/* The first byte that is not zero, or 16. */
static inline size_t
html_first(html_vec hits)
{
	uint64_t half[2];

	memcpy(half, &hits, sizeof half);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (half[0] != 0)
		return (size_t)__builtin_ctzll(half[0]) / 8;
	return half[1] != 0 ? 8 + (size_t)__builtin_ctzll(half[1]) / 8 : 16;
#else
	if (half[0] != 0)
		return (size_t)__builtin_clzll(half[0]) / 8;
	return half[1] != 0 ? 8 + (size_t)__builtin_clzll(half[1]) / 8 : 16;
#endif
}

/*
 * Offset of the first hit in s[0..n), where hits() marks the hits in the 16 bytes at its argument and reads `ahead`
 * bytes more. Without a hit: how far it looked; fewer than 16 + ahead bytes are left for the caller.
 */
static inline __attribute__((always_inline)) size_t
html_find(const char *s, size_t n, html_vec (*hits)(const char *), size_t ahead)
{
	size_t i = 0, k;

	if (n < sizeof(html_vec) + ahead)
		return 0;
	for (; i + sizeof(html_vec) + ahead <= n; i += sizeof(html_vec)) {
		k = html_first(hits(s + i));
		if (k < sizeof(html_vec))
			return i + k;
	}
	i = n - ahead - sizeof(html_vec); /* the last block overlaps the one before */
	return i + html_first(hits(s + i));
}

static inline html_vec
html_escape_hits(const char *s)
{
	html_vec v = html_load(s);
	return (html_vec)(v == '&') | (html_vec)(v == '<') | (html_vec)(v == '>') | (html_vec)(v == 0) |
	       (html_vec)(v == '"');
}

/* How many bytes from `s` on are none of & < > " NUL. */
static inline size_t
html_unescaped_span(const char *s, size_t n)
{
	size_t i = html_find(s, n, html_escape_hits, 0);

	while (i < n && s[i] != '&' && s[i] != '<' && s[i] != '>' && s[i] != '\0' && s[i] != '"')
		i++;
	return i;
}

static inline html_vec
html_tag_hits(const char *s)
{
	html_vec v = html_load(s);
	return (html_vec)(v == '>') | (html_vec)(v == '"') | (html_vec)(v == '\'');
}

/* How many bytes from `s` on are none of > " '. */
static inline size_t
html_tag_span(const char *s, size_t n)
{
	size_t i = html_find(s, n, html_tag_hits, 0);

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
