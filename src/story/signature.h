#pragma once
/*
 * What an item is compared by: the sets of its words, of its pairs of neighbouring words, of the pieces of its title
 * and of the actors, places and topics it mentions. Hashes only, sorted, each once. It is kept with the item, in a
 * form of its own: 12 bytes, then the sets one behind the other, little-endian.
 */
#include "story/features.h"

#define STORY_ENTITIES_MAX 64
/* Of a packed one: what is longer is not ours. */
#define STORY_SIGNATURE_BYTES_MAX \
	(12 + 4 * (STORY_WORDS_MAX + STORY_PIECES_MAX + STORY_ENTITIES_MAX) + 2 * STORY_WORDS_MAX)

struct story_cut { /* words at both ends of text and title that are the outlet's and not the report's */
	uint16_t lead, tail, title_lead, title_tail;
};

struct story_signature { /* in the arena */
	const uint32_t *words, *pieces, *entities;
	const uint16_t *pairs; /* shorter hashes do: all that is asked is how many are shared */
	uint16_t word_count, pair_count, piece_count, entity_count;
	uint16_t number_count; /* among the words */
};

/* A pure function of what is given. entities: any number of hashes, in any order. */
int story_signature_make(const struct story_features *f, const struct story_cut *cut, const uint32_t *entities,
    size_t entity_count, struct arena *arena, struct story_signature *out, struct err *err);
/* STR_NONE when memory ran out. */
struct str story_signature_pack(const struct story_signature *s, struct arena *arena);
/* false when the bytes are no signature; memory that ran out is arena->failed. */
bool story_signature_unpack(struct str bytes, struct arena *arena, struct story_signature *out);
