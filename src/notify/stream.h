#pragma once
/*
 * An output that is appended to without ever blocking: standard output (terminal, pipe, socket or file), or a file by
 * its path, created with mode 0640 and opened anew when another one stands at its path (rotation). Internal to notify.
 */
#include "base/buf.h"

struct stream {
	const char *path; /* NULL or "" = standard output */
	int fd;           /* -1 = not open */
	bool is_file, is_socket;
	struct buf begun; /* the rest of something given up half-way; goes out first */
};

/* Opens nothing yet; path is borrowed. */
void stream_init(struct stream *s, const char *path);
void stream_close(struct stream *s);
/*
 * Appends as much as goes in now: 0 with *done < bytes.len means "later" (wait until s->fd is writable).
 * -1: nothing of it remains in a file (ERR_DISK_FULL, ERR_IO, …); after an error of a pipe what went in went in.
 */
int stream_write(struct stream *s, struct str bytes, size_t *done, struct err *err);
/* Opens it if it is not open, anew if another file stands at its path: 1 now, 0 it was open, -1. stream_write does it itself. */
int stream_ready(struct stream *s, struct err *err);
/* Remembers bytes that must go out before anything else. */
int stream_keep(struct stream *s, struct str bytes, struct err *err);
/* Columns when it is a terminal, else 0. */
unsigned stream_columns(const struct stream *s);
