#include "tap.h"

#include "base/utf8.h"
#include "text/entities.h"

static struct buf buf;

static struct str
decoded(const char *text)
{
	buf_reset(&buf);
	ck_assert(text_decode_entities(str_from(text), &buf));
	return buf_view(&buf);
}

#define ck_decodes(text, want) ck_assert_str_is(decoded(text), want)

START_TEST(test_a_name_stands_for_its_characters)
{
	char out[8];
	ck_assert_str_is(((struct str){out, text_entity(STR_LIT("eacute"), out)}), "é");
	ck_assert_str_is(((struct str){out, text_entity(STR_LIT("Eacute"), out)}), "É");
	ck_assert_str_is(((struct str){out, text_entity(STR_LIT("NotEqualTilde"), out)}), "≂̸");
	ck_assert_str_is(((struct str){out, text_entity(STR_LIT("CounterClockwiseContourIntegral"), out)}), "∳");
	ck_assert_uint_eq(text_entity(STR_LIT("eacut"), out), 0);
	ck_assert_uint_eq(text_entity(STR_LIT("eacutes"), out), 0);
	ck_assert_uint_eq(text_entity(STR_LIT(""), out), 0);
	ck_assert_uint_eq(text_entity(STR_LIT("CounterClockwiseContourIntegrals"), out), 0);
	ck_assert_uint_eq(text_entity((struct str){"amp\0", 4}, out), 0);
}
END_TEST

START_TEST(test_named_references_are_decoded_once)
{
	ck_decodes("Tom &amp; Jerry", "Tom & Jerry");
	ck_decodes("&amp;amp;lt;", "&amp;lt;");
	ck_decodes("&lt;p&gt;&quot;&apos;&nbsp;", "<p>\"'\xc2\xa0");
	ck_decodes("", "");
	ck_decodes("&eacute;t&eacute;", "été");
}
END_TEST

START_TEST(test_what_is_no_reference_stays)
{
	ck_decodes(
	    "AT&T, R&D & co; &; &# &#; &#x; &#xg; &unknown; &", "AT&T, R&D & co; &; &# &#; &#x; &#xg; &unknown; &");
	ck_decodes("&a", "&a");
}
END_TEST

START_TEST(test_old_names_need_no_semicolon)
{
	ck_decodes("&copy 2026 &eacutet&eacute", "© 2026 été");
	ck_decodes("&notit; &notin;", "¬it; ∉");
	ck_decodes("&hellip &phi", "&hellip &phi");
	ck_decodes("&ampamp;", "&amp;");
}
END_TEST

START_TEST(test_in_an_attribute_a_name_without_semicolon_may_be_a_parameter)
{
	char out[8];
	size_t n;
	ck_assert_uint_eq(text_entity_at(STR_LIT("&copy=1"), true, out, &n), 0);
	ck_assert_uint_eq(text_entity_at(STR_LIT("&region=1"), true, out, &n), 0);
	ck_assert_uint_eq(text_entity_at(STR_LIT("&copy;=1"), true, out, &n), 6);
	ck_assert_uint_eq(text_entity_at(STR_LIT("&copy "), true, out, &n), 5);
	ck_assert_uint_eq(text_entity_at(STR_LIT("&copy=1"), false, out, &n), 5);
}
END_TEST

START_TEST(test_numbers_name_characters)
{
	ck_decodes("&#8217;&#x2019;&#X2019;&#8217", "’’’’");
	ck_decodes("&#128512;&#x1F600;", "😀😀");
	ck_decodes("&#145;&#146;&#x80;&#150;", "‘’€–");
	ck_decodes("&#129;", "\xc2\x81");
	ck_decodes("&#10;&#9;", "\n\t");
}
END_TEST

START_TEST(test_numbers_of_no_character_become_the_replacement_character)
{
	ck_decodes("&#0;&#27;&#xD800;&#x110000;&#99999999999999999999;", "\ufffd\ufffd\ufffd\ufffd\ufffd");
}
END_TEST

START_TEST(test_a_full_buffer_is_told)
{
	struct buf small;
	buf_init(&small, 4);
	ck_assert(!text_decode_entities(STR_LIT("abc &amp; def"), &small));
	ck_assert(small.over_limit);
	buf_done(&small);
}
END_TEST

static const struct {
	const char *name, *text;
	int legacy;
} table[] = {
#define ENTITY(name, text, legacy) {name, text, legacy},
#include "text/entities.def"
#undef ENTITY
};

START_TEST(test_the_table_is_sorted_and_every_name_is_found)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		char out[8];
		struct str text = {out, text_entity(str_from(table[i].name), out)};
		ck_assert_str_is(text, table[i].text);
		ck_assert(utf8_valid(text));
		ck_assert(i == 0 || strcmp(table[i - 1].name, table[i].name) < 0);
		ck_assert(!table[i].legacy || (strlen(table[i].name) >= 2 && strlen(table[i].name) <= 6));
	}
	ck_assert_uint_eq(sizeof table / sizeof *table, 2125);
}
END_TEST

static void
suite(TCase *tc)
{
	buf_init(&buf, 0);
	tcase_add_test(tc, test_a_name_stands_for_its_characters);
	tcase_add_test(tc, test_named_references_are_decoded_once);
	tcase_add_test(tc, test_what_is_no_reference_stays);
	tcase_add_test(tc, test_old_names_need_no_semicolon);
	tcase_add_test(tc, test_in_an_attribute_a_name_without_semicolon_may_be_a_parameter);
	tcase_add_test(tc, test_numbers_name_characters);
	tcase_add_test(tc, test_numbers_of_no_character_become_the_replacement_character);
	tcase_add_test(tc, test_a_full_buffer_is_told);
	tcase_add_test(tc, test_the_table_is_sorted_and_every_name_is_found);
}

int
main(void)
{
	return tap_run("text/entities", suite);
}
