/* The block path: ASCII, 64 bytes at a time, as sets of places. */
#include "base/cpu.h"
#include "text/fold.h"
#include "text/words_hash.h"
#include "text/words_wide.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK 64u
#define HASH_READ 16u /* bytes from the first of a word that may be read */
_Static_assert(BLOCK <= WORDS_FOLD_SLACK, "words_reserve() is for a block, too");

/* What 64 bytes are, as sets of places. */
struct block {
	uint64_t uppers, digits, words, spaces, others; /* words = letters and digits; others = not ASCII */
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
		b->spaces |= places(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), at);
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
		b->spaces |= (uint64_t)(p[i] == ' ') << i;
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

unsigned
words_odd_flags(uint64_t uppers, uint64_t digits, unsigned len)
{
	uint64_t letters = first_places(len) & ~digits, first = letters & -letters;
	unsigned flags = (uppers & first ? TEXT_WORD_CAPITAL : 0u) | (uppers & ~first ? TEXT_WORD_MIXED : 0u);
	flags |= digits != 0 ? TEXT_WORD_DIGITS : 0u;
	flags |= uppers == letters && (letters & (letters - 1)) != 0 ? TEXT_WORD_UPPER : 0u;
	return flags | (letters & 1 ? TEXT_WORD_CASED : 0u);
}

/* What is there of a word before it is written. */
struct draft {
	uint32_t start, fold, len, gap, flags, sentence, paragraph;
	uint64_t hash;
};

static inline __attribute__((always_inline)) void
put_number(char *to, uint64_t number)
{
	memcpy(to, &number, sizeof number);
}

static inline __attribute__((always_inline)) void
put_word(struct text_word *word, const struct draft *d)
{
	unsigned script = d->flags & TEXT_WORD_CASED ? TEXT_LATIN : TEXT_COMMON;
#ifdef __SSE2__
	/* four numbers in place of eleven fields: there are more words than anything else */
	_Static_assert(offsetof(struct text_word, end) == 4 && offsetof(struct text_word, fold) == 8 &&
	                   offsetof(struct text_word, fold_len) == 12 && offsetof(struct text_word, gap) == 14 &&
	                   offsetof(struct text_word, flags) == 16 && offsetof(struct text_word, script) == 17 &&
	                   offsetof(struct text_word, paragraph) == 18 && offsetof(struct text_word, sentence) == 20 &&
	                   offsetof(struct text_word, hash) == 24 && offsetof(struct text_word, hash_high) == 28,
	    "the order of the fields of a word");
	char *to = (char *)word;
	put_number(to, d->start | (uint64_t)(d->start + d->len) << 32);
	put_number(to + 8, d->fold | (uint64_t)d->len << 32 | (uint64_t)d->gap << 48);
	put_number(to + 16, d->flags | script << 8 | d->paragraph << 16 | (uint64_t)d->sentence << 32);
	put_number(to + 24, d->hash ^ d->hash >> 32);
#else
	*word = (struct text_word){.start = d->start,
	    .end = d->start + d->len,
	    .fold = d->fold,
	    .fold_len = (uint16_t)d->len,
	    .gap = (uint16_t)d->gap,
	    .flags = (uint8_t)d->flags,
	    .script = (uint8_t)script,
	    .paragraph = (uint16_t)d->paragraph,
	    .sentence = d->sentence};
	words_set_hash(word, d->hash);
#endif
}

/* The gap before a word that is not just one space after another word: from place `done` on. It may end a sentence. */
static __attribute__((noinline)) unsigned
take_gap(
    struct words_scan *sc, const char *p, unsigned done, unsigned from, unsigned flags, const struct text_word *word)
{
	unsigned gap = sc->gap;
	for (unsigned i = done; i < from; i++)
		gap = words_add_gap(gap, (unsigned char)p[i]);
	if (gap & WORDS_GAP_NUMBERS) {
		struct text_word next = {.gap = (uint16_t)gap, .flags = (uint8_t)flags};
		sc->out->count = (size_t)(word - sc->out->items);
		words_number(sc, &next);
	}
	sc->gap = 0;
	return gap;
}

/* Of the words of a block, with TEXT_HEADLINE_LETTERS or more, how many there are and how many with a capital. */
static inline __attribute__((always_inline)) void
count_headline(struct words_scan *sc, const struct block *b, uint64_t words, uint64_t starts)
{
	_Static_assert(TEXT_HEADLINE_LETTERS == 4, "so many places in a row");
	uint64_t two = words & words >> 1, many = two & two >> 2 & starts & ~b->digits;
	sc->cased += (uint32_t)__builtin_popcountll(many);
	sc->headline += (uint32_t)__builtin_popcountll(many & b->uppers);
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

	uint64_t starts = words & ~(words << 1), ends = ~words & words << 1, all_ends = ends;
	uint64_t odd = (b->digits | (b->uppers & ~starts)) & words;
	uint64_t spaced = (b->spaces & (words << 1 | 1)) << 1 & starts; /* behind just one space */
	struct draft d = {.sentence = sc->sentence, .paragraph = sc->paragraph};
	const uint64_t seed = words_hash_seed, key = words_hash_key;
	const char *folded = sc->folded;
	const uint32_t base = (uint32_t)sc->folded_len;

	if (sc->gap != 0)
		spaced &= ~(starts & -starts); /* there is more before the first */
	count_headline(sc, b, words, starts);
	sc->any_capital |= (b->uppers & starts) != 0 ? TEXT_WORD_CAPITAL : 0u;
	for (uint64_t left = starts; left != 0; word++) {
		unsigned from = (unsigned)__builtin_ctzll(left), to = (unsigned)__builtin_ctzll(ends);
		left &= left - 1;
		ends &= ends - 1;
		d.len = to - from;
		d.flags = TEXT_WORD_CASED | ((b->uppers >> from) & TEXT_WORD_CAPITAL);
		if (__builtin_expect((odd >> from & first_places(d.len)) != 0, 0)) {
			uint64_t in = first_places(d.len);
			d.flags = words_odd_flags(b->uppers >> from & in, b->digits >> from & in, d.len);
			sc->any_capital |= d.flags & TEXT_WORD_CAPITAL;
		}
		d.gap = TEXT_GAP_SPACE;
		if (__builtin_expect(!(spaced >> from & 1), 0)) {
			uint64_t before = all_ends & first_places(from + 1); /* from is below 64 */
			unsigned done = before != 0 ? 63u - (unsigned)__builtin_clzll(before) : 0;
			d.gap = take_gap(sc, p, done, from, d.flags, word);
			d.sentence = sc->sentence;
			d.paragraph = sc->paragraph;
		}
		d.start = (uint32_t)(pos + from);
		d.fold = base + from;
		d.hash = __builtin_expect(d.len <= 16, 1) ? words_hash_ascii(seed, key, p + from, d.len)
		                                          : words_hash((struct str){folded + d.fold, d.len});
		put_word(word, &d);
	}
	unsigned done = 63u - (unsigned)__builtin_clzll(all_ends);
	sc->out->count = (size_t)(word - sc->out->items);
	sc->gap = 0;
	sc->folded_len += done;
	return done;
}

/*
 * words_take_blocks(), to be compiled for each processor. Whole blocks are left to words_wide.c if `wide`: where many letters are not
 * ASCII, there are hardly any.
 */
static inline __attribute__((always_inline)) size_t
take_blocks_inline(struct words_scan *sc, size_t pos, bool wide)
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
		if (wide && !short_of && b.others == 0)
			return words_take_wide(sc, pos);
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
	return take_blocks_inline(sc, pos, false);
}

/* The same with the instructions for sets of bits that processors have since 2013. Newer ones have words_wide.c. */
#if defined __x86_64__
__attribute__((target("avx2,bmi,bmi2"))) static size_t
take_blocks_bmi(struct words_scan *sc, size_t pos)
{
	return take_blocks_inline(sc, pos, false);
}

__attribute__((target("avx2,bmi,bmi2"))) static size_t
take_blocks_wide(struct words_scan *sc, size_t pos)
{
	return take_blocks_inline(sc, pos, true);
}
#endif

static size_t
take_no_blocks(struct words_scan *sc, size_t pos)
{
	return pos;
}

static size_t (*take_blocks)(struct words_scan *, size_t) = take_no_blocks;

bool
words_choose_blocks(enum words_blocks form)
{
	size_t (*const forms[WORDS_BLOCKS_COUNT])(struct words_scan *, size_t) = {
		[WORDS_BLOCKS_NONE] = take_no_blocks,
		[WORDS_BLOCKS_PLAIN] = take_blocks_plain,
#if defined __x86_64__
		[WORDS_BLOCKS_BITS] =
		    __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")
		        ? take_blocks_bmi
		        : NULL,
		[WORDS_BLOCKS_WIDE] = cpu_is_wide() ? take_blocks_wide : NULL,
#endif
	};
	if (forms[form] == NULL)
		return false;
	take_blocks = forms[form];
	return true;
}

size_t
words_take_blocks(struct words_scan *sc, size_t pos)
{
	return take_blocks(sc, pos);
}
