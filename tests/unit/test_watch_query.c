/* The language: what parses to what, what is a mistake and where, and what each operator finds. */
#include "rng.h"
#include "tap.h"
#include "watch/query.h"
#include "watch/query_regex.h"
#include "watch/watch.h"

#include <stdio.h>
#include <stdlib.h>

static struct arena arena;
static struct buf out;

static void
setup(void)
{
	arena_init(&arena, 0);
	buf_init(&out, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
	buf_done(&out);
}

/* ---- text and tree ---- */

static struct str
printed(const char *text)
{
	struct query q;
	struct query_mistake m;
	buf_reset(&out);
	if (query_parse(str_from(text), &arena, &q, &m) < 0)
		query_mistake_show(&m, str_from(text), &out);
	else
		query_print(&q, &out);
	query_done(&q);
	return buf_view(&out);
}

START_TEST(test_precedence_is_near_then_counts_then_not_then_and_then_or)
{
	ck_assert_str_is(printed("a b OR c"), "a AND b OR c");
	ck_assert_str_is(printed("a (b OR c)"), "a AND (b OR c)");
	ck_assert_str_is(printed("a NOT b c"), "a AND NOT b AND c");
	ck_assert_str_is(printed("NOT b AND a"), "NOT b AND a");
	ck_assert_str_is(printed("a NEAR/3 b OR c NEAR/4 d"), "a NEAR/3 b OR c NEAR/4 d");
	ck_assert_str_is(printed("(a NEAR/3 b) NEAR/4 c"), "a NEAR/3 b NEAR/4 c");
	ck_assert_str_is(printed("a NEAR/3 (b ONEAR/4 c)"), "a NEAR/3 (b ONEAR/4 c)");
	ck_assert_str_is(printed("a WITHIN/3 b WITHIN/3 (c OR d)"), "a WITHIN/3 b WITHIN/3 (c OR d)");
	ck_assert_str_is(printed("ATLEAST/2 a NEAR/3 b"), "ATLEAST/2 a NEAR/3 b");
	ck_assert_str_is(printed("FIRST/9 (a AND b)"), "FIRST/9 (a AND b)");
	ck_assert_str_is(printed("a NOT (b c)"), "a AND NOT (b AND c)");
	ck_assert_str_is(printed("title:a b"), "title:a AND b");
	ck_assert_str_is(printed("((((a))))"), "a");
}
END_TEST

START_TEST(test_terms_keep_their_form)
{
	ck_assert_str_is(printed("cease-fire"), "\"cease fire\"");
	ck_assert_str_is(printed("“peace talks”"), "\"peace talks\"");
	ck_assert_str_is(printed("~talks ==NATO =Bush"), "~talks AND ==\"NATO\" AND =Bush");
	ck_assert_str_is(printed("\"AND\" \"and\" \"near5\" \"W/5\""), "\"AND\" AND \"and\" AND \"near5\" AND \"W 5\"");
	ck_assert_str_is(printed("sanction* wom?n \"central ban*\""), "sanction* AND wom?n AND \"central ban*\"");
	ck_assert_str_is(printed("what?"), "what");
	ck_assert_str_is(printed("ǃXun \"the ǃXó* ǂHoan\" ƻa?b"), "ǃXun AND \"the ǃXó* ǂHoan\" AND ƻa?b");
	ck_assert_str_is(printed("\"who?, when\" where?! wa??t ми?р sanc??* a-?b"),
	    "\"who when\" AND where AND wa??t AND ми?р AND sanc??* AND \"a b\"");
	ck_assert_str_is(printed("C++ .NET 50% AT&T \"Ivo & Una\" US$ +49"),
	    "\"C++\" AND \".NET\" AND 50% AND \"AT & T\" AND \"Ivo & Una\" AND \"US$\" AND \"+49\"");
	ck_assert_str_is(
	    printed("\"#talks\" ivo@a.example ~C# ０%"), "\"#talks\" AND \"ivo@ @a example\" AND ~\"C#\" AND ０%");
	ck_assert_str_is(printed("«mot à mot» »so nah« ‹ein zwei› „trzy cztery”"),
	    "\"mot à mot\" AND \"so nah\" AND \"ein zwei\" AND \"trzy cztery\"");
	ck_assert_str_is(
	    printed("「和平　谈判」 『停火』 ＂peace plan＂"), "\"和 平 谈 判\" AND \"停 火\" AND \"peace plan\"");
	ck_assert_str_is(printed("\"a «b» c\""), "\"a b c\"");
	ck_assert_str_is(printed("（和平 OR 停火）　NOT　谈判"), "(\"和 平\" OR \"停 火\") AND NOT \"谈 判\"");
	ck_assert_str_is(printed("和平* \"停火*\""), "\"和 平\" AND \"停 火\"");
	ck_assert_str_is(printed("ab?한국 \"ab?和平 c\""), "\"ab?한국\" AND \"ab?和 平 c\"");
	/* an abbreviation of Hebrew, and marks of direction round operators */
	ck_assert_str_is(printed("\"ארה\"ב היום\" \xE2\x80\x8FOR\xE2\x80\x8F שלום"), "\"ארה ב היום\" OR שלום");
	ck_assert_str_is(printed("停火"), "\"停 火\"");
	ck_assert_str_is(printed("@putin NEAR/10 #peace-plan"), "@putin NEAR/10 #peace-plan");
	ck_assert_str_is(printed("@\"Q 12\""), "@\"Q 12\"");
	ck_assert_str_is(printed("lang:(uk OR ru) feed:bbc-* source:\"New York\""),
	    "(lang:uk OR lang:ru) AND feed:bbc-* AND source:\"New York\"");
	ck_assert_str_is(printed("lang:en lang:en-GB NOT lang:eng-US"), "lang:en AND lang:en-GB AND NOT lang:en-US");
	ck_assert_str_is(printed("/a\\/b(c)/i d"), "/a\\/b(c)/i AND d");
	ck_assert_str_is(printed("10:30 https://a.example/x"), "\"10 30\" AND \"https a example x\"");
	ck_assert_str_is(printed("(a^3 b \"c d\"^-2)>=3"), "(a^3 b \"c d\"^-2) >= 3");
	ck_assert_str_is(printed("peace^3 talks^2 >= 4"), "(peace^3 talks^2) >= 4");
	ck_assert_str_is(printed("title:(a^3 (b OR c)^2) >= 4"), "title:(a^3 (b OR c)^2) >= 4");
}
END_TEST

static struct str
repeated(const char *part, size_t n, const char *tail)
{
	struct buf b;
	buf_init(&b, 0);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, part);
	buf_puts(&b, tail);
	struct str s = arena_str(&arena, buf_view(&b));
	buf_done(&b);
	return s;
}

START_TEST(test_hostile_queries_name_their_limit)
{
	static const struct {
		const char *part, *tail, *message;
		size_t n;
	} hostile[] = {
	    {"a OR ", "a", "the query has more than 10000 terms and operators", 11000},
	    {"a OR ", "a", "the query has 500001 bytes, more than 65536", 100000},
	    {"(", "a", "more than 64 parentheses or operators stand inside each other", 100},
	    {"a NEAR/2 ", "a", "more than 64 operators stand inside each other", 100},
	    {"ATLEAST/2 ", "a", "more than 64 parentheses or operators stand inside each other", 100},
	    {"title:", "a", "more than 64 parentheses or operators stand inside each other", 100},
	    {"NOT ", "a", "NOT NOT says nothing", 10000},
	    {"a-", "a", "a phrase has more than 32 words", 40},
	    {"abcdefgh", "", "a word has more than 128 bytes", 17},
	    {"/a/ ", "a", "a query has at most 16 regular expressions", 17},
	    {"\"", "", "there is no word in this term", 2000},
	};
	for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		struct query q;
		struct query_mistake m;
		struct str text = repeated(hostile[i].part, hostile[i].n, hostile[i].tail);
		ck_assert_int_eq(query_parse(text, &arena, &q, &m), -1);
		ck_assert_str_eq(m.message, hostile[i].message);
	}
}
END_TEST

static bool
count_place(void *ctx, size_t start, size_t end)
{
	ck_assert_uint_lt(start, end);
	++*(size_t *)ctx;
	return true;
}

/* Patterns whose search grows without end on such a text: the ceilings of PCRE2 end it, and nothing is found there. */
START_TEST(test_catastrophic_patterns_come_to_an_end)
{
	static const char *const patterns[] = {
	    "(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)*x", "(a|a?)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:(?:a+)+)+!"};
	struct str hostile = repeated("a", 60000, "!b?"), good = STR_LIT("aaa b");
	unsigned met = 0;
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		size_t at, found = 0;
		struct err err;
		struct query_regex *r = query_regex_new(str_from(patterns[i]), false, &at, &err);
		ck_assert_msg(r != NULL, "%s: %s", patterns[i], err.msg);
		enum watch_limit limit;
		ck_assert(query_regex_find(
		    r, hostile, count_place, &found, NULL, &limit)); /* bounded, and no lack of memory */
		met += limit != WATCH_LIMIT_NONE;
		ck_assert_uint_le(found, QUERY_REGEX_FINDS_MAX);
		ck_assert(query_regex_find(r, good, count_place, &found, NULL, &limit)); /* and can be used again */
		ck_assert_int_eq(limit, WATCH_LIMIT_NONE);
		query_regex_free(r);
	}
	ck_assert_uint_ge(met, 4); /* others find something, or see that a letter is missing */
}
END_TEST

/* Wherever it begins it needs fewer steps than PCRE2 allows for each place; all together would be a thousand million. */
START_TEST(test_the_steps_of_a_pattern_are_counted_over_the_whole_text)
{
	size_t at, found = 0;
	enum watch_limit limit;
	struct err err;
	struct query_regex *r = query_regex_new(STR_LIT("[a-z]*[a-y]*[0-9]"), false, &at, &err);
	ck_assert_ptr_nonnull(r);
	ck_assert(query_regex_find(r, repeated("a", 800, "9"), count_place, &found, NULL, &limit));
	ck_assert_uint_eq(found, 1);
	ck_assert_int_eq(limit, WATCH_LIMIT_NONE);
	ck_assert(query_regex_find(r, repeated("a", 800, "! a9"), count_place, &found, NULL, &limit));
	ck_assert_uint_eq(found, 1);
	ck_assert_int_eq(limit, WATCH_LIMIT_STEPS);
	query_regex_free(r);
	/* what begins often and ends soon finds the last of a long text */
	r = query_regex_new(STR_LIT("\\b[A-Z]\\w+ [A-Z]\\w+ \\d{4}"), false, &at, &err);
	ck_assert_ptr_nonnull(r);
	ck_assert(query_regex_find(
	    r, repeated("The Quick brown Fox jumps ", 10000, "Treaty Signed 2026"), count_place, &found, NULL, &limit));
	ck_assert_uint_eq(found, 2);
	ck_assert_int_eq(limit, WATCH_LIMIT_NONE);
	query_regex_free(r);
}
END_TEST

START_TEST(test_all_patterns_of_a_document_share_its_steps)
{
	size_t at, found = 0;
	enum watch_limit limit;
	struct err err;
	uint64_t left = 5000;
	struct query_regex *r = query_regex_new(STR_LIT("[a-z]*[a-y]*[0-9]"), false, &at, &err);
	ck_assert_ptr_nonnull(r);
	ck_assert(query_regex_find(r, STR_LIT("abc 9"), count_place, &found, &left, &limit));
	ck_assert_int_eq(limit, WATCH_LIMIT_NONE);
	ck_assert(found == 1 && left < 5000 && left > 4000);
	ck_assert(query_regex_find(r, repeated("a", 800, "! a9"), count_place, &found, &left, &limit));
	ck_assert_int_eq(limit, WATCH_LIMIT_DOCUMENT);
	ck_assert(found == 1 && left == 0);
	ck_assert(query_regex_find(r, STR_LIT("abc 9"), count_place, &found, &left, &limit));
	ck_assert_int_eq(limit, WATCH_LIMIT_DOCUMENT);
	ck_assert(found == 1 && left == 0);
	left = UINT64_MAX;
	ck_assert(query_regex_find(r, repeated("a", 800, "! a9"), count_place, &found, &left, &limit));
	ck_assert_int_eq(limit, WATCH_LIMIT_STEPS);
	query_regex_free(r);
}
END_TEST

/* A random query in text; every operator that may stand at the place. */
static void
grow(struct buf *b, uint64_t *rng, int depth, bool placed)
{
	static const char *const leaves[] = {"peace", "talks", "~talks", "=Kyiv", "==NATO", "sanct*", "\"peace plan\"",
	    "мир", "/ceas.{1,4}/", "kyi?v", "停火", "\"AND\"", "of"};
	static const char *const fields[] = {"title", "summary", "content"};
	uint64_t pick = rng_below(rng, depth > 3 ? 3 : placed ? 8 : 14);
	if (pick < 3) {
		buf_puts(b, leaves[rng_below(rng, sizeof leaves / sizeof *leaves)]);
	} else if (pick < 5) {
		buf_putc(b, '(');
		grow(b, rng, depth + 1, placed);
		buf_puts(b, " OR ");
		grow(b, rng, depth + 1, placed);
		buf_putc(b, ')');
	} else if (pick < 8) {
		static const char *const near[] = {"NEAR/2", "ONEAR/4", "SENTENCE", "WITHIN/7", "NEAR/9"};
		buf_putc(b, '(');
		grow(b, rng, depth + 1, true);
		buf_printf(b, " %s ", near[rng_below(rng, 5)]);
		grow(b, rng, depth + 1, true);
		buf_putc(b, ')');
	} else if (pick < 10) {
		buf_putc(b, '(');
		grow(b, rng, depth + 1, false);
		buf_puts(b, rng_below(rng, 3) ? " " : " NOT ");
		grow(b, rng, depth + 1, false);
		buf_putc(b, ')');
	} else if (pick == 10) {
		buf_printf(b, "(ATLEAST/%d ", 1 + (int)rng_below(rng, 3));
		grow(b, rng, depth + 1, true);
		buf_putc(b, ')');
	} else if (pick == 11) {
		buf_printf(b, "(FIRST/%d ", 1 + (int)rng_below(rng, 9));
		grow(b, rng, depth + 1, false);
		buf_putc(b, ')');
	} else if (pick == 12 && depth < 2) {
		buf_printf(b, "%s:", fields[rng_below(rng, 3)]);
		grow(b, rng, 4, placed);
	} else {
		buf_putc(b, '(');
		grow(b, rng, depth + 1, false);
		buf_puts(b, "^3 ");
		grow(b, rng, depth + 1, false);
		buf_puts(b, "^-1 ");
		grow(b, rng, depth + 1, false);
		buf_printf(b, ") >= %d", 1 + (int)rng_below(rng, 4));
	}
}

START_TEST(test_what_is_printed_parses_to_the_same_tree)
{
	uint64_t rng = 17;
	size_t good = 0;
	for (int i = 0; i < 3000; i++) {
		struct query q, again;
		struct query_mistake m;
		buf_reset(&out);
		grow(&out, &rng, 0, false);
		struct str text = arena_str(&arena, buf_view(&out));
		if (query_parse(text, &arena, &q, &m) < 0)
			continue;
		good++;
		buf_reset(&out);
		query_print(&q, &out);
		int r = query_parse(buf_view(&out), &arena, &again, &m);
		ck_assert_msg(r == 0, "%s → %s: %s", text.s, out.data, m.message);
		ck_assert_msg(query_same(q.root, again.root), "%s → %s", text.s, out.data);
		query_done(&q);
		query_done(&again);
	}
	ck_assert_uint_gt(good, 1500);
}
END_TEST

/* ---- regular expressions that are given up ---- */

#define SLOW "/(a|aa)+$/"

static struct watchlist *
list_of(const char *const (*queries)[2], size_t count)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	for (size_t i = 0; i < count; i++) {
		enum watch_kind kind = strncmp(queries[i][0], "watch:", 6) == 0 ? WATCH_ALERT : WATCH_TOPIC;
		struct watch_origin at = {STR_LIT("lists/w.conf"), (unsigned)i + 7};
		ck_assert_msg(watch_add_query(b, str_from(queries[i][0]), kind, str_from(queries[i][1]), at, &err) == 0,
		    "%s", err.msg);
	}
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_msg(w != NULL, "%s", err.msg);
	watch_builder_free(b);
	return w;
}

static const char *
said(const struct watchlist *w, const struct watch_given_up *g)
{
	buf_reset(&out);
	watch_given_up_say(w, g, &out);
	return out.data;
}

START_TEST(test_an_expression_that_meets_its_limit_is_told)
{
	static const char *const queries[][2] = {{"slow", "harbour OR (port " SLOW ")"}, {"fine", "/a{3}b/ OR harbour"},
	    {"above", "#slow OR quay"}, {"watch:w", "#above quay OR title:" SLOW}, {"rare", "unheard " SLOW}};
	struct watchlist *w = list_of(queries, 5);
	struct str hostile = repeated("a", 60000, "! port");
	struct watch_input in = {.fields[WATCH_FIELD_TITLE] = STR_LIT("Fine"), .fields[WATCH_FIELD_CONTENT] = hostile};
	struct watch_result result;
	struct err err;
	ck_assert_int_eq(watch_match(w, &in, &arena, &result, &err), 0);
	ck_assert_uint_eq(result.hit_count, 0);
	ck_assert_uint_eq(result.given_up_count, 1); /* of what is not asked nothing is told */
	const struct watch_given_up *g = &result.given_up[0];
	ck_assert_uint_eq(g->entity, (size_t)watchlist_find(w, STR_LIT("slow")));
	ck_assert_int_eq(g->field, WATCH_FIELD_CONTENT);
	ck_assert(watch_given_up_fits(w, g));
	ck_assert_str_eq(said(w, g),
	    "lists/w.conf:7: topic slow: the regular expression " SLOW
	    " met its limit of 1000 ways kept to go back to in the content; what it finds behind is "
	    "not known");
	ck_assert(watch_given_up_concerns(w, (size_t)watchlist_find(w, STR_LIT("watch:w")), g)); /* by two topics */
	ck_assert(!watch_given_up_concerns(w, (size_t)watchlist_find(w, STR_LIT("fine")), g));
	in.fields[WATCH_FIELD_TITLE] = hostile;
	ck_assert_int_eq(watch_match(w, &in, &arena, &result, &err), 0);
	ck_assert_uint_eq(result.given_up_count, 2);
	ck_assert_str_eq(said(w, &result.given_up[1]),
	    "lists/w.conf:10: watch w: the regular expression " SLOW
	    " met its limit of 1000 ways kept to go back to in the title; what it finds behind is not known");
	buf_reset(&out);
	ck_assert_int_eq(watch_explain(w, g->entity, &in, &arena, &out, &err), 0);
	ck_assert_msg(
	    strstr(out.data, SLOW ": stands nowhere; given up in title at its limit of 1000 ways kept to go back to; "
	                          "given up in content at its limit of") != NULL,
	    "%s", out.data);
	watchlist_free(w);
}
END_TEST

START_TEST(test_what_is_told_of_one_item_has_a_ceiling)
{
	struct watch_builder *b = watch_builder_new();
	struct watch_input in = {.fields[WATCH_FIELD_TITLE] = repeated("a", 30000, "!")};
	struct watch_result result;
	struct err err;
	for (int i = 0; i < 40; i++) {
		char id[8];
		snprintf(id, sizeof id, "t%d", i);
		ck_assert_int_eq(watch_add_query(b, str_from(id), WATCH_TOPIC, STR_LIT(SLOW " OR /(a+)+$/"),
		                     (struct watch_origin){STR_NONE, 0}, &err),
		    0);
	}
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_int_eq(watch_match(w, &in, &arena, &result, &err), 0);
	ck_assert_uint_eq(result.given_up_count, WATCH_GIVEN_UP_MAX);
	for (size_t i = 0; i < result.given_up_count; i++)
		ck_assert_uint_eq(result.given_up[i].entity, i); /* one for each query */
	watchlist_free(w);
	watch_builder_free(b);
}
END_TEST

/* ---- what is found ---- */

struct asked {
	const char *query, *title, *content, *want; /* "-" = does not apply, "" = applies without a place */
};

static struct watch_input input;

static struct str
found(const char *query, const char *title, const char *content)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	struct watch_result result;
	struct watch_origin none = {STR_NONE, 0};
	ck_assert_int_eq(
	    watch_add(b, STR_LIT("ivo"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Ivo Brand"), none, &err), 0);
	ck_assert_int_eq(
	    watch_add(b, STR_LIT("una"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Una Marsh"), none, &err), 0);
	ck_assert_int_eq(
	    watch_add(b, STR_LIT("plan"), WATCH_TOPIC, STR_LIT("und"), STR_LIT("peace plan"), none, &err), 0);
	ck_assert_int_eq(watch_add_query(b, STR_LIT("war"), WATCH_TOPIC, STR_LIT("war OR fight*"), none, &err), 0);
	if (watch_add_query(b, STR_LIT("q"), WATCH_TOPIC, str_from(query), none, &err) < 0)
		ck_abort_msg("%s", err.msg);
	struct watchlist *list = watch_compile(b, &err);
	ck_assert_msg(list != NULL, "%s", err.msg);
	input.fields[WATCH_FIELD_TITLE] = str_from(title);
	input.fields[WATCH_FIELD_CONTENT] = str_from(content);
	ck_assert_int_eq(watch_match(list, &input, &arena, &result, &err), 0);
	buf_reset(&out);
	const struct watch_hit *hit = NULL;
	for (size_t i = 0; i < result.hit_count; i++) {
		if (str_is(watchlist_entity(list, result.hits[i].entity)->id, "q"))
			hit = &result.hits[i];
	}
	for (size_t i = 0; hit != NULL && i < hit->mention_count; i++) {
		const struct watch_mention *m = &hit->mentions[i];
		struct str text = input.fields[m->field];
		buf_puts(&out, i > 0 ? "|" : "");
		buf_add(&out, text.s + m->start, m->end - m->start);
	}
	if (hit == NULL)
		buf_putc(&out, '-');
	watchlist_free(list);
	watch_builder_free(b);
	return buf_view(&out);
}

static const struct asked asked[] = {
    /* words */
    {"kyiv", "Talks in KYIV", "", "KYIV"},
    {"zelenskyy", "Zelenskyý", "", "Zelenskyý"},
    {"peace", "peaceful", "", "-"},
    {"sanction*", "Sanctions, sanctioned", "", "Sanctions|sanctioned"},
    {"wom?n", "woman women wombin", "", "woman|women"},
    {"한국", "한국의 정부", "", "한국의"},
    {"停火", "宣布停火协议", "", "停火"},
    {"=Bush", "bush Bush BUSH", "", "Bush"},
    {"=cafe", "café Café", "", "café"},
    {"==café", "cafe café Café", "", "café"},
    {"\"peace plan\"", "A peace-plan. Peace, plan? peace. Plan", "", "peace-plan|Peace, plan"},
    {"/20[0-9]{2}/", "in 1999 and 2024", "", "2024"},
    {"/no such/", "in 1999", "", "-"},
    /* boolean */
    {"a AND b", "a", "b", "a|b"},
    {"a AND b", "a", "c", "-"},
    {"a OR b", "c", "b", "b"},
    {"a NOT b", "a", "b", "-"},
    {"a NOT b", "a", "c", "a"},
    {"a b OR c d", "c", "d", "c|d"},
    /* places */
    {"peace NEAR/2 talks", "peace for talks", "", "peace|talks"},
    {"peace NEAR/2 talks", "talks on peace", "", "talks|peace"},
    {"peace NEAR/2 talks", "peace in the talks", "", "-"},
    {"peace NEAR/2 talks", "peace", "talks", "-"},
    {"peace ONEAR/2 talks", "talks on peace", "", "-"},
    {"peace WITHIN/2 talks", "talks on peace", "", "talks|peace"},
    {"peace WITHIN/2 talks", "talks on the peace", "", "-"},
    /* each near the next is not all of them near each other, whatever their order; what lies between counts */
    {"a1 WITHIN/4 b1 WITHIN/4 c1", "a1 x x b1 x x c1", "", "-"},
    {"(a1 NEAR/4 b1) NEAR/4 c1", "a1 x x b1 x x c1", "", "a1|b1|c1"},
    {"a1 WITHIN/4 c1 WITHIN/4 b1", "b1 x a1 x c1", "", "b1|a1|c1"},
    {"a1 WITHIN/4 c1 WITHIN/4 b1", "a1 x b1 x c1", "", "a1|b1|c1"},
    {"(a1 NEAR/4 c1) NEAR/4 b1", "a1 x b1 x c1", "", "-"},
    {"a1 WITHIN/3 b1 WITHIN/3 c1", "a1 b1", "c1", "-"},
    {"(a1 OR b1) WITHIN/3 (b1 OR c1)", "a1 x x x x b1", "", "b1"}, /* one word may be of both */
    {"\"a1 b1\" WITHIN/3 c1", "a1 b1 x c1", "", "a1 b1|c1"},
    {"\"a1 b1\" WITHIN/3 c1", "a1 b1 x x c1", "", "-"},
    {"peace ONEAR/2 talks", "peace by talks", "", "peace|talks"},
    {"peace NEAR/5 peace", "peace", "", "-"},
    {"peace NEAR/5 peace", "peace, peace", "", "peace|peace"},
    {"a NEAR/1 b NEAR/1 c", "b a c", "", "b|a|c"},
    {"war SENTENCE peace", "", "A war. There was peace. No war but peace!", "war|peace"},
    {"war SENTENCE peace", "", "There is war. Later peace.", "-"},
    {"a PARAGRAPH b", "", "A c. D b.\n\nE", "A|b"},
    {"a PARAGRAPH b", "", "A c.\n\nD b.", "-"},
    {"ATLEAST/2 a", "a", "b", "-"},
    {"ATLEAST/2 a", "a", "b a", "a|a"},
    {"ATLEAST/2 (a OR \"a b\")", "a b", "", "-"},
    {"FIRST/2 b", "", "a b c", "b"},
    {"FIRST/2 c", "", "a b c", "-"},
    {"FIRST/2 \"b c\"", "", "a b c", "-"},
    {"FIRST/2 (a b) c", "", "a b c", "a|b|c"},
    /* signs that belong to words */
    {"C++", "C++, C and C#", "vitamin C", "C++"},
    {"C", "C++ and C#", "", "C|C"},
    {"C#", "C# (c#), C", "", "C#|c#"},
    {"=C#", "C# (c#), C", "", "C#"},
    {"C＃ OR Ｃ++", "C#", "C＋＋", "C#|C＋＋"},
    {".NET", "ASP.NET, .net", "the net", ".NET|.net"},
    {"50%", "50%", "50 % in 50 years, 150%", "50%|50 %"},
    {"5€ OR €5", "5\xC2\xA0€, €5, € 5", "5 euros", "5\xC2\xA0€|€5|€ 5"},
    {"AT&T", "AT&T at T", "AT & T", "AT&T|AT & T"},
    {"R&D", "R. D. Marsh", "r&d", "r&d"},
    {"\"Ivo & Una\"", "Ivo, Una", "Ivo & Una", "Ivo & Una"},
    {"\"#talks\"", "talks", "#talks", "#talks"},
    {"C++ NEAR/2 ~talks", "talks of C", "talk of C++", "talk|C++"},
    {"content:C++", "C++", "C", "-"},
    {"F-16 G7 COVID-19", "F 16, F-16", "G7: Covid 19", "F 16|F-16|G7|Covid 19"},
    /* fields */
    {"title:a", "b", "a", "-"},
    {"content:a", "a", "b a", "a"},
    {"title:(a OR b) c", "b", "c a", "b|c"},
    {"author:jones", "jones", "", "-"},
    {"lang:en", "x", "", ""},
    {"lang:uk", "x", "", "-"},
    {"feed:marsh-*", "x", "", ""},
    {"feed:politics", "x", "", ""},
    {"source:\"marsh daily\" x", "x", "", "x"},
    {"source:daily NOT y", "y", "", "-"},
    /* weights */
    {"(peace^3 talks^2 ceasefire^3) >= 5", "peace", "talks", "peace|talks"},
    {"(peace^3 talks^2 ceasefire^3) >= 6", "peace", "talks", "-"},
    {"(peace^3 sport^-3 talks) >= 3", "peace sport", "", "-"},
    {"(peace^3 sport^-3 talks) >= 3", "peace", "", "peace"},
    {"(peace^3 peace talks) >= 4", "peace peace", "", "peace|peace"},
    {"ǃXun AND ǀXam*", "the ǃXun and the ǀXams", "", "ǃXun|ǀXams"},
    {"ǃXun", "the Xun, the aXun", "", "-"},
    /* actors and topics */
    {"@ivo NEAR/3 @una", "Ivo Brand met Una Marsh", "", "Ivo Brand|Una Marsh"},
    {"@ivo NEAR/3 @una", "Ivo Brand, as they say, never met Una Marsh", "", "-"},
    {"@ivo NOT @una", "Ivo Brand", "", "Ivo Brand"},
    {"@ivo #plan", "Ivo Brand", "the peace plan", "Ivo Brand|peace plan"},
    {"#war @ivo", "Ivo Brand", "a fighter", "Ivo Brand|fighter"},
    {"#war NEAR/2 @ivo", "Ivo Brand", "a fighter is Ivo Brand", "fighter|Ivo Brand"},
    {"title:#war", "peace", "war", "-"},
    {"title:@ivo", "peace", "Ivo Brand", "-"},
};

START_TEST(test_each_operator_finds_what_the_manual_says)
{
	input = (struct watch_input){.lang = STR_LIT("en-GB"),
	    .feed = STR_LIT("marsh-daily"),
	    .source = STR_LIT("The Marsh Daily"),
	    .tags = STR_LIT("english politics")};
	const struct asked *a = &asked[_i];
	struct str got = found(a->query, a->title, a->content);
	ck_assert_msg(str_is(got, a->want), "%s in “%s” “%s”: got “%.*s”, want “%s”", a->query, a->title, a->content,
	    STR_ARG(got), a->want);
}
END_TEST

START_TEST(test_a_source_is_the_title_of_the_feed_or_the_host_of_the_link)
{
	static const struct {
		const char *query, *link, *source;
		bool applies;
	} cases[] = {{"source:marsh.example", "https://marsh.example/a", "", true},
	    {"source:marsh.example", "http://una@WWW.Marsh.example:80?x", "", true},
	    {"source:marsh.example", "https://saltmarsh.example/a", "", false},
	    {"source:marsh.example", "https://a.example/marsh.example", "", false},
	    {"source:marsh.example", "https://a.example/?u=https://marsh.example", "", false},
	    {"source:marsh.example", "", "News of Marsh.Example", true},
	    {"source:www.marsh.example", "https://marsh.example/a", "", false},
	    {"source:.example", "https://marsh.example/a", "", true},
	    {"source:marsh", "https://marsh.example/a", "Una Daily", false}, {"source:marsh.example", "", "", false}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		input = (struct watch_input){
		    .source = str_from(cases[i].source), .fields[WATCH_FIELD_LINK] = str_from(cases[i].link)};
		ck_assert_msg(str_is(found(cases[i].query, "x", ""), cases[i].applies ? "" : "-"), "%s in %s %s",
		    cases[i].query, cases[i].link, cases[i].source);
	}
}
END_TEST

START_TEST(test_stems_follow_the_language_of_the_item)
{
	input = (struct watch_input){.lang = STR_LIT("en")};
	ck_assert_str_is(found("~negotiate", "negotiated, negotiating; neglect", ""), "negotiated|negotiating");
	input.lang = STR_LIT("ru");
	ck_assert_str_is(found("~переговоры", "на переговорах о переговорах", ""), "переговорах|переговорах");
	input.lang = STR_LIT("es");
	ck_assert_str_is(found("~negociación", "las negociaciones y la negociación", ""), "negociaciones|negociación");
	ck_assert_str_is(found("~negociacion", "la negociación", ""), "negociación");
	input.lang = STR_LIT("hr");
	ck_assert_str_is(found("~pregovor", "pregovori, na pregovorima", ""), "pregovori|pregovorima");
	input.lang = STR_LIT("eng");
	ck_assert_str_is(found("~negotiate lang:en", "negotiated", ""), "negotiated");
	input.lang = STR_LIT("xx");
	ck_assert_str_is(found("~talks", "talks talked", ""), "talks");
}
END_TEST

START_TEST(test_a_content_that_repeats_the_summary_counts_once)
{
	input = (struct watch_input){.lang = STR_NONE};
	input.fields[WATCH_FIELD_SUMMARY] = STR_LIT("one war");
	ck_assert_str_is(found("ATLEAST/2 war", "", "one war"), "-");
	ck_assert_str_is(found("content:war", "", "one war"), "war");
	ck_assert_str_is(found("ATLEAST/2 war", "", "two war"), "war|war");
}
END_TEST

static void
count(void *ctx, struct watch_origin at, const struct err *err)
{
	++*(int *)ctx;
	ck_assert_str_is(at.file, "w.conf");
	(void)err;
}

static int
refused(const char *const queries[][2], const char *first)
{
	struct watch_builder *b = watch_builder_new();
	struct err err = {0};
	int n = 0;
	for (size_t i = 0; queries[i][0] != NULL; i++)
		ck_assert_int_eq(watch_add_query(b, str_from(queries[i][0]), WATCH_TOPIC, str_from(queries[i][1]),
		                     (struct watch_origin){STR_LIT("w.conf"), (unsigned)i + 1}, &err),
		    0);
	int r = watch_check_queries(b, count, &n, &err);
	ck_assert_int_eq(r, n > 0 ? -1 : 0);
	if (first != NULL)
		ck_assert_msg(strstr(err.msg, first) != NULL, "%s", err.msg);
	watch_builder_free(b);
	return n;
}

START_TEST(test_references_must_be_there_and_not_go_round)
{
	const char *const missing[][2] = {{"a", "x #b"}, {"c", "@a AND @nobody"}, {NULL, NULL}};
	ck_assert_int_eq(refused(missing, "w.conf:2: query: there is no actor of this key"), 3);
	const char *const circle[][2] = {{"a", "x #b"}, {"b", "y OR #c"}, {"c", "z #a"}, {NULL, NULL}};
	ck_assert_int_eq(refused(circle, "w.conf:3: query: this topic would need itself"), 1);
	const char *const self[][2] = {{"a", "x #a"}, {NULL, NULL}};
	ck_assert_int_eq(refused(self, "w.conf:1: query: this topic would need itself"), 1);
	const char *const fine[][2] = {{"a", "x #b #c"}, {"b", "y OR #c"}, {"c", "z"}, {NULL, NULL}};
	ck_assert_int_eq(refused(fine, NULL), 0);
}
END_TEST

START_TEST(test_topics_nest_only_so_deep)
{
	static char keys[60][8], texts[60][16];
	const char *queries[61][2] = {{NULL, NULL}};
	for (int backwards = 0; backwards < 2; backwards++) {
		for (int i = 0; i < 60; i++) {
			snprintf(keys[i], sizeof keys[i], "t%d", i);
			int next = backwards ? i - 1 : i + 1;
			if (next < 0 || next > 59)
				snprintf(texts[i], sizeof texts[i], "x");
			else
				snprintf(texts[i], sizeof texts[i], "x #t%d", next);
			queries[i][0] = keys[i];
			queries[i][1] = texts[i];
		}
		queries[60][0] = NULL;
		ck_assert_int_ge(
		    refused((const char *const(*)[2])queries, "more than 32 topics stand inside each other"), 1);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_precedence_is_near_then_counts_then_not_then_and_then_or);
	tcase_add_test(tc, test_terms_keep_their_form);
	tcase_add_test(tc, test_hostile_queries_name_their_limit);
	tcase_add_test(tc, test_catastrophic_patterns_come_to_an_end);
	tcase_add_test(tc, test_an_expression_that_meets_its_limit_is_told);
	tcase_add_test(tc, test_what_is_told_of_one_item_has_a_ceiling);
	tcase_add_test(tc, test_the_steps_of_a_pattern_are_counted_over_the_whole_text);
	tcase_add_test(tc, test_all_patterns_of_a_document_share_its_steps);
	tcase_add_test(tc, test_what_is_printed_parses_to_the_same_tree);
	tcase_add_loop_test(tc, test_each_operator_finds_what_the_manual_says, 0, (int)(sizeof asked / sizeof *asked));
	tcase_add_test(tc, test_a_source_is_the_title_of_the_feed_or_the_host_of_the_link);
	tcase_add_test(tc, test_stems_follow_the_language_of_the_item);
	tcase_add_test(tc, test_a_content_that_repeats_the_summary_counts_once);
	tcase_add_test(tc, test_references_must_be_there_and_not_go_round);
	tcase_add_test(tc, test_topics_nest_only_so_deep);
}

int
main(void)
{
	return tap_run("watch/query", suite);
}
