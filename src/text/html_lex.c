#include "text/html_lex.h"

#include "text/html_scan.h"

#define DEAD_ENDS_MAX 8u /* after so many unfinished tags every '<' is text: keeps the whole linear */

const struct html_element html_elements[HTML_ID_COUNT] = {
#define ELEMENT(id, name, flags) [HTML_ID_##id] = {name, sizeof(name) - 1, flags},
#include "text/html_elements.def"
#undef ELEMENT
};

bool
html_key_make(struct str name, struct html_key *ret)
{
	struct html_key key = {0, 0};
	size_t n = name.len < 8 ? name.len : 8, i;

	if (name.len == 0 || name.len > 15)
		return false;
	for (i = 0; i < n; i++)
		key.high |= (uint64_t)(unsigned char)ascii_lower(name.s[i]) << (56 - 8 * i);
	for (; i < name.len; i++)
		key.low |= (uint64_t)(unsigned char)ascii_lower(name.s[i]) << (120 - 8 * i);
	*ret = key;
	return true;
}

static const struct html_element *
find_key(struct html_key want)
{
	size_t lo = 0, hi = HTML_ID_COUNT;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int order = html_key_cmp(want, html_key_of(html_elements[mid].name));
		if (order == 0)
			return &html_elements[mid];
		if (order < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

const struct html_element *
html_element_find(struct str name)
{
	struct html_key want;
	return html_key_make(name, &want) ? find_key(want) : NULL;
}

/* The same through a small cache: most tags of a text are of a few kinds. */
static inline const struct html_element *
find_cached(struct html_lexer *lx, struct html_key want)
{
	struct html_cached *slot = &lx->cache[(want.high >> 56 ^ want.high >> 48) % HTML_CACHE_SLOTS];
	if (slot->key.high != want.high || slot->key.low != want.low)
		*slot = (struct html_cached){want, find_key(want)};
	return slot->element;
}

void
html_lexer_init(struct html_lexer *lx, struct str in)
{
	memset(lx, 0, sizeof *lx);
	lx->in = in;
}

static bool
is_letter(char c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

/* What ends the name of an attribute. */
static const bool ends_attr_name[256] = {
    ['\t' ... '\r'] = true,
    [' '] = true,
    ['/'] = true,
    ['>'] = true,
    ['='] = true,
};

/* A byte of a tag's name in lower case; 0 for one that ends it. */
static const unsigned char tag_name[256] = {
#define SELF_4(c) [c] = (c), [(c) + 1] = (c) + 1, [(c) + 2] = (c) + 2, [(c) + 3] = (c) + 3
#define SELF_16(c) SELF_4(c), SELF_4((c) + 4), SELF_4((c) + 8), SELF_4((c) + 12)
    SELF_4(0x21), SELF_4(0x25), SELF_4(0x29), [0x2d] = 0x2d, [0x2e] = 0x2e, SELF_4(0x30), SELF_4(0x34),
    SELF_4(0x38), [0x3c] = 0x3c, [0x3d] = 0x3d, [0x3f] = 0x3f, [0x40] = 0x40,
#define LOWER(c) [c] = (c) + 32 /* NOLINT(bugprone-macro-parentheses): a designator */
    LOWER('A'), LOWER('B'), LOWER('C'), LOWER('D'), LOWER('E'), LOWER('F'), LOWER('G'), LOWER('H'), LOWER('I'),
    LOWER('J'), LOWER('K'), LOWER('L'), LOWER('M'), LOWER('N'), LOWER('O'), LOWER('P'), LOWER('Q'), LOWER('R'),
    LOWER('S'), LOWER('T'), LOWER('U'), LOWER('V'), LOWER('W'), LOWER('X'), LOWER('Y'), LOWER('Z'),
    SELF_4(0x5b), [0x5f] = 0x5f, SELF_16(0x60), SELF_16(0x70), SELF_16(0x80), SELF_16(0x90), SELF_16(0xa0),
    SELF_16(0xb0), SELF_16(0xc0), SELF_16(0xd0), SELF_16(0xe0), SELF_16(0xf0)
#undef SELF_4
#undef SELF_16
#undef LOWER
};

static char
at(struct str s, size_t pos)
{
	return pos < s.len ? s.s[pos] : '\0';
}

static size_t
find_byte(struct str s, size_t from, char c)
{
	const char *p = from < s.len ? memchr(s.s + from, c, s.len - from) : NULL;
	return p != NULL ? (size_t)(p - s.s) : s.len;
}

static size_t
skip_spaces(struct str s, size_t pos)
{
	while (pos < s.len && ascii_space(s.s[pos]))
		pos++;
	return pos;
}

/* A value from *pos on, which is behind the '='. A quote that nothing closes is an ordinary character. */
static struct str
scan_value(struct str s, size_t *pos, bool no_quote[2])
{
	size_t from = *pos = skip_spaces(s, *pos), end;
	char quote = at(s, from);

	if ((quote == '"' || quote == '\'') && !no_quote[quote == '\'']) {
		end = find_byte(s, from + 1, quote);
		if (end < s.len) {
			*pos = end + 1;
			return (struct str){s.s + from + 1, end - from - 1};
		}
		no_quote[quote == '\''] = true;
	}
	for (end = from; end < s.len && !ascii_space(s.s[end]) && s.s[end] != '>'; end++)
		;
	*pos = end;
	return (struct str){s.s + from, end - from};
}

/* The attribute at *pos; false at the end of the tag, with *pos at its '>' or at the end of the text. */
static bool
scan_attr(struct str s, size_t *pos, struct html_attr *ret, bool no_quote[2])
{
	size_t i = *pos, from;

	while (i < s.len && (ascii_space(s.s[i]) || s.s[i] == '/'))
		i++;
	*pos = from = i;
	if (i >= s.len || s.s[i] == '>')
		return false;
	for (i++; i < s.len && !ends_attr_name[(unsigned char)s.s[i]]; i++)
		;
	ret->name = (struct str){s.s + from, i - from};
	ret->value = STR_NONE;
	*pos = i;
	i = skip_spaces(s, i);
	if (at(s, i) == '=') {
		*pos = i + 1;
		ret->value = scan_value(s, pos, no_quote);
	}
	return true;
}

bool
html_attr_next(struct str *attrs, struct html_attr *ret)
{
	size_t pos = 0;
	bool no_quote[2] = {false, false};
	bool found = scan_attr(*attrs, &pos, ret, no_quote);

	*attrs = (struct str){attrs->s + pos, attrs->len - pos};
	return found;
}

struct str
html_attr_find(struct str attrs, struct str name)
{
	struct html_attr attr;

	for (unsigned n = 0; n < HTML_ATTRS_MAX && html_attr_next(&attrs, &attr); n++) {
		if (attr.name.len == name.len && str_ieq(attr.name, name))
			return attr.value;
	}
	return STR_NONE;
}

/* "<x a=b />", but not "<a href=x/>", where the slash is part of a value. */
static bool
ends_itself(struct str attrs)
{
	size_t i = attrs.len;

	if (i == 0 || attrs.s[i - 1] != '/')
		return false;
	for (i--; i > 0 && !ascii_space(attrs.s[i - 1]); i--) {
		if (attrs.s[i - 1] == '"' || attrs.s[i - 1] == '\'')
			return true;
		if (attrs.s[i - 1] == '=')
			return false;
	}
	return true;
}

/* Is the '<' at pos the start of markup? */
static bool
markup_at(struct str s, size_t pos)
{
	char c = at(s, pos + 1);
	return is_letter(c) || c == '!' || c == '?' ||
	       (c == '/' && (is_letter(at(s, pos + 2)) || at(s, pos + 2) == '>'));
}

/* Behind the comment, declaration or processing instruction at pos. An unfinished one reaches to the end. */
static size_t
skip_declaration(struct str s, size_t pos)
{
	struct str rest = {s.s + pos, s.len - pos};
	size_t end;

	if (!str_starts(rest, STR_LIT("<!--"))) {
		end = find_byte(s, pos, '>');
		return end < s.len ? end + 1 : end;
	}
	if (str_starts(rest, STR_LIT("<!-->")))
		return pos + 5;
	for (end = find_byte(s, pos + 5, '>'); end < s.len; end = find_byte(s, end + 1, '>')) {
		if (s.s[end - 1] == '-' && s.s[end - 2] == '-')
			return end + 1;
		if (end > pos + 6 && s.s[end - 1] == '!' && s.s[end - 2] == '-' && s.s[end - 3] == '-')
			return end + 1;
	}
	return s.len;
}

/* The end of a tag from `pos` on, where its attributes begin: the offset of its '>' or s.len. A quote behind a '=' opens
 * a value, in which a '>' means nothing; one that nothing closes is an ordinary character. */
static size_t
tag_end(struct str s, size_t pos, bool no_quote[2])
{
	for (;;) {
		pos += html_tag_span(s.s + pos, s.len - pos);
		if (pos == s.len || s.s[pos] == '>')
			return pos;
		char quote = s.s[pos];
		size_t before = pos;
		while (before > 0 && ascii_space(s.s[before - 1]))
			before--;
		pos++;
		if (s.s[before - 1] != '=' || no_quote[quote == '\''])
			continue;
		size_t end = find_byte(s, pos, quote);
		if (end < s.len)
			pos = end + 1;
		else
			no_quote[quote == '\''] = true;
	}
}

/* Over the name at i; its key, {0, 0} for a name that no element has. */
static inline size_t
read_name(struct str s, size_t i, struct html_key *key)
{
	size_t from = i;
	uint64_t part = 0;

	*key = (struct html_key){0, 0};
	for (; i < s.len && tag_name[(unsigned char)s.s[i]] != 0; i++) {
		if (i - from == 8) {
			key->high = part;
			part = 0;
		}
		part = part << 8 | tag_name[(unsigned char)s.s[i]];
	}
	size_t n = i - from;
	if (n == 0 || n > 15)
		*key = (struct html_key){0, 0};
	else if (n <= 8)
		key->high = part << (8 - n) * 8;
	else
		key->low = part << (16 - n) * 8;
	return i;
}

/* The tag at lx->pos. False when the input ends inside it. */
static bool
scan_tag(struct html_lexer *lx, struct html_token *ret)
{
	struct str s = lx->in;
	bool close = at(s, lx->pos + 1) == '/';
	struct html_key key;
	size_t i = read_name(s, lx->pos + 1 + close, &key);

	ret->kind = close ? HTML_CLOSE : HTML_OPEN;
	ret->element = key.high != 0 ? find_cached(lx, key) : NULL;
	if (i < s.len && s.s[i] == '>') {
		ret->attrs = (struct str){s.s + i, 0};
		ret->self_closing = false;
		lx->pos = i + 1;
		return true;
	}
	size_t end = tag_end(s, i, lx->no_quote);
	ret->attrs = (struct str){s.s + i, end - i};
	ret->self_closing = ends_itself(ret->attrs);
	if (end == s.len)
		return false;
	lx->pos = end + 1;
	return true;
}

/* Text from lx->pos to the next markup; `skip` bytes of it need not be looked at. */
static void
scan_text(struct html_lexer *lx, size_t skip, struct html_token *ret)
{
	size_t from = lx->pos, end = from + skip;

	for (end = find_byte(lx->in, end, '<'); end < lx->in.len; end = find_byte(lx->in, end + 1, '<')) {
		if (lx->dead_ends < DEAD_ENDS_MAX && markup_at(lx->in, end))
			break;
	}
	ret->kind = HTML_TEXT;
	ret->text = (struct str){lx->in.s + from, end - from};
	lx->pos = end;
	ptrdiff_t cdata_end = lx->in_cdata ? str_find(ret->text, STR_LIT("]]>"), 0) : -1;
	if (cdata_end >= 0) {
		ret->text.len = (size_t)cdata_end;
		lx->pos = from + (size_t)cdata_end + 3;
		lx->in_cdata = false;
	}
}

/* True when there was a token, false when the markup at lx->pos gives none and was skipped. A text that breaks off in
 * a tag ("… <a href=…") loses that tag; when it looks like no tag ("if a <b and …") the '<' is text. */
static bool
scan_markup(struct html_lexer *lx, struct html_token *ret)
{
	static const struct str cdata = STR_LIT("<![CDATA[");
	char c = at(lx->in, lx->pos + 1);
	struct str rest = {lx->in.s + lx->pos, lx->in.len - lx->pos};

	if (str_istarts(rest, cdata)) {
		lx->in_cdata = true;
		lx->pos += cdata.len;
		return false;
	}
	if (c == '!' || c == '?') {
		lx->pos = skip_declaration(lx->in, lx->pos);
		return false;
	}
	if (c == '/' && at(lx->in, lx->pos + 2) == '>') {
		lx->pos += 3;
		return false;
	}
	if (scan_tag(lx, ret))
		return true;
	lx->dead_ends++;
	if (ret->element != NULL && (str_empty(ret->attrs) || memchr(ret->attrs.s, '=', ret->attrs.len) != NULL)) {
		lx->pos = lx->in.len;
		return false;
	}
	scan_text(lx, 1, ret);
	return true;
}

void
html_lexer_next(struct html_lexer *lx, struct html_token *ret)
{
	*ret = (struct html_token){.kind = HTML_END};
	while (lx->pos < lx->in.len) {
		bool markup = lx->in.s[lx->pos] == '<' && lx->dead_ends < DEAD_ENDS_MAX && markup_at(lx->in, lx->pos);
		if (!markup) {
			scan_text(lx, 0, ret);
			if (ret->text.len > 0)
				return;
		} else if (scan_markup(lx, ret)) {
			return;
		}
	}
	ret->kind = HTML_END;
}

/* Behind the end tag of a raw element; false when there is none. */
static bool
skip_raw(struct html_lexer *lx, const struct html_element *e)
{
	size_t n = e->name_len, i = lx->pos;
	struct html_token close;

	for (i = find_byte(lx->in, i, '<'); i < lx->in.len; i = find_byte(lx->in, i + 1, '<')) {
		struct str name = {lx->in.s + i + 2, n};
		char after = at(lx->in, i + 2 + n);
		if (at(lx->in, i + 1) != '/' || i + 2 + n > lx->in.len || !str_ieq(name, (struct str){e->name, n}))
			continue;
		if (after != '\0' && after != '>' && after != '/' && !ascii_space(after))
			continue;
		lx->pos = i;
		if (!scan_tag(lx, &close))
			lx->pos = lx->in.len;
		return true;
	}
	return false;
}

/* The same for an element whose content is HTML, with others of its kind inside. */
static bool
skip_nested(struct html_lexer *lx, const struct html_element *e)
{
	struct html_lexer start = *lx;
	struct html_token token;
	size_t depth = 1;

	for (html_lexer_next(lx, &token); token.kind != HTML_END; html_lexer_next(lx, &token)) {
		if (token.kind == HTML_OPEN && token.element != NULL && (token.element->flags & HTML_RAW))
			html_lexer_skip(lx, &token);
		else if (token.kind == HTML_OPEN && token.element == e && !token.self_closing)
			depth++;
		else if (token.kind == HTML_CLOSE && token.element == e && --depth == 0)
			return true;
	}
	*lx = start;
	return false;
}

/* The text of the first <title> of a skipped element. */
static struct str
find_title(struct str inside)
{
	struct html_lexer lx;
	struct html_token token;

	html_lexer_init(&lx, inside);
	do {
		html_lexer_next(&lx, &token);
	} while (token.kind != HTML_END && (token.kind != HTML_OPEN || token.element != &html_elements[HTML_ID_TITLE]));
	if (token.kind == HTML_END || token.self_closing)
		return STR_NONE;
	html_lexer_next(&lx, &token);
	return token.kind == HTML_TEXT ? token.text : STR_NONE;
}

struct str
html_lexer_skip(struct html_lexer *lx, const struct html_token *open)
{
	const struct html_element *e = open->element;
	bool *absent = &lx->absent[html_element_id(e)];
	size_t from = lx->pos;

	if (open->self_closing)
		return STR_NONE;
	if (!*absent)
		*absent = !(e->flags & HTML_RAW ? skip_raw(lx, e) : skip_nested(lx, e));
	if (*absent && (e->flags & HTML_TO_END))
		lx->pos = lx->in.len;
	if (html_element_id(e) != HTML_ID_SVG)
		return STR_NONE;
	return find_title((struct str){lx->in.s + from, lx->pos - from});
}
