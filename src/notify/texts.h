#pragma once
/*
 * Title and text of a notification for sinks that show both: as the sink's own template says, or as usual. Pure.
 * Internal to notify.
 */
#include "render/template.h"

/* Appends what `own` says or, when that is NULL, the template `usual`; within the limit. */
void texts_write(struct buf *out, const struct template *own, const char *usual, const struct notification *n,
    enum template_escape escape, const struct template_limit *limit);
/* The same for the text, whose usual form depends on the kind of the notification; own_link: it is told without its link. */
void texts_write_body(struct buf *out, const struct template *own, bool own_link, const struct notification *n,
    enum template_escape escape, const struct template_limit *limit);
