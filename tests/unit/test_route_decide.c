#include "tap.h"

#include "route/decide.h"

#define NOON (20783 * DAY_MS + 12 * HOUR_MS) /* 2026-11-26T12:00:00Z */

static struct arena arena;
static struct route_policy policy;
static struct route_facts facts;
static struct route_verdict verdict;

static void
setup(void)
{
	arena_init(&arena, 0);
	policy = (struct route_policy){.key = STR_LIT("r"), .group_wait_ms = 0, .group_interval_ms = 30 * MINUTE_MS};
	facts = (struct route_facts){
	    .now = NOON, .severity = 1, .source_count = 1, .since_at = NOON, .told_at = TIME_NONE, .silenced = STR_NONE};
}

static void
teardown(void)
{
	arena_done(&arena);
}

static enum route_step
decide(void)
{
	route_decide(&policy, &facts, &arena, &verdict);
	return verdict.step;
}

static void
be_quiet(struct route_quiet *q, int from, int to)
{
	q->span = (struct route_span){from * 60, to * 60};
	q->zone = STR_LIT("UTC");
	q->severity = 3;
}

START_TEST(test_without_any_rule_it_is_sent_at_once)
{
	ck_assert_int_eq(decide(), ROUTE_SEND);
	ck_assert(verdict.at == TIME_NONE && !verdict.muted && verdict.group.s == NULL && !verdict.digest);
}
END_TEST

START_TEST(test_the_first_of_a_group_waits_for_company)
{
	facts.grouped = true;
	policy.group_wait_ms = MINUTE_MS;
	ck_assert_int_eq(decide(), ROUTE_GROUP);
	ck_assert_int_eq(verdict.at, NOON + MINUTE_MS);
	ck_assert(!verdict.grown);
}
END_TEST

START_TEST(test_a_group_that_was_told_waits_for_its_interval)
{
	facts.grouped = facts.told = true;
	facts.told_at = NOON - 10 * MINUTE_MS;
	ck_assert_int_eq(decide(), ROUTE_GROUP);
	ck_assert_int_eq(verdict.at, NOON + 20 * MINUTE_MS);
	ck_assert(verdict.grown);
	facts.told_at = NOON + 1000 * HOUR_MS; /* by a clock that was wrong */
	ck_assert_int_eq(decide(), ROUTE_GROUP);
	ck_assert_int_eq(verdict.at, NOON + 30 * MINUTE_MS);
	facts.told_at = NOON - HOUR_MS;
	ck_assert_int_eq(decide(), ROUTE_SEND);
	ck_assert(verdict.grown && verdict.at == TIME_NONE);
}
END_TEST

START_TEST(test_a_watch_that_matters_more_mutes)
{
	static const struct str big[] = {STR_LIT("big")}, story[] = {STR_LIT("small"), STR_LIT("big")};
	policy.muted_by = big;
	policy.muted_by_count = 1;
	facts.watches = story;
	facts.watch_count = 1;
	ck_assert_int_eq(decide(), ROUTE_SEND);
	facts.watch_count = 2;
	facts.silenced = STR_LIT("silence 1");
	ck_assert_int_eq(decide(), ROUTE_INHIBITED);
	ck_assert(verdict.muted);
	ck_assert_str_is(verdict.reason, "inhibited by big");
}
END_TEST

START_TEST(test_a_silence_comes_before_quiet_hours)
{
	be_quiet(&policy.quiet, 11, 14);
	facts.silenced = STR_LIT("silence 7 (ann)");
	ck_assert_int_eq(decide(), ROUTE_SILENCED);
	ck_assert_str_is(verdict.reason, "silence 7 (ann)");
}
END_TEST

START_TEST(test_in_quiet_hours_only_the_severe_is_told)
{
	be_quiet(&policy.quiet, 11, 14);
	ck_assert_int_eq(decide(), ROUTE_QUIET);
	ck_assert_int_eq(verdict.at, NOON + 2 * HOUR_MS);
	ck_assert_str_is(verdict.group, "quiet r");
	ck_assert(verdict.digest);
	facts.severity = 3;
	ck_assert_int_eq(decide(), ROUTE_SEND);
}
END_TEST

START_TEST(test_quiet_hours_of_route_and_sink_add_up)
{
	be_quiet(&policy.quiet, 11, 14);
	be_quiet(&facts.quiet, 13, 17);
	ck_assert_int_eq(decide(), ROUTE_QUIET);
	ck_assert_int_eq(verdict.at, NOON + 5 * HOUR_MS);
}
END_TEST

START_TEST(test_a_digest_comes_at_its_time_but_not_in_quiet_hours)
{
	policy.digest = (struct route_digest){ROUTE_DIGEST_DAILY, 20 * 60};
	policy.digest_zone = STR_LIT("UTC");
	ck_assert_int_eq(decide(), ROUTE_DIGEST);
	ck_assert_int_eq(verdict.at, NOON + 8 * HOUR_MS);
	be_quiet(&policy.quiet, 19, 21);
	decide();
	ck_assert_int_eq(verdict.at, NOON + 9 * HOUR_MS);
	policy.digest.every = ROUTE_DIGEST_HOURLY;
	decide();
	ck_assert_int_eq(verdict.at, NOON + HOUR_MS);
}
END_TEST

START_TEST(test_what_is_over_the_rate_is_folded_not_lost)
{
	facts.limited = true;
	facts.rate_at = NOON;
	ck_assert_int_eq(decide(), ROUTE_SEND);
	facts.rate_at = NOON + 10 * MINUTE_MS;
	ck_assert_int_eq(decide(), ROUTE_RATE);
	ck_assert(verdict.digest && !verdict.muted && verdict.at == NOON + 10 * MINUTE_MS);
	ck_assert_str_is(verdict.reason, "rate");
}
END_TEST

START_TEST(test_an_escalation_comes_about_once_and_in_time)
{
	policy.escalate_sources = 5;
	policy.escalate_within_ms = HOUR_MS;
	facts.grouped = true;
	facts.since_at = NOON - 30 * MINUTE_MS;
	facts.source_count = 4;
	ck_assert_int_eq(decide(), ROUTE_SKIP);
	facts.source_count = 5;
	ck_assert_int_eq(decide(), ROUTE_SEND);
	facts.told = true;
	ck_assert_int_eq(decide(), ROUTE_SKIP);
	facts.told = false;
	facts.since_at = NOON - 2 * HOUR_MS;
	ck_assert_int_eq(decide(), ROUTE_SKIP);
}
END_TEST

START_TEST(test_a_bucket_allows_its_rate_and_no_more)
{
	const struct route_rate rate = {10, HOUR_MS};
	struct route_bucket b = {.at = TIME_NONE};
	unsigned sent = 0;
	for (int64_t at = NOON; at < NOON + 10 * HOUR_MS; at += 10 * SECOND_MS) {
		if (route_bucket_next(&b, &rate, at) <= at) {
			route_bucket_take(&b, &rate, at);
			sent++;
		}
	}
	ck_assert_uint_ge(sent, 100); /* ten an hour, and what it was full of */
	ck_assert_uint_le(sent, 110);
}
END_TEST

/* Two workers: what ended first is now and then committed second. */
START_TEST(test_polls_out_of_order_give_no_more)
{
	const struct route_rate rate = {10, HOUR_MS};
	struct route_bucket b = {.at = TIME_NONE};
	unsigned sent = 0;
	for (int64_t i = 0; i < 3600; i++) {
		int64_t at = NOON + i * SECOND_MS - (i % 2) * 20 * SECOND_MS;
		if (route_bucket_next(&b, &rate, at) <= at) {
			route_bucket_take(&b, &rate, at);
			sent++;
		}
	}
	ck_assert_uint_le(sent, 20);
}
END_TEST

START_TEST(test_a_clock_that_goes_back_gives_no_tokens)
{
	const struct route_rate rate = {1, HOUR_MS};
	struct route_bucket b = {.at = TIME_NONE};
	route_bucket_take(&b, &rate, NOON);
	ck_assert_int_gt(route_bucket_next(&b, &rate, NOON - 5 * HOUR_MS), NOON - 5 * HOUR_MS);
	ck_assert_int_eq(
	    route_bucket_next(&b, &rate, NOON - 4 * HOUR_MS), NOON - 4 * HOUR_MS); /* but goes on from there */
	ck_assert_int_le(route_bucket_next(&b, &rate, NOON), NOON + HOUR_MS + 1);
}
END_TEST

static const struct {
	const char *span, *digest, *rate;
	bool good;
} texts[] = {
    {"22:00-07:00", "hourly", "20/1h", true},
    {"", "", "", true},
    {"07:30 - 08:00", "daily 08:00", "5/10m", true},
    {"22-7", "daily", "20", false},
    {"24:00-07:00", "daily 24:00", "0/1h", false},
    {"07:00-07:00", "weekly", "20/h", false},
    {"7:00-08:00", "daily 8:00", "20/1x", false},
    {"07:00-08:00-09:00", "hourly 08:00", "20/-1h", false},
};

START_TEST(test_spans_digests_and_rates_are_read)
{
	struct route_span span;
	struct route_digest digest;
	struct route_rate rate;
	struct err err;
	ck_assert_int_eq(route_span_parse(str_from(texts[_i].span), &span, &err), texts[_i].good ? 0 : -1);
	ck_assert_int_eq(route_digest_parse(str_from(texts[_i].digest), &digest, &err), texts[_i].good ? 0 : -1);
	ck_assert_int_eq(route_rate_parse(str_from(texts[_i].rate), &rate, &err), texts[_i].good ? 0 : -1);
}
END_TEST

START_TEST(test_a_span_may_go_over_midnight)
{
	const struct route_span night = {22 * 60, 7 * 60};
	ck_assert_int_eq(route_span_end(&night, STR_LIT("UTC"), NOON), NOON);
	ck_assert_int_eq(route_span_end(&night, STR_LIT("UTC"), NOON + 11 * HOUR_MS), NOON + 19 * HOUR_MS);
	ck_assert_int_eq(route_span_end(&night, STR_LIT("UTC"), NOON - 6 * HOUR_MS), NOON - 5 * HOUR_MS);
	ck_assert_int_eq(route_span_end(&night, STR_LIT("UTC"), NOON - 5 * HOUR_MS), NOON - 5 * HOUR_MS);
	/* in Kyiv it is two hours later */
	ck_assert_int_eq(route_span_end(&night, STR_LIT("Europe/Kyiv"), NOON + 8 * HOUR_MS), NOON + 17 * HOUR_MS);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_without_any_rule_it_is_sent_at_once);
	tcase_add_test(tc, test_the_first_of_a_group_waits_for_company);
	tcase_add_test(tc, test_a_group_that_was_told_waits_for_its_interval);
	tcase_add_test(tc, test_a_watch_that_matters_more_mutes);
	tcase_add_test(tc, test_a_silence_comes_before_quiet_hours);
	tcase_add_test(tc, test_in_quiet_hours_only_the_severe_is_told);
	tcase_add_test(tc, test_quiet_hours_of_route_and_sink_add_up);
	tcase_add_test(tc, test_a_digest_comes_at_its_time_but_not_in_quiet_hours);
	tcase_add_test(tc, test_what_is_over_the_rate_is_folded_not_lost);
	tcase_add_test(tc, test_an_escalation_comes_about_once_and_in_time);
	tcase_add_test(tc, test_a_bucket_allows_its_rate_and_no_more);
	tcase_add_test(tc, test_polls_out_of_order_give_no_more);
	tcase_add_test(tc, test_a_clock_that_goes_back_gives_no_tokens);
	tcase_add_loop_test(tc, test_spans_digests_and_rates_are_read, 0, sizeof texts / sizeof *texts);
	tcase_add_test(tc, test_a_span_may_go_over_midnight);
}

int
main(void)
{
	return tap_run("route/decide", suite);
}
