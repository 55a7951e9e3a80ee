#include "tap.h"

#include "store/words.h"

#include <stdio.h>

static const struct {
	const char *text, *question;
	int count;
} cases[] = {
    {"putin", "\"putin\"", 1},
    {"  putin   trump ", "\"putin\" AND \"trump\"", 2},
    {"c++ foo-bar", "\"c\" AND \"foo\" AND \"bar\"", 2},
    {"NOT a OR b", "\"not\" AND \"a\" AND \"or\" AND \"b\"", 4},
    {"say\"no", "\"say\" AND \"no\"", 1},
    {"title:x ^y z*", "\"title\" AND \"x\" AND \"y\" AND \"z\"", 3},
    {"\" * ( ) -", "", 0},
    {"— « » … ！", "", 0},
    {"", "", 0},
    {"北京", "\"北\" AND \"京\"", 1},
    {"Путин 北", "\"путин\" AND \"北\"", 2},
    {"푸틴이", "\"푸\" AND \"틴\" AND \"이\"", 1},
    {"ไทย", "\"ไ\" AND \"ท\" AND \"ย\"", 1},
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

START_TEST(test_what_is_indexed_are_the_folded_words_each_once)
{
	const struct str texts[] = {
	    STR_LIT("In 北京, “Łódź” naïve"), STR_LIT("“Łódź” IN—"), STR_LIT(" мир/Мир 京푸틴푸")};
	struct buf b;
	struct arena scratch;
	buf_init(&b, 0);
	arena_init(&scratch, 0);
	ck_assert(words_index(&b, &scratch, texts, 3));
	ck_assert_str_is(buf_view(&b), "in 北 京 lodz naive мир 푸 틴 ");
	/* it appends */
	ck_assert(words_index(&b, &scratch, &(struct str){NULL, 0}, 1));
	ck_assert(words_index(&b, &scratch, texts + 1, 1));
	ck_assert_str_is(buf_view(&b), "in 北 京 lodz naive мир 푸 틴 lodz in ");
	arena_done(&scratch);
	buf_done(&b);
}
END_TEST

START_TEST(test_many_words_are_told_apart)
{
	struct buf text, b;
	struct arena scratch;
	buf_init(&text, 0);
	buf_init(&b, 0);
	arena_init(&scratch, 0);
	for (int i = 0; i < 20000; i++)
		buf_printf(&text, "w%d ", i % 5000);
	struct str given = buf_view(&text);
	ck_assert(words_index(&b, &scratch, &given, 1));
	size_t once = 0;
	for (size_t i = 0; i < 5000; i++)
		once += (size_t)snprintf(NULL, 0, "w%zu ", i);
	ck_assert_uint_eq(b.len, once);
	ck_assert(memcmp(b.data, text.data, once) == 0);
	arena_done(&scratch);
	buf_done(&text);
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
	ck_assert_str_is(buf_view(&b), "(\"peace\" AND \"plan\" OR \"sanct\" *) AND (\"мир\")");
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
	tcase_add_test(tc, test_what_is_indexed_are_the_folded_words_each_once);
	tcase_add_test(tc, test_many_words_are_told_apart);
	tcase_add_test(tc, test_needs_are_sets_of_phrases);
	tcase_add_test(tc, test_too_many_words_or_bytes_are_refused);
	tcase_add_test(tc, test_broken_utf8_does_not_derail_it);
}

int
main(void)
{
	return tap_run("store/words", suite);
}
