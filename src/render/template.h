#pragma once
/*
 * Templates for titles and bodies: text with fields in braces, and nothing else; no loops, no conditions, no code.
 *
 *   {title}        the field, made safe and escaped as its receiver needs it
 *   {title:80}     at most 80 characters of it (UAX #29 clusters), "…" where it was cut
 *   {{ and }}      a brace
 *
 * The fields are rows in template.c and described in tidings.conf(5). What a field holds is foreign text: it never
 * becomes a field or a brace itself, since it is put in after the template was read.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "story/record.h"

#define TEMPLATE_BYTES_MAX 8192u       /* of a template */
#define TEMPLATE_PARTS_MAX 256u        /* texts and fields */
#define TEMPLATE_CHARACTERS_MAX 10000u /* the largest number that a field may be cut at */

/* What the receiver would take for more than text. Foreign text is made safe first (text/safe.h), line ends stay. */
enum template_escape {
	TEMPLATE_NONE,     /* for what escapes on its own, such as a JSON writer */
	TEMPLATE_PLAIN,    /* people and logs */
	TEMPLATE_HTML,     /* & < > " ' */
	TEMPLATE_JSON,     /* within a string */
	TEMPLATE_MARKDOWN, /* CommonMark, and what Discord, Mattermost and Matrix make of it */
	TEMPLATE_TELEGRAM, /* MarkdownV2 */
	TEMPLATE_SLACK,    /* & < > */
	TEMPLATE_MATRIX, /* HTML, with the match as <strong> and {link} as a link; TEMPLATE_MARKDOWN makes {link} one too */
	TEMPLATE_URL, /* a part of a query: %XX */
	/* The markup of desktop notifications, with the match as <b>; the second one has links too. */
	TEMPLATE_DESKTOP,
	TEMPLATE_DESKTOP_LINKS,
	TEMPLATE_ESCAPE_COUNT
};

struct template;

/* In the arena. NULL with ERR_CONFIG: what is wrong, the text, and a caret below the place, on three lines. */
struct template *template_parse(struct str text, struct arena *arena, struct err *err);
/* Appends. Literal text of the template goes as it is written. */
void
template_write(struct buf *out, const struct template *t, const struct notification *n, enum template_escape escape);
/*
 * The same within a limit, as a receiver states it: the fields are cut, all at the same number of characters, until the
 * whole fits, escapes counted. Nothing is cut inside an escape, a mark or a link. A link longer than TEMPLATE_LINK_MAX
 * is left out then. Appends nothing when the template's own text is too long.
 */
enum template_unit { TEMPLATE_POINTS, TEMPLATE_UTF16, TEMPLATE_BYTES };
struct template_limit {
	size_t most;
	enum template_unit unit;
};
#define TEMPLATE_LINK_MAX 512u /* bytes */
void template_write_within(struct buf *out, const struct template *t, const struct notification *n,
    enum template_escape escape, const struct template_limit *limit);
size_t template_length(struct str text, enum template_unit unit);
/* Appends foreign text alone, made safe and escaped. */
void template_escape(struct buf *out, struct str text, enum template_escape escape);
/* The names of all fields, by space, for messages and the check of the manual. */
void template_fields(struct buf *out);
