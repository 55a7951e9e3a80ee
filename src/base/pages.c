#include "base/pages.h"

#include <string.h>
#include <sys/mman.h>

void *
pages_new(size_t bytes)
{
	void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (pages == MAP_FAILED)
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
