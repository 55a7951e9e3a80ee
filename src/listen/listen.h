#pragma once
/*
 * listen: a bounded HTTP server for the few requests that come in from outside. The only room that knows libmicrohttpd,
 * which parses (evhttp's defaults have no limit on headers and no defence from slow clients); it runs inside our own event
 * loop, without a thread. One request per connection, then it is closed. No TLS: a reverse proxy does that.
 *
 * Bounds: connections, bytes of request line and headers (LISTEN_HEAD_BYTES_MAX), bytes of body, and the time from the first
 * byte of a connection to its end, however busy it keeps itself. Connections beyond the ceiling wait in the kernel's backlog.
 */
#include "base/buf.h"
#include "base/err.h"

#define LISTEN_HEAD_BYTES_MAX 16384u
#define LISTEN_BACKLOG 64u

struct event_base;
struct listener;
struct MHD_Connection;

struct listen_request {
	struct MHD_Connection *connection;
	struct str method, path; /* the path decoded; without the query */
	struct str body;         /* absent while the head is asked about */
};

struct listen_answer {
	int status;
	const char *type; /* Content-Type; NULL = text/plain; charset=utf-8 */
	struct buf body;
};

struct listen_settings {
	struct str address; /* "127.0.0.1:8080", "[::1]:8080"; port 0: any free one */
	unsigned connections_max;
	size_t body_max_bytes;
	int64_t deadline_ms;
	/* Asked once the headers are there: true to read the body, false with an answer to refuse it. */
	bool (*head)(void *ctx, const struct listen_request *r, struct listen_answer *a);
	void (*handle)(void *ctx, const struct listen_request *r, struct listen_answer *a);
	void *ctx;
};

/* NULL with ERR_CONFIG (the address makes no sense), ERR_IO (it cannot be listened at), ERR_NO_MEMORY. */
struct listener *listener_new(struct event_base *base, const struct listen_settings *settings, struct err *err);
void listener_free(struct listener *l);

/* Valid during a callback. STR_NONE when it is absent. */
struct str listen_header(const struct listen_request *r, const char *name);
struct str listen_argument(const struct listen_request *r, const char *name); /* of the query, decoded */
