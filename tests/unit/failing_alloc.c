#include "failing_alloc.h"

#include <stdatomic.h>
#include <stddef.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t alignment, size_t n);
void *__wrap_aligned_alloc(size_t alignment, size_t n);

static _Atomic long countdown; /* threads allocate, too */
static _Atomic bool later, fired;

void
failing_alloc_arm(long nth, bool and_later)
{
	countdown = nth;
	later = and_later;
	fired = false;
}

bool
failing_alloc_fired(void)
{
	bool was = fired;
	failing_alloc_arm(0, false);
	return was;
}

static bool
fails(void)
{
	if (fired && later)
		return true;
	if (countdown == 0 || --countdown > 0)
		return false;
	fired = true;
	return true;
}

void *
__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t count, size_t n)
{
	return fails() ? NULL : __real_calloc(count, n);
}

void *
__wrap_realloc(void *p, size_t n)
{
	return fails() ? NULL : __real_realloc(p, n);
}

void *
__wrap_aligned_alloc(size_t alignment, size_t n)
{
	return fails() ? NULL : __real_aligned_alloc(alignment, n);
}
