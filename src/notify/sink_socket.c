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

#define ID_MAX 80

/* What the programs together have made of a delivery: its `job`. */
struct course {
	char id[ID_MAX];
	unsigned waiting; /* programs that have it and have not taken it */
	bool taken;
};

/* A line that a program was given and has not taken. */
struct due {
	struct due *next;
	struct delivery *delivery;
	uint64_t end;  /* of the line, in what was put for this program */
	int64_t until; /* boot clock: then it is cut off */
};

struct client {
	struct sockets *sockets;
	struct bufferevent *bev;
	struct client *prev, *next;
	struct due *first, *last;
	uint64_t put; /* bytes in all */
	bool half;    /* it sends nothing more */
};

struct sockets {
	struct sink *sink;
	struct event *pump, *again; /* again: to listen, after there was no descriptor for a program */
	struct evconnlistener *listener;
	struct sockaddr_un address;
	struct stat made; /* our own socket, to be removed at the end */
	struct client *clients;
	size_t count;
	struct delivery_queue queue; /* wait for the clients to have room */
	bool closing;
};

void
sink_socket_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	struct jsonw w;
	jsonw_init(&w, body, 0);
	render_notification_json(&w, what);
	buf_putc(body, '\n');
}

/* ---- who has taken what ---- */

static void
end_course(struct delivery *d, enum err_code code, const char *why)
{
	free(d->job);
	d->job = NULL;
	delivery_finish(d, code, "%s", why);
}

/* One program fewer may still take it. Who has come since gets what nobody took. */
static void
leave(struct sockets *k, struct delivery *d, const char *why)
{
	struct course *c = d->job;
	if (--c->waiting > 0)
		return;
	if (c->taken)
		end_course(d, ERR_NONE, "");
	else if (k->clients != NULL && !k->closing)
		delivery_queue_put(&k->queue, d);
	else
		end_course(d, k->closing ? ERR_CANCELLED : ERR_SINK_TEMPORARY, why);
}

static void
take_out(struct client *c, struct due *before, struct due *due)
{
	if (before != NULL)
		before->next = due->next;
	else
		c->first = due->next;
	if (c->last == due)
		c->last = before;
}

static void
take(struct client *c, struct due *before, struct due *due)
{
	struct delivery *d = due->delivery;
	take_out(c, before, due);
	free(due);
	((struct course *)d->job)->taken = true;
	leave(c->sockets, d, "");
}

/* What has left our hands is taken, where nobody is asked to say so. */
static void
look_at_written(struct client *c)
{
	uint64_t written = c->put - evbuffer_get_length(bufferevent_get_output(c->bev));
	while (!c->sockets->sink->set.acknowledge && c->first != NULL && c->first->end <= written)
		take(c, NULL, c->first);
}

static void
acknowledge(struct client *c, struct str id)
{
	struct due *before = NULL;
	for (struct due *due = c->first; due != NULL; before = due, due = due->next) {
		if (str_is(id, ((const struct course *)due->delivery->job)->id)) {
			take(c, before, due);
			return;
		}
	}
}

static void
read_acknowledgements(struct client *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t len;
	char *line;
	while ((line = evbuffer_readln(in, &len, EVBUFFER_EOL_CRLF)) != NULL) {
		acknowledge(c, (struct str){line, len});
		free(line);
	}
	if (evbuffer_get_length(in) >= SINK_SOCKET_LINE_MAX)
		evbuffer_drain(in, evbuffer_get_length(in));
}

/* What it has taken or said before it went counts. */
static void
hear_out(struct client *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	look_at_written(c);
	if (!c->sockets->sink->set.acknowledge)
		return;
	evbuffer_unfreeze(in, 0);
	for (int turn = 0; turn < 64 && evbuffer_read(in, bufferevent_getfd(c->bev), SINK_SOCKET_LINE_MAX) > 0; turn++)
		read_acknowledgements(c);
}

/* ---- clients ---- */

static void
drop(struct client *c, const char *why)
{
	struct sockets *k = c->sockets;
	hear_out(c);
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		k->clients = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	k->count--;
	bufferevent_free(c->bev);
	while (c->first != NULL) {
		struct due *due = c->first;
		c->first = due->next;
		leave(k, due->delivery, why);
		free(due);
	}
	free(c);
	if (k->queue.first != NULL)
		event_active(k->pump, 0, 0);
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
			drop(c, "the program went away");
	}
}

static void
on_read(struct bufferevent *bev, void *ctx)
{
	struct client *c = ctx;
	struct evbuffer *in = bufferevent_get_input(bev);
	if (c->sockets->sink->set.acknowledge)
		read_acknowledgements(c);
	else
		evbuffer_drain(in, evbuffer_get_length(in));
	if (c->sockets->queue.first != NULL)
		event_active(c->sockets->pump, 0, 0);
}

/* Called inside the library's writing: what follows from it waits for the next turn. */
static void
on_written(struct evbuffer *out, const struct evbuffer_cb_info *how, void *ctx)
{
	const struct client *c = ctx;
	if (how->n_deleted > 0)
		event_active(c->sockets->pump, 0, 0);
}

static void
on_event(struct bufferevent *bev, short what, void *ctx)
{
	struct client *c = ctx;
	if ((what & BEV_EVENT_EOF) != 0 && !is_gone(c) && !c->sockets->sink->set.acknowledge) {
		c->half = true;
		bufferevent_disable(bev, EV_READ);
		return;
	}
	drop(c, "the program went away before it had taken it");
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
	if (bev == NULL || evbuffer_add_cb(bufferevent_get_output(bev), on_written, c) == NULL) {
		if (bev != NULL)
			bufferevent_free(bev);
		else
			close(fd);
		free(c);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
	*c = (struct client){.sockets = k, .bev = bev, .next = k->clients};
	if (c->next != NULL)
		c->next->prev = c;
	k->clients = c;
	k->count++;
	bufferevent_setcb(bev, on_read, NULL, on_event, c);
	bufferevent_setwatermark(bev, EV_READ, 0, SINK_SOCKET_LINE_MAX);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
	sink_back(k->sink);
}

/* Whoever waits would be offered again and again: they are let wait, a second each time. */
static void
on_refused(struct evconnlistener *listener, void *ctx)
{
	static const struct timeval pause = {.tv_sec = 1};
	struct sockets *k = ctx;
	if (event_add(k->again, &pause) == 0)
		evconnlistener_disable(listener);
}

static void
on_again(evutil_socket_t fd, short what, void *ctx)
{
	struct sockets *k = ctx;
	if (k->listener != NULL)
		evconnlistener_enable(k->listener);
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
	evconnlistener_set_error_cb(k->listener, on_refused);
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

/* ---- handing out ---- */

static bool
all_have_room(const struct sockets *k, size_t bytes)
{
	for (const struct client *c = k->clients; c != NULL; c = c->next) {
		size_t waiting = evbuffer_get_length(bufferevent_get_output(c->bev));
		if (waiting > 0 && waiting + bytes > SINK_SOCKET_CLIENT_MAX)
			return false;
	}
	return true;
}

static bool
give(struct client *c, struct delivery *d)
{
	struct due *due = malloc(sizeof *due);
	if (due == NULL || bufferevent_write(c->bev, d->body.data, d->body.len) < 0) {
		free(due);
		return false;
	}
	c->put += d->body.len;
	*due = (struct due){.delivery = d, .end = c->put, .until = clock_boot_ms() + c->sockets->sink->set.timeout_ms};
	if (c->last != NULL)
		c->last->next = due;
	else
		c->first = due;
	c->last = due;
	((struct course *)d->job)->waiting++;
	return true;
}

/* Those that get it hold it, and so do we until all have it. */
static void
hand_out(struct sockets *k, struct delivery *d)
{
	struct client *next;
	((struct course *)d->job)->waiting = 1;
	for (struct client *c = k->clients; c != NULL; c = next) {
		next = c->next;
		if (!give(c, d))
			drop(c, "there was no memory for it");
	}
	leave(k, d, "there was no memory for it");
}

/* Takes in what has been written, and cuts off who is too slow. */
static void
look_at_clients(struct sockets *k)
{
	struct client *next;
	int64_t now = clock_boot_ms();
	for (struct client *c = k->clients; c != NULL; c = next) {
		next = c->next;
		look_at_written(c);
		if (c->first != NULL && c->first->until <= now)
			drop(c, k->sink->set.acknowledge ? "the program did not acknowledge it in time"
			                                 : "the program did not take it in time");
	}
}

static void
arm(struct sockets *k)
{
	int64_t now = clock_boot_ms(), until = INT64_MAX;
	for (const struct client *c = k->clients; c != NULL; c = c->next) {
		if (c->first != NULL && c->first->until < until)
			until = c->first->until;
	}
	if (until == INT64_MAX)
		return;
	int64_t ms = until > now ? until - now : 0;
	const struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	event_add(k->pump, &tv);
}

static void
on_pump(evutil_socket_t fd, short what, void *ctx)
{
	struct sockets *k = ctx;
	struct err err;
	look_at_clients(k);
	int rc = k->queue.first != NULL || k->listener == NULL ? make_sure(k, &err) : 0;
	if (rc == 0 && k->clients == NULL)
		rc = err_set(&err, ERR_SINK_TEMPORARY, "no program is connected to %s", k->address.sun_path);
	while (k->queue.first != NULL && (rc < 0 || all_have_room(k, k->queue.first->body.len))) {
		struct delivery *d = delivery_queue_take(&k->queue);
		if (rc == 0 && k->clients != NULL)
			hand_out(k, d);
		else
			end_course(d, ERR_SINK_TEMPORARY, rc < 0 ? err.msg : "the program went away");
	}
	arm(k);
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
	k->again = evtimer_new(s->base, on_again, k);
	if (k->pump == NULL || k->again == NULL || evtimer_add(k->pump, &at_once) < 0) {
		if (k->pump != NULL)
			event_free(k->pump);
		if (k->again != NULL)
			event_free(k->again);
		free(k);
		return err_oom(err);
	}
	s->state = k;
	return 0;
}

/* What still fits into a client's socket goes there. */
static void
flush_client(struct client *c)
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
	struct delivery *d;
	k->closing = true;
	while (k->clients != NULL) {
		flush_client(k->clients);
		drop(k->clients, "stopped before a program had taken it");
	}
	while ((d = delivery_queue_take(&k->queue)) != NULL)
		end_course(d, ERR_CANCELLED, "stopped before a program had taken it");
	if (is_ours(k))
		unlink(k->address.sun_path);
	if (k->listener != NULL)
		evconnlistener_free(k->listener);
	event_free(k->pump);
	event_free(k->again);
	free(k);
	s->state = NULL;
}

void
sink_socket_send(struct delivery *d, const struct notification *what)
{
	struct sockets *k = d->sink->state;
	struct course *c = calloc(1, sizeof *c);
	if (c == NULL) {
		delivery_finish(d, ERR_SINK_TEMPORARY, "memory ran out");
		return;
	}
	snprintf(c->id, sizeof c->id, "%.*s", STR_ARG(what->id));
	d->job = c;
	delivery_queue_put(&k->queue, d);
	event_active(k->pump, 0, 0);
}
