#include "base/arena.h"
#include "base/buf.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/vec.h"
#include "failing_alloc.h"
#include "tap.h"

#include <stdlib.h>

START_TEST(test_an_arena_reports_memory_that_ran_out)
{
	long n = 1;
	for (bool again = true; again; n++) {
		struct arena a;
		struct err err;
		arena_init(&a, 0);
		failing_alloc_arm(n, n % 2);
		for (int i = 0; i < 100; i++)
			arena_printf(&a, "%0500d", i);
		again = failing_alloc_fired();
		ck_assert_int_eq(arena_check(&a, &err), again ? -1 : 0);
		if (again)
			ck_assert_int_eq(err.code, ERR_NO_MEMORY);
		arena_done(&a);
	}
	ck_assert_int_gt(n, 3);
}
END_TEST

START_TEST(test_a_buffer_keeps_what_it_has_when_memory_runs_out)
{
	long n = 1;
	for (bool again = true; again; n++) {
		struct buf b;
		struct err err;
		buf_init(&b, 0);
		failing_alloc_arm(n, true);
		for (int i = 0; i < 1000 && buf_putc(&b, 'x'); i++)
			;
		again = failing_alloc_fired();
		ck_assert_int_eq(buf_check(&b, &err), again ? -1 : 0);
		ck_assert_uint_eq(strspn(buf_view(&b).s, "x"), b.len);
		buf_done(&b);
	}
	ck_assert_int_gt(n, 3);
}
END_TEST

START_TEST(test_a_map_is_unchanged_by_a_put_that_failed)
{
	static const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
	for (long n = 1; n <= 2; n++) {
		struct map m;
		size_t in = 0;
		map_init(&m);
		failing_alloc_arm(n, true);
		while (in < 10 && map_put(&m, str_from(keys[in]), &m) == 0)
			in++;
		ck_assert(failing_alloc_fired());
		ck_assert_uint_eq(m.count, in);
		for (size_t i = 0; i < 10; i++)
			ck_assert_int_eq(map_get(&m, str_from(keys[i])) != NULL, i < in);
		map_done(&m);
	}
}
END_TEST

START_TEST(test_a_heap_is_unchanged_by_an_insertion_that_failed)
{
	struct heap h;
	struct heap_entry e[20];
	size_t in = 0, absent = 0;
	heap_init(&h);
	failing_alloc_arm(2, true);
	for (size_t i = 0; i < 20; i++) {
		heap_entry_init(&e[i]);
		if (heap_set(&h, &e[i], -(int64_t)i) == 0)
			in++;
		else
			absent += e[i].pos == HEAP_ABSENT;
	}
	int moved = heap_set(&h, &e[0], -100); /* needs no memory */
	ck_assert(failing_alloc_fired());
	ck_assert_int_eq(moved, 0);
	ck_assert_uint_eq(in + absent, 20);
	ck_assert_uint_gt(absent, 0);
	ck_assert_uint_eq(h.count, in);
	ck_assert_ptr_eq(heap_min(&h), &e[0]);
	heap_done(&h);
}
END_TEST

START_TEST(test_a_vector_is_unchanged_when_it_cannot_grow)
{
	int *items = NULL;
	size_t cap = 0;
	ck_assert_int_eq(vec_reserve((void **)&items, &cap, 5, sizeof *items), 0);
	items[4] = 42;
	size_t before = cap;
	failing_alloc_arm(1, false);
	ck_assert_int_eq(vec_reserve((void **)&items, &cap, 100, sizeof *items), -1);
	ck_assert(failing_alloc_fired());
	ck_assert_int_eq(vec_reserve((void **)&items, &cap, SIZE_MAX, sizeof *items), -1);
	ck_assert_int_eq(vec_reserve((void **)&items, &cap, SIZE_MAX / 2, sizeof *items), -1);
	ck_assert_uint_eq(cap, before);
	ck_assert_int_eq(items[4], 42);
	ck_assert_int_eq(vec_reserve((void **)&items, &cap, 100, sizeof *items), 0);
	ck_assert_int_eq(items[4], 42);
	ck_assert_uint_ge(cap, 100);
	free(items);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_an_arena_reports_memory_that_ran_out);
	tcase_add_test(tc, test_a_buffer_keeps_what_it_has_when_memory_runs_out);
	tcase_add_test(tc, test_a_map_is_unchanged_by_a_put_that_failed);
	tcase_add_test(tc, test_a_heap_is_unchanged_by_an_insertion_that_failed);
	tcase_add_test(tc, test_a_vector_is_unchanged_when_it_cannot_grow);
}

int
main(void)
{
	return tap_run("base/memory", suite);
}
