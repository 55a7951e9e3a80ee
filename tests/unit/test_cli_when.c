#include "tap.h"

#include "cli/when.h"

#define NOW 1795444500000LL /* 2026-11-23T14:35:00Z */

static int64_t
utc(int64_t at)
{
	return 0;
}

static int64_t
kyiv_in_winter(int64_t at)
{
	return 2 * HOUR_MS;
}

/* Clocks go back by an hour at 2026-10-25T01:00Z, as in Kyiv. */
static int64_t
kyiv(int64_t at)
{
	return at < 1792890000000LL ? 3 * HOUR_MS : 2 * HOUR_MS;
}

static const struct {
	const char *text, *want;
	int64_t (*zone)(int64_t at);
} good[] = {
    {"now", "2026-11-23T14:35:00Z", utc},
    {"today", "2026-11-23T00:00:00Z", utc},
    {"yesterday", "2026-11-22T00:00:00Z", utc},
    {"today", "2026-11-22T22:00:00Z", kyiv_in_winter},
    {"yesterday", "2026-11-21T22:00:00Z", kyiv_in_winter},
    {"2h", "2026-11-23T12:35:00Z", utc},
    {"2h ago", "2026-11-23T12:35:00Z", kyiv_in_winter},
    {"90s", "2026-11-23T14:33:30Z", utc},
    {"10m", "2026-11-23T14:25:00Z", utc},
    {"30d", "2026-10-24T14:35:00Z", utc},
    {"2w", "2026-11-09T14:35:00Z", utc},
    {"1000000000d", "0001-01-01T00:00:00Z", utc},
    {"2026-11-20", "2026-11-20T00:00:00Z", utc},
    {"2026-11-20", "2026-11-19T22:00:00Z", kyiv_in_winter},
    {" 2026-11-20 07:08 ", "2026-11-20T07:08:00Z", utc},
    {"2026-11-20T07:08:09Z", "2026-11-20T07:08:09Z", kyiv_in_winter},
    {"2026-11-20t07:08:09z", "2026-11-20T07:08:09Z", utc},
    {"2026-11-20T07:08:09.250+02:00", "2026-11-20T05:08:09.250Z", utc},
    {"2026-11-20T07:08:09-05:30", "2026-11-20T12:38:09Z", utc},
    {"2026-11-20T07:08:09", "2026-11-20T05:08:09Z", kyiv_in_winter},
    {"2026-10-25", "2026-10-24T21:00:00Z", kyiv},
    {"2026-10-25 12:00", "2026-10-25T10:00:00Z", kyiv},
    {"2024-02-29", "2024-02-29T00:00:00Z", utc},
    {"2026-11-20T24:00", "2026-11-21T00:00:00Z", utc},
};

START_TEST(test_what_people_type_is_understood)
{
	char text[TIME_FORMAT_MAX];
	int64_t at = 0;
	ck_assert_msg(cli_when(str_from(good[_i].text), NOW, good[_i].zone, &at), "%s", good[_i].text);
	ck_assert_str_eq(time_format(at, true, text), good[_i].want);
}
END_TEST

/* clang-format off */
static const char *const bad[] = {
    "", " ", "tomorrow", "h", "-2h", "2 h", "2y", "h2", "+2h", "99999999999999999999d", "2026", "2026-1-2", "2026-02-30", "2025-02-29",
    "2026-13-01", "2026-00-10", "0000-01-01", "2026-11-20T", "2026-11-20T7:08", "2026-11-20T07:60", "2026-11-20T24:01", "2026-11-20T07:08+2",
    "2026-11-20T07:08:09.Z", "2026-11-20T07:08:09Z!", "20-11-2026", "2026-11-2x", "-026-11-20", "2026-+1-20",
};
/* clang-format on */

START_TEST(test_what_is_no_time_is_refused)
{
	int64_t at = 0;
	ck_assert_msg(!cli_when(str_from(bad[_i]), NOW, utc, &at), "%s", bad[_i]);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_what_people_type_is_understood, 0, sizeof good / sizeof *good);
	tcase_add_loop_test(tc, test_what_is_no_time_is_refused, 0, sizeof bad / sizeof *bad);
}

int
main(void)
{
	return tap_run("cli/when", suite);
}
