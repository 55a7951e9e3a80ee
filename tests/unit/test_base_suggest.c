#include "base/suggest.h"
#include "tap.h"

static const char *const words[] = {"NEAR", "ONEAR", "WITHIN", "title", "summary", "source"};

static const char *
meant(const char *word)
{
	static char text[SUGGESTION_MAX];
	struct suggestion s;
	suggestion_init(&s, str_from(word));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		suggestion_offer(&s, str_from(words[i]));
	return suggestion_text(&s, text);
}

START_TEST(test_slips_find_the_nearest_word)
{
	ck_assert_str_eq(meant("NAER"), "; did you mean “NEAR”?");
	ck_assert_str_eq(meant("OENAR"), "; did you mean “ONEAR”?");
	ck_assert_str_eq(meant("wihtin"), "; did you mean “WITHIN”?");
	ck_assert_str_eq(meant("titel"), "; did you mean “title”?");
	ck_assert_str_eq(meant("sorce"), "; did you mean “source”?");
}
END_TEST

START_TEST(test_what_is_like_nothing_suggests_nothing)
{
	ck_assert_str_eq(meant(""), "");
	ck_assert_str_eq(meant("x"), "");
	ck_assert_str_eq(meant("TCP"), "");
	ck_assert_str_eq(meant("a-word-that-is-longer-than-anything-that-could-be-a-slip-of-any-of-them-really"), "");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_slips_find_the_nearest_word);
	tcase_add_test(tc, test_what_is_like_nothing_suggests_nothing);
}

int
main(void)
{
	return tap_run("base/suggest", suite);
}
