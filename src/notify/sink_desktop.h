#pragma once
/*
 * desktop: a bubble on somebody's screen, by the notification server of their desktop (org.freedesktop.Notifications on the
 * session bus). A story that has grown takes the place of its earlier bubble; urgency follows the severity, and what is
 * urgent stays until somebody has seen it. Markup is used only with a server that says it knows it, and what comes from
 * outside is never markup. The hint x-tidings-id holds the notification's id, the same at every attempt.
 *
 * One call at a time, in the order of the notifications. A bus or a server that is away or does not answer within the
 * timeout: tried again. The bubbles that can be replaced are those of this process: the last SINK_DESKTOP_BUBBLES.
 * Source: Desktop Notifications Specification 1.2, specifications.freedesktop.org/notification-spec.
 */
#include "notify/sink.h"

#define SINK_DESKTOP_BUBBLES 256u
#define SINK_DESKTOP_TITLE_MAX 250u /* characters */
#define SINK_DESKTOP_TEXT_MAX 1000u

int sink_desktop_open(struct sink *s, struct err *err);
void sink_desktop_close(struct sink *s);
void sink_desktop_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_desktop_send(struct delivery *d, const struct notification *what);
