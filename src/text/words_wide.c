/*
 * The block path where the processor has AVX-512 (VBMI2: Intel since 2019, AMD since 2022). A kilobyte of ASCII is gone through in
 * steps that all words take together, so that next to nothing depends on a comparison that cannot be foretold: first the
 * places where words begin and end, then their hashes, then what stands out (digits, capitals inside, gaps that are not one space),
 * then the words, eight at a time. (The first step follows Langdale and Lemire, Parsing Gigabytes of JSON per Second, 2019.)
 */
#include "text/words_wide.h"

#include "base/cpu.h"
#include "text/words_hash.h"

#ifdef CPU_WIDE

#define BLOCK 64u
#define RUN_BLOCKS 16u
#define RUN_BYTES (RUN_BLOCKS * BLOCK)
#define HALF (BLOCK / 2)
#define GROUP 8u                                 /* words that are written at once */
#define RUN_WORDS (RUN_BYTES / 2 + HALF + GROUP) /* with what is written beyond the last one */
#define WIDE_WORD_MAX BLOCK                      /* bytes; longer words are others' */

/* A stretch of ASCII. Places are counted from its beginning, words from its first one. */
struct run {
	struct words_scan *sc;
	size_t pos;
	uint32_t fold; /* of its beginning */
	unsigned count, odd_count, gap_count;
	uint64_t uppers[RUN_BLOCKS + 2], digits[RUN_BLOCKS + 2]; /* sets of places */
	uint16_t edges[2 * RUN_WORDS];                           /* where a word begins, where it ends, and so on */
	uint16_t odd[RUN_WORDS],
	    odd_gaps[RUN_WORDS];    /* words with digits or capitals inside, or behind another gap than one space */
	uint16_t gaps[RUN_WORDS];   /* enum text_gap */
	uint8_t flags[RUN_WORDS];   /* enum text_word_flag */
	uint64_t hashes[RUN_WORDS]; /* both fields as one number */
	uint8_t sentences[RUN_WORDS / 8], paragraphs[RUN_WORDS / 8]; /* a bit per word with which one begins */
};

/* What goes on from one block to the next. */
struct carry {
	const char *s;
	char *folded;
	uint64_t word, spaced; /* a word; one space behind a word */
	unsigned char odd;
	unsigned edges, odd_count, gap_count;
};

CPU_WIDE_INLINE unsigned
begin_of(const struct run *r, unsigned word)
{
	return r->edges[2 * word];
}

CPU_WIDE_INLINE unsigned
end_of(const struct run *r, unsigned word)
{
	return r->edges[2 * word + 1];
}

CPU_WIDE_INLINE __mmask64
within(__m512i v, char first, unsigned count)
{
	return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(first)), _mm512_set1_epi8((char)count));
}

CPU_WIDE_INLINE unsigned
count_of(uint64_t set)
{
	return (unsigned)__builtin_popcountll(set);
}

/* The places of a set, as numbers from `base` on. Returns how many there are; HALF of them are always written. */
CPU_WIDE_INLINE unsigned
put_places(uint16_t *to, __mmask64 set, unsigned base)
{
	const __m512i iota = _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45,
	    44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18,
	    17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m512i places = _mm512_maskz_compress_epi8(set, iota), from = _mm512_set1_epi16((short)base);
	unsigned count = count_of(set);
	_mm512_storeu_si512(to, _mm512_add_epi16(_mm512_cvtepu8_epi16(_mm512_castsi512_si256(places)), from));
	if (__builtin_expect(count > HALF, 0))
		_mm512_storeu_si512(
		    to + HALF, _mm512_add_epi16(_mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(places, 1)), from));
	return count;
}

/* One block, of which n bytes are the text's. Returns how many of them are ASCII. */
CPU_WIDE_INLINE unsigned
take_block(struct run *r, struct carry *c, unsigned at, unsigned n)
{
	const __m512i small = _mm512_set1_epi8(32);
	__m512i v = _mm512_maskz_loadu_epi8(_bzhi_u64(~(uint64_t)0, n), c->s + at);
	uint64_t others = _mm512_movepi8_mask(v), upper = within(v, 'A', 26), digit = within(v, '0', 10);
	uint64_t words = within(_mm512_or_si512(v, small), 'a', 26) | digit, spaces = _mm512_cmpeq_epi8_mask(v, small);
	unsigned ascii = n;
	uint64_t mine = ~(uint64_t)0;
	if (__builtin_expect(others != 0 || n < BLOCK, 0)) { /* where the text ends a word may end, too */
		ascii = others != 0 ? (unsigned)__builtin_ctzll(others) : n;
		mine = _bzhi_u64(mine, ascii + (others == 0));
		words &= mine;
	}

	uint64_t behind = words << 1 | c->word, edges = (words ^ behind) & mine, starts = edges & words,
	         ends = edges & ~words;
	uint64_t after_one = spaces & behind, spaced = after_one << 1 | c->spaced;
	unsigned long long sum;
	/* what is odd goes on to the word's end */
	c->odd = _addcarry_u64(c->odd, words, (digit | (upper & ~starts)) & words, &sum);
	c->word = words >> 63;
	c->spaced = after_one >> 63;
	r->uppers[at / BLOCK] = upper;
	r->digits[at / BLOCK] = digit;
	_mm512_storeu_si512(c->folded + at, _mm512_mask_add_epi8(v, upper, v, small));

	unsigned word = (c->edges + 1) / 2;
	__m512i flags = _mm512_mask_blend_epi8(
	    upper, _mm512_set1_epi8(TEXT_WORD_CASED), _mm512_set1_epi8(TEXT_WORD_CASED | TEXT_WORD_CAPITAL));
	_mm256_storeu_si256(
	    (__m256i *)(r->flags + word), _mm512_castsi512_si256(_mm512_maskz_compress_epi8(starts, flags)));
	_mm512_storeu_si512(r->gaps + word, _mm512_set1_epi16(TEXT_GAP_SPACE));
	c->gap_count += put_places(r->odd_gaps + c->gap_count, _pext_u64(starts & ~spaced, starts), word);
	c->odd_count += put_places(r->odd + c->odd_count, _pext_u64(sum & ends, ends), c->edges / 2);
	c->edges += put_places(r->edges + c->edges, edges, at);
	return ascii;
}

/* Finds where words begin and end. Returns whether the text goes on in ASCII. */
CPU_WIDE_INLINE bool
take_edges(struct run *r)
{
	struct carry c = {.s = r->sc->s.s + r->pos, .folded = r->sc->folded + r->fold};
	size_t left = r->sc->s.len - r->pos;
	bool last = left <= RUN_BYTES, goes_on = true;
	/* where the text ends with a block, there is an empty one behind it, for the end of the last word */
	for (unsigned at = 0; goes_on && at < RUN_BYTES + last; at += BLOCK)
		goes_on = take_block(r, &c, at, left - at < BLOCK ? (unsigned)(left - at) : BLOCK) == BLOCK;
	r->count = c.edges / 2;
	r->odd_count = c.odd_count;
	r->gap_count = c.gap_count;
	return goes_on;
}

/* The hashes; the words end before one that is too long. */
CPU_WIDE_INLINE void
take_hashes(struct run *r)
{
	const uint64_t seed = words_hash_seed, key = words_hash_key;
	const char *folded = r->sc->folded + r->fold;
	for (unsigned i = 0; i < r->count; i++) {
		unsigned len = end_of(r, i) - begin_of(r, i);
		const char *p = folded + begin_of(r, i);
		if (__builtin_expect(len > WIDE_WORD_MAX, 0)) {
			r->count = i;
			return;
		}
		uint64_t h =
		    __builtin_expect(len <= 16, 1) ? words_hash_ascii(seed, key, p, len) : words_hash_slack(p, len);
		r->hashes[i] = h ^ h >> 32;
	}
}

/* 64 places of a set from one of them on. */
CPU_WIDE_INLINE uint64_t
set_from(const uint64_t *sets, unsigned at)
{
	uint64_t here = sets[at / BLOCK] >> at % BLOCK;
	return at % BLOCK != 0 ? here | sets[at / BLOCK + 1] << (BLOCK - at % BLOCK) : here;
}

/* Words with digits, or capitals inside. */
CPU_WIDE_INLINE void
take_odd(struct run *r)
{
	for (unsigned k = 0; k < r->odd_count && r->odd[k] < r->count; k++) {
		unsigned i = r->odd[k], from = begin_of(r, i), len = end_of(r, i) - from;
		uint64_t in = _bzhi_u64(~(uint64_t)0, len);
		r->flags[i] =
		    (uint8_t)words_odd_flags(set_from(r->uppers, from) & in, set_from(r->digits, from) & in, len);
	}
}

/* The gap before a word may end a sentence, or a paragraph. */
CPU_WIDE_INLINE void
take_end(struct run *r, unsigned i, unsigned gap)
{
	enum words_end end = words_end_of(gap, r->flags[i]);
	if (r->sc->out->count + i == 0)
		return;
	if (end == WORDS_END_PERHAPS) {
		unsigned before = i - 1, len = i > 0 ? end_of(r, before) - begin_of(r, before) : 0;
		bool is = i > 0 ? words_is_abbreviation((uint32_t)r->hashes[before], len, len, r->flags[before])
		                : words_last_is_abbreviation(r->sc);
		end = is ? WORDS_END_NOT : WORDS_END;
	}
	r->sentences[i / 8] |= (uint8_t)((end == WORDS_END) << i % 8);
	r->paragraphs[i / 8] |= (uint8_t)(((gap & TEXT_GAP_PARAGRAPH) != 0) << i % 8);
}

/* Gaps that are not just one space. */
CPU_WIDE_INLINE void
take_gaps(struct run *r)
{
	const char *s = r->sc->s.s + r->pos;
	unsigned ends = 0;
	for (unsigned k = 0; k < r->gap_count && r->odd_gaps[k] < r->count; k++) {
		unsigned i = r->odd_gaps[k], gap = i > 0 ? 0 : r->sc->gap;
		for (unsigned at = i > 0 ? end_of(r, i - 1) : 0; at < begin_of(r, i); at++)
			gap = words_add_gap(gap, (unsigned char)s[at]);
		r->gaps[i] = (uint16_t)gap;
		r->odd_gaps[ends] = (uint16_t)i;
		ends += (gap & WORDS_GAP_NUMBERS) != 0;
	}
	for (unsigned k = 0; k < ends; k++)
		take_end(r, r->odd_gaps[k], r->gaps[r->odd_gaps[k]]);
}

/* Of each of eight words, how many of a set stand before it or are it. */
CPU_WIDE_INLINE __m512i
rank_of(unsigned set)
{
	const __m512i upto = _mm512_set_epi64(255, 127, 63, 31, 15, 7, 3, 1);
	return _mm512_popcnt_epi64(_mm512_and_si512(_mm512_set1_epi64(set), upto));
}

/* Four numbers of each of eight words: word by word. */
CPU_WIDE_INLINE void
put_words(struct text_word *to, const __m512i q[4])
{
	const __m512i lows = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0),
	              highs = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
	_Static_assert(sizeof *to == 32, "half a vector");
	for (unsigned odd = 0; odd < 2; odd++) {
		__m512i a = odd ? _mm512_unpackhi_epi64(q[0], q[1]) : _mm512_unpacklo_epi64(q[0], q[1]);
		__m512i b = odd ? _mm512_unpackhi_epi64(q[2], q[3]) : _mm512_unpacklo_epi64(q[2], q[3]);
		__m512i low = _mm512_permutex2var_epi64(a, lows, b), high = _mm512_permutex2var_epi64(a, highs, b);
		_mm256_storeu_si256((__m256i *)(to + odd), _mm512_castsi512_si256(low));
		_mm256_storeu_si256((__m256i *)(to + 2 + odd), _mm512_extracti64x4_epi64(low, 1));
		_mm256_storeu_si256((__m256i *)(to + 4 + odd), _mm512_castsi512_si256(high));
		_mm256_storeu_si256((__m256i *)(to + 6 + odd), _mm512_extracti64x4_epi64(high, 1));
	}
}

/* Eight words from the i-th on, of which `real` are there. */
CPU_WIDE_INLINE void
put_group(struct run *r, struct text_word *to, unsigned i, __mmask8 real)
{
	struct words_scan *sc = r->sc;
	const __m512i pos = _mm512_set1_epi64((int64_t)r->pos), fold = _mm512_set1_epi64(r->fold);
	__m512i edges = _mm512_cvtepu32_epi64(_mm256_loadu_si256((const __m256i *)(r->edges + 2 * i)));
	__m512i starts = _mm512_and_si512(edges, _mm512_set1_epi64(UINT16_MAX)), ends = _mm512_srli_epi64(edges, 16);
	__m512i len = _mm512_sub_epi64(ends, starts);
	__m512i gaps = _mm512_cvtepu16_epi64(_mm_loadu_si128((const __m128i *)(r->gaps + i)));
	__m512i flags = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(r->flags + i)));
	__mmask8 cased = _mm512_test_epi64_mask(flags, _mm512_set1_epi64(TEXT_WORD_CASED));
	__mmask8 capital = _mm512_mask_test_epi64_mask(real, flags, _mm512_set1_epi64(TEXT_WORD_CAPITAL));
	__mmask8 counts = _mm512_mask_cmpge_epi64_mask(cased & real, len, _mm512_set1_epi64(TEXT_HEADLINE_LETTERS));
	__m512i script =
	    _mm512_mask_blend_epi64(cased, _mm512_set1_epi64(TEXT_COMMON << 8), _mm512_set1_epi64(TEXT_LATIN << 8));
	__m512i sentence = _mm512_add_epi64(_mm512_set1_epi64(sc->sentence), rank_of(r->sentences[i / 8]));
	__m512i paragraph =
	    _mm512_min_epu64(_mm512_add_epi64(_mm512_set1_epi64(sc->paragraph), rank_of(r->paragraphs[i / 8])),
	        _mm512_set1_epi64(UINT16_MAX));
	const __m512i q[4] = {
	    _mm512_or_si512(_mm512_add_epi64(starts, pos), _mm512_slli_epi64(_mm512_add_epi64(ends, pos), 32)),
	    _mm512_or_si512(_mm512_add_epi64(starts, fold),
	        _mm512_or_si512(_mm512_slli_epi64(len, 32), _mm512_slli_epi64(gaps, 48))),
	    _mm512_or_si512(_mm512_or_si512(flags, script),
	        _mm512_or_si512(_mm512_slli_epi64(paragraph, 16), _mm512_slli_epi64(sentence, 32))),
	    _mm512_loadu_si512(r->hashes + i)};
	put_words(to, q);
	sc->sentence += count_of(r->sentences[i / 8]);
	unsigned paragraphs = sc->paragraph + count_of(r->paragraphs[i / 8]);
	sc->paragraph = (uint16_t)(paragraphs < UINT16_MAX ? paragraphs : UINT16_MAX);
	sc->cased += count_of(counts);
	sc->headline += count_of(counts & capital);
	sc->any_capital |= capital != 0 ? TEXT_WORD_CAPITAL : 0u;
}

CPU_WIDE size_t
words_take_wide(struct words_scan *sc, size_t pos)
{
	struct run r;
	r.sc = sc;
	for (bool goes_on = true; goes_on && pos < sc->s.len;) {
		struct text_word *to;
		size_t left = sc->s.len - pos;
		if (!words_reserve_bytes(sc, left < RUN_BYTES ? left : RUN_BYTES))
			return pos;
		r.pos = pos;
		r.fold = (uint32_t)sc->folded_len;
		goes_on = take_edges(&r);
		take_hashes(&r);
		if (r.count == 0 || (to = words_room(sc, r.count + GROUP)) == NULL)
			return pos;
		memset(r.sentences, 0, sizeof r.sentences);
		memset(r.paragraphs, 0, sizeof r.paragraphs);
		take_odd(&r);
		take_gaps(&r);
		for (unsigned i = 0; i < r.count; i += GROUP)
			put_group(&r, to + i, i, (__mmask8)_bzhi_u32(255, r.count - i < GROUP ? r.count - i : GROUP));
		sc->out->count += r.count;
		sc->gap = 0;
		sc->folded_len += end_of(&r, r.count - 1);
		pos += end_of(&r, r.count - 1);
	}
	return pos;
}

#else

size_t
words_take_wide(struct words_scan *sc, size_t pos)
{
	return pos;
}
#endif
