#pragma once
/*
 * The signatures that were looked at last, ready to be compared: what is news now is compared with again and again, and
 * fetching and unpacking a signature costs more than comparing it. A ring of fixed size: what comes in takes the place
 * of what came in first. Within the room.
 */
#include "story/signature.h"

#define STORY_RECENT_BYTES (27u * 256 * 1024)

struct story_recent; /* so many zeroed bytes, of its owner, from a line of memory on */
size_t story_recent_bytes(void);

struct story_prepared {
	struct story_signature signature;
	/* What its terms weigh, see compare.c, and the index's log_counted of that time; 0 = not worked out. */
	double word_weight, word_log;
	double piece_square, piece_log;
};

/* As one stands in the ring. Behind it, in the next line of memory, stands its sketch, then its pieces, words, entities and pairs. */
struct story_kept {
	size_t number;
	double word_weight, word_log, piece_square, piece_log;
	uint16_t word_count, number_count, pair_count, piece_count, entity_count;
	uint16_t sketch_bytes;
};

/* A bit for each word of a text that is not long: a word whose bit is not set is not in it. */
#define STORY_SKETCH_WORDS_MAX 160
struct story_sketch {
	const uint64_t *bits; /* NULL: none */
	uint32_t count;
};

static inline uint32_t
story_sketch_place(uint32_t word, uint32_t bits)
{
	return (uint32_t)((uint64_t)word * bits >> 32);
}

static inline unsigned
story_sketch_bit(struct story_sketch s, uint32_t word)
{
	uint32_t at = story_sketch_place(word, s.count);
	return s.bits[at / 64] >> at % 64 & 1;
}

/* All of these are asked for next: what is looked at lies far apart in memory, and so the waiting for it is shared. */
void story_recent_expect(const struct story_recent *r, const size_t *numbers, size_t count);
/* Views, until the next story_recent_put. NULL: it is not there. */
const struct story_kept *story_recent_find(const struct story_recent *r, size_t number);
struct story_sketch story_kept_sketch(const struct story_kept *k);
struct story_prepared story_kept_prepared(const struct story_kept *k);
void story_recent_put(struct story_recent *r, size_t number, const struct story_prepared *p);
/* The weights of one that is there. */
void story_recent_weigh(struct story_recent *r, size_t number, const struct story_prepared *p);
