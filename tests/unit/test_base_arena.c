#include "base/arena.h"
#include "rng.h"
#include "tap.h"

START_TEST(test_allocations_are_aligned_and_do_not_overlap)
{
	struct arena a;
	uint64_t seed = 1;
	unsigned char *at[500];
	size_t len[500];
	arena_init(&a, 0);
	for (int i = 0; i < 500; i++) {
		len[i] = rng_below(&seed, 100) == 0 ? 100000 : rng_below(&seed, 300);
		at[i] = i % 3 == 0 ? arena_alloc_line(&a, len[i]) : arena_alloc(&a, len[i]);
		ck_assert_ptr_nonnull(at[i]);
		ck_assert_uint_eq((uintptr_t)at[i] % (i % 3 == 0 ? 64 : 16), 0);
		memset(at[i], i & 0xFF, len[i]);
	}
	for (int i = 0; i < 500; i++) {
		for (size_t k = 0; k < len[i]; k++)
			ck_assert_uint_eq(at[i][k], i & 0xFF);
	}
	ck_assert_int_eq(arena_check(&a, NULL), 0);
	arena_done(&a);
}
END_TEST

START_TEST(test_the_ceiling_refuses_and_stays_remembered)
{
	struct arena a;
	struct err err;
	arena_init(&a, 1000);
	ck_assert_ptr_nonnull(arena_alloc(&a, 900));
	ck_assert_ptr_null(arena_alloc(&a, 900));
	ck_assert_ptr_nonnull(arena_alloc(&a, 16));
	ck_assert_int_eq(arena_check(&a, &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	ck_assert_ptr_nonnull(strstr(err.msg, "1000"));
	arena_reset(&a);
	ck_assert_int_eq(arena_check(&a, &err), 0);
	ck_assert_ptr_nonnull(arena_alloc(&a, 900));
	arena_done(&a);
}
END_TEST

START_TEST(test_sizes_that_overflow_are_refused)
{
	struct arena a;
	struct err err;
	size_t cap = 0;
	arena_init(&a, 0);
	ck_assert_ptr_null(arena_alloc(&a, SIZE_MAX));
	ck_assert_ptr_null(arena_alloc(&a, SIZE_MAX - 20));
	ck_assert_ptr_null(arena_alloc_line(&a, SIZE_MAX));
	ck_assert_ptr_null(arena_alloc_line(&a, SIZE_MAX - 40));
	ck_assert_ptr_null(arena_zalloc(&a, SIZE_MAX / 2, 3));
	ck_assert_ptr_null(arena_grow(&a, NULL, &cap, 0, SIZE_MAX / 4));
	ck_assert_uint_eq(cap, 0);
	ck_assert_int_eq(arena_check(&a, &err), -1);
	arena_done(&a);
}
END_TEST

START_TEST(test_zeroed_memory_is_zero_also_where_it_is_used_again)
{
	struct arena a;
	arena_init(&a, 0);
	memset(arena_alloc(&a, 4000), 0xAA, 4000);
	arena_reset(&a);
	const unsigned char *p = arena_zalloc(&a, 100, 40);
	for (int i = 0; i < 4000; i++)
		ck_assert_uint_eq(p[i], 0);
	arena_done(&a);
}
END_TEST

START_TEST(test_strings_are_copied_with_a_nul_behind_them)
{
	struct arena a;
	char text[] = "peace";
	arena_init(&a, 0);
	struct str s = arena_cstr(&a, text);
	text[0] = 'X';
	ck_assert_str_is(s, "peace");
	ck_assert_int_eq(s.s[s.len], 0);
	s = arena_str(&a, (struct str){"abcdef", 3});
	ck_assert_str_eq(s.s, "abc");
	ck_assert_ptr_null(arena_str(&a, STR_NONE).s);
	ck_assert_ptr_nonnull(arena_str(&a, STR_LIT("")).s);
	s = arena_printf(&a, "%s-%d", "feed", 7);
	ck_assert_str_is(s, "feed-7");
	ck_assert_int_eq(s.s[s.len], 0);
	arena_done(&a);
}
END_TEST

START_TEST(test_growing_keeps_what_was_there)
{
	struct arena a;
	int *items = NULL;
	size_t cap = 0;
	arena_init(&a, 0);
	for (int i = 0; i < 10000; i++) {
		items = arena_grow(&a, items, &cap, (size_t)i, sizeof *items);
		ck_assert_ptr_nonnull(items);
		items[i] = i;
	}
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(items[i], i);
	arena_done(&a);
}
END_TEST

START_TEST(test_a_reset_keeps_one_block)
{
	struct arena a;
	arena_init(&a, 0);
	for (int i = 0; i < 1000; i++)
		arena_alloc(&a, 1000);
	const struct arena_block *newest = a.head;
	arena_reset(&a);
	ck_assert_ptr_eq(a.head, newest);
	ck_assert_uint_eq(a.used_bytes, 0);
	arena_done(&a);
	ck_assert_ptr_null(a.head);
}
END_TEST

/* How much one block gives in pieces of 16 bytes. */
static size_t
block_room(struct arena *a)
{
	const char *at = arena_alloc(a, 16), *next;
	size_t n = 16;
	const struct arena_block *block = a->head;
	while ((next = arena_alloc(a, 16)) == at + n && a->head == block)
		n += 16;
	return n;
}

START_TEST(test_what_is_spare_is_a_part_of_what_is_used)
{
	struct arena a;
	arena_init(&a, 0);
	arena_alloc(&a, 100);
	size_t first = block_room(&a);
	ck_assert_uint_lt(first, 5000);
	arena_alloc(&a, 100000); /* one large piece is no reason for others */
	ck_assert_uint_lt(block_room(&a), 30000);
	for (int i = 0; i < 100; i++) {
		size_t used = a.used_bytes;
		ck_assert_uint_le(block_room(&a), used / 4 + 100);
	}
	arena_done(&a);
}
END_TEST

START_TEST(test_what_is_filled_again_and_again_becomes_one_block)
{
	struct arena a;
	const struct arena_block *block = NULL;
	arena_init(&a, 0);
	for (int round = 0; round < 6; round++) {
		arena_reset(&a);
		for (int i = 0; i < 1000; i++) {
			arena_alloc(&a, 100);
			if (round >= 3)
				ck_assert_ptr_eq(a.head, block);
		}
		block = a.head;
	}
	arena_done(&a);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_allocations_are_aligned_and_do_not_overlap);
	tcase_add_test(tc, test_the_ceiling_refuses_and_stays_remembered);
	tcase_add_test(tc, test_sizes_that_overflow_are_refused);
	tcase_add_test(tc, test_zeroed_memory_is_zero_also_where_it_is_used_again);
	tcase_add_test(tc, test_strings_are_copied_with_a_nul_behind_them);
	tcase_add_test(tc, test_growing_keeps_what_was_there);
	tcase_add_test(tc, test_a_reset_keeps_one_block);
	tcase_add_test(tc, test_what_is_spare_is_a_part_of_what_is_used);
	tcase_add_test(tc, test_what_is_filled_again_and_again_becomes_one_block);
}

int
main(void)
{
	return tap_run("base/arena", suite);
}
