#include "tap.h"

#include "base/utf8.h"
#include "render/ink.h"
#include "text/safe.h"

static char *
inked(bool colour, unsigned width, const char *label, enum ink_tone tone, const char *text)
{
	static struct buf out;
	buf_done(&out);
	buf_init(&out, 0);
	ink_paragraph(
	    &(struct ink){.out = &out, .colour = colour, .width = width, .foreign = true}, label, tone, str_from(text));
	return out.data;
}

START_TEST(test_words_wrap_under_their_label)
{
	ck_assert_str_eq(
	    inked(false, 16, "who  ", INK_PLAIN, "one two  three four"), "who  one two\n     three four\n");
	ck_assert_str_eq(inked(false, 0, "", INK_PLAIN, "one two three"), "one two three\n");
	ck_assert_str_eq(inked(false, 20, "", INK_PLAIN, ""), "\n");
}
END_TEST

START_TEST(test_a_word_longer_than_the_line_is_cut)
{
	ck_assert_str_eq(inked(false, 4, "", INK_PLAIN, "abcdefghij k"), "abcd\nefgh\nij k\n");
	ck_assert_str_eq(inked(false, 2, "wide ", INK_PLAIN, "ab"), "wide a\n     b\n");
}
END_TEST

START_TEST(test_marks_are_brackets_or_colour)
{
	ck_assert_str_eq(inked(false, 0, "", INK_PLAIN, "a " INK_MARK "b c" INK_UNMARK " d"), "a [b c] d\n");
	ck_assert_str_eq(
	    inked(true, 0, "", INK_PLAIN, "a " INK_MARK "b" INK_UNMARK " d"), "a \x1b[0;1;33mb\x1b[0m d\n");
	ck_assert_str_eq(inked(true, 0, "", INK_BOLD, "a"), "\x1b[0;1ma\x1b[0m\n");
}
END_TEST

START_TEST(test_a_mark_goes_on_after_a_line_break_but_colours_no_indent)
{
	ck_assert_str_eq(inked(true, 7, "x: ", INK_PLAIN, INK_MARK "ab cd" INK_UNMARK),
	    "\x1b[2mx: \x1b[0m\x1b[0;1;33mab\x1b[0m\n   \x1b[0;1;33mcd\x1b[0m\n");
	ck_assert_str_eq(inked(false, 5, "", INK_PLAIN, "ab " INK_MARK "cd ef" INK_UNMARK), "ab\n[cd\nef]\n");
}
END_TEST

START_TEST(test_chinese_breaks_between_characters_but_not_before_a_full_stop)
{
	ck_assert_str_eq(inked(false, 8, "", INK_PLAIN, "停火谈判在日内瓦"), "停火谈判\n在日内瓦\n");
	ck_assert_str_eq(inked(false, 8, "", INK_PLAIN, "停火谈判。在"), "停火谈\n判。在\n");
	ck_assert_str_eq(inked(false, 8, "", INK_PLAIN, "停火" INK_MARK "谈判" INK_UNMARK "在"), "停火[谈\n判]在\n");
	ck_assert_str_eq(inked(false, 9, "", INK_PLAIN, "停火停火" INK_MARK "谈判" INK_UNMARK), "停火停火\n[谈判]\n");
}
END_TEST

START_TEST(test_lines_with_arabic_are_isolated)
{
	ck_assert_str_eq(inked(false, 0, "who ", INK_PLAIN, "بوتين"), "who \u2068بوتين\u2069\n");
}
END_TEST

START_TEST(test_no_line_is_wider_than_the_terminal)
{
	const char *text =
	    "Ein " INK_MARK "Wort" INK_UNMARK
	    " 停火谈判。 a\u0301\u0301b Ω 👍🏽 عربي supercalifragilistic " INK_MARK "x y" INK_UNMARK;
	for (unsigned width = 8; width < 60; width++) {
		struct str all = str_from(inked(false, width, "  k ", INK_PLAIN, text)), line;
		ck_assert(utf8_valid(all));
		while (str_split(&all, '\n', &line))
			ck_assert_msg(text_width(line) <= width, "%u: %.*s", width, STR_ARG(line));
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_words_wrap_under_their_label);
	tcase_add_test(tc, test_a_word_longer_than_the_line_is_cut);
	tcase_add_test(tc, test_marks_are_brackets_or_colour);
	tcase_add_test(tc, test_a_mark_goes_on_after_a_line_break_but_colours_no_indent);
	tcase_add_test(tc, test_chinese_breaks_between_characters_but_not_before_a_full_stop);
	tcase_add_test(tc, test_lines_with_arabic_are_isolated);
	tcase_add_test(tc, test_no_line_is_wider_than_the_terminal);
}

int
main(void)
{
	return tap_run("render/ink", suite);
}
