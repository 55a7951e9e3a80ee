#pragma once
/*
 * The Link header of HTTP (RFC 8288 section 3), read tolerantly: a part that makes no sense is passed over. Pure; allocates
 * nothing, the views point into the header.
 */
#include "base/str.h"

struct link_header {
	struct str href, rel, type, title; /* as written, quotes taken off; STR_NONE where absent */
};

/* The next link of *rest, which is moved behind it; false when there is none. */
bool link_header_next(struct str *rest, struct link_header *ret);
