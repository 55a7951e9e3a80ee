#include "store_rig.h"

#include "base/clock.h"
#include "store/db.h"

#include <string.h>

/*
 * Feeds that misbehave, over several polls: what is new, what is told, what is said about the feed.
 */

static void
start(void)
{
	rig_setup();
	rig_open();
}

#define ITEMS 6

static const char *
numbered(const char *pattern, int number)
{
	const char *at = strchr(pattern, '#');
	if (at == NULL)
		return pattern;
	return arena_printf(&rig.arena, "%.*s%d%s", (int)(at - pattern), pattern, number, at + 1).s;
}

/* A document of items whose ids, links and texts are made from patterns with one #. Returns how many are new. */
static int
poll_of(int64_t feed, int64_t at, int first, int count, const char *guid, const char *link, const char *text)
{
	struct draft drafts[32];
	ck_assert(count <= 32);
	for (int i = 0; i < count; i++)
		drafts[i] = (struct draft){numbered(guid, first + i), numbered(link, first + i),
		    numbered("Putin speech number #", first + i), numbered(text, first + i), "desk"};
	return rig_poll(feed, at, drafts, (size_t)count);
}

static int64_t
told(void)
{
	return rig_number("SELECT count(*) FROM outbox");
}

static const char *
events(void)
{
	return rig_text("SELECT coalesce(group_concat(kind, ' '), '') FROM (SELECT kind FROM events ORDER BY id)").s;
}

START_TEST(test_ids_that_change_at_every_poll_bring_nothing_new)
{
	int64_t feed = rig_feed("a");
	ck_assert_int_eq(poll_of(feed, 1000, 0, ITEMS, "x1-#", "https://a.example/#", "one #"), ITEMS);
	/* the text is another at every poll too, so only page and title tell what it is */
	ck_assert_int_eq(poll_of(feed, 2000, 0, ITEMS, "x2-#", "https://a.example/#", "two #"), 0);
	ck_assert_int_eq(poll_of(feed, 3000, 0, ITEMS, "x3-#", "https://a.example/#", "three #"), 0);
	ck_assert_int_eq(rig_number("SELECT link_keys FROM feeds"), 1);
	ck_assert_int_eq(poll_of(feed, 4000, 0, ITEMS, "x4-#", "https://a.example/#", "four #"), 0);
	/* one new item among them is new all the same, also from then on */
	ck_assert_int_eq(poll_of(feed, 5000, 1, ITEMS, "x5-#", "https://a.example/#", "five #"), 1);
	ck_assert_int_eq(poll_of(feed, 6000, 2, ITEMS, "x6-#", "https://a.example/#", "six #"), 1);
	ck_assert_int_eq(told(), ITEMS + 2);
	ck_assert_str_eq(events(), "ids_changed ids_unstable");
	ck_assert_int_eq(rig_number("SELECT count(*) FROM sightings"), ITEMS + 2);
}
END_TEST

START_TEST(test_a_feed_that_moves_to_another_host_brings_nothing_new)
{
	int64_t feed = rig_feed("a");
	poll_of(feed, 1000, 0, ITEMS, "http://old.example/#", "http://old.example/news/#?id=7", "text #");
	ck_assert_int_eq(poll_of(feed, 2000, 0, ITEMS, "https://new.example/#",
	                     "https://new.example/news/#?id=7&utm_source=x", "text #"),
	    0);
	ck_assert_int_eq(
	    poll_of(feed, 3000, 1, ITEMS, "https://new.example/#", "https://new.example/news/#?id=7", "text #"), 1);
	ck_assert_int_eq(told(), ITEMS + 1);
	ck_assert_str_eq(events(), "ids_changed");
	ck_assert_int_eq(rig_number("SELECT link_keys FROM feeds"), 0);
}
END_TEST

START_TEST(test_two_items_of_one_page_and_title_are_two_in_a_well_behaved_feed)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 1000, {"1", "https://a.example/quiz", "Quiz of the day", "Putin, first", "desk"});
	ck_assert_int_eq(
	    RIG_POLL(feed, 2000, {"2", "https://a.example/quiz", "Quiz of the day", "Putin, second", "desk"}), 1);
	ck_assert_int_eq(told(), 2);
}
END_TEST

START_TEST(test_one_id_for_several_items_is_warned_of_when_it_begins)
{
	int64_t feed = rig_feed("a");
	ck_assert_int_eq(poll_of(feed, DAY_MS, 0, 3, "same", "https://a.example/#", "text #"), 3);
	ck_assert_int_eq(poll_of(feed, 2 * DAY_MS, 0, 4, "same", "https://a.example/#", "text #"), 1);
	ck_assert_str_eq(events(), "ids_repeated");
	ck_assert_int_eq(told(), 4);
	/* for more than a week it does not; then it begins again */
	for (int day = 3; day < 12; day++)
		ck_assert_int_eq(poll_of(feed, day * DAY_MS, 50, 1, "other", "https://a.example/#", "text #"), day == 3);
	ck_assert_int_eq(poll_of(feed, 12 * DAY_MS, 0, 4, "same", "https://a.example/#", "text #"), 0);
	ck_assert_str_eq(events(), "ids_repeated ids_repeated");
}
END_TEST

START_TEST(test_a_document_with_more_items_than_are_taken_is_warned_of)
{
	int64_t feed = rig_feed("a");
	for (int k = 0; k < 3; k++) {
		const struct draft draft = {"1", "https://a.example/1", "Putin", "x", "desk"};
		rig_draft(feed, 1000 + k, &draft, 1);
		rig.poll.window_cut = k > 0;
		ck_assert_int_eq(rig_commit(), 0);
	}
	ck_assert_str_eq(events(), "truncated_window");
}
END_TEST

static bool other_feed;

static void
decide(void *ctx, struct store_poll *p, const struct store_seen *seen)
{
	p->changed = other_feed;
}

/* Returns how many notifications are held after it. */
static int64_t
suspicious_poll(int64_t feed, int64_t at, const char *id, bool hold)
{
	const struct draft draft = {id, NULL, arena_printf(&rig.arena, "Putin at %s", id).s, id, "desk"};
	rig_draft(feed, at, &draft, 1);
	rig.poll.hold_changed = hold;
	rig.poll.decide = decide;
	ck_assert_int_eq(rig_commit(), 0);
	return rig_number("SELECT count(*) FROM outbox WHERE state = 4 AND reason = 'changed'");
}

START_TEST(test_what_another_feed_says_is_held_by_choice_until_it_is_trusted)
{
	struct store_outbox_order order = {.act = STORE_ACT_RELEASE, .id = STR_NONE, .feed = STR_LIT("b")};
	int64_t feed = rig_feed("a"), n;
	other_feed = false;
	ck_assert_int_eq(suspicious_poll(feed, 1000, "1", true), 0);
	other_feed = true;
	ck_assert_int_eq(suspicious_poll(feed, 2000, "2", false), 0);
	ck_assert_int_eq(suspicious_poll(feed, 3000, "3", true), 1);
	other_feed = false; /* it goes on being the other one */
	ck_assert_int_eq(suspicious_poll(feed, 4000, "4", true), 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 4);
	/* releasing another feed, or for another reason, changes nothing */
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 5000, &n, &rig.err), 0);
	order = (struct store_outbox_order){.act = STORE_ACT_RELEASE, .id = STR_NONE, .reason = STR_LIT("flood")};
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 5000, &n, &rig.err), 0);
	ck_assert_int_eq(suspicious_poll(feed, 6000, "5", true), 3);
	order =
	    (struct store_outbox_order){.act = STORE_ACT_RELEASE, .feed = STR_LIT("a"), .reason = STR_LIT("changed")};
	ck_assert_int_eq(store_outbox_act(rig.s, &order, 7000, &n, &rig.err), 0);
	ck_assert_int_eq(n, 3);
	ck_assert_int_eq(suspicious_poll(feed, 8000, "6", true), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 0"), 6);
}
END_TEST

START_TEST(test_a_flood_is_stored_and_held)
{
	int64_t feed = rig_feed("a");
	poll_of(feed, 1000, 0, 4, "#", "https://a.example/#", "text #");
	ck_assert_int_eq(poll_of(feed, 2000, 4, 3, "#", "https://a.example/#", "text #"), 3);
	ck_assert_int_eq(poll_of(feed, 3000, 100, 30, "#", "https://a.example/#", "text #"), 30);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 37);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 0"), 7);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 4"), 30);
	ck_assert_str_eq(events(), "flood");
	ck_assert_ptr_nonnull(strstr(
	    rig_text("SELECT text FROM events WHERE kind = 'flood'").s, "30 new (possible re-publish; usual are 3)"));
	/* what comes next is told, and the flood does not count as usual */
	ck_assert_int_eq(poll_of(feed, 4000, 200, 2, "#", "https://a.example/#", "text #"), 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 0"), 9);
	ck_assert_int_eq(rig_number("SELECT usual_new < 4 FROM feeds"), 1);
}
END_TEST

START_TEST(test_a_busy_feed_may_bring_as_much_as_it_always_does)
{
	int64_t feed = rig_feed("a");
	poll_of(feed, 1000, 0, 4, "#", "https://a.example/#", "text #");
	for (int i = 1; i <= 3; i++)
		poll_of(feed, 1000 + i * 1000, i * 100, 18, "#", "https://a.example/#", "text #");
	ck_assert_int_eq(poll_of(feed, 9000, 900, 30, "#", "https://a.example/#", "text #"), 30);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 4"), 0);
}
END_TEST

START_TEST(test_what_piled_up_while_polls_were_missed_is_no_flood)
{
	int64_t feed = rig_feed("a");
	poll_of(feed, 1000, 0, 4, "#", "https://a.example/#", "text #");
	poll_of(feed, 900000, 10, 4, "#", "https://a.example/#", "text #");
	rig_number("SELECT count(*) FROM feeds");
	rig_draft(feed, 1800000, NULL, 0);
	rig.poll.sched.interval_ms = 900000;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert_int_eq(poll_of(feed, 1800000 + 10 * 900000, 100, 30, "#", "https://a.example/#", "text #"), 30);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 4"), 0);
}
END_TEST

START_TEST(test_the_first_item_of_an_empty_feed_is_new_and_a_later_flood_is_held)
{
	int64_t feed = rig_feed("a");
	poll_of(feed, 1000, 0, 0, "#", "#", "#");
	ck_assert_int_eq(poll_of(feed, 2000, 0, 1, "#", "https://a.example/#", "text #"), 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 0"), 1);
	poll_of(feed, 3000, 50, 25, "#", "https://a.example/#", "text #");
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE state = 4"), 25);
	int64_t calm = rig_feed("b");
	poll_of(calm, 4000, 500, 2, "#", "https://b.example/#", "text #");
	poll_of(calm, 5000, 600, 25, "#", "https://b.example/#", "text #");
	ck_assert_ptr_nonnull(strstr(rig_text("SELECT text FROM events WHERE id = 2").s,
	    "25 new (possible re-publish; nothing new came before)"));
}
END_TEST

START_TEST(test_edits_keep_what_was_said_before)
{
	int64_t feed = rig_feed("a");
	struct store_revision *revisions;
	size_t count;
	RIG_POLL(feed, 1000, {"1", "https://a.example/1", "Talks", "Putin spoke.", "desk"});
	RIG_POLL(feed, 2000, {"1", "https://a.example/1", "Talks end", "Putin spoke at 14:05. 12 comments", "desk"});
	RIG_POLL(feed, 3000, {"1", "https://a.example/1", "Talks end", "Putin spoke at 15:10. 99 comments", "desk"});
	RIG_POLL(feed, 4000, {"1", "https://a.example/1", "Talks end", "Putin and Zelenskiy spoke.", "desk"});
	ck_assert_int_eq(store_list_revisions(rig.s, 1, &rig.arena, &revisions, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_is(revisions[0].title, "Talks");
	ck_assert_str_is(revisions[1].summary, "Putin spoke at 14:05. 12 comments");
	ck_assert_int_eq(revisions[1].at, 4000);
	ck_assert_int_eq(told(), 1);
	for (int i = 0; i < STORE_REVISIONS_MAX + 10; i++)
		poll_of(feed, 10000 + i, 1, 1, "1", "https://a.example/1", i % 2 ? "Putin odd #" : "Putin even #");
	ck_assert_int_eq(rig_number("SELECT count(*) FROM revisions"), STORE_REVISIONS_MAX);
	ck_assert_str_eq(rig_text("SELECT title FROM revisions ORDER BY id LIMIT 1").s, "Talks");
}
END_TEST

START_TEST(test_what_an_edit_newly_mentions_is_told_by_choice)
{
	int64_t feed = rig_feed("a");
	RIG_POLL(feed, 1000, {"1", "https://a.example/1", "Talks", "Nobody spoke.", ""});
	RIG_POLL(feed, 2000, {"1", "https://a.example/1", "Talks", "Putin spoke.", "desk"});
	ck_assert_int_eq(told(), 0);
	RIG_POLL(feed, 3000, {"2", "https://a.example/2", "Walks", "Nobody walked.", ""});
	rig_draft(feed, 4000, (const struct draft[]){{"2", "https://a.example/2", "Walks", "Putin walked.", "desk"}}, 1);
	rig.items[0].tell_edits = true;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert_int_eq(told(), 1);
	rig_draft(feed, 5000, (const struct draft[]){{"2", "https://a.example/2", "Walks", "Putin ran.", "mail"}}, 1);
	rig.items[0].tell_edits = true;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert_msg(told() == 1, "he was mentioned before");
}
END_TEST

START_TEST(test_who_carries_an_item_and_since_when)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	struct store_sighting *sightings;
	size_t count;
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Talks", "Putin spoke.", ""});
	RIG_POLL(b, 2000, {"9", "https://a.example/1?utm_source=b", "Talks", "Putin spoke.", ""});
	RIG_POLL(a, 3000, {"1", "https://a.example/1", "Talks", "Putin spoke again.", ""});
	ck_assert_int_eq(store_list_sightings(rig.s, 1, &rig.arena, &sightings, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_is(sightings[0].feed_key, "a");
	ck_assert_int_eq(sightings[0].at, 1000);
	ck_assert_str_is(sightings[0].link, "https://a.example/1");
	ck_assert_str_is(sightings[1].link, "https://a.example/1?utm_source=b");
	ck_assert_int_eq(sightings[1].at, 2000);
}
END_TEST

/* The link that it was seen under is kept once, with the item, as long as that has the same. */
START_TEST(test_a_link_that_an_edit_changes_stays_that_of_the_sighting)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	struct store_sighting *sightings;
	size_t count;
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Talks", "Putin spoke.", ""});
	RIG_POLL(b, 2000, {"9", "https://a.example/1?utm_source=b", "Talks", "Putin spoke.", ""});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM sightings WHERE link IS NULL"), 1);
	for (int i = 2; i < 4; i++) {
		RIG_POLL(a, i * 10000,
		    {"1", arena_printf(&rig.arena, "https://a.example/new-%d", i).s, "Talks", "Putin spoke again.", ""});
		ck_assert_int_eq(store_list_sightings(rig.s, 1, &rig.arena, &sightings, &count, &rig.err), 0);
		ck_assert_uint_eq(count, 2);
		ck_assert_str_is(sightings[0].link, "https://a.example/1");
		ck_assert_str_is(sightings[1].link, "https://a.example/1?utm_source=b");
	}
	ck_assert_str_is(rig_text("SELECT link FROM items"), "https://a.example/new-2");
}
END_TEST

/* …and what else the feed ever had is not looked through for it. */
START_TEST(test_an_edit_of_a_link_costs_the_same_however_much_its_feed_had)
{
	int64_t a = rig_feed("a");
	int steps[2];
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Talks", "Putin spoke.", ""});
	for (int i = 0; i < 2; i++) {
		RIG_POLL(a, 2000 + i,
		    {"1", arena_printf(&rig.arena, "https://a.example/new-%d", i).s, "Talks",
		        i == 0 ? "Putin spoke again." : "Putin went.", ""});
		steps[i] = sqlite3_stmt_status(rig.s->stmts[SQL_SIGHTING_KEEP_LINK], SQLITE_STMTSTATUS_VM_STEP, 1);
		ck_assert_int_eq(sqlite3_exec(rig.s->db,
		                     "UPDATE sightings SET link = NULL;"
		                     "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)"
		                     "INSERT OR IGNORE INTO sightings(feed_id, key, item_id, content, seen_at)"
		                     " SELECT 1, CAST(i AS BLOB), i, x'00', 1 FROM n",
		                     NULL, NULL, NULL),
		    SQLITE_OK);
	}
	ck_assert_int_gt(steps[0], 0);
	ck_assert_int_lt(steps[1], 2 * steps[0]);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, rig_teardown);
	tcase_add_test(tc, test_ids_that_change_at_every_poll_bring_nothing_new);
	tcase_add_test(tc, test_a_feed_that_moves_to_another_host_brings_nothing_new);
	tcase_add_test(tc, test_two_items_of_one_page_and_title_are_two_in_a_well_behaved_feed);
	tcase_add_test(tc, test_one_id_for_several_items_is_warned_of_when_it_begins);
	tcase_add_test(tc, test_a_document_with_more_items_than_are_taken_is_warned_of);
	tcase_add_test(tc, test_what_another_feed_says_is_held_by_choice_until_it_is_trusted);
	tcase_add_test(tc, test_a_flood_is_stored_and_held);
	tcase_add_test(tc, test_a_busy_feed_may_bring_as_much_as_it_always_does);
	tcase_add_test(tc, test_what_piled_up_while_polls_were_missed_is_no_flood);
	tcase_add_test(tc, test_the_first_item_of_an_empty_feed_is_new_and_a_later_flood_is_held);
	tcase_add_test(tc, test_edits_keep_what_was_said_before);
	tcase_add_test(tc, test_what_an_edit_newly_mentions_is_told_by_choice);
	tcase_add_test(tc, test_who_carries_an_item_and_since_when);
	tcase_add_test(tc, test_a_link_that_an_edit_changes_stays_that_of_the_sighting);
	tcase_add_test(tc, test_an_edit_of_a_link_costs_the_same_however_much_its_feed_had);
}

int
main(void)
{
	return tap_run("store/guard", suite);
}
