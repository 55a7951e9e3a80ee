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

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Both at most CONF_KEY_BYTES_MAX long. */
static size_t
distance(struct str a, struct str b)
{
	size_t rows[3][CONF_KEY_BYTES_MAX + 1];
	size_t *before = rows[0], *above = rows[1], *now = rows[2];

	for (size_t j = 0; j <= b.len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t changed = above[j - 1] + (ascii_lower(a.s[i - 1]) != ascii_lower(b.s[j - 1]));
			now[j] = least(changed, least(above[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] && a.s[i - 2] == b.s[j - 1])
				now[j] = least(now[j], before[j - 2] + 1);
		}
		size_t *spare = before;
		before = above;
		above = now;
		now = spare;
	}
	return above[b.len];
}

void
suggestion_init(struct suggestion *s, struct str word)
{
	/* One slip in three letters is still a likeness. */
	*s = (struct suggestion){.word = word, .best = STR_NONE, .best_distance = least(word.len / 3 + 1, 3) + 1};
}

void
suggestion_offer(struct suggestion *s, struct str candidate)
{
	if (s->word.len > CONF_KEY_BYTES_MAX || candidate.len > CONF_KEY_BYTES_MAX)
		return;
	size_t longer = candidate.len > s->word.len ? candidate.len : s->word.len;
	if (longer - least(candidate.len, s->word.len) >= s->best_distance)
		return;
	size_t d = distance(s->word, candidate);
	if (d < s->best_distance && d < longer) {
		s->best = candidate;
		s->best_distance = d;
	}
}

const char *
suggestion_text(const struct suggestion *s, char out[SUGGESTION_MAX])
{
	out[0] = '\0';
	if (s->best.s != NULL)
		snprintf(out, SUGGESTION_MAX, "; did you mean “%.*s”?", STR_ARG(s->best));
	return out;
}
