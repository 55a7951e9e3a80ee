#pragma once
/*
 * HTML as feeds carry it: read as plain text, or cleaned so that it can be shown. A forgiving tokenizer in the manner
 * of the HTML Standard's, not a tree builder: linear in the input, depth and memory bounded. Input is valid UTF-8 without NUL.
 * All functions append to `out` and return false when it is full or memory ran out (see buf_check()).
 */
#include "base/buf.h"
#include "base/str.h"

#define HTML_DEPTH_MAX 128u        /* "html-depth": deeper elements are dropped, their text stays */
#define HTML_ATTR_BYTES_MAX 16384u /* "html-attribute-bytes": a longer attribute is dropped */

/* What the reader of a page sees: blocks, breaks, list items and table rows on lines of their own, white space
 * collapsed, references decoded once, the alt text of images; no scripts, styles, templates, heads. */
bool html_text(struct str html, struct buf *out);

/* Where a link leads: an absolute http(s) URL that is valid until the next call, or STR_NONE for what must not be a
 * link. NULL instead of the struct makes no links at all. */
struct html_links {
	struct str (*resolve)(void *ctx, struct str ref);
	void *ctx;
};

/*
 * Only known harmless elements and attributes remain, well nested, every attribute quoted and every text escaped;
 * links and sources absolute. Scripts, styles, event handlers, frames, forms, comments, foreign content (SVG, MathML)
 * are gone, the text inside elements that are only unknown, and the title of an image, stay. Safe to put into any HTML page's body, and a fixed
 * point: cleaning twice changes nothing.
 */
bool html_clean(struct str html, const struct html_links *links, struct buf *out);

/* Both in one pass: cleaned HTML appended to `out`, plain text to `text`. */
bool html_read(struct str html, const struct html_links *links, struct buf *out, struct buf *text);

/* The text, for places where HTML is expected: & < > " escaped. */
bool html_escape(struct str text, struct buf *out);

/* Is a text that claims to be plain really HTML? True when it holds a tag of HTML or a character reference. */
bool html_looks_like(struct str text);
/* Is HTML escaped once too often ("&lt;p&gt;Hello&lt;/p&gt;")? True when it has no tags, but decoding gives some: then
 * *decoded, emptied before, holds what it gives. When that is full or memory ran out, `decoded` says so. */
bool html_is_escaped_twice(struct str html, struct buf *decoded);
