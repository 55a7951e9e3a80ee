#include "tap.h"

#include "base/utf8.h"
#include "render/render.h"
#include "sample_record.h"

#include <stdlib.h>

static struct buf out;

static const char *
shown(const struct record *r, struct render_style style)
{
	buf_done(&out);
	buf_init(&out, 0);
	render_human(&out, r, &style);
	ck_assert(buf_check(&out, NULL) == 0);
	return out.data;
}

START_TEST(test_a_match_reads_well_in_plain_text)
{
	struct record r = sample_record();
	ck_assert_str_eq(shown(&r, (struct render_style){.now = TIME_NONE}),
	    "2026-11-23 14:35 UTC · Example World · in 3 feeds · #42\n"
	    "[Zelenskiy] meets envoys in Geneva\n"
	    "https://news.example/a?b=1\n"
	    "  | The [peace plan] was handed to [Зеленському] on Sunday.\n"
	    "  who    Volodymyr Zelenskiy: “Zelenskiy” in title (exact); “Зеленському” in content (inflected, of "
	    "“Зеленський”)\n"
	    "  what   peace plan: “peace plan” in content (exact)\n"
	    "  watch  talks, ukraine (high)\n");
}
END_TEST

START_TEST(test_a_terminal_gets_colour_width_and_age)
{
	struct record r = sample_record();
	ck_assert_str_eq(shown(&r, (struct render_style){.colour = true, .width = 50, .now = SAMPLE_AT + 3 * HOUR_MS}),
	    "\x1b[0;2m2026-11-23 14:35 UTC (3h ago) · Example World · in\x1b[0m\n"
	    "\x1b[0;2m3 feeds · #42\x1b[0m\n"
	    "\x1b[0;1m\x1b[0;1;33mZelenskiy\x1b[0;1m meets envoys in Geneva\x1b[0m\n"
	    "\x1b[0;36mhttps://news.example/a?b=1\x1b[0m\n"
	    "\x1b[2m  | \x1b[0mThe \x1b[0;1;33mpeace plan\x1b[0m was handed to \x1b[0;1;33mЗеленському\x1b[0m on\n"
	    "    Sunday.\n"
	    "\x1b[2m  who    \x1b[0mVolodymyr Zelenskiy: “Zelenskiy” in title\n"
	    "         (exact); “Зеленському” in content\n"
	    "         (inflected, of “Зеленський”)\n"
	    "\x1b[2m  what   \x1b[0mpeace plan: “peace plan” in content\n"
	    "         (exact)\n"
	    "\x1b[2m  watch  \x1b[0mtalks, ukraine (high)\n");
}
END_TEST

START_TEST(test_an_item_without_anything_is_still_shown)
{
	struct record r = {
	    .published_at = TIME_NONE, .first_seen_at = TIME_NONE, .updated_at = TIME_NONE, .changed_at = TIME_NONE};
	ck_assert_str_eq(shown(&r, (struct render_style){.now = SAMPLE_AT}), "no date ·\n(no title)\n");
}
END_TEST

START_TEST(test_a_date_in_the_future_gives_way_to_the_day_it_was_seen)
{
	struct record r = sample_record();
	r.published_at = r.first_seen_at + 3 * DAY_MS;
	ck_assert_int_eq(render_item_at(&r), r.first_seen_at);
	r.published_at = r.first_seen_at + HOUR_MS;
	ck_assert_int_eq(render_item_at(&r), r.published_at);
}
END_TEST

/* Of foreign text no control byte, no bidi control and no ill-formed byte comes through; lines are only ours. */
START_TEST(test_hostile_text_stays_within_its_paragraph)
{
	struct record r = sample_evil_record();
	struct str all = str_from(shown(&r, (struct render_style){.now = TIME_NONE}));
	size_t lines = 0;
	ck_assert(utf8_valid(all));
	for (size_t pos = 0; pos < all.len;) {
		uint32_t cp = utf8_next(all, &pos);
		lines += cp == '\n';
		ck_assert_msg(cp == '\n' || cp >= 0x20, "control %#x", cp);
		ck_assert_msg(cp < 0x7F || cp >= 0xA0, "control %#x", cp);
		ck_assert_msg(cp != 0x202E && cp != 0x2028, "bidi or line separator %#x", cp);
	}
	ck_assert_uint_eq(lines, 6);
}
END_TEST

START_TEST(test_damaged_offsets_are_shown_unmarked)
{
	struct record r = sample_record();
	struct record_mention bad[] = {
	    {WATCH_FIELD_TITLE, 5, 5, STR_LIT(""), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	    {WATCH_FIELD_TITLE, 9, 4, STR_LIT("x"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	    {WATCH_FIELD_TITLE, 0, UINT32_MAX, STR_LIT("x"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	    {WATCH_FIELD_CONTENT, 30, 31, STR_LIT("x"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	};
	struct record_match m = {WATCH_PERSON, STR_LIT("a"), STR_LIT("A"), bad, 4};
	r.matches = &m;
	r.match_count = 1;
	ck_assert(
	    strstr(shown(&r, (struct render_style){.now = TIME_NONE}), "\nZelenskiy meets envoys in Geneva\n") != NULL);
}
END_TEST

START_TEST(test_overlapping_mentions_are_marked_as_one)
{
	struct record r = sample_record();
	struct record_mention over[] = {
	    {WATCH_FIELD_TITLE, 10, 22, STR_LIT("meets envoys"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	    {WATCH_FIELD_TITLE, 0, 15, STR_LIT("Zelenskiy meets"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	};
	struct record_match m = {WATCH_PERSON, STR_LIT("a"), STR_LIT("A"), over, 2};
	r.matches = &m;
	r.match_count = 1;
	ck_assert(strstr(shown(&r, (struct render_style){.now = TIME_NONE}),
	              "\n[Zelenskiy meets envoys] in Geneva\n") != NULL);
}
END_TEST

START_TEST(test_many_equal_mentions_are_told_once_and_counted)
{
	struct record r = sample_record();
	struct record_mention many[50];
	for (size_t i = 0; i < 50; i++)
		many[i] = sample_topic_mentions[0];
	struct record_match m = {WATCH_TOPIC, STR_LIT("t"), STR_LIT("T"), many, 50};
	r.matches = &m;
	r.match_count = 1;
	ck_assert(strstr(shown(&r, (struct render_style){.now = TIME_NONE}),
	              "  what   T: “peace plan” in content (exact); 50 in all\n") != NULL);
}
END_TEST

/* Cut at any byte the passage would be ill-formed; without spaces there is no word to cut at. */
START_TEST(test_the_passage_of_a_long_text_is_cut_between_characters)
{
	struct buf text;
	buf_init(&text, 0);
	for (int i = 0; i < 400; i++)
		buf_puts(&text, "谈");
	for (uint32_t at = 0; at < 1200; at += 3) {
		struct record r = sample_record();
		struct record_mention one = {
		    WATCH_FIELD_CONTENT, at, at + 3, STR_LIT("谈"), STR_LIT("谈"), STR_LIT("exact"), STR_NONE};
		struct record_match m = {WATCH_TOPIC, STR_LIT("t"), STR_LIT("T"), &one, 1};
		r.content = buf_view(&text);
		r.matches = &m;
		r.match_count = 1;
		struct str all = str_from(shown(&r, (struct render_style){.now = TIME_NONE}));
		ck_assert(utf8_valid(all));
		ck_assert(str_find(all, STR_LIT("[谈]"), 0) > 0);
		ck_assert_uint_lt(all.len, 900);
	}
	buf_done(&text);
}
END_TEST

START_TEST(test_a_passage_that_shows_two_is_shown_once)
{
	struct record r = sample_record();
	struct record_mention two[] = {
	    {WATCH_FIELD_CONTENT, 4, 14, STR_LIT("peace plan"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	    {WATCH_FIELD_CONTENT, 255, 258, STR_LIT("end"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	    {WATCH_FIELD_CONTENT, 90, 92, STR_LIT("ab"), STR_LIT("n"), STR_LIT("exact"), STR_NONE},
	};
	struct record_match m[] = {{WATCH_TOPIC, STR_LIT("a"), STR_LIT("A"), &two[0], 1},
	    {WATCH_TOPIC, STR_LIT("c"), STR_LIT("C"), &two[2], 1},
	    {WATCH_TOPIC, STR_LIT("b"), STR_LIT("B"), &two[1], 1}};
	char text[260];
	memset(text, 'x', sizeof text);
	for (size_t i = 9; i < sizeof text; i += 10)
		text[i] = ' ';
	r.content = (struct str){text, 258};
	r.matches = m;
	r.match_count = 3;
	struct str all = str_from(shown(&r, (struct render_style){.now = TIME_NONE}));
	ptrdiff_t first = str_find(all, STR_LIT("  | "), 0), second = str_find(all, STR_LIT("  | …"), 0);
	ck_assert_int_gt(first, 0);
	ck_assert_int_gt(second, first);
	ck_assert_int_eq(str_find(all, STR_LIT("  | "), (size_t)second + 1), -1);
}
END_TEST

START_TEST(test_a_full_buffer_is_told)
{
	struct record r = sample_record();
	struct err err;
	buf_done(&out);
	buf_init(&out, 100);
	render_human(&out, &r, &(struct render_style){.now = TIME_NONE});
	ck_assert_int_eq(buf_check(&out, &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_match_reads_well_in_plain_text);
	tcase_add_test(tc, test_a_terminal_gets_colour_width_and_age);
	tcase_add_test(tc, test_an_item_without_anything_is_still_shown);
	tcase_add_test(tc, test_a_date_in_the_future_gives_way_to_the_day_it_was_seen);
	tcase_add_test(tc, test_hostile_text_stays_within_its_paragraph);
	tcase_add_test(tc, test_damaged_offsets_are_shown_unmarked);
	tcase_add_test(tc, test_overlapping_mentions_are_marked_as_one);
	tcase_add_test(tc, test_many_equal_mentions_are_told_once_and_counted);
	tcase_add_test(tc, test_the_passage_of_a_long_text_is_cut_between_characters);
	tcase_add_test(tc, test_a_passage_that_shows_two_is_shown_once);
	tcase_add_test(tc, test_a_full_buffer_is_told);
}

int
main(void)
{
	return tap_run("render/human", suite);
}
