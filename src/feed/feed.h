#pragma once
/*
 * feed: the bytes of a document → the items in it. Pure: no descriptor, no clock, no global state that a caller sees.
 *
 * The format is recognised from the content, never from the name or the header alone. All strings handed out
 * are valid UTF-8 without U+0000, live in the caller's arena and are NUL-terminated; STR_NONE = the document did
 * not say. Sources: RSS 0.90–2.0 (rssboard.org), RDF Site Summary 1.0, Atom RFC 4287 and 0.3, JSON Feed 1.0/1.1
 * (jsonfeed.org), CDF (W3C note 1997), Sitemaps 0.9 with Google News tags, microformats2 h-feed.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

enum feed_format {
	FEED_UNKNOWN,
#define FEED_FORMAT(name, word) FEED_##name,
#include "feed/formats.def"
#undef FEED_FORMAT
	FEED_FORMAT_COUNT
};

struct feed_person {
	struct str name, email, uri;
};

struct feed_category {
	struct str term, scheme, label;
};

struct feed_enclosure {
	struct str url, type, title;
	int64_t length; /* bytes; -1 = unknown */
};

/* A link as the document had it, resolved; `rel` is "alternate" when none was given. */
struct feed_link {
	struct str rel, href, type, hreflang, title;
};

struct feed_item {
	struct str
	    id; /* guid, atom:id, rdf:about or JSON id: byte-exact but for outer white space; for identity, not for showing */
	bool id_is_link;  /* RSS: guid is a permalink (isPermaLink is not "false" and it is an http(s) URL) */
	struct str link;  /* absolute http(s) URL of the page, or STR_NONE; see feed_input.url */
	struct str title; /* plain text */
	struct str summary_html, content_html; /* cleaned HTML, links absolute */
	struct str summary_text, content_text; /* plain text with line breaks */
	int64_t published_at, updated_at;      /* TIME_NONE when missing or impossible; never "now" */
	struct str language; /* BCP 47 as the document says, normalised in case; STR_NONE if unsaid and not detected */
	float language_confidence;           /* 1 when stated, 0..1 when detected */
	struct str comments;                 /* URL */
	int64_t comment_count;               /* slash:comments, thr:total, thr:count; -1 = unsaid */
	struct str location;                 /* geometry of GeoJSON (RFC 7946), as JSON text; see feed/geometry.h */
	struct str source_title, source_url; /* RSS <source>, atom:source: where it was first published */
	struct feed_person *authors;
	size_t author_count;
	struct feed_category *categories;
	size_t category_count;
	struct feed_enclosure *enclosures;
	size_t enclosure_count;
	struct feed_link *links;
	size_t link_count;
};

/* What a document says about how often to come; -1 or 0 where it says nothing. */
struct feed_hints {
	int ttl_minutes;          /* RSS <ttl>; -1 */
	uint32_t skip_hours;      /* bit h = hour h in UTC */
	uint8_t skip_days;        /* bit 0 = Sunday … 6 = Saturday */
	int64_t update_period_ms; /* sy:updatePeriod / sy:updateFrequency; -1 */
};

struct feed_doc {
	enum feed_format format;
	struct str format_why;   /* what it was recognised by: "rss-version" "namespace" "items-without-root" … */
	struct str encoding;     /* IANA name, lower case, of what the bytes were in */
	struct str encoding_why; /* "bom" "http" "declaration" "valid-utf8" "detected" "default" … */
	bool bozo;               /* not well-formed (or not valid JSON, or a lying charset): mended */
	unsigned bozo_line;      /* of the first error; 0 = unknown */
	struct str bozo_reason;  /* the first error, one line */
	struct str repairs;      /* space-separated words for the rules that were needed, in order; "" if none */
	bool truncated;          /* the root element was not closed: items may be missing */
	unsigned unread_dates;   /* dates that nobody could read: they are null */
	struct str unread_date;  /* the first of them, as it is written */
	struct str title, description; /* plain text */
	struct str link;               /* the site */
	struct str self, hub, next;    /* atom:link rel self / hub / next */
	struct str id, language, generator, image, rights;
	int64_t published_at, updated_at;
	struct feed_hints hints;
	struct feed_person *authors;
	size_t author_count;
	struct feed_category *categories;
	size_t category_count;
	struct feed_item *items; /* in document order */
	size_t item_count;
};

/* All as HTTP gave them; STR_NONE where it did not. Nothing is kept after the call. */
struct feed_input {
	struct str body;
	/* Final URL after redirects: base of relative links. When neither it nor the document names a base, paths are
	 * seen from the site that RSS or a JSON Feed names, and other relative links stay as they are written; with it, every link that is
	 * handed out is absolute. */
	struct str url;
	struct str content_type; /* whole header value */
	struct str content_location;
	struct str content_language;
	/*
	 * Told, when it is not NULL, which bytes of the body were read for the last time because the document is held in
	 * UTF-8 from now on: whoever owns them may give their memory back. For documents that are large.
	 */
	void (*spent)(void *ctx, size_t from, size_t bytes);
	void *spent_ctx;
	/* Where the HTML of items goes, for whoever needs it for less time than the rest; emptied first. NULL: into the arena. What is the
	 * same as its plain text is the plain text. */
	struct arena *html;
};

/* Ceilings; each has the name that an error message states. */
struct feed_limits {
	size_t body_bytes;      /* "feed-body-bytes" */
	size_t output_bytes;    /* "feed-output-bytes": arena growth for one document */
	unsigned depth;         /* "feed-depth": element or JSON nesting */
	size_t start_tag_bytes; /* "feed-start-tag-bytes" */
	size_t field_bytes;     /* "feed-field-bytes": longer fields are cut at a character, with a repair word */
	size_t items;           /* "feed-items": the newest are kept as the document orders them, with a repair word */
	unsigned entities;      /* "feed-entities": internal general entities declared */
	size_t entity_bytes;    /* "feed-entity-bytes": replacement text of one */
	size_t entity_output_bytes; /* "feed-entity-output-bytes": all expansions of a document */
};

extern const struct feed_limits feed_limits_default;

/*
 * Fills *out. The arena holds the strings and arrays (and some scratch). 0 on success, even when the document
 * had to be mended (out->bozo). -1: ERR_NOT_A_FEED, ERR_EMPTY, ERR_PARSER_LIMIT (message names the limit),
 * ERR_XML_ENTITY, ERR_ILL_FORMED, ERR_NO_MEMORY.
 * A truncated document yields the items that are whole.
 */
int feed_parse(const struct feed_input *in, const struct feed_limits *limits, struct arena *arena, struct feed_doc *out,
    struct err *err);

/*
 * The same for documents of any size, one item at a time: feed_reading_open() surveys the whole document and fills *out
 * but for out->items, feed_reading_items() reads it once more and hands each item to `each` with strings that end with
 * the call; false stops. So the memory is that of the document in UTF-8 and of one item, at twice the time. The input's
 * body must live as long as the reading, but for what was said to be spent. Both return 0 or -1 as feed_parse() does.
 */
typedef bool feed_item_fn(void *ctx, const struct feed_item *item);
struct feed_reading;
int feed_reading_open(struct feed_reading **ret, const struct feed_input *in, const struct feed_limits *limits,
    struct arena *arena, struct feed_doc *out, struct err *err);
int feed_reading_items(struct feed_reading *r, feed_item_fn *each, void *ctx, struct err *err);
void feed_reading_free(struct feed_reading *r); /* NULL is fine */

const char *feed_format_word(enum feed_format format); /* "rss20", "atom10", … */
