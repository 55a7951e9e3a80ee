#pragma once
/*
 * syslog and journal: one datagram per notification to the local log daemon.
 *
 *   syslog   /dev/log in the form of RFC 3164 as every local daemon reads it, facility "daemon": the line of render_line
 *   journal  systemd-journald's native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): MESSAGE, PRIORITY and the fields
 *            TIDINGS_NOTIFICATION_ID, _ITEM, _FEED, _SEVERITY, _TITLE, _LINK, and one _ACTOR, _TOPIC, _WATCH for each
 *
 * `path` names another socket. Severity low, normal, high, urgent becomes info, notice, warning, critical. All text is made
 * safe, without line ends, and cut: neither a line nor a field can be forged. A daemon that is away or full is temporary.
 */
#include "notify/sink.h"

int sink_syslog_open(struct sink *s, struct err *err);
void sink_syslog_close(struct sink *s);
void sink_syslog_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_journal_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_syslog_send(struct delivery *d, const struct notification *what);
