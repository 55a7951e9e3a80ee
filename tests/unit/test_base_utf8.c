#include "base/utf8.h"
#include "rng.h"
#include "tap.h"

/* The naive definition, for comparison: decode by the bit patterns, then look whether encoding gives the same bytes. */
static size_t
model_length(const unsigned char *p, size_t left)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] >> 5 == 6 ? 2 : p[0] >> 4 == 14 ? 3 : p[0] >> 3 == 30 ? 4 : 0;
	char again[4];
	if (n == 0 || n > left)
		return 0;
	uint32_t cp = n == 1 ? p[0] : p[0] & (0x7Fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		cp = cp << 6 | (p[i] & 0x3Fu);
	}
	return utf8_put(cp, again) == n && memcmp(again, p, n) == 0 ? n : 0;
}

START_TEST(test_a_mark_at_the_beginning_is_left_out_once)
{
	ck_assert(str_is(utf8_without_mark(STR_LIT("\xEF\xBB\xBF"
	                                           "a")),
	    "a"));
	ck_assert(str_is(utf8_without_mark(STR_LIT("\xEF\xBB\xBF\xEF\xBB\xBF")), "\xEF\xBB\xBF"));
	ck_assert(str_is(utf8_without_mark(STR_LIT("a\xEF\xBB\xBF")), "a\xEF\xBB\xBF"));
	ck_assert_uint_eq(utf8_without_mark(STR_LIT("\xEF\xBB")).len, 2);
	ck_assert_uint_eq(utf8_without_mark(STR_NONE).len, 0);
}
END_TEST

START_TEST(test_every_code_point_round_trips_and_surrogates_do_not_exist)
{
	char out[4];
	for (uint32_t cp = 0; cp < 0x110010; cp++) {
		size_t n = utf8_put(cp, out), pos = 0;
		if ((cp >= 0xD800 && cp <= 0xDFFF) || cp > 0x10FFFF) {
			ck_assert_uint_eq(n, 0);
			continue;
		}
		struct str s = {out, n};
		if (n == 0 || utf8_next(s, &pos) != cp || pos != n || utf8_prev(s, n) != 0)
			ck_abort_msg("U+%04X", (unsigned)cp);
	}
	ck_assert_uint_eq(utf8_put(UTF8_INVALID, out), 0);
}
END_TEST

START_TEST(test_every_three_bytes_are_judged_as_the_naive_decoder_does)
{
	for (unsigned v = 0; v < 0x1000000; v++) {
		unsigned char b[3] = {(unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v};
		struct str s = {(char *)b, 3};
		size_t want = 0, n;
		while (want < 3 && (n = model_length(b + want, 3 - want)) > 0)
			want += n;
		if (utf8_valid_prefix(s) != want)
			ck_abort_msg("%02x %02x %02x: %zu, want %zu", b[0], b[1], b[2], utf8_valid_prefix(s), want);
	}
}
END_TEST

START_TEST(test_random_bytes_of_four_byte_forms_are_judged_as_the_naive_decoder_does)
{
	uint64_t seed = 6;
	for (int i = 0; i < 1000000; i++) {
		unsigned char b[4] = {(unsigned char)(0xEC + rng_below(&seed, 12))};
		for (int k = 1; k < 4; k++)
			b[k] = (unsigned char)(0x70 + rng_below(&seed, 0x60));
		size_t pos = 0, want = model_length(b, 4);
		uint32_t cp = utf8_next((struct str){(char *)b, 4}, &pos);
		ck_assert_int_eq(cp != UTF8_INVALID, want > 0);
		if (want > 0)
			ck_assert_uint_eq(pos, want);
	}
}
END_TEST

/* The Unicode Standard 15, chapter 3, tables 3-8 to 3-11 (D93b) and the practice described there: one U+FFFD for
 * each maximal subpart of an ill-formed sequence. '.' stands for one replacement. */
START_TEST(test_ill_formed_sequences_are_replaced_as_chapter_3_recommends)
{
	static const struct {
		const char *bytes, *want;
	} cases[] = {
	    {"\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41", "........A"}, /* 3-8 non-shortest forms */
	    {"\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41", "........A"}, /* 3-9 surrogates */
	    {"\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42", ".....A..B"}, /* 3-10 other */
	    {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "....A"},     /* 3-11 truncated */
	    {"\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64", "a...b.c..d"},
	    {"\xF5\x80\x80\x80", "...."},
	    {"\xFE\xFF", ".."},
	    {"\xC2", "."},
	    {"\xE2\x82", "."},
	    {"\xF0\x9F\x98", "."},
	    {"\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF"},
	    {"", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf got, want;
		buf_init(&got, 0);
		buf_init(&want, 0);
		for (const char *p = cases[i].want; *p; p++)
			buf_puts(&want, *p == '.' ? "\xEF\xBF\xBD" : (char[]){*p, 0});
		ck_assert(utf8_clean(&got, str_from(cases[i].bytes)));
		ck_assert_msg(str_eq(buf_view(&got), buf_view(&want)), "case %zu", i);
		buf_done(&got);
		buf_done(&want);
	}
}
END_TEST

START_TEST(test_cleaned_bytes_are_always_valid)
{
	uint64_t seed = 7;
	for (int i = 0; i < 20000; i++) {
		char bytes[64];
		size_t n = rng_below(&seed, sizeof bytes);
		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(rng_below(&seed, 2) ? 'a' : rng_next(&seed));
		struct buf b;
		buf_init(&b, 0);
		ck_assert(utf8_clean(&b, (struct str){bytes, n}));
		ck_assert(utf8_valid(buf_view(&b)));
		buf_done(&b);
	}
}
END_TEST

START_TEST(test_the_fast_path_finds_the_bad_byte_wherever_it_stands)
{
	char text[40];
	for (size_t bad = 0; bad < sizeof text; bad++) {
		memset(text, 'x', sizeof text);
		text[bad] = '\xFF';
		ck_assert_uint_eq(utf8_valid_prefix((struct str){text, sizeof text}), bad);
	}
}
END_TEST

static size_t
naive_prefix(struct str s)
{
	size_t pos = 0, at = 0;
	while (at < s.len && utf8_next(s, &pos) != UTF8_INVALID)
		at = pos;
	return at;
}

START_TEST(test_long_texts_with_few_other_characters_are_judged_as_character_by_character)
{
	static const char *const others[] = {
	    "\xC3\xA9", "\xE2\x80\x93", "\xF0\x9F\x98\x80", "\xFF", "\xE2\x80", "\xC3\xA9\xE2\x80\x93\x80", ""};
	uint64_t seed = 8;
	for (int i = 0; i < 50000; i++) {
		char text[200];
		size_t n = rng_below(&seed, sizeof text);
		memset(text, 'x', sizeof text);
		for (unsigned k = (unsigned)rng_below(&seed, 4); k > 0; k--) {
			const char *other = others[rng_below(&seed, sizeof others / sizeof *others)];
			memcpy(text + rng_below(&seed, sizeof text - 8), other, strlen(other));
		}
		struct str s = {text, n};
		ck_assert_uint_eq(utf8_valid_prefix(s), naive_prefix(s));
	}
}
END_TEST

/* Nothing but long characters, in which one byte is another. */
START_TEST(test_texts_in_other_scripts_are_judged_as_character_by_character)
{
	uint64_t seed = 9;
	for (int i = 0; i < 50000; i++) {
		char text[300];
		size_t n = 0, want = rng_below(&seed, sizeof text - 4), widths = 1 + rng_below(&seed, 3);
		while (n < want) {
			static const uint32_t ends[] = {0x80, 0x800, 0x10000, 0x110000};
			size_t width = rng_below(&seed, 8) == 0 ? rng_below(&seed, 4) : widths;
			n += utf8_put((uint32_t)rng_below(&seed, ends[width]), text + n);
		}
		struct str s = {text, n};
		ck_assert_uint_eq(utf8_valid_prefix(s), n);
		s.len = n - rng_below(&seed, n < 4 ? n + 1 : 4);
		ck_assert_uint_eq(utf8_valid_prefix(s), naive_prefix(s));
		if (s.len > 0)
			text[rng_below(&seed, s.len)] = (char)rng_next(&seed);
		ck_assert_uint_eq(utf8_valid_prefix(s), naive_prefix(s));
	}
}
END_TEST

START_TEST(test_truncation_cuts_no_character)
{
	static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
	static const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
	for (size_t i = 0; i < sizeof want / sizeof *want; i++)
		ck_assert_uint_eq(utf8_truncate(STR_LIT(text), i).len, want[i]);
	/* A long run of continuation bytes is no character; it must not swallow everything before it. */
	ck_assert_uint_eq(utf8_truncate(STR_LIT("abc\x80\x80\x80\x80\x80\x80\x80\x80\x80"), 9).len, 9);
}
END_TEST

START_TEST(test_walking_backwards_visits_the_same_characters)
{
	struct str s = STR_LIT("\xD0\x9A\xD0\xB8\xD1\x97\xD0\xB2 \xE4\xB8\xAD\xE6\x96\x87 \xF0\x9F\x95\x8A!");
	size_t starts[32], n = 0;
	for (size_t pos = 0; pos < s.len; utf8_next(s, &pos))
		starts[n++] = pos;
	for (size_t pos = s.len; pos > 0;) {
		pos = utf8_prev(s, pos);
		ck_assert_uint_eq(pos, starts[--n]);
	}
	ck_assert_uint_eq(n, 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_every_code_point_round_trips_and_surrogates_do_not_exist);
	tcase_add_test(tc, test_every_three_bytes_are_judged_as_the_naive_decoder_does);
	tcase_add_test(tc, test_random_bytes_of_four_byte_forms_are_judged_as_the_naive_decoder_does);
	tcase_add_test(tc, test_ill_formed_sequences_are_replaced_as_chapter_3_recommends);
	tcase_add_test(tc, test_cleaned_bytes_are_always_valid);
	tcase_add_test(tc, test_the_fast_path_finds_the_bad_byte_wherever_it_stands);
	tcase_add_test(tc, test_long_texts_with_few_other_characters_are_judged_as_character_by_character);
	tcase_add_test(tc, test_a_mark_at_the_beginning_is_left_out_once);
	tcase_add_test(tc, test_texts_in_other_scripts_are_judged_as_character_by_character);
	tcase_add_test(tc, test_truncation_cuts_no_character);
	tcase_add_test(tc, test_walking_backwards_visits_the_same_characters);
}

int
main(void)
{
	return tap_run("base/utf8", suite);
}
