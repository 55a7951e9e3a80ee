#pragma once
/*
 * webhook: POSTs each notification as JSON (render_notification_json) to a URL, with the headers of Standard Webhooks 1.0:
 * webhook-id (the notification's, the same at every attempt), webhook-timestamp (of this attempt) and, when there is a
 * secret, webhook-signature. The secret's file is read at every attempt, so that it can be changed at any time.
 *
 *   what comes back                            what becomes of the notification
 *   2xx, whatever the body                     delivered
 *   400, 410, 413, 415, 422                    refused, never tried again: it would be the same next time
 *   408, 425, 429, 5xx                         tried again, not before Retry-After
 *   any other status (also 3xx: redirects are  tried again: somebody's mistake, which the notifications must outlive
 *     not followed; 401, 403, 404), no answer
 */
#include "notify/sink.h"

#define SINK_WEBHOOK_REPLY_MAX (64u << 10) /* bytes of the answer's body that are read */

int sink_webhook_open(struct sink *s, struct err *err);
void sink_webhook_close(struct sink *s);
void sink_webhook_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_webhook_send(struct delivery *d, const struct notification *what);
