#include "notify/sink_socket.h"

#include "base/clock.h"
#include "render/render.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct client {
	struct sockets *sockets;
	struct bufferevent *bev;
	struct client *prev, *next;
	bool half;          /* it sends nothing more */
	int64_t full_since; /* boot clock; 0 = there is room */
	int64_t full_ms;    /* in all, since nothing waited for it */
};

struct sockets {
	struct sink *sink;
	struct event *pump;
	struct evconnlistener *listener;
	struct sockaddr_un address;
	struct stat made; /* our own socket, to be removed at the end */
	struct client *clients;
	size_t count;
	struct delivery_queue queue; /* wait for the clients to have room */
};

void
sink_socket_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	struct jsonw w;
	jsonw_init(&w, body, 0);
	render_notification_json(&w, what);
	buf_putc(body, '\n');
}

/* ---- clients ---- */

static void
drop(struct client *c)
{
	struct sockets *k = c->sockets;
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		k->clients = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	k->count--;
	bufferevent_free(c->bev);
	free(c);
}

/* Has it closed both halves? */
static bool
is_gone(const struct client *c)
{
	struct pollfd p = {.fd = bufferevent_getfd(c->bev), .events = 0};
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
}

static void
drop_gone(struct sockets *k)
{
	struct client *next;
	for (struct client *c = k->clients; c != NULL; c = next) {
		next = c->next;
		if (c->half && is_gone(c))
			drop(c);
	}
}

static void
on_read(struct bufferevent *bev, void *ctx)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	evbuffer_drain(in, evbuffer_get_length(in));
}

/* Half of what waited is out: there is room again. */
static void
on_written(struct bufferevent *bev, void *ctx)
{
	const struct client *c = ctx;
	if (c->sockets->queue.first != NULL)
		event_active(c->sockets->pump, 0, 0);
}

static void
on_event(struct bufferevent *bev, short what, void *ctx)
{
	struct client *c = ctx;
	if ((what & BEV_EVENT_EOF) != 0 && !is_gone(c)) {
		c->half = true;
		bufferevent_disable(bev, EV_READ);
		return;
	}
	drop(c);
}

static void
on_connection(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *from, int len, void *ctx)
{
	struct sockets *k = ctx;
	struct client *c = NULL;
	int bytes = SINK_SOCKET_KERNEL_BYTES;
	drop_gone(k);
	if (k->count < SINK_SOCKET_CLIENTS_MAX)
		c = calloc(1, sizeof *c);
	struct bufferevent *bev = c != NULL ? bufferevent_socket_new(k->sink->base, fd, BEV_OPT_CLOSE_ON_FREE) : NULL;
	if (bev == NULL) {
		free(c);
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	*c = (struct client){.sockets = k, .bev = bev, .next = k->clients};
	if (c->next != NULL)
		c->next->prev = c;
	k->clients = c;
	k->count++;
	bufferevent_setcb(bev, on_read, on_written, on_event, c);
	bufferevent_setwatermark(bev, EV_READ, 0, 4096);
	bufferevent_setwatermark(bev, EV_WRITE, SINK_SOCKET_CLIENT_MAX / 2, 0);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

/* ---- the socket ---- */

static bool
somebody_listens(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool answers =
	    fd >= 0 && (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN);
	if (fd >= 0)
		close(fd);
	return answers;
}

/* Away with the socket of an earlier run; anything else that stands there is not ours to remove. */
static int
clear_path(const struct sockaddr_un *address, struct err *err)
{
	struct stat st;
	if (lstat(address->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "cannot look at %s", address->sun_path);
	if (!S_ISSOCK(st.st_mode))
		return err_set(err, ERR_IO, "%s is there already, and is no socket", address->sun_path);
	if (somebody_listens(address))
		return err_set(err, ERR_IO, "another program listens at %s", address->sun_path);
	return unlink(address->sun_path) < 0 ? err_errno(err, "cannot remove %s", address->sun_path) : 0;
}

static int
listen_at(struct sockets *k, struct err *err)
{
	if (clear_path(&k->address, err) < 0)
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(err, "cannot make a socket");
	if (fchmod(fd, 0600) < 0 || bind(fd, (struct sockaddr *)&k->address, sizeof k->address) < 0 ||
	    chmod(k->address.sun_path, 0660) < 0 || stat(k->address.sun_path, &k->made) < 0) {
		err_errno(err, "cannot bind %s", k->address.sun_path);
		close(fd);
		return -1;
	}
	k->listener = evconnlistener_new(
	    k->sink->base, on_connection, k, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, SINK_SOCKET_BACKLOG, fd);
	if (k->listener == NULL) {
		close(fd);
		unlink(k->address.sun_path);
		return err_set(err, ERR_IO, "cannot listen at %s", k->address.sun_path);
	}
	return 0;
}

static bool
is_ours(const struct sockets *k)
{
	struct stat st;
	return k->listener != NULL && lstat(k->address.sun_path, &st) == 0 && st.st_ino == k->made.st_ino &&
	       st.st_dev == k->made.st_dev;
}

/* Listens, anew when somebody took the name away. */
static int
make_sure(struct sockets *k, struct err *err)
{
	if (is_ours(k))
		return 0;
	if (k->listener != NULL) {
		evconnlistener_free(k->listener);
		k->listener = NULL;
	}
	return listen_at(k, err);
}

/* Whether the client has room for so much, or is gone by the end of this call. */
static bool
has_room(struct client *c, size_t bytes, int64_t now)
{
	size_t waiting = evbuffer_get_length(bufferevent_get_output(c->bev));
	bool room = waiting == 0 || waiting + bytes <= SINK_SOCKET_CLIENT_MAX;
	if (waiting == 0)
		c->full_ms = 0;
	if (c->full_since != 0)
		c->full_ms += now - c->full_since;
	c->full_since = room ? 0 : now;
	if (room || c->full_ms < c->sockets->sink->set.timeout_ms)
		return room;
	drop(c);
	return true;
}

static bool
all_have_room(const struct sockets *k, size_t bytes)
{
	struct client *next;
	int64_t now = clock_boot_ms();
	bool room = true;
	for (struct client *c = k->clients; c != NULL; c = next) {
		next = c->next;
		room &= has_room(c, bytes, now);
	}
	return room;
}

static void
hand_out(const struct sockets *k, const struct delivery *d)
{
	struct client *next;
	for (struct client *c = k->clients; c != NULL; c = next) {
		next = c->next;
		if (bufferevent_write(c->bev, d->body.data, d->body.len) < 0)
			drop(c);
	}
}

static void
on_pump(evutil_socket_t fd, short what, void *ctx)
{
	static const struct timeval soon = {0, 100000};
	struct sockets *k = ctx;
	struct err err;
	int rc = make_sure(k, &err);
	while (k->queue.first != NULL) {
		struct delivery *d = k->queue.first;
		if (rc == 0 && !all_have_room(k, d->body.len)) {
			event_add(k->pump, &soon);
			return;
		}
		if (rc == 0)
			hand_out(k, d);
		delivery_queue_take(&k->queue);
		delivery_finish(d, rc == 0 ? ERR_NONE : ERR_SINK_TEMPORARY, "%s", rc == 0 ? "" : err.msg);
	}
}

/* ---- life ---- */

int
sink_socket_open(struct sink *s, struct err *err)
{
	static const struct timeval at_once = {0, 0};
	struct sockets *k = calloc(1, sizeof *k);
	if (k == NULL)
		return err_oom(err);
	k->sink = s;
	k->address.sun_family = AF_UNIX;
	if (str_empty(s->set.path) || s->set.path.len >= sizeof k->address.sun_path) {
		free(k);
		return err_set(
		    err, ERR_CONFIG, "a socket sink needs a path of at most %zu bytes", sizeof k->address.sun_path - 1);
	}
	memcpy(k->address.sun_path, s->set.path.s, s->set.path.len);
	k->pump = evtimer_new(s->base, on_pump, k);
	if (k->pump == NULL || evtimer_add(k->pump, &at_once) < 0) {
		if (k->pump != NULL)
			event_free(k->pump);
		free(k);
		return err_oom(err);
	}
	s->state = k;
	return 0;
}

/* What still fits into a client's socket goes there. */
static void
flush_client(const struct client *c)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	bufferevent_disable(c->bev, EV_READ | EV_WRITE);
	evbuffer_unfreeze(out, 1);
	evbuffer_write(out, bufferevent_getfd(c->bev));
}

void
sink_socket_close(struct sink *s)
{
	struct sockets *k = s->state;
	if (k == NULL)
		return;
	while (k->clients != NULL) {
		flush_client(k->clients);
		drop(k->clients);
	}
	if (is_ours(k))
		unlink(k->address.sun_path);
	if (k->listener != NULL)
		evconnlistener_free(k->listener);
	event_free(k->pump);
	free(k);
	s->state = NULL;
}

void
sink_socket_send(struct delivery *d, const struct notification *what)
{
	struct sockets *k = d->sink->state;
	delivery_queue_put(&k->queue, d);
	event_active(k->pump, 0, 0);
}
