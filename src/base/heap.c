#include "base/heap.h"

#include "base/vec.h"

#include <stdbool.h>
#include <stdlib.h>

void
heap_init(struct heap *h)
{
	*h = (struct heap){0};
}

void
heap_done(struct heap *h)
{
	for (size_t i = 0; i < h->count; i++)
		h->entries[i]->pos = HEAP_ABSENT;
	free(h->entries);
	*h = (struct heap){0};
}

void
heap_entry_init(struct heap_entry *e)
{
	*e = (struct heap_entry){.pos = HEAP_ABSENT};
}

static void
place(struct heap *h, struct heap_entry *e, size_t pos)
{
	h->entries[pos] = e;
	e->pos = pos;
}

#ifndef HEAP_COMPARED /* the test counts */
#define HEAP_COMPARED() ((void)0)
#endif

/* Who makes many things one after the other, and says of all that they are due now, mostly gets them in that order. */
static bool
before(const struct heap_entry *a, const struct heap_entry *b)
{
	HEAP_COMPARED();
	return a->key != b->key ? a->key < b->key : (uintptr_t)a < (uintptr_t)b;
}

static void
sift_up(struct heap *h, struct heap_entry *e, size_t pos)
{
	while (pos > 0 && before(e, h->entries[(pos - 1) / 2])) {
		place(h, h->entries[(pos - 1) / 2], pos);
		pos = (pos - 1) / 2;
	}
	place(h, e, pos);
}

static void
sift_down(struct heap *h, struct heap_entry *e, size_t pos)
{
	for (;;) {
		size_t child = 2 * pos + 1;
		if (child >= h->count)
			break;
		if (child + 1 < h->count && before(h->entries[child + 1], h->entries[child]))
			child++;
		if (before(e, h->entries[child]))
			break;
		place(h, h->entries[child], pos);
		pos = child;
	}
	place(h, e, pos);
}

static void
settle(struct heap *h, struct heap_entry *e, size_t pos)
{
	if (pos > 0 && before(e, h->entries[(pos - 1) / 2]))
		sift_up(h, e, pos);
	else
		sift_down(h, e, pos);
}

int
heap_set(struct heap *h, struct heap_entry *e, int64_t key)
{
	if (e->pos == HEAP_ABSENT) {
		if (vec_reserve((void **)&h->entries, &h->cap, h->count + 1, sizeof *h->entries) < 0)
			return -1;
		e->key = key;
		sift_up(h, e, h->count++);
		return 0;
	}
	e->key = key;
	settle(h, e, e->pos);
	return 0;
}

void
heap_remove(struct heap *h, struct heap_entry *e)
{
	size_t pos = e->pos;
	if (pos == HEAP_ABSENT)
		return;
	e->pos = HEAP_ABSENT;
	struct heap_entry *last = h->entries[--h->count];
	if (last != e)
		settle(h, last, pos);
}

struct heap_entry *
heap_min(const struct heap *h)
{
	return h->count ? h->entries[0] : NULL;
}
