#pragma once
/*
 * JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/). Private to the room.
 */
#include "feed/builder.h"

enum json_verdict {
	JSON_GOOD,
	JSON_BROKEN, /* not JSON, and some of it may have reached the builder: once more with a new one, mended */
	JSON_FAILED, /* the builder failed */
};

struct json_report {
	unsigned line; /* where it is not JSON */
	const char *reason;
};

/*
 * Valid UTF-8 that begins with '{' or '['. A document that is JSON but no feed leaves doc->format unknown. The tree of one
 * item at a time is in memory. First strictly, which fills the report of what is broken; then with `mend`, which takes
 * the document's size in memory.
 */
enum json_verdict json_feed_read(struct str text, bool mend, struct builder *b, struct json_report *report);
