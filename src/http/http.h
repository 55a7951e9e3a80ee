#pragma once
/*
 * http: one request → exactly one reply, bounded in time, bytes and redirects. The only room that knows curl:
 * a multi handle driven by libevent through curl_multi_socket_action. Never blocks.
 *
 * Order: the callback is never called from inside http_start; it is called exactly once per request, also after
 * http_cancel and on http_client_free (ERR_CANCELLED). Source: RFC 9110, 9111, 9112.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"

struct event_base;
struct http_client;
struct http_request;

struct http_settings {
	struct str user_agent;
	unsigned connections, connections_per_host; /* ceilings; further requests wait in a fair queue */
	int64_t connect_timeout_ms, total_timeout_ms;
	size_t body_max_bytes;   /* decoded */
	size_t header_max_bytes; /* headers and trailers of one response */
	unsigned redirects_max;
	struct str ca_file, proxy; /* STR_NONE: the system's bundle; no proxy, whatever the environment says */
};

extern const struct http_settings http_settings_default;

/* The client copies what it needs. NULL on failure. */
struct http_client *http_client_new(struct event_base *base, const struct http_settings *settings, struct err *err);
void http_client_free(struct http_client *c);

struct http_header {
	struct str name, value;
};

struct http_options { /* views, copied by http_start */
	struct str url;
	const char *method;      /* NULL = GET; "POST" sends body */
	struct str body;
	struct str body_type;    /* Content-Type of body */
	struct str etag;         /* sent byte-exact as If-None-Match; STR_NONE = none */
	struct str last_modified; /* sent byte-exact as If-Modified-Since */
	const struct http_header *headers; /* further ones; refused when they hold CR, LF or NUL; dropped on another origin */
	size_t header_count;
	struct str user_agent;   /* STR_NONE = the client's */
	bool allow_private;      /* may connect to loopback, link-local and private addresses */
	int64_t total_timeout_ms; /* 0 = the client's */
	size_t body_max_bytes;    /* 0 = the client's */
};

/* Valid during the callback only; the callback may take body's memory by moving it out and re-initialising it. */
struct http_reply {
	struct err error;       /* ERR_NONE when a complete response arrived, whatever its status */
	int status;             /* 0 when none arrived */
	struct str url;         /* where the response came from, after redirects */
	unsigned redirects;
	bool moved_permanently; /* every redirect on the way was 301 or 308 */
	struct buf body;        /* decoded */
	struct str content_type, content_location, content_language, etag, last_modified, link;
	int64_t max_age_ms;     /* Cache-Control max-age (less Age) or Expires less Date; -1 = unsaid */
	int64_t retry_after_ms; /* from seconds or a date; -1 = unsaid */
	int64_t total_ms;       /* from start to end, waiting in the queue left out */
	size_t wire_bytes;      /* body bytes received, encoded */
	bool connection_reused;
};

typedef void (*http_done_fn)(void *ctx, struct http_reply *reply);

/* Queues the request. NULL with err for a request that can never be sent (ERR_URL, ERR_CONFIG, ERR_NO_MEMORY);
 * then the callback is not called. The handle is valid until the callback has returned. */
struct http_request *http_start(struct http_client *c, const struct http_options *options, http_done_fn done, void *ctx, struct err *err);
void http_cancel(struct http_request *r);
size_t http_active(const struct http_client *c);  /* on the wire */
size_t http_waiting(const struct http_client *c); /* in the queue */

/* The error that a complete response's status stands for: ERR_NONE for 200, 226 and 304. Fills the message. */
enum err_code http_status_error(int status, struct err *err);
