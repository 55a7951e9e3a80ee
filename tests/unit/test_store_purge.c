#include "store_rig.h"

#include "base/clock.h"
#include "store/db.h"

#define NOW (100 * DAY_MS)

static struct store_purged done;

static void
start(void)
{
	rig_setup();
	rig_open();
}

static void
purge(struct store_keep keep)
{
	struct store_purged now = {.items = 1};
	done = (struct store_purged){0};
	if (keep.slice == 0)
		keep.slice = 2;
	for (int i = 0; i < 50 && (now.more || now.items + now.revisions + now.ids + now.signatures > 0); i++) {
		int rc = store_purge(rig.s, &keep, NOW, &now, &rig.err);
		ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
		done.items += now.items;
		done.revisions += now.revisions;
		done.ids += now.ids;
		done.signatures += now.signatures;
	}
	rig_check_invariants();
	ck_assert_int_eq(store_check(rig.s, &rig.err), 0);
}

/* Five items that mention nobody and two that do, one a day, from day 1 on. */
static int64_t
fill(void)
{
	int64_t feed = rig_feed("a");
	for (int i = 1; i <= 7; i++) {
		const char *n = arena_printf(&rig.arena, "%d", i).s;
		const char *link = arena_printf(&rig.arena, "https://a.example/%d", i).s;
		const char *text = arena_printf(&rig.arena, i < 6 ? "Weather of day %d" : "Putin on day %d", i).s;
		RIG_POLL(feed, i * DAY_MS, {n, link, "News", text, i == 7 ? "desk" : ""});
	}
	return feed;
}

static bool
count_one(void *ctx, const struct record *r)
{
	++*(int *)ctx;
	return true;
}

static int
found(const char *words)
{
	struct arena a;
	int n = 0;
	struct store_query q = {.text = str_from(words), .since_at = TIME_NONE, .until_at = TIME_NONE};
	arena_init(&a, 0);
	ck_assert_int_eq(store_query(rig.s, &q, &a, count_one, &n, &rig.err), 0);
	arena_done(&a);
	return n;
}

START_TEST(test_unmatched_items_go_first_and_never_come_back_as_new)
{
	int64_t feed = fill();
	purge((struct store_keep){.unmatched.ms = NOW - 4 * DAY_MS, .slice = 2});
	ck_assert_int_eq(done.items, 3);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 4);
	ck_assert_int_eq(found("weather"), 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM stories"), 4);
	ck_assert_int_eq(RIG_POLL(feed, NOW, {"1", "https://a.example/1", "News", "Weather of day 1", "desk"}), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 4);
}
END_TEST

START_TEST(test_what_is_still_to_be_told_stays)
{
	fill();
	purge((struct store_keep){.matched.ms = DAY_MS});
	ck_assert_int_eq(done.items, 1);
	ck_assert_int_eq(found("putin"), 1);
	struct notification *rows;
	size_t count;
	ck_assert_int_eq(store_outbox_take(rig.s, STR_NONE, NOW, 10, &rig.arena, &rows, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 1);
	purge((struct store_keep){.matched.ms = DAY_MS});
	ck_assert_int_eq(done.items, 0);
	struct store_delivery d = {.row = rows[0].row, .outcome = STORE_DONE, .at = NOW};
	ck_assert_int_eq(store_outbox_finish(rig.s, &d, 1, &rig.err), 0);
	purge((struct store_keep){.matched.ms = DAY_MS});
	ck_assert_int_eq(done.items, 1);
	ck_assert_int_eq(found("putin"), 0);
}
END_TEST

/* An edit, a page, a notification of its own and one that it joined: all that names it. */
START_TEST(test_nothing_of_an_item_stays_behind)
{
	int64_t feed = fill();
	RIG_POLL(feed, 8 * DAY_MS, {"7", "https://a.example/7", "News", "Putin on another day", ""});
	int rc = sqlite3_exec(rig.s->db,
	    "INSERT INTO articles(item_id, state) SELECT id, 2 FROM items;"
	    "UPDATE outbox SET state = 2;"
	    "INSERT INTO outbox_items SELECT row, 1 FROM outbox;"
	    "INSERT INTO outbox(id, kind, item_id, sink, severity, state, next_try_at, created_at, updated_at)"
	    " VALUES('n', 1, NULL, 'desk', 0, 2, 0, 0, 0);"
	    "INSERT INTO outbox_items SELECT row, 7 FROM outbox WHERE id = 'n'",
	    NULL, NULL, NULL);
	ck_assert_int_eq(rc, SQLITE_OK);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM revisions"), 1);
	purge((struct store_keep){.matched.ms = DAY_MS, .slice = 2});
	static const char *const tables[] = {"items WHERE matched", "revisions", "matches", "item_watches",
	    "outbox_items", "outbox WHERE item_id = 7", "articles WHERE item_id > 5", "story_items WHERE item_id > 5",
	    "story_sources WHERE story_id NOT IN (SELECT id FROM stories)"};
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		const char *sql = arena_printf(&rig.arena, "SELECT count(*) FROM %s", tables[i]).s;
		ck_assert_msg(rig_number(sql) == 0, "%s", sql);
	}
}
END_TEST

START_TEST(test_the_oldest_go_when_there_are_too_many)
{
	fill();
	purge((struct store_keep){.unmatched.max = 2, .slice = 1});
	ck_assert_int_eq(done.items, 3);
	ck_assert_int_eq(rig_number("SELECT min(id) FROM items"), 4);
	purge((struct store_keep){.unmatched.max = 2});
	ck_assert_int_eq(done.items, 0);
}
END_TEST

START_TEST(test_limits_of_nothing_keep_everything)
{
	fill();
	purge((struct store_keep){.slice = 100});
	ck_assert_int_eq(done.items + done.revisions + done.ids + done.signatures, 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 7);
}
END_TEST

START_TEST(test_revisions_have_limits_of_their_own)
{
	int64_t feed = rig_feed("a");
	for (int i = 1; i <= 6; i++)
		RIG_POLL(feed, i * DAY_MS,
		    {"1", "https://a.example/1", "News", arena_printf(&rig.arena, "Text %d", i).s, ""});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM revisions"), 5);
	purge((struct store_keep){.revisions.ms = NOW - 4 * DAY_MS});
	ck_assert_int_eq(done.revisions, 2);
	purge((struct store_keep){.revisions.max = 1});
	ck_assert_int_eq(done.revisions, 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM revisions"), 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 1);
}
END_TEST

static int64_t
bytes_of(const char *where)
{
	return rig_number(arena_printf(
	    &rig.arena, "SELECT coalesce(sum(length(guid || link || title || summary)), 0) FROM items WHERE %s", where)
	                      .s);
}

START_TEST(test_the_oldest_go_when_they_are_too_large)
{
	int64_t feed = fill(), all = bytes_of("NOT matched"), first = bytes_of("id = 1"), matched = bytes_of("matched");
	purge((struct store_keep){.unmatched.bytes = all});
	ck_assert_int_eq(done.items, 0);
	purge((struct store_keep){.unmatched.bytes = all - 1, .matched.bytes = matched});
	ck_assert_int_eq(done.items, 1);
	ck_assert_int_eq(rig_number("SELECT min(id) FROM items"), 2);
	purge((struct store_keep){.unmatched.bytes = all - first - 1, .slice = 1});
	ck_assert_int_eq(done.items, 1);
	purge((struct store_keep){.unmatched.bytes = 1, .slice = 1});
	ck_assert_int_eq(done.items, 3);
	/* known for ever: a limit of size forgets no ids */
	ck_assert_int_eq(RIG_POLL(feed, NOW, {"1", "https://a.example/1", "News", "Weather of day 1", "desk"}), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 2);
	/* the second of those that match is still to be told */
	purge((struct store_keep){.matched.bytes = 1});
	ck_assert_int_eq(done.items, 1);
	ck_assert_int_eq(rig_number("SELECT id FROM items"), 7);
}
END_TEST

START_TEST(test_sizes_hold_through_edits_and_are_added_up_a_piece_at_a_time)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, DAY_MS, {"1", "https://a.example/1", "News", "Short", ""});
	RIG_POLL(feed, 2 * DAY_MS, {"1", "https://a.example/1", "News", "Much longer than it was before", ""});
	ck_assert_int_eq(rig_number("SELECT bytes FROM items"), bytes_of("1"));
	ck_assert_int_eq(rig_number("SELECT bytes FROM revisions"), 4 + 19 + 5);
	for (int i = 0; i < 5; i++)
		ck_assert_int_eq(
		    sqlite3_exec(rig.s->db,
		        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO"
		        " revisions(item_id, at, content, bytes) SELECT 1, 259200000, 'x', 1 FROM n",
		        NULL, NULL, NULL),
		    SQLITE_OK);
	struct store_keep keep = {.revisions.bytes = 14998, .slice = 100};
	for (int calls = 0; calls < 3; calls++) {
		ck_assert_int_eq(store_purge(rig.s, &keep, NOW, &done, &rig.err), 0);
		ck_assert(done.more && done.revisions == 0);
	}
	ck_assert_int_eq(store_purge(rig.s, &keep, NOW, &done, &rig.err), 0);
	ck_assert(!done.more);
	/* the first weighs 28 and is the oldest; two more of one byte go */
	ck_assert_int_eq(done.revisions, 3);
	ck_assert_int_eq(rig_number("SELECT sum(bytes) FROM revisions"), 14998);
}
END_TEST

START_TEST(test_ids_are_forgotten_long_after_they_were_last_seen)
{
	int64_t feed = fill();
	purge((struct store_keep){.unmatched.ms = DAY_MS, .slice = 100});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM sightings WHERE item_id IS NULL"), 5);
	/* one of them still stands in the feed */
	RIG_POLL(feed, 50 * DAY_MS, {"2", "https://a.example/2", "News", "Weather of day 2", ""});
	purge((struct store_keep){.ids_ms = 60 * DAY_MS});
	ck_assert_int_eq(done.ids, 4);
	ck_assert_int_eq(RIG_POLL(feed, NOW, {"2", "https://a.example/2", "News", "Weather of day 2", ""}), 0);
	ck_assert_int_eq(RIG_POLL(feed, NOW, {"3", "https://a.example/3", "News", "Weather of day 3", ""}), 1);
}
END_TEST

START_TEST(test_a_story_that_loses_its_headline_gets_another)
{
	struct store_story story;
	int64_t a = rig_feed("a"), b = rig_feed("b");
	struct story_window_options options = {.max_items = 1000, .fetch = store_fetch_signature, .ctx = rig.s};
	struct story_window *window = story_window_new(&options);
	ck_assert_ptr_nonnull(window);
	ck_assert_int_eq(store_use_window(rig.s, window, 0, false, &rig.err), 0);
#define TEXT "The bridge over the river Alm reopens on Friday after two years of work, the mayor said."
	RIG_POLL(a, DAY_MS, {"1", "https://a.example/1", "Bridge opens", TEXT, ""});
	RIG_POLL(b, 2 * DAY_MS, {"1", "https://b.example/1", "Bridge is open", TEXT, ""});
	ck_assert_int_eq(store_story(rig.s, 1, &rig.arena, &story, &rig.err), 0);
	ck_assert_uint_eq(story.item_count, 2);
	ck_assert_int_eq(story.headline_id, 1);
	purge((struct store_keep){.unmatched.max = 1});
	ck_assert_int_eq(store_story(rig.s, 1, &rig.arena, &story, &rig.err), 0);
	ck_assert_uint_eq(story.item_count, 1);
	ck_assert_str_is(story.headline, "Bridge is open");
	/* the window still has what is gone: its copy begins a story */
	RIG_POLL(a, 3 * DAY_MS, {"2", "https://a.example/2", "Grain is dear", "Prices rose by 12 percent.", ""});
	purge((struct store_keep){.unmatched.max = 1});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM stories"), 1);
	RIG_POLL(b, 4 * DAY_MS, {"3", "https://b.example/3", "The bridge is open", TEXT, ""});
	ck_assert_int_eq(rig.items[0].duplicate_of, 0);
	ck_assert_int_eq(store_story(rig.s, rig.items[0].story, &rig.arena, &story, &rig.err), 0);
	ck_assert_uint_eq(story.item_count, 1);
	rig_check_invariants();
	story_window_free(window);
}
END_TEST

START_TEST(test_signatures_go_with_the_window)
{
	int64_t feed = fill();
	ck_assert_int_eq(rig_number("SELECT count(*) FROM story_items WHERE signature IS NOT NULL"), 0);
	struct story_window_options options = {.max_items = 1000, .fetch = store_fetch_signature, .ctx = rig.s};
	struct story_window *window = story_window_new(&options);
	ck_assert_int_eq(store_use_window(rig.s, window, 0, false, &rig.err), 0);
	RIG_POLL(feed, 10 * DAY_MS, {"x", "https://a.example/x", "Old", "Something old", ""});
	RIG_POLL(feed, 99 * DAY_MS, {"y", "https://a.example/y", "New", "Something new", ""});
	purge((struct store_keep){.signatures_ms = 4 * DAY_MS});
	ck_assert_int_eq(done.signatures, 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM story_items WHERE signature IS NOT NULL"), 1);
	story_window_free(window);
}
END_TEST

static int
steps(enum sql_id id)
{
	return sqlite3_stmt_status(rig.s->stmts[id], SQLITE_STMTSTATUS_VM_STEP, 1);
}

/* The first item of the window is found by its time: the items that are older may be a million. */
START_TEST(test_where_the_window_begins_is_known_however_much_is_older)
{
	int64_t feed = fill();
	struct story_window_options options = {.max_items = 1000, .fetch = store_fetch_signature, .ctx = rig.s};
	struct story_window *window = story_window_new(&options);
	struct store_keep keep = {.signatures_ms = 4 * DAY_MS, .slice = 100};
	int purged[2], restored[2];
	ck_assert_int_eq(store_use_window(rig.s, window, 0, false, &rig.err), 0);
	RIG_POLL(feed, 99 * DAY_MS, {"y", "https://a.example/y", "New", "Something new", ""});
	steps(SQL_STORY_WINDOW);
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(store_purge(rig.s, &keep, NOW, &done, &rig.err), 0);
		purged[i] = steps(SQL_SIGNATURES_PURGE);
		ck_assert_int_eq(store_use_window(rig.s, window, 98 * DAY_MS, false, &rig.err), 0);
		restored[i] = steps(SQL_STORY_WINDOW);
		ck_assert_int_eq(sqlite3_exec(rig.s->db,
		                     "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1099)"
		                     "INSERT OR IGNORE INTO items(id, feed_id, matched, severity, first_seen_at)"
		                     " SELECT -i, 1, 0, 0, 1 FROM n",
		                     NULL, NULL, NULL),
		    SQLITE_OK);
	}
	ck_assert_int_gt(purged[0], 0);
	ck_assert_int_eq(purged[1], purged[0]);
	ck_assert_int_gt(restored[0], 0);
	ck_assert_int_eq(restored[1], restored[0]);
	story_window_free(window);
}
END_TEST

/* Polls are written as they get ready: one that was begun earlier may be written later. */
START_TEST(test_the_window_begins_where_its_first_number_is)
{
	int64_t feed = rig_feed("a");
	struct story_window_options options = {.max_items = 1000, .fetch = store_fetch_signature, .ctx = rig.s};
	struct story_window *window = story_window_new(&options), *next = story_window_new(&options);
	struct store_keep keep = {.signatures_ms = 10 * DAY_MS, .slice = 100};
	ck_assert_int_eq(store_use_window(rig.s, window, 0, false, &rig.err), 0);
	RIG_POLL(feed, 89 * DAY_MS, {"w", "https://a.example/w", "Old", "Something old", ""});
	RIG_POLL(feed, 90 * DAY_MS + 2000, {"x", "https://a.example/x", "New", "Something new", ""});
	RIG_POLL(feed, 90 * DAY_MS + 1000, {"y", "https://a.example/y", "Else", "Something else", ""});
	ck_assert_int_eq(store_purge(rig.s, &keep, NOW, &done, &rig.err), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM story_items WHERE signature IS NOT NULL"), 2);
	ck_assert_int_eq(store_use_window(rig.s, next, 90 * DAY_MS, false, &rig.err), 0);
	ck_assert_int_eq(story_window_item(next, 0), 2);
	ck_assert_int_eq(story_window_item(next, 1), 3);
	story_window_free(window);
	story_window_free(next);
}
END_TEST

START_TEST(test_a_window_in_which_nothing_came_is_empty)
{
	int64_t feed = rig_feed("a");
	struct story_window_options options = {.max_items = 1000, .fetch = store_fetch_signature, .ctx = rig.s};
	struct story_window *window = story_window_new(&options), *next = story_window_new(&options);
	ck_assert_int_eq(store_use_window(rig.s, window, 0, false, &rig.err), 0);
	RIG_POLL(feed, 10 * DAY_MS, {"x", "https://a.example/x", "Old", "Something old", ""});
	ck_assert_int_eq(store_use_window(rig.s, next, 11 * DAY_MS, false, &rig.err), 0);
	ck_assert_int_eq(story_window_item(next, 0), 0);
	ck_assert_int_eq(store_use_window(rig.s, next, 10 * DAY_MS, false, &rig.err), 0);
	ck_assert_int_eq(story_window_item(next, 0), 1);
	story_window_free(window);
	story_window_free(next);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, rig_teardown);
	tcase_add_test(tc, test_unmatched_items_go_first_and_never_come_back_as_new);
	tcase_add_test(tc, test_what_is_still_to_be_told_stays);
	tcase_add_test(tc, test_nothing_of_an_item_stays_behind);
	tcase_add_test(tc, test_the_oldest_go_when_there_are_too_many);
	tcase_add_test(tc, test_the_oldest_go_when_they_are_too_large);
	tcase_add_test(tc, test_sizes_hold_through_edits_and_are_added_up_a_piece_at_a_time);
	tcase_add_test(tc, test_limits_of_nothing_keep_everything);
	tcase_add_test(tc, test_revisions_have_limits_of_their_own);
	tcase_add_test(tc, test_ids_are_forgotten_long_after_they_were_last_seen);
	tcase_add_test(tc, test_a_story_that_loses_its_headline_gets_another);
	tcase_add_test(tc, test_signatures_go_with_the_window);
	tcase_add_test(tc, test_where_the_window_begins_is_known_however_much_is_older);
	tcase_add_test(tc, test_the_window_begins_where_its_first_number_is);
	tcase_add_test(tc, test_a_window_in_which_nothing_came_is_empty);
}

int
main(void)
{
	return tap_run("store/purge", suite);
}
