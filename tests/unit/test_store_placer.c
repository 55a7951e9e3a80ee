#include <stddef.h>

struct placer;
static void stay(struct placer *p, size_t done);
#define PLACER_LOOKED(p, done) stay(p, done)
#include "store/placer.c"

#include "rng.h"
#include "tap.h"

#include <sched.h>
#include <stdio.h>

/* More items than the window keeps at hand, so that it asks for signatures. */
#define ITEMS 20000u
#define WORDS 30u
#define OLD 60u
#define AT_HAND 16384u /* items of which the window has the signatures at hand, if they are short: see story/recent.c */

struct world {
	struct placer *placer;
	struct str *signatures;
	size_t known, fetched, submitted;
	bool fails, by_thread;
	struct arena arena;
};

static struct world world;

/* The thread has seen that it is waited for, and is kept until that is over and later answers are waited for. */
static _Atomic bool stays;

static void
stay(struct placer *p, size_t done)
{
	if (!atomic_exchange(&stays, false))
		return;
	tell(p, &p->enough);
	for (size_t awaited = done; awaited <= done || awaited == SIZE_MAX; awaited = atomic_load(&p->awaited))
		sched_yield();
}

static int
fetch_here(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	struct world *w = ctx;
	ck_assert(!placer_is_thread(w->placer));
	w->fetched++;
	if (w->fails)
		return err_set(err, ERR_STORE_CORRUPT, "it is broken");
	*ret = (size_t)item <= w->known ? arena_str(arena, w->signatures[item]) : STR_NONE;
	return 0;
}

static int
fetch(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	struct world *w = ctx;
	if (w->placer == NULL || !placer_is_thread(w->placer))
		return fetch_here(ctx, item, arena, ret, err);
	w->by_thread = true;
	return placer_ask(w->placer, item, arena, ret, err);
}

static const struct story_features *
text_of(uint64_t seed, struct arena *arena)
{
	char text[WORDS * 12];
	size_t len = 0;
	struct err err;
	for (size_t i = 0; i < WORDS; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "w%x ", (unsigned)rng_below(&seed, 1u << 20));
	struct story_features *f = arena_alloc(arena, sizeof *f);
	ck_assert_ptr_nonnull(f);
	struct story_text t = {STR_LIT(""), arena_str(arena, (struct str){text, len})};
	ck_assert_int_eq(story_features(&t, arena, f, &err), 0);
	return f;
}

/* Some texts come again and again, among very many others, and the first ones again at the end, when they are not at hand. */
static const struct story_features *
features(size_t item, uint64_t *dice, struct arena *arena)
{
	uint64_t own = item < OLD || item >= ITEMS - OLD ? item % (ITEMS - OLD)
	               : rng_below(dice, 3) == 0         ? OLD + rng_below(dice, 60)
	                                                 : 1000 + item;
	return text_of(own, arena);
}

static void
start(void)
{
	world = (struct world){.known = 0};
	arena_init(&world.arena, 0);
	world.signatures = calloc(ITEMS + 1, sizeof *world.signatures);
	ck_assert_ptr_nonnull(world.signatures);
}

static void
stop(void)
{
	free(world.signatures);
	arena_done(&world.arena);
}

static void
take(struct story_place *places)
{
	const struct placement *n;
	while ((n = placer_answer(world.placer)) != NULL) {
		ck_assert_msg(n->rc == 0, "%s", n->rc < 0 ? n->err.msg : "");
		ck_assert(n->placed);
		if (places != NULL)
			places[world.known] = n->place;
		world.signatures[++world.known] = arena_str(&world.arena, n->signature);
		placer_forget(world.placer);
	}
}

static struct story_place *
place_all(bool threaded)
{
	struct story_window_options options = {.max_items = 2 * ITEMS, .fetch = fetch, .ctx = &world};
	struct story_place *places = calloc(ITEMS, sizeof *places);
	struct story_window *w = story_window_new(&options);
	struct arena arena;
	uint64_t dice = 11, waits = 12;
	arena_init(&arena, 0);
	world.known = world.fetched = 0;
	ck_assert(w != NULL && places != NULL);
	world.placer = placer_new(w, threaded, fetch_here, &world);
	ck_assert_ptr_nonnull(world.placer);
	for (size_t i = 0; i < ITEMS; i++) {
		struct placement *n = placer_next(world.placer);
		ck_assert_ptr_nonnull(n);
		n->arrival = (struct story_arrival){
		    .feed = STR_LIT("f"), .features = features(i, &dice, &arena), .at = 0, .item = (int64_t)i + 1};
		placer_submit(world.placer);
		ck_assert_uint_le(placer_pending(world.placer), PLACER_MAX);
		if (!placer_is_full(world.placer))
			continue;
		placer_wait(world.placer, rng_below(&waits, 20) == 0 ? 0 : PLACER_MAX / 2);
		take(places);
		if (i % 1000 == 999 && placer_pending(world.placer) == 0)
			arena_reset(&arena);
	}
	placer_wait(world.placer, 0);
	take(places);
	ck_assert_uint_eq(placer_pending(world.placer), 0);
	ck_assert_uint_eq(world.known, ITEMS);
	placer_free(world.placer);
	world.placer = NULL;
	story_window_free(w);
	arena_done(&arena);
	return places;
}

START_TEST(test_a_thread_answers_the_same_in_the_same_order)
{
	size_t copies = 0;
	struct story_place *alone = place_all(false);
	size_t fetched = world.fetched;
	struct story_place *asked = place_all(true);
	ck_assert(world.by_thread);
	ck_assert_uint_gt(fetched, 20);
	ck_assert_uint_eq(world.fetched, fetched);
	for (size_t i = 0; i < ITEMS; i++) {
		ck_assert_uint_eq(alone[i].number, i);
		ck_assert_uint_eq(asked[i].number, i);
		ck_assert_uint_eq(asked[i].joins, alone[i].joins);
		ck_assert_uint_eq(asked[i].duplicate_of, alone[i].duplicate_of);
		ck_assert_int_eq(asked[i].joins_item, alone[i].joins_item);
		copies += alone[i].duplicate_of != STORY_NONE;
	}
	ck_assert_uint_gt(copies, ITEMS / 10);
	free(alone);
	free(asked);
}
END_TEST

/* What is asked when the store goes away is dropped, also in the midst of a question. */
START_TEST(test_it_ends_whatever_is_under_way)
{
	struct story_window_options options = {.max_items = 100, .fetch = fetch, .ctx = &world};
	uint64_t dice = 3;
	for (size_t round = 0; round < 20; round++) {
		struct story_window *w = story_window_new(&options);
		ck_assert_ptr_nonnull(w);
		world.placer = placer_new(w, true, fetch_here, &world);
		ck_assert_ptr_nonnull(world.placer);
		for (size_t i = 0; i < round * 3; i++) {
			struct placement *n = placer_next(world.placer);
			n->arrival = (struct story_arrival){
			    .feed = STR_LIT("f"), .features = features(i, &dice, &world.arena), .item = (int64_t)i + 1};
			placer_submit(world.placer);
		}
		placer_free(world.placer);
		story_window_free(w);
	}
	world.placer = NULL;
}
END_TEST

/* Submits texts of these seeds, of which as many are left unanswered as the thread likes. */
static void
submit(const uint64_t *seeds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct placement *n = placer_next(world.placer);
		ck_assert_ptr_nonnull(n);
		n->arrival = (struct story_arrival){.feed = STR_LIT("f"),
		    .features = text_of(seeds[i], &world.arena),
		    .item = (int64_t)++world.submitted};
		placer_submit(world.placer);
	}
}

/* Fills the window with others, so that what came before is not at hand: then it is asked for. */
static void
submit_others(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		submit(&(const uint64_t){1000 + world.submitted}, 1);
		placer_wait(world.placer, 0);
		take(NULL);
	}
}

static struct story_window *
start_placer(void)
{
	struct story_window_options options = {.max_items = 2 * ITEMS, .fetch = fetch, .ctx = &world};
	struct story_window *w = story_window_new(&options);
	ck_assert_ptr_nonnull(w);
	world.placer = placer_new(w, true, fetch_here, &world);
	ck_assert_ptr_nonnull(world.placer);
	return w;
}

/* As without a thread: nobody asks about the next one before it is known what is to become of the one that failed. */
START_TEST(test_a_question_that_fails_fails_all_that_were_asked_after_it)
{
	static const uint64_t seeds[] = {1, 2, 3, 4, 3, 4};
	struct story_window *w = start_placer();
	const struct placement *n;
	submit(seeds, 3);
	placer_wait(world.placer, 0);
	take(NULL);
	submit_others(ITEMS - 100);
	world.fails = true;
	for (int again = 0; again < 2; again++) {
		submit(&seeds[2], 3); /* the first of which has to be asked for */
		placer_wait(world.placer, 0);
		for (size_t i = 0; i < 3; i++) {
			n = placer_answer(world.placer);
			ck_assert_ptr_nonnull(n);
			ck_assert_int_eq(n->rc, -1);
			ck_assert_int_eq(n->err.code, ERR_STORE_CORRUPT);
			ck_assert(!n->placed);
			placer_forget(world.placer);
		}
		world.submitted -= 3;
	}
	world.fails = false;
	size_t before = world.known, same[] = {2, STORY_NONE, before, before + 1};
	submit(&seeds[2], 4);
	placer_wait(world.placer, 0);
	for (size_t i = 0; i < 4; i++) {
		n = placer_answer(world.placer);
		ck_assert_ptr_nonnull(n);
		ck_assert(n->rc == 0 && n->placed);
		ck_assert_uint_eq(n->place.number, before + i);
		ck_assert_uint_eq(n->place.duplicate_of, same[i]);
		placer_forget(world.placer);
	}
	placer_free(world.placer);
	story_window_free(w);
}
END_TEST

/* What is decided and waits to become rows is not in the tables of whoever is asked for it. */
START_TEST(test_a_signature_that_waits_to_be_taken_is_found)
{
	static const uint64_t seeds[] = {1, 2, 1, 2};
	struct story_window *w = start_placer();
	const struct placement *n;
	submit(seeds, 1);
	placer_wait(world.placer, 0);
	take(NULL);
	submit_others(AT_HAND - 1);
	size_t fetched = world.fetched;
	submit(&seeds[1], 3); /* the second of these is a copy of what takes the first one's place when it is fetched */
	placer_wait(world.placer, 0);
	static const size_t same[] = {STORY_NONE, 0, AT_HAND};
	for (size_t i = 0; i < 3; i++) {
		n = placer_answer(world.placer);
		ck_assert(n != NULL && n->rc == 0);
		ck_assert_uint_eq(n->place.number, AT_HAND + i);
		ck_assert_uint_eq(n->place.duplicate_of, same[i]);
		placer_forget(world.placer);
	}
	ck_assert_uint_eq(world.fetched, fetched + 1);
	placer_free(world.placer);
	story_window_free(w);
}
END_TEST

START_TEST(test_who_waits_anew_while_the_thread_looks_is_told)
{
	struct story_window *w = start_placer();
	atomic_store(&stays, true);
	for (uint64_t i = 1; i <= 2; i++) {
		submit(&i, 1);
		placer_wait(world.placer, 0);
		ck_assert_uint_eq(placer_answered(world.placer), i);
	}
	ck_assert(!atomic_load(&stays));
	take(NULL);
	placer_free(world.placer);
	story_window_free(w);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_a_thread_answers_the_same_in_the_same_order);
	tcase_add_test(tc, test_it_ends_whatever_is_under_way);
	tcase_add_test(tc, test_a_question_that_fails_fails_all_that_were_asked_after_it);
	tcase_add_test(tc, test_a_signature_that_waits_to_be_taken_is_found);
	tcase_add_test(tc, test_who_waits_anew_while_the_thread_looks_is_told);
}

int
main(void)
{
	return tap_run("store/placer", suite);
}
