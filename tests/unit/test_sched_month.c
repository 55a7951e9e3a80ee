/* Thirty days of ten thousand feeds under a clock of our own: the scheduler in a heap, as the daemon uses it. */
#include "tap.h"

#include <stdlib.h>

#include "base/heap.h"
#include "sched/sched.h"

#define FEEDS 10000
#define START_AT 1795444535000LL
#define DAYS 30
#define SPREAD_MS (10 * MINUTE_MS)

static const struct sched_settings settings = {
    .interval_ms = 30 * MINUTE_MS, .min_ms = 10 * MINUTE_MS, .max_ms = DAY_MS, .jitter_percent = 10, .adaptive = true};

struct feed {
	struct heap_entry due; /* first: the heap's entry is the feed */
	struct sched_state state;
	struct sched_hints hints;
	int64_t last_poll_at, not_before_at;
	unsigned polls, last_item;
	bool broken;
};

static struct feed feeds[FEEDS];
static unsigned per_hour[DAYS * 24 + 1];
static uint64_t seed = 88172645463325252u;

static uint64_t
draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* A tenth each: asks for two hours, asks by freshness, has quiet hours, fails for ever; the rest publish at their own pace. */
static void
make_feed(struct feed *f, unsigned i)
{
	*f = (struct feed){.hints = SCHED_HINTS_NONE, .last_poll_at = TIME_NONE, .not_before_at = TIME_NONE};
	heap_entry_init(&f->due);
	f->hints.items_per_week = (double)(draw() % 300);
	f->hints.ttl_ms = i % 10 == 0 ? 2 * HOUR_MS : -1;
	f->hints.max_age_ms = i % 10 == 1 ? HOUR_MS : -1;
	f->hints.skip_hours = i % 10 == 2 ? 0xff : 0; /* 0 to 7 o'clock */
	f->broken = i % 10 == 3;
}

/* The server's answer at this moment. */
static struct sched_result
answer(struct feed *f, int64_t now)
{
	struct sched_result r = {.outcome = SCHED_SAME, .retry_after_ms = -1, .hints = &f->hints};
	unsigned item = (unsigned)((double)(now - START_AT) / (7 * DAY_MS) * f->hints.items_per_week);
	f->hints.known_before = f->polls > 0;
	f->hints.items = item != f->last_item ? 25 : 0;
	f->hints.items_new = item - f->last_item < 25 ? item - f->last_item : 25;
	f->last_item = item;
	if (f->hints.items_new > 0)
		r.outcome = SCHED_NEW_ITEMS;
	if (f->broken)
		r = (struct sched_result){.outcome = SCHED_FAILED, .error = ERR_CONNECT_REFUSED, .retry_after_ms = -1};
	if (!f->broken && draw() % 200 == 0)
		r = (struct sched_result){
		    .outcome = SCHED_FAILED, .error = ERR_HTTP_RATE_LIMITED, .retry_after_ms = 5 * HOUR_MS};
	return r;
}

/* What went against a promise; counted, because an assertion for each of millions of polls takes minutes. */
static struct {
	unsigned minimum, retry_after, quiet, ttl, freshness, heap;
} broken_promises;

static void
check_manners(const struct feed *f, int64_t now)
{
	if (f->last_poll_at == TIME_NONE)
		return;
	bool well = f->state.failures == 0;
	int64_t since = now - f->last_poll_at;
	broken_promises.minimum += since < settings.min_ms;
	broken_promises.retry_after += f->not_before_at != TIME_NONE && now < f->not_before_at;
	broken_promises.quiet += well && f->hints.skip_hours && now / HOUR_MS % 24 < 8;
	broken_promises.ttl += well && since < f->hints.ttl_ms;
	broken_promises.freshness += well && since < f->hints.max_age_ms;
}

static void
poll(struct heap *heap, struct feed *f, int64_t now)
{
	check_manners(f, now);
	struct sched_result r = answer(f, now);
	struct sched_decision d = sched_next(&f->state, &settings, &r, now, draw());
	f->state = d.state;
	f->last_poll_at = now;
	f->not_before_at = r.retry_after_ms > 0 ? now + r.retry_after_ms : TIME_NONE;
	f->polls++;
	per_hour[(now - START_AT) / HOUR_MS]++;
	broken_promises.heap += heap_set(heap, &f->due, d.next_due_at) != 0;
}

START_TEST(test_a_month_is_polite_even_and_leaves_nobody_out)
{
	struct heap heap;
	heap_init(&heap);
	for (unsigned i = 0; i < FEEDS; i++) {
		make_feed(&feeds[i], i);
		ck_assert_int_eq(
		    heap_set(&heap, &feeds[i].due, sched_first(TIME_NONE, &settings, SPREAD_MS, START_AT, draw())), 0);
	}
	for (;;) {
		struct feed *f = (struct feed *)heap_min(&heap);
		if (f->due.key >= START_AT + DAYS * DAY_MS)
			break;
		poll(&heap, f, f->due.key);
	}
	heap_done(&heap);
	ck_assert_uint_eq(broken_promises.minimum, 0);
	ck_assert_uint_eq(broken_promises.retry_after, 0);
	ck_assert_uint_eq(broken_promises.quiet, 0);
	ck_assert_uint_eq(broken_promises.ttl, 0);
	ck_assert_uint_eq(broken_promises.freshness, 0);
	ck_assert_uint_eq(broken_promises.heap, 0);
	uint64_t total = 0, broken = 0;
	for (unsigned i = 0; i < FEEDS; i++) {
		ck_assert_uint_ge(feeds[i].polls, DAYS - 5); /* at least about once a day */
		total += feeds[i].polls;
		broken += feeds[i].broken ? feeds[i].polls : 0;
	}
	ck_assert_uint_lt(broken, total / 100); /* a tenth of the feeds, next to none of the polls */
	uint64_t sum = 0, most = 0;
	for (int h = 48; h < DAYS * 24; h++) { /* the first two days settle */
		sum += per_hour[h];
		most = per_hour[h] > most ? per_hour[h] : most;
	}
	ck_assert_msg(most * (DAYS * 24 - 48) < 2 * sum, "the busiest hour has %llu polls", (unsigned long long)most);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_month_is_polite_even_and_leaves_nobody_out);
}

int
main(void)
{
	return tap_run("sched/month", suite);
}
