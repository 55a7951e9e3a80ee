#include "tap.h"

#include "text/grapheme.h"
#include "text/zone.h"

#define KYIV STR_LIT("Europe/Kyiv")

/* 2026-03-29, when clocks go from 03:00 to 04:00 in Kyiv (01:00 UTC); 2026-10-25, when 03:00 to 04:00 comes twice. */
static int64_t
utc(int month, int day, int hour, int minute)
{
	return time_days_from_civil(2026, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
}

START_TEST(test_zones_are_known_by_name)
{
	ck_assert(text_zone_known(KYIV) && text_zone_known(STR_LIT("UTC")) && text_zone_known(STR_LIT("")));
	ck_assert(!text_zone_known(STR_LIT("Europe/Nowhere")) && !text_zone_known(STR_LIT("\xff")));
	ck_assert(!text_zone_known(STR_LIT("x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x/x")));
}
END_TEST

START_TEST(test_clocks_show_the_time_of_their_zone)
{
	struct text_zone_time t;
	ck_assert(text_zone_local(KYIV, utc(7, 1, 22, 30), &t));
	ck_assert(t.year == 2026 && t.month == 7 && t.day == 2 && t.hour == 1 && t.minute == 30 && t.weekday == 4);
	ck_assert(text_zone_local(STR_LIT(""), utc(1, 1, 0, 0), &t));
	ck_assert(t.year == 2026 && t.month == 1 && t.day == 1 && t.hour == 0 && t.weekday == 4);
}
END_TEST

START_TEST(test_the_next_time_of_day_follows_the_changes_of_clocks)
{
	ck_assert_int_eq(text_zone_next(KYIV, utc(3, 28, 12, 0), -1, 8, 0), utc(3, 29, 5, 0));
	ck_assert_int_eq(text_zone_next(KYIV, utc(3, 27, 12, 0), -1, 8, 0), utc(3, 28, 6, 0));
	/* skipped: when the clocks go on; twice: the first */
	ck_assert_int_eq(text_zone_next(KYIV, utc(3, 29, 0, 0), -1, 3, 30), utc(3, 29, 1, 30));
	ck_assert_int_eq(text_zone_next(KYIV, utc(10, 24, 22, 0), -1, 3, 30), utc(10, 25, 0, 30));
}
END_TEST

START_TEST(test_the_next_time_is_never_now)
{
	int64_t at = text_zone_next(KYIV, utc(7, 1, 0, 0), -1, 8, 0);
	ck_assert_int_eq(text_zone_next(KYIV, at, -1, 8, 0), at + DAY_MS);
	ck_assert_int_eq(text_zone_next(KYIV, at - 1, -1, 8, 0), at);
}
END_TEST

START_TEST(test_a_day_of_the_week_can_be_asked_for)
{
	int64_t monday = text_zone_next(STR_LIT("UTC"), utc(11, 26, 12, 0), 1, 9, 0);
	ck_assert_int_eq(monday, utc(11, 30, 9, 0));
	ck_assert_int_eq(text_zone_next(STR_LIT("UTC"), monday, 1, 9, 0), monday + 7 * DAY_MS);
}
END_TEST

START_TEST(test_no_character_is_cut)
{
	struct str flag = STR_LIT("\xf0\x9f\x87\xba\xf0\x9f\x87\xa6!");
	ck_assert_uint_eq(text_truncate_graphemes(flag, 1).len, 8);
	ck_assert_uint_eq(text_truncate_graphemes(flag, 2).len, 9);
	ck_assert_uint_eq(text_truncate_graphemes(flag, 0).len, 0);
	ck_assert_uint_eq(text_truncate_graphemes(STR_LIT("a\r\nb"), 2).len, 3);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_zones_are_known_by_name);
	tcase_add_test(tc, test_clocks_show_the_time_of_their_zone);
	tcase_add_test(tc, test_the_next_time_of_day_follows_the_changes_of_clocks);
	tcase_add_test(tc, test_the_next_time_is_never_now);
	tcase_add_test(tc, test_a_day_of_the_week_can_be_asked_for);
	tcase_add_test(tc, test_no_character_is_cut);
}

int
main(void)
{
	return tap_run("text/zone", suite);
}
