#include "story/recent.h"

#include "base/pages.h"

#include <string.h>

#define SLOTS (1u << 14)
#define ALIGN 8u
#define LINE_BYTES 64

/* One signature in the ring; its pieces, words, entities and pairs stand behind it. */
struct kept {
	size_t number;
	double word_weight, word_log, piece_square, piece_log;
	uint16_t word_count, number_count, pair_count, piece_count, entity_count;
};

struct story_recent {
	uint64_t end;          /* where the next one goes, counted from the first byte that ever was */
	uint64_t slots[SLOTS]; /* of numbers, by their lowest bits: where they begin, and 1; 0 = nowhere */
	char ring[STORY_RECENT_BYTES];
};

struct story_recent *
story_recent_new(void)
{
	return pages_new(sizeof(struct story_recent));
}

void
story_recent_free(struct story_recent *r)
{
	pages_free(r, sizeof *r);
}

size_t
story_recent_bytes(void)
{
	return sizeof(struct story_recent);
}

static struct kept *
find(const struct story_recent *r, size_t number)
{
	uint64_t at = r->slots[number % SLOTS];
	if (at == 0 || r->end - (at - 1) > STORY_RECENT_BYTES)
		return NULL;
	struct kept *k = (struct kept *)(void *)(r->ring + (at - 1) % STORY_RECENT_BYTES);
	return k->number == number ? k : NULL;
}

static const uint32_t *
pieces_of(const struct kept *k)
{
	return (const uint32_t *)(const void *)(k + 1);
}

static const uint16_t *
pairs_of(const struct kept *k)
{
	return (const uint16_t *)(const void *)(pieces_of(k) + k->piece_count + k->word_count + k->entity_count);
}

void
story_recent_expect(const struct story_recent *r, const size_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(&r->slots[numbers[i] % SLOTS]);
	for (size_t i = 0; i < count; i++) {
		uint64_t at = r->slots[numbers[i] % SLOTS];
		if (at != 0)
			__builtin_prefetch(r->ring + (at - 1) % STORY_RECENT_BYTES);
	}
	for (size_t i = 0; i < count; i++) {
		const struct kept *k = find(r, numbers[i]);
		if (k == NULL)
			continue;
		const char *pieces = (const char *)pieces_of(k), *pairs = (const char *)pairs_of(k);
		for (size_t at = 0; at < k->piece_count * sizeof(uint32_t); at += LINE_BYTES)
			__builtin_prefetch(pieces + at);
		__builtin_prefetch(pairs);
		__builtin_prefetch(pairs + LINE_BYTES); /* the sample */
	}
}

bool
story_recent_get(const struct story_recent *r, size_t number, struct story_prepared *out)
{
	const struct kept *k = find(r, number);
	if (k == NULL)
		return false;
	const uint32_t *pieces = pieces_of(k);
	*out = (struct story_prepared){.word_weight = k->word_weight,
	    .word_log = k->word_log,
	    .piece_square = k->piece_square,
	    .piece_log = k->piece_log,
	    .signature = {.words = pieces + k->piece_count,
	        .pieces = pieces,
	        .entities = pieces + k->piece_count + k->word_count,
	        .pairs = pairs_of(k),
	        .word_count = k->word_count,
	        .number_count = k->number_count,
	        .pair_count = k->pair_count,
	        .piece_count = k->piece_count,
	        .entity_count = k->entity_count}};
	return true;
}

static char *
add(char *to, const void *from, size_t bytes)
{
	if (bytes > 0)
		memcpy(to, from, bytes);
	return to + bytes;
}

void
story_recent_put(struct story_recent *r, size_t number, const struct story_prepared *p)
{
	const struct story_signature *s = &p->signature;
	struct kept k = {.number = number,
	    .word_weight = p->word_weight,
	    .word_log = p->word_log,
	    .piece_square = p->piece_square,
	    .piece_log = p->piece_log,
	    .word_count = s->word_count,
	    .number_count = s->number_count,
	    .pair_count = s->pair_count,
	    .piece_count = s->piece_count,
	    .entity_count = s->entity_count};
	size_t size = sizeof k + ((size_t)s->word_count + s->piece_count + s->entity_count) * sizeof *s->words +
	              (size_t)s->pair_count * sizeof *s->pairs;
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	size_t left = STORY_RECENT_BYTES - r->end % STORY_RECENT_BYTES;
	if (left < size) /* it does not go round the end */
		r->end += left;
	char *to = r->ring + r->end % STORY_RECENT_BYTES;
	r->slots[number % SLOTS] = r->end + 1;
	r->end += size;
	to = add(to, &k, sizeof k);
	to = add(to, s->pieces, s->piece_count * sizeof *s->pieces);
	to = add(to, s->words, s->word_count * sizeof *s->words);
	to = add(to, s->entities, s->entity_count * sizeof *s->entities);
	add(to, s->pairs, s->pair_count * sizeof *s->pairs);
}

void
story_recent_weigh(struct story_recent *r, size_t number, const struct story_prepared *p)
{
	struct kept *k = find(r, number);
	if (k == NULL)
		return;
	k->word_weight = p->word_weight;
	k->word_log = p->word_log;
	k->piece_square = p->piece_square;
	k->piece_log = p->piece_log;
}
