#include "story/recent.h"

#include <string.h>

#define SLOTS (1u << 14)
#define LINE_BYTES 64u
#define EXPECTED_LINES 3
#define SKETCH_WORD_BITS 12u

_Static_assert(sizeof(struct story_kept) <= LINE_BYTES, "it is fetched from memory at once");

struct story_recent {
	uint64_t end;          /* where the next one goes, counted from the first byte that ever was */
	uint64_t slots[SLOTS]; /* of numbers, by their lowest bits: where they begin, and 1; 0 = nowhere */
	_Alignas(LINE_BYTES) char ring[STORY_RECENT_BYTES];
};

size_t
story_recent_bytes(void)
{
	return sizeof(struct story_recent);
}

static struct story_kept *
find(const struct story_recent *r, size_t number)
{
	uint64_t at = r->slots[number % SLOTS];
	if (at == 0 || r->end - (at - 1) > STORY_RECENT_BYTES)
		return NULL;
	struct story_kept *k = (struct story_kept *)(void *)(r->ring + (at - 1) % STORY_RECENT_BYTES);
	return k->number == number ? k : NULL;
}

const struct story_kept *
story_recent_find(const struct story_recent *r, size_t number)
{
	return find(r, number);
}

struct story_sketch
story_kept_sketch(const struct story_kept *k)
{
	const char *sketch = (const char *)k + LINE_BYTES;
	if (k->sketch_bytes == 0)
		return (struct story_sketch){NULL, 0};
	return (struct story_sketch){(const uint64_t *)(const void *)sketch, k->sketch_bytes * 8u};
}

static const uint32_t *
pieces_of(const struct story_kept *k)
{
	return (const uint32_t *)(const void *)((const char *)k + LINE_BYTES + k->sketch_bytes);
}

static const uint16_t *
pairs_of(const struct story_kept *k)
{
	return (const uint16_t *)(const void *)(pieces_of(k) + k->piece_count + k->word_count + k->entity_count);
}

void
story_recent_expect(const struct story_recent *r, const size_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(&r->slots[numbers[i] % SLOTS]);
	for (size_t i = 0; i < count; i++) { /* with most of a sketch: how long it is would be known too late */
		uint64_t at = r->slots[numbers[i] % SLOTS];
		const char *kept = r->ring + (at - 1) % STORY_RECENT_BYTES;
		for (size_t line = 0; at != 0 && line < EXPECTED_LINES; line++)
			__builtin_prefetch(kept + line * LINE_BYTES);
	}
}

struct story_prepared
story_kept_prepared(const struct story_kept *k)
{
	const uint32_t *pieces = pieces_of(k);
	return (struct story_prepared){.word_weight = k->word_weight,
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
}

static char *
add(char *to, const void *from, size_t bytes)
{
	if (bytes > 0)
		memcpy(to, from, bytes);
	return to + bytes;
}

/* Hardly more than a twelfth of the bits are set. Of a long text it would take as much memory as its words. */
static size_t
sketch_bytes(size_t words)
{
	size_t bytes = words <= STORY_SKETCH_WORDS_MAX ? words * SKETCH_WORD_BITS / 8 : 0;
	return (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
}

static char *
add_sketch(char *to, const struct story_signature *s, size_t bytes)
{
	uint64_t *bits = memset(to, 0, bytes);
	for (size_t i = 0; bytes > 0 && i < s->word_count; i++) {
		uint32_t at = story_sketch_place(s->words[i], (uint32_t)bytes * 8);
		bits[at / 64] |= (uint64_t)1 << at % 64;
	}
	return to + bytes;
}

void
story_recent_put(struct story_recent *r, size_t number, const struct story_prepared *p)
{
	const struct story_signature *s = &p->signature;
	struct story_kept k = {.number = number,
	    .word_weight = p->word_weight,
	    .word_log = p->word_log,
	    .piece_square = p->piece_square,
	    .piece_log = p->piece_log,
	    .word_count = s->word_count,
	    .number_count = s->number_count,
	    .pair_count = s->pair_count,
	    .piece_count = s->piece_count,
	    .entity_count = s->entity_count,
	    .sketch_bytes = (uint16_t)sketch_bytes(s->word_count)};
	size_t size = LINE_BYTES + k.sketch_bytes +
	              ((size_t)s->word_count + s->piece_count + s->entity_count) * sizeof *s->words +
	              (size_t)s->pair_count * sizeof *s->pairs;
	size = (size + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
	size_t left = STORY_RECENT_BYTES - r->end % STORY_RECENT_BYTES;
	if (left < size) /* it does not go round the end */
		r->end += left;
	char *to = r->ring + r->end % STORY_RECENT_BYTES;
	r->slots[number % SLOTS] = r->end + 1;
	r->end += size;
	memcpy(to, &k, sizeof k);
	to = add_sketch(to + LINE_BYTES, s, k.sketch_bytes);
	to = add(to, s->pieces, s->piece_count * sizeof *s->pieces);
	to = add(to, s->words, s->word_count * sizeof *s->words);
	to = add(to, s->entities, s->entity_count * sizeof *s->entities);
	add(to, s->pairs, s->pair_count * sizeof *s->pairs);
}

void
story_recent_weigh(struct story_recent *r, size_t number, const struct story_prepared *p)
{
	struct story_kept *k = find(r, number);
	if (k == NULL)
		return;
	k->word_weight = p->word_weight;
	k->word_log = p->word_log;
	k->piece_square = p->piece_square;
	k->piece_log = p->piece_log;
}
