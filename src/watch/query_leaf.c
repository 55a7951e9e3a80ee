/* The parts of a query that have no operators in them: words, phrases, keys, regular expressions and their weights. */
#include "text/language.h"
#include "watch/query_parse.h"
#include "watch/query_regex.h"

#include <stdio.h>

/* ---- where the parser stands ---- */

static struct str
rest_of(const struct query_parser *p, size_t at)
{
	return at < p->text.len ? (struct str){p->text.s + at, p->text.len - at} : STR_LIT("");
}

/* Bytes of the white space or the mark of direction at `at`; 0 = none. */
static size_t
space_len(const struct query_parser *p, size_t at)
{
	static const char *const spaces[] = {"\xC2\xA0", "\xD8\x9C", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
	    "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
	    "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\x8E", "\xE2\x80\x8F", "\xE2\x80\xAA", "\xE2\x80\xAB",
	    "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x80\xAF", "\xE2\x81\xA6", "\xE2\x81\xA7",
	    "\xE2\x81\xA8", "\xE2\x81\xA9", "\xE3\x80\x80", "\xEF\xBB\xBF"};
	struct str rest = rest_of(p, at);
	if (rest.len > 0 && ((unsigned char)rest.s[0] & 0x80) == 0)
		return ascii_space(rest.s[0]);
	for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
		if (str_starts(rest, str_from(spaces[i])))
			return strlen(spaces[i]);
	}
	return 0;
}

void
query_skip_space(struct query_parser *p)
{
	size_t n;
	while ((n = space_len(p, p->pos)) > 0)
		p->pos += n;
}

static size_t
paren_len(const struct query_parser *p, size_t at, char which)
{
	struct str rest = rest_of(p, at);
	if (rest.len > 0 && rest.s[0] == which)
		return 1;
	return str_starts(rest, which == '(' ? STR_LIT("\xEF\xBC\x88") : STR_LIT("\xEF\xBC\x89")) ? 3 : 0;
}

size_t
query_paren(const struct query_parser *p, char which)
{
	return paren_len(p, p->pos, which);
}

bool
query_next_is(const struct query_parser *p, const char *what)
{
	struct str rest = {p->text.s + p->pos, p->text.len - p->pos};
	return str_starts(rest, str_from(what));
}

/* ---- quotes ---- */

#define QUOTE_KINDS 5u

/* Quotes of a kind, in bytes of UTF-8: any of them opens, any ends what one of them has opened, as languages have it. */
static const char *const quotes[QUOTE_KINDS][9] = {
    {"\"", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E", "\xE2\x80\x9F", "\xE3\x80\x9D", "\xE3\x80\x9E",
        "\xEF\xBC\x82"},
    {"\xC2\xAB", "\xC2\xBB"},
    {"\xE2\x80\xB9", "\xE2\x80\xBA"},
    {"\xE3\x80\x8C", "\xE3\x80\x8D"},
    {"\xE3\x80\x8E", "\xE3\x80\x8F"},
};

static bool
hebrew_at(const struct query_parser *p, size_t at)
{
	struct str rest = rest_of(p, at);
	return rest.len >= 2 && ((unsigned char)rest.s[0] == 0xD7 && (unsigned char)rest.s[1] >= 0x90);
}

/* Hebrew writes a plain quote before the last letter of an abbreviation. */
static bool
is_gershayim(const struct query_parser *p, size_t at)
{
	return p->text.s[at] == '"' && at >= 2 && hebrew_at(p, at - 2) && hebrew_at(p, at + 1);
}

/* Bytes of the quote at `at`, and its kind; 0 = no quote. */
static size_t
quote_len(const struct query_parser *p, size_t at, size_t *kind)
{
	struct str rest = rest_of(p, at);
	if (rest.len == 0 || (rest.s[0] != '"' && ((unsigned char)rest.s[0] & 0x80) == 0) || is_gershayim(p, at))
		return 0;
	for (*kind = 0; *kind < QUOTE_KINDS; (*kind)++) {
		for (size_t i = 0; quotes[*kind][i] != NULL; i++) {
			if (str_starts(rest, str_from(quotes[*kind][i])))
				return strlen(quotes[*kind][i]);
		}
	}
	return 0;
}

bool
query_quote_ends(const struct query_parser *p, size_t at)
{
	size_t kind;
	for (size_t len = 1; len <= 3 && len <= at; len++) {
		if (quote_len(p, at - len, &kind) == len)
			return true;
	}
	return false;
}

static bool
word_ends(const struct query_parser *p, size_t at)
{
	size_t kind;
	char c = p->text.s[at];
	if (((unsigned char)c & 0x80) == 0) /* most are */
		return ascii_space(c) || c == '(' || c == ')' || c == '\0' || (c == '"' && !is_gershayim(p, at)) ||
		       (c == '>' && at + 1 < p->text.len && p->text.s[at + 1] == '=');
	return space_len(p, at) > 0 || paren_len(p, at, '(') > 0 || paren_len(p, at, ')') > 0 ||
	       quote_len(p, at, &kind) > 0;
}

struct str
query_peek_word(const struct query_parser *p)
{
	size_t end = p->pos;
	while (end < p->text.len && !word_ends(p, end))
		end++;
	return (struct str){p->text.s + p->pos, end - p->pos};
}

/* ---- words, phrases and weights ---- */

/* What stands between the quotes at pos; moves behind them. */
static bool
take_quoted(struct query_parser *p, struct str *ret)
{
	size_t kind = 0, other = 0, close = 0, start = p->pos, open = quote_len(p, p->pos, &kind), end = p->pos + open;
	while (end < p->text.len && ((close = quote_len(p, end, &other)) == 0 || other != kind))
		end++;
	if (end >= p->text.len)
		return query_wrong(p, start, open, "", "this quote is not closed");
	*ret = (struct str){p->text.s + start + open, end - start - open};
	p->pos = end + close;
	return true;
}

/* Takes ^n off the end of a bare word. */
static struct str
split_weight(struct str word, struct str *weight)
{
	*weight = STR_NONE;
	for (size_t i = word.len; i > 1; i--) {
		char c = word.s[i - 1];
		if (c == '^') {
			*weight = (struct str){word.s + i - 1, word.len - i + 1};
			return (struct str){word.s, i - 1};
		}
		if (!(c >= '0' && c <= '9') && c != '-')
			break;
	}
	return word;
}

/* A word or what is quoted. */
static bool
take_text(struct query_parser *p, struct str *ret)
{
	struct str weight;
	size_t kind;
	if (quote_len(p, p->pos, &kind) > 0)
		return take_quoted(p, ret);
	*ret = split_weight(query_peek_word(p), &weight);
	p->pos += ret->len;
	return true;
}

bool
query_take_weight(struct query_parser *p, struct query_node *node)
{
	int64_t weight;
	size_t at = p->pos;
	if (p->pos >= p->text.len || p->text.s[p->pos] != '^')
		return true;
	p->pos++;
	struct str number = query_peek_word(p);
	if (!str_int(number, -QUERY_WEIGHT_MAX, QUERY_WEIGHT_MAX, &weight) || weight == 0)
		return query_wrong(p, at, number.len + 1, "", "a weight is a number from -%d to %d, not 0",
		    QUERY_WEIGHT_MAX, QUERY_WEIGHT_MAX);
	p->pos += number.len;
	node->weight = (int32_t)weight;
	node->weighted = true;
	return true;
}

/* The tag in its usual form. */
static bool
fill_lang(struct query_parser *p, struct query_node *n, struct str text)
{
	char tag[TEXT_LANGUAGE_BYTES], wrong[TEXT_LANGUAGE_WRONG_BYTES], like[TEXT_LANGUAGE_BYTES], hint[80];
	text_language_tag(text, tag, wrong, like);
	n->text = arena_cstr(p->arena, tag);
	if (tag[0] != '\0')
		return true;
	if (like[0] != '\0')
		snprintf(hint, sizeof hint, "write lang:%s", like);
	else
		snprintf(hint, sizeof hint, "codes are those of ISO 639: lang:uk, lang:pt-BR, lang:(uk OR ru)");
	return query_wrong(p, n->start, n->end - n->start, hint, "%s", wrong);
}

static bool
fill_about(struct query_parser *p, struct query_node *n, struct str text)
{
	n->op = QUERY_ABOUT;
	n->about = (enum query_about)p->about;
	if (str_empty(str_trim(text)))
		return query_wrong(p, n->start, 1, "", "nothing stands behind the colon");
	if (n->about == QUERY_LANG)
		return fill_lang(p, n, text);
	n->text = arena_str(p->arena, text);
	return n->about != QUERY_SOURCE || query_tokens(p, n, text);
}

struct query_node *
query_parse_term(struct query_parser *p)
{
	static const struct {
		const char *sign;
		enum query_form form;
	} forms[] = {{"==", QUERY_EXACT}, {"=", QUERY_CASE}, {"~", QUERY_STEM}};
	struct str text;
	size_t start = p->pos;
	struct query_node *n = query_node_new(p, QUERY_TERM, start);
	if (n == NULL || (p->about < 0 && !query_refuse_foreign(p)))
		return NULL;
	for (size_t i = 0; i < sizeof forms / sizeof *forms && n->form == QUERY_FOLD && p->about < 0; i++) {
		if (query_next_is(p, forms[i].sign)) {
			n->form = forms[i].form;
			p->pos += strlen(forms[i].sign);
		}
	}
	if (!take_text(p, &text))
		return NULL;
	n->end = (uint32_t)p->pos;
	if (n->form != QUERY_FOLD && str_empty(text)) {
		query_wrong(p, start, p->pos - start,
		    "write ~word, =Word or ==Word, or a “phrase” in the place of the word",
		    "= and ~ belong to a word or a phrase");
		return NULL;
	}
	if (!(p->about >= 0 ? fill_about(p, n, text) : query_tokens(p, n, text)))
		return NULL;
	return n;
}

struct query_node *
query_parse_key(struct query_parser *p, enum query_op op)
{
	size_t start = p->pos++;
	struct str text;
	struct query_node *n = query_node_new(p, op, start);
	if (n == NULL || !take_text(p, &text))
		return NULL;
	n->end = (uint32_t)p->pos;
	n->text = arena_str(p->arena, text);
	if (str_empty(text) || text.len > 256) {
		query_wrong(p, start, n->end - start, "put it in quotes to look for the sign itself",
		    "%s needs the key of %s", op == QUERY_ACTOR ? "@" : "#",
		    op == QUERY_ACTOR ? "an actor" : "a topic");
		return NULL;
	}
	return n;
}

struct query_node *
query_parse_regex(struct query_parser *p)
{
	size_t start = p->pos++, at;
	struct err err;
	while (p->pos < p->text.len && p->text.s[p->pos] != '/')
		p->pos += p->text.s[p->pos] == '\\' ? 2 : 1;
	if (p->pos >= p->text.len) {
		p->pos = p->text.len;
		query_wrong(p, start, 1, "put the term in quotes if it is no regular expression",
		    "this regular expression is not closed by a slash");
		return NULL;
	}
	struct str pattern = {p->text.s + start + 1, p->pos - start - 1};
	bool ignore_case = false;
	for (p->pos++; p->pos < p->text.len && p->text.s[p->pos] == 'i'; p->pos++)
		ignore_case = true;
	struct query_node *n = query_node_new(p, QUERY_REGEX, start);
	if (n == NULL)
		return NULL;
	n->text = arena_str(p->arena, (struct str){p->text.s + start, p->pos - start});
	if (pattern.len > QUERY_REGEX_BYTES_MAX || pattern.len == 0) {
		query_wrong(
		    p, start, pattern.len + 2, "", "a regular expression has 1 to %u bytes", QUERY_REGEX_BYTES_MAX);
		return NULL;
	}
	if (++p->regexes > QUERY_REGEXES_MAX) {
		query_wrong(
		    p, start, pattern.len + 2, "", "a query has at most %u regular expressions", QUERY_REGEXES_MAX);
		return NULL;
	}
	n->regex = query_regex_new(pattern, ignore_case, &at, &err);
	if (n->regex == NULL) {
		query_wrong(p, start + 1 + at, 1, "", "the regular expression is wrong here: %s", err.msg);
		return NULL;
	}
	n->regex->next = p->query->regexes;
	p->query->regexes = n->regex;
	return n;
}
