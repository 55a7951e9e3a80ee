#pragma once
/*
 * http: one request → exactly one reply, bounded in time, bytes and redirects. The only room that knows curl:
 * a multi handle driven by libevent through curl_multi_socket_action. Never blocks.
 *
 * Order: the callback is never called from inside http_start or http_cancel; it is called exactly once per request, also
 * after http_cancel and on http_client_free (ERR_CANCELLED; the one case where it is called from inside). It may start
 * and cancel requests, but must not free the client.
 *
 * Policy: http and https only; TLS always verified; no cookies, HSTS store, alternative services, .netrc or proxy of the
 * environment. Redirects are followed here, not by curl: every hop is judged anew (scheme, address, downgrade), and
 * what the caller added as headers stays with the first origin. A POST or PUT is never redirected: its 3xx is the reply.
 * Addresses are judged at the socket. HTTP/2 where TLS offers it. Source: RFC 9110, 9111, 9112, 9113.
 *
 * A mail goes to its server the same way, with the same ceilings, deadlines and address policy (struct http_mail).
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
	unsigned connections_per_address;           /* whatever the hosts are called; 0 = no ceiling */
	int64_t connect_timeout_ms, total_timeout_ms;
	size_t body_max_bytes;   /* decoded */
	size_t header_max_bytes; /* headers and trailers of one response */
	unsigned redirects_max;
	unsigned resolves_max;   /* names being looked up at once, each costs a thread */
	int64_t host_spacing_ms; /* between two starts on one host; 0 = none */
	int64_t low_speed_ms;    /* a transfer slower than low_speed_bytes a second for that long is ended; 0 = never */
	size_t low_speed_bytes;
	int64_t connection_life_ms; /* an older connection is not used again */
	struct str ca_file, proxy;  /* STR_NONE: the system's bundle; no proxy, whatever the environment says */
	struct str proxy_user, proxy_password; /* STR_NONE: the proxy asks for none; nobody but it sees them */
};

extern const struct http_settings http_settings_default;

/* The client copies what it needs. NULL on failure. */
struct http_client *http_client_new(struct event_base *base, const struct http_settings *settings, struct err *err);
void http_client_free(struct http_client *c);

struct http_header {
	struct str name, value;
};

enum http_auth { HTTP_AUTH_NONE, HTTP_AUTH_BASIC, HTTP_AUTH_DIGEST };

enum http_starttls { HTTP_STARTTLS_REQUIRED, HTTP_STARTTLS_NEVER };

/*
 * A mail to hand over instead of a document to fetch: the URL is smtp://host[:port]/name or smtps://…, where name is what
 * we greet the server with; the options' body is the whole message, its lines ended by CR LF; user and password log in. One
 * transaction for all recipients: none gets it unless the server takes all. The reply's status is the server's last
 * answer: 250 when it has the mail; an answer of 400 and more is no error of the reply, but a status. Never goes through
 * a proxy. Source: RFC 5321, 3207, 4954.
 */
struct http_mail {
	struct str from; /* bare addresses; ERR_CONFIG when one is not mailbox_ok() */
	const struct str *to;
	size_t to_count; /* 1 … HTTP_RECIPIENTS_MAX */
	enum http_starttls starttls;
};
#define HTTP_RECIPIENTS_MAX 64u

struct http_options {                 /* views, copied by http_start */
	const struct http_mail *mail; /* NULL = fetch */
	struct str url;
	const char *method; /* NULL = GET; "POST" and "PUT" send body */
	struct str body;
	struct str body_type;     /* Content-Type of body */
	struct str etag;          /* sent byte-exact as If-None-Match; STR_NONE = none */
	struct str last_modified; /* sent byte-exact as If-Modified-Since */
	const struct http_header
	    *headers; /* further ones; refused when they hold CR, LF or NUL; dropped on another origin */
	size_t header_count;
	struct str user_agent; /* STR_NONE = the client's */
	bool allow_private;    /* may connect to loopback, link-local and private addresses */
	bool delta; /* with an ETag, ask for what has changed only (RFC 3229, A-IM: feed); the answer may be 226 */
	bool allow_downgrade; /* may follow a redirect from https to http */
	bool stay;            /* no redirect is followed: the 3xx is the reply, with its location */
	/* For this request instead of the client's, each STR_NONE = as the client has it. User, password and client
	 * certificate stay with the first origin; a Bearer token goes into headers, which do too. */
	enum http_auth auth;
	struct str user, password;
	struct str proxy;                      /* behind a proxy it is the proxy that judges addresses */
	struct str proxy_user, proxy_password; /* of this proxy; those of the client's are for that one alone */
	struct str ca_file;                    /* PEM; the only authorities that count then */
	struct str client_cert, client_key;    /* PEM files; the key may stand in client_cert */
	int64_t total_timeout_ms;              /* 0 = the client's */
	size_t body_max_bytes;                 /* 0 = the client's */
};

/* Valid during the callback only; the callback may take body's memory by moving it out and re-initialising it. */
struct http_reply {
	struct err error; /* ERR_NONE when a complete response arrived, whatever its status */
	int status;       /* 0 when none arrived */
	struct str url;   /* where the response came from, after redirects, without user:password@ */
	unsigned redirects;
	struct str location; /* with `stay`: where a 3xx leads, absolute; STR_NONE when nowhere that may be gone to */
	bool moved_permanently; /* every redirect on the way was 301 or 308 */
	struct buf body;        /* decoded */
	/* As sent; several fields of one name are joined with ", ". Validators that are not worth keeping are absent,
	 * and so is a Last-Modified that lies ahead by more than a day. */
	struct str content_type, content_location, content_language, etag, last_modified, link;
	int64_t max_age_ms;     /* Cache-Control max-age (less Age) or Expires less Date; -1 = unsaid */
	int64_t retry_after_ms; /* from seconds or a date; -1 = unsaid */
	int64_t total_ms;       /* from start to end, waiting in the queue left out */
	size_t wire_bytes;      /* body bytes received, encoded */
	bool connection_reused;
};

typedef void (*http_done_fn)(void *ctx, struct http_reply *reply);

/* Queues the request. NULL with err for a request that can never be sent (ERR_URL, ERR_CONFIG, ERR_NO_MEMORY);
 * then the callback is not called. A validator that is not fit for a header is left out, which costs a full answer. The handle is valid until the callback has returned. */
struct http_request *
http_start(struct http_client *c, const struct http_options *options, http_done_fn done, void *ctx, struct err *err);
void http_cancel(struct http_request *r);
/* No request to the URL's host starts within the next `ms` (429 and 503 ask for that); a longer hold stands.
 * http_held_ms tells what is left of it. Holds are not remembered across clients. */
int http_hold_host(struct http_client *c, struct str url, int64_t ms, struct err *err);
int64_t http_held_ms(const struct http_client *c, struct str url);
/* While on, no fetch leaves the queue: whoever takes the replies has more of them than memory. What sends something (POST, PUT,
 * mail) goes on, unless it stands behind a fetch from the same host. */
void http_hold_fetches(struct http_client *c, bool on);
size_t http_active(const struct http_client *c);  /* on the wire */
size_t http_waiting(const struct http_client *c); /* in the queue */

/* The error that a complete response's status stands for: ERR_NONE for 200, 226 and 304. Fills the message. */
enum err_code http_status_error(int status, struct err *err);
