#include "feed/xml.h"

#include "feed/xml_dtd.h"
#include "text/entities.h"

#include <stdio.h>

/*
 * A tokenizer that never gives up. What it mends: text before and after the root, raw '&' and '<', references that XML
 * does not know, unclosed and crossed tags, attributes without quotes, prefixes without declaration, CDATA sections
 * that do not end. Elements whose end is missing are closed by what cannot stand inside them.
 */

#define OPEN_MAX 96u
#define ATTRS_MAX 64u
#define BINDINGS_MAX 64u
#define NAME_BYTES_MAX 1024u
#define REFERENCE_BYTES_MAX 40u

struct open_element {
	struct str qname;
	struct feed_name name;
	unsigned binding_count; /* before it */
	bool field;             /* takes markup */
	bool item;
};

struct binding {
	struct str prefix;
	enum feed_ns ns;
};

struct loose {
	struct str text;
	size_t at;
	struct builder *b;
	struct xml_report *report;
	struct open_element open[OPEN_MAX];
	unsigned depth;
	struct binding bindings[BINDINGS_MAX];
	unsigned binding_count;
	struct xml_dtd dtd;
	bool root_closed;
	struct buf attr_text;
	struct arena tag_arena; /* decoded attributes of the tag: an item before it may end with it, and its arena */
};

static void
note(struct loose *p, const char *reason)
{
	unsigned line = 1;
	p->report->broken = true;
	if (p->report->line != 0)
		return;
	for (size_t i = 0; i < p->at && i < p->text.len; i++)
		line += p->text.s[i] == '\n';
	p->report->line = line;
	snprintf(p->report->reason, sizeof p->report->reason, "%s", reason);
}

static bool
is_name_start(char c)
{
	return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool
is_name_char(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
}

static struct str
slice(const struct loose *p, size_t from, size_t to)
{
	return (struct str){p->text.s + from, to - from};
}

static bool
looking_at(const struct loose *p, struct str what)
{
	return p->text.len - p->at >= what.len && str_ieq(slice(p, p->at, p->at + what.len), what);
}

static struct str
split_name(struct str qname, struct str *prefix)
{
	const char *colon = memchr(qname.s, ':', qname.len);
	*prefix = STR_NONE;
	if (colon == NULL)
		return qname;
	*prefix = (struct str){qname.s, (size_t)(colon - qname.s)};
	return (struct str){colon + 1, qname.len - prefix->len - 1};
}

/* namespaces */

static void
bind(struct loose *p, struct str prefix, struct str uri)
{
	enum feed_ns ns = ns_from_uri(uri);
	/* An unknown vocabulary as the default of the root: it is a feed's all the same. */
	if (ns == NS_UNKNOWN && prefix.len == 0 && p->depth == 0)
		ns = NS_NONE;
	builder_namespace(p->b, ns);
	if (p->binding_count < BINDINGS_MAX)
		p->bindings[p->binding_count++] = (struct binding){prefix, ns};
}

static enum feed_ns
ns_of(struct loose *p, struct str prefix, bool attribute)
{
	if (attribute && prefix.len == 0)
		return NS_NONE;
	for (unsigned i = p->binding_count; i > 0; i--) {
		if (str_eq(p->bindings[i - 1].prefix, prefix))
			return p->bindings[i - 1].ns;
	}
	if (prefix.len == 0)
		return NS_NONE;
	enum feed_ns ns = ns_from_prefix(prefix);
	if (ns != NS_XML) {
		note(p, "a namespace prefix is not declared");
		builder_repair(p->b, "undeclared-prefix");
	}
	return ns;
}

/* text and references */

static void
emit(void *user, struct str text)
{
	struct loose *p = user;
	xml_emit_lines(p->b, text);
}

static void
emit_attr(void *user, struct str text)
{
	struct loose *p = user;
	buf_str(&p->attr_text, text);
}

/* One reference at p->text.s[at]; the bytes it takes, at least 1. */
static size_t
reference(struct loose *p, size_t at, size_t end, xml_dtd_sink *sink)
{
	char out[8];
	size_t n = 0;
	struct str in = slice(p, at, end);
	if (in.len > 1 && in.s[1] == '#') {
		size_t used = text_entity_at(in, false, out, &n);
		if (used > 0) {
			if (n == 1 && (unsigned char)out[0] < 0x20 && !ascii_space(out[0]))
				n = 0;
			sink(p, (struct str){out, n});
			return used;
		}
	}
	size_t i = 1;
	while (i < in.len && i < REFERENCE_BYTES_MAX && is_name_char(in.s[i]))
		i++;
	struct str name = {in.s + 1, i - 1};
	if (i < in.len && in.s[i] == ';' && name.len > 0) {
		enum xml_dtd_found found = xml_dtd_expand(&p->dtd, p->b, name, sink, p);
		if (found == XML_DTD_HTML)
			note(p, "a character reference is not XML's");
		if (found != XML_DTD_UNKNOWN) {
			if (found == XML_DTD_HTML)
				builder_repair(p->b, "html-references");
			return i + 1;
		}
	}
	note(p, "a raw '&'");
	builder_repair(p->b, "raw-ampersand");
	sink(p, STR_LIT("&"));
	return 1;
}

/* Text with references, up to `end`. */
static void
text_until(struct loose *p, size_t from, size_t end, xml_dtd_sink *sink)
{
	while (from < end && !builder_failed(p->b)) {
		const char *amp = memchr(p->text.s + from, '&', end - from);
		size_t stop = amp ? (size_t)(amp - p->text.s) : end;
		if (stop > from)
			sink(p, slice(p, from, stop));
		from = stop < end ? stop + reference(p, stop, end, sink) : end;
	}
}

/* open elements */

static void
close_top(struct loose *p)
{
	struct open_element *top = &p->open[--p->depth];
	builder_end(p->b, top->name);
	p->binding_count = top->binding_count;
	if (p->depth == 0)
		p->root_closed = true;
}

static void
close_down_to(struct loose *p, unsigned index)
{
	while (p->depth > index && !builder_failed(p->b))
		close_top(p);
}

static ptrdiff_t
find_open(const struct loose *p, struct str qname)
{
	for (unsigned i = p->depth; i > 0; i--) {
		if (str_ieq(p->open[i - 1].qname, qname))
			return (ptrdiff_t)i - 1;
	}
	return -1;
}

static bool
in_words(struct str name, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_ieq(name, str_from(words[i])))
			return true;
	}
	return false;
}

#define IN_WORDS(name, words) in_words((name), (words), sizeof(words) / sizeof *(words))

static bool
is_void_html(struct str name)
{
	static const char *const words[] = {
	    "br", "img", "hr", "input", "wbr", "col", "area", "embed", "track", "meta", "param"};
	return IN_WORDS(name, words);
}

/* Names that a feed and HTML share: inside a field of HTML they are HTML. */
static bool
is_shared_name(struct str name)
{
	static const char *const words[] = {"a", "link", "title", "summary", "source", "image", "body", "content",
	    "div", "data", "time", "address", "label", "text", "info", "abstract", "name", "url", "date"};
	return IN_WORDS(name, words);
}

static bool
is_bone(const struct feed_row *row)
{
	return row != NULL && row->action >= ACT_RSS && row->action <= ACT_ENTRY;
}

/* The start of what cannot be inside the open field or item ends it. */
static void
close_implied(struct loose *p, struct feed_name name)
{
	struct builder *b = p->b;
	bool item =
	    ns_is_core(name.ns) && (str_ieq(name.local, STR_LIT("item")) || str_ieq(name.local, STR_LIT("entry")));
	for (unsigned i = p->depth; item && i > 0; i--) {
		if (!p->open[i - 1].item)
			continue;
		note(p, "an item is not closed");
		builder_repair(b, "unclosed-item");
		close_down_to(p, i - 1);
		return;
	}
	struct frame *f = builder_frame(b);
	if (b->skip > 0 || b->top == 0 || !f->collects || f->place == f[-1].place)
		return;
	const struct feed_row *row = rows_find(name.ns, name.local, f[-1].place);
	if (row == NULL || (!f->takes_markup && rows_find(name.ns, name.local, f->place) != NULL))
		return;
	bool html = f->takes_markup && (f->mode == TEXT_XHTML ? !is_bone(row) : is_shared_name(name.local));
	if (html && f->slot != SLOT_TITLE)
		return;
	unsigned field = p->depth;
	while (field > 0 && p->depth - field < b->markup)
		field--;
	if (field == 0)
		return;
	note(p, "an element is not closed");
	builder_repair(b, "unclosed-element");
	close_down_to(p, field - 1);
}

/* Paragraphs and list items close their like. */
static void
close_html_implied(struct loose *p, struct str local)
{
	static const char *const words[] = {"p", "li", "tr", "td", "th", "dt", "dd", "option"};
	if (p->b->markup > 0 && p->depth > 0 && str_ieq(p->open[p->depth - 1].qname, local) && IN_WORDS(local, words))
		close_top(p);
}

/* tags */

static size_t
skip_space(const struct loose *p, size_t at)
{
	while (at < p->text.len && ascii_space(p->text.s[at]))
		at++;
	return at;
}

static size_t
skip_name(const struct loose *p, size_t at)
{
	size_t max = at + NAME_BYTES_MAX;
	while (at < p->text.len && at < max && is_name_char(p->text.s[at]))
		at++;
	return at;
}

struct tag {
	struct str qname;
	struct feed_attr attrs[ATTRS_MAX];
	struct str prefixes[ATTRS_MAX];
	size_t count;
	bool closed; /* "/>" */
	bool whole;  /* '>' was there */
};

/* The raw value behind '='; sets p->at behind it. */
static struct str
attr_value(struct loose *p)
{
	size_t from = p->at, end;
	char quote = from < p->text.len ? p->text.s[from] : '\0';
	if (quote == '"' || quote == '\'') {
		const char *q = memchr(p->text.s + from + 1, quote, p->text.len - from - 1);
		if (q != NULL && (size_t)(q - p->text.s) - from <= p->b->limits->start_tag_bytes) {
			end = (size_t)(q - p->text.s);
			p->at = end + 1;
			return slice(p, from + 1, end);
		}
		from++;
	}
	note(p, "an attribute without quotes");
	for (end = from; end < p->text.len && !ascii_space(p->text.s[end]) && strchr("<>", p->text.s[end]) == NULL;
	     end++)
		;
	p->at = end;
	return slice(p, from, end);
}

static struct str
decode_attr(struct loose *p, struct str raw)
{
	if (raw.len == 0 || memchr(raw.s, '&', raw.len) == NULL)
		return raw;
	size_t from = (size_t)(raw.s - p->text.s);
	buf_reset(&p->attr_text);
	text_until(p, from, from + raw.len, emit_attr);
	if (p->attr_text.failed && !p->attr_text.over_limit)
		builder_fail(p->b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	struct str value = arena_str(&p->tag_arena, buf_view(&p->attr_text));
	if (p->tag_arena.failed)
		builder_fail(p->b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	return value;
}

static void
add_attr(struct loose *p, struct tag *tag, struct str qname, struct str value)
{
	struct str prefix, local = split_name(qname, &prefix);
	if (str_eq(qname, STR_LIT("xmlns"))) {
		bind(p, STR_NONE, decode_attr(p, value));
	} else if (str_eq(prefix, STR_LIT("xmlns"))) {
		bind(p, local, decode_attr(p, value));
	} else if (tag->count < ATTRS_MAX) {
		tag->attrs[tag->count].local = local;
		tag->prefixes[tag->count] = prefix;
		tag->attrs[tag->count++].value = decode_attr(p, value);
	}
}

static void
read_attrs(struct loose *p, struct tag *tag)
{
	size_t start = p->at;
	while (p->at < p->text.len) {
		p->at = skip_space(p, p->at);
		if (p->at - start > p->b->limits->start_tag_bytes) {
			builder_fail(p->b, ERR_PARSER_LIMIT, "a start tag is longer than feed-start-tag-bytes (%zu)",
			    p->b->limits->start_tag_bytes);
			return;
		}
		char c = p->at < p->text.len ? p->text.s[p->at] : '\0';
		if (c == '>' || c == '<') {
			tag->whole = true;
			p->at += c == '>';
			return;
		}
		tag->closed = c == '/';
		size_t end = skip_name(p, p->at);
		if (end == p->at) {
			p->at++;
			continue;
		}
		struct str qname = slice(p, p->at, end);
		p->at = skip_space(p, end);
		struct str value = STR_LIT("");
		if (p->at < p->text.len && p->text.s[p->at] == '=') {
			p->at = skip_space(p, p->at + 1);
			value = attr_value(p);
		}
		add_attr(p, tag, qname, value);
	}
}

static void
push(struct loose *p, const struct tag *tag, struct feed_name name, unsigned bindings_before)
{
	const struct feed_row *row = rows_find(name.ns, name.local, builder_frame(p->b)->place);
	if (p->depth >= OPEN_MAX) {
		builder_fail(p->b, ERR_PARSER_LIMIT, "elements nest deeper than feed-depth (%u)", p->b->limits->depth);
		return;
	}
	bool item = p->b->skip == 0 && p->b->markup == 0 && row != NULL &&
	            (row->action == ACT_ITEM || row->action == ACT_ENTRY);
	p->open[p->depth++] = (struct open_element){tag->qname, name, bindings_before, false, item};
	builder_start(p->b, name, (struct feed_attrs){tag->attrs, tag->count});
}

static void
start_tag(struct loose *p)
{
	struct tag tag;
	unsigned bindings_before = p->binding_count;
	size_t end = skip_name(p, p->at + 1);
	tag.qname = slice(p, p->at + 1, end);
	tag.count = 0;
	tag.closed = tag.whole = false;
	p->at = end;
	arena_reset(&p->tag_arena);
	read_attrs(p, &tag);
	if (builder_failed(p->b) || !tag.whole)
		return;
	struct str prefix;
	struct feed_name name = {.local = split_name(tag.qname, &prefix)};
	name.ns = ns_of(p, prefix, false);
	for (size_t i = 0; i < tag.count; i++)
		tag.attrs[i].ns = ns_of(p, tag.prefixes[i], true);
	close_implied(p, name);
	close_html_implied(p, name.local);
	bool field = builder_frame(p->b)->takes_markup && p->b->skip == 0;
	/* Before the root anything is junk; a field's own markup must not use up the depth. */
	if ((p->depth == 0 && rows_find(name.ns, name.local, IN_TOP) == NULL) ||
	    (field && p->depth + 4 >= p->b->limits->depth))
		return;
	push(p, &tag, name, bindings_before);
	if ((tag.closed || (field && is_void_html(name.local))) && p->depth > 0 && !builder_failed(p->b))
		close_top(p);
}

static bool
is_root_name(struct str qname)
{
	struct str prefix, local = split_name(qname, &prefix);
	static const char *const words[] = {"rss", "rdf", "feed", "channel", "urlset", "sitemapindex"};
	return IN_WORDS(local, words);
}

static void
end_tag(struct loose *p)
{
	size_t end = skip_name(p, p->at + 2);
	struct str qname = slice(p, p->at + 2, end), prefix, top_prefix;
	size_t next = skip_space(p, end);
	ptrdiff_t index = find_open(p, qname);
	if (index < 0 && p->depth > 0 &&
	    str_ieq(split_name(qname, &prefix), split_name(p->open[p->depth - 1].qname, &top_prefix)))
		index = (ptrdiff_t)p->depth - 1;
	if (index < 0 || (unsigned)index != p->depth - 1) {
		note(p, "an end tag does not match");
		builder_repair(p->b, "mismatched-tags");
	}
	while (next < p->text.len && p->text.s[next] != '>' && p->text.s[next] != '<')
		next++;
	p->at = next < p->text.len && p->text.s[next] == '>' ? next + 1 : next;
	if (index >= 0)
		close_down_to(p, (unsigned)index);
	else if (p->depth == 0 && is_root_name(qname))
		p->root_closed = true;
}

/* sections */

static size_t
find_after(const struct loose *p, const char *what, size_t from)
{
	ptrdiff_t at = from < p->text.len ? str_find(p->text, str_from(what), from) : -1;
	return at < 0 ? SIZE_MAX : (size_t)at;
}

/* Where the end tag of the innermost open element stands, or SIZE_MAX. */
static size_t
find_own_end(const struct loose *p, size_t from)
{
	char tag[64];
	if (p->depth == 0 || p->open[p->depth - 1].qname.len > sizeof tag - 4)
		return SIZE_MAX;
	snprintf(tag, sizeof tag, "</%.*s", STR_ARG(p->open[p->depth - 1].qname));
	return find_after(p, tag, from);
}

/*
 * A section that lost its end would swallow what follows, up to the end of the next one: if the element's end tag comes
 * first and then another section, the end tag is believed.
 */
static void
cdata(struct loose *p)
{
	size_t from = p->at + 9, end = find_after(p, "]]>", from), own = SIZE_MAX;
	size_t another = find_after(p, "<![CDATA[", from);
	if (end == SIZE_MAX || another < end)
		own = find_own_end(p, from);
	if (own < end && (end == SIZE_MAX || own < another)) {
		note(p, "a CDATA section does not end");
		builder_repair(p->b, "unclosed-cdata");
		struct str text = slice(p, from, own);
		for (size_t i = 0; i < 2 && str_ends(text, STR_LIT("]")); i++)
			text.len--;
		builder_text(p->b, text);
		p->at = own;
		return;
	}
	xml_emit_lines(p->b, slice(p, from, end == SIZE_MAX ? p->text.len : end));
	p->at = end == SIZE_MAX ? p->text.len : end + 3;
}

static void
skip_section(struct loose *p, size_t head, const char *end)
{
	size_t to = find_after(p, end, p->at + head);
	if (to == SIZE_MAX) {
		note(p, "a comment or instruction does not end");
		end = ">";
		to = find_after(p, end, p->at + head);
	}
	p->at = to == SIZE_MAX ? p->text.len : to + strlen(end);
}

static void
markup(struct loose *p)
{
	char next = p->at + 1 < p->text.len ? p->text.s[p->at + 1] : '\0';
	if (next == '/' && p->at + 2 < p->text.len && is_name_start(p->text.s[p->at + 2])) {
		end_tag(p);
	} else if (is_name_start(next)) {
		start_tag(p);
	} else if (looking_at(p, STR_LIT("<![CDATA["))) {
		cdata(p);
	} else if (looking_at(p, STR_LIT("<!--"))) {
		skip_section(p, 4, "-->");
	} else if (looking_at(p, STR_LIT("<!DOCTYPE"))) {
		p->at = xml_dtd_read(&p->dtd, p->text, p->at, p->b);
	} else if (next == '?') {
		skip_section(p, 2, "?>");
	} else if (next == '!') {
		skip_section(p, 2, ">");
	} else {
		note(p, "a raw '<'");
		builder_repair(p->b, "raw-less-than");
		builder_text(p->b, STR_LIT("<"));
		p->at++;
	}
}

enum xml_verdict
xml_loose(struct str text, struct builder *b, struct xml_report *report)
{
	struct loose p = {.text = text, .b = b, .report = report};
	*report = (struct xml_report){0};
	buf_init(&p.attr_text, b->limits->start_tag_bytes * 4);
	arena_init(&p.tag_arena, 0);
	while (p.at < text.len && !builder_failed(b)) {
		const char *lt = memchr(text.s + p.at, '<', text.len - p.at);
		size_t stop = lt ? (size_t)(lt - text.s) : text.len;
		if (stop > p.at && p.depth > 0)
			text_until(&p, p.at, stop, emit);
		p.at = stop;
		if (lt != NULL)
			markup(&p);
	}
	report->truncated = p.depth > 0 || !p.root_closed;
	buf_done(&p.attr_text);
	arena_done(&p.tag_arena);
	return builder_failed(b) ? XML_FAILED : XML_GOOD;
}
