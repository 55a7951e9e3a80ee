#pragma once
/*
 * The mentions of one actor or topic in one item, as they stand in matches.mentions: a line per mention with field,
 * start, end, rule, form and name, tabs between. Text, so that it can be read with any SQLite tool. Within the room.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "story/record.h"

bool evidence_write(struct buf *out, const struct watch_hit *hit);
/* Fills mentions and mention_count of `match`; the words come from the record's fields. Lines that make no sense
 * (another version's) are left out. Check the arena afterwards. */
void evidence_read(struct str lines, const struct record *r, struct arena *arena, struct record_match *match);
