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
	struct str message = str_from(err->msg);
	ptrdiff_t end = str_find(message, STR_LIT(": "), 0);
	buf_printf(&out, "(%.*s);", (int)(end < 0 ? (ptrdiff_t)message.len : end), err->msg);
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

static int
tell_weak(void *ctx, const struct watch_imported *n, struct err *err)
{
	(void)err;
	*(bool *)ctx = n->weak;
	return 0;
}

static void
ck_alias(const char *schema, const char *const *aliases, size_t count, bool want)
{
	for (size_t i = 0; i < count; i++) {
		bool weak = !want;
		struct watch_importer to = {.tell = tell_weak, .ctx = &weak, .file = STR_LIT("f")};
		struct err err;
		buf_init(&out, 0);
		buf_printf(&out, "id,schema,name,aliases\nQ1,%s,Anna Beispiel,%s\n", schema, aliases[i]);
		ck_assert_int_eq(watch_import(buf_view(&out), WATCH_FORMAT_OPENSANCTIONS, &to, &err), 0);
		ck_assert_msg(weak == want, "%s", aliases[i]);
		buf_done(&out);
	}
}

START_TEST(test_jrc_variants_are_read)
{
	ck_import("17\t9\tP\tAnna+Beispiel\n18\t9\tP\tanna beispiel\n19\t7\tO\tBeispiel AG\n20\t7\tX\tthing\n21\t7\n",
	    WATCH_FORMAT_JRC,
	    "9 person und Anna Beispiel;9 person und anna beispiel;7 org und Beispiel AG;(f:4);(f:5);");
}
END_TEST

START_TEST(test_jrc_lists_are_read_however_they_are_written)
{
	/* as JRC-Names is published */
	ck_import(
	    "\xEF\xBB\xBF# "
	    "names\r\n\r\n9\tP\tu\tAnna+Beispiel\r\n9\tP\tru\tАнна+Б.\r\n7\tO\ten\tPort+Board\r\n8\tU\tu\tThing\r\n",
	    WATCH_FORMAT_JRC, "9 person und Anna Beispiel;9 person ru Анна Б.;7 org en Port Board;(f:6);");
	/* several types; spaces for tabs; a quote is a letter */
	ck_import("1 9 X,P Anna+Beispiel\n2   7  O   \"Port+Board\n3 7 XP a+b\n4 7\n", WATCH_FORMAT_JRC,
	    "9 person und Anna Beispiel;7 org und \"Port Board;(f:3);(f:4);");
}
END_TEST

START_TEST(test_aliases_with_a_semicolon_stand_in_quotes)
{
	ck_import("\xEF\xBB\xBFid,schema,name,aliases\r\n1,Person,,\"Anna B.;\"\"Beispiel; Anna\"\";;Anna\"\r\n"
	          "2,Vessel,Boat,Ship\r\n3,Organization,A,\"\"\"Board; Port\"\r\n4,PublicBody,B,\"\"\"\"\r\n",
	    WATCH_FORMAT_OPENSANCTIONS,
	    "1 person und Anna B.;1 person und Beispiel; Anna;1 person und Anna;3 org und A;3 org und Board; Port;4 "
	    "org und B;");
}
END_TEST

START_TEST(test_the_number_of_an_item_is_no_name)
{
	ck_import("person,personLabel,alt\nhttp://www.wikidata.org/entity/Q5,Q5,Anna\n\nhttp://www.wikidata.org/entity/"
	          "Q6,Bob,\n",
	    WATCH_FORMAT_WIKIDATA, "Q5 person und Anna;Q6 person und Bob;");
	ck_import("[{\"item\":\"http://www.wikidata.org/entity/Q5\",\"itemLabel\":\"Q5\",\"alt\":\"Q51\"}]",
	    WATCH_FORMAT_WIKIDATA, "Q5 person und Q51;");
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

/* Many an actor's alias is a word of a language; but in scripts without spaces a full name is one word, too. */
START_TEST(test_a_persons_alias_of_one_word_is_weak)
{
	static const char *const weak[] = {"Boss", "Бос", "Ἀνήρ", "Ảnh", "ბიჭი", "बॉस"}, *const full[] = {"Anna B.",
	                                                                                     "习近平", "김정은",
	                                                                                     "ひろみ", "ジョンソン",
	                                                                                     "สมชาย"};
	ck_alias("Person", weak, sizeof weak / sizeof *weak, true);
	ck_alias("Person", full, sizeof full / sizeof *full, false);
	ck_alias("Company", weak, sizeof weak / sizeof *weak, false);
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

#define STATEMENT(property, id, rank) \
	"\"" property "\":[{\"mainsnak\":{\"snaktype\":\"value\",\"datavalue\":{\"value\":{\"id\":\"" id \
	"\"}}},\"rank\":\"" rank "\"}]"
#define LABEL(lang, name) "\"" lang "\":{\"language\":\"" lang "\",\"value\":\"" name "\"}"
#define ENTITY(id, labels, claims) \
	"{\"type\":\"item\",\"id\":\"" id "\",\"labels\":{" labels "},\"claims\":{" claims "}}"

START_TEST(test_a_dump_of_wikidata_is_read)
{
	ck_import(
	    "[\n" ENTITY("Q1", LABEL("ru", "Анна") "," LABEL("en", "Anna B") "," LABEL("sv", "Anna B"),
	        STATEMENT("P31", "Q5",
	            "normal")) ",\n"
	                       "{\"type\":\"item\",\"id\":\"Q2\",\"labels\":{" LABEL("en",
	                           "Port Board") "},\"aliases\":{\"en\":[{\"language\":\"en\",\"value\":"
	                                         "\"P\\\"B\\u00e9\"}],\"fr\":[]},"
	                                         "\"claims\":{" STATEMENT("P31", "Q43229",
	                                             "normal") "},\"sitelinks\":{\"a\":[1,-2.5e3,true,null]}},"
	                                                       "\n" ENTITY("Q3", LABEL("en", "A Film"),
	                                                           STATEMENT(
	                                                               "P31", "Q11424", "normal")) ",\n" ENTITY("Q4",
	                                                           LABEL("en", "Was a Man"),
	                                                           STATEMENT(
	                                                               "P31", "Q5", "deprecated")) ",\n" ENTITY("Q6",
	                                                           LABEL("en", "Portville"),
	                                                           STATEMENT("P1566", "x",
	                                                               "normal")) ",\n"
	                                                                          "{\"type\":\"property\",\"id\":"
	                                                                          "\"P1\",\"labels\":{" LABEL("en",
	                                                                              "owner") "},\"claims\":{}}\n]\n",
	    WATCH_FORMAT_WIKIDATA,
	    "Q1 person und Anna B;Q1 person ru Анна;Q2 org en Port Board;Q2 org en P\"Bé;Q6 place en Portville;");
}
END_TEST

START_TEST(test_an_entity_alone_and_lines_of_entities_are_read)
{
	ck_import("{\"entities\":{\"Q1\":{\"pageid\":7,\"ns\":0,\"type\":\"item\",\"id\":\"Q1\",\"labels\":{" LABEL(
	              "en", "Anna B") "},\"claims\":{" STATEMENT("P31", "Q5",
	              "preferred") "}},"
	                           "\"Q9\":{\"id\":\"Q9\",\"missing\":\"\",\"labels\":{}}},\"success\":1}",
	    WATCH_FORMAT_WIKIDATA, "Q1 person en Anna B;");
	ck_import("\xEF\xBB\xBF" ENTITY("Q1", LABEL("en", "Anna B"), STATEMENT("P31", "Q5", "normal")) "\r\n" ENTITY(
	              "Q2", LABEL("en", "Oslo"), STATEMENT("P31", "Q515", "normal")) "\r\n",
	    WATCH_FORMAT_WIKIDATA, "Q1 person en Anna B;Q2 place en Oslo;");
	ck_import("[" ENTITY("Q1", LABEL("en", "Anna B"), "") ","
	                                                      "{\"id\":\"Q2\",\"labels\":{}}]",
	    WATCH_FORMAT_WIKIDATA, "(f:1);");
}
END_TEST

START_TEST(test_results_of_a_query_in_json_are_read)
{
	ck_import(
	    "{\"head\":{\"vars\":[\"item\",\"n\",\"kind\"]},\"results\":{\"bindings\":[\n"
	    "{\"n\":{\"xml:lang\":\"ru\",\"type\":\"literal\",\"value\":\"Анна\"},"
	    "\"item\":{\"type\":\"uri\",\"value\":\"http://www.wikidata.org/entity/Q1\"},"
	    "\"pic\":{\"type\":\"uri\",\"value\":\"http://x.example/a.jpg\"}},\n"
	    "{\"item\":{\"type\":\"uri\",\"value\":\"http://www.wikidata.org/entity/Q2\"},"
	    "\"n\":{\"type\":\"literal\",\"value\":\"Oslo\"},"
	    "\"kind\":{\"type\":\"uri\",\"value\":\"http://www.wikidata.org/entity/Q515\"}},\n"
	    "{\"item\":{\"type\":\"uri\",\"value\":\"x/Q3\"},\"kind\":{\"type\":\"literal\",\"value\":\"thing\"}}]}}",
	    WATCH_FORMAT_WIKIDATA, "Q1 person ru Анна;Q2 place und Oslo;(f:4);");
	ck_import("[ {\"item\":\"http://www.wikidata.org/entity/Q1\",\"itemLabel\":\"Anna B\",\"kind\":\"org\"},"
	          "{\"item\":\"\"}, {} ]",
	    WATCH_FORMAT_WIKIDATA, "Q1 org und Anna B;(f:1);(f:1);");
	ck_import("item,itemLabel,kind\nx/Q6,Oslo,http://www.wikidata.org/entity/Q515\n", WATCH_FORMAT_WIKIDATA,
	    "Q6 place und Oslo;");
}
END_TEST

#define FTM(id, schema, properties) \
	"{\"id\":\"" id "\",\"caption\":\"Anna B\",\"schema\":\"" schema "\",\"properties\":{" properties \
	"},\"referents\":[],\"target\":true}\n"

START_TEST(test_entities_of_opensanctions_in_json_are_read)
{
	ck_import(
	    FTM("x-1", "Person",
	        "\"name\":[\"Anna B\",\"Анна Б\"],\"alias\":[\"A. Bee\"],\"previousName\":[\"Anna C\"],"
	        "\"weakAlias\":[\"Annie\"],\"topics\":[\"sanction\"],"
	        "\"sanctions\":[{\"id\":\"s\",\"schema\":\"Sanction\",\"properties\":{\"name\":[\"no\"]}}]")
	        FTM("x-2", "Vessel", "\"name\":[\"Anna B\"]") FTM("x-3", "Company",
	            "\"name\":[\"B Ltd\"],\"abbreviation\":[\"BL\"],\"weakAlias\":[\"Bee\"]") "{\"id\":\"\",\"schema\":"
	                                                                                      "\"Person\","
	                                                                                      "\"properties\":{}}\n",
	    WATCH_FORMAT_WIKIDATA, /* as guessed: each record says of which it is */
	    "x-1 person und Anna B;x-1 person und Анна Б;x-1 person und A. Bee;x-1 person und Anna C;x-1 person und "
	    "Annie;"
	    "x-3 org und Anna B;x-3 org und B Ltd;x-3 org und BL;(f:4);");
	for (int weak = 0; weak < 2; weak++) {
		bool is = !weak;
		struct watch_importer to = {.tell = tell_weak, .ctx = &is, .file = STR_LIT("f")};
		struct err err;
		struct str text = weak ? STR_LIT(FTM("x", "Person", "\"weakAlias\":[\"Anna the Bee\"]"))
		                       : STR_LIT(FTM("x", "Person", "\"alias\":[\"Anna the Bee\"]"));
		ck_assert_int_eq(watch_import(text, WATCH_FORMAT_OPENSANCTIONS, &to, &err), 0);
		ck_assert_int_eq(is, weak);
	}
}
END_TEST

START_TEST(test_a_broken_record_of_json_costs_itself)
{
	ck_import("[\n"
	          "{\"item\":\"x/Q1\",\"n\":\"Anna\n"
	          "{\"item\":\"x/Q2\",\"n\":[\"Bob\"\n"
	          "{\"item\":\"x/Q3\",\"n\":tru},\n"
	          "{\"item\":\"x/Q4\",\"n\":\"\xff\"},\n"
	          "nonsense; more\n"
	          "{\"item\":\"x/Q5\",\n \"n\":\"Carla\"},\n"
	          "{\"item\":\"x/Q6\",\n \"n\":}\n]",
	    WATCH_FORMAT_WIKIDATA, "(f:2);(f:3);(f:4);(f:5);(f:6);Q5 person und Carla;(f:10);");
	ck_import("[\n{\"item\":\"x/Q1\",\"n\":\"Anna\"},\n", WATCH_FORMAT_WIKIDATA, "Q1 person und Anna;(f:3);");
	ck_import("[[[[[[[[[[[[1]]]]", WATCH_FORMAT_WIKIDATA, "(f:1);(f:1);(f:1);(f:1);(f:1);");
	ck_import("{\"item\":\"x/Q1\",\"n\":", WATCH_FORMAT_WIKIDATA, "(f:1);");
}
END_TEST

START_TEST(test_pieces_of_json_may_end_anywhere)
{
	static const char text[] =
	    "\xEF\xBB\xBF{\"entities\": {\"Q1\": {\"pageid\": 7, \"id\": \"Q1\", \"labels\": {" LABEL(
	        "en", "Anna \\\"B\\\" \\u0444") "}, \"claims\": {" STATEMENT("P31", "Q5", "normal") "}}}}";
	struct watch_importer to = {.tell = tell, .complain = complain, .file = STR_LIT("f")};
	struct err err;
	for (size_t size = 1; size < sizeof text; size++) {
		struct watch_json *j = watch_json_new(&to);
		buf_init(&out, 0);
		for (size_t at = 0; at < sizeof text - 1; at += size) {
			size_t n = sizeof text - 1 - at < size ? sizeof text - 1 - at : size;
			ck_assert_int_eq(watch_json_feed(j, (struct str){text + at, n}, &err), 0);
		}
		ck_assert_int_eq(watch_json_end(j, &err), 0);
		ck_assert_str_is(buf_view(&out), "Q1 person en Anna \"B\" ф;");
		watch_json_free(j);
		buf_done(&out);
	}
}
END_TEST

START_TEST(test_languages_and_a_kind_can_be_asked_for)
{
	static const char text[] =
	    ENTITY("Q1", LABEL("en-gb", "Anna") "," LABEL("sv", "Aena") "," LABEL("mul", "Ana"), "");
	struct watch_importer to = {.tell = tell,
	    .complain = complain,
	    .file = STR_LIT("f"),
	    .langs = STR_LIT("ru, en"),
	    .kind = WATCH_ORG,
	    .kind_given = true};
	struct err err;
	buf_init(&out, 0);
	ck_assert_int_eq(watch_json_import(STR_LIT(text), &to, &err), 0);
	ck_assert_str_is(buf_view(&out), "Q1 org und Ana;Q1 org en-gb Anna;");
	buf_done(&out);
}
END_TEST

START_TEST(test_an_entity_of_17_megabytes_is_refused_and_the_next_one_read)
{
	struct watch_importer to = {.tell = tell, .complain = complain, .file = STR_LIT("f")};
	struct buf text;
	struct err err;
	buf_init(&text, 0);
	buf_init(&out, 0);
	buf_puts(&text, "[{\"item\":\"x/Q1\",\"n\":\"");
	for (int i = 0; i < 17 << 10; i++)
		buf_printf(&text, "%01024d", 0);
	buf_puts(&text, "\"},\n{\"item\":\"x/Q2\",\"n\":\"Bob\"},\n{\"item\":\"x/Q3\",\"n\":[");
	for (int i = 0; i < 4 << 20; i++)
		buf_puts(&text, "1,");
	buf_puts(&text, "1]},\n{\"item\":\"x/Q4\",\"n\":\"Carla\"},\n{\"item\":\"x/Q5\",\"n\":");
	for (int i = 0; i < 1000; i++)
		buf_putc(&text, '[');
	for (int i = 0; i < 1000; i++)
		buf_putc(&text, ']');
	buf_puts(&text, "}]");
	ck_assert_int_eq(watch_json_import(buf_view(&text), &to, &err), 3);
	ck_assert_str_is(buf_view(&out), "(f:1);Q2 person und Bob;(f:3);Q4 person und Carla;(f:5);");
	buf_done(&text);
	buf_done(&out);
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
	ck_assert_int_eq(
	    watch_add_names(b, STR_LIT("[{\"item\":\"Q7\",\"n\":\"Carla\"}]"), STR_LIT("f"), NULL, NULL, &err), 0);
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_uint_eq(watchlist_count(w), 3);
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
	tcase_add_test(tc, test_jrc_lists_are_read_however_they_are_written);
	tcase_add_test(tc, test_aliases_with_a_semicolon_stand_in_quotes);
	tcase_add_test(tc, test_the_number_of_an_item_is_no_name);
	tcase_add_test(tc, test_opensanctions_tables_are_read);
	tcase_add_test(tc, test_a_persons_alias_of_one_word_is_weak);
	tcase_add_test(tc, test_wikidata_results_are_read);
	tcase_add_test(tc, test_a_dump_of_wikidata_is_read);
	tcase_add_test(tc, test_an_entity_alone_and_lines_of_entities_are_read);
	tcase_add_test(tc, test_results_of_a_query_in_json_are_read);
	tcase_add_test(tc, test_entities_of_opensanctions_in_json_are_read);
	tcase_add_test(tc, test_a_broken_record_of_json_costs_itself);
	tcase_add_test(tc, test_pieces_of_json_may_end_anywhere);
	tcase_add_test(tc, test_languages_and_a_kind_can_be_asked_for);
	tcase_add_test(tc, test_an_entity_of_17_megabytes_is_refused_and_the_next_one_read);
	tcase_add_test(tc, test_names_of_any_format_reach_the_watchlist);
	tcase_add_test(tc, test_a_record_of_two_megabytes_is_refused);
}

int
main(void)
{
	return tap_run("watch/import", suite);
}
