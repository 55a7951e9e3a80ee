#include "daemon/control.h"

#include "base/log.h"
#include "base/str.h"
#include "daemon/articles.h"
#include "daemon/daemon.h"
#include "daemon/deliver.h"
#include "daemon/orders.h"
#include "daemon/pipeline.h"
#include "daemon/reload.h"
#include "daemon/websub.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct client {
	struct control *control;
	struct bufferevent *bev;
	struct client *next, **prev;
	bool answered;
	uint64_t reload; /* waits for this reading of the configuration; 0 = for none */
};

struct control {
	struct daemon *daemon;
	struct evconnlistener *listener;
	struct event *again; /* to listen, after there was no descriptor for a client */
	bool refused;
	struct client *clients;
	size_t client_count;
	char path[sizeof((struct sockaddr_un *)0)->sun_path];
};

/* ---- requests ---- */

static void
answer_status(struct daemon *d, struct str argument, struct jsonw *w)
{
	jsonw_kcstr(w, "version", PACKAGE_VERSION);
	jsonw_kint(w, "pid", getpid());
	jsonw_ktime(w, "started", d->started_at);
	jsonw_kcstr(w, "config", d->config_path);
	jsonw_kstr(w, "store", d->setup.conf->global.store_path);
	jsonw_kbool(w, "degraded", d->degraded);
	jsonw_kint(w, "names", (int64_t)watchlist_count(d->setup.watchlist));
	jsonw_kbool(w, "reloading", reload_running(d->reload));
	rematch_status(d, w);
	loop_lag_status(&d->loop_lag, w);
	pipeline_status(d->pipeline, w);
	articles_status(d->articles, w);
	websub_status(d->websub, w);
	deliver_status(d->deliver, w);
}

static void
put_reloaded(struct daemon *d, bool good, struct jsonw *w)
{
	if (good)
		jsonw_kint(w, "feeds", (int64_t)d->setup.conf->feed_count);
	else
		jsonw_kcstr(w, "error",
		    "the configuration has mistakes (see the log) or the store refuses; the old one stays in force");
}

static void
answer_not_reloaded(struct daemon *d, struct str argument, struct jsonw *w)
{
	put_reloaded(d, false, w);
}

static void
answer_poll(struct daemon *d, struct str argument, struct jsonw *w)
{
	char key[CONTROL_LINE_MAX], why[CONTROL_LINE_MAX + 64];
	snprintf(key, sizeof key, "%.*s", STR_ARG(argument));
	size_t n = pipeline_poll_now(d->pipeline, key);
	snprintf(why, sizeof why, strcmp(key, "*") == 0 ? "no feed is polled" : "no feed “%s” is polled", key);
	if (n == 0)
		jsonw_kcstr(w, "error", why);
	else
		jsonw_kint(w, "feeds", (int64_t)n);
}

static void
answer_split(struct daemon *d, struct str argument, struct jsonw *w)
{
	struct err err;
	int64_t item, story;
	if (!str_int(argument, 1, INT64_MAX, &item))
		jsonw_kcstr(w, "error", "a number of an item is wanted");
	else if (store_split_story(d->store, item, clock_wall(), &story, &err) < 0)
		jsonw_kcstr(w, "error", err.msg);
	else
		jsonw_kint(w, "story", story);
}

static void
answer_join(struct daemon *d, struct str argument, struct jsonw *w)
{
	struct err err;
	struct str first = STR_NONE, rest = argument;
	int64_t to, from;
	str_split(&rest, ' ', &first);
	if (!str_int(first, 1, INT64_MAX, &to) || !str_int(str_trim(rest), 1, INT64_MAX, &from))
		jsonw_kcstr(w, "error", "two numbers of stories are wanted");
	else if (store_join_stories(d->store, to, from, &err) < 0)
		jsonw_kcstr(w, "error", err.msg);
	else
		jsonw_kint(w, "story", to);
}

static const struct {
	const char *word;
	bool argument;
	void (*answer)(struct daemon *d, struct str argument, struct jsonw *w);
} requests[] = {
    {"status", false, answer_status},
    {"reload", false, answer_not_reloaded}, /* where it could not even be begun, see wait_for_reload */
    {"poll", true, answer_poll},
    {"story-split", true, answer_split},
    {"story-join", true, answer_join},
    {"outbox", true, orders_outbox},
    {"silence", true, orders_silence},
    {"test", true, orders_test},
    {"dry-run", true, orders_dry_run},
    {"rematch", true, orders_rematch},
};

static void
answer(struct daemon *d, struct str line, struct buf *out)
{
	struct jsonw w;
	struct str word = STR_NONE, rest = str_trim(line);
	str_split(&rest, ' ', &word);
	rest = str_trim(rest);
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	size_t i, n = sizeof requests / sizeof *requests;
	for (i = 0; i < n && !(str_is(word, requests[i].word) && requests[i].argument == !str_empty(rest)); i++)
		;
	if (i < n)
		requests[i].answer(d, rest, &w);
	else
		jsonw_kcstr(&w, "error",
		    "unknown request; there are: status, reload, poll KEY, poll *, story-split ITEM, story-join STORY "
		    "STORY, outbox …, silence …, test SINK, dry-run ITEM, rematch mark|tell SECONDS");
	jsonw_end(&w);
	buf_putc(out, '\n');
}

/* ---- clients ---- */

static void
client_free(struct client *c)
{
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	c->control->client_count--;
	bufferevent_free(c->bev);
	free(c);
}

static void
send_answer(struct client *c, const struct buf *out)
{
	c->answered = true;
	if (out->failed || bufferevent_write(c->bev, out->data, out->len) < 0)
		client_free(c);
}

/* Its answer comes when the configuration has been read. false: it is no such request, or reading cannot be begun. */
static bool
wait_for_reload(struct client *c, struct str line)
{
	if (str_is(str_trim(line), "reload"))
		c->reload = reload_request(c->control->daemon->reload);
	return c->reload != 0;
}

void
control_reloaded(struct control *control, uint64_t number, bool good)
{
	for (struct client *c = control->clients, *next; c != NULL; c = next) {
		struct jsonw w;
		struct buf out;
		next = c->next;
		if (c->reload != number || c->answered)
			continue;
		buf_init(&out, 0);
		jsonw_init(&w, &out, 0);
		jsonw_object(&w);
		put_reloaded(control->daemon, good, &w);
		jsonw_end(&w);
		buf_putc(&out, '\n');
		send_answer(c, &out);
		buf_done(&out);
	}
}

static void
on_read(struct bufferevent *bev, void *ctx)
{
	struct client *c = ctx;
	struct evbuffer *in = bufferevent_get_input(bev);
	struct buf out;
	size_t len;

	char *line = evbuffer_readln(in, &len, EVBUFFER_EOL_LF);
	if (line == NULL && evbuffer_get_length(in) < CONTROL_LINE_MAX)
		return;
	struct str request = line != NULL ? (struct str){line, len} : STR_LIT("");
	bufferevent_disable(bev, EV_READ);
	if (!wait_for_reload(c, request)) {
		buf_init(&out, 0);
		answer(c->control->daemon, request, &out);
		send_answer(c, &out);
		buf_done(&out);
	}
	free(line);
}

static void
on_written(struct bufferevent *bev, void *ctx)
{
	struct client *c = ctx;
	if (c->answered)
		client_free(c);
}

static void
on_event(struct bufferevent *bev, short what, void *ctx)
{
	client_free(ctx);
}

static bool
may_ask(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof cred;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) < 0)
		return false;
	return cred.uid == 0 || cred.uid == geteuid();
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *addr, int addr_len, void *ctx)
{
	static const struct timeval deadline = {.tv_sec = CONTROL_DEADLINE_MS / 1000};
	struct control *control = ctx;
	struct client *c = NULL;

	control->refused = false;
	if (control->client_count < CONTROL_CLIENTS_MAX && may_ask(fd))
		c = calloc(1, sizeof *c);
	if (c != NULL)
		c->bev = bufferevent_socket_new(control->daemon->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (c == NULL || c->bev == NULL) {
		free(c);
		evutil_closesocket(fd);
		return;
	}
	c->control = control;
	c->next = control->clients;
	c->prev = &control->clients;
	if (c->next != NULL)
		c->next->prev = &c->next;
	control->clients = c;
	control->client_count++;
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_set_timeouts(c->bev, &deadline, &deadline);
	bufferevent_setwatermark(c->bev, EV_READ, 0, CONTROL_LINE_MAX);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* Whoever waits would be offered again and again: they are let wait, a second each time. */
static void
on_refused(struct evconnlistener *listener, void *ctx)
{
	static const struct timeval pause = {.tv_sec = 1};
	struct control *c = ctx;
	if (!c->refused)
		log_warn("control: nobody can be let in: %s", strerror(errno));
	c->refused = true;
	if (event_add(c->again, &pause) == 0)
		evconnlistener_disable(listener);
}

static void
on_again(evutil_socket_t fd, short what, void *ctx)
{
	struct control *c = ctx;
	evconnlistener_enable(c->listener);
}

/* ---- life ---- */

static int
listen_at(struct control *c, struct str path, struct err *err)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	if (path.len >= sizeof addr.sun_path)
		return err_set(
		    err, ERR_CONFIG, "control: %.*s is longer than %zu bytes", STR_ARG(path), sizeof addr.sun_path - 1);
	memcpy(addr.sun_path, path.s, path.len);
	memcpy(c->path, addr.sun_path, sizeof c->path);
	/* The store's lock has made sure that no other daemon of ours lives: what lies there is left over. */
	if (unlink(c->path) < 0 && errno != ENOENT)
		return err_errno(err, "control: cannot replace %s", c->path);
	mode_t old = umask(0177);
	c->listener = evconnlistener_new_bind(c->daemon->base, on_accept, c,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, CONTROL_CLIENTS_MAX, (struct sockaddr *)&addr, sizeof addr);
	umask(old);
	if (c->listener == NULL) {
		err_errno(err, "control: cannot listen at %s", c->path);
		c->path[0] = '\0';
		return -1;
	}
	c->again = evtimer_new(c->daemon->base, on_again, c);
	if (c->again == NULL)
		return err_oom(err);
	evconnlistener_set_error_cb(c->listener, on_refused);
	return 0;
}

struct control *
control_new(struct daemon *d, struct err *err)
{
	struct control *c = calloc(1, sizeof *c);
	if (c == NULL) {
		err_oom(err);
		return NULL;
	}
	c->daemon = d;
	if (!str_empty(d->setup.conf->global.control_path) &&
	    listen_at(c, d->setup.conf->global.control_path, err) < 0) {
		control_free(c);
		return NULL;
	}
	return c;
}

void
control_free(struct control *c)
{
	if (c == NULL)
		return;
	while (c->clients != NULL)
		client_free(c->clients);
	if (c->listener != NULL) {
		evconnlistener_free(c->listener);
		unlink(c->path);
	}
	if (c->again != NULL)
		event_free(c->again);
	free(c);
}
