/* The client: curl's multi handle on libevent's loop, and the pump that starts and delivers requests. */
#include "http/client.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"

static const char accept_feeds[] = "Accept: application/atom+xml, application/rss+xml, application/rdf+xml, "
                                   "application/feed+json, application/xml;q=0.9, "
                                   "text/xml;q=0.9, */*;q=0.8";

const struct http_settings http_settings_default = {
    .user_agent = STR_LIT("tidings/" PACKAGE_VERSION),
    .connections = 128,
    .connections_per_host = 2,
    .connect_timeout_ms = 10 * SECOND_MS,
    .total_timeout_ms = 60 * SECOND_MS,
    .body_max_bytes = (size_t)10 << 20,
    .header_max_bytes = (size_t)64 << 10,
    .redirects_max = 10,
    .resolves_max = 64,
    .low_speed_ms = 30 * SECOND_MS,
    .low_speed_bytes = 50,
    .connection_life_ms = 10 * MINUTE_MS,
};

/* Where distributions keep the bundle, Debian's place first. */
static const char *const ca_bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
};

static struct str
find_ca_bundle(void)
{
	for (size_t i = 0; i < sizeof ca_bundles / sizeof *ca_bundles; i++)
		if (access(ca_bundles[i], R_OK) == 0)
			return str_from(ca_bundles[i]);
	return str_from(ca_bundles[0]); /* its absence is told by the first TLS connection */
}

static void
start_all(struct http_client *c)
{
	struct http_request *r;
	while ((r = queue_next(c)) != NULL)
		request_start(r);
}

static void
pump(struct http_client *c)
{
	request_deliver_some(c, false);
	start_all(c);
}

static void
on_next_turn(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	request_deliver_some(ctx, true);
	start_all(ctx);
}

/*
 * Memory was short. A transfer whose socket could not be watched would wait for ever, and after an error of its own curl
 * 7.88 divides by zero when it looks at that socket again; nobody tells which it was, so then all on the wire end.
 */
static void
end_starved(struct http_client *c)
{
	for (struct http_request *r = c->requests, *next; r != NULL; r = next) {
		next = r->next;
		if (r->state != REQUEST_RUNNING || !(c->starved || r->transfer->unwatched))
			continue;
		r->transfer->stop = ERR_NO_MEMORY;
		request_ended(r, CURLE_OUT_OF_MEMORY);
	}
	c->starved = c->unwatched = false;
}

static void
collect(struct http_client *c)
{
	CURLMsg *m;
	int left;
	while ((m = curl_multi_info_read(c->multi, &left)) != NULL) {
		struct transfer *t = NULL;
		CURLcode rc = m->data.result;
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		request_ended(t->request, rc);
	}
	if (c->unwatched || c->starved)
		end_starved(c);
	pump(c);
}

static void
on_pump(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	pump(ctx);
}

static void
run_curl(struct http_client *c, curl_socket_t fd, int mask)
{
	int running;
	c->starved = curl_multi_socket_action(c->multi, fd, mask, &running) != CURLM_OK;
	collect(c);
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	run_curl(ctx, CURL_SOCKET_TIMEOUT, 0);
}

static void
on_event(evutil_socket_t fd, short what, void *ctx)
{
	struct socket_event *s = ctx;
	if (s->idle) { /* the other side closed a kept connection; curl sees that when it wants to use it again */
		event_del(&s->event);
		s->added = false;
		return;
	}
	run_curl(s->client, fd, (what & EV_READ ? CURL_CSELECT_IN : 0) | (what & EV_WRITE ? CURL_CSELECT_OUT : 0));
}

static void
on_lookups(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	lookup_poll(ctx);
}

static struct socket_event *
socket_event_get(struct http_client *c, curl_socket_t fd)
{
	size_t need = (size_t)fd + 1;
	if (need > c->socket_cap) {
		size_t old = c->socket_cap;
		if (vec_reserve((void **)&c->sockets, &c->socket_cap, need, sizeof *c->sockets) < 0)
			return NULL;
		memset(c->sockets + old, 0, (c->socket_cap - old) * sizeof *c->sockets);
	}
	if (c->sockets[fd] == NULL && (c->sockets[fd] = calloc(1, sizeof **c->sockets)) != NULL)
		c->sockets[fd]->client = c;
	return c->sockets[fd];
}

void
client_own_socket(struct http_client *c, curl_socket_t fd)
{
	struct socket_event *s = socket_event_get(c, fd);
	if (s != NULL)
		s->ours = true;
}

/* Has the loop watch a socket for what curl waits for. Between two requests on one connection that is nothing; the event stays
 * for the next, because most often it wants the same again and taking it away and back costs two system calls. Not so for what
 * curl closes without a word, as its resolver's sockets: the loop would take the next descriptor of that number for watched. */
static bool
watch_socket(struct http_client *c, curl_socket_t fd, int want)
{
	struct socket_event *s = socket_event_get(c, fd);
	if (s == NULL)
		return want == CURL_POLL_REMOVE;
	if (want == CURL_POLL_REMOVE && !s->ours) {
		if (s->added)
			event_del(&s->event);
		s->added = false;
		return true;
	}
	s->idle = want == CURL_POLL_REMOVE;
	short what = (short)((want & CURL_POLL_IN ? EV_READ : 0) | (want & CURL_POLL_OUT ? EV_WRITE : 0) | EV_PERSIST);
	if (s->idle || (s->added && s->what == what))
		return true;
	if (s->added)
		event_del(&s->event);
	s->what = what;
	s->added = event_assign(&s->event, c->base, fd, what, on_event, s) == 0 && event_add(&s->event, NULL) == 0;
	return s->added;
}

/* Must not fail: curl would give the whole multi handle up. The one transfer ends instead. */
static int
on_curl_socket(CURL *easy, curl_socket_t fd, int want, void *ctx, void *known)
{
	struct http_client *c = ctx;
	struct transfer *t = NULL;
	(void)known;
	if (watch_socket(c, fd, want))
		return 0;
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t);
	if (t != NULL)
		t->unwatched = c->unwatched = true;
	return 0;
}

int
client_close_socket(void *ctx, curl_socket_t fd)
{
	struct http_client *c = ctx;
	if ((size_t)fd < c->socket_cap && c->sockets[fd] != NULL) {
		if (c->sockets[fd]->added)
			event_del(&c->sockets[fd]->event);
		free(c->sockets[fd]);
		c->sockets[fd] = NULL;
	}
	return close(fd);
}

static int
on_curl_timer(CURLM *multi, long timeout_ms, void *ctx)
{
	struct http_client *c = ctx;
	struct timeval tv = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
	(void)multi;
	if (timeout_ms < 0)
		event_del(c->timer);
	else if (event_add(c->timer, &tv) < 0)
		event_active(c->timer, EV_TIMEOUT, 0); /* too soon, but never not at all */
	return 0;
}

void
client_wake(struct http_client *c)
{
	if (!c->freeing)
		event_active(c->pump, EV_TIMEOUT, 0);
}

/* All strings of the settings in one piece of memory, each ended by a NUL. */
static int
copy_settings(struct http_client *c, const struct http_settings *s)
{
	struct str *strings[] = {&c->settings.user_agent, &c->settings.ca_file, &c->settings.proxy,
	    &c->settings.proxy_user, &c->settings.proxy_password};
	size_t n = 0;
	c->settings = *s;
	if (c->settings.ca_file.len == 0)
		c->settings.ca_file = find_ca_bundle();
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		n += strings[i]->len + 1;
	char *p = c->text = malloc(n);
	if (p == NULL)
		return -1;
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
		size_t len = strings[i]->len;
		if (len > 0)
			memcpy(p, strings[i]->s, len);
		p[len] = '\0';
		strings[i]->s = p;
		p += len + 1;
	}
	if (c->settings.resolves_max == 0)
		c->settings.resolves_max = 1;
	c->lingering = calloc(c->settings.resolves_max, sizeof *c->lingering);
	return c->lingering ? 0 : -1;
}

static int
make_events(struct http_client *c)
{
	c->timer = evtimer_new(c->base, on_timer, c);
	c->pump = event_new(c->base, -1, 0, on_pump, c);
	c->next_turn = evtimer_new(c->base, on_next_turn, c);
	c->held_timer = evtimer_new(c->base, on_pump, c);
	c->linger_timer = evtimer_new(c->base, on_pump, c);
	c->lookup_timer = evtimer_new(c->base, on_lookups, c);
	return c->timer && c->pump && c->next_turn && c->held_timer && c->linger_timer && c->lookup_timer ? 0 : -1;
}

static int
make_headers(struct http_client *c)
{
	c->get_headers = curl_slist_append(NULL, accept_feeds);
	c->post_headers = curl_slist_append(NULL, "Expect:"); /* no waiting for 100 Continue */
	return c->get_headers && c->post_headers ? 0 : -1;
}

static int
make_multi(struct http_client *c)
{
	c->multi = curl_multi_init();
	if (c->multi == NULL)
		return -1;
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_curl_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)c->settings.connections);
	return 0;
}

struct http_client *
http_client_new(struct event_base *base, const struct http_settings *settings, struct err *err)
{
	if (settings->connections == 0 || settings->connections_per_host == 0 || settings->total_timeout_ms <= 0) {
		err_set(err, ERR_CONFIG, "connections, connections per host and the time limit must be more than 0");
		return NULL;
	}
	struct http_client *c = calloc(1, sizeof *c);
	if (c == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(c);
		err_oom(err);
		return NULL;
	}
	c->base = base;
	c->finished_end = &c->finished;
	map_init(&c->hosts);
	heap_init(&c->held);
	if (copy_settings(c, settings) < 0 || make_events(c) < 0 || make_headers(c) < 0 || make_multi(c) < 0) {
		http_client_free(c);
		err_oom(err);
		return NULL;
	}
	return c;
}

static void
free_pools(struct http_client *c)
{
	struct transfer *t;
	while ((t = c->idle) != NULL) {
		c->idle = t->next_idle;
		transfer_free(t);
	}
	if (c->multi != NULL)
		curl_multi_cleanup(c->multi); /* closes the sockets, which ends their events */
	for (size_t i = 0; i < c->socket_cap; i++)
		if (c->sockets[i] != NULL) {
			if (c->sockets[i]->added)
				event_del(&c->sockets[i]->event);
			free(c->sockets[i]);
		}
	free(c->sockets);
}

void
http_client_free(struct http_client *c)
{
	if (c == NULL)
		return;
	struct event **events[] = {
	    &c->timer, &c->pump, &c->next_turn, &c->held_timer, &c->linger_timer, &c->lookup_timer};
	c->freeing = true;
	while (c->requests != NULL) {
		for (struct http_request *r = c->requests; r != NULL; r = r->next)
			http_cancel(r);
		request_deliver_all(c);
	}
	lookup_done(c);
	queue_done(c);
	free_pools(c);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++)
		if (*events[i] != NULL)
			event_free(*events[i]);
	curl_slist_free_all(c->get_headers);
	curl_slist_free_all(c->post_headers);
	free(c->lingering);
	free(c->text);
	free(c);
	curl_global_cleanup();
}

int
http_hold_host(struct http_client *c, struct str url, int64_t ms, struct err *err)
{
	struct location l;
	if (location_parse(url, &l, err) < 0)
		return -1;
	return queue_hold(c, str_from(l.host), ms) < 0 ? err_oom(err) : 0;
}

void
http_hold_fetches(struct http_client *c, bool on)
{
	bool was = c->fetches_held;
	c->fetches_held = on;
	if (was && !on)
		client_wake(c);
}

int64_t
http_held_ms(const struct http_client *c, struct str url)
{
	struct location l;
	return location_parse(url, &l, NULL) < 0 ? 0 : queue_held_ms(c, str_from(l.host));
}

size_t
http_active(const struct http_client *c)
{
	return c->active;
}

size_t
http_waiting(const struct http_client *c)
{
	return c->waiting;
}
