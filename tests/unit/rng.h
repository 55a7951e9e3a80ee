#pragma once
/* Pseudo-random numbers for property tests: the same on every machine, so that a failure can be run again. */
#include <stdint.h>

static inline uint64_t
rng_next(uint64_t *state)
{
	/* splitmix64, Steele et al. 2014 */
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* Uniform enough in [0, n). */
static inline uint64_t
rng_below(uint64_t *state, uint64_t n)
{
	return rng_next(state) % n;
}
