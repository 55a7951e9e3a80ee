#pragma once
/*
 * A hash table from byte strings to pointers. The keys are not copied: they must live as long as the map.
 * Open addressing, linear probing; the seed is drawn once per process, so that a hostile document cannot
 * prepare collisions. Iteration order is unspecified; when order matters, keep an array beside it.
 */
#include "base/str.h"

struct map_slot {
	struct str key;
	void *value;
	uint64_t hash;
};

struct map {
	struct map_slot *slots;
	size_t count, cap;
};

void map_init(struct map *m);
void map_done(struct map *m); /* frees the table, not keys or values */
/* NULL when absent. */
void *map_get(const struct map *m, struct str key);
/* 0, or -1 when memory ran out. value must not be NULL. An existing key gets the new value. */
int map_put(struct map *m, struct str key, void *value);
/* The old value, or NULL. */
void *map_del(struct map *m, struct str key);
