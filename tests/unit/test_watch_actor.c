/* What an actor may say beside its names: when a family name counts, exclusions, pins, members. */
#include "watch_fixture.h"

static const struct watch_origin nowhere = {STR_NONE, 0};

static void
role(const char *id, enum watch_role role, const char *text)
{
	struct err err;
	ck_assert_int_eq(watch_add_role(fx.builder, str_from(id), role, str_from(text), nowhere, &err), 0);
}

static void
family(const char *id, enum watch_family family)
{
	struct err err;
	ck_assert_int_eq(watch_set_family(fx.builder, str_from(id), family, &err), 0);
}

static void
kushner(enum watch_family f)
{
	watch("k", WATCH_PERSON, "en", "Jared Kushner");
	family("k", f);
}

START_TEST(test_a_family_name_counts_as_the_user_says)
{
	kushner(WATCH_FAMILY_AFTER_FULL);
	compile();
	ck_found("en", "envoys met Kushner today", "");
	ck_found("en", "Jared Kushner came. Then Kushner left", "k:Jared Kushner|Kushner");
	family("k", WATCH_FAMILY_NEVER);
	compile();
	ck_found("en", "Jared Kushner came. Then Kushner left", "k:Jared Kushner");
	family("k", WATCH_FAMILY_ALONE);
	compile();
	ck_found("en", "Envoys met kushner today", "k:kushner");
	family("k", WATCH_FAMILY_CAPITALISED);
	compile();
	ck_found("en", "Envoys met kushner and Kushner today", "k:Kushner");
}
END_TEST

START_TEST(test_words_of_context_make_a_family_name_count)
{
	kushner(WATCH_FAMILY_CONTEXT);
	role("k", WATCH_ROLE_CONTEXT, "White House");
	compile();
	ck_found("en", "there came Kushner today", "");
	ck_found("en", "the White House sent Kushner today", "k:Kushner");
	watch("t", WATCH_PERSON, "en", "Tony Kushner");
	compile();
	ck_found("en", "the White House saw Tony Kushner. Kushner left", "t:Tony Kushner|Kushner");
}
END_TEST

START_TEST(test_somebody_else_of_the_name_is_excluded)
{
	kushner(WATCH_FAMILY_ALONE);
	role("k", WATCH_ROLE_NOT, "Tony Kushner");
	compile();
	ck_found("en", "a play by Tony Kushner. It is by Kushner", "");
	ck_found("en", "a play by Tony Kushner, seen by Jared Kushner", "k:Jared Kushner");
	ck_found("en", "they met Kushner", "k:Kushner");
	ck_found("uk", "п’єса Тоні Кушнера. Автор Кушнер", "");
	ck_found("uk", "зустріли Кушнера", "k:Кушнера");
}
END_TEST

START_TEST(test_a_name_inside_another_name_is_excluded_once_for_all)
{
	struct err err;
	watch("w", WATCH_PLACE, "en", "Washington");
	watch("t", WATCH_PERSON, "en", "Donald Trump");
	ck_assert_int_eq(watch_exclude(fx.builder, STR_LIT("Washington Post"), nowhere, &err), 0);
	ck_assert_int_eq(watch_exclude(fx.builder, STR_LIT("Trump Tower"), nowhere, &err), 0);
	compile();
	ck_found("en", "the Washington Post of Washington said", "w:Washington");
	ck_found("en", "at Trump Tower they met Trump", "t:Trump");
	ck_found("ru", "в газете Вашингтон Пост, в Вашингтоне", "w:Вашингтоне");
	watch("wp", WATCH_ORG, "en", "Washington Post");
	compile();
	ck_found("en", "the Washington Post said", "wp:Washington Post");
}
END_TEST

START_TEST(test_forms_are_pinned_and_forbidden)
{
	kushner(WATCH_FAMILY_NEVER);
	role("k", WATCH_ROLE_FORM, "JK");
	role("k", WATCH_ROLE_NOT_FORM, "J. Kushner");
	compile();
	ck_found("en", "Mr JK and J. Kushner and Jared Kushner", "k:JK|Jared Kushner");
	ck_assert_str_eq(fx.result.hits[0].mentions[0].rule, "pinned");
}
END_TEST

START_TEST(test_a_forbidden_form_is_that_one_alone)
{
	kushner(WATCH_FAMILY_ALONE);
	role("k", WATCH_ROLE_NOT_FORM, "Kushner");
	compile();
	ck_found("pl", "spotkali Kushnera i Kushner", "k:Kushnera");
}
END_TEST

START_TEST(test_a_group_is_mentioned_when_a_member_is)
{
	struct err err;
	watch("a", WATCH_PERSON, "en", "Anna Beispiel");
	watch("b", WATCH_PERSON, "en", "Boris Muster");
	ck_assert_int_eq(watch_add_member(fx.builder, STR_LIT("envoys"), STR_LIT("a"), nowhere, &err), 0);
	ck_assert_int_eq(watch_add_member(fx.builder, STR_LIT("envoys"), STR_LIT("b"), nowhere, &err), 0);
	ck_assert_int_eq(watch_add_member(fx.builder, STR_LIT("all"), STR_LIT("envoys"), nowhere, &err), 0);
	ck_assert_int_eq(watch_add_member(fx.builder, STR_LIT("envoys"), STR_LIT("all"), nowhere, &err), 0);
	ck_assert_int_eq(watch_add_member(fx.builder, STR_LIT("envoys"), STR_LIT("nobody"), nowhere, &err), -1);
	ck_assert_int_eq(err.code, ERR_NOT_FOUND);
	ck_assert_int_eq(watch_add_member(fx.builder, STR_LIT("all"), STR_LIT("all"), nowhere, &err), -1);
	ck_assert_str_eq(err.msg, "“all” cannot be a member of itself");
	compile();
	ck_found("en", "there came Anna Beispiel and Boris Muster",
	    "a:Anna Beispiel b:Boris Muster envoys:Anna Beispiel|Boris Muster all:Anna Beispiel|Boris Muster");
}
END_TEST

START_TEST(test_of_two_named_in_full_the_last_one_is_meant)
{
	watch("j", WATCH_PERSON, "en", "John Beispiel");
	watch("m", WATCH_PERSON, "en", "Mary Beispiel");
	compile();
	ck_found("en", "John Beispiel came. Beispiel spoke. Mary Beispiel left. Beispiel wept.",
	    "j:John Beispiel|Beispiel m:Mary Beispiel|Beispiel");
	ck_found("en", "nobody but Beispiel came", "");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_a_family_name_counts_as_the_user_says);
	tcase_add_test(tc, test_words_of_context_make_a_family_name_count);
	tcase_add_test(tc, test_somebody_else_of_the_name_is_excluded);
	tcase_add_test(tc, test_a_name_inside_another_name_is_excluded_once_for_all);
	tcase_add_test(tc, test_forms_are_pinned_and_forbidden);
	tcase_add_test(tc, test_a_forbidden_form_is_that_one_alone);
	tcase_add_test(tc, test_a_group_is_mentioned_when_a_member_is);
	tcase_add_test(tc, test_of_two_named_in_full_the_last_one_is_meant);
}

int
main(void)
{
	return tap_run("watch/actor", suite);
}
