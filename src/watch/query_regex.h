#pragma once
/*
 * Regular expressions in queries: PCRE2 with ceilings on steps, depth and memory, so that no pattern takes long, whatever the
 * text. Where a ceiling is reached nothing more is found, and that is said. Steps are counted over a whole text (PCRE2's own limit begins anew
 * wherever a match might begin): one for each part of the pattern that is tried, and one for each byte that it goes on or back.
 * Private to watch. pcre2callout(3)
 */
#include "base/err.h"
#include "watch/watch.h"

#define QUERY_REGEX_STEPS_MAX 1000000u /* for one text, … */
#define QUERY_REGEX_STEPS_A_BYTE 20u   /* … and so many for each byte of it */
#define QUERY_REGEX_DEPTH_MAX 1000u
#define QUERY_REGEX_HEAP_KIB_MAX 1024u
#define QUERY_REGEX_FINDS_MAX 50u /* places in one text; further ones are not looked for */

struct query_regex {
	struct query_regex *next;
	void *code;
};

/* NULL: ERR_SYNTAX with what is wrong (*at: where in the pattern), or ERR_NO_MEMORY. */
struct query_regex *query_regex_new(struct str pattern, bool ignore_case, size_t *at, struct err *err);
void query_regex_free(struct query_regex *r); /* the whole list */

/* Calls `each` for places that do not overlap, first to last; empty ones are passed over. *pool (may be NULL): steps that are
 * left for this and others, counted down. *limit: the ceiling at which it stopped. False when memory ran out. */
bool query_regex_find(const struct query_regex *r, struct str text, bool (*each)(void *ctx, size_t start, size_t end),
    void *ctx, uint64_t *pool, enum watch_limit *limit);
