#include "tap.h"

#include "base/clock.h"
#include "daemon/deliver.h"

START_TEST(test_the_wait_doubles_from_five_seconds)
{
	ck_assert_int_eq(deliver_backoff_ms(1), 5 * SECOND_MS);
	ck_assert_int_eq(deliver_backoff_ms(2), 10 * SECOND_MS);
	ck_assert_int_eq(deliver_backoff_ms(5), 80 * SECOND_MS);
}
END_TEST

START_TEST(test_the_wait_never_shrinks_and_never_exceeds_an_hour)
{
	int64_t last = 0;
	for (unsigned attempt = 0; attempt < 1000; attempt++) {
		int64_t ms = deliver_backoff_ms(attempt);
		ck_assert_int_ge(ms, last);
		ck_assert_int_le(ms, HOUR_MS);
		last = ms;
	}
	ck_assert_int_eq(last, HOUR_MS);
	ck_assert_int_eq(deliver_backoff_ms(UINT32_MAX), HOUR_MS);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_the_wait_doubles_from_five_seconds);
	tcase_add_test(tc, test_the_wait_never_shrinks_and_never_exceeds_an_hour);
}

int
main(void)
{
	return tap_run("daemon/deliver", suite);
}
