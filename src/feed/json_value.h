#pragma once
/*
 * Scalars of a JSON document as text. Private to the room.
 */
#include "feed/builder.h"

#include <jansson.h>

/* A string as it is (a view that lives as long as the value), a number as it would be written (in the arena), a
 * boolean as "true" or "false"; else STR_NONE. */
struct str json_value_text(struct builder *b, const json_t *value);

/* RSS 2.0 written as JSON; leaves doc->format alone when it is not. */
void json_rss_read(const json_t *root, struct builder *b);
