#include "notify/notify.h"

#include "base/map.h"
#include "base/utf8.h"
#include "notify/sink.h"
#include "text/safe.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>

struct notify {
	struct event_base *base;
	struct arena arena; /* the settings */
	struct sink *sinks;
	size_t count;
	struct map by_key;
	struct delivery *deliveries;
	bool closing;
	void (*back)(void *ctx, struct str sink);
	void *back_ctx;
};

static const struct sink_type *
find_type(struct str name)
{
	for (const struct sink_type *t = sink_types; t->name != NULL; t++) {
		if (str_is(name, t->name))
			return t;
	}
	return NULL;
}

static const struct str *
copy_list(struct arena *a, const struct str *items, size_t count)
{
	struct str *copy = arena_zalloc(a, count + 1, sizeof *copy);
	for (size_t i = 0; i < count && copy != NULL; i++)
		copy[i] = arena_str(a, items[i]);
	return copy;
}

static int
copy_settings(struct arena *a, struct notify_sink *set, struct err *err)
{
	set->command = copy_list(a, set->command, set->command_count);
	set->headers = copy_list(a, set->headers, set->header_count);
	set->to = copy_list(a, set->to, set->to_count);
	set->from = arena_str(a, set->from);
	set->user = arena_str(a, set->user);
	set->starttls = arena_str(a, set->starttls);
	set->key = arena_str(a, set->key);
	set->type = arena_str(a, set->type);
	set->format = arena_str(a, set->format);
	set->path = arena_str(a, set->path);
	set->url = arena_str(a, set->url);
	set->secret_file = arena_str(a, set->secret_file);
	set->service = arena_str(a, set->service);
	set->channel = arena_str(a, set->channel);
	set->title = arena_str(a, set->title);
	set->body = arena_str(a, set->body);
	if (set->timeout_ms <= 0)
		set->timeout_ms = NOTIFY_TIMEOUT_MS;
	if (set->concurrency == 0)
		set->concurrency = 1;
	return arena_check(a, err);
}

static int
read_templates(struct arena *a, struct sink *s, struct err *err)
{
	const struct {
		struct str text;
		const struct template **slot;
		const char *name;
	} all[] = {{s->set.title, &s->title, "title"}, {s->set.body, &s->body, "body"}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (str_empty(all[i].text))
			continue;
		if ((*all[i].slot = template_parse(all[i].text, a, err)) == NULL)
			return err_prefix(err, "%s", all[i].name);
	}
	return 0;
}

static int
add_sink(struct notify *n, struct sink *s, const struct notify_sink *set, struct err *err)
{
	*s = (struct sink){.notify = n, .base = n->base, .set = *set};
	if (copy_settings(&n->arena, &s->set, err) < 0 || read_templates(&n->arena, s, err) < 0)
		return -1;
	const struct sink_type *type = find_type(set->type);
	if (type == NULL)
		return err_set(err, ERR_CONFIG, "there is no sink type “%.*s”", STR_ARG(set->type));
	if (map_get(&n->by_key, s->set.key) != NULL)
		return err_set(err, ERR_CONFIG, "a second sink of this name");
	if (s->set.concurrency < type->concurrency_min)
		s->set.concurrency = type->concurrency_min;
	if (type->open != NULL && type->open(s, err) < 0)
		return -1;
	s->type = type;
	return map_put(&n->by_key, s->set.key, s) < 0 ? err_oom(err) : 0;
}

static void
ignore_sigpipe(void)
{
	struct sigaction now, ignore = {.sa_handler = SIG_IGN};
	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
		sigaction(SIGPIPE, &ignore, NULL);
}

struct notify *
notify_new(struct event_base *base, const struct notify_sink *sinks, size_t count, struct err *err)
{
	struct notify *n = calloc(1, sizeof *n);
	if (n == NULL) {
		err_oom(err);
		return NULL;
	}
	n->base = base;
	arena_init(&n->arena, 0);
	map_init(&n->by_key);
	ignore_sigpipe();
	n->sinks = calloc(count + 1, sizeof *n->sinks);
	if (n->sinks == NULL) {
		err_oom(err);
		goto fail;
	}
	for (; n->count < count; n->count++) {
		if (add_sink(n, &n->sinks[n->count], &sinks[n->count], err) < 0) {
			err_prefix(err, "sink %.*s", STR_ARG(sinks[n->count].key));
			n->count++;
			goto fail;
		}
	}
	return n;
fail:
	notify_free(n);
	return NULL;
}

void
notify_set_http(struct notify *n, struct http_client *http)
{
	for (size_t i = 0; i < n->count; i++)
		n->sinks[i].http = http;
}

void
notify_on_back(struct notify *n, void (*back)(void *ctx, struct str sink), void *ctx)
{
	n->back = back;
	n->back_ctx = ctx;
}

void
sink_back(const struct sink *s)
{
	if (s->notify->back != NULL && !s->notify->closing)
		s->notify->back(s->notify->back_ctx, s->set.key);
}

static void
unlink_delivery(struct delivery *d)
{
	struct notify *n = d->sink->notify;
	if (d->prev != NULL)
		d->prev->next = d->next;
	else
		n->deliveries = d->next;
	if (d->next != NULL)
		d->next->prev = d->prev;
}

static void
free_delivery(struct delivery *d)
{
	if (d->later != NULL)
		event_free(d->later);
	buf_done(&d->body);
	free(d);
}

/* The one place where callbacks are made. The sink has room again before it is called. */
static void
tell(struct delivery *d)
{
	struct notify_result result = d->result;
	notify_done_fn done = d->done;
	void *ctx = d->ctx;
	unlink_delivery(d);
	d->sink->in_flight--;
	free_delivery(d);
	done(ctx, &result);
}

static void
tell_later(evutil_socket_t fd, short what, void *ctx)
{
	tell(ctx);
}

void
notify_free(struct notify *n)
{
	if (n == NULL)
		return;
	n->closing = true;
	for (size_t i = 0; i < n->count; i++) {
		if (n->sinks[i].type != NULL && n->sinks[i].type->close != NULL)
			n->sinks[i].type->close(&n->sinks[i]);
	}
	while (n->deliveries != NULL) {
		struct delivery *d = n->deliveries;
		if (!d->finished)
			err_set(&d->result.error, ERR_CANCELLED, "stopped before the receiver had answered");
		tell(d);
	}
	map_done(&n->by_key);
	arena_done(&n->arena);
	free(n->sinks);
	free(n);
}

size_t
notify_room(const struct notify *n, struct str sink)
{
	const struct sink *s = map_get(&n->by_key, sink);
	if (s == NULL || n->closing || s->in_flight >= s->set.concurrency)
		return 0;
	return s->set.concurrency - s->in_flight;
}

static struct record
cut_record(const struct record *r, size_t count)
{
	struct record cut = *r;
	size_t most = NOTIFY_BODY_MAX / 64 / count;
	cut.summary_html = cut.content_html = STR_NONE;
	cut.summary = utf8_truncate(cut.summary, most);
	cut.content = utf8_truncate(cut.content, most);
	return cut;
}

/* An item beyond all measure is told without its HTML, and with the beginning of its text. */
static int
render_body(const struct sink *s, struct buf *body, const struct notification *what, struct err *err)
{
	s->type->render(s, body, what);
	if (body->over_limit && what->record_count > 0) {
		struct notification cut = *what;
		cut.records = calloc(what->record_count, sizeof *cut.records);
		if (cut.records == NULL)
			return err_oom(err);
		for (size_t i = 0; i < what->record_count; i++)
			cut.records[i] = cut_record(&what->records[i], what->record_count);
		buf_reset(body);
		s->type->render(s, body, &cut);
		free(cut.records);
	}
	return buf_check(body, err);
}

static struct delivery *
new_delivery(struct sink *s, const struct notification *what, struct err *err)
{
	struct delivery *d = calloc(1, sizeof *d);
	if (d == NULL) {
		err_oom(err);
		return NULL;
	}
	d->sink = s;
	d->result = (struct notify_result){.row = what->row, .retry_after_ms = -1};
	buf_init(&d->body, NOTIFY_BODY_MAX);
	d->later = event_new(s->base, -1, 0, tell_later, d);
	if (d->later == NULL)
		err_oom(err);
	if (d->later == NULL || render_body(s, &d->body, what, err) < 0) {
		free_delivery(d);
		return NULL;
	}
	return d;
}

int
notify_send(struct notify *n, const struct notification *what, notify_done_fn done, void *ctx, struct err *err)
{
	struct sink *s = map_get(&n->by_key, what->sink);
	if (s == NULL)
		return err_set(err, ERR_NOT_FOUND, "there is no sink “%.*s”", STR_ARG(what->sink));
	if (notify_room(n, what->sink) == 0)
		return err_set(err, ERR_SINK_TEMPORARY, "sink %.*s is busy", STR_ARG(what->sink));
	struct delivery *d = new_delivery(s, what, err);
	if (d == NULL)
		return -1;
	d->done = done;
	d->ctx = ctx;
	d->next = n->deliveries;
	if (d->next != NULL)
		d->next->prev = d;
	n->deliveries = d;
	s->in_flight++;
	s->type->send(d, what);
	return 0;
}

static void
finish(struct delivery *d, enum err_code code, int64_t retry_after_ms, const char *fmt, va_list ap)
{
	struct err raw;
	struct buf safe;
	if (d->finished)
		return;
	err_setv(&raw, code, fmt, ap);
	buf_init(&safe, 8 * ERR_MSG_MAX);
	text_safe(&safe, str_from(raw.msg), 0);
	struct str shown = utf8_truncate(buf_view(&safe), ERR_MSG_MAX - 1);
	err_set(&d->result.error, code, "%.*s", STR_ARG(shown));
	if (code == ERR_NONE)
		err_clear(&d->result.error);
	buf_done(&safe);
	d->result.retry_after_ms = retry_after_ms;
	d->finished = true;
	event_active(d->later, 0, 0);
}

void
delivery_finish(struct delivery *d, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	finish(d, code, -1, fmt, ap);
	va_end(ap);
}

void
delivery_finish_after(struct delivery *d, enum err_code code, int64_t retry_after_ms, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	finish(d, code, retry_after_ms, fmt, ap);
	va_end(ap);
}
