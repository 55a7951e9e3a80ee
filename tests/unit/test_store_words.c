#include "tap.h"

#include "store/words.h"

static const struct {
	const char *text, *question;
	int count;
} cases[] = {
    {"putin", "\"putin\"", 1},
    {"  putin   trump ", "\"putin\" \"trump\"", 2},
    {"c++ foo-bar", "\"c\" \"foo bar\"", 2},
    {"NOT a OR b", "\"not\" \"a\" \"or\" \"b\"", 4},
    {"say\"no", "\"say no\"", 1},
    {"title:x ^y z*", "\"title x\" \"y\" \"z\"", 3},
    {"\" * ( ) -", "", 0},
    {"— « » … ！", "", 0},
    {"", "", 0},
    {"北京", "\" 北   京 \"", 1},
    {"Путин 北", "\"путин\" \" 北 \"", 2},
    {"푸틴이", "\" 푸  틴  이 \"", 1},
    {"ไทย", "\" ไ   ท   ย \"", 1},
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

START_TEST(test_what_is_indexed_is_folded_and_characters_without_spaces_are_spread)
{
	struct buf b;
	struct arena scratch;
	buf_init(&b, 0);
	arena_init(&scratch, 0);
	ck_assert(words_fold(&b, &scratch, STR_LIT("In 北京, “Łódź” naïve")));
	ck_assert_str_is(buf_view(&b), "in  北   京  lodz naive");
	buf_reset(&b);
	/* the short way, of text without such characters; it appends too */
	ck_assert(words_fold(&b, &scratch, STR_LIT("“Łódź” naïve—")));
	ck_assert(words_fold(&b, &scratch, STR_LIT(" – ")));
	ck_assert(words_fold(&b, &scratch, STR_LIT(" мир/Мир")));
	ck_assert_str_is(buf_view(&b), "lodz naiveмир мир");
	arena_done(&scratch);
	buf_done(&b);
}
END_TEST

START_TEST(test_needs_are_sets_of_phrases)
{
	const struct query_words one[] = {{STR_LIT("peace plan"), false}, {STR_LIT("sanct"), true}},
	                         two[] = {{STR_LIT("мир"), false}},
	                         none[] = {{STR_LIT("talks"), false}, {STR_LIT("..."), false}};
	const struct query_need needs[] = {{one, 2}, {none, 2}, {two, 1}};
	struct buf b;
	struct err err;
	buf_init(&b, 0);
	ck_assert_int_eq(words_needs(&b, needs, 3, &err), 2);
	ck_assert_str_is(buf_view(&b), "(\"peace plan\" OR \"sanct\" *) AND (\"мир\")");
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
	tcase_add_test(tc, test_what_is_indexed_is_folded_and_characters_without_spaces_are_spread);
	tcase_add_test(tc, test_needs_are_sets_of_phrases);
	tcase_add_test(tc, test_too_many_words_or_bytes_are_refused);
	tcase_add_test(tc, test_broken_utf8_does_not_derail_it);
}

int
main(void)
{
	return tap_run("store/words", suite);
}
