#pragma once
/*
 * What is unusual: a burst of mentions, a silence that is too long. Each is judged against the subject's own past, at a
 * false-alarm rate that the caller states: `rate` is the probability that one judgement of a subject whose habits have not changed
 * says "unusual". Pure.
 *
 * Bursts. The counts of n earlier windows give mean and variance; the next count is taken for negative binomial with
 * these, the variance at least that of a Poisson process and enlarged for being estimated, which makes the prediction that of a
 * gamma-Poisson model. So quiet nights, busy days and clumps of reports all widen what is usual.
 *
 * Silence. Of n earlier gaps those above their 80 % quantile give a generalised Pareto tail (peaks over threshold,
 * Pickands 1975) with its shape fixed at 1/4, heavier than that of a Poisson process (shape 0), since habits are. No gap is too long
 * that is not longer than all of the past.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNUSUAL_WINDOWS_MIN 48u /* fewer say nothing of bursts */
#define UNUSUAL_SOURCES_MIN 3u  /* fewer are no burst, however rare */
#define UNUSUAL_GAPS_MIN 20u    /* fewer say nothing of silence */

struct unusual_burst {
	double expected;    /* per window */
	double probability; /* of so many or more */
	bool is;
};
struct unusual_burst unusual_burst(const unsigned *past, size_t n, unsigned now, double rate);

/* The longest gap that is usual; -1 = there are too few. `gaps` is sorted by the call. */
int64_t unusual_silence_ms(int64_t *gaps, size_t n, double rate);
