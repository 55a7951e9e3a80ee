#pragma once
/*
 * The pure step from the bytes of a reply to analysed items: parse, read as text, match, identify.
 * One function over values that can be sent through a pipe: it sees no descriptor, clock or database, so it can run in
 * this process, in a sandboxed worker, or under a fuzzer.
 */
#include "feed/feed.h"
#include "story/identity.h"
#include "watch/watch.h"

struct analysis_job {
	struct feed_input input;
	struct str language; /* the configured language of the feed, used where neither item nor document says; or STR_NONE */
};

struct analysed_item {
	struct story_identity identity;
	struct watch_result matches;
};

struct analysis {
	struct feed_doc doc;          /* doc.items and items run in parallel */
	struct analysed_item *items;
};

/* Everything lives in the arena (and, for rule words and names, in the watchlist). Errors are those of feed_parse. */
int analyse(const struct analysis_job *job, const struct feed_limits *limits, const struct watchlist *watchlist,
    struct arena *arena, struct analysis *out, struct err *err);

/* The authors' names and the categories' labels of an item as one text each, separated by ", "; STR_NONE when it has none.
 * What is matched and what is stored is the same text, so that offsets hold. */
struct str analyse_authors(const struct feed_item *item, struct arena *arena);
struct str analyse_categories(const struct feed_item *item, struct arena *arena);
