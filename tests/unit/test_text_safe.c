#include "tap.h"

#include "base/utf8.h"
#include "text/safe.h"

static struct buf out;

static struct str
safe(const char *text, unsigned flags)
{
	buf_reset(&out);
	ck_assert(text_safe(&out, str_from(text), flags));
	ck_assert(utf8_valid(buf_view(&out)));
	return buf_view(&out);
}

START_TEST(test_plain_text_stays_as_it_is)
{
	ck_assert_str_is(safe("Peace talks, 2026: “yes”", 0), "Peace talks, 2026: “yes”");
	ck_assert_str_is(safe("", 0), "");
	ck_assert_str_is(safe("Київ 北京 e\xCC\x81", 0), "Київ 北京 e\xCC\x81");
}
END_TEST

START_TEST(test_control_characters_become_visible)
{
	ck_assert_str_is(safe("\x1b[2J", 0), "\\x1b[2J");
	ck_assert_str_is(safe("a\x07"
	                      "b\x08\x7f",
	                     0),
	    "a\\x07b\\x08\\x7f");
	ck_assert_str_is(safe("\xC2\x9B"
	                      "31m",
	                     0),
	    "\\x9b31m");
	buf_reset(&out);
	ck_assert(text_safe(&out, STR_LIT("a\0b"), 0));
	ck_assert_str_is(buf_view(&out), "a\\x00b");
}
END_TEST

START_TEST(test_line_ends_become_spaces_unless_kept)
{
	ck_assert_str_is(safe("a\r\nb\nc\td\xE2\x80\xA8"
	                      "e\rf",
	                     0),
	    "a b c d e f");
	ck_assert_str_is(safe("a\r\nb\nc\td\xE2\x80\xA8"
	                      "e\rf",
	                     TEXT_SAFE_LINES),
	    "a\nb\nc d\ne\nf");
}
END_TEST

START_TEST(test_every_bidi_control_is_removed)
{
	static const uint32_t controls[] = {
	    0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069};
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
		char text[16] = "a";
		size_t n = 1 + utf8_put(controls[i], text + 1);
		text[n] = 'b';
		ck_assert_str_is(safe(text, 0), "ab");
	}
}
END_TEST

START_TEST(test_zero_width_and_tag_characters_are_removed)
{
	ck_assert_str_is(safe("P\xE2\x80\x8Bu\xEF\xBB\xBFt\xE2\x81\xA0i\xC2\xADn\xF3\xA0\x81\xA1", 0), "Putin");
	ck_assert_str_is(safe("a\xE2\x80\x8D"
	                      "b\xE2\x80\x8C"
	                      "c",
	                     0),
	    "abc");
}
END_TEST

START_TEST(test_joiners_stay_where_a_script_needs_them)
{
	ck_assert_str_is(safe("می‌خواهم", 0), "می‌خواهم");
	ck_assert_str_is(safe("👩‍👧", 0), "👩‍👧");
}
END_TEST

START_TEST(test_ill_formed_bytes_become_replacement_characters)
{
	ck_assert_str_is(safe("a\xFF"
	                      "b\xC0\xAF",
	                     0),
	    "a\xEF\xBF\xBD"
	    "b\xEF\xBF\xBD\xEF\xBF\xBD");
	ck_assert_str_is(safe("\xEF\xBF\xBE", 0), "\xEF\xBF\xBD");
	ck_assert_str_is(safe("\xE2\x82", 0), "\xEF\xBF\xBD");
}
END_TEST

START_TEST(test_stacked_marks_are_bounded)
{
	char text[1 + 2 * 40 + 1] = "a";
	for (size_t i = 0; i < 40; i++)
		memcpy(text + 1 + 2 * i, "\xCC\x81", 2);
	ck_assert_uint_eq(safe(text, 0).len, 1 + 2 * TEXT_MARKS_MAX);
}
END_TEST

START_TEST(test_right_to_left_text_is_isolated_when_asked)
{
	ck_assert_str_is(safe("שלום", TEXT_SAFE_ISOLATE), "\xE2\x81\xA8שלום\xE2\x81\xA9");
	ck_assert_str_is(safe("שלום", 0), "שלום");
	ck_assert_str_is(safe("peace", TEXT_SAFE_ISOLATE), "peace");
	ck_assert_str_is(safe("سلام\xE2\x81\xA9 x", TEXT_SAFE_ISOLATE), "\xE2\x81\xA8سلام x\xE2\x81\xA9");
}
END_TEST

START_TEST(test_width_counts_terminal_columns)
{
	ck_assert_uint_eq(text_width(str_from("peace")), 5);
	ck_assert_uint_eq(text_width(str_from("北京")), 4);
	ck_assert_uint_eq(text_width(str_from("e\xCC\x81")), 1);
	ck_assert_uint_eq(text_width(str_from("Київ")), 4);
	ck_assert_uint_eq(text_width(str_from("\xE2\x81\xA8שלום\xE2\x81\xA9")), 4);
}
END_TEST

START_TEST(test_truncation_cuts_between_characters)
{
	ck_assert_str_is(text_truncate_columns(str_from("北京 talks"), 3), "北");
	ck_assert_str_is(text_truncate_columns(str_from("ae\xCC\x81z"), 2), "ae\xCC\x81");
	ck_assert_str_is(text_truncate_columns(str_from("abc"), 10), "abc");
	ck_assert_str_is(text_truncate_columns(str_from("abc"), 0), "");
}
END_TEST

static void
setup(void)
{
	buf_init(&out, 0);
}

static void
teardown(void)
{
	buf_done(&out);
}

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_plain_text_stays_as_it_is);
	tcase_add_test(tc, test_control_characters_become_visible);
	tcase_add_test(tc, test_line_ends_become_spaces_unless_kept);
	tcase_add_test(tc, test_every_bidi_control_is_removed);
	tcase_add_test(tc, test_zero_width_and_tag_characters_are_removed);
	tcase_add_test(tc, test_joiners_stay_where_a_script_needs_them);
	tcase_add_test(tc, test_ill_formed_bytes_become_replacement_characters);
	tcase_add_test(tc, test_stacked_marks_are_bounded);
	tcase_add_test(tc, test_right_to_left_text_is_isolated_when_asked);
	tcase_add_test(tc, test_width_counts_terminal_columns);
	tcase_add_test(tc, test_truncation_cuts_between_characters);
}

int
main(void)
{
	return tap_run("text/safe", suite);
}
