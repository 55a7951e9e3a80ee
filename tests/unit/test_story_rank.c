#include "rng.h"
#include "tap.h"

#include "story/rank.h"

#include <stdlib.h>

#define ITEMS 300u /* that the index holds */
#define TERMS 80u

static struct story_index ix;
static struct story_ranking ranking;
static uint64_t seed;
static size_t count; /* items that came */

static void
start(void)
{
	seed = 1;
	count = 0;
	ck_assert_int_eq(story_index_init(&ix, ITEMS), 0);
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

static void
post(size_t items)
{
	uint64_t keys[STORY_POSTINGS];
	for (; items > 0; items--, count++) {
		for (size_t i = 0; i < 10; i++)
			keys[i] = story_term_key(STORY_TERM_WORD, term(rng_below(&seed, TERMS)));
		story_index_post(&ix, count % ITEMS, keys, 10);
	}
}

/* What each item of the window scores, by its age; worked out in the plainest way. */
struct plain {
	size_t age;
	uint32_t hits;
	float score;
};

static int
better(const void *a, const void *b)
{
	const struct plain *x = a, *y = b;
	if (x->score > y->score || x->score < y->score)
		return x->score > y->score ? -1 : 1;
	return x->age > y->age ? -1 : x->age < y->age;
}

static size_t
rank_plainly(const struct story_question *q, struct plain *out)
{
	uint64_t keys[STORY_PROBES_MAX];
	struct story_hit hits[STORY_HITS_MAX];
	struct story_search search = {.keys = keys, .count = q->count, .newest = q->newest};
	struct plain all[ITEMS];
	size_t n = 0;
	for (size_t i = 0; i < q->count; i++)
		keys[i] = story_term_key(q->kind, q->rare[i].hash);
	size_t found = story_index_find(&ix, &search, hits);
	for (size_t age = 0; age < ITEMS; age++) {
		all[age] = (struct plain){.age = age};
		for (size_t i = 0; i < found; i++) {
			if ((hits[i].place + age + 1) % ITEMS != q->newest)
				continue;
			all[age].hits++;
			all[age].score += (float)q->rare[hits[i].term].rarity;
		}
	}
	for (size_t age = 0; age < ITEMS && age < q->there; age++) {
		if (all[age].hits > 0 && all[age].hits >= q->hits_min)
			out[n++] = all[age];
	}
	qsort(out, n, sizeof *out, better);
	return n < q->max ? n : q->max;
}

START_TEST(test_the_best_are_found_as_by_looking_at_all)
{
	struct story_rare rare[STORY_PROBES_MAX];
	struct story_ranked best[STORY_RANKED_MAX];
	struct plain plain[ITEMS];
	size_t ranked = 0;
	for (size_t n = 0; n < 2000; n++) {
		post(1);
		size_t terms = rng_below(&seed, STORY_PROBES_MAX + 1);
		for (size_t i = 0; i < terms; i++)
			rare[i] =
			    (struct story_rare){(double)rng_below(&seed, 4) * 0.25, term(rng_below(&seed, TERMS))};
		struct story_question q = {.kind = STORY_TERM_WORD,
		    .rare = rare,
		    .count = terms,
		    .hits_min = (uint32_t)rng_below(&seed, 4) + 1,
		    .newest = count % ITEMS,
		    .there = rng_below(&seed, (count < ITEMS ? count : ITEMS) + 1),
		    .max = rng_below(&seed, STORY_RANKED_MAX) + 1};
		size_t found = story_rank(&ranking, &ix, &q, best), wanted = rank_plainly(&q, plain);
		ck_assert_uint_eq(found, wanted);
		for (size_t i = 0; i < found; i++) {
			ck_assert_uint_eq(best[i].age, plain[i].age);
			ck_assert_uint_eq(best[i].hits, plain[i].hits);
			ck_assert_uint_eq((best[i].place + best[i].age + 1) % ITEMS, q.newest);
		}
		ranked += found;
	}
	ck_assert_uint_gt(ranked, 2000);
}
END_TEST

/* Terms may be made so that the index cannot tell them apart: then each of them finds all that an item is posted under. */
START_TEST(test_more_hits_than_terms_are_no_other_item)
{
	struct story_rare rare[STORY_PROBES_MAX];
	struct story_ranked best[STORY_RANKED_MAX];
	uint64_t keys[STORY_POSTINGS];
	for (size_t i = 0; i < STORY_POSTINGS; i++)
		keys[i] = story_term_key(STORY_TERM_WORD, term(1));
	for (size_t i = 0; i < STORY_PROBES_MAX; i++)
		rare[i] = (struct story_rare){1, term(1)};
	post(5);
	story_index_post(&ix, count++ % ITEMS, keys, STORY_POSTINGS);
	struct story_question q = {.kind = STORY_TERM_WORD,
	    .rare = rare,
	    .count = STORY_PROBES_MAX,
	    .hits_min = 3,
	    .newest = count % ITEMS,
	    .there = count,
	    .max = 1};
	ck_assert_uint_eq(story_rank(&ranking, &ix, &q, best), 1);
	ck_assert_uint_eq(best[0].age, 0);
	ck_assert_uint_eq(best[0].place, count - 1);
	ck_assert_uint_ge(best[0].hits, STORY_PROBES_MAX);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_more_hits_than_terms_are_no_other_item);
	tcase_add_test(tc, test_the_best_are_found_as_by_looking_at_all);
}

int
main(void)
{
	return tap_run("story/rank", suite);
}
