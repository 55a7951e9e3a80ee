#pragma once
/* Valid UTF-8 found with AVX-512. Within the room. */
#include "base/cpu.h"
#include "base/str.h"

/* So many bytes at the beginning are valid and end where a character ends: all of s, or close before the first mistake. To be
 * called where cpu_is_wide() only. */
size_t utf8_wide_prefix(struct str s);
