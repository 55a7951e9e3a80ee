#pragma once
/*
 * render: an item or a notification → text for people and JSON for programs. Pure; shared by the sinks and the
 * companion, so that a match looks the same wherever it is shown. Foreign text is made safe here (text/safe.h).
 */
#include "base/buf.h"
#include "base/jsonw.h"
#include "story/record.h"

struct render_style {
	bool colour;       /* ANSI: only when the receiver is a terminal and NO_COLOR is not set */
	unsigned width;    /* columns to wrap at; 0 = do not wrap */
	int64_t now;       /* for "3h ago"; TIME_NONE = absolute times only */
};

/* Several lines: time, source, title with the matched words marked («» or bold), link, who and what and why. */
void render_human(struct buf *out, const struct record *r, const struct render_style *style);
/* One line of log. */
void render_line(struct buf *out, const struct record *r);
/* The item as an object, with "matches" that hold the evidence. The field names are in tidings(1). */
void render_record_json(struct jsonw *w, const struct record *r);
/* What an exec hook gets on standard input and a webhook in its body. The field names are in tidingsd(8). */
void render_notification_json(struct jsonw *w, const struct notification *n);
