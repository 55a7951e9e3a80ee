/* The finished index as every item asks it: quick maps, and its tables side by side in large pages. */
#include "base/pages.h"
#include "watch/query_atoms.h"

#include <stdlib.h>

#define LINE_BYTES 64u /* of a cache: where a table begins */

static size_t
in_lines(size_t bytes)
{
	return (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
}

/* ---- quick maps ---- */

struct quick_size {
	size_t slots, keys; /* keys: bytes of all of them */
};

static struct quick_size
quick_size(const struct map *from)
{
	struct quick_size size = {.slots = 16};
	while (size.slots < from->count * 2 + 2)
		size.slots *= 2;
	for (size_t k = 0; k < from->cap; k++)
		size.keys += from->slots[k].value != NULL ? from->slots[k].key.len : 0;
	return size;
}

static size_t
quick_bytes(struct quick_size size)
{
	return in_lines(size.slots * sizeof(struct query_quick_slot)) + in_lines(size.slots * QUERY_FILTER_BITS / 8) +
	       in_lines(size.keys);
}

static uint32_t
prefix_hash(struct str s)
{
	uint32_t hash = QUERY_HASH_SEED;
	for (size_t i = 0; i < s.len; i++)
		hash = query_hash_byte(hash, s.s[i]);
	return hash;
}

static uint32_t
phrase_hash(struct str s)
{
	uint32_t pair[2];
	memcpy(pair, s.s, sizeof pair);
	return query_phrase_hash(pair);
}

static void
quick_put(struct query_quick *q, struct str key, uint32_t hash, uint32_t atom)
{
	uint32_t i = query_quick_home(q, hash), bit = query_filter_bit(q, hash);
	while (q->slots[i].key.s != NULL)
		i = (i + 1) & q->mask;
	q->filter[bit / 64] |= UINT64_C(1) << (bit % 64);
	q->slots[i] = (struct query_quick_slot){key, hash, atom};
}

/* `at` is zeroed; returns what lies behind the map. */
static char *
quicken(struct query_quick *q, const struct map *from, uint32_t (*hash)(struct str), char *at)
{
	struct quick_size size = quick_size(from);
	q->mask = (uint32_t)size.slots - 1;
	q->filter_mask = (uint32_t)(size.slots * QUERY_FILTER_BITS) - 1;
	q->slots = (void *)at;
	q->filter = (void *)(at + in_lines(size.slots * sizeof *q->slots));
	char *end = at + quick_bytes(size), *keys = end - in_lines(size.keys);
	for (size_t k = 0; k < from->cap; k++) {
		struct str key = from->slots[k].key;
		if (from->slots[k].value == NULL)
			continue;
		memcpy(keys, key.s, key.len);
		key.s = keys;
		quick_put(q, key, hash(key), (uint32_t)(uintptr_t)from->slots[k].value - 1);
		keys += key.len;
	}
	return end;
}

/* ---- tables ---- */

#define TABLES_MAX 7u

struct table {
	void **at;
	size_t bytes;
};

static size_t
tables(struct query_index *x, size_t entries, struct table ret[TABLES_MAX])
{
	size_t n = 0;
	ret[n++] = (struct table){(void **)&x->wake_start, ((size_t)x->atom_count + 2) * sizeof *x->wake_start};
	ret[n++] = (struct table){(void **)&x->wakes, x->wake_count * sizeof *x->wakes};
	ret[n++] = (struct table){(void **)&x->where, (entries + 1) * sizeof *x->where};
	ret[n++] = (struct table){(void **)&x->code, x->code_count * sizeof *x->code};
	ret[n++] = (struct table){(void **)&x->entity_atoms, (x->entity_count + 1) * sizeof *x->entity_atoms};
	ret[n++] = (struct table){(void **)&x->kin, x->kin_count * sizeof *x->kin};
	if (x->kin_of_word != NULL)
		ret[n++] =
		    (struct table){(void **)&x->kin_of_word, ((size_t)x->atom_count + 1) * sizeof *x->kin_of_word};
	return n;
}

bool
query_index_pack(struct query_index *x, const struct query_atoms *atoms, size_t entries)
{
	struct table all[TABLES_MAX];
	size_t count = tables(x, entries, all);
	size_t bytes = quick_bytes(quick_size(&atoms->words)) + quick_bytes(quick_size(&atoms->prefixes)) +
	               quick_bytes(quick_size(&atoms->phrases));
	for (size_t i = 0; i < count; i++)
		bytes += in_lines(all[i].bytes);
	char *at = pages_calloc(1, bytes);
	if (at == NULL)
		return false;
	x->packed = at;
	at = quicken(&x->words, &atoms->words, text_fold_hash, at);
	at = quicken(&x->prefixes, &atoms->prefixes, prefix_hash, at);
	at = quicken(&x->phrases, &atoms->phrases, phrase_hash, at);
	for (size_t i = 0; i < count; i++) {
		if (all[i].bytes > 0)
			memcpy(at, *all[i].at, all[i].bytes);
		free(*all[i].at);
		*all[i].at = at;
		at += in_lines(all[i].bytes);
	}
	return true;
}

void
query_index_unpack(struct query_index *x)
{
	struct table all[TABLES_MAX];
	size_t count = tables(x, 0, all);
	for (size_t i = 0; i < count && x->packed == NULL; i++)
		free(*all[i].at);
	free(x->packed);
}
