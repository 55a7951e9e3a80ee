#include "tap.h"

#include "base/utf8.h"
#include "render/render.h"
#include "sample_record.h"

#include <jansson.h>

static struct buf out;

static json_t *
parsed(void)
{
	json_error_t error;
	json_t *j = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	ck_assert_msg(j != NULL, "%s: %s", error.text, out.data);
	return j;
}

static json_t *
record_json(const struct record *r)
{
	struct jsonw w;
	buf_done(&out);
	buf_init(&out, 0);
	jsonw_init(&w, &out, 0);
	render_record_json(&w, r);
	return parsed();
}

START_TEST(test_a_record_has_its_documented_fields)
{
	struct record r = sample_record();
	json_decref(record_json(&r));
	ck_assert_str_eq(out.data,
	    "{\"schema\":1,\"id\":42,\"feed\":{\"key\":\"bbc-world\",\"title\":\"Example World\"},"
	    "\"first_seen\":\"2026-11-23T14:40:00Z\",\"published\":\"2026-11-23T14:35:00Z\",\"updated\":null,"
	    "\"changed\":null,"
	    "\"severity\":\"high\",\"sources\":3,\"watches\":[\"talks\",\"ukraine\"],\"watchlist\":null,\"matches\":["
	    "{\"id\":\"zelenskiy\",\"label\":\"Volodymyr Zelenskiy\",\"kind\":\"person\",\"mentions\":["
	    "{\"field\":\"title\",\"start\":0,\"end\":9,\"text\":\"Zelenskiy\",\"name\":\"Zelenskiy\",\"rule\":"
	    "\"exact\"},"
	    "{\"field\":\"content\",\"start\":29,\"end\":51,\"text\":\"Зеленському\",\"name\":\"Зеленський\",\"rule\":"
	    "\"inflected\"}]},"
	    "{\"id\":\"peace-plan\",\"label\":\"peace plan\",\"kind\":\"topic\",\"mentions\":["
	    "{\"field\":\"content\",\"start\":4,\"end\":14,\"text\":\"peace plan\",\"name\":\"peace "
	    "plan\",\"rule\":\"exact\"}]}],"
	    "\"title\":\"Zelenskiy meets envoys in Geneva\",\"link\":\"https://news.example/a?b=1\",\"guid\":\"urn:1\","
	    "\"language\":null,\"authors\":null,\"categories\":null,\"summary\":null,"
	    "\"content\":\"The peace plan was handed to Зеленському on "
	    "Sunday.\",\"summary_html\":null,\"content_html\":null,"
	    "\"article\":null,\"canonical\":null}");
}
END_TEST

START_TEST(test_a_notification_carries_its_id_and_the_item)
{
	struct notification n = sample_notification();
	struct jsonw w;
	buf_done(&out);
	buf_init(&out, 0);
	jsonw_init(&w, &out, 0);
	render_notification_json(&w, &n);
	json_t *j = parsed();
	ck_assert_str_eq(json_string_value(json_object_get(j, "id")), "n-0001");
	ck_assert_str_eq(json_string_value(json_object_get(j, "type")), "match");
	ck_assert_str_eq(json_string_value(json_object_get(j, "sink")), "desk");
	ck_assert_int_eq(json_integer_value(json_object_get(j, "attempt")), 1);
	ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(j, "item"), "id")), 42);
	json_decref(j);
}
END_TEST

START_TEST(test_hostile_text_stays_within_its_string)
{
	struct record r = sample_evil_record();
	json_t *j = record_json(&r);
	ck_assert(utf8_valid(buf_view(&out)));
	for (size_t i = 0; i < out.len; i++)
		ck_assert_uint_ge((unsigned char)out.data[i], 0x20);
	json_t *title = json_object_get(j, "title");
	ck_assert_int_eq(json_string_value(title)[0], 0x1b); /* nothing lost: a program gets what the feed wrote */
	ck_assert_str_eq(json_string_value(json_object_get(j, "severity")), "urgent");
	json_decref(j);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_record_has_its_documented_fields);
	tcase_add_test(tc, test_a_notification_carries_its_id_and_the_item);
	tcase_add_test(tc, test_hostile_text_stays_within_its_string);
}

int
main(void)
{
	return tap_run("render/json", suite);
}
