#pragma once
/*
 * A JSON Feed cut into its head and its items, so that only one item at a time is a tree in memory. Private to the room.
 * Syntax is not judged here: the pieces are, when they are parsed.
 */
#include "base/buf.h"

struct json_split {
	struct str text;
	size_t from, to; /* what stands between the brackets of the only "items" array of the outermost object */
};

/* False when there is no such array, or more than one: then the document must be read whole. */
bool json_split_find(struct str text, struct json_split *ret);
/* The document with an empty array in its place. False when the buffer failed. */
bool json_split_head(const struct json_split *split, struct buf *out);
