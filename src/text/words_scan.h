#pragma once
/*
 * A text being cut into words: what the general path (words.c: any character, one after another) and the block paths
 * (words_block.c: 64 bytes of ASCII at a time; words_wide.c: many of these) share. Inside of words.h.
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

/* Room for n folded bytes and one more character, or block; false when memory ran out (the arena remembers). */
static inline bool
words_reserve_bytes(struct words_scan *sc, size_t n)
{
	if (sc->folded_len + n + WORDS_FOLD_SLACK <= sc->folded_cap)
		return true;
	size_t cap = sc->folded_cap * 2 + n;
	char *p = arena_alloc(sc->arena, cap);
	if (p == NULL)
		return false;
	memcpy(p, sc->folded, sc->folded_len);
	sc->folded = p;
	sc->folded_cap = cap;
	return true;
}

static inline bool
words_reserve(struct words_scan *sc)
{
	return words_reserve_bytes(sc, 0);
}

/* A character of ASCII that stands between two words: the gap with it. A letter or a digit is none. */
#define WORDS_ASCII_WORD 0u
extern uint16_t words_ascii_gap[128];
static inline unsigned
words_add_gap(unsigned gap, unsigned char c)
{
	_Static_assert(TEXT_GAP_LINE >> 3 == TEXT_GAP_PARAGRAPH, "a second line end makes a paragraph");
	unsigned more = words_ascii_gap[c];
	return gap | more | (gap & more & TEXT_GAP_LINE) >> 3;
}

/* Does a gap end a sentence before a word of these flags? Perhaps: unless a full stop stands behind an abbreviation. */
enum words_end { WORDS_END_NOT, WORDS_END_PERHAPS, WORDS_END };
static inline enum words_end
words_end_of(unsigned gap, unsigned flags)
{
	bool small = (flags & TEXT_WORD_CASED) && !(flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
	if (gap & TEXT_GAP_PARAGRAPH)
		return WORDS_END;
	if (gap & TEXT_GAP_END)
		return !small || !(gap & TEXT_GAP_SPACE) ? WORDS_END : WORDS_END_NOT;
	return (gap & TEXT_GAP_DOT) && (gap & TEXT_GAP_SPACE) && !small ? WORDS_END_PERHAPS : WORDS_END_NOT;
}

/* Is a word one whose full stop ends no sentence? */
bool words_is_abbreviation(uint32_t hash, size_t bytes, size_t letters, unsigned flags);
/* The same of the last word; false when there is none. */
bool words_last_is_abbreviation(const struct words_scan *sc);
/* Sentence and paragraph, when the gap before a word that is to be added may end one. */
void words_number(struct words_scan *sc, const struct text_word *word);
/* Flags of a word of ASCII with digits, or capitals behind its first letter, given as sets from its first place; up to 64 bytes. */
unsigned words_odd_flags(uint64_t uppers, uint64_t digits, unsigned len);

/* The forms of the block path, each faster than the one before it. For all callers, and not while one is at work: the best that this
 * processor can run is chosen at the beginning, the others are for tests. False when it cannot run this one. */
enum words_blocks { WORDS_BLOCKS_NONE, WORDS_BLOCKS_PLAIN, WORDS_BLOCKS_BITS, WORDS_BLOCKS_WIDE, WORDS_BLOCKS_COUNT };
bool words_choose_blocks(enum words_blocks form);
/* Words of ASCII as long as there are any; no word is open. Returns where it ended, which is pos when there is none. */
size_t words_take_blocks(struct words_scan *sc, size_t pos);
