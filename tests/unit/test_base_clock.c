#include "base/clock.h"
#include "rng.h"
#include "tap.h"

static int
month_days(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
	return days[month - 1] + (month == 2 && leap);
}

START_TEST(test_every_day_of_four_hundred_years_follows_the_one_before)
{
	int64_t days = time_days_from_civil(1800, 1, 1);
	ck_assert_int_eq(days, -62091);
	for (int64_t year = 1800; year < 2200; year++) {
		for (int month = 1; month <= 12; month++) {
			for (int day = 1; day <= month_days(year, month); day++, days++) {
				int64_t y;
				int m, d;
				time_civil_from_days(days, &y, &m, &d);
				if (time_days_from_civil(year, month, day) != days || y != year || m != month ||
				    d != day)
					ck_abort_msg("%lld-%d-%d", (long long)year, month, day);
			}
		}
	}
	ck_assert_int_eq(days - time_days_from_civil(1800, 1, 1), 146097);
}
END_TEST

START_TEST(test_the_calendar_round_trips_far_from_now)
{
	uint64_t seed = 2;
	for (int i = 0; i < 100000; i++) {
		int64_t days = (int64_t)rng_below(&seed, 8000000) - 4000000, y;
		int m, d;
		time_civil_from_days(days, &y, &m, &d);
		ck_assert_int_ge(m, 1);
		ck_assert_int_le(m, 12);
		ck_assert_int_ge(d, 1);
		ck_assert_int_le(d, month_days(y, m));
		ck_assert_int_eq(time_days_from_civil(y, m, d), days);
	}
}
END_TEST

START_TEST(test_times_are_written_as_rfc_3339)
{
	static const struct {
		int64_t at;
		bool millis;
		const char *want;
	} cases[] = {
	    {0, true, "1970-01-01T00:00:00Z"},
	    {-1, true, "1969-12-31T23:59:59.999Z"},
	    {-1, false, "1969-12-31T23:59:59Z"},
	    {951782400000, true, "2000-02-29T00:00:00Z"},
	    {2147483648000, false, "2038-01-19T03:14:08Z"},
	    {1795444500007, true, "2026-11-23T14:35:00.007Z"},
	    {TIME_MIN, true, "0001-01-01T00:00:00Z"},
	    {TIME_MAX, true, "9999-12-31T23:59:59.999Z"},
	    {TIME_MIN - 1, true, ""},
	    {TIME_MAX + 1, true, ""},
	    {INT64_MAX, true, ""},
	    {TIME_NONE, true, ""},
	};
	char out[TIME_FORMAT_MAX];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_str_eq(time_format(cases[i].at, cases[i].millis, out), cases[i].want);
}
END_TEST

START_TEST(test_durations_show_the_largest_whole_unit)
{
	static const struct {
		int64_t ms;
		const char *want;
	} cases[] = {
	    {0, "0ms"},
	    {-5, "0ms"},
	    {999, "999ms"},
	    {1000, "1s"},
	    {59999, "59s"},
	    {60000, "1m"},
	    {3599999, "59m"},
	    {HOUR_MS, "1h"},
	    {DAY_MS - 1, "23h"},
	    {DAY_MS, "1d"},
	    {400 * DAY_MS, "400d"},
	    {INT64_MAX, "106751991167d"},
	};
	char out[24];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_str_eq(duration_format(cases[i].ms, out), cases[i].want);
}
END_TEST

START_TEST(test_the_clocks_run_forward_and_in_their_units)
{
	int64_t boot = clock_boot_ms(), cpu = clock_cpu_us();
	ck_assert_int_gt(clock_wall(), 1500000000000); /* after 2017: milliseconds, not seconds */
	ck_assert_int_lt(clock_wall(), TIME_MAX);
	ck_assert_int_ge(clock_slept_ms(), -1); /* the two clocks are not read at one moment */
	volatile unsigned spin = 0;
	while (clock_boot_ms() - boot < 3)
		spin++;
	ck_assert_int_gt(clock_cpu_us(), cpu);
	ck_assert_int_lt(clock_cpu_us() - cpu, 60 * 1000000);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_every_day_of_four_hundred_years_follows_the_one_before);
	tcase_add_test(tc, test_the_calendar_round_trips_far_from_now);
	tcase_add_test(tc, test_times_are_written_as_rfc_3339);
	tcase_add_test(tc, test_durations_show_the_largest_whole_unit);
	tcase_add_test(tc, test_the_clocks_run_forward_and_in_their_units);
}

int
main(void)
{
	return tap_run("base/clock", suite);
}
