#include "tap.h"

#include "base/pages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYTES ((size_t)3 * 1024 * 1024 + 5)

static bool
all_zero(const char *bytes)
{
	size_t i = 0;
	while (i < BYTES && bytes[i] == 0)
		i++;
	return i == BYTES;
}

START_TEST(test_pages_are_zeroed_and_writable)
{
	char *pages = pages_new(BYTES), *now = pages_new_now(BYTES);
	ck_assert_ptr_nonnull(pages);
	ck_assert_ptr_nonnull(now);
	ck_assert(all_zero(pages) && all_zero(now));
	memset(pages, 1, BYTES);
	memset(now, 1, BYTES);
	pages_free(pages, BYTES);
	pages_free(now, BYTES);
	pages_free(NULL, BYTES);
}
END_TEST

START_TEST(test_large_pages_lie_where_they_can_be_large)
{
	char *pages = pages_new(BYTES), *few = pages_new(5);
	ck_assert_ptr_nonnull(pages);
	ck_assert_ptr_nonnull(few);
	ck_assert_uint_eq((uintptr_t)pages % (2u * 1024 * 1024), 0);
	ck_assert(all_zero(pages) && few[4] == 0);
	memset(pages, 1, BYTES);
	memset(few, 1, 5);
	pages_free(pages, BYTES);
	pages_free(few, 5);
}
END_TEST

START_TEST(test_large_ones_are_malloced_and_begin_with_a_large_page)
{
	char *small = pages_malloc(100), *large = pages_malloc(BYTES), *zeroed = pages_calloc(BYTES, 1);
	ck_assert_ptr_nonnull(small);
	ck_assert_ptr_nonnull(large);
	ck_assert_ptr_nonnull(zeroed);
	ck_assert_uint_eq((uintptr_t)large % PAGES_LARGE, 0);
	ck_assert(all_zero(zeroed));
	memset(small, 1, 100);
	memset(large, 1, BYTES);
	pages_ask_large(large + 1, BYTES - 1); /* changes nothing in it */
	pages_ask_large(small, 100);
	pages_ask_large(NULL, 0);
	large = realloc(large, PAGES_LARGE + 1);
	ck_assert_ptr_nonnull(large);
	ck_assert_int_eq(large[PAGES_LARGE], 1);
	free(small);
	free(large);
	free(zeroed);
	free(pages_calloc(3, 5));
}
END_TEST

START_TEST(test_what_cannot_be_had_is_no_memory)
{
	ck_assert_ptr_null(pages_new(SIZE_MAX / 2));
	ck_assert_ptr_null(pages_new_now(SIZE_MAX / 2));
	ck_assert_ptr_null(pages_new(SIZE_MAX - 5));
#ifndef __SANITIZE_ADDRESS__ /* which ends the program that asks for so much */
	ck_assert_ptr_null(pages_malloc(SIZE_MAX / 2));
	ck_assert_ptr_null(pages_calloc(SIZE_MAX / 2, 1));
#endif
	ck_assert_ptr_null(pages_calloc(SIZE_MAX / 2, 4));
}
END_TEST

/* mincore(2) says whether there is such memory without looking at it. */
static int
forked_has(void *pages)
{
	int status = 0;
	unsigned char vec;
	pid_t pid = fork();
	if (pid == 0)
		_exit(mincore(pages, 1, &vec) == 0);
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

START_TEST(test_a_forked_process_does_not_have_them)
{
	unsigned char vec;
	char *pages = pages_new_now(BYTES);
	ck_assert_ptr_nonnull(pages);
	ck_assert_int_eq(mincore(pages, 1, &vec), 0);
	ck_assert_int_eq(forked_has(pages), 0);
	pages_free(pages, BYTES);
}
END_TEST

START_TEST(test_a_forked_process_shares_large_pages)
{
	char *pages = pages_calloc(BYTES, 1);
	ck_assert_ptr_nonnull(pages);
	ck_assert_int_eq(forked_has(pages), 1);
	free(pages);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_pages_are_zeroed_and_writable);
	tcase_add_test(tc, test_large_pages_lie_where_they_can_be_large);
	tcase_add_test(tc, test_large_ones_are_malloced_and_begin_with_a_large_page);
	tcase_add_test(tc, test_what_cannot_be_had_is_no_memory);
	tcase_add_test(tc, test_a_forked_process_does_not_have_them);
	tcase_add_test(tc, test_a_forked_process_shares_large_pages);
}

int
main(void)
{
	return tap_run("base/pages", suite);
}
