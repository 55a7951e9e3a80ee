/* The indexed evaluator against the plain one: random queries and random items, the same queries apply in the same places. */
#include "rng.h"
#include "tap.h"
#include "watch/builder.h"
#include "watch/list.h"
#include "watch/query_build.h"
#include "watch/query_index.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t rng;
static struct buf text;
static struct watch_memo *memo; /* as a worker has one, for some of the items */

static const char *const words[] = {"peace", "Peace", "talks", "talk", "talking", "treaty", "treaties", "harbour",
    "the", "of", "Kyiv", "kyiv", "NATO", "nato", "sanction", "sanctions", "sanctioned", "мир", "миру", "переговоры",
    "переговорах", "停", "火", "한국의", "한국", "café", "cafe", "Ivo Brand", "Una Marsh", "Brand", "x", "2024",
    "envoy", "minister", "résumés", "resumes", "resume", "peace talks", "the peace", "C++", "C", "C#", "AT&T", "at T",
    "50%", "50"};
#define WORDS (sizeof words / sizeof *words)

static const char *
pick(const char *const *from, size_t n)
{
	return from[rng_below(&rng, n)];
}

static void
grow_term(void)
{
	static const char *const signs[] = {"", "", "", "", "~", "~", "=", "=="};
	static const char *const wild[] = {"sanction*", "pea*", "tal?s", "trea*s", "мир*", "\"the trea*\"", "한국"};
	static const char *const others[] = {
	    "@ivo", "@una", "#plan", "#t1", "#t2", "#t3", "/trea.{1,3}/", "/[0-9]+/", "/PEACE/i", "停火"};
	switch (rng_below(&rng, 10)) {
	case 0:
		buf_puts(&text, pick(wild, sizeof wild / sizeof *wild));
		break;
	case 1:
	case 2:
		buf_puts(&text, pick(others, sizeof others / sizeof *others));
		break;
	case 3:
	case 4:
		buf_printf(&text, "%s\"%s %s\"", pick(signs, 8), pick(words, WORDS), pick(words, WORDS));
		break;
	case 5: /* several in one part of the code, and one behind another */
		buf_printf(&text, "(%s\"%s\" OR \"%s %s %s\" OR %s OR %s\"%s\")", pick(signs, 8), pick(words, WORDS),
		    pick(words, WORDS), pick(words, WORDS), pick(words, WORDS), pick(wild, 5), pick(signs, 8),
		    pick(words, WORDS));
		break;
	default:
		buf_printf(&text, "%s\"%s\"", pick(signs, 8), pick(words, WORDS));
	}
}

static void
grow(int depth, bool placed, bool fielded)
{
	static const char *const pairs[] = {
	    "NEAR/1", "NEAR/3", "ONEAR/2", "SENTENCE", "PARAGRAPH", "NEAR/20", "WITHIN/4"};
	static const char *const fields[] = {"title", "summary", "content", "author", "category"};
	static const char *const abouts[] = {"lang:en", "lang:ru", "feed:a*", "feed:wires", "source:daily"};
	uint64_t kind = depth > 3 ? 0 : rng_below(&rng, placed ? 7 : 15);
	if (kind < 3) {
		grow_term();
		return;
	}
	if (kind == 3 && !fielded) {
		buf_printf(&text, "%s:", pick(fields, 5));
		buf_putc(&text, '(');
		grow(depth + 1, placed, true);
		buf_putc(&text, ')');
		return;
	}
	buf_putc(&text, '(');
	if (kind < 6) {
		grow(depth + 1, true, fielded);
		buf_printf(&text, " %s ", pick(pairs, 7));
		grow(depth + 1, true, fielded);
	} else if (kind < 9) {
		grow(depth + 1, placed, fielded);
		buf_puts(&text, " OR ");
		grow(depth + 1, placed, fielded);
	} else if (kind < 11) {
		grow(depth + 1, false, fielded);
		buf_puts(&text, rng_below(&rng, 3) ? " AND " : " NOT ");
		grow(depth + 1, false, fielded);
	} else if (kind == 11) {
		buf_printf(&text, "ATLEAST/%d ", 1 + (int)rng_below(&rng, 3));
		grow(depth + 1, true, fielded);
	} else if (kind == 12) {
		buf_printf(&text, "FIRST/%d ", 1 + (int)rng_below(&rng, 12));
		grow(depth + 1, false, true);
	} else if (kind == 13 && !fielded) {
		grow(depth + 1, false, fielded);
		buf_printf(&text, " %s", pick(abouts, 5));
	} else {
		for (int i = 0; i < 3; i++) {
			grow(depth + 1, false, fielded);
			buf_printf(&text, "^%d ", i == 2 ? -1 : 1 + (int)rng_below(&rng, 3));
		}
		buf_puts(&text, ") >= 2");
		return;
	}
	buf_putc(&text, ')');
}

/* A list of so many random queries; t1 to t3 are among them and may be used by later ones. */
static struct watchlist *
random_list(size_t count)
{
	struct watch_builder *b = watch_builder_new();
	struct watch_origin none = {STR_NONE, 0};
	struct err err;
	ck_assert_int_eq(
	    watch_add(b, STR_LIT("ivo"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Ivo Brand"), none, &err), 0);
	ck_assert_int_eq(
	    watch_add(b, STR_LIT("una"), WATCH_PERSON, STR_LIT("und"), STR_LIT("Una Marsh"), none, &err), 0);
	ck_assert_int_eq(
	    watch_add(b, STR_LIT("plan"), WATCH_TOPIC, STR_LIT("und"), STR_LIT("peace treaty"), none, &err), 0);
	ck_assert_int_eq(watch_add(b, STR_LIT("t3"), WATCH_TOPIC, STR_LIT("und"), STR_LIT("the envoy"), none, &err), 0);
	watch_add_query(b, STR_LIT("t1"), WATCH_TOPIC, STR_LIT("treat* NEAR/5 (the OR @ivo)"), none, &err);
	watch_add_query(b, STR_LIT("t2"), WATCH_TOPIC, STR_LIT("#t1 OR (talks AND NOT harbour) OR lang:ru"), none, &err);
	watch_add_query(b, STR_LIT("t3"), WATCH_TOPIC, STR_LIT("#t2 AND #plan OR ~negotiation"), none, &err);
	for (size_t i = 0; i < count; i++) {
		char id[24];
		snprintf(id, sizeof id, "q%zu", i);
		buf_reset(&text);
		grow(0, false, false);
		watch_add_query(b, str_from(id), WATCH_TOPIC, buf_view(&text), none, &err); /* some stand for nothing */
	}
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_msg(w != NULL, "%s", err.msg);
	watch_builder_free(b);
	return w;
}

static struct str
random_text(struct arena *arena, size_t most)
{
	static const char *const gaps[] = {" ", " ", " ", " ", ", ", ". ", "! ", "-", "\n\n", " — ", " & "};
	size_t n = rng_below(&rng, most + 1);
	buf_reset(&text);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s%s", i > 0 ? pick(gaps, 11) : "", pick(words, WORDS));
	return n > 0 ? arena_str(arena, buf_view(&text)) : STR_NONE;
}

static struct watch_input
random_item(struct arena *arena)
{
	static const char *const langs[] = {"en", "ru", "en-US", "pl", NULL};
	struct watch_input in = {
	    .lang = str_from(pick(langs, 5)), .feed = STR_LIT("anders"), .source = STR_LIT("The Daily Brand")};
	in.memo = rng_below(&rng, 2) ? memo : NULL;
	in.tags = rng_below(&rng, 2) ? STR_LIT("paper wires") : STR_NONE;
	in.fields[WATCH_FIELD_TITLE] = random_text(arena, 8);
	in.fields[WATCH_FIELD_SUMMARY] = random_text(arena, 20);
	in.fields[WATCH_FIELD_CONTENT] = rng_below(&rng, 4) ? random_text(arena, 60) : in.fields[WATCH_FIELD_SUMMARY];
	in.fields[WATCH_FIELD_AUTHOR] = random_text(arena, 3);
	in.fields[WATCH_FIELD_CATEGORY] = random_text(arena, 3);
	return in;
}

static void
put_answers(struct buf *out, const struct query_set *s, const struct query_answers *a)
{
	buf_reset(out);
	for (size_t i = 0; i < a->count; i++) {
		buf_printf(out, "%s\n", s->entries[a->items[i].entry].query.text.s);
		for (size_t k = 0; k < a->items[i].place_count; k++) {
			const struct query_place *p = &a->items[i].places[k];
			buf_printf(out, "  %u %u-%u %u-%u %.*s %s %.*s\n", p->span.field, p->span.first, p->span.last,
			    p->span.start, p->span.end, STR_ARG(p->name), p->rule, STR_ARG(p->form));
		}
	}
}

static void
compare(const struct watchlist *w, const struct watch_input *in, struct arena *arena, size_t *applied)
{
	struct watch_tokens tokens;
	struct watch_result names;
	struct query_doc one, two;
	struct query_answers naive, fast;
	struct buf a, b;
	struct err err;
	buf_init(&a, 0);
	buf_init(&b, 0);
	ck_assert_int_eq(watch_tokenise(in, arena, &tokens, &err), 0);
	ck_assert_int_eq(watch_match_tokens(w, &tokens, arena, &names, &err), 0);
	ck_assert_int_eq(query_doc_init(&one, in, &tokens, &names, arena, &err), 0);
	ck_assert_int_eq(query_doc_init(&two, in, &tokens, &names, arena, &err), 0);
	ck_assert_int_eq(query_set_naive(w->queries, &one, &naive, &err), 0);
	ck_assert_int_eq(query_set_match(w->queries, &two, &fast, &err), 0);
	ck_assert_uint_eq(one.given_up_count + two.given_up_count, 0);
	put_answers(&a, w->queries, &naive);
	put_answers(&b, w->queries, &fast);
	ck_assert_msg(str_eq(buf_view(&a), buf_view(&b)),
	    "title “%.*s” summary “%.*s” content “%.*s”: plain\n%s\nindexed\n%s", STR_ARG(in->fields[0]),
	    STR_ARG(in->fields[1]), STR_ARG(in->fields[2]), a.data ? a.data : "", b.data ? b.data : "");
	*applied += naive.count;
	buf_done(&a);
	buf_done(&b);
}

START_TEST(test_the_index_answers_as_the_plain_evaluator_does)
{
	size_t rounds = getenv("TIDINGS_TESTS") != NULL ? 4 : 25, applied = 0, queries = 0;
	struct arena arena;
	memo = watch_memo_new();
	ck_assert_ptr_nonnull(memo);
	rng = 4711 + (uint64_t)_i;
	buf_init(&text, 0);
	arena_init(&arena, 0);
	for (size_t i = 0; i < rounds; i++) {
		struct watchlist *w = random_list(40);
		queries += w->queries->count;
		for (int k = 0; k < 25; k++) {
			arena_reset(&arena);
			struct watch_input in = random_item(&arena);
			compare(w, &in, &arena, &applied);
		}
		watchlist_free(w);
	}
	ck_assert_uint_gt(queries, rounds * 20);
	ck_assert_uint_gt(applied, rounds * 25 * 2); /* enough of them apply, and enough do not */
	ck_assert_uint_lt(applied, queries * 25 * 3 / 4);
	watch_memo_free(memo);
	arena_done(&arena);
	buf_done(&text);
}
END_TEST

START_TEST(test_topics_that_use_each_other_many_times_cost_no_more)
{
	struct watch_builder *b = watch_builder_new();
	struct watch_input in = {.fields[WATCH_FIELD_TITLE] = STR_LIT("x")};
	struct watch_result result;
	struct arena arena;
	struct err err;
	arena_init(&arena, 0);
	for (int i = 0; i < 32; i++) {
		char id[8], query[64];
		snprintf(id, sizeof id, "t%d", i);
		if (i == 0)
			snprintf(query, sizeof query, "x OR y");
		else
			snprintf(query, sizeof query, "#t%d OR #t%d z OR #t%d", i - 1, i - 1, i - 1);
		ck_assert_int_eq(watch_add_query(b, str_from(id), WATCH_TOPIC, str_from(query),
		                     (struct watch_origin){STR_NONE, 0}, &err),
		    0);
	}
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_msg(w != NULL, "%s", err.msg);
	ck_assert_int_eq(watch_match(w, &in, &arena, &result, &err), 0);
	ck_assert_uint_eq(result.hit_count, 32);
	watchlist_free(w);
	watch_builder_free(b);
	arena_done(&arena);
}
END_TEST

START_TEST(test_an_item_wakes_few_queries)
{
	struct watch_builder *b = watch_builder_new();
	struct err err;
	for (int i = 0; i < 5000; i++) {
		char id[16], query[64];
		snprintf(id, sizeof id, "q%d", i);
		snprintf(query, sizeof query, "the AND word%d NEAR/5 of", i);
		ck_assert_int_eq(watch_add_query(b, str_from(id), WATCH_TOPIC, str_from(query),
		                     (struct watch_origin){STR_NONE, 0}, &err),
		    0);
	}
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_ptr_nonnull(w);
	const struct query_index *x = w->queries->index;
	uint32_t the = query_quick_find(&x->words, text_fold_hash(STR_LIT("the")), STR_LIT("the")),
	         rare = query_quick_find(&x->words, text_fold_hash(STR_LIT("word17")), STR_LIT("word17"));
	ck_assert_uint_eq(x->always_count, 0);
	ck_assert_uint_eq(x->wake_start[the + 1] - x->wake_start[the], 0);
	ck_assert_uint_eq(x->wake_start[rare + 1] - x->wake_start[rare], 1);
	ck_assert_uint_ne(x->wakes[x->wake_start[rare]].first, 0);
	watchlist_free(w);
	watch_builder_free(b);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, test_the_index_answers_as_the_plain_evaluator_does, 0, 4);
	tcase_add_test(tc, test_topics_that_use_each_other_many_times_cost_no_more);
	tcase_add_test(tc, test_an_item_wakes_few_queries);
}

int
main(void)
{
	return tap_run("watch/query_index", suite);
}
