#include "tap.h"

#include "sched/outage.h"
#include "sched/sched.h"

#define NOW 1795444535000LL

START_TEST(test_several_hosts_failing_together_mean_that_it_is_us)
{
	struct outage o = {0};
	for (uint64_t host = 1; host < OUTAGE_HOSTS; host++)
		ck_assert(!outage_note(&o, host, ERR_DNS_TEMPORARY, 1000));
	ck_assert(outage_note(&o, OUTAGE_HOSTS, ERR_UNREACHABLE, 2000));
	ck_assert(outage_note(&o, 1, ERR_CONNECT_TIMEOUT, 10 * HOUR_MS)); /* it stays so… */
	ck_assert(!outage_note(&o, 1, ERR_HTTP_SERVER, 10 * HOUR_MS));    /* …until somebody answers, if only badly */
	ck_assert(!outage_note(&o, 2, ERR_DNS, 10 * HOUR_MS));
}
END_TEST

START_TEST(test_one_host_failing_again_and_again_is_its_own_affair)
{
	struct outage o = {0};
	for (int i = 0; i < 100; i++)
		ck_assert(!outage_note(&o, (uint64_t)i % (OUTAGE_HOSTS - 1), ERR_CONNECT_TIMEOUT, i * SECOND_MS));
}
END_TEST

START_TEST(test_failures_spread_over_hours_are_no_outage)
{
	struct outage o = {0};
	for (uint64_t host = 1; host < 50; host++)
		ck_assert(!outage_note(&o, host, ERR_DNS, (int64_t)host * OUTAGE_WINDOW_MS));
}
END_TEST

START_TEST(test_a_success_in_between_clears_the_suspicion)
{
	struct outage o = {0};
	for (uint64_t host = 1; host < 50; host++)
		ck_assert(!outage_note(&o, host, host % OUTAGE_HOSTS == 0 ? ERR_NONE : ERR_DNS, 1000));
}
END_TEST

START_TEST(test_faults_of_our_own_making_say_nothing)
{
	struct outage o = {0};
	for (uint64_t host = 1; host < 50; host++)
		ck_assert(!outage_note(&o, host, ERR_NO_MEMORY, 1000));
	for (uint64_t host = 1; host <= OUTAGE_HOSTS; host++) {
		bool down = outage_note(&o, host, ERR_DNS, 1000);
		ck_assert_int_eq(down, host == OUTAGE_HOSTS);
		outage_note(&o, host, ERR_CANCELLED, 1000);
	}
	ck_assert(outage_note(&o, 77, ERR_STORE_BUSY, 2000));
}
END_TEST

START_TEST(test_names_that_fail_at_once_while_others_answer_are_no_outage)
{
	struct outage o = {0};
	outage_note(&o, 99, ERR_NONE, NOW);
	for (uint64_t host = 1; host < 50; host++)
		ck_assert(!outage_note(&o, host, ERR_DNS_TEMPORARY, NOW + OUTAGE_QUIET_MS / 2));
	ck_assert(outage_note(&o, 50, ERR_DNS_TEMPORARY, NOW + OUTAGE_QUIET_MS)); /* nobody answers any more */
	ck_assert(!outage_note(&o, 99, ERR_NONE, NOW + OUTAGE_QUIET_MS + 1));
}
END_TEST

START_TEST(test_three_hosts_that_lead_to_one_place_make_a_portal)
{
	struct portal p = {0};
	ck_assert(!portal_note(&p, 1, 99, NOW));
	ck_assert(!portal_note(&p, 1, 99, NOW + 1)); /* the same host again is no news */
	ck_assert(!portal_note(&p, 2, 99, NOW + 2));
	ck_assert(portal_note(&p, 3, 99, NOW + 3));
	ck_assert(portal_note(&p, 4, 99, NOW + 4));
	ck_assert(!portal_note(&p, 5, 98, NOW + 5)); /* another place */
	ck_assert(!portal_note(&p, 6, 98, NOW + 6));
	ck_assert(!portal_note(&p, 7, 98, NOW + 2 * OUTAGE_WINDOW_MS)); /* too far apart */
}
END_TEST

START_TEST(test_a_failure_that_was_ours_is_taken_back)
{
	struct sched_state s = {.interval_ms = HOUR_MS, .failures = 2, .weight = 3, .failing_since_at = NOW};
	sched_forgive(&s, ERR_TIMEOUT);
	ck_assert(s.failures == 1 && s.weight == 2 && s.failing_since_at == NOW);
	sched_forgive(&s, ERR_TIMEOUT);
	ck_assert(s.failures == 0 && s.weight == 0 && s.failing_since_at == TIME_NONE);
	sched_forgive(&s, ERR_TIMEOUT);
	ck_assert_uint_eq(s.failures, 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_several_hosts_failing_together_mean_that_it_is_us);
	tcase_add_test(tc, test_names_that_fail_at_once_while_others_answer_are_no_outage);
	tcase_add_test(tc, test_three_hosts_that_lead_to_one_place_make_a_portal);
	tcase_add_test(tc, test_a_failure_that_was_ours_is_taken_back);
	tcase_add_test(tc, test_one_host_failing_again_and_again_is_its_own_affair);
	tcase_add_test(tc, test_failures_spread_over_hours_are_no_outage);
	tcase_add_test(tc, test_a_success_in_between_clears_the_suspicion);
	tcase_add_test(tc, test_faults_of_our_own_making_say_nothing);
}

int
main(void)
{
	return tap_run("sched/outage", suite);
}
