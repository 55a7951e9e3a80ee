#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *
map_zeroed(size_t bytes)
{
	void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return pages != MAP_FAILED ? pages : NULL;
}

static void *
map_large(size_t bytes)
{
	const size_t small = (size_t)sysconf(_SC_PAGESIZE), most = SIZE_MAX / 2;
	if (bytes < PAGES_LARGE || bytes > most)
		return bytes > most ? NULL : map_zeroed(bytes);
	bytes = (bytes + small - 1) / small * small;
	char *room = map_zeroed(bytes + PAGES_LARGE);
	if (room == NULL)
		return NULL;
	/* only what lies at a multiple of its size can be a large page: what is too much on both sides is given back */
	size_t before = (PAGES_LARGE - (uintptr_t)room % PAGES_LARGE) % PAGES_LARGE;
	if (before > 0)
		munmap(room, before);
	munmap(room + before + bytes, PAGES_LARGE - before);
	madvise(room + before, bytes, MADV_HUGEPAGE);
	return room + before;
}

void *
pages_new(size_t bytes)
{
	void *pages = map_large(bytes);
	if (pages == NULL)
		return NULL;
	madvise(pages, bytes, MADV_DONTFORK); /* what is refused costs time only */
	return pages;
}

void *
pages_new_now(size_t bytes)
{
	void *pages = pages_new(bytes);
	if (pages != NULL)
		memset(pages, 0, bytes);
	return pages;
}

void
pages_free(void *pages, size_t bytes)
{
	if (pages != NULL)
		munmap(pages, bytes);
}

void *
pages_malloc(size_t bytes)
{
	void *p;
	if (bytes < PAGES_LARGE)
		return malloc(bytes);
	if (posix_memalign(&p, PAGES_LARGE, bytes) != 0)
		return NULL;
	pages_ask_large(p, bytes);
	return p;
}

void
pages_ask_large(void *memory, size_t bytes)
{
	uintptr_t from = ((uintptr_t)memory + PAGES_LARGE - 1) & ~(PAGES_LARGE - 1);
	uintptr_t to = ((uintptr_t)memory + bytes) & ~(PAGES_LARGE - 1);
	if (memory != NULL && from < to)
		madvise((void *)from, to - from, MADV_HUGEPAGE);
}

void *
pages_calloc(size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		return NULL;
	if (bytes < PAGES_LARGE)
		return calloc(count, size);
	void *p = pages_malloc(bytes);
	return p != NULL ? memset(p, 0, bytes) : NULL;
}
