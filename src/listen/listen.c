#include "listen/listen.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <event2/util.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define SWEEP_MS 500
#define ADDRESS_BYTES_MAX 128

/* A connection, from accept to close; libmicrohttpd keeps the pointer. */
struct conn {
	struct listener *listener;
	struct conn *next, **prev;
	int fd;
	int64_t started_at; /* boot clock */
	bool cut;
};

/* The request on it. */
struct job {
	struct buf body;
	bool answered, too_large;
};

struct listener {
	struct listen_settings settings;
	struct MHD_Daemon *daemon;
	struct event *ready, *timer, *sweep;
	struct conn *conns;
};

/* ---- answers ---- */

static enum MHD_Result
send_answer(struct MHD_Connection *connection, struct listen_answer *a)
{
	static char nothing;
	struct str body = buf_view(&a->body);
	if (a->body.failed)
		a->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
	struct MHD_Response *response =
	    MHD_create_response_from_buffer(body.len, body.len > 0 ? a->body.data : &nothing, MHD_RESPMEM_MUST_COPY);
	if (response == NULL)
		return MHD_NO;
	MHD_add_response_header(
	    response, MHD_HTTP_HEADER_CONTENT_TYPE, a->type != NULL ? a->type : "text/plain; charset=utf-8");
	MHD_add_response_header(response, MHD_HTTP_HEADER_X_CONTENT_TYPE_OPTIONS, "nosniff");
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	enum MHD_Result rc = MHD_queue_response(connection, (unsigned)a->status, response);
	MHD_destroy_response(response);
	return rc;
}

static enum MHD_Result
send_status(struct MHD_Connection *connection, int status)
{
	struct listen_answer a = {.status = status};
	buf_init(&a.body, 0);
	return send_answer(connection, &a);
}

/* ---- requests ---- */

static struct listen_request
request_of(struct MHD_Connection *connection, const char *path, const char *method)
{
	return (struct listen_request){.connection = connection, .method = str_from(method), .path = str_from(path)};
}

static bool
declares_too_much(const struct listener *l, const struct listen_request *r)
{
	struct str length = listen_header(r, MHD_HTTP_HEADER_CONTENT_LENGTH);
	int64_t n;
	return length.s != NULL && !str_int(length, 0, (int64_t)l->settings.body_max_bytes, &n);
}

/* The headers are there. */
static enum MHD_Result
begin(struct listener *l, const struct listen_request *r, void **slot)
{
	struct listen_answer a = {.status = MHD_HTTP_NOT_FOUND};
	struct job *job = *slot = calloc(1, sizeof *job);
	if (job == NULL)
		return MHD_NO;
	buf_init(&job->body, l->settings.body_max_bytes);
	buf_init(&a.body, 0);
	enum MHD_Result rc = MHD_YES;
	if (declares_too_much(l, r))
		rc = send_status(r->connection, MHD_HTTP_CONTENT_TOO_LARGE);
	else if (!l->settings.head(l->settings.ctx, r, &a))
		rc = send_answer(r->connection, &a);
	buf_done(&a.body);
	return rc;
}

static enum MHD_Result
on_request(void *ctx, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
    const char *data, size_t *size, void **slot)
{
	struct listener *l = ctx;
	struct job *job = *slot;
	struct listen_request r = request_of(connection, path, method);
	(void)version;

	if (job == NULL)
		return begin(l, &r, slot);
	if (*size > 0) {
		if (!buf_add(&job->body, data, *size))
			return MHD_NO; /* too much, and nobody said so: the connection ends */
		*size = 0;
		return MHD_YES;
	}
	struct listen_answer a = {.status = MHD_HTTP_OK};
	buf_init(&a.body, 0);
	r.body = buf_view(&job->body);
	l->settings.handle(l->settings.ctx, &r, &a);
	enum MHD_Result rc = send_answer(connection, &a);
	buf_done(&a.body);
	return rc;
}

static void
on_completed(void *ctx, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode why)
{
	struct job *job = *slot;
	(void)ctx, (void)connection, (void)why;
	if (job == NULL)
		return;
	buf_done(&job->body);
	free(job);
	*slot = NULL;
}

struct str
listen_header(const struct listen_request *r, const char *name)
{
	return str_from(MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, name));
}

struct str
listen_argument(const struct listen_request *r, const char *name)
{
	return str_from(MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name));
}

/* ---- connections ---- */

static void
on_connection(void *ctx, struct MHD_Connection *connection, void **slot, enum MHD_ConnectionNotificationCode what)
{
	struct listener *l = ctx;
	struct conn *c = *slot;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (c == NULL)
			return;
		*c->prev = c->next;
		if (c->next != NULL)
			c->next->prev = c->prev;
		free(c);
		*slot = NULL;
		return;
	}
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	c = calloc(1, sizeof *c);
	if (c == NULL || info == NULL) {
		if (info != NULL)
			shutdown(info->connect_fd, SHUT_RDWR);
		free(c);
		return;
	}
	*c = (struct conn){
	    .listener = l, .next = l->conns, .prev = &l->conns, .fd = info->connect_fd, .started_at = clock_boot_ms()};
	if (c->next != NULL)
		c->next->prev = &c->next;
	l->conns = c;
	*slot = c;
}

/* ---- the loop ---- */

static void
drive(struct listener *l)
{
	MHD_UNSIGNED_LONG_LONG wait = 0;
	MHD_run(l->daemon);
	if (MHD_get_timeout(l->daemon, &wait) != MHD_YES) {
		event_del(l->timer);
		return;
	}
	struct timeval tv = {.tv_sec = (time_t)(wait / 1000), .tv_usec = (suseconds_t)(wait % 1000 * 1000)};
	event_add(l->timer, &tv);
}

/* However slowly or busily a client keeps its connection alive: after the deadline it is over. */
static void
on_sweep(evutil_socket_t fd, short what, void *ctx)
{
	struct listener *l = ctx;
	int64_t now = clock_boot_ms();
	(void)fd, (void)what;
	for (struct conn *c = l->conns; c != NULL; c = c->next) {
		if (!c->cut && now - c->started_at > l->settings.deadline_ms) {
			c->cut = true;
			shutdown(c->fd, SHUT_RDWR); /* libmicrohttpd sees the end and closes it */
		}
	}
	/* At its ceiling libmicrohttpd stops accepting, and looks at that again only in the run after the one that made room. */
	drive(l);
	event_add(l->ready, NULL);
}

static void
on_ready(evutil_socket_t fd, short what, void *ctx)
{
	struct listener *l = ctx;
	bool idle = l->conns == NULL;
	(void)fd, (void)what;
	drive(l);
	if (idle &&
	    l->conns == NULL) /* whoever waits cannot be let in, for want of a descriptor: not before the next sweep */
		event_del(l->ready);
}

/* ---- life ---- */

static int
bind_socket(struct listener *l, struct err *err)
{
	struct sockaddr_storage at;
	int len = sizeof at, on = 1;
	char text[ADDRESS_BYTES_MAX];

	snprintf(text, sizeof text, "%.*s", STR_ARG(l->settings.address));
	if (l->settings.address.len >= sizeof text || strrchr(text, ':') == NULL ||
	    evutil_parse_sockaddr_port(text, (struct sockaddr *)&at, &len) < 0)
		return err_set(err, ERR_CONFIG, "“%.*s” is no address and port to listen at, such as 127.0.0.1:8080",
		    STR_ARG(l->settings.address));
	int fd = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(err, "cannot make a socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&at, (socklen_t)len) < 0 || listen(fd, LISTEN_BACKLOG) < 0) {
		err_errno(err, "cannot listen at %s", text);
		close(fd);
		return -1;
	}
	return fd;
}

static int
start(struct listener *l, struct event_base *base, struct err *err)
{
	int fd = bind_socket(l, err);
	if (fd < 0)
		return -1;
	l->daemon = MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, l, MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, l->settings.connections_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)LISTEN_HEAD_BYTES_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)((l->settings.deadline_ms + 999) / 1000), MHD_OPTION_NOTIFY_COMPLETED, on_completed, l,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, l, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	if (l->daemon == NULL) {
		close(fd);
		return err_set(err, ERR_IO, "the HTTP server could not be started");
	}
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct timeval sweep = {.tv_usec = SWEEP_MS * 1000};
	if (info == NULL)
		return err_set(err, ERR_INTERNAL, "the HTTP server has no descriptor to wait on");
	l->ready = event_new(base, info->epoll_fd, EV_READ | EV_PERSIST, on_ready, l);
	l->timer = evtimer_new(base, on_ready, l);
	l->sweep = event_new(base, -1, EV_PERSIST, on_sweep, l);
	if (l->ready == NULL || l->timer == NULL || l->sweep == NULL || event_add(l->ready, NULL) < 0 ||
	    event_add(l->sweep, &sweep) < 0)
		return err_oom(err);
	return 0;
}

struct listener *
listener_new(struct event_base *base, const struct listen_settings *settings, struct err *err)
{
	struct listener *l = calloc(1, sizeof *l);
	if (l == NULL) {
		err_oom(err);
		return NULL;
	}
	l->settings = *settings;
	if (start(l, base, err) < 0) {
		listener_free(l);
		return NULL;
	}
	return l;
}

void
listener_free(struct listener *l)
{
	struct event *events[] = {l != NULL ? l->ready : NULL, l != NULL ? l->timer : NULL, l != NULL ? l->sweep : NULL};
	for (size_t i = 0; i < 3; i++) {
		if (events[i] != NULL)
			event_free(events[i]);
	}
	if (l != NULL && l->daemon != NULL)
		MHD_stop_daemon(l->daemon);
	free(l);
}
