#include "notify/sink_print.h"

#include "notify/stream.h"
#include "render/render.h"

#include <event2/event.h>
#include <stdlib.h>
#include <unistd.h>

enum print_format { PRINT_HUMAN, PRINT_LINE, PRINT_JSON, PRINT_TEMPLATE };

struct print {
	enum print_format format;
	bool no_colour;
	struct stream stream;
	struct event *writable;
	struct delivery_queue queue; /* of the first, `sent` bytes are out */
	size_t sent;
};

static int
format_parse(struct str word, enum print_format *ret)
{
	static const char *const words[] = {
	    [PRINT_HUMAN] = "human", [PRINT_LINE] = "line", [PRINT_JSON] = "json", [PRINT_TEMPLATE] = "template"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_is(word, words[i])) {
			*ret = (enum print_format)i;
			return 0;
		}
	}
	return str_empty(word) ? 0 : -1;
}

/* journald reads "<0>" at the start of a line as its priority (sd-daemon(3)): a title must not choose it. */
static void
guard_priority(struct buf *body)
{
	for (size_t i = 0; i + 1 < body->len; i++) {
		if (body->data[i] != '\n' || body->data[i + 1] != '<' || buf_reserve(body, 1) == NULL)
			continue;
		memmove(body->data + i + 2, body->data + i + 1, body->len - i);
		body->data[i + 1] = ' ';
		body->len++;
	}
}

void
sink_print_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	const struct print *p = s->state;
	struct jsonw w;

	if (p->format == PRINT_JSON) {
		jsonw_init(&w, body, 0);
		render_notification_json(&w, what);
		buf_putc(body, '\n');
	} else if (p->format == PRINT_LINE) {
		render_notification_line(body, what);
	} else if (p->format == PRINT_TEMPLATE) {
		template_write(body, s->body, what, TEMPLATE_PLAIN);
		buf_putc(body, '\n');
		guard_priority(body);
	} else {
		unsigned width = stream_columns(&p->stream);
		render_notification_human(body, what,
		    &(struct render_style){.colour = width > 0 && !p->no_colour, .width = width, .now = TIME_NONE});
		buf_putc(body, '\n');
		if (width == 0)
			guard_priority(body);
	}
}

/* What of the first is still to be written. */
static struct str
rest_of_first(const struct print *p)
{
	const struct buf *body = &p->queue.first->body;
	return (struct str){body->data + p->sent, body->len - p->sent};
}

static void
pop(struct print *p, enum err_code code, const char *why)
{
	struct delivery *d = delivery_queue_take(&p->queue);
	p->sent = 0;
	delivery_finish(d, code, "%s", why);
}

/* Writes what can be written; true when everything is out. */
static bool
pump(struct sink *s)
{
	struct print *p = s->state;
	struct err err;

	while (p->queue.first != NULL) {
		struct str rest = rest_of_first(p);
		size_t n = 0;
		int r = stream_write(&p->stream, rest, &n, &err);
		p->sent += n;
		if (r == 0 && n == rest.len)
			pop(p, ERR_NONE, "");
		else if (r == 0)
			return false;
		else
			pop(p, ERR_SINK_TEMPORARY, err.msg);
	}
	return true;
}

static void
wait_writable(struct sink *s)
{
	struct print *p = s->state;
	struct timeval after = {s->set.timeout_ms / 1000, s->set.timeout_ms % 1000 * 1000};
	/* The descriptor may be another one after a reopening. */
	event_del(p->writable);
	if (event_assign(p->writable, s->base, p->stream.fd, EV_WRITE, event_get_callback(p->writable), s) < 0 ||
	    event_add(p->writable, &after) < 0) {
		while (p->queue.first != NULL)
			pop(p, ERR_SINK_TEMPORARY, "the output cannot be waited for");
	}
}

static void
on_writable(evutil_socket_t fd, short what, void *ctx)
{
	struct sink *s = ctx;
	struct print *p = s->state;
	struct err err;

	if (what & EV_TIMEOUT) {
		/* What began must be ended before the next begins: the stream keeps the rest. */
		if (p->queue.first != NULL && p->sent > 0 && stream_keep(&p->stream, rest_of_first(p), &err) < 0)
			stream_close(&p->stream);
		while (p->queue.first != NULL)
			pop(p, ERR_SINK_TEMPORARY, "nobody reads the output");
	} else if (!pump(s)) {
		wait_writable(s);
	}
}

int
sink_print_open(struct sink *s, struct err *err)
{
	struct print *p = calloc(1, sizeof *p);
	if (p == NULL)
		return err_oom(err);
	const char *no_colour = getenv("NO_COLOR");
	p->no_colour = no_colour != NULL && *no_colour != '\0';
	stream_init(&p->stream, s->set.path.s);
	s->state = p;
	if (format_parse(s->set.format, &p->format) < 0) {
		err_set(err, ERR_CONFIG, "there is no format “%.*s”; there are human, line, json and template",
		    STR_ARG(s->set.format));
	} else if (p->format == PRINT_TEMPLATE && s->body == NULL) {
		err_set(err, ERR_CONFIG, "format template needs a body");
	} else if ((p->writable = event_new(s->base, -1, EV_WRITE, on_writable, s)) == NULL) {
		err_oom(err);
	} else {
		return 0;
	}
	sink_print_close(s);
	return -1;
}

void
sink_print_close(struct sink *s)
{
	struct print *p = s->state;
	if (p == NULL)
		return;
	if (p->writable != NULL)
		event_free(p->writable);
	stream_close(&p->stream);
	free(p);
	s->state = NULL;
}

void
sink_print_send(struct delivery *d, const struct notification *what)
{
	struct print *p = d->sink->state;
	bool waiting = p->queue.first != NULL;

	delivery_queue_put(&p->queue, d);
	if (!waiting && !pump(d->sink))
		wait_writable(d->sink);
}
