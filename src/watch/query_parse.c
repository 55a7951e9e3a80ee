/* Text → tree, by recursive descent; one function per level of precedence, tightest last. */
#include "watch/query_parse.h"

#include "base/suggest.h"
#include "base/utf8.h"
#include "watch/query_regex.h"

#include <stdarg.h>
#include <stdio.h>

static void
set_mistake(struct query_mistake *m, size_t at, size_t len, const char *hint, const char *fmt, va_list ap)
{
	m->at = at;
	m->len = len;
	vsnprintf(m->message, sizeof m->message, fmt, ap);
	snprintf(m->hint, sizeof m->hint, "%s", hint);
}

void
query_mistake_set(struct query_mistake *m, size_t at, size_t len, const char *hint, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set_mistake(m, at, len, hint, fmt, ap);
	va_end(ap);
}

bool
query_wrong(struct query_parser *p, size_t at, size_t len, const char *hint, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set_mistake(p->mistake, at < p->text.len ? at : p->text.len, len, hint, fmt, ap);
	va_end(ap);
	return false;
}

struct query_node *
query_node_new(struct query_parser *p, enum query_op op, size_t start)
{
	if (p->query->node_count >= QUERY_NODES_MAX) {
		query_wrong(p, start, 1, "make several topics of it and join them with #key",
		    "the query has more than %u terms and operators", QUERY_NODES_MAX);
		return NULL;
	}
	struct query_node *n = arena_zalloc(p->arena, 1, sizeof *n);
	if (n == NULL) {
		query_wrong(p, start, 1, "", "memory ran out");
		return NULL;
	}
	p->query->node_count++;
	n->op = op;
	n->start = (uint32_t)start;
	n->end = (uint32_t)p->pos;
	n->depth = 1;
	n->weight = 1;
	return n;
}

bool
query_node_adopt(struct query_parser *p, struct query_node *parent, struct query_node *kid)
{
	/* room doubles at every power of two */
	if ((parent->kid_count & (parent->kid_count - 1)) == 0) {
		size_t cap = parent->kid_count ? parent->kid_count * 2 : 1;
		struct query_node **kids = arena_alloc(p->arena, cap * sizeof(struct query_node *));
		if (kids == NULL)
			return query_wrong(p, kid->start, 1, "", "memory ran out");
		if (parent->kid_count > 0)
			memcpy(kids, parent->kids, parent->kid_count * sizeof(struct query_node *));
		parent->kids = kids;
	}
	parent->kids[parent->kid_count++] = kid;
	parent->end = kid->end > parent->end ? kid->end : parent->end;
	if (parent->depth <= kid->depth)
		parent->depth = kid->depth + 1;
	if (parent->depth > QUERY_DEPTH_MAX)
		return query_wrong(p, parent->start, 1, "make topics of the inner parts and join them with #key",
		    "more than %u operators stand inside each other", QUERY_DEPTH_MAX);
	return true;
}

/* ---- tokens ---- */

enum keyword {
	KEY_NONE,
	KEY_AND,
	KEY_OR,
	KEY_NOT,
	KEY_NEAR,
	KEY_ONEAR,
	KEY_WITHIN,
	KEY_SENTENCE,
	KEY_PARAGRAPH,
	KEY_ATLEAST,
	KEY_FIRST
};

static const struct keyword_row {
	const char *word;
	enum keyword key;
	uint32_t max; /* of the number behind its slash; 0 = takes none */
	enum query_op op;
} keywords[] = {
    {"AND", KEY_AND, 0, QUERY_AND},
    {"OR", KEY_OR, 0, QUERY_OR},
    {"NOT", KEY_NOT, 0, QUERY_NOT},
    {"NEAR", KEY_NEAR, QUERY_DISTANCE_MAX, QUERY_NEAR},
    {"ONEAR", KEY_ONEAR, QUERY_DISTANCE_MAX, QUERY_ONEAR},
    {"WITHIN", KEY_WITHIN, QUERY_DISTANCE_MAX, QUERY_WITHIN},
    {"SENTENCE", KEY_SENTENCE, 0, QUERY_SENTENCE},
    {"PARAGRAPH", KEY_PARAGRAPH, 0, QUERY_PARAGRAPH},
    {"ATLEAST", KEY_ATLEAST, QUERY_COUNT_MAX, QUERY_ATLEAST},
    {"FIRST", KEY_FIRST, QUERY_FIRST_MAX, QUERY_FIRST},
};

/* The keyword that stands at pos, or NULL. */
static const struct keyword_row *
peek_keyword(struct query_parser *p)
{
	query_skip_space(p);
	struct str word = query_peek_word(p);
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		struct str name = str_from(keywords[i].word);
		if (!str_starts(word, name))
			continue;
		if (word.len == name.len || (keywords[i].max > 0 && word.s[name.len] == '/'))
			return &keywords[i];
	}
	return NULL;
}

void
query_offer_operators(struct suggestion *s)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		suggestion_offer(s, str_from(keywords[i].word));
}

/* Takes the keyword and the number behind it. */
static bool
take_keyword(struct query_parser *p, const struct keyword_row *k, uint32_t *n)
{
	struct str word = query_peek_word(p);
	size_t at = p->pos, head = strlen(k->word);
	int64_t number = 0;
	p->pos += word.len;
	*n = 0;
	if (k->max == 0)
		return true;
	struct str digits = word.len > head ? (struct str){word.s + head + 1, word.len - head - 1} : STR_NONE;
	if (!str_int(digits, 1, k->max, &number)) {
		char hint[100];
		snprintf(hint, sizeof hint, "write %s/10, or \"%s\" in quotes for the word itself", k->word, k->word);
		return query_wrong(
		    p, at, word.len, hint, "%s needs a number from 1 to %u behind a slash", k->word, k->max);
	}
	*n = (uint32_t)number;
	return true;
}

static bool
at_end(struct query_parser *p)
{
	query_skip_space(p);
	return p->pos >= p->text.len || query_paren(p, ')') > 0 || query_next_is(p, ">=");
}

/* ---- units ---- */

static struct query_node *parse_or(struct query_parser *p);
static struct query_node *parse_unit(struct query_parser *p);

static bool
deeper(struct query_parser *p)
{
	if (p->depth < QUERY_DEPTH_MAX) {
		p->depth++;
		return true;
	}
	return query_wrong(p, p->pos, 1, "make topics of the inner parts and join them with #key",
	    "more than %u parentheses or operators stand inside each other", QUERY_DEPTH_MAX);
}

/* Turns what stood in parentheses into a weighted sum. */
static struct query_node *
make_sum(struct query_parser *p, struct query_node *inner, size_t start)
{
	int64_t threshold = 0, reach = 0;
	size_t sign = p->pos;
	p->pos += 2;
	query_skip_space(p);
	struct str number = query_peek_word(p);
	if (!str_int(number, 1, QUERY_THRESHOLD_MAX, &threshold)) {
		query_wrong(p, p->pos, number.len ? number.len : 1, "", ">= needs a threshold from 1 to %d",
		    QUERY_THRESHOLD_MAX);
		return NULL;
	}
	p->pos += number.len;
	struct query_node *sum = query_node_new(p, QUERY_SUM, start);
	if (sum == NULL)
		return NULL;
	sum->n = (uint32_t)threshold;
	bool list = inner->op == QUERY_AND && !inner->weighted;
	for (size_t i = 0; i < (list ? inner->kid_count : 1); i++) {
		struct query_node *kid = list ? inner->kids[i] : inner;
		if ((list && inner->explicit_op) || kid->op == QUERY_NOT ||
		    (kid->op == QUERY_OR && !kid->weighted && !list)) {
			query_wrong(p, kid->start, kid->end - kid->start,
			    "write (one^3 two^2 \"a phrase\"^2) >= 4; parentheses may hold OR and NOT inside",
			    "before >= only terms side by side can stand");
			return NULL;
		}
		kid->weighted = false;
		reach += kid->weight > 0 ? kid->weight : 0;
		if (!query_node_adopt(p, sum, kid))
			return NULL;
	}
	if (reach < threshold) {
		query_wrong(p, sign, p->pos - sign, "", "all weights together are only %lld", (long long)reach);
		return NULL;
	}
	sum->end = (uint32_t)p->pos;
	return sum;
}

/* A weight outside a sum says nothing. */
static bool
no_weights(struct query_parser *p, const struct query_node *node)
{
	bool list = node->op == QUERY_AND;
	for (size_t i = 0; i < (list ? node->kid_count : 1); i++) {
		const struct query_node *n = list ? node->kids[i] : node;
		if (n->weighted)
			return query_wrong(p, n->start, n->end - n->start,
			    "write (… …) >= 6 round the terms that have weights", "a weight needs a threshold");
	}
	return true;
}

static struct query_node *
finish_group(struct query_parser *p, struct query_node *inner, size_t start)
{
	query_skip_space(p);
	if (query_next_is(p, ">="))
		return make_sum(p, inner, start);
	return no_weights(p, inner) ? inner : NULL;
}

static struct query_node *
parse_group(struct query_parser *p)
{
	size_t start = p->pos;
	if (!deeper(p))
		return NULL;
	p->pos += query_paren(p, '(');
	struct query_node *inner = at_end(p) && query_paren(p, ')') > 0 ? NULL : parse_or(p);
	if (inner == NULL) {
		if (p->mistake->message[0] == '\0')
			query_wrong(p, start, p->pos + 1 - start, "", "there is nothing between these parentheses");
		return NULL;
	}
	bool sum = query_next_is(p, ">=");
	if (sum && (inner = make_sum(p, inner, start)) == NULL)
		return NULL;
	query_skip_space(p);
	if (query_paren(p, ')') == 0) {
		query_wrong(p, start, 1, "", "this parenthesis is not closed");
		return NULL;
	}
	p->pos += query_paren(p, ')');
	p->depth--;
	if (!sum && (inner = finish_group(p, inner, start)) == NULL)
		return NULL;
	inner->end = (uint32_t)p->pos;
	return inner;
}

/* The field that a prefix names: 1 one of the item's texts, 2 what the item is about, 0 none. */
static int
field_named(struct str name, enum watch_field *field, int *about)
{
	static const char *const abouts[] = {"lang", "feed", "source"};
	if (watch_field_parse(name, field))
		return 1;
	for (int i = 0; i < 3; i++) {
		if (str_is(name, abouts[i])) {
			*about = i;
			return 2;
		}
	}
	return 0;
}

/* Length of NAME in a bare NAME:… of ASCII letters; 0 = there is none. */
static size_t
prefix_len(struct str word)
{
	size_t n = 0;
	while (n < word.len && ((word.s[n] >= 'a' && word.s[n] <= 'z') || (word.s[n] >= 'A' && word.s[n] <= 'Z')))
		n++;
	return n < word.len && word.s[n] == ':' ? n : 0;
}

static struct query_node *
parse_field(struct query_parser *p, size_t len, enum watch_field field, int about)
{
	size_t start = p->pos;
	struct query_node *n = about < 0 ? query_node_new(p, QUERY_FIELD, start) : NULL;
	if ((about < 0 && n == NULL) || !deeper(p))
		return NULL;
	if (about >= 0 && p->about >= 0) {
		query_wrong(p, start, len + 1, "", "a field cannot stand inside another one of this kind");
		return NULL;
	}
	p->pos += len + 1;
	query_skip_space(p);
	int before = p->about;
	p->about = about >= 0 ? about : p->about;
	struct query_node *kid = at_end(p) ? NULL : parse_unit(p);
	p->about = before;
	p->depth--;
	if (kid == NULL) {
		if (p->mistake->message[0] == '\0')
			query_wrong(p, start, len + 1, "write title:word, title:\"a phrase\" or title:(…)",
			    "nothing stands behind the colon");
		return NULL;
	}
	if (about >= 0) {
		if (kid->op == QUERY_ABOUT)
			kid->start = (uint32_t)start;
		return kid;
	}
	n->n = field;
	n->weight = kid->weight;
	n->weighted = kid->weighted;
	kid->weight = 1;
	kid->weighted = false;
	return query_node_adopt(p, n, kid) ? n : NULL;
}

static struct query_node *
parse_primary(struct query_parser *p)
{
	enum watch_field field = 0;
	int about = -1;
	struct str word = query_peek_word(p);
	size_t len = prefix_len(word);
	char c = p->text.s[p->pos];

	if (query_paren(p, '(') > 0)
		return parse_group(p);
	if (len > 0 && field_named((struct str){word.s, len}, &field, &about) > 0)
		return parse_field(p, len, field, about);
	if (len > 0 && word.len > len + 1 && word.s[len + 1] != '/') {
		query_wrong_field(p, (struct str){word.s, len});
		return NULL;
	}
	if (c == '/' && p->about < 0)
		return !query_reads_foreign(word) || query_refuse_foreign(p) ? query_parse_regex(p) : NULL;
	if ((c == '@' || c == '#') && p->about < 0)
		return query_parse_key(p, c == '@' ? QUERY_ACTOR : QUERY_TOPIC);
	return query_parse_term(p);
}

static struct query_node *
parse_unit(struct query_parser *p)
{
	struct query_node *n = parse_primary(p);
	return n != NULL && query_take_weight(p, n) ? n : NULL;
}

/* ---- operators, from the tightest to the loosest ---- */

/* An operand must follow; what is wrong is told at the operator. */
static bool
operand_follows(struct query_parser *p, size_t at, size_t len)
{
	const struct keyword_row *k = peek_keyword(p);
	bool prefix = k != NULL && (k->key == KEY_NOT || k->key == KEY_ATLEAST || k->key == KEY_FIRST);
	if (at_end(p) || (k != NULL && !prefix))
		return query_wrong(p, at, len, "write a term there, or put the operator in quotes to look for the word",
		    "%.*s has nothing on its right", (int)len, p->text.s + at);
	return true;
}

static bool
operand_weight(struct query_parser *p, const struct query_node *n)
{
	if (!n->weighted)
		return true;
	return query_wrong(p, n->start, n->end - n->start,
	    "put parentheses round what the weight is for: (one NEAR/5 two)^3",
	    "a weight belongs to a whole term of the sum");
}

static struct query_node *
parse_near(struct query_parser *p)
{
	struct query_node *left = parse_unit(p);
	const struct keyword_row *k;
	while (left != NULL && (k = peek_keyword(p)) != NULL && k->key >= KEY_NEAR && k->key <= KEY_PARAGRAPH) {
		size_t at = p->pos;
		uint32_t n;
		enum query_op op = k->op;
		if (!take_keyword(p, k, &n) || !operand_follows(p, at, p->pos - at))
			return NULL;
		if ((k = peek_keyword(p)) != NULL) {
			query_wrong(
			    p, p->pos, strlen(k->word), "put parentheses round it", "%s cannot stand here", k->word);
			return NULL;
		}
		struct query_node *right = parse_unit(p), *both = NULL;
		if (right != NULL && operand_weight(p, left) && operand_weight(p, right))
			both = query_node_new(p, op, left->start);
		if (both == NULL)
			return NULL;
		both->n = n;
		if (!query_node_adopt(p, both, left) || !query_node_adopt(p, both, right))
			return NULL;
		left = both;
	}
	return left;
}

static struct query_node *
parse_counted(struct query_parser *p)
{
	const struct keyword_row *k = peek_keyword(p);
	if (k == NULL || (k->key != KEY_ATLEAST && k->key != KEY_FIRST)) {
		if (k == NULL)
			return parse_near(p);
		query_wrong(p, p->pos, strlen(k->word), "put the operator in quotes to look for the word",
		    "%s has nothing on its left", k->word);
		return NULL;
	}
	size_t at = p->pos;
	uint32_t number;
	if (!take_keyword(p, k, &number) || !operand_follows(p, at, p->pos - at) || !deeper(p))
		return NULL;
	struct query_node *kid = parse_counted(p), *n = NULL;
	p->depth--;
	if (kid != NULL && operand_weight(p, kid) && (n = query_node_new(p, k->op, at)) != NULL)
		n->n = number;
	return n != NULL && query_node_adopt(p, n, kid) ? n : NULL;
}

static struct query_node *
parse_not(struct query_parser *p)
{
	const struct keyword_row *k = peek_keyword(p);
	if (k == NULL || k->key != KEY_NOT)
		return parse_counted(p);
	size_t at = p->pos;
	uint32_t none;
	if (!take_keyword(p, k, &none) || !operand_follows(p, at, 3))
		return NULL;
	if ((k = peek_keyword(p)) != NULL && k->key == KEY_NOT) {
		query_wrong(p, at, p->pos + 3 - at, "leave both out", "NOT NOT says nothing");
		return NULL;
	}
	struct query_node *kid = parse_counted(p), *n = NULL;
	if (kid != NULL && operand_weight(p, kid))
		n = query_node_new(p, QUERY_NOT, at);
	return n != NULL && query_node_adopt(p, n, kid) ? n : NULL;
}

/* A node of one kid is the kid. */
static struct query_node *
parse_list(struct query_parser *p, enum keyword key, enum query_op op, struct query_node *(*part)(struct query_parser *))
{
	struct query_node *first = part(p), *list = NULL;
	while (first != NULL && !at_end(p)) {
		const struct keyword_row *k = peek_keyword(p);
		bool said = k != NULL && k->key == key;
		size_t at = p->pos;
		uint32_t none;
		if (!said && (key == KEY_OR || (k != NULL && k->key == KEY_OR)))
			break;
		if (said && (!take_keyword(p, k, &none) || !operand_follows(p, at, strlen(k->word))))
			return NULL;
		struct query_node *next = part(p);
		if (next == NULL)
			return NULL;
		if (list == NULL &&
		    ((list = query_node_new(p, op, first->start)) == NULL || !query_node_adopt(p, list, first)))
			return NULL;
		list->explicit_op |= said;
		if (!query_node_adopt(p, list, next))
			return NULL;
	}
	for (size_t i = 0; list != NULL && op == QUERY_OR && i < list->kid_count; i++) {
		if (!no_weights(p, list->kids[i]))
			return NULL;
	}
	return list != NULL ? list : first;
}

static struct query_node *
parse_and(struct query_parser *p)
{
	return parse_list(p, KEY_AND, QUERY_AND, parse_not);
}

static struct query_node *
parse_or(struct query_parser *p)
{
	return parse_list(p, KEY_OR, QUERY_OR, parse_and);
}

static bool
parse_all(struct query_parser *p)
{
	query_skip_space(p);
	if (p->pos >= p->text.len)
		return query_wrong(p, 0, 1, "", "the query is empty");
	if (query_paren(p, ')') > 0)
		return query_wrong(p, p->pos, 1, "", "this parenthesis closes nothing");
	struct query_node *root = parse_or(p);
	if (root != NULL)
		root = finish_group(p, root, root->start);
	if (root == NULL)
		return false;
	query_skip_space(p);
	if (p->pos < p->text.len)
		return query_wrong(p, p->pos, 1, "",
		    query_paren(p, ')') > 0 ? "this parenthesis closes nothing" : "this is not understood");
	p->query->root = root;
	return true;
}

int
query_parse(struct str text, struct arena *arena, struct query *ret, struct query_mistake *mistake)
{
	struct query_parser p = {.text = text, .arena = arena, .query = ret, .mistake = mistake, .about = -1};

	*ret = (struct query){.root = NULL};
	*mistake = (struct query_mistake){0};
	size_t valid = utf8_valid_prefix(text);
	if (text.len > QUERY_BYTES_MAX) {
		query_wrong(
		    &p, QUERY_BYTES_MAX, 1, "", "the query has %zu bytes, more than %u", text.len, QUERY_BYTES_MAX);
	} else if (valid < text.len) {
		query_wrong(&p, valid, 1, "", "this is not UTF-8");
	} else if ((ret->text = p.text = arena_str(arena, text.s ? text : STR_LIT(""))).s == NULL) {
		query_wrong(&p, 0, 1, "", "memory ran out");
	} else if (parse_all(&p) && query_check(&p)) {
		return 0;
	}
	query_done(ret);
	return -1;
}

void
query_done(struct query *q)
{
	query_regex_free(q->regexes);
	q->regexes = NULL;
	q->root = NULL;
}
