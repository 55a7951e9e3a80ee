#pragma once
/*
 * The pure step from the bytes of a reply to analysed items: parse, read as text, match, identify; or from the bytes of the page
 * that an item links to, to its main text and what the item mentions with it (analyse_page.h).
 * One function over values that can be sent through a pipe: it sees no descriptor, clock or database, so it can run in
 * this process, in a sandboxed worker, or under a fuzzer.
 */
#include "feed/article.h"
#include "feed/feed.h"
#include "story/features.h"
#include "story/identity.h"
#include "watch/watch.h"

struct analysis_job {
	struct feed_input input;
	struct str
	    language; /* the configured language of the feed, used where neither item nor document says; or STR_NONE */
	/* For queries: the feed's key, its configured title (STR_NONE: the document's counts), its tags with spaces between. */
	struct str feed, title, tags;
	/* It is a page: of this item, whose fields as they are stored are matched again together with the page's text. */
	bool page;
	struct analysis_item {
		struct str language, title, summary, content, link, authors, categories;
	} item;
	struct watch_memo *memo; /* of whoever reads one document after another; or NULL */
};

struct analysed_item {
	struct story_identity identity;
	struct story_features features;
	struct watch_result matches;
	struct str authors,
	    categories; /* of the item as one text each, separated by ", ": what was matched is what is stored */
	/* the item's HTML as its difference to the plain text (text/html_delta.h), which then stands in its place; or empty */
	struct str summary_delta, content_delta;
};

struct page_analysis {
	struct article article;
	struct watch_result matches; /* of the item with its page; those of field article count in article.text */
};

struct analysis {
	struct feed_doc doc; /* doc.items and items run in parallel */
	struct analysed_item *items;
	struct page_analysis *page; /* of a page, where there are no items */
	size_t page_count;          /* 1 then */
};

/* The texts of item i in which mentions are looked for: their offsets count in these. */
void analysis_input(const struct analysis *a, size_t i, struct str configured_language, struct watch_input *ret);

/* Everything lives in the arena (and, for rule words and names, in the watchlist). Errors are those of feed_parse, and of
 * analyse_page. */
int analyse(const struct analysis_job *job, const struct feed_limits *limits, const struct watchlist *watchlist,
    struct arena *arena, struct analysis *out, struct err *err);
