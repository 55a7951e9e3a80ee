/*
 * Every allocation of a compilation fails once, and from then on: no crash, no leak, and never a list without some of its names. And memory
 * for an item ends at any place: what is found is all or nothing.
 */
#include "failing_alloc.h"
#include "tap.h"
#include "watch/list.h"

#include <stdlib.h>

static const struct {
	const char *id, *lang, *name;
	enum watch_kind kind;
} entries[] = {{"xi", "zh", "习近平", WATCH_PERSON}, {"wen", "en", "Wen Jiabao", WATCH_PERSON},
    {"kim", "ko", "김정은", WATCH_PERSON}, {"sisi", "en", "Abdel Fattah el-Sisi", WATCH_PERSON},
    {"dab", "pl", "Jan Dąbrowski", WATCH_PERSON}, {"firm", "en", "Varnholt & Sons", WATCH_ORG},
    {"astra", "und", "AstraZeneca", WATCH_ORG}, {"state", "en", "United States Department of State", WATCH_ORG},
    {"zareba", "pl", "Zaręby", WATCH_PLACE}, {"oslo", "en", "Oslo", WATCH_PLACE},
    {"orban", "hu", "Orbán Viktor", WATCH_PERSON}, {"pope", "en", "Pope Leo XIV", WATCH_PERSON},
    {"un", "en", "UNICEF", WATCH_ORG}, {"bill", "en", "William Varnholt", WATCH_PERSON},
    {"rob", "en", "Robert Varnholt", WATCH_PERSON}};

struct size {
	size_t names, words, nodes;
};

/* False when memory ran out; else what the list has. */
static bool
build(struct size *ret)
{
	struct err err = {0};
	struct watch_builder *b = watch_builder_new();
	bool good = b != NULL;
	for (size_t i = 0; good && i < sizeof entries / sizeof *entries; i++)
		good = watch_add(b, str_from(entries[i].id), entries[i].kind, str_from(entries[i].lang),
		           str_from(entries[i].name), (struct watch_origin){STR_NONE, 0}, &err) == 0;
	struct watchlist *w = good ? watch_compile(b, &err) : NULL;
	if (w != NULL)
		*ret = (struct size){w->name_count, w->word_count, w->node_count};
	else if (b != NULL && err.code != ERR_NO_MEMORY)
		abort();
	watchlist_free(w);
	watch_builder_free(b);
	return w != NULL;
}

START_TEST(test_a_list_is_whole_or_none)
{
	struct size whole = {0};
	ck_assert(build(&whole)); /* tables that are made once per process */
	for (int later = 0; later < 2; later++) {
		bool fired = true;
		for (long n = 1; fired; n++) {
			struct size size = {0};
			failing_alloc_arm(n, later);
			bool done = build(&size);
			fired = failing_alloc_fired();
			ck_assert(done || fired);
			ck_assert_msg(!done || memcmp(&size, &whole, sizeof size) == 0,
			    "allocation %ld: %zu names of %zu, %zu words of %zu, %zu nodes of %zu", n, size.names,
			    whole.names, size.words, whole.words, size.nodes, whole.nodes);
			ck_assert(fired || n > 10);
		}
	}
}
END_TEST

/* Who is named, who shares that name, what sounds like it, what only one of them may be by, marks and words without spaces. */
static struct watchlist *
list_for_item(void)
{
	static const struct {
		const char *name;
		enum watch_kind kind;
	} some[] = {{"Bill Donovan", WATCH_PERSON}, {"John Donovan", WATCH_PERSON}, {"Luc O'Donovan", WATCH_PERSON},
	    {"Mary Szymanowski", WATCH_PERSON}, {"Ann Szimonovski", WATCH_PERSON}, {"Robert Lindberg", WATCH_PERSON},
	    {"Jack London", WATCH_PERSON}, {"Ann London", WATCH_PERSON}, {"Donovan Firm", WATCH_ORG}};
	struct watch_builder *b = watch_builder_new();
	struct err err;
	ck_assert_ptr_nonnull(b);
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		ck_assert_int_eq(watch_add(b, str_from(some[i].name), some[i].kind, STR_LIT("und"),
		                     str_from(some[i].name), (struct watch_origin){STR_NONE, 0}, &err),
		    0);
	ck_assert_int_eq(watch_add_role(b, STR_LIT("Bill Donovan"), WATCH_ROLE_NOT, STR_LIT("Bill Donovan Street"),
	                     (struct watch_origin){STR_NONE, 0}, &err),
	    0);
	struct watchlist *w = watch_compile(b, &err);
	ck_assert_ptr_nonnull(w);
	watch_builder_free(b);
	return w;
}

#define LIMIT_STEP 48u

START_TEST(test_of_an_item_all_is_found_or_nothing)
{
	struct watchlist *w = list_for_item();
	struct watch_input in = {.lang = STR_LIT("en"), .memo = _i ? watch_memo_new() : NULL};
	struct watch_result whole, result;
	struct arena arena;
	struct err err;
	bool done = false;
	in.fields[WATCH_FIELD_TITLE] =
	    STR_LIT("Then Bill and Dr Donovan came. There Karen Donnavan is. O'Donovan L. came.");
	in.fields[WATCH_FIELD_CONTENT] = STR_LIT("There Mary Szymanowski and Jack London came to London and Bill "
	                                         "Donovan Street. In Szimonovskia was none, nor J. Donovan. "
	                                         "在罗伯特·林德伯格的");
	arena_init(&arena, 0);
	ck_assert_int_eq(watch_match(w, &in, &arena, &whole, &err), 0);
	ck_assert_uint_eq(whole.hit_count, 6);
	for (size_t limit = 1; !done; limit += LIMIT_STEP) {
		struct arena little;
		arena_init(&little, limit);
		done = watch_match(w, &in, &little, &result, &err) == 0;
		ck_assert(done ? result.hit_count == whole.hit_count : err.code != 0);
		for (size_t i = 0; i < whole.hit_count && done; i++)
			ck_assert_uint_eq(result.hits[i].mention_count, whole.hits[i].mention_count);
		ck_assert(!done || limit > 10 * LIMIT_STEP);
		arena_done(&little);
	}
	watch_memo_free(in.memo);
	watchlist_free(w);
	arena_done(&arena);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_of_an_item_all_is_found_or_nothing, 0, 2);
	tcase_add_test(tc, test_a_list_is_whole_or_none);
}

int
main(void)
{
	return tap_run("watch/memory", suite);
}
