#include "story/signature.h"

#include "base/buf.h"

#include <string.h>

#define FORM 2 /* of the packed bytes; another form is not read */
#define HEAD_BYTES 12
#define FEW 16 /* hashes that are sorted as they are */

/* ---- sets ---- */

/*
 * Hashes are spread evenly, so they are dealt out by their first byte, which leaves next to nothing to sort. Of crafted
 * ones the cost is quadratic, in STORY_WORDS_MAX.
 */
static void
deal(const uint32_t *from, size_t count, unsigned shift, uint32_t *to)
{
	uint32_t starts[257] = {0};
	if (count < FEW) {
		memcpy(to, from, count * sizeof *to);
		return;
	}
	for (size_t i = 0; i < count; i++)
		starts[(from[i] >> shift) + 1]++;
	for (size_t i = 1; i < 256; i++)
		starts[i] += starts[i - 1];
	for (size_t i = 0; i < count; i++)
		to[starts[from[i] >> shift]++] = from[i];
}

/* Sorts the items, each once, in place; they have no bit above `shift` + 8. Returns how many there are then. */
static size_t
make_set(uint32_t *items, size_t count, unsigned shift, uint32_t *dealt)
{
	size_t n = 0;
	deal(items, count, shift, dealt);
	for (size_t i = 1; i < count; i++) { /* what was dealt lies next to its place, or there */
		uint32_t one = dealt[i];
		size_t k = i;
		for (; k > 0 && dealt[k - 1] > one; k--)
			dealt[k] = dealt[k - 1];
		dealt[k] = one;
	}
	for (size_t i = 0; i < count; i++) {
		items[n] = dealt[i];
		n += i + 1 == count || dealt[i] != dealt[i + 1];
	}
	return n;
}

static uint16_t
pair_hash(uint32_t a, uint32_t b)
{
	uint64_t h = ((uint64_t)a << 32 | b) * 0x9E3779B97F4A7C15u;
	return (uint16_t)(h >> 48);
}

static void
add_words(const uint32_t *from, size_t count, struct arena *arena, struct story_signature *out)
{
	uint32_t next_to[STORY_WORDS_MAX], dealt[STORY_WORDS_MAX];
	uint32_t *words = arena_alloc(arena, count * sizeof *words + 1);
	uint16_t *pairs = arena_alloc(arena, count * sizeof *pairs + 1);
	if (words == NULL || pairs == NULL)
		return;
	for (size_t i = 0; i < count; i++) {
		words[i] = from[i];
		if (i > 0)
			next_to[i - 1] = pair_hash(from[i - 1], from[i]);
	}
	out->words = words;
	out->word_count = (uint16_t)make_set(words, count, 24, dealt);
	out->pairs = pairs;
	out->pair_count = (uint16_t)make_set(next_to, count > 0 ? count - 1 : 0, 8, dealt);
	for (size_t i = 0; i < out->pair_count; i++)
		pairs[i] = (uint16_t)next_to[i];
	for (size_t i = 0; i < out->word_count; i++)
		out->number_count += story_is_number(words[i]);
}

static void
add_pieces(const struct story_features *f, const struct story_cut *cut, struct arena *arena, struct story_signature *out)
{
	size_t count = 0, end = f->title_count - cut->title_tail;
	uint32_t dealt[STORY_PIECES_MAX];
	uint32_t *pieces = arena_alloc(arena, f->piece_count * sizeof *pieces + 1);
	bool all = (size_t)cut->title_lead + cut->title_tail >= f->title_count ||
	           (cut->title_lead == 0 && cut->title_tail == 0);
	if (pieces == NULL)
		return;
	for (size_t i = 0; i < f->piece_count; i++) {
		if (all || (f->pieces[i].from >= cut->title_lead && f->pieces[i].to < end))
			pieces[count++] = f->pieces[i].hash;
	}
	out->pieces = pieces;
	out->piece_count = (uint16_t)make_set(pieces, count, 24, dealt);
}

static void
add_entities(const uint32_t *from, size_t count, struct arena *arena, struct story_signature *out)
{
	uint32_t *entities = arena_alloc(arena, count * sizeof *entities + 1);
	uint32_t *dealt = arena_alloc(arena, count * sizeof *dealt + 1);
	if (entities == NULL || dealt == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		entities[i] = from[i];
	out->entities = entities;
	count = make_set(entities, count, 24, dealt);
	out->entity_count = (uint16_t)(count < STORY_ENTITIES_MAX ? count : STORY_ENTITIES_MAX);
}

int
story_signature_make(const struct story_features *f, const struct story_cut *cut, const uint32_t *entities,
    size_t entity_count, struct arena *arena, struct story_signature *out, struct err *err)
{
	size_t ends = (size_t)cut->lead + cut->tail;
	size_t count = ends < f->word_count ? f->word_count - ends : 0;

	*out = (struct story_signature){0};
	add_words(f->words + (count > 0 ? cut->lead : 0), count < STORY_WORDS_MAX ? count : STORY_WORDS_MAX, arena, out);
	add_pieces(f, cut, arena, out);
	add_entities(entities, entity_count, arena, out);
	return arena_check(arena, err);
}

/* ---- packed ---- */

static unsigned char *
put_16(unsigned char *p, uint16_t v)
{
	*p++ = (unsigned char)v;
	*p++ = (unsigned char)(v >> 8);
	return p;
}

static unsigned char *
put_all_32(unsigned char *p, const uint32_t *items, size_t count)
{
	for (size_t i = 0; i < count; i++)
		p = put_16(put_16(p, (uint16_t)items[i]), (uint16_t)(items[i] >> 16));
	return p;
}

struct str
story_signature_pack(const struct story_signature *s, struct arena *arena)
{
	size_t size =
	    HEAD_BYTES + 4 * ((size_t)s->word_count + s->piece_count + s->entity_count) + 2 * (size_t)s->pair_count;
	unsigned char *bytes = arena_alloc(arena, size), *p = bytes;
	if (bytes == NULL)
		return STR_NONE;
	p = put_16(p, FORM);
	p = put_16(p, s->word_count);
	p = put_16(p, s->number_count);
	p = put_16(p, s->pair_count);
	p = put_16(p, s->piece_count);
	p = put_16(p, s->entity_count);
	p = put_all_32(p, s->words, s->word_count);
	p = put_all_32(p, s->pieces, s->piece_count);
	p = put_all_32(p, s->entities, s->entity_count);
	for (size_t i = 0; i < s->pair_count; i++)
		p = put_16(p, s->pairs[i]);
	return (struct str){(char *)bytes, size};
}

struct reader {
	const unsigned char *at;
	struct arena *arena;
	bool sorted;
};

static uint16_t
get_16(struct reader *r)
{
	uint16_t v = (uint16_t)(r->at[0] | r->at[1] << 8);
	r->at += 2;
	return v;
}

static const uint32_t *
get_all_32(struct reader *r, size_t count)
{
	uint32_t *items = arena_alloc(r->arena, count * sizeof *items + 1);
	for (size_t i = 0; items != NULL && i < count; i++) {
		uint32_t low = get_16(r);
		items[i] = low | (uint32_t)get_16(r) << 16;
		r->sorted &= i == 0 || items[i - 1] < items[i];
	}
	return items;
}

static const uint16_t *
get_all_16(struct reader *r, size_t count)
{
	uint16_t *items = arena_alloc(r->arena, count * sizeof *items + 1);
	for (size_t i = 0; items != NULL && i < count; i++) {
		items[i] = get_16(r);
		r->sorted &= i == 0 || items[i - 1] < items[i];
	}
	return items;
}

bool
story_signature_unpack(struct str bytes, struct arena *arena, struct story_signature *out)
{
	struct reader r = {(const unsigned char *)bytes.s, arena, true};

	*out = (struct story_signature){0};
	if (bytes.len < HEAD_BYTES || get_16(&r) != FORM)
		return false;
	out->word_count = get_16(&r);
	out->number_count = get_16(&r);
	out->pair_count = get_16(&r);
	out->piece_count = get_16(&r);
	out->entity_count = get_16(&r);
	if (out->word_count > STORY_WORDS_MAX || out->number_count > out->word_count ||
	    out->pair_count > STORY_WORDS_MAX || out->piece_count > STORY_PIECES_MAX ||
	    out->entity_count > STORY_ENTITIES_MAX ||
	    bytes.len != HEAD_BYTES + 4 * ((size_t)out->word_count + out->piece_count + out->entity_count) +
	                     2 * (size_t)out->pair_count)
		return false;
	out->words = get_all_32(&r, out->word_count);
	out->pieces = get_all_32(&r, out->piece_count);
	out->entities = get_all_32(&r, out->entity_count);
	out->pairs = get_all_16(&r, out->pair_count);
	return !arena->failed && r.sorted;
}
