#pragma once
/*
 * print: appends notifications to standard output or to a file, as text for people, as log lines or as JSON Lines.
 * One notification is one write; a half-written one is completed before anything else, or taken back where the disk was
 * full. A file that was renamed or removed (logrotate) is opened anew. A terminal or pipe that nobody reads does not
 * block: after timeout_ms the notification is given back as temporary.
 */
#include "notify/sink.h"

int sink_print_open(struct sink *s, struct err *err);
void sink_print_close(struct sink *s);
void sink_print_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_print_send(struct delivery *d, const struct notification *what);
