#include "conf/schema.h"

/* The offset of a field, refused by the compiler when the field is not of the type that the row says. */
#define FIELD(structure, field, type) \
	(offsetof(struct structure, field) + \
	    0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((struct structure *)0)->field), type) ? 1 : -1]))
#define TEXT(structure, field) FIELD(structure, field, struct str)
#define NUMBER(structure, field) FIELD(structure, field, int64_t)
#define FLAG(structure, field) FIELD(structure, field, bool)
#define LIST(structure, field) FIELD(structure, field, struct conf_list)

_Static_assert(offsetof(struct conf_actor, langs) == offsetof(struct conf_actor, names) + sizeof(struct conf_list),
    "CONF_NAMES keeps the languages behind the names");
#define PAIRED(structure, first, second) \
	_Static_assert( \
	    offsetof(struct structure, second) == offsetof(struct structure, first) + sizeof(struct conf_list), \
	    "CONF_NAMES keeps the languages behind")
PAIRED(conf_actor, contexts, context_langs);
PAIRED(conf_actor, nots, not_langs);
PAIRED(conf_actor, forms, form_langs);
PAIRED(conf_actor, not_forms, not_form_langs);
PAIRED(conf_global, exclude_names, exclude_langs);
_Static_assert(offsetof(struct conf_topic, langs) == offsetof(struct conf_topic, phrases) + sizeof(struct conf_list),
    "CONF_NAMES keeps the languages behind the phrases");

#define SECONDS(n) ((n)*1000LL)
#define MINUTES(n) SECONDS((n)*60LL)
#define DAYS(n) MINUTES((n)*1440LL)
#define KIB(n) ((n)*1024LL)
#define MIB(n) KIB((n)*1024LL)

/* clang-format off */
const struct conf_key conf_keys[] = {
	{CONF_TIDINGS, "store", CONF_PATH, TEXT(conf_global, store_path), 0, 0, LOCALSTATEDIR "/lib/tidings/tidings.db", NULL,
	    RELOAD_RESTART, "the database file; it is made when it is missing"},
	{CONF_TIDINGS, "control", CONF_PATH, TEXT(conf_global, control_path), 0, 0, RUNSTATEDIR "/tidings/control", NULL,
	    RELOAD_RESTART, "the Unix socket on which the daemon takes commands; empty for none"},
	{CONF_TIDINGS, "log-level", CONF_WORD, TEXT(conf_global, log_level), 0, 0, "notice", "error warn notice info debug",
	    RELOAD_NOTHING, "how much is logged; each word includes those before it"},
	{CONF_TIDINGS, "user-agent", CONF_TEXT, TEXT(conf_global, user_agent), 0, 0, "", NULL,
	    RELOAD_RESTART, "the User-Agent header; empty for tidings, its version and the contact"},
	{CONF_TIDINGS, "contact", CONF_TEXT, TEXT(conf_global, contact), 0, 0, "", NULL,
	    RELOAD_RESTART, "a web or mail address where publishers can reach you; shown in the User-Agent header"},
	{CONF_TIDINGS, "interval", CONF_DURATION, NUMBER(conf_global, interval_ms), 10, DAYS(365), "15m", NULL,
	    RELOAD_FEEDS, "time between two polls of a feed"},
	{CONF_TIDINGS, "interval-min", CONF_DURATION, NUMBER(conf_global, interval_min_ms), 10, DAYS(365), "5m", NULL,
	    RELOAD_FEEDS, "no feed is polled more often than this, whatever it asks for"},
	{CONF_TIDINGS, "interval-max", CONF_DURATION, NUMBER(conf_global, interval_max_ms), 10, DAYS(365), "1d", NULL,
	    RELOAD_FEEDS, "no feed is left alone for longer than this, failing ones included"},
	{CONF_TIDINGS, "jitter", CONF_INTEGER, NUMBER(conf_global, jitter_percent), 0, 50, "10", NULL,
	    RELOAD_FEEDS, "by how many per cent an interval is varied at random, so that polls spread out"},
	{CONF_TIDINGS, "adaptive", CONF_BOOL, FLAG(conf_global, adaptive), 0, 0, "yes", NULL,
	    RELOAD_FEEDS, "whether a feed's rhythm and wishes move its interval between interval-min and interval-max"},
	{CONF_TIDINGS, "fail-for", CONF_DURATION, NUMBER(conf_global, fail_for_ms), 0, DAYS(365), "1d", NULL,
	    RELOAD_FEEDS, "a feed that fails for longer is an event that people are told of"},
	{CONF_TIDINGS, "unconditional-after", CONF_DURATION, NUMBER(conf_global, unconditional_ms), 0, DAYS(365), "7d", NULL,
	    RELOAD_FEEDS, "after so long a time of nothing but \"not modified\" the document is asked for whole, once; 0 for never"},
	{CONF_TIDINGS, "fetch-timeout", CONF_DURATION, NUMBER(conf_global, fetch_timeout_ms), SECONDS(1), MINUTES(60), "60s", NULL,
	    RELOAD_RESTART, "a fetch that takes longer is given up"},
	{CONF_TIDINGS, "connect-timeout", CONF_DURATION, NUMBER(conf_global, connect_timeout_ms), 100, MINUTES(10), "10s", NULL,
	    RELOAD_RESTART, "a connection that takes longer to be made is given up"},
	{CONF_TIDINGS, "body-max", CONF_SIZE, NUMBER(conf_global, body_max_bytes), KIB(1), MIB(64), "10MiB", NULL,
	    RELOAD_RESTART, "a larger document, counted after decompression, is refused"},
	{CONF_TIDINGS, "connections", CONF_INTEGER, NUMBER(conf_global, connections), 1, 1024, "64", NULL,
	    RELOAD_RESTART, "connections at a time, to all servers together"},
	{CONF_TIDINGS, "connections-per-host", CONF_INTEGER, NUMBER(conf_global, connections_per_host), 1, 64, "2", NULL,
	    RELOAD_RESTART, "connections at a time to one host"},
	{CONF_TIDINGS, "story-window", CONF_DURATION, NUMBER(conf_global, story_window_ms), MINUTES(1), DAYS(365), "4d", NULL,
	    RELOAD_RESTART, "how long a story goes on: older items are not compared with new ones"},
	{CONF_TIDINGS, "story-items", CONF_INTEGER, NUMBER(conf_global, story_items), 1000, 10000000, "250000", NULL,
	    RELOAD_RESTART, "how many of the last items new ones are compared with; up to 200 bytes of memory each"},
	{CONF_TIDINGS, "connections-per-address", CONF_INTEGER, NUMBER(conf_global, connections_per_address), 1, 1024, "8", NULL,
	    RELOAD_RESTART, "connections at a time to one address, whatever the hosts on it are called"},
	{CONF_TIDINGS, "host-spacing", CONF_DURATION, NUMBER(conf_global, host_spacing_ms), 0, MINUTES(10), "250ms", NULL,
	    RELOAD_RESTART, "time between the starts of two requests to one host"},
	{CONF_TIDINGS, "shared-hosts", CONF_WORDS, LIST(conf_global, shared_hosts), 0, 0,
	    "feeds.feedburner.com medium.com rsshub.app", NULL,
	    RELOAD_FEEDS, "hosts of many publishers: one that asks to come later (429, 503) is obeyed by that feed, not by all on the host"},
	{CONF_TIDINGS, "low-speed", CONF_SIZE, NUMBER(conf_global, low_speed_bytes), 0, MIB(1), "50", NULL,
	    RELOAD_RESTART, "a transfer that brings fewer bytes a second is given up after low-speed-time; 0 for never"},
	{CONF_TIDINGS, "low-speed-time", CONF_DURATION, NUMBER(conf_global, low_speed_ms), SECONDS(1), MINUTES(60), "30s", NULL,
	    RELOAD_RESTART, "how long a transfer may be that slow"},
	{CONF_TIDINGS, "workers", CONF_INTEGER, NUMBER(conf_global, workers), -1, 64, "auto", "auto",
	    RELOAD_WATCHLIST, "processes that read documents, well confined; 0 reads them in the daemon itself; auto is one for each processor"},
	{CONF_TIDINGS, "rematch", CONF_DURATION, NUMBER(conf_global, rematch_ms), 0, DAYS(36500), "30d", NULL,
	    RELOAD_WATCHLIST, "how far back stored items are matched again when the watchlist has changed; 0 for none"},
	{CONF_TIDINGS, "keep-matched", CONF_DURATION, NUMBER(conf_global, keep_matched_ms), 0, DAYS(36500), "0", NULL,
	    RELOAD_NOTHING, "how long items that mention an actor or topic are kept; 0 for ever"},
	{CONF_TIDINGS, "keep-matched-items", CONF_INTEGER, NUMBER(conf_global, keep_matched_items), 0, 1000000000, "0", NULL,
	    RELOAD_NOTHING, "how many of them are kept; 0 for any number"},
	{CONF_TIDINGS, "keep-matched-size", CONF_SIZE, NUMBER(conf_global, keep_matched_bytes), 0, MIB(1024 * 1024), "0", NULL,
	    RELOAD_NOTHING, "how many bytes of text of them are kept; 0 for any number"},
	{CONF_TIDINGS, "keep-unmatched", CONF_DURATION, NUMBER(conf_global, keep_unmatched_ms), 0, DAYS(36500), "90d", NULL,
	    RELOAD_NOTHING, "how long items that mention nobody are kept; 0 for ever"},
	{CONF_TIDINGS, "keep-unmatched-items", CONF_INTEGER, NUMBER(conf_global, keep_unmatched_items), 0, 1000000000, "0", NULL,
	    RELOAD_NOTHING, "how many of them are kept; 0 for any number"},
	{CONF_TIDINGS, "keep-unmatched-size", CONF_SIZE, NUMBER(conf_global, keep_unmatched_bytes), 0, MIB(1024 * 1024), "0", NULL,
	    RELOAD_NOTHING, "how many bytes of text of them are kept; 0 for any number"},
	{CONF_TIDINGS, "keep-revisions", CONF_DURATION, NUMBER(conf_global, keep_revisions_ms), 0, DAYS(36500), "365d", NULL,
	    RELOAD_NOTHING, "how long texts that were edited are kept; 0 for ever"},
	{CONF_TIDINGS, "keep-revisions-items", CONF_INTEGER, NUMBER(conf_global, keep_revisions), 0, 1000000000, "0", NULL,
	    RELOAD_NOTHING, "how many of them are kept; 0 for any number"},
	{CONF_TIDINGS, "keep-revisions-size", CONF_SIZE, NUMBER(conf_global, keep_revisions_bytes), 0, MIB(1024 * 1024), "0", NULL,
	    RELOAD_NOTHING, "how many bytes of text of them are kept; 0 for any number"},
	{CONF_TIDINGS, "keep-ids", CONF_DURATION, NUMBER(conf_global, keep_ids_ms), DAYS(1), DAYS(36500), "400d", NULL,
	    RELOAD_NOTHING, "how long the ids of removed items are remembered after they were last seen"},
	{CONF_TIDINGS, "on-edit", CONF_WORD, TEXT(conf_global, on_edit), 0, 0, "silent", "silent tell-new",
	    RELOAD_FEEDS, "whether watches that an item falls under only since it was edited are told"},
	{CONF_TIDINGS, "first-poll", CONF_WORD, TEXT(conf_global, first_poll), 0, 0, "silent", "silent tell",
	    RELOAD_FEEDS, "whether what stands in a feed when it is first read is told"},
	{CONF_TIDINGS, "allow-private", CONF_BOOL, FLAG(conf_global, allow_private), 0, 0, "no", NULL,
	    RELOAD_FEEDS, "whether feeds may lie on this machine or on private networks"},
	{CONF_TIDINGS, "ca-file", CONF_PATH, TEXT(conf_global, ca_file), 0, 0, "", NULL,
	    RELOAD_RESTART, "certificates to trust, in PEM; empty for the system's"},
	{CONF_TIDINGS, "proxy", CONF_URL, TEXT(conf_global, proxy), 0, 0, "", "http https socks5 socks5h",
	    RELOAD_RESTART, "the proxy for all fetches; the environment is not asked"},
	{CONF_TIDINGS, "proxy-user", CONF_TEXT, TEXT(conf_global, proxy_user), 0, 0, "", NULL,
	    RELOAD_RESTART, "who we are for the proxy; empty when it does not ask"},
	{CONF_TIDINGS, "proxy-secret-file", CONF_PATH, TEXT(conf_global, proxy_secret_file), 0, 0, "", NULL,
	    RELOAD_RESTART, "a file whose first line is the proxy's password; for its owner only"},
	{CONF_TIDINGS, "websub-listen", CONF_TEXT, TEXT(conf_global, websub_listen), 0, 0, "", NULL,
	    RELOAD_RESTART, "the address and port at which pushes of hubs are taken, such as 127.0.0.1:8090; empty for none"},
	{CONF_TIDINGS, "websub-callback", CONF_URL, TEXT(conf_global, websub_callback), 0, 0, "", "http https",
	    RELOAD_RESTART, "the public address that leads to websub-listen, which hubs are told"},
	{CONF_TIDINGS, "include-opml", CONF_PATHS, LIST(conf_global, feed_files), 0, 0, "", NULL,
	    RELOAD_FEEDS, "an OPML file whose feeds are added; may be repeated"},
	{CONF_TIDINGS, "include-names", CONF_PATHS, LIST(conf_global, name_files), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "a file of names: house TSV, JRC-Names, OpenSanctions CSV or a Wikidata result; may be repeated"},
	{CONF_TIDINGS, "exclude-names", CONF_NAMES, LIST(conf_global, exclude_names), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "a name inside which no actor's name counts, such as Washington Post; may be repeated"},
	{CONF_TIDINGS, "group-by", CONF_WORDS, LIST(conf_global, group_by), 0, 0, "story", NULL,
	    RELOAD_WATCHLIST, "what is told as one, where a route says nothing: story, watch, actor, topic, feed, all; item for nothing"},
	{CONF_TIDINGS, "group-wait", CONF_DURATION, NUMBER(conf_global, group_wait_ms), 0, DAYS(7), "0", NULL,
	    RELOAD_WATCHLIST, "how long the first item of a group waits for company"},
	{CONF_TIDINGS, "group-interval", CONF_DURATION, NUMBER(conf_global, group_interval_ms), 0, DAYS(365), "30m", NULL,
	    RELOAD_WATCHLIST, "how long after a group was told it may be told again, as one, if it has grown"},
	{CONF_TIDINGS, "alarm-sinks", CONF_WORDS, LIST(conf_global, alarm_sinks), 0, 0, "", NULL,
	    RELOAD_NOTHING, "keys of the sinks that are told of alarms; empty for none"},
	{CONF_TIDINGS, "alarms", CONF_WORDS, LIST(conf_global, alarms), 0, 0, CONF_ALARMS, NULL,
	    RELOAD_NOTHING, "which alarms; see tidingsd(8)"},
	{CONF_TIDINGS, "repeat-interval", CONF_DURATION, NUMBER(conf_global, repeat_interval_ms), 0, DAYS(365), "0", NULL,
	    RELOAD_NOTHING, "an alarm that goes on is told again after so long; 0 for never"},
	{CONF_TIDINGS, "burst-window", CONF_DURATION, NUMBER(conf_global, burst_window_ms), SECONDS(1), DAYS(7), "1h", NULL,
	    RELOAD_NOTHING, "in which time mentions are counted to find bursts"},
	{CONF_TIDINGS, "false-alarms", CONF_TEXT, TEXT(conf_global, false_alarms), 0, 0, "1/7d", NULL,
	    RELOAD_NOTHING, "how many false bursts, and how many false silences, are to be expected in what time, over all subjects; empty: none of these alarms"},
	{CONF_TIDINGS, "time-zone", CONF_TEXT, TEXT(conf_global, zone), 0, 0, "UTC", NULL,
	    RELOAD_WATCHLIST, "the time zone of digests and quiet hours, as in Europe/Kyiv"},

	{CONF_FEED, "url", CONF_URL, TEXT(conf_feed, url), 0, 0, "", "http https",
	    RELOAD_FEEDS, "where the feed is fetched from"},
	{CONF_FEED, "title", CONF_TEXT, TEXT(conf_feed, title), 0, 0, "", NULL,
	    RELOAD_FEEDS, "what the feed is called; empty for its own title"},
	{CONF_FEED, "language", CONF_LANGUAGE, TEXT(conf_feed, language), 0, 0, "", NULL,
	    RELOAD_FEEDS, "the language of items that do not say theirs"},
	{CONF_FEED, "enabled", CONF_BOOL, FLAG(conf_feed, enabled), 0, 0, "yes", NULL,
	    RELOAD_FEEDS, "whether the feed is polled"},
	{CONF_FEED, "interval", CONF_DURATION, NUMBER(conf_feed, interval_ms), 10, DAYS(365), "", NULL,
	    RELOAD_FEEDS, "time between two polls; empty for that of [tidings]"},
	{CONF_FEED, "interval-min", CONF_DURATION, NUMBER(conf_feed, interval_min_ms), 10, DAYS(365), "", NULL,
	    RELOAD_FEEDS, "the feed is polled no more often than this; empty as in [tidings]"},
	{CONF_FEED, "interval-max", CONF_DURATION, NUMBER(conf_feed, interval_max_ms), 10, DAYS(365), "", NULL,
	    RELOAD_FEEDS, "the feed is left alone for no longer than this; empty as in [tidings]"},
	{CONF_FEED, "adaptive", CONF_BOOL, FLAG(conf_feed, adaptive), 0, 0, "", NULL,
	    RELOAD_FEEDS, "whether the feed's rhythm and wishes move its interval; empty as in [tidings]"},
	{CONF_FEED, "allow-downgrade", CONF_BOOL, FLAG(conf_feed, allow_downgrade), 0, 0, "no", NULL,
	    RELOAD_FEEDS, "whether a redirect from https to http is followed"},
	{CONF_FEED, "flood-guard", CONF_BOOL, FLAG(conf_feed, flood_guard), 0, 0, "yes", NULL,
	    RELOAD_FEEDS, "whether notifications are held when very many items are new at once"},
	{CONF_FEED, "hold-changed", CONF_BOOL, FLAG(conf_feed, hold_changed), 0, 0, "no", NULL,
	    RELOAD_FEEDS, "whether notifications are held once title, site and all items have changed at once"},
	{CONF_FEED, "allow-private", CONF_BOOL, FLAG(conf_feed, allow_private), 0, 0, "", NULL,
	    RELOAD_FEEDS, "whether the feed may lie on this machine or a private network; empty as in [tidings]"},
	{CONF_FEED, "tags", CONF_WORDS, LIST(conf_feed, tags), 0, 0, "", NULL,
	    RELOAD_FEEDS, "words by which watches can name several feeds at once"},
	{CONF_FEED, "header", CONF_HEADERS, LIST(conf_feed, headers), 0, 0, "", NULL,
	    RELOAD_FEEDS, "a request header, such as Authorization: Bearer …; may be repeated"},
	{CONF_FEED, "user-agent", CONF_TEXT, TEXT(conf_feed, user_agent), 0, 0, "", NULL,
	    RELOAD_FEEDS, "the User-Agent header for this feed; empty for that of [tidings]"},
	{CONF_FEED, "auth", CONF_WORD, TEXT(conf_feed, auth), 0, 0, "none", "none basic digest bearer",
	    RELOAD_FEEDS, "how the feed's server is told who asks"},
	{CONF_FEED, "user", CONF_TEXT, TEXT(conf_feed, user), 0, 0, "", NULL,
	    RELOAD_FEEDS, "the user's name for auth = basic or digest"},
	{CONF_FEED, "secret-file", CONF_PATH, TEXT(conf_feed, secret_file), 0, 0, "", NULL,
	    RELOAD_FEEDS, "a file whose first line is the password, or the token of auth = bearer; for its owner only"},
	{CONF_FEED, "client-cert", CONF_PATH, TEXT(conf_feed, client_cert), 0, 0, "", NULL,
	    RELOAD_FEEDS, "a certificate to show to the server, in PEM"},
	{CONF_FEED, "client-key", CONF_PATH, TEXT(conf_feed, client_key), 0, 0, "", NULL,
	    RELOAD_FEEDS, "its key, in PEM, when that does not stand in the same file; for its owner only"},
	{CONF_FEED, "ca-file", CONF_PATH, TEXT(conf_feed, ca_file), 0, 0, "", NULL,
	    RELOAD_FEEDS, "the only certificates to trust for this feed, in PEM; empty as in [tidings]"},
	{CONF_FEED, "proxy", CONF_URL, TEXT(conf_feed, proxy), 0, 0, "", "http https socks5 socks5h",
	    RELOAD_FEEDS, "the proxy for this feed, its pages and its hub; empty as in [tidings]"},
	{CONF_FEED, "proxy-user", CONF_TEXT, TEXT(conf_feed, proxy_user), 0, 0, "", NULL,
	    RELOAD_FEEDS, "who we are for this feed's own proxy; empty when it does not ask"},
	{CONF_FEED, "proxy-secret-file", CONF_PATH, TEXT(conf_feed, proxy_secret_file), 0, 0, "", NULL,
	    RELOAD_FEEDS, "a file whose first line is that proxy's password; for its owner only"},
	{CONF_FEED, "article", CONF_BOOL, FLAG(conf_feed, article), 0, 0, "no", NULL,
	    RELOAD_FEEDS, "whether the pages that new items link to are read and matched too"},

	{CONF_ACTOR, "title", CONF_TEXT, TEXT(conf_actor, title), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "what the actor is called when it is shown; empty for the first name"},
	{CONF_ACTOR, "kind", CONF_WORD, TEXT(conf_actor, kind), 0, 0, "person", "person org place group",
	    RELOAD_WATCHLIST, "what the actor is"},
	{CONF_ACTOR, "name", CONF_NAMES, LIST(conf_actor, names), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "a name to look for; name[uk] says its language; may be repeated"},
	{CONF_ACTOR, "family", CONF_WORD, TEXT(conf_actor, family), 0, 0, "capitalised", "capitalised alone after-full context never",
	    RELOAD_WATCHLIST, "when a person's family name counts without the given name"},
	{CONF_ACTOR, "context", CONF_NAMES, LIST(conf_actor, contexts), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "words beside which, in the same item, the family name counts (family = context); may be repeated"},
	{CONF_ACTOR, "not", CONF_NAMES, LIST(conf_actor, nots), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "somebody or something else, in whose name the actor's does not count; may be repeated"},
	{CONF_ACTOR, "form", CONF_NAMES, LIST(conf_actor, forms), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "a form of the name that always counts, in any case; may be repeated"},
	{CONF_ACTOR, "not-form", CONF_NAMES, LIST(conf_actor, not_forms), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "a form of the name that never counts; may be repeated"},
	{CONF_ACTOR, "members", CONF_WORDS, LIST(conf_actor, members), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "keys of actors: the group is mentioned when one of them is"},

	{CONF_TOPIC, "title", CONF_TEXT, TEXT(conf_topic, title), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "what the topic is called when it is shown; empty for the first phrase"},
	{CONF_TOPIC, "phrase", CONF_NAMES, LIST(conf_topic, phrases), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "words to look for, in this order; phrase[uk] says their language; may be repeated"},
	{CONF_TOPIC, "query", CONF_QUERY, LIST(conf_topic, query), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "what an item must hold for the topic, beside its phrases; see tidings-query(7)"},

	{CONF_WATCH, "title", CONF_TEXT, TEXT(conf_watch, title), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "what the watch is called when it is shown; empty for its key"},
	{CONF_WATCH, "actors", CONF_WORDS, LIST(conf_watch, actors), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "keys of actors, or * for all"},
	{CONF_WATCH, "topics", CONF_WORDS, LIST(conf_watch, topics), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "keys of topics, or * for all"},
	{CONF_WATCH, "query", CONF_QUERY, LIST(conf_watch, query), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "what an item must hold, beside the actors and topics; see tidings-query(7)"},
	{CONF_WATCH, "require", CONF_WORD, TEXT(conf_watch, require), 0, 0, "any", "any both",
	    RELOAD_WATCHLIST, "any: one of the actors or topics, or the query; both: one of each that is given"},
	{CONF_WATCH, "feeds", CONF_WORDS, LIST(conf_watch, feeds), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "keys or tags of feeds to which the watch is limited; empty for all feeds"},
	{CONF_WATCH, "severity", CONF_WORD, TEXT(conf_watch, severity), 0, 0, "normal", "low normal high urgent",
	    RELOAD_WATCHLIST, "how much it matters"},
	{CONF_WATCH, "sinks", CONF_WORDS, LIST(conf_watch, sinks), 0, 0, "*", NULL,
	    RELOAD_WATCHLIST, "keys of the sinks that are told, or * for all; empty for none"},
	{CONF_WATCH, "copies", CONF_BOOL, FLAG(conf_watch, copies), 0, 0, "no", NULL,
	    RELOAD_WATCHLIST, "whether a text that was told is told again when another item repeats it"},
	{CONF_WATCH, "muted-by", CONF_WORDS, LIST(conf_watch, muted_by), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "keys of watches that matter more: what falls under them, or belongs to a story that does, is not told for this one"},

	{CONF_ROUTE, "watches", CONF_WORDS, LIST(conf_route, watches), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "only what falls under one of these watches"},
	{CONF_ROUTE, "actors", CONF_WORDS, LIST(conf_route, actors), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "only what mentions one of these actors"},
	{CONF_ROUTE, "topics", CONF_WORDS, LIST(conf_route, topics), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "only what is about one of these topics"},
	{CONF_ROUTE, "feeds", CONF_WORDS, LIST(conf_route, feeds), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "only what comes from these feeds, by key or tag"},
	{CONF_ROUTE, "languages", CONF_WORDS, LIST(conf_route, languages), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "only what is written in one of these languages"},
	{CONF_ROUTE, "severity", CONF_WORD, TEXT(conf_route, severity), 0, 0, "low", "low normal high urgent",
	    RELOAD_WATCHLIST, "only what matters at least so much"},
	{CONF_ROUTE, "sinks", CONF_WORDS, LIST(conf_route, sinks), 0, 0, "*", NULL,
	    RELOAD_WATCHLIST, "keys of the sinks that are told, or * for all"},
	{CONF_ROUTE, "group-by", CONF_WORDS, LIST(conf_route, group_by), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "what is told as one: story, watch, actor, topic, feed, all; item for nothing; empty as in [tidings]"},
	{CONF_ROUTE, "group-wait", CONF_DURATION, NUMBER(conf_route, group_wait_ms), 0, DAYS(7), "", NULL,
	    RELOAD_WATCHLIST, "how long the first item of a group waits for company; empty as in [tidings]"},
	{CONF_ROUTE, "group-interval", CONF_DURATION, NUMBER(conf_route, group_interval_ms), 0, DAYS(365), "", NULL,
	    RELOAD_WATCHLIST, "how long after a group was told it may be told again; empty as in [tidings]"},
	{CONF_ROUTE, "digest", CONF_TEXT, TEXT(conf_route, digest), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "tell everything as one at a time: hourly, or daily 08:00"},
	{CONF_ROUTE, "quiet", CONF_TEXT, TEXT(conf_route, quiet), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "hours in which nothing is told, such as 22:00-07:00; one digest follows"},
	{CONF_ROUTE, "quiet-severity", CONF_WORD, TEXT(conf_route, quiet_severity), 0, 0, "urgent", "low normal high urgent none",
	    RELOAD_WATCHLIST, "what matters at least so much is told in quiet hours too"},
	{CONF_ROUTE, "time-zone", CONF_TEXT, TEXT(conf_route, zone), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "of digest and quiet; empty as in [tidings]"},
	{CONF_ROUTE, "escalate-sources", CONF_INTEGER, NUMBER(conf_route, escalate_sources), 0, 10000, "0", NULL,
	    RELOAD_WATCHLIST, "a story that so many feeds carry is told once more, at once; 0 for never"},
	{CONF_ROUTE, "escalate-within", CONF_DURATION, NUMBER(conf_route, escalate_within_ms), 0, DAYS(365), "1d", NULL,
	    RELOAD_WATCHLIST, "…if they do within this time; 0 whenever"},
	{CONF_ROUTE, "escalate-severity", CONF_WORD, TEXT(conf_route, escalate_severity), 0, 0, "urgent", "low normal high urgent",
	    RELOAD_WATCHLIST, "how much it matters then, at least"},
	{CONF_ROUTE, "escalate-sinks", CONF_WORDS, LIST(conf_route, escalate_sinks), 0, 0, "", NULL,
	    RELOAD_WATCHLIST, "keys of sinks that are told then besides those of the route"},

	{CONF_SINK, "type", CONF_WORD, TEXT(conf_sink, type), 0, 0, "", "print file syslog journal exec webhook mail sendmail feed socket mqtt nats desktop",
	    RELOAD_SINKS, "print: write to standard output or a file; file: keep JSON Lines; syslog, journal: the system log; exec: run a program; webhook: POST to a URL; mail: by SMTP; sendmail: by a program; feed: Atom and JSON Feed files; socket: a stream for programs; mqtt, nats: message brokers; desktop: a bubble on the screen"},
	{CONF_SINK, "format", CONF_WORD, TEXT(conf_sink, format), 0, 0, "human", "human line json template",
	    RELOAD_SINKS, "print: what is written for each notification; template: the body"},
	{CONF_SINK, "path", CONF_PATH, TEXT(conf_sink, path), 0, 0, "", NULL,
	    RELOAD_SINKS, "print, file: the file to append to; print: empty for standard output; syslog, journal: another socket; feed: the directory; socket: its own; desktop: the socket of the message bus, empty for the session's"},
	{CONF_SINK, "acknowledge", CONF_BOOL, FLAG(conf_sink, acknowledge), 0, 0, "no", NULL, RELOAD_SINKS,
	    "socket: a notification counts as delivered when a program has sent its identifier back"},
	{CONF_SINK, "expire", CONF_DURATION, NUMBER(conf_sink, expire_ms), 0, DAYS(7), "0", NULL,
	    RELOAD_SINKS, "desktop: how long it is shown; 0 for as long as the desktop thinks fit"},
	{CONF_SINK, "rotate-size", CONF_SIZE, NUMBER(conf_sink, rotate_bytes), 0, MIB(1024 * 1024), "64MiB", NULL,
	    RELOAD_SINKS, "file: a larger one is put aside; 0 for never"},
	{CONF_SINK, "rotate-keep", CONF_INTEGER, NUMBER(conf_sink, rotate_keep), 1, 1000, "8", NULL,
	    RELOAD_SINKS, "file: how many are kept aside"},
	{CONF_SINK, "entries", CONF_INTEGER, NUMBER(conf_sink, entries), 1, 10000, "100", NULL,
	    RELOAD_SINKS, "feed: how many each holds; the oldest go"},
	{CONF_SINK, "command", CONF_COMMAND, LIST(conf_sink, command), 0, 0, "", NULL,
	    RELOAD_SINKS, "exec: the program and its arguments, split at white space; no shell is involved"},
	{CONF_SINK, "argument", CONF_ARGUMENT, LIST(conf_sink, command), 0, 0, "", NULL,
	    RELOAD_SINKS, "exec: one more argument, which may hold white space; may be repeated"},
	{CONF_SINK, "url", CONF_URL, TEXT(conf_sink, url), 0, 0, "", "http https smtp smtps mqtt mqtts nats tls",
	    RELOAD_SINKS, "webhook: where each notification is sent by POST, as JSON; mail: the server, as smtp://host:port; feed: where the directory can be reached; mqtt, nats: the broker"},
	{CONF_SINK, "secret-file", CONF_PATH, TEXT(conf_sink, secret_file), 0, 0, "", NULL,
	    RELOAD_SINKS, "webhook: a file whose first line is the secret that signs it (Standard Webhooks), or the token of the template's service; mail: the password; for its owner only"},
	{CONF_SINK, "template", CONF_WORD, TEXT(conf_sink, service), 0, 0, "",
	    "slack discord mattermost matrix telegram ntfy gotify pushover alertmanager",
	    RELOAD_SINKS, "webhook: the service that is spoken to, in its own JSON"},
	{CONF_SINK, "channel", CONF_TEXT, TEXT(conf_sink, channel), 0, 0, "", NULL,
	    RELOAD_SINKS, "webhook: the room of matrix, chat of telegram, topic of ntfy, user of pushover, channel of mattermost; mqtt, nats: the topic or subject"},
	{CONF_SINK, "from", CONF_MAILBOX, TEXT(conf_sink, from), 0, 0, "", NULL,
	    RELOAD_SINKS, "mail, sendmail: who the mail is from, as user@host or Name <user@host>"},
	{CONF_SINK, "to", CONF_MAILBOXES, LIST(conf_sink, to), 0, 0, "", NULL,
	    RELOAD_SINKS, "mail, sendmail: who gets it; may be repeated"},
	{CONF_SINK, "user", CONF_TEXT, TEXT(conf_sink, user), 0, 0, "", NULL,
	    RELOAD_SINKS, "mail, mqtt, nats: whom to log in as; the password stands in secret-file"},
	{CONF_SINK, "starttls", CONF_WORD, TEXT(conf_sink, starttls), 0, 0, "required", "required never",
	    RELOAD_SINKS, "mail: whether a connection to smtp:// must be encrypted before anything is said"},
	{CONF_SINK, "header", CONF_HEADERS, LIST(conf_sink, headers), 0, 0, "", NULL,
	    RELOAD_SINKS, "webhook: one more header, as Name: value; may be repeated"},
	{CONF_SINK, "allow-private", CONF_BOOL, FLAG(conf_sink, allow_private), 0, 0, "no", NULL,
	    RELOAD_SINKS, "webhook, mail: it may go to loopback, link-local and private addresses"},
	{CONF_SINK, "timeout", CONF_DURATION, NUMBER(conf_sink, timeout_ms), SECONDS(1), MINUTES(60), "30s", NULL,
	    RELOAD_SINKS, "a delivery that takes longer is given up and tried again"},
	{CONF_SINK, "retry-max", CONF_DURATION, NUMBER(conf_sink, retry_max_ms), 0, DAYS(365), "3d", NULL,
	    RELOAD_SINKS, "how long a notification is tried again before it is given up for dead"},
	{CONF_SINK, "concurrency", CONF_INTEGER, NUMBER(conf_sink, concurrency), 1, 64, "1", NULL,
	    RELOAD_SINKS, "deliveries at a time"},
	{CONF_SINK, "rate", CONF_TEXT, TEXT(conf_sink, rate), 0, 0, "", NULL,
	    RELOAD_SINKS, "at most so many in a time, such as 20/1h; what is over it becomes one digest; of desktop 20/1m unless said"},
	{CONF_SINK, "drain-rate", CONF_TEXT, TEXT(conf_sink, drain_rate), 0, 0, "", NULL,
	    RELOAD_SINKS, "at most so many in a time of what has waited longer than a minute, such as 60/1m, after an outage"},
	{CONF_SINK, "order", CONF_WORD, TEXT(conf_sink, order), 0, 0, "oldest-first", "oldest-first newest-first",
	    RELOAD_SINKS, "newest-first: what is new does not wait behind what an outage left"},
	{CONF_SINK, "quiet", CONF_TEXT, TEXT(conf_sink, quiet), 0, 0, "", NULL,
	    RELOAD_SINKS, "hours in which it is told nothing, such as 22:00-07:00; one digest follows"},
	{CONF_SINK, "quiet-severity", CONF_WORD, TEXT(conf_sink, quiet_severity), 0, 0, "urgent", "low normal high urgent none",
	    RELOAD_SINKS, "what matters at least so much is told in quiet hours too"},
	{CONF_SINK, "time-zone", CONF_TEXT, TEXT(conf_sink, zone), 0, 0, "", NULL,
	    RELOAD_SINKS, "of quiet; empty as in [tidings]"},
	{CONF_SINK, "title", CONF_TEXT, TEXT(conf_sink, title), 0, 0, "", NULL,
	    RELOAD_SINKS, "a template of the title, for sinks that have one; empty for the usual one"},
	{CONF_SINK, "body", CONF_TEXT, TEXT(conf_sink, body), 0, 0, "", NULL,
	    RELOAD_SINKS, "a template of the text, for sinks that have one; empty for the usual one"},
	{.name = NULL},
};

#define KEYED(structure, array) \
	sizeof(struct structure), offsetof(struct conf, array), offsetof(struct structure, key), offsetof(struct structure, origin)

const struct conf_section_info conf_sections[CONF_SECTION_COUNT] = {
	[CONF_TIDINGS] = {"tidings", false, sizeof(struct conf_global), offsetof(struct conf, global), 0, 0, "the daemon as a whole"},
	[CONF_FEED] = {"feed", true, KEYED(conf_feed, feeds), "a feed that is polled"},
	[CONF_ACTOR] = {"actor", true, KEYED(conf_actor, actors), "a person, an organisation, a place or a group"},
	[CONF_TOPIC] = {"topic", true, KEYED(conf_topic, topics), "a subject, known by phrases or a query"},
	[CONF_WATCH] = {"watch", true, KEYED(conf_watch, watches), "what is told, and to whom"},
	[CONF_ROUTE] = {"route", true, KEYED(conf_route, routes), "what goes to which sinks, and when"},
	[CONF_SINK] = {"sink", true, KEYED(conf_sink, sinks), "where notifications go"},
};
/* clang-format on */

#define COUNT_FOLLOWS(array, counter) \
	_Static_assert(offsetof(struct conf, counter) == offsetof(struct conf, array) + sizeof(void *), \
	    #counter " stands behind " #array)
COUNT_FOLLOWS(feeds, feed_count);
COUNT_FOLLOWS(actors, actor_count);
COUNT_FOLLOWS(topics, topic_count);
COUNT_FOLLOWS(watches, watch_count);
COUNT_FOLLOWS(routes, route_count);
COUNT_FOLLOWS(sinks, sink_count);

static const struct {
	const char *word;
	bool repeats;
} types[CONF_TYPE_COUNT] = {
    [CONF_BOOL] = {"yes or no", false},
    [CONF_INTEGER] = {"number", false},
    [CONF_DURATION] = {"duration", false},
    [CONF_SIZE] = {"size", false},
    [CONF_WORD] = {"word", false},
    [CONF_TEXT] = {"text", false},
    [CONF_PATH] = {"path", false},
    [CONF_URL] = {"URL", false},
    [CONF_LANGUAGE] = {"language", false},
    [CONF_WORDS] = {"list of words", true},
    [CONF_PATHS] = {"list of paths", true},
    [CONF_NAMES] = {"list of names", true},
    [CONF_HEADERS] = {"list of headers", true},
    [CONF_MAILBOX] = {"mail address", false},
    [CONF_MAILBOXES] = {"list of mail addresses", true},
    [CONF_COMMAND] = {"command", false},
    [CONF_ARGUMENT] = {"list of arguments", true},
    [CONF_QUERY] = {"query", false},
};

static const char *const reload_words[] = {
    [RELOAD_NOTHING] = "nothing",
    [RELOAD_RESTART] = "restart",
    [RELOAD_FEEDS] = "feeds",
    [RELOAD_WATCHLIST] = "watchlist",
    [RELOAD_SINKS] = "sinks",
};

const struct conf_key *
conf_key_find(enum conf_section section, struct str name)
{
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		if (k->section == section && str_is(name, k->name))
			return k;
	}
	return NULL;
}

enum conf_section
conf_section_find(struct str name)
{
	enum conf_section s = 0;
	while (s < CONF_SECTION_COUNT && !str_is(name, conf_sections[s].name))
		s++;
	return s;
}

unsigned
conf_key_number(const struct conf_key *key)
{
	unsigned n = 0;
	while (key > conf_keys && key[-1].section == key->section) {
		key--;
		n++;
	}
	return n;
}

const char *
conf_type_word(enum conf_type type)
{
	return types[type].word;
}

bool
conf_type_repeats(enum conf_type type)
{
	return types[type].repeats;
}

const char *
conf_reload_word(enum conf_reload reload)
{
	return reload_words[reload];
}
