#pragma once
/*
 * For tests: a feedserver of one's own on a free port, with an empty directory to fill. It ends with served_stop, or
 * with the test's process, whichever comes first. The program is found through top_builddir.
 */
#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"

struct served {
	pid_t pid;
	unsigned port;
	int input;     /* the server stops when this is closed */
	char dir[256]; /* what it serves; the request log is dir + ".log" */
};

/* extra: further options, NULL-terminated, or NULL. Exits with a message when the server cannot be started. */
void served_start(struct served *s, const char *const *extra);
void served_stop(struct served *s);
/* Writes a file below the directory; "/a.rss.script" scripts "/a.rss". */
void served_put(const struct served *s, const char *path, const char *text);
/* "http://127.0.0.1:PORT" + path, in one of a few static buffers. */
const char *served_url(const struct served *s, const char *path);
/* The request log so far, one JSON object a line, appended to out. */
void served_log(const struct served *s, struct buf *out);
/* How often a text occurs in the log. */
size_t served_count(const struct served *s, const char *text);
