#include "tap.h"

#include <stdlib.h>

#include "sched/sched.h"

#define NOW 1795444535000LL
#define MIN_ (5 * MINUTE_MS)
#define MAX_ DAY_MS

static const struct sched_settings fixed = {
    .interval_ms = 15 * MINUTE_MS, .min_ms = MIN_, .max_ms = MAX_, .jitter_percent = 10};
static const struct sched_settings exact = {.interval_ms = 15 * MINUTE_MS, .min_ms = MIN_, .max_ms = MAX_};
static const struct sched_settings adaptive = {
    .interval_ms = 15 * MINUTE_MS, .min_ms = MIN_, .max_ms = MAX_, .adaptive = true};
static const struct sched_state fresh;

static struct sched_result
failed(enum err_code e)
{
	return (struct sched_result){.outcome = SCHED_FAILED, .error = e, .retry_after_ms = -1};
}

static struct sched_result
same(const struct sched_hints *h)
{
	return (struct sched_result){.outcome = SCHED_SAME, .retry_after_ms = -1, .hints = h};
}

static int64_t
wait_of(const struct sched_decision *d)
{
	return d->next_due_at - NOW;
}

START_TEST(test_a_healthy_feed_is_polled_at_its_interval)
{
	struct sched_result r = same(NULL);
	struct sched_decision d = sched_next(&fresh, &exact, &r, NOW, 7);
	ck_assert_int_eq(wait_of(&d), 15 * MINUTE_MS);
	ck_assert_str_eq(d.why, "interval");
	ck_assert_int_eq(d.state.interval_ms, 15 * MINUTE_MS);
	ck_assert(d.state.failing_since_at == TIME_NONE);
	ck_assert(!d.gone && !d.gap);
}
END_TEST

START_TEST(test_jitter_spreads_both_ways_and_evenly)
{
	int64_t low = INT64_MAX, high = 0, sum = 0;
	for (uint64_t i = 0; i < 1000; i++) {
		struct sched_result r = same(NULL);
		struct sched_decision d = sched_next(&fresh, &fixed, &r, NOW, i);
		int64_t w = wait_of(&d);
		low = w < low ? w : low;
		high = w > high ? w : high;
		sum += w;
	}
	ck_assert_int_ge(low, 15 * MINUTE_MS * 9 / 10);
	ck_assert_int_le(high, 15 * MINUTE_MS * 11 / 10);
	ck_assert_int_lt(low, 15 * MINUTE_MS * 91 / 100);
	ck_assert_int_gt(high, 15 * MINUTE_MS * 109 / 100);
	ck_assert_int_le(llabs(sum / 1000 - 15 * MINUTE_MS), 10 * SECOND_MS);
}
END_TEST

START_TEST(test_failures_back_off_exponentially_up_to_the_maximum)
{
	struct sched_state s = fresh;
	int64_t want = 30 * MINUTE_MS;
	for (int i = 1; i <= 12; i++, want *= 2) {
		struct sched_result r = failed(ERR_CONNECT_REFUSED);
		struct sched_decision d = sched_next(&s, &exact, &r, NOW, 3);
		ck_assert_int_eq(wait_of(&d), want < MAX_ ? want : MAX_);
		ck_assert_uint_eq(d.state.failures, (unsigned)i);
		ck_assert_int_eq(d.state.failing_since_at, NOW);
		s = d.state;
	}
	struct sched_result well = same(NULL);
	struct sched_decision d = sched_next(&s, &exact, &well, NOW, 3);
	ck_assert_int_eq(wait_of(&d), 15 * MINUTE_MS);
	ck_assert_uint_eq(d.state.failures, 0);
	ck_assert(d.state.weight == 0 && d.state.failing_since_at == TIME_NONE);
}
END_TEST

START_TEST(test_feeds_that_fail_together_do_not_come_back_together)
{
	int64_t low = INT64_MAX, high = 0;
	for (uint64_t i = 0; i < 1000; i++) {
		struct sched_result r = failed(ERR_CONNECT_REFUSED);
		struct sched_decision d = sched_next(&fresh, &fixed, &r, NOW, i);
		low = wait_of(&d) < low ? wait_of(&d) : low;
		high = wait_of(&d) > high ? wait_of(&d) : high;
	}
	ck_assert_int_ge(low, 30 * MINUTE_MS * 9 / 10);
	ck_assert_int_le(high, 30 * MINUTE_MS * 11 / 10);
	ck_assert_int_lt(low, 30 * MINUTE_MS * 91 / 100);
	ck_assert_int_gt(high, 30 * MINUTE_MS * 109 / 100);
}
END_TEST

START_TEST(test_the_kind_of_failure_decides_how_far_back)
{
	static const struct {
		enum err_code e;
		int64_t wait;
		unsigned failures;
	} rows[] = {
	    {ERR_DNS_TEMPORARY, 1272792, 1}, /* 15 min times the square root of 2 */
	    {ERR_TIMEOUT, 30 * MINUTE_MS, 1},
	    {ERR_HTTP_NOT_FOUND, 60 * MINUTE_MS, 1},
	    {ERR_NETWORK_DOWN, 5 * MINUTE_MS, 0},
	    {ERR_CANCELLED, 5 * MINUTE_MS, 0},
	    {ERR_STORE_BUSY, 5 * MINUTE_MS, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sched_result r = failed(rows[i].e);
		struct sched_decision d = sched_next(&fresh, &exact, &r, NOW, 0);
		ck_assert_msg(
		    llabs(wait_of(&d) - rows[i].wait) <= 1, "%s: %lld", err_word(rows[i].e), (long long)wait_of(&d));
		ck_assert_uint_eq(d.state.failures, rows[i].failures);
	}
}
END_TEST

START_TEST(test_a_fault_of_ours_is_not_held_against_the_feed)
{
	struct sched_state s = {.interval_ms = HOUR_MS, .failures = 3, .weight = 3, .failing_since_at = NOW - DAY_MS};
	struct sched_result r = failed(ERR_NETWORK_DOWN);
	struct sched_decision d = sched_next(&s, &exact, &r, NOW, 0);
	ck_assert_uint_eq(d.state.failures, 3);
	ck_assert(d.state.weight == 3);
	ck_assert_int_eq(d.state.failing_since_at, NOW - DAY_MS);
}
END_TEST

START_TEST(test_retry_after_is_honoured_within_its_bounds)
{
	static const struct {
		int64_t said, wait;
	} rows[] = {
	    {-1, 30 * MINUTE_MS},
	    {0, 30 * MINUTE_MS},
	    {20 * MINUTE_MS, 30 * MINUTE_MS},
	    {2 * HOUR_MS, 2 * HOUR_MS},
	    {23 * HOUR_MS, 23 * HOUR_MS},
	    {3650 * DAY_MS, DAY_MS},
	    {INT64_MAX, DAY_MS},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sched_result r = failed(ERR_HTTP_RATE_LIMITED);
		r.retry_after_ms = rows[i].said;
		struct sched_decision d = sched_next(&fresh, &exact, &r, NOW, 5);
		ck_assert_msg(wait_of(&d) == rows[i].wait, "row %zu: %lld", i, (long long)wait_of(&d));
	}
	struct sched_result ok = same(NULL);
	ok.retry_after_ms = 2 * HOUR_MS; /* with any status */
	struct sched_decision d = sched_next(&fresh, &fixed, &ok, NOW, 5);
	ck_assert_int_ge(wait_of(&d), 2 * HOUR_MS); /* jitter never makes it sooner */
	ck_assert_str_eq(d.why, "Retry-After");
}
END_TEST

START_TEST(test_retry_after_beyond_a_short_maximum_is_still_honoured)
{
	struct sched_settings s = exact;
	s.max_ms = HOUR_MS;
	struct sched_result r = failed(ERR_HTTP_RATE_LIMITED);
	r.retry_after_ms = 10 * HOUR_MS;
	struct sched_decision d = sched_next(&fresh, &s, &r, NOW, 5);
	ck_assert_int_eq(wait_of(&d), 10 * HOUR_MS);
}
END_TEST

START_TEST(test_gone_is_told)
{
	struct sched_result r = failed(ERR_HTTP_GONE);
	struct sched_decision d = sched_next(&fresh, &exact, &r, NOW, 5);
	ck_assert(d.gone);
	ck_assert_int_eq(wait_of(&d), MAX_);
}
END_TEST

START_TEST(test_what_the_server_asks_for_is_a_floor)
{
	struct sched_hints h = SCHED_HINTS_NONE;
	struct sched_result r = same(&h);
	h.ttl_ms = HOUR_MS;
	struct sched_decision d = sched_next(&fresh, &adaptive, &r, NOW, 5);
	ck_assert_int_eq(wait_of(&d), HOUR_MS);
	ck_assert_str_eq(d.why, "the server's wish");
	h.update_ms = 2 * HOUR_MS;
	d = sched_next(&fresh, &adaptive, &r, NOW, 5);
	ck_assert_int_eq(wait_of(&d), 2 * HOUR_MS);
	h.max_age_ms = 3 * HOUR_MS;
	d = sched_next(&fresh, &adaptive, &r, NOW, 5);
	ck_assert_int_eq(wait_of(&d), 3 * HOUR_MS);
	h.max_age_ms = 16 * 366 * DAY_MS; /* seen in the wild */
	d = sched_next(&fresh, &adaptive, &r, NOW, 5);
	ck_assert_int_eq(wait_of(&d), MAX_);
	d = sched_next(&fresh, &exact, &r, NOW, 5); /* a fixed interval is the user's word */
	ck_assert_int_eq(wait_of(&d), 15 * MINUTE_MS);
}
END_TEST

START_TEST(test_the_interval_follows_the_feeds_own_rhythm)
{
	struct sched_hints h = SCHED_HINTS_NONE;
	struct sched_result r = same(&h);
	struct sched_state s = fresh;
	h.items_per_week = 7; /* one a day: twelve hours between polls */
	for (int i = 0; i < 20; i++)
		s = sched_next(&s, &adaptive, &r, NOW, 1).state;
	ck_assert_int_ge(s.interval_ms, 11 * HOUR_MS);
	ck_assert_int_le(s.interval_ms, 13 * HOUR_MS);
	h.items_per_week = 0;
	for (int i = 0; i < 20; i++)
		s = sched_next(&s, &adaptive, &r, NOW, 1).state;
	ck_assert_int_ge(s.interval_ms, 23 * HOUR_MS);
	h.items_per_week = 10000;
	for (int i = 0; i < 20; i++)
		s = sched_next(&s, &adaptive, &r, NOW, 1).state;
	ck_assert_int_le(s.interval_ms, MIN_ + 10 * SECOND_MS);
}
END_TEST

START_TEST(test_a_document_full_of_news_brings_the_next_poll_forward)
{
	struct sched_hints h = SCHED_HINTS_NONE;
	struct sched_result r = {.outcome = SCHED_NEW_ITEMS, .retry_after_ms = -1, .hints = &h};
	struct sched_state s = {.interval_ms = 4 * HOUR_MS};
	h.items_per_week = 7;
	h.items = 20;
	h.items_new = 2;
	h.known_before = true;
	struct sched_decision calm = sched_next(&s, &adaptive, &r, NOW, 1);
	h.items_new = 12;
	struct sched_decision busy = sched_next(&s, &adaptive, &r, NOW, 1);
	h.items_new = 20;
	struct sched_decision gap = sched_next(&s, &adaptive, &r, NOW, 1);
	ck_assert_int_gt(wait_of(&calm), 4 * HOUR_MS);
	ck_assert_int_eq(wait_of(&busy), 2 * HOUR_MS);
	ck_assert_int_eq(wait_of(&gap), HOUR_MS);
	ck_assert(!calm.gap && !busy.gap && gap.gap);
	h.known_before = false; /* the first poll of a feed is no gap */
	ck_assert(!sched_next(&fresh, &adaptive, &r, NOW, 1).gap);
}
END_TEST

START_TEST(test_quiet_hours_are_left_alone)
{
	struct sched_hints h = SCHED_HINTS_NONE;
	struct sched_result r = same(&h);
	h.skip_hours = 1u << 14 | 1u << 15; /* now is 14:35 GMT */
	struct sched_decision d = sched_next(&fresh, &adaptive, &r, NOW, 1);
	int64_t hour = d.next_due_at / HOUR_MS % 24;
	ck_assert_int_eq(hour, 16);
	ck_assert_str_eq(d.why, "the feed's quiet hours");
}
END_TEST

START_TEST(test_the_dates_of_items_show_the_rhythm)
{
	int64_t at[60] = {0};
	ck_assert(sched_items_per_week(at, 0, NOW) < 0);
	for (int i = 0; i < 60; i++)
		at[i] = TIME_NONE;
	ck_assert(sched_items_per_week(at, 60, NOW) < 0);
	for (int i = 0; i < 60; i++)
		at[i] = NOW + (i + 1) * HOUR_MS; /* pinned in the future */
	ck_assert(sched_items_per_week(at, 60, NOW) < 0);
	for (int i = 0; i < 60; i++)
		at[i] = NOW - i * DAY_MS;
	ck_assert_double_eq_tol(sched_items_per_week(at, 60, NOW), 8, 1);
	ck_assert_double_eq_tol(sched_items_per_week(at, 5, NOW), 8.75, 0.1); /* no further back than four days */
	for (int i = 0; i < 60; i++)
		at[i] = NOW - i * MINUTE_MS;
	ck_assert_double_eq_tol(sched_items_per_week(at, 60, NOW), 10080, 500);
	for (int i = 0; i < 60; i++)
		at[i] = NOW - (10 + i) * DAY_MS;
	ck_assert_double_eq_tol(sched_items_per_week(at, 60, NOW), 4.75, 0.1);
	for (int i = 0; i < 60; i++)
		at[i] = NOW - (400 + i) * DAY_MS;
	ck_assert_double_eq_tol(sched_items_per_week(at, 60, NOW), 0, 0.001);
}
END_TEST

static uint64_t
draw(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static int64_t
draw_ms(uint64_t *seed)
{
	static const int64_t odd[] = {-1, 0, 1, INT64_MAX, INT64_MIN, 366 * DAY_MS, MINUTE_MS, DAY_MS};
	uint64_t d = draw(seed);
	return d % 4 == 0 ? odd[d / 4 % 8] : (int64_t)(d >> 8 & 0xffffffff);
}

START_TEST(test_no_arguments_break_the_promises)
{
	uint64_t seed = 88172645463325252u;
	for (int i = 0; i < 200000; i++) {
		struct sched_settings s = {
		    draw_ms(&seed), draw_ms(&seed), draw_ms(&seed), (int)(draw(&seed) % 80) - 10, draw(&seed) % 2};
		struct sched_hints h = {draw_ms(&seed), draw_ms(&seed), draw_ms(&seed), (uint32_t)draw(&seed),
		    (uint8_t)draw(&seed), (double)(draw(&seed) % 20000) - 1, (unsigned)(draw(&seed) % 30),
		    (unsigned)(draw(&seed) % 30), draw(&seed) % 2};
		struct sched_state st = {
		    draw_ms(&seed), (unsigned)draw(&seed), (double)(draw(&seed) % 40), draw_ms(&seed)};
		struct sched_result r = {
		    draw(&seed) % 3, draw(&seed) % ERR_CODE_COUNT, draw_ms(&seed), draw(&seed) % 3 ? &h : NULL};
		uint64_t random = draw(&seed);
		struct sched_decision d = sched_next(&st, &s, &r, NOW, random),
		                      again = sched_next(&st, &s, &r, NOW, random);
		int64_t min = s.min_ms < SECOND_MS ? SECOND_MS : s.min_ms > 366 * DAY_MS ? 366 * DAY_MS : s.min_ms;
		int64_t max = s.max_ms < min ? min : s.max_ms > 366 * DAY_MS ? 366 * DAY_MS : s.max_ms;
		int64_t most = (max > DAY_MS ? max : DAY_MS) * 3 / 2 + 8 * DAY_MS;
		ck_assert_msg(wait_of(&d) >= min, "round %d: due after %lld, minimum %lld", i, (long long)wait_of(&d),
		    (long long)min);
		ck_assert_msg(wait_of(&d) <= most, "round %d: due after %lld, maximum %lld", i, (long long)wait_of(&d),
		    (long long)max);
		ck_assert_int_eq(d.next_due_at, again.next_due_at);
		ck_assert_ptr_nonnull(d.why);
		if (!(s.adaptive && r.hints != NULL) && r.retry_after_ms < 0)
			ck_assert_int_le(wait_of(&d), max + max / 2);
	}
}
END_TEST

START_TEST(test_the_first_round_is_spread_and_never_a_storm)
{
	enum { N = 10000, SLOTS = 10 };
	static const int64_t dues[] = {TIME_NONE, NOW - SECOND_MS, NOW - HOUR_MS, NOW - 300 * DAY_MS, INT64_MIN + 1};
	const int64_t spread = 10 * MINUTE_MS;
	for (size_t k = 0; k < sizeof dues / sizeof *dues; k++) {
		unsigned slot[SLOTS + 1] = {0}, outside = 0;
		for (uint64_t i = 0; i < N; i++) {
			int64_t at = sched_first(dues[k], &exact, spread, NOW, i);
			if (at < NOW || at > NOW + spread)
				outside++;
			else
				slot[(at - NOW) * SLOTS / spread]++;
		}
		ck_assert_uint_eq(outside, 0);
		for (int i = 0; i < SLOTS; i++)
			ck_assert_msg(slot[i] <= N / SLOTS * 5 / 2, "due %zu, slot %d: %u", k, i, slot[i]);
	}
}
END_TEST

START_TEST(test_the_longest_overdue_come_first)
{
	int64_t old = sched_first(NOW - 10 * DAY_MS, &exact, HOUR_MS, NOW, 42),
	        late = sched_first(NOW - MINUTE_MS, &exact, HOUR_MS, NOW, 42);
	ck_assert_int_lt(old, late);
}
END_TEST

START_TEST(test_a_due_time_survives_a_restart_unless_the_clock_was_wrong)
{
	ck_assert_int_eq(sched_first(NOW + 7 * MINUTE_MS, &exact, HOUR_MS, NOW, 1), NOW + 7 * MINUTE_MS);
	ck_assert_int_eq(sched_first(NOW + DAY_MS, &exact, HOUR_MS, NOW, 1), NOW + DAY_MS);
	ck_assert_int_eq(sched_first(NOW + 3650 * DAY_MS, &exact, HOUR_MS, NOW, 1), NOW + 15 * MINUTE_MS);
	ck_assert_int_eq(sched_first(INT64_MAX, &exact, HOUR_MS, NOW, 1), NOW + 15 * MINUTE_MS);
	ck_assert_int_eq(sched_first(TIME_NONE, &exact, 0, NOW, 1), NOW);
	ck_assert_int_eq(sched_first(NOW - 5, &exact, -5, NOW, 1), NOW);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_healthy_feed_is_polled_at_its_interval);
	tcase_add_test(tc, test_jitter_spreads_both_ways_and_evenly);
	tcase_add_test(tc, test_failures_back_off_exponentially_up_to_the_maximum);
	tcase_add_test(tc, test_feeds_that_fail_together_do_not_come_back_together);
	tcase_add_test(tc, test_the_kind_of_failure_decides_how_far_back);
	tcase_add_test(tc, test_a_fault_of_ours_is_not_held_against_the_feed);
	tcase_add_test(tc, test_retry_after_is_honoured_within_its_bounds);
	tcase_add_test(tc, test_retry_after_beyond_a_short_maximum_is_still_honoured);
	tcase_add_test(tc, test_gone_is_told);
	tcase_add_test(tc, test_what_the_server_asks_for_is_a_floor);
	tcase_add_test(tc, test_the_interval_follows_the_feeds_own_rhythm);
	tcase_add_test(tc, test_a_document_full_of_news_brings_the_next_poll_forward);
	tcase_add_test(tc, test_quiet_hours_are_left_alone);
	tcase_add_test(tc, test_the_dates_of_items_show_the_rhythm);
	tcase_add_test(tc, test_no_arguments_break_the_promises);
	tcase_add_test(tc, test_the_first_round_is_spread_and_never_a_storm);
	tcase_add_test(tc, test_the_longest_overdue_come_first);
	tcase_add_test(tc, test_a_due_time_survives_a_restart_unless_the_clock_was_wrong);
}

int
main(void)
{
	return tap_run("sched/next", suite);
}
