#include "base/buf.h"
#include "feed/article.h"
#include "tap.h"

#define LONG_1 \
	"The harbour of the small town was quiet on Monday morning, and the boats that had left before dawn were " \
	"nowhere to be seen when the envoys arrived to speak with the mayor about the new pier."
#define LONG_2 \
	"Nobody had expected an agreement so soon, the mayor said, because the last three meetings had ended without " \
	"any result at all, and because the money for the pier had still not been found by the council."

static struct arena arena;
static struct article found;

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

static void
read_page(const char *html)
{
	ck_assert_int_eq(
	    article_extract(str_from(html), STR_LIT("https://site.example/a/b.html"), &arena, &found, NULL), 0);
}

static bool
has(const char *words)
{
	return str_find(found.text, str_from(words), 0) >= 0;
}

START_TEST(test_the_text_stays_and_what_stands_round_it_goes)
{
	read_page("<html lang=en-GB><head><title>Pier &amp; town</title><link rel=canonical href='/real'>"
	          "<style>p{}</style></head><body><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul>"
	          "<div><a href=/1>First other story of the day</a> <a href=/2>Second other story</a></div>"
	          "<h1>Envoys meet mayor</h1><p>" LONG_1 "</p><script>var x = 'evil text evil text';</script><p>" LONG_2
	          "</p><div><a href=/3>Read this long list of other reports</a> | <a href=/4>And more of them</a></div>"
	          "<p>Share</p><p>© 2026</p></body></html>");
	ck_assert_str_is(found.text, "Envoys meet mayor\n\n" LONG_1 "\n\n" LONG_2);
	ck_assert_str_is(found.title, "Pier & town");
	ck_assert_str_is(found.canonical, "https://site.example/real");
	ck_assert_str_is(found.language, "en-GB");
}
END_TEST

START_TEST(test_navigation_asides_footers_and_forms_are_left_out_even_when_they_are_long)
{
	read_page("<nav><p>" LONG_2 "</nav><aside><p>" LONG_2 "</p></aside><article><p>" LONG_1
	          "</p></article><div role='complementary x'><div><p>" LONG_2 "</p></div></div><form><p>" LONG_2
	          "</p></form><footer><p>" LONG_2 "</p></footer>");
	ck_assert_str_is(found.text, LONG_1);
}
END_TEST

START_TEST(test_a_page_that_is_all_form_is_read_all_the_same)
{
	read_page("<form action=/><p>" LONG_1 "</p><p>" LONG_2 "</p>");
	ck_assert(has("harbour") && has("council"));
}
END_TEST

START_TEST(test_references_white_space_and_breaks_come_out_as_text)
{
	read_page("<p>Caf&eacute; &quot;Am&nbsp;Hafen&quot;<br>\n  is   open &amp; <b>l</b>oud, so ha&shy;ppy " LONG_1
	          "<br><br>" LONG_2);
	ck_assert_msg(
	    str_starts(found.text, STR_LIT("Café \"Am Hafen\"\nis open & loud, so happy The")), "%s", found.text.s);
	ck_assert(has("pier.\n\nNobody"));
}
END_TEST

START_TEST(test_the_larger_of_two_distant_texts_is_the_article)
{
	struct buf html;
	buf_init(&html, 0);
	buf_puts(&html, "<p>" LONG_1 "</p>");
	for (int i = 0; i < 20; i++)
		buf_puts(&html, "<p><a href=/x>some other story</a></p>");
	buf_puts(&html, "<p>" LONG_2 "</p><p>Then " LONG_2 "</p>");
	read_page(html.data);
	ck_assert(has("council") && !has("harbour"));
	buf_done(&html);
}
END_TEST

START_TEST(test_scripts_without_spaces_have_words_too)
{
	read_page(
	    "<ul><li><a href=/>首页</a><li><a href=/n>新闻</a></ul><p>"
	    "周一上午，小镇的港口十分安静，天亮前出海的船只还没有回来，特使们已经抵达，准备与市长讨论新码头的建设问题。"
	    "市长表示，没有人想到这么快就能达成协议，因为此前三次会谈都没有任何结果。</p>");
	ck_assert(has("特使们") && !has("首页"));
}
END_TEST

START_TEST(test_a_page_without_text_has_no_article)
{
	read_page("<p>Please log in.</p><form><input></form>");
	ck_assert_ptr_null(found.text.s);
	read_page("");
	ck_assert_ptr_null(found.text.s);
}
END_TEST

START_TEST(test_a_long_text_is_cut_at_a_character)
{
	struct buf html;
	buf_init(&html, 0);
	for (int i = 0; i < 40000; i++)
		buf_puts(&html, "<p>ein größeres Stück über die Häfen und die Züge</p>");
	read_page(html.data);
	ck_assert_uint_le(found.text.len, ARTICLE_TEXT_BYTES_MAX);
	ck_assert_uint_gt(found.text.len, ARTICLE_TEXT_BYTES_MAX - 8);
	buf_done(&html);
}
END_TEST

START_TEST(test_hostile_markup_ends_in_time)
{
	static const char *const pieces[] = {
	    "<div>", "<a href=", "<p>a", "&amp", "<nav>", "<title>", "</p>", "<br>", "<!--"};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct buf html;
		buf_init(&html, 0);
		while (html.len < 1000000)
			buf_puts(&html, pieces[i]);
		read_page(html.data);
		buf_done(&html);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_the_text_stays_and_what_stands_round_it_goes);
	tcase_add_test(tc, test_navigation_asides_footers_and_forms_are_left_out_even_when_they_are_long);
	tcase_add_test(tc, test_a_page_that_is_all_form_is_read_all_the_same);
	tcase_add_test(tc, test_references_white_space_and_breaks_come_out_as_text);
	tcase_add_test(tc, test_the_larger_of_two_distant_texts_is_the_article);
	tcase_add_test(tc, test_scripts_without_spaces_have_words_too);
	tcase_add_test(tc, test_a_page_without_text_has_no_article);
	tcase_add_test(tc, test_a_long_text_is_cut_at_a_character);
	tcase_add_test(tc, test_hostile_markup_ends_in_time);
}

int
main(void)
{
	return tap_run("feed/article", suite);
}
