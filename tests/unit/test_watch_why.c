/* Why a query does not apply: each kind of part says what of it is missing, and what came nearest. */
#include "base/buf.h"
#include "tap.h"
#include "watch/watch.h"

static const struct watch_origin nowhere = {{NULL, 0}, 0};

static struct watchlist *
list_of(const char *query)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	ck_assert_int_eq(
	    watch_add(b, STR_LIT("ivo"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Ivo Brand"), nowhere, &err), 0);
	ck_assert_int_eq(watch_add_query(b, STR_LIT("war"), WATCH_TOPIC, STR_LIT("war fight*"), nowhere, &err), 0);
	ck_assert_msg(watch_add_query(b, STR_LIT("q"), WATCH_TOPIC, str_from(query), nowhere, &err) == 0, "%s", err.msg);
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_msg(w != NULL, "%s", err.msg);
	watch_builder_free(b);
	return w;
}

static const struct {
	const char *query, *why;
} rows[] = {
    {"treaty talks", "- treaty AND talks\n"
                     "  + treaty: “treaty” in title\n"
                     "  - talks: stands nowhere\n"},
    {"harbor negotiations", "- harbor AND negotiations\n"
                            "  - harbor: stands nowhere; nearest is “harbour” in title\n"
                            "  - negotiations: stands nowhere\n"},
    {"summary:harbour talks", "- summary:harbour AND talks\n"
                              "  - summary:harbour\n"
                              "    - harbour: stands only elsewhere, “harbour” in title\n"
                              "  - talks: stands nowhere\n"},
    {"FIRST/3 treaty AND talks", "- FIRST/3 treaty AND talks\n"
                                 "  - FIRST/3 treaty\n"
                                 "    - treaty: stands only at word 8 of title\n"
                                 "  - talks: stands nowhere\n"},
    {"harbour NEAR/2 treaty",
        "- harbour NEAR/2 treaty: the nearest are 6 words apart, “harbour” in title before “treaty” in title\n"
        "  + harbour: “harbour” in title\n"
        "  + treaty: “treaty” in title\n"},
    {"treaty ONEAR/9 harbour",
        "- treaty ONEAR/9 harbour: the nearest are 6 words apart, “treaty” in title behind “harbour” in title\n"
        "  + treaty: “treaty” in title\n"
        "  + harbour: “harbour” in title\n"},
    {"harbour NEAR/2 pier", "- harbour NEAR/2 pier: one of them is missing\n"
                            "  + harbour: “harbour” in title\n"
                            "  - pier: stands nowhere\n"},
    {"harbour NEAR/2 minister", "- harbour NEAR/2 minister: they stand in different fields, or in one place\n"
                                "  + harbour: “harbour” in title\n"
                                "  + minister: “minister” in summary\n"},
    {"of NEAR/1 minister",
        "- of NEAR/1 minister: the nearest are 2 words apart, “of” in summary behind “minister” in summary\n"
        "  + of: “Of” in title\n"
        "  + minister: “minister” in summary\n"},
    {"harbour SENTENCE treaty",
        "- harbour SENTENCE treaty: the nearest are 6 words apart, “harbour” in title before “treaty” in title\n"
        "  + harbour: “harbour” in title\n"
        "  + treaty: “treaty” in title\n"},
    {"ATLEAST/3 peace", "- ATLEAST/3 peace: 2 of 3\n"
                        "  + peace: “peace” in title\n"},
    {"(peace^3 treaty^2 absent^5) >= 8", "- (peace^3 treaty^2 absent^5) >= 8: the sum is 5, the threshold 8\n"
                                         "  + peace: “peace” in title\n"
                                         "  + treaty: “treaty” in title\n"
                                         "  - absent: stands nowhere\n"},
    {"harbour NOT treaty", "- harbour AND NOT treaty\n"
                           "  + harbour: “harbour” in title\n"
                           "  - NOT treaty: it stands there\n"
                           "    + treaty: “treaty” in title\n"},
    {"@ivo harbour", "- @ivo AND harbour\n"
                     "  - @ivo: is not mentioned\n"
                     "  + harbour: “harbour” in title\n"},
    {"#war harbour", "- #war AND harbour\n"
                     "  - #war: does not apply\n"
                     "    - war AND fight*\n"
                     "      + war: “war” in summary\n"
                     "      - fight*: stands nowhere\n"
                     "  + harbour: “harbour” in title\n"},
    {"/har[a-z]+r/ /port.*/", "- /har[a-z]+r/ AND /port.*/\n"
                              "  + /har[a-z]+r/: “harbour” in title\n"
                              "  - /port.*/: stands nowhere\n"},
    {"source:ivo.example lang:uk feed:ivo", "- source:ivo.example AND lang:uk AND feed:ivo\n"
                                            "  - source:ivo.example: it is “Una Daily”, the link is on una.example\n"
                                            "  - lang:uk: it is “en”\n"
                                            "  - feed:ivo: it is “una”\n"},
    {"treaty (absent OR away)", "- treaty AND (absent OR away)\n"
                                "  + treaty: “treaty” in title\n"
                                "  - absent OR away\n"
                                "    - absent: stands nowhere\n"
                                "    - away: stands nowhere\n"},
};

START_TEST(test_each_part_says_why_it_fails)
{
	struct watchlist *w = list_of(rows[_i].query);
	struct watch_input in = {.lang = STR_LIT("en"),
	    .feed = STR_LIT("una"),
	    .source = STR_LIT("Una Daily"),
	    .fields[WATCH_FIELD_TITLE] = STR_LIT("The harbour will open. Of late a treaty on peace"),
	    .fields[WATCH_FIELD_SUMMARY] = STR_LIT("A minister spoke of peace and of war."),
	    .fields[WATCH_FIELD_LINK] = STR_LIT("https://una.example/a")};
	struct arena arena;
	struct buf out;
	struct err err;
	arena_init(&arena, 0);
	buf_init(&out, 0);
	ck_assert_int_eq(watch_explain(w, (size_t)watchlist_find(w, STR_LIT("q")), &in, &arena, &out, &err), 0);
	ck_assert_str_is(buf_view(&out), rows[_i].why);
	buf_done(&out);
	arena_done(&arena);
	watchlist_free(w);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_each_part_says_why_it_fails, 0, sizeof rows / sizeof *rows);
}

int
main(void)
{
	return tap_run("watch/why", suite);
}
