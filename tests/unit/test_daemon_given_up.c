#include "daemon/given_up.h"
#include "store_rig.h"

#include <stdio.h>

static struct arena arena;
static struct watchlist *watchlist;

static void
setup(void)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	arena_init(&arena, 0);
	for (unsigned i = 0; i < 200; i++) {
		char id[16];
		snprintf(id, sizeof id, "t%u", i);
		ck_assert_int_eq(watch_add_query(b, str_from(id), WATCH_TOPIC, STR_LIT("/a+b/"),
		                     (struct watch_origin){STR_LIT("w.conf"), i + 1}, &err),
		    0);
	}
	watchlist = watch_compile(b, &err);
	ck_assert_ptr_nonnull(watchlist);
	watch_builder_free(b);
}

static void
teardown(void)
{
	watchlist_free(watchlist);
	arena_done(&arena);
}

static struct store_poll_event events[GIVEN_UP_EVENTS_MAX];

/* An item in which the expressions of `count` topics from `first` on were given up. */
static size_t
told(struct given_up *g, size_t first, size_t count, enum watch_field field, int64_t now)
{
	struct watch_given_up all[WATCH_GIVEN_UP_MAX];
	struct watch_result result = {.given_up = all, .given_up_count = count};
	for (size_t i = 0; i < count; i++)
		all[i] = (struct watch_given_up){.entity = first + i, .field = field, .limit = WATCH_LIMIT_STEPS};
	return given_up_events(
	    g, watchlist, &result, STR_LIT("https://x.example/1"), now, &arena, events, GIVEN_UP_EVENTS_MAX);
}

START_TEST(test_an_expression_is_told_once_a_day)
{
	struct given_up g = {.count = 0};
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_TITLE, 1000), 1);
	ck_assert_str_eq(events[0].kind, "regex_limit");
	ck_assert_str_eq(events[0].text.s, "w.conf:4: topic t3: the regular expression /a+b/ met its limit of 1000000 "
	                                   "steps and 20 for each byte in the "
	                                   "title; what it finds behind is not known; item https://x.example/1");
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_TITLE, 1001), 0);
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_CONTENT, 1002), 0); /* no news */
	ck_assert_uint_eq(told(&g, 4, 1, WATCH_FIELD_TITLE, 1003), 1);   /* of another topic */
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_TITLE, 999 + DAY_MS), 0);
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_TITLE, 1000 + DAY_MS), 1);
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_TITLE, 1001 + DAY_MS), 0);
}
END_TEST

/* … but for that of all expressions of a document: what that one did is told, that items were not looked at is to be told too. */
START_TEST(test_that_no_steps_were_left_is_told_too)
{
	struct given_up g = {.count = 0};
	struct watch_given_up one = {.entity = 3, .limit = WATCH_LIMIT_DOCUMENT};
	struct watch_result result = {.given_up = &one, .given_up_count = 1};
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_TITLE, 1000), 1);
	for (size_t i = 0; i < 2; i++)
		ck_assert_uint_eq(
		    given_up_events(&g, watchlist, &result, STR_NONE, 1001, &arena, events, GIVEN_UP_EVENTS_MAX),
		    i == 0);
	ck_assert_uint_eq(told(&g, 3, 1, WATCH_FIELD_TITLE, 1002), 0);
}
END_TEST

START_TEST(test_a_flood_has_a_ceiling)
{
	struct given_up g = {.count = 0};
	size_t n = 0;
	ck_assert_uint_eq(told(&g, 0, 10, WATCH_FIELD_TITLE, 0), GIVEN_UP_EVENTS_MAX);
	ck_assert_uint_eq(told(&g, 0, 6, WATCH_FIELD_TITLE, 0), 2); /* those that had no room come with the next poll */
	for (size_t i = 0; i < 200; i++)
		n += told(&g, i, 1, WATCH_FIELD_TITLE, 5);
	ck_assert_uint_eq(n, GIVEN_UP_TOLD_MAX - 6);
	ck_assert_uint_eq(told(&g, 199, 1, WATCH_FIELD_TITLE, DAY_MS - 1), 0);
	ck_assert_uint_eq(told(&g, 199, 1, WATCH_FIELD_TITLE, DAY_MS), 1);
}
END_TEST

/* A restart: the events are all that is left. */
START_TEST(test_what_was_told_before_is_known_from_the_events)
{
	struct given_up g = {.count = 0}, again = {.count = 7};
	struct store_happening happened[2];
	struct err err;
	rig_open();
	ck_assert_uint_eq(told(&g, 3, 2, WATCH_FIELD_TITLE, 1000), 2);
	for (size_t i = 0; i < 2; i++)
		happened[i] = (struct store_happening){
		    .at = (int64_t)(5 + i) * DAY_MS, .kind = events[i].kind, .text = events[i].text};
	ck_assert_int_eq(store_add_events(rig.s, happened, 2, &err), 0);
	happened[0] =
	    (struct store_happening){.at = 6 * DAY_MS, .kind = "network_up", .text = STR_LIT("no expression")};
	ck_assert_int_eq(store_add_events(rig.s, happened, 1, &err), 0);
	/* the first was told a day and an hour ago, the second an hour ago */
	ck_assert_int_eq(given_up_remember(&again, rig.s, 6 * DAY_MS + HOUR_MS, 5000, &err), 0);
	ck_assert_uint_eq(again.count, 1);
	ck_assert_uint_eq(told(&again, 4, 1, WATCH_FIELD_CONTENT, 5000), 0);
	ck_assert_uint_eq(told(&again, 3, 1, WATCH_FIELD_CONTENT, 5000), 1);
	ck_assert_uint_eq(told(&again, 4, 1, WATCH_FIELD_CONTENT, 4999 + DAY_MS - HOUR_MS), 0);
	ck_assert_uint_eq(told(&again, 4, 1, WATCH_FIELD_CONTENT, 5000 + DAY_MS - HOUR_MS), 1);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_test(tc, test_an_expression_is_told_once_a_day);
	tcase_add_test(tc, test_that_no_steps_were_left_is_told_too);
	tcase_add_test(tc, test_a_flood_has_a_ceiling);
	tcase_add_test(tc, test_what_was_told_before_is_known_from_the_events);
}

int
main(void)
{
	return tap_run("daemon/given_up", suite);
}
