#include "worker/area.h"

#include <sys/mman.h>

#define GUARD_BYTES 65536u /* on both sides; whole pages, whatever their size */

struct worker_area *
area_new(void)
{
	size_t whole = sizeof(struct worker_area) + (size_t)2 * GUARD_BYTES;
	char *all = mmap(NULL, whole, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (all == MAP_FAILED)
		return NULL;
	if (mprotect(all + GUARD_BYTES, sizeof(struct worker_area), PROT_READ | PROT_WRITE) < 0) {
		munmap(all, whole);
		return NULL;
	}
	return (struct worker_area *)(void *)(all + GUARD_BYTES);
}

void
area_keep(struct worker_area *area)
{
	if (area != NULL) /* whose only error, of arguments, cannot be: it is a whole mapping */
		madvise(area, sizeof *area, MADV_DONTFORK);
}

void
area_free(struct worker_area *area)
{
	if (area != NULL)
		munmap((char *)area - GUARD_BYTES, sizeof *area + (size_t)2 * GUARD_BYTES);
}
