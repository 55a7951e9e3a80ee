#pragma once
/*
 * How much each term of a signature says: its rarity in the index, as it is now; and which of them are worth looking
 * others up by. Within the room.
 */
#include "story/index.h"
#include "story/signature.h"

/* The rarest terms of an item, to find candidates by: more of the title's pieces, since one with another title shares few. */
#define STORY_PROBES_MAX 40
#define STORY_WORD_PROBES_MAX STORY_POSTINGS

struct story_rare {
	double rarity;
	uint32_t hash;
};

struct story_weighed {
	double words[STORY_WORDS_MAX], word_weight;
	double pieces[STORY_PIECES_MAX], piece_square; /* of pieces, squares count */
	/* The terms of one kind that find something, rarest first. */
	struct story_rare rare_words[STORY_WORD_PROBES_MAX], rare_pieces[STORY_PROBES_MAX],
	    rare_entities[STORY_PROBES_MAX];
	size_t rare_word_count, rare_piece_count, rare_entity_count;
};

/* story_index_expect_items was called for its words already, the earlier the better. */
void story_weigh(const struct story_index *ix, const struct story_signature *s, struct story_weighed *out);

/* The rarity of all of these together; of each its square. */
double story_sum_rarity(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count);
double story_sum_square(const struct story_index *ix, enum story_term kind, const uint32_t *terms, size_t count);
