#include "feed/json_feed.h"

#include "feed/json_memory.h"
#include "feed/json_mend.h"
#include "feed/json_split.h"
#include "feed/json_value.h"
#include "feed/lang.h"

#define VERSION_HEAD "jsonfeed.org/version/"

static struct str
value_str(const json_t *v)
{
	return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

struct str
json_value_text(struct builder *b, const json_t *value)
{
	if (json_is_integer(value))
		return arena_printf(b->arena, "%lld", (long long)json_integer_value(value));
	if (json_is_real(value))
		return arena_printf(b->arena, "%.17g", json_real_value(value));
	if (json_is_boolean(value))
		return json_is_true(value) ? STR_LIT("true") : STR_LIT("false");
	return value_str(value);
}

static struct str
get(const json_t *object, const char *key)
{
	return value_str(json_object_get(object, key));
}

static struct str
get_string(struct builder *b, const json_t *object, const char *key)
{
	return field_string(b, get(object, key));
}

static struct str
get_url(struct builder *b, const json_t *object, const char *key)
{
	return field_url(b, get(object, key), builder_frame(b)->base);
}

static void
author(struct builder *b, const json_t *v)
{
	struct feed_person p = {STR_NONE, STR_NONE, STR_NONE};
	if (json_is_string(v))
		p = person_parse(b, value_str(v));
	if (json_is_object(v)) {
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
authors(struct builder *b, const json_t *object)
{
	const json_t *list = json_object_get(object, "authors");
	if (json_is_object(list))
		author(b, list);
	for (size_t i = 0; i < json_array_size(list); i++)
		author(b, json_array_get(list, i));
	author(b, json_object_get(object, "author"));
}

static void
tags(struct builder *b, const json_t *item)
{
	const json_t *list = json_object_get(item, "tags");
	struct str rest = field_line(b, value_str(list), TEXT_PLAIN), word;
	while (str_split(&rest, ',', &word))
		list_category(b, (struct feed_category){.term = field_string(b, word)});
	for (size_t i = 0; i < json_array_size(list); i++)
		list_category(
		    b, (struct feed_category){.term = field_line(b, value_str(json_array_get(list, i)), TEXT_PLAIN)});
}

/* A number, or one written as a string; -1 for what is no size. */
static int64_t
get_size(const json_t *value)
{
	int64_t n;
	if (json_is_string(value))
		return str_int(str_trim(value_str(value)), 0, INT64_MAX, &n) ? n : -1;
	double d = json_is_number(value) ? json_number_value(value) : -1;
	return d >= 0 && d < 9007199254740992.0 ? (int64_t)d : -1;
}

static void
attachments(struct builder *b, const json_t *item)
{
	const json_t *list = json_object_get(item, "attachments");
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *a = json_array_get(list, i);
		list_enclosure(b, (struct feed_enclosure){get_url(b, a, "url"), get_string(b, a, "mime_type"),
		                      get_string(b, a, "title"), get_size(json_object_get(a, "size_in_bytes"))});
	}
}

/* Identifiers ought to be strings; a number is taken as it would be written. */
static struct str
item_id(struct builder *b, const json_t *item)
{
	const json_t *id = json_object_get(item, "id");
	return json_is_boolean(id) ? STR_NONE : field_string(b, json_value_text(b, id));
}

static void
bodies(struct builder *b, const json_t *item)
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
item(struct builder *b, const json_t *v)
{
	static const struct frame outside;
	struct frame f = outside;
	if (!json_is_object(v))
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
	slot_date(b, SLOT_PUBLISHED, 1, json_value_text(b, json_object_get(v, "date_published")));
	slot_date(b, SLOT_UPDATED, 1, json_value_text(b, json_object_get(v, "date_modified")));
	slot_string(b, SLOT_LANGUAGE, 1, lang_normalise(b->arena, str_trim(get(v, "language"))));
	authors(b, v);
	tags(b, v);
	attachments(b, v);
	item_end(b, &f);
}

static void
head(struct builder *b, const json_t *root)
{
	const json_t *hubs = json_object_get(root, "hubs");
	slot_string(b, SLOT_TITLE, 1, field_line(b, get(root, "title"), TEXT_GUESS));
	slot_string(b, SLOT_SUMMARY, 1, field_line(b, get(root, "description"), TEXT_GUESS));
	slot_string(b, SLOT_LANGUAGE, 1, lang_normalise(b->arena, str_trim(get(root, "language"))));
	slot_string(b, SLOT_IMAGE, 1, get_url(b, root, "icon"));
	slot_string(b, SLOT_IMAGE, 2, get_url(b, root, "favicon"));
	item_link(b, 1, get_url(b, root, "home_page_url"));
	b->doc->self = get_url(b, root, "feed_url");
	b->doc->next = get_url(b, root, "next_url");
	b->doc->hub = get_url(b, json_array_get(hubs, 0), "url");
	authors(b, root);
}

static void
recognise(struct builder *b, const json_t *root)
{
	struct str said = get(root, "version");
	ptrdiff_t at = said.s ? str_ifind(said, STR_LIT(VERSION_HEAD), 0) : -1;
	if (at >= 0) {
		struct str number = {said.s + at + strlen(VERSION_HEAD), said.len - (size_t)at - strlen(VERSION_HEAD)};
		builder_format(b, str_starts(number, STR_LIT("1.1")) ? FEED_JSON11 : FEED_JSON10, "version-member");
	}
	if (json_is_array(json_object_get(root, "items")))
		builder_format(
		    b, json_is_array(json_object_get(root, "authors")) ? FEED_JSON11 : FEED_JSON10, "items-member");
}

/* Nesting is measured first: jansson's own ceiling is far above ours. */
static bool
too_deep(struct str text, unsigned max)
{
	unsigned depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.s[i];
		if (quoted) {
			i += c == '\\';
			quoted = c != '"';
		} else if (c == '"') {
			quoted = true;
		} else if (c == '{' || c == '[') {
			if (++depth > max)
				return true;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return false;
}

static void
check_tree(struct builder *b, const struct arena *tree)
{
	if (tree->over_limit)
		builder_fail(
		    b, ERR_PARSER_LIMIT, "the document needs more than feed-output-bytes (%zu)", tree->max_bytes);
	else if (tree->failed)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
}

/* Strictly first; else mended, with the first error noted. */
static json_t *
load(struct str text, struct builder *b, struct arena *tree)
{
	struct json_mended mended = {0};
	json_error_t error, again;
	struct buf buf;
	json_t *root = json_memory_load(tree, text, 0, &error);
	if (root != NULL)
		return root;
	buf_init(&buf, text.len * 2 + 64);
	if (!tree->failed && json_mend(text, &buf, &mended))
		root = json_memory_load(tree, buf_view(&buf), 0, &again);
	check_tree(b, tree);
	if (buf.failed)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	else if (root == NULL)
		builder_fail(b, ERR_ILL_FORMED, "line %d: %s", error.line, error.text);
	buf_done(&buf);
	if (builder_failed(b))
		return NULL;
	builder_bozo(b, error.line > 0 ? (unsigned)error.line : 0, error.text);
	builder_repair(b, "mended-json");
	b->doc->truncated = mended.truncated;
	return root;
}

static void
read_tree(const json_t *root, struct builder *b)
{
	recognise(b, root);
	if (b->doc->format == FEED_UNKNOWN) {
		json_rss_read(root, b);
		return;
	}
	const json_t *items = json_object_get(root, "items");
	head(b, root);
	for (size_t i = 0; i < json_array_size(items) && !builder_failed(b); i++)
		item(b, json_array_get(items, i));
}

/* One tree after the other: of the head, then of each item. */
static bool
read_pieces(struct json_split *split, struct builder *b, struct arena *tree)
{
	json_error_t error;
	struct str piece;
	struct buf buf;
	buf_init(&buf, 0);
	const json_t *root = json_split_head(split, &buf) ? json_memory_load(tree, buf_view(&buf), 0, &error) : NULL;
	if (buf.failed)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	buf_done(&buf);
	if (root != NULL)
		read_tree(root, b);
	while (root != NULL && !builder_failed(b) && json_split_next(split, &piece)) {
		arena_reset(tree);
		root = json_memory_load(tree, piece, JSON_DECODE_ANY, &error);
		if (root != NULL)
			item(b, root);
	}
	check_tree(b, tree);
	return root != NULL;
}

enum json_verdict
json_feed_read(struct str text, bool whole, struct builder *b)
{
	struct json_split split;
	struct arena tree;
	if (too_deep(text, b->limits->depth)) {
		builder_fail(
		    b, ERR_PARSER_LIMIT, "arrays and objects nest deeper than feed-depth (%u)", b->limits->depth);
		return JSON_FAILED;
	}
	arena_init(&tree, b->limits->output_bytes);
	bool good = true;
	if (!whole && json_split_find(text, &split)) {
		good = read_pieces(&split, b, &tree);
	} else {
		const json_t *root = load(text, b, &tree);
		if (root != NULL)
			read_tree(root, b);
	}
	arena_done(&tree);
	return builder_failed(b) ? JSON_FAILED : good ? JSON_GOOD : JSON_BROKEN;
}
