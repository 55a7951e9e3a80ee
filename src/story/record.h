#pragma once
/*
 * An item as it is kept and shown, with its evidence: the value that store fills and render, notify and cli read.
 * All strings are valid UTF-8; their owner is whoever filled the record (usually an arena).
 */
#include "base/clock.h"
#include "base/str.h"
#include "watch/watch.h"

struct record_mention {
	enum watch_field field;
	uint32_t start, end; /* bytes into the stored field */
	struct str text;     /* the words as they stand there */
	struct str name;     /* the watchlist's name that matched */
	struct str rule;
};

struct record_match { /* one actor or topic */
	enum watch_kind kind;
	struct str id, label;
	struct record_mention *mentions;
	size_t mention_count;
};

struct record {
	int64_t id; /* the store's number of the item */
	struct str feed_key, feed_title;
	struct str guid, link, title, summary, content, summary_html, content_html, language, authors, categories;
	int64_t published_at, updated_at, first_seen_at,
	    changed_at; /* changed_at: when an edit was last seen, or TIME_NONE */
	struct record_match *matches;
	size_t match_count;
	struct str *watches; /* keys of the watches that it fell under */
	size_t watch_count;
	int severity;          /* the highest of those watches: 0 low 1 normal 2 high 3 urgent */
	unsigned source_count; /* feeds that carry it */
};

/* One delivery of a record to one sink. */
struct notification {
	struct str id;   /* stable: the same at every attempt and after every crash */
	struct str sink; /* key of the sink */
	int64_t row;     /* the outbox row */
	int64_t created_at;
	unsigned attempt; /* 1 for the first */
	struct record record;
};
