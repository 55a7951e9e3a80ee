#include "tap.h"

#include "base/utf8.h"
#include "render/template.h"
#include "sample_record.h"

#include <stdio.h>

static struct arena arena;
static struct buf out;
static struct err err;

static struct str
filled_from(const char *text, const struct notification *n, enum template_escape escape)
{
	struct template *t = template_parse(str_from(text), &arena, &err);
	ck_assert_msg(t != NULL, "%s", err.msg);
	buf_done(&out);
	buf_init(&out, 0);
	template_write(&out, t, n, escape);
	ck_assert(utf8_valid(buf_view(&out)));
	return buf_view(&out);
}

static struct str
filled(const char *text, enum template_escape escape)
{
	static struct notification n;
	n = sample_notification();
	return filled_from(text, &n, escape);
}

START_TEST(test_fields_are_filled_in_and_the_rest_stays)
{
	ck_assert_str_is(filled("[{severity}] {title} – {source}, {{x}}", TEMPLATE_PLAIN),
	    "[high] Zelenskiy meets envoys in Geneva – Example World, {x}");
	ck_assert_str_is(filled("{actors}|{topics}|{watches}|{count}|{sources}|{type}", TEMPLATE_PLAIN),
	    "Volodymyr Zelenskiy|peace plan|talks, ukraine|1|3|match");
	ck_assert_str_is(filled("{link} {published} {id}", TEMPLATE_PLAIN),
	    "https://news.example/a?b=1 2026-11-23T14:35:00Z n-0001");
	ck_assert_str_is(filled("", TEMPLATE_PLAIN), "");
}
END_TEST

START_TEST(test_cutting_counts_characters_as_people_do)
{
	struct notification n = sample_notification();
	n.records[0].title = STR_LIT("e\xcc\x81\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80xyz"); /* é, an astronaut */
	ck_assert_str_is(filled_from("{title:1}", &n, TEMPLATE_PLAIN), "e\xcc\x81…");
	ck_assert_str_is(
	    filled_from("{title:2}", &n, TEMPLATE_PLAIN), "e\xcc\x81\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80…");
	ck_assert_str_is(
	    filled_from("{title:5}", &n, TEMPLATE_PLAIN), "e\xcc\x81\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80xyz");
}
END_TEST

START_TEST(test_the_match_is_marked_as_the_receiver_shows_it)
{
	ck_assert_str_is(
	    filled("{snippet}", TEMPLATE_PLAIN), "The [peace plan] was handed to [Зеленському] on Sunday.");
	ck_assert_str_is(filled("{snippet}", TEMPLATE_HTML),
	    "The <mark>peace plan</mark> was handed to <mark>Зеленському</mark> on Sunday.");
	ck_assert_str_is(filled("{snippet:9}", TEMPLATE_MARKDOWN), "The **peac**…");
	ck_assert_str_is(
	    filled("{snippet:15} {link}", TEMPLATE_DESKTOP), "The <b>peace plan</b>… https://news.example/a?b=1");
	ck_assert_str_is(filled("{link}", TEMPLATE_DESKTOP_LINKS),
	    "<a href=\"https://news.example/a?b=1\">https://news.example/a?b=1</a>");
}
END_TEST

static const struct {
	enum template_escape escape;
	const char *title, *want;
} escapes[] = {
    {TEMPLATE_HTML, "<b>\"A\" & 'B'", "&lt;b&gt;&quot;A&quot; &amp; &#39;B&#39;"},
    {TEMPLATE_DESKTOP, "<b>A</b> & B", "&lt;b&gt;A&lt;/b&gt; &amp; B"},
    {TEMPLATE_JSON, "a\"b\\c", "a\\\"b\\\\c"},
    {TEMPLATE_MARKDOWN, "[x](y) *z* @all", "\\[x\\]\\(y\\) \\*z\\* \\@all"},
    {TEMPLATE_TELEGRAM, "a.b-c!", "a\\.b\\-c\\!"},
    {TEMPLATE_SLACK, "<!channel> & co", "&lt;!channel&gt; &amp; co"},
    {TEMPLATE_URL, "a b/ü", "a%20b%2F%C3%BC"},
    {TEMPLATE_PLAIN, "{severity} {{", "{severity} {{"}, /* a title is no template */
    {TEMPLATE_PLAIN, "a\x1b[2J", "a\\x1b[2J"},
};

START_TEST(test_foreign_text_is_escaped_for_its_receiver)
{
	struct notification n = sample_notification();
	n.records[0].title = str_from(escapes[_i].title);
	ck_assert_str_is(filled_from("{item-title}", &n, escapes[_i].escape), escapes[_i].want);
}
END_TEST

START_TEST(test_only_web_links_are_links)
{
	struct notification n = sample_notification();
	n.records[0].link = STR_LIT("javascript:alert(1)");
	ck_assert_str_is(filled_from("<{link}>", &n, TEMPLATE_HTML), "<>");
}
END_TEST

static const struct {
	const char *text, *says;
} mistakes[] = {
    {"Hello {titel}!", "there is no field “titel”"},
    {"Hello {title", "not closed"},
    {"Hello title}", "closes nothing"},
    {"{title:0}", "from 1 to 10000"},
    {"{title:-1}", "from 1 to 10000"},
    {"{title:99999}", "from 1 to 10000"},
    {"{title:x}", "from 1 to 10000"},
    {"{}", "there is no field “”"},
    {"{title:}", "from 1 to 10000"},
};

START_TEST(test_mistakes_are_told_with_a_caret)
{
	ck_assert_ptr_null(template_parse(str_from(mistakes[_i].text), &arena, &err));
	ck_assert_int_eq(err.code, ERR_CONFIG);
	ck_assert_msg(strstr(err.msg, mistakes[_i].says) != NULL, "%s", err.msg);
	ck_assert_msg(strchr(err.msg, '^') != NULL, "%s", err.msg);
}
END_TEST

START_TEST(test_the_caret_stands_below_the_mistake)
{
	ck_assert_ptr_null(template_parse(STR_LIT("Привіт {titel}"), &arena, &err));
	ck_assert_msg(strstr(err.msg, "\n    Привіт {titel}\n            ^") != NULL, "%s", err.msg);
}
END_TEST

START_TEST(test_templates_have_ceilings)
{
	static char giant[TEMPLATE_BYTES_MAX + 2];
	memset(giant, 'x', sizeof giant - 1);
	ck_assert_ptr_null(template_parse(str_from(giant), &arena, &err));
	for (size_t i = 0; i < TEMPLATE_PARTS_MAX + 1; i++)
		memcpy(giant + 6 * i, "{item}", 6);
	giant[6 * (TEMPLATE_PARTS_MAX + 1)] = '\0';
	ck_assert_ptr_null(template_parse(str_from(giant), &arena, &err));
}
END_TEST

START_TEST(test_every_field_takes_every_notification)
{
	struct buf names, text;
	buf_init(&names, 0);
	buf_init(&text, 0);
	template_fields(&names);
	struct str rest = buf_view(&names), name;
	while (str_split(&rest, ' ', &name))
		buf_printf(&text, "{%.*s}{%.*s:3}", STR_ARG(name), STR_ARG(name));
	for (int kind = 0; kind < NOTIFICATION_KIND_COUNT; kind++) {
		struct notification n = sample_notification();
		static struct record evil;
		evil = sample_evil_record();
		n.kind = (enum notification_kind)kind;
		n.records = &evil;
		n.record_count = kind < NOTIFICATION_ALARM;
		for (int e = 0; e < TEMPLATE_ESCAPE_COUNT; e++)
			filled_from(text.data, &n, (enum template_escape)e);
	}
	buf_done(&names);
	buf_done(&text);
}
END_TEST

static void
begin(void)
{
	arena_init(&arena, 0);
}

static void
end(void)
{
	arena_done(&arena);
	buf_done(&out);
}

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, test_fields_are_filled_in_and_the_rest_stays);
	tcase_add_test(tc, test_cutting_counts_characters_as_people_do);
	tcase_add_test(tc, test_the_match_is_marked_as_the_receiver_shows_it);
	tcase_add_loop_test(tc, test_foreign_text_is_escaped_for_its_receiver, 0, sizeof escapes / sizeof *escapes);
	tcase_add_test(tc, test_only_web_links_are_links);
	tcase_add_loop_test(tc, test_mistakes_are_told_with_a_caret, 0, sizeof mistakes / sizeof *mistakes);
	tcase_add_test(tc, test_the_caret_stands_below_the_mistake);
	tcase_add_test(tc, test_templates_have_ceilings);
	tcase_add_test(tc, test_every_field_takes_every_notification);
}

int
main(void)
{
	return tap_run("render/template", suite);
}
