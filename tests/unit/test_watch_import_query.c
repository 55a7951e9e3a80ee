/* Queries of other services: what they become, and what is refused. */
#include "base/buf.h"
#include "tap.h"
#include "watch/import_query.h"

static const struct {
	enum watch_dialect dialect;
	const char *text, *query; /* query NULL: refused */
} cases[] = {
    {WATCH_DIALECT_FACTIVA, "harbour and (treaty or pact) not football",
        "harbour AND (treaty OR pact) AND NOT football"},
    {WATCH_DIALECT_FACTIVA, "hd=harbour same strike", "title:harbour PARAGRAPH strike"},
    {WATCH_DIALECT_FACTIVA, "peace adj2 talks", "peace ONEAR/2 talks"},
    {WATCH_DIALECT_FACTIVA, "peace W/5 (talks OR treaty)", "peace ONEAR/5 (talks OR treaty)"},
    {WATCH_DIALECT_FACTIVA, "peace near10 talks and la=en", "peace NEAR/10 talks AND lang:en"},
    {WATCH_DIALECT_FACTIVA, "atleast3 peace and /F50/ envoy$2", "ATLEAST/3 peace AND FIRST/50 envoy*"},
    {WATCH_DIALECT_FACTIVA, "hlp=(port or quay)", "title:(port OR quay) OR summary:(port OR quay)"},
    {WATCH_DIALECT_FACTIVA, "peace and wc>300", NULL},
    {WATCH_DIALECT_MELTWATER, "\"peace talks\" AND (treaty OR pact*) NOT sport",
        "\"peace talks\" AND (treaty OR pact*) AND NOT sport"},
    {WATCH_DIALECT_MELTWATER, "peace NEAR talks", "peace NEAR/4 talks"},
    {WATCH_DIALECT_MELTWATER, "title:\"harbour strike\" AND !\"NATO\" AND language:en",
        "title:\"harbour strike\" AND =\"NATO\" AND lang:en"},
    {WATCH_DIALECT_MELTWATER, "and or", "and AND or"},
    {WATCH_DIALECT_MELTWATER, "peace AND country:pl", NULL},
    {WATCH_DIALECT_BRANDWATCH, "(port OR {Quay}) NEAR/5f raw:Strike", "(port OR =Quay) ONEAR/5 =Strike"},
    {WATCH_DIALECT_BRANDWATCH, "(port OR quay", NULL},
    {WATCH_DIALECT_BRANDWATCH, "\"port", NULL},
    {WATCH_DIALECT_BRANDWATCH, "port) OR quay", NULL},
    {WATCH_DIALECT_BRANDWATCH, "title:", NULL},
    {WATCH_DIALECT_BRANDWATCH, "NOT port", NULL},
    {WATCH_DIALECT_BRANDWATCH, "", NULL},
};

START_TEST(test_a_query_of_another_service_becomes_one_of_ours)
{
	struct buf out;
	struct err err = {0};
	buf_init(&out, 0);
	int rc = watch_import_query(str_from(cases[_i].text), cases[_i].dialect, &out, &err);
	if (cases[_i].query == NULL) {
		ck_assert_msg(rc < 0, "“%s” became “%s”", cases[_i].text, out.data ? out.data : "");
		ck_assert_str_ne(err.msg, "");
	} else {
		ck_assert_msg(rc == 0, "“%s”: %s", cases[_i].text, err.msg);
		ck_assert_str_is(buf_view(&out), cases[_i].query);
	}
	buf_done(&out);
}
END_TEST

static void
tell(void *ctx, struct str key, struct str query)
{
	buf_printf(ctx, "%.*s: %.*s\n", STR_ARG(key), STR_ARG(query));
}

static void
complain(void *ctx, const struct err *err)
{
	buf_printf(ctx, "! %.11s\n", err->msg);
}

START_TEST(test_alert_definitions_are_read)
{
	static const char text[] =
	    "define alert Port\nwords threshold 6\ndefine patterns harbour 3, strike% 2,\n peace+talks 4\n"
	    "end patterns\ndefine combination proximity 5\nbegin or port, quay end or begin or strike "
	    "end or\nbegin not football end not\nend combination\nend alert\n"
	    "define alert Broken\ndefine patterns x\nend patterns end alert\n"
	    "define alert Last\ndefine combination begin or a_b end or begin or c end or end "
	    "combination end alert";
	struct buf out;
	struct err err;
	buf_init(&out, 0);
	struct watch_alerts to = {.tell = tell, .complain = complain, .ctx = &out};
	ck_assert_int_eq(watch_import_alerts(str_from(text), &to, &err), 2);
	ck_assert_str_is(buf_view(&out), "Port: (harbour^3 strike*^2 \"peace talks\"^4) >= 6 OR (port OR quay) NEAR/5 "
	                                 "strike AND NOT football\n! alert Broke\n! alert Last:\n");
	buf_done(&out);
}
END_TEST

START_TEST(test_a_text_that_breaks_off_is_refused)
{
	static const char text[] = "define alert A define combination begin or a, b end or begin not c";
	struct buf out;
	struct err err;
	buf_init(&out, 0);
	struct watch_alerts to = {.tell = tell, .complain = complain, .ctx = &out};
	for (size_t n = 0; n < sizeof text; n++) {
		buf_reset(&out);
		int rc = watch_import_alerts((struct str){text, n}, &to, &err);
		ck_assert(rc != 0 || n == 0);
	}
	ck_assert_int_eq(watch_import_alerts(STR_LIT("hello"), &to, &err), -1);
	buf_done(&out);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(
	    tc, test_a_query_of_another_service_becomes_one_of_ours, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tc, test_alert_definitions_are_read);
	tcase_add_test(tc, test_a_text_that_breaks_off_is_refused);
}

int
main(void)
{
	return tap_run("watch/import_query", suite);
}
