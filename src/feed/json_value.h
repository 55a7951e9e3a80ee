#pragma once
/*
 * Scalars of a JSON document as text. Private to the room.
 */
#include "base/json_tree.h"
#include "feed/builder.h"

/* A string as it is (a view that lives as long as the value), a number as it is written, a
 * boolean as "true" or "false"; else STR_NONE. */
struct str json_value_text(struct builder *b, const struct json_value *value);

/* RSS 2.0 written as JSON; leaves doc->format alone when it is not. */
void json_rss_read(const struct json_value *root, struct builder *b);
