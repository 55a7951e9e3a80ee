/* One connection: reading requests, one after the other, and writing the request log. */
#include "feedserver.h"

#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/jsonw.h"

struct str
request_header(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_ieq(r->headers[i].name, str_from(name)))
			return r->headers[i].value;
	return STR_NONE;
}

static void
request_done(struct request *r)
{
	free(r->head);
	free(r->path);
	buf_done(&r->body);
	*r = (struct request){0};
}

static int
hex(char c)
{
	char l = ascii_lower(c);
	return l >= '0' && l <= '9' ? l - '0' : l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

/* The target's path, %-decoded, without the query; NULL when it holds a NUL or is no path. Asked as a proxy (with a whole
 * URL) the server answers for every host. */
static char *
decode_path(struct str target)
{
	ptrdiff_t path = str_starts(target, STR_LIT("http://")) ? str_find(target, STR_LIT("/"), 7) : 0;
	if (path > 0)
		target = (struct str){target.s + path, target.len - (size_t)path};
	if (!str_starts(target, STR_LIT("/")))
		return NULL;
	char *out = malloc(target.len + 1);
	size_t n = 0;
	for (size_t i = 0; out != NULL && i < target.len && target.s[i] != '?'; i++) {
		char c = target.s[i];
		if (c == '%' && i + 2 < target.len && hex(target.s[i + 1]) >= 0 && hex(target.s[i + 2]) >= 0) {
			c = (char)(hex(target.s[i + 1]) * 16 + hex(target.s[i + 2]));
			i += 2;
		}
		if (c == '\0') {
			free(out);
			return NULL;
		}
		out[n++] = c;
	}
	if (out != NULL)
		out[n] = '\0';
	return out;
}

static bool
parse_header(struct request *r, struct str line)
{
	struct str name;
	if (r->header_count == REQUEST_HEADERS_MAX || !str_split(&line, ':', &name) || name.len == 0)
		return false;
	r->headers[r->header_count++] = (struct header){name, str_trim(line)};
	return true;
}

static bool
parse_head(struct request *r, size_t len)
{
	struct str rest = {r->head, len}, line, version;
	if (!str_split(&rest, '\n', &line) || !str_split(&line, ' ', &r->method) || !str_split(&line, ' ', &r->target))
		return false;
	version = str_trim(line);
	while (str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		if (line.len > 0 && !parse_header(r, line))
			return false;
	}
	struct str connection = request_header(r, "Connection"), length = request_header(r, "Content-Length");
	bool old = !str_is(version, "HTTP/1.1");
	r->keep_alive = old ? str_ieq(connection, STR_LIT("keep-alive")) : !str_ieq(connection, STR_LIT("close"));
	int64_t n = 0;
	if (length.s != NULL && !str_int(length, 0, (int64_t)REQUEST_BODY_MAX, &n))
		return false;
	r->body_length = (size_t)n;
	r->path = decode_path(r->target);
	return r->path != NULL;
}

/* 1: a whole request is there, 0: not yet, -1: nonsense. */
static int
take_request(struct client *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	struct request *r = &c->request;
	if (r->head == NULL) {
		char first = 'G';
		evbuffer_copyout(in, &first, 1);
		if (first < 'A' || first > 'Z') /* no method: TLS, most likely */
			return -1;
		struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
		if (end.pos < 0)
			return evbuffer_get_length(in) > REQUEST_HEAD_MAX ? -1 : 0;
		size_t len = (size_t)end.pos + 4;
		r->head = malloc(len + 1);
		if (r->head == NULL)
			return -1;
		evbuffer_remove(in, r->head, len);
		r->at = clock_wall();
		buf_init(&r->body, REQUEST_BODY_MAX);
		if (!parse_head(r, len))
			return -1;
		if (str_ieq(request_header(r, "Expect"), STR_LIT("100-continue")))
			evbuffer_add_printf(bufferevent_get_output(c->bev), "HTTP/1.1 100 Continue\r\n\r\n");
	}
	size_t here = evbuffer_get_length(in), missing = r->body_length - r->body.len;
	if (here > missing)
		here = missing;
	char *room = buf_reserve(&r->body, here);
	if (room == NULL)
		return -1;
	evbuffer_remove(in, room, here);
	r->body.len += here;
	return r->body.len == r->body_length;
}

void
log_request(struct client *c, int status)
{
	if (c->server->log == NULL || c->answer.logged)
		return;
	c->answer.logged = true;
	const struct request *r = &c->request;
	struct buf line;
	struct jsonw w;
	buf_init(&line, 0);
	jsonw_init(&w, &line, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "at_ms", r->at);
	jsonw_kint(&w, "connection", c->number);
	jsonw_kstr(&w, "method", r->method);
	jsonw_kstr(&w, "path", r->target);
	jsonw_kint(&w, "status", status);
	jsonw_key(&w, "headers");
	jsonw_object(&w);
	for (size_t i = 0; i < r->header_count; i++) {
		char name[128];
		snprintf(name, sizeof name, "%.*s", STR_ARG(r->headers[i].name));
		jsonw_kstr(&w, name, r->headers[i].value);
	}
	jsonw_end(&w);
	if (r->body.len > 0)
		jsonw_kstr(&w, "body", buf_view(&r->body));
	jsonw_end(&w);
	fprintf(c->server->log, "%.*s\n", STR_ARG(buf_view(&line)));
	fflush(c->server->log);
	buf_done(&line);
}

static void
refuse(struct client *c)
{
	evbuffer_add_printf(bufferevent_get_output(c->bev),
	    "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	c->request.keep_alive = false;
	client_answered(c);
}

static void
next_request(struct client *c)
{
	int got = take_request(c);
	if (got == 0)
		return;
	c->answering = true;
	if (got < 0)
		refuse(c);
	else
		answer_start(c);
}

static void
on_read(struct bufferevent *bev, void *ctx)
{
	struct client *c = ctx;
	if (c->answering && evbuffer_get_length(bufferevent_get_input(bev)) > REQUEST_HEAD_MAX)
		bufferevent_disable(bev, EV_READ); /* pipelined far ahead: let it wait */
	if (!c->answering)
		next_request(c);
}

static void
on_written(struct bufferevent *bev, void *ctx)
{
	(void)bev;
	struct client *c = ctx;
	if (c->answering) {
		answer_run(c);
	} else if (c->end != CLIENT_STAYS) {
		client_free(c);
	}
}

static void
on_event(struct bufferevent *bev, short what, void *ctx)
{
	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT)) /* the end of a TLS handshake is none */
		client_free(ctx);
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	struct client *c = ctx;
	c->answer.waiting = false;
	answer_run(c);
}

void
client_answered(struct client *c)
{
	answer_done(&c->answer);
	if (c->end == CLIENT_STAYS && !c->request.keep_alive)
		c->end = CLIENT_CLOSES;
	request_done(&c->request);
	c->answering = false;
	if (c->end != CLIENT_STAYS) {
		if (evbuffer_get_length(bufferevent_get_output(c->bev)) == 0)
			bufferevent_trigger(c->bev, EV_WRITE, BEV_TRIG_DEFER_CALLBACKS);
		return;
	}
	bufferevent_enable(c->bev, EV_READ);
	if (evbuffer_get_length(bufferevent_get_input(c->bev)) > 0)
		bufferevent_trigger(c->bev, EV_READ, BEV_TRIG_DEFER_CALLBACKS);
}

void
client_open(struct server *s, evutil_socket_t fd)
{
	int on = 1;
	struct client *c = calloc(1, sizeof *c);
	if (c == NULL ||
	    (c->bev = s->tls ? tls_connection(s, fd) : bufferevent_socket_new(s->base, fd, BEV_OPT_CLOSE_ON_FREE)) ==
	        NULL ||
	    (c->timer = evtimer_new(s->base, on_timer, c)) == NULL) {
		if (c != NULL && c->bev != NULL)
			bufferevent_free(c->bev);
		else
			evutil_closesocket(fd);
		free(c);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	c->server = s;
	c->number = ++s->connection_count;
	c->next = s->clients;
	if (c->next != NULL)
		c->next->prev = c;
	s->clients = c;
	if (++s->client_count >= (unsigned)s->options.clients_max)
		evconnlistener_disable(s->listener);
	bufferevent_setcb(c->bev, on_read, on_written, on_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

void
client_free(struct client *c)
{
	struct server *s = c->server;
	if (c->end == CLIENT_RESETS) {
		struct linger now = {.l_onoff = 1, .l_linger = 0};
		setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER, &now, sizeof now);
	}
	if (c->prev != NULL)
		c->prev->next = c->next;
	else
		s->clients = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	if (s->client_count-- >= (unsigned)s->options.clients_max)
		evconnlistener_enable(s->listener);
	answer_done(&c->answer);
	request_done(&c->request);
	event_free(c->timer);
	bufferevent_free(c->bev);
	free(c);
}
