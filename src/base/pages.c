#include "base/pages.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LARGE_BYTES \
	((size_t)2 * 1024 * 1024) /* a large page of most machines; where theirs are others, only time is lost */

static void *
map_zeroed(size_t bytes)
{
	void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return pages != MAP_FAILED ? pages : NULL;
}

void *
pages_new(size_t bytes)
{
	void *pages = map_zeroed(bytes);
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

void *
pages_new_large(size_t bytes)
{
	const size_t small = (size_t)sysconf(_SC_PAGESIZE), most = SIZE_MAX / 2;
	if (bytes < LARGE_BYTES || bytes > most)
		return bytes > most ? NULL : map_zeroed(bytes);
	bytes = (bytes + small - 1) / small * small;
	char *room = map_zeroed(bytes + LARGE_BYTES);
	if (room == NULL)
		return NULL;
	/* only what lies at a multiple of its size can be a large page: what is too much on both sides is given back */
	size_t before = (LARGE_BYTES - (uintptr_t)room % LARGE_BYTES) % LARGE_BYTES;
	if (before > 0)
		munmap(room, before);
	munmap(room + before + bytes, LARGE_BYTES - before);
	madvise(room + before, bytes, MADV_HUGEPAGE);
	return room + before;
}

void
pages_free(void *pages, size_t bytes)
{
	if (pages != NULL)
		munmap(pages, bytes);
}
