#include "tap.h"
#include "text/language.h"

static char tag[TEXT_LANGUAGE_BYTES], wrong[TEXT_LANGUAGE_WRONG_BYTES], hint[TEXT_LANGUAGE_BYTES];

START_TEST(test_a_tag_gets_its_usual_form)
{
	static const char *const tags[][2] = {{"uk", "uk"}, {"EN_gb", "en-GB"}, {"en-UK", "en-GB"}, {"eng", "en"},
	    {"deu", "de"}, {"ger", "de"}, {"cze", "cs"}, {"chi-tw", "zh-TW"}, {"iw", "he"},
	    {"zh-hant-tw", "zh-Hant-TW"}, {"es-419", "es-419"}, {"fil", "fil"}, {"nb", "nb"}};
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		text_language_tag(str_from(tags[i][0]), tag, wrong, hint);
		ck_assert_str_eq(tag, tags[i][1]);
		ck_assert_str_eq(wrong, "");
	}
}
END_TEST

START_TEST(test_what_does_not_exist_is_told_with_what_may_be_meant)
{
	static const char *const tags[][2] = {{"", ""}, {"e", ""}, {"xx", ""}, {"123", ""}, {"und", ""}, {"zz", ""},
	    {"english", "en"}, {"Ukrainian", "uk"}, {"polski", "pl"}, {"русский", "ru"}, {"ua", "uk"}, {"cn", "zh"},
	    {"AT", "de"}, {"en-XQ", "en"}, {"zh-Qabc", "zh"}, {"pt-BR-x", "pt"},
	    {"en-latn-latn-latn-latn-latn-latn-latn-latn", "en"}, {"eng-latn-us-latn-latn-latn-latn-latn-latn", "en"},
	    {"en-GB-US", "en"}, {"a-very-long-tag-that-goes-on-and-on-and-on-and-on", ""}};
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		text_language_tag(str_from(tags[i][0]), tag, wrong, hint);
		ck_assert_msg(tag[0] == '\0' && wrong[0] != '\0', "%s is taken for %s", tags[i][0], tag);
		ck_assert_str_eq(hint, tags[i][1]);
	}
}
END_TEST

START_TEST(test_a_language_is_that_of_all_its_countries)
{
	ck_assert(text_language_is(STR_LIT("en-GB"), STR_LIT("en")));
	ck_assert(text_language_is(STR_LIT("EN"), STR_LIT("en")));
	ck_assert(text_language_is(STR_LIT("en_GB"), STR_LIT("en")));
	ck_assert(!text_language_is(STR_LIT("en"), STR_LIT("en-GB")));
	ck_assert(!text_language_is(STR_LIT("eno"), STR_LIT("en")));
	ck_assert(text_language_is(STR_LIT("nb-NO"), STR_LIT("no")));
	ck_assert(text_language_is(STR_LIT("nn"), STR_LIT("no")));
	ck_assert(!text_language_is(STR_LIT("nno"), STR_LIT("no")));
	ck_assert(!text_language_is(STR_LIT("no"), STR_LIT("nb")));
	ck_assert(text_language_is(STR_LIT("nb_NO"), STR_LIT("no")));
	ck_assert(!text_language_is(STR_NONE, STR_LIT("en")));
}
END_TEST

START_TEST(test_old_codes_are_known_and_become_new_ones)
{
	ck_assert(text_language_withdrawn(STR_LIT("iw")));
	ck_assert(text_language_withdrawn(STR_LIT("IN-ID")));
	ck_assert(!text_language_withdrawn(STR_LIT("he")));
	ck_assert(!text_language_withdrawn(STR_LIT("ind")));
	ck_assert(!text_language_withdrawn(STR_LIT("i")));
	ck_assert(text_language_usual(STR_LIT("in-ID"), tag));
	ck_assert_str_eq(tag, "id-ID");
	ck_assert(!text_language_usual(STR_LIT("xyz"), tag));
	ck_assert(!text_language_usual(STR_LIT("en-x"), tag));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_tag_gets_its_usual_form);
	tcase_add_test(tc, test_what_does_not_exist_is_told_with_what_may_be_meant);
	tcase_add_test(tc, test_old_codes_are_known_and_become_new_ones);
	tcase_add_test(tc, test_a_language_is_that_of_all_its_countries);
}

int
main(void)
{
	return tap_run("text/language", suite);
}
