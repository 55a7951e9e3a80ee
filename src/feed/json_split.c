#include "feed/json_split.h"

#include "base/scan.h"

static inline scan_vec
structure_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '"') | (scan_vec)(v == ',') | (scan_vec)((v | 0x20) == '{') |
	       (scan_vec)((v | 0x20) == '}');
}

/* The next bracket, comma or quote from `at` on; a ']' and a '[' differ from '}' and '{' in one bit. */
static size_t
next_structure(struct str s, size_t at)
{
	at += scan_find(s.s + at, s.len - at, structure_hits, 0);
	while (at < s.len && s.s[at] != '"' && s.s[at] != ',' && (s.s[at] | 0x20) != '{' && (s.s[at] | 0x20) != '}')
		at++;
	return at;
}

static inline scan_vec
string_hits(const char *s)
{
	scan_vec v = scan_load(s);
	return (scan_vec)(v == '"') | (scan_vec)(v == '\\');
}

/* Behind the string whose opening quote is at `at`. */
static size_t
skip_string(struct str s, size_t at)
{
	at++;
	while (at < s.len) {
		at += scan_find(s.s + at, s.len - at, string_hits, 0);
		while (at < s.len && s.s[at] != '"' && s.s[at] != '\\')
			at++;
		if (at < s.len && s.s[at] == '"')
			return at + 1;
		at += 2; /* the backslash, and what it escapes */
	}
	return s.len;
}

/* From inside of brackets to the ',' of the same level, or to the bracket that closes it, or the end of the text. */
static size_t
skip_value(struct str s, size_t at)
{
	size_t depth = 0;
	while ((at = next_structure(s, at)) < s.len) {
		char c = s.s[at];
		if (c == '"') {
			at = skip_string(s, at);
			continue;
		}
		if (depth == 0 && (c == ',' || (c | 0x20) == '}'))
			return at;
		if (c != ',')
			depth += (c | 0x20) == '{' ? 1 : (size_t)-1;
		at++;
	}
	return s.len;
}

/* A member of the outermost object at `at`: behind the '[' of its value when it is "items" with an array, else 0. */
static size_t
items_at(struct str s, size_t at)
{
	struct str key = STR_LIT("\"items\"");
	if (s.len - at < key.len || memcmp(s.s + at, key.s, key.len) != 0)
		return 0;
	at = str_pass_spaces(s, at + key.len);
	if (at >= s.len || s.s[at] != ':')
		return 0;
	at = str_pass_spaces(s, at + 1);
	return at < s.len && s.s[at] == '[' ? at + 1 : 0;
}

bool
json_split_find(struct str text, struct json_split *ret)
{
	size_t at = str_pass_spaces(text, 0);
	*ret = (struct json_split){.text = text};
	if (at == text.len || text.s[at] != '{')
		return false;
	do {
		at = str_pass_spaces(text, at + 1);
		size_t from = items_at(text, at);
		if (from > 0) {
			if (ret->from > 0)
				return false;
			ret->from = from;
			for (size_t end = from - 1; end < text.len && text.s[end] != ']';)
				ret->to = end = skip_value(text, end + 1);
		}
		at = skip_value(text, at);
	} while (at < text.len && text.s[at] == ',');
	return ret->from > 0 && ret->to < text.len;
}

bool
json_split_head(const struct json_split *split, struct buf *out)
{
	buf_add(out, split->text.s, split->from);
	return buf_add(out, split->text.s + split->to, split->text.len - split->to);
}
