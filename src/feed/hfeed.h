#pragma once
/*
 * h-feed and h-entry in an HTML page (microformats.org/wiki/h-feed), and hAtom's older class names. Private to the room.
 */
#include "feed/builder.h"

/* Reads the page into the builder, doc->format included, when it marks up entries; leaves everything alone when not.
 * *declared: the page names a feed of its own, whose address this is; then nothing is read. */
void hfeed_read(struct str page, struct builder *b, struct str *declared);
