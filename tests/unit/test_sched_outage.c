#include "tap.h"

#include "sched/outage.h"

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

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_several_hosts_failing_together_mean_that_it_is_us);
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
