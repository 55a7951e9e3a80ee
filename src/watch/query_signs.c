#include "watch/query_signs.h"

#include "base/utf8.h"

/* Those of an amount may stand a space from it, as in 50 % and 5 €. */
static const struct sign {
	uint32_t cp;
	bool amount;
} signs[] = {{'+', false}, {'#', false}, {'@', false}, {'%', true}, {'$', true}, {0xA3, true}, {0xA5, true},
    {0xB0, true}, {0x2030, true}, {0x20AC, true}, {0x20B4, true}, {0x20BD, true}};

/* The broad forms of Chinese and Japanese are the same signs. */
static uint32_t
narrow(uint32_t cp)
{
	return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFEE0 : cp == 0xFFE1 ? 0xA3 : cp == 0xFFE5 ? 0xA5 : cp;
}

static const struct sign *
sign_of(uint32_t cp)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		if (signs[i].cp == cp)
			return &signs[i];
	}
	return NULL;
}

static bool
is_space(uint32_t cp)
{
	return cp == ' ' || cp == 0xA0 || cp == 0x2009 || cp == 0x202F;
}

/* The character at *pos, or before it; moves over it. 0: there is none. */
static uint32_t
take(struct str s, size_t *pos, bool back)
{
	if (back ? *pos == 0 : *pos >= s.len)
		return 0;
	if (!back)
		return narrow(utf8_next(s, pos));
	size_t at = *pos = utf8_prev(s, *pos);
	return narrow(utf8_next(s, &at));
}

size_t
query_signs_before(struct str text, size_t start, size_t from)
{
	size_t at = start, next = start;
	uint32_t cp = take(text, &next, true);
	/* a full stop begins .NET and .com, and ends whatever stands before it */
	bool begins = cp == '.' && next >= from && (next == 0 || ascii_space(text.s[next - 1]));
	if (begins && !(text.s[start] >= '0' && text.s[start] <= '9'))
		return start - next;
	while (cp != 0 && next >= from && sign_of(cp) != NULL) {
		at = next;
		cp = take(text, &next, true);
	}
	return start - at;
}

size_t
query_signs_after(struct str text, size_t end, size_t to)
{
	size_t at = end, next = end;
	uint32_t cp = take(text, &next, false);
	while (cp != 0 && next <= to && sign_of(cp) != NULL) {
		at = next;
		cp = take(text, &next, false);
	}
	return at - end;
}

bool
query_signs_join(struct str between)
{
	for (size_t at = 0; at < between.len;) {
		if (take(between, &at, false) == '&')
			return true;
	}
	return false;
}

bool
query_has_signs(const struct query_node *term)
{
	for (size_t i = 0; i < term->token_count; i++) {
		const struct query_token *t = &term->tokens[i];
		if (t->joined || t->before > 0 || t->after > 0)
			return true;
	}
	return false;
}

/* Whether the signs stand at *pos of the text, or before it; moves over them. */
static bool
stand_at(struct str text, size_t *pos, struct str want, bool back)
{
	size_t at = *pos, left = back ? want.len : 0;
	uint32_t cp;
	while ((cp = take(want, &left, back)) != 0) {
		const struct sign *sign = sign_of(cp);
		size_t next = at;
		uint32_t have = take(text, &next, back);
		if (at == *pos && sign != NULL && sign->amount && is_space(have))
			have = take(text, &next, back);
		if (have != cp)
			return false;
		at = next;
	}
	*pos = at;
	return true;
}

bool
query_signs_fit(const struct query_field *f, size_t word, const struct query_token *token)
{
	const struct text_word *w = &f->words.items[word];
	size_t start = w->start, end = w->end;
	return (!token->joined || (w->gap & TEXT_GAP_AND)) &&
	       stand_at(f->text, &start, query_signs_before_of(token), true) &&
	       stand_at(f->text, &end, query_signs_after_of(token), false);
}

struct query_span
query_term_span(const struct query_doc *d, const struct query_node *term, enum watch_field field, size_t first)
{
	const struct query_field *f = &d->fields[field];
	size_t last = first + term->token_count - 1;
	size_t start = f->words.items[first].start, end = f->words.items[last].end;
	stand_at(f->text, &start, query_signs_before_of(&term->tokens[0]), true);
	stand_at(f->text, &end, query_signs_after_of(&term->tokens[term->token_count - 1]), false);
	return (struct query_span){.field = (uint32_t)field,
	    .first = (uint32_t)first,
	    .last = (uint32_t)last,
	    .start = (uint32_t)start,
	    .end = (uint32_t)end};
}
