#pragma once
/*
 * mail: each notification as a mail with a text and an HTML body (letter.h), handed to a server by SMTP, or to a program
 * that takes mails as sendmail does. Mails about one story stand in one thread; Message-ID comes from the notification's
 * id, so a repeated one can be told.
 *
 *   what the server says                           what becomes of the notification
 *   250 to the whole mail                          delivered
 *   4xx at any point, no answer, a broken          tried again, with the same Message-ID
 *     connection, no STARTTLS, bad certificate
 *   530, 534, 535, 538 (it wants another login)    tried again: somebody's mistake, which the notifications must outlive
 *   other 5xx, of any recipient                    refused: nobody got it
 *
 * sendmail: exit statuses of sysexits.h: 0 delivered; 65, 67, 68, 69 and 77 refused; all others tried again.
 */
#include "notify/sink.h"

int sink_mail_open(struct sink *s, struct err *err);
void sink_mail_close(struct sink *s);
void sink_mail_render(const struct sink *s, struct buf *body, const struct notification *what);
void sink_mail_send(struct delivery *d, const struct notification *what);

int sink_sendmail_open(struct sink *s, struct err *err);
void sink_sendmail_close(struct sink *s);
void sink_sendmail_send(struct delivery *d, const struct notification *what);
