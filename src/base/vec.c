#include "base/vec.h"

#include "base/pages.h"

#include <stdlib.h>
#include <string.h>

/* A large array moves onto pages of its own, which costs less than to have those that it lies on put elsewhere. */
static void *
grow(void *items, size_t used, size_t bytes)
{
	if (bytes < PAGES_LARGE)
		return realloc(items, bytes);
	void *p = pages_malloc(bytes);
	if (p != NULL && used > 0)
		memcpy(p, items, used);
	if (p != NULL)
		free(items);
	return p;
}

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
	void *p = grow(*items, *cap * size, bytes);
	if (p == NULL)
		return -1;
	*items = p;
	*cap = want;
	return 0;
}
