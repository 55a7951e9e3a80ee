#include "base/hash.h"

#include <pthread.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t
hash64(struct str bytes, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes.s, bytes.len, seed);
}

static pthread_once_t drawn = PTHREAD_ONCE_INIT;
static uint64_t secret;

static void
draw(void)
{
	if (getrandom(&secret, sizeof secret, GRND_NONBLOCK) != (ssize_t)sizeof secret)
		secret = (uint64_t)(uintptr_t)&secret;
}

uint64_t
hash_secret(enum hash_purpose purpose)
{
	uint64_t which = purpose;
	pthread_once(&drawn, draw);
	return hash64((struct str){(const char *)&which, sizeof which}, secret) | 1;
}

struct hash128
hash128(struct str bytes, uint64_t seed)
{
	XXH128_hash_t h = XXH3_128bits_withSeed(bytes.s, bytes.len, seed);
	return (struct hash128){h.low64, h.high64};
}

struct hash128
hash128_mix(struct hash128 h, struct str bytes)
{
	struct hash128 b = hash128(bytes, h.lo);
	return (struct hash128){b.lo ^ (h.hi << 1 | h.hi >> 63), b.hi + h.lo};
}

void
hash128_bytes(struct hash128 h, unsigned char out[16])
{
	XXH128_canonical_t c;
	XXH128_canonicalFromHash(&c, (XXH128_hash_t){h.lo, h.hi});
	memcpy(out, c.digest, 16);
}
