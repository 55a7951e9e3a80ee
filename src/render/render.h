#pragma once
/*
 * render: an item or a notification → text for people and JSON for programs. Pure; shared by the sinks and the
 * companion, so that a match looks the same wherever it is shown. Foreign text is made safe here (text/safe.h): none
 * of it can leave its line, its paragraph or its string. Evidence whose offsets lie outside the field is shown unmarked.
 * The JSON fields are described in tidings(1); RENDER_SCHEMA changes only when one of them is removed or gets another
 * meaning, new ones may be added at any time.
 */
#include "base/buf.h"
#include "base/jsonw.h"
#include "story/record.h"

#define RENDER_SCHEMA 1
#define RENDER_LINE_MAX 2048 /* bytes of render_line, its line end counted */

struct render_style {
	bool html; /* render_human, render_notification_human: elements for the body of a page or a mail, all text escaped */
	bool colour;                 /* ANSI: only when the receiver is a terminal and NO_COLOR is not set */
	unsigned width;              /* columns to wrap at; 0 = do not wrap */
	int64_t now;                 /* for "3h ago"; TIME_NONE = absolute times only */
	int64_t (*zone)(int64_t at); /* what to add to UTC (clock_zone_ms); NULL = times in UTC */
};

/* Several lines: time and source, title with the matched words marked (colour, else [brackets]), link, the passage of
 * the text when the title does not show the match, who and what was matched and why, the watches. No blank line. */
void render_human(struct buf *out, const struct record *r, const struct render_style *style);
/*
 * A row of a list. `columns`: for programs and narrow eyes, no wrapping: ID TIME SEVERITY FEED NAMES TITLE, in columns
 * parted by spaces; all but the title are one word, "-" when there is nothing, so that it can be split. `table`: for a
 * terminal, with the title wrapped under itself and who and what below it.
 */
void render_columns(struct buf *out, const struct record *r);
void render_table_row(struct buf *out, const struct record *r, const struct render_style *style);
/* "2026-11-23 14:35 UTC" or, in another zone, "2026-11-23 16:35 +02:00"; "-" for no time. */
#define RENDER_TIME_MAX 40
char *render_time(int64_t at, int64_t (*zone)(int64_t at), char out[RENDER_TIME_MAX]);
/* One line of log: TIME ITEM SEVERITY FEED who=… what=… watch=… title="…" link=…, with its line end. */
void render_line(struct buf *out, const struct record *r);
/* The item as an object, with "matches" that hold the evidence. */
void render_record_json(struct jsonw *w, const struct record *r);

/* The forms of a whole notification, of any kind; a single item's are those of its record above. */
/* What an exec hook gets on standard input and a webhook in its body; described in tidingsd(8). */
void render_notification_json(struct jsonw *w, const struct notification *n);
void render_notification_human(struct buf *out, const struct notification *n, const struct render_style *style);
/* One line with its line end, at most RENDER_LINE_MAX bytes. */
void render_notification_line(struct buf *out, const struct notification *n);
/* What it is about in one line of raw text, not made safe: the item's title; "Title (now in 12 sources)", or
 * "Title (and 2 more)" from one source; "12 items: Title; Title; …"; the alarm's title. */
#define RENDER_HEADLINE_MAX 2048 /* bytes */
void render_headline(struct buf *out, const struct notification *n);
/* "match" "story" "digest" "alarm" "test" */
const char *render_kind_word(enum notification_kind kind);
/* The item to show: the first record; one without anything when there is none. */
const struct record *render_lead(const struct notification *n);

/* "low" "normal" "high" "urgent"; a number out of range is taken for the nearest. */
const char *render_severity_word(int severity);
/* When an item is from: its own date, unless it has none or lies in the future of the day it was seen. */
int64_t render_item_at(const struct record *r);
/* What a list calls its source: the feed's title, else its key. */
struct str render_source(const struct record *r);
