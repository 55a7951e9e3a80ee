#include "tap.h"

#include "daemon/routes.h"

static const char text[] =
    "[feed one]\nurl = https://one.example/rss\ntags = wires\n"
    "[feed two]\nurl = https://two.example/rss\n"
    "[actor anna]\nname = Anna Beispiel\n"
    "[actor bert]\nname = Bert Muster\n"
    "[topic talks]\nphrase = peace talks\n"
    "[sink desk]\ntype = print\n"
    "[sink phone]\ntype = print\n"
    "[watch all]\nactors = *\ntopics = *\nsinks = desk\nseverity = low\n"
    "[watch anna-talks]\nactors = anna\ntopics = talks\nrequire = both\nsinks = desk phone\nseverity = urgent\n"
    "[watch deal]\nquery = deal SENTENCE @anna\nsinks = phone\n"
    "[watch deal-talks]\nquery = deal\ntopics = talks\nrequire = both\nsinks = desk\nseverity = high\n"
    "[watch wires]\nactors = bert\nfeeds = wires\nsinks = phone\n";

static struct conf *conf;
static struct watchlist *watchlist;
static struct routes *routes;
static struct arena arena;

static void
setup(void)
{
	struct conf_report report;
	conf_report_init(&report);
	conf = conf_parse(STR_LIT(text), STR_LIT("test.conf"), &report);
	ck_assert_msg(conf != NULL, "%.*s", STR_ARG(report.count ? report.messages[0] : STR_NONE));
	watchlist = conf_compile_watchlist(conf, &report);
	ck_assert_ptr_nonnull(watchlist);
	routes = routes_new(conf, watchlist);
	ck_assert_ptr_nonnull(routes);
	conf_report_done(&report);
	arena_init(&arena, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
	routes_free(routes);
	watchlist_free(watchlist);
	conf_free(conf);
}

/* Routes an item with this title in this feed; returns "watch>sink:severity …". */
static struct str
route(const char *feed, const char *title)
{
	struct watch_input in = {.fields[WATCH_FIELD_TITLE] = str_from(title)};
	struct watch_result matches;
	struct routed out;
	struct err err;
	struct str s = STR_LIT("");
	ck_assert_int_eq(watch_match(watchlist, &in, &arena, &matches, &err), 0);
	ck_assert_int_eq(
	    routes_item(routes, conf_find_feed(conf, str_from(feed)), STR_LIT("en-GB"), &matches, &arena, &out, &err),
	    0);
	for (size_t i = 0; i < out.tell_count; i++)
		s = arena_printf(&arena, "%.*s%s%.*s>%.*s:%d", STR_ARG(s), s.len ? " " : "",
		    STR_ARG(out.tells[i].watch), STR_ARG(out.tells[i].sink), out.tells[i].severity);
	return s;
}

START_TEST(test_any_takes_an_actor_or_a_topic)
{
	ck_assert_str_is(route("two", "Anna Beispiel resigns"), "all>desk:0");
	ck_assert_str_is(route("two", "New peace talks"), "all>desk:0");
}
END_TEST

START_TEST(test_both_wants_an_actor_and_a_topic)
{
	ck_assert_str_is(
	    route("two", "Anna Beispiel at peace talks"), "all>desk:0 anna-talks>desk:3 anna-talks>phone:3");
	ck_assert_str_is(route("two", "Bert Muster at peace talks"), "all>desk:0");
}
END_TEST

START_TEST(test_a_watch_may_keep_to_feeds_by_tag)
{
	ck_assert_str_is(route("one", "Bert Muster"), "all>desk:0 wires>phone:1");
	ck_assert_str_is(route("two", "Bert Muster"), "all>desk:0");
}
END_TEST

START_TEST(test_an_item_that_mentions_nobody_is_told_to_nobody)
{
	ck_assert_str_is(route("one", "Weather"), "");
}
END_TEST

START_TEST(test_a_query_decides_alone_or_with_what_stands_beside_it)
{
	ck_assert_str_is(route("two", "Anna Beispiel: a deal"), "all>desk:0 deal>phone:1");
	ck_assert_str_is(route("two", "A deal at the peace talks"), "all>desk:0 deal-talks>desk:2");
	ck_assert_str_is(route("two", "A deal"), "");
}
END_TEST

START_TEST(test_severities_have_an_order)
{
	ck_assert_int_eq(severity_parse(STR_LIT("low")), 0);
	ck_assert_int_eq(severity_parse(STR_LIT("normal")), 1);
	ck_assert_int_eq(severity_parse(STR_LIT("urgent")), 3);
	ck_assert_int_eq(severity_parse(STR_LIT("unheard of")), 1);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_any_takes_an_actor_or_a_topic);
	tcase_add_test(tc, test_both_wants_an_actor_and_a_topic);
	tcase_add_test(tc, test_a_watch_may_keep_to_feeds_by_tag);
	tcase_add_test(tc, test_an_item_that_mentions_nobody_is_told_to_nobody);
	tcase_add_test(tc, test_a_query_decides_alone_or_with_what_stands_beside_it);
	tcase_add_test(tc, test_severities_have_an_order);
}

int
main(void)
{
	return tap_run("daemon/routes", suite);
}
