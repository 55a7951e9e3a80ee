#include "tap.h"

#include "cli/page.h"

static struct buf out;

static struct cli_page
page(bool colour, unsigned width)
{
	buf_done(&out);
	buf_init(&out, 0);
	return (struct cli_page){&out, colour, width};
}

static const char *const heads[] = {"KEY", "N", "TEXT"};

static void
fill(struct cli_table *t, bool plain)
{
	cli_table_init(t, plain, heads, 3);
	cli_table_cell(t, "31", STR_LIT("a b"));
	cli_table_number(t, 1234);
	cli_table_cell(t, NULL, STR_LIT("one two\nthree \x1b[2J"));
	cli_table_cell(t, NULL, STR_LIT("停火"));
	cli_table_number(t, -5);
	cli_table_cell(t, NULL, STR_NONE);
}

START_TEST(test_columns_line_up_by_display_width)
{
	struct cli_page p = page(false, 0);
	struct cli_table t;
	fill(&t, false);
	cli_table_write(&t, &p);
	ck_assert_str_eq(out.data, "KEY   N     TEXT\na b   1234  one two three \\x1b[2J\n停火  -5    -\n");
	cli_table_done(&t);
}
END_TEST

START_TEST(test_the_last_column_wraps_under_itself)
{
	struct cli_page p = page(false, 20);
	struct cli_table t;
	fill(&t, false);
	cli_table_write(&t, &p);
	ck_assert_str_eq(out.data,
	    "KEY   N     TEXT\na b   1234  one two\n            three\n            \\x1b[2J\n停火  -5    -\n");
	cli_table_done(&t);
}
END_TEST

START_TEST(test_plain_cells_are_single_words_without_head)
{
	struct cli_page p = page(false, 0);
	struct cli_table t;
	fill(&t, true);
	cli_table_write(&t, &p);
	ck_assert_str_eq(out.data, "a_b   1234  one two three \\x1b[2J\n停火  -5    -\n");
	cli_table_done(&t);
}
END_TEST

START_TEST(test_colour_does_not_move_columns)
{
	struct cli_page p = page(true, 0);
	struct cli_table t;
	fill(&t, false);
	cli_table_write(&t, &p);
	ck_assert_ptr_nonnull(strstr(out.data, "\n\x1b[31ma b\x1b[0m   1234  one"));
	cli_table_done(&t);
}
END_TEST

START_TEST(test_fields_and_texts_are_made_safe_and_wrapped)
{
	struct cli_page p = page(false, 26);
	cli_page_field(&p, "feed", STR_LIT("a \x1b]0;x\x07 b"));
	cli_page_field(&p, "guid", STR_LIT(""));
	cli_page_field(&p, "guid", STR_NONE);
	cli_page_text(&p, STR_LIT("One two three four five six.\n\nSeven\x1b[1m\n"));
	cli_page_text(&p, STR_LIT(" \n "));
	ck_assert_str_eq(out.data, "  feed       a\n             \\x1b]0;x\\x07\n             b\n\n  One two three "
	                           "four five\n  six.\n\n  Seven\\x1b[1m\n");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_columns_line_up_by_display_width);
	tcase_add_test(tc, test_the_last_column_wraps_under_itself);
	tcase_add_test(tc, test_plain_cells_are_single_words_without_head);
	tcase_add_test(tc, test_colour_does_not_move_columns);
	tcase_add_test(tc, test_fields_and_texts_are_made_safe_and_wrapped);
}

int
main(void)
{
	return tap_run("cli/page", suite);
}
