#pragma once
/*
 * JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) with jansson. Private to the room.
 */
#include "feed/builder.h"

/* Valid UTF-8 that begins with '{' or '['. A document that is JSON but no feed leaves doc->format unknown. 0 or -1. */
int json_feed_read(struct str text, struct builder *b);
