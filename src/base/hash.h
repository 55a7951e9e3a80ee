#pragma once
/*
 * Hashing (xxHash's XXH3, https://github.com/Cyan4973/xxHash): the value is stable across versions and machines, so
 * 128-bit ones may be stored. Not cryptographic: a stored key always has the feed's own id mixed in, so that a
 * hostile feed can only collide with itself.
 */
#include "base/str.h"

struct hash128 {
	uint64_t lo, hi;
};

uint64_t hash64(struct str bytes, uint64_t seed);
/* hash64() of many short strings, in less time than one by one. */
void hash64_all(const struct str *strings, size_t count, uint64_t seed, uint64_t *out);
/*
 * What keys a hash table whose keys come from outside, so that nobody can prepare collisions: drawn once per process, kept by
 * those forked from it, another one for each purpose, odd. Nothing that is stored or shown may depend on it.
 */
enum hash_purpose { HASH_OF_MAPS = 1, HASH_SEED_OF_WORDS, HASH_KEY_OF_WORDS };
uint64_t hash_secret(enum hash_purpose purpose);
struct hash128 hash128(struct str bytes, uint64_t seed);
/* Folds a further value into a hash; the order of calls matters. */
struct hash128 hash128_mix(struct hash128 h, struct str bytes);
static inline bool
hash128_equal(struct hash128 a, struct hash128 b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

/* Zero stands for "there is none". */
static inline bool
hash128_is_none(struct hash128 h)
{
	return h.lo == 0 && h.hi == 0;
}

/* Big-endian, 16 bytes: what the store keeps. */
void hash128_bytes(struct hash128 h, unsigned char out[16]);
