#include "tap.h"

#include "base/utf8.h"
#include "text/hangul.h"

#include <stdio.h>

static uint32_t
cp(const char *s)
{
	size_t pos = 0;
	return utf8_next(str_from(s), &pos);
}

static const char *
spelt(const char *syllable)
{
	static char text[256];
	struct hangul_spelling all[HANGUL_SPELLINGS_MAX];
	size_t n = hangul_spell(cp(syllable), all, HANGUL_SPELLINGS_MAX), used = 0;
	text[0] = '\0';
	for (size_t i = 0; i < n; i++)
		used += (size_t)snprintf(
		    text + used, sizeof text - used, "%s%.*s", i ? " " : "", (int)all[i].len, all[i].s);
	return text;
}

START_TEST(test_a_syllable_is_spelt_by_both_systems_and_as_people_do)
{
	ck_assert_str_eq(spelt("정"), "jung chung jeong jong chong");
	ck_assert_str_eq(spelt("호"), "ho");
	ck_assert_str_eq(spelt("은"), "eun un");
	ck_assert_str_eq(spelt("영"), "young yeong yong yung");
	ck_assert_str_eq(spelt("A"), "");
}
END_TEST

static const char *
in_cyrillic(const char *syllables, bool family)
{
	static char text[64];
	struct hangul_spelling s = hangul_spell_as(HANGUL_KONTSEVICH, str_from(syllables), family);
	snprintf(text, sizeof text, "%.*s", (int)s.len, s.s);
	return text;
}

/* A name of a family name and two syllables, all that can be voiced so. */
static const char *
in_czech(const char *family, const char *first, const char *second)
{
	static char text[100];
	struct hangul_spelling a = hangul_spell_as(HANGUL_CZECH, str_from(family), true),
	                       b = hangul_spell_as(HANGUL_CZECH, str_from(first), false),
	                       c = hangul_spell_as(HANGUL_CZECH, str_from(second), false);
	hangul_voice(HANGUL_CZECH, &c, &b);
	snprintf(text, sizeof text, "%.*s %.*s-%.*s", a.len, a.s, b.len, b.s, c.len, c.s);
	return text;
}

START_TEST(test_syllables_are_written_by_the_czech_standard)
{
	ck_assert_str_eq(in_czech("김", "여", "정"), "kim jo-dzong"); /* Jo-džong */
	ck_assert_str_eq(in_czech("이", "명", "박"), "i mjong-bak");
	ck_assert_str_eq(in_czech("윤", "석", "열"), "jun sok-jol");
	ck_assert_str_eq(in_czech("박", "춘", "태"), "pak cchun-tche"); /* Čchun-tche: aspirated */
}
END_TEST

START_TEST(test_syllables_are_written_in_cyrillic_after_kontsevich)
{
	ck_assert_str_eq(in_cyrillic("이", true), "ли");
	ck_assert_str_eq(in_cyrillic("이", false), "и");
	ck_assert_str_eq(in_cyrillic("재", false), "чжэ");
	ck_assert_str_eq(in_cyrillic("명", false), "мен"); /* folded: мён */
	ck_assert_str_eq(in_cyrillic("남궁", true), "намкун");
	ck_assert_str_eq(in_cyrillic("A", false), "");
	struct hangul_spelling pan = hangul_spell_as(HANGUL_KONTSEVICH, STR_LIT("반"), true),
	                       ki = hangul_spell_as(HANGUL_KONTSEVICH, STR_LIT("기"), false),
	                       thae = hangul_spell_as(HANGUL_KONTSEVICH, STR_LIT("태"), false),
	                       pak = hangul_spell_as(HANGUL_KONTSEVICH, STR_LIT("박"), true), again = ki;
	ck_assert(!hangul_voice(HANGUL_KONTSEVICH, &ki, &pak)); /* not behind к */
	ck_assert(hangul_voice(HANGUL_KONTSEVICH, &ki, &pan));
	ck_assert_int_eq(memcmp(ki.s, "ги", 4), 0);
	ck_assert(!hangul_voice(HANGUL_KONTSEVICH, &thae, &pan)); /* not what is aspirated */
	ck_assert(hangul_voice(HANGUL_KONTSEVICH, &again, &ki));
}
END_TEST

START_TEST(test_no_more_spellings_are_made_than_asked_for)
{
	struct hangul_spelling all[2];
	ck_assert_uint_eq(hangul_spell(cp("정"), all, 2), 2);
	ck_assert_uint_eq(hangul_spell(cp("정"), all, 0), 0);
	ck_assert_uint_eq(hangul_spell_family(STR_LIT("박"), all, 2), 2);
	ck_assert_uint_eq(hangul_spell_family(STR_LIT("뷁"), all, 2), 0);
}
END_TEST

START_TEST(test_a_latin_word_is_read_as_the_syllables_it_may_be)
{
	uint32_t all[HANGUL_READINGS_MAX];
	struct str families[HANGUL_READINGS_MAX];
	ck_assert_uint_eq(hangul_read(STR_LIT("jung"), all), 2);
	ck_assert_uint_eq(all[0], cp("정"));
	ck_assert_uint_eq(all[1], cp("중"));
	ck_assert_uint_eq(hangul_read(STR_LIT("campbell"), all), 0);
	ck_assert_uint_eq(hangul_read(STR_LIT(""), all), 0);
	ck_assert_uint_eq(hangul_read(STR_LIT("jungjungjungjung"), all), 0);
	ck_assert_uint_eq(hangul_read_family(STR_LIT("pak"), families), 1);
	ck_assert(str_is(families[0], "박"));
	ck_assert_uint_eq(hangul_read_family(STR_LIT("smith"), families), 0);
}
END_TEST

/* Every syllable of every family and given name comes back from each of its spellings. */
START_TEST(test_each_spelling_is_read_back)
{
	static const char names[] = "정호은영희민수준철현경광석";
	struct str all = STR_LIT(names);
	for (size_t pos = 0; pos < all.len;) {
		struct hangul_spelling spellings[HANGUL_SPELLINGS_MAX];
		uint32_t syllable = utf8_next(all, &pos), read[HANGUL_READINGS_MAX];
		size_t n = hangul_spell(syllable, spellings, HANGUL_SPELLINGS_MAX);
		ck_assert_uint_gt(n, 0);
		for (size_t i = 0; i < n; i++) {
			size_t count = hangul_read((struct str){spellings[i].s, spellings[i].len}, read), found = 0;
			for (size_t k = 0; k < count; k++)
				found += read[k] == syllable;
			ck_assert_uint_eq(found, 1);
		}
	}
}
END_TEST

START_TEST(test_a_name_has_a_family_name_and_two_syllables)
{
	struct hangul_name name;
	ck_assert(hangul_name(STR_LIT("박정호"), &name));
	ck_assert(str_is(name.family, "박"));
	ck_assert_uint_eq(name.given[0], cp("정"));
	ck_assert(hangul_name(STR_LIT("박 정호"), &name));
	ck_assert(hangul_name(STR_LIT("남궁민수"), &name));
	ck_assert(str_is(name.family, "남궁"));
	ck_assert(hangul_name(STR_LIT("남궁수"), &name));
	ck_assert(str_is(name.family, "남"));
	ck_assert(!hangul_name(STR_LIT("박호"), &name));
	ck_assert(!hangul_name(STR_LIT("트럼프"), &name));
	ck_assert(!hangul_name(STR_LIT("박정호A"), &name));
	ck_assert(!hangul_name(STR_LIT("박정호박정호"), &name));
	ck_assert(!hangul_name(STR_LIT("\xEB\xB0"), &name));
	ck_assert(!hangul_name(STR_LIT(""), &name));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_syllable_is_spelt_by_both_systems_and_as_people_do);
	tcase_add_test(tc, test_syllables_are_written_in_cyrillic_after_kontsevich);
	tcase_add_test(tc, test_syllables_are_written_by_the_czech_standard);
	tcase_add_test(tc, test_no_more_spellings_are_made_than_asked_for);
	tcase_add_test(tc, test_a_latin_word_is_read_as_the_syllables_it_may_be);
	tcase_add_test(tc, test_each_spelling_is_read_back);
	tcase_add_test(tc, test_a_name_has_a_family_name_and_two_syllables);
}

int
main(void)
{
	return tap_run("text/hangul", suite);
}
