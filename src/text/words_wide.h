#pragma once
/* The block path for processors with AVX-512. Inside of words.h. */
#include "text/words_scan.h"

/* As words_take_blocks(), where cpu_is_wide(). */
size_t words_take_wide(struct words_scan *sc, size_t pos);
