#include "rng.h"
#include "tap.h"

#include "story/weigh.h"

#include <stdlib.h>

static struct story_index ix;
static uint64_t seed;

static void
start(void)
{
	seed = 1;
	ck_assert_int_eq(story_index_init(&ix, 5000), 0);
}

static void
stop(void)
{
	story_index_done(&ix);
}

static uint32_t
term(uint64_t n)
{
	return (uint32_t)(n * 2654435761u);
}

/* So many items have each of the terms: from few to nearly all of them. */
static void
fill(size_t items, size_t terms)
{
	for (size_t i = 0; i < items; i++) {
		for (size_t n = 0; n < terms; n++) {
			uint32_t hash = term(n);
			if (rng_below(&seed, terms * terms) > n * n)
				continue;
			story_index_count(&ix, STORY_TERM_WORD, &hash, 1);
			story_index_count(&ix, STORY_TERM_PIECE, &hash, 1);
			story_index_count(&ix, STORY_TERM_ENTITY, &hash, 1);
		}
		story_index_counted(&ix);
	}
}

static int
by_hash(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return x < y ? -1 : x > y;
}

static enum story_term kind_sorted;

static uint32_t
items_of(enum story_term kind, uint32_t hash)
{
	uint32_t items;
	story_index_items(&ix, kind, &hash, 1, &items);
	return items;
}

static int
by_rarity(const void *a, const void *b)
{
	uint32_t x = items_of(kind_sorted, *(const uint32_t *)a), y = items_of(kind_sorted, *(const uint32_t *)b);
	return x != y ? (x < y ? -1 : 1) : by_hash(a, b);
}

/* Compares with what a plain sort finds. */
static void
check(
    enum story_term kind, const uint32_t *hashes, size_t count, const struct story_rare *rare, size_t found, size_t max)
{
	uint32_t sorted[STORY_WORDS_MAX];
	size_t wanted = 0;
	for (size_t i = 0; i < count; i++)
		sorted[i] = hashes[i];
	kind_sorted = kind;
	qsort(sorted, count, sizeof *sorted, by_rarity);
	while (wanted < count && wanted < max && items_of(kind, sorted[wanted]) <= story_index_common(&ix))
		wanted++;
	ck_assert_uint_eq(found, wanted);
	for (size_t i = 0; i < found; i++) {
		ck_assert_uint_eq(rare[i].hash, sorted[i]);
		ck_assert_double_eq(rare[i].rarity, story_index_rarity(&ix, story_term_key(kind, sorted[i])));
	}
}

static void
check_all(size_t words, size_t pieces, size_t entities, size_t terms)
{
	static struct story_weighed by;
	uint32_t w[STORY_WORDS_MAX], p[STORY_PIECES_MAX], e[STORY_ENTITIES_MAX];
	for (size_t i = 0; i < words; i++)
		w[i] = term(rng_below(&seed, terms));
	for (size_t i = 0; i < pieces; i++)
		p[i] = term(rng_below(&seed, terms));
	for (size_t i = 0; i < entities; i++)
		e[i] = term(rng_below(&seed, terms));
	qsort(w, words, sizeof *w, by_hash);
	qsort(p, pieces, sizeof *p, by_hash);
	qsort(e, entities, sizeof *e, by_hash);
	struct story_signature s = {.words = w,
	    .pieces = p,
	    .entities = e,
	    .word_count = (uint16_t)words,
	    .piece_count = (uint16_t)pieces,
	    .entity_count = (uint16_t)entities};
	story_weigh(&ix, &s, &by);
	check(STORY_TERM_WORD, w, words, by.rare_words, by.rare_word_count, STORY_WORD_PROBES_MAX);
	check(STORY_TERM_PIECE, p, pieces, by.rare_pieces, by.rare_piece_count, STORY_PROBES_MAX);
	check(STORY_TERM_ENTITY, e, entities, by.rare_entities, by.rare_entity_count, STORY_PROBES_MAX);
	ck_assert_double_eq_tol(by.word_weight, story_sum_rarity(&ix, STORY_TERM_WORD, w, words), 1e-9);
	ck_assert_double_eq_tol(by.piece_square, story_sum_square(&ix, STORY_TERM_PIECE, p, pieces), 1e-9);
	for (size_t i = 0; i < words; i++)
		ck_assert_double_eq(by.words[i], story_index_rarity(&ix, story_term_key(STORY_TERM_WORD, w[i])));
}

START_TEST(test_the_rarest_are_found_as_by_sorting)
{
	fill(3000, 300);
	for (size_t n = 0; n < 500; n++)
		check_all(rng_below(&seed, STORY_WORDS_MAX + 1), rng_below(&seed, STORY_PIECES_MAX + 1),
		    rng_below(&seed, STORY_ENTITIES_MAX + 1), 300 + rng_below(&seed, 200));
}
END_TEST

START_TEST(test_while_the_window_is_young_nothing_is_common)
{
	check_all(50, 50, 5, 300);
	fill(40, 100);
	check_all(50, 50, 5, 100);
}
END_TEST

START_TEST(test_what_nearly_all_have_finds_nothing)
{
	static struct story_weighed by;
	uint32_t hash = term(1);
	struct story_signature s = {.words = &hash, .word_count = 1};
	for (size_t i = 0; i < 1000; i++) {
		story_index_count(&ix, STORY_TERM_WORD, &hash, 1);
		story_index_counted(&ix);
	}
	story_weigh(&ix, &s, &by);
	ck_assert_uint_eq(by.rare_word_count, 0);
	ck_assert(by.word_weight < 0.5);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_the_rarest_are_found_as_by_sorting);
	tcase_add_test(tc, test_while_the_window_is_young_nothing_is_common);
	tcase_add_test(tc, test_what_nearly_all_have_finds_nothing);
}

int
main(void)
{
	return tap_run("story/weigh", suite);
}
