#include "rng.h"
#include "tap.h"

#include "base/hash.h"
#include "base/pages.h"
#include "story/compare.h"

/* Texts of words that are the rarer the higher their rank, and an index that has seen many such texts. */
#define RANKS 20000u
#define ITEMS 2000u

static struct story_index ix;
static struct story_recent *recent;
static struct story_newcomer newcomer;
static struct arena arena;
static uint64_t seed;

static uint32_t
word_of(uint64_t rank)
{
	return (uint32_t)hash64((struct str){(const char *)&rank, sizeof rank}, 1) & ~1u;
}

static uint32_t
any_word(void)
{
	uint64_t rank = rng_below(&seed, RANKS), other = rng_below(&seed, RANKS);
	return word_of(rank * other / RANKS);
}

static struct story_signature
signature_of(const uint32_t *words, size_t count, const uint32_t *entities, size_t entity_count)
{
	static const struct story_cut whole;
	struct story_features f = {.words = words, .word_count = (uint16_t)count};
	struct story_signature s;
	struct err err;
	ck_assert_int_eq(story_signature_make(&f, &whole, entities, entity_count, &arena, &s, &err), 0);
	return s;
}

static void
start(void)
{
	uint32_t words[60];
	seed = 1;
	arena_init(&arena, 0);
	recent = pages_new(story_recent_bytes());
	ck_assert_ptr_nonnull(recent);
	ck_assert_int_eq(story_index_init(&ix, 10000), 0);
	for (size_t n = 0; n < ITEMS; n++) {
		for (size_t i = 0; i < 60; i++)
			words[i] = any_word();
		arena_reset(&arena);
		struct story_signature s = signature_of(words, 60, NULL, 0);
		story_index_count(&ix, STORY_TERM_WORD, s.words, s.word_count);
		story_index_counted(&ix);
	}
	arena_reset(&arena);
}

static void
stop(void)
{
	story_index_done(&ix);
	pages_free(recent, story_recent_bytes());
	arena_done(&arena);
}

/* Keeps one, weighed as it is now. */
static const struct story_kept *
keep(size_t number, const struct story_signature *s)
{
	struct story_prepared p = {.signature = *s,
	    .word_weight = story_sum_rarity(&ix, STORY_TERM_WORD, s->words, s->word_count),
	    .word_log = ix.log_counted};
	story_recent_put(recent, number, &p);
	return story_recent_find(recent, number);
}

static void
arrive(const uint32_t *words, size_t count, const uint32_t *entities, size_t entity_count)
{
	newcomer.signature = signature_of(words, count, entities, entity_count);
	newcomer.feed = 1;
	story_newcomer_prepare(&ix, &newcomer);
	story_newcomer_index(&newcomer);
}

/* Texts of all lengths that have from nothing to everything in common, from the same feed and from another. */
START_TEST(test_what_the_sketch_tells_apart_is_apart)
{
	size_t apart = 0, told = 0, near = 0;
	for (size_t n = 0; n < 4000; n++) {
		uint32_t a[STORY_WORDS_MAX], b[STORY_WORDS_MAX];
		size_t a_count = rng_below(&seed, 200), b_count = rng_below(&seed, 200), alike = rng_below(&seed, 50);
		for (size_t i = 0; i < a_count; i++)
			a[i] = any_word();
		for (size_t i = 0; i < b_count; i++)
			b[i] = i < a_count && rng_below(&seed, 100) < alike ? a[i] : any_word();
		arena_reset(&arena);
		arrive(a, a_count, NULL, 0);
		struct story_signature s = signature_of(b, b_count, NULL, 0);
		const struct story_kept *kept = keep(n, &s);
		struct story_other o = {.of = story_kept_prepared(kept), .feed = (uint32_t)rng_below(&seed, 2) + 1};
		double similarity = 0;
		bool surely = story_surely_apart(&ix, &newcomer, o.feed, kept), is = story_apart(&ix, &newcomer, &o);
		ck_assert(!surely || is);
		ck_assert(!surely || !story_is_copy(&ix, &newcomer, &o, &similarity));
		near += alike >= 40 && !is;
		if (alike < 5 && is && a_count <= STORY_SKETCH_WORDS_MAX && b_count <= STORY_SKETCH_WORDS_MAX) {
			apart++;
			told += surely;
		}
	}
	ck_assert_uint_gt(near, 100);
	ck_assert_uint_gt(apart, 100);
	ck_assert_uint_gt(told, apart * 3 / 4);
}
END_TEST

START_TEST(test_what_may_have_the_same_facts_is_not_surely_apart)
{
	static const uint32_t both[] = {2001, 3001};
	uint32_t a[40], b[40];
	for (size_t i = 0; i < 40; i++) {
		a[i] = word_of(1000 + i);
		b[i] = word_of(2000 + i);
	}
	arrive(a, 40, both, 2);
	struct story_signature s = signature_of(b, 40, both, 2), one = signature_of(b, 40, both, 1);
	const struct story_kept *kept = keep(1, &s);
	ck_assert(!story_surely_apart(&ix, &newcomer, 2, kept));
	ck_assert(story_surely_apart(&ix, &newcomer, newcomer.feed, kept));
	ck_assert(story_surely_apart(&ix, &newcomer, 2, keep(2, &one)));
}
END_TEST

/* It was weighed when hardly anything was known to be common. */
START_TEST(test_stale_weights_tell_nothing)
{
	uint32_t a[40], b[40];
	for (size_t i = 0; i < 40; i++) {
		a[i] = word_of(1000 + i);
		b[i] = word_of(2000 + i);
	}
	arrive(a, 40, NULL, 0);
	struct story_signature s = signature_of(b, 40, NULL, 0);
	struct story_prepared p = story_kept_prepared(keep(1, &s));
	ck_assert(story_surely_apart(&ix, &newcomer, 2, story_recent_find(recent, 1)));
	p.word_log -= 1;
	story_recent_weigh(recent, 1, &p);
	ck_assert(!story_surely_apart(&ix, &newcomer, 2, story_recent_find(recent, 1)));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_what_the_sketch_tells_apart_is_apart);
	tcase_add_test(tc, test_what_may_have_the_same_facts_is_not_surely_apart);
	tcase_add_test(tc, test_stale_weights_tell_nothing);
}

int
main(void)
{
	return tap_run("story/compare", suite);
}
