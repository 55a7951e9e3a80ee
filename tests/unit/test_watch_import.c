/* Lists of names in other people's formats. */
#include "base/buf.h"
#include "tap.h"
#include "watch/import.h"

static struct buf out;

static int
tell(void *ctx, const struct watch_imported *n, struct err *err)
{
	buf_printf(
	    &out, "%.*s %s %.*s %.*s;", STR_ARG(n->id), watch_kind_word(n->kind), STR_ARG(n->lang), STR_ARG(n->name));
	return 0;
}

static void
complain(void *ctx, const struct err *err)
{
	buf_printf(&out, "(%.3s);", err->msg);
}

static void
ck_import(const char *text, enum watch_format guess, const char *want)
{
	struct watch_importer to = {.tell = tell, .complain = complain, .file = STR_LIT("f")};
	struct err err;
	buf_init(&out, 0);
	ck_assert_int_eq(watch_format_guess(str_from(text)), guess);
	ck_assert_int_ge(watch_import(str_from(text), guess, &to, &err), 0);
	ck_assert_str_is(buf_view(&out), want);
	buf_done(&out);
}

START_TEST(test_jrc_variants_are_read)
{
	ck_import("17\t9\tP\tAnna+Beispiel\n18\t9\tP\tanna beispiel\n19\t7\tO\tBeispiel AG\n20\t7\tX\tthing\n21\t7\n",
	    WATCH_FORMAT_JRC,
	    "9 person und Anna Beispiel;9 person und anna beispiel;7 org und Beispiel AG;(f:4);(f:5);");
}
END_TEST

START_TEST(test_opensanctions_tables_are_read)
{
	ck_import("\"id\",\"schema\",\"name\",\"aliases\",\"birth_date\"\r\n"
	          "\"Q1\",\"Person\",\"Beispiel, \"\"Anna\"\"\",\"Anna B.;Анна Б.\",\"1970\"\r\n"
	          "Q2,Company,\"Two\nLines\",,\r\nQ3,Vessel,Boat,,\r\n",
	    WATCH_FORMAT_OPENSANCTIONS,
	    "Q1 person und Beispiel, \"Anna\";Q1 person und Anna B.;Q1 person und Анна Б.;Q2 org und Two\nLines;");
}
END_TEST

START_TEST(test_wikidata_results_are_read)
{
	ck_import("?item\t?itemLabel\t?altLabel\n"
	          "<http://www.wikidata.org/entity/Q5>\t\"Anna Beispiel\"@en\t\"Анна\"@ru\n",
	    WATCH_FORMAT_WIKIDATA, "Q5 person en Anna Beispiel;Q5 person ru Анна;");
	ck_import("item,itemLabel,kind\nhttp://www.wikidata.org/entity/Q6,Beispielstadt,place\nx/Q7,Y,thing\n",
	    WATCH_FORMAT_WIKIDATA, "Q6 place und Beispielstadt;(f:3);");
}
END_TEST

START_TEST(test_names_of_any_format_reach_the_watchlist)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	ck_assert_int_eq(watch_add_names(b, STR_LIT("1\t9\tP\tAnna+Beispiel\n"), STR_LIT("f"), NULL, NULL, &err), 0);
	ck_assert_int_eq(
	    watch_add_names(b, STR_LIT("id\tkind\tlang\tname\na\tperson\ten\tBob\n"), STR_LIT("f"), NULL, NULL, &err),
	    0);
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_uint_eq(watchlist_count(w), 2);
	watchlist_free(w);
	watch_builder_free(b);
}
END_TEST

START_TEST(test_a_record_of_two_megabytes_is_refused)
{
	struct buf text;
	struct err err;
	struct watch_importer to = {.tell = tell, .complain = complain, .file = STR_LIT("f")};
	buf_init(&text, 0);
	buf_init(&out, 0);
	buf_puts(&text, "id,schema,name,aliases\n1,Person,");
	for (int i = 0; i < 2000000; i++)
		buf_putc(&text, 'x');
	buf_puts(&text, ",\n2,Person,Anna Beispiel,\n");
	ck_assert_int_eq(watch_import(buf_view(&text), WATCH_FORMAT_OPENSANCTIONS, &to, &err), 1);
	ck_assert_str_is(buf_view(&out), "(f:2);2 person und Anna Beispiel;");
	buf_done(&text);
	buf_done(&out);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_jrc_variants_are_read);
	tcase_add_test(tc, test_opensanctions_tables_are_read);
	tcase_add_test(tc, test_wikidata_results_are_read);
	tcase_add_test(tc, test_names_of_any_format_reach_the_watchlist);
	tcase_add_test(tc, test_a_record_of_two_megabytes_is_refused);
}

int
main(void)
{
	return tap_run("watch/import", suite);
}
