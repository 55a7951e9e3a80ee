#include "feed/charset.h"

#include "base/utf8.h"
#include "tap.h"

static struct arena arena;
static struct buf buf;
static struct charset_result result;

static void
convert(struct str body, struct str http)
{
	struct err err;
	ck_assert_msg(charset_convert(body, http, &arena, &buf, &result, &err) == 0, "%s", err.msg);
	ck_assert(utf8_valid(result.text));
}

static void
setup(void)
{
	arena_init(&arena, 0);
	buf_init(&buf, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
	buf_done(&buf);
}

#define BYTES(literal) ((struct str){(literal), sizeof(literal) - 1})

/* One sentence in five encodings: label, bytes, what they mean. */
static const struct {
	const char *label;
	struct str bytes;
	const char *text;
} sentences[] = {
    {"windows-1251", BYTES("\xcf\xe0\xf0\xee\xec \xee\xef\xee\xe7\xe4\xe0\xeb"), "Паром опоздал"},
    {"koi8-r", BYTES("\xf0\xc1\xd2\xcf\xcd \xcf\xd0\xcf\xda\xc4\xc1\xcc"), "Паром опоздал"},
    {"gb18030", BYTES("\xb6\xc9\xc2\xd6\xcd\xed\xb5\xe3\xc1\xcb"), "渡轮晚点了"},
    {"shift_jis", BYTES("\x83\x74\x83\x46\x83\x8a\x81\x5b\x82\xaa\x92\x78\x82\xea\x82\xbd"), "フェリーが遅れた"},
    {"windows-1256", BYTES("\xca\xc3\xce\xd1\xca \xc7\xe1\xda\xc8\xc7\xd1\xc9"), "تأخرت العبارة"},
};

START_TEST(test_the_declaration_names_the_encoding)
{
	struct buf body;
	buf_init(&body, 0);
	buf_printf(&body, "<?xml version=\"1.0\" encoding=\"%s\"?><t>", sentences[_i].label);
	buf_str(&body, sentences[_i].bytes);
	buf_puts(&body, "</t>");
	convert(buf_view(&body), STR_NONE);
	ck_assert(str_find(result.text, str_from(sentences[_i].text), 0) >= 0);
	ck_assert_str_eq(result.why, "declaration");
	ck_assert_str_eq(result.name, sentences[_i].label);
	ck_assert(!result.lying && !result.damaged);
	buf_done(&body);
}
END_TEST

START_TEST(test_http_wins_over_the_declaration)
{
	convert(STR_LIT("<?xml version='1.0' encoding='koi8-r'?><t>\xcf\xe0\xf0\xee\xec</t>"), STR_LIT("windows-1251"));
	ck_assert_str_eq(result.why, "http");
	ck_assert(str_find(result.text, STR_LIT("Паром"), 0) >= 0);
}
END_TEST

START_TEST(test_a_byte_order_mark_wins_over_everything)
{
	convert(BYTES("\xff\xfe<\0t\0/\0>\0"), STR_LIT("windows-1251"));
	ck_assert_str_eq(result.why, "bom");
	ck_assert_str_is(result.text, "<t/>");
	convert(STR_LIT("\xef\xbb\xbf\xef\xbb\xbf<t/>"), STR_NONE);
	ck_assert_str_is(result.text, "<t/>");
}
END_TEST

START_TEST(test_valid_utf8_wins_over_a_wrong_label)
{
	convert(STR_LIT("<?xml version='1.0' encoding='iso-8859-1'?><t>Žluťoučký kůň</t>"), STR_LIT("windows-1251"));
	ck_assert_str_eq(result.name, "utf-8");
	ck_assert(result.lying);
}
END_TEST

START_TEST(test_latin_1_means_windows_1252)
{
	convert(STR_LIT("<?xml version='1.0' encoding='ISO-8859-1'?><t>\x93quoted\x94 \x80 5</t>"), STR_NONE);
	ck_assert(str_find(result.text, STR_LIT("“quoted” € 5"), 0) >= 0);
}
END_TEST

START_TEST(test_unlabelled_bytes_are_guessed_and_marked)
{
	convert(STR_LIT("<t>D\xe9j\xe0 vu: le ferry \xe9tait en retard \xe0 cause du brouillard</t>"), STR_NONE);
	ck_assert(str_find(result.text, STR_LIT("Déjà vu"), 0) >= 0);
	ck_assert(result.lying);
}
END_TEST

START_TEST(test_a_few_bad_bytes_do_not_change_the_encoding)
{
	convert(STR_LIT("<t>Паром опоздал на два часа\xff</t>"), STR_LIT("utf-8"));
	ck_assert_str_eq(result.name, "utf-8");
	ck_assert(result.damaged);
	ck_assert(str_find(result.text, STR_LIT("часа\xEF\xBF\xBD<"), 0) >= 0);
}
END_TEST

START_TEST(test_utf7_and_unknown_labels_are_not_believed)
{
	convert(STR_LIT("<?xml version='1.0' encoding='utf-7'?><t>+ADw-x+AD4-</t>"), STR_NONE);
	ck_assert_str_eq(result.name, "utf-8");
	convert(STR_LIT("<?xml version='1.0' encoding='x-nobody-knows'?><t>a</t>"), STR_LIT("utf-16"));
	ck_assert_str_eq(result.name, "utf-8");
}
END_TEST

START_TEST(test_labels_are_found_where_they_stand)
{
	ck_assert_str_is(charset_of_content_type(STR_LIT("text/xml; Charset = \"KOI8-R\"; x=y")), "KOI8-R");
	ck_assert(charset_of_content_type(STR_LIT("text/xml; notcharset=a")).s == NULL);
	ck_assert_str_is(charset_of_declaration(STR_LIT(" <?xml version='1.0' encoding = 'big5' ?>")), "big5");
	ck_assert(charset_of_declaration(STR_LIT("<rss encoding='big5'>")).s == NULL);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_the_declaration_names_the_encoding, 0, sizeof sentences / sizeof *sentences);
	tcase_add_test(tc, test_http_wins_over_the_declaration);
	tcase_add_test(tc, test_a_byte_order_mark_wins_over_everything);
	tcase_add_test(tc, test_valid_utf8_wins_over_a_wrong_label);
	tcase_add_test(tc, test_latin_1_means_windows_1252);
	tcase_add_test(tc, test_unlabelled_bytes_are_guessed_and_marked);
	tcase_add_test(tc, test_a_few_bad_bytes_do_not_change_the_encoding);
	tcase_add_test(tc, test_utf7_and_unknown_labels_are_not_believed);
	tcase_add_test(tc, test_labels_are_found_where_they_stand);
}

int
main(void)
{
	return tap_run("feed/charset", suite);
}
