#include "store/apart.h"
#include "store_rig.h"

static void
start(void)
{
	rig_setup();
	rig_open();
	rig_use_window();
}

#define FERRY \
	"A ferry with 212 passengers ran aground in thick fog off the island of Tarvik on Monday, the coast guard " \
	"said. " \
	"Putin was informed. Tugs pulled the vessel free at high water and brought it to Helmsund."
#define BRIDGE \
	"The bridge over the river Alm reopens on Friday after two years of work, the mayor said. Putin sent a " \
	"telegram " \
	"to the builders, who had found the old foundations rotten."

static struct record
read_item(int64_t id)
{
	struct record r;
	int rc = store_item(rig.s, id, &rig.arena, &r, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
	return r;
}

START_TEST(test_a_copy_joins_the_story_and_is_not_told_again)
{
	int64_t a = rig_feed("a"), b = rig_feed("b"), c = rig_feed("c");
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Ferry runs aground", FERRY, "desk"});
	RIG_POLL(b, 2000, {"1", "https://b.example/7", "212 rescued in the fog", FERRY, "desk mail"});
	RIG_POLL(c, 3000, {"x", "https://c.example/x", "Bridge opens", BRIDGE, "desk"});
	struct record first = read_item(1), copy = read_item(2), other = read_item(3);
	ck_assert_int_ne(first.story.id, 0);
	ck_assert_int_eq(copy.story.id, first.story.id);
	ck_assert_int_eq(copy.story.duplicate_of, 1);
	ck_assert_uint_eq(first.story.source_count, 2);
	ck_assert_uint_eq(first.story.nth_source, 1);
	ck_assert_uint_eq(copy.story.nth_source, 2);
	ck_assert_uint_eq(copy.story.item_count, 2);
	ck_assert_int_eq(first.story.first_at, 1000);
	ck_assert_int_eq(first.story.last_at, 2000);
	ck_assert_int_ne(other.story.id, first.story.id);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox WHERE sink = 'desk'"), 2);
	ck_assert_msg(rig_number("SELECT count(*) FROM outbox WHERE sink = 'mail'") == 1,
	    "the other sink has not heard of it yet");
}
END_TEST

START_TEST(test_who_wants_copies_is_told_each)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Ferry runs aground", FERRY, "desk"});
	rig_draft(b, 2000, (const struct draft[]){{"1", "https://b.example/7", "Rescued", FERRY, "desk"}}, 1);
	struct store_tell tell = {.watch = STR_LIT("talks"), .sink = STR_LIT("desk"), .copies = true};
	rig.items[0].tells = &tell;
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 2);
}
END_TEST

START_TEST(test_copies_of_copies_are_copies_of_the_first)
{
	int64_t a = rig_feed("a"), b = rig_feed("b"), c = rig_feed("c");
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Ferry runs aground", FERRY, ""});
	RIG_POLL(b, 2000, {"1", "https://b.example/1", "Ferry", FERRY, ""});
	RIG_POLL(c, 3000, {"1", "https://c.example/1", "Aground", FERRY, ""});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM story_items WHERE duplicate_of = 1"), 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM stories"), 1);
	ck_assert_int_eq(rig_number("SELECT source_count FROM stories"), 3);
}
END_TEST

START_TEST(test_one_article_in_two_feeds_has_two_sources)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Ferry runs aground", FERRY, ""});
	RIG_POLL(b, 2000, {"2", "https://a.example/1?utm_source=b", "Ferry runs aground", FERRY, ""});
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 1);
	ck_assert_uint_eq(read_item(1).story.source_count, 2);
}
END_TEST

START_TEST(test_a_restart_goes_on_where_it_was)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Ferry runs aground", FERRY, "desk"});
	rig_reopen();
	rig_use_window();
	RIG_POLL(b, 2000, {"1", "https://b.example/7", "212 rescued in the fog", FERRY, "desk"});
	ck_assert_int_eq(read_item(2).story.duplicate_of, 1);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 1);
}
END_TEST

START_TEST(test_a_commit_that_failed_decides_the_same_when_it_is_repeated)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Ferry runs aground", FERRY, "desk"});
	struct store_poll polls[2];
	rig_draft(b, 2000,
	    (const struct draft[]){{"1", "https://b.example/7", "212 rescued", FERRY, "desk"},
	        {"2", "https://b.example/8", "Bridge opens", BRIDGE, "desk"},
	        {"3", "https://b.example/9", "The bridge is open", BRIDGE, "desk"}},
	    3);
	polls[0] = polls[1] = rig.poll;
	polls[1].feed_id = 999; /* there is no such feed: all of it fails */
	polls[1].item_count = 0;
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(store_commit_polls(rig.s, polls, 2, rig.watchlist, &rig.err), -1);
		ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 1);
	}
	ck_assert_int_eq(store_commit_polls(rig.s, polls, 1, rig.watchlist, &rig.err), 0);
	ck_assert_int_eq(read_item(2).story.duplicate_of, 1);
	ck_assert_int_eq(read_item(3).story.duplicate_of, 0);
	ck_assert_int_eq(read_item(4).story.duplicate_of, 3);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM stories"), 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 2);
	/* and what comes next finds them under their numbers */
	RIG_POLL(a, 3000, {"5", "https://a.example/5", "Bridge reopens", BRIDGE, "desk"});
	ck_assert_int_eq(read_item(5).story.duplicate_of, 3);
}
END_TEST

START_TEST(test_the_headline_is_that_of_the_most_central_item)
{
	int64_t a = rig_feed("a"), b = rig_feed("b"), c = rig_feed("c"), d = rig_feed("d");
	RIG_POLL(a, 1000,
	    {"1", "https://a.example/1", "Breaking", FERRY " More soon, we are told by the harbour office.", ""});
	RIG_POLL(b, 2000, {"1", "https://b.example/1", "Ferry with 212 aground off Tarvik", FERRY, ""});
	RIG_POLL(c, 3000, {"1", "https://c.example/1", "Ferry aground off Tarvik", FERRY, ""});
	RIG_POLL(d, 4000, {"1", "https://d.example/1", "Ferry aground", FERRY, ""});
	struct record r = read_item(1);
	ck_assert_uint_eq(r.story.item_count, 4);
	ck_assert_str_is(r.story.headline, "Ferry with 212 aground off Tarvik");
}
END_TEST

START_TEST(test_what_a_person_moved_draws_later_items_along)
{
	int64_t split, a = rig_feed("a"), b = rig_feed("b"), c = rig_feed("c"), d = rig_feed("d");
	RIG_POLL(a, 1000, {"1", "https://a.example/1", "Ferry with 212 aground off Tarvik", FERRY, ""});
	RIG_POLL(b, 2000, {"1", "https://b.example/1", "Bridge over the Alm reopens", BRIDGE, ""});
	ck_assert_int_eq(store_join_stories(rig.s, rig.items[0].story, 1, &rig.err), 0);
	RIG_POLL(c, 3000, {"1", "https://c.example/1", "Ferry aground", FERRY, ""});
	ck_assert_int_eq(rig.items[0].story, 2);
	ck_assert_int_eq(store_split_story(rig.s, 1, 4000, &split, &rig.err), 0);
	RIG_POLL(d, 5000, {"1", "https://d.example/1", "Ferry aground off Tarvik", FERRY, ""});
	ck_assert_int_eq(read_item(rig.items[0].id).story.id, rig.items[0].story);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM story_items"), 4);
	rig_check_invariants();
}
END_TEST

START_TEST(test_whoever_reads_between_two_polls_finds_their_stories)
{
	struct store_poll first;
	struct store_new_item items[1];
	int64_t a = rig_feed("a"), b = rig_feed("b");
	rig_draft(a, 1000, &(const struct draft){"1", NULL, "Ferry with 212 aground off Tarvik", FERRY, ""}, 1);
	first = rig.poll;
	items[0] = rig.items[0];
	first.items = items;
	ck_assert_int_eq(store_group_add(rig.s, &first, rig.watchlist, NULL, NULL, &rig.err), 1);
	rig_draft(b, 2000, &(const struct draft){"1", NULL, "Ferry aground", FERRY, ""}, 1);
	ck_assert_int_eq(store_group_add(rig.s, &rig.poll, rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_int_eq(read_item(rig.items[0].id).story.id, items[0].story);
	ck_assert_int_eq(rig.items[0].duplicate_of, items[0].id);
	ck_assert_int_eq(store_group_end(rig.s, NULL, NULL, &rig.err), 1);
	rig_check_invariants();
}
END_TEST

/* Nothing of it is stored, whatever the window has been asked by then. */
START_TEST(test_a_store_is_closed_in_the_midst_of_a_group)
{
	struct draft many[] = {{"1", "https://a.example/1", "Ferry runs aground", FERRY, "desk"},
	    {"2", "https://a.example/2", "212 rescued in the fog", FERRY, "desk"},
	    {"3", NULL, "Bridge over the Alm reopens", BRIDGE, "desk"}};
	int64_t a = rig_feed("a");
	for (size_t count = 1; count <= 3; count++) {
		rig_draft(a, 1000, many, count);
		ck_assert_int_eq(store_group_add(rig.s, &rig.poll, rig.watchlist, NULL, NULL, &rig.err), 1);
		rig_reopen();
		rig_use_window();
		ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 0);
	}
	RIG_POLL(a, 2000, many[0], many[1], many[2]);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM stories"), 2);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM outbox"), 2);
	rig_check_invariants();
}
END_TEST

START_TEST(test_a_connection_apart_reads_what_is_committed)
{
	struct str kept, read;
	RIG_POLL(rig_feed("a"), 1000, {"1", "https://a.example/1", "Ferry aground", FERRY, ""});
	struct apart *a = apart_new(rig.path), *none = apart_new("/nowhere/at-all.db");
	ck_assert(a != NULL && none != NULL);
	ck_assert_int_eq(store_fetch_signature(rig.s, 1, &rig.arena, &kept, &rig.err), 0);
	ck_assert(apart_signature(a, 1, &rig.arena, &read));
	ck_assert(kept.len > 0 && str_eq(read, kept));
	ck_assert(!apart_signature(a, 2, &rig.arena, &read));
	ck_assert(!apart_signature(none, 1, &rig.arena, &read));
	rig_draft(rig_feed("b"), 2000, &(const struct draft){"1", NULL, "Bridge opens", BRIDGE, ""}, 1);
	ck_assert_int_eq(store_group_add(rig.s, &rig.poll, rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert(!apart_signature(a, 2, &rig.arena, &read));
	ck_assert_int_eq(store_group_end(rig.s, NULL, NULL, &rig.err), 1);
	ck_assert(apart_signature(a, 2, &rig.arena, &read) && read.len > 0);
	rig_number("UPDATE story_items SET signature = NULL WHERE item_id = 2 RETURNING 1");
	ck_assert(apart_signature(a, 2, &rig.arena, &read) && read.s == NULL);
	apart_free(a);
	apart_free(none);
}
END_TEST

static void
start_threaded(void)
{
	rig_setup();
	rig_open();
	rig.threaded = true;
	rig_use_window();
}

static void
add_all(TCase *tc, void (*fixture)(void))
{
	tcase_add_checked_fixture(tc, fixture, rig_teardown);
	tcase_add_test(tc, test_a_copy_joins_the_story_and_is_not_told_again);
	tcase_add_test(tc, test_who_wants_copies_is_told_each);
	tcase_add_test(tc, test_copies_of_copies_are_copies_of_the_first);
	tcase_add_test(tc, test_one_article_in_two_feeds_has_two_sources);
	tcase_add_test(tc, test_a_restart_goes_on_where_it_was);
	tcase_add_test(tc, test_a_commit_that_failed_decides_the_same_when_it_is_repeated);
	tcase_add_test(tc, test_the_headline_is_that_of_the_most_central_item);
	tcase_add_test(tc, test_what_a_person_moved_draws_later_items_along);
	tcase_add_test(tc, test_whoever_reads_between_two_polls_finds_their_stories);
	tcase_add_test(tc, test_a_store_is_closed_in_the_midst_of_a_group);
}

static void
suite(TCase *tc)
{
	add_all(tc, start);
	tcase_add_test(tc, test_a_connection_apart_reads_what_is_committed);
}

static void
suite_threaded(TCase *tc)
{
	add_all(tc, start_threaded);
}

int
main(void)
{
	return tap_run_cases((const struct tap_case[]){
	    {"store/stories", suite}, {"store/stories, asked by a thread", suite_threaded}, {NULL, NULL}});
}
