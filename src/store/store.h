#pragma once
/*
 * store: the only room that knows SQL. SQLite in WAL mode; SQL text lives in store/sql.c and schema.c, prepared at open;
 * append-only migrations under user_version; a newer database is refused.
 *
 * The keystone is store_group_add: ONE transaction holds of each poll its items, sightings, matches, the feed's
 * validators and next due time, and the outbox rows. A notification exists if and only if its item was committed, and an ETag is only
 * remembered together with the items it stands for. All calls block (a commit costs some 0.2 ms). Errors: ERR_STORE,
 * ERR_STORE_BUSY, ERR_STORE_NEWER, ERR_STORE_CORRUPT, ERR_DISK_FULL, ERR_IO, ERR_NO_MEMORY. After any of them the
 * database holds what it held before the call, and the call may be repeated.
 */
#include "base/arena.h"
#include "base/err.h"
#include "feed/feed.h"
#include "sched/sched.h"
#include "story/identity.h"
#include "story/record.h"
#include "story/window.h"
#include "watch/query.h"
#include "watch/watch.h"

struct store;

enum store_mode {
	STORE_WRITE, /* the daemon: creates, migrates, holds a lock (on PATH.lock) that names its pid to a second one */
	STORE_READ   /* the companion: read-only, works while the daemon writes; ERR_NOT_FOUND when there is no file */
};

/* For a program that writes much, before it opens its first: SQLite then does not count the memory it takes, which costs two
 * turns of a lock for every piece. */
void store_count_no_memory(void);
int store_open(const char *path, enum store_mode mode, struct store **ret, struct err *err);
void store_close(struct store *s);
/* Changes when another process has committed (PRAGMA data_version): cheap, for `tidings follow`. */
int64_t store_data_version(struct store *s);
/* Whole-file check; 0 sound. */
int store_check(struct store *s, struct err *err);

/* ---- feeds ---- */

/* What polling has learnt of a feed besides its rhythm; see daemon/course.h for what it means. */
struct store_course {
	struct str adopted_url; /* polled instead of the configured one, because the feed moved there */
	struct str moved_url;   /* where permanent redirects lead at present, … */
	int64_t moved_since_at; /* … since when */
	int64_t full_at;        /* the last answer that was a document; after it only 304 */
	int64_t gone_at;        /* 410: not polled any more */
	int64_t gap_at;         /* when items were last thought to be missed */
	int64_t gap_count;      /* how often that was */
	int64_t wait_ms;        /* what its last document asked for between two polls; -1 = nothing */
	unsigned moved_count;   /* … how often in a row they did */
	uint32_t skip_hours;
	uint8_t skip_days;
	double items_per_week;   /* what it showed; < 0 = unknown */
	int64_t told_failing_at; /* when "failing_long" was told of the present failure */
};

#define STORE_COURSE_NONE \
	((struct store_course){.moved_since_at = TIME_NONE, \
	    .full_at = TIME_NONE, \
	    .gone_at = TIME_NONE, \
	    .gap_at = TIME_NONE, \
	    .wait_ms = -1, \
	    .items_per_week = -1, \
	    .told_failing_at = TIME_NONE})

struct store_feed {
	int64_t id;
	struct str key, url, title, site;
	struct str etag, last_modified; /* byte-exact */
	struct hash128 body_hash;       /* of the last parsed body; zero = none */
	struct sched_state sched;
	int64_t next_due_at;
	const char *next_why;
	int64_t added_at, last_attempt_at, last_success_at, last_new_at;
	enum err_code error; /* ERR_NONE while it is well */
	struct str error_text;
	int64_t error_since_at, error_at;
	unsigned error_count; /* in a row */
	int http_status;      /* of the last attempt */
	int64_t poll_count, item_count;
	bool configured; /* stands in the present configuration */
	struct store_course course;
};

/* Brings the feed table in line with the configuration: new keys are added, gone ones marked not configured (their
 * items stay), a changed URL drops the validators. *ret: one row per key, in the order given, in the arena. */
struct store_feed_key {
	struct str key, url, title;
};
int store_sync_feeds(struct store *s, const struct store_feed_key *keys, size_t count, int64_t now, struct arena *arena,
    struct store_feed **ret, struct err *err);
/* All feeds that are configured, or all there ever were; by key. */
int store_list_feeds(
    struct store *s, bool all, struct arena *arena, struct store_feed **ret, size_t *count, struct err *err);

/*
 * What happened to feeds, for people and alarms. Kinds are stable words:
 *   failing, failing_differently, working   every change of health; for the record
 *   failing_long, recovered                 failed for longer than fail-for; works after that: what people are told
 *   gone                                    410, not polled any more
 *   gap_suspected                           nothing in the document was known: items were probably missed
 *   moved, moved_back                       a permanent redirect was adopted; given up again
 *   identity_changed                        title, site and all items changed at once
 *   ids_changed                             known pages came under other ids or addresses
 *   ids_unstable                            … again: links are the ids from now on
 *   ids_repeated                            several items of one document had one id
 *   truncated_window                        the document had more items than are taken
 *   flood                                   very many new items at once: their notifications are held
 *   address_changed, removed, returned      the configuration changed
 *   push_on, push_off, push_denied          a WebSub hub pushes; does not any more; does not want to
 *   push_missed                             a poll found what no push had brought
 *   regex_limit                             a regular expression of a query met its limit in an item
 *   network_down, network_up                ours; feed is STR_NONE
 */
struct store_event {
	int64_t id, at;
	struct str feed, kind, text; /* feed: STR_NONE when it is about none */
};
/* Up to max events with a greater number than after_id, oldest first. */
int store_list_events(struct store *s, int64_t after_id, size_t max, struct arena *arena, struct store_event **ret,
    size_t *count, struct err *err);

/* Up to max of one kind that happened after `since`, newest first, without their feeds; the last 100,000 events are looked at. */
int store_recent_events(struct store *s, const char *kind, int64_t since, size_t max, struct arena *arena,
    struct store_event **ret, size_t *count, struct err *err);

/* Events that no poll brings. feed_id 0: about no feed. told_failing: the feed's course is to remember it. */
struct store_happening {
	int64_t feed_id, at;
	const char *kind;
	struct str text;
	bool told_failing;
};
int store_add_events(struct store *s, const struct store_happening *events, size_t count, struct err *err);

/* Hosts that asked to be left alone, and until when. */
struct store_hold {
	struct str host, why;
	int64_t until_at;
};
/* A later end replaces an earlier one. */
int store_hold_host(struct store *s, const struct store_hold *hold, struct err *err);
/* Those that end after `now`, by host; a writer forgets the others, and those that end after `latest` (the clock was wrong). */
int store_list_holds(struct store *s, int64_t now, int64_t latest, struct arena *arena, struct store_hold **ret,
    size_t *count, struct err *err);

/* ---- finished polls ---- */

struct store_new_item;

struct store_tell { /* a watch that wants an item told at a sink */
	struct str watch;
	struct str sink;
	int severity;
	bool copies;        /* also when the same text was told to that sink for that watch already */
	struct str route;   /* key of the route that says so; STR_NONE = the watch itself */
	struct str group;   /* what it is grouped by; STR_NONE = it is told by itself */
	bool by_story;      /* the story's number is put behind `group` */
	bool again;         /* even when the sink was told of the item before: escalations */
	const void *policy; /* for store_router.decide */
};

/* What is known of an item's story inside the transaction, the item itself included. */
struct store_tale {
	int64_t id;                /* that of the item while it stands alone */
	unsigned source_count;     /* distinct feeds */
	int64_t since_at;          /* when the first of its items was seen */
	const struct str *watches; /* every watch that its items fell under */
	size_t watch_count;
};

/* What became of a group at a sink so far. */
struct store_thread {
	bool open;       /* a notification that nobody has tried to deliver yet: the item joins it */
	bool told;       /* there was one before */
	int64_t told_at; /* when the last one was delivered, or is due; TIME_NONE */
};

#define STORE_NEVER (INT64_MAX / 2) /* held until somebody releases it */

/* What becomes of a wish to tell. All zero (but for `at`) = at once. */
struct store_sending {
	bool skip;  /* nothing at all: an escalation that has not come about */
	bool muted; /* not told, and the row says why */
	int64_t at; /* held until then; TIME_NONE = not held */
	struct str
	    reason; /* of holding or muting: "group", "digest", "quiet", "rate", "flood", "changed", "silence 3 (…)" */
	struct str group; /* another group than the tell's, such as the one digest of a sink; STR_NONE = the tell's */
	int kind;         /* enum notification_kind of a new notification */
	int severity;
};

/* Decides inside the transaction, when story and history are exactly known; pure. NULL in a poll = all at once. */
struct store_router {
	void *ctx;
	void (*decide)(void *ctx, const struct store_tell *tell, const struct store_new_item *item,
	    const struct store_tale *story, const struct store_thread *thread, int64_t now, struct arena *arena,
	    struct store_sending *out);
};

struct store_new_item { /* views */
	const struct feed_item *item;
	const struct story_identity *identity;
	const struct watch_result *matches;
	struct str authors,
	    categories; /* as one text each, the one that was matched, so that offsets hold; or STR_NONE */
	/* the item's HTML where it is a difference to the plain text (text/html_delta.h), else empty; whether it is one is looked at
	 * when it is read */
	struct str summary_delta, content_delta;
	const struct story_features *features; /* NULL: it gets a story of its own */
	const struct store_tell *tells;        /* outbox rows are made of these if the item is new; one row per sink */
	size_t tell_count;
	const struct str *watches; /* every watch it falls under, told or not */
	size_t watch_count;
	int severity;       /* the highest of those watches, 0..3; that of a tell counts too */
	bool tell_edits;    /* when it is known and was edited: tell the watches that it falls under since then */
	struct hash128 key; /* the store's own: under which the feed carries it */
	int64_t id;         /* out: the item's number; 0 when it was known and has been purged since */
	int64_t page_of;    /* out, of a new one: the item whose page it leads to, or 0 */
	bool is_new;        /* out */
	bool changed;       /* out: known, and edited since */
	int64_t story, duplicate_of; /* out, of a new one: its story, and the first item with the same text or 0 */
	bool placed;                 /* out: a repeated call finds the decision about its story here */
	struct story_place place;
	bool sighted; /* out: known from another feed, which carried the same text under the same link; now here too */
};

/* What the transaction has found out when the poll's items are stored. */
struct store_seen {
	size_t known, fresh;    /* items of the document that this feed had carried before, and those it had not */
	bool had_items;         /* it had carried some before this poll */
	int64_t last_new_at;    /* when it last carried something new, before this poll */
	struct str title, site; /* of the document before */
};

struct store_poll_event {
	const char *kind;
	struct str text;
};

struct store_poll {
	int64_t feed_id;
	int64_t at;
	enum err_code error; /* ERR_NONE = good */
	struct str error_text;
	int http_status;
	bool not_modified;
	struct str title, site;         /* of the document; STR_NONE = leave */
	struct str etag, last_modified; /* set or cleared after a 200 or 226; left alone otherwise */
	struct hash128 body_hash;
	/* Called inside the transaction, once the items are stored and before anything else; again when the call is
	 * repeated. Fills the fields below. NULL: they are filled already. */
	void (*decide)(void *ctx, struct store_poll *p, const struct store_seen *seen);
	void *ctx;
	const struct store_course *course; /* new; NULL = as it was */
	struct store_hold hold;            /* put on a host together with it; host STR_NONE = none */
	const struct store_poll_event *events;
	size_t event_count;
	struct sched_state sched; /* new state */
	int64_t next_due_at;
	const char *next_why;
	struct store_new_item *items;
	size_t item_count;
	const struct store_router *router;
	bool unguarded;    /* very many new items at once are nothing strange here */
	bool window_cut;   /* the document had more items than are taken */
	bool hold_changed; /* when `changed`: hold what is told from then on, until it is released or this is false */
	bool changed;      /* set by decide: it is another feed (event identity_changed) */
	struct str
	    hold_tells; /* out: STR_NONE, or why no tell of this poll goes out until it is released ("flood", "changed") */
	int64_t push_id;       /* the push that it was made of, see store_push_add; 0 = it is a poll */
	unsigned articles_max; /* of how many of its new items the page is to be asked for */
	bool complete;         /* false: a truncated document; its items are stored, its validators are not */
};

/*
 * Stories are looked for in the window: fills a new one with the items seen since then, and uses it from now on. It
 * must outlive the store, and is the store's from now on: with `threaded` a thread asks it while rows are written (store/placer.h).
 * store_fetch_signature is the fetch of its options, with the store as ctx.
 */
int store_use_window(struct store *s, struct story_window *w, int64_t since_at, bool threaded, struct err *err);
int store_fetch_signature(void *store, int64_t item, struct arena *arena, struct str *ret, struct err *err);

/*
 * Polls are written in groups: ONE transaction that stays open over several calls, so that many polls share it while
 * nobody who calls waits for long. Nothing of a group is stored before store_group_sync says so, and then all of it is. An
 * item is told once per sink, also when several feeds carry it. `enough` (NULL: never) is asked again and again and says
 * when the caller has others to serve. Any other call that writes ends the group by itself; its owner notices because
 * store_group_open says false then, and learns from store_group_commit how it went. What is only read meanwhile may be of the
 * group, and not stored yet.
 *
 * store_group_add: 1 the poll is in, 0 there was enough before its end (call again with the same poll, or end the group),
 * -1 nothing of the whole group is stored; begin again with its first poll. The polls and the watchlist stay where they
 * are until the end.
 * store_group_commit: 1 all are committed and on their way to the disk, which a thread sees to (also when there is no group);
 * 0 there was enough before the end: call again, and add nothing before; -1 as above. Now others may be added.
 * store_group_sync: 1 all that was committed is on the disk, 0 not yet (never when it is to wait), -1 it cannot be said that
 * it is: begin again with the first poll that it was not said of. A group that is open by then is dropped.
 * store_group_end: both.
 */
int store_group_add(struct store *s, struct store_poll *p, const struct watchlist *watchlist, bool (*enough)(void *ctx),
    void *ctx, struct err *err);
int store_group_commit(struct store *s, bool (*enough)(void *ctx), void *ctx, struct err *err);
int store_group_sync(struct store *s, bool wait, struct err *err);
int store_group_end(struct store *s, bool (*enough)(void *ctx), void *ctx, struct err *err);
bool store_group_open(const struct store *s);
/* What was committed is on its way to the disk. */
bool store_group_syncing(const struct store *s);
/* The log is long, and is being copied into the database file, in a thread. A group that is begun meanwhile makes it longer:
 * whoever writes without end waits for this to become false before the next group. */
bool store_log_wants_pause(const struct store *s);
/* New items in the open group. */
size_t store_group_items(const struct store *s);
/* A group of these polls alone. -1: nothing of it is stored, call again later with the same arguments. */
int store_commit_polls(
    struct store *s, struct store_poll *polls, size_t count, const struct watchlist *watchlist, struct err *err);

/* ---- history ---- */

struct store_revision { /* a text that an edit replaced */
	int64_t id, at; /* when it was replaced */
	struct str title, link, summary, content;
};
#define STORE_REVISIONS_MAX 20 /* kept of one item: the first and the newest */

/* Oldest first; in the arena. */
int store_list_revisions(
    struct store *s, int64_t item, struct arena *arena, struct store_revision **ret, size_t *count, struct err *err);

struct store_sighting { /* who carries an item, since when, under which link */
	struct str feed_key, feed_title, link;
	int64_t at;
};
int store_list_sightings(
    struct store *s, int64_t item, struct arena *arena, struct store_sighting **ret, size_t *count, struct err *err);

/* ---- stories ---- */

struct store_story_entity { /* an actor or topic that its items mention */
	enum watch_kind kind;
	struct str id, label;
	unsigned item_count;
};

struct store_story_source {
	struct str feed_key, feed_title;
	int64_t at, item; /* when it came in, with which item */
};

struct store_story {
	int64_t id, first_at, last_at, headline_id;
	struct str headline; /* the title of its most central item */
	unsigned source_count, item_count;
	bool by_hand;                        /* somebody split or joined it */
	struct store_story_entity *entities; /* most mentioned first */
	size_t entity_count;
	struct store_story_source *sources; /* in order of arrival; only of store_story */
	size_t source_listed;
};

struct store_story_query {
	struct str actor, topic, watch, feed; /* of one of its items; STR_NONE = any */
	int64_t since_at, until_at;           /* that it grew in; TIME_NONE = open */
	unsigned sources_min;
	size_t limit; /* 0 = 50 */
};

/* The ones that grew last come first. In the arena. */
int store_list_stories(struct store *s, const struct store_story_query *q, struct arena *arena,
    struct store_story **ret, size_t *count, struct err *err);
/* One story by number, or ERR_NOT_FOUND. */
int store_story(struct store *s, int64_t id, struct arena *arena, struct store_story *ret, struct err *err);
/* Its items, oldest first; as store_query. */
int store_story_items(struct store *s, int64_t story, size_t limit, struct arena *arena,
    bool (*each)(void *ctx, const struct record *r), void *ctx, struct err *err);
/* An item (with its copies) leaves its story for one of its own, *ret; a story takes in all of another, which is gone
 * then. Later items and restarts keep to it. ERR_NOT_FOUND, ERR_SYNTAX. */
int store_split_story(struct store *s, int64_t item, int64_t now, int64_t *ret, struct err *err);
int store_join_stories(struct store *s, int64_t to, int64_t from, struct err *err);

/* ---- retention ---- */

/* 0 = for ever, or any number. Bytes are those of the texts and addresses; what the database needs to find them comes on top. */
struct store_limits {
	int64_t ms, max, bytes;
};
struct store_keep {
	struct store_limits matched;   /* items that mention somebody */
	struct store_limits unmatched; /* the others */
	struct store_limits revisions;
	int64_t ids_ms; /* of items that are gone, so that they do not come back as new; counted from when the feed was
	                        * last seen to carry them */
	int64_t signatures_ms; /* what copies are found by */
	size_t slice;          /* rows of each kind that one call looks at */
};

struct store_purged {
	int64_t items, revisions, ids, signatures;
	bool more; /* sizes are still being added up, a piece at each call */
};

/*
 * Removes a slice of what is past its limits, oldest first, in one transaction; call again until *ret is all 0. An item
 * that is still to be told stays. What is removed leaves the full-text index and its story too.
 */
int store_purge(struct store *s, const struct store_keep *keep, int64_t now, struct store_purged *ret, struct err *err);

/* ---- matching again ---- */

/* By which version of the watchlist everything was matched last, 0 when that is not known; and saying so. */
int store_rematched(struct store *s, uint64_t *version, struct err *err);
int store_rematch_end(struct store *s, uint64_t version, struct err *err);

#define STORE_STALE_SPAN 2000 /* item numbers that one call looks at */
struct store_stale {
	uint64_t version; /* in force */
	int64_t since_at; /* items that were first seen before are left alone */
	int64_t below;    /* item numbers; INT64_MAX at first */
	size_t max;       /* room in ids */
};
/* Items that were matched by another version, newest first; *next is what `below` is then, 0 = there are no more. */
int
store_stale(struct store *s, const struct store_stale *q, int64_t *ids, size_t *count, int64_t *next, struct err *err);
/*
 * In one transaction: id, matches, watches and severity of the items take the place of what was known. Where an item has tells,
 * sinks that were not told of it, nor of a copy of it under that watch, hear of it now; *told counts these. Repeat it with the
 * same arguments after an error.
 */
int store_rematch(struct store *s, struct store_new_item *items, size_t count, const struct watchlist *watchlist,
    const struct store_router *router, int64_t now, size_t *told, struct err *err);

/* ---- the full-text index ---- */

/*
 * Stands in a file of its own, PATH.words, and is written by a thread; what it does not have yet a search finds all the same, but
 * takes longer. It may be deleted: it is made again. Items that were written since it was last asked to follow: when there are
 * many, or now and then, call store_index, which returns at once.
 */
size_t store_unindexed(struct store *s); /* with those that it is at */
void store_index(struct store *s);
bool store_indexing(struct store *s); /* it is at it */
/* How that ended the last time: 0, or -1 with its error; it is to be asked again. */
int store_index_result(struct store *s, struct err *err);
/* Follows here and now; instead of store_index. 0 or -1. */
int store_index_now(struct store *s, struct err *err);

/* ---- the pages that items link to ---- */

/* A page that is wanted and was not asked for yet. The wish is stored with its item. */
struct store_article_wish {
	int64_t item_id;
	struct str feed_key, link;
};
/* Up to max wishes for items with a greater number than after_id, in that order. */
int store_articles_wanted(struct store *s, int64_t after_id, size_t max, struct arena *arena,
    struct store_article_wish **ret, size_t *count, struct err *err);
/* Committed before the request goes out, and never taken back: nobody is asked twice for one item, whatever happens. */
int store_article_ask(struct store *s, int64_t item_id, int64_t now, struct err *err);
/* After STORE_WRITE open: pages that were asked for when the last run ended are given up. */
int store_articles_recover(struct store *s, int64_t now, size_t *count, struct err *err);

struct store_article {
	int64_t item_id, at;
	enum err_code error; /* ERR_NONE: there is a text */
	struct str error_text;
	int http_status; /* 0 when none came */
	struct str url, canonical, text;
	/* matches (of the whole item, its page included), tells, watches and severity; the rest is not looked at */
	struct store_new_item found;
	const struct store_router *router;
};
/* One transaction: the text, what is found in item and page together, and outbox rows for sinks that were not told of the item
 * yet. -1: nothing of it is stored, call again with the same arguments. */
int store_article_commit(
    struct store *s, const struct store_article *a, const struct watchlist *watchlist, struct err *err);

/* ---- WebSub subscriptions ---- */

enum store_subscription_state {
	SUBSCRIPTION_WANTED,  /* the hub is to be asked */
	SUBSCRIPTION_ASKED,   /* it was, and has not verified yet */
	SUBSCRIPTION_ACTIVE,  /* verified; what is pushed is taken */
	SUBSCRIPTION_DENIED,  /* the hub does not want to */
	SUBSCRIPTION_LEAVING, /* the hub is to be told that it is over */
};

/* How a feed's hub is asked, whatever has become of the feed: the settings of that name. */
enum store_way_text { WAY_USER_AGENT, WAY_CA_FILE, WAY_PROXY, WAY_PROXY_USER, WAY_PROXY_SECRET_FILE, WAY_TEXTS };
struct store_way {
	bool allow_private;
	struct str texts[WAY_TEXTS]; /* STR_NONE: that of all */
};

struct store_subscription {
	int64_t feed_id;
	struct str feed_key, hub, topic, token, secret;
	enum store_subscription_state state;
	bool trusted; /* pushes came before polls found anything */
	unsigned failures;
	int64_t lease_until_at, next_at; /* next_at: when something is to be done about it */
	struct str error_text;           /* STR_NONE: nothing went wrong */
	struct store_way way;
};
int store_subscriptions(
    struct store *s, struct arena *arena, struct store_subscription **ret, size_t *count, struct err *err);
/* Adds or replaces the feed's subscription; with an event for its feed when `event` is not NULL. */
int store_subscription_put(
    struct store *s, const struct store_subscription *sub, const char *event, int64_t now, struct err *err);
int store_subscription_drop(struct store *s, int64_t feed_id, const char *event, int64_t now, struct err *err);

/*
 * A push is stored before its hub is told that it was taken, and goes in the transaction of the poll that is made of it
 * (struct store_poll.push_id), or when it turns out to be nothing.
 */
int store_push_add(
    struct store *s, int64_t feed_id, struct str content_type, struct str body, int64_t *id, struct err *err);
int store_push_drop(struct store *s, int64_t id, struct err *err);
/* Those that a run left behind, oldest first; the arguments are views. Until `each` says false. */
int store_pushes(struct store *s,
    bool (*each)(void *ctx, int64_t id, struct str feed_key, struct str content_type, struct str body), void *ctx,
    struct err *err);

/* ---- outbox ---- */

/*
 * A row is one notification. It is written in the transaction of the item that it tells, and goes from pending or held
 * (until its time has come) to in flight, then to done, to dead, or back to pending for another try. Until its first
 * attempt further items of its group join it. Muted ones are never sent, unless somebody retries them. At every moment
 * each notification that was ever produced is in exactly one of these states.
 */
enum store_state {
	STORE_STATE_PENDING,
	STORE_STATE_IN_FLIGHT,
	STORE_STATE_DONE,
	STORE_STATE_DEAD,
	STORE_STATE_HELD,
	STORE_STATE_MUTED,
	STORE_STATE_COUNT
};
const char *store_state_word(enum store_state state); /* "pending" "in-flight" "done" "dead" "held" "muted" */
bool store_state_parse(struct str word, enum store_state *ret);

enum store_outcome { STORE_DONE, STORE_RETRY, STORE_DEAD };

/* Up to max rows that are due, oldest first, of one sink (STR_NONE = all); marks them in flight. */
int store_outbox_take(struct store *s, struct str sink, int64_t now, size_t max, struct arena *arena,
    struct notification **ret, size_t *count, struct err *err);
struct store_take {
	struct str sink;
	int64_t now;
	int64_t due_after_at; /* only rows that became due after this; TIME_NONE = any */
	int64_t due_until_at; /* …and not after this, at most `now`; 0 = now */
	bool newest_first;
	size_t max;
};
int store_outbox_take_some(struct store *s, const struct store_take *take, struct arena *arena,
    struct notification **ret, size_t *count, struct err *err);
struct store_delivery {
	int64_t row;
	enum store_outcome outcome;
	int64_t retry_at; /* STORE_RETRY */
	struct str error_text;
	int64_t at;
};
int store_outbox_finish(struct store *s, const struct store_delivery *deliveries, size_t count, struct err *err);
/* In-flight rows of a run that was killed become pending again; called once after STORE_WRITE open. Returns in
 * *count. */
int store_outbox_recover(struct store *s, size_t *count, struct err *err);
/* The wall clock was ahead, and is right now: what was put off by it waits only for as long as it was to wait; what was put off until a
 * time of the day, as quiet hours and digests are, still until that time. */
int store_outbox_turn_back(struct store *s, int64_t now, struct err *err);
/* What waits for another try at a sink is due now. */
int store_outbox_hasten(struct store *s, struct str sink, int64_t now, struct err *err);
/* When the next row is due, of all sinks (STR_NONE) or of one; TIME_NONE = never. */
int64_t store_outbox_next_at(struct store *s);
int64_t store_outbox_next_at_sink(struct store *s, struct str sink);
struct store_outbox_counts {
	int64_t pending, in_flight, done, dead, held, muted;
};
int store_outbox_counts(struct store *s, struct store_outbox_counts *ret, struct err *err);

/* How many notifications were made for a sink since then, of the last 10,000 of all sinks. */
int store_outbox_made_since(struct store *s, struct str sink, int64_t since_at, int64_t *ret, struct err *err);
/* What the router would decide about an item as if it were new, told by these wishes; nothing is stored. */
int store_outbox_try(struct store *s, int64_t item, const struct store_tell *tells, size_t count,
    const struct store_router *router, int64_t now, struct err *err);

/* A notification that tells no item. One that is open in its group already is brought up to date instead. */
struct store_alarm {
	struct str alarm, subject, title, text;
	int severity;
	int64_t since_at; /* or TIME_NONE */
	struct str group; /* one thread: "feed_failing KEY" */
	struct str watch;
	bool test; /* a test of the sink */
};
int store_tell_alarm(struct store *s, const struct store_alarm *alarm, struct str sink, struct str route,
    const struct store_sending *how, int64_t now, struct err *err);
/*
 * What belongs together in one transaction: alarms at sinks, which of them have begun (since_at is a time) or ended
 * (TIME_NONE), and how far the events and the windows of bursts have been looked through (-1 = as far as before).
 */
struct store_alarm_tell {
	struct store_alarm alarm;
	struct str sink;
	struct store_sending how;
};
struct store_alarm_mark {
	struct str alarm, subject;
	int64_t since_at;
};
struct store_alarms {
	const struct store_alarm_tell *tells;
	size_t tell_count;
	const struct store_alarm_mark *marks;
	size_t mark_count;
	int64_t event, burst_until_at;
};
int store_alarms_write(struct store *s, const struct store_alarms *alarms, int64_t now, struct err *err);
/* Those that have begun and not ended. */
int store_alarms_begun(struct store *s, struct str alarm, struct arena *arena, struct store_alarm_mark **ret,
    size_t *count, struct err *err);
/* How far was looked; at first: to the last event of the time before there were alarms, and TIME_NONE. */
int store_alarms_seen(struct store *s, int64_t *event, int64_t *burst_until_at, struct err *err);
/* When the last items of a feed or of a watch came, newest first, at most max. */
int store_times_of_feed(struct store *s, int64_t feed_id, int64_t *times, size_t max, size_t *count, struct err *err);
int store_times_of_watch(struct store *s, struct str watch, int64_t *times, size_t max, size_t *count, struct err *err);
/* Actors and topics, and by how many distinct feeds they were mentioned in a time, copies left out. */
struct store_mentioned {
	int64_t entity;
	struct str key, label;
	unsigned sources;
};
int store_mentioned(struct store *s, int64_t from_at, int64_t until_at, unsigned sources_min, struct arena *arena,
    struct store_mentioned **ret, size_t *count, struct err *err);
/* The same for one, in n windows from from_at on. */
int store_mentions_past(
    struct store *s, int64_t entity, int64_t from_at, int64_t window_ms, unsigned *counts, size_t n, struct err *err);
/* When the oldest item that is kept was seen; TIME_NONE = there is none. */
int store_oldest_item(struct store *s, int64_t *at, struct err *err);
/* What became of an alarm's group at a sink so far. */
int store_alarm_thread(struct store *s, struct str sink, struct str group, struct store_thread *ret, struct err *err);

/* For people. */
struct store_outbox_row {
	int64_t row;
	struct str id, sink, route, group, watches, reason, error, title, alarm;
	enum notification_kind kind;
	enum store_state state;
	int severity;
	unsigned attempts;
	int64_t next_try_at, created_at, updated_at; /* next_try_at: TIME_NONE when it is not waiting */
	int64_t item_id;                             /* 0 = none */
	int64_t item_count;
};
struct store_outbox_query {
	int state;       /* enum store_state; -1 = any */
	struct str sink; /* STR_NONE = any */
	struct str id;   /* STR_NONE = any; the whole identifier */
	size_t limit;    /* newest first */
};
int store_outbox_list(struct store *s, const struct store_outbox_query *q, struct arena *arena,
    struct store_outbox_row **ret, size_t *count, struct err *err);
/* What can be done by hand. Rows by identifier, or all that fit. *count: how many it was done to. */
enum store_outbox_act {
	STORE_ACT_RETRY,   /* dead, muted and pending rows are due now, with a first attempt's backoff ahead */
	STORE_ACT_DROP,    /* pending and held rows are dead, with `by` as their reason */
	STORE_ACT_RELEASE, /* held rows are due now, and feeds that are held because they changed are trusted again */
};
struct store_outbox_order {
	enum store_outbox_act act;
	struct str id, sink, feed, reason; /* STR_NONE = any; reason: of holding */
	struct str by;
};
int
store_outbox_act(struct store *s, const struct store_outbox_order *order, int64_t now, int64_t *count, struct err *err);

/* ---- silences ---- */

struct store_silence { /* while it lasts, what fits all that it names is muted */
	int64_t id;
	int64_t created_at, ends_at; /* ends_at in the past: ended */
	struct str author, reason;
	struct str watch, entity, feed, sink, alarm; /* STR_NONE = any; entity: an actor or topic */
};
int store_silence_add(struct store *s, const struct store_silence *silence, int64_t *id, struct err *err);
/* ERR_NOT_FOUND when there is none that lasts beyond `now`. */
int store_silence_end(struct store *s, int64_t id, int64_t now, struct err *err);
/* Those that end after `after_at` (TIME_MIN: all), newest first, at most max. */
int store_silence_list(struct store *s, int64_t after_at, size_t max, struct arena *arena, struct store_silence **ret,
    size_t *count, struct err *err);

/* ---- questions ---- */

struct store_query {
	struct str text; /* words that must all occur, anywhere; "" = any. Never interpreted as FTS syntax */
	const struct query_need *needs; /* what a query cannot do without (query_needs); narrows, decides nothing */
	size_t need_count;
	struct str actor, topic, watch, feed; /* ids/keys; STR_NONE = any */
	int64_t since_at, until_at;           /* by first_seen_at; TIME_NONE = open */
	int64_t after_id;                     /* only items with a greater number (follow); 0 = any */
	bool matched_only;                    /* items with at least one actor or topic */
	bool oldest_first;                    /* else newest first */
	size_t limit;                         /* 0 = 50 */
};
/* Calls `each` per item until it returns false; the record lives in the arena, which is reset between two calls. */
int store_query(struct store *s, const struct store_query *q, struct arena *arena,
    bool (*each)(void *ctx, const struct record *r), void *ctx, struct err *err);
/* Whether that search by words passed over old items: the full-text index is being made from the beginning and lacks so many that
 * only the newest of them were looked at. */
bool store_query_cut(const struct store *s);
/* One item by number, or ERR_NOT_FOUND. */
int store_item(struct store *s, int64_t id, struct arena *arena, struct record *ret, struct err *err);

struct store_totals {
	int64_t items, matched_items, feeds, failing_feeds, gone_feeds, polls;
	int64_t gaps; /* how often items were probably missed */
	int64_t size_bytes;
	int64_t oldest_at, newest_at;
};
int store_totals(struct store *s, struct store_totals *ret, struct err *err);
