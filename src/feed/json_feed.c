#include "feed/json_feed.h"

#include "feed/json_mend.h"
#include "feed/json_split.h"
#include "feed/json_value.h"
#include "feed/lang.h"

#include <stdlib.h>

#define VERSION_HEAD "jsonfeed.org/version/"
#define NUMBER_BYTES_MAX 64u

/* As it is written, but for an exponent: two publishers' "1e3" and "1000" are the same number. */
static struct str
number_text(struct builder *b, struct str written)
{
	char copy[NUMBER_BYTES_MAX + 1];
	if (written.len > NUMBER_BYTES_MAX ||
	    (memchr(written.s, 'e', written.len) == NULL && memchr(written.s, 'E', written.len) == NULL))
		return written;
	memcpy(copy, written.s, written.len);
	copy[written.len] = '\0';
	return arena_printf(b->arena, "%.17g", strtod(copy, NULL));
}

static struct str
value_str(const struct json_value *v)
{
	return json_is(v, JSON_STRING) ? v->text : STR_NONE;
}

struct str
json_value_text(struct builder *b, const struct json_value *value)
{
	if (json_is(value, JSON_NUMBER))
		return number_text(b, value->text);
	if (json_is(value, JSON_TRUE) || json_is(value, JSON_FALSE))
		return value->kind == JSON_TRUE ? STR_LIT("true") : STR_LIT("false");
	return value_str(value);
}

static struct str
get(const struct json_value *object, const char *key)
{
	return value_str(json_get(object, key));
}

static struct str
get_string(struct builder *b, const struct json_value *object, const char *key)
{
	return field_string(b, get(object, key));
}

static struct str
get_url(struct builder *b, const struct json_value *object, const char *key)
{
	return field_url(b, get(object, key), builder_frame(b)->base);
}

static void
author(struct builder *b, const struct json_value *v)
{
	struct feed_person p = {STR_NONE, STR_NONE, STR_NONE};
	if (json_is(v, JSON_STRING))
		p = person_parse(b, value_str(v));
	if (json_is(v, JSON_OBJECT)) {
		p.name = field_line(b, get(v, "name"), TEXT_PLAIN);
		p.email = get_string(b, v, "email");
		p.uri = get_url(b, v, "url");
		if (p.uri.s == NULL && str_istarts(get(v, "url"), STR_LIT("mailto:")) && p.email.s == NULL)
			p.email = field_string(b, (struct str){get(v, "url").s + 7, get(v, "url").len - 7});
	}
	list_person(b, 1, p);
}

/* "authors" of version 1.1 and "author" of 1.0: a careful publisher gives both. */
static void
authors(struct builder *b, const struct json_value *object)
{
	const struct json_value *list = json_get(object, "authors");
	if (json_is(list, JSON_OBJECT))
		author(b, list);
	for (const struct json_value *v = json_elements(list); v != NULL; v = v->next)
		author(b, v);
	author(b, json_get(object, "author"));
}

static void
tags(struct builder *b, const struct json_value *item)
{
	const struct json_value *list = json_get(item, "tags");
	struct str rest = field_line(b, value_str(list), TEXT_PLAIN), word;
	while (str_split(&rest, ',', &word))
		list_category(b, (struct feed_category){.term = field_string(b, word)});
	for (const struct json_value *v = json_elements(list); v != NULL; v = v->next)
		list_category(b, (struct feed_category){.term = field_line(b, value_str(v), TEXT_PLAIN)});
}

/* A number, or one written as a string; -1 for what is no size. */
static int64_t
get_size(struct builder *b, const struct json_value *value)
{
	int64_t n;
	return str_int(str_trim(json_value_text(b, value)), 0, INT64_MAX, &n) ? n : -1;
}

static void
attachments(struct builder *b, const struct json_value *item)
{
	const struct json_value *a = json_elements(json_get(item, "attachments"));
	for (; a != NULL; a = a->next)
		list_enclosure(b, (struct feed_enclosure){get_url(b, a, "url"), get_string(b, a, "mime_type"),
		                      get_string(b, a, "title"), get_size(b, json_get(a, "size_in_bytes"))});
}

/* Identifiers ought to be strings; a number is taken as it would be written. */
static struct str
item_id(struct builder *b, const struct json_value *item)
{
	const struct json_value *id = json_get(item, "id");
	bool boolean = json_is(id, JSON_TRUE) || json_is(id, JSON_FALSE);
	return boolean ? STR_NONE : field_string(b, json_value_text(b, id));
}

static void
bodies(struct builder *b, const struct json_value *item)
{
	struct feed_item *to = b->item;
	struct str base = builder_frame(b)->base, ignored;
	field_rich(b, get(item, "content_html"), TEXT_HTML, base, &to->content_html, &to->content_text);
	if (to->content_html.s == NULL)
		field_rich(b, get(item, "content_text"), TEXT_PLAIN, base, &to->content_html, &to->content_text);
	else if (get(item, "content_text").len > 0)
		field_rich(b, get(item, "content_text"), TEXT_PLAIN, base, &ignored, &to->content_text);
	field_rich(b, get(item, "summary"), TEXT_GUESS, base, &to->summary_html, &to->summary_text);
}

static void
item(struct builder *b, const struct json_value *v)
{
	static const struct frame outside;
	struct frame f = outside;
	if (!json_is(v, JSON_OBJECT))
		return;
	item_start(b, (struct feed_attrs){NULL, 0});
	if (b->item == NULL)
		return;
	slot_string(b, SLOT_ID, 1, item_id(b, v));
	slot_string(b, SLOT_TITLE, 1, field_line(b, get(v, "title"), TEXT_GUESS));
	item_link(b, 1, get_url(b, v, "url"));
	struct str external = get_url(b, v, "external_url");
	item_link(b, 2, external);
	list_link(b, (struct feed_link){.rel = STR_LIT("related"), .href = external});
	bodies(b, v);
	slot_date(b, SLOT_PUBLISHED, 1, json_value_text(b, json_get(v, "date_published")));
	slot_date(b, SLOT_UPDATED, 1, json_value_text(b, json_get(v, "date_modified")));
	slot_string(b, SLOT_LANGUAGE, 1, lang_normalise(b->arena, str_trim(get(v, "language"))));
	authors(b, v);
	tags(b, v);
	attachments(b, v);
	item_end(b, &f);
}

static void
head(struct builder *b, const struct json_value *root)
{
	const struct json_value *hubs = json_get(root, "hubs");
	slot_string(b, SLOT_TITLE, 1, field_line(b, get(root, "title"), TEXT_GUESS));
	slot_string(b, SLOT_SUMMARY, 1, field_line(b, get(root, "description"), TEXT_GUESS));
	slot_string(b, SLOT_LANGUAGE, 1, lang_normalise(b->arena, str_trim(get(root, "language"))));
	slot_string(b, SLOT_IMAGE, 1, get_url(b, root, "icon"));
	slot_string(b, SLOT_IMAGE, 2, get_url(b, root, "favicon"));
	item_link(b, 1, get_url(b, root, "home_page_url"));
	b->doc->self = get_url(b, root, "feed_url");
	b->doc->next = get_url(b, root, "next_url");
	b->doc->hub = get_url(b, json_elements(hubs), "url");
	authors(b, root);
}

static void
recognise(struct builder *b, const struct json_value *root)
{
	struct str said = get(root, "version");
	ptrdiff_t at = said.s ? str_ifind(said, STR_LIT(VERSION_HEAD), 0) : -1;
	if (at >= 0) {
		struct str number = {said.s + at + strlen(VERSION_HEAD), said.len - (size_t)at - strlen(VERSION_HEAD)};
		builder_format(b, str_starts(number, STR_LIT("1.1")) ? FEED_JSON11 : FEED_JSON10, "version-member");
	}
	if (json_is(json_get(root, "items"), JSON_ARRAY))
		builder_format(
		    b, json_is(json_get(root, "authors"), JSON_ARRAY) ? FEED_JSON11 : FEED_JSON10, "items-member");
}

static void
fail_deep(struct builder *b)
{
	builder_fail(b, ERR_PARSER_LIMIT, "arrays and objects nest deeper than feed-depth (%u)", b->limits->depth);
}

static void
check_reader(struct builder *b, const struct json_reader *r)
{
	if (r->too_deep)
		fail_deep(b);
	else if (r->arena->over_limit)
		builder_fail(
		    b, ERR_PARSER_LIMIT, "the document needs more than feed-output-bytes (%zu)", r->arena->max_bytes);
	else if (r->arena->failed)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
}

static void
read_tree(const struct json_value *root, struct builder *b)
{
	recognise(b, root);
	if (b->doc->format == FEED_UNKNOWN) {
		json_rss_read(root, b);
		return;
	}
	const struct json_value *v = json_elements(json_get(root, "items"));
	head(b, root);
	for (; v != NULL && !builder_failed(b); v = v->next)
		item(b, v);
}

/* What stands between from and to; false at the first thing that is not in order. */
static bool
read_items(struct json_reader *r, size_t to, struct builder *b)
{
	const struct json_value *v;
	if (str_trim((struct str){r->text.s + r->at, to - r->at}).len == 0)
		return true;
	for (; r->at <= to && !builder_failed(b); r->at++) {
		arena_reset(r->arena);
		v = json_read(r);
		if (v == NULL || r->at > to || (r->at < to && r->text.s[r->at] != ','))
			return false;
		item(b, v);
	}
	return true;
}

static void
report_error(struct json_report *report, const struct json_reader *r)
{
	report->line = json_line(r);
	report->reason = r->reason ? r->reason : "',' is missing";
}

static bool
read_head(const struct json_split *split, struct json_reader *r, struct builder *b)
{
	struct buf buf;
	buf_init(&buf, 0);
	json_split_head(split, &buf);
	if (buf.failed)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	r->text = buf_view(&buf);
	const struct json_value *root = buf.failed ? NULL : json_read_all(r);
	if (root != NULL)
		read_tree(root, b);
	buf_done(&buf);
	/* from here on the document itself; places behind the items are there as well */
	r->text = split->text;
	r->at += r->at > split->from ? split->to - split->from : 0;
	return root != NULL;
}

/* One tree after the other: of the head, then of each item. */
static bool
read_pieces(const struct json_split *split, struct json_reader *r, struct builder *b)
{
	if (!read_head(split, r, b))
		return false;
	r->at = split->from;
	r->depth_max -= r->depth_max < 2 ? r->depth_max : 2; /* the outermost object and the array of the items */
	return read_items(r, split->to, b);
}

/* As pieces, or as one tree: RSS written as JSON, or a feed whose items cannot be told apart. */
static bool
read_text(struct json_reader *r, struct builder *b, struct json_report *report)
{
	struct json_split split;
	bool good;
	if (json_split_find(r->text, &split)) {
		good = read_pieces(&split, r, b);
	} else {
		const struct json_value *root = json_read_all(r);
		good = root != NULL;
		if (good)
			read_tree(root, b);
	}
	check_reader(b, r);
	if (!good)
		report_error(report, r);
	return good;
}

static void
read_mended(struct str text, struct json_reader *r, struct builder *b, struct json_report *report)
{
	struct json_mended mended = {0};
	struct buf buf;
	buf_init(&buf, text.len * 2 + 64);
	if (!json_mend(text, &buf, &mended))
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	b->doc->truncated = mended.truncated;
	builder_bozo(b, report->line, report->reason);
	builder_repair(b, "mended-json");
	r->text = buf_view(&buf);
	struct json_report first = *report;
	if (!builder_failed(b) && !read_text(r, b, report))
		builder_fail(b, ERR_ILL_FORMED, "line %u: %s", first.line, first.reason);
	buf_done(&buf);
}

enum json_verdict
json_feed_read(struct str text, bool mend, struct builder *b, struct json_report *report)
{
	struct arena tree;
	struct json_reader r = {.text = text, .depth_max = b->limits->depth, .arena = &tree};
	bool good = true;
	arena_init(&tree, b->limits->output_bytes);
	if (mend)
		read_mended(text, &r, b, report);
	else
		good = read_text(&r, b, report);
	arena_done(&tree);
	return builder_failed(b) ? JSON_FAILED : good ? JSON_GOOD : JSON_BROKEN;
}
