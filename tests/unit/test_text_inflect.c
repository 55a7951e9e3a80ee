/* The tables of endings: every language has a bit of its own. */
#include "tap.h"

#include "text/inflect_tables.h"

START_TEST(test_every_row_of_the_tables_is_found)
{
	for (const struct inflect_row *row = inflect_rows; row->language != NULL; row++) {
		struct str lang = str_from(row->language), rest = str_from(row->endings), ending;
		uint32_t bit = text_inflect_languages(lang, row->script);
		ck_assert_msg(text_inflect_one(bit) && bit < 1u << 31, "%s is one language too many", row->language);
		while (str_split(&rest, ' ', &ending))
			ck_assert_msg(text_inflect_classes(ending, row->script, bit) >> row->class & 1, "%s: %.*s",
			    row->language, STR_ARG(ending));
	}
}
END_TEST

START_TEST(test_two_languages_of_a_script_are_two)
{
	for (const struct inflect_row *a = inflect_rows; a->language != NULL; a++) {
		for (const struct inflect_row *b = inflect_rows; b->language != NULL; b++) {
			if (a->script == b->script && strcmp(a->language, b->language) != 0)
				ck_assert_uint_ne(text_inflect_languages(str_from(a->language), a->script),
				    text_inflect_languages(str_from(b->language), b->script));
		}
	}
}
END_TEST

START_TEST(test_languages_whose_names_take_no_endings_are_told_none)
{
	uint32_t french = text_inflect_languages(STR_LIT("fr-CA"), TEXT_LATIN);
	ck_assert(text_inflect_one(french));
	ck_assert_uint_eq(text_inflect_classes(STR_LIT("a"), TEXT_LATIN, french), 0);
	ck_assert_uint_eq(text_inflect_classes(STR_LIT("s"), TEXT_LATIN, french), 0);
	ck_assert_uint_eq(text_inflect_languages(STR_LIT("vi"), TEXT_LATIN), french);
	ck_assert_uint_ne(text_inflect_languages(STR_LIT("fr"), TEXT_CYRILLIC), french);
	ck_assert(!text_inflect_one(text_inflect_languages(STR_LIT("und"), TEXT_LATIN)));
}
END_TEST

START_TEST(test_endings_are_told_of_the_language_itself_only)
{
	ck_assert_ptr_nonnull(text_inflect_endings(TEXT_LATIN, STR_LIT("en-GB"), TEXT_CLASS_C));
	ck_assert_ptr_nonnull(text_inflect_endings(TEXT_ARMENIAN, STR_LIT("hy"), TEXT_CLASS_C));
	ck_assert_ptr_nonnull(text_inflect_endings(TEXT_CYRILLIC, STR_LIT("ru"), TEXT_CLASS_C));
	ck_assert_ptr_null(text_inflect_endings(TEXT_LATIN, STR_LIT("el"), TEXT_CLASS_C));
	ck_assert_ptr_null(text_inflect_endings(TEXT_ARMENIAN, STR_LIT("el"), TEXT_CLASS_C));
	ck_assert_ptr_null(text_inflect_endings(TEXT_LATIN, STR_NONE, TEXT_CLASS_C));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_languages_whose_names_take_no_endings_are_told_none);
	tcase_add_test(tc, test_endings_are_told_of_the_language_itself_only);
	tcase_add_test(tc, test_every_row_of_the_tables_is_found);
	tcase_add_test(tc, test_two_languages_of_a_script_are_two);
}

int
main(void)
{
	return tap_run("text/inflect", suite);
}
