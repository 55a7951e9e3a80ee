#include "store/sql.h"

#include "store/sql_parts.h"
#include "store/store.h"

/* SQL is laid out by hand. */
/* clang-format off */

/* "TIDN" */
#define APPLICATION_ID "1414087758"

/*
 * Times are milliseconds since 1970 in UTC, NULL for none. Hashes are 16 bytes, big-endian.
 *
 * A sighting says that a feed carries an item under a key; the feed that had it first is the item's own. A sighting
 * whose item_id is NULL is a tombstone: the item was purged and is still not new. References are not enforced by SQLite (see
 * sql_setup): whoever removes a row removes what names it. `words` is the full-text index
 * (as step_words makes it now); it keeps no text of its own and must be told what to forget.
 * matches.mentions: one line per mention: field, start, end, rule, form, name, with tabs between them.
 * outbox.state: 0 pending, 1 in flight, 2 done, 3 dead.
 */
static const char step_1[] =
    "PRAGMA application_id = " APPLICATION_ID ";"
    "CREATE TABLE meta("
    " key TEXT PRIMARY KEY NOT NULL,"
    " value) WITHOUT ROWID;"
    "INSERT INTO meta VALUES('outbox_done', 0);"
    "CREATE TABLE feeds("
    " id INTEGER PRIMARY KEY,"
    " key TEXT NOT NULL UNIQUE,"
    " url TEXT NOT NULL,"
    " configured INTEGER NOT NULL,"
    " configured_title TEXT,"
    " title TEXT,"
    " site TEXT,"
    " etag BLOB,"
    " last_modified BLOB,"
    " body_hash BLOB,"
    " interval_ms INTEGER NOT NULL DEFAULT 0,"
    " failures INTEGER NOT NULL DEFAULT 0,"
    " weight REAL NOT NULL DEFAULT 0,"
    " failing_since_at INTEGER,"
    " next_due_at INTEGER,"
    " next_why TEXT,"
    " added_at INTEGER NOT NULL,"
    " last_attempt_at INTEGER,"
    " last_success_at INTEGER,"
    " last_new_at INTEGER,"
    " error TEXT,"
    " error_text TEXT,"
    " error_since_at INTEGER,"
    " error_at INTEGER,"
    " error_count INTEGER NOT NULL DEFAULT 0,"
    " http_status INTEGER NOT NULL DEFAULT 0,"
    " poll_count INTEGER NOT NULL DEFAULT 0,"
    " item_count INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE events("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " feed_id INTEGER NOT NULL REFERENCES feeds(id),"
    " at INTEGER NOT NULL,"
    " kind TEXT NOT NULL,"
    " text TEXT);"
    "CREATE TABLE items("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " feed_id INTEGER NOT NULL REFERENCES feeds(id),"
    " matched INTEGER NOT NULL,"
    " severity INTEGER NOT NULL,"
    " first_seen_at INTEGER NOT NULL,"
    " changed_at INTEGER,"
    " published_at INTEGER,"
    " updated_at INTEGER,"
    " watchlist INTEGER,"
    " alias BLOB,"
    " guid TEXT,"
    " link TEXT,"
    " title TEXT,"
    " language TEXT,"
    " authors TEXT,"
    " categories TEXT,"
    " summary TEXT,"
    " content TEXT,"
    " summary_html TEXT,"
    " content_html TEXT);"
    "CREATE INDEX items_seen ON items(first_seen_at);"
    "CREATE INDEX items_matched ON items(matched) WHERE matched;"
    "CREATE INDEX items_alias ON items(alias) WHERE alias IS NOT NULL;"
    "CREATE TABLE sightings("
    " feed_id INTEGER NOT NULL REFERENCES feeds(id),"
    " key BLOB NOT NULL,"
    " item_id INTEGER REFERENCES items(id) ON DELETE SET NULL,"
    " content BLOB NOT NULL,"
    " seen_at INTEGER NOT NULL,"
    " link TEXT,"
    " PRIMARY KEY(feed_id, key)) WITHOUT ROWID;"
    "CREATE INDEX sightings_item ON sightings(item_id, feed_id);"
    "CREATE INDEX sightings_feed ON sightings(feed_id, item_id);"
    "CREATE TABLE entities("
    " id INTEGER PRIMARY KEY,"
    " key TEXT NOT NULL UNIQUE,"
    " kind TEXT NOT NULL,"
    " label TEXT NOT NULL);"
    "CREATE TABLE matches("
    " entity_id INTEGER NOT NULL REFERENCES entities(id),"
    " item_id INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,"
    " mentions TEXT NOT NULL,"
    " PRIMARY KEY(item_id, entity_id)) WITHOUT ROWID;"
    "CREATE INDEX matches_entity ON matches(entity_id, item_id);"
    "CREATE TABLE watches("
    " id INTEGER PRIMARY KEY,"
    " key TEXT NOT NULL UNIQUE);"
    "CREATE TABLE item_watches("
    " item_id INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,"
    " watch_id INTEGER NOT NULL REFERENCES watches(id),"
    " PRIMARY KEY(item_id, watch_id)) WITHOUT ROWID;"
    "CREATE INDEX item_watches_watch ON item_watches(watch_id, item_id);"
    "CREATE TABLE outbox("
    " row INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " item_id INTEGER NOT NULL REFERENCES items(id),"
    " sink TEXT NOT NULL,"
    " severity INTEGER NOT NULL,"
    " state INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL,"
    " next_try_at INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL,"
    " updated_at INTEGER NOT NULL,"
    " error TEXT,"
    " UNIQUE(item_id, sink));"
    "CREATE INDEX outbox_due ON outbox(next_try_at) WHERE state = 0;"
    "CREATE INDEX outbox_due_of_sink ON outbox(sink, next_try_at) WHERE state = 0;"
    "CREATE INDEX outbox_open ON outbox(state) WHERE state <> 2;"
    "CREATE VIRTUAL TABLE words USING fts5(title, summary, content, content = '', columnsize = 0,"
    " tokenize = 'unicode61 remove_diacritics 2');"
    /* a batch of polls fits into the hash, and merging waits for eight pieces: a third less work than by default */
    "INSERT INTO words(words, rank) VALUES('hashsize', 8388608), ('automerge', 8);";

/*
 * Stories. What they need of an item stands in a row of its own, so that it is read without walking over the item's
 * text. story_items.duplicate_of: the first item with the same text; weight: how like the others it is, all added up;
 * nth: its feed was the how manieth source; pinned: put there by hand; signature: see story/signature.h.
 * headline_id: the item with the greatest weight.
 */
static const char step_stories[] =
    "CREATE TABLE stories("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " first_at INTEGER NOT NULL,"
    " last_at INTEGER NOT NULL,"
    " headline_id INTEGER NOT NULL,"
    " source_count INTEGER NOT NULL,"
    " item_count INTEGER NOT NULL,"
    " pinned INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX stories_last ON stories(last_at);"
    "CREATE TABLE story_items("
    " item_id INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,"
    " story_id INTEGER NOT NULL REFERENCES stories(id),"
    " duplicate_of INTEGER,"
    " weight REAL NOT NULL,"
    " nth INTEGER NOT NULL,"
    " pinned INTEGER NOT NULL DEFAULT 0,"
    " signature BLOB);"
    "CREATE INDEX story_items_story ON story_items(story_id, item_id);"
    "CREATE INDEX story_items_copies ON story_items(duplicate_of) WHERE duplicate_of IS NOT NULL;"
    "CREATE TABLE story_sources("
    " story_id INTEGER NOT NULL REFERENCES stories(id) ON DELETE CASCADE,"
    " feed_id INTEGER NOT NULL REFERENCES feeds(id),"
    " item_id INTEGER NOT NULL,"
    " at INTEGER NOT NULL,"
    " nth INTEGER NOT NULL,"
    " PRIMARY KEY(story_id, feed_id)) WITHOUT ROWID;";

/*
 * What polling learns of a feed besides its rhythm (struct store_course), holds on hosts, and events that are nobody's
 * but our own (feed_id NULL).
 */
static const char step_course[] =
    "ALTER TABLE feeds ADD COLUMN adopted_url TEXT;"
    "ALTER TABLE feeds ADD COLUMN moved_url TEXT;"
    "ALTER TABLE feeds ADD COLUMN moved_count INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN moved_since_at INTEGER;"
    "ALTER TABLE feeds ADD COLUMN full_at INTEGER;"
    "ALTER TABLE feeds ADD COLUMN gone_at INTEGER;"
    "ALTER TABLE feeds ADD COLUMN gap_at INTEGER;"
    "ALTER TABLE feeds ADD COLUMN gap_count INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN told_failing_at INTEGER;"
    "UPDATE feeds SET full_at = last_success_at WHERE etag IS NOT NULL OR last_modified IS NOT NULL;"
    "CREATE TABLE holds("
    " host TEXT PRIMARY KEY NOT NULL,"
    " until_at INTEGER NOT NULL,"
    " why TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE events_2("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " feed_id INTEGER REFERENCES feeds(id),"
    " at INTEGER NOT NULL,"
    " kind TEXT NOT NULL,"
    " text TEXT);"
    "INSERT INTO events_2 SELECT id, feed_id, at, kind, text FROM events;"
    "DROP TABLE events;"
    "ALTER TABLE events_2 RENAME TO events;";

/* What a document asks for counts also while it is not sent again (304). */
static const char step_hints[] =
    "ALTER TABLE feeds ADD COLUMN wait_ms INTEGER NOT NULL DEFAULT -1;"
    "ALTER TABLE feeds ADD COLUMN skip_hours INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN skip_days INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN items_per_week REAL NOT NULL DEFAULT -1;";

/*
 * History. feeds.link_keys: its ids change at every poll, so links are its keys; usual_new: new items in a poll that
 * brings any. sightings.page: see story_identity; first_at: since when the feed carries the item (seen_at moves with
 * edits, and now and then while it stands in the feed). revisions: texts that edits replaced.
 */
static const char step_history[] =
    "ALTER TABLE feeds ADD COLUMN link_keys INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN churn_polls INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN usual_new REAL NOT NULL DEFAULT 0;"
    "ALTER TABLE sightings ADD COLUMN page INTEGER;"
    "ALTER TABLE sightings ADD COLUMN first_at INTEGER;"
    "UPDATE sightings SET first_at = seen_at;"
    "CREATE INDEX sightings_page ON sightings(feed_id, page) WHERE page IS NOT NULL;"
    "CREATE TABLE revisions("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " item_id INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,"
    " at INTEGER NOT NULL,"
    " title TEXT,"
    " link TEXT,"
    " summary TEXT,"
    " content TEXT);"
    "CREATE INDEX revisions_item ON revisions(item_id, id);"
    "CREATE INDEX revisions_at ON revisions(at);"
    "CREATE INDEX items_kind ON items(matched, first_seen_at);"
    "CREATE INDEX sightings_gone ON sightings(seen_at) WHERE item_id IS NULL;"
    "CREATE INDEX story_items_signed ON story_items(item_id) WHERE signature IS NOT NULL;";

/*
 * The pages that items link to. articles.state: 0 wanted, 1 asked for, 2 ended. A page is asked for once: the row says 1
 * before the request goes out, and never goes back. `error` is NULL when there is a text.
 */
static const char step_articles[] =
    "CREATE TABLE articles("
    " item_id INTEGER PRIMARY KEY REFERENCES items(id) ON DELETE CASCADE,"
    " state INTEGER NOT NULL,"
    " asked_at INTEGER,"
    " ended_at INTEGER,"
    " http_status INTEGER NOT NULL DEFAULT 0,"
    " error TEXT,"
    " error_text TEXT,"
    " url TEXT,"
    " canonical TEXT,"
    " text TEXT);"
    "CREATE INDEX articles_wanted ON articles(item_id) WHERE state = 0;"
    "CREATE INDEX articles_asked ON articles(item_id) WHERE state = 1;";

/* WebSub. One hub per feed; `token` is the secret part of the callback; state: see enum store_subscription_state. */
static const char step_subscriptions[] =
    "CREATE TABLE subscriptions("
    " feed_id INTEGER PRIMARY KEY REFERENCES feeds(id) ON DELETE CASCADE,"
    " hub TEXT NOT NULL,"
    " topic TEXT NOT NULL,"
    " token TEXT NOT NULL UNIQUE,"
    " secret TEXT NOT NULL,"
    " state INTEGER NOT NULL,"
    " trusted INTEGER NOT NULL,"
    " failures INTEGER NOT NULL,"
    " lease_until_at INTEGER,"
    " next_at INTEGER,"
    " error_text TEXT);";

/*
 * The outbox holds notifications of any kind. kind: enum notification_kind; state: enum store_state; item_id: the item
 * that made it, outbox_items the ones that joined it before its first attempt. group_key parts threads; thread is the id
 * of the first of one. held rows with next_try_at as far away as can be wait for somebody. outbox_counts holds how many
 * rows are in each state; triggers keep it, so that nobody can forget to, and a purge does not lessen what was done.
 */
static const char step_outbox[] =
    "CREATE TABLE outbox_2("
    " row INTEGER PRIMARY KEY AUTOINCREMENT,"
    " id TEXT NOT NULL UNIQUE,"
    " kind INTEGER NOT NULL,"
    " item_id INTEGER REFERENCES items(id),"
    " sink TEXT NOT NULL,"
    " route TEXT,"
    " group_key TEXT,"
    " watches TEXT,"
    " severity INTEGER NOT NULL,"
    " state INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL DEFAULT 0,"
    " next_try_at INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL,"
    " updated_at INTEGER NOT NULL,"
    " since_at INTEGER,"
    " reason TEXT,"
    " previous TEXT,"
    " thread TEXT,"
    " alarm TEXT,"
    " subject TEXT,"
    " title TEXT,"
    " text TEXT,"
    " error TEXT);"
    "INSERT INTO outbox_2(row, id, kind, item_id, sink, severity, state, attempts, next_try_at, created_at, updated_at,"
    " error) SELECT row, id, 0, item_id, sink, severity, state, attempts, next_try_at, created_at, updated_at, error"
    " FROM outbox;"
    "DROP TABLE outbox;"
    "ALTER TABLE outbox_2 RENAME TO outbox;"
    "CREATE INDEX outbox_item ON outbox(item_id) WHERE item_id IS NOT NULL;"
    "CREATE INDEX outbox_due ON outbox(next_try_at) WHERE state IN (0, 4);"
    "CREATE INDEX outbox_due_of_sink ON outbox(sink, next_try_at) WHERE state IN (0, 4);"
    "CREATE INDEX outbox_open ON outbox(state) WHERE state <> 2;"
    "CREATE INDEX outbox_group ON outbox(sink, group_key, row) WHERE group_key IS NOT NULL;"
    "CREATE TABLE outbox_items("
    " row INTEGER NOT NULL REFERENCES outbox(row) ON DELETE CASCADE,"
    " item_id INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,"
    " PRIMARY KEY(row, item_id)) WITHOUT ROWID;"
    "CREATE INDEX outbox_items_item ON outbox_items(item_id);"
    "CREATE TABLE outbox_counts(state INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
    "INSERT INTO outbox_counts VALUES(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0);"
    "UPDATE outbox_counts SET n = (SELECT count(*) FROM outbox WHERE outbox.state = outbox_counts.state);"
    "UPDATE outbox_counts SET n = (SELECT value FROM meta WHERE key = 'outbox_done') WHERE state = 2;"
    "DELETE FROM meta WHERE key = 'outbox_done';"
    "CREATE TRIGGER outbox_counts_insert AFTER INSERT ON outbox BEGIN"
    " UPDATE outbox_counts SET n = n + 1 WHERE state = new.state; END;"
    "CREATE TRIGGER outbox_counts_update AFTER UPDATE OF state ON outbox WHEN old.state <> new.state BEGIN"
    " UPDATE outbox_counts SET n = n - 1 WHERE state = old.state;"
    " UPDATE outbox_counts SET n = n + 1 WHERE state = new.state; END;"
    "CREATE TRIGGER outbox_counts_delete AFTER DELETE ON outbox WHEN old.state <> 2 BEGIN"
    " UPDATE outbox_counts SET n = n - 1 WHERE state = old.state; END;"
    "CREATE TABLE silences("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " created_at INTEGER NOT NULL,"
    " ends_at INTEGER NOT NULL,"
    " author TEXT NOT NULL,"
    " reason TEXT,"
    " watch TEXT,"
    " entity TEXT,"
    " feed TEXT,"
    " sink TEXT,"
    " alarm TEXT);";

/* What hubs have pushed and were promised that it is taken, until the poll that is made of it is committed. */
static const char step_pushes[] =
    "CREATE TABLE pushes("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " feed_id INTEGER NOT NULL REFERENCES feeds(id) ON DELETE CASCADE,"
    " content_type TEXT,"
    " body BLOB NOT NULL);"
    "CREATE INDEX pushes_feed ON pushes(feed_id);";

/* The full-text index is written in pieces as items come, and these are merged when there is time (store_merge_words). */
static const char step_merging[] =
    "INSERT INTO words(words, rank) VALUES('automerge', 0), ('crisismerge', 128), ('pgsz', 16000);";

/*
 * Alarms that have begun and not ended. meta: 'alarm_event' is the last event that was looked at, 'burst_until' the end of
 * the last window that was judged.
 */
static const char step_alarms[] =
    "CREATE TABLE alarms("
    " alarm TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " since_at INTEGER NOT NULL,"
    " PRIMARY KEY(alarm, subject)) WITHOUT ROWID;"
    "INSERT INTO meta SELECT 'alarm_event', coalesce(max(id), 0) FROM events;";

/* Where the page of an item belongs: see story_link_mark. */
static const char step_pages[] =
    "ALTER TABLE articles ADD COLUMN page INTEGER;"
    "CREATE INDEX articles_page ON articles(page) WHERE page IS NOT NULL;";

/* How many bytes of text each of them holds: see sql_parts.h. */
static const char step_bytes[] =
    "ALTER TABLE items ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE revisions ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;"
    "UPDATE items SET bytes = " ITEM_BYTES("guid", "link", "title", "authors", "categories", "summary", "content",
	"summary_html", "content_html") " + " PAGE_BYTES("items.id") ";"
    "UPDATE revisions SET bytes = " REVISION_BYTES ";"
    "DROP INDEX items_kind;"
    "CREATE INDEX items_kind ON items(matched, first_seen_at, bytes);"
    "DROP INDEX revisions_at;"
    "CREATE INDEX revisions_at ON revisions(at, bytes);";

/*
 * When the feed last had one id for several items, and more items than are taken; suspect_at: since when it is not what it
 * was and what it tells is held (hold-changed).
 */
static const char step_suspicions[] =
    "ALTER TABLE feeds ADD COLUMN ids_repeated_at INTEGER;"
    "ALTER TABLE feeds ADD COLUMN window_cut_at INTEGER;"
    "ALTER TABLE feeds ADD COLUMN suspect_at INTEGER;";

/* 128 pieces were soon there when thousands of feeds were new, and merging them at once kept the loop for a second. */
static const char step_patience[] =
    "INSERT INTO words(words, rank) VALUES('crisismerge', " "1500" ");";

/*
 * The full-text index knows which words an item has, and no longer where: half the work, a third of the room, and whoever
 * asks decides by the text anyway (store/words.h). A batch of polls fits into the hash; pieces are merged when there is time.
 */
static const char step_words[] =
    "DROP TABLE words;"
    "CREATE VIRTUAL TABLE words USING fts5(text, content = '', columnsize = 0, detail = none, tokenize = 'ascii');"
    "INSERT INTO words(words, rank) VALUES('hashsize', 16777216), ('automerge', 0), ('crisismerge', " "1500" "),"
    " ('pgsz', 16000);"
    "INSERT INTO words(rowid, text) SELECT i.id, index_words(" ITEM_WORDS ") FROM " WORDED_ITEMS " ORDER BY i.id;";

/*
 * The full-text index has a file of its own, which a thread writes (store/index.h). reworded: what words an item had that was
 * changed or removed, until the index has followed. meta 'index': which database this is.
 */
static const char step_index[] =
    "DROP TABLE words;"
    "CREATE TABLE reworded("
    " id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " item_id INTEGER NOT NULL,"
    " words TEXT NOT NULL);"
    "CREATE INDEX reworded_item ON reworded(item_id);"
    "INSERT INTO meta VALUES('index', random());";

/*
 * items.summary_html and content_html are blobs where they are kept as differences to summary and content (text/html_delta.h):
 * a database that has such ones is not for versions that do not know them.
 */
static const char step_html[] = "SELECT 1;";

/*
 * sightings.link is NULL where the feed is the item's own, which has the same link: a database that has such ones is not for
 * versions that do not know them.
 */
static const char step_links[] = "SELECT 1;";

/* By which way a hub is asked: as its feed was last configured, since it may have left the configuration. */
static const char step_way[] = "ALTER TABLE subscriptions ADD COLUMN allow_private INTEGER NOT NULL DEFAULT 0;"
			       "ALTER TABLE subscriptions ADD COLUMN user_agent TEXT;"
			       "ALTER TABLE subscriptions ADD COLUMN ca_file TEXT;"
			       "ALTER TABLE subscriptions ADD COLUMN proxy TEXT;"
			       "ALTER TABLE subscriptions ADD COLUMN proxy_user TEXT;"
			       "ALTER TABLE subscriptions ADD COLUMN proxy_secret_file TEXT;";

const char *const sql_migrations[] = {
    step_1,
    step_stories,
    step_course,
    step_hints,
    step_history,
    step_articles,
    step_subscriptions,
    step_outbox,
    step_merging,
    step_alarms,
    step_pushes,
    step_pages,
    step_bytes,
    step_suspicions,
    step_patience,
    step_words,
    step_index,
    step_html,
    step_links,
    step_way,
};
const size_t sql_migration_count = sizeof sql_migrations / sizeof *sql_migrations;
