#pragma once
/*
 * A binary min-heap of things that are due at a time. Each entry is embedded in its owner, which it must not
 * outlive; the heap moves pointers only. All operations O(log n), heap_min O(1). Of those with one
 * key the first is the one that lies first in memory.
 */
#include <stddef.h>
#include <stdint.h>

#define HEAP_ABSENT SIZE_MAX

struct heap_entry {
	int64_t key;
	size_t pos; /* HEAP_ABSENT when in no heap: set it so before first use with heap_entry_init */
};

struct heap {
	struct heap_entry **entries;
	size_t count, cap;
};

void heap_init(struct heap *h);
void heap_done(struct heap *h); /* entries stay their owners' */
void heap_entry_init(struct heap_entry *e);
/* Inserts, or moves an entry that is in already, to `key`. 0, or -1 when memory ran out (only on insertion). */
int heap_set(struct heap *h, struct heap_entry *e, int64_t key);
void heap_remove(struct heap *h, struct heap_entry *e); /* harmless when absent */
struct heap_entry *heap_min(const struct heap *h);      /* NULL when empty */
