#pragma once
/*
 * Makes almost-JSON into JSON: what feeds in this format get wrong. Private to the room.
 */
#include "base/buf.h"

struct json_mended {
	bool truncated; /* it ended early; what was not whole is left out */
	unsigned line;  /* of the first thing mended, 0 = nothing */
	const char *reason;
};

/* Appends the mended text. False when the buffer is full or memory ran out. Linear. */
bool json_mend(struct str text, struct buf *out, struct json_mended *ret);
