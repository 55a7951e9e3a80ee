#include "tap.h"

#include "store/words.h"

static const struct {
	const char *text, *question;
	int count;
} cases[] = {
    {"putin", "\"putin\"", 1},
    {"  putin   trump ", "\"putin\" \"trump\"", 2},
    {"c++ foo-bar", "\"c++\" \"foo-bar\"", 2},
    {"NOT a OR b", "\"NOT\" \"a\" \"OR\" \"b\"", 4},
    {"say\"no", "\"say\"\"no\"", 1},
    {"title:x ^y z*", "\"title:x\" \"^y\" \"z*\"", 3},
    {"\" * ( ) -", "", 0},
    {"— « » … ！", "", 0},
    {"", "", 0},
    {"北京", "\" 北  京 \"", 1},
    {"Путин 北", "\"Путин\" \" 北 \"", 2},
    {"푸틴이", "\" 푸  틴  이 \"", 1},
    {"ไทย", "\" ไ  ท  ย \"", 1},
};

START_TEST(test_every_word_is_quoted)
{
	struct buf b;
	struct err err;
	buf_init(&b, 0);
	ck_assert_int_eq(words_question(&b, str_from(cases[_i].text), &err), cases[_i].count);
	ck_assert_str_is(buf_view(&b), cases[_i].question);
	buf_done(&b);
}
END_TEST

START_TEST(test_text_without_such_scripts_is_left_alone)
{
	ck_assert(!words_need_spread(STR_LIT("Plain, naïve, Путин, العربية, “quoted” — done")));
	ck_assert(words_need_spread(STR_LIT("x 北")));
	ck_assert(!words_need_spread(STR_NONE));
}
END_TEST

START_TEST(test_characters_are_spread_and_nothing_else)
{
	struct buf b;
	buf_init(&b, 0);
	ck_assert(words_spread(&b, STR_LIT("in 北京, “a”")));
	ck_assert_str_is(buf_view(&b), "in  北  京 , “a”");
	buf_done(&b);
}
END_TEST

START_TEST(test_too_many_words_or_bytes_are_refused)
{
	struct buf b;
	struct err err;
	char many[2 * (WORDS_MAX_COUNT + 1)], longer[WORDS_MAX_BYTES + 1];
	for (size_t i = 0; i < sizeof many; i++)
		many[i] = i % 2 ? ' ' : 'x';
	memset(longer, 'x', sizeof longer);
	buf_init(&b, 0);
	ck_assert_int_eq(words_question(&b, (struct str){many, sizeof many}, &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	ck_assert_int_eq(words_question(&b, (struct str){longer, sizeof longer}, &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	buf_reset(&b);
	ck_assert_int_eq(words_question(&b, (struct str){many, sizeof many - 2}, &err), WORDS_MAX_COUNT);
	buf_done(&b);
}
END_TEST

START_TEST(test_broken_utf8_does_not_derail_it)
{
	struct buf b;
	struct err err;
	buf_init(&b, 0);
	ck_assert_int_eq(words_question(&b, STR_LIT("\xff \xe4\xba a\xe4"), &err), 1);
	buf_done(&b);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_every_word_is_quoted, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tc, test_text_without_such_scripts_is_left_alone);
	tcase_add_test(tc, test_characters_are_spread_and_nothing_else);
	tcase_add_test(tc, test_too_many_words_or_bytes_are_refused);
	tcase_add_test(tc, test_broken_utf8_does_not_derail_it);
}

int
main(void)
{
	return tap_run("store/words", suite);
}
