#include "route/unusual.h"

#include <math.h>
#include <stdlib.h>

#define TAIL_SHARE 0.2
#define TAIL_SHAPE 0.25
#define TERMS_MAX 100000

/* The logarithm of the negative binomial probability of k, by mean and size. */
static double
log_mass(double k, double mean, double size)
{
	int sign;
	return lgamma_r(k + size, &sign) - lgamma_r(size, &sign) - lgamma_r(k + 1, &sign) +
	       size * log(size / (size + mean)) + k * log(mean / (size + mean));
}

/* P(X >= now): the terms from there on, each from the one before. */
static double
tail(unsigned now, double mean, double variance)
{
	double size = mean * mean / (variance - mean);
	if (!isfinite(size) || size > 1e9)
		size = 1e9; /* Poisson */
	double term = exp(log_mass(now, mean, size)), sum = term;
	for (double k = now; k < (double)now + TERMS_MAX && (term > sum * 1e-12 || k < mean); k++) {
		term *= (k + size) / (k + 1) * (mean / (size + mean));
		sum += term;
	}
	return sum < 1 ? sum : 1;
}

struct unusual_burst
unusual_burst(const unsigned *past, size_t n, unsigned now, double rate)
{
	struct unusual_burst b = {.probability = 1};
	double sum = 0, squares = 0;
	for (size_t i = 0; i < n; i++)
		sum += past[i];
	if (n > 0)
		b.expected = sum / (double)n;
	if (n < UNUSUAL_WINDOWS_MIN || now < UNUSUAL_SOURCES_MIN || (double)now <= b.expected)
		return b;
	for (size_t i = 0; i < n; i++)
		squares += ((double)past[i] - b.expected) * ((double)past[i] - b.expected);
	double mean = (sum + 0.5) / (double)n, variance = squares / (double)(n - 1);
	double spread = variance > mean ? variance / mean : 1;
	/* of the estimated spread, one standard error above; of the mean, its own variance */
	spread *= 1 + sqrt(2.0 / (double)n);
	b.probability = tail(now, mean, mean * spread * (1 + 1.0 / (double)n) + 1e-9);
	b.is = b.probability <= rate;
	return b;
}

static int
by_length(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

int64_t
unusual_silence_ms(int64_t *gaps, size_t n, double rate)
{
	if (n < UNUSUAL_GAPS_MIN || !(rate > 0))
		return -1;
	qsort(gaps, n, sizeof *gaps, by_length);
	size_t above = (size_t)(TAIL_SHARE * (double)n);
	double edge = (double)gaps[n - 1 - above], excess = 0;
	for (size_t i = n - above; i < n; i++)
		excess += (double)gaps[i] - edge;
	excess = excess / (double)above * (1 + 1 / sqrt((double)above));
	double ratio = (double)above / (double)n / rate;
	double limit = edge;
	if (ratio > 1)
		limit += excess * (1 - TAIL_SHAPE) / TAIL_SHAPE * (pow(ratio, TAIL_SHAPE) - 1);
	if (limit < (double)gaps[n - 1])
		limit = (double)gaps[n - 1];
	return limit < 9e15 ? (int64_t)limit : INT64_MAX / 2;
}
