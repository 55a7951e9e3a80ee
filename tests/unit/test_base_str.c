#include "tap.h"

START_TEST(test_absent_and_empty_are_equal_in_content_but_told_apart)
{
	ck_assert(str_eq(STR_NONE, STR_LIT("")));
	ck_assert_ptr_null(STR_NONE.s);
	ck_assert_ptr_nonnull(STR_LIT("").s);
	ck_assert_ptr_null(str_from(NULL).s);
	ck_assert(str_empty(STR_NONE));
}
END_TEST

START_TEST(test_case_is_ignored_for_ascii_only)
{
	ck_assert(str_ieq(STR_LIT("Content-TYPE"), STR_LIT("content-type")));
	ck_assert(!str_ieq(STR_LIT("Ä"), STR_LIT("ä")));
	ck_assert(!str_ieq(STR_LIT("ab"), STR_LIT("abc")));
	/* '@' and '[' stand beside the letters, and differ from '`' and '{' by the case bit alone. */
	ck_assert(!str_ieq(STR_LIT("@["), STR_LIT("`{")));
}
END_TEST

START_TEST(test_prefixes_and_suffixes)
{
	ck_assert(str_starts(STR_LIT("https://x"), STR_LIT("https:")));
	ck_assert(!str_starts(STR_LIT("http"), STR_LIT("https")));
	ck_assert(str_istarts(STR_LIT("HTTPS://x"), STR_LIT("https:")));
	ck_assert(!str_istarts(STR_LIT("HTTP"), STR_LIT("https")));
	ck_assert(str_ends(STR_LIT("a.conf"), STR_LIT(".conf")));
	ck_assert(!str_ends(STR_LIT("conf"), STR_LIT(".conf")));
	ck_assert(str_starts(STR_NONE, STR_NONE));
	ck_assert(str_ends(STR_NONE, STR_NONE));
}
END_TEST

START_TEST(test_finding_agrees_with_a_naive_search)
{
	/* Every needle of up to three letters over {a,b} in every text of up to eight. */
	char hay[8], needle[3];
	for (unsigned hl = 0; hl <= 8; hl++) {
		for (unsigned h = 0; h < 1u << hl; h++) {
			for (unsigned i = 0; i < hl; i++)
				hay[i] = h >> i & 1 ? 'b' : 'a';
			for (unsigned nl = 1; nl <= 3; nl++) {
				for (unsigned n = 0; n < 1u << nl; n++) {
					for (unsigned i = 0; i < nl; i++)
						needle[i] = n >> i & 1 ? 'b' : 'a';
					ptrdiff_t want = -1;
					for (unsigned i = 1; want < 0 && i + nl <= hl; i++)
						want = memcmp(hay + i, needle, nl) == 0 ? (ptrdiff_t)i : -1;
					struct str hs = {hay, hl}, ns = {needle, nl};
					ck_assert_int_eq(str_find(hs, ns, 1), want);
					ck_assert_int_eq(str_ifind(hs, ns, 1), want);
				}
			}
		}
	}
}
END_TEST

START_TEST(test_finding_at_the_edges)
{
	ck_assert_int_eq(str_find(STR_LIT("abc"), STR_LIT(""), 0), -1);
	ck_assert_int_eq(str_find(STR_LIT("abc"), STR_LIT("c"), 4), -1);
	ck_assert_int_eq(str_find(STR_NONE, STR_LIT("c"), 0), -1);
	ck_assert_int_eq(str_find(STR_LIT("a\0b"), STR_LIT("\0b"), 0), 1);
	ck_assert_int_eq(str_ifind(STR_LIT("<!DocType"), STR_LIT("<!doctype"), 0), 0);
	ck_assert_int_eq(str_ifind(STR_LIT("abc"), STR_LIT("c"), 4), -1);
	ck_assert_int_eq(str_ifind(STR_NONE, STR_LIT("c"), 0), -1);
}
END_TEST

START_TEST(test_trimming_takes_ascii_space_only)
{
	ck_assert_str_is(str_trim(STR_LIT(" \t\r\n\f\va b\n")), "a b");
	ck_assert_str_is(str_trim(STR_LIT(" \n ")), "");
	ck_assert_str_is(str_trim(STR_LIT("\xC2\xA0x")), "\xC2\xA0x");
	ck_assert_uint_eq(str_trim(STR_NONE).len, 0);
}
END_TEST

START_TEST(test_splitting_delivers_inner_empty_fields_and_no_empty_last)
{
	static const char *const want[] = {"a", "", "b"};
	struct str rest = STR_LIT("a,,b,"), field;
	size_t n = 0;
	while (str_split(&rest, ',', &field)) {
		ck_assert_uint_lt(n, 3);
		ck_assert_str_is(field, want[n]);
		n++;
	}
	ck_assert_uint_eq(n, 3);
	rest = STR_NONE;
	ck_assert(!str_split(&rest, ',', &field));
}
END_TEST

START_TEST(test_numbers_keep_to_their_range)
{
	static const struct {
		const char *text;
		bool good;
		int64_t value;
	} cases[] = {
	    {"0", true, 0},
	    {"-0", true, 0},
	    {"+7", true, 7},
	    {"0042", true, 42},
	    {"9223372036854775807", true, INT64_MAX},
	    {"-9223372036854775808", true, INT64_MIN},
	    {"9223372036854775808", false, 0},
	    {"-9223372036854775809", false, 0},
	    {"99999999999999999999999", false, 0},
	    {"", false, 0},
	    {"-", false, 0},
	    {"+", false, 0},
	    {"1 ", false, 0},
	    {" 1", false, 0},
	    {"1a", false, 0},
	    {"0x10", false, 0},
	    {"--1", false, 0},
	    {"1.0", false, 0},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t v = 0;
		ck_assert_msg(str_int(str_from(cases[i].text), INT64_MIN, INT64_MAX, &v) == cases[i].good, "\"%s\"",
		    cases[i].text);
		ck_assert_int_eq(v, cases[i].value);
	}
	int64_t v = 5;
	ck_assert(!str_int(STR_LIT("11"), 1, 10, &v));
	ck_assert(!str_int(STR_LIT("0"), 1, 10, &v));
	ck_assert_int_eq(v, 5);
	ck_assert(str_int(STR_LIT("10"), 1, 10, &v));
}
END_TEST

START_TEST(test_comparison_is_by_unsigned_bytes)
{
	ck_assert_int_eq(str_cmp(STR_LIT("a"), STR_LIT("b")), -1);
	ck_assert_int_eq(str_cmp(STR_LIT("a"), STR_LIT("ab")), -1);
	ck_assert_int_eq(str_cmp(STR_LIT("ab"), STR_LIT("a")), 1);
	ck_assert_int_eq(str_cmp(STR_LIT("\xFF"), STR_LIT("a")), 1);
	ck_assert_int_eq(str_cmp(STR_NONE, STR_LIT("")), 0);
	static const char *const sorted[] = {"a", "ab", "b"};
	ck_assert(str_listed(STR_LIT("a"), sorted, 3) && str_listed(STR_LIT("ab"), sorted, 3));
	ck_assert(str_listed(STR_LIT("b"), sorted, 3) && !str_listed(STR_LIT("b"), sorted, 2));
	ck_assert(!str_listed(STR_LIT("abc"), sorted, 3) && !str_listed(STR_NONE, sorted, 3));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_absent_and_empty_are_equal_in_content_but_told_apart);
	tcase_add_test(tc, test_case_is_ignored_for_ascii_only);
	tcase_add_test(tc, test_prefixes_and_suffixes);
	tcase_add_test(tc, test_finding_agrees_with_a_naive_search);
	tcase_add_test(tc, test_finding_at_the_edges);
	tcase_add_test(tc, test_trimming_takes_ascii_space_only);
	tcase_add_test(tc, test_splitting_delivers_inner_empty_fields_and_no_empty_last);
	tcase_add_test(tc, test_numbers_keep_to_their_range);
	tcase_add_test(tc, test_comparison_is_by_unsigned_bytes);
}

int
main(void)
{
	return tap_run("base/str", suite);
}
