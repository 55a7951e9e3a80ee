#pragma once
/* The block path for processors with AVX-512. Inside of words.h. */
#include "text/words_scan.h"

#ifdef __x86_64__
#define WORDS_WIDE "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,bmi,bmi2,popcnt"
#endif

/* Can this processor run it? */
bool words_wide_runs(void);
/* As words_take_blocks(). */
size_t words_take_wide(struct words_scan *sc, size_t pos);
