/* Every allocation of a compilation fails once, and from then on: no crash, no leak, and never a list without some of its names. */
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

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_list_is_whole_or_none);
}

int
main(void)
{
	return tap_run("watch/memory", suite);
}
