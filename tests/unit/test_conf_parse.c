#include "conf/conf.h"

#include "base/buf.h"
#include "tap.h"

#include <stdio.h>
#include <time.h>

static struct conf *
parse(const char *text)
{
	struct conf_report report;
	conf_report_init(&report);
	struct conf *c = conf_parse(str_from(text), STR_LIT("t"), &report);
	ck_assert_msg(c != NULL, "%s", report.count ? report.messages[0].s : "?");
	ck_assert_uint_eq(report.count, 0);
	conf_report_done(&report);
	return c;
}

/* All messages, each with its end of line. */
static void
expect(const char *text, const char *want)
{
	struct conf_report report;
	struct buf got;
	buf_init(&got, 0);
	conf_report_init(&report);
	struct conf *c = conf_parse(str_from(text), STR_LIT("t"), &report);
	for (size_t i = 0; i < report.count; i++)
		buf_printf(&got, "%s\n", report.messages[i].s);
	ck_assert_str_eq(got.data ? got.data : "", want);
	ck_assert_int_eq(c == NULL, report.error_count > 0);
	conf_free(c);
	conf_report_done(&report);
	buf_done(&got);
}

START_TEST(test_an_empty_text_gives_the_defaults)
{
	struct conf *c = parse("");
	ck_assert(str_ends(c->global.store_path, STR_LIT("/lib/tidings/tidings.db")));
	ck_assert_str_is(c->global.log_level, "notice");
	ck_assert_int_eq(c->global.interval_ms, 900000);
	ck_assert_int_eq(c->global.interval_min_ms, 300000);
	ck_assert_int_eq(c->global.interval_max_ms, 86400000);
	ck_assert_int_eq(c->global.jitter_percent, 10);
	ck_assert_int_eq(c->global.fetch_timeout_ms, 60000);
	ck_assert_int_eq(c->global.connect_timeout_ms, 10000);
	ck_assert_int_eq(c->global.body_max_bytes, 10485760);
	ck_assert_int_eq(c->global.connections, 64);
	ck_assert_int_eq(c->global.connections_per_host, 2);
	ck_assert_str_is(c->global.first_poll, "silent");
	ck_assert(!c->global.allow_private);
	ck_assert_ptr_null(c->global.proxy.s);
	ck_assert_ptr_null(c->global.contact.s);
	ck_assert_uint_eq(c->feed_count + c->actor_count + c->topic_count + c->watch_count + c->sink_count, 0);
	conf_free(c);
}
END_TEST

/* Sections of every kind but routes. */
static const char every_kind[] = "[tidings]\n"
                                 "store = /var/db\n"
                                 "control =\n"
                                 "interval = 1h30m\n"
                                 "body-max = 64k\n"
                                 "allow-private = on\n"
                                 "[feed bbc-world]\n"
                                 "url = https://feeds.bbci.co.uk/news/world/rss.xml\n"
                                 "language = EN-gb\n"
                                 "tags = english, uk  broadcaster\n"
                                 "header = Accept: */*\n"
                                 "header = X-Key: a: b\n"
                                 "[feed private]\n"
                                 "url = http://[::1]:8080/\n"
                                 "allow-private = no\n"
                                 "enabled = no\n"
                                 "interval = 1d\n"
                                 "[actor zelenskiy]\n"
                                 "title = Volodymyr Zelenskiy\n"
                                 "name = Zelenskyy\n"
                                 "name[uk] = Володимир Зеленський\n"
                                 "name[ZH-HANT-tw] = 澤倫斯基\n"
                                 "[actor nato]\n"
                                 "kind = org\n"
                                 "name = NATO\n"
                                 "[topic peace-plan]\n"
                                 "phrase = peace plan\n"
                                 "phrase[ru] = мирный план\n"
                                 "[watch talks]\n"
                                 "actors = zelenskiy\n"
                                 "	nato\n"
                                 "topics = *\n"
                                 "feeds = english private\n"
                                 "require = both\n"
                                 "severity = high\n"
                                 "[sink desk]\n"
                                 "type = print\n"
                                 "[sink hook]\n"
                                 "type = exec\n"
                                 "command = /bin/notify, -v\t--all\n"
                                 "argument = two words\n"
                                 "timeout = 5s\n";

START_TEST(test_settings_and_feeds_are_read)
{
	struct conf *c = parse(every_kind);
	ck_assert_str_is(c->global.store_path, "/var/db");
	ck_assert_ptr_null(c->global.control_path.s);
	ck_assert_int_eq(c->global.interval_ms, 5400000);
	ck_assert_int_eq(c->global.body_max_bytes, 65536);
	ck_assert_uint_eq(c->feed_count, 2);
	const struct conf_feed *bbc = conf_find_feed(c, STR_LIT("bbc-world"));
	ck_assert_ptr_eq(bbc, &c->feeds[0]);
	ck_assert_str_is(bbc->language, "en-GB");
	ck_assert(bbc->enabled && bbc->allow_private);
	ck_assert_int_eq(bbc->interval_ms, 0);
	ck_assert_uint_eq(bbc->tags.count, 3);
	ck_assert_str_is(bbc->tags.items[2], "broadcaster");
	ck_assert_uint_eq(bbc->headers.count, 2);
	ck_assert_str_is(bbc->headers.items[1], "X-Key: a: b");
	ck_assert_uint_eq(bbc->origin.line, 7);
	ck_assert(!c->feeds[1].enabled && !c->feeds[1].allow_private);
	ck_assert_int_eq(c->feeds[1].interval_ms, 86400000);
	conf_free(c);
}
END_TEST

START_TEST(test_actors_and_topics_are_read)
{
	struct conf *c = parse(every_kind);
	ck_assert_str_is(c->actors[0].kind, "person");
	ck_assert_uint_eq(c->actors[0].names.count, 3);
	ck_assert_str_is(c->actors[0].langs.items[0], "und");
	ck_assert_str_is(c->actors[0].names.items[1], "Володимир Зеленський");
	ck_assert_str_is(c->actors[0].langs.items[2], "zh-Hant-TW");
	ck_assert_uint_eq(c->actors[0].names.origins[1].line, 21);
	ck_assert_str_is(c->actors[1].kind, "org");
	ck_assert_uint_eq(c->topics[0].phrases.count, 2);
	conf_free(c);
}
END_TEST

START_TEST(test_watches_and_sinks_are_read)
{
	struct conf *c = parse(every_kind);
	const struct conf_watch *talks = conf_find_watch(c, STR_LIT("talks"));
	ck_assert_uint_eq(talks->actors.count, 2);
	ck_assert_str_is(talks->actors.items[1], "nato");
	ck_assert_str_is(talks->topics.items[0], "*");
	ck_assert_str_is(talks->require, "both");
	ck_assert_uint_eq(talks->sinks.count, 2);
	ck_assert_str_is(talks->sinks.items[1], "hook");
	const struct conf_sink *hook = conf_find_sink(c, STR_LIT("hook"));
	ck_assert_uint_eq(hook->command.count, 4);
	ck_assert_str_is(hook->command.items[0], "/bin/notify,");
	ck_assert_str_is(hook->command.items[3], "two words");
	ck_assert_int_eq(hook->timeout_ms, 5000);
	ck_assert_int_eq(hook->retry_max_ms, 3 * 86400000LL);
	ck_assert_ptr_null(conf_find_feed(c, STR_LIT("cnn")));
	ck_assert_ptr_null(conf_find_sink(c, STR_LIT("talks")));
	conf_free(c);
}
END_TEST

START_TEST(test_an_empty_value_clears)
{
	struct conf *c = parse("[tidings]\ninterval =\nlog-level =\nallow-private =\n"
	                       "[actor a]\nname = one\nname[en] = two\nname =\nname = three\n"
	                       "[watch w]\nactors = a\nsinks =\n[sink s]\ntype = exec\ncommand = a b\n");
	ck_assert_int_eq(c->global.interval_ms, 900000);
	ck_assert_str_is(c->global.log_level, "notice");
	ck_assert_uint_eq(c->actors[0].names.count, 1);
	ck_assert_uint_eq(c->actors[0].langs.count, 1);
	ck_assert_str_is(c->actors[0].names.items[0], "three");
	ck_assert_uint_eq(c->watches[0].sinks.count, 0);
	conf_free(c);
}
END_TEST

START_TEST(test_names_given_for_sinks_take_the_place_of_the_default)
{
	struct conf *c = parse("[topic t]\nphrase = x\n[watch w]\ntopics = t\nsinks = b\n[sink a]\ntype = print\n[sink "
	                       "b]\ntype = print\n");
	ck_assert_uint_eq(c->watches[0].sinks.count, 1);
	ck_assert_str_is(c->watches[0].sinks.items[0], "b");
	conf_free(c);
}
END_TEST

START_TEST(test_unknown_sections_and_settings_get_a_suggestion)
{
	expect("[feeed bbc]\nurl = x\n[watch\n[bananas]\n",
	    "t:1: there is no section “feeed”; expected tidings, feed, actor, topic, watch, route or sink; did you "
	    "mean "
	    "“feed”?\n"
	    "t:3: a section without its ]; expected [feed KEY] or the like\n"
	    "t:4: there is no section “bananas”; expected tidings, feed, actor, topic, watch, route or sink\n");
	expect("[tidings]\nintervall = 5m\nallow_private = yes\nbananas = 1\nconections = 3\n",
	    "t:2: [tidings] has no setting “intervall”; did you mean “interval”?\n"
	    "t:3: [tidings] has no setting “allow_private”; did you mean “allow-private”?\n"
	    "t:4: [tidings] has no setting “bananas”\n"
	    "t:5: [tidings] has no setting “conections”; did you mean “connections”?\n");
	expect("[feed a]\nURL = x\n", "t:2: [feed] has no setting “URL”; did you mean “url”?\n");
}
END_TEST

START_TEST(test_headers_of_sections_are_checked)
{
	expect("[feed]\n[tidings x]\n[feed \"bbc\"]\n[feed BBC]\n[feed -a]\n[topic тема]\n",
	    "t:1: [feed] has no key; expected [feed KEY], such as [feed one]\n"
	    "t:2: [tidings] takes no key, but “x” stands there; expected [tidings]\n"
	    "t:3: “\"bbc\"” cannot be a key; expected at most 64 of a-z, 0-9, “.”, “_” and “-”, without quotes and "
	    "beginning with a letter or digit\n"
	    "t:4: “BBC” cannot be a key; expected at most 64 of a-z, 0-9, “.”, “_” and “-”, without quotes and "
	    "beginning with a letter or digit\n"
	    "t:5: “-a” cannot be a key; expected at most 64 of a-z, 0-9, “.”, “_” and “-”, without quotes and "
	    "beginning with a letter or digit\n"
	    "t:6: “тема” cannot be a key; expected at most 64 of a-z, 0-9, “.”, “_” and “-”, without quotes and "
	    "beginning with a letter or digit\n");
	expect("interval = 5m\nx = y\n[tidings]\n\n[tidings]\n[actor a]\nname = b\n[actor a]\nname = c\n",
	    "t:1: a setting before the first section; expected [tidings], [feed KEY] or the like above it\n"
	    "t:5: [tidings] stands in this file already, at line 3; expected each section once\n"
	    "t:8: [actor a] stands in this file already, at line 6; expected each section once\n");
}
END_TEST

START_TEST(test_values_of_the_wrong_type_are_told_with_what_was_expected)
{
	expect("[tidings]\n"
	       "interval = 15 bananas\n"
	       "interval-min = 1ms\n"
	       "fetch-timeout = 2d\n"
	       "jitter = ten\n"
	       "connections = 0\n"
	       "body-max = 1TB\n"
	       "log-level = loud\n"
	       "allow-private = maybe\n"
	       "contact[en] = me\n"
	       "proxy = ftp://proxy\n"
	       "connect-timeout = 5s\n"
	       "connect-timeout = 6s\n",
	    "t:2: interval: “15 bananas” is not a duration; expected a number with a unit, such as 90s, 15m, 1h30m or "
	    "2d\n"
	    "t:3: interval-min: “1ms” is too small; expected 10ms to 365d\n"
	    "t:4: fetch-timeout: “2d” is too large; expected 1s to 1h\n"
	    "t:5: jitter: “ten” is not a whole number; expected 0 to 50\n"
	    "t:6: connections: “0” is too small; expected 1 to 1024\n"
	    "t:7: body-max: “1TB” is not a size; expected a number of bytes, or one with a unit such as 64KiB or "
	    "10MiB\n"
	    "t:8: log-level: “loud” is not known here; expected one of: error warn notice info debug\n"
	    "t:9: allow-private: “maybe” is neither yes nor no\n"
	    "t:10: contact: does not take a language; expected contact = …\n"
	    "t:11: proxy: “ftp://proxy” is not a URL of a kind that works here; expected one of these schemes, then "
	    "://: http https socks5 socks5h\n"
	    "t:13: connect-timeout: is set twice in this section; expected it once, since it takes one value\n");
	expect("[feed a]\nurl = https://a/\nlanguage = deutsch!\nheader = no colon\n[actor b]\nname[x] = y\nname = "
	       "Zelensky\n"
	       "[sink s]\ntype = exec\nargument = x\n",
	    "t:3: language: “deutsch!” is not a language; expected a code such as uk, zh-Hant or pt-BR\n"
	    "t:4: header: “no colon” is not a header; expected Name: value\n"
	    "t:6: name: “x” is not a language; expected a code such as name[uk]\n"
	    "t:10: argument: stands before any command; expected command = … above it\n");
}
END_TEST

START_TEST(test_addresses_of_feeds_are_checked)
{
	static const char *const good[] = {"http://a", "HTTPS://Example.org:8080/x?y=z#w", "https://[2001:db8::1]/",
	    "http://127.0.0.1:81", "https://новости.рф/лента"};
	static const struct {
		const char *url, *message;
	} bad[] = {
	    {"example.org",
	        "is not a URL of a kind that works here; expected one of these schemes, then ://: http https"},
	    {"file:///etc/passwd",
	        "is not a URL of a kind that works here; expected one of these schemes, then ://: http https"},
	    {"https://a b/", "has white space inside; expected a URL on one line, with %20 for a space"},
	    {"https:///x", "has no usable host or port; expected a URL such as https://example.org/feed.xml"},
	    {"https://a:99999/", "has no usable host or port; expected a URL such as https://example.org/feed.xml"},
	    {"https://a:/", "has no usable host or port; expected a URL such as https://example.org/feed.xml"},
	    {"https://[::1/", "has no usable host or port; expected a URL such as https://example.org/feed.xml"},
	    {"https://[]/", "has no usable host or port; expected a URL such as https://example.org/feed.xml"},
	    {"https://a\\b/", "has no usable host or port; expected a URL such as https://example.org/feed.xml"},
	};
	char text[512], want[512];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		snprintf(text, sizeof text, "[feed a]\nurl = %s\n", good[i]);
		expect(text, "");
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		snprintf(text, sizeof text, "[feed a]\nurl = %s\n", bad[i].url);
		snprintf(want, sizeof want, "t:2: url: “%s” %s\n", bad[i].url, bad[i].message);
		expect(text, want);
	}
	expect("[feed a]\nurl = https://user:secret@example.org/\n",
	    "t:2: url: credentials in a URL get into logs and databases; expected a URL without them (a feed can send "
	    "them with header = Authorization: …)\n");
}
END_TEST

START_TEST(test_what_only_the_whole_shows_is_told_in_order_of_lines)
{
	expect("[watch w]\n"
	       "actors = zelensky nobody\n"
	       "topics = peace\n"
	       "feeds = bbc english\n"
	       "sinks = desk\n"
	       "[watch empty]\n"
	       "[watch half]\n"
	       "actors = *\n"
	       "require = both\n"
	       "[actor zelenskiy]\n"
	       "[topic zelenskiy]\n"
	       "[feed bcc]\n"
	       "title = x\n"
	       "[feed one]\n"
	       "url = https://a/\n"
	       "interval = 1s\n"
	       "[feed two]\n"
	       "url = https://a/\n"
	       "[sink a]\n"
	       "[sink b]\n"
	       "type = exec\n"
	       "path = /x\n"
	       "[sink c]\n"
	       "typ = exec\n",
	    "t:2: actors: there is no actor “zelensky”; did you mean “zelenskiy”?\n"
	    "t:2: actors: there is no actor “nobody”\n"
	    "t:3: topics: there is no topic “peace”\n"
	    "t:4: feeds: there is no feed or tag “bbc”; did you mean “bcc”?\n"
	    "t:4: feeds: there is no feed or tag “english”\n"
	    "t:5: sinks: there is no sink “desk”\n"
	    "t:6: [watch empty] watches nothing; expected actors = …, topics = … or query = …\n"
	    "t:7: [watch half] requires both but names no topics; expected two of actors = …, topics = … and query = "
	    "…\n"
	    "t:10: [actor zelenskiy] has no name; expected name = … at least once\n"
	    "t:11: [topic zelenskiy] has neither phrase nor query; expected phrase = … or query = …\n"
	    "t:11: [topic zelenskiy] has the key of an actor; expected a key of its own, since both are shown side by "
	    "side\n"
	    "t:12: [feed bcc] has no address; expected url = https://…\n"
	    "t:14: [feed one]: interval 1s does not lie between interval-min 5m and interval-max 1d of [tidings]\n"
	    "t:17: warning: [feed two] has the same address as [feed one] at t:14; one of them is enough\n"
	    "t:19: [sink a] has no type; expected type = print, file, syslog, journal, exec, webhook, mail, "
	    "sendmail, feed, socket, mqtt, nats or desktop\n"
	    "t:20: [sink b]: path has no meaning for type = exec; it belongs to type = print or file or feed or socket "
	    "or "
	    "syslog or journal or desktop\n"
	    "t:20: [sink b] needs command for type = exec; expected command = …\n"
	    "t:24: [sink] has no setting “typ”; did you mean “type”?\n");
	expect("[tidings]\ninterval = 1m\n",
	    "t:1: interval 1m does not lie between interval-min 5m and interval-max 1d\n");
	expect("[tidings]\ninclude-opml = a.opml\ninclude-names = b.tsv\n",
	    "t:2: other files cannot be included here\nt:3: other files cannot be included here\n");
}
END_TEST

START_TEST(test_what_a_feed_says_of_who_asks_is_checked_as_a_whole)
{
	expect("[feed none]\n"
	       "url = https://a/1\n"
	       "user = me\n"
	       "[feed basic]\n"
	       "url = https://a/2\n"
	       "auth = basic\n"
	       "[feed bearer]\n"
	       "url = https://a/3\n"
	       "auth = bearer\n"
	       "user = me\n"
	       "secret-file = /s\n"
	       "[feed key]\n"
	       "url = https://a/4\n"
	       "client-key = /k\n"
	       "[feed good]\n"
	       "url = https://a/5\n"
	       "auth = digest\n"
	       "user = me\n"
	       "secret-file = /s\n"
	       "client-cert = /c\n"
	       "[feed limits]\n"
	       "url = https://a/6\n"
	       "interval-min = 2h\n"
	       "interval-max = 1h\n"
	       "[feed proxy]\n"
	       "url = https://a/7\n"
	       "proxy = http://me:pw@proxy/\n",
	    "t:1: [feed none]: user and secret-file have no meaning without auth = basic, digest or bearer\n"
	    "t:4: [feed basic] needs secret-file for auth = basic; expected secret-file = …\n"
	    "t:4: [feed basic] needs user for auth = basic; expected user = …\n"
	    "t:7: [feed bearer]: user has no meaning for auth = bearer\n"
	    "t:12: [feed key]: client-key has no meaning without client-cert\n"
	    "t:21: [feed limits]: interval-min 2h is more than interval-max 1h\n"
	    "t:27: proxy: credentials in a URL get into logs and databases; expected a URL without them\n");
	expect("[tidings]\n"
	       "proxy-user = me\n"
	       "proxy-secret-file = /s\n"
	       "[feed half]\n"
	       "url = https://a/1\n"
	       "proxy = http://proxy/\n"
	       "proxy-user = me\n"
	       "[feed other-half]\n"
	       "url = https://a/2\n"
	       "proxy = http://proxy/\n"
	       "proxy-secret-file = credential:proxy\n"
	       "[feed alone]\n"
	       "url = https://a/3\n"
	       "proxy-user = me\n"
	       "proxy-secret-file = /s\n"
	       "[feed good]\n"
	       "url = https://a/4\n"
	       "proxy = http://proxy/\n"
	       "proxy-user = me\n"
	       "proxy-secret-file = /s\n",
	    "t:1: [tidings]: proxy-user and proxy-secret-file have no meaning without a proxy beside them; expected "
	    "proxy = …\n"
	    "t:4: [feed half]: proxy-user is set, but proxy-secret-file is not; expected both or neither\n"
	    "t:8: [feed other-half]: proxy-secret-file is set, but proxy-user is not; expected both or neither\n"
	    "t:12: [feed alone]: proxy-user and proxy-secret-file have no meaning without a proxy beside them; "
	    "expected proxy = …\n");
	expect("[tidings]\nwebsub-listen = 127.0.0.1:8090\n",
	    "t:1: websub-listen is set, but websub-callback is not; expected both or neither\n");
}
END_TEST

START_TEST(test_watches_that_tell_nobody_are_warned_of)
{
	expect("[actor a]\nname = Anna Beispiel\n[watch w]\nactors = a\n[watch v]\nactors = *\n",
	    "t:3: warning: [watch w]: nobody is told of what falls under it, since there is no sink; expected [sink "
	    "…]\n");
	expect("[actor a]\nname = Anna Beispiel\n[sink s]\ntype = print\n",
	    "t:3: warning: [sink s]: nothing is told to it, since there are neither watches nor alarm-sinks; expected "
	    "[watch …]\n");
	expect("[tidings]\nalarm-sinks = s\n[sink s]\ntype = print\n", "");
	expect("[watch w]\nquery = a\n[sink s]\ntype = print\n", "");
	expect("[feed f]\nurl = https://a/1\n", "");
}
END_TEST

START_TEST(test_what_would_fail_at_each_poll_is_told_at_once)
{
	static const struct {
		const char *settings, *want;
	} all[] = {
	    {"[tidings]\nworkers = -1\n", "t:2: workers: “-1” is too small; expected 0 to 64, or auto\n"},
	    {"[tidings]\nworkers = 65\n", "t:2: workers: “65” is too large; expected 0 to 64, or auto\n"},
	    {"[tidings]\nworkers = none\n", "t:2: workers: “none” is not a whole number; expected 0 to 64, or auto\n"},
	    {"[tidings]\nworkers = auto\n", ""},
	    {"[tidings]\nshared-hosts = a.example .b.example\n", ""},
	    {"[tidings]\nshared-hosts = a.example\n\thttps://b.example/ *.c.example\n",
	        "t:2: shared-hosts: “https://b.example/” is no name of a host; expected one such as medium.com, or "
	        ".medium.com for all hosts that end so\n"
	        "t:2: shared-hosts: “*.c.example” is no name of a host; expected one such as medium.com, or "
	        ".medium.com for "
	        "all hosts that end so\n"},
	    {"[feed a]\nurl = https://a/\nauth = basic\nuser = me:you\nsecret-file = /s\n",
	        "t:1: [feed a]: user holds a colon, which ends a user's name for auth = basic; expected none\n"},
	    {"[feed a]\nurl = https://a/\nproxy = http://p/\nproxy-user = me:you\nproxy-secret-file = /s\n",
	        "t:1: [feed a]: proxy-user holds a colon, which ends a user's name; expected none\n"},
	    {"[feed a]\nurl = https://a/\nheader = Content-length: 5\nheader = Proxy-Authorization: Basic x\n"
	     "header = Host: b\n",
	        "t:3: header: Content-length is not for a configuration to say; expected another header (for a proxy: "
	        "proxy-user)\n"
	        "t:4: header: Proxy-Authorization is not for a configuration to say; expected another header (for a "
	        "proxy: "
	        "proxy-user)\n"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		expect(all[i].settings, all[i].want);
	static const char *const good[] = {"127.0.0.1:8090", "[::1]:8090", "0.0.0.0:1"}, *const bad[] = {"nonsense",
	                                                                                     "8090", ":8090",
	                                                                                     "127.0.0.1", "127.0.0.1:0",
	                                                                                     "127.0.0.1:99999",
	                                                                                     "localhost:8090", "[::1]",
	                                                                                     "::1", "[127.0.0.1]:80",
	                                                                                     "127.0.0.1:80x"};
	char text[256], want[512];
	for (size_t i = 0; i < sizeof good / sizeof *good + sizeof bad / sizeof *bad; i++) {
		bool fine = i < sizeof good / sizeof *good;
		const char *address = fine ? good[i] : bad[i - sizeof good / sizeof *good];
		snprintf(text, sizeof text, "[tidings]\nwebsub-callback = https://me/\nwebsub-listen = %s\n", address);
		snprintf(want, sizeof want,
		    "t:1: websub-listen: “%s” is no address and port; expected one such as 127.0.0.1:8090 or "
		    "[::1]:8090\n",
		    address);
		expect(text, fine ? "" : want);
	}
}
END_TEST

START_TEST(test_a_warning_alone_does_not_refuse)
{
	expect("[feed one]\nurl = https://a/\n[feed two]\nurl = https://a/\n",
	    "t:3: warning: [feed two] has the same address as [feed one] at t:1; one of them is enough\n");
}
END_TEST

START_TEST(test_messages_beyond_the_first_thousand_are_counted)
{
	struct conf_report report;
	struct buf text;
	buf_init(&text, 0);
	for (int i = 0; i < 1234; i++)
		buf_puts(&text, "bad\n");
	conf_report_init(&report);
	ck_assert_ptr_null(conf_parse(buf_view(&text), STR_LIT("t"), &report));
	ck_assert_uint_eq(report.count, CONF_MESSAGES_MAX);
	ck_assert_uint_eq(report.dropped, 234);
	ck_assert_uint_eq(report.error_count, 1234);
	conf_report_done(&report);
	buf_done(&text);
}
END_TEST

static double
seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

START_TEST(test_a_hundred_thousand_sections_load)
{
	struct conf_report report;
	struct buf text;
	buf_init(&text, 0);
	for (int i = 0; i < 50000; i++)
		buf_printf(&text,
		    "[feed feed-%d]\nurl = https://host-%d.example.org/feed.xml\ntitle = Feed %d\ntags = a b\n\n", i, i,
		    i);
	for (int i = 0; i < 50000; i++)
		buf_printf(&text, "[actor actor-%d]\nname = First%d Last%d\nname[uk] = Ім’я%d\n\n", i, i, i, i);
	conf_report_init(&report);
	double start = seconds();
	struct conf *c = conf_parse(buf_view(&text), STR_LIT("t"), &report);
	printf("# 100,000 sections (%zu bytes of text) loaded in %.3f s\n", text.len, seconds() - start);
	ck_assert_ptr_nonnull(c);
	ck_assert_uint_eq(c->feed_count, 50000);
	ck_assert_uint_eq(c->actor_count, 50000);
	ck_assert_ptr_eq(conf_find_feed(c, STR_LIT("feed-49999")), &c->feeds[49999]);
	conf_free(c);
	conf_report_done(&report);
	buf_done(&text);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_an_empty_text_gives_the_defaults);
	tcase_add_test(tc, test_settings_and_feeds_are_read);
	tcase_add_test(tc, test_actors_and_topics_are_read);
	tcase_add_test(tc, test_watches_and_sinks_are_read);
	tcase_add_test(tc, test_an_empty_value_clears);
	tcase_add_test(tc, test_names_given_for_sinks_take_the_place_of_the_default);
	tcase_add_test(tc, test_unknown_sections_and_settings_get_a_suggestion);
	tcase_add_test(tc, test_headers_of_sections_are_checked);
	tcase_add_test(tc, test_values_of_the_wrong_type_are_told_with_what_was_expected);
	tcase_add_test(tc, test_addresses_of_feeds_are_checked);
	tcase_add_test(tc, test_what_only_the_whole_shows_is_told_in_order_of_lines);
	tcase_add_test(tc, test_what_a_feed_says_of_who_asks_is_checked_as_a_whole);
	tcase_add_test(tc, test_watches_that_tell_nobody_are_warned_of);
	tcase_add_test(tc, test_what_would_fail_at_each_poll_is_told_at_once);
	tcase_add_test(tc, test_a_warning_alone_does_not_refuse);
	tcase_add_test(tc, test_messages_beyond_the_first_thousand_are_counted);
	tcase_add_test(tc, test_a_hundred_thousand_sections_load);
}

int
main(void)
{
	return tap_run("conf/parse", suite);
}
