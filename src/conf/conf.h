#pragma once
/*
 * conf: configuration text → one immutable `struct conf`. Pure but for conf_load, which reads the files.
 *
 * INI as systemd and git write it: `[section name]`, `key = value`, a repeated key makes a list, an empty value
 * clears it, indented lines continue, lines beginning with # or ; are comments, nothing needs quoting. One schema
 * table (conf/schema.c) holds every key: its type, unit, range, default, what a reload must touch and a help line; parser,
 * defaults, dump and the check of the manual follow from it. Every mistake is reported, all at once.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "watch/watch.h"

/* Ceilings. */
#define CONF_FILE_BYTES_MAX (64u << 20)  /* of one file, included ones too */
#define CONF_FILES_MAX 10000u            /* files of one configuration */
#define CONF_VALUE_BYTES_MAX 65536u      /* of one value with its continuation lines */
#define CONF_KEY_BYTES_MAX 64u           /* of the KEY in [feed KEY] */
#define CONF_LIST_MAX 10000u             /* items of one list */
#define CONF_MEMORY_BYTES_MAX (1u << 30) /* of everything that one configuration holds */
#define CONF_MESSAGES_MAX 1000u          /* shown of one report; the rest is counted */

enum conf_section {
	CONF_TIDINGS,
	CONF_FEED,
	CONF_ACTOR,
	CONF_TOPIC,
	CONF_WATCH,
	CONF_ROUTE,
	CONF_SINK,
	CONF_SECTION_COUNT
};

struct conf_origin {
	struct str file;
	unsigned line;    /* 0 = the file as a whole */
	unsigned file_no; /* in the order of reading: index into conf.files */
};

struct conf_list {
	struct str *items;
	struct conf_origin *origins; /* of each item; NULL for lists of languages */
	size_t count;
};

/* A text or path that is not set, or set to nothing, is STR_NONE. Every string is NUL-terminated. Paths are absolute
 * when the configuration came from a file. */

/* Settings that stand in [tidings] (for the whole daemon). */
#define CONF_ALARMS \
	"feed_failing feed_gone feed_moved feed_changed feed_gap feed_flood feed_quiet watch_quiet burst " \
	"sink_failing " \
	"daemon_trouble"

struct conf_global {
	struct str store_path;   /* store */
	struct str control_path; /* control: Unix socket; empty = none */
	struct str log_level;
	struct str user_agent;
	struct str contact;  /* URL or address put into the user agent */
	int64_t interval_ms; /* interval: between two polls of a feed */
	int64_t interval_min_ms, interval_max_ms;
	int64_t jitter_percent;
	bool adaptive;            /* default for feeds: hints and the feed's rhythm move the interval */
	int64_t fail_for_ms;      /* people are told of a failure that lasts longer */
	int64_t unconditional_ms; /* unconditional-after; 0 = never */
	int64_t host_spacing_ms;
	struct conf_list shared_hosts; /* 429 and 503 hold the feed there, not the host */
	int64_t fetch_timeout_ms, connect_timeout_ms;
	int64_t body_max_bytes;
	int64_t story_window_ms, story_items; /* how far back copies and stories are looked for */
	int64_t connections, connections_per_host, connections_per_address;
	int64_t low_speed_bytes, low_speed_ms;
	int64_t workers; /* processes that read documents; 0 = none, -1 = one for each processor */
	/* retention; 0 = no limit */
	int64_t rematch_ms; /* 0 = stored items are not matched again */
	int64_t keep_matched_ms, keep_matched_items, keep_unmatched_ms, keep_unmatched_items;
	int64_t keep_revisions_ms, keep_revisions, keep_ids_ms;
	int64_t keep_matched_bytes, keep_unmatched_bytes, keep_revisions_bytes;
	struct str on_edit;    /* "silent" or "tell-new" (what an edit newly mentions) */
	struct str first_poll; /* "silent" (a new feed's first document is the baseline, nobody is told) or "tell" */
	bool allow_private;    /* default for feeds */
	struct str ca_file, proxy, proxy_user, proxy_secret_file;
	struct conf_list feed_files;                   /* include-opml: OPML files of feeds, relative to this file */
	struct conf_list name_files;                   /* include-names: lists of names */
	struct conf_list exclude_names, exclude_langs; /* names inside which no actor's name counts */
	struct str websub_listen, websub_callback;     /* both or neither: where hubs reach us */
	struct conf_list group_by;                     /* defaults for routes and watches */
	int64_t group_wait_ms, group_interval_ms;
	struct str zone;                      /* time-zone: default for routes and sinks */
	struct conf_list alarms, alarm_sinks; /* which, and where; none without sinks */
	int64_t burst_window_ms, repeat_interval_ms;
	struct str false_alarms; /* "1/7d": of bursts, and of silences */
};

struct conf_feed {
	struct str key; /* section name: [feed KEY]; from OPML: made from the title or URL, unique */
	struct str url, title, language;
	bool enabled;
	bool adaptive;                            /* the global one unless the feed says otherwise */
	bool allow_downgrade;                     /* a redirect from https to http */
	bool flood_guard;                         /* hold what is told when very many items are new at once */
	bool hold_changed;                        /* hold what is told once it looks like another feed */
	bool allow_private;                       /* the global one unless the feed says otherwise */
	int64_t interval_ms;                      /* 0 = the global one */
	int64_t interval_min_ms, interval_max_ms; /* 0 = the global ones */
	struct conf_list tags, headers;           /* headers: "Name: value" */
	struct str user_agent;
	struct str auth, user, secret_file; /* none basic digest bearer; the file's first line is password or token */
	struct str client_cert, client_key, ca_file, proxy, proxy_user, proxy_secret_file;
	bool article; /* read the pages that new items link to */
	struct conf_origin origin;
};

struct conf_actor {
	struct str key, title, kind; /* person org place group */
	struct conf_list names;      /* name = Volodymyr Zelenskiy; "name[uk] = …" gives a language */
	struct conf_list langs;      /* of each name, "und" where unsaid */
	struct str family;           /* capitalised alone after-full context never: when a family name counts alone */
	/* Beside them the languages, which are not used. */
	struct conf_list contexts, context_langs;   /* context: words beside which a family name counts */
	struct conf_list nots, not_langs;           /* not: others, inside whose names the actor's does not count */
	struct conf_list forms, form_langs;         /* form: always counts */
	struct conf_list not_forms, not_form_langs; /* not-form: never counts */
	struct conf_list members;                   /* of a group: keys of actors */
	struct conf_origin origin;
};

struct conf_topic {
	struct str key, title;
	struct conf_list phrases; /* phrase = peace plan */
	struct conf_list langs;
	struct conf_list query; /* one at most */
	struct conf_origin origin;
};

struct conf_watch { /* ties actors and topics to severity and to where it is told */
	struct str key, title;
	struct conf_list actors, topics; /* keys; "*" = all; several on a line */
	struct conf_list query;          /* one at most */
	struct str require;        /* "any": one actor or topic, or the query; "both": one of each that is given */
	struct conf_list feeds;    /* keys or tags; empty = all */
	struct str severity;       /* low normal high urgent */
	struct conf_list sinks;    /* keys; when nothing was said: all of them, or none if there are routes */
	bool copies;               /* tell the same text again when another item repeats it */
	struct conf_list muted_by; /* keys of watches that have a story to themselves */
	struct conf_origin origin;
};

struct conf_route { /* which of what is to be told goes to which sinks, and when */
	struct str key;
	struct conf_list watches, actors, topics, feeds, languages; /* empty = any */
	struct str severity;                                        /* at least */
	struct conf_list sinks;
	struct conf_list group_by;
	int64_t group_wait_ms, group_interval_ms;
	struct str digest, quiet, quiet_severity, zone;
	int64_t escalate_sources, escalate_within_ms;
	struct str escalate_severity;
	struct conf_list escalate_sinks; /* told besides `sinks` */
	struct conf_origin origin;
};

struct conf_sink {
	struct str key, type;     /* "print" "exec" … */
	struct str format;        /* print: human line json */
	struct str path;          /* print, file: file to append to; print: empty = standard output */
	int64_t rotate_bytes;     /* file: put aside when it is larger; 0 = never */
	int64_t rotate_keep;      /* file: how many are kept aside */
	int64_t entries;          /* feed: how many each holds */
	struct str url;           /* webhook */
	struct str secret_file;   /* webhook: what it is signed with, or the service's token; mail: the password */
	struct str service;       /* webhook: the key `template`: slack discord …; empty = our own JSON */
	struct str channel;       /* webhook: the room, chat, topic or user there */
	struct str from;          /* mail, sendmail */
	struct conf_list to;      /* mail, sendmail */
	struct str user;          /* mail: to log in with */
	struct str starttls;      /* mail: required never */
	struct conf_list headers; /* webhook: "Name: value" */
	bool acknowledge;         /* socket: programs send back the identifier of what they have taken */
	bool allow_private;       /* webhook: may go to a private address */
	struct conf_list command; /* exec: argv, one `command` line split at white space; `argument =` adds one verbatim */
	int64_t timeout_ms;
	int64_t retry_max_ms; /* how long to go on trying before the notification is dead */
	int64_t concurrency;
	struct str rate, drain_rate;            /* "20/1h" */
	struct str quiet, quiet_severity, zone; /* as of a route */
	int64_t expire_ms;                      /* desktop: how long it is shown; 0 = as the server thinks fit */
	struct str order;                       /* oldest-first newest-first */
	struct str title, body;                 /* templates (render/template.h) */
	struct conf_origin origin;
};

/* A TSV file of names, as read; watch_add_tsv takes it. */
struct conf_name_file {
	struct str text;
	struct conf_origin origin; /* the file as a whole */
};

struct conf {
	struct arena arena; /* owns everything below */
	struct conf_global global;
	struct conf_feed *feeds;
	size_t feed_count;
	struct conf_actor *actors;
	size_t actor_count;
	struct conf_topic *topics;
	size_t topic_count;
	struct conf_watch *watches;
	size_t watch_count;
	struct conf_route *routes;
	size_t route_count;
	struct conf_sink *sinks;
	size_t sink_count;
	struct conf_name_file *name_files;
	size_t name_file_count;
	struct conf_list files;              /* every file that was read, in order */
	struct map keys[CONF_SECTION_COUNT]; /* key → index + 1 into the array of that section; for conf_find_* */
};

/* Mistakes and warnings, in file order: "file:line: what is wrong, what was expected". */
struct conf_report {
	struct arena arena;
	struct str *messages;
	struct conf_origin *places; /* of each message */
	size_t count, cap;
	size_t error_count; /* warnings do not count */
	size_t dropped;     /* beyond the first 1,000 */
};

void conf_report_init(struct conf_report *r);
void conf_report_done(struct conf_report *r);

/*
 * Reads path, then beside it feeds.d/, watchlists.d/ and <path>.d/ (*.conf, by name), then the OPML and TSV files they
 * name. Relative paths are relative to the file that says them. Returns NULL when anything is wrong; the report tells
 * all of it. The result is immutable; free with conf_free.
 */
struct conf *conf_load(const char *path, struct conf_report *report);
/* The same from one text in memory (tests, fuzzing): includes are refused. */
struct conf *conf_parse(struct str text, struct str file, struct conf_report *report);
void conf_free(struct conf *c);

/* A watch that has a query is an entity of the watchlist of this id and its key. */
#define CONF_ALERT_PREFIX "watch:"
/* The watchlist that a configuration describes: its actors, topics, name files and the queries of topics and watches. NULL with
 * the report filled. */
struct watchlist *conf_compile_watchlist(const struct conf *c, struct conf_report *report);
/* The same with one query more, of an entity of kind WATCH_ALERT: as the daemon would have it. */
struct watchlist *
conf_compile_watchlist_and(const struct conf *c, struct str id, struct str query, struct conf_report *report);
/* Warns of each feed that a query of the list that stands in no file asks for, and that the configuration does not have. */
void conf_check_feeds_asked(const struct conf *c, const struct watchlist *list, struct conf_report *report);
/* A feed's tags in one string, parted by spaces; feed may be NULL. */
struct str conf_tags(const struct conf_feed *feed, struct arena *arena);
/* Whether the watch is not limited to feeds, or to this one (may be NULL: none that is configured) among others. */
bool conf_watch_sees(const struct conf_watch *w, const struct conf_feed *feed);
/* Whether an item of the feed with these matches of the compiled list falls under the watch. */
bool conf_watch_applies(const struct conf_watch *w, const struct conf_feed *feed, const struct watchlist *list,
    const struct watch_result *matches);

/* The configuration as text that conf_parse reads back to the same values; all = defaults too, with their help lines. */
struct buf;
int conf_dump(const struct conf *c, bool all, struct buf *out);
/* The same as JSON Lines: one object per section, with "section", "key" and its settings by name; durations and sizes are
 * written as in the text, names as objects of "name" and "lang". */
int conf_dump_json(const struct conf *c, bool all, struct buf *out);

/* "1 feed, 3 actors and topics, 2 watches, 1 sink"; `list` is compiled from it. Returns out. */
#define CONF_SUMMARY_MAX 160
const char *conf_summary(const struct conf *c, const struct watchlist *list, char out[CONF_SUMMARY_MAX]);

/* The User-Agent header: the configured one, else tidings, its version and the contact. May point into `out`. */
#define CONF_AGENT_BYTES_MAX 512
struct str conf_user_agent(const struct conf_global *g, char out[CONF_AGENT_BYTES_MAX]);

const struct conf_feed *conf_find_feed(const struct conf *c, struct str key);
const struct conf_sink *conf_find_sink(const struct conf *c, struct str key);
const struct conf_watch *conf_find_watch(const struct conf *c, struct str key);
