#include "feed/builder.h"

/* Is it name@host? Good enough to tell an address from a name. */
static bool
is_email(struct str s)
{
	const char *at = s.len ? memchr(s.s, '@', s.len) : NULL;
	if (at == NULL || at == s.s || at + 1 == s.s + s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (ascii_space(s.s[i]) || strchr("<>(),;:/\"", s.s[i]) != NULL)
			return false;
	}
	return true;
}

static struct str
without_mailto(struct str s)
{
	if (str_istarts(s, STR_LIT("mailto:")))
		s = (struct str){s.s + 7, s.len - 7};
	return str_trim(s);
}

/* Splits "outside <inside>" or "outside (inside)"; false when there are no such brackets. */
static bool
split_brackets(struct str s, char open, char close, struct str *outside, struct str *inside)
{
	const char *p = s.len ? memchr(s.s, open, s.len) : NULL;
	const char *q = p ? memchr(p, close, (size_t)(s.s + s.len - p)) : NULL;
	if (q == NULL)
		return false;
	struct str before = str_trim((struct str){s.s, (size_t)(p - s.s)});
	struct str after = str_trim((struct str){q + 1, (size_t)(s.s + s.len - q - 1)});
	*inside = str_trim((struct str){p + 1, (size_t)(q - p - 1)});
	*outside = before.len ? before : after;
	return true;
}

static struct str
without_quotes(struct str s)
{
	if (s.len >= 2 && s.s[0] == '"' && s.s[s.len - 1] == '"')
		return str_trim((struct str){s.s + 1, s.len - 2});
	return s;
}

/* "a@b.c Name" and "Name a@b.c" without any brackets. */
static bool
split_words(struct str s, struct str *email, struct str *name)
{
	for (size_t i = 0; i < s.len;) {
		size_t from = i;
		while (i < s.len && !ascii_space(s.s[i]))
			i++;
		struct str word = without_mailto((struct str){s.s + from, i - from});
		if (is_email(word)) {
			struct str before = str_trim((struct str){s.s, from});
			struct str after = str_trim((struct str){s.s + i, s.len - i});
			*email = word;
			*name = before.len ? before : after;
			while (name->len > 0 && strchr("-,:|", name->s[name->len - 1]) != NULL)
				*name = str_trim((struct str){name->s, name->len - 1});
			return true;
		}
		while (i < s.len && ascii_space(s.s[i]))
			i++;
	}
	return false;
}

struct feed_person
person_parse(struct builder *b, struct str text)
{
	struct feed_person p = {STR_NONE, STR_NONE, STR_NONE};
	struct str s = field_line(b, text, TEXT_PLAIN), outside, inside;
	if (s.len == 0)
		return p;
	bool split = split_brackets(s, '<', '>', &outside, &inside) || split_brackets(s, '(', ')', &outside, &inside);
	if (split && is_email(without_mailto(inside))) {
		p.email = without_mailto(inside);
		p.name = without_quotes(outside);
	} else if (split && is_email(without_mailto(outside))) {
		p.email = without_mailto(outside);
		p.name = without_quotes(inside);
	} else if (is_email(without_mailto(s))) {
		p.email = without_mailto(s);
	} else if (!split_words(s, &p.email, &p.name)) {
		p.name = field_line(b, text, TEXT_GUESS);
	}
	/* Views so far; the contract wants strings that end. */
	p.name = p.name.len ? arena_str(b->arena, p.name) : STR_NONE;
	p.email = p.email.len ? arena_str(b->arena, p.email) : STR_NONE;
	return p;
}
