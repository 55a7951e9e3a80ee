#include "tap.h"

#include "base/utf8.h"
#include "render/render.h"
#include "sample_record.h"

#include <jansson.h>

static struct buf out;
static struct record records[3];

static struct notification
several(enum notification_kind kind)
{
	struct notification n = sample_notification();
	static const char *const titles[] = {"Third report", "Second report", "First report"};
	for (size_t i = 0; i < 3; i++) {
		records[i] = sample_record();
		records[i].title = str_from(titles[i]);
		records[i].id = 50 - (int64_t)i;
	}
	n.kind = kind;
	n.records = records;
	n.record_count = 3;
	n.item_count = 7;
	n.source_count = 5;
	n.since_at = SAMPLE_AT - HOUR_MS;
	n.previous_id = STR_LIT("n-0000");
	return n;
}

static struct notification
alarm_of(struct str title)
{
	struct notification n = sample_notification();
	n.kind = NOTIFICATION_ALARM;
	n.records = NULL;
	n.record_count = n.item_count = 0;
	n.watches = NULL;
	n.watch_count = 0;
	n.severity = 3;
	n.title = title;
	n.text = STR_LIT("It answers 404.");
	n.alarm = STR_LIT("feed_failing");
	n.subject = STR_LIT("bbc-world");
	n.since_at = SAMPLE_AT - HOUR_MS;
	return n;
}

static struct str
written(void (*how)(const struct notification *n), const struct notification *n)
{
	buf_done(&out);
	buf_init(&out, 0);
	how(n);
	return buf_view(&out);
}

static void
headline(const struct notification *n)
{
	render_headline(&out, n);
}

static void
line(const struct notification *n)
{
	render_notification_line(&out, n);
}

static void
human(const struct notification *n)
{
	render_notification_human(&out, n, &(struct render_style){.now = TIME_NONE});
}

static void
json(const struct notification *n)
{
	struct jsonw w;
	jsonw_init(&w, &out, 0);
	render_notification_json(&w, n);
}

START_TEST(test_the_headline_of_a_story_counts_its_sources)
{
	struct notification n = several(NOTIFICATION_STORY);
	ck_assert_str_is(written(headline, &n), "Third report (now in 5 sources)");
	n.source_count = 1;
	n.item_count = 3;
	ck_assert_str_is(written(headline, &n), "Third report (and 2 more)");
	n.item_count = 1;
	ck_assert_str_is(written(headline, &n), "Third report");
}
END_TEST

START_TEST(test_the_headline_of_a_digest_counts_and_cites)
{
	struct notification n = several(NOTIFICATION_DIGEST);
	ck_assert_str_is(written(headline, &n), "7 items: Third report; Second report; First report; …");
	n.record_count = n.item_count = 1;
	ck_assert_str_is(written(headline, &n), "1 item: Third report");
}
END_TEST

START_TEST(test_lines_of_all_kinds)
{
	struct notification story = several(NOTIFICATION_STORY), alarm = alarm_of(STR_LIT("Feed is failing"));
	ck_assert_str_is(written(line, &story),
	    "2026-11-23T14:35:00Z story high items=7 sources=5 title=\"Third report (now in 5 sources)\" "
	    "link=https://news.example/a?b=1\n");
	ck_assert_str_is(written(line, &alarm),
	    "2026-11-23T14:35:00Z alarm urgent alarm=feed_failing subject=bbc-world title=\"Feed is failing\"\n");
}
END_TEST

START_TEST(test_people_see_every_item_and_how_many_are_left_out)
{
	struct notification n = several(NOTIFICATION_DIGEST);
	struct str text = written(human, &n);
	ck_assert_int_ge(str_find(text, STR_LIT("\n7 items from 5 sources\n"), 0), 0);
	ck_assert_int_ge(
	    str_find(text,
	        STR_LIT("  - Example World: Second report\n    2026-11-23 14:35 UTC · Volodymyr Zelenskiy, peace "
	                "plan\n    https://news.example/"),
	        0),
	    0);
	ck_assert_int_ge(str_find(text, STR_LIT("  … and 4 more\n"), 0), 0);
	ck_assert_int_ge(str_find(text, STR_LIT("since 2026-11-23 13:35 UTC"), 0), 0);
}
END_TEST

START_TEST(test_json_has_the_items_the_thread_and_the_counts)
{
	struct notification n = several(NOTIFICATION_STORY);
	struct str text = written(json, &n);
	json_t *j = json_loadb(text.s, text.len, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(j, "type")), "story");
	ck_assert_str_eq(json_string_value(json_object_get(j, "previous")), "n-0000");
	ck_assert_int_eq(json_integer_value(json_object_get(j, "sources")), 5);
	ck_assert_int_eq(json_integer_value(json_object_get(j, "item_count")), 7);
	ck_assert_uint_eq(json_array_size(json_object_get(j, "items")), 3);
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(j, "item"), "id")), 50);
	json_decref(j);
}
END_TEST

START_TEST(test_json_of_an_alarm_has_no_item)
{
	struct notification n = alarm_of(STR_LIT("Feed is failing"));
	struct str text = written(json, &n);
	json_t *j = json_loadb(text.s, text.len, 0, NULL);
	ck_assert_str_eq(json_string_value(json_object_get(j, "alarm")), "feed_failing");
	ck_assert_str_eq(json_string_value(json_object_get(j, "text")), "It answers 404.");
	ck_assert_ptr_null(json_object_get(j, "item"));
	json_decref(j);
}
END_TEST

START_TEST(test_hostile_text_leaves_neither_its_line_nor_its_paragraph)
{
	struct notification n = alarm_of(STR_LIT(SAMPLE_EVIL));
	n.text = n.subject = n.alarm = n.title;
	struct str text = written(line, &n);
	ck_assert_int_eq(str_find(text, STR_LIT("\n"), 0), (ptrdiff_t)text.len - 1);
	text = written(human, &n);
	ck_assert(utf8_valid(text));
	for (size_t i = 0; i < text.len; i++)
		ck_assert(text.s[i] == '\n' || (unsigned char)text.s[i] >= 0x20);
}
END_TEST

START_TEST(test_no_headline_and_no_line_is_longer_than_its_ceiling)
{
	static char giant[100000];
	memset(giant, 'x', sizeof giant);
	for (int kind = 0; kind < NOTIFICATION_KIND_COUNT; kind++) {
		struct notification n = several((enum notification_kind)kind);
		for (size_t i = 0; i < 3; i++)
			records[i].title = records[i].link = (struct str){giant, sizeof giant};
		n.title = n.text = n.alarm = n.subject = records[0].title;
		ck_assert_uint_le(written(headline, &n).len, RENDER_HEADLINE_MAX);
		ck_assert_uint_le(written(line, &n).len, RENDER_LINE_MAX);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_the_headline_of_a_story_counts_its_sources);
	tcase_add_test(tc, test_the_headline_of_a_digest_counts_and_cites);
	tcase_add_test(tc, test_lines_of_all_kinds);
	tcase_add_test(tc, test_people_see_every_item_and_how_many_are_left_out);
	tcase_add_test(tc, test_json_has_the_items_the_thread_and_the_counts);
	tcase_add_test(tc, test_json_of_an_alarm_has_no_item);
	tcase_add_test(tc, test_hostile_text_leaves_neither_its_line_nor_its_paragraph);
	tcase_add_test(tc, test_no_headline_and_no_line_is_longer_than_its_ceiling);
}

int
main(void)
{
	return tap_run("render/notification", suite);
}
