#include "tap.h"

#include "feed/date.h"

#include "rng.h"

#include <stdio.h>

struct date_case {
	const char *text, *want; /* want "" = TIME_NONE */
};

static void
check_dates(const struct date_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char got[TIME_FORMAT_MAX];
		time_format(date_parse(str_from(cases[i].text)), true, got);
		ck_assert_msg(strcmp(got, cases[i].want) == 0, "\"%s\": got \"%s\", want \"%s\"", cases[i].text, got,
		    cases[i].want);
	}
}

#define CHECK_DATES(...) \
	do { \
		static const struct date_case cases_[] = {__VA_ARGS__}; \
		check_dates(cases_, sizeof cases_ / sizeof *cases_); \
	} while (0)

START_TEST(test_rfc_822_dates_are_read_with_all_their_habits)
{
	CHECK_DATES({"Mon, 23 Nov 2026 14:35:07 +0200", "2026-11-23T12:35:07Z"},
	    {"Mon, 23 Nov 26 14:35:07 GMT", "2026-11-23T14:35:07Z"}, {"23 Nov 2026 14:35 EST", "2026-11-23T19:35:00Z"},
	    {"  Mon,23 Nov 2026 14:35:07 -0000 ", "2026-11-23T14:35:07Z"},
	    {"Fri, 23 Nov 2026 14:35:07 GMT", "2026-11-23T14:35:07Z"}, /* it is a Monday */
	    {"Mon, 23 November 2026 14:35:07 +02:00", "2026-11-23T12:35:07Z"},
	    {"Mon, 23 Nov, 2026 14:35:07 UTC", "2026-11-23T14:35:07Z"}, {"Mon, 23 Nov 2026", "2026-11-23T00:00:00Z"},
	    {"Mon, 23 Nov 2026 14:35:07 +0000 (UTC)", "2026-11-23T14:35:07Z"},
	    {"Mon, 23 Nov 2026 14:35:07 (CET)", "2026-11-23T13:35:07Z"},
	    {"Mon, 23 Nov 2026 14:35:07 GMT+2", "2026-11-23T12:35:07Z"},
	    {"Mon, 23 Nov 2026 14:35:07 UTC-05:30", "2026-11-23T20:05:07Z"},
	    {"Mon, 23 Nov 2026 14:35:07 +5:45", "2026-11-23T08:50:07Z"},
	    {"Mon, 23 Nov 2026 14:35:07 Etc/GMT", "2026-11-23T14:35:07Z"},
	    {"Mon, 23 Nov 2026 14:35:07", "2026-11-23T14:35:07Z"},
	    {"Mon, 23 Nov 2026 14:35:07 XQZ", "2026-11-23T14:35:07Z"},
	    {"Mon, 23-Nov-26 14:35:07 GMT", "2026-11-23T14:35:07Z"}, /* RFC 850 */
	    {"Monday, 23-Nov-99 14:35:07 GMT", "1999-11-23T14:35:07Z"},
	    {"Sun, 23 Nov 103 14:35:07 GMT", "2003-11-23T14:35:07Z"}, /* RFC 2822: three digits count from 1900 */
	    {"Mon, Nov 23 2026 02:35:07 PM", "2026-11-23T14:35:07Z"},
	    {"Monday, November 23, 2026 2:35:07 p.m. GMT", "2026-11-23T14:35:07Z"},
	    {"Nov 23rd, 2026", "2026-11-23T00:00:00Z"}, {"23/Nov/2026:14:35:07 +0200", "2026-11-23T12:35:07Z"},
	    {"Mon Nov 23 2026 14:35:07 GMT+0100 (Central European Standard Time)", "2026-11-23T13:35:07Z"});
}
END_TEST

/* Two spaces for each are the same to the reader of dates in free form, and not of the shape that is read without it. */
START_TEST(test_the_usual_shape_is_read_as_any_other_is)
{
	static const char weekdays[] = "MonTueWedThuFriSatSunmonMar",
	                  months[] = "JanFebMarAprMayJunJulAugSepOctNovDecDezjan", marks[] = "0123456789abcdefgGMTZ";
	uint64_t seed = 8;
	unsigned read = 0;
	for (unsigned n = 0; n < 100000; n++) {
		char zone[16], text[80], wide[160];
		size_t len = 0;
		snprintf(zone, sizeof zone, "%c%04u", rng_below(&seed, 2) ? '+' : '-', (unsigned)rng_below(&seed, 2600));
		snprintf(text, sizeof text, "%.3s, %0*u %.3s %04u %02u:%02u:%02u %s",
		    weekdays + 3 * rng_below(&seed, 9), 1 + (int)rng_below(&seed, 2), (unsigned)rng_below(&seed, 33),
		    months + 3 * rng_below(&seed, 14), rng_below(&seed, 8) ? 2026 : (unsigned)rng_below(&seed, 10000),
		    (unsigned)rng_below(&seed, 26), (unsigned)rng_below(&seed, 62), (unsigned)rng_below(&seed, 62),
		    rng_below(&seed, 3) ? zone : "GMT");
		size_t odd = rng_below(&seed, 4 * strlen(text));
		if (odd < strlen(text) && text[odd] != ' ' && text[odd] != ',' && text[odd] != ':')
			text[odd] = marks[rng_below(&seed, sizeof marks - 1)];
		for (const char *c = text; *c != '\0'; c++) {
			wide[len++] = *c;
			if (*c == ' ')
				wide[len++] = *c;
		}
		int64_t at = date_parse(str_from(text)), same = date_parse((struct str){wide, len});
		ck_assert_msg(at == same, "%s: %lld, not %lld", text, (long long)at, (long long)same);
		read += at != TIME_NONE;
	}
	ck_assert_uint_gt(read, 30000);
}
END_TEST

START_TEST(test_asctime_is_read_with_the_zone_in_any_place)
{
	CHECK_DATES({"Mon Nov 23 14:35:07 2026", "2026-11-23T14:35:07Z"},
	    {"Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z"},
	    {"Mon Nov 23 14:35:07 PST 2026", "2026-11-23T22:35:07Z"},
	    {"Mon Nov 23 14:35:07 +0200 2026", "2026-11-23T12:35:07Z"},
	    {"Mon Nov 23 14:35:07 2026 -0800", "2026-11-23T22:35:07Z"});
}
END_TEST

START_TEST(test_iso_8601_is_read_in_every_form_that_names_a_year)
{
	CHECK_DATES({"2026-11-23T14:35:07Z", "2026-11-23T14:35:07Z"},
	    {"2026-11-23t14:35:07.25z", "2026-11-23T14:35:07.250Z"},
	    {"2026-11-23T14:35:07,123456789+02:00", "2026-11-23T12:35:07.123Z"},
	    {"2026-11-23 14:35:07 -00:20", "2026-11-23T14:55:07Z"}, {"2026-11-23T14:35+0200", "2026-11-23T12:35:00Z"},
	    {"2026-11-23T14Z", "2026-11-23T14:00:00Z"}, {"2026-11-23T14.5Z", "2026-11-23T14:30:00Z"},
	    {"2026-11-23T14:35.5Z", "2026-11-23T14:35:30Z"}, {"20261123T143507Z", "2026-11-23T14:35:07Z"},
	    {"20261123T1435+02", "2026-11-23T12:35:00Z"}, {"2026-11-23+02:00", "2026-11-22T22:00:00Z"},
	    {"2026-11-23", "2026-11-23T00:00:00Z"}, {"20261123", "2026-11-23T00:00:00Z"},
	    {"2026-11", "2026-11-01T00:00:00Z"}, {"2026-11-", "2026-11-01T00:00:00Z"},
	    {"2026-", "2026-01-01T00:00:00Z"}, {"2026", "2026-01-01T00:00:00Z"}, {"2026-327", "2026-11-23T00:00:00Z"},
	    {"2026327", "2026-11-23T00:00:00Z"}, {"2024-366", "2024-12-31T00:00:00Z"},
	    {"2026-W48-1", "2026-11-23T00:00:00Z"}, {"2026W481T10:00", "2026-11-23T10:00:00Z"},
	    {"2026-W48", "2026-11-23T00:00:00Z"}, {"2020-W53-7", "2021-01-03T00:00:00Z"},
	    {"2025-W01-1", "2024-12-30T00:00:00Z"}, {"2026-11-23T24:00:00Z", "2026-11-24T00:00:00Z"},
	    {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"}, {"2026-11-23T14:35:07 EST", "2026-11-23T19:35:07Z"},
	    {"2026-11-23 02:35 PM", "2026-11-23T14:35:00Z"}, {"2026-11-23T14:35:07+00:0", "2026-11-23T14:35:07Z"},
	    {"261123", "2026-11-23T00:00:00Z"}, {"26327", "2026-11-23T00:00:00Z"},
	    {"20261123143507", "2026-11-23T14:35:07Z"}, {"202611231435", "2026-11-23T14:35:00Z"},
	    {"20261123 143507", "2026-11-23T14:35:07Z"}, {"26-11-23T14:35:07Z", "2026-11-23T14:35:07Z"},
	    {"2026-11-3", "2026-11-03T00:00:00Z"});
}
END_TEST

START_TEST(test_numbers_count_from_the_epoch)
{
	CHECK_DATES({"1795444507", "2026-11-23T14:35:07Z"}, {"1795444507123", "2026-11-23T14:35:07.123Z"},
	    {"1795444507.5", "2026-11-23T14:35:07.500Z"}, {"946684800", "2000-01-01T00:00:00Z"},
	    {"946684800000", "2000-01-01T00:00:00Z"}, {"0", ""}, {"-1", ""}, {"12345678901", ""},
	    {"1000000000000000000", ""}, {"99999999999999999999999999", ""});
}
END_TEST

START_TEST(test_numeric_dates_follow_the_habit_of_their_separator)
{
	CHECK_DATES({"23.11.2026", "2026-11-23T00:00:00Z"}, {"3.4.2026 14:35", "2026-04-03T14:35:00Z"},
	    {"3.4.26 14.35", "2026-04-03T14:35:00Z"}, {"3. 4. 2026", "2026-04-03T00:00:00Z"},
	    {"3-4-2026", "2026-04-03T00:00:00Z"}, {"4.13.2026", "2026-04-13T00:00:00Z"},
	    {"3/4/2026", "2026-03-04T00:00:00Z"}, {"13/4/2026 2:35:07 PM", "2026-04-13T14:35:07Z"},
	    {"3/4/26", "2026-03-04T00:00:00Z"}, {"2026/11/23 14:35:07 EDT", "2026-11-23T18:35:07Z"},
	    {"2026.11.23 14:35", "2026-11-23T14:35:00Z"}, {"2026 11 23 14:35", "2026-11-23T14:35:00Z"},
	    {"11/2026", "2026-11-01T00:00:00Z"}, {"Fri, 2026/11/23", "2026-11-23T00:00:00Z"});
}
END_TEST

START_TEST(test_named_zones_have_their_offsets)
{
	CHECK_DATES({"23 Nov 2026 14:35 PDT", "2026-11-23T21:35:00Z"},
	    {"23 Nov 2026 14:35 CET", "2026-11-23T13:35:00Z"}, {"23 Nov 2026 14:35 MESZ", "2026-11-23T12:35:00Z"},
	    {"23 Nov 2026 14:35 MSK", "2026-11-23T11:35:00Z"}, {"23 Nov 2026 14:35 JST", "2026-11-23T05:35:00Z"},
	    {"23 Nov 2026 14:35 IST", "2026-11-23T09:05:00Z"}, {"23 Nov 2026 14:35 ET", "2026-11-23T19:35:00Z"},
	    {"23 Nov 2026 14:35 Z", "2026-11-23T14:35:00Z"}, {"23 Nov 2026 14:35 A", "2026-11-23T15:35:00Z"},
	    {"23 Nov 2026 14:35 Y", "2026-11-23T02:35:00Z"}, {"23 nov 2026 14:35 h", "2026-11-23T14:35:00Z"},
	    {"23 Nov 2026 EST 14:35", "2026-11-23T14:35:00Z"});
}
END_TEST

START_TEST(test_names_of_months_are_read_in_many_languages)
{
	CHECK_DATES({"Mo, 23 März 2026 10:00:00 +0100", "2026-03-23T09:00:00Z"},
	    {"23. Maerz 2026, 14 Uhr", "2026-03-23T14:00:00Z"},
	    {"lun., 23 févr. 2026 10:00:00 +0100", "2026-02-23T09:00:00Z"},
	    {"23 AOÛT 2026 à 14h35", "2026-08-23T14:35:00Z"},
	    {"mar, 24 nov 2026 10:00:00 +0000", "2026-11-24T10:00:00Z"},
	    {"mar., 05 avr. 2026 10:00", "2026-04-05T10:00:00Z"},
	    {"lun, 23 ene 2026 10:00:00 a. m.", "2026-01-23T10:00:00Z"},
	    {"23 de septiembre de 2026", "2026-09-23T00:00:00Z"}, {"lun, 23 gen 2026", "2026-01-23T00:00:00Z"},
	    {"1º luglio 2026", "2026-07-01T00:00:00Z"}, {"Seg, 23 Fev 2026", "2026-02-23T00:00:00Z"},
	    {"23 de março de 2026", "2026-03-23T00:00:00Z"}, {"ma, 23 mrt 2026", "2026-03-23T00:00:00Z"},
	    {"pon, 23 lut 2026", "2026-02-23T00:00:00Z"}, {"23 października 2026", "2026-10-23T00:00:00Z"},
	    {"po, 23 led 2026", "2026-01-23T00:00:00Z"}, {"23. července 2026", "2026-07-23T00:00:00Z"},
	    {"Пн, 23 ноя 2026 10:00:00 +0300", "2026-11-23T07:00:00Z"},
	    {"23 МАЯ 2026 г. в 10:00 МСК", "2026-05-23T07:00:00Z"},
	    {"понеділок, 23 листопада 2026", "2026-11-23T00:00:00Z"}, {"23 січ. 2026", "2026-01-23T00:00:00Z"},
	    {"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00Z"},
	    {"11 ΜΑΪΟΥ 2026 2:35 μ.μ.", "2026-05-11T14:35:00Z"}, {"2026-július-13T9:15-05:00", "2026-07-13T14:15:00Z"},
	    {"2026. márc. 23., hétfő 10:00", "2026-03-23T10:00:00Z"},
	    {"23 Kasım 2026 Pazartesi", "2026-11-23T00:00:00Z"}, {"23 Şub 2026", "2026-02-23T00:00:00Z"},
	    {"23 KASIM 2026", "2026-11-23T00:00:00Z"}, {"23. veljače 2026.", "2026-02-23T00:00:00Z"},
	    {"23 marraskuuta 2026 klo 14.35", "2026-11-23T14:35:00Z"}, {"23 наурыз 2026", ""},
	    {"23 марта 26", "2026-03-23T00:00:00Z"}, {"23 नवंबर 2026", "2026-11-23T00:00:00Z"});
}
END_TEST

START_TEST(test_arabic_dates_are_read)
{
	CHECK_DATES({"الاثنين, 23 نوفمبر 2026 10:00:00 +0300", "2026-11-23T07:00:00Z"},
	    {"٢٣ تشرين الثاني ٢٠٢٦", "2026-11-23T00:00:00Z"}, {"23 كانون الأول 2026", "2026-12-23T00:00:00Z"},
	    {"23 أغسطس 2026 2:35 م", "2026-08-23T14:35:00Z"}, {"23 آب 2026", "2026-08-23T00:00:00Z"},
	    {"\u200f۲۳ نوامبر ۲۰۲۶", "2026-11-23T00:00:00Z"}, {"23 كانون 2026", ""});
}
END_TEST

START_TEST(test_east_asian_dates_are_read)
{
	CHECK_DATES({"2026年11月23日 14时35分07秒", "2026-11-23T14:35:07Z"},
	    {"2026年11月23日星期一 下午2:35", "2026-11-23T14:35:00Z"}, {"2026 年 3 月 5 日", "2026-03-05T00:00:00Z"},
	    {"2026年3月", "2026-03-01T00:00:00Z"}, {"2026年3月5日(月) 午後2時35分", "2026-03-05T05:35:00Z"},
	    {"2026/03/05 月曜日 10:00", "2026-03-05T01:00:00Z"}, {"２０２６年３月５日", "2026-03-05T00:00:00Z"},
	    {"令和8年3月5日", "2026-03-05T00:00:00Z"},
	    {"星期一, 23 十一月 2026 10:00:00 +0800", "2026-11-23T02:00:00Z"},
	    {"2026년 11월 23일 오후 2시 35분", "2026-11-23T05:35:00Z"},
	    {"2026. 3. 5. 오전 12:05", "2026-03-04T15:05:00Z"}, {"2026-03-05 오후 11:23:17", "2026-03-05T14:23:17Z"},
	    {"2026년 3월 5일 14:35:07 +0000", "2026-03-05T14:35:07Z"}, {"2026년 3월 5일", "2026-03-05T00:00:00Z"},
	    {"2026-03-05 월요일 10:00", "2026-03-05T01:00:00Z"}, {"11月23日 10:00", ""}, {"3小时前", ""});
}
END_TEST

START_TEST(test_what_cannot_be_is_none)
{
	CHECK_DATES({"", ""}, {"   ", ""}, {"2026-02-30", ""}, {"30 Feb 2026", ""}, {"2026-13-01", ""},
	    {"2026-00-10", ""}, {"0000-00-00 00:00:00", ""}, {"0000-01-01", ""},
	    {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"}, {"0001-01-01T00:00:00+01:00", ""},
	    {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"}, {"9999-12-31T23:59:59-01:00", ""},
	    {"2026-11-23T24:01:00Z", ""}, {"2026-11-23T25:00:00Z", ""}, {"2026-11-23T14:60:00Z", ""},
	    {"2026-11-23T14:35:61Z", ""}, {"2026-11-23T14:35:07+99:99", ""}, {"Mon, 23 Nov 2026 14:35:07 +9999", ""},
	    {"2023-366", ""}, {"2026-W53-1", "2026-12-28T00:00:00Z"}, {"2025-W53-1", ""}, {"2026-W00-1", ""},
	    {"Sun, Dec x 2012 11:47:32 GMT", ""}, {"Sun, 16 Dec zz 11:47:32 GMT", ""},
	    {"Sun, 16 Dec 2012 11:47:32 +zz:00", ""}, {"Sun, 16 Dec 2012 11:47:32 +00:zz", ""},
	    {"Sun, 99 Jun 2009 12:00:00 GMT", ""}, {"yesterday", ""}, {"5 minutes ago", ""}, {"Nov 23", ""},
	    {"Monday", ""}, {"14:35:07", ""}, {"Invalid Date", ""}, {"null", ""}, {"--11-23", ""}, {"spring 2026", ""},
	    {"23 Nov 2026 10:00 11:00", ""}, {"2026-11-23 2026-11-24", ""}, {"1 2 3 4 5 6 7", ""}, {"1:2:3:4:5", ""},
	    {"+", ""}, {"-", ""}, {":", ""}, {"2026-11-23T", "2026-11-23T00:00:00Z"});
}
END_TEST

START_TEST(test_year_only_and_month_only_dates_are_the_first)
{
	CHECK_DATES({"Nov 2026", "2026-11-01T00:00:00Z"}, {"November, 2026", "2026-11-01T00:00:00Z"},
	    {"1601-01-01T00:00:00Z", "1601-01-01T00:00:00Z"}, {"1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
	    {"2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z"}, {"2106-02-07T06:28:16Z", "2106-02-07T06:28:16Z"});
}
END_TEST

START_TEST(test_a_text_over_the_ceiling_is_no_date)
{
	char text[DATE_BYTES_MAX + 2];
	memset(text, ',', sizeof text);
	memcpy(text, "2026", 4);
	ck_assert(date_parse((struct str){text, DATE_BYTES_MAX}) != TIME_NONE);
	ck_assert(date_parse((struct str){text, DATE_BYTES_MAX + 1}) == TIME_NONE);
	ck_assert(date_parse(STR_NONE) == TIME_NONE);
}
END_TEST

START_TEST(test_ill_formed_bytes_do_no_harm)
{
	ck_assert(date_parse(STR_LIT("\xff\xfe 23 Nov 2026 \xc3")) != TIME_NONE);
	ck_assert(date_parse(STR_LIT("\xe5\xb9")) == TIME_NONE);
	ck_assert(date_parse(STR_LIT("\xcc\x80\xcc\x80")) == TIME_NONE);
	ck_assert(date_parse((struct str){"2026\0-11-23", 11}) == TIME_NONE);
}
END_TEST

static const char *const month_names[] = {
#define MONTH(name, number) name,
#include "feed/date_months.def"
#undef MONTH
};

static const char *const zone_names[] = {
#define ZONE(name, minutes) name,
#include "feed/date_zones.def"
#undef ZONE
};

static void
check_sorted(const char *const *names, size_t count)
{
	for (size_t i = 1; i < count; i++)
		ck_assert_msg(strcmp(names[i - 1], names[i]) < 0, "\"%s\" stands before \"%s\"", names[i - 1], names[i]);
}

START_TEST(test_the_tables_of_words_are_sorted)
{
	check_sorted(month_names, sizeof month_names / sizeof *month_names);
	check_sorted(zone_names, sizeof zone_names / sizeof *zone_names);
}
END_TEST

START_TEST(test_every_month_name_of_the_table_is_read_in_a_date)
{
	static const int numbers[] = {
#define MONTH(name, number) number,
#include "feed/date_months.def"
#undef MONTH
	};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		char text[96], want[TIME_FORMAT_MAX], got[TIME_FORMAT_MAX];
		snprintf(text, sizeof text, "5 %s 2026 10:00:00 +0000", month_names[i]);
		snprintf(want, sizeof want, "2026-%02d-05T10:00:00Z", numbers[i]);
		time_format(date_parse(str_from(text)), false, got);
		ck_assert_msg(strcmp(got, want) == 0, "\"%s\": got \"%s\", want \"%s\"", text, got, want);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_rfc_822_dates_are_read_with_all_their_habits);
	tcase_add_test(tc, test_the_usual_shape_is_read_as_any_other_is);
	tcase_add_test(tc, test_asctime_is_read_with_the_zone_in_any_place);
	tcase_add_test(tc, test_iso_8601_is_read_in_every_form_that_names_a_year);
	tcase_add_test(tc, test_numbers_count_from_the_epoch);
	tcase_add_test(tc, test_numeric_dates_follow_the_habit_of_their_separator);
	tcase_add_test(tc, test_named_zones_have_their_offsets);
	tcase_add_test(tc, test_names_of_months_are_read_in_many_languages);
	tcase_add_test(tc, test_arabic_dates_are_read);
	tcase_add_test(tc, test_east_asian_dates_are_read);
	tcase_add_test(tc, test_what_cannot_be_is_none);
	tcase_add_test(tc, test_year_only_and_month_only_dates_are_the_first);
	tcase_add_test(tc, test_a_text_over_the_ceiling_is_no_date);
	tcase_add_test(tc, test_ill_formed_bytes_do_no_harm);
	tcase_add_test(tc, test_the_tables_of_words_are_sorted);
	tcase_add_test(tc, test_every_month_name_of_the_table_is_read_in_a_date);
}

int
main(void)
{
	return tap_run("feed/date", suite);
}
