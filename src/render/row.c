#include "render/render.h"

#include "base/utf8.h"
#include "render/ink.h"
#include "render/mark.h"
#include "text/safe.h"

enum { SOURCE_COLUMNS = 18, TITLE_LEAST = 24, NAMES_BYTES = 200 };

/* The ids of who and what, joined; topics behind actors. */
static void
put_names(struct buf *out, const struct record *r, const char *joint, bool labels)
{
	size_t start = out->len;
	for (int topics = 0; topics < 2; topics++) {
		for (size_t i = 0; i < r->match_count && out->len - start < NAMES_BYTES; i++) {
			const struct record_match *m = &r->matches[i];
			if (topics ? m->kind != WATCH_TOPIC : !watch_kind_is_actor(m->kind))
				continue;
			if (out->len > start)
				buf_puts(out, joint);
			text_safe(out, utf8_truncate(labels && !str_empty(m->label) ? m->label : m->id, NAMES_BYTES),
			    labels ? TEXT_SAFE_ISOLATE : 0);
		}
	}
}

/* Appends one word: white space within becomes _, nothing becomes "-"; padded to so many columns. */
static void
put_word(struct buf *out, struct str s, size_t columns)
{
	size_t start = out->len;
	text_safe(out, utf8_truncate(s, NAMES_BYTES), 0);
	for (size_t i = start; i < out->len; i++) {
		if (out->data[i] == ' ')
			out->data[i] = '_';
	}
	if (out->len == start)
		buf_putc(out, '-');
	for (size_t n = out->failed ? columns : text_width((struct str){out->data + start, out->len - start});
	     n < columns; n++)
		buf_putc(out, ' ');
	buf_putc(out, ' ');
}

void
render_columns(struct buf *out, const struct record *r)
{
	char at[TIME_FORMAT_MAX];
	struct buf names;
	buf_printf(out, "%-7lld ", (long long)r->id);
	put_word(out, str_from(time_format(render_item_at(r), false, at)), 20);
	put_word(out, r->watch_count > 0 ? str_from(render_severity_word(r->severity)) : STR_NONE, 6);
	put_word(out, r->feed_key, 20);
	buf_init(&names, 0);
	put_names(&names, r, ",", false);
	put_word(out, buf_view(&names), 24);
	out->failed |= names.failed;
	buf_done(&names);
	text_safe(out, r->title, 0);
	buf_putc(out, '\n');
}

/* The label of the row's first line: number, time, source, each in its column. */
static void
put_label(struct buf *out, const struct record *r, const struct render_style *style)
{
	char at[RENDER_TIME_MAX];
	struct str source = text_truncate_columns(render_source(r), SOURCE_COLUMNS);
	size_t start, width;

	buf_printf(out, "%6lld  %-16.16s  ", (long long)r->id, render_time(render_item_at(r), style->zone, at));
	start = out->len;
	text_safe(out, source, TEXT_SAFE_ISOLATE);
	width = out->failed ? SOURCE_COLUMNS : text_width((struct str){out->data + start, out->len - start});
	for (; width < SOURCE_COLUMNS + 2; width++)
		buf_putc(out, ' ');
}

void
render_table_row(struct buf *out, const struct record *r, const struct render_style *style)
{
	static const char blank[] = "                                                                ";
	struct ink ink = {.out = out, .colour = style->colour, .width = style->width};
	struct buf label, text;

	buf_init(&label, 0);
	buf_init(&text, out->max_bytes);
	put_label(&label, r, style);
	size_t indent = label.failed ? 0 : text_width(buf_view(&label));
	if (style->width > 0 &&
	    style->width < indent + TITLE_LEAST) { /* too narrow for columns: the label gets its own line */
		ink_paragraph(&ink, "", INK_DIM, buf_view(&label));
		buf_reset(&label);
		buf_puts(&label, "  ");
		indent = 2;
	}
	mark_field(&text, r, WATCH_FIELD_TITLE);
	if (str_empty(r->title))
		buf_puts(&text, "(no title)");
	ink.foreign = true;
	ink_paragraph(&ink, label.data ? label.data : "", INK_PLAIN, buf_view(&text));
	ink.foreign = false;
	buf_reset(&text);
	put_names(&text, r, ", ", true);
	if (text.len > 0) {
		if (r->watch_count > 0 && r->severity != 1)
			buf_printf(&text, " · %s", render_severity_word(r->severity));
		ink_paragraph(
		    &ink, blank + sizeof blank - 1 - (indent < sizeof blank ? indent : 0), INK_DIM, buf_view(&text));
	}
	out->failed |= label.failed | text.failed;
	buf_done(&label);
	buf_done(&text);
}
