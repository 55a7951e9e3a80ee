#include "base/json_tree.h"

#include "tap.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
}

static const struct json_value *
read_text(const char *text, struct json_reader *r)
{
	*r = (struct json_reader){.text = str_from(text), .depth_max = 4, .arena = &arena};
	return json_read_all(r);
}

static const struct {
	const char *json, *string;
} strings[] = {
    {"\"\"", ""},
    {" \"fog\" \n", "fog"},
    {"\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\"", "a\"b\\c/d\b\f\n\r\t"},
    {"\"\\u00e9\\u20AC\\ud83d\\ude00.\"", "é€\U0001F600."},
    {"\"Паром «Нора» — \\\"два\\\" часа\"", "Паром «Нора» — \"два\" часа"},
    {"\"a long text before its first and only escape: \\u0041 and a long text behind it, too\"",
        "a long text before its first and only escape: A and a long text behind it, too"},
};

START_TEST(test_strings_are_decoded)
{
	struct json_reader r;
	const struct json_value *v = read_text(strings[_i].json, &r);
	ck_assert_msg(json_is(v, JSON_STRING), "%s", strings[_i].json);
	ck_assert_msg(str_is(v->text, strings[_i].string), "%s", strings[_i].json);
}
END_TEST

static const char *const bad[] = {"", " ", "{", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
    "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "nul", "True", "NaN", "01", "-", "+1", "1.", ".5", "1e", "1e+", "\"", "\"\\",
    "\"\\u", "\"\\u12\"", "\"\\x\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"",
    "1 2", "[]]", "[1}", "{\"a\":1]", "\"abcdefghijklmnopqrstuvwxyz\\"};

START_TEST(test_what_is_not_json_is_refused_with_a_reason)
{
	struct json_reader r;
	ck_assert_msg(read_text(bad[_i], &r) == NULL, "%s", bad[_i]);
	ck_assert_msg(r.reason != NULL && !r.too_deep, "%s", bad[_i]);
}
END_TEST

START_TEST(test_members_and_elements_are_found_in_their_order)
{
	struct json_reader r;
	const struct json_value *v =
	    read_text("{\"a\":[1,-2.5e3,true,false,null,{}],\"b\":{\"c\":\"d\"},\"b\":\"last\",\"\":[]}", &r);
	const struct json_value *e = json_elements(json_get(v, "a"));
	static const enum json_kind kinds[] = {JSON_NUMBER, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL, JSON_OBJECT};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++, e = e->next)
		ck_assert_msg(json_is(e, kinds[i]), "element %zu", i);
	ck_assert_ptr_null(e);
	ck_assert(str_is(json_elements(json_get(v, "a"))->next->text, "-2.5e3"));
	ck_assert(str_is(json_get(v, "b")->text, "last"));
	ck_assert(json_is(json_get(v, ""), JSON_ARRAY));
	ck_assert_ptr_null(json_elements(json_get(v, "")));
	ck_assert_ptr_null(json_get(v, "c"));
	ck_assert_ptr_null(json_get(json_get(v, "a"), "b"));
}
END_TEST

START_TEST(test_errors_have_a_line_and_nesting_a_ceiling)
{
	struct json_reader r;
	ck_assert_ptr_null(read_text("{\n\"a\": 1,\n\"b\": x}", &r));
	ck_assert_uint_eq(json_line(&r), 3);
	ck_assert_ptr_nonnull(read_text("[[[[]]],[[[]]]]", &r));
	ck_assert_ptr_null(read_text("[[[[[]]]]]", &r));
	ck_assert(r.too_deep);
}
END_TEST

START_TEST(test_the_arenas_ceiling_holds)
{
	struct json_reader r;
	arena.max_bytes = 200;
	ck_assert_ptr_null(read_text("[1,2,3,4,5,6,7,8,9,10]", &r));
	ck_assert(arena.over_limit);
	ck_assert_ptr_null(r.reason);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_strings_are_decoded, 0, sizeof strings / sizeof *strings);
	tcase_add_loop_test(tc, test_what_is_not_json_is_refused_with_a_reason, 0, sizeof bad / sizeof *bad);
	tcase_add_test(tc, test_members_and_elements_are_found_in_their_order);
	tcase_add_test(tc, test_errors_have_a_line_and_nesting_a_ceiling);
	tcase_add_test(tc, test_the_arenas_ceiling_holds);
}

int
main(void)
{
	return tap_run("feed/json", suite);
}
