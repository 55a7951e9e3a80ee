#include "tap.h"

#include "rng.h"
#include "story/index.h"

#define ITEMS 2000u

static struct story_index ix;
static uint64_t seed;
static size_t count; /* items that were posted */

static void
start(void)
{
	seed = 7;
	count = 0;
	ck_assert_int_eq(story_index_init(&ix, ITEMS), 0);
}

static void
stop(void)
{
	story_index_done(&ix);
}

static uint64_t
key_of(uint32_t term)
{
	return story_term_key(STORY_TERM_WORD, term);
}

/* An item with these two terms and others that no item has. */
static void
post(uint32_t one, uint32_t other)
{
	uint64_t keys[STORY_POSTINGS];
	keys[0] = key_of(one);
	keys[1] = key_of(other);
	for (size_t i = 2; i < STORY_POSTINGS; i++)
		keys[i] = rng_next(&seed);
	story_index_post(&ix, count++ % ITEMS, keys, STORY_POSTINGS);
}

static size_t
find(uint32_t term, struct story_hit *hits)
{
	uint64_t key = key_of(term);
	struct story_search search = {.keys = &key, .count = 1, .newest = count % ITEMS};
	return story_index_find(&ix, &search, hits);
}

static bool
found_at(uint32_t term, size_t number)
{
	struct story_hit hits[STORY_NEWEST];
	size_t n = find(term, hits);
	for (size_t i = 0; i < n; i++) {
		if (hits[i].place == number % ITEMS && hits[i].term == 0)
			return true;
	}
	return false;
}

/* The table grows under them. Lines are filled unevenly, so a few of the oldest have made way. */
START_TEST(test_a_rare_term_is_found_as_long_as_the_window_holds_its_item)
{
	size_t lines = ix.line_count, found = 0;
	for (uint32_t i = 0; i < ITEMS; i++) {
		post(1000 + i, 1);
		ck_assert(found_at(1000 + i, i));
	}
	ck_assert_uint_ge(ix.line_count, 4 * lines);
	ck_assert_uint_le(ix.line_count, ix.lines_max);
	for (uint32_t i = 0; i < ITEMS; i++)
		found += found_at(1000 + i, i);
	ck_assert_uint_ge(found, ITEMS * 95 / 100);
}
END_TEST

START_TEST(test_of_a_frequent_term_the_newest_are_found_and_it_drives_no_other_out)
{
	struct story_hit hits[STORY_NEWEST];
	post(5, 6);
	for (size_t i = 1; i < ITEMS / 4; i++)
		post(1, 2);
	ck_assert_uint_eq(find(1, hits), STORY_NEWEST);
	for (size_t i = 0; i < STORY_NEWEST; i++)
		ck_assert_uint_eq(hits[i].place, count - 1 - i);
	ck_assert(found_at(5, 0) && found_at(6, 0));
}
END_TEST

/* Their places are taken by others; what was posted for them is no hit for those. */
START_TEST(test_items_that_left_the_window_are_not_found)
{
	size_t wrong = 0;
	for (uint32_t i = 0; i < 3 * ITEMS; i++) {
		post(10000 + i, 1);
		wrong += i >= ITEMS && found_at(10000 + i - ITEMS, i);
	}
	ck_assert_uint_le(wrong, ITEMS / 200);
	ck_assert(found_at(10000 + 3 * ITEMS - 1, 3 * ITEMS - 1));
}
END_TEST

/* The postings of a term that stand in its line, looked at one after the other as story/index.h says. */
static size_t
walk(uint64_t key, struct story_hit *hits)
{
	size_t n = 0, age_before = 0, newest = count % ITEMS, line = key >> 32 & ix.line_mask;
	const uint32_t *p =
	    (const uint32_t *)(const void *)ix.lines + 16 * (line < ix.line_count ? line : line & ix.line_mask >> 1);
	uint32_t tag = (uint32_t)(key >> 32 >> ix.first_bits) << ix.place_bits;
	for (size_t i = 0; i < 16 && p[i] != 0 && n < STORY_NEWEST; i++) {
		uint32_t place = (p[i] & ((1u << ix.place_bits) - 1)) - 1;
		size_t age = newest - 1 - place + (place < newest ? 0 : ITEMS);
		if (age < age_before)
			break;
		age_before = age;
		if (p[i] >> ix.place_bits << ix.place_bits == tag)
			hits[n++] = (struct story_hit){place, 0};
	}
	return n;
}

/* Frequent and rare ones, in lines that are empty, half full and full of what is gone. */
START_TEST(test_found_is_what_a_walk_through_the_line_finds)
{
	struct story_hit hits[STORY_NEWEST], wanted[STORY_NEWEST];
	size_t all = 0, cut = 0;
	for (uint32_t i = 0; i < 3 * ITEMS; i++) {
		post((uint32_t)rng_below(&seed, 30), (uint32_t)rng_below(&seed, 1000));
		uint32_t term = (uint32_t)rng_below(&seed, 1u << rng_below(&seed, 11));
		size_t n = find(term, hits);
		ck_assert_uint_eq(n, walk(key_of(term), wanted));
		for (size_t k = 0; k < n; k++)
			ck_assert(hits[k].place == wanted[k].place && hits[k].term == 0);
		all += n;
		cut += n == STORY_NEWEST;
	}
	ck_assert(all > 3 * ITEMS && cut > 100 && cut < 2 * ITEMS);
}
END_TEST

/* A count-min sketch never says less than there are; here hardly ever more. */
START_TEST(test_counts_and_what_follows_from_them)
{
	uint32_t terms[200], items[200];
	size_t exact = 0;
	for (uint32_t i = 0; i < 200; i++)
		terms[i] = i * 2654435761u;
	for (size_t n = 1; n <= 100; n++) { /* term i is in the first i + 1 items */
		story_index_count(&ix, STORY_TERM_WORD, terms + n - 1, 200 - n + 1);
		story_index_counted(&ix);
	}
	story_index_items(&ix, STORY_TERM_WORD, terms, 200, items);
	for (uint32_t i = 0; i < 200; i++) {
		uint32_t there = i < 100 ? i + 1 : 100;
		ck_assert_uint_ge(items[i], there);
		exact += items[i] == there;
	}
	ck_assert_uint_ge(exact, 190);
	ck_assert_uint_eq(story_index_common(&ix), 50);
	for (uint32_t n = 1; n < UINT16_MAX; n++)
		ck_assert(story_index_rarity_of(&ix, n) <= story_index_rarity_of(&ix, n - 1));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_a_rare_term_is_found_as_long_as_the_window_holds_its_item);
	tcase_add_test(tc, test_of_a_frequent_term_the_newest_are_found_and_it_drives_no_other_out);
	tcase_add_test(tc, test_items_that_left_the_window_are_not_found);
	tcase_add_test(tc, test_found_is_what_a_walk_through_the_line_finds);
	tcase_add_test(tc, test_counts_and_what_follows_from_them);
}

int
main(void)
{
	return tap_run("story/index", suite);
}
