static unsigned long compared;
#define HEAP_COMPARED() ((void)compared++)
#include "base/heap.c"

#include "rng.h"
#include "tap.h"

#define ENTRIES 200

/* The model: an array that is searched from end to end. */
static const struct heap_entry *
model_min(const struct heap_entry *entries, size_t *count)
{
	const struct heap_entry *min = NULL;
	*count = 0;
	for (size_t i = 0; i < ENTRIES; i++) {
		if (entries[i].pos == HEAP_ABSENT)
			continue;
		(*count)++;
		if (min == NULL || entries[i].key < min->key)
			min = &entries[i];
	}
	return min;
}

START_TEST(test_any_mix_of_moves_agrees_with_a_plain_array)
{
	struct heap h;
	struct heap_entry entries[ENTRIES];
	uint64_t seed = 3;
	heap_init(&h);
	for (size_t i = 0; i < ENTRIES; i++)
		heap_entry_init(&entries[i]);
	for (int step = 0; step < 50000; step++) {
		struct heap_entry *e = &entries[rng_below(&seed, ENTRIES)];
		size_t count;
		if (rng_below(&seed, 3) == 0)
			heap_remove(&h, e);
		else
			ck_assert_int_eq(heap_set(&h, e, (int64_t)rng_below(&seed, 100) - 50), 0);
		const struct heap_entry *want = model_min(entries, &count);
		ck_assert_uint_eq(h.count, count);
		ck_assert_ptr_eq(heap_min(&h), want);
	}
	heap_done(&h);
	for (size_t i = 0; i < ENTRIES; i++)
		ck_assert_uint_eq(entries[i].pos, HEAP_ABSENT);
}
END_TEST

START_TEST(test_draining_gives_the_keys_in_order)
{
	struct heap h;
	struct heap_entry entries[ENTRIES];
	uint64_t seed = 4;
	heap_init(&h);
	for (size_t i = 0; i < ENTRIES; i++) {
		heap_entry_init(&entries[i]);
		heap_set(&h, &entries[i], (int64_t)rng_next(&seed));
	}
	int64_t last = INT64_MIN;
	for (size_t i = 0; i < ENTRIES; i++) {
		struct heap_entry *e = heap_min(&h);
		ck_assert_int_ge(e->key, last);
		last = e->key;
		heap_remove(&h, e);
	}
	ck_assert_ptr_null(heap_min(&h));
	heap_done(&h);
}
END_TEST

/* What the scheduler does at each poll: takes the first, puts it in again later; now and then one in the middle moves. */
START_TEST(test_a_step_compares_as_often_as_the_logarithm_says)
{
	for (unsigned log2 = 4; log2 <= 17; log2++) {
		size_t n = (size_t)1 << log2;
		struct heap_entry *entries = calloc(n, sizeof *entries);
		struct heap h;
		uint64_t seed = 5;
		ck_assert_ptr_nonnull(entries);
		heap_init(&h);
		for (size_t i = 0; i < n; i++) {
			heap_entry_init(&entries[i]);
			compared = 0;
			ck_assert_int_eq(heap_set(&h, &entries[i], -(int64_t)i), 0); /* each is the new first */
			ck_assert_uint_le(compared, log2);
		}
		for (int step = 0; step < 1000; step++) {
			struct heap_entry *e = step % 4 ? heap_min(&h) : &entries[rng_below(&seed, n)];
			compared = 0;
			heap_remove(&h, e);
			ck_assert_int_eq(heap_set(&h, e, (int64_t)rng_below(&seed, n)), 0);
			ck_assert_uint_le(compared, 3 * log2 + 3); /* two a level down, one a level up */
		}
		heap_done(&h);
		free(entries);
	}
}
END_TEST

START_TEST(test_removing_what_is_not_in_is_harmless)
{
	struct heap h;
	struct heap_entry e;
	heap_init(&h);
	heap_entry_init(&e);
	heap_remove(&h, &e);
	heap_set(&h, &e, 1);
	heap_remove(&h, &e);
	heap_remove(&h, &e);
	ck_assert_uint_eq(h.count, 0);
	heap_done(&h);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_any_mix_of_moves_agrees_with_a_plain_array);
	tcase_add_test(tc, test_draining_gives_the_keys_in_order);
	tcase_add_test(tc, test_a_step_compares_as_often_as_the_logarithm_says);
	tcase_add_test(tc, test_removing_what_is_not_in_is_harmless);
}

int
main(void)
{
	return tap_run("base/heap", suite);
}
