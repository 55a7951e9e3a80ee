#pragma once
/*
 * The hash of a word's folded bytes, in three forms with one result: of any bytes, of bytes after which more may be read,
 * and of ASCII that is not folded yet. Inside of words.h.
 */
#include "base/str.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Others in every process (hash_secret()): a text cannot be made to hold a word that is taken for another. */
extern uint64_t words_hash_seed, words_hash_key;

__extension__ typedef unsigned __int128 words_product;

/* The mixing step of wyhash (https://github.com/wangyi-fudan/wyhash): a full product, folded. */
static inline uint64_t
words_mix(uint64_t a, uint64_t b)
{
	words_product p = (words_product)a * b;
	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t
words_load(const char *p, size_t n)
{
	uint64_t v = 0;
	memcpy(&v, p, n < 8 ? n : 8);
	return v;
}

/* The first bytes of a number. A table, because how long a word is cannot be foretold. */
#define WORDS_BYTES(n) (~(uint64_t)0 >> (64 - 8 * (n)))
static const uint64_t words_first_bytes[] = {0, WORDS_BYTES(1), WORDS_BYTES(2), WORDS_BYTES(3), WORDS_BYTES(4),
    WORDS_BYTES(5), WORDS_BYTES(6), WORDS_BYTES(7), WORDS_BYTES(8)};
static const uint8_t words_lo_bytes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 8},
                     words_hi_bytes[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};

/* words_hash() folded bytes of which 16 more may be read. */
static inline uint64_t
words_hash_slack(const char *p, size_t n)
{
	uint64_t h = words_hash_seed + n, lo, hi;
	for (;; p += 16) {
		size_t take = n < 16 ? n : 16;
		memcpy(&lo, p, 8);
		memcpy(&hi, p + 8, 8);
		h = words_mix(h ^ (lo & words_first_bytes[words_lo_bytes[take]]),
		    words_hash_key ^ (hi & words_first_bytes[words_hi_bytes[take]]));
		if ((n -= take) == 0)
			return h;
	}
}

static inline uint64_t
words_hash(struct str fold)
{
	uint64_t h = words_hash_seed + fold.len;
	for (size_t at = 0; at < fold.len; at += 16) {
		size_t left = fold.len - at;
		h = words_mix(h ^ words_load(fold.s + at, left),
		    words_hash_key ^ (left > 8 ? words_load(fold.s + at + 8, left - 8) : 0));
	}
	return h;
}

/* words_hash() n (1 to 16) letters and digits of ASCII, of which 16 bytes may be read; with bit 5 they are small. The seed and
 * key are handed in, so that they stay in registers. */
#ifdef __SSE2__
static const uint8_t words_front[32] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

static inline __attribute__((always_inline)) uint64_t
words_hash_ascii(uint64_t seed, uint64_t key, const char *p, unsigned n)
{
	__m128i v = _mm_or_si128(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8(0x20));
	v = _mm_and_si128(v, _mm_loadu_si128((const __m128i *)(words_front + 16 - n)));
	return words_mix(
	    (seed + n) ^ (uint64_t)_mm_cvtsi128_si64(v), key ^ (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v)));
}
#else
static inline __attribute__((always_inline)) uint64_t
words_hash_ascii(uint64_t seed, uint64_t key, const char *p, unsigned n)
{
	uint64_t lo, hi, small = 0x2020202020202020u;
	memcpy(&lo, p, 8);
	memcpy(&hi, p + 8, 8);
	lo = (lo | small) & words_first_bytes[words_lo_bytes[n]];
	hi = (hi | small) & words_first_bytes[words_hi_bytes[n]];
	return words_mix((seed + n) ^ lo, key ^ hi);
}
#endif
