#pragma once
/*
 * JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) with jansson. Private to the room.
 */
#include "feed/builder.h"

enum json_verdict {
	JSON_GOOD,
	JSON_BROKEN, /* not JSON, and some of it may have reached the builder: once more with a new one, whole */
	JSON_FAILED, /* the builder failed */
};

/* Valid UTF-8 that begins with '{' or '['. A document that is JSON but no feed leaves doc->format unknown. Item by item,
 * without mending; or `whole`, mended where needed, which takes several times its size in memory. */
enum json_verdict json_feed_read(struct str text, bool whole, struct builder *b);
