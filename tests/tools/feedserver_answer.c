/* Running the steps of one answer, with backpressure: a step goes on when what went before has been written. */
#include "feedserver.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct step file_step = {.op = STEP_FILE};
static const struct block empty_block;
static const struct block file_block = {.steps = (struct step *)(uintptr_t)&file_step, .count = 1};

static const struct {
	int status;
	const char *reason;
} reasons[] = {
    {200, "OK"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {410, "Gone"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

static const char *
reason_of(int status)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Status";
}

static void
wait_for(struct client *c, int64_t ms)
{
	struct timeval tv = {.tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000};
	c->answer.waiting = true;
	event_add(c->timer, &tv);
}

/* Everything that goes out passes here, held back when it is to drip. */
static void
put(struct client *c, const void *bytes, size_t n)
{
	evbuffer_add(c->answer.slow ? c->answer.slow : bufferevent_get_output(c->bev), bytes, n);
}

static void
put_framed(struct client *c, const void *bytes, size_t n)
{
	char size[32];
	if (!c->answer.chunked) {
		put(c, bytes, n);
	} else if (n > 0) {
		put(c, size, (size_t)snprintf(size, sizeof size, "%zx\r\n", n));
		put(c, bytes, n);
		put(c, "\r\n", 2);
	}
}

static void
put_deflated(struct client *c, const void *bytes, size_t n, int flush)
{
	z_stream *z = &c->answer.deflate;
	char out[16384];
	z->next_in = (Bytef *)(uintptr_t)bytes;
	z->avail_in = (uInt)n;
	do {
		z->next_out = (Bytef *)out;
		z->avail_out = sizeof out;
		deflate(z, flush);
		put_framed(c, out, sizeof out - z->avail_out);
	} while (z->avail_out == 0);
}

static bool
is_head_request(const struct client *c)
{
	return str_is(c->request.method, "HEAD");
}

static void
put_body(struct client *c, const void *bytes, size_t n)
{
	if (is_head_request(c) && !c->answer.raw)
		return;
	if (c->answer.deflating)
		put_deflated(c, bytes, n, Z_NO_FLUSH);
	else
		put_framed(c, bytes, n);
}

/* Does the script say this header itself? With an empty value it means: leave it out. */
static bool
overridden(const struct answer *a, const char *name)
{
	struct str rest = buf_view(&a->headers), line, key;
	while (str_split(&rest, '\n', &line))
		if (str_split(&line, ':', &key) && str_ieq(str_trim(key), str_from(name)))
			return true;
	return false;
}

static void
add_header(struct buf *head, const struct answer *a, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0' && !overridden(a, name))
		buf_printf(head, "%s: %s\r\n", name, value);
}

static void
add_own_headers(struct buf *head, const struct answer *a)
{
	struct str rest = buf_view(&a->headers), line, key;
	while (str_split(&rest, '\n', &line)) {
		struct str value = line;
		if (!str_split(&value, ':', &key) || str_trim(value).len > 0)
			buf_printf(head, "%.*s\n", STR_ARG(line));
	}
}

static void
date_now(char out[40])
{
	time_t now = time(NULL);
	struct tm tm;
	gmtime_r(&now, &tm);
	strftime(out, 40, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* Status line and headers; r describes the body when it is one resource. length -1 = unknown. */
static void
send_head(struct client *c, const struct resource *r, int64_t length)
{
	struct answer *a = &c->answer;
	struct buf head;
	char date[40], size[24] = "";
	if (a->head_sent || a->raw)
		return;
	a->head_sent = true;
	log_request(c, a->status);
	if (a->gzip && length != 0)
		a->deflating = deflateInit2(&a->deflate, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
	if (a->chunked || a->deflating)
		length = -1;
	if (length >= 0 && a->status != 304 && a->status != 204)
		snprintf(size, sizeof size, "%lld", (long long)length);
	if (length < 0 && !a->chunked && !overridden(a, "Content-Length"))
		c->request.keep_alive = false;
	date_now(date);
	buf_init(&head, 0);
	buf_printf(&head, "HTTP/1.1 %d %s\r\n", a->status, a->reason ? a->reason : reason_of(a->status));
	add_header(&head, a, "Date", date);
	add_header(&head, a, "Content-Type",
	    a->status == 304 ? NULL
	    : r              ? r->type
	                     : files_type(str_from(c->request.path)));
	add_header(&head, a, "ETag", r ? r->etag : NULL);
	add_header(&head, a, "Last-Modified", r ? r->modified : NULL);
	add_header(&head, a, "Content-Encoding", a->deflating || (r && r->packed && a->status != 304) ? "gzip" : NULL);
	add_header(&head, a, "Transfer-Encoding", a->chunked ? "chunked" : NULL);
	add_header(&head, a, "Content-Length", size);
	add_header(&head, a, "Connection", c->request.keep_alive ? NULL : "close");
	add_own_headers(&head, a);
	buf_puts(&head, "\r\n");
	put(c, head.data, head.len);
	buf_done(&head);
}

/* What the body steps of the block will add up to; -1 when nobody can tell. */
static int64_t
body_length(const struct client *c)
{
	const struct block *b = c->answer.block;
	int64_t sum = 0;
	for (size_t i = 0; i < b->count; i++) {
		const struct step *s = &b->steps[i];
		struct buf file;
		switch (s->op) {
		case STEP_SEND:
			sum += (int64_t)s->len;
			break;
		case STEP_REPEAT:
			sum += s->number * (int64_t)s->len;
			break;
		case STEP_BODY:
			buf_init(&file, FILE_BYTES_MAX);
			files_read(c->server, (struct str){s->text, s->len}, &file);
			sum += (int64_t)file.len;
			buf_done(&file);
			break;
		case STEP_FILE:
		case STEP_FOREVER:
		case STEP_CLOSE:
		case STEP_RESET:
		case STEP_HANG:
			return -1;
		default:
			break;
		}
	}
	return sum;
}

static bool
not_modified(const struct request *q, const struct resource *r)
{
	struct str none = request_header(q, "If-None-Match"), since = request_header(q, "If-Modified-Since");
	struct str tag = str_from(r->etag), bare = tag.len > 4 ? (struct str){tag.s + 1, 16} : tag;
	if (none.s != NULL)
		return str_is(none, "*") || (tag.len > 0 && str_find(none, r->packed ? bare : tag, 0) >= 0);
	return since.s != NULL && r->modified != NULL && str_is(since, r->modified);
}

/* Finds the resource of the request's path. */
static void
find_resource(struct client *c, struct resource *r)
{
	struct answer *a = &c->answer;
	unsigned number;
	if (generate_match(c->server, str_from(c->request.path), &number)) {
		generate_describe(c->server, number, r);
	} else {
		struct path *p = files_path(c->server, str_from(c->request.path));
		bool gzip = str_ifind(request_header(&c->request, "Accept-Encoding"), STR_LIT("gzip"), 0) >= 0;
		if (p != NULL)
			files_get(c->server, p, gzip && a->slow == NULL && !a->gzip, r);
	}
}

static void
serve_resource(struct client *c)
{
	struct answer *a = &c->answer;
	struct resource r = {.status = 404, .type = "text/plain", .body = STR_LIT("no such file\n")};
	buf_init(&r.own, FILE_BYTES_MAX);
	find_resource(c, &r);
	if (r.status == 200 && not_modified(&c->request, &r))
		r.status = 304;
	if (r.status == 304)
		r.body = STR_LIT("");
	else if (r.generated)
		generate_body(c->server, &r);
	if (a->status == 0 || r.status == 304)
		a->status = r.status;
	send_head(c, &r, (int64_t)r.body.len);
	put_body(c, r.body.s, r.body.len);
	buf_done(&r.own);
}

/* The end of the body, and of an answer that never had one the head. */
static void
finish(struct client *c)
{
	struct answer *a = &c->answer;
	a->finished = true;
	if (a->status == 0)
		a->status = 200;
	send_head(c, NULL, 0);
	log_request(c, a->raw ? 0 : a->status);
	if (a->deflating) {
		put_deflated(c, "", 0, Z_FINISH);
		deflateEnd(&a->deflate);
		a->deflating = false;
	}
	if (a->chunked && !a->raw && c->end == CLIENT_STAYS && !is_head_request(c))
		put(c, "0\r\n\r\n", 5);
}

/* The head, unless it is out, and before the first byte of a body. */
static void
begin_body(struct client *c)
{
	if (c->answer.status == 0)
		c->answer.status = 200;
	send_head(c, NULL, body_length(c));
	log_request(c, c->answer.raw ? 0 : c->answer.status);
}

static void
send_file(struct client *c, const struct step *s)
{
	struct buf file;
	buf_init(&file, FILE_BYTES_MAX);
	files_read(c->server, (struct str){s->text, s->len}, &file);
	begin_body(c);
	put_body(c, file.data, file.len);
	buf_done(&file);
}

/* A piece of an endless or long repetition; true when there is no more of it. */
static bool
repeat(struct client *c, const struct step *s)
{
	struct answer *a = &c->answer;
	begin_body(c);
	if (a->repeat_left < 0)
		a->repeat_left = s->op == STEP_FOREVER ? INT64_MAX : s->number;
	size_t limit = a->slow ? a->drip_bytes : 65536;
	int64_t n = s->len > 0 ? (int64_t)(limit / s->len) + 1 : a->repeat_left;
	if (n > a->repeat_left)
		n = a->repeat_left;
	struct buf piece;
	buf_init(&piece, 0);
	for (int64_t i = 0; i < n && s->len > 0; i++)
		buf_add(&piece, s->text, s->len);
	put_body(c, piece.data, piece.len);
	buf_done(&piece);
	if (s->op == STEP_REPEAT)
		a->repeat_left -= n;
	if (a->repeat_left > 0 && s->len > 0)
		return false;
	a->repeat_left = -1;
	return true;
}

static void
redirect(struct client *c, const struct step *s)
{
	c->answer.status = (int)s->number;
	buf_printf(&c->answer.headers, "Location: %s\r\n", s->text);
}

static void
set_status(struct client *c, const struct step *s)
{
	c->answer.status = (int)s->number;
	c->answer.reason = s->len > 0 ? s->text : NULL;
}

static void
drip(struct client *c, const struct step *s)
{
	struct answer *a = &c->answer;
	a->drip_bytes = (size_t)s->number;
	a->drip_ms = s->wait_ms;
	if (a->slow == NULL)
		a->slow = evbuffer_new();
}

/* One step; true when the next may follow at once. */
static bool
run_step(struct client *c, const struct step *s)
{
	struct answer *a = &c->answer;
	switch (s->op) {
	case STEP_STATUS:
		set_status(c, s);
		break;
	case STEP_HEADER:
		buf_printf(&a->headers, "%s\r\n", s->text);
		break;
	case STEP_REDIRECT:
		redirect(c, s);
		break;
	case STEP_RAW:
		a->raw = true;
		break;
	case STEP_CHUNKED:
		a->chunked = true;
		break;
	case STEP_GZIP:
		a->gzip = true;
		break;
	case STEP_HEAD:
		begin_body(c);
		break;
	case STEP_DELAY:
		wait_for(c, s->wait_ms);
		break;
	case STEP_DRIP:
		drip(c, s);
		break;
	case STEP_BODY:
		send_file(c, s);
		break;
	case STEP_FILE:
		serve_resource(c);
		break;
	case STEP_SEND:
		begin_body(c);
		put_body(c, s->text, s->len);
		break;
	case STEP_REPEAT:
	case STEP_FOREVER:
		return repeat(c, s);
	case STEP_CLOSE:
		c->end = CLIENT_CLOSES;
		break;
	case STEP_RESET:
		c->end = CLIENT_RESETS;
		break;
	case STEP_HANG:
		log_request(c, a->status);
		a->waiting = true;
		break;
	}
	return true;
}

static void
start_script(struct client *c, struct path *p)
{
	struct answer *a = &c->answer;
	if (p->script->error[0] != '\0') {
		a->block = &empty_block;
		a->status = 500;
		buf_puts(&a->headers, "X-Script-Error: yes\r\n");
		return;
	}
	size_t i = p->served < p->script->count ? p->served : p->script->count - 1;
	p->served++;
	a->script = p->script;
	a->script->references++;
	a->block = &a->script->blocks[i];
}

void
answer_start(struct client *c)
{
	struct answer *a = &c->answer;
	unsigned number;
	*a = (struct answer){.block = &file_block, .repeat_left = -1};
	buf_init(&a->headers, 1 << 20);
	bool get = str_is(c->request.method, "GET") || is_head_request(c);
	if (!generate_match(c->server, str_from(c->request.path), &number)) {
		struct path *p = files_path(c->server, str_from(c->request.path));
		if (p != NULL && p->script != NULL) {
			start_script(c, p);
		} else if (!get) {
			a->block = &empty_block;
			a->status = 405;
		}
	}
	if (c->server->options.latency_ms > 0)
		wait_for(c, c->server->options.latency_ms);
	answer_run(c);
}

/* Lets the next drops fall; true while some are held back. */
static bool
dripping(struct client *c)
{
	struct answer *a = &c->answer;
	if (a->slow == NULL || evbuffer_get_length(a->slow) == 0)
		return false;
	evbuffer_remove_buffer(a->slow, bufferevent_get_output(c->bev), a->drip_bytes);
	wait_for(c, a->drip_ms);
	return true;
}

void
answer_run(struct client *c)
{
	struct answer *a = &c->answer;
	while (!a->waiting) {
		if (dripping(c))
			return;
		if (evbuffer_get_length(bufferevent_get_output(c->bev)) > OUTPUT_HIGH_BYTES)
			return; /* on_written comes back here */
		if (a->next < a->block->count && c->end == CLIENT_STAYS) {
			if (run_step(c, &a->block->steps[a->next]))
				a->next++;
			else
				wait_for(c, 0); /* a long repetition lets others have their turn */
			continue;
		}
		if (!a->finished) {
			finish(c);
			continue;
		}
		client_answered(c);
		return;
	}
}

void
answer_done(struct answer *a)
{
	if (a->deflating)
		deflateEnd(&a->deflate);
	if (a->slow != NULL)
		evbuffer_free(a->slow);
	buf_done(&a->headers);
	script_unref(a->script);
	*a = (struct answer){0};
}
