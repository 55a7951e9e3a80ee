#include "base/utf8_wide.h"

#ifdef __x86_64__

/*
 * Sixty-four bytes at a time, as Keiser and Lemire do it ("Validating UTF-8 in less than one instruction per byte",
 * 2021): what can be wrong with two neighbouring bytes is a set of a few mistakes, of which the first byte's two halves
 * and the upper half of the second leave over those that are there. What is left is whether a third and a fourth byte
 * stand where they must.
 */
enum {
	TOO_SHORT = 1,       /* a lead byte, and no continuation */
	TOO_LONG = 2,        /* a continuation behind ASCII */
	OVERLONG_3 = 4,      /* E0 80..9F */
	TOO_LARGE = 8,       /* F4 90.., F5.. */
	SURROGATE = 16,      /* ED A0..BF */
	OVERLONG_2 = 32,     /* C0, C1 */
	TOO_LARGE_1000 = 64, /* F5.. 80..8F */
	OVERLONG_4 = 64,     /* F0 80..8F */
	TWO_CONTINUE = 128,  /* two continuations: right or wrong, as the bytes before them say */
	CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUE
};
#define LARGE (CARRY | TOO_LARGE | TOO_LARGE_1000)
#define SECOND (TOO_LONG | OVERLONG_2 | TWO_CONTINUE)

static const unsigned char first_high[16] = {TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
    TOO_LONG, TWO_CONTINUE, TWO_CONTINUE, TWO_CONTINUE, TWO_CONTINUE, TOO_SHORT | OVERLONG_2, TOO_SHORT,
    TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4};
static const unsigned char first_low[16] = {CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY,
    CARRY, CARRY | TOO_LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE | SURROGATE, LARGE, LARGE};
static const unsigned char second_high[16] = {TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
    TOO_SHORT, TOO_SHORT, SECOND | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4, SECOND | OVERLONG_3 | TOO_LARGE,
    SECOND | SURROGATE | TOO_LARGE, SECOND | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT};

CPU_WIDE_INLINE __m512i
table(const unsigned char entries[16])
{
	return _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)entries));
}

/* The bytes that stand n before those of `block`; `before` is the block before it. */
CPU_WIDE_INLINE __m512i
earlier(__m512i before, __m512i block, int n)
{
	const __m512i up = _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928,
	    0x2726252423222120, 0x1F1E1D1C1B1A1918, 0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
	/* places 64 to 127 are those of the block */
	__m512i from = _mm512_add_epi8(up, _mm512_set1_epi8((char)(64 - n)));
	return _mm512_permutex2var_epi8(before, from, block);
}

CPU_WIDE_INLINE bool
is_wrong(__m512i before, __m512i block)
{
	const __m512i half = _mm512_set1_epi8(0x0F);
	__m512i first = earlier(before, block, 1);
	__m512i high = _mm512_and_si512(_mm512_srli_epi16(first, 4), half);
	__m512i mistakes = _mm512_and_si512(_mm512_and_si512(_mm512_shuffle_epi8(table(first_high), high),
	                                        _mm512_shuffle_epi8(table(first_low), _mm512_and_si512(first, half))),
	    _mm512_shuffle_epi8(table(second_high), _mm512_and_si512(_mm512_srli_epi16(block, 4), half)));
	__mmask64 third = _mm512_cmpge_epu8_mask(earlier(before, block, 2), _mm512_set1_epi8((char)0xE0));
	__mmask64 fourth = _mm512_cmpge_epu8_mask(earlier(before, block, 3), _mm512_set1_epi8((char)0xF0));
	__m512i must = _mm512_maskz_set1_epi8(third | fourth, (char)TWO_CONTINUE);
	return _mm512_cmpneq_epi8_mask(must, mistakes) != 0;
}

static bool
continues(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Where the character begins that may reach beyond i. Three continuations end one of four bytes: all before i is right. */
static size_t
boundary_before(struct str s, size_t i)
{
	size_t at = i;
	while (at > 0 && i - at < 3 && continues(s.s[at - 1]))
		at--;
	return at > 0 && i - at < 3 ? at - 1 : i;
}

#define LAST_THREE ((uint64_t)7 << 61)

CPU_WIDE size_t
utf8_wide_prefix(struct str s)
{
	__m512i before = _mm512_setzero_si512();
	bool open = false; /* the last bytes may want others behind them */
	for (size_t i = 0; i < s.len || open; i += 64) {
		size_t left = i < s.len ? s.len - i : 0;
		/* behind the end stands what nothing can want: NUL */
		__m512i block = left >= 64 ? _mm512_loadu_si512(s.s + i)
		                           : _mm512_maskz_loadu_epi8(_bzhi_u64(~(uint64_t)0, (unsigned)left), s.s + i);
		uint64_t high = _mm512_movepi8_mask(block);
		if ((high != 0 || open) && is_wrong(before, block))
			return boundary_before(s, i);
		open = (high & LAST_THREE) != 0;
		before = block;
	}
	return s.len;
}

#else

size_t
utf8_wide_prefix(struct str s)
{
	(void)s;
	return 0;
}

#endif
