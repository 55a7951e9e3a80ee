/* The configuration that is shipped: without a warning, and good for what it promises. */
#include "conf/conf.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

static struct conf *
load(struct conf_report *report)
{
	char path[4096];
	const char *top = getenv("top_srcdir");
	ck_assert_ptr_nonnull(top);
	snprintf(path, sizeof path, "%s/conf/tidings.conf", top);
	conf_report_init(report);
	return conf_load(path, report);
}

START_TEST(test_the_shipped_configuration_is_without_a_warning)
{
	struct conf_report report;
	struct conf *c = load(&report);
	ck_assert_msg(report.count == 0, "%s", report.count ? report.messages[0].s : "");
	ck_assert_ptr_nonnull(c);
	ck_assert_uint_ge(c->feed_count, 25);
	ck_assert_uint_ge(c->watch_count, 2);
	struct watchlist *w = conf_compile_watchlist(c, &report);
	ck_assert_msg(report.count == 0, "%s", report.count ? report.messages[0].s : "");
	ck_assert_uint_eq(watchlist_count(w), c->actor_count + c->topic_count);
	watchlist_free(w);
	conf_free(c);
	conf_report_done(&report);
}
END_TEST

static bool
hits(const struct watchlist *w, const struct watch_result *r, struct str id)
{
	ptrdiff_t index = watchlist_find(w, id);
	ck_assert_msg(index >= 0, "there is no %.*s", STR_ARG(id));
	for (size_t i = 0; i < r->hit_count; i++) {
		if (r->hits[i].entity == (size_t)index)
			return true;
	}
	return false;
}

START_TEST(test_the_shipped_watchlist_finds_its_people_in_eight_languages)
{
	static const struct {
		const char *lang, *title, *wanted;
	} rows[] = {
	    {"en", "Witkoff and Kushner bring a new peace plan to Kyiv", "witkoff kushner peace-plan kyiv"},
	    {"en", "NATO’s Rutte speaks of security guarantees and a prisoner swap",
	        "nato rutte security-guarantees prisoner-exchange"},
	    {"ru", "Песков рассказал о встрече Путина с Уиткоффом и о территориальных уступках",
	        "peskov putin witkoff territory"},
	    {"uk", "Зеленського чекають у Стамбулі: Умєров везе мирний план і обмін полоненими",
	        "zelenskiy umerov peace-plan prisoner-exchange"},
	    {"de", "Merz und Macron beraten über eingefrorene Vermögen und die Schattenflotte",
	        "merz macron frozen-assets shadow-fleet"},
	    {"fr", "Le plan de paix de Poutine, l’OTAN et les avoirs gelés", "putin nato peace-plan frozen-assets"},
	    {"es", "Zelenski y la OTAN hablan de garantías de seguridad en Járkov",
	        "zelenskiy nato security-guarantees kharkiv"},
	    {"ar", "بوتين و زيلينسكي يبحثان وقف إطلاق النار", "putin zelenskiy ceasefire"},
	    {"zh", "普京与泽连斯基谈和平计划,北约提供安全保障", "putin zelenskiy peace-plan nato security-guarantees"},
	};
	struct conf_report report;
	struct conf *c = load(&report);
	struct watchlist *w = conf_compile_watchlist(c, &report);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct watch_input in = {
		    .lang = str_from(rows[i].lang), .fields[WATCH_FIELD_TITLE] = str_from(rows[i].title)};
		struct watch_result result;
		struct arena arena;
		struct err err;
		struct str rest = str_from(rows[i].wanted), id;
		arena_init(&arena, 0);
		ck_assert_int_eq(watch_match(w, &in, &arena, &result, &err), 0);
		while (str_split(&rest, ' ', &id))
			ck_assert_msg(hits(w, &result, id), "%.*s is not found in: %s", STR_ARG(id), rows[i].title);
		arena_done(&arena);
	}
	watchlist_free(w);
	conf_free(c);
	conf_report_done(&report);
}
END_TEST

START_TEST(test_the_shipped_watchlist_is_silent_about_other_things)
{
	static const char *const rows[] = {"Pope Pius XI opened the exhibition", "Il a eu raison, dit-elle",
	    "A recipe for a quiet Sunday", "Tennis: Final in Melbourne", "Coffee in the morning",
	    "It is as easy as that, east of Asia", "Börse schließt freundlich"};
	struct conf_report report;
	struct conf *c = load(&report);
	struct watchlist *w = conf_compile_watchlist(c, &report);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct watch_input in = {.fields[WATCH_FIELD_TITLE] = str_from(rows[i])};
		struct watch_result result;
		struct arena arena;
		struct err err;
		arena_init(&arena, 0);
		ck_assert_int_eq(watch_match(w, &in, &arena, &result, &err), 0);
		ck_assert_msg(
		    result.hit_count == 0, "“%.*s” is found in: %s", STR_ARG(result.hits[0].mentions[0].name), rows[i]);
		arena_done(&arena);
	}
	watchlist_free(w);
	conf_free(c);
	conf_report_done(&report);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_the_shipped_configuration_is_without_a_warning);
	tcase_add_test(tc, test_the_shipped_watchlist_finds_its_people_in_eight_languages);
	tcase_add_test(tc, test_the_shipped_watchlist_is_silent_about_other_things);
}

int
main(void)
{
	return tap_run("conf/shipped", suite);
}
