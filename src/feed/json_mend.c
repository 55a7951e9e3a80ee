#include "feed/json_mend.h"

#define NESTING_MAX 256u
#define DIGITS_MAX 15u /* of a number that every reader can hold */

struct mender {
	struct str text;
	size_t at;
	struct buf *out;
	struct json_mended *ret;
	char open[NESTING_MAX];
	unsigned depth;
	size_t whole; /* length of the output up to which all is complete, with the nesting below */
	unsigned whole_depth;
	size_t comma; /* where in the output the last comma stands when nothing came after it, else SIZE_MAX */
};

static void
note(struct mender *m, const char *reason)
{
	if (m->ret->line != 0)
		return;
	m->ret->line = 1;
	m->ret->reason = reason;
	for (size_t i = 0; i < m->at && i < m->text.len; i++)
		m->ret->line += m->text.s[i] == '\n';
}

static int
hex4(struct str s, size_t at)
{
	int v = 0;
	if (s.len - at < 4)
		return -1;
	for (size_t i = at; i < at + 4; i++) {
		char c = ascii_lower(s.s[i]);
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

/* At "\u"; surrogates must come in pairs. */
static void
unicode_escape(struct mender *m)
{
	int first = hex4(m->text, m->at + 2), second = -1;
	if (first >= 0xD800 && first < 0xDC00 && m->text.len - m->at > 8 && m->text.s[m->at + 6] == '\\' &&
	    m->text.s[m->at + 7] == 'u')
		second = hex4(m->text, m->at + 8);
	if (second >= 0xDC00 && second < 0xE000) {
		buf_add(m->out, m->text.s + m->at, 12);
		m->at += 12;
	} else if (first < 0 || first == 0 || (first >= 0xD800 && first < 0xE000)) {
		note(m, "an escape that means no character");
		buf_puts(m->out, "\\ufffd");
		m->at += first < 0 ? 2 : 6;
	} else {
		buf_add(m->out, m->text.s + m->at, 6);
		m->at += 6;
	}
}

static void
escape(struct mender *m)
{
	char c = m->at + 1 < m->text.len ? m->text.s[m->at + 1] : '\0';
	if (c == 'u') {
		unicode_escape(m);
	} else if (c != '\0' && strchr("\"\\/bfnrt", c) != NULL) {
		buf_add(m->out, m->text.s + m->at, 2);
		m->at += 2;
	} else {
		note(m, "an escape that JSON does not know");
		m->at++;
	}
}

/* A whole string, its quotes included; false when it does not end. */
static bool
string(struct mender *m)
{
	buf_putc(m->out, '"');
	m->at++;
	while (m->at < m->text.len) {
		char c = m->text.s[m->at];
		if (c == '\\') {
			escape(m);
		} else if ((unsigned char)c < 0x20) {
			note(m, "a control character in a string");
			buf_puts(m->out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : " ");
			m->at++;
		} else {
			buf_putc(m->out, c);
			m->at++;
			if (c == '"')
				return true;
		}
	}
	return false;
}

static bool
all_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.s[i] == '\0' || strchr(set, s.s[i]) == NULL)
			return false;
	}
	return s.len > 0;
}

/* Plain enough that every reader agrees: "12", "-0.5". */
static bool
is_number(struct str s)
{
	if (s.len > 0 && *s.s == '-')
		s = (struct str){s.s + 1, s.len - 1};
	if (s.len == 0 || s.len > DIGITS_MAX || !all_of(s, "0123456789.") || *s.s == '.' || s.s[s.len - 1] == '.')
		return false;
	if (*s.s == '0' && s.len > 1 && s.s[1] != '.')
		return false;
	const char *point = memchr(s.s, '.', s.len);
	return point == NULL || memchr(point + 1, '.', (size_t)(s.s + s.len - point) - 1) == NULL;
}

/* A number, true, false, null; a number beyond all measure becomes a string. */
static void
word(struct mender *m)
{
	size_t from = m->at;
	while (m->at < m->text.len && strchr(",]}{[\":", m->text.s[m->at]) == NULL && !ascii_space(m->text.s[m->at]))
		m->at++;
	struct str s = {m->text.s + from, m->at - from};
	if (is_number(s) || str_is(s, "true") || str_is(s, "false") || str_is(s, "null")) {
		buf_str(m->out, s);
		return;
	}
	note(m, "a value that is not JSON");
	if (all_of(s, "0123456789.+-eE")) {
		buf_putc(m->out, '"');
		buf_str(m->out, s);
		buf_putc(m->out, '"');
	} else {
		buf_puts(m->out, "null");
	}
}

static void
mark_whole(struct mender *m)
{
	if (m->depth > 2)
		return;
	m->whole = m->out->len;
	m->whole_depth = m->depth;
}

static void
close_one(struct mender *m)
{
	if (m->comma != SIZE_MAX) {
		note(m, "a comma before the end");
		m->out->len = m->comma;
		m->comma = SIZE_MAX;
	}
	buf_putc(m->out, m->open[--m->depth]);
	mark_whole(m);
}

static void
punctuation(struct mender *m, char c)
{
	m->at++;
	if (c == '{' || c == '[') {
		if (m->depth < NESTING_MAX)
			m->open[m->depth++] = c == '{' ? '}' : ']';
		buf_putc(m->out, c);
		m->comma = SIZE_MAX;
	} else if (c == '}' || c == ']') {
		if (m->depth > 0 && m->open[m->depth - 1] == c)
			close_one(m);
		else
			note(m, "a bracket that does not match");
	} else if (c == ',') {
		if (m->comma != SIZE_MAX || (m->out->len > 0 && strchr("[{", m->out->data[m->out->len - 1]) != NULL)) {
			note(m, "a comma too many");
			return;
		}
		/* What stands before a comma is whole. */
		if (m->depth == 1)
			mark_whole(m);
		m->comma = m->out->len;
		buf_putc(m->out, c);
	} else {
		buf_putc(m->out, c);
	}
}

bool
json_mend(struct str text, struct buf *out, struct json_mended *ret)
{
	struct mender m = {.text = text, .out = out, .ret = ret, .comma = SIZE_MAX};
	bool begun = false, ended = true;
	*ret = (struct json_mended){0};
	while (m.at < text.len && ended && !(begun && m.depth == 0)) {
		char c = text.s[m.at];
		if (ascii_space(c)) {
			m.at++;
		} else if (c == '"') {
			ended = string(&m);
			m.comma = SIZE_MAX;
		} else if (strchr("{}[],:", c) != NULL && c != '\0') {
			punctuation(&m, c);
			begun = begun || m.depth > 0;
		} else {
			size_t before = m.at;
			word(&m);
			m.at += m.at == before;
			m.comma = SIZE_MAX;
		}
	}
	if (m.depth > 0) {
		note(&m, "the document ends early");
		ret->truncated = true;
		out->len = m.whole;
		while (m.whole_depth > 0)
			buf_putc(out, m.open[--m.whole_depth]);
	}
	while (m.at < text.len && ascii_space(text.s[m.at]))
		m.at++;
	if (m.at < text.len)
		note(&m, "something stands behind the value");
	return !out->failed;
}
