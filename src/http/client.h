#pragma once
/*
 * Inside the http room: what its files share. The life of a request:
 *   http_start → queue (waiting) → transfer (on the wire, once per hop) → finished → delivered → freed
 * Only the loop's own events lead into callbacks of the caller; curl's callbacks never do.
 */
#include <curl/curl.h>
#include <event2/event.h>
#include <event2/event_struct.h>

#include "base/heap.h"
#include "base/map.h"
#include "http/http.h"

#define HTTP_HOST_MAX 300u
#define HTTP_URL_MAX 8192u
#define RESOLVER_LINGERS_MS (10 * SECOND_MS) /* glibc's resolver gives up by then with its default settings */
#define CROWDED_WAIT_MS 100                  /* until a crowded address is tried again; more each time… */
#define CROWDED_WAIT_MAX_MS (2 * SECOND_MS)  /* …up to this */
#define DELIVER_TURN_MS 20                   /* replies are handed over for so long until others have their turn */
#define DISCARD_MAX_BYTES ((size_t)64 << 10) /* of a redirect's body, to keep the connection usable */

/* Response headers that are kept. */
enum captured {
	CAP_CONTENT_TYPE,
	CAP_CONTENT_LOCATION,
	CAP_CONTENT_LANGUAGE,
	CAP_ETAG,
	CAP_LAST_MODIFIED,
	CAP_LINK,
	CAP_CACHE_CONTROL,
	CAP_AGE,
	CAP_EXPIRES,
	CAP_DATE,
	CAP_RETRY_AFTER,
	CAP_LOCATION,
	CAP_CONTENT_LENGTH,
	CAP_CONTENT_ENCODING,
	CAP_COUNT
};

/* One easy handle, used again and again; it belongs to at most one request at a time. */
struct transfer {
	struct http_client *client;
	struct transfer *next_idle;
	struct transfer *next_busy, *prev_busy;
	CURL *easy;
	struct http_request *request;
	struct arena arena; /* the captured headers of the present hop */
	struct str captured[CAP_COUNT];
	size_t header_bytes;
	int status;
	bool headers_done; /* what follows are body and trailers */
	bool resolved;     /* a connection was tried or found */
	bool handshaking;  /* a connection stood, and TLS began on it */
	bool blocked;      /* the last address tried was refused by us */
	bool crowded;      /* an address of the host has as many connections as it may */
	bool peer_known;   /* it has a place at the address `peer` (IPv4 as IPv6-mapped) */
	unsigned char peer[16];
	bool special;       /* has settings of its request that the next must not inherit */
	bool unwatched;     /* no event could be had for its socket */
	bool ended_early;   /* enough was read of a body that nobody needs */
	enum err_code stop; /* why a callback of ours ended the transfer */
	int socket_errno;
	char address[64]; /* of the refused connection */
	const char *address_word;
	char curl_error[CURL_ERROR_SIZE];
};

struct host {
	struct str name; /* owned; lower case */
	unsigned active;
	struct http_request *first, *last; /* waiting */
	struct host *next_ready, *prev_ready;
	bool ready;             /* in the ring */
	int64_t next_start_ms;  /* boot clock; no start before it */
	struct heap_entry held; /* in the heap while it waits for that moment */
};

enum request_state { REQUEST_WAITING, REQUEST_RUNNING, REQUEST_LOOKED_UP, REQUEST_FINISHED, REQUEST_DELIVERED };

struct http_request {
	struct http_client *client;
	struct http_request *prev, *next; /* all of the client's */
	struct http_request *next_queued; /* waiting at its host, or finished */
	enum request_state state;
	struct host *host;
	struct transfer *transfer; /* while running, and until it is delivered */
	http_done_fn done;
	void *ctx;
	char *url; /* of the present hop; owned */
	bool post; /* it has a body */
	bool put, stay, allow_private, allow_downgrade, other_origin, not_permanent;
	bool mail, starttls_never;
	unsigned redirects;
	int64_t total_timeout_ms, spent_ms, hop_started_ms;
	unsigned crowded_times; /* sent back to the queue because its address was crowded */
	size_t body_max_bytes, wire_bytes;
	struct str post_body;
	size_t post_sent;             /* of a mail's body */
	const char *mail_from;        /* the envelope */
	struct curl_slist *mail_rcpt; /* nodes in the request's own memory */
	bool special;                 /* any of these is set; all end with a NUL */
	enum http_auth auth;
	struct str user, password, proxy, proxy_user, proxy_password, ca_file, client_cert, client_key;
	/* Chains for curl: first what stays with the first origin; its tail is what any origin may see. */
	struct curl_slist *headers, *public_headers;
	struct buf body;
	struct err error;
	_Alignas(16) char text[]; /* the headers' nodes and strings, the body of a POST */
};

struct socket_event {
	struct event event;
	struct http_client *client;
	short what;
	bool added; /* to the loop */
	bool idle;  /* curl waits for nothing on it at present */
	bool ours;  /* opened by us: curl closes it through client_close_socket, and nothing else */
};

struct http_client {
	struct event_base *base;
	struct http_settings settings;
	char *text; /* the settings' strings */
	CURLM *multi;
	struct curl_slist *get_headers, *post_headers; /* sent with every request of the kind */
	struct event *timer, *pump, *next_turn, *held_timer, *linger_timer, *lookup_timer;
	struct transfer *busy; /* those on the wire */
	struct transfer *idle;
	struct socket_event **sockets; /* by descriptor */
	size_t socket_cap;
	struct map hosts;
	struct host *ready; /* ring; the next to be served */
	struct heap held;
	struct http_request *requests;
	struct http_request *finished, **finished_end;
	size_t active, waiting;
	unsigned resolving;      /* transfers whose name is not known to be resolved */
	int64_t *lingering;      /* ends of resolver threads that outlive their transfers; resolves_max of them */
	int64_t lingering_until; /* the last of these ends, 0 when there is none */
	struct lookup *lookups;
	unsigned lookup_count;
	bool fetches_held;
	bool freeing, unwatched, starved;
};

/* queue.c: who may start. */
bool queue_add(struct http_client *c, struct http_request *r, bool first);
void queue_remove(struct http_client *c, struct http_request *r);
struct http_request *queue_next(struct http_client *c); /* NULL: nobody may start now; else counts it as running */
void queue_ended(struct http_client *c, struct http_request *r);
void queue_done(struct http_client *c);
void queue_resolved(struct http_client *c, struct transfer *t);
void queue_unresolved(struct http_client *c, struct transfer *t, bool abandoned);
int queue_hold(struct http_client *c, struct str name, int64_t ms);
int64_t queue_held_ms(const struct http_client *c, struct str name);

/* transfer.c: one hop on the wire. */
struct transfer *transfer_begin(struct http_client *c, struct http_request *r, struct err *err);
bool transfer_redirects(const struct transfer *t);
bool transfer_proxied(const struct transfer *t);       /* a mail never is */
void transfer_end(struct transfer *t, bool abandoned); /* off the wire; its captured headers stay */
void transfer_release(struct transfer *t);             /* back to the idle ones */
void transfer_free(struct transfer *t);

struct location;

/* request.c */
void request_start(struct http_request *r); /* from the queue onto the wire */
void request_ended(struct http_request *r, CURLcode rc);
int request_location(const struct http_request *r, struct location *l, struct err *err); /* where it goes at present */
void request_finish(struct http_request *r); /* to be delivered by the pump */
void request_deliver_all(struct http_client *c);
/* As many as fit into this turn of the loop, whose timers wait for its end; the rest in the next one. */
void request_deliver_some(struct http_client *c, bool at_least_one);

/* client.c */
void client_wake(struct http_client *c); /* have the pump run soon */
void client_own_socket(struct http_client *c, curl_socket_t fd);
int client_close_socket(void *c, curl_socket_t fd); /* curl closes its sockets through this */

/* location.c: URLs as far as policy needs them. */
struct location {
	bool mail;
	bool https; /* or smtps */
	unsigned port;
	char host[HTTP_HOST_MAX]; /* lower case; without the brackets of IPv6 */
};

/* The parts of a URL of a document; ERR_URL otherwise. location_parse_mail: of a mail server. */
int location_parse_mail(struct str url, struct location *l, struct err *err);
int location_parse(struct str url, struct location *l, struct err *err);
bool location_same_origin(const struct location *a, const struct location *b);
/* Where a Location header leads from a URL: 0 with a new malloc'ed URL in *ret, or -1 with ERR_REDIRECT_SCHEME, ERR_URL, … */
int location_resolve(const char *url, struct str header, char **ret, struct err *err);
/* Without user:password@; points into url or is made in the arena. */
struct str location_public(struct arena *a, struct str url);

/* lookup.c: why a name led nowhere. Finishes the request later with ERR_DNS or ERR_DNS_TEMPORARY, when it could be started. */
bool lookup_start(struct http_client *c, struct http_request *r);
void lookup_abandon(struct http_client *c, struct http_request *r);
void lookup_poll(struct http_client *c);
void lookup_done(struct http_client *c);

/* mail.c: what of a request is different when it hands over a mail. */
int mail_check(const struct http_options *o, struct err *err);
size_t mail_size(const struct http_mail *m);                                  /* bytes of mail_copy */
char *mail_copy(struct http_request *r, const struct http_mail *m, char *at); /* returns where it ended */
CURLcode mail_set(struct transfer *t, const struct http_request *r);          /* r may be a fetch: undone then */
void
mail_ended(struct http_request *r, CURLcode rc); /* the status that the server's answer gives it; may clear r->error */

/* failure.c: what went wrong, in r->error. */
void failure_describe(struct http_request *r, CURLcode rc);
