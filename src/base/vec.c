#include "base/vec.h"

#include <stdlib.h>

int
vec_reserve(void **items, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return 0;
	size_t want = *cap ? *cap : 8, bytes;
	while (want < need) {
		if (__builtin_mul_overflow(want, 2, &want))
			return -1;
	}
	if (__builtin_mul_overflow(want, size, &bytes))
		return -1;
	void *p = realloc(*items, bytes);
	if (p == NULL)
		return -1;
	*items = p;
	*cap = want;
	return 0;
}
