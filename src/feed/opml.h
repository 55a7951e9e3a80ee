#pragma once
/*
 * OPML 1.0 and 2.0 (http://opml.org/spec2.opml): lists of feeds, as feed readers export them. Pure.
 *
 * Every outline with an xmlUrl is a feed, whatever its type says; the outlines around it are folders. A bare & is taken
 * for what it was meant to be; otherwise the document must be well-formed. Nothing outside it is ever read, and it may
 * declare nothing itself.
 */
#include "base/arena.h"
#include "base/err.h"

struct opml_limits {
	size_t body_bytes; /* "opml-body-bytes" */
	unsigned depth;    /* "opml-depth": outlines within outlines */
	unsigned outlines; /* "opml-outlines" */
};

extern const struct opml_limits opml_limits_default;

struct opml_feed {           /* texts are one line each */
	struct str url;      /* http or https */
	struct str title;    /* text, else title; STR_NONE when there is neither */
	struct str language; /* as written; STR_NONE when unsaid */
	struct str folder;   /* of the nearest outline around it that has a text; STR_NONE at the top */
	unsigned line;
};

struct opml_skipped {    /* an outline that should be a feed and is none */
	struct str what; /* its URL or title */
	const char *why; /* static: "is no http or https URL", … */
	unsigned line;
};

struct opml_doc {
	struct str title;
	struct opml_feed *feeds; /* in document order; the same URL may come twice, in two folders */
	size_t feed_count;
	struct opml_skipped *skipped;
	size_t skipped_count;
	unsigned error_line; /* of ERR_ILL_FORMED, else 0 */
};

/* Everything lives in the arena. -1: ERR_PARSER_LIMIT (the message names the limit), ERR_ILL_FORMED (at error_line),
 * ERR_SYNTAX (well-formed, but no OPML), ERR_XML_ENTITY, ERR_NO_MEMORY. */
int opml_parse(
    struct str body, const struct opml_limits *limits, struct arena *arena, struct opml_doc *out, struct err *err);
