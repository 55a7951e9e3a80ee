#include "tap.h"

#include "base/pages.h"
#include "story/habits.h"

static struct story_habits *habits;

static void
start(void)
{
	habits = pages_new(story_habits_bytes());
	ck_assert_ptr_nonnull(habits);
}

static void
stop(void)
{
	pages_free(habits, story_habits_bytes());
}

/* Learns a text of `own` words of its own between an opening of two words and a closing of four. */
static void
learn(const char *feed, char place, uint32_t number, size_t own, size_t *lead, size_t *tail)
{
	uint32_t words[64] = {10, 11};
	size_t n = 2;
	for (size_t i = 0; i < own; i++)
		words[n++] = number * 1000 + (uint32_t)i;
	for (uint32_t i = 0; i < 4; i++)
		words[n++] = 20 + i;
	struct story_runs runs;
	story_habits_find(habits, str_from(feed), place, words, n, &runs);
	story_habits_learn(habits, &runs, lead, tail);
}

START_TEST(test_what_stands_around_every_text_is_learnt)
{
	size_t lead, tail;
	for (uint32_t i = 1; i <= 3; i++) {
		learn("a", 't', i, 20, &lead, &tail);
		ck_assert(lead == 0 && tail == 0);
	}
	learn("a", 't', 4, 20, &lead, &tail);
	ck_assert_uint_eq(lead, 2);
	ck_assert_uint_eq(tail, 4);
}
END_TEST

START_TEST(test_habits_are_a_feeds_own_and_of_one_place)
{
	size_t lead, tail;
	for (uint32_t i = 1; i <= 6; i++)
		learn("a", 't', i, 20, &lead, &tail);
	learn("b", 't', 7, 20, &lead, &tail);
	ck_assert(lead == 0 && tail == 0);
	learn("a", 'h', 8, 20, &lead, &tail);
	ck_assert(lead == 0 && tail == 0);
}
END_TEST

START_TEST(test_a_text_of_nothing_but_habit_is_left_whole)
{
	struct story_runs runs;
	size_t lead, tail;
	for (uint32_t i = 1; i <= 6; i++)
		learn("a", 't', 1, 20, &lead, &tail);
	ck_assert(lead == 0 && tail == 0);
	story_habits_find(habits, STR_LIT("a"), 't', NULL, 0, &runs);
	story_habits_learn(habits, &runs, &lead, &tail);
	ck_assert(lead == 0 && tail == 0);
}
END_TEST

START_TEST(test_habits_outlast_a_flood_of_other_texts)
{
	size_t lead, tail;
	for (uint32_t i = 1; i <= 20000; i++)
		learn("a", 't', i, 20, &lead, &tail);
	ck_assert_uint_eq(lead, 2);
	ck_assert_uint_eq(tail, 4);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_what_stands_around_every_text_is_learnt);
	tcase_add_test(tc, test_habits_are_a_feeds_own_and_of_one_place);
	tcase_add_test(tc, test_a_text_of_nothing_but_habit_is_left_whole);
	tcase_add_test(tc, test_habits_outlast_a_flood_of_other_texts);
}

int
main(void)
{
	return tap_run("story/habits", suite);
}
