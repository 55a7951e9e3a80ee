#include "watch_fixture.h"

static struct err err;

static int
add(const char *id, enum watch_kind kind, struct str name)
{
	return watch_add(
	    fx.builder, str_from(id), kind, STR_LIT("und"), name, (struct watch_origin){STR_LIT("names.tsv"), 7}, &err);
}

START_TEST(test_mistakes_name_the_place_and_leave_the_builder_usable)
{
	char longest[300];
	memset(longest, 'a', sizeof longest);
	ck_assert_int_eq(add("x", WATCH_PERSON, STR_LIT("  ")), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_str_eq(err.msg, "names.tsv:7: the name is empty");
	ck_assert_int_eq(add("x", WATCH_PERSON, ((struct str){longest, sizeof longest})), -1);
	ck_assert_str_eq(err.msg, "names.tsv:7: the name is 300 bytes long, at most 256 are allowed");
	ck_assert_int_eq(add("x", WATCH_PERSON, STR_LIT("Pu\xFFtin")), -1);
	ck_assert_str_eq(err.msg, "names.tsv:7: the name is not valid UTF-8");
	ck_assert_int_eq(add("x", WATCH_PERSON, STR_LIT("?!")), -1);
	ck_assert_int_eq(add("", WATCH_PERSON, STR_LIT("Putin")), -1);
	ck_assert_str_eq(err.msg, "names.tsv:7: the id is empty");
	ck_assert_int_eq(add("\xFFx", WATCH_PERSON, STR_LIT("Putin")), -1);
	ck_assert_str_eq(err.msg, "names.tsv:7: the id is not valid UTF-8");
	ck_assert_int_eq(add("x", WATCH_PERSON, STR_LIT("Vladimir Putin")), 0);
	ck_assert_int_eq(add("x", WATCH_ORG, STR_LIT("Putin")), -1);
	ck_assert_str_eq(err.msg, "names.tsv:7: “x” is of kind org here and of kind person before");
	compile();
	ck_assert_uint_eq(watchlist_count(fx.list), 1);
	ck_found(NULL, "Vladimir Putin", "x:Vladimir Putin");
}
END_TEST

START_TEST(test_the_commonest_words_are_no_names)
{
	ck_assert_int_eq(add("x", WATCH_ORG, STR_LIT("the")), -1);
	ck_assert_str_eq(err.msg,
	    "names.tsv:7: “the” is one of the commonest words of English and would be found in nearly every "
	    "item; write more of the name");
	ck_assert_int_eq(add("x", WATCH_ORG, STR_LIT("The")), -1);
	ck_assert_int_eq(add("x", WATCH_TOPIC, STR_LIT("для")), -1);
	ck_assert_int_eq(add("x", WATCH_PERSON, STR_LIT("ma")), -1);
	ck_assert_int_eq(add("x", WATCH_ORG, STR_LIT(" of the ")), -1);
	ck_assert_str_eq(err.msg,
	    "names.tsv:7: “of the” is made of the commonest words of English alone and would be found in nearly every "
	    "item; write more of the name");
	ck_assert_int_eq(add("x", WATCH_ORG, STR_LIT("и не на")), -1);
	ck_assert_int_eq(add("who", WATCH_ORG, STR_LIT("WHO")), 0);
	ck_assert_int_eq(add("sea", WATCH_ORG, STR_LIT("of the sea")), 0);
	ck_assert_int_eq(add("who", WATCH_ORG, STR_LIT("The Who")), 0);
	ck_assert_int_eq(add("ma", WATCH_PERSON, STR_LIT("Ma")), 0);
}
END_TEST

START_TEST(test_entities_keep_their_order_and_labels)
{
	watch("b", WATCH_PERSON, "und", "Barack Obama");
	watch("a", WATCH_ORG, "und", "NATO");
	watch("b", WATCH_PERSON, "ru", "Барак Обама");
	ck_assert_int_eq(
	    watch_set_label(fx.builder, STR_LIT("a"), STR_LIT("North Atlantic Treaty Organization"), &err), 0);
	ck_assert_int_eq(watch_set_label(fx.builder, STR_LIT("zz"), STR_LIT("?"), &err), -1);
	compile();
	ck_assert_uint_eq(watchlist_count(fx.list), 2);
	ck_assert_str_is(watchlist_entity(fx.list, 0)->id, "b");
	ck_assert_str_is(watchlist_entity(fx.list, 0)->label, "b");
	ck_assert_str_is(watchlist_entity(fx.list, 1)->label, "North Atlantic Treaty Organization");
	ck_assert_int_eq(watchlist_find(fx.list, STR_LIT("a")), 1);
	ck_assert_int_eq(watchlist_find(fx.list, STR_LIT("c")), -1);
	ck_assert_ptr_null(watchlist_entity(fx.list, 2));
}
END_TEST

START_TEST(test_the_version_changes_with_the_content_and_only_then)
{
	watch("a", WATCH_ORG, "und", "NATO");
	compile();
	uint64_t first = watchlist_version(fx.list);
	compile();
	ck_assert_uint_eq(watchlist_version(fx.list), first);
	watch("a", WATCH_ORG, "und", "OTAN");
	compile();
	ck_assert_uint_ne(watchlist_version(fx.list), first);
}
END_TEST

static unsigned complaints;
static char last_complaint[ERR_MSG_MAX];

static void
complain(void *ctx, const struct err *e)
{
	ck_assert_ptr_eq(ctx, &complaints);
	complaints++;
	memcpy(last_complaint, e->msg, sizeof last_complaint);
}

static int
add_tsv(const char *text)
{
	complaints = 0;
	return watch_add_tsv(fx.builder, str_from(text), STR_LIT("l.tsv"), complain, &complaints, &err);
}

START_TEST(test_a_list_of_names_is_read)
{
	ck_assert_int_eq(add_tsv("\xEF\xBB\xBFid\tkind\tlang\tname\r\n# comment\n\np\tperson\tund\tVladimir "
	                         "Putin\r\np\tperson\tru\tВладимир Путин\nt\ttopic\t\tpeace plan"),
	    0);
	compile();
	ck_found(NULL, "Владимир Путин: peace plan", "p:Владимир Путин t:peace plan");
}
END_TEST

START_TEST(test_every_bad_line_is_told_and_the_rest_is_read)
{
	ck_assert_int_eq(add_tsv("id\tkind\tlang\tname\na\tperson\tund\na\tking\tund\tCharles\na\tperson\tund\tJoe "
	                         "Biden\tx\na\tperson\tund\tJoe Biden\n"),
	    3);
	ck_assert_uint_eq(complaints, 3);
	ck_assert_str_eq(last_complaint, "l.tsv:4: a line has four fields with tabs between them (id, kind, lang, "
	                                 "name), or five where the header ends "
	                                 "in use; this one has more");
	compile();
	ck_found(NULL, "Joe Biden", "a:Joe Biden");
}
END_TEST

START_TEST(test_only_a_name_of_a_person_can_be_weak)
{
	ck_assert_int_eq(add_tsv("id\tkind\tlang\tname\tuse\na\torg\tund\tPort Board\na\tperson\tund\tGrom\tweak\n"), 1);
	ck_assert_str_eq(last_complaint, "l.tsv:3: “a” is no person: only a person's name can be weak");
	ck_assert_int_eq(
	    add_tsv("id\tkind\tlang\tname\tuse\nb\tperson\tund\tUna Marsh\nb\tperson\tund\tGrom\tweak\n"), 0);
	compile();
	ck_found(NULL, "Grom left.", "");
	ck_found(NULL, "Una Marsh spoke. Grom left.", "b:Una Marsh|Grom");
}
END_TEST

START_TEST(test_a_list_without_its_header_is_refused)
{
	ck_assert_int_eq(add_tsv("a\tperson\tund\tJoe Biden\n"), -1);
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_int_eq(add_tsv(""), -1);
}
END_TEST

START_TEST(test_kinds_and_fields_have_words)
{
	enum watch_kind kind;
	enum watch_field field;
	ck_assert(watch_kind_parse(STR_LIT("group"), &kind) && kind == WATCH_GROUP);
	ck_assert(!watch_kind_parse(STR_LIT("actor"), &kind));
	ck_assert(watch_field_parse(STR_LIT("summary"), &field) && field == WATCH_FIELD_SUMMARY);
	ck_assert(!watch_field_parse(STR_LIT("body"), &field));
	ck_assert_str_eq(watch_kind_word(WATCH_PLACE), "place");
	ck_assert_str_eq(watch_field_word(WATCH_FIELD_TITLE), "title");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_mistakes_name_the_place_and_leave_the_builder_usable);
	tcase_add_test(tc, test_the_commonest_words_are_no_names);
	tcase_add_test(tc, test_entities_keep_their_order_and_labels);
	tcase_add_test(tc, test_the_version_changes_with_the_content_and_only_then);
	tcase_add_test(tc, test_a_list_of_names_is_read);
	tcase_add_test(tc, test_every_bad_line_is_told_and_the_rest_is_read);
	tcase_add_test(tc, test_only_a_name_of_a_person_can_be_weak);
	tcase_add_test(tc, test_a_list_without_its_header_is_refused);
	tcase_add_test(tc, test_kinds_and_fields_have_words);
}

int
main(void)
{
	return tap_run("watch/builder", suite);
}
