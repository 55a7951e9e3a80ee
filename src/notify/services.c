#include "notify/services.h"

#include "base/clock.h"
#include "base/jsonw.h"
#include "notify/texts.h"
#include "render/render.h"
#include "text/html.h"

#include <stdio.h>
#include <stdlib.h>

enum { TITLE_IN_TEXT_MAX = 300, WAIT_DIGITS_MAX = 12 };

#define NO_TITLE \
	{ \
		0, TEMPLATE_POINTS \
	}

static const struct service services[] = {
    {.name = "slack",
        .method = "POST",
        .path = "$secret",
        .secret = SERVICE_SECRET_MAY,
        .escape = TEMPLATE_SLACK,
        .title = NO_TITLE,
        .text = {4000, TEMPLATE_POINTS},
        .open = "*",
        .close = "*",
        .json = "{\"text\":$text,\"mrkdwn\":true,\"unfurl_links\":false}"},
    {.name = "discord",
        .method = "POST",
        .path = "$secret",
        .secret = SERVICE_SECRET_MAY,
        .escape = TEMPLATE_MARKDOWN,
        .title = NO_TITLE,
        .text = {2000, TEMPLATE_UTF16},
        .open = "**",
        .close = "**",
        .json = "{\"content\":$text,\"allowed_mentions\":{\"parse\":[]}}",
        .wait_member = "retry_after",
        .wait_unit_ms = SECOND_MS},
    {.name = "mattermost",
        .method = "POST",
        .path = "$secret",
        .secret = SERVICE_SECRET_MAY,
        .channel_may = true,
        .escape = TEMPLATE_MARKDOWN,
        .title = NO_TITLE,
        .text = {10900, TEMPLATE_POINTS}, /* of 16383; each @, with its backslash, becomes three */
        .open = "**",
        .close = "**",
        .json = "{?channel\"text\":$unmentioned}"},
    {.name = "matrix",
        .method = "PUT",
        .path = "_matrix/client/v3/rooms/$channel/send/m.room.message/$id",
        .header = "Authorization",
        .header_text = "Bearer ",
        .secret = SERVICE_SECRET_MUST,
        .channel_must = true,
        .escape = TEMPLATE_MATRIX,
        .title = NO_TITLE,
        .text = {16384, TEMPLATE_BYTES}, /* an event has 65536 bytes, and the text is in it twice */
        .open = "<strong>",
        .close = "</strong>",
        .json = "{\"msgtype\":\"m.text\",\"body\":$plain,\"format\":\"org.matrix.custom.html\","
                "\"formatted_body\":$html,\"m.mentions\":{}}",
        .wait_member = "retry_after_ms",
        .wait_unit_ms = 1},
    {.name = "telegram",
        .method = "POST",
        .path = "bot$secret/sendMessage",
        .secret = SERVICE_SECRET_MUST,
        .channel_must = true,
        .escape = TEMPLATE_TELEGRAM,
        .title = NO_TITLE,
        .text = {4096, TEMPLATE_UTF16},
        .open = "*",
        .close = "*",
        .json = "{\"chat_id\":$channel,\"text\":$text,\"parse_mode\":\"MarkdownV2\","
                "\"link_preview_options\":{\"is_disabled\":true}}",
        .wait_member = "retry_after",
        .wait_unit_ms = SECOND_MS},
    {.name = "ntfy",
        .method = "POST",
        .path = "",
        .header = "Authorization",
        .header_text = "Bearer ",
        .secret = SERVICE_SECRET_MAY,
        .channel_must = true,
        .escape = TEMPLATE_PLAIN,
        .title = {250, TEMPLATE_BYTES},
        .text = {4096, TEMPLATE_BYTES},
        .own_link = true,
        .json = "{\"topic\":$channel,\"title\":$title,?click\"message\":$text,\"priority\":$priority5}"},
    {.name = "gotify",
        .method = "POST",
        .path = "message",
        .header = "X-Gotify-Key",
        .header_text = "",
        .secret = SERVICE_SECRET_MUST,
        .escape = TEMPLATE_PLAIN,
        .title = {250, TEMPLATE_POINTS},
        .text = {10000, TEMPLATE_POINTS},
        .own_link = true,
        .json = "{\"title\":$title,\"message\":$text,\"priority\":$priority10,\"extras\":{?opens\"client::display\":"
                "{\"contentType\":\"text/plain\"}}}"},
    {.name = "pushover",
        .method = "POST",
        .path = "1/messages.json",
        .token = "token",
        .secret = SERVICE_SECRET_MUST,
        .channel_must = true,
        .escape = TEMPLATE_PLAIN,
        .title = {250, TEMPLATE_POINTS},
        .text = {1024, TEMPLATE_POINTS},
        .own_link = true,
        .json = "{\"user\":$channel,\"title\":$title,?url\"message\":$text,\"priority\":$priority1,"
                "\"timestamp\":$seconds}"},
    {.name = "alertmanager",
        .method = "POST",
        .path = "api/v2/alerts",
        .header = "Authorization",
        .header_text = "Bearer ",
        .secret = SERVICE_SECRET_MAY,
        .escape = TEMPLATE_PLAIN,
        .title = {1000, TEMPLATE_POINTS},
        .text = {8000, TEMPLATE_POINTS},
        .own_link = true,
        .json = "[{\"labels\":{\"alertname\":$alert,\"thread\":$thread,?subject\"watch\":$watches,\"sink\":$sink},"
                "\"annotations\":{\"summary\":$title,\"description\":$text,\"severity\":$severity,\"id\":$id},"
                "?end?generator\"startsAt\":$start}]"},
};
#define SERVICES (sizeof services / sizeof *services)

const struct service *
service_find(struct str name)
{
	for (size_t i = 0; i < SERVICES; i++) {
		if (str_is(name, services[i].name))
			return &services[i];
	}
	return NULL;
}

/* ---- texts ---- */

struct writing {
	const struct service *service;
	struct str channel;
	const struct notification *n;
	struct buf title, text;
};

/* The title as the first line of the text. */
static struct template_limit
write_title_line(struct writing *w, const struct template *title)
{
	struct template_limit line = {TITLE_IN_TEXT_MAX, w->service->text.unit}, rest = w->service->text;
	buf_puts(&w->text, w->service->open);
	texts_write(&w->text, title, "{title}", w->n, w->service->escape, &line);
	buf_puts(&w->text, w->service->close);
	buf_putc(&w->text, '\n');
	rest.most -= template_length(buf_view(&w->text), rest.unit);
	return rest;
}

static void
write_texts(struct writing *w, const struct template *title, const struct template *body)
{
	const struct service *v = w->service;
	struct template_limit rest = v->text;
	struct buf lines;
	buf_init(&lines, 0);
	if (v->title.most > 0)
		texts_write(&w->title, title, "{title}", w->n, v->escape, &v->title);
	else
		rest = write_title_line(w, title);
	texts_write_body(&lines, body, v->own_link, w->n, v->escape, &rest);
	if (w->text.len == 0 && lines.len == 0) /* some refuse an empty text */
		buf_str(&lines, buf_view(&w->title));
	buf_str(&w->text, buf_view(&lines));
	w->text.failed |= lines.failed;
	buf_done(&lines);
}

/* ---- values ---- */

static struct str
web_link(const struct notification *n, size_t most)
{
	struct str link = render_lead(n)->link;
	bool web = str_istarts(link, STR_LIT("http://")) || str_istarts(link, STR_LIT("https://"));
	return web && link.len <= most ? link : STR_NONE;
}

static void
put_text(struct jsonw *w, const struct writing *g)
{
	jsonw_str(w, buf_view(&g->text));
}

static void
put_title(struct jsonw *w, const struct writing *g)
{
	jsonw_str(w, buf_view(&g->title));
}

/* An @ followed by U+200B mentions nobody: @all and @channel have no other escape in Mattermost. */
static void
put_unmentioned(struct jsonw *w, const struct writing *g)
{
	struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < g->text.len; i++) {
		buf_putc(&text, g->text.data[i]);
		if (g->text.data[i] == '@')
			buf_puts(&text, "\xe2\x80\x8b");
	}
	jsonw_str(w, buf_view(&text));
	w->out->failed |= text.failed;
	buf_done(&text);
}

static void
put_html(struct jsonw *w, const struct writing *g)
{
	struct buf html;
	buf_init(&html, 0);
	for (size_t i = 0; i < g->text.len; i++) {
		if (g->text.data[i] == '\n')
			buf_puts(&html, "<br>");
		else
			buf_putc(&html, g->text.data[i]);
	}
	jsonw_str(w, buf_view(&html));
	w->out->failed |= html.failed;
	buf_done(&html);
}

static void
put_plain(struct jsonw *w, const struct writing *g)
{
	struct buf html, plain;
	buf_init(&html, 0);
	buf_init(&plain, 0);
	for (size_t i = 0; i < g->text.len; i++) {
		buf_putc(&html, g->text.data[i]);
		if (g->text.data[i] == '\n')
			buf_puts(&html, "<br>");
	}
	html_text(buf_view(&html), &plain);
	jsonw_str(w, str_trim(buf_view(&plain)));
	w->out->failed |= html.failed || plain.failed;
	buf_done(&plain);
	buf_done(&html);
}

static void
put_channel(struct jsonw *w, const struct writing *g)
{
	jsonw_str(w, g->channel);
}

static void
put_by_severity(struct jsonw *w, const struct writing *g, const int of[4])
{
	int s = g->n->severity;
	jsonw_int(w, of[s < 0 ? 0 : s > 3 ? 3 : s]);
}

static void
put_priority5(struct jsonw *w, const struct writing *g)
{
	put_by_severity(w, g, (const int[]){2, 3, 4, 5});
}

static void
put_priority10(struct jsonw *w, const struct writing *g)
{
	put_by_severity(w, g, (const int[]){2, 5, 7, 9});
}

/* 2 would ring until somebody answers: that is nobody's choice but the reader's own. */
static void
put_priority1(struct jsonw *w, const struct writing *g)
{
	put_by_severity(w, g, (const int[]){-1, 0, 1, 1});
}

static void
put_seconds(struct jsonw *w, const struct writing *g)
{
	jsonw_int(w, g->n->created_at / SECOND_MS);
}

/* Ends of alarms; in Alertmanager an alert ends under the name it began with. */
static const char *const ends[][2] = {{"feed_recovered", "feed_failing"}, {"feed_back", "feed_quiet"},
    {"watch_back", "watch_quiet"}, {"sink_well", "sink_failing"}, {"daemon_well", "daemon_trouble"}};

static const char *
begun_as(struct str alarm)
{
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (str_is(alarm, ends[i][0]))
			return ends[i][1];
	}
	return NULL;
}

static void
put_alert(struct jsonw *w, const struct writing *g)
{
	const char *begun = begun_as(g->n->alarm);
	if (begun != NULL)
		jsonw_cstr(w, begun);
	else if (!str_empty(g->n->alarm))
		jsonw_str(w, g->n->alarm);
	else
		jsonw_str(w, g->n->kind == NOTIFICATION_TEST ? STR_LIT("tidings_test") : STR_LIT("tidings_match"));
}

static void
put_thread(struct jsonw *w, const struct writing *g)
{
	jsonw_str(w, str_empty(g->n->thread_id) ? g->n->id : g->n->thread_id);
}

static void
put_watches(struct jsonw *w, const struct writing *g)
{
	struct buf list;
	buf_init(&list, 0);
	for (size_t i = 0; i < g->n->watch_count; i++)
		buf_printf(&list, "%s%.*s", i > 0 ? " " : "", STR_ARG(g->n->watches[i]));
	jsonw_str(w, buf_view(&list));
	w->out->failed |= list.failed;
	buf_done(&list);
}

static void
put_sink(struct jsonw *w, const struct writing *g)
{
	jsonw_str(w, g->n->sink);
}

static void
put_severity(struct jsonw *w, const struct writing *g)
{
	jsonw_cstr(w, render_severity_word(g->n->severity));
}

static void
put_id(struct jsonw *w, const struct writing *g)
{
	jsonw_str(w, g->n->id);
}

static void
put_start(struct jsonw *w, const struct writing *g)
{
	jsonw_time(
	    w, g->n->since_at != TIME_NONE && g->n->since_at <= g->n->created_at ? g->n->since_at : g->n->created_at);
}

static const struct value {
	const char *name;
	void (*put)(struct jsonw *w, const struct writing *g);
} values[] = {
    {"text", put_text},
    {"title", put_title},
    {"unmentioned", put_unmentioned},
    {"html", put_html},
    {"plain", put_plain},
    {"channel", put_channel},
    {"priority5", put_priority5},
    {"priority10", put_priority10},
    {"priority1", put_priority1},
    {"seconds", put_seconds},
    {"alert", put_alert},
    {"thread", put_thread},
    {"watches", put_watches},
    {"sink", put_sink},
    {"severity", put_severity},
    {"id", put_id},
    {"start", put_start},
};

/* Members that are there only when there is something to say: "?name" in the JSON. */
static struct str
end_time(const struct writing *g, char text[TIME_FORMAT_MAX])
{
	return begun_as(g->n->alarm) != NULL ? str_from(time_format(g->n->created_at, false, text)) : STR_NONE;
}

static void
put_optional(struct buf *out, struct str name, const struct writing *g)
{
	char text[TIME_FORMAT_MAX];
	const struct {
		const char *name, *before, *after;
		struct str value;
	} all[] = {
	    {"channel", "\"channel\":", ",", g->channel},
	    {"click", "\"click\":", ",", web_link(g->n, 2048)},
	    {"url", "\"url\":", ",", web_link(g->n, 512)},
	    {"opens", "\"client::notification\":{\"click\":{\"url\":", "}},", web_link(g->n, 2048)},
	    {"subject", "\"subject\":", ",", g->n->subject},
	    {"end", "\"endsAt\":", ",", end_time(g, text)},
	    {"generator", "\"generatorURL\":", ",", web_link(g->n, 2048)},
	};
	struct jsonw w;
	jsonw_init(&w, out, 0);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (!str_is(name, all[i].name) || str_empty(all[i].value))
			continue;
		buf_puts(out, all[i].before);
		jsonw_str(&w, all[i].value);
		buf_puts(out, all[i].after);
	}
}

static void
put_value(struct buf *out, struct str name, const struct writing *g)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (str_is(name, values[i].name))
			values[i].put(&w, g);
	}
}

static struct str
read_name(const char **at)
{
	const char *from = *at;
	while ((**at >= 'a' && **at <= 'z') || (**at >= '0' && **at <= '9'))
		(*at)++;
	return (struct str){from, (size_t)(*at - from)};
}

void
service_body(struct buf *out, const struct service *v, const struct template *title, const struct template *body,
    struct str channel, const struct notification *n)
{
	struct writing g = {.service = v, .channel = channel, .n = n};
	buf_init(&g.title, 0);
	buf_init(&g.text, 0);
	write_texts(&g, title, body);
	for (const char *at = v->json; *at != '\0';) {
		char c = *at++;
		if (c == '$')
			put_value(out, read_name(&at), &g);
		else if (c == '?')
			put_optional(out, read_name(&at), &g);
		else
			buf_putc(out, c);
	}
	out->failed |= g.title.failed || g.text.failed;
	buf_done(&g.text);
	buf_done(&g.title);
}

void
service_add_token(struct buf *out, const struct service *v, struct str body, struct str secret)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	buf_printf(out, "{\"%s\":", v->token);
	jsonw_str(&w, secret);
	buf_puts(out, ",");
	buf_str(out, (struct str){body.s + 1, body.len - 1});
}

/* ---- addresses ---- */

/* A bot's token holds a colon, which a path may; an incoming webhook's rest is a path of its own. */
static void
put_path(struct buf *out, struct str s, const char *also)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		             (c != '\0' && strchr("-._~", c) != NULL) || (c != '\0' && strchr(also, c) != NULL);
		if (plain)
			buf_putc(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

void
service_url(
    struct buf *out, const struct service *v, struct str base, struct str secret, struct str channel, struct str id)
{
	ptrdiff_t mark = str_find(base, STR_LIT("?"), 0);
	struct str query = mark < 0 ? STR_NONE : (struct str){base.s + mark, base.len - (size_t)mark};
	base.len -= query.len;
	bool bare = v->path[0] == '\0' || (strcmp(v->path, "$secret") == 0 && str_empty(secret));
	while (!bare && base.len > 0 && base.s[base.len - 1] == '/')
		base.len--;
	buf_str(out, base);
	if (!bare)
		buf_putc(out, '/');
	for (const char *at = bare ? "" : v->path; *at != '\0';) {
		char c = *at++;
		struct str name = c == '$' ? read_name(&at) : STR_NONE;
		if (c != '$')
			buf_putc(out, c);
		else if (str_is(name, "secret"))
			put_path(out, secret, "/:");
		else
			put_path(out, str_is(name, "id") ? id : channel, "");
	}
	buf_str(out, query);
}

int64_t
service_wait_ms(const struct service *v, struct str answer)
{
	char member[40], digits[WAIT_DIGITS_MAX + 1];
	size_t n = 0;
	if (v->wait_member == NULL)
		return -1;
	snprintf(member, sizeof member, "\"%s\"", v->wait_member);
	ptrdiff_t at = str_find(answer, str_from(member), 0);
	if (at < 0)
		return -1;
	struct str rest = {answer.s + at + strlen(member), answer.len - (size_t)at - strlen(member)};
	rest = str_trim(rest);
	if (str_empty(rest) || rest.s[0] != ':')
		return -1;
	rest = str_trim((struct str){rest.s + 1, rest.len - 1});
	while (n < rest.len && n < WAIT_DIGITS_MAX && ((rest.s[n] >= '0' && rest.s[n] <= '9') || rest.s[n] == '.')) {
		digits[n] = rest.s[n];
		n++;
	}
	digits[n] = '\0';
	if (n == 0 || digits[0] == '.')
		return -1;
	double ms = strtod(digits, NULL) * (double)v->wait_unit_ms + 0.999;
	return ms < (double)DAY_MS ? (int64_t)ms : DAY_MS;
}
