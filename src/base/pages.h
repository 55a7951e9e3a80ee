#pragma once
/*
 * Large tables that are written to here and there: zeroed memory in whole pages, large ones where the system has some (below), which
 * costs nothing until it is written to.
 * A process that is forked off does not have it: there would be a fault and a copy for each page that is written to next.
 */
#include <stddef.h>

void *pages_new(size_t bytes);     /* NULL: no memory */
void *pages_new_now(size_t bytes); /* … that will be written to all over, and may cost all of it at once */
void pages_free(void *pages, size_t bytes);

/*
 * malloc() and calloc() for tables that are filled and then read here and there, also by processes that are forked off; free() gives
 * them back. From PAGES_LARGE on they lie on pages of that size, as far as these lie in them as a whole, where the system has such
 * pages for who asks: else there is a fault for every 4 KiB while they are filled, and a miss for the page with nearly every read. So
 * no memory is taken that was not asked for, but all of it at once: not for what stays half empty.
 */
#define PAGES_LARGE ((size_t)2 << 20) /* a large page of most machines; where theirs are others, only time is lost */
void *pages_malloc(size_t bytes);
void *pages_calloc(size_t count, size_t size);
/* The same for memory that was taken before and only now turns out to be used: of what lies in it, nothing changes. */
void pages_ask_large(void *memory, size_t bytes);
