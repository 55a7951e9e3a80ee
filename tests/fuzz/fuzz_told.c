/*
 * A notification from hostile text, in every form that goes out. The input: a template up to the first line end, then the fields of
 * an item, parted by line ends. Promises: a template is read or refused; what is written is UTF-8 and within its limit; no
 * text becomes markup where it is escaped; every service gets JSON; a mail has no line over 998 bytes and one empty line before its
 * bodies; a published page reads back.
 */
#include "fuzz.h"

#include "base/utf8.h"
#include "notify/feed_page.h"
#include "notify/letter.h"
#include "notify/services.h"
#include "notify/sink_desktop.h"

#include <jansson.h>
#include <stdlib.h>

#define LIMIT 300u

static void
must(bool good)
{
	if (!good)
		abort();
}

/* The record's strings are valid UTF-8 whatever came in, as the store's are. */
static struct str
valid(struct arena *a, struct str s)
{
	struct buf b;
	buf_init(&b, 0);
	for (size_t at = 0; at < s.len;) {
		char utf8[4];
		uint32_t cp = utf8_next(s, &at);
		buf_add(&b, utf8, utf8_put(cp == UTF8_INVALID ? 0xFFFD : cp, utf8));
	}
	struct str copy = arena_str(a, buf_view(&b));
	buf_done(&b);
	return copy;
}

/* Tags other than those that we put there ourselves. */
static bool
has_markup(struct str s, const char *const *ours, size_t count)
{
	for (size_t i = 0; i < s.len; i++) {
		bool known = s.s[i] != '<';
		for (size_t k = 0; k < count && !known; k++)
			known = str_istarts((struct str){s.s + i, s.len - i}, str_from(ours[k]));
		if (!known)
			return true;
	}
	return false;
}

static void
try_template(struct str text, const struct notification *n, struct arena *arena)
{
	static const struct template_limit limits[] = {
	    {LIMIT, TEMPLATE_POINTS}, {LIMIT, TEMPLATE_UTF16}, {LIMIT, TEMPLATE_BYTES}};
	struct err err;
	struct buf out;
	const struct template *t = template_parse(text, arena, &err);
	buf_init(&out, 1u << 20);
	for (enum template_escape e = 0; t != NULL && e < TEMPLATE_ESCAPE_COUNT; e++) {
		buf_reset(&out);
		template_write(&out, t, n, e);
		must(out.over_limit || utf8_valid(buf_view(&out)));
		for (size_t i = 0; i < 3; i++) {
			buf_reset(&out);
			template_write_within(&out, t, n, e, &limits[i]);
			must(utf8_valid(buf_view(&out)) && template_length(buf_view(&out), limits[i].unit) <= LIMIT);
		}
	}
	buf_done(&out);
}

static void
try_markup(const struct notification *n, struct arena *arena)
{
	static const struct {
		enum template_escape escape;
		const char *ours[5];
		size_t count;
	} all[] = {{TEMPLATE_HTML, {"<mark>", "</mark>"}, 2},
	    {TEMPLATE_MATRIX, {"<strong>", "</strong>", "<a href=\"http", "</a>"}, 4},
	    {TEMPLATE_DESKTOP, {"<b>", "</b>"}, 2},
	    {TEMPLATE_DESKTOP_LINKS, {"<b>", "</b>", "<a href=\"http", "</a>"}, 4}, {TEMPLATE_SLACK, {NULL}, 0}};
	struct err err;
	struct buf out;
	const struct template *t =
	    template_parse(STR_LIT("{title} {snippet} {link} {items} {source} {authors}"), arena, &err);
	buf_init(&out, 0);
	must(t != NULL);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		buf_reset(&out);
		template_write(&out, t, n, all[i].escape);
		must(!has_markup(buf_view(&out), all[i].ours, all[i].count));
	}
	buf_done(&out);
}

static void
try_services(const struct notification *n)
{
	static const char *const names[] = {
	    "slack", "discord", "mattermost", "matrix", "telegram", "ntfy", "gotify", "pushover", "alertmanager"};
	struct buf out;
	buf_init(&out, 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		buf_reset(&out);
		service_body(&out, service_find(str_from(names[i])), NULL, NULL, STR_LIT("here"), n);
		json_t *json = json_loadb(out.data, out.len, JSON_ALLOW_NUL, NULL);
		must(json != NULL);
		json_decref(json);
	}
	buf_done(&out);
}

static void
try_letter(const struct notification *n)
{
	struct mailbox to = {.address = STR_LIT("a@b.example")};
	const struct record *r = n->records;
	struct letter l = {.from = to,
	    .to = &to,
	    .to_count = 1,
	    .subject = r->title,
	    .id = r->guid,
	    .thread_id = r->link,
	    .previous_id = r->link,
	    .list = r->feed_title,
	    .list_name = r->feed_title,
	    .text = r->content,
	    .html = r->summary};
	struct buf out;
	unsigned headers = 0;
	buf_init(&out, 0);
	letter_write(&out, &l);
	struct str rest = buf_view(&out), line;
	bool in_head = true;
	while (str_split(&rest, '\n', &line)) {
		must(line.len <= 998);
		for (size_t i = 0; i < line.len; i++)
			must((unsigned char)line.s[i] < 0x80 && (line.s[i] != '\r' || i + 1 == line.len));
		must(!str_is(line, ".\r"));
		headers += in_head && line.len > 0 && line.s[0] != ' ' && line.s[0] != '\r';
		in_head = in_head && !str_is(line, "\r");
		must(!in_head || !str_istarts(line, STR_LIT("bcc:")));
	}
	must(headers <= 20);
	buf_done(&out);
}

static void
try_page(const struct notification *n)
{
	struct buf entry, page;
	struct err err;
	struct feed_page p = {.sink = STR_LIT("pub"), .key = STR_LIT("talks")}, again = p;
	buf_init(&entry, 0);
	buf_init(&page, 0);
	feed_entry_write(&entry, n, NULL, NULL);
	json_t *json = json_loadb(entry.data, entry.len, JSON_ALLOW_NUL, NULL);
	must(json != NULL && feed_page_read(&p, STR_NONE, &err) == 0 && feed_page_add(&p, json, 10, &err) == 0);
	feed_page_json(&p, &page);
	must(feed_page_read(&again, buf_view(&page), &err) == 0 && json_array_size(again.items) == 1);
	buf_reset(&page);
	feed_page_atom(&p, &page);
	must(utf8_valid(buf_view(&page)));
	json_decref(json);
	feed_page_done(&p);
	feed_page_done(&again);
	buf_done(&entry);
	buf_done(&page);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct str rest = {(const char *)data, size}, parts[7] = {STR_NONE};
	arena_init(&arena, 0);
	for (size_t i = 0; i < 7 && str_split(&rest, '\n', &parts[i]); i++)
		parts[i] = valid(&arena, parts[i]);
	struct record_mention mention = {.field = size % 2 ? WATCH_FIELD_CONTENT : WATCH_FIELD_SUMMARY,
	    .start = (uint32_t)(size % 5),
	    .end = (uint32_t)(size % 5 + size % 7),
	    .text = parts[2],
	    .name = parts[2],
	    .rule = STR_LIT("exact")};
	struct record_match match = {WATCH_PERSON, parts[2], parts[3], &mention, 1};
	struct record r = {.id = 1,
	    .title = parts[1],
	    .content = parts[2],
	    .summary = parts[3],
	    .link = parts[4],
	    .guid = parts[5],
	    .feed_title = parts[6],
	    .feed_key = STR_LIT("a"),
	    .authors = parts[5],
	    .published_at = 0,
	    .updated_at = TIME_NONE,
	    .first_seen_at = 0,
	    .changed_at = TIME_NONE,
	    .matches = &match,
	    .match_count = 1};
	struct str watch = STR_LIT("talks");
	struct notification n = {.id = STR_LIT("n-1"),
	    .sink = STR_LIT("desk"),
	    .kind = (enum notification_kind)(size % 3),
	    .severity = (int)(size % 4),
	    .thread_id = STR_LIT("n-1"),
	    .watches = &watch,
	    .watch_count = 1,
	    .records = &r,
	    .record_count = 1,
	    .item_count = 1,
	    .source_count = 1,
	    .since_at = TIME_NONE};
	try_template(parts[0], &n, &arena);
	try_markup(&n, &arena);
	try_services(&n);
	try_letter(&n);
	try_page(&n);
	arena_done(&arena);
	return 0;
}
