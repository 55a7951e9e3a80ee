#include "conf/report.h"

#include <stdarg.h>
#include <stdio.h>

#define MESSAGE_BYTES_MAX 1024u

void
conf_report_init(struct conf_report *r)
{
	*r = (struct conf_report){0};
	arena_init(&r->arena, 0);
}

void
conf_report_done(struct conf_report *r)
{
	arena_done(&r->arena);
	*r = (struct conf_report){0};
}

bool
conf_report_open(const struct conf_report *r)
{
	return r->count < CONF_MESSAGES_MAX;
}

static bool
comes_before(const struct conf_origin *a, const struct conf_origin *b)
{
	return a->file_no != b->file_no ? a->file_no < b->file_no : a->line < b->line;
}

static bool
make_room(struct conf_report *r)
{
	size_t cap = r->cap;
	struct str *messages = arena_grow(&r->arena, r->messages, &cap, r->count, sizeof *messages);
	cap = r->cap;
	struct conf_origin *places = arena_grow(&r->arena, r->places, &cap, r->count, sizeof *places);
	if (messages == NULL || places == NULL)
		return false;
	r->messages = messages;
	r->places = places;
	r->cap = cap;
	return true;
}

/* Keeps the order of places, and the order of coming where places are the same. */
static void
insert(struct conf_report *r, const struct conf_origin *at, struct str message)
{
	size_t i = r->count++;
	for (; i > 0 && comes_before(at, &r->places[i - 1]); i--) {
		r->messages[i] = r->messages[i - 1];
		r->places[i] = r->places[i - 1];
	}
	r->messages[i] = message;
	r->places[i] = *at;
}

static void
add(struct conf_report *r, const struct conf_origin *at, const char *kind, const char *text)
{
	struct str message = STR_NONE;
	char line[16] = "";

	if (at->line > 0)
		snprintf(line, sizeof line, ":%u", at->line);
	if (conf_report_open(r) && make_room(r))
		message = arena_printf(&r->arena, "%.*s%s: %s%s", STR_ARG(at->file), line, kind, text);
	if (message.s == NULL)
		r->dropped++;
	else
		insert(r, at, message);
}

void
conf_report_error(struct conf_report *r, const struct conf_origin *at, const char *fmt, ...)
{
	char text[MESSAGE_BYTES_MAX];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	r->error_count++;
	add(r, at, "", text);
}

void
conf_report_warning(struct conf_report *r, const struct conf_origin *at, const char *fmt, ...)
{
	char text[MESSAGE_BYTES_MAX];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	add(r, at, "warning: ", text);
}

void
conf_report_placed(struct conf_report *r, const struct conf_origin *at, const struct err *err)
{
	struct str message = STR_NONE;
	if (err->code != ERR_CONFIG) {
		conf_report_error(r, at, "%s", err->msg);
		return;
	}
	r->error_count++;
	if (conf_report_open(r) && make_room(r))
		message = arena_cstr(&r->arena, err->msg);
	if (message.s == NULL)
		r->dropped++;
	else
		insert(r, at, message);
}
