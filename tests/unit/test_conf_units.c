#include "conf/units.h"
#include "tap.h"

START_TEST(test_durations_are_read_and_written_back)
{
	static const struct {
		const char *text;
		int64_t ms;
		const char *printed;
	} rows[] = {
	    {"0", 0, "0s"},
	    {"0s", 0, "0s"},
	    {"500ms", 500, "500ms"},
	    {"90s", 90000, "1m30s"},
	    {"15m", 900000, "15m"},
	    {"1h30m", 5400000, "1h30m"},
	    {"1h 30m", 5400000, "1h30m"},
	    {"2 d", 172800000, "2d"},
	    {"1W", 604800000, "7d"},
	    {"1s500ms", 1500, "1s500ms"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t ms = -1;
		char printed[UNITS_TEXT_MAX];
		ck_assert_msg(units_parse_duration(str_from(rows[i].text), &ms), "%s", rows[i].text);
		ck_assert_int_eq(ms, rows[i].ms);
		ck_assert_str_eq(units_print_duration(ms, printed), rows[i].printed);
	}
}
END_TEST

START_TEST(test_what_is_no_duration_is_refused)
{
	static const char *const rows[] = {"", "15", "m", "-1s", "1.5h", "15 bananas", "1h30", "99999999999999999999s",
	    "9223372036854775807w", "106751991167d 200d"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t ms;
		ck_assert_msg(!units_parse_duration(str_from(rows[i]), &ms), "%s", rows[i]);
	}
}
END_TEST

START_TEST(test_sizes_are_read_and_written_back)
{
	static const struct {
		const char *text;
		int64_t bytes;
		const char *printed;
	} rows[] = {
	    {"0", 0, "0"},
	    {"1000", 1000, "1000"},
	    {"64k", 65536, "64KiB"},
	    {"64 KiB", 65536, "64KiB"},
	    {"10MiB", 10485760, "10MiB"},
	    {"10MB", 10000000, "10000000"},
	    {"3B", 3, "3"},
	    {"2G", 2147483648, "2GiB"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t bytes = -1;
		char printed[UNITS_TEXT_MAX];
		ck_assert_msg(units_parse_size(str_from(rows[i].text), &bytes), "%s", rows[i].text);
		ck_assert_int_eq(bytes, rows[i].bytes);
		ck_assert_str_eq(units_print_size(bytes, printed), rows[i].printed);
	}
}
END_TEST

START_TEST(test_what_is_no_size_is_refused)
{
	static const char *const rows[] = {"", "k", "1x", "1 k 2", "-5", "9223372036854775807k", "1.5M"};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t bytes;
		ck_assert_msg(!units_parse_size(str_from(rows[i]), &bytes), "%s", rows[i]);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_durations_are_read_and_written_back);
	tcase_add_test(tc, test_what_is_no_duration_is_refused);
	tcase_add_test(tc, test_sizes_are_read_and_written_back);
	tcase_add_test(tc, test_what_is_no_size_is_refused);
}

int
main(void)
{
	return tap_run("conf/units", suite);
}
