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
	struct str form; /* of a query: the folded words or stem that were compared; or STR_NONE */
};

struct record_match { /* one actor or topic */
	enum watch_kind kind;
	struct str id, label;
	struct record_mention *mentions;
	size_t mention_count;
};

/* The story that an item belongs to, as it stands when it is read. */
struct record_story {
	int64_t id;            /* 0: none, the item is from before there were stories */
	int64_t duplicate_of;  /* the first item with the same text, or 0 */
	unsigned nth_source;   /* the item's feed was the how manieth to report it: 1 for the first */
	unsigned source_count; /* distinct feeds so far */
	unsigned item_count;
	int64_t first_at, last_at;
	struct str headline; /* the title of its most central item */
};

struct record {
	int64_t id; /* the store's number of the item */
	struct str feed_key, feed_title;
	struct str guid, link, title, summary, content, summary_html, content_html, language, authors, categories;
	struct str article;   /* the main text of the page that it links to, or STR_NONE */
	struct str canonical; /* where that page says it belongs, or STR_NONE */
	int64_t published_at, updated_at, first_seen_at,
	    changed_at; /* changed_at: when an edit was last seen, or TIME_NONE */
	struct record_match *matches;
	size_t match_count;
	struct str *watches; /* keys of the watches that it fell under */
	size_t watch_count;
	int severity;          /* the highest of those watches: 0 low 1 normal 2 high 3 urgent */
	unsigned source_count; /* feeds that carry it */
	int64_t watchlist;     /* version of the watchlist that it was matched with; 0 = none */
	struct record_story story;
};

/* The item as the matcher sees it; tags: those of its feed, parted by spaces. Views. */
struct watch_input record_input(const struct record *r, struct str tags);

/*
 * One thing that is told to one sink. It stands for one item, for a story that has grown since it was told last, for what
 * a period brought together (a digest), or for no item at all (an alarm, a test of the sink).
 */
enum notification_kind {
	NOTIFICATION_ITEM,
	NOTIFICATION_STORY,
	NOTIFICATION_DIGEST,
	NOTIFICATION_ALARM,
	NOTIFICATION_TEST,
	NOTIFICATION_KIND_COUNT
};

#define NOTIFICATION_RECORDS_MAX 50 /* records that one notification carries; item_count says how many there are */

struct notification {
	struct str id;   /* stable: the same at every attempt and after every crash */
	struct str sink; /* key of the sink */
	int64_t row;     /* the outbox row */
	int64_t created_at;
	unsigned attempt; /* 1 for the first */
	enum notification_kind kind;
	int severity;     /* 0 low 1 normal 2 high 3 urgent */
	struct str route; /* key of the route or watch that sent it here; STR_NONE when it came by none */
	struct str group; /* what it was grouped by: equal for all notifications of one thread; STR_NONE = by nothing */
	struct str previous_id; /* the notification of the same group before this one; STR_NONE = it is the first */
	struct str thread_id;   /* the first of its group; its own id when it is that */
	struct str *watches;    /* keys of the watches that want it told */
	size_t watch_count;
	struct record *records; /* the items, newest first; the first is the one to show. None for alarms and tests */
	size_t record_count;    /* at most NOTIFICATION_RECORDS_MAX */
	size_t item_count;      /* items that it stands for; more than record_count when some are left out */
	unsigned source_count;  /* distinct feeds that carry the story, or from which the digest's items come */
	int64_t since_at; /* story: when its first item was seen; digest: from when; alarm: since when; or TIME_NONE */
	struct str alarm; /* alarms: which, as in "feed_failing", "burst"; see tidingsd(8) */
	struct str subject;     /* alarms: key of the feed, watch or actor it is about, or STR_NONE */
	struct str title, text; /* alarms and tests: a line, and a few more; may hold foreign text. Else STR_NONE */
};
