#include "base/json_tree.h"

#include "base/scan.h"
#include "base/utf8.h"

static void
skip_space(struct json_reader *r)
{
	const char *s = r->text.s;
	while (r->at < r->text.len && (s[r->at] == ' ' || s[r->at] == '\n' || s[r->at] == '\t' || s[r->at] == '\r'))
		r->at++;
}

static char
byte(const struct json_reader *r, size_t at)
{
	return at < r->text.len ? r->text.s[at] : '\0';
}

static bool
fail(struct json_reader *r, const char *reason)
{
	if (r->reason == NULL && !r->arena->failed)
		r->reason = reason;
	return false;
}

/* strings */

static inline scan_vec
string_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '"') | (scan_vec)(v == '\\') | (scan_vec)(v < 0x20);
}

/* Offset of the next quote, backslash or control from `at` on. */
static size_t
string_span(struct str s, size_t at)
{
	at += scan_find(s.s + at, s.len - at, string_hits, 0);
	while (at < s.len && s.s[at] != '"' && s.s[at] != '\\' && (unsigned char)s.s[at] >= 0x20)
		at++;
	return at;
}

static int
hex4(const struct json_reader *r, size_t at)
{
	int v = 0;
	for (size_t i = at; i < at + 4; i++) {
		char c = ascii_lower(byte(r, i));
		int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
		if (digit < 0)
			return -1;
		v = v * 16 + digit;
	}
	return v;
}

/* "\u1234" at r->at, two of them for a surrogate pair; the bytes put into out, 0 for an error. */
static size_t
unicode_escape(struct json_reader *r, char *out)
{
	int c = hex4(r, r->at + 2);
	size_t used = 6;
	if (c >= 0xd800 && c < 0xdc00 && byte(r, r->at + 6) == '\\' && byte(r, r->at + 7) == 'u') {
		int low = hex4(r, r->at + 8);
		c = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00) : -1;
		used = 12;
	}
	if (c <= 0 || (c >= 0xd800 && c < 0xe000)) {
		fail(r, "an escape that means no character");
		return 0;
	}
	r->at += used;
	return utf8_put((uint32_t)c, out);
}

static size_t
escape(struct json_reader *r, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = byte(r, r->at + 1);
	const char *p = c != '\0' ? strchr(from, c) : NULL;
	if (c == 'u')
		return unicode_escape(r, out);
	if (p == NULL) {
		fail(r, "an escape that JSON does not know");
		return 0;
	}
	*out = to[p - from];
	r->at += 2;
	return 1;
}

/* Where the string that begins at `from` ends, by its quotes alone; the length of the text when it does not. */
static size_t
string_end(const struct json_reader *r, size_t from)
{
	for (;;) {
		if (from >= r->text.len)
			return r->text.len;
		from = string_span(r->text, from);
		if (byte(r, from) == '"')
			return from;
		from += byte(r, from) == '\\' ? 2 : 1;
	}
}

/* The rest of a string, from its first escape at r->at on. Decoding makes nothing longer. */
static bool
decode(struct json_reader *r, size_t from, struct str *ret)
{
	size_t end = string_end(r, r->at), n = r->at - from;
	char *out = arena_alloc(r->arena, end - from + 1);
	if (out == NULL)
		return false;
	memcpy(out, r->text.s + from, n);
	while (byte(r, r->at) == '\\') {
		size_t put = escape(r, out + n);
		if (put == 0)
			return false;
		n += put;
		size_t next = string_span(r->text, r->at);
		memcpy(out + n, r->text.s + r->at, next - r->at);
		n += next - r->at;
		r->at = next;
	}
	out[n] = '\0';
	*ret = (struct str){out, n};
	return true;
}

/* At its opening quote; moves behind the closing one. */
static bool
string(struct json_reader *r, struct str *ret)
{
	size_t from = r->at + 1;
	r->at = string_span(r->text, from);
	*ret = (struct str){r->text.s + from, r->at - from};
	if (byte(r, r->at) == '\\' && !decode(r, from, ret))
		return false;
	if (r->at >= r->text.len)
		return fail(r, "a string does not end");
	if (r->text.s[r->at] != '"')
		return fail(r, "a control character in a string");
	r->at++;
	return true;
}

/* scalars */

static bool
digits(struct json_reader *r)
{
	size_t from = r->at;
	while (byte(r, r->at) >= '0' && byte(r, r->at) <= '9')
		r->at++;
	return r->at > from;
}

static bool
number(struct json_reader *r, struct str *ret)
{
	size_t from = r->at;
	bool good;
	r->at += byte(r, r->at) == '-';
	good = byte(r, r->at) == '0' ? r->at++ < r->text.len : digits(r);
	if (good && byte(r, r->at) == '.') {
		r->at++;
		good = digits(r);
	}
	if (good && ascii_lower(byte(r, r->at)) == 'e') {
		r->at++;
		r->at += byte(r, r->at) == '+' || byte(r, r->at) == '-';
		good = digits(r);
	}
	*ret = (struct str){r->text.s + from, r->at - from};
	return good || fail(r, "a value that is not JSON");
}

static bool
word(struct json_reader *r, enum json_kind *ret)
{
	static const struct {
		struct str word;
		enum json_kind kind;
	} words[] = {{STR_LIT("null"), JSON_NULL}, {STR_LIT("false"), JSON_FALSE}, {STR_LIT("true"), JSON_TRUE}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct str w = words[i].word;
		if (r->text.len - r->at < w.len || memcmp(r->text.s + r->at, w.s, w.len) != 0)
			continue;
		r->at += w.len;
		*ret = words[i].kind;
		return true;
	}
	return fail(r, r->at < r->text.len ? "a value that is not JSON" : "the document ends early");
}

/* containers */

static struct json_value *value(struct json_reader *r, struct str key);

static bool
member_key(struct json_reader *r, struct str *key)
{
	if (byte(r, r->at) != '"')
		return fail(r, r->at < r->text.len ? "the name of a member is missing" : "the document ends early");
	if (!string(r, key))
		return false;
	skip_space(r);
	if (byte(r, r->at) != ':')
		return fail(r, "':' is missing");
	r->at++;
	skip_space(r);
	return true;
}

/* What stands between brackets, the opening one included, up to the one that closes it. */
static bool
children(struct json_reader *r, char close, const struct json_value **link)
{
	struct str key = STR_NONE;
	r->at++;
	skip_space(r);
	while (byte(r, r->at) != close) {
		if (close == '}' && !member_key(r, &key))
			return false;
		struct json_value *v = value(r, key);
		if (v == NULL)
			return false;
		*link = v;
		link = &v->next;
		if (byte(r, r->at) == close)
			break;
		if (byte(r, r->at) != ',')
			return fail(r, r->at < r->text.len ? "',' is missing" : "the document ends early");
		r->at++;
		skip_space(r);
		if (byte(r, r->at) == close)
			return fail(r, "a comma before the end");
	}
	r->at++;
	return true;
}

static bool
container(struct json_reader *r, struct json_value *v)
{
	if (r->depth_max == 0) {
		r->too_deep = true;
		return fail(r, "arrays and objects nest too deep");
	}
	r->depth_max--;
	bool good = children(r, v->kind == JSON_OBJECT ? '}' : ']', &v->first);
	r->depth_max++;
	return good;
}

/* The value at r->at, which is no white space, and the white space behind it. */
static struct json_value *
value(struct json_reader *r, struct str key)
{
	struct json_value *v = arena_alloc(r->arena, sizeof *v);
	char c = byte(r, r->at);
	bool good;
	if (v == NULL)
		return NULL;
	*v = (struct json_value){.kind = JSON_NULL, .key = key};
	if (c == '"') {
		v->kind = JSON_STRING;
		good = string(r, &v->text);
	} else if (c == '{' || c == '[') {
		v->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
		good = container(r, v);
	} else if (c == '-' || (c >= '0' && c <= '9')) {
		v->kind = JSON_NUMBER;
		good = number(r, &v->text);
	} else {
		good = word(r, &v->kind);
	}
	skip_space(r);
	return good ? v : NULL;
}

const struct json_value *
json_read(struct json_reader *r)
{
	skip_space(r);
	return value(r, STR_NONE);
}

const struct json_value *
json_read_all(struct json_reader *r)
{
	const struct json_value *v = json_read(r);
	if (v != NULL && r->at < r->text.len) {
		fail(r, "something stands behind the value");
		return NULL;
	}
	return v;
}

unsigned
json_line(const struct json_reader *r)
{
	unsigned line = 1;
	for (size_t i = 0; i < r->at && i < r->text.len; i++)
		line += r->text.s[i] == '\n';
	return line;
}

const struct json_value *
json_get(const struct json_value *object, const char *key)
{
	const struct json_value *found = NULL;
	struct str name = str_from(key);
	if (!json_is(object, JSON_OBJECT))
		return NULL;
	for (const struct json_value *v = object->first; v != NULL; v = v->next) {
		if (str_eq(v->key, name))
			found = v;
	}
	return found;
}
