/* Queries of other services: what they become, and what is refused. */
#include "base/buf.h"
#include "tap.h"
#include "watch/import_query.h"
#include "watch/watch.h"

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
    {WATCH_DIALECT_MELTWATER, "and or near5", "\"and\" AND \"or\" AND \"near5\""},
    {WATCH_DIALECT_MELTWATER, "peace AND country:pl", NULL},
    {WATCH_DIALECT_BRANDWATCH, "(port OR {Quay}) NEAR/5f raw:Strike", "(port OR =Quay) ONEAR/5 =Strike"},
    {WATCH_DIALECT_BRANDWATCH, "port AND site:harbour.example", "port AND source:harbour.example"},
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

/* ---- whole documents, and what they find ---- */

struct alerts {
	struct watch_builder *builder;
	struct buf text;
	size_t count;
};

static void
keep(void *ctx, struct str key, struct str query)
{
	struct alerts *a = ctx;
	struct err err;
	buf_printf(&a->text, "%.*s: %.*s\n", STR_ARG(key), STR_ARG(query));
	ck_assert_msg(
	    watch_add_query(a->builder, key, WATCH_TOPIC, query, (struct watch_origin){STR_NONE, 0}, &err) == 0, "%s",
	    err.msg);
	a->count++;
}

static void
none_is_wrong(void *ctx, const struct err *err)
{
	(void)ctx;
	ck_abort_msg("%s", err->msg);
}

struct item {
	const char *lang, *title, *text;
	const char *found; /* the keys of what applies, in order, each with a space behind */
};

static const struct document {
	enum watch_dialect dialect;
	const char *text, *queries;
	struct item items[14];
} documents[] = {
    {WATCH_DIALECT_EMM,
        "define alert Harbour\n"
        "words threshold 30\n"
        "define patterns\n"
        "  harbour 20, quay+wall 15, dredg% 15,\n"
        "  pearl+harbour -9999, fe_ry 10\n"
        "end patterns\n"
        "define combination proximity 6\n"
        "  begin or port, harbour, docks end or\n"
        "  begin or strike%, walkout end or\n"
        "  begin or union, dockers end or\n"
        "  begin or Monday, Tuesday end or\n"
        "  begin not football, chess end not\n"
        "end combination\n"
        "end alert\n"
        "define alert Treaty\n"
        "define combination\n"
        "  begin or treaty, pact end or begin or sign% end or begin or envoy end or\n"
        "end combination\n"
        "define combination proximity 3\n"
        "  begin or peace end or begin or talks, accord end or\n"
        "end combination\n"
        "end alert\n",
        "Harbour: (harbour^20 \"quay wall\"^15 dredg*^15 \"pearl harbour\"^-9999 fe?ry^10) >= 30 OR "
        "(port OR harbour OR docks) WITHIN/6 (strike* OR walkout) WITHIN/6 (union OR dockers) WITHIN/6 (Monday OR "
        "Tuesday) "
        "AND NOT (football OR chess)\n"
        "Treaty: (treaty OR pact) AND sign* AND envoy OR peace NEAR/3 (talks OR accord)\n",
        {{"en", "Dredging of the harbour", "It begins.", "Harbour "}, {"en", "The harbour is quiet", "No news.", ""},
            {"en", "Harbour, harbour, harbour", "Each pattern counts once.", ""},
            {"en", "Dredger finds a plane in Pearl Harbour", "The harbour was closed.", ""},
            {"en", "Ferry rams quay wall", "A feery tale.", ""},
            {"en", "Quay wall of the harbour broke", "", "Harbour "},
            {"en", "Dockers begin strike in port on Monday", "", "Harbour "},
            {"en", "On Tuesday the union called for a walkout at the docks", "", ""}, /* 9 words */
            {"en", "Tuesday: union walkout empties docks", "", "Harbour "},
            {"en", "Dockers' football team begins strike in port on Monday", "", ""},
            {"en", "Dockers begin strike", "It is Monday in the port.", ""}, /* in two fields */
            {"en", "Envoy signs", "The pact is a treaty.", "Treaty "},
            {"en", "Peace after long talks", "The accord of the envoy.", "Treaty "},
            {"en", "Talks go on", "There is no peace, and the envoy left.", ""}}},
    {WATCH_DIALECT_FACTIVA,
        "hlp=(harbour or quay) and (strike w/4 (docker* or union)) same talk$2\n"
        "  and atleast2 port not (football or chess) and la=en and /F20/ mayor",
        "q: (title:(harbour OR quay) OR summary:(harbour OR quay)) AND strike ONEAR/4 (docker* OR union) PARAGRAPH "
        "talk* "
        "AND ATLEAST/2 port AND NOT (football OR chess) AND lang:en AND FIRST/20 mayor\n",
        {{"en", "Harbour: mayor visits port", "A strike of all the dockers ended after talks in the port.", "q "},
            {"de", "Harbour: mayor visits port", "A strike of all the dockers ended after talks in the port.", ""},
            {"en", "Mayor visits port", "A strike of all the dockers ended after talks in the port.", ""},
            {"en", "Harbour: mayor visits port", "The dockers' strike ended after talks in the port.", ""},
            {"en", "Harbour: mayor visits port", "A strike of dockers ended.\n\nIn the port there were talks.", ""},
            {"en", "Harbour: mayor visits", "A strike of all the dockers ended after talks in the port.", ""},
            {"en", "Harbour: mayor visits port", "A strike of all the dockers ended after chess talks in the port.", ""},
            {"en", "Harbour: a port",
                "A strike of all the dockers ended after talks in the port. One two three four five six seven eight "
                "nine ten "
                "the mayor.",
                ""}}},
    {WATCH_DIALECT_MELTWATER,
        "(title:(harbour OR \"quay wall\") OR ingress:dredg*) AND (strike NEAR dockers OR \"walk out\" ONEAR/3 port) "
        "AND !\"EU\" NOT source:\"the chess post\" AND language:en",
        "q: (title:(harbour OR \"quay wall\") OR summary:dredg*) AND (strike NEAR/4 dockers OR \"walk out\" ONEAR/3 "
        "port) AND "
        "=\"EU\" AND NOT source:\"the chess post\" AND lang:en\n",
        {{"en", "Harbour closed", "Dockers are on strike, says the EU.", "q "},
            {"en", "Harbour closed", "Dockers are on strike, says eu.", ""},
            {"en", "Quay wall broke", "They walk out of the port. EU asks why.", "q "},
            {"en", "Quay wall broke", "In the port they walk out. EU asks why.", ""},
            {"en", "No news", "Dredgers: a strike by dockers. EU.", "q "},
            {"en", "No news", "Dockers of the old town went on strike. EU.", ""}}},
    {WATCH_DIALECT_BRANDWATCH,
        "(title:harbour OR author:marsh) AND (port NEAR/5f (strike OR walkout)) AND (raw:Pact OR {EU}) NOT (chess "
        "NEAR/2 club)",
        "q: (title:harbour OR author:marsh) AND port ONEAR/5 (strike OR walkout) AND (=Pact OR =\"EU\") AND NOT chess "
        "NEAR/2 "
        "club\n",
        {{"en", "Harbour news", "In the port a strike began. Pact, says the EU.", "q "},
            {"en", "Harbour news", "A strike began in the port. Pact.", ""},
            {"en", "Harbour news", "In the port a strike began. A pact.", ""},
            {"en", "Harbour news", "In the port a walkout began. EU says no.", "q "},
            {"en", "Other news", "In the port a strike began. Pact.", ""},
            {"en", "Harbour news", "In the port a strike of the chess club began. EU.", ""},
            {"en", "Harbour chess", "In the port a strike of the club began. EU.", "q "}}},
};

static void
check_item(const struct watchlist *w, const struct item *item)
{
	struct watch_input in = {.lang = str_from(item->lang), .source = STR_LIT("The Harbour Post")};
	struct watch_result result;
	struct arena arena;
	struct buf found;
	struct err err;
	arena_init(&arena, 0);
	buf_init(&found, 0);
	in.fields[WATCH_FIELD_TITLE] = str_from(item->title);
	in.fields[WATCH_FIELD_SUMMARY] = str_from(item->text);
	ck_assert_int_eq(watch_match(w, &in, &arena, &result, &err), 0);
	for (size_t i = 0; i < result.hit_count; i++)
		buf_printf(&found, "%.*s ", STR_ARG(watchlist_entity(w, result.hits[i].entity)->id));
	ck_assert_msg(str_is(buf_view(&found), item->found), "“%s” “%s”: it is “%.*s”, not “%s”", item->title,
	    item->text, STR_ARG(buf_view(&found)), item->found);
	buf_done(&found);
	arena_done(&arena);
}

START_TEST(test_a_whole_document_finds_what_it_says)
{
	const struct document *d = &documents[_i];
	struct alerts a = {.builder = watch_builder_new()};
	struct err err = {0};
	buf_init(&a.text, 0);
	if (d->dialect == WATCH_DIALECT_EMM) {
		struct watch_alerts to = {.tell = keep, .complain = none_is_wrong, .ctx = &a};
		ck_assert_msg(watch_import_alerts(str_from(d->text), &to, &err) == 0, "%s", err.msg);
	} else {
		struct buf query;
		buf_init(&query, 0);
		ck_assert_msg(watch_import_query(str_from(d->text), d->dialect, &query, &err) == 0, "%s", err.msg);
		keep(&a, STR_LIT("q"), buf_view(&query));
		buf_done(&query);
	}
	ck_assert_str_eq(a.text.data, d->queries);
	struct watchlist *w = watch_compile(a.builder, &err);
	ck_assert_msg(w != NULL, "%s", err.msg);
	for (size_t i = 0; i < sizeof d->items / sizeof *d->items && d->items[i].title != NULL; i++)
		check_item(w, &d->items[i]);
	watchlist_free(w);
	watch_builder_free(a.builder);
	buf_done(&a.text);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(
	    tc, test_a_whole_document_finds_what_it_says, 0, (int)(sizeof documents / sizeof *documents));
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
