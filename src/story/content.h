#pragma once
/*
 * What an item says, in a form in which a re-publication that only ticks is equal: letters and digits without ASCII
 * punctuation and spacing, without addresses, times of day, "12 comments", "5 minutes ago" and the like. Within the
 * room.
 */
#include "base/buf.h"

/* Appends that form of `text` to out. Linear. false when memory ran out. */
bool story_content_add(struct buf *out, struct str text);
