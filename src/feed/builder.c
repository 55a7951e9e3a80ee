#include "feed/builder.h"

#include "base/hash.h"
#include "feed/lang.h"

#include <stdarg.h>
#include <stdlib.h>

void
builder_init(struct builder *b, const struct feed_limits *limits, struct arena *arena, struct str base,
    struct feed_doc *doc, struct err *err)
{
	memset(b, 0, sizeof *b);
	b->limits = limits;
	b->arena = b->doc_arena = arena;
	b->arena_start = arena->used_bytes;
	b->doc = doc;
	b->err = err;
	b->base = base;
	b->frames[0] = (struct frame){.place = IN_TOP, .base = base};
	b->update_frequency = 1;
	/* A field may be cut, but what stands around it in the buffer must have room. */
	buf_init(&b->text, limits->field_bytes + limits->start_tag_bytes * 4 + 65536);
	buf_init(&b->work, limits->output_bytes);
	buf_init(&b->html, limits->output_bytes);
	buf_init(&b->plain, limits->output_bytes);
}

void
builder_done(struct builder *b)
{
	buf_done(&b->text);
	buf_done(&b->work);
	buf_done(&b->html);
	buf_done(&b->plain);
	lists_done(&b->own);
	lists_done(&b->items_part);
	free(b->items);
	b->items = NULL;
}

void
builder_fail(struct builder *b, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	if (b->failed)
		return;
	b->failed = true;
	va_start(ap, fmt);
	err_setv(b->err, code, fmt, ap);
	va_end(ap);
}

void
builder_repair(struct builder *b, const char *word)
{
	for (size_t i = 0; i < b->repair_count; i++) {
		if (strcmp(b->repairs[i], word) == 0)
			return;
	}
	if (b->repair_count < BUILDER_REPAIRS_MAX)
		b->repairs[b->repair_count++] = word;
}

struct str
builder_keep(struct builder *b, struct str s)
{
	b->item_stays = true;
	return arena_str(b->doc_arena, s);
}

void
builder_bozo(struct builder *b, unsigned line, const char *reason)
{
	if (b->doc->bozo)
		return;
	b->doc->bozo = true;
	b->doc->bozo_line = line;
	b->doc->bozo_reason = builder_keep(b, str_from(reason));
}

void
builder_namespace(struct builder *b, enum feed_ns ns)
{
	if (b->rdf_format == FEED_UNKNOWN && (ns == NS_RSS10 || ns == NS_RSS090))
		b->rdf_format = ns == NS_RSS10 ? FEED_RSS10 : FEED_RSS090;
}

struct str
builder_view(struct builder *b, const struct buf *buf)
{
	if (buf->failed && buf->over_limit)
		builder_fail(b, ERR_PARSER_LIMIT, "a field needs more than feed-output-bytes (%zu)", buf->max_bytes);
	else if (buf->failed)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	return buf_view(buf);
}

struct str
attr_get(struct feed_attrs attrs, enum feed_ns ns, const char *name)
{
	for (size_t i = 0; i < attrs.count; i++) {
		if (attrs.list[i].ns == ns && str_ieq(attrs.list[i].local, str_from(name)))
			return attrs.list[i].value;
	}
	return STR_NONE;
}

struct str
attr_any(struct feed_attrs attrs, const char *name)
{
	for (size_t i = 0; i < attrs.count; i++) {
		if (attrs.list[i].ns != NS_XML && str_ieq(attrs.list[i].local, str_from(name)))
			return attrs.list[i].value;
	}
	return STR_NONE;
}

/* The same few names come again and again: a direct-mapped cache before the tables. */
static const struct feed_row *
find_row(struct builder *b, struct feed_name name, unsigned place)
{
	uint64_t key = hash64(name.local, (uint64_t)name.ns << 32 | place) | 1;
	struct builder_cache_slot *slot = &b->cache[key / 2 % BUILDER_CACHE_SLOTS];
	if (slot->key != key) {
		slot->row = rows_find(name.ns, name.local, place);
		slot->key = key;
	}
	return slot->row;
}

static void
inherit(struct builder *b, struct frame *f, const struct frame *parent, struct feed_attrs attrs)
{
	f->base = parent->base;
	f->language = parent->language;
	for (size_t i = 0; i < attrs.count; i++) {
		const struct feed_attr *a = &attrs.list[i];
		if (a->ns != NS_XML)
			continue;
		if (str_ieq(a->local, STR_LIT("base"))) {
			struct str base = url_resolve(b->arena, parent->base, str_trim(a->value));
			if (url_is_http(base))
				f->base = base;
		} else if (str_ieq(a->local, STR_LIT("lang"))) {
			f->language = lang_normalise(b->arena, str_trim(a->value));
		}
	}
}

static struct frame *
push(struct builder *b, const struct feed_row *row, struct feed_attrs attrs)
{
	struct frame *parent = builder_frame(b);
	if (b->top + 1 >= BUILDER_FRAMES_MAX) {
		builder_fail(b, ERR_PARSER_LIMIT, "elements nest deeper than feed-depth (%u)", b->limits->depth);
		return NULL;
	}
	struct frame *f = &b->frames[++b->top];
	*f = (struct frame){.text_start = b->text.len};
	inherit(b, f, parent, attrs);
	f->place = IN_WRAP;
	if (row != NULL) {
		unsigned place = action_place(row->action);
		f->action = row->action;
		f->slot = row->slot;
		f->rank = row->rank;
		f->place = (unsigned short)(place ? place : parent->place);
		f->collects = action_collects(row->action);
	}
	return f;
}

static bool
check_limits(struct builder *b, struct feed_attrs attrs)
{
	size_t n = 0;
	for (size_t i = 0; i < attrs.count; i++)
		n += attrs.list[i].local.len + attrs.list[i].value.len;
	if (n > b->limits->start_tag_bytes)
		builder_fail(b, ERR_PARSER_LIMIT, "a start tag is longer than feed-start-tag-bytes (%zu)",
		    b->limits->start_tag_bytes);
	else if (b->depth >= b->limits->depth)
		builder_fail(b, ERR_PARSER_LIMIT, "elements nest deeper than feed-depth (%u)", b->limits->depth);
	return !b->failed;
}

void
builder_start(struct builder *b, struct feed_name name, struct feed_attrs attrs)
{
	struct frame *f = builder_frame(b);
	if (b->failed || !check_limits(b, attrs))
		return;
	b->depth++;
	if (b->skip > 0) {
		b->skip++;
		return;
	}
	if (f->takes_markup || b->markup > 0) {
		b->markup++;
		if (f->takes_markup)
			markup_start(b, name, attrs);
		return;
	}
	const struct feed_row *row = find_row(b, name, f->place);
	/* Strange elements in a plain field: their text counts all the same. */
	if (row == NULL && f->collects && f->action != ACT_SOURCE) {
		b->markup++;
		return;
	}
	if (row == NULL && (f->place & (IN_TOP | IN_WRAP | IN_FEED)) == 0) {
		b->skip = 1;
		return;
	}
	struct frame *next = push(b, row, attrs);
	if (next != NULL && row != NULL)
		action_start(b, next, name, attrs);
}

void
builder_text(struct builder *b, struct str text)
{
	struct frame *f = builder_frame(b);
	if (b->failed || b->skip > 0 || !f->collects)
		return;
	size_t have = b->text.len - f->text_start;
	if (have + text.len > b->limits->field_bytes) {
		builder_repair(b, "field-cut");
		text.len = have < b->limits->field_bytes ? b->limits->field_bytes - have : 0;
	}
	if (f->mode == TEXT_XHTML)
		markup_escape(&b->text, text, false);
	else
		buf_str(&b->text, text);
}

static void
pop(struct builder *b)
{
	struct frame *f = builder_frame(b);
	struct str text = {b->text.data ? b->text.data + f->text_start : "", b->text.len - f->text_start};
	b->top--;
	if (f->action != ACT_NONE)
		action_end(b, f, text);
	if (b->text.data != NULL) {
		b->text.len = f->text_start;
		b->text.data[b->text.len] = '\0';
	}
}

void
builder_format(struct builder *b, enum feed_format format, const char *why)
{
	if (b->doc->format != FEED_UNKNOWN || format == FEED_UNKNOWN)
		return;
	b->doc->format = format;
	b->doc->format_why = str_from(why);
}

static void
check_arena(struct builder *b, const struct arena *arena, size_t grown)
{
	if (arena->over_limit)
		builder_fail(b, ERR_PARSER_LIMIT, "the items need more than feed-output-bytes (%zu)", arena->max_bytes);
	else if (arena->failed)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	if (grown > b->limits->output_bytes)
		builder_fail(
		    b, ERR_PARSER_LIMIT, "the items need more than feed-output-bytes (%zu)", b->limits->output_bytes);
}

void
builder_check(struct builder *b)
{
	size_t html = b->html_arena != NULL ? b->html_arena->used_bytes : 0;
	check_arena(b, b->doc_arena, b->doc_arena->used_bytes - b->arena_start + html);
	if (b->html_arena != NULL)
		check_arena(b, b->html_arena, html);
	if (b->stream != NULL)
		check_arena(b, &b->stream->arena, b->stream->arena.used_bytes);
	if (b->text.failed && !b->text.over_limit)
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
}

void
builder_end(struct builder *b, struct feed_name name)
{
	if (b->failed || b->depth == 0)
		return;
	b->depth--;
	if (b->skip > 0) {
		b->skip--;
	} else if (b->markup > 0) {
		if (builder_frame(b)->takes_markup)
			markup_end(b, name);
		b->markup--;
	} else {
		pop(b);
		builder_check(b);
	}
}

static struct str
join_repairs(struct builder *b)
{
	buf_reset(&b->work);
	for (size_t i = 0; i < b->repair_count; i++) {
		if (i > 0)
			buf_putc(&b->work, ' ');
		buf_puts(&b->work, b->repairs[i]);
	}
	return arena_str(b->arena, builder_view(b, &b->work));
}

static void
reverse(struct feed_item *items, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct feed_item t = items[i];
		items[i] = items[count - 1 - i];
		items[count - 1 - i] = t;
	}
}

/* A full ring begins anywhere: turned so that its oldest item comes first. */
static void
unroll_items(struct builder *b)
{
	if (b->item_first == 0)
		return;
	reverse(b->items, b->item_first);
	reverse(b->items + b->item_first, b->item_count - b->item_first);
	reverse(b->items, b->item_count);
}

static void
lay_out_items(struct builder *b)
{
	struct feed_item *items = b->items;
	size_t size = b->item_count * sizeof *items;
	if (b->item_count == 0)
		return;
	unroll_items(b);
	for (size_t i = 0; i < b->item_count; i++)
		item_inherit(b, b->doc, &items[i]);
	b->items = NULL;
	struct feed_item *fitted = realloc(items, size);
	items = fitted ? fitted : items;
	if (!arena_adopt(b->arena, items, size))
		return;
	b->doc->items = items;
	b->doc->item_count = b->item_count;
}

int
builder_finish(struct builder *b)
{
	b->item = NULL;
	b->arena = b->doc_arena;
	if (!b->failed) {
		lists_to_doc(b, &b->own, b->doc);
		if (b->doc->hints.update_period_ms > 0)
			b->doc->hints.update_period_ms /= b->update_frequency;
		if (b->stream != NULL)
			item_window(b);
		else
			lay_out_items(b);
		b->doc->repairs = join_repairs(b);
		builder_check(b);
	}
	return b->failed ? -1 : 0;
}
