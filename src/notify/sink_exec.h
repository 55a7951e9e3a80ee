#pragma once
/*
 * exec: runs a command per notification, which gets it as JSON on its standard input (render_notification_json).
 *
 * The arguments are those of the configuration, always: nothing of a feed's text reaches an argument or a shell. The
 * environment is a few variables of the daemon's own (sink_exec.c) and TIDINGS_NOTIFICATION_ID, TIDINGS_KIND, TIDINGS_FEED,
 * TIDINGS_SEVERITY, without control characters and at most SINK_EXEC_ENV_MAX bytes each. See child.h for the rest.
 *
 *   how it ends                                what becomes of the notification
 *   exit 0                                     delivered
 *   exit 65 (EX_DATAERR, sysexits.h)           refused, never tried again
 *   exit 75 (EX_TEMPFAIL)                      tried again
 *   exit 126, 127 (shells: cannot run, not     tried again, with a message that says so: a missing program is
 *     found); missing, not executable, …       somebody's mistake, and the notifications must outlive its mending
 *   any other exit status, a signal            tried again
 *   not ended after timeout_ms                 SIGTERM, CHILD_GRACE_MS later SIGKILL; tried again
 */
#include "notify/sink.h"

#define SINK_EXEC_ENV_MAX 4096

int sink_exec_open(struct sink *s, struct err *err);
void sink_exec_close(struct sink *s);
void sink_exec_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_exec_send(struct delivery *d, const struct notification *what);
