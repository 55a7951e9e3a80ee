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

/*
 * XXH3 goes other ways for strings of 1 to 3, 4 to 8 and 9 to 16 bytes, and of which kind the next word of a text is cannot be
 * foretold: so each way is gone by all of its strings together.
 */
#define AT_ONCE 128u

enum { SHORT, MIDDLE, LONG, OTHER, WAYS };

static const unsigned char way_of[] = {OTHER, SHORT, SHORT, SHORT, MIDDLE, MIDDLE, MIDDLE, MIDDLE, MIDDLE, LONG, LONG,
    LONG, LONG, LONG, LONG, LONG, LONG, OTHER};

struct ways {
	unsigned char places[WAYS][AT_ONCE];
	size_t counts[WAYS];
};

/* Of those that go one way, of which the compiler is told how long they are. */
static inline __attribute__((always_inline)) void
hash_way(
    const struct ways *w, unsigned way, size_t min, size_t max, const struct str *strings, uint64_t seed, uint64_t *out)
{
	for (size_t i = 0; i < w->counts[way]; i++) {
		size_t place = w->places[way][i];
		struct str s = strings[place];
		if (s.len < min || s.len > max)
			__builtin_unreachable();
		out[place] = XXH3_64bits_withSeed(s.s, s.len, seed);
	}
}

void
hash64_all(const struct str *strings, size_t count, uint64_t seed, uint64_t *out)
{
	struct ways w;
	for (size_t n; count > 0; strings += n, out += n, count -= n) {
		n = count < AT_ONCE ? count : AT_ONCE;
		memset(w.counts, 0, sizeof w.counts);
		for (size_t i = 0; i < n; i++) {
			unsigned way = way_of[strings[i].len < 17 ? strings[i].len : 17];
			w.places[way][w.counts[way]++] = (unsigned char)i;
		}
		hash_way(&w, SHORT, 1, 3, strings, seed, out);
		hash_way(&w, MIDDLE, 4, 8, strings, seed, out);
		hash_way(&w, LONG, 9, 16, strings, seed, out);
		hash_way(&w, OTHER, 0, SIZE_MAX, strings, seed, out);
	}
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
