#include "base/buf.h"
#include "conf/conf.h"
#include "conf/schema.h"
#include "tap.h"

static struct conf *
parse(struct str text)
{
	struct conf_report report;
	conf_report_init(&report);
	struct conf *c = conf_parse(text, STR_LIT("t"), &report);
	ck_assert_msg(c != NULL && report.count == 0, "%s", report.count ? report.messages[0].s : "?");
	conf_report_done(&report);
	return c;
}

static const char full[] = "[tidings]\n"
                           "control =\n"
                           "interval = 1h30m\n"
                           "body-max = 64KiB\n"
                           "allow-private = yes\n"
                           "proxy = socks5h://localhost:9050\n"
                           "\n"
                           "[feed one]\n"
                           "url = https://one.example/feed\n"
                           "language = uk\n"
                           "tags = a b\n"
                           "header = Accept: text/xml\n"
                           "header = X-Key: 1\n"
                           "\n"
                           "[feed two]\n"
                           "url = https://two.example/feed\n"
                           "enabled = no\n"
                           "interval = 12h\n"
                           "allow-private = no\n"
                           "\n"
                           "[actor who]\n"
                           "kind = org\n"
                           "name = #hash ; and \"quotes\"\n"
                           "name[zh-Hant] = 名字\n"
                           "\n"
                           "[topic what]\n"
                           "phrase[en] = peace  plan\n"
                           "\n"
                           "[watch when]\n"
                           "actors = *\n"
                           "severity = urgent\n"
                           "sinks = where\n"
                           "\n"
                           "[route night]\n"
                           "watches = when\n"
                           "sinks = where\n"
                           "group-by = story watch\n"
                           "group-wait = 1m\n"
                           "group-interval = 1h\n"
                           "digest = daily 08:00\n"
                           "time-zone = Europe/Kyiv\n"
                           "\n"
                           "[sink where]\n"
                           "type = exec\n"
                           "command = /bin/true\n"
                           "argument = -v\n"
                           "argument = two words\n"
                           "retry-max = 0s\n";

START_TEST(test_what_is_not_default_is_dumped_as_it_was_written)
{
	struct conf *c = parse(STR_LIT(full));
	struct buf out;
	buf_init(&out, 0);
	ck_assert_int_eq(conf_dump(c, false, &out), 0);
	ck_assert_str_eq(out.data, full);
	buf_done(&out);
	conf_free(c);
}
END_TEST

START_TEST(test_a_full_dump_reads_back_to_the_same)
{
	struct conf *first = parse(STR_LIT(full));
	struct buf all, once, twice;
	buf_init(&all, 0);
	buf_init(&once, 0);
	buf_init(&twice, 0);
	ck_assert_int_eq(conf_dump(first, true, &all), 0);
	struct conf *second = parse(buf_view(&all));
	ck_assert_int_eq(conf_dump(first, false, &once), 0);
	ck_assert_int_eq(conf_dump(second, false, &twice), 0);
	ck_assert_str_eq(once.data, twice.data);
	buf_done(&all);
	buf_done(&once);
	buf_done(&twice);
	conf_free(first);
	conf_free(second);
}
END_TEST

START_TEST(test_a_full_dump_names_every_setting)
{
	struct conf *c = parse(STR_LIT(full));
	struct buf all;
	buf_init(&all, 0);
	ck_assert_int_eq(conf_dump(c, true, &all), 0);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		ck_assert_msg(str_find(buf_view(&all), str_from(k->help), 0) >= 0, "%s is missing", k->name);
		ck_assert_msg(k->help[0] != '\0' && !str_ends(str_from(k->help), STR_LIT(".")),
		    "%s: help is a line without full stop", k->name);
	}
	buf_done(&all);
	conf_free(c);
}
END_TEST

START_TEST(test_a_dump_in_json_has_one_object_for_each_section)
{
	struct conf *c = parse(STR_LIT(full));
	struct buf out;
	buf_init(&out, 0);
	ck_assert_int_eq(conf_dump_json(c, false, &out), 0);
	ck_assert_str_eq(out.data,
	    "{\"section\":\"tidings\",\"control\":null,\"interval\":\"1h30m\",\"body-max\":\"64KiB\",\"allow-private\":"
	    "true,"
	    "\"proxy\":\"socks5h://localhost:9050\"}\n"
	    "{\"section\":\"feed\",\"key\":\"one\",\"url\":\"https://one.example/"
	    "feed\",\"language\":\"uk\",\"tags\":[\"a\",\"b\"],"
	    "\"header\":[\"Accept: text/xml\",\"X-Key: 1\"]}\n"
	    "{\"section\":\"feed\",\"key\":\"two\",\"url\":\"https://two.example/"
	    "feed\",\"enabled\":false,\"interval\":\"12h\","
	    "\"allow-private\":false}\n"
	    "{\"section\":\"actor\",\"key\":\"who\",\"kind\":\"org\",\"name\":[{\"name\":\"#hash ; and "
	    "\\\"quotes\\\"\",\"lang\":\"und\"},"
	    "{\"name\":\"名字\",\"lang\":\"zh-Hant\"}]}\n"
	    "{\"section\":\"topic\",\"key\":\"what\",\"phrase\":[{\"name\":\"peace  plan\",\"lang\":\"en\"}]}\n"
	    "{\"section\":\"watch\",\"key\":\"when\",\"actors\":[\"*\"],\"severity\":\"urgent\",\"sinks\":[\"where\"]}"
	    "\n"
	    "{\"section\":\"route\",\"key\":\"night\",\"watches\":[\"when\"],\"sinks\":[\"where\"],"
	    "\"group-by\":[\"story\",\"watch\"],\"group-wait\":\"1m\",\"group-interval\":\"1h\","
	    "\"digest\":\"daily 08:00\",\"time-zone\":\"Europe/Kyiv\"}\n"
	    "{\"section\":\"sink\",\"key\":\"where\",\"type\":\"exec\",\"command\":[\"/bin/true\",\"-v\",\"two "
	    "words\"],\"retry-max\":\"0s\"}\n");
	buf_done(&out);
	conf_free(c);
}
END_TEST

START_TEST(test_a_dump_that_does_not_fit_fails)
{
	struct conf *c = parse(STR_LIT(full));
	struct buf out;
	buf_init(&out, 100);
	ck_assert_int_eq(conf_dump(c, false, &out), -1);
	buf_done(&out);
	conf_free(c);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_what_is_not_default_is_dumped_as_it_was_written);
	tcase_add_test(tc, test_a_full_dump_reads_back_to_the_same);
	tcase_add_test(tc, test_a_full_dump_names_every_setting);
	tcase_add_test(tc, test_a_dump_in_json_has_one_object_for_each_section);
	tcase_add_test(tc, test_a_dump_that_does_not_fit_fails);
}

int
main(void)
{
	return tap_run("conf/dump", suite);
}
