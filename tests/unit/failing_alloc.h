#pragma once
/*
 * Allocations that fail on demand. A program that links failing_alloc.c with WRAP_ALLOC_FLAGS (see
 * tests/unit/base.mk) has its own calls of malloc, calloc and realloc counted; the nth from now on fails, and only
 * that one, or every later one too.
 * Check allocates too: no ck_assert between arming and failing_alloc_fired().
 *   for (long n = 1; ; n++) { failing_alloc_arm(n, false); work(); if (!failing_alloc_fired()) break; }
 */
#include <stdbool.h>

void failing_alloc_arm(long nth, bool and_later); /* 0 = none fails */
bool failing_alloc_fired(void);                   /* since armed; disarms */
