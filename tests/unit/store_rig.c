#include "store_rig.h"

#include "base/buf.h"
#include "store/db.h"

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

struct rig rig;

static void
add_name(struct watch_builder *b, const char *id, enum watch_kind kind, const char *name)
{
	struct err err;
	int rc =
	    watch_add(b, str_from(id), kind, STR_LIT("und"), str_from(name), (struct watch_origin){STR_NONE, 0}, &err);
	ck_assert_msg(rc == 0, "%s: %s", name, rc < 0 ? err.msg : "");
}

void
rig_setup(void)
{
	const char *tmp = getenv("TMPDIR");
	struct watch_builder *b = watch_builder_new();

	rig = (struct rig){.s = NULL};
	ck_assert_ptr_nonnull(b);
	add_name(b, "putin", WATCH_PERSON, "Putin");
	add_name(b, "putin", WATCH_PERSON, "Путин");
	add_name(b, "zelenskiy", WATCH_PERSON, "Zelenskiy");
	add_name(b, "grain", WATCH_TOPIC, "grain deal");
	rig.watchlist = watch_compile(b, &rig.err);
	watch_builder_free(b);
	ck_assert_ptr_nonnull(rig.watchlist);
	arena_init(&rig.arena, 0);
	snprintf(rig.dir, sizeof rig.dir, "%.40s/store-XXXXXX", tmp ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(rig.dir));
	snprintf(rig.path, sizeof rig.path, "%s/tidings.db", rig.dir);
}

void
rig_teardown(void)
{
	char path[400];
	struct dirent *e;
	DIR *dir = opendir(rig.dir);

	store_close(rig.s);
	story_window_free(rig.window);
	watchlist_free(rig.watchlist);
	arena_done(&rig.arena);
	while (dir != NULL && (e = readdir(dir)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", rig.dir, e->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(rig.dir);
}

void
rig_open(void)
{
	int rc = store_open(rig.path, STORE_WRITE, &rig.s, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
}

void
rig_reopen(void)
{
	store_close(rig.s);
	rig_open();
}

void
rig_use_window(void)
{
	struct story_window_options options = {.max_items = rig.window_items > 0 ? rig.window_items : 1000,
	    .span_ms = 4 * DAY_MS,
	    .fetch = store_fetch_signature,
	    .ctx = rig.s};
	story_window_free(rig.window);
	rig.window = story_window_new(&options);
	ck_assert_ptr_nonnull(rig.window);
	ck_assert_int_eq(store_use_window(rig.s, rig.window, 0, rig.threaded, &rig.err), 0);
}

int64_t
rig_feed(const char *key)
{
	struct store_feed *feeds;
	size_t count;

	ck_assert_int_eq(store_list_feeds(rig.s, true, &rig.arena, &feeds, &count, &rig.err), 0);
	struct store_feed_key *keys = calloc(count + 1, sizeof *keys);
	ck_assert_ptr_nonnull(keys);
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct store_feed_key){feeds[i].key, feeds[i].url, STR_NONE};
	keys[count] = (struct store_feed_key){
	    str_from(key), arena_printf(&rig.arena, "https://example.org/%s.xml", key), STR_NONE};
	int rc = store_sync_feeds(rig.s, keys, count + 1, 1000, &rig.arena, &feeds, &rig.err);
	free(keys);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
	return feeds[count].id;
}

static const struct store_tell *
tells_of(const char *sinks, size_t *count)
{
	struct str rest = str_from(sinks), sink;
	struct store_tell *tells = arena_zalloc(&rig.arena, 16, sizeof *tells);
	ck_assert_ptr_nonnull(tells);
	*count = 0;
	while (str_split(&rest, ' ', &sink))
		tells[(*count)++] =
		    (struct store_tell){.watch = STR_LIT("talks"), .sink = sink, .severity = 1 + (int)*count % 2};
	return tells;
}

static void
fill(struct store_new_item *out, const struct draft *d, const struct story_identity *identity)
{
	static const struct str watches[] = {STR_LIT("talks")};
	struct feed_item *item = arena_zalloc(&rig.arena, 1, sizeof *item);
	struct watch_result *matches = arena_zalloc(&rig.arena, 1, sizeof *matches);
	struct watch_input in = {.lang = STR_NONE};

	ck_assert(item != NULL && matches != NULL);
	item->id = str_from(d->guid);
	item->link = str_from(d->link);
	item->title = str_from(d->title);
	item->summary_text = str_from(d->text);
	item->published_at = item->updated_at = TIME_NONE;
	in.fields[WATCH_FIELD_TITLE] = item->title;
	in.fields[WATCH_FIELD_SUMMARY] = item->summary_text;
	ck_assert_int_eq(watch_match(rig.watchlist, &in, &rig.arena, matches, &rig.err), 0);
	struct story_text text = {item->title, item->summary_text};
	struct story_features *features = arena_zalloc(&rig.arena, 1, sizeof *features);
	ck_assert_ptr_nonnull(features);
	ck_assert_int_eq(story_features(&text, &rig.arena, features, &rig.err), 0);
	*out = (struct store_new_item){.item = item,
	    .identity = identity,
	    .matches = matches,
	    .features = features,
	    .watches = watches,
	    .watch_count = matches->hit_count > 0};
	out->tells = tells_of(d->sinks, &out->tell_count);
}

void
rig_draft(int64_t feed, int64_t at, const struct draft *drafts, size_t count)
{
	struct story_source sources[32];
	struct story_identity *identities = arena_zalloc(&rig.arena, 32, sizeof *identities);

	ck_assert(count <= 32 && identities != NULL);
	for (size_t i = 0; i < count; i++)
		sources[i] = (struct story_source){.guid = str_from(drafts[i].guid),
		    .link = str_from(drafts[i].link),
		    .title = str_from(drafts[i].title),
		    .text = str_from(drafts[i].text)};
	ck_assert_int_eq(story_identify(sources, count, identities), 0);
	for (size_t i = 0; i < count; i++)
		fill(&rig.items[i], &drafts[i], &identities[i]);
	rig.poll = (struct store_poll){.feed_id = feed,
	    .at = at,
	    .http_status = 200,
	    .complete = true,
	    .title = STR_LIT("Example"),
	    .etag = arena_printf(&rig.arena, "\"%lld\"", (long long)at),
	    .body_hash = {(uint64_t)at, 1},
	    .next_due_at = at + 900000,
	    .next_why = "interval",
	    .items = rig.items,
	    .item_count = count};
}

int
rig_commit(void)
{
	return store_commit_polls(rig.s, &rig.poll, 1, rig.watchlist, &rig.err);
}

int
rig_poll(int64_t feed, int64_t at, const struct draft *drafts, size_t count)
{
	int new_items = 0;
	rig_draft(feed, at, drafts, count);
	int rc = rig_commit();
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
	for (size_t i = 0; i < count; i++)
		new_items += rig.items[i].is_new;
	return new_items;
}

static bool
add_title(void *ctx, const struct record *r)
{
	struct buf *b = ctx;
	if (b->len > 0)
		buf_putc(b, '|');
	return buf_str(b, r->title);
}

struct str
rig_titles(const struct store_query *q)
{
	struct arena a;
	struct buf b;
	arena_init(&a, 0);
	buf_init(&b, 0);
	int rc = store_query(rig.s, q, &a, add_title, &b, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
	struct str titles = arena_str(&rig.arena, buf_view(&b));
	arena_done(&a);
	buf_done(&b);
	return titles;
}

struct str
rig_text(const char *sql)
{
	sqlite3 *db = rig.s != NULL ? rig.s->db : NULL;
	sqlite3_stmt *stmt;

	if (db == NULL)
		ck_assert_int_eq(sqlite3_open_v2(rig.path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	struct str text = arena_cstr(&rig.arena, (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	if (rig.s == NULL)
		sqlite3_close(db);
	return text;
}

int64_t
rig_number(const char *sql)
{
	int64_t n;
	struct str text = rig_text(sql);
	ck_assert_msg(str_int(text, INT64_MIN, INT64_MAX, &n), "%s gives “%s”", sql, text.s ? text.s : "NULL");
	return n;
}

void
rig_check_invariants(void)
{
	static const struct {
		const char *what, *sql;
	} rules[] = {
	    {"every item has a sighting in its own feed",
	        "SELECT count(*) FROM items i WHERE NOT EXISTS(SELECT 1 FROM sightings s WHERE s.item_id = i.id AND "
	        "s.feed_id = i.feed_id)"},
	    {"every sighting has an item",
	        "SELECT count(*) FROM sightings WHERE item_id NOT IN (SELECT id FROM items)"},
	    {"every outbox row has an item",
	        "SELECT count(*) FROM outbox WHERE item_id IS NOT NULL AND item_id NOT IN (SELECT id FROM items)"},
	    {"matched says whether there are matches",
	        "SELECT count(*) FROM items i WHERE matched <> EXISTS(SELECT 1 FROM matches m WHERE m.item_id = i.id)"},
	    {"a feed counts its sightings, those that are forgotten too",
	        "SELECT count(*) FROM feeds f WHERE item_count < (SELECT count(*) FROM sightings s WHERE s.feed_id = "
	        "f.id)"},
	    {"the rows of each state are counted, done ones that are gone too",
	        "SELECT count(*) FROM (SELECT c.state, c.n, (SELECT count(*) FROM outbox AS o WHERE o.state = c.state) "
	        "AS "
	        "rows FROM outbox_counts AS c) WHERE n < rows OR (n > rows AND state <> 2)"},
	    {"an item is told once at a sink", "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE kind = 0 AND item_id "
	                                       "IS NOT NULL GROUP BY item_id, sink "
	                                       "HAVING count(*) > 1)"},
	    {"every text is valid UTF-8",
	        "SELECT count(*) FROM items WHERE title <> CAST(CAST(title AS BLOB) AS TEXT)"},
	    {"an item knows how large it is",
	        "SELECT count(*) FROM items AS i WHERE bytes <> (SELECT total(length(CAST(v AS BLOB))) FROM (SELECT "
	        "guid AS v"
	        " UNION ALL SELECT link UNION ALL SELECT title UNION ALL SELECT authors UNION ALL SELECT categories "
	        "UNION ALL"
	        " SELECT summary UNION ALL SELECT content UNION ALL SELECT summary_html UNION ALL SELECT content_html"
	        " UNION ALL SELECT (SELECT text FROM articles WHERE item_id = i.id)))"},
	    {"nothing points to nothing", "SELECT count(*) FROM pragma_foreign_key_check"},
	};
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		ck_assert_msg(rig_number(rules[i].sql) == 0, "broken: %s", rules[i].what);
	int rc = store_check(rig.s, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
}
