#include "store/sql.h"

#include "store/cache.h"
#include "store/sql_parts.h"

/* SQL is laid out by hand. */
/* clang-format off */

const char *const sql_setup[] = {
    /* What the schema's references say is kept up by the code, and held by the tests (foreign_key_check): with them on, SQLite looks
     * every row up that a new one names, and keeps a copy of each page that a statement of many rows changes. */
    "PRAGMA foreign_keys = OFF",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",
    NULL,
};

const char *const sql_setup_writer[] = {
    /* of a new file. An item with its texts fills several of SQLite's default pages, each written and copied by itself */
    "PRAGMA page_size = 16384",
    "PRAGMA journal_mode = WAL",
    /* FULL: what a commit promised must stand after a power cut too; it costs one sync of the log per batch */
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -" TEXT_OF(CACHE_KIB),
    "PRAGMA secure_delete = OFF",
    "PRAGMA wal_autocheckpoint = 0", /* see store/log.h */
    "PRAGMA journal_size_limit = 67108864",
    NULL,
};

const char *const sql_checks[] = {
    "PRAGMA integrity_check(10)",
    "SELECT 'a row of ' || \"table\" || ' points to nothing in ' || parent FROM pragma_foreign_key_check LIMIT 1",
    NULL,
};
const char sql_page_size[] = "PRAGMA page_size";
const char sql_touch[] = "PRAGMA schema_version";

#define FEED_COLUMNS \
	"id, key, url, coalesce(configured_title, title), site, etag, last_modified, body_hash, interval_ms, " \
	"failures," \
	" weight, failing_since_at, next_due_at, next_why, added_at, last_attempt_at, last_success_at, last_new_at, " \
	"error," \
	" error_text, error_since_at, error_at, error_count, http_status, poll_count, item_count, configured, " \
	"configured_title, adopted_url, moved_url, moved_count, moved_since_at, full_at, gone_at, gap_at, gap_count, " \
	"told_failing_at, wait_ms, skip_hours, skip_days, items_per_week FROM feeds"

#define STORY_COLUMNS \
	"s.id, s.first_at, s.last_at, s.headline_id, s.source_count, s.item_count, s.pinned, (SELECT title FROM items" \
	" WHERE id = s.headline_id) FROM stories AS s"
#define OUTBOX_TAKEN \
	"row, id, item_id, sink, attempts, created_at, kind, severity, route, group_key, previous, thread, watches," \
	" since_at, alarm, subject, title, text"
#define OUTBOX_SHOWN \
	"o.row, o.id, o.sink, o.route, o.group_key, o.watches, o.reason, o.error, coalesce(o.title, i.title), o.alarm," \
	" o.kind, o.state, o.severity, o.attempts, iif(o.state IN (0, 4), o.next_try_at, NULL), o.created_at, o.updated_at," \
	" o.item_id, (o.item_id IS NOT NULL) + (SELECT count(*) FROM outbox_items AS x WHERE x.row = o.row)" \
	" FROM outbox AS o LEFT JOIN items AS i ON i.id = o.item_id"
/* ?1 is the time. */
#define OUTBOX_CHOSEN \
	" AND (?2 IS NULL OR id = ?2) AND (?3 IS NULL OR sink = ?3) AND (?4 IS NULL OR reason = ?4) AND (?5 IS NULL OR" \
	" EXISTS(SELECT 1 FROM items AS i JOIN feeds AS f ON f.id = i.feed_id WHERE i.id = item_id AND f.key = ?5))"

/* The first number of those that came since then: it is among the earliest, because polls are written soon after they were begun, if
 * not in that order. Not of all: for min(id) alone SQLite walks through all items that are older, text by text. */
#define FIRST_SEEN_FROM \
	"SELECT min(id) FROM (SELECT id FROM items INDEXED BY items_seen WHERE first_seen_at >= ? ORDER BY first_seen_at" \
	" LIMIT 1000)"

#define READ(...) \
	{ \
		__VA_ARGS__, false, false \
	}
#define WRITE(...) \
	{ \
		__VA_ARGS__, true, false \
	}
#define READ_APART(...) \
	{ \
		__VA_ARGS__, false, true \
	}
#define WRITE_APART(...) \
	{ \
		__VA_ARGS__, true, true \
	}

const struct sql_statement sql_statements[SQL_COUNT] = {
    [SQL_BEGIN] = WRITE("BEGIN IMMEDIATE"),
    [SQL_COMMIT] = WRITE("COMMIT"),
    [SQL_ROLLBACK] = WRITE("ROLLBACK"),
    [SQL_SYNC_FULL] = WRITE_APART("PRAGMA synchronous = FULL"),
    [SQL_SYNC_NORMAL] = WRITE_APART("PRAGMA synchronous = NORMAL"),
    [SQL_DATA_VERSION] = READ("PRAGMA data_version"),

    [SQL_FEED_ADD] = WRITE("INSERT INTO feeds(key, url, configured, configured_title, added_at) VALUES(?, ?, 1, ?, ?)"),
    /* another address: nothing that was learnt about the old one holds */
    [SQL_FEED_SET_URL] = WRITE(
	"UPDATE feeds SET url = ?, etag = NULL, last_modified = NULL, body_hash = NULL, interval_ms = 0,"
	" failures = 0, weight = 0, failing_since_at = NULL, next_due_at = NULL, next_why = NULL, error = NULL,"
	" error_text = NULL, error_since_at = NULL, error_at = NULL, error_count = 0, http_status = 0, adopted_url = NULL,"
	" moved_url = NULL, moved_count = 0, moved_since_at = NULL, full_at = NULL, gone_at = NULL, told_failing_at ="
	" NULL, wait_ms = -1, skip_hours = 0, skip_days = 0, items_per_week = -1 WHERE id = ?"),
    [SQL_FEED_SET_TITLE] = WRITE("UPDATE feeds SET configured_title = ?1 WHERE id = ?2 AND configured_title IS NOT ?1"),
    [SQL_FEED_CONFIGURE] = WRITE("UPDATE feeds SET configured = ? WHERE id = ?"),
    [SQL_FEED_STATE] = WRITE_APART("SELECT key, error, title, site, item_count, last_new_at FROM feeds WHERE id = ?"),
    [SQL_FEED_ID] = READ("SELECT id FROM feeds WHERE key = ?"),
    [SQL_FEEDS_CONFIGURED] = READ("SELECT " FEED_COLUMNS " WHERE configured = 1 ORDER BY key"),
    [SQL_FEEDS_ALL] = READ("SELECT " FEED_COLUMNS " ORDER BY key"),
    [SQL_FEED_GOOD] =
	WRITE_APART("UPDATE feeds SET last_attempt_at = ?2, last_success_at = ?2, last_new_at = iif(?3, ?2, last_new_at),"
	      " item_count = item_count + ?3, poll_count = poll_count + 1, http_status = ?4, title = coalesce(?5,"
	      " title), site = coalesce(?6, site), interval_ms = ?7, failures = ?8, weight = ?9, failing_since_at ="
	      " ?10, next_due_at = ?11, next_why = ?12, error = NULL, error_text = NULL, error_since_at = NULL,"
	      " error_at = NULL, error_count = 0 WHERE id = ?1"),
    [SQL_FEED_BAD] =
	WRITE_APART("UPDATE feeds SET last_attempt_at = ?2, last_new_at = iif(?3, ?2, last_new_at), item_count = item_count"
	      " + ?3, poll_count = poll_count + 1, http_status = ?4, title = coalesce(?5, title), site = coalesce(?6,"
	      " site), interval_ms = ?7, failures = ?8, weight = ?9, failing_since_at = ?10, next_due_at = ?11,"
	      " next_why = ?12, error = ?13, error_text = ?14, error_since_at = coalesce(error_since_at, ?2), error_at"
	      " = ?2, error_count = error_count + 1 WHERE id = ?1"),
    [SQL_FEED_VALIDATORS] = WRITE_APART("UPDATE feeds SET etag = ?, last_modified = ?, body_hash = ? WHERE id = ?"),
    [SQL_FEED_COURSE] =
	WRITE_APART("UPDATE feeds SET adopted_url = ?2, moved_url = ?3, moved_count = ?4, moved_since_at = ?5, full_at = ?6,"
	      " gone_at = ?7, gap_at = ?8, gap_count = ?9, told_failing_at = ?10, wait_ms = ?11, skip_hours = ?12,"
	      " skip_days = ?13, items_per_week = ?14 WHERE id = ?1"),
    [SQL_FEED_TOLD_FAILING] = WRITE("UPDATE feeds SET told_failing_at = ?2 WHERE id = ?1"),
    [SQL_HOLD_SET] =
	WRITE_APART("INSERT INTO holds(host, until_at, why) VALUES(?1, ?2, ?3) ON CONFLICT(host) DO UPDATE SET until_at = ?2,"
	      " why = ?3 WHERE until_at < ?2"),
    [SQL_HOLDS_EXPIRE] = WRITE("DELETE FROM holds WHERE until_at <= ? OR until_at > ?"),
    [SQL_HOLDS] = READ("SELECT host, until_at, why FROM holds WHERE until_at > ? ORDER BY host"),
    [SQL_EVENT_ADD] = WRITE_APART("INSERT INTO events(feed_id, at, kind, text) VALUES(?, ?, ?, ?)"),
    [SQL_EVENTS] =
	READ("SELECT e.id, f.key, e.at, e.kind, e.text FROM events AS e LEFT JOIN feeds AS f ON f.id = e.feed_id WHERE"
	     " e.id > ? ORDER BY e.id LIMIT ?"),

    [SQL_EVENTS_OF_KIND] = /* among the last: there is no index by kind */
	READ("SELECT e.id, NULL, e.at, e.kind, e.text FROM (SELECT id, at, kind, text FROM events ORDER BY id DESC LIMIT"
	     " 100000) AS e WHERE e.kind = ? AND e.at > ? ORDER BY e.id DESC LIMIT ?"),

    [SQL_FEED_GUARD] =
	WRITE_APART("SELECT link_keys, churn_polls, usual_new, last_success_at, interval_ms, ids_repeated_at, window_cut_at,"
	      " suspect_at, item_count FROM feeds WHERE id = ?"),
    [SQL_FEED_GUARD_SET] =
	WRITE_APART("UPDATE feeds SET link_keys = ?, churn_polls = ?, usual_new = ?, ids_repeated_at = ?, window_cut_at = ?,"
	      " suspect_at = ? WHERE id = ?"),
    [SQL_SIGHTING_OF_PAGE] =
	/* not ORDER BY item_id DESC LIMIT 1: that sets up a sorter, also where there is nothing to sort */
	WRITE("SELECT key, max(item_id) FROM sightings INDEXED BY sightings_page WHERE feed_id = ? AND page = ?"
	      " HAVING count(*) > 0"),
    [SQL_SIGHTING_SEEN] = WRITE("UPDATE sightings SET seen_at = ? WHERE feed_id = ? AND key = ?"),
    [SQL_SIGHTINGS] =
	READ("SELECT f.key, coalesce(f.configured_title, f.title), coalesce(s.link, iif(i.feed_id = s.feed_id, i.link, NULL)),"
	     " coalesce(s.first_at, s.seen_at) FROM sightings AS s JOIN feeds AS f ON f.id = s.feed_id JOIN items AS i ON i.id ="
	     " s.item_id WHERE s.item_id = ? ORDER BY 4, f.key"),
    [SQL_REVISION_ADD] =
	WRITE("INSERT INTO revisions(item_id, at, title, link, summary, content, bytes) SELECT id, ?2, title, link,"
	      " summary, content, " REVISION_BYTES " FROM items WHERE id = ?1"),
    [SQL_REVISION_TRIM] =
	WRITE("DELETE FROM revisions WHERE id = (SELECT id FROM revisions WHERE item_id = ?1 ORDER BY id LIMIT 1 OFFSET"
	      " 1) AND (SELECT count(*) FROM revisions WHERE item_id = ?1) > ?2"),
    [SQL_REVISIONS] =
	READ("SELECT id, at, title, link, summary, content FROM revisions WHERE item_id = ? ORDER BY id"),
    [SQL_ITEM_HAS_WATCH] =
	WRITE("SELECT 1 FROM item_watches AS iw JOIN watches AS w ON w.id = iw.watch_id WHERE iw.item_id = ? AND w.key ="
	      " ?"),
    [SQL_OUTBOX_HOLD] =
	WRITE("UPDATE outbox SET state = 4, next_try_at = ?3, reason = ?4 WHERE item_id BETWEEN ?1 AND ?2 AND state IN"
	      " (0, 4) AND attempts = 0"),
    [SQL_COUNT_ITEMS] = READ("SELECT count(*) FROM items INDEXED BY items_kind WHERE matched = ?"),
    [SQL_ITEMS_TO_PURGE] =
	WRITE("SELECT i.id, i.bytes FROM items AS i INDEXED BY items_kind WHERE i.matched = ? AND i.first_seen_at < ? AND NOT"
	      " EXISTS(SELECT 1 FROM outbox AS o WHERE o.item_id = i.id AND o.state IN (0, 1, 4)) AND NOT"
	      " EXISTS(SELECT 1 FROM outbox_items AS x JOIN outbox AS o ON o.row = x.row WHERE x.item_id = i.id AND o.state"
	      " IN (0, 1, 4)) ORDER BY"
	      " i.first_seen_at LIMIT ?"),
    [SQL_ITEM_PURGE] = WRITE("DELETE FROM items WHERE id = ?"),
    [SQL_SIGHTINGS_ORPHAN] = WRITE("UPDATE sightings SET item_id = NULL WHERE item_id = ?"),
    [SQL_REVISIONS_REMOVE] = WRITE("DELETE FROM revisions WHERE item_id = ?"),
    [SQL_ARTICLE_REMOVE] = WRITE("DELETE FROM articles WHERE item_id = ?"),
    [SQL_OUTBOX_PART] =
	WRITE("DELETE FROM outbox_items WHERE item_id = ?1 OR row IN (SELECT row FROM outbox WHERE item_id = ?1)"),
    [SQL_OUTBOX_FORGET_ITEM] = WRITE("DELETE FROM outbox WHERE item_id = ?"),
    [SQL_STORY_ITEM_REMOVE] = WRITE("DELETE FROM story_items WHERE item_id = ?"),
    [SQL_STORY_SHRINK] = WRITE("UPDATE stories SET item_count = item_count - 1 WHERE id = ?"),
    [SQL_STORY_REMOVE_EMPTY] =
	WRITE("DELETE FROM stories WHERE id = ?1 AND NOT EXISTS(SELECT 1 FROM story_items WHERE story_id = ?1)"),
    [SQL_STORY_HEADLINE_AGAIN] =
	WRITE("UPDATE stories SET headline_id = (SELECT item_id FROM story_items WHERE story_id = ?1 ORDER BY weight"
	      " DESC, item_id LIMIT 1) WHERE id = ?1 AND NOT EXISTS(SELECT 1 FROM story_items WHERE item_id ="
	      " headline_id AND story_id = ?1)"),
    [SQL_REVISIONS_PURGE] =
	WRITE("DELETE FROM revisions WHERE id IN (SELECT id FROM revisions INDEXED BY revisions_at WHERE at < ? ORDER"
	      " BY at LIMIT ?)"),
    [SQL_REVISIONS_PURGE_EXCESS] =
	WRITE("DELETE FROM revisions WHERE id IN (SELECT id FROM revisions ORDER BY id LIMIT min(?2, max(0, (SELECT"
	      " count(*) FROM revisions) - ?1)))"),
    /* both in the order of an index that holds all they ask for */
    [SQL_ITEM_SIZES] =
	READ("SELECT first_seen_at, bytes, id FROM items INDEXED BY items_kind WHERE matched = ?4 AND (first_seen_at,"
	     " bytes, id) > (?1, ?2, ?3) ORDER BY first_seen_at, bytes, id LIMIT ?5"),
    [SQL_REVISION_SIZES] =
	READ("SELECT at, bytes, id FROM revisions INDEXED BY revisions_at WHERE (at, bytes, id) > (?1, ?2, ?3) ORDER BY"
	     " at, bytes, id LIMIT ?5"),
    [SQL_REVISIONS_OLDEST] = WRITE("SELECT id, bytes FROM revisions INDEXED BY revisions_at ORDER BY at, bytes, id LIMIT ?"),
    [SQL_REVISION_REMOVE] = WRITE("DELETE FROM revisions WHERE id = ?"),
    [SQL_TOMBSTONES_PURGE] =
	WRITE("DELETE FROM sightings WHERE (feed_id, key) IN (SELECT feed_id, key FROM sightings INDEXED BY"
	      " sightings_gone WHERE item_id IS NULL AND seen_at < ? ORDER BY seen_at LIMIT ?)"),
    [SQL_SIGNATURES_PURGE] =
	WRITE("UPDATE story_items SET signature = NULL WHERE item_id IN (SELECT si.item_id FROM story_items AS si"
	      " INDEXED BY story_items_signed WHERE si.signature IS NOT NULL AND si.item_id < (" FIRST_SEEN_FROM ") ORDER BY"
	      " si.item_id LIMIT ?)"),
    [SQL_SIGHTING_FIND] = WRITE_APART("SELECT item_id, content, seen_at FROM sightings WHERE feed_id = ? AND key = ?"),
    [SQL_SIGHTING_OF_ITEM] = WRITE("SELECT key, seen_at FROM sightings WHERE item_id = ? AND feed_id = ?"),
    [SQL_SIGHTING_RENAME] =
	WRITE("UPDATE sightings SET key = ?, content = ?, seen_at = ?, page = ? WHERE feed_id = ? AND key = ?"),
    [SQL_SIGHTING_CONTENT] = WRITE("UPDATE sightings SET content = ?, seen_at = ?, page = ? WHERE feed_id = ? AND key = ?"),
    [SQL_ITEM_BY_ALIAS] = WRITE_APART("SELECT id FROM items WHERE alias = ? ORDER BY id LIMIT 1"),
    [SQL_ITEM_LAST] = WRITE_APART("SELECT max(seq) FROM sqlite_sequence WHERE name = 'items'"),
    /* the link that its own feed had it under is no longer that of the item: ?2 will be */
    [SQL_SIGHTING_KEEP_LINK] =
	WRITE("UPDATE sightings INDEXED BY sightings_item SET link = i.link FROM items AS i WHERE i.id = ?1 AND i.link IS NOT"
	      " ?2 AND sightings.item_id = ?1 AND sightings.feed_id = i.feed_id AND sightings.link IS NULL"),
    [SQL_ITEM_REWRITE] =
	WRITE("UPDATE items SET matched = ?2, severity = max(severity, ?3), changed_at = ?4, published_at = ?5,"
	      " updated_at = ?6, watchlist = ?7, alias = ?8, guid = ?9, link = ?10, title = ?11, language = ?12,"
	      " authors = ?13, categories = ?14, summary = ?15, content = ?16, summary_html = ?17, content_html = ?18,"
	      " bytes = ?19 + " PAGE_BYTES("?1") " WHERE id = ?1"),
    [SQL_ITEM_ORIGIN] = WRITE("SELECT feed_id FROM items WHERE id = ?"),
    /* the words of the page stand behind those of the content, which are left out where they repeat the summary */
    [SQL_ITEM_WORDS] =
	WRITE("SELECT " ITEM_WORDS " FROM " WORDED_ITEMS " WHERE i.id = ?"),
    [SQL_REWORDED_ADD] = WRITE("INSERT INTO reworded(item_id, words) VALUES(?, ?)"),
    [SQL_REWORDED_TRIM] = WRITE("DELETE FROM reworded WHERE id <= ?"),
    [SQL_ENTITY_FIND] = READ_APART("SELECT id, kind, label FROM entities WHERE key = ?"),
    [SQL_ENTITY_ADD] = WRITE_APART("INSERT INTO entities(key, kind, label) VALUES(?, ?, ?)"),
    [SQL_ENTITY_RELABEL] = WRITE_APART("UPDATE entities SET kind = ?, label = ? WHERE id = ?"),
    [SQL_MATCHES_REMOVE] = WRITE("DELETE FROM matches WHERE item_id = ?"),
    [SQL_WATCH_FIND] = READ_APART("SELECT id FROM watches WHERE key = ?"),
    [SQL_WATCH_ADD] = WRITE_APART("INSERT INTO watches(key) VALUES(?)"),
    [SQL_ITEM_WATCHES_REMOVE] = WRITE("DELETE FROM item_watches WHERE item_id = ?"),

    [SQL_STORY] = READ("SELECT " STORY_COLUMNS " WHERE s.id = ?"),
    [SQL_STORIES] =
	READ("SELECT " STORY_COLUMNS " WHERE s.last_at >= ?1 AND s.first_at < ?2 AND s.source_count >= ?3 AND (?4 = 0 OR"
	     " EXISTS(SELECT 1 FROM story_items AS a JOIN matches AS m ON m.item_id = a.item_id AND m.entity_id = ?4"
	     " WHERE a.story_id = s.id)) AND (?5 = 0 OR EXISTS(SELECT 1 FROM story_items AS a JOIN matches AS m ON"
	     " m.item_id = a.item_id AND m.entity_id = ?5 WHERE a.story_id = s.id)) AND (?6 = 0 OR EXISTS(SELECT 1 FROM"
	     " story_items AS a JOIN item_watches AS w ON w.item_id = a.item_id AND w.watch_id = ?6 WHERE a.story_id ="
	     " s.id)) AND (?7 = 0 OR EXISTS(SELECT 1 FROM story_sources AS f WHERE f.story_id = s.id AND f.feed_id ="
	     " ?7)) ORDER BY s.last_at DESC, s.id DESC LIMIT ?8"),
    [SQL_STORY_ENTITIES] =
	READ("SELECT e.kind, e.key, e.label, count(*) AS n FROM story_items AS si JOIN matches AS m ON m.item_id ="
	     " si.item_id JOIN entities AS e ON e.id = m.entity_id WHERE si.story_id = ? GROUP BY e.id ORDER BY e.kind ="
	     " 'topic', n DESC, e.key LIMIT 50"),
    [SQL_STORY_SOURCES] =
	READ("SELECT f.key, coalesce(f.configured_title, f.title), s.at, s.item_id FROM story_sources AS s JOIN feeds AS"
	     " f ON f.id = s.feed_id WHERE s.story_id = ? ORDER BY s.nth"),
    [SQL_STORY_ITEMS] = READ("SELECT item_id FROM story_items WHERE story_id = ? ORDER BY item_id LIMIT ?"),
    [SQL_STORY_STAYING] =
	WRITE("SELECT count(*) FROM story_items WHERE story_id = ?1 AND item_id <> ?2 AND duplicate_of IS NOT ?2"),
    [SQL_STORY_MOVE_ITEM] =
	WRITE("UPDATE story_items SET story_id = ?1, pinned = 1, duplicate_of = iif(item_id = ?2, NULL, duplicate_of)"
	      " WHERE item_id = ?2 OR duplicate_of = ?2"),
    [SQL_STORY_COPY_ITEM] =
	WRITE("UPDATE story_items SET story_id = ?1, duplicate_of = ?3 WHERE (item_id = ?2 OR duplicate_of = ?2) AND NOT"
	      " EXISTS(SELECT 1 FROM story_items WHERE item_id = ?2 AND (pinned OR duplicate_of IS NOT NULL))"),
    [SQL_STORY_MOVE_ALL] = WRITE("UPDATE story_items SET story_id = ?1, pinned = 1 WHERE story_id = ?2"),
    [SQL_STORY_SOURCES_REMOVE] = WRITE("DELETE FROM story_sources WHERE story_id = ?"),
    [SQL_STORY_SOURCES_AGAIN] =
	WRITE("INSERT INTO story_sources(story_id, feed_id, item_id, at, nth) SELECT ?1, feed_id, item_id, at,"
	      " row_number() OVER (ORDER BY at, item_id, feed_id) FROM (SELECT s.feed_id, min(si.item_id) AS item_id,"
	      " min(coalesce(s.first_at, s.seen_at)) AS at FROM story_items AS si JOIN sightings AS s ON s.item_id ="
	      " si.item_id WHERE si.story_id = ?1 GROUP BY s.feed_id)"),
    [SQL_STORY_RECOUNT] =
	WRITE("UPDATE stories SET pinned = max(pinned, ?2), item_count = (SELECT count(*) FROM story_items WHERE story_id = ?1),"
	      " source_count = (SELECT count(*) FROM story_sources WHERE story_id = ?1), first_at = (SELECT"
	      " min(i.first_seen_at) FROM story_items AS si JOIN items AS i ON i.id = si.item_id WHERE si.story_id = ?1),"
	      " last_at = (SELECT max(i.first_seen_at) FROM story_items AS si JOIN items AS i ON i.id = si.item_id WHERE"
	      " si.story_id = ?1) WHERE id = ?1"),
    [SQL_STORY_WINDOW] =
	READ("SELECT si.item_id, i.first_seen_at, f.key, s.item_count, si.signature FROM items AS i JOIN"
	     " story_items AS si ON si.item_id = i.id JOIN stories AS s ON s.id = si.story_id JOIN feeds AS f ON f.id ="
	     " i.feed_id WHERE i.id >= (" FIRST_SEEN_FROM ") ORDER BY i.id"),
    [SQL_STORY_SIGNATURE] = READ_APART("SELECT signature FROM story_items WHERE item_id = ?"),
    [SQL_STORY_LAST] = WRITE_APART("SELECT max(seq) FROM sqlite_sequence WHERE name = 'stories'"),
    [SQL_STORY_ADD] =
	WRITE("INSERT INTO stories(first_at, last_at, headline_id, source_count, item_count) VALUES(?1, ?1, ?2, 1, 1)"),
    [SQL_STORY_GROW] =
	WRITE("UPDATE stories SET last_at = max(last_at, ?2), item_count = item_count + 1 WHERE id = ?1"),
    [SQL_STORY_HEADLINE] =
	WRITE("UPDATE stories SET headline_id = ?2 WHERE id = ?1 AND headline_id <> ?2 AND (SELECT weight FROM"
	      " story_items WHERE item_id = ?2) > coalesce((SELECT weight FROM story_items WHERE item_id ="
	      " headline_id), -1)"),
    [SQL_STORY_SOURCE_ADD] =
	WRITE("INSERT INTO story_sources(story_id, feed_id, item_id, at, nth) SELECT id, ?2, ?3, ?4, source_count + 1"
	      " FROM stories WHERE id = ?1 ON CONFLICT DO NOTHING"),
    [SQL_STORY_SOURCE_COUNTED] = WRITE("UPDATE stories SET source_count = source_count + 1 WHERE id = ?"),
    [SQL_STORY_SOURCE_NTH] = READ("SELECT nth FROM story_sources WHERE story_id = ? AND feed_id = ?"),
    [SQL_STORY_ITEM_WEIGH] = WRITE("UPDATE story_items SET weight = weight + ? WHERE item_id = ?"),
    [SQL_STORY_OF_ITEM] = READ("SELECT story_id, duplicate_of FROM story_items WHERE item_id = ?"),
    [SQL_STORY_TOLD] =
	READ("WITH copies(id) AS (SELECT ?1 UNION SELECT item_id FROM story_items WHERE duplicate_of = ?1), told(id) AS"
	     " (SELECT c.id FROM copies AS c JOIN outbox AS o ON o.item_id = c.id AND o.sink = ?2 UNION ALL SELECT c.id FROM"
	     " copies AS c JOIN outbox_items AS x ON x.item_id = c.id JOIN outbox AS o ON o.row = x.row AND o.sink = ?2)"
	     " SELECT 1 FROM told JOIN item_watches AS iw ON iw.item_id = told.id JOIN watches AS w ON w.id = iw.watch_id"
	     " AND w.key = ?3 LIMIT 1"),

    [SQL_ARTICLE_WANT] = WRITE_APART("INSERT OR IGNORE INTO articles(item_id, state) VALUES(?, 0)"),
    [SQL_ARTICLES_WANTED] =
	WRITE("SELECT a.item_id, f.key, i.link FROM articles AS a INDEXED BY articles_wanted JOIN items AS i ON i.id ="
	      " a.item_id JOIN feeds AS f ON f.id = i.feed_id WHERE a.state = 0 AND a.item_id > ? ORDER BY a.item_id"
	      " LIMIT ?"),
    [SQL_ARTICLE_ASK] = WRITE("UPDATE articles SET state = 1, asked_at = ? WHERE item_id = ? AND state = 0"),
    [SQL_ARTICLE_END] =
	WRITE("UPDATE articles SET state = 2, ended_at = ?, http_status = ?, error = ?, error_text = ?, url = ?,"
	      " canonical = ?, text = ? WHERE item_id = ? AND state < 2"),
    [SQL_ITEM_ADD_PAGE_BYTES] = WRITE("UPDATE items SET bytes = bytes + " PAGE_BYTES("?1") " WHERE id = ?1"),
    [SQL_PAGE_SET] = WRITE("UPDATE articles SET page = ? WHERE item_id = ?"),
    [SQL_PAGE_ITEM] = WRITE("SELECT feed_id, title FROM items WHERE id = ?"),
    /* the newest ones; an alias begins with the mark of its link */
    [SQL_PAGE_ITEMS] =
	WRITE_APART("SELECT i.id, i.feed_id, i.title, (SELECT s.content FROM sightings AS s WHERE s.item_id = i.id AND s.feed_id ="
	      " i.feed_id LIMIT 1), x.fetched FROM (SELECT a.item_id AS id, 1 AS fetched FROM articles AS a INDEXED BY"
	      " articles_page WHERE a.page = ?1 UNION ALL SELECT b.id, 0 FROM items AS b INDEXED BY items_alias WHERE b.alias"
	      " BETWEEN ?2 AND ?3 LIMIT ?4) AS x CROSS JOIN items AS i ON i.id = x.id"),
    [SQL_ARTICLES_RECOVER] =
	WRITE("UPDATE articles SET state = 2, ended_at = ?, error = 'cancelled', error_text = 'the daemon ended while"
	      " the page was asked for' WHERE state = 1"),
    [SQL_ARTICLE_ITEM] =
	WRITE("SELECT f.key, s.key FROM items AS i JOIN feeds AS f ON f.id = i.feed_id JOIN sightings AS s ON s.item_id"
	      " = i.id AND s.feed_id = i.feed_id WHERE i.id = ? LIMIT 1"),
    [SQL_ARTICLE_MATCHES] =
	WRITE("SELECT entity_id, mentions FROM matches WHERE item_id = ? AND instr(mentions, 'article' || char(9)) > 0"),
    [SQL_ITEM_MATCHED] = WRITE("UPDATE items SET matched = matched OR ?2, severity = max(severity, ?3), watchlist = ?4"
			       " WHERE id = ?1"),
    [SQL_ITEM_BELOW] = READ("SELECT id, first_seen_at FROM items WHERE id < ? ORDER BY id DESC LIMIT 1"),
    [SQL_ITEMS_STALE] =
	READ("SELECT id FROM items WHERE id <= ?1 AND id > ?2 AND watchlist IS NOT ?3 ORDER BY id DESC LIMIT ?4"),
    [SQL_ITEM_REMATCHED] = WRITE("UPDATE items SET matched = ?2, severity = ?3, watchlist = ?4 WHERE id = ?1"),
    [SQL_MATCH_APPEND] =
	WRITE("INSERT INTO matches(item_id, entity_id, mentions) VALUES(?, ?, ?) ON CONFLICT(item_id, entity_id) DO"
	      " UPDATE SET mentions = mentions || excluded.mentions"),

    [SQL_SUBSCRIPTIONS] =
	READ("SELECT s.feed_id, f.key, s.hub, s.topic, s.token, s.secret, s.state, s.trusted, s.failures,"
	     " s.lease_until_at, s.next_at, s.error_text, s.allow_private, s.user_agent, s.ca_file, s.proxy,"
	     " s.proxy_user, s.proxy_secret_file FROM subscriptions AS s JOIN feeds AS f ON f.id = s.feed_id"
	     " ORDER BY s.feed_id"),
    [SQL_SUBSCRIPTION_PUT] =
	WRITE("INSERT OR REPLACE INTO subscriptions(feed_id, hub, topic, token, secret, state, trusted, failures,"
	      " lease_until_at, next_at, error_text, allow_private, user_agent, ca_file, proxy, proxy_user,"
	      " proxy_secret_file) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    [SQL_SUBSCRIPTION_DROP] = WRITE("DELETE FROM subscriptions WHERE feed_id = ?"),

    [SQL_PUSHES] =
	READ("SELECT p.id, f.key, p.content_type, p.body FROM pushes AS p JOIN feeds AS f ON f.id = p.feed_id ORDER BY p.id"),
    [SQL_PUSH_ADD] = WRITE("INSERT INTO pushes(feed_id, content_type, body) VALUES(?, ?, ?)"),
    [SQL_PUSH_DROP] = WRITE_APART("DELETE FROM pushes WHERE id = ?"),

    [SQL_OUTBOX_ITEM_OF_ID] = WRITE("SELECT item_id FROM outbox WHERE id = ?"),
    /* an item that no story has yet stands alone */
    [SQL_STORY_FACTS] =
	WRITE("SELECT coalesce(si.story_id, i.id), coalesce(s.source_count, (SELECT count(DISTINCT x.feed_id) FROM"
	      " sightings AS x WHERE x.item_id = i.id)), coalesce(s.first_at, i.first_seen_at) FROM items AS i LEFT JOIN"
	      " story_items AS si ON si.item_id = i.id LEFT JOIN stories AS s ON s.id = si.story_id WHERE i.id = ?"),
    [SQL_STORY_WATCHES] =
	WRITE("SELECT DISTINCT w.key FROM (SELECT ?1 AS item_id UNION SELECT b.item_id FROM story_items AS a JOIN"
	      " story_items AS b ON b.story_id = a.story_id WHERE a.item_id = ?1) AS m JOIN item_watches AS iw ON"
	      " iw.item_id = m.item_id JOIN watches AS w ON w.id = iw.watch_id"),
    [SQL_OUTBOX_TOLD] =
	WRITE("SELECT 1 FROM outbox WHERE item_id = ?1 AND sink = ?2 UNION ALL SELECT 1 FROM outbox_items AS x JOIN outbox"
	      " AS o ON o.row = x.row WHERE x.item_id = ?1 AND o.sink = ?2 LIMIT 1"),
    [SQL_OUTBOX_THREAD] =
	WRITE("SELECT row, id, thread, state, attempts, iif(state = 2, updated_at, next_try_at), kind FROM outbox INDEXED"
	      " BY outbox_group WHERE sink = ? AND group_key = ? ORDER BY row DESC LIMIT 1"),
    [SQL_OUTBOX_ADD] =
	WRITE("INSERT INTO outbox(id, kind, item_id, sink, route, group_key, watches, severity, state, next_try_at,"
	      " created_at, updated_at, since_at, reason, previous, thread, alarm, subject, title, text)"
	      " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"),
    [SQL_OUTBOX_JOIN] = WRITE("INSERT OR IGNORE INTO outbox_items(row, item_id) VALUES(?, ?)"),
    [SQL_OUTBOX_JOINED] = WRITE("UPDATE outbox SET severity = max(severity, ?2), updated_at = ?3, kind = iif(kind = 0, 1,"
	      " kind) WHERE row = ?1"),
    [SQL_OUTBOX_RETELL] = WRITE("UPDATE outbox SET severity = ?2, updated_at = ?3, title = ?4, text = ?5, alarm = ?6 WHERE row = ?1"),
    [SQL_META_GET] = READ("SELECT value FROM meta WHERE key = ?"),
    [SQL_META_SET] = WRITE("INSERT INTO meta(key, value) VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2"),
    [SQL_ALARMS] = READ("SELECT subject, since_at FROM alarms WHERE alarm = ? ORDER BY subject"),
    [SQL_ALARM_BEGIN] =
	WRITE("INSERT INTO alarms(alarm, subject, since_at) VALUES(?, ?, ?) ON CONFLICT DO NOTHING"),
    [SQL_ALARM_END] = WRITE("DELETE FROM alarms WHERE alarm = ? AND subject = ?"),
    [SQL_TIMES_OF_FEED] =
	READ("SELECT first_at FROM sightings WHERE feed_id = ? AND item_id IS NOT NULL ORDER BY item_id DESC LIMIT ?"),
    [SQL_TIMES_OF_WATCH] =
	READ("SELECT i.first_seen_at FROM item_watches AS w JOIN items AS i ON i.id = w.item_id WHERE w.watch_id ="
	     " (SELECT id FROM watches WHERE key = ?) ORDER BY w.item_id DESC LIMIT ?"),
    [SQL_MENTIONED] =
	READ("SELECT e.id, e.key, e.label, count(DISTINCT i.feed_id) AS n FROM items AS i JOIN matches AS m ON"
	     " m.item_id = i.id JOIN entities AS e ON e.id = m.entity_id LEFT JOIN story_items AS s ON s.item_id = i.id"
	     " WHERE i.first_seen_at >= ?1 AND i.first_seen_at < ?2 AND s.duplicate_of IS NULL AND e.kind <> 'watch'"
	     " GROUP BY e.id HAVING n >= ?3 ORDER BY e.id"),
    [SQL_MENTIONS_PAST] =
	READ("SELECT (i.first_seen_at - ?2) / ?4, count(DISTINCT i.feed_id) FROM matches AS m JOIN items AS i ON"
	     " i.id = m.item_id LEFT JOIN story_items AS s ON s.item_id = i.id WHERE m.entity_id = ?1 AND"
	     " i.first_seen_at >= ?2 AND i.first_seen_at < ?3 AND s.duplicate_of IS NULL GROUP BY 1"),
    [SQL_OLDEST_ITEM] = READ("SELECT min(first_seen_at) FROM items"),
    [SQL_OUTBOX_WATCHES] = WRITE("SELECT watches FROM outbox WHERE row = ?"),
    [SQL_OUTBOX_SET_WATCHES] = WRITE("UPDATE outbox SET watches = ? WHERE row = ?"),
    [SQL_OUTBOX_DUE] =
	WRITE("SELECT " OUTBOX_TAKEN " FROM outbox INDEXED BY outbox_due WHERE state IN (0, 4)"
	      " AND next_try_at <= ? ORDER BY next_try_at, row LIMIT ?"),
    [SQL_OUTBOX_DUE_OF_SINK] =
	WRITE("SELECT " OUTBOX_TAKEN " FROM outbox INDEXED BY outbox_due_of_sink WHERE state IN (0, 4) AND sink = ?"
	      " AND next_try_at <= ? AND next_try_at > ? ORDER BY next_try_at, row LIMIT ?"),
    [SQL_OUTBOX_DUE_OF_SINK_NEWEST] =
	WRITE("SELECT " OUTBOX_TAKEN " FROM outbox INDEXED BY outbox_due_of_sink WHERE state IN (0, 4) AND sink = ?"
	      " AND next_try_at <= ? AND next_try_at > ? ORDER BY next_try_at DESC, row DESC LIMIT ?"),
    [SQL_OUTBOX_TAKE] = WRITE("UPDATE outbox SET state = 1, attempts = attempts + 1, updated_at = ? WHERE row = ?"),
    [SQL_OUTBOX_ITEMS] =
	WRITE("SELECT item_id FROM outbox_items WHERE row = ? ORDER BY item_id DESC LIMIT ?"),
    [SQL_OUTBOX_ITEM_COUNT] =
	WRITE("SELECT count(*), count(DISTINCT i.feed_id), min(i.first_seen_at) FROM (SELECT item_id FROM outbox WHERE row"
	      " = ?1 AND item_id IS NOT NULL UNION SELECT item_id FROM outbox_items WHERE row = ?1) AS x JOIN items AS i ON"
	      " i.id = x.item_id"),
    [SQL_OUTBOX_DONE] =
	WRITE("UPDATE outbox SET state = 2, updated_at = ?1, error = NULL WHERE row = ?2 AND state <> 2"),
    [SQL_OUTBOX_RETRY] = WRITE(
	"UPDATE outbox SET state = 0, updated_at = ?1, next_try_at = ?3, error = ?4 WHERE row = ?2 AND state <> 2"),
    [SQL_OUTBOX_DEAD] = WRITE("UPDATE outbox SET state = 3, updated_at = ?1, error = ?3 WHERE row = ?2 AND state <> 2"),
    [SQL_OUTBOX_RECOVER] = WRITE("UPDATE outbox SET state = 0 WHERE state = 1"),
    [SQL_OUTBOX_HASTEN] =
	WRITE("UPDATE outbox INDEXED BY outbox_due_of_sink SET next_try_at = ?1 WHERE state IN (0, 4) AND state = 0 AND"
	      " sink = ?2 AND next_try_at > ?1"),
    [SQL_OUTBOX_TURN_BACK] =
	WRITE("UPDATE outbox SET next_try_at = CASE WHEN next_try_at >= ?2 THEN next_try_at WHEN state = 4 AND reason IN"
	      " ('quiet', 'digest') THEN next_try_at - max(next_try_at - ?1 - 1, 0) / 86400000 * 86400000 ELSE next_try_at -"
	      " (updated_at - ?1) END, updated_at = ?1 WHERE state IN (0, 4) AND updated_at > ?1"),
    [SQL_OUTBOX_NEXT] = READ("SELECT min(next_try_at) FROM outbox INDEXED BY outbox_due WHERE state IN (0, 4)"),
    [SQL_OUTBOX_NEXT_OF_SINK] =
	READ("SELECT min(next_try_at) FROM outbox INDEXED BY outbox_due_of_sink WHERE state IN (0, 4) AND sink = ?"),
    [SQL_OUTBOX_COUNTS] = READ("SELECT state, n FROM outbox_counts"),
    [SQL_OUTBOX_MADE_SINCE] =
	READ("SELECT count(*) FROM outbox WHERE row > (SELECT coalesce(max(row), 0) - 10000 FROM outbox) AND sink = ? AND"
	     " created_at > ? AND state <> 5"),
    [SQL_OUTBOX_LIST] = READ("SELECT " OUTBOX_SHOWN " ORDER BY o.row DESC LIMIT ?"),
    [SQL_OUTBOX_LIST_ID] = READ("SELECT " OUTBOX_SHOWN " WHERE o.id = ?"),
    [SQL_OUTBOX_LIST_STATE] =
	READ("SELECT " OUTBOX_SHOWN " WHERE o.state = ?2 AND (?1 IS NULL OR o.sink = ?1) ORDER BY o.row DESC LIMIT ?3"),
    [SQL_OUTBOX_LIST_SINK] = READ("SELECT " OUTBOX_SHOWN " WHERE o.sink = ?1 ORDER BY o.row DESC LIMIT ?2"),
    [SQL_OUTBOX_ACT_RETRY] =
	WRITE("UPDATE outbox SET state = 0, next_try_at = ?1, updated_at = ?1, reason = NULL WHERE state IN (0, 3, 5)"
	      OUTBOX_CHOSEN),
    [SQL_OUTBOX_ACT_DROP] =
	WRITE("UPDATE outbox SET state = 3, updated_at = ?1, error = ?6 WHERE state IN (0, 4)" OUTBOX_CHOSEN),
    [SQL_OUTBOX_ACT_RELEASE] =
	WRITE("UPDATE outbox SET state = 0, next_try_at = ?1, updated_at = ?1, reason = NULL WHERE state = 4"
	      OUTBOX_CHOSEN),
    [SQL_FEEDS_TRUST] = WRITE("UPDATE feeds SET suspect_at = NULL WHERE suspect_at IS NOT NULL AND (?1 IS NULL OR key = ?1)"),
    [SQL_SILENCE_ADD] =
	WRITE("INSERT INTO silences(created_at, ends_at, author, reason, watch, entity, feed, sink, alarm)"
	      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    [SQL_SILENCE_END] = WRITE("UPDATE silences SET ends_at = ?2 WHERE id = ?1 AND ends_at > ?2"),
    [SQL_SILENCES] =
	READ("SELECT id, created_at, ends_at, author, reason, watch, entity, feed, sink, alarm FROM silences WHERE"
	     " ends_at > ? ORDER BY id DESC LIMIT ?"),

    [SQL_RECORD] =
	READ("SELECT i.id, f.key, coalesce(f.configured_title, f.title), i.guid, i.link, i.title, i.summary,"
	     " i.content, i.summary_html, i.content_html, i.language, i.authors, i.categories, i.published_at,"
	     " i.updated_at, i.first_seen_at, i.changed_at, i.severity, (SELECT count(DISTINCT s.feed_id) FROM"
	     " sightings AS s WHERE s.item_id = i.id), si.story_id, si.duplicate_of, si.nth, st.source_count,"
	     " st.item_count, st.first_at, st.last_at, (SELECT h.title FROM items AS h WHERE h.id = st.headline_id), a.text,"
	     " a.canonical, i.watchlist FROM items AS i JOIN feeds AS f ON f.id = i.feed_id LEFT JOIN story_items AS si ON si.item_id = i.id LEFT JOIN"
	     " stories AS st ON st.id = si.story_id LEFT JOIN articles AS a ON a.item_id = i.id WHERE i.id = ?"),
    [SQL_RECORD_MATCHES] =
	READ("SELECT e.kind, e.key, e.label, m.mentions FROM matches AS m JOIN entities AS e ON e.id = m.entity_id"
	     " WHERE m.item_id = ? ORDER BY e.kind = 'topic', m.entity_id"),
    [SQL_RECORD_WATCHES] =
	READ("SELECT w.key FROM item_watches AS iw JOIN watches AS w ON w.id = iw.watch_id WHERE iw.item_id = ? ORDER"
	     " BY w.key"),
    [SQL_ID_SPAN] = READ("SELECT min(id), max(id) FROM items WHERE first_seen_at >= ? AND first_seen_at <= ?"),
    [SQL_ENTITY_MATCHES_UP_TO] = READ("SELECT count(*) FROM (SELECT 1 FROM matches WHERE entity_id = ? LIMIT ?)"),
    [SQL_TOTALS] =
	READ("SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM items WHERE matched), (SELECT count(*) FROM"
	     " feeds WHERE configured = 1), (SELECT count(*) FROM feeds WHERE configured = 1 AND error IS NOT NULL),"
	     " (SELECT coalesce(sum(poll_count), 0) FROM feeds), (SELECT page_count * page_size FROM"
	     " pragma_page_count, pragma_page_size), (SELECT min(first_seen_at) FROM items), (SELECT"
	     " max(first_seen_at) FROM items), (SELECT count(*) FROM feeds WHERE configured = 1 AND gone_at IS NOT NULL),"
	     " (SELECT coalesce(sum(gap_count), 0) FROM feeds)"),
};

/* ---- many rows at a time ---- */

#define FOUR_TIMES(values) values ", " values ", " values ", " values
#define ROWS(values) "(VALUES" FOUR_TIMES(FOUR_TIMES(values)) ", " FOUR_TIMES(FOUR_TIMES(values)) ") LIMIT ?"
_Static_assert(BULK_ROWS == 2 * 4 * 4, "as many as there are in ROWS");

/* OR FAIL: whoever is told of an error rolls all of it back, so SQLite need not be able to undo the statement alone. */
const struct sql_bulk sql_bulk[BULK_COUNT] = {
    [BULK_ITEMS] =
	{"INSERT OR FAIL INTO items(id, feed_id, matched, severity, first_seen_at, published_at, updated_at, watchlist, alias,"
	 " guid, link, title, language, authors, categories, summary, content, summary_html, content_html, bytes) SELECT * FROM "
	 ROWS("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"), 20},
    [BULK_MATCHES] =
	{"INSERT OR FAIL INTO matches(item_id, entity_id, mentions) SELECT * FROM " ROWS("(?, ?, ?)"), 3},
    [BULK_ITEM_WATCHES] = {"INSERT OR IGNORE INTO item_watches(item_id, watch_id) SELECT * FROM " ROWS("(?, ?)"), 2},
    [BULK_SIGHTINGS] =
	{"INSERT OR FAIL INTO sightings(feed_id, key, item_id, content, seen_at, first_at, link, page) SELECT column1,"
	 " column2, column3, column4, column5, column5, column6, column7 FROM " ROWS("(?, ?, ?, ?, ?, ?, ?)"), 7},
    [BULK_STORIES] =
	{"INSERT OR FAIL INTO stories(id, first_at, last_at, headline_id, source_count, item_count) SELECT column1, column2,"
	 " column2, column3, 1, 1 FROM " ROWS("(?, ?, ?)"), 3},
    /* of a new story the first one */
    [BULK_STORY_SOURCES] =
	{"INSERT OR FAIL INTO story_sources(story_id, feed_id, item_id, at, nth) SELECT column1, column2, column3, column4, 1"
	 " FROM " ROWS("(?, ?, ?, ?)"), 4},
    [BULK_STORY_ITEMS] =
	{"INSERT OR FAIL INTO story_items(item_id, story_id, duplicate_of, weight, nth, signature) SELECT * FROM "
	 ROWS("(?, ?, ?, ?, ?, ?)"), 6},
};

/* ---- the full-text index ---- */

#define FTS_OPTIONS "fts5(text, content = '', columnsize = 0, detail = none, tokenize = 'given')"

const char *const sql_index_setup[] = {
    "PRAGMA page_size = 16384",
    "PRAGMA journal_mode = WAL",
    /* FULL: what it has done is forgotten in the database (reworded) */
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -8192",
    "PRAGMA wal_autocheckpoint = 512",
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA trusted_schema = OFF",
    NULL,
};
/* Pieces are merged as they come, by the thread that writes them: it keeps nobody waiting. */
const char sql_index_schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE VIRTUAL TABLE words USING " FTS_OPTIONS ";"
    "INSERT INTO words(words, rank) VALUES('hashsize', 33554432), ('automerge', " TEXT_OF(INDEX_MERGE_LEAST) "),"
    " ('usermerge', " TEXT_OF(INDEX_MERGE_LEAST) "), ('pgsz', 16000);"
    "CREATE TABLE cover(one INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, item INTEGER NOT NULL, edit INTEGER NOT NULL);"
    "INSERT INTO cover VALUES(1, 0, 0, 0);"
    "PRAGMA user_version = " TEXT_OF(INDEX_VERSION) ";"
    "COMMIT";
const char sql_index_api[] = "SELECT fts5(?1)";
const char sql_index_check[] = "INSERT INTO words(words) VALUES('integrity-check')";
const char sql_user_version[] = "PRAGMA user_version";

#define INDEX_COVER_TEXT "SELECT stamp, item, edit FROM cover"
#define INDEX_COVERS_TEXT "UPDATE cover SET stamp = ?, item = ?, edit = ?"

const char *const sql_index[INDEX_SQL_COUNT] = {
    [INDEX_BEGIN] = "BEGIN IMMEDIATE",
    [INDEX_COMMIT] = "COMMIT",
    [INDEX_ROLLBACK] = "ROLLBACK",
    [INDEX_COVER] = INDEX_COVER_TEXT,
    [INDEX_COVERS] = INDEX_COVERS_TEXT,
    [INDEX_ADD] = "INSERT INTO words(rowid, text) VALUES(?, ?)",
    [INDEX_REMOVE] = "INSERT INTO words(words, rowid, text) VALUES('delete', ?, ?)",
    [INDEX_REMOVE_ALL] = "INSERT INTO words(words) VALUES('delete-all')",
    [INDEX_MERGE] = "INSERT INTO words(words, rank) VALUES('merge', ?)",
};

/* words_data and words_idx are the tables that FTS5 keeps `words` in. */
const char *const sql_piece[PIECE_SQL_COUNT] = {
    [PIECE_BEGIN] = "BEGIN IMMEDIATE",
    [PIECE_COMMIT] = "COMMIT",
    [PIECE_ROLLBACK] = "ROLLBACK",
    [PIECE_COVER] = INDEX_COVER_TEXT,
    [PIECE_COVERS] = INDEX_COVERS_TEXT,
    [PIECE_VERSION] = "SELECT v FROM words_config WHERE k = 'version'",
    [PIECE_LIST] = "SELECT block FROM words_data WHERE id = 10",
    [PIECE_PUT_LIST] = "UPDATE words_data SET block = ? WHERE id = 10",
    [PIECE_TOTALS] = "SELECT block FROM words_data WHERE id = 1",
    [PIECE_PUT_TOTALS] = "UPDATE words_data SET block = ? WHERE id = 1",
    [PIECE_LEAF] = "REPLACE INTO words_data(id, block) VALUES(?, ?)",
    [PIECE_SPLIT] = "REPLACE INTO words_idx(segid, term, pgno) VALUES(?, ?, ?)",
};

const char sql_index_attach[] = "ATTACH DATABASE ? AS indexed";
const char sql_index_detach[] = "DETACH DATABASE indexed";
const char sql_index_attached_version[] = "PRAGMA indexed.user_version";
const char sql_index_attached_cover[] = "SELECT stamp, item, edit FROM indexed.cover";

const char sql_source_setup[] = "PRAGMA query_only = ON; PRAGMA cache_size = -2048";
const char *const sql_source[SOURCE_SQL_COUNT] = {
    [SOURCE_BEGIN] = "BEGIN",
    [SOURCE_END] = "COMMIT",
    [SOURCE_STATE] =
	"SELECT (SELECT value FROM meta WHERE key = 'index'), coalesce((SELECT seq FROM sqlite_sequence WHERE name ="
	" 'items'), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'reworded'), 0)",
    [SOURCE_ITEMS] = "SELECT " ITEM_WORDS ", i.id FROM " WORDED_ITEMS " WHERE i.id > ? ORDER BY i.id LIMIT ?",
    [SOURCE_ITEM] = "SELECT " ITEM_WORDS " FROM " WORDED_ITEMS " WHERE i.id = ?",
    [SOURCE_EDITS] =
	"SELECT item_id, min(id), words FROM reworded WHERE id > ? AND id <= ? AND item_id <= ? GROUP BY item_id ORDER BY"
	" item_id",
    [SOURCE_WORDS_AFTER] = "SELECT words FROM reworded WHERE item_id = ? AND id > ? ORDER BY id LIMIT 1",
};

const char sql_read_begin[] = "BEGIN";
const char sql_read_end[] = "COMMIT";
const char sql_tail_setup[] =
    "CREATE TEMP TABLE IF NOT EXISTS tail_items(id INTEGER PRIMARY KEY);"
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.tail USING " FTS_OPTIONS ";"
    "DELETE FROM tail_items;"
    "INSERT INTO tail(tail) VALUES('delete-all')";
const char sql_tail_find[] =
    "INSERT INTO tail_items SELECT id FROM (SELECT id FROM items WHERE id > ?1 ORDER BY id DESC LIMIT ?3) UNION SELECT item_id"
    " FROM reworded WHERE id > ?2 AND item_id <= ?1";
const char sql_tail_items[] =
    "SELECT " ITEM_WORDS ", i.id FROM tail_items AS t CROSS JOIN " WORDED_ITEMS " WHERE i.id = t.id ORDER BY t.id";
const char sql_tail_add[] = "INSERT INTO tail(rowid, text) VALUES(?, ?)";

#define IN_WORDS "EXISTS(SELECT 1 FROM words AS w WHERE w.words MATCH :words AND w.rowid = i.id)"
#define IN_TAIL "EXISTS(SELECT 1 FROM tail AS w WHERE w.tail MATCH :words AND w.rowid = i.id)"

/* `d` drives the search and gives the order; `i` is the item. Each driver calls its column that names the item n. */
const char *const sql_parts[PART_COUNT] = {
    [PART_ITEMS] = "SELECT i.id AS n FROM items AS i WHERE 1",
    [PART_ITEMS_MATCHED] = "SELECT i.id AS n FROM items AS i INDEXED BY items_matched WHERE i.matched",
    [PART_BY_WORDS] =
	"SELECT d.rowid AS n FROM words AS d CROSS JOIN items AS i ON i.id = d.rowid WHERE d.words MATCH :words",
    [PART_BY_TAIL] =
	"SELECT d.rowid AS n FROM tail AS d CROSS JOIN items AS i ON i.id = d.rowid WHERE d.tail MATCH :words",
    [PART_BY_ENTITY] =
	"SELECT d.item_id AS n FROM matches AS d INDEXED BY matches_entity CROSS JOIN items AS i ON i.id ="
	" d.item_id WHERE d.entity_id = :entity",
    [PART_BY_WATCH] =
	"SELECT d.item_id AS n FROM item_watches AS d INDEXED BY item_watches_watch CROSS JOIN items AS i ON"
	" i.id = d.item_id WHERE d.watch_id = :watch",
    [PART_BY_FEED] =
	"SELECT DISTINCT d.item_id AS n FROM sightings AS d INDEXED BY sightings_feed CROSS JOIN items AS i ON"
	" i.id = d.item_id WHERE d.feed_id = :feed",
    [PART_AND_ABOVE] = " AND n > :above",
    [PART_AND_UP_TO] = " AND n <= :up_to",
    [PART_AND_SINCE] = " AND i.first_seen_at >= :since",
    [PART_AND_UNTIL] = " AND i.first_seen_at <= :until",
    [PART_AND_MATCHED] = " AND i.matched",
    [PART_AND_NO_TAIL] = " AND NOT EXISTS(SELECT 1 FROM tail_items AS c WHERE c.id = i.id)",
    [PART_AND_WORDS] = " AND " IN_WORDS,
    [PART_AND_TAIL] = " AND " IN_TAIL,
    [PART_AND_EITHER] = " AND iif(EXISTS(SELECT 1 FROM tail_items AS c WHERE c.id = i.id), " IN_TAIL ", " IN_WORDS ")",
    [PART_AND_ACTOR] = " AND EXISTS(SELECT 1 FROM matches AS a WHERE a.item_id = i.id AND a.entity_id = :actor)",
    [PART_AND_TOPIC] = " AND EXISTS(SELECT 1 FROM matches AS t WHERE t.item_id = i.id AND t.entity_id = :topic)",
    [PART_AND_WATCH] = " AND EXISTS(SELECT 1 FROM item_watches AS x WHERE x.item_id = i.id AND x.watch_id = :watch)",
    [PART_AND_FEED] = " AND EXISTS(SELECT 1 FROM sightings AS s WHERE s.item_id = i.id AND s.feed_id = :feed)",
    [PART_NEWEST_FIRST] = " ORDER BY n DESC LIMIT :limit",
    [PART_OLDEST_FIRST] = " ORDER BY n LIMIT :limit",
};
