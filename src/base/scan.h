#pragma once
/*
 * Finding the few bytes of a text that need a look, sixteen at a time.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef unsigned char scan_vec __attribute__((vector_size(16)));

static inline scan_vec
scan_load(const char *s)
{
	scan_vec v;
	memcpy(&v, s, sizeof v);
	return v;
}

/* The first byte that is not zero, or 16; a hit is a byte of 0xFF, as comparisons give. */
static inline size_t
scan_first(scan_vec hits)
{
#ifdef __SSE2__
	unsigned mask = (unsigned)_mm_movemask_epi8((__m128i)hits);
	return mask != 0 ? (size_t)__builtin_ctz(mask) : sizeof hits;
#else
	uint64_t half[2];

	memcpy(half, &hits, sizeof half);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (half[0] != 0)
		return (size_t)__builtin_ctzll(half[0]) / 8;
	return half[1] != 0 ? 8 + (size_t)__builtin_ctzll(half[1]) / 8 : 16;
#else
	if (half[0] != 0)
		return (size_t)__builtin_clzll(half[0]) / 8;
	return half[1] != 0 ? 8 + (size_t)__builtin_clzll(half[1]) / 8 : 16;
#endif
#endif
}

/* The hits as a set of places, the first byte's the lowest bit. */
static inline unsigned
scan_set(scan_vec hits)
{
#ifdef __SSE2__
	return (unsigned)_mm_movemask_epi8((__m128i)hits);
#else
	unsigned set = 0;

	for (unsigned i = 0; i < sizeof hits; i++)
		set |= (hits[i] & 1u) << i;
	return set;
#endif
}

/*
 * Offset of the first hit in s[0..n), where hits() marks the hits in the 16 bytes at its argument and reads `ahead`
 * bytes more. Without a hit: how far it looked; fewer than 16 + ahead bytes are left for the caller.
 */
static inline __attribute__((always_inline)) size_t
scan_find(const char *s, size_t n, scan_vec (*hits)(const char *), size_t ahead)
{
	size_t i = 0, k;

	if (n < sizeof(scan_vec) + ahead)
		return 0;
	for (; i + sizeof(scan_vec) + ahead <= n; i += sizeof(scan_vec)) {
		k = scan_first(hits(s + i));
		if (k < sizeof(scan_vec))
			return i + k;
	}
	i = n - ahead - sizeof(scan_vec); /* the last block overlaps the one before */
	return i + scan_first(hits(s + i));
}
