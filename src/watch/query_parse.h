#pragma once
/* Private to the parser of queries: its state, and what its files share. */
#include "watch/query.h"

struct query_parser {
	struct str text;
	size_t pos;
	struct arena *arena;
	struct query *query;
	struct query_mistake *mistake;
	unsigned depth;
	unsigned regexes;
	int about; /* enum query_about: words are values of that field; -1 = they are terms */
};

/* NULL after a mistake was told. */
struct query_node *query_node_new(struct query_parser *p, enum query_op op, size_t start);
bool query_node_adopt(struct query_parser *p, struct query_node *parent, struct query_node *kid);
/* Always false, for `return`. */
bool query_wrong(struct query_parser *p, size_t at, size_t len, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* query_leaf.c: where the parser stands, and what has no operators in it. White space is also what Unicode has of it, and the marks
 * that say which way a text runs. */
void query_skip_space(struct query_parser *p);
/* Bytes of the parenthesis that opens ('(') or closes (')') at pos, also of the broad one of Chinese and Japanese; 0 = none. */
size_t query_paren(const struct query_parser *p, char which);
/* Does a quote end just before `at`? */
bool query_quote_ends(const struct query_parser *p, size_t at);
bool query_next_is(const struct query_parser *p, const char *what);
/* The bytes up to white space, a parenthesis or a quote. */
struct str query_peek_word(const struct query_parser *p);
/* A word or phrase, @key or #key, /expression/. NULL after a mistake was told. */
struct query_node *query_parse_term(struct query_parser *p);
struct query_node *query_parse_key(struct query_parser *p, enum query_op op);
struct query_node *query_parse_regex(struct query_parser *p);
/* ^number behind a node, if there is one. */
bool query_take_weight(struct query_parser *p, struct query_node *node);

struct suggestion;
/* The operators, as what a misspelt one may stand for. */
void query_offer_operators(struct suggestion *s);

/* query_foreign.c. Whether a bare word is an operator of other services, or one of ours in small letters. */
bool query_reads_foreign(struct str word);
/* False when what stands at pos is one of them, or excludes by a sign: the mistake is told. */
bool query_refuse_foreign(struct query_parser *p);
void query_wrong_field(struct query_parser *p, struct str name);

/* query_term.c: fills node->tokens from the words of `s`, which stands at node->start. */
bool query_tokens(struct query_parser *p, struct query_node *node, struct str s);
/* query_check.c: what only the whole tree shows; numbers the leaves. */
bool query_check(struct query_parser *p);
