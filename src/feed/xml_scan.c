#include "feed/xml.h"

/*
 * libxml2's push parser needs time quadratic in the attributes of a tag and in the names of a document type, before
 * any of our callbacks is asked. So tags are measured first, and documents with declarations of their own go to the
 * tolerant reader at once.
 */

/* Behind the next `end`, which is searched by its first byte: that one is rare where it counts. */
static size_t
skip_to(struct str text, size_t from, const char *end)
{
	size_t n = strlen(end);
	for (;;) {
		const char *p = from < text.len ? memchr(text.s + from, end[0], text.len - from) : NULL;
		if (p == NULL)
			return text.len;
		from = (size_t)(p - text.s) + 1;
		if (text.len - from >= n - 1 && memcmp(p, end, n) == 0)
			return from + n - 1;
	}
}

/* Offset behind the tag that begins at `at`; quotes hide '>'. Stops looking after max bytes. */
static size_t
tag_end(struct str text, size_t at, size_t max)
{
	size_t end = text.len - at > max ? at + max : text.len;
	char quote = 0;
	for (; at < end; at++) {
		char c = text.s[at];
		if (quote != 0)
			quote = c == quote ? 0 : quote;
		else if (c == '"' || c == '\'')
			quote = c;
		else if (c == '>')
			return at + 1;
	}
	return at;
}

static bool
starts_at(struct str text, size_t at, const char *with)
{
	size_t n = strlen(with);
	return text.len - at >= n && memcmp(text.s + at, with, n) == 0;
}

static bool
has_internal_subset(struct str text, size_t at, size_t max)
{
	size_t end = tag_end(text, at, max);
	return end - at >= max || memchr(text.s + at, '[', end - at) != NULL;
}

bool
xml_scan(struct str text, const struct feed_limits *limits)
{
	size_t at = 0, max = limits->start_tag_bytes;
	bool doctype = false;
	for (;;) {
		const char *p = at < text.len ? memchr(text.s + at, '<', text.len - at) : NULL;
		if (p == NULL)
			return true;
		at = (size_t)(p - text.s);
		if (starts_at(text, at, "<![CDATA[")) {
			at = skip_to(text, at, "]]>");
		} else if (starts_at(text, at, "<!--")) {
			at = skip_to(text, at, "-->");
		} else if (starts_at(text, at, "<?")) {
			at = skip_to(text, at, "?>");
		} else if (starts_at(text, at, "<!")) {
			/* One declaration is all that a document may have; more are not for libxml2 either. */
			if (doctype || has_internal_subset(text, at, max))
				return false;
			doctype = true;
			at += 2;
		} else {
			const char *q = memchr(p, '>', text.len - at);
			size_t near = q ? (size_t)(q - p) : text.len - at;
			if (near > max && tag_end(text, at, max + 1) - at > max)
				return false;
			at++;
		}
	}
}
