#pragma once
/*
 * The query language: text → a tree, and back. tidings-query(7) is its manual: operators, precedence, what each finds.
 *
 * A parsed query is immutable and knows nothing of any watchlist: actors and topics in it are keys. query_check.h says what an
 * item must hold for a query, query_naive.c and query_fast.c answer it.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "watch/watch.h"

/* Ceilings; a message names the one that was reached. */
#define QUERY_BYTES_MAX 65536u   /* of the text of one query */
#define QUERY_NODES_MAX 10000u   /* operators and terms in it */
#define QUERY_DEPTH_MAX 64u      /* parentheses and prefixes in each other */
#define QUERY_DISTANCE_MAX 1000u /* n of NEAR/n, ONEAR/n, WITHIN/n */
#define QUERY_COUNT_MAX 1000u    /* n of ATLEAST/n */
#define QUERY_FIRST_MAX 1000000u /* n of FIRST/n */
#define QUERY_WEIGHT_MAX 10000   /* of ^n, to both sides; the threshold may be a million */
#define QUERY_THRESHOLD_MAX 1000000
#define QUERY_PHRASE_MAX 32u      /* words of one phrase */
#define QUERY_WORD_BYTES_MAX 128u /* of one word, folded */
#define QUERY_PREFIX_MIN 2u       /* letters before a wildcard */
#define QUERY_REGEX_BYTES_MAX 1024u
#define QUERY_REGEXES_MAX 16u /* in one query */

enum query_op {
	QUERY_TERM,     /* a word or a phrase: tokens */
	QUERY_REGEX,    /* text: the pattern */
	QUERY_ACTOR,    /* text: the key behind @ */
	QUERY_TOPIC,    /* text: the key behind # */
	QUERY_ABOUT,    /* lang: feed: source: with text */
	QUERY_AND,      /* kids */
	QUERY_OR,       /* kids */
	QUERY_NOT,      /* one kid; stands only among the kids of an AND, behind one that is no NOT */
	QUERY_NEAR,     /* two kids, n words apart at most */
	QUERY_ONEAR,    /* the same, in this order */
	QUERY_WITHIN,   /* two kids, from the first word to the last n words at most; one may lie in the other */
	QUERY_SENTENCE, /* two kids, in one sentence */
	QUERY_PARAGRAPH,
	QUERY_ATLEAST, /* one kid, n places */
	QUERY_FIRST,   /* one kid, in the first n words of its field */
	QUERY_FIELD,   /* one kid, in the field `n` (enum watch_field) */
	QUERY_SUM,     /* kids with weights, n: the threshold */
	QUERY_OP_COUNT
};

enum query_form {    /* how a word of a term is compared */
	QUERY_FOLD,  /* word: case and diacritics do not count */
	QUERY_STEM,  /* ~word: any form of it in the language of the item */
	QUERY_CASE,  /* =word: capitals count */
	QUERY_EXACT, /* ==word: letter for letter */
};

enum query_about { QUERY_LANG, QUERY_FEED, QUERY_SOURCE };

struct query_token {
	struct str fold;    /* with * and ? when `wild` */
	struct str written; /* as in the query */
	/* Bytes of the signs that count and touch it, as in C++, .NET, 50%: they stand before and behind `written`. */
	uint16_t before, after;
	bool joined; /* an & stands between it and the word before: AT&T */
	bool wild;
	bool open; /* Hangul: particles are written on, so a longer word that begins with it counts */
};

struct query_regex;

struct query_node {
	enum query_op op : 8;
	enum query_form form : 8;
	enum query_about about : 8;
	bool explicit_op : 1; /* AND: written out */
	bool weighted : 1;    /* a ^n stands behind it */
	uint32_t n;
	int32_t weight;      /* of a kid of QUERY_SUM */
	uint32_t start, end; /* bytes of the query's text */
	/* What FIELD and FIRST above it make of a leaf: */
	uint32_t first;  /* only so many words of the field; 0 = all */
	uint16_t fields; /* 1 << enum watch_field; 0 = none was named: title, summary, content and article */
	uint16_t depth;  /* of the tree below, itself counted */
	uint32_t number; /* of the leaf, below struct query.leaf_count */
	uint32_t kid_count, token_count;
	struct str text;
	struct query_token *tokens; /* QUERY_TERM */
	struct query_node **kids;
	struct query_regex *regex;
};

struct query {
	struct query_node *root;
	struct str text; /* a copy of what was parsed */
	size_t node_count;
	size_t leaf_count;
	struct query_regex *regexes; /* to be freed: a list */
};

/* A mistake: what is wrong and what was expected at a place of the text. */
struct query_mistake {
	size_t at, len; /* bytes of the text */
	char message[200];
	char hint[160]; /* "" = none */
};

/* The tree lives in the arena; query_done gives back what patterns took. -1: the mistake is told (memory that ran out, too). */
int query_parse(struct str text, struct arena *arena, struct query *ret, struct query_mistake *mistake);
void query_done(struct query *q);

/* The canonical form: every operator written out, as few parentheses as the precedence needs; parses to the same tree. */
void query_print(const struct query *q, struct buf *out);
void query_print_node(const struct query_node *node, struct buf *out);
bool query_same(const struct query_node *a, const struct query_node *b);

/* Three lines: "message; hint", the query round the mistake, a caret under it. No final newline. */
void query_mistake_show(const struct query_mistake *m, struct str text, struct buf *out);
void query_mistake_set(struct query_mistake *m, size_t at, size_t len, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Calls `each` for every actor or topic in the query. */
void query_references(const struct query_node *node, void (*each)(void *ctx, const struct query_node *leaf), void *ctx);

/*
 * What a full-text index of title, summary and content can be asked to find every item that a query may apply to: all of these
 * sets, of each one phrase of folded words. None when the query has nothing that such an index knows.
 */
#define QUERY_NEEDS_MAX 16u
#define QUERY_NEED_WORDS_MAX 200u
struct query_words {
	struct str text;
	bool begins; /* the last word may go on */
};
struct query_need {
	const struct query_words *any;
	size_t count;
};
int query_needs(const struct query *q, struct arena *arena, struct query_need **ret, size_t *count); /* -1: no memory */

static inline bool
query_is_leaf(const struct query_node *node)
{
	return node->op <= QUERY_ABOUT;
}
/* Whether `field` is among those that the leaf looks at. */
bool query_looks_at(const struct query_node *leaf, enum watch_field field);
