#include "store/helper.h"
#include "tap.h"

#include <check.h>
#include <sched.h>
#include <semaphore.h>

/* Work that goes on only when it is let, and says what it is told to. */
struct rig {
	struct helper helper;
	sem_t began, may_end;
	int results[3];
	int times;
};

static int
work(void *ctx)
{
	struct rig *r = ctx;
	sem_post(&r->began);
	sem_wait(&r->may_end);
	return r->results[r->times++];
}

static void
begin(struct rig *r)
{
	sem_init(&r->began, 0, 0);
	sem_init(&r->may_end, 0, 0);
	helper_init(&r->helper, work, r);
}

static void
end(struct rig *r)
{
	helper_done(&r->helper);
	sem_destroy(&r->began);
	sem_destroy(&r->may_end);
}

/* What is asked while it is at it may concern what came after it began. */
START_TEST(test_what_is_asked_meanwhile_is_done_afterwards_once)
{
	struct rig r = {.times = 0};
	begin(&r);
	helper_ask(&r.helper);
	sem_wait(&r.began);
	helper_ask(&r.helper);
	helper_ask(&r.helper);
	sem_post(&r.may_end);
	sem_wait(&r.began);
	ck_assert(helper_busy(&r.helper));
	sem_post(&r.may_end);
	ck_assert_int_eq(helper_await(&r.helper), 0);
	ck_assert(!helper_busy(&r.helper));
	ck_assert_int_eq(r.times, 2);
	end(&r);
}
END_TEST

START_TEST(test_an_error_is_not_forgotten_over_what_went_well_after_it)
{
	struct rig r = {.results = {5, 0, 0}};
	begin(&r);
	helper_ask(&r.helper);
	sem_wait(&r.began);
	helper_ask(&r.helper);
	sem_post(&r.may_end);
	sem_post(&r.may_end);
	ck_assert_int_eq(helper_await(&r.helper), 5);
	sem_post(&r.may_end);
	helper_ask(&r.helper); /* it is idle: a new beginning */
	ck_assert_int_eq(helper_await(&r.helper), 0);
	ck_assert_int_eq(r.times, 3);
	end(&r);
}
END_TEST

START_TEST(test_an_error_that_nobody_was_told_of_outlives_the_next_beginning)
{
	struct rig r = {.results = {5, 0}};
	begin(&r);
	helper_ask(&r.helper);
	sem_post(&r.may_end);
	while (helper_busy(&r.helper))
		sched_yield();
	helper_ask(&r.helper);
	sem_post(&r.may_end);
	ck_assert_int_eq(helper_await(&r.helper), 5);
	ck_assert_int_eq(helper_await(&r.helper), 0);
	ck_assert_int_eq(r.times, 2);
	end(&r);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_what_is_asked_meanwhile_is_done_afterwards_once);
	tcase_add_test(tc, test_an_error_is_not_forgotten_over_what_went_well_after_it);
	tcase_add_test(tc, test_an_error_that_nobody_was_told_of_outlives_the_next_beginning);
}

int
main(void)
{
	return tap_run("store/helper", suite);
}
