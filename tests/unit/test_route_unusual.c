#include "tap.h"

#include "rng.h"
#include "route/unusual.h"

#include <math.h>
#include <stdlib.h>

static uint64_t rng;

static double
uniform(void)
{
	return ((double)(rng_next(&rng) >> 11) + 0.5) / 9007199254740992.0;
}

static unsigned
poisson(double mean)
{
	double limit = exp(-mean), p = 1;
	unsigned k = 0;
	while ((p *= uniform()) > limit)
		k++;
	return k;
}

static double
normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

static double
exponential(double mean)
{
	return -mean * log(uniform());
}

/* Gamma of an integer shape. */
static double
gamma_of(unsigned shape, double mean)
{
	double sum = 0;
	for (unsigned i = 0; i < shape; i++)
		sum += exponential(mean / shape);
	return sum;
}

/* ---- bursts ---- */

#define PAST 672 /* four weeks of hours */
#define JUDGED 30000

static unsigned
still(double mean, size_t t)
{
	return poisson(mean);
}

static unsigned
clumped(double mean, size_t t) /* variance: mean + mean²/2 */
{
	return poisson(gamma_of(2, mean));
}

static unsigned
daily(double mean, size_t t) /* eight busy hours of ten times as much */
{
	return poisson(t % 24 < 8 ? 2.5 * mean : 0.25 * mean);
}

static unsigned
weekly_and_clumped(double mean, size_t t)
{
	return poisson(gamma_of(3, t / 24 % 7 < 5 ? mean : mean / 4));
}

static const struct {
	unsigned (*draw)(double mean, size_t t);
	double mean;
} streams[] = {
    {still, 0.02},
    {still, 0.3},
    {still, 2},
    {still, 20},
    {clumped, 0.3},
    {clumped, 2},
    {clumped, 20},
    {daily, 0.5},
    {daily, 4},
    {daily, 20},
    {weekly_and_clumped, 0.5},
    {weekly_and_clumped, 5},
};

/* How often a stream without any change is said to burst. */
static double
false_rate(size_t stream, double rate)
{
	static unsigned counts[PAST + JUDGED];
	size_t alarms = 0;
	for (size_t t = 0; t < PAST + JUDGED; t++)
		counts[t] = streams[stream].draw(streams[stream].mean, t);
	for (size_t t = 0; t < JUDGED; t++)
		alarms += unusual_burst(counts + t, PAST, counts[PAST + t], rate).is;
	return (double)alarms / JUDGED;
}

START_TEST(test_no_stream_is_said_to_burst_more_often_than_stated)
{
	static const double rates[] = {0.01, 0.001};
	for (size_t i = 0; i < 2; i++) {
		rng = (uint64_t)_i * 7 + i + 1;
		/* what was stated, and three standard deviations of what chance makes of it */
		double most = rates[i] + 3 * sqrt(rates[i] / JUDGED), got = false_rate((size_t)_i, rates[i]);
		ck_assert_msg(got <= most, "stream %d: %g, stated %g", _i, got, rates[i]);
	}
}
END_TEST

START_TEST(test_the_rate_is_not_held_by_saying_nothing)
{
	rng = 5;
	double got = false_rate(3, 0.01); /* a Poisson process: what was stated is nearly reached */
	ck_assert_msg(got > 0.002, "%g", got);
}
END_TEST

START_TEST(test_ten_times_the_usual_is_a_burst)
{
	unsigned past[PAST];
	rng = 1;
	for (size_t s = 0; s < sizeof streams / sizeof *streams; s++) {
		for (size_t t = 0; t < PAST; t++)
			past[t] = streams[s].draw(streams[s].mean, t);
		unsigned now = (unsigned)(12 * streams[s].mean) + 5;
		struct unusual_burst b = unusual_burst(past, PAST, now, 1e-4);
		ck_assert_msg(b.is, "stream %zu: %u of %g: %g", s, now, b.expected, b.probability);
	}
}
END_TEST

START_TEST(test_little_is_no_burst)
{
	static const unsigned never[PAST];
	ck_assert(!unusual_burst(never, PAST, UNUSUAL_SOURCES_MIN - 1, 0.5).is);
	ck_assert(unusual_burst(never, PAST, 5, 1e-6).is);
	ck_assert(!unusual_burst(never, UNUSUAL_WINDOWS_MIN - 1, 500, 0.5).is);
	ck_assert(!unusual_burst(NULL, 0, 500, 0.5).is);
	unsigned huge[UNUSUAL_WINDOWS_MIN];
	for (size_t i = 0; i < UNUSUAL_WINDOWS_MIN; i++)
		huge[i] = 4000000000u + (unsigned)i;
	ck_assert(!unusual_burst(huge, UNUSUAL_WINDOWS_MIN, 4000000010u, 0.01).is);
}
END_TEST

/* ---- silence ---- */

#define HOURS(h) ((h)*3600000.0)

static double
gap_poisson(void)
{
	return exponential(HOURS(2));
}

static double
gap_lognormal(void)
{
	return HOURS(1) * exp(normal());
}

static double
gap_bursty(void)
{
	return uniform() < 0.8 ? exponential(HOURS(0.2)) : exponential(HOURS(6));
}

static double
gap_regular(void)
{
	return HOURS(24) * (1 + 0.02 * uniform());
}

static double
gap_of_days(void) /* one in eight is a night */
{
	return uniform() < 0.125 ? HOURS(8) + exponential(HOURS(1)) : exponential(HOURS(1));
}

static double (*const gaps[])(void) = {gap_poisson, gap_lognormal, gap_bursty, gap_regular, gap_of_days};

static double
false_silences(double (*draw)(void), size_t n, double rate, size_t trials)
{
	static int64_t past[512];
	size_t alarms = 0;
	for (size_t t = 0; t < trials; t++) {
		for (size_t i = 0; i < n; i++)
			past[i] = (int64_t)draw();
		alarms += draw() > (double)unusual_silence_ms(past, n, rate);
	}
	return (double)alarms / (double)trials;
}

START_TEST(test_no_gap_is_said_to_be_a_silence_more_often_than_stated)
{
	static const struct {
		size_t n;
		double rate;
	} all[] = {{30, 0.02}, {200, 0.005}, {400, 0.002}};
	for (size_t i = 0; i < 3; i++) {
		rng = (uint64_t)_i + 11 * i + 1;
		size_t trials = 4000;
		double most = all[i].rate + 3 * sqrt(all[i].rate / (double)trials);
		double got = false_silences(gaps[_i], all[i].n, all[i].rate, trials);
		ck_assert_msg(got <= most, "gaps %d, n = %zu: %g, stated %g", _i, all[i].n, got, all[i].rate);
	}
}
END_TEST

START_TEST(test_a_silence_is_noticed_in_time)
{
	int64_t past[200];
	rng = 3;
	for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
		double sum = 0;
		for (size_t i = 0; i < 200; i++)
			sum += (double)(past[i] = (int64_t)gaps[g]());
		int64_t limit = unusual_silence_ms(past, 200, 1e-3);
		ck_assert_msg(
		    (double)limit < 40 * sum / 200, "gaps %zu: after %g of the mean", g, (double)limit * 200 / sum);
		ck_assert_int_ge(limit, past[199]);
	}
	for (size_t i = 0; i < 200; i++)
		past[i] = (int64_t)gap_regular(); /* a daily feed that misses two days */
	ck_assert_int_lt(unusual_silence_ms(past, 200, 1e-3), (int64_t)HOURS(48));
}
END_TEST

START_TEST(test_few_gaps_say_nothing)
{
	int64_t past[UNUSUAL_GAPS_MIN] = {0};
	ck_assert_int_eq(unusual_silence_ms(past, UNUSUAL_GAPS_MIN - 1, 0.01), -1);
	ck_assert_int_eq(unusual_silence_ms(past, UNUSUAL_GAPS_MIN, 0.01), 0);
	ck_assert_int_eq(unusual_silence_ms(past, UNUSUAL_GAPS_MIN, 0), -1);
	for (size_t i = 0; i < UNUSUAL_GAPS_MIN; i++)
		past[i] = INT64_MAX / 4 * (int64_t)(i % 2);
	ck_assert_int_gt(unusual_silence_ms(past, UNUSUAL_GAPS_MIN, 1e-9), 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(
	    tc, test_no_stream_is_said_to_burst_more_often_than_stated, 0, sizeof streams / sizeof *streams);
	tcase_add_test(tc, test_the_rate_is_not_held_by_saying_nothing);
	tcase_add_test(tc, test_ten_times_the_usual_is_a_burst);
	tcase_add_test(tc, test_little_is_no_burst);
	tcase_add_loop_test(
	    tc, test_no_gap_is_said_to_be_a_silence_more_often_than_stated, 0, sizeof gaps / sizeof *gaps);
	tcase_add_test(tc, test_a_silence_is_noticed_in_time);
	tcase_add_test(tc, test_few_gaps_say_nothing);
}

int
main(void)
{
	return tap_run("route/unusual", suite);
}
