#include "feed/xml.h"

#include "base/scan.h"
#include "base/utf8.h"

#include <stdio.h>

/*
 * A reader of well-formed XML 1.0 with namespaces and nothing else: at the first thing that is not in order it stops and
 * says where. It has no entities but XML's five and no document type of its own; documents with such are not for it
 * (XML_UNFIT). One pass, linear in the input whatever is in it; attributes are views into it where nothing had to be
 * decoded. More lenient than XML in one point: every character beyond ASCII may be part of a name.
 */

#define OPEN_MAX 96u
#define ATTRS_MAX 64u
#define BINDINGS_MAX 128u
#define TOGETHER_BYTES 16384u

enum class {
	SPACE = 1,
	NAME_START = 2,
	NAME = 4,
};

static const unsigned char classes[256] = {
    ['\t'] = SPACE,
    ['\n'] = SPACE,
    ['\r'] = SPACE,
    [' '] = SPACE,
    ['a' ... 'z'] = NAME_START | NAME,
    ['A' ... 'Z'] = NAME_START | NAME,
    ['_'] = NAME_START | NAME,
    [':'] = NAME_START | NAME,
    ['0' ... '9'] = NAME,
    ['-'] = NAME,
    ['.'] = NAME,
    [0x80 ... 0xff] = NAME_START | NAME,
};

struct binding {
	struct str prefix, uri;
	enum feed_ns ns;
};

struct open_element {
	struct str qname;
	struct feed_name name;
	unsigned binding_count; /* before it */
};

/* An attribute of the tag that is being read; a decoded value is in the scratch buffer, at an offset while that grows. */
struct raw_attr {
	struct str qname, value;
	size_t scratch_at;
	bool decoded;
};

struct strict {
	struct str text;
	size_t at;
	struct builder *b;
	struct xml_report *report;
	bool broken, unfit, doctype, root_seen;
	unsigned undeclared_line; /* of the first prefix that nobody declared */
	struct str root_uri; /* of a root in a namespace that nobody knows: its vocabulary is still that of a feed */
	struct open_element open[OPEN_MAX];
	unsigned depth;
	struct binding bindings[BINDINGS_MAX];
	unsigned binding_count;
	struct raw_attr attrs[ATTRS_MAX];
	struct buf scratch;
};

static unsigned
line_at(const struct strict *p, size_t at)
{
	unsigned line = 1;
	for (size_t i = 0; i < at && i < p->text.len; i++)
		line += p->text.s[i] == '\n';
	return line;
}

static bool
fail(struct strict *p, size_t at, const char *reason)
{
	if (p->broken || p->unfit)
		return false;
	p->broken = true;
	p->report->line = line_at(p, at);
	snprintf(p->report->reason, sizeof p->report->reason, "%s", reason);
	return false;
}

static bool
unfit(struct strict *p)
{
	p->unfit = !p->broken;
	return false;
}

static inline struct str
slice(const struct strict *p, size_t from, size_t to)
{
	return (struct str){p->text.s + from, to - from};
}

static inline bool
is(const struct strict *p, size_t at, enum class c)
{
	return at < p->text.len && (classes[(unsigned char)p->text.s[at]] & c) != 0;
}

static inline char
byte(const struct strict *p, size_t at)
{
	return at < p->text.len ? p->text.s[at] : '\0';
}

static bool
looking_at(const struct strict *p, struct str what)
{
	return p->text.len - p->at >= what.len && memcmp(p->text.s + p->at, what.s, what.len) == 0;
}

static void
skip_space(struct strict *p)
{
	while (is(p, p->at, SPACE))
		p->at++;
}

static struct str
read_name(struct strict *p)
{
	size_t from = p->at;
	if (!is(p, from, NAME_START))
		return STR_NONE;
	while (is(p, p->at, NAME))
		p->at++;
	return slice(p, from, p->at);
}

static size_t
find(const struct strict *p, size_t from, struct str what)
{
	ptrdiff_t at = from <= p->text.len ? str_find(p->text, what, from) : -1;
	return at < 0 ? SIZE_MAX : (size_t)at;
}

/* characters */

/* What needs a look in character data: markup, references, "]]>", line ends, what is no character of XML. */
static inline scan_vec
data_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '<') | (scan_vec)(v == '&') | (scan_vec)(v == ']') | (scan_vec)(v == 0xef) |
	       ((scan_vec)(v < 0x20) & ~((scan_vec)(v == '\n') | (scan_vec)(v == '\t')));
}

static const bool data_special[256] = {
    [0x00 ... 0x08] = true,
    [0x0b ... 0x1f] = true,
    ['<'] = true,
    ['&'] = true,
    [']'] = true,
    [0xef] = true,
};

static inline size_t
data_span(const char *s, size_t n)
{
	size_t i = scan_find(s, n, data_hits, 0);
	while (i < n && !data_special[(unsigned char)s[i]])
		i++;
	return i;
}

/* No character of XML: a control, or U+FFFE and U+FFFF. The text is valid UTF-8. */
static bool
is_forbidden(const struct strict *p, size_t at)
{
	unsigned char c = (unsigned char)p->text.s[at];
	if (c < 0x20)
		return c != '\t' && c != '\n' && c != '\r';
	return c == 0xef && p->text.len - at > 2 && (unsigned char)p->text.s[at + 1] == 0xbf &&
	       (unsigned char)p->text.s[at + 2] >= 0xbe;
}

static bool
is_xml_char(uint32_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
	       (c >= 0x10000 && c <= 0x10ffff);
}

/* "&#38;" at p->at, moved behind it; the length of what is put into out, 0 for a failure. */
static size_t
number_reference(struct strict *p, char out[8])
{
	size_t i = p->at + 2;
	bool hex = byte(p, i) == 'x';
	uint32_t c = 0;
	i += hex;
	size_t first = i;
	for (; i < p->text.len && c <= 0x10ffff; i++) {
		char d = ascii_lower(p->text.s[i]);
		if (d >= '0' && d <= '9')
			c = c * (hex ? 16 : 10) + (uint32_t)(d - '0');
		else if (hex && d >= 'a' && d <= 'f')
			c = c * 16 + (uint32_t)(d - 'a' + 10);
		else
			break;
	}
	if (i == first || byte(p, i) != ';' || !is_xml_char(c)) {
		fail(p, p->at, "a character reference that means no character");
		return 0;
	}
	p->at = i + 1;
	return utf8_put(c, out);
}

/* The reference at p->at; moves behind it. 0 for a failure. */
static size_t
reference(struct strict *p, char out[8])
{
	static const struct {
		struct str ref;
		char c;
	} five[] = {{STR_LIT("&lt;"), '<'}, {STR_LIT("&gt;"), '>'}, {STR_LIT("&amp;"), '&'}, {STR_LIT("&quot;"), '"'},
	    {STR_LIT("&apos;"), '\''}};
	for (size_t i = 0; i < sizeof five / sizeof *five; i++) {
		if (looking_at(p, five[i].ref)) {
			p->at += five[i].ref.len;
			out[0] = five[i].c;
			return 1;
		}
	}
	if (byte(p, p->at + 1) == '#')
		return number_reference(p, out);
	size_t start = p->at++;
	struct str name = read_name(p);
	if (name.len == 0 || byte(p, p->at) != ';')
		fail(p, start, "a raw '&'");
	else
		unfit(p);
	return 0;
}

/* What has been decoded so far, and then a piece that needs no decoding: short ones travel together. */
static void
emit(struct strict *p, size_t from, size_t end)
{
	if (p->scratch.len > 0 && end - from < TOGETHER_BYTES) {
		buf_add(&p->scratch, p->text.s + from, end - from);
		if (p->scratch.len < TOGETHER_BYTES)
			return;
		from = end;
	}
	if (p->scratch.len > 0)
		builder_text(p->b, buf_view(&p->scratch));
	p->scratch.len = 0;
	if (end > from)
		builder_text(p->b, slice(p, from, end));
}

/* A reference, a line end or what has no place in a text, at p->at. */
static bool
special_character(struct strict *p)
{
	char out[8], c = p->text.s[p->at];
	if (c == '&') {
		size_t n = reference(p, out);
		buf_add(&p->scratch, out, n);
		return n > 0;
	}
	if (c != '\r')
		return fail(p, p->at, "a character that XML does not allow");
	p->at += byte(p, p->at + 1) == '\n' ? 2 : 1;
	buf_putc(&p->scratch, '\n');
	return true;
}

/* The white space between the tags of elements that have no text of their own; false when there is more than that. */
static bool
indentation(struct strict *p)
{
	size_t at = p->at;
	while (is(p, at, SPACE))
		at++;
	if (byte(p, at) != '<' || builder_wants_text(p->b))
		return false;
	p->at = at;
	return true;
}

/* Character data up to the next tag. */
static bool
text(struct strict *p)
{
	if (indentation(p))
		return true;
	const char *lt = memchr(p->text.s + p->at, '<', p->text.len - p->at);
	size_t end = lt ? (size_t)(lt - p->text.s) : p->text.len, from = p->at;
	buf_reset(&p->scratch);
	while (p->at < end) {
		p->at += data_span(p->text.s + p->at, end - p->at);
		if (p->at == end)
			break;
		char c = p->text.s[p->at];
		if ((c == ']' || (unsigned char)c == 0xef) && !is_forbidden(p, p->at)) {
			if (looking_at(p, STR_LIT("]]>")))
				return fail(p, p->at, "\"]]>\" in a text");
			p->at++;
			continue;
		}
		emit(p, from, p->at);
		if (!special_character(p))
			return false;
		from = p->at;
	}
	emit(p, from, end);
	if (p->scratch.len > 0)
		builder_text(p->b, buf_view(&p->scratch));
	if (p->scratch.failed)
		builder_fail(p->b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	return !builder_failed(p->b);
}

/* A piece that holds no references; false for a forbidden character. */
static bool
check_characters(struct strict *p, size_t from, size_t end, bool *line_ends)
{
	*line_ends = false;
	while (from < end) {
		from += data_span(p->text.s + from, end - from);
		if (from < end && is_forbidden(p, from))
			return fail(p, from, "a character that XML does not allow");
		*line_ends |= from < end && p->text.s[from] == '\r';
		from++;
	}
	return true;
}

void
xml_emit_lines(struct builder *b, struct str text)
{
	while (text.len > 0) {
		const char *cr = memchr(text.s, '\r', text.len);
		size_t n = cr ? (size_t)(cr - text.s) : text.len;
		builder_text(b, (struct str){text.s, n});
		if (cr == NULL)
			return;
		builder_text(b, STR_LIT("\n"));
		n += n + 1 < text.len && cr[1] == '\n' ? 2 : 1;
		text = (struct str){text.s + n, text.len - n};
	}
}

static bool
cdata(struct strict *p)
{
	size_t from = p->at + strlen("<![CDATA["), end = find(p, from, STR_LIT("]]>"));
	bool line_ends;
	if (end == SIZE_MAX)
		return fail(p, p->at, "a CDATA section does not end");
	if (p->depth == 0)
		return fail(p, p->at, "a CDATA section outside of the root element");
	if (!check_characters(p, from, end, &line_ends))
		return false;
	if (line_ends)
		xml_emit_lines(p->b, slice(p, from, end));
	else
		builder_text(p->b, slice(p, from, end));
	p->at = end + 3;
	return !builder_failed(p->b);
}

/* comments, instructions, the document type */

static bool
comment(struct strict *p)
{
	size_t from = p->at + 4, end = find(p, from, STR_LIT("--"));
	bool ignored;
	if (end == SIZE_MAX || byte(p, end + 2) != '>')
		return fail(p, p->at, end == SIZE_MAX ? "a comment does not end" : "\"--\" in a comment");
	p->at = end + 3;
	return check_characters(p, from, end, &ignored);
}

static bool
instruction(struct strict *p)
{
	size_t start = p->at;
	p->at += 2;
	struct str target = read_name(p);
	size_t end = find(p, p->at, STR_LIT("?>"));
	bool ignored;
	if (target.len == 0 || end == SIZE_MAX || (end > p->at && !is(p, p->at, SPACE)))
		return fail(p, start, "a processing instruction that is none");
	if (str_ieq(target, STR_LIT("xml")))
		return fail(p, start, "the XML declaration stands not at the start of the document");
	size_t from = p->at;
	p->at = end + 2;
	return check_characters(p, from, end, &ignored);
}

/* A literal in quotes at p->at. */
static bool
literal(struct strict *p, struct str *ret)
{
	char quote = byte(p, p->at);
	const char *end =
	    quote == '"' || quote == '\'' ? memchr(p->text.s + p->at + 1, quote, p->text.len - p->at - 1) : NULL;
	if (end == NULL)
		return fail(p, p->at, "a literal in quotes is missing");
	*ret = slice(p, p->at + 1, (size_t)(end - p->text.s));
	p->at = (size_t)(end - p->text.s) + 1;
	return true;
}

/* "name = 'value'" of the XML declaration, after white space; false when there is none, or a failure. */
static bool
pseudo_attribute(struct strict *p, struct str name, struct str *value)
{
	size_t start = p->at;
	skip_space(p);
	if (p->at == start || !looking_at(p, name)) {
		p->at = start;
		return false;
	}
	p->at += name.len;
	skip_space(p);
	if (byte(p, p->at) != '=')
		return fail(p, p->at, "the XML declaration is not in order");
	p->at++;
	skip_space(p);
	return literal(p, value);
}

static bool
declaration(struct strict *p)
{
	struct str version = STR_NONE, encoding = STR_NONE, standalone = STR_NONE;
	p->at += strlen("<?xml");
	if (!pseudo_attribute(p, STR_LIT("version"), &version))
		return fail(p, p->at, "the XML declaration says no version");
	pseudo_attribute(p, STR_LIT("encoding"), &encoding);
	pseudo_attribute(p, STR_LIT("standalone"), &standalone);
	skip_space(p);
	if (!looking_at(p, STR_LIT("?>")) || !str_starts(version, STR_LIT("1.")) ||
	    (encoding.s != NULL &&
	        (encoding.len == 0 || ascii_lower(*encoding.s) < 'a' || ascii_lower(*encoding.s) > 'z')) ||
	    (standalone.s != NULL && !str_is(standalone, "yes") && !str_is(standalone, "no")))
		return fail(p, p->at, "the XML declaration is not in order");
	p->at += 2;
	return true;
}

/* Only a reference to a type elsewhere, which nobody reads. */
static bool
doctype(struct strict *p)
{
	struct str id[2] = {STR_LIT(""), STR_LIT("")};
	unsigned ids = 0;
	if (p->doctype || p->root_seen)
		return unfit(p);
	p->doctype = true;
	p->at += strlen("<!DOCTYPE");
	skip_space(p);
	if (read_name(p).len == 0)
		return fail(p, p->at, "a document type without a name");
	skip_space(p);
	if (looking_at(p, STR_LIT("PUBLIC")))
		ids = 2;
	else if (looking_at(p, STR_LIT("SYSTEM")))
		ids = 1;
	p->at += ids > 0 ? 6 : 0;
	for (unsigned i = 0; i < ids; i++) {
		skip_space(p);
		if (!literal(p, &id[i]))
			return false;
		if (str_ifind(id[i], STR_LIT("netscape"), 0) >= 0)
			p->b->netscape = true;
	}
	skip_space(p);
	if (byte(p, p->at) == '[')
		return unfit(p);
	if (byte(p, p->at) != '>')
		return fail(p, p->at, "a document type that does not end");
	p->at++;
	return true;
}

/* namespaces */

static struct str
split_name(struct str qname, struct str *prefix)
{
	const char *colon = memchr(qname.s, ':', qname.len);
	*prefix = STR_NONE;
	if (colon == NULL || colon == qname.s || colon + 1 == qname.s + qname.len)
		return qname;
	*prefix = (struct str){qname.s, (size_t)(colon - qname.s)};
	return (struct str){colon + 1, qname.len - prefix->len - 1};
}

static void
bind(struct strict *p, struct str prefix, struct str uri)
{
	enum feed_ns ns = ns_from_uri(uri);
	builder_namespace(p->b, ns);
	/* The views of the scratch buffer end with the tag. */
	if (ns == NS_UNKNOWN && (uri.s < p->text.s || uri.s > p->text.s + p->text.len))
		uri = arena_str(p->b->arena, uri);
	if (p->binding_count < BINDINGS_MAX)
		p->bindings[p->binding_count++] = (struct binding){prefix, uri, ns};
}

static enum feed_ns
lookup(struct strict *p, struct str prefix, struct str *uri)
{
	*uri = STR_NONE;
	for (unsigned i = p->binding_count; i > 0; i--) {
		if (!str_eq(p->bindings[i - 1].prefix, prefix))
			continue;
		if (prefix.len > 0 && p->bindings[i - 1].uri.len == 0)
			break;
		*uri = p->bindings[i - 1].uri;
		return p->bindings[i - 1].ns;
	}
	if (prefix.len == 0)
		return NS_NONE;
	enum feed_ns ns = ns_from_prefix(prefix);
	if (ns != NS_XML && p->undeclared_line == 0)
		p->undeclared_line = line_at(p, p->at);
	return ns;
}

static struct feed_name
element_name(struct strict *p, struct str qname)
{
	struct str prefix, uri;
	struct feed_name name = {.local = split_name(qname, &prefix)};
	name.ns = lookup(p, prefix, &uri);
	if (!p->root_seen)
		p->root_uri = uri;
	p->root_seen = true;
	if (name.ns == NS_UNKNOWN && uri.s != NULL && str_eq(uri, p->root_uri))
		name.ns = NS_NONE;
	return name;
}

/* tags */

static inline scan_vec
value_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '<') | (scan_vec)(v == '&') | (scan_vec)(v == '"') | (scan_vec)(v == '\'') |
	       (scan_vec)(v == 0xef) | (scan_vec)(v < 0x20);
}

static size_t
value_span(const char *s, size_t n)
{
	size_t i = scan_find(s, n, value_hits, 0);
	while (i < n && (unsigned char)s[i] >= 0x20 && s[i] != '<' && s[i] != '&' && s[i] != '"' && s[i] != '\'' &&
	       (unsigned char)s[i] != 0xef)
		i++;
	return i;
}

/* A value in quotes at p->at. White space becomes spaces, references are decoded. */
static bool
read_value(struct strict *p, struct raw_attr *a)
{
	char quote = byte(p, p->at), out[8];
	size_t start = p->at, from = ++p->at;
	if (quote != '"' && quote != '\'')
		return fail(p, start, "an attribute without quotes");
	a->decoded = false;
	a->scratch_at = p->scratch.len;
	for (;;) {
		p->at += value_span(p->text.s + p->at, p->text.len - p->at);
		if (p->at == p->text.len || p->text.s[p->at] == '<' || is_forbidden(p, p->at))
			return fail(p, start, "an attribute value that is not in order");
		char c = p->text.s[p->at];
		if (c == quote)
			break;
		if (c != '&' && (unsigned char)c >= 0x20) {
			p->at++;
			continue;
		}
		a->decoded = true;
		buf_add(&p->scratch, p->text.s + from, p->at - from);
		if (c == '&') {
			size_t n = reference(p, out);
			if (n == 0)
				return false;
			buf_add(&p->scratch, out, n);
		} else {
			p->at += c == '\r' && byte(p, p->at + 1) == '\n' ? 2 : 1;
			buf_putc(&p->scratch, ' ');
		}
		from = p->at;
	}
	if (a->decoded)
		buf_add(&p->scratch, p->text.s + from, p->at - from);
	a->value = a->decoded ? (struct str){NULL, p->scratch.len - a->scratch_at} : slice(p, from, p->at);
	p->at++;
	return true;
}

static bool
is_twice(const struct strict *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(p->attrs[i].qname, p->attrs[n].qname))
			return true;
	}
	return false;
}

/* All attributes, up to the end of the tag; *count of them are kept. */
static bool
read_attrs(struct strict *p, size_t start, size_t *count)
{
	size_t n = 0;
	buf_reset(&p->scratch);
	for (;;) {
		size_t before = p->at;
		skip_space(p);
		if (p->at - start > p->b->limits->start_tag_bytes)
			return unfit(p);
		char c = byte(p, p->at);
		if (c == '>' || c == '/')
			break;
		struct raw_attr spare, *a = n < ATTRS_MAX ? &p->attrs[n] : &spare;
		a->qname = read_name(p);
		if (a->qname.len == 0 || before == p->at - a->qname.len)
			return fail(p, p->at, "a tag that is not in order");
		skip_space(p);
		if (byte(p, p->at) != '=')
			return fail(p, p->at, "an attribute without a value");
		p->at++;
		skip_space(p);
		if (!read_value(p, a))
			return false;
		if (n == ATTRS_MAX)
			continue;
		if (is_twice(p, n))
			return fail(p, p->at, "an attribute stands there twice");
		n++;
	}
	*count = n;
	return true;
}

/* Binds the prefixes that the tag declares and hands the other attributes on. */
static size_t
settle_attrs(struct strict *p, size_t count, struct feed_attr *list)
{
	size_t n = 0;
	struct str prefix, uri;
	for (size_t i = 0; i < count; i++) {
		struct raw_attr *a = &p->attrs[i];
		if (a->decoded)
			a->value.s = buf_view(&p->scratch).s + a->scratch_at;
		if (!str_starts(a->qname, STR_LIT("xmlns")))
			continue;
		struct str local = split_name(a->qname, &prefix);
		if (a->qname.len == 5 || str_is(prefix, "xmlns"))
			bind(p, a->qname.len == 5 ? STR_NONE : local, a->value);
	}
	for (size_t i = 0; i < count; i++) {
		struct raw_attr *a = &p->attrs[i];
		struct str local = split_name(a->qname, &prefix);
		if (str_is(prefix, "xmlns") || str_is(a->qname, "xmlns"))
			continue;
		list[n].ns = prefix.len > 0 ? lookup(p, prefix, &uri) : NS_NONE;
		list[n].local = local;
		list[n++].value = a->value;
	}
	return n;
}

static void
pop(struct strict *p)
{
	struct open_element *top = &p->open[--p->depth];
	p->binding_count = top->binding_count;
	builder_end(p->b, top->name);
}

static bool
start_tag(struct strict *p)
{
	struct feed_attr list[ATTRS_MAX];
	size_t start = p->at++, count = 0, n = 0;
	unsigned bindings = p->binding_count;
	struct str qname = read_name(p);
	if (qname.len == 0)
		return fail(p, start, "a raw '<'");
	if (p->depth == 0 && p->root_seen)
		return fail(p, start, "something stands behind the root element");
	if (byte(p, p->at) != '>' && !read_attrs(p, start, &count))
		return false;
	if (p->depth == OPEN_MAX) {
		builder_fail(p->b, ERR_PARSER_LIMIT, "elements nest deeper than feed-depth (%u)", p->b->limits->depth);
		return false;
	}
	bool closed = byte(p, p->at) == '/';
	if (byte(p, p->at + closed) != '>')
		return fail(p, p->at, "a tag that is not in order");
	p->at += 1u + closed;
	if (count > 0)
		n = settle_attrs(p, count, list);
	struct feed_name name = element_name(p, qname);
	p->open[p->depth++] = (struct open_element){qname, name, bindings};
	builder_start(p->b, name, (struct feed_attrs){list, n});
	if (closed)
		pop(p);
	if (p->scratch.failed)
		builder_fail(p->b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
	return !builder_failed(p->b);
}

static bool
end_tag(struct strict *p)
{
	size_t start = p->at, from = p->at + 2;
	struct str qname = p->depth > 0 ? p->open[p->depth - 1].qname : STR_NONE;
	if (p->depth == 0 || p->text.len - from < qname.len || memcmp(p->text.s + from, qname.s, qname.len) != 0)
		return fail(p, start, "an end tag does not match");
	p->at = from + qname.len;
	skip_space(p);
	if (byte(p, p->at) != '>')
		return fail(p, start, "an end tag does not match");
	p->at++;
	pop(p);
	return !builder_failed(p->b);
}

static bool
markup(struct strict *p)
{
	char next = byte(p, p->at + 1);
	if (next == '/')
		return end_tag(p);
	if (next == '?')
		return instruction(p);
	if (next != '!')
		return start_tag(p);
	if (looking_at(p, STR_LIT("<![CDATA[")))
		return cdata(p);
	if (looking_at(p, STR_LIT("<!--")))
		return comment(p);
	if (looking_at(p, STR_LIT("<!DOCTYPE")))
		return doctype(p);
	return fail(p, p->at, "a declaration that is none");
}

static bool
document(struct strict *p)
{
	bool good = true;
	if (looking_at(p, STR_LIT("<?xml")) && is(p, 5, SPACE))
		good = declaration(p);
	while (good && p->at < p->text.len) {
		if (p->text.s[p->at] == '<') {
			good = markup(p);
		} else if (p->depth > 0) {
			good = text(p);
		} else {
			skip_space(p);
			if (p->at < p->text.len && p->text.s[p->at] != '<')
				good = fail(p, p->at, "text outside of the root element");
		}
	}
	if (good && p->depth > 0)
		return fail(p, p->text.len, "the document ends before its root element does");
	return good && (p->root_seen || fail(p, p->text.len, "there is no root element"));
}

enum xml_verdict
xml_strict(struct str text, struct builder *b, struct xml_report *report)
{
	struct strict p = {.b = b, .report = report, .text = text, .root_uri = STR_NONE};
	*report = (struct xml_report){0};
	buf_init(&p.scratch, 0);
	bool good = document(&p);
	buf_done(&p.scratch);
	if (builder_failed(b))
		return XML_FAILED;
	if (p.unfit)
		return XML_UNFIT;
	if (!good)
		return XML_BROKEN;
	if (p.undeclared_line > 0) {
		builder_bozo(b, p.undeclared_line, "a namespace prefix is not declared");
		builder_repair(b, "undeclared-prefix");
	}
	return XML_GOOD;
}
