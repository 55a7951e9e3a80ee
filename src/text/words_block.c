/* The block path: ASCII, 64 bytes at a time, as sets of places. */
#include "text/fold.h"
#include "text/words_hash.h"
#include "text/words_scan.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64u
#define HASH_READ 16u /* bytes from the first of a word that may be read */
_Static_assert(BLOCK <= WORDS_FOLD_SLACK, "words_reserve() is for a block, too");

/* What 64 bytes are, as sets of places. */
struct block {
	uint64_t uppers, digits, words, others; /* words = letters and digits; others = not ASCII */
};

#ifdef __SSE2__
static inline __m128i
between(__m128i v, char first, char last)
{
	return _mm_and_si128(
	    _mm_cmpgt_epi8(v, _mm_set1_epi8((char)(first - 1))), _mm_cmplt_epi8(v, _mm_set1_epi8((char)(last + 1))));
}

static inline uint64_t
places(__m128i v, unsigned at)
{
	return (uint64_t)(unsigned)_mm_movemask_epi8(v) << at;
}

/* Writes the 64 bytes in small letters, too. */
static inline __attribute__((always_inline)) void
classify(const char *p, char *lower, struct block *b)
{
	*b = (struct block){0};
	for (unsigned at = 0; at < BLOCK; at += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(p + at)), low = _mm_or_si128(v, _mm_set1_epi8(32));
		__m128i letter = between(low, 'a', 'z'), upper = between(v, 'A', 'Z'), digit = between(v, '0', '9');
		b->uppers |= places(upper, at);
		b->digits |= places(digit, at);
		b->words |= places(_mm_or_si128(letter, digit), at);
		b->others |= places(v, at);
		_mm_storeu_si128((__m128i *)(lower + at), _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(32))));
	}
}
#else
static inline void
classify(const char *p, char *lower, struct block *b)
{
	*b = (struct block){0};
	for (unsigned i = 0; i < BLOCK; i++) {
		bool upper = p[i] >= 'A' && p[i] <= 'Z', letter = upper || (p[i] >= 'a' && p[i] <= 'z');
		bool digit = p[i] >= '0' && p[i] <= '9';
		b->uppers |= (uint64_t)upper << i;
		b->digits |= (uint64_t)digit << i;
		b->words |= (uint64_t)(letter || digit) << i;
		b->others |= (uint64_t)((unsigned char)p[i] >= 0x80) << i;
		lower[i] = (char)(upper ? p[i] + 32 : p[i]);
	}
}
#endif

/* The first n (1 to 64) places. */
static inline __attribute__((always_inline)) uint64_t
first_places(unsigned n)
{
	return ~(uint64_t)0 >> (64 - n);
}

/* Flags of a word of ASCII whose capitals and digits are given as sets from its first place. */
static inline __attribute__((always_inline)) unsigned
ascii_flags(uint64_t uppers, uint64_t digits, unsigned len)
{
	if (__builtin_expect((uppers & ~(uint64_t)1) == 0 && digits == 0, 1))
		return TEXT_WORD_CASED | ((unsigned)uppers & TEXT_WORD_CAPITAL);
	uint64_t letters = first_places(len) & ~digits, first = letters & -letters;
	unsigned flags = (uppers & first ? TEXT_WORD_CAPITAL : 0u) | (uppers & ~first ? TEXT_WORD_MIXED : 0u);
	flags |= digits != 0 ? TEXT_WORD_DIGITS : 0u;
	flags |= uppers == letters && (letters & (letters - 1)) != 0 ? TEXT_WORD_UPPER : 0u;
	return flags | (letters & 1 ? TEXT_WORD_CASED : 0u);
}

/*
 * The words that lie within the first n bytes of a block at pos; one that touches the last of them only if the text ends
 * there. p is the block, of which HASH_READ bytes more may be read. Returns how many bytes are done with.
 */
static inline __attribute__((always_inline)) size_t
take_block(struct words_scan *sc, size_t pos, const struct block *b, const char *p, unsigned n, bool last)
{
	uint64_t words = b->words & first_places(n);
	if (words == first_places(n) && !last)
		return 0; /* a word that goes on */
	if (!last)
		words &= first_places(n) >> __builtin_clzll(~(words << (64 - n)));
	struct text_word *word = words_room(sc, BLOCK / 2 + 1);
	if (words == 0 || word == NULL)
		return 0;

	uint64_t starts = words & ~(words << 1), ends = ~words & words << 1;
	size_t base = sc->folded_len;
	unsigned gap = sc->gap, done = 0;
	uint32_t cased = 0, headline = 0, capitals = 0;
	for (; starts != 0; word++) {
		unsigned from = (unsigned)__builtin_ctzll(starts), to = (unsigned)__builtin_ctzll(ends);
		unsigned len = to - from;
		uint64_t in = first_places(len);
		starts &= starts - 1;
		ends &= ends - 1;
		unsigned flags = ascii_flags(b->uppers >> from & in, b->digits >> from & in, len);
		if (__builtin_expect(from - done == 1 && p[done] == ' ', 1))
			gap |= TEXT_GAP_SPACE;
		else
			gap = words_add_gaps(sc, gap, p + done, from - done);
		word->start = (uint32_t)(pos + from);
		word->end = (uint32_t)(pos + to);
		word->fold = (uint32_t)(base + from);
		word->fold_len = (uint16_t)len;
		word->gap = (uint16_t)gap;
		word->flags = (uint8_t)flags;
		word->script = flags & TEXT_WORD_CASED ? TEXT_LATIN : TEXT_COMMON;
		words_set_hash(word, len <= 16 ? words_hash_ascii(p + from, len)
		                               : words_hash((struct str){sc->folded + base + from, len}));
		if (__builtin_expect((gap & WORDS_GAP_NUMBERS) != 0, 0)) {
			sc->out->count = (size_t)(word - sc->out->items);
			words_number(sc, word);
		}
		word->sentence = sc->sentence;
		word->paragraph = sc->paragraph;
		uint32_t counts = (flags / TEXT_WORD_CASED) & (len >= TEXT_HEADLINE_LETTERS);
		cased += counts;
		headline += counts & flags;
		capitals |= flags & TEXT_WORD_CAPITAL;
		gap = 0;
		done = to;
	}
	sc->out->count = (size_t)(word - sc->out->items);
	sc->cased += cased;
	sc->headline += headline;
	sc->any_capital |= capitals;
	sc->gap = 0;
	sc->folded_len = base + done;
	return done;
}

/* words_take_blocks(), to be compiled for each processor. */
static inline __attribute__((always_inline)) size_t
take_blocks_inline(struct words_scan *sc, size_t pos)
{
	char padded[BLOCK + HASH_READ];
	struct block b;
	for (;;) {
		size_t n = sc->s.len - pos, done;
		bool short_of = n < BLOCK;
		const char *p = sc->s.s + pos;
		if (n == 0 || !words_reserve(sc))
			return pos;
		if (n < BLOCK + HASH_READ) {
			memset(padded + n, 0, sizeof padded - n);
			p = memcpy(padded, p, n);
		}
		classify(p, sc->folded + sc->folded_len, &b);
		if (b.others != 0) {
			n = (size_t)__builtin_ctzll(b.others);
			short_of = false;
		}
		done = n == 0 ? 0 : take_block(sc, pos, &b, p, n < BLOCK ? (unsigned)n : BLOCK, short_of);
		if (done == 0)
			return pos;
		pos += done;
		if (b.others != 0 || short_of)
			return pos;
	}
}

static size_t
take_blocks_plain(struct words_scan *sc, size_t pos)
{
	return take_blocks_inline(sc, pos);
}

/* The same with the instructions for sets of bits that processors have since 2013. */
#if defined __x86_64__
__attribute__((target("avx2,bmi,bmi2"))) static size_t
take_blocks_bmi(struct words_scan *sc, size_t pos)
{
	return take_blocks_inline(sc, pos);
}
#endif

static size_t (*take_blocks)(struct words_scan *, size_t) = take_blocks_plain;

void
words_choose_blocks(void)
{
#if defined __x86_64__
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
		take_blocks = take_blocks_bmi;
#endif
}

size_t
words_take_blocks(struct words_scan *sc, size_t pos)
{
	return take_blocks(sc, pos);
}
