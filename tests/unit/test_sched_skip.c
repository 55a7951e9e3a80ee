#include "tap.h"

#include "sched/skip.h"

#define MONDAY 1795392000000LL /* 2026-11-23T00:00:00Z */
#define AT(day, hour, minute) (MONDAY + (day)*DAY_MS + (hour)*HOUR_MS + (minute)*MINUTE_MS)
#define HOURS(from, to) (((2u << (to)) - 1) & ~((1u << (from)) - 1))
#define SUNDAY 1u
#define SATURDAY 64u

static const struct {
	int64_t at;
	uint32_t hours;
	uint8_t days;
	int64_t want;
} rows[] = {
    {AT(0, 10, 5), 0, 0, AT(0, 10, 5)},
    {AT(0, 10, 5), HOURS(0, 5), 0, AT(0, 10, 5)},
    {AT(0, 3, 5), HOURS(0, 5), 0, AT(0, 6, 0)},
    {AT(0, 23, 59), HOURS(22, 23) | HOURS(0, 5), 0, AT(1, 6, 0)},
    {AT(0, 5, 59), HOURS(0, 5), 0, AT(0, 6, 0)},
    {AT(5, 10, 0), 0, SATURDAY | SUNDAY, AT(7, 0, 0)},
    {AT(4, 23, 30), HOURS(23, 23), SATURDAY | SUNDAY, AT(7, 0, 0)},
    {AT(5, 0, 0), HOURS(0, 7), SATURDAY | SUNDAY, AT(7, 8, 0)},
    {AT(0, 10, 0), HOURS(0, 23), 0, AT(0, 10, 0)},
    {AT(0, 10, 0), 0, 127, AT(0, 10, 0)},
    {AT(0, 10, 0), 0xff000000u, 128, AT(0, 10, 0)},
    {AT(0, 10, 0), HOURS(0, 22), 126, AT(6, 23, 0)}, /* one hour a week is left */
    {-30 * MINUTE_MS, HOURS(23, 23), 0, 0},          /* before 1970, a Wednesday */
    {-30 * MINUTE_MS, 0, 8, 0},
};

START_TEST(test_a_moment_is_moved_out_of_the_quiet_hours)
{
	int64_t got = skip_over(rows[_i].at, rows[_i].hours, rows[_i].days);
	ck_assert_msg(
	    got == rows[_i].want, "row %d: off by %lld minutes", _i, (long long)((got - rows[_i].want) / MINUTE_MS));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_a_moment_is_moved_out_of_the_quiet_hours, 0, sizeof rows / sizeof *rows);
}

int
main(void)
{
	return tap_run("sched/skip", suite);
}
