#pragma once
/*
 * What the sinks have in common. Internal to notify. A sink is one file and one row in sinks.c.
 */
#include "base/buf.h"
#include "notify/notify.h"
#include "render/template.h"

struct event;
struct event_base;
struct sink;

struct delivery { /* one accepted notification until its callback */
	struct sink *sink;
	struct delivery *prev, *next; /* all of this notify */
	struct event *later;          /* made active by delivery_finish: the callback comes from the loop */
	notify_done_fn done;
	void *ctx;
	struct notify_result result;
	bool finished;
	struct buf body;         /* rendered */
	struct delivery *queued; /* behind it in its delivery_queue, if the sink has one */
	void *job;               /* the sink's own */
};

/* Deliveries that wait for their sink, first come first. */
struct delivery_queue {
	struct delivery *first, *last;
};

static inline void
delivery_queue_put(struct delivery_queue *q, struct delivery *d)
{
	if (q->last != NULL)
		q->last->queued = d;
	else
		q->first = d;
	q->last = d;
}

/* The first one, taken out; NULL when there is none. */
static inline struct delivery *
delivery_queue_take(struct delivery_queue *q)
{
	struct delivery *d = q->first;
	if (d == NULL)
		return NULL;
	q->first = d->queued;
	if (q->first == NULL)
		q->last = NULL;
	d->queued = NULL;
	return d;
}

/* Whether what a receiver answered, or a program ended with, is one of a table. */
static inline bool
status_among(const int *table, size_t count, int status)
{
	for (size_t i = 0; i < count; i++) {
		if (table[i] == status)
			return true;
	}
	return false;
}
#define STATUS_AMONG(table, status) status_among(table, sizeof(table) / sizeof *(table), status)

struct sink_type {
	const char *name;
	/* Checks the settings and makes sink->state. May be NULL. */
	int (*open)(struct sink *s, struct err *err);
	/* Ends all deliveries without finishing them and frees sink->state. May be NULL. */
	void (*close)(struct sink *s);
	/* Appends the notification to `body`. */
	void (*render)(const struct sink *s, struct buf *body, const struct notification *what);
	/* Starts. Whatever happens from here on is told by delivery_finish, once, at any time. */
	void (*send)(struct delivery *d, const struct notification *what);
	/* At least so many at a time, whatever is configured: sinks that only write gain nothing from waiting. */
	unsigned concurrency_min;
};

extern const struct sink_type sink_types[]; /* ends with a NULL name */

struct sink {
	struct notify *notify;
	struct event_base *base;
	struct http_client *http; /* NULL when notify_set_http was not called */
	const struct sink_type *type;
	struct notify_sink set; /* strings in the notify's arena, NUL-terminated; no zero timeout or concurrency */
	const struct template *title, *body; /* NULL = none was configured */
	size_t in_flight;
	void *state;
};

/* Somebody is there who takes what this sink could not deliver: what waits is due. */
void sink_back(const struct sink *s);

/* Ends a delivery: ERR_NONE, ERR_SINK_TEMPORARY or ERR_SINK_REFUSED with one line for people (foreign text is made safe). */
void
delivery_finish(struct delivery *d, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void delivery_finish_after(struct delivery *d, enum err_code code, int64_t retry_after_ms, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
