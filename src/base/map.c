#include "base/map.h"

#include "base/hash.h"
#include "base/pages.h"

#include <stdlib.h>

static uint64_t
seed(void)
{
	static uint64_t value;
	if (value == 0)
		value = hash_secret(HASH_OF_MAPS);
	return value;
}

void
map_init(struct map *m)
{
	*m = (struct map){0};
}

void
map_done(struct map *m)
{
	free(m->slots);
	*m = (struct map){0};
}

/* The slot that holds the key, or the empty one where it belongs. */
static struct map_slot *
find(const struct map *m, struct str key, uint64_t hash)
{
	for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		struct map_slot *s = &m->slots[i];
		if (s->value == NULL || (s->hash == hash && str_eq(s->key, key)))
			return s;
	}
}

void *
map_get(const struct map *m, struct str key)
{
	return m->cap ? find(m, key, hash64(key, seed()))->value : NULL;
}

static int
grow(struct map *m)
{
	struct map next = {.cap = m->cap ? m->cap * 2 : 16, .count = m->count};
	next.slots = pages_calloc(next.cap, sizeof *next.slots);
	if (next.slots == NULL)
		return -1;
	for (size_t i = 0; i < m->cap; i++) {
		if (m->slots[i].value != NULL)
			*find(&next, m->slots[i].key, m->slots[i].hash) = m->slots[i];
	}
	free(m->slots);
	*m = next;
	return 0;
}

int
map_put(struct map *m, struct str key, void *value)
{
	if (m->count >= m->cap / 2 && grow(m) < 0)
		return -1;
	uint64_t hash = hash64(key, seed());
	struct map_slot *s = find(m, key, hash);
	if (s->value == NULL) {
		m->count++;
		s->key = key;
		s->hash = hash;
	}
	s->value = value;
	return 0;
}

void *
map_del(struct map *m, struct str key)
{
	if (m->cap == 0)
		return NULL;
	struct map_slot *s = find(m, key, hash64(key, seed()));
	void *old = s->value;
	if (old == NULL)
		return NULL;
	m->count--;
	/* Backward-shift deletion keeps every remaining key reachable without tombstones. */
	size_t hole = (size_t)(s - m->slots), mask = m->cap - 1;
	for (size_t i = (hole + 1) & mask; m->slots[i].value != NULL; i = (i + 1) & mask) {
		size_t home = m->slots[i].hash & mask;
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			m->slots[hole] = m->slots[i];
			hole = i;
		}
	}
	m->slots[hole] = (struct map_slot){0};
	return old;
}
