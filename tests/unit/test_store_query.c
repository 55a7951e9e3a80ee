#include "store_rig.h"

#define QUERY(...) \
	&(struct store_query) \
	{ \
		.since_at = TIME_NONE, .until_at = TIME_NONE, __VA_ARGS__ \
	}

static void
five_items(void)
{
	rig_open();
	int64_t a = rig_feed("a"), b = rig_feed("b");
	RIG_POLL(a, 1000, {"1", NULL, "Putin one", "wheat and barley", NULL});
	RIG_POLL(b, 2000, {"2", NULL, "Zelenskiy two", "wheat; a grain deal", NULL});
	RIG_POLL(a, 3000, {"3", NULL, "Weather three", "Straße, café, naïve", NULL});
	RIG_POLL(b, 4000, {"4", NULL, "普京 four", "习近平在北京会见普京", NULL});
	RIG_POLL(a, 5000, {"5", NULL, "Putin five", "grain deal with Zelenskiy: C++ and foo-bar", NULL});
}

static const struct {
	const char *text, *titles;
} words[] = {
    {"wheat", "Zelenskiy two|Putin one"},
    {"WHEAT barley", "Putin one"},
    {"cafe", "Weather three"},
    {"NAIVE", "Weather three"},
    {"北京", "普京 four"},
    {"普京", "普京 four"},
    {"京北", "普京 four"},
    {"近平 会见", "普京 four"},
    {"c++", "Putin five"},
    {"foo-bar", "Putin five"},
    {"bar-foo", "Putin five"},
    {"NOT wheat", ""},
    {"wheat OR weather", ""},
    {"whe*", ""},
    {"\"", ""},
    {"( )", ""},
    {"title:putin", ""},
    {"nothing", ""},
    {"", "Putin five|普京 four|Weather three|Zelenskiy two|Putin one"},
    {"  ", "Putin five|普京 four|Weather three|Zelenskiy two|Putin one"},
};

START_TEST(test_words_find_what_has_them_all)
{
	ck_assert_str_is(rig_titles(QUERY(.text = str_from(words[_i].text))), words[_i].titles);
}
END_TEST

START_TEST(test_filters_narrow)
{
	static const struct {
		const char *actor, *topic, *watch, *feed, *text, *titles;
	} cases[] = {
	    {"putin", NULL, NULL, NULL, NULL, "Putin five|Putin one"},
	    {NULL, "grain", NULL, NULL, NULL, "Putin five|Zelenskiy two"},
	    {"zelenskiy", "grain", NULL, NULL, NULL, "Putin five|Zelenskiy two"},
	    {"putin", "grain", NULL, NULL, NULL, "Putin five"},
	    {NULL, NULL, NULL, "b", NULL, "普京 four|Zelenskiy two"},
	    {"zelenskiy", NULL, NULL, "a", NULL, "Putin five"},
	    {NULL, NULL, "talks", NULL, NULL, "Putin five|Zelenskiy two|Putin one"},
	    {NULL, NULL, "talks", "a", NULL, "Putin five|Putin one"},
	    {"putin", NULL, NULL, NULL, "wheat", "Putin one"},
	    {NULL, NULL, "talks", NULL, "wheat", "Zelenskiy two|Putin one"},
	    {NULL, NULL, NULL, "b", "wheat", "Zelenskiy two"},
	    {"putin", "grain", "talks", "a", "foo-bar", "Putin five"},
	    {"nobody", NULL, NULL, NULL, NULL, ""},
	    {NULL, NULL, NULL, "nowhere", NULL, ""},
	    {NULL, NULL, "nothing", NULL, NULL, ""},
	    {"x' OR 1 --", NULL, NULL, NULL, NULL, ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_str_is(rig_titles(QUERY(.actor = str_from(cases[i].actor), .topic = str_from(cases[i].topic),
		                     .watch = str_from(cases[i].watch), .feed = str_from(cases[i].feed),
		                     .text = str_from(cases[i].text))),
		    cases[i].titles);
}
END_TEST

START_TEST(test_a_frequent_actor_and_a_word_are_found_from_the_words_side)
{
	int64_t feed = rig_feed("a");
	for (int i = 0; i < 70; i++) {
		struct draft many[32];
		for (int k = 0; k < 32; k++)
			many[k] =
			    (struct draft){arena_printf(&rig.arena, "m%d-%d", i, k).s, NULL, "Putin", "again", NULL};
		rig_poll(feed, 6000 + i, many, 32);
	}
	ck_assert_str_is(rig_titles(QUERY(.actor = STR_LIT("putin"), .text = STR_LIT("barley"))), "Putin one");
	ck_assert_str_is(rig_titles(QUERY(.actor = STR_LIT("putin"), .topic = STR_LIT("grain"), .text = STR_LIT("foo"))),
	    "Putin five");
}
END_TEST

START_TEST(test_times_bound_it)
{
	ck_assert_str_is(rig_titles(&(struct store_query){.since_at = 2000, .until_at = 4000}),
	    "普京 four|Weather three|Zelenskiy two");
	ck_assert_str_is(rig_titles(&(struct store_query){.since_at = 5001, .until_at = TIME_NONE}), "");
	ck_assert_str_is(rig_titles(&(struct store_query){.since_at = TIME_NONE, .until_at = 1000}), "Putin one");
	ck_assert_str_is(
	    rig_titles(&(struct store_query){.since_at = 2000, .until_at = TIME_NONE, .actor = STR_LIT("putin")}),
	    "Putin five");
	/* a clock that went back: the item that came later was seen earlier */
	RIG_POLL(rig_feed("a"), 1500, {"6", NULL, "Late six", "x", NULL});
	ck_assert_str_is(
	    rig_titles(&(struct store_query){.since_at = 1200, .until_at = 2000}), "Late six|Zelenskiy two");
}
END_TEST

START_TEST(test_order_limit_and_after)
{
	ck_assert_str_is(rig_titles(QUERY(.limit = 2)), "Putin five|普京 four");
	ck_assert_str_is(rig_titles(QUERY(.limit = 2, .oldest_first = true)), "Putin one|Zelenskiy two");
	ck_assert_str_is(rig_titles(QUERY(.after_id = 3, .oldest_first = true)), "普京 four|Putin five");
	ck_assert_str_is(rig_titles(QUERY(.after_id = 5)), "");
	ck_assert_str_is(rig_titles(QUERY(.matched_only = true)), "Putin five|Zelenskiy two|Putin one");
	ck_assert_str_is(rig_titles(QUERY(.matched_only = true, .feed = STR_LIT("b"))), "Zelenskiy two");
	ck_assert_str_is(rig_titles(QUERY(.matched_only = true, .text = STR_LIT("wheat"), .oldest_first = true)),
	    "Putin one|Zelenskiy two");
}
END_TEST

START_TEST(test_a_question_that_is_too_long_is_refused)
{
	struct arena a;
	char text[2000];
	memset(text, 'x', sizeof text);
	arena_init(&a, 0);
	struct store_query q = {.text = {text, sizeof text}, .since_at = TIME_NONE, .until_at = TIME_NONE};
	ck_assert_int_eq(store_query(rig.s, &q, &a, NULL, NULL, &rig.err), -1);
	ck_assert_int_eq(rig.err.code, ERR_LIMIT);
	arena_done(&a);
}
END_TEST

static bool
stop_at_once(void *ctx, const struct record *r)
{
	++*(int *)ctx;
	return false;
}

START_TEST(test_the_caller_can_stop_it)
{
	struct arena a;
	int calls = 0;
	arena_init(&a, 0);
	ck_assert_int_eq(store_query(rig.s, QUERY(.limit = 10), &a, stop_at_once, &calls, &rig.err), 0);
	ck_assert_int_eq(calls, 1);
	arena_done(&a);
}
END_TEST

START_TEST(test_totals_add_up)
{
	struct store_totals t;
	ck_assert_int_eq(store_totals(rig.s, &t, &rig.err), 0);
	ck_assert(t.items == 5 && t.matched_items == 3 && t.feeds == 2 && t.failing_feeds == 0 && t.polls == 5);
	ck_assert(t.oldest_at == 1000 && t.newest_at == 5000 && t.size_bytes >= 4096);
}
END_TEST

START_TEST(test_totals_of_nothing)
{
	struct store_totals t;
	rig_teardown();
	rig_setup();
	rig_open();
	ck_assert_int_eq(store_totals(rig.s, &t, &rig.err), 0);
	ck_assert(t.items == 0 && t.oldest_at == TIME_NONE && t.newest_at == TIME_NONE && t.polls == 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_checked_fixture(tc, five_items, NULL);
	tcase_add_loop_test(tc, test_words_find_what_has_them_all, 0, (int)(sizeof words / sizeof *words));
	tcase_add_test(tc, test_filters_narrow);
	tcase_add_test(tc, test_a_frequent_actor_and_a_word_are_found_from_the_words_side);
	tcase_add_test(tc, test_times_bound_it);
	tcase_add_test(tc, test_order_limit_and_after);
	tcase_add_test(tc, test_a_question_that_is_too_long_is_refused);
	tcase_add_test(tc, test_the_caller_can_stop_it);
	tcase_add_test(tc, test_totals_add_up);
	tcase_add_test(tc, test_totals_of_nothing);
}

int
main(void)
{
	return tap_run("store/query", suite);
}
