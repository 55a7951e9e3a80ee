#pragma once
/*
 * file: appends notifications to a file as JSON Lines. Delivered means on the disk: everything that comes within one turn
 * of the loop is written, then synced once (fdatasync), then reported. A line that a crash or a full disk cut short is taken away
 * before the next one. A file that has grown beyond rotate_bytes is renamed to PATH.1, PATH.1 to PATH.2 and so on; beyond
 * rotate_keep they are dropped. Renaming it from outside (logrotate) works too.
 */
#include "notify/sink.h"

int sink_file_open(struct sink *s, struct err *err);
void sink_file_close(struct sink *s);
void sink_file_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_file_send(struct delivery *d, const struct notification *what);
