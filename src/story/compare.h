#pragma once
/*
 * What one item has in common with another: the words, the pieces of the title, the facts. See window.h for what follows
 * from that. Pure; within the room.
 */
#include "story/recent.h"
#include "story/weigh.h"

#define STORY_COPY_WORDS_LEAST 5 /* of a text that can be called a copy */

/*
 * What a signature has, to be asked rather than walked through: it is compared with dozens of others, which share next to
 * nothing with it. Of words and pieces a bit for the lowest bits of each hash says at once of most others that they are not
 * there; the numbers of those that are: indices, from 1, at a place that the hash says or behind it; 0 = nothing there, or
 * further.
 */
#define STORY_HAVING_BITS 8192u
#define STORY_WORD_PLACES 1024u
#define STORY_PIECE_PLACES 512u
struct story_having {
	uint64_t pairs[(UINT16_MAX + 1) / 64];
	uint64_t word_bits[STORY_HAVING_BITS / 64], piece_bits[STORY_HAVING_BITS / 64];
	uint16_t words[STORY_WORD_PLACES], pieces[STORY_PIECE_PLACES];
};
_Static_assert(STORY_WORD_PLACES >= 2 * STORY_WORDS_MAX, "most places are free");
_Static_assert(STORY_PIECE_PLACES >= 2 * STORY_PIECES_MAX, "most places are free");

/* A new item; large. */
struct story_newcomer {
	struct story_signature signature;
	struct story_having has; /* once it is compared with one that may be like it */
	bool has_known;
	struct story_weighed weighed;
	uint32_t word_units[STORY_SKETCH_WORDS_MAX]; /* what its words weigh, rounded up; not of a long text */
	uint32_t feed;                               /* hash */
};

/* One that was there before. Its weights are worked out anew when they are stale. */
struct story_other {
	struct story_prepared of;
	uint32_t feed;
	bool weighed; /* that was done */
};

/* The signature and the feed are set; as to story_weigh. */
void story_newcomer_prepare(const struct story_index *ix, struct story_newcomer *n);
/* … and it is compared with others: all that follows but story_surely_apart asks for that. */
void story_newcomer_index(struct story_newcomer *n);

/* The same text again? *similarity: share of the words, 0..1. */
bool
story_is_copy(const struct story_index *ix, const struct story_newcomer *n, struct story_other *o, double *similarity);
/* Cosine of the titles' pieces, each weighted by the square of its rarity: 0..1. */
double story_title_likeness(const struct story_index *ix, const struct story_newcomer *n, struct story_other *o);
/* Whether the sketch alone says that it is apart, and so no copy either. */
bool story_surely_apart(
    const struct story_index *ix, const struct story_newcomer *n, uint32_t feed, const struct story_kept *o);
/* What it is compared by is fetched from memory meanwhile. */
void story_other_expect(const struct story_other *o);
/* Both have a text, the words of the one are not those of the other, and they do not have the same facts. */
bool story_apart(const struct story_index *ix, const struct story_newcomer *n, struct story_other *o);

/*
 * What two reports of one event have in common whatever language they are in: whom and what they mention, and the numbers
 * they give. 0 where that can be chance; else how much of the facts of the one with fewer it is, up to 1.
 */
double story_same_facts(const struct story_index *ix, const struct story_newcomer *n, const struct story_other *o);
