#pragma once
/*
 * Canonical links, within the room. The form is for comparison only: http and https, and a site's main, mobile and AMP
 * names, come out the same, so the result need not be an address that answers. Sources: RFC 3986 section 6.2 for the
 * general part, story/tracking.def for parameters.
 */
#include "base/buf.h"

/* keep_fragment: as a key, "#v2" of a page of news may be all that tells two items apart. Links that are not http(s)
 * are copied. false when memory ran out. */
bool story_link_add(struct buf *out, struct str link, bool keep_fragment);
