#pragma once
/*
 * feed: keeps an Atom and a JSON Feed file per watch (feed_page.h) in the directory `path`: WATCH.atom and WATCH.json, and
 * _alarms.* for what belongs to no watch. A file is replaced whole (written beside, synced, renamed, the directory synced), so
 * that no reader ever sees half of one; what comes within one turn of the loop is one replacement. Delivered means on the disk.
 * A repeated notification takes the place of its entry.
 */
#include "notify/sink.h"

#define SINK_FEED_ENTRIES 100u /* where `entries` is 0 */
#define SINK_FEED_ALARMS "_alarms"

int sink_feed_open(struct sink *s, struct err *err);
void sink_feed_close(struct sink *s);
void sink_feed_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_feed_send(struct delivery *d, const struct notification *what);
