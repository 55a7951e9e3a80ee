#pragma once
/*
 * notify: hands one notification to one sink. One file per sink behind one table (notify/sinks.c). It knows neither the
 * store nor the routes: the pipeline takes rows from the outbox, calls notify_send, and stores what came of it.
 *
 * The callback is never called from inside notify_send, and exactly once per accepted notification, also on
 * notify_free (ERR_CANCELLED). A sink that is slow or dead delays no other: each has its own concurrency and deadline.
 *
 * notify_new ignores SIGPIPE for the process if nobody else has taken it: a reader that goes away is an error, not the end.
 * Children are watched through pidfds; SIGCHLD must not be ignored, and nobody may wait for any child (-1).
 */
#include "base/arena.h"
#include "base/err.h"
#include "story/record.h"

struct event_base;
struct notify;

#define NOTIFY_BODY_MAX (16u << 20) /* bytes of one rendered notification; a larger item goes without HTML and is cut */
#define NOTIFY_TIMEOUT_MS 30000     /* where timeout_ms is 0 */

struct notify_sink { /* the settings of one sink; views, copied by notify_new */
	struct str key, type, format, path;
	const struct str *command; /* exec: argv[0] is an absolute path or found in PATH */
	size_t command_count;
	int64_t timeout_ms;
	unsigned concurrency;      /* how many at a time; print and file take up to 64 whatever it says */
	int64_t rotate_bytes;      /* file: a larger one is put aside; 0 = never */
	unsigned rotate_keep;      /* file: how many are kept aside */
	unsigned entries;          /* feed: how many each holds; 0 = SINK_FEED_ENTRIES */
	struct str url;            /* webhook; mail: smtp://… or smtps://… */
	struct str secret_file;    /* webhook: what it is signed with; read at every attempt */
	struct str service;        /* webhook: "slack" …, see services.h; empty = our own JSON */
	struct str channel;        /* webhook: the room, chat, topic or user there */
	const struct str *headers; /* webhook: "Name: value" */
	size_t header_count;
	struct str title, body; /* templates (render/template.h) for sinks that use them; empty = the sink's own way */
	bool allow_private;     /* webhook, mail: may go to a private address */
	struct str from;        /* mail, sendmail: "Name <user@host>" or "user@host" */
	const struct str *to;   /* mail, sendmail */
	size_t to_count;
	struct str user;     /* mail: with the password in secret_file */
	struct str starttls; /* mail: "required" or "never" */
	bool acknowledge;    /* socket: programs say what they have taken */
	int64_t expire_ms;   /* desktop: how long it is shown; 0 = as the server thinks fit */
};

/* NULL with err naming the sink when one cannot be set up (unknown type, no command, …). */
struct notify *notify_new(struct event_base *base, const struct notify_sink *sinks, size_t count, struct err *err);
void notify_free(struct notify *n);
/* The client that webhooks go through; borrowed. It may be freed before or after. */
struct http_client;
void notify_set_http(struct notify *n, struct http_client *http);

/* `back` is called from the loop when a sink that failed for want of somebody to take it has somebody now. */
void notify_on_back(struct notify *n, void (*back)(void *ctx, struct str sink), void *ctx);

struct notify_result {
	int64_t row;
	/* ERR_NONE = delivered; ERR_SINK_TEMPORARY = try again; ERR_SINK_REFUSED = never again; ERR_SINK_GONE = not this
	 * and nothing else, until somebody says that the receiver is back. */
	struct err error;
	int64_t retry_after_ms; /* -1 = the receiver did not say */
};
typedef void (*notify_done_fn)(void *ctx, const struct notify_result *result);

/* How many more the sink takes now; 0 = busy (or unknown sink). */
size_t notify_room(const struct notify *n, struct str sink);
/* Renders at once, so `what` need not outlive the call. -1 when it was not accepted: ERR_SINK_TEMPORARY (no
 * room, or notify_free is under way), ERR_NOT_FOUND (unknown sink), ERR_NO_MEMORY, ERR_LIMIT (over NOTIFY_BODY_MAX even cut).
 * Such a one gets no callback. */
int notify_send(struct notify *n, const struct notification *what, notify_done_fn done, void *ctx, struct err *err);
