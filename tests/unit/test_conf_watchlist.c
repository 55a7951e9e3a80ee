#include "base/buf.h"
#include "conf/conf.h"
#include "tap.h"

/* The places of all messages, each with a space behind it, must be these. */
static struct watchlist *
compile(const char *text, const char *places)
{
	struct conf_report report;
	struct buf got;
	buf_init(&got, 0);
	conf_report_init(&report);
	struct conf *c = conf_parse(str_from(text), STR_LIT("t"), &report);
	ck_assert_msg(c != NULL, "%s", report.count ? report.messages[0].s : "?");
	struct watchlist *w = conf_compile_watchlist(c, &report);
	for (size_t i = 0; i < report.count; i++)
		buf_printf(&got, "%.*s", (int)str_find(report.messages[i], STR_LIT(" "), 0) + 1, report.messages[i].s);
	ck_assert_str_eq(got.data ? got.data : "", places);
	ck_assert_int_eq(w == NULL, report.error_count > 0);
	buf_done(&got);
	conf_free(c);
	conf_report_done(&report);
	return w;
}

START_TEST(test_actors_and_topics_are_compiled_with_their_titles)
{
	struct watchlist *w =
	    compile("[actor nato]\nkind = org\nname = NATO\n[actor anna]\ntitle = Anna B.\nname[en] = Anna Beispiel\n"
	            "[topic plan]\nphrase = peace plan\n",
	        "");
	ck_assert_uint_eq(watchlist_count(w), 3);
	const struct watch_entity *nato = watchlist_entity(w, 0), *anna = watchlist_entity(w, 1),
	                          *plan = watchlist_entity(w, 2);
	ck_assert_str_is(nato->id, "nato");
	ck_assert_str_is(nato->label, "NATO");
	ck_assert_int_eq(nato->kind, WATCH_ORG);
	ck_assert_str_is(anna->label, "Anna B.");
	ck_assert_int_eq(anna->kind, WATCH_PERSON);
	ck_assert_str_is(plan->label, "peace plan");
	ck_assert_int_eq(plan->kind, WATCH_TOPIC);
	watchlist_free(w);
}
END_TEST

START_TEST(test_mistakes_of_the_watchlist_are_told_with_their_places)
{
	struct watchlist *w = compile("[topic b]\nphrase = good\nphrase = ...\n[actor a]\nname = ?!\n", "t:3: t:5: ");
	ck_assert_ptr_null(w);
}
END_TEST

START_TEST(test_a_query_for_a_feed_that_is_not_there_is_told_and_taken)
{
	watchlist_free(compile("[feed marsh]\nurl = https://a.example/\ntags = wires paper\n"
	                       "[topic t]\nquery = (feed:march OR feed:marsh) peace\n"
	                       "[topic u]\nquery = feed:wires OR feed:mar* OR (peace NOT feed:x*)\n",
	    "t:5: t:7: "));
	watchlist_free(compile("[topic t]\nquery = feed:any peace\n", ""));
}
END_TEST

START_TEST(test_two_actors_of_one_name_are_told_and_taken)
{
	struct watchlist *w =
	    compile("[actor a]\nname = Una Marsh\nname = Una  MARSH\n[actor b]\nname = Ivo Brand\nname = "
	            "una m\u00e1rsh\n[topic t]\nphrase = Ivo Brand\n",
	        "t:6: ");
	ck_assert_uint_eq(watchlist_count(w), 3);
	watchlist_free(w);
	struct buf many;
	buf_init(&many, 0);
	for (int i = 0; i < 15; i++)
		buf_printf(&many, "[actor a%d]\nname = Una Marsh\n", i);
	w = compile(many.data, "t: t:4: t:6: t:8: t:10: t:12: t:14: t:16: t:18: t:20: t:22: ");
	ck_assert_uint_eq(watchlist_count(w), 15);
	watchlist_free(w);
	buf_done(&many);
}
END_TEST

START_TEST(test_what_an_actor_says_beside_its_names_is_compiled)
{
	struct watchlist *w =
	    compile("[tidings]\nexclude-names = Washington Post\n"
	            "[actor k]\nname = Jared Kushner\nfamily = context\ncontext = White House, envoy\n"
	            "not = Tony Kushner\nform = JK\nnot-form = J. Kushner\n"
	            "[actor team]\nkind = group\ntitle = The team\nmembers = k\n",
	        "");
	ck_assert_uint_eq(watchlist_count(w), 2);
	ck_assert_str_is(watchlist_entity(w, 1)->label, "The team");
	watchlist_free(w);
	w = compile(
	    "[actor t]\nkind = group\nmembers = nobody\n[actor k]\nname = Jared Kushner\nnot = ...\n", "t:3: t:6: ");
	ck_assert_ptr_null(w);
}
END_TEST

START_TEST(test_queries_of_topics_and_watches_are_entities)
{
	struct watchlist *w = compile("[actor anna]\nname = Anna Beispiel\n[topic plan]\ntitle = Plan\nquery = a OR b\n"
	                              "[watch anna]\nquery = @anna #plan\n[sink s]\ntype = print\n",
	    "");
	ck_assert_uint_eq(watchlist_count(w), 3);
	ck_assert_str_is(watchlist_entity(w, 1)->label, "Plan");
	ck_assert_str_is(watchlist_entity(w, 2)->id, "watch:anna");
	ck_assert_str_is(watchlist_entity(w, 2)->label, "anna");
	ck_assert_int_eq(watchlist_entity(w, 2)->kind, WATCH_ALERT);
	watchlist_free(w);
}
END_TEST

START_TEST(test_references_of_queries_are_all_told)
{
	ck_assert_ptr_null(compile(
	    "[topic b]\nquery = @a\n[topic c]\nquery = #d OR @b\n[watch w]\nquery = #c #e\n[sink s]\ntype = print\n",
	    "t:2: t:4: t:4: t:6: "));
	ck_assert_ptr_null(compile("[topic b]\nquery = x #c\n[topic c]\nquery = x #b\n", "t:4: "));
}
END_TEST

START_TEST(test_mistakes_of_every_kind_are_told_at_once_and_in_order)
{
	struct conf_report report;
	struct buf got;
	buf_init(&got, 0);
	conf_report_init(&report);
	const char *text = "[tidings]\ninterval = soon\n"
	                   "[actor the]\nname = the\n"
	                   "[actor envoys]\nkind = group\nmembers = nobody the\n"
	                   "[actor half]\ntitle = Half\n"
	                   "[topic broken]\nquery = (a\n"
	                   "[topic plan]\nquery = #talks OR @the OR @envoys OR @half OR #broken\n"
	                   "[watch w]\nactors = somebody\n"
	                   "[topic the]\nphrase = of the\n";
	ck_assert_ptr_null(conf_parse(str_from(text), STR_LIT("t"), &report));
	for (size_t i = 0; i < report.count; i++)
		buf_printf(&got, "%.*s\n", (int)strcspn(report.messages[i].s, ";\n"), report.messages[i].s);
	ck_assert_str_eq(got.data, "t:2: interval: “soon” is not a duration\n"
	                           "t:4: “the” is one of the commonest words of English and would be found in nearly "
	                           "every item\n"
	                           "t:7: there is no actor or topic “nobody”\n"
	                           "t:8: [actor half] has no name\n"
	                           "t:11: query: this parenthesis is not closed\n"
	                           "t:13: query: there is no topic of this key\n"
	                           "t:15: actors: there is no actor “somebody”\n"
	                           "t:16: [topic the] has the key of an actor\n");
	buf_done(&got);
	conf_report_done(&report);
}
END_TEST

START_TEST(test_a_group_may_stand_before_the_groups_that_are_its_members)
{
	struct watchlist *w = compile("[actor all]\nkind = group\nmembers = envoys\n"
	                              "[actor envoys]\nkind = group\nmembers = anna\n"
	                              "[actor anna]\nname = Anna Beispiel\n",
	    "");
	ck_assert_uint_eq(watchlist_count(w), 3);
	watchlist_free(w);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_mistakes_of_every_kind_are_told_at_once_and_in_order);
	tcase_add_test(tc, test_a_group_may_stand_before_the_groups_that_are_its_members);
	tcase_add_test(tc, test_queries_of_topics_and_watches_are_entities);
	tcase_add_test(tc, test_references_of_queries_are_all_told);
	tcase_add_test(tc, test_actors_and_topics_are_compiled_with_their_titles);
	tcase_add_test(tc, test_a_query_for_a_feed_that_is_not_there_is_told_and_taken);
	tcase_add_test(tc, test_two_actors_of_one_name_are_told_and_taken);
	tcase_add_test(tc, test_what_an_actor_says_beside_its_names_is_compiled);
	tcase_add_test(tc, test_mistakes_of_the_watchlist_are_told_with_their_places);
}

int
main(void)
{
	return tap_run("conf/watchlist", suite);
}
