/* The parts of a query that have no operators in them: words, phrases, keys, regular expressions and their weights. */
#include "watch/query_parse.h"
#include "watch/query_regex.h"

#define STOPS " \t\n\r\v\f()\""

/* ---- where the parser stands ---- */

void
query_skip_space(struct query_parser *p)
{
	while (p->pos < p->text.len && ascii_space(p->text.s[p->pos]))
		p->pos++;
}

bool
query_next_is(const struct query_parser *p, const char *what)
{
	struct str rest = {p->text.s + p->pos, p->text.len - p->pos};
	return str_starts(rest, str_from(what));
}

struct str
query_peek_word(const struct query_parser *p)
{
	size_t end = p->pos;
	while (end < p->text.len && p->text.s[end] != '\0' && strchr(STOPS, p->text.s[end]) == NULL &&
	       !(p->text.s[end] == '>' && end + 1 < p->text.len && p->text.s[end + 1] == '='))
		end++;
	return (struct str){p->text.s + p->pos, end - p->pos};
}

/* ---- words, phrases and weights ---- */

/* “…” and "…": where the quote that opens at pos ends; 0 = no quote. */
static size_t
quote_len(const struct query_parser *p, size_t at)
{
	static const char *const quotes[] = {"\"", "\xE2\x80\x9C", "\xE2\x80\x9D", "\xE2\x80\x9E"};
	struct str rest = {p->text.s + at, p->text.len - at};
	for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
		if (str_starts(rest, str_from(quotes[i])))
			return strlen(quotes[i]);
	}
	return 0;
}

/* What stands between the quotes at pos; moves behind them. */
static bool
take_quoted(struct query_parser *p, struct str *ret)
{
	size_t start = p->pos, open = quote_len(p, p->pos), end = p->pos + open;
	while (end < p->text.len && quote_len(p, end) == 0)
		end++;
	if (end >= p->text.len)
		return query_wrong(p, start, open, "", "this quote is not closed");
	*ret = (struct str){p->text.s + start + open, end - start - open};
	p->pos = end + quote_len(p, end);
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
	if (quote_len(p, p->pos) > 0)
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

static bool
lang_valid(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = ascii_lower(s.s[i]);
		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
			return false;
	}
	return s.len >= 2 && s.len <= 35;
}

static bool
fill_about(struct query_parser *p, struct query_node *n, struct str text)
{
	n->op = QUERY_ABOUT;
	n->about = (enum query_about)p->about;
	n->text = arena_str(p->arena, text);
	if (str_empty(str_trim(text)))
		return query_wrong(p, n->start, 1, "", "nothing stands behind the colon");
	if (n->about == QUERY_LANG && !lang_valid(text))
		return query_wrong(p, n->start, n->end - n->start, "write lang:uk or lang:(uk OR ru)",
		    "this is no code of a language");
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
	if (n == NULL)
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
