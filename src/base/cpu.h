#pragma once
/*
 * AVX-512 with VBMI2 (Intel since 2019, AMD since 2022), which hardly any program may be compiled for as a whole. Functions that
 * want it stand under CPU_WIDE in a file of their own, beside others with the same result, and are chosen by cpu_is_wide().
 */
#include <stdbool.h>

#ifdef __x86_64__
#include <immintrin.h>

#define CPU_WIDE \
	__attribute__(( \
	    target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vpopcntdq,bmi,bmi2,popcnt")))
#define CPU_WIDE_INLINE static inline CPU_WIDE __attribute__((always_inline))
#endif

static inline bool
cpu_is_wide(void)
{
#ifdef __x86_64__
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
	       __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("bmi") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
	return false;
#endif
}
