#include "notify/sink_webhook.h"

#include "base/utf8.h"
#include "http/http.h"
#include "notify/secret.h"
#include "notify/services.h"
#include "render/render.h"

#include <stdio.h>
#include <stdlib.h>

#define HEADERS_MAX 32 /* configured ones */

/* Statuses that say more than "try again". */
static const int refusals[] = {400, 413, 415, 422};
#define HTTP_GONE 410

struct job {                       /* one request; outlives its sink when that is closed, until the callback has come */
	struct delivery *delivery; /* NULL = nobody waits for it any more */
	struct webhook *webhook;
	struct http_request *request;
	struct job *prev, *next;
	const struct service *service;
	struct buf secret; /* of a service: so that no message shows it */
};

struct webhook {
	const struct service *service; /* NULL = our own JSON, signed */
	struct http_header headers[HEADERS_MAX];
	size_t header_count;
	struct job *jobs;
};

void
sink_webhook_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	const struct webhook *hook = s->state;
	struct jsonw w;
	if (hook->service != NULL) {
		service_body(body, hook->service, s->title, s->body, s->set.channel, what);
	} else if (s->body != NULL) {
		template_write(body, s->body, what, TEMPLATE_JSON);
	} else {
		jsonw_init(&w, body, 0);
		render_notification_json(&w, what);
	}
}

/* The key to sign with, or the secret that the service wants to see; empty when the sink has none. */
static int
load_key(const struct sink *s, const struct service *service, struct buf *key, struct err *err)
{
	struct buf line;
	if (str_empty(s->set.secret_file))
		return 0;
	if (service != NULL) {
		int rc = secret_read(s->set.secret_file.s, key, err);
		return rc < 0 || key->len > 0
		           ? rc
		           : err_set(err, ERR_CONFIG, "the secret %s is empty", s->set.secret_file.s);
	}
	buf_init(&line, SECRET_FILE_MAX);
	int rc = secret_read(s->set.secret_file.s, &line, err);
	rc = rc < 0 ? rc : secret_key(buf_view(&line), key, err);
	buf_done(&line);
	return rc;
}

/* "Name: value" */
static int
add_header(struct webhook *w, struct str line, struct err *err)
{
	ptrdiff_t colon = str_find(line, STR_LIT(":"), 0);
	if (colon <= 0)
		return err_set(err, ERR_CONFIG, "“%.*s” is no header; write Name: value", STR_ARG(line));
	if (w->header_count == HEADERS_MAX)
		return err_set(err, ERR_CONFIG, "there are more than %d headers", HEADERS_MAX);
	w->headers[w->header_count++] = (struct http_header){str_trim((struct str){line.s, (size_t)colon}),
	    str_trim((struct str){line.s + colon + 1, line.len - (size_t)colon - 1})};
	return 0;
}

static int
find_service(const struct sink *s, struct webhook *w, struct err *err)
{
	if (str_empty(s->set.service))
		return 0;
	const struct service *v = w->service = service_find(s->set.service);
	if (v == NULL)
		return err_set(err, ERR_CONFIG, "there is no template “%.*s”", STR_ARG(s->set.service));
	if (v->secret == SERVICE_SECRET_MUST && str_empty(s->set.secret_file))
		return err_set(err, ERR_CONFIG, "%s needs a secret-file", v->name);
	if (v->channel_must && str_empty(s->set.channel))
		return err_set(err, ERR_CONFIG, "%s needs a channel", v->name);
	if (!v->channel_must && !v->channel_may && !str_empty(s->set.channel))
		return err_set(err, ERR_CONFIG, "%s knows no channel", v->name);
	return 0;
}

static int
check_webhook(const struct sink *s, struct webhook *w, struct err *err)
{
	struct buf key;
	if (str_empty(s->set.url))
		return err_set(err, ERR_CONFIG, "a webhook sink needs a url");
	if (find_service(s, w, err) < 0)
		return -1;
	buf_init(&key, SECRET_FILE_MAX);
	int rc = load_key(s, w->service, &key, err);
	buf_done(&key);
	for (size_t i = 0; i < s->set.header_count && rc == 0; i++)
		rc = add_header(w, s->set.headers[i], err);
	return rc;
}

int
sink_webhook_open(struct sink *s, struct err *err)
{
	struct webhook *w = calloc(1, sizeof *w);
	if (w == NULL)
		return err_oom(err);
	if (check_webhook(s, w, err) < 0) {
		free(w);
		return -1;
	}
	s->state = w;
	return 0;
}

static void
leave(struct job *j)
{
	if (j->webhook == NULL)
		return;
	if (j->prev != NULL)
		j->prev->next = j->next;
	else
		j->webhook->jobs = j->next;
	if (j->next != NULL)
		j->next->prev = j->prev;
	j->webhook = NULL;
	j->delivery = NULL;
}

void
sink_webhook_close(struct sink *s)
{
	struct webhook *w = s->state;
	if (w == NULL)
		return;
	while (w->jobs != NULL) {
		struct job *j = w->jobs;
		leave(j);
		http_cancel(j->request);
	}
	free(w);
	s->state = NULL;
}

static enum err_code
verdict(int status)
{
	if (status == HTTP_GONE)
		return ERR_SINK_GONE;
	return STATUS_AMONG(refusals, status) ? ERR_SINK_REFUSED : ERR_SINK_TEMPORARY;
}

/* The first line of the answer's body, for people. */
static struct str
first_line(const struct http_reply *reply)
{
	struct str rest = str_trim(buf_view(&reply->body)), line = STR_NONE;
	str_split(&rest, '\n', &line);
	return utf8_truncate(str_trim(line), 200);
}

static void
free_job(struct job *j)
{
	buf_done(&j->secret);
	free(j);
}

/* What a service is told in its URL must not come back in a message. */
static struct str
without_secret(const struct job *j, struct str text)
{
	return j->secret.len > 0 && str_find(text, buf_view(&j->secret), 0) >= 0 ? STR_LIT("(it holds the secret)")
	                                                                         : text;
}

static void
finish_job(const struct job *j, struct delivery *d, const struct http_reply *reply)
{
	struct str line = without_secret(j, first_line(reply)), why = without_secret(j, str_from(reply->error.msg));
	int64_t wait = reply->retry_after_ms;
	if (j->service != NULL && wait < 0 && reply->status == 429)
		wait = service_wait_ms(j->service, buf_view(&reply->body));
	if (reply->status >= 200 && reply->status < 300)
		delivery_finish(d, ERR_NONE, "%s", "");
	else if (reply->error.code == ERR_CANCELLED)
		delivery_finish(d, ERR_CANCELLED, "%s", reply->error.msg);
	else if (reply->status == 0)
		delivery_finish(d, ERR_SINK_TEMPORARY, "%.*s", STR_ARG(why));
	else
		delivery_finish_after(d, verdict(reply->status), wait, "the receiver answered %d%s%.*s", reply->status,
		    str_empty(line) ? "" : ": ", STR_ARG(line));
}

static void
on_reply(void *ctx, struct http_reply *reply)
{
	struct job *j = ctx;
	struct delivery *d = j->delivery;
	leave(j);
	if (d != NULL)
		finish_job(j, d, reply);
	free_job(j);
}

/* ---- requests ---- */

struct request {
	struct http_header headers[HEADERS_MAX + 4];
	size_t header_count;
	struct str body;
	struct buf url, text, built; /* owned: the address, a header's text, a body with the secret in it */
	char stamp[32];
};

static void
add(struct request *q, struct str name, struct str value)
{
	q->headers[q->header_count++] = (struct http_header){name, value};
}

/* Where the service wants its secret. */
static void
fit_service(struct request *q, const struct sink *s, struct job *j, struct str id)
{
	const struct service *v = j->service;
	struct str secret = buf_view(&j->secret);
	service_url(&q->url, v, s->set.url, secret, s->set.channel, id);
	if (v->header != NULL && !str_empty(secret)) {
		buf_puts(&q->text, v->header_text);
		buf_str(&q->text, secret);
		add(q, str_from(v->header), buf_view(&q->text));
	}
	if (v->token != NULL) {
		service_add_token(&q->built, v, q->body, secret);
		q->body = buf_view(&q->built);
	}
}

static void
sign(struct request *q, struct str key, struct str id, int64_t now_s)
{
	if (str_empty(key))
		return;
	secret_sign(&q->text, key, id, now_s, q->body);
	add(q, STR_LIT("webhook-signature"), buf_view(&q->text));
}

static int
start_request(struct job *j, struct request *q, struct err *err)
{
	const struct sink *s = j->delivery->sink;
	if (buf_check(&q->url, err) < 0 || buf_check(&q->text, err) < 0 || buf_check(&q->built, err) < 0)
		return -1;
	struct http_options options = {.url = j->service != NULL ? buf_view(&q->url) : s->set.url,
	    .method = j->service != NULL ? j->service->method : "POST",
	    .body = q->body,
	    .body_type = STR_LIT("application/json"),
	    .headers = q->headers,
	    .header_count = q->header_count,
	    .allow_private = s->set.allow_private,
	    .total_timeout_ms = s->set.timeout_ms,
	    .body_max_bytes = SINK_WEBHOOK_REPLY_MAX};
	j->request = http_start(s->http, &options, on_reply, j, err);
	return j->request == NULL ? -1 : 0;
}

static int
start(struct job *j, const struct notification *what, struct err *err)
{
	struct delivery *d = j->delivery;
	struct request q = {.header_count = j->webhook->header_count, .body = buf_view(&d->body)};
	int64_t now_s = clock_wall() / SECOND_MS;

	buf_init(&q.url, 0);
	buf_init(&q.text, 0);
	buf_init(&q.built, 0);
	memcpy(q.headers, j->webhook->headers, q.header_count * sizeof *q.headers);
	snprintf(q.stamp, sizeof q.stamp, "%lld", (long long)now_s);
	add(&q, STR_LIT("webhook-id"), what->id);
	add(&q, STR_LIT("webhook-timestamp"), str_from(q.stamp));
	int rc = load_key(d->sink, j->service, &j->secret, err);
	if (rc == 0 && j->service != NULL)
		fit_service(&q, d->sink, j, what->id);
	else if (rc == 0)
		sign(&q, buf_view(&j->secret), what->id, now_s);
	rc = rc == 0 ? start_request(j, &q, err) : rc;
	buf_done(&q.built);
	buf_done(&q.text);
	buf_done(&q.url);
	return rc;
}

void
sink_webhook_send(struct delivery *d, const struct notification *what)
{
	struct webhook *w = d->sink->state;
	struct err err;
	struct job *j = d->sink->http != NULL ? calloc(1, sizeof *j) : NULL;
	if (j == NULL) {
		delivery_finish(
		    d, ERR_SINK_TEMPORARY, d->sink->http != NULL ? "out of memory" : "there is no HTTP client");
		return;
	}
	*j = (struct job){.delivery = d, .webhook = w, .service = w->service, .next = w->jobs};
	buf_init(&j->secret, SECRET_FILE_MAX);
	if (j->next != NULL)
		j->next->prev = j;
	w->jobs = j;
	if (start(j, what, &err) < 0) {
		leave(j);
		delivery_finish(d, ERR_SINK_TEMPORARY, "%.*s", STR_ARG(without_secret(j, str_from(err.msg))));
		free_job(j);
	}
}
