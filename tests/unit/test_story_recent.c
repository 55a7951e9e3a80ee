#include "tap.h"

#include "base/pages.h"
#include "story/recent.h"

static struct story_recent *recent;

static void
start(void)
{
	recent = pages_new(story_recent_bytes());
	ck_assert_ptr_nonnull(recent);
}

static void
stop(void)
{
	pages_free(recent, story_recent_bytes());
}

/* A signature whose sizes and contents follow from its number. */
static void
put(uint32_t number)
{
	uint32_t words[STORY_WORDS_MAX], pieces[STORY_PIECES_MAX];
	uint16_t pairs[STORY_WORDS_MAX];
	struct story_prepared p = {.word_weight = number, .piece_square = 2.0 * number, .word_log = number + 1.0};
	p.signature = (struct story_signature){.words = words,
	    .pieces = pieces,
	    .pairs = pairs,
	    .word_count = (uint16_t)(number * 7 % (STORY_WORDS_MAX + 1)),
	    .pair_count = (uint16_t)(number * 5 % (STORY_WORDS_MAX + 1)),
	    .piece_count = (uint16_t)(number * 3 % (STORY_PIECES_MAX + 1)),
	    .number_count = (uint16_t)(number % 10)};
	for (uint32_t i = 0; i < STORY_WORDS_MAX; i++) {
		words[i] = number + i;
		pairs[i] = (uint16_t)(number * 3 + i);
	}
	for (uint32_t i = 0; i < STORY_PIECES_MAX; i++)
		pieces[i] = number * 2 + i;
	story_recent_put(recent, number, &p);
}

/* false when it is gone; what is there is what was put there. */
static bool
holds(uint32_t number)
{
	const struct story_kept *k = story_recent_find(recent, number);
	if (k == NULL)
		return false;
	struct story_prepared p = story_kept_prepared(k);
	const struct story_signature *s = &p.signature;
	ck_assert_uint_eq(s->word_count, number * 7 % (STORY_WORDS_MAX + 1));
	ck_assert_uint_eq(s->pair_count, number * 5 % (STORY_WORDS_MAX + 1));
	ck_assert_uint_eq(s->piece_count, number * 3 % (STORY_PIECES_MAX + 1));
	ck_assert_uint_eq(s->number_count, number % 10);
	ck_assert(p.word_weight == number && p.piece_square == 2.0 * number && p.word_log == number + 1.0);
	bool same = true;
	for (uint32_t i = 0; i < s->word_count; i++)
		same &= s->words[i] == number + i;
	for (uint32_t i = 0; i < s->pair_count; i++)
		same &= s->pairs[i] == (uint16_t)(number * 3 + i);
	for (uint32_t i = 0; i < s->piece_count; i++)
		same &= s->pieces[i] == number * 2 + i;
	ck_assert(same);
	return true;
}

START_TEST(test_what_was_put_is_there)
{
	ck_assert(!holds(5));
	put(5);
	put(0);
	ck_assert(holds(5) && holds(0) && !holds(6));
}
END_TEST

/* Several times round the ring: the newest stay, each as it was, and there are many of them. */
START_TEST(test_the_newest_stay)
{
	for (uint32_t n = 0; n < 20000; n++) {
		put(n);
		ck_assert(holds(n));
		if (n % 4000 != 3999)
			continue;
		uint32_t kept = 0;
		while (kept <= n && holds(n - kept))
			kept++;
		ck_assert_uint_ge(kept, n < 2000 ? n + 1 : 2000);
		for (uint32_t k = 0; k + kept < n; k += 97)
			ck_assert(!holds(k) || n - k < 16384);
	}
}
END_TEST

/* The place of a number in the table is shared with others: the later one has it. */
START_TEST(test_numbers_that_share_a_place_are_told_apart)
{
	put(3);
	put(3 + 16384);
	ck_assert(holds(3 + 16384) && !holds(3));
}
END_TEST

START_TEST(test_weights_can_be_worked_out_again)
{
	put(8);
	ck_assert(holds(8));
	struct story_prepared p = story_kept_prepared(story_recent_find(recent, 8));
	p.word_weight = 1.5;
	p.piece_log = 77;
	story_recent_weigh(recent, 8, &p);
	story_recent_weigh(recent, 9, &p); /* is not there: nothing happens */
	p = story_kept_prepared(story_recent_find(recent, 8));
	ck_assert(p.word_weight == 1.5 && p.piece_log == 77);
}
END_TEST

/* Of words as they are hashed, at most one in ten that are not there seems to be. */
START_TEST(test_a_sketch_has_all_words_and_hardly_any_other)
{
	for (uint32_t count = 1; count <= STORY_WORDS_MAX; count++) {
		uint32_t words[STORY_WORDS_MAX], others = 0;
		struct story_prepared p = {.signature = {.words = words, .word_count = (uint16_t)count}};
		for (uint32_t i = 0; i < count; i++)
			words[i] = (i * 2 + 1) * 2654435761u;
		story_recent_put(recent, count, &p);
		struct story_sketch s = story_kept_sketch(story_recent_find(recent, count));
		ck_assert(count <= STORY_SKETCH_WORDS_MAX ? s.bits != NULL : s.bits == NULL);
		for (uint32_t i = 0; s.bits != NULL && i < count; i++)
			ck_assert_uint_eq(story_sketch_bit(s, words[i]), 1);
		for (uint32_t i = 0; s.bits != NULL && i < 1000; i++)
			others += story_sketch_bit(s, (i * 2 + 2) * 2246822519u);
		ck_assert_uint_le(others, 100);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_what_was_put_is_there);
	tcase_add_test(tc, test_the_newest_stay);
	tcase_add_test(tc, test_numbers_that_share_a_place_are_told_apart);
	tcase_add_test(tc, test_weights_can_be_worked_out_again);
	tcase_add_test(tc, test_a_sketch_has_all_words_and_hardly_any_other);
}

int
main(void)
{
	return tap_run("story/recent", suite);
}
