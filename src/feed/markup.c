#include "feed/builder.h"

#include "base/scan.h"

static inline scan_vec
escape_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '&') | (scan_vec)(v == '<') | (scan_vec)(v == '>') | (scan_vec)(v == '"');
}

static const char *
reference_for(char c, bool attribute)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return attribute ? "&quot;" : NULL;
	}
	return NULL;
}

void
markup_escape(struct buf *out, struct str text, bool attribute)
{
	size_t from = 0;
	for (size_t i = 0; i < text.len; i++) {
		i += scan_find(text.s + i, text.len - i, escape_hits, 0);
		const char *ref = i < text.len ? reference_for(text.s[i], attribute) : NULL;
		if (ref != NULL) {
			buf_add(out, text.s + from, i - from);
			buf_puts(out, ref);
			from = i + 1;
		}
	}
	buf_add(out, text.s + from, text.len - from);
}

/* The first element in a field that was taken for text: from here on it is HTML. */
void
markup_begin(struct builder *b, struct frame *f)
{
	if (f->mode == TEXT_GUESS) {
		f->mode = TEXT_HTML;
	} else if (f->mode == TEXT_PLAIN) {
		buf_reset(&b->work);
		markup_escape(&b->work,
		    (struct str){b->text.data ? b->text.data + f->text_start : "", b->text.len - f->text_start}, false);
		b->text.len = f->text_start;
		buf_str(&b->text, builder_view(b, &b->work));
		f->mode = TEXT_XHTML;
	}
}

static bool
is_link_name(struct str name)
{
	static const char *const names[] = {"href", "src", "cite", "longdesc", "poster", "data", "action", "background"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_ieq(name, str_from(names[i])))
			return true;
	}
	return false;
}

static void
enter_base(struct builder *b, struct str ref)
{
	struct str outer = b->inner_base_count ? b->inner_bases[b->inner_base_count - 1].base : builder_frame(b)->base;
	if (ref.s == NULL || b->inner_base_count == BUILDER_BASES_MAX)
		return;
	struct str base = url_resolve(b->arena, outer, ref);
	if (!url_is_http(base))
		return;
	b->inner_bases[b->inner_base_count].markup = b->markup;
	b->inner_bases[b->inner_base_count++].base = base;
}

static bool
room_left(const struct builder *b, const struct frame *f)
{
	return b->text.len - f->text_start < b->limits->field_bytes;
}

void
markup_start(struct builder *b, struct feed_name name, struct feed_attrs attrs)
{
	struct frame *f = builder_frame(b);
	enter_base(b, attr_get(attrs, NS_XML, "base"));
	if (!room_left(b, f))
		return;
	markup_begin(b, f);
	buf_putc(&b->text, '<');
	buf_str(&b->text, name.local);
	for (size_t i = 0; i < attrs.count; i++) {
		struct str value = attrs.list[i].value;
		if (attrs.list[i].ns != NS_NONE && attrs.list[i].ns != NS_XHTML)
			continue;
		if (b->inner_base_count > 0 && is_link_name(attrs.list[i].local)) {
			struct str link = url_resolve(b->arena, b->inner_bases[b->inner_base_count - 1].base, value);
			value = link.s ? link : value;
		}
		buf_putc(&b->text, ' ');
		buf_str(&b->text, attrs.list[i].local);
		buf_puts(&b->text, "=\"");
		markup_escape(&b->text, value, true);
		buf_putc(&b->text, '"');
	}
	buf_putc(&b->text, '>');
}

static bool
is_void(struct str name)
{
	static const char *const names[] = {"br", "img", "hr", "input", "wbr", "col", "area", "embed", "source",
	    "track", "link", "meta", "base", "param"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_ieq(name, str_from(names[i])))
			return true;
	}
	return false;
}

void
markup_end(struct builder *b, struct feed_name name)
{
	if (b->inner_base_count > 0 && b->inner_bases[b->inner_base_count - 1].markup == b->markup)
		b->inner_base_count--;
	if (is_void(name.local) || !room_left(b, builder_frame(b)))
		return;
	buf_puts(&b->text, "</");
	buf_str(&b->text, name.local);
	buf_putc(&b->text, '>');
}
