/* A request from http_start to its callback: checking and copying, hop after hop, one reply. */
#include "http/client.h"

#include <stdlib.h>

#include "http/headers.h"

static int
check_options(const struct http_options *o, struct err *err)
{
	struct location l;
	if (o->mail != NULL ? mail_check(o, err) < 0 : location_parse(o->url, &l, err) < 0)
		return -1;
	if (o->method != NULL && strcmp(o->method, "GET") != 0 && strcmp(o->method, "POST") != 0 &&
	    strcmp(o->method, "PUT") != 0)
		return err_set(err, ERR_CONFIG, "the method %.20s is not known here", o->method);
	if (!headers_value_ok(o->user_agent) || !headers_value_ok(o->body_type))
		return err_set(err, ERR_CONFIG, "the user agent or the content type holds a control character");
	const struct str *texts[] = {&o->user, &o->password, &o->proxy, &o->proxy_user, &o->proxy_password, &o->ca_file,
	    &o->client_cert, &o->client_key};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!headers_value_ok(*texts[i]))
			return err_set(
			    err, ERR_CONFIG, "credentials, the proxy or a certificate's name hold a control character");
	for (size_t i = 0; i < o->header_count; i++)
		if (!headers_name_ok(o->headers[i].name) || !headers_value_ok(o->headers[i].value))
			return err_set(
			    err, ERR_CONFIG, "the header %.*s is not fit to be sent", STR_ARG(o->headers[i].name));
	return 0;
}

/* Bytes of "name: value" and its NUL, with the list's node before it. */
static size_t
header_size(size_t name, size_t value)
{
	size_t text = name + 2 + value + 1;
	return sizeof(struct curl_slist) + ((text + 15) & ~(size_t)15);
}

static size_t
text_size(const struct http_options *o)
{
	size_t n = o->body.len + 16 + (o->mail != NULL ? mail_size(o->mail) : 0) +
	           header_size(sizeof "If-None-Match", o->etag.len) + header_size(sizeof "A-IM", sizeof "feed") +
	           header_size(sizeof "If-Modified-Since", o->last_modified.len) +
	           header_size(sizeof "Content-Type", o->body_type.len) +
	           header_size(sizeof "User-Agent", o->user_agent.len);
	for (size_t i = 0; i < o->header_count; i++)
		n += header_size(o->headers[i].name.len, o->headers[i].value.len);
	return n + 8 + o->user.len + o->password.len + o->proxy.len + o->proxy_user.len + o->proxy_password.len +
	       o->ca_file.len + o->client_cert.len + o->client_key.len;
}

/* A node in the request's own memory, before `next`; curl only reads it. */
static struct curl_slist *
push_header(char **free_at, struct str name, struct str value, struct curl_slist *next)
{
	struct curl_slist *node = (struct curl_slist *)(void *)*free_at;
	char *text = (char *)(node + 1), *p = text;
	memcpy(p, name.s, name.len);
	p += name.len;
	if (value.len == 0) { /* curl's way to send an empty value */
		*p++ = ';';
	} else {
		*p++ = ':';
		*p++ = ' ';
		memcpy(p, value.s, value.len);
		p += value.len;
	}
	*p = '\0';
	*node = (struct curl_slist){.data = text, .next = next};
	*free_at += header_size(name.len, value.len);
	return node;
}

static bool
names_accept(const struct http_options *o)
{
	for (size_t i = 0; i < o->header_count; i++)
		if (str_ieq(o->headers[i].name, STR_LIT("Accept")))
			return true;
	return false;
}

static struct str
copy_text(char **at, struct str s)
{
	char *p = *at;
	if (s.len == 0)
		return STR_NONE;
	memcpy(p, s.s, s.len);
	p[s.len] = '\0';
	*at += s.len + 1;
	return (struct str){p, s.len};
}

static void
copy_special(struct http_request *r, const struct http_options *o, char *at)
{
	r->auth = o->auth;
	r->user = copy_text(&at, o->user);
	r->password = copy_text(&at, o->password);
	r->proxy = copy_text(&at, o->proxy);
	r->proxy_user = copy_text(&at, o->proxy_user);
	r->proxy_password = copy_text(&at, o->proxy_password);
	r->ca_file = copy_text(&at, o->ca_file);
	r->client_cert = copy_text(&at, o->client_cert);
	r->client_key = copy_text(&at, o->client_key);
	r->special =
	    r->auth != HTTP_AUTH_NONE || r->proxy.len > 0 || r->ca_file.len > 0 || r->client_cert.len > 0 || r->mail;
}

/* Fills the request's memory; returns where the rest of it begins. */
static char *
copy_headers(struct http_request *r, const struct http_options *o, char *at)
{
	if (o->mail != NULL)
		at = mail_copy(r, o->mail, at);
	struct curl_slist *list = r->post ? r->client->post_headers : names_accept(o) ? NULL : r->client->get_headers;
	if (headers_validator_ok(o->etag))
		list = push_header(&at, STR_LIT("If-None-Match"), o->etag, list);
	if (o->delta && headers_validator_ok(o->etag))
		list = push_header(&at, STR_LIT("A-IM"), STR_LIT("feed"), list);
	if (headers_validator_ok(o->last_modified))
		list = push_header(&at, STR_LIT("If-Modified-Since"), o->last_modified, list);
	if (o->user_agent.len > 0)
		list = push_header(&at, STR_LIT("User-Agent"), o->user_agent, list);
	if (r->post && o->body_type.len > 0)
		list = push_header(&at, STR_LIT("Content-Type"), o->body_type, list);
	r->public_headers = list;
	for (size_t i = o->header_count; i-- > 0;)
		list = push_header(&at, o->headers[i].name, o->headers[i].value, list);
	r->headers = list;
	if (r->post && o->body.len > 0)
		memcpy(at, o->body.s, o->body.len);
	r->post_body = (struct str){at, r->post ? o->body.len : 0};
	return at + r->post_body.len;
}

static void
request_free(struct http_request *r)
{
	struct http_client *c = r->client;
	if (r->prev != NULL)
		r->prev->next = r->next;
	else
		c->requests = r->next;
	if (r->next != NULL)
		r->next->prev = r->prev;
	if (r->transfer != NULL)
		transfer_release(r->transfer);
	buf_done(&r->body);
	free(r->url);
	free(r);
}

static struct http_request *
request_new(struct http_client *c, const struct http_options *o, struct err *err)
{
	struct http_request *r = calloc(1, sizeof *r + text_size(o));
	if (r == NULL || (r->url = strndup(o->url.s, o->url.len)) == NULL) {
		free(r);
		err_oom(err);
		return NULL;
	}
	r->client = c;
	r->put = o->method != NULL && strcmp(o->method, "PUT") == 0;
	r->post = o->mail != NULL || r->put || (o->method != NULL && strcmp(o->method, "POST") == 0);
	r->allow_private = o->allow_private;
	r->allow_downgrade = o->allow_downgrade;
	r->stay = o->stay;
	r->total_timeout_ms = o->total_timeout_ms > 0 ? o->total_timeout_ms : c->settings.total_timeout_ms;
	r->body_max_bytes = o->body_max_bytes > 0 ? o->body_max_bytes : c->settings.body_max_bytes;
	buf_init(&r->body, r->body_max_bytes);
	copy_special(r, o, copy_headers(r, o, r->text));
	r->next = c->requests;
	if (r->next != NULL)
		r->next->prev = r;
	c->requests = r;
	return r;
}

struct http_request *
http_start(struct http_client *c, const struct http_options *options, http_done_fn done, void *ctx, struct err *err)
{
	if (c->freeing) {
		err_set(err, ERR_CANCELLED, "the client is being closed");
		return NULL;
	}
	if (check_options(options, err) < 0)
		return NULL;
	struct http_request *r = request_new(c, options, err);
	if (r == NULL)
		return NULL;
	r->done = done;
	r->ctx = ctx;
	if (!queue_add(c, r, false)) {
		if (err != NULL)
			*err = r->error;
		request_free(r);
		return NULL;
	}
	client_wake(c);
	return r;
}

int
request_location(const struct http_request *r, struct location *l, struct err *err)
{
	struct str url = str_from(r->url);
	return r->mail ? location_parse_mail(url, l, err) : location_parse(url, l, err);
}

void
request_finish(struct http_request *r)
{
	struct http_client *c = r->client;
	r->state = REQUEST_FINISHED;
	r->next_queued = NULL;
	*c->finished_end = r;
	c->finished_end = &r->next_queued;
	client_wake(c);
}

void
http_cancel(struct http_request *r)
{
	struct http_client *c = r->client;
	if (r->state == REQUEST_WAITING) {
		queue_remove(c, r);
	} else if (r->state == REQUEST_RUNNING) {
		r->spent_ms += clock_boot_ms() - r->hop_started_ms;
		transfer_end(r->transfer, true);
		queue_ended(c, r);
	} else if (r->state == REQUEST_LOOKED_UP) {
		lookup_abandon(c, r);
	} else {
		return;
	}
	err_set(&r->error, ERR_CANCELLED, "the request was cancelled");
	request_finish(r);
}

void
request_start(struct http_request *r)
{
	struct http_client *c = r->client;
	r->state = REQUEST_RUNNING;
	r->hop_started_ms = clock_boot_ms();
	r->transfer = transfer_begin(c, r, &r->error);
	if (r->transfer != NULL)
		return;
	queue_ended(c, r);
	request_finish(r);
}

/* Is the next hop one that may be taken? */
static int
judge_hop(struct http_request *r, const char *next)
{
	struct location from, to;
	if (location_parse(str_from(r->url), &from, &r->error) < 0 || location_parse(str_from(next), &to, &r->error) < 0)
		return -1;
	if (from.https && !to.https && !r->allow_downgrade)
		return err_set(&r->error, ERR_REDIRECT_SCHEME,
		    "%s redirects from https to http, which would give the protection up", from.host);
	if (!location_same_origin(&from, &to))
		r->other_origin = true;
	if (r->spent_ms >= r->total_timeout_ms)
		return err_set(&r->error, ERR_TIMEOUT, "%s: no complete answer within %g s, redirects included",
		    from.host, (double)r->total_timeout_ms / 1000);
	return 0;
}

/* On to where the server says. 0, or -1 with r->error. */
static int
follow(struct http_request *r)
{
	struct transfer *t = r->transfer;
	struct http_client *c = r->client;
	char *next = NULL;
	if (r->redirects >= c->settings.redirects_max)
		return err_set(&r->error, ERR_REDIRECT_LOOP, "gave up after %u redirects", r->redirects);
	if (location_resolve(r->url, t->captured[CAP_LOCATION], &next, &r->error) < 0)
		return -1;
	if (judge_hop(r, next) < 0) {
		free(next);
		return -1;
	}
	r->redirects++;
	if (t->status != 301 && t->status != 308)
		r->not_permanent = true;
	free(r->url);
	r->url = next;
	r->wire_bytes = 0;
	buf_reset(&r->body);
	if (!queue_add(c, r, true))
		return -1;
	transfer_release(t);
	r->transfer = NULL;
	return 0;
}

/* The address has as many connections as it may: back to the queue, and a little later again. The wait is not counted. */
static bool
wait_for_place(struct http_request *r)
{
	struct http_client *c = r->client;
	int64_t wait = (int64_t)CROWDED_WAIT_MS << (r->crowded_times < 5 ? r->crowded_times : 5);
	transfer_release(r->transfer);
	r->transfer = NULL;
	r->crowded_times++;
	if (queue_hold(c, r->host->name, wait < CROWDED_WAIT_MAX_MS ? wait : CROWDED_WAIT_MAX_MS) < 0)
		err_oom(&r->error);
	queue_ended(c, r);
	return r->error.code == ERR_NONE && queue_add(c, r, true);
}

void
request_ended(struct http_request *r, CURLcode rc)
{
	struct transfer *t = r->transfer;
	bool early = t->ended_early;
	if (t->crowded && (rc == CURLE_COULDNT_CONNECT || rc == CURLE_ABORTED_BY_CALLBACK)) {
		transfer_end(t, false);
		if (!wait_for_place(r))
			request_finish(r);
		return;
	}
	r->spent_ms += clock_boot_ms() - r->hop_started_ms;
	if (rc != CURLE_OK && !early)
		failure_describe(r, rc);
	if (r->mail)
		mail_ended(r, rc);
	transfer_end(t, rc == CURLE_OPERATION_TIMEDOUT);
	queue_ended(r->client, r);
	if (r->error.code == ERR_NONE && transfer_redirects(t) && follow(r) == 0)
		return;
	if (rc == CURLE_COULDNT_RESOLVE_HOST && lookup_start(r->client, r))
		return;
	request_finish(r);
}

static struct str
validator(struct str s)
{
	return headers_validator_ok(s) ? s : STR_NONE;
}

/* Where the reply's Location leads, for a caller that judges every hop itself. */
static struct str
next_location(struct http_request *r)
{
	struct transfer *t = r->transfer;
	char *next = NULL;
	if (t->captured[CAP_LOCATION].s == NULL || location_resolve(r->url, t->captured[CAP_LOCATION], &next, NULL) < 0)
		return STR_NONE;
	struct str ret = arena_cstr(&t->arena, next);
	free(next);
	return ret;
}

static void
fill_reply(struct http_request *r, struct http_reply *p)
{
	struct transfer *t = r->transfer;
	const struct str *cap = t->captured;
	int64_t now = clock_wall();
	curl_off_t wire = 0;
	long connects = 0;
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &connects);
	p->status = t->status;
	p->url = location_public(&t->arena, str_from(r->url));
	p->content_type = cap[CAP_CONTENT_TYPE];
	p->content_location = cap[CAP_CONTENT_LOCATION];
	p->content_language = cap[CAP_CONTENT_LANGUAGE];
	p->etag = validator(cap[CAP_ETAG]);
	p->last_modified = validator(cap[CAP_LAST_MODIFIED]);
	int64_t modified_at = p->last_modified.s ? headers_date(p->last_modified) : TIME_NONE;
	if (modified_at != TIME_NONE && modified_at > now + DAY_MS) /* nothing would ever be newer */
		p->last_modified = STR_NONE;
	p->link = cap[CAP_LINK];
	if (r->stay && t->status / 100 == 3 && t->status != 304)
		p->location = next_location(r);
	p->max_age_ms = headers_fresh_ms(cap[CAP_CACHE_CONTROL], cap[CAP_AGE], cap[CAP_EXPIRES], cap[CAP_DATE], now);
	p->retry_after_ms = headers_retry_after(cap[CAP_RETRY_AFTER], now);
	p->wire_bytes = (size_t)wire;
	p->connection_reused = connects == 0 && t->status != 0;
}

static void
deliver(struct http_request *r)
{
	struct http_reply reply = {
	    .error = r->error,
	    .url = STR_LIT(""),
	    .redirects = r->redirects,
	    .total_ms = r->spent_ms,
	    .max_age_ms = -1,
	    .retry_after_ms = -1,
	    .moved_permanently = r->redirects > 0 && !r->not_permanent,
	    .body = r->body,
	};
	r->state = REQUEST_DELIVERED;
	if (r->transfer != NULL)
		fill_reply(r, &reply);
	r->done(r->ctx, &reply);
	r->body = reply.body; /* moved out, or still ours */
	request_free(r);
}

static bool
deliver_one(struct http_client *c)
{
	struct http_request *r = c->finished;
	if (r == NULL)
		return false;
	c->finished = r->next_queued;
	if (c->finished == NULL)
		c->finished_end = &c->finished;
	deliver(r);
	return true;
}

void
request_deliver_all(struct http_client *c)
{
	while (deliver_one(c))
		continue;
}

/* How long the loop has been at what was ready when it last looked. */
static int64_t
turn_ms(const struct http_client *c)
{
	struct timeval began, now;
	if (event_base_gettimeofday_cached(c->base, &began) < 0 || evutil_gettimeofday(&now, NULL) < 0)
		return 0;
	return (now.tv_sec - began.tv_sec) * 1000 + (now.tv_usec - began.tv_usec) / 1000;
}

void
request_deliver_some(struct http_client *c, bool at_least_one)
{
	const struct timeval at_once = {0};
	if (at_least_one)
		deliver_one(c);
	while (c->finished != NULL && turn_ms(c) < DELIVER_TURN_MS)
		deliver_one(c);
	if (c->finished != NULL && event_add(c->next_turn, &at_once) < 0)
		request_deliver_all(c);
}
