#include "tap.h"

#include "http/headers.h"

#define NOW 1795444535000LL /* 2026-11-23T14:35:35Z */

static const struct {
	const char *text;
	int64_t seconds; /* since 1970; -1 = refused */
} dates[] = {
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Sun Nov  6 08:49:37 1994", 784111777},
    {"06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sun, 6 Nov 1994 08:49 GMT", 784111740},
    {"Sun, 06 Nov 1994 10:49:37 +0200", 784111777},
    {"Sun, 06 Nov 1994 03:19:37 -0530", 784111777},
    {"sun, 06 nov 1994 08:49:37 utc", 784111777},
    {"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Fri, 31 Dec 2016 23:59:60 GMT", 1483228800},
    {"Tue, 19 Jan 2038 03:14:08 GMT", 2147483648},
    {"Fri, 30 Feb 2024 00:00:00 GMT", -1},
    {"Thu, 29 Feb 2023 00:00:00 GMT", -1},
    {"Sun, 06 Foo 1994 08:49:37 GMT", -1},
    {"Sun, 06 Nov 1994", -1},
    {"Sun, 06 Nov 1994 25:00:00 GMT", -1},
    {"Sun, 06 Nov 1994 08:49:37 EST", -1},
    {"Sun, 06 Nov 1994 08:49:37 GMT 7", -1},
    {"2026-11-23T14:35:35Z", -1},
    {"06 Nov 19994 08:49:37 GMT", -1},
    {"0", -1},
    {"-1", -1},
    {"", -1},
    {"never", -1},
    {"08:49:37", -1},
    {":::", -1},
    {",,,", -1},
};

START_TEST(test_http_dates_in_all_three_forms)
{
	int64_t at = headers_date(str_from(dates[_i].text)), want = dates[_i].seconds;
	ck_assert_msg(at == (want < 0 ? TIME_NONE : want * SECOND_MS), "%s gave %lld", dates[_i].text, (long long)at);
}
END_TEST

static const struct {
	const char *value;
	int64_t ms;
} waits[] = {
    {"120", 120000},
    {"0", 0},
    {" 5 ", 5000},
    {"\"7\"", 7000},
    {"-5", -1},
    {"", -1},
    {"soon", -1},
    {"1.5", -1},
    {"12s", -1},
    {"315360000", HEADERS_DELAY_MAX_MS},
    {"99999999999999999999999", HEADERS_DELAY_MAX_MS},
    {"Mon, 23 Nov 2026 14:36:35 GMT", 60000},
    {"Mon, 23 Nov 2026 14:00:00 GMT", 0},
    {"Fri, 01 Jan 2100 00:00:00 GMT", HEADERS_DELAY_MAX_MS},
};

START_TEST(test_retry_after_is_seconds_or_a_date_and_nothing_else)
{
	int64_t got = headers_retry_after(str_from(waits[_i].value), NOW);
	ck_assert_msg(got == waits[_i].ms, "\"%s\" gave %lld", waits[_i].value, (long long)got);
}
END_TEST

static const struct {
	const char *cache_control, *age, *expires, *date;
	int64_t ms;
} fresh[] = {
    {NULL, NULL, NULL, NULL, -1},
    {"max-age=60", NULL, NULL, NULL, 60000},
    {"public, Max-Age=60, must-revalidate", NULL, NULL, NULL, 60000},
    {"max-age=\"60\"", NULL, NULL, NULL, 60000},
    {"max-age=60", "20", NULL, NULL, 40000},
    {"max-age=60", "90", NULL, NULL, 0},
    {"max-age=60", "garbage", NULL, NULL, 60000},
    {"max-age=60", "-5", NULL, NULL, 60000},
    {"max-age=600, max-age=60", NULL, NULL, NULL, 600000},
    {"s-maxage=900", NULL, NULL, NULL, -1},
    {"no-cache", NULL, "Mon, 23 Nov 2026 15:35:35 GMT", NULL, 0},
    {"max-age=60, no-store", NULL, NULL, NULL, 0},
    {"max-age=x", NULL, "Mon, 23 Nov 2026 14:36:35 GMT", NULL, 60000},
    {"max-age=999999999999999999", NULL, NULL, NULL, HEADERS_DELAY_MAX_MS},
    {NULL, NULL, "Mon, 23 Nov 2026 15:35:35 GMT", NULL, 3600000},
    {NULL, NULL, "Mon, 23 Nov 2026 15:35:35 GMT", "Mon, 23 Nov 2026 15:05:35 GMT", 1800000},
    {NULL, NULL, "Mon, 23 Nov 2020 15:35:35 GMT", NULL, 0},
    {NULL, NULL, "0", NULL, 0},
    {NULL, NULL, "-1", NULL, 0},
};

START_TEST(test_freshness_comes_from_max_age_less_age_or_from_expires)
{
	int64_t got = headers_fresh_ms(str_from(fresh[_i].cache_control), str_from(fresh[_i].age),
	    str_from(fresh[_i].expires), str_from(fresh[_i].date), NOW);
	ck_assert_msg(got == fresh[_i].ms, "row %d gave %lld", _i, (long long)got);
}
END_TEST

START_TEST(test_no_value_can_smuggle_a_second_header)
{
	ck_assert(headers_value_ok(STR_LIT("plain, with\ttab and \xc3\xa9")));
	ck_assert(headers_value_ok(STR_LIT("")));
	ck_assert(!headers_value_ok(STR_LIT("a\r\nX-Evil: 1")));
	ck_assert(!headers_value_ok(STR_LIT("a\nb")));
	ck_assert(!headers_value_ok(STR_LIT("a\0b")));
	ck_assert(!headers_value_ok(STR_LIT("a\x7f")));
	ck_assert(headers_name_ok(STR_LIT("X-Api-Key")));
	ck_assert(!headers_name_ok(STR_LIT("")));
	ck_assert(!headers_name_ok(STR_LIT("X Y")));
	ck_assert(!headers_name_ok(STR_LIT("X:")));
	ck_assert(!headers_name_ok(STR_LIT("X\r\nY")));
	ck_assert(!headers_name_ok(STR_LIT("X\0")));
}
END_TEST

START_TEST(test_a_validator_must_be_worth_keeping)
{
	char big[HEADERS_VALIDATOR_MAX_BYTES + 1];
	memset(big, 'x', sizeof big);
	ck_assert(headers_validator_ok(STR_LIT("W/\"weak \xff tag\"")));
	ck_assert(headers_validator_ok(STR_LIT("unquoted")));
	ck_assert(headers_validator_ok((struct str){big, sizeof big - 1}));
	ck_assert(!headers_validator_ok((struct str){big, sizeof big}));
	ck_assert(!headers_validator_ok(STR_NONE));
	ck_assert(!headers_validator_ok(STR_LIT("")));
	ck_assert(!headers_validator_ok(STR_LIT(" padded")));
	ck_assert(!headers_validator_ok(STR_LIT("a\x01")));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_http_dates_in_all_three_forms, 0, sizeof dates / sizeof *dates);
	tcase_add_loop_test(tc, test_retry_after_is_seconds_or_a_date_and_nothing_else, 0, sizeof waits / sizeof *waits);
	tcase_add_loop_test(
	    tc, test_freshness_comes_from_max_age_less_age_or_from_expires, 0, sizeof fresh / sizeof *fresh);
	tcase_add_test(tc, test_no_value_can_smuggle_a_second_header);
	tcase_add_test(tc, test_a_validator_must_be_worth_keeping);
}

int
main(void)
{
	return tap_run("http/headers", suite);
}
