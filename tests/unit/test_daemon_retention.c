#include "tap.h"

#include "base/clock.h"
#include "daemon/retention.h"

#define NOW 1795444500000 /* 2026-11-23 */

START_TEST(test_a_clock_that_goes_its_way_is_trusted)
{
	struct retention r = {0};
	for (int64_t t = 0; t < 10 * DAY_MS; t += HOUR_MS)
		ck_assert(retention_trusts(&r, NOW + t, 5000 + t));
	/* a correction of some hours, as of a time zone set wrong, is none that matters */
	ck_assert(retention_trusts(&r, NOW + 10 * DAY_MS + 5 * HOUR_MS, 5000 + 10 * DAY_MS));
}
END_TEST

START_TEST(test_a_clock_before_this_version_is_not_trusted)
{
	struct retention r = {0};
	ck_assert(!retention_trusts(&r, 0, 5000));
	ck_assert(!retention_trusts(&r, 1000, 6000));
}
END_TEST

START_TEST(test_after_a_jump_the_clock_is_not_trusted_for_a_day)
{
	static const int64_t jumps[] = {3650 * DAY_MS, -2 * DAY_MS};
	for (int i = 0; i < 2; i++) {
		struct retention r = {0};
		ck_assert(retention_trusts(&r, NOW, 5000));
		ck_assert(!retention_trusts(&r, NOW + jumps[i], 6000));
		ck_assert(!retention_trusts(&r, NOW + jumps[i] + HOUR_MS, 6000 + HOUR_MS));
		ck_assert(retention_trusts(&r, NOW + jumps[i] + DAY_MS, 6000 + DAY_MS));
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_clock_that_goes_its_way_is_trusted);
	tcase_add_test(tc, test_a_clock_before_this_version_is_not_trusted);
	tcase_add_test(tc, test_after_a_jump_the_clock_is_not_trusted_for_a_day);
}

int
main(void)
{
	return tap_run("daemon/retention", suite);
}
