#include "base/err.h"
#include "base/utf8.h"
#include "tap.h"

#include <errno.h>

START_TEST(test_every_code_has_a_word_of_its_own_that_leads_back)
{
	for (int i = 0; i < ERR_CODE_COUNT; i++) {
		const char *word = err_word((enum err_code)i);
		ck_assert_uint_gt(strlen(word), 1);
		ck_assert_uint_eq(strspn(word, "abcdefghijklmnopqrstuvwxyz_"), strlen(word));
		ck_assert_int_eq(err_from_word(word), i);
		ck_assert_uint_gt(strlen(err_sentence((enum err_code)i)), 3);
	}
	ck_assert_int_eq(err_from_word("made_by_a_newer_version"), ERR_INTERNAL);
}
END_TEST

START_TEST(test_a_code_out_of_range_is_an_internal_error)
{
	ck_assert_str_eq(err_word((enum err_code)9999), "internal");
	ck_assert_str_eq(err_word((enum err_code) - 1), "internal");
	ck_assert_int_eq(err_weight((enum err_code)9999), ERR_WEIGHT_TEMP);
	ck_assert_int_eq(err_weight(ERR_NONE), ERR_WEIGHT_NONE);
}
END_TEST

START_TEST(test_setting_and_prefixing_build_one_line)
{
	struct err err;
	ck_assert_int_eq(err_set(&err, ERR_DNS, "no host %s", "x.example"), -1);
	ck_assert_int_eq(err_prefix(&err, "feed %d", 7), -1);
	ck_assert_int_eq(err.code, ERR_DNS);
	ck_assert_str_eq(err.msg, "feed 7: no host x.example");
	err_clear(&err);
	ck_assert_int_eq(err.code, ERR_NONE);
	ck_assert_str_eq(err.msg, "");
}
END_TEST

START_TEST(test_nobody_has_to_want_the_message)
{
	ck_assert_int_eq(err_set(NULL, ERR_DNS, "x"), -1);
	ck_assert_int_eq(err_prefix(NULL, "x"), -1);
	ck_assert_int_eq(err_errno(NULL, "x"), -1);
	ck_assert_int_eq(err_oom(NULL), -1);
}
END_TEST

START_TEST(test_long_messages_are_cut_between_characters)
{
	char text[3 * ERR_MSG_MAX + 1];
	for (size_t shift = 0; shift < 4; shift++) {
		memset(text, 'a', shift);
		for (size_t i = shift; i + 3 < sizeof text; i += 3)
			memcpy(text + i, "\xE2\x82\xAC", 3);
		text[(sizeof text - 4 - shift) / 3 * 3 + shift] = '\0';
		struct err err;
		err_set(&err, ERR_IO, "%s", text);
		ck_assert_uint_ge(strlen(err.msg), ERR_MSG_MAX - 4);
		ck_assert(utf8_valid(str_from(err.msg)));
		err_prefix(&err, "where");
		ck_assert(str_starts(str_from(err.msg), STR_LIT("where: ")));
		ck_assert(utf8_valid(str_from(err.msg)));
		err_prefix(&err, "%s", text);
		ck_assert(utf8_valid(str_from(err.msg)));
	}
}
END_TEST

START_TEST(test_errno_is_translated_and_kept)
{
	static const struct {
		int number;
		enum err_code code;
	} cases[] = {{ENOSPC, ERR_DISK_FULL}, {EDQUOT, ERR_DISK_FULL}, {ENOMEM, ERR_NO_MEMORY}, {EACCES, ERR_IO}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err;
		errno = cases[i].number;
		err_errno(&err, "cannot write %s", "f");
		ck_assert_int_eq(errno, cases[i].number);
		ck_assert_int_eq(err.code, cases[i].code);
		ck_assert(str_starts(str_from(err.msg), STR_LIT("cannot write f: ")));
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_every_code_has_a_word_of_its_own_that_leads_back);
	tcase_add_test(tc, test_a_code_out_of_range_is_an_internal_error);
	tcase_add_test(tc, test_setting_and_prefixing_build_one_line);
	tcase_add_test(tc, test_nobody_has_to_want_the_message);
	tcase_add_test(tc, test_long_messages_are_cut_between_characters);
	tcase_add_test(tc, test_errno_is_translated_and_kept);
}

int
main(void)
{
	return tap_run("base/err", suite);
}
