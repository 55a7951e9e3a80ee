#include "store_rig.h"

#include <sched.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <stdio.h>

#define PUTIN "https://example.org/putin"

static struct record
item(int64_t id)
{
	struct record r = {0};
	int rc = store_item(rig.s, id, &rig.arena, &r, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
	return r;
}

START_TEST(test_an_item_comes_back_as_it_went_in)
{
	int64_t feed = rig_feed("bbc");
	const struct draft d = {"g1", PUTIN, "Putin meets Zelenskiy", "A grain deal. Путин said so.", NULL};
	rig_draft(feed, 5000, &d, 1);
	struct feed_item *full = (struct feed_item *)rig.items[0].item;
	full->content_text = STR_LIT("All of it.");
	full->summary_html = STR_LIT("<p>A grain deal.</p>");
	full->content_html = STR_LIT("<p>All of it.</p>");
	full->language = STR_LIT("en");
	full->published_at = 4000;
	full->updated_at = 4500;
	rig.items[0].authors = STR_LIT("A. Writer, b@example.org");
	rig.items[0].categories = STR_LIT("War, talks");
	rig.items[0].severity = 2;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert(rig.items[0].is_new && !rig.items[0].changed && !rig.items[0].sighted);

	struct record r = item(rig.items[0].id);
	ck_assert_str_is(r.feed_key, "bbc");
	ck_assert_str_is(r.feed_title, "Example");
	ck_assert_str_is(r.guid, "g1");
	ck_assert_str_is(r.link, PUTIN);
	ck_assert_str_is(r.title, "Putin meets Zelenskiy");
	ck_assert_str_is(r.summary, "A grain deal. Путин said so.");
	ck_assert_str_is(r.content, "All of it.");
	ck_assert_str_is(r.summary_html, "<p>A grain deal.</p>");
	ck_assert_str_is(r.content_html, "<p>All of it.</p>");
	ck_assert_str_is(r.language, "en");
	ck_assert_str_is(r.authors, "A. Writer, b@example.org");
	ck_assert_str_is(r.categories, "War, talks");
	ck_assert(
	    r.published_at == 4000 && r.updated_at == 4500 && r.first_seen_at == 5000 && r.changed_at == TIME_NONE);
	ck_assert_int_eq(r.severity, 2);
	ck_assert_uint_eq(r.source_count, 1);
	ck_assert_uint_eq(r.watch_count, 1);
	ck_assert_str_is(r.watches[0], "talks");
}
END_TEST

START_TEST(test_the_evidence_comes_back_with_its_words)
{
	int64_t feed = rig_feed("bbc");
	RIG_POLL(feed, 5000, {"g1", PUTIN, "Putin meets Zelenskiy", "A grain deal. Путин said so.", NULL});
	struct record r = item(rig.items[0].id);
	ck_assert_uint_eq(r.match_count, 3);
	ck_assert_str_is(r.matches[0].id, "putin");
	ck_assert_int_eq(r.matches[0].kind, WATCH_PERSON);
	ck_assert_uint_eq(r.matches[0].mention_count, 2);
	const struct record_mention *m = r.matches[0].mentions;
	ck_assert_int_eq(m[0].field, WATCH_FIELD_TITLE);
	ck_assert_uint_eq(m[0].start, 0);
	ck_assert_uint_eq(m[0].end, 5);
	ck_assert_str_is(m[0].text, "Putin");
	ck_assert_str_is(m[0].name, "Putin");
	ck_assert_int_eq(m[1].field, WATCH_FIELD_SUMMARY);
	ck_assert_str_is(m[1].text, "Путин");
	ck_assert(!str_empty(m[1].rule));
	/* topics after actors */
	ck_assert_str_is(r.matches[2].id, "grain");
	ck_assert_int_eq(r.matches[2].kind, WATCH_TOPIC);
}
END_TEST

START_TEST(test_a_known_item_is_stored_once)
{
	int64_t feed = rig_feed("bbc");
	const struct draft d = {"g1", PUTIN, "Putin speaks", "Text", "desk"};
	ck_assert_int_eq(rig_poll(feed, 5000, &d, 1), 1);
	int64_t id = rig.items[0].id;
	ck_assert_int_eq(rig_poll(feed, 6000, &d, 1), 0);
	ck_assert_int_eq(rig.items[0].id, id);
	ck_assert(!rig.items[0].changed);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 1);
}
END_TEST

START_TEST(test_an_edit_changes_text_matches_and_index_and_tells_nobody_again)
{
	int64_t feed = rig_feed("bbc");
	RIG_POLL(feed, 5000, {"g1", PUTIN, "Putin speaks of wheat", "Text", "desk"});
	RIG_POLL(feed, 6000, {"g1", PUTIN, "Zelenskiy speaks of barley", "Text", "desk"});
	ck_assert(!rig.items[0].is_new && rig.items[0].changed);
	struct record r = item(rig.items[0].id);
	ck_assert_str_is(r.title, "Zelenskiy speaks of barley");
	ck_assert(r.first_seen_at == 5000 && r.changed_at == 6000);
	ck_assert_uint_eq(r.match_count, 1);
	ck_assert_str_is(r.matches[0].id, "zelenskiy");
	ck_assert_str_is(
	    rig_titles(&(struct store_query){.text = STR_LIT("wheat"), .since_at = TIME_NONE, .until_at = TIME_NONE}),
	    "");
	ck_assert_str_is(
	    rig_titles(&(struct store_query){.text = STR_LIT("barley"), .since_at = TIME_NONE, .until_at = TIME_NONE}),
	    "Zelenskiy speaks of barley");
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 1);
	RIG_POLL(feed, 7000, {"g1", PUTIN, "Zelenskiy speaks of barley", "Text 14:05", "desk"});
	ck_assert_msg(!rig.items[0].changed, "a time of day is no edit");
	rig_check_invariants();
}
END_TEST

START_TEST(test_the_same_guid_in_two_feeds_is_two_items)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	ck_assert_int_eq(RIG_POLL(a, 5000, {"1", "https://a.example/1", "One", "x", NULL}), 1);
	ck_assert_int_eq(RIG_POLL(b, 5000, {"1", "https://b.example/1", "Other", "y", NULL}), 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 2);
}
END_TEST

START_TEST(test_two_feeds_that_carry_one_article_make_one_item_with_two_sources)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	RIG_POLL(a, 5000, {"1", "https://example.org/1?utm_source=a", "Putin speaks", "Text", "desk"});
	int64_t id = rig.items[0].id;
	RIG_POLL(b, 6000, {"x", "https://www.example.org/1", "Putin speaks", "Text", "desk"});
	ck_assert(!rig.items[0].is_new && rig.items[0].sighted && !rig.items[0].changed);
	ck_assert_int_eq(rig.items[0].id, id);
	ck_assert_uint_eq(item(id).source_count, 2);
	ck_assert_str_is(item(id).feed_key, "a");
	ck_assert_msg(rig_number("SELECT count(*) FROM outbox") == 1, "told once");
	struct store_query q = {.feed = STR_LIT("b"), .since_at = TIME_NONE, .until_at = TIME_NONE};
	ck_assert_str_is(rig_titles(&q), "Putin speaks");
	RIG_POLL(b, 7000, {"x", "https://www.example.org/1", "Putin speaks", "Text", "desk"});
	ck_assert(!rig.items[0].sighted);
	/* the second feed's later edits are not the item's */
	RIG_POLL(b, 8000, {"x", "https://www.example.org/1", "Putin shouts", "Text", "desk"});
	ck_assert(!rig.items[0].changed);
	ck_assert_str_is(item(id).title, "Putin speaks");
	rig_check_invariants();
}
END_TEST

START_TEST(test_what_a_silent_first_poll_stored_is_told_when_another_feed_carries_it)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	RIG_POLL(a, 5000, {"1", "https://example.org/1", "Putin speaks", "Text", NULL});
	RIG_POLL(b, 6000, {"x", "https://example.org/1", "Putin speaks", "Text", "desk"});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 1);
	rig_check_invariants();
}
END_TEST

START_TEST(test_a_feed_that_renames_all_guids_brings_nothing_new)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 5000, {"1", "http://www.example.org/1", "One", "x", "desk"},
	    {"2", "http://www.example.org/2", "Two", "y", "desk"});
	for (int round = 1; round < 5; round++) {
		const struct draft again[] = {
		    {arena_printf(&rig.arena, "r%d-1", round).s, "https://example.org/1", "One", "x", "desk"},
		    {arena_printf(&rig.arena, "r%d-2", round).s, "https://example.org/2", "Two", "y", "desk"}};
		ck_assert_int_eq(rig_poll(feed, 5000 + round, again, 2), 0);
		ck_assert(!rig.items[0].sighted);
	}
	ck_assert_int_eq(rig_number("SELECT count(*) FROM sightings"), 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 2);
	/* and an edit under the newest guid is an edit */
	RIG_POLL(feed, 6000, {"r4-1", "https://example.org/1", "One, edited", "x", "desk"});
	ck_assert(rig.items[0].changed && !rig.items[0].is_new);
	rig_check_invariants();
}
END_TEST

START_TEST(test_a_guid_that_comes_back_for_another_item_is_told_under_another_id)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 5000, {"1", "https://example.org/1", "Putin one", "x", "desk"});
	RIG_POLL(feed, 6000, {"9", "https://example.org/1", "Putin one", "x", "desk"});
	RIG_POLL(feed, 7000, {"1", "https://example.org/2", "Putin two", "y", "desk"});
	ck_assert(rig.items[0].is_new);
	ck_assert_int_eq(rig_number("SELECT count(DISTINCT id) FROM outbox"), 2);
}
END_TEST

START_TEST(test_a_key_that_stands_twice_in_a_document_does_not_flip_at_every_poll)
{
	int64_t feed = rig_feed("a");
	const struct draft twice[] = {{NULL, NULL, "12 views", "x", NULL}, {NULL, NULL, "14 views", "x", NULL}};
	ck_assert_int_eq(rig_poll(feed, 5000, twice, 2), 1);
	ck_assert(rig.items[0].id == rig.items[1].id);
	const struct draft copies[] = {{"g", "https://example.org/1", "One", "first", NULL},
	    {"g", "https://example.org/1", "One", "second", NULL}};
	ck_assert_int_eq(rig_poll(feed, 6000, copies, 2), 2);
	ck_assert_int_eq(rig_poll(feed, 7000, copies, 2), 0);
	ck_assert(!rig.items[0].changed && !rig.items[1].changed);
}
END_TEST

START_TEST(test_validators_stand_only_for_whole_good_answers)
{
	int64_t feed = rig_feed("a");
	const struct draft d = {"1", NULL, "One", "x", NULL};
	static const struct {
		int status;
		enum err_code error;
		bool complete, stored;
	} cases[] = {{200, ERR_NONE, true, true}, {200, ERR_NONE, false, false}, {200, ERR_TRUNCATED, false, false},
	    {200, ERR_NOT_A_FEED, true, false}, {304, ERR_NONE, true, false}, {500, ERR_HTTP_SERVER, true, false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		rig_poll(feed, 5000, &d, 1);
		rig_draft(feed, 6000 + (int64_t)i, &d, 1);
		rig.poll.etag = STR_LIT("\"next\"");
		rig.poll.http_status = cases[i].status;
		rig.poll.error = cases[i].error;
		rig.poll.complete = cases[i].complete;
		ck_assert_int_eq(rig_commit(), 0);
		ck_assert_msg((rig_number("SELECT CAST(etag AS TEXT) = '\"next\"' FROM feeds") != 0) == cases[i].stored,
		    "case %zu", i);
	}
	/* a 200 without validators clears those that were there */
	rig_draft(feed, 7000, &d, 1);
	rig.poll.etag = STR_NONE;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert_int_eq(rig_number("SELECT etag IS NULL FROM feeds"), 1);
}
END_TEST

START_TEST(test_items_of_a_cut_document_are_stored)
{
	int64_t feed = rig_feed("a");
	const struct draft d = {"1", NULL, "Putin", "x", "desk"};
	rig_draft(feed, 5000, &d, 1);
	rig.poll.complete = false;
	rig.poll.error = ERR_TRUNCATED;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert(rig.items[0].is_new);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 1);
}
END_TEST

START_TEST(test_several_polls_are_one_transaction)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	const struct draft one = {"1", NULL, "One", "x", "desk"};
	struct store_poll polls[2];
	struct store_new_item items[2];
	rig_draft(a, 5000, &one, 1);
	items[0] = rig.items[0];
	polls[0] = rig.poll;
	rig_draft(b, 5000, &one, 1);
	items[1] = rig.items[0];
	polls[1] = rig.poll;
	polls[0].items = &items[0];
	polls[1].items = &items[1];
	polls[1].feed_id = 4711;
	ck_assert_int_eq(store_commit_polls(rig.s, polls, 2, rig.watchlist, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_NOT_FOUND);
	ck_assert(!items[0].is_new && items[0].id == 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 0);
	polls[1].feed_id = b;
	ck_assert_int_eq(store_commit_polls(rig.s, polls, 2, rig.watchlist, &rig.err), 0);
	ck_assert(items[0].is_new && items[1].is_new);
	rig_check_invariants();
}
END_TEST

static bool
always(void *ctx)
{
	++*(int *)ctx;
	return true;
}

struct five { /* feeds a to e with one poll each, of two items */
	struct store_poll polls[5];
	struct store_new_item items[5][2];
};

static void
draft_five(struct five *f)
{
	static const struct draft two[] = {{"1", NULL, "One", "harbour", "desk"}, {"2", NULL, "Two", "x", "desk"}};
	for (size_t i = 0; i < 5; i++) {
		char key[2] = {(char)('a' + i), '\0'};
		rig_draft(rig_feed(key), 5000, two, 2);
		memcpy(f->items[i], rig.items, sizeof f->items[i]);
		f->polls[i] = rig.poll;
		f->polls[i].items = f->items[i];
	}
}

#define STORED "SELECT count(*) FROM feeds WHERE poll_count = 1"

/* What others see: a connection of its own. */
static int64_t
seen_by_others(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	ck_assert_int_eq(sqlite3_open_v2(rig.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

/* Whoever has others to serve is given the loop back after every item, and nothing is stored before the end. */
START_TEST(test_a_group_is_written_in_slices)
{
	struct five f;
	int asked = 0, turns = 0;
	draft_five(&f);
	for (size_t i = 0; i < 5; i++) {
		int rc;
		while ((rc = store_group_add(rig.s, &f.polls[i], rig.watchlist, always, &asked, &rig.err)) == 0)
			turns++;
		ck_assert_int_eq(rc, 1);
		ck_assert(store_group_open(rig.s));
	}
	ck_assert_int_eq(turns, 5);
	ck_assert_uint_eq(store_group_items(rig.s), 10);
	ck_assert_int_eq(seen_by_others(STORED), 0);
	while (store_group_end(rig.s, always, &asked, &rig.err) == 0)
		ck_assert(!store_group_open(rig.s)); /* it waits for the disk */
	ck_assert(!store_group_open(rig.s));
	ck_assert_int_eq(seen_by_others(STORED), 5);
	rig_check_invariants();
}
END_TEST

/* Also the polls that were in already. */
START_TEST(test_what_fails_takes_its_group_along)
{
	struct five f;
	draft_five(&f);
	f.polls[2].feed_id = 4711;
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(
		    store_group_add(rig.s, &f.polls[i], rig.watchlist, NULL, NULL, &rig.err), i < 2 ? 1 : -1);
	ck_assert_int_eq(rig.err.code, ERR_NOT_FOUND);
	ck_assert(!store_group_open(rig.s));
	ck_assert_int_eq(rig_number(STORED), 0);
	ck_assert(f.items[0][0].id == 0 && !f.items[0][0].is_new);
	ck_assert_int_eq(store_commit_polls(rig.s, f.polls, 2, rig.watchlist, &rig.err), 0);
	ck_assert_int_eq(rig_number(STORED), 2);
	rig_check_invariants();
}
END_TEST

/* In the middle of a poll too: the group is whole, and what was written next is not part of it. */
START_TEST(test_another_write_ends_the_group)
{
	const struct store_happening happening = {.at = 1, .kind = "network_down"};
	struct five f;
	int asked = 0;
	draft_five(&f);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[0], rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[1], rig.watchlist, always, &asked, &rig.err), 0);
	ck_assert_int_eq(store_add_events(rig.s, &happening, 1, &rig.err), 0);
	ck_assert(!store_group_open(rig.s));
	ck_assert_int_eq(seen_by_others(STORED), 2);
	ck_assert_int_eq(seen_by_others("SELECT count(*) FROM items"), 4);
	/* its owner has not heard of that yet */
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[2], rig.watchlist, NULL, NULL, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_INTERNAL);
	ck_assert_int_eq(store_group_end(rig.s, NULL, NULL, &rig.err), 1);
	ck_assert(f.items[1][1].id != 0);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[2], rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(store_group_end(rig.s, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(seen_by_others(STORED), 3);
	rig_check_invariants();
}
END_TEST

/* A caller need not wait for the disk before it goes on to write. */
START_TEST(test_the_next_group_is_written_while_the_last_one_is_on_its_way_to_the_disk)
{
	struct five f;
	draft_five(&f);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[0], rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(store_group_commit(rig.s, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[1], rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(seen_by_others(STORED), 1);
	ck_assert_int_eq(store_group_sync(rig.s, true, &rig.err), 1);
	ck_assert(store_group_open(rig.s));
	ck_assert_int_eq(store_group_commit(rig.s, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(store_group_sync(rig.s, true, &rig.err), 1);
	ck_assert(!store_group_syncing(rig.s));
	ck_assert_int_eq(store_group_sync(rig.s, false, &rig.err), 1); /* there is nothing to wait for */
	ck_assert_int_eq(seen_by_others(STORED), 2);
	rig_check_invariants();
}
END_TEST

/* Here it cannot be found. Both groups are written again, and nothing stands twice. */
START_TEST(test_a_log_that_does_not_reach_the_disk_takes_the_next_group_along)
{
	struct five f;
	char log[128], away[128];
	draft_five(&f);
	snprintf(log, sizeof log, "%s-wal", rig.path);
	snprintf(away, sizeof away, "%s-away", rig.path);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[0], rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(rename(log, away), 0);
	ck_assert_int_eq(store_group_commit(rig.s, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[1], rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(store_group_sync(rig.s, true, &rig.err), -1);
	ck_assert(!store_group_open(rig.s));
	ck_assert(f.items[1][0].id == 0 && !f.items[1][0].is_new);
	ck_assert_int_eq(rename(away, log), 0);
	ck_assert_int_eq(store_commit_polls(rig.s, f.polls, 5, rig.watchlist, &rig.err), 0);
	ck_assert_int_eq(seen_by_others("SELECT count(*) FROM items"), 10);
	rig_check_invariants();
}
END_TEST

/* As after kill -9. */
START_TEST(test_an_open_group_leaves_nothing_behind)
{
	struct five f;
	draft_five(&f);
	ck_assert_int_eq(store_group_add(rig.s, &f.polls[0], rig.watchlist, NULL, NULL, &rig.err), 1);
	rig_reopen();
	ck_assert_int_eq(rig_number(STORED), 0);
	ck_assert_int_eq(store_commit_polls(rig.s, f.polls, 5, rig.watchlist, &rig.err), 0);
	ck_assert_int_eq(rig_number(STORED), 5);
	rig_check_invariants();
}
END_TEST

#define LARGE 150

/* A thread copies the log into the database, and then it begins anew instead of growing. */
START_TEST(test_the_log_is_copied_while_the_store_is_in_use)
{
	int64_t feed = rig_feed("a");
	static char text[600000];
	char log[128];
	struct stat file, wal;
	snprintf(log, sizeof log, "%s-wal", rig.path);
	memset(text, 'x', sizeof text - 1);
	for (int i = 0; i < LARGE; i++) {
		char id[12];
		snprintf(id, sizeof id, "%d", i);
		const struct draft one = {id, NULL, "A title", text, NULL};
		rig_draft(feed, 5000 + i, &one, 1);
		ck_assert_int_eq(rig_commit(), 0);
		while (store_log_wants_pause(rig.s)) /* as somebody does who writes without end */
			sched_yield();
	}
	ck_assert_int_eq(stat(rig.path, &file), 0);
	ck_assert_int_eq(stat(log, &wal), 0);
	ck_assert_int_gt(file.st_size, LARGE * 300000);
	ck_assert_int_lt(wal.st_size, LARGE * 300000);
	rig_check_invariants();
}
END_TEST

START_TEST(test_text_that_is_no_utf8_is_stored_as_valid_text)
{
	int64_t feed = rig_feed("a");
	const struct draft d = {"1", NULL, "x", "x", NULL};
	rig_draft(feed, 5000, &d, 1);
	((struct feed_item *)rig.items[0].item)->title = (struct str){"a\xff\0b", 4};
	rig.poll.error = ERR_NOT_A_FEED;
	rig.poll.error_text = STR_LIT("found \xc3 here");
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert_str_is(item(rig.items[0].id).title, "a\xEF\xBF\xBD b");
	ck_assert_str_is(rig_text("SELECT error_text FROM feeds"), "found \xEF\xBF\xBD here");
}
END_TEST

START_TEST(test_an_item_without_anything_is_stored)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 5000, {NULL, NULL, NULL, NULL, NULL});
	struct record r = item(rig.items[0].id);
	ck_assert(r.title.s == NULL && r.link.s == NULL && r.match_count == 0);
}
END_TEST

START_TEST(test_a_relabelled_entity_shows_its_new_label)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 5000, {"1", NULL, "Putin", "x", NULL});
	int64_t id = rig.items[0].id;
	struct watch_builder *b = watch_builder_new();
	watch_add(b, STR_LIT("putin"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Putin"),
	    (struct watch_origin){STR_NONE, 0}, &rig.err);
	watch_set_label(b, STR_LIT("putin"), STR_LIT("Vladimir Putin"), &rig.err);
	watchlist_free(rig.watchlist);
	rig.watchlist = watch_compile(b, &rig.err);
	watch_builder_free(b);
	RIG_POLL(feed, 6000, {"2", NULL, "Putin again", "x", NULL});
	ck_assert_str_is(item(id).matches[0].label, "Vladimir Putin");
	ck_assert_int_eq(rig_number("SELECT count(*) FROM entities"), 1);
}
END_TEST

START_TEST(test_watches_of_a_failed_commit_are_named_again)
{
	struct store_poll polls[2];
	rig_draft(rig_feed("a"), 1000, &(const struct draft){"1", NULL, "Putin speaks", "", "desk"}, 1);
	polls[0] = polls[1] = rig.poll;
	polls[1].feed_id = 999; /* there is no such feed: all of it fails */
	polls[1].item_count = 0;
	ck_assert_int_eq(store_commit_polls(rig.s, polls, 2, rig.watchlist, &rig.err), -1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM watches"), 0);
	ck_assert_int_eq(store_commit_polls(rig.s, polls, 1, rig.watchlist, &rig.err), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM item_watches JOIN watches ON id = watch_id"), 1);
	rig_check_invariants();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_checked_fixture(tc, rig_open, NULL);
	tcase_add_test(tc, test_watches_of_a_failed_commit_are_named_again);
	tcase_add_test(tc, test_an_item_comes_back_as_it_went_in);
	tcase_add_test(tc, test_the_evidence_comes_back_with_its_words);
	tcase_add_test(tc, test_a_known_item_is_stored_once);
	tcase_add_test(tc, test_an_edit_changes_text_matches_and_index_and_tells_nobody_again);
	tcase_add_test(tc, test_the_same_guid_in_two_feeds_is_two_items);
	tcase_add_test(tc, test_two_feeds_that_carry_one_article_make_one_item_with_two_sources);
	tcase_add_test(tc, test_what_a_silent_first_poll_stored_is_told_when_another_feed_carries_it);
	tcase_add_test(tc, test_a_feed_that_renames_all_guids_brings_nothing_new);
	tcase_add_test(tc, test_a_guid_that_comes_back_for_another_item_is_told_under_another_id);
	tcase_add_test(tc, test_a_key_that_stands_twice_in_a_document_does_not_flip_at_every_poll);
	tcase_add_test(tc, test_validators_stand_only_for_whole_good_answers);
	tcase_add_test(tc, test_items_of_a_cut_document_are_stored);
	tcase_add_test(tc, test_several_polls_are_one_transaction);
	tcase_add_test(tc, test_a_group_is_written_in_slices);
	tcase_add_test(tc, test_what_fails_takes_its_group_along);
	tcase_add_test(tc, test_another_write_ends_the_group);
	tcase_add_test(tc, test_the_next_group_is_written_while_the_last_one_is_on_its_way_to_the_disk);
	tcase_add_test(tc, test_a_log_that_does_not_reach_the_disk_takes_the_next_group_along);
	tcase_add_test(tc, test_an_open_group_leaves_nothing_behind);
	tcase_add_test(tc, test_the_log_is_copied_while_the_store_is_in_use);
	tcase_add_test(tc, test_text_that_is_no_utf8_is_stored_as_valid_text);
	tcase_add_test(tc, test_an_item_without_anything_is_stored);
	tcase_add_test(tc, test_a_relabelled_entity_shows_its_new_label);
}

int
main(void)
{
	return tap_run("store/polls", suite);
}
