#include "notify/sink_webhook.h"

#include "base/utf8.h"
#include "http/http.h"
#include "notify/secret.h"
#include "render/render.h"

#include <stdio.h>
#include <stdlib.h>

#define HEADERS_MAX 32 /* configured ones */

/* Statuses that say more than "try again". */
static const int refusals[] = {400, 410, 413, 415, 422};

struct job {                       /* one request; outlives its sink when that is closed, until the callback has come */
	struct delivery *delivery; /* NULL = nobody waits for it any more */
	struct webhook *webhook;
	struct http_request *request;
	struct job *prev, *next;
};

struct webhook {
	struct http_header headers[HEADERS_MAX];
	size_t header_count;
	struct job *jobs;
};

void
sink_webhook_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	struct jsonw w;
	jsonw_init(&w, body, 0);
	render_notification_json(&w, what);
}

/* The key to sign with; empty when the sink has none. */
static int
load_key(const struct sink *s, struct buf *key, struct err *err)
{
	struct buf line;
	if (str_empty(s->set.secret_file))
		return 0;
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

int
sink_webhook_open(struct sink *s, struct err *err)
{
	struct buf key;
	if (str_empty(s->set.url))
		return err_set(err, ERR_CONFIG, "a webhook sink needs a url");
	buf_init(&key, 0);
	int rc = load_key(s, &key, err);
	buf_done(&key);
	if (rc < 0)
		return -1;
	struct webhook *w = calloc(1, sizeof *w);
	if (w == NULL)
		return err_oom(err);
	for (size_t i = 0; i < s->set.header_count && rc == 0; i++)
		rc = add_header(w, s->set.headers[i], err);
	if (rc < 0) {
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

static bool
is_refusal(int status)
{
	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		if (refusals[i] == status)
			return true;
	}
	return false;
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
on_reply(void *ctx, struct http_reply *reply)
{
	struct job *j = ctx;
	struct delivery *d = j->delivery;
	struct str line = first_line(reply);

	leave(j);
	free(j);
	if (d == NULL)
		return;
	if (reply->status >= 200 && reply->status < 300)
		delivery_finish(d, ERR_NONE, "%s", "");
	else if (reply->error.code == ERR_CANCELLED)
		delivery_finish(d, ERR_CANCELLED, "%s", reply->error.msg);
	else if (reply->status == 0)
		delivery_finish(d, ERR_SINK_TEMPORARY, "%s", reply->error.msg);
	else
		delivery_finish_after(d, is_refusal(reply->status) ? ERR_SINK_REFUSED : ERR_SINK_TEMPORARY,
		    reply->retry_after_ms, "the receiver answered %d%s%.*s", reply->status, str_empty(line) ? "" : ": ",
		    STR_ARG(line));
}

static int
start(struct job *j, const struct notification *what, struct err *err)
{
	struct delivery *d = j->delivery;
	const struct sink *s = d->sink;
	struct http_header headers[HEADERS_MAX + 3];
	size_t n = j->webhook->header_count;
	int64_t now_s = clock_wall() / SECOND_MS;
	struct buf key, signature;
	char stamp[32];

	buf_init(&key, 0);
	buf_init(&signature, 0);
	memcpy(headers, j->webhook->headers, n * sizeof *headers);
	snprintf(stamp, sizeof stamp, "%lld", (long long)now_s);
	headers[n++] = (struct http_header){STR_LIT("webhook-id"), what->id};
	headers[n++] = (struct http_header){STR_LIT("webhook-timestamp"), str_from(stamp)};
	int rc = load_key(s, &key, err);
	if (rc == 0 && key.len > 0) {
		secret_sign(&signature, buf_view(&key), what->id, now_s, buf_view(&d->body));
		headers[n++] = (struct http_header){STR_LIT("webhook-signature"), buf_view(&signature)};
		rc = buf_check(&signature, err);
	}
	if (rc == 0) {
		struct http_options options = {.url = s->set.url,
		    .method = "POST",
		    .body = buf_view(&d->body),
		    .body_type = STR_LIT("application/json"),
		    .headers = headers,
		    .header_count = n,
		    .allow_private = s->set.allow_private,
		    .total_timeout_ms = s->set.timeout_ms,
		    .body_max_bytes = SINK_WEBHOOK_REPLY_MAX};
		j->request = http_start(s->http, &options, on_reply, j, err);
		rc = j->request == NULL ? -1 : 0;
	}
	buf_done(&signature);
	buf_done(&key);
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
	*j = (struct job){.delivery = d, .webhook = w, .next = w->jobs};
	if (j->next != NULL)
		j->next->prev = j;
	w->jobs = j;
	if (start(j, what, &err) < 0) {
		leave(j);
		free(j);
		delivery_finish(d, ERR_SINK_TEMPORARY, "%s", err.msg);
	}
}
