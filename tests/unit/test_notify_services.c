#include "tap.h"

#include "base/utf8.h"
#include "notify/services.h"
#include "sample_record.h"

#include <jansson.h>
#include <stdlib.h>

static struct buf out;

static const struct service *
service(const char *name)
{
	const struct service *v = service_find(str_from(name));
	ck_assert_msg(v != NULL, "%s", name);
	return v;
}

static const char *
body_of(const char *name, const struct notification *n)
{
	const struct service *v = service(name);
	buf_reset(&out);
	service_body(&out, v, NULL, NULL, v->channel_must ? STR_LIT("here") : STR_NONE, n);
	ck_assert(!out.failed && utf8_valid(buf_view(&out)));
	return out.data;
}

static const struct {
	const char *name, *body;
} golden[] = {
    {"slack", "{\"text\":\"*Zelenskiy meets envoys in Geneva*\\nThe *peace plan* was handed to *Зеленському* "
              "on Sunday.\\nExample "
              "World\\nhttps://news.example/a?b=1\",\"mrkdwn\":true,\"unfurl_links\":false}"},
    {"discord", "{\"content\":\"**Zelenskiy meets envoys in Geneva**\\nThe **peace plan** was handed to "
                "**Зеленському** on Sunday\\\\.\\nExample "
                "World\\n<https://news.example/a?b=1>\",\"allowed_mentions\":{\"parse\":[]}}"},
    {"mattermost", "{\"text\":\"**Zelenskiy meets envoys in Geneva**\\nThe **peace plan** was handed to "
                   "**Зеленському** on Sunday\\\\.\\nExample World\\n<https://news.example/a?b=1>\"}"},
    {"matrix", "{\"msgtype\":\"m.text\",\"body\":\"Zelenskiy meets envoys in Geneva\\nThe peace plan was handed "
               "to Зеленському on Sunday.\\nExample "
               "World\\nhttps://news.example/"
               "a?b=1\",\"format\":\"org.matrix.custom.html\",\"formatted_body\":\"<strong>Zelenskiy "
               "meets envoys in Geneva</strong><br>The <strong>peace plan</strong> was handed to "
               "<strong>Зеленському</strong> on Sunday.<br>Example World<br><a "
               "href=\\\"https://news.example/a?b=1\\\">https://news.example/a?b=1</a>\",\"m.mentions\":{}}"},
    {"telegram", "{\"chat_id\":\"here\",\"text\":\"*Zelenskiy meets envoys in Geneva*\\nThe *peace plan* was "
                 "handed to *Зеленському* on Sunday\\\\.\\nExample "
                 "World\\nhttps://news\\\\.example/"
                 "a?b\\\\=1\",\"parse_mode\":\"MarkdownV2\",\"link_preview_options\":{\"is_disabled\":true}}"},
    {"ntfy", "{\"topic\":\"here\",\"title\":\"Zelenskiy meets envoys in "
             "Geneva\",\"click\":\"https://news.example/a?b=1\",\"message\":\"The [peace plan] was handed to "
             "[Зеленському] on Sunday.\\nExample World\",\"priority\":4}"},
    {"gotify", "{\"title\":\"Zelenskiy meets envoys in Geneva\",\"message\":\"The [peace plan] was handed to "
               "[Зеленському] on Sunday.\\nExample "
               "World\",\"priority\":7,\"extras\":{\"client::notification\":{\"click\":{\"url\":\"https://news.example/"
               "a?b=1\"}},\"client::display\":{\"contentType\":\"text/plain\"}}}"},
    {"pushover", "{\"user\":\"here\",\"title\":\"Zelenskiy meets envoys in "
                 "Geneva\",\"url\":\"https://news.example/a?b=1\",\"message\":\"The [peace plan] was handed to "
                 "[Зеленському] on Sunday.\\nExample World\",\"priority\":1,\"timestamp\":1795444500}"},
    {"alertmanager", "[{\"labels\":{\"alertname\":\"tidings_match\",\"thread\":\"n-0001\",\"watch\":\"talks "
                     "ukraine\",\"sink\":\"desk\"},\"annotations\":{\"summary\":\"Zelenskiy meets envoys in "
                     "Geneva\",\"description\":\"The [peace plan] was handed to [Зеленському] on Sunday.\\nExample "
                     "World\",\"severity\":\"high\",\"id\":\"n-0001\"},\"generatorURL\":\"https://news.example/"
                     "a?b=1\",\"startsAt\":\"2026-11-23T14:35:00Z\"}]"},
};

START_TEST(test_a_match_becomes_the_json_of_each_service)
{
	struct notification n = sample_notification();
	ck_assert_str_eq(body_of(golden[_i].name, &n), golden[_i].body);
}
END_TEST

START_TEST(test_the_address_is_the_services_own)
{
	static const struct {
		const char *name, *base, *secret, *want;
	} all[] = {
	    {"slack", "https://h.example/services/", "T0/B0/x", "https://h.example/services/T0/B0/x"},
	    {"slack", "https://h.example/services/T0/B0/x", "", "https://h.example/services/T0/B0/x"},
	    {"discord", "https://h.example/w?thread_id=7", "1/to-ken_", "https://h.example/w/1/to-ken_?thread_id=7"},
	    {"matrix", "https://h.example", "tok",
	        "https://h.example/_matrix/client/v3/rooms/%21a%3Ab%2F..%3Fx/send/m.room.message/n-1"},
	    {"telegram", "https://h.example", "12:ab?c#d", "https://h.example/bot12:ab%3Fc%23d/sendMessage"},
	    {"ntfy", "https://h.example/", "tok", "https://h.example/"},
	    {"gotify", "https://h.example/sub/", "tok", "https://h.example/sub/message"},
	    {"pushover", "https://h.example", "tok", "https://h.example/1/messages.json"},
	    {"alertmanager", "https://h.example", "", "https://h.example/api/v2/alerts"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		buf_reset(&out);
		service_url(&out, service(all[i].name), str_from(all[i].base), str_from(all[i].secret),
		    STR_LIT("!a:b/..?x"), STR_LIT("n-1"));
		ck_assert_str_is(buf_view(&out), all[i].want);
	}
}
END_TEST

/* Services by name, and where the text stands in what they take. */
static const struct {
	const char *name, *text;
	size_t most;
	enum template_unit unit;
} limits[] = {
    {"slack", "text", 4000, TEMPLATE_POINTS},
    {"discord", "content", 2000, TEMPLATE_UTF16},
    {"mattermost", "text", 16383, TEMPLATE_POINTS},
    {"matrix", "formatted_body", 32768, TEMPLATE_BYTES},
    {"telegram", "text", 4096, TEMPLATE_UTF16},
    {"ntfy", "message", 4096, TEMPLATE_BYTES},
    {"gotify", "message", 10000, TEMPLATE_POINTS},
    {"pushover", "message", 1024, TEMPLATE_POINTS},
};

/* Titles and texts of `unit`, repeated far beyond every limit. */
static struct notification
giant(const char *unit, struct record *r)
{
	static char text[300000];
	size_t n = strlen(unit), len = 0;
	while (len + n < sizeof text) {
		memcpy(text + len, unit, n);
		len += n;
	}
	struct notification what = sample_notification();
	*r = sample_record();
	r->title = r->content = r->feed_title = (struct str){text, len};
	r->link = (struct str){"https://a.example/", 18};
	r->match_count = 0;
	what.kind = NOTIFICATION_ALARM; /* the whole text */
	what.title = what.text = r->title;
	what.records = r;
	what.record_count = 0;
	return what;
}

START_TEST(test_no_text_is_longer_than_the_service_takes_whatever_it_is_made_of)
{
	static const char *const units[] = {
	    "word ", "_*[<&@", "\xf0\x9f\x98\x80", "e\xcc\x81", "\n\n", "\x1b[2J", "\xff"};
	for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
		struct record r;
		struct notification n = giant(units[u], &r);
		json_t *got = json_loads(body_of(limits[_i].name, &n), 0, NULL);
		ck_assert_msg(got != NULL, "%s: no JSON", limits[_i].name);
		const char *text = json_string_value(json_object_get(got, limits[_i].text));
		ck_assert(text != NULL);
		size_t length = template_length(str_from(text), limits[_i].unit);
		ck_assert_msg(length <= limits[_i].most, "%s: %zu", limits[_i].name, length);
		if (strcmp(units[u], "word ") == 0)
			ck_assert_msg(length > limits[_i].most / 5, "%s: only %zu", limits[_i].name, length);
		json_decref(got);
	}
}
END_TEST

START_TEST(test_hostile_items_give_json_of_every_kind_at_every_service)
{
	for (size_t i = 0; i < sizeof golden / sizeof *golden; i++) {
		for (int kind = 0; kind < NOTIFICATION_KIND_COUNT; kind++) {
			struct record evil = sample_evil_record();
			struct notification n = sample_notification();
			n.kind = (enum notification_kind)kind;
			n.records = &evil;
			n.severity = 99;
			n.record_count = kind < NOTIFICATION_ALARM;
			n.title = n.text = n.alarm = n.subject = evil.title;
			json_error_t e;
			json_t *got = json_loads(body_of(golden[i].name, &n), 0, &e);
			ck_assert_msg(got != NULL, "%s %d: %s in %s", golden[i].name, kind, e.text, out.data);
			json_decref(got);
			ck_assert(memchr(out.data, '\x1b', out.len) == NULL);
		}
	}
}
END_TEST

START_TEST(test_nobody_is_mentioned_or_formatted_by_a_title)
{
	static const struct {
		const char *name, *title, *want;
	} all[] = {
	    {"slack", "<!channel> <@U1> a", "*&lt;!channel&gt; &lt;@U1&gt; a*"},
	    {"discord", "**x** @everyone", "**\\\\*\\\\*x\\\\*\\\\* \\\\@everyone**"},
	    {"mattermost", "@all",
	        "**\\\\@\xe2\x80\x8b"
	        "all**"},
	    {"matrix", "<b>@room", "<strong>&lt;b&gt;@room</strong>"},
	    {"telegram", "a.b_c!", "*a\\\\.b\\\\_c\\\\!*"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct notification n = sample_notification();
		n.records[0].title = str_from(all[i].title);
		ck_assert_msg(strstr(body_of(all[i].name, &n), all[i].want) != NULL, "%s: %s", all[i].name, out.data);
	}
}
END_TEST

START_TEST(test_own_templates_take_the_place_of_the_usual_texts)
{
	struct arena arena;
	struct err err;
	struct notification n = sample_notification();
	arena_init(&arena, 0);
	const struct template *title = template_parse(STR_LIT("{severity}: {item-title:9}"), &arena, &err);
	const struct template *body = template_parse(STR_LIT("_{source}_{newline}{link}"), &arena, &err);
	service_body(&out, service("telegram"), title, body, STR_LIT("-100"), &n);
	ck_assert_str_is(buf_view(&out),
	    "{\"chat_id\":\"-100\",\"text\":\"*high: Zelenskiy…*\\n_Example "
	    "World_\\nhttps://news\\\\.example/a?b\\\\=1\","
	    "\"parse_mode\":\"MarkdownV2\",\"link_preview_options\":{\"is_disabled\":true}}");
	arena_done(&arena);
}
END_TEST

START_TEST(test_the_end_of_an_alarm_ends_the_alert_it_began)
{
	struct notification n = sample_notification();
	n.kind = NOTIFICATION_ALARM;
	n.record_count = 0;
	n.since_at = SAMPLE_AT - HOUR_MS;
	n.subject = STR_LIT("harbour");
	n.title = n.text = STR_LIT("x");
	n.alarm = STR_LIT("feed_failing");
	const char *begin = body_of("alertmanager", &n);
	ck_assert(strstr(begin, "\"alertname\":\"feed_failing\",\"thread\":\"n-0001\",\"subject\":\"harbour\"") != NULL);
	ck_assert(strstr(begin, "endsAt") == NULL && strstr(begin, "\"startsAt\":\"2026-11-23T13:35:00Z\"") != NULL);
	n.id = STR_LIT("n-0002");
	n.alarm = STR_LIT("feed_recovered");
	const char *end = body_of("alertmanager", &n);
	ck_assert(strstr(end, "\"alertname\":\"feed_failing\",\"thread\":\"n-0001\",\"subject\":\"harbour\"") != NULL);
	ck_assert(strstr(end, "\"endsAt\":\"2026-11-23T14:35:00Z\"") != NULL);
}
END_TEST

START_TEST(test_what_an_answer_says_of_waiting_is_read)
{
	static const struct {
		const char *name, *answer;
		int64_t want;
	} all[] = {
	    {"telegram", "{\"ok\":false,\"parameters\":{\"retry_after\":35}}", 35000},
	    {"discord", "{\"retry_after\": 0.65, \"global\":false}", 650},
	    {"matrix", "{\"retry_after_ms\" : 2000}", 2000},
	    {"telegram", "{\"retry_after\":\"soon\"}", -1},
	    {"telegram", "{\"retry_after\":", -1},
	    {"telegram", "{\"retry_after\":-5}", -1},
	    {"telegram", "{\"retry_after\":999999999999999999999}", DAY_MS},
	    {"telegram", "", -1},
	    {"slack", "{\"retry_after\":35}", -1},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		ck_assert_int_eq(service_wait_ms(service(all[i].name), str_from(all[i].answer)), all[i].want);
}
END_TEST

START_TEST(test_the_token_of_pushover_goes_into_its_json)
{
	service_add_token(&out, service("pushover"), STR_LIT("{\"user\":\"u\"}"), STR_LIT("a\"b"));
	ck_assert_str_is(buf_view(&out), "{\"token\":\"a\\\"b\",\"user\":\"u\"}");
}
END_TEST

static void
begin(void)
{
	buf_init(&out, 0);
}

static void
end(void)
{
	buf_done(&out);
}

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_loop_test(tc, test_a_match_becomes_the_json_of_each_service, 0, sizeof golden / sizeof *golden);
	tcase_add_test(tc, test_the_address_is_the_services_own);
	tcase_add_loop_test(tc, test_no_text_is_longer_than_the_service_takes_whatever_it_is_made_of, 0,
	    sizeof limits / sizeof *limits);
	tcase_add_test(tc, test_hostile_items_give_json_of_every_kind_at_every_service);
	tcase_add_test(tc, test_nobody_is_mentioned_or_formatted_by_a_title);
	tcase_add_test(tc, test_own_templates_take_the_place_of_the_usual_texts);
	tcase_add_test(tc, test_the_end_of_an_alarm_ends_the_alert_it_began);
	tcase_add_test(tc, test_what_an_answer_says_of_waiting_is_read);
	tcase_add_test(tc, test_the_token_of_pushover_goes_into_its_json);
}

int
main(void)
{
	return tap_run("notify/services", suite);
}
