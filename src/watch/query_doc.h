#pragma once
/*
 * An item as queries see it: the words of every field, their stems, its language, feed and source, and the actors and topics
 * that were found in it. Made once per item, in an arena. Private to watch, and for tests.
 */
#include "text/stem.h"
#include "watch/query.h"
#include "watch/tokens.h"

struct query_field {
	struct str text;
	struct text_words words;
	struct str (*stems)[2]; /* of each word: of its letters and of its folded letters; NULL until one is wanted */
};

/* Where something stands: words first..last of a field, and the bytes of it. */
struct query_span {
	uint32_t field, first, last;
	uint32_t start, end;
	const struct watch_mention *mention; /* of an actor or topic */
};

struct query_spans {
	struct query_span *items;
	size_t count, cap;
};

/* No more places than these are looked at for one part of a query: the first ones. */
#define QUERY_SPANS_MAX 1000u

/* What is told of a query that applies. */
struct query_place {
	struct query_span span;
	uint32_t at;      /* where the query's text has it */
	const char *rule; /* "fold" "stem" … */
	struct str form;  /* the form that was compared: folded word, stem; STR_NONE for a regular expression */
	struct str name;  /* as the query has it */
};

struct query_doc {
	struct arena *arena;
	const struct watch_input *in;
	struct query_field fields[WATCH_FIELD_COUNT];
	struct text_words source;                           /* the words of its source */
	bool content_repeats_summary;                       /* then a term that names no field looks at one of them */
	struct str lang;                                    /* of the item, in the usual form of its tag */
	int language;                                       /* number of text_stem_language, or -1 */
	struct text_stemmer *stemmer;                       /* made when a stem is first wanted: query_doc_done() */
	size_t stemmed;                                     /* words whose stems have come into the arena */
	const struct watch_result *names;                   /* what the names of the watchlist gave, by entity */
	uint32_t asked;                                     /* the query that is asked, see query_doc_ask() */
	struct query_regex_found *found;                    /* by its regular expressions so far */
	struct watch_given_up given_up[WATCH_GIVEN_UP_MAX]; /* its `entity` is the number of the query */
	size_t given_up_count;
};

/* 0, or -1 with ERR_NO_MEMORY or ERR_LIMIT. */
int query_doc_init(struct query_doc *d, const struct watch_input *in, const struct watch_tokens *tokens,
    const struct watch_result *names, struct arena *arena, struct err *err);
/* Gives back what is not in the arena. */
void query_doc_done(struct query_doc *d);
/* The stemmer of the item's language, which must have one; NULL: memory ran out. */
struct text_stemmer *query_doc_stemmer(struct query_doc *d);
/* The stems of a word. NULL when memory ran out (the arena may not know). */
const struct str *query_doc_stems(struct query_doc *d, enum watch_field field, size_t word);
/* Is the word its own folded form but for capitals of ASCII? Then both its stems are one. */
bool query_word_is_folded(const struct query_field *f, size_t word);

/* Whether the leaf looks at this field of this item. */
bool query_doc_looks(const struct query_doc *d, const struct query_node *leaf, enum watch_field field);
/* How many words of the field FIRST leaves to the leaf. */
size_t query_doc_words(const struct query_doc *d, const struct query_node *leaf, enum watch_field field);
/* The hit of an entity among the names, or NULL. */
const struct watch_hit *query_doc_hit(const struct query_doc *d, size_t entity);
/* The words that bytes start..end of a field lie in; false when there is none. */
bool
query_doc_span(const struct query_doc *d, enum watch_field field, uint32_t start, uint32_t end, struct query_span *ret);
/* The name of the host in the item's link, or STR_NONE. */
struct str query_doc_host(const struct query_doc *d);
/* lang: feed: and source: */
bool query_doc_is_about(const struct query_doc *d, const struct query_node *leaf);

/* From now on it is this query of the set that is asked: its regular expressions are kept with what they found, because they are
 * asked several times; what was kept of the query before may be given back to the arena. */
void query_doc_ask(struct query_doc *d, uint32_t entry);
/* Adds where a regular expression finds something in a field, as words; to be settled. One that meets a ceiling is noted among
 * `given_up`. False when memory ran out. */
bool
query_regex_spans(struct query_doc *d, const struct query_node *leaf, enum watch_field field, struct query_spans *out);
/* The ceiling that it has met there, as far as it was asked. */
enum watch_limit query_regex_limit(const struct query_doc *d, const struct query_node *leaf, enum watch_field field);
/* "1000000 steps, and 20 for each byte" */
const char *query_limit_words(enum watch_limit limit);

/* One word of a term against one word of a field, stems apart. */
bool query_word_is(const struct query_field *f, size_t word, const struct query_token *token, enum query_form form);
/* * is any number of letters, ? is one. */
bool query_glob(struct str pattern, struct str s);

/* By field, first and last; the same place once; cut to QUERY_SPANS_MAX. False when memory ran out (the arena remembers). */
bool query_spans_add(struct arena *arena, struct query_spans *s, const struct query_span *span);
bool query_spans_append(struct arena *arena, struct query_spans *s, const struct query_spans *more);
void query_spans_settle(struct query_spans *s);
/* Only those inside one of `within` (NULL: all). */
void query_spans_keep(struct query_spans *s, const struct query_spans *within);
bool query_spans_hold(const struct query_spans *s, const struct query_span *inner);
/* Places that do not overlap, from the left. */
size_t query_spans_apart(const struct query_spans *s);
