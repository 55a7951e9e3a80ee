#pragma once
/*
 * A text being cut into words: what the general path (words.c: any character, one after another) and the block path
 * (words_block.c: 64 bytes of ASCII at a time) share. Inside of words.h.
 */
#include "text/words.h"

#define WORDS_FOLD_SLACK 64 /* more than one character can fold to, or a block holds */

_Static_assert(TEXT_WORD_CAPITAL == 1, "added as a number");
#define WORDS_GAP_NUMBERS (TEXT_GAP_PARAGRAPH | TEXT_GAP_END | TEXT_GAP_DOT) /* words_number() is asked after these */

struct words_scan {
	struct str s;
	struct arena *arena;
	struct text_words *out;
	size_t cap; /* of out->items */
	char *folded;
	size_t folded_len, folded_cap;
	struct text_word word; /* being built */
	bool open;
	unsigned letters, capitals;
	uint16_t gap;
	uint32_t sentence, cased, headline;
	unsigned any_capital;
	uint16_t paragraph;
};

static inline void
words_set_hash(struct text_word *word, uint64_t h)
{
	word->hash = (uint32_t)(h ^ h >> 32);
	word->hash_high = (uint32_t)(h >> 32);
}

/* Room for n more words: where the first goes. NULL when memory ran out (the arena remembers). */
static inline struct text_word *
words_room(struct words_scan *sc, size_t n)
{
	while (__builtin_expect(sc->out->count + n > sc->cap, 0)) {
		struct text_word *items = arena_grow(sc->arena, sc->out->items, &sc->cap, sc->cap, sizeof *items);
		if (items == NULL)
			return NULL;
		sc->out->items = items;
	}
	return sc->out->items + sc->out->count;
}

/* Room for one more character, or block; false when memory ran out (the arena remembers). */
static inline bool
words_reserve(struct words_scan *sc)
{
	if (sc->folded_len + WORDS_FOLD_SLACK <= sc->folded_cap)
		return true;
	size_t cap = sc->folded_cap * 2;
	char *p = arena_alloc(sc->arena, cap);
	if (p == NULL)
		return false;
	memcpy(p, sc->folded, sc->folded_len);
	sc->folded = p;
	sc->folded_cap = cap;
	return true;
}

/* Sentence and paragraph, when the gap before a word that is to be added may end one. */
void words_number(struct words_scan *sc, const struct text_word *word);
/* What stands between two words when it is not just one space: n bytes of ASCII. Returns the gap with what was there. */
unsigned words_add_gaps(struct words_scan *sc, unsigned gap, const char *p, size_t n);

/* Before the first words_take_blocks(): which form of it this processor can run. */
void words_choose_blocks(void);
/* Words of ASCII as long as there are any; no word is open. Returns where it ended, which is pos when there is none. */
size_t words_take_blocks(struct words_scan *sc, size_t pos);
