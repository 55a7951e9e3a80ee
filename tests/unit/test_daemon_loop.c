#include "tap.h"

#include "daemon/loop.h"

START_TEST(test_a_lag_is_counted_in_the_first_bucket_that_holds_it)
{
	struct loop_lag l = {.max_ms = 0};
	loop_lag_note(&l, 0);
	loop_lag_note(&l, 1);
	loop_lag_note(&l, 2);
	loop_lag_note(&l, 100);
	loop_lag_note(&l, 101);
	loop_lag_note(&l, 5000);
	ck_assert_int_eq(l.counts[0], 2);
	ck_assert_int_eq(l.counts[1], 1);
	ck_assert_int_eq(loop_lag_bounds_ms[6], 100);
	ck_assert_int_eq(l.counts[6], 1);
	ck_assert_int_eq(l.counts[7], 1);
	ck_assert_int_eq(l.counts[LOOP_BUCKETS - 1], 1);
	ck_assert_int_eq(l.max_ms, 5000);
}
END_TEST

START_TEST(test_the_status_names_every_bucket)
{
	struct loop_lag l = {.max_ms = 0};
	struct jsonw w;
	struct buf b;
	loop_lag_note(&l, 7);
	buf_init(&b, 0);
	jsonw_init(&w, &b, 0);
	jsonw_object(&w);
	loop_lag_status(&l, &w);
	jsonw_end(&w);
	ck_assert(str_find(buf_view(&b), STR_LIT("\"loop_lag_max_ms\":7"), 0) >= 0);
	ck_assert(str_find(buf_view(&b), STR_LIT("{\"le_ms\":10,\"count\":1}"), 0) >= 0);
	ck_assert(str_find(buf_view(&b), STR_LIT("{\"le_ms\":null,\"count\":0}"), 0) >= 0);
	buf_done(&b);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_lag_is_counted_in_the_first_bucket_that_holds_it);
	tcase_add_test(tc, test_the_status_names_every_bucket);
}

int
main(void)
{
	return tap_run("daemon/loop", suite);
}
