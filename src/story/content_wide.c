#include "story/content_wide.h"

#ifdef CPU_WIDE

CPU_WIDE_INLINE __mmask64
within(__m512i v, char first, unsigned count)
{
	return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8(first)), _mm512_set1_epi8((char)count));
}

CPU_WIDE size_t
content_letters_wide(char *to, struct str text)
{
	char *const from = to;
	for (size_t at = 0; at < text.len; at += CONTENT_SLACK) {
		__mmask64 there = _bzhi_u64(~(uint64_t)0, text.len - at < 64 ? (unsigned)(text.len - at) : 64);
		__m512i v = _mm512_maskz_loadu_epi8(there, text.s + at);
		__m512i small = _mm512_or_si512(v, _mm512_set1_epi8(0x20));
		__mmask64 letters = _mm512_movepi8_mask(v) | within(small, 'a', 26) | within(v, '0', 10);
		_mm512_storeu_si512(to, _mm512_maskz_compress_epi8(letters & there, v));
		to += __builtin_popcountll(letters & there);
	}
	return (size_t)(to - from);
}

#else

size_t
content_letters_wide(char *to, struct str text)
{
	(void)to, (void)text;
	return 0;
}

#endif
