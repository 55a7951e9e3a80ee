#pragma once
/*
 * feedserver: a small HTTP/1.1 server for tests, benchmarks and demonstrations. It serves the files below a
 * directory, and it misbehaves exactly as scripts beside those files tell it to (feedserver_script.c holds the
 * language). One process, one loop, a bounded number of clients. Never a server for the open internet.
 */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/map.h"

#define REQUEST_HEAD_MAX ((size_t)64 << 10)
#define REQUEST_BODY_MAX ((size_t)4 << 20)
#define REQUEST_HEADERS_MAX 100
#define FILE_BYTES_MAX ((size_t)64 << 20)
#define CACHE_BYTES_MAX ((size_t)256 << 20) /* bodies beyond this are read again each time */
#define OUTPUT_HIGH_BYTES ((size_t)256 << 10)

struct options {
	const char *root, *address, *log_file, *port_file, *tls_file;
	int port, clients_max;
	int64_t seconds, latency_ms;
	unsigned generate, epoch;
	bool gzip, until_eof;
};

struct server {
	struct options options;
	struct event_base *base;
	struct evconnlistener *listener;
	void *tls; /* an SSL_CTX, when it speaks TLS */
	unsigned port;
	FILE *log;
	struct map paths; /* request path → struct path */
	size_t cached_bytes;
	struct client *clients;
	unsigned client_count, connection_count;
};

enum step_op {
	STEP_STATUS,
	STEP_HEADER,
	STEP_REDIRECT,
	STEP_RAW,
	STEP_CHUNKED,
	STEP_GZIP,
	STEP_HEAD,
	STEP_DELAY,
	STEP_DRIP,
	STEP_BODY,
	STEP_FILE,
	STEP_SEND,
	STEP_REPEAT,
	STEP_FOREVER,
	STEP_CLOSE,
	STEP_RESET,
	STEP_HANG
};

struct step {
	enum step_op op;
	int64_t number;  /* status, repetitions, bytes of a drip */
	int64_t wait_ms; /* delay, interval of a drip */
	char *text;      /* unescaped; owned */
	size_t len;
};

struct block {
	struct step *steps;
	size_t count, cap;
};

/* The answers of one path; shared by the clients that are being served from it. */
struct script {
	unsigned references;
	struct block *blocks;
	size_t count, cap;
	char error[256]; /* "line 3: unknown step \"x\"", empty when good */
};

struct script *script_parse(struct str text, unsigned port);
void script_unref(struct script *s);

/* What a path has been asked for so far, and what is known of its file. */
struct path {
	char *name; /* as requested, decoded, without the query */
	struct script *script;
	struct timespec script_time;
	size_t served;
	bool known; /* the following describe the file as it was last read */
	struct timespec file_time;
	off_t file_size;
	char etag[32], modified[40];
	struct buf body, packed; /* len 0: not cached */
};

/* A representation to be sent; body points into the path's cache or into `own`. */
struct resource {
	int status;
	char etag[40];
	const char *modified, *type;
	struct str body;
	bool packed, generated;
	unsigned number; /* of a generated one */
	struct buf own;
};

/* Looks a path up, (re)reading its script when that changed. NULL when memory runs out. */
struct path *files_path(struct server *s, struct str name);
/* The file of a path (status 404 when there is none); wants_gzip = the client takes gzip. */
void files_get(struct server *s, struct path *p, bool wants_gzip, struct resource *r);
bool files_read(struct server *s, struct str name, struct buf *out);
const char *files_type(struct str name);
void files_done(struct server *s);
bool gzip_all(struct str in, struct buf *out);

/* Is this the path of a synthetic feed? Then its number. */
bool generate_match(const struct server *s, struct str path, unsigned *number);
void generate_describe(const struct server *s, unsigned number, struct resource *r);
void generate_body(const struct server *s, struct resource *r);

struct header {
	struct str name, value;
};

struct request {
	char *head; /* owned; the rest points into it */
	struct str method, target;
	char *path; /* decoded; owned */
	struct header headers[REQUEST_HEADERS_MAX];
	size_t header_count;
	struct buf body;
	size_t body_length;
	int64_t at;
	bool keep_alive;
};

struct str request_header(const struct request *r, const char *name);

/* One answer in the making. */
struct answer {
	struct script *script;
	const struct block *block;
	size_t next; /* step */
	int status;
	char *reason;
	struct buf headers;
	bool raw, chunked, gzip, head_sent, logged, finished, deflating, waiting;
	int64_t repeat_left;
	size_t drip_bytes;
	int64_t drip_ms;
	struct evbuffer *slow; /* what a drip still holds back */
	z_stream deflate;
};

enum client_end { CLIENT_STAYS, CLIENT_CLOSES, CLIENT_RESETS };

struct client {
	struct server *server;
	struct client *next, *prev;
	unsigned number;
	struct bufferevent *bev;
	struct event *timer;
	bool answering;
	enum client_end end;
	struct request request;
	struct answer answer;
};

/* feedserver_tls.c: s->tls from a PEM file of certificates and key; a connection over TLS. */
bool tls_open(struct server *s);
void tls_close(struct server *s);
struct bufferevent *tls_connection(struct server *s, evutil_socket_t fd);

void client_open(struct server *s, evutil_socket_t fd);
void client_free(struct client *c);
/* The answer is complete: on to the next request, or away once everything is written. */
void client_answered(struct client *c);

void answer_start(struct client *c);
void answer_run(struct client *c);
void answer_done(struct answer *a);
void log_request(struct client *c, int status);
