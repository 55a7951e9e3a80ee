#pragma once
/*
 * Private to watch: what a word of a text may be, kept across items. Words are told apart by 57 bits of their hash and by the languages
 * whose endings were looked at. Where there is no place for a word, one that stands in no name is forgotten; what stands in names may be
 * in use: then the word is not kept, and one of the others is forgotten before the next item. Everything is when the list is another.
 */
#include "watch/loose.h"

#define MEMO_WAYS 8u /* places where a word may be kept: a line of the cache of tags */
#define MEMO_FLAG_BITS 7u
#define MEMO_LANG_BYTES 16u /* of a language that is the same from item to item */

enum memo_flag {
	MEMO_LONE = 1 << 0, /* may be a name, or the family name of somebody, as it stands */
	MEMO_ON = 1 << 1,   /* begins names of several words */
	MEMO_MERE = 1 << 2, /* alone, it may be evidence that somebody else is meant: no more */
	MEMO_NONE = 1 << 3, /* stands in no name */
	/* what the word is besides, whatever is in the list: person_word_flags() */
	MEMO_FATHER = 1 << 4,   /* a father's name */
	MEMO_PARTICLE = 1 << 5, /* a particle of names */
	MEMO_TITLE = 1 << 6,    /* that, or a title */
	MEMO_FLAGS = 127,
	MEMO_USES = MEMO_LONE | MEMO_ON | MEMO_MERE,
};

#define MEMO_NEAR 3u /* candidates that stand with the word itself: most words have no more */

struct memo_slot {
	uint32_t id;    /* of the word itself in the list, or LIST_NONE */
	uint32_t count; /* candidates */
	uint64_t at;    /* of the first one, when they do not stand here: how many had been taken up before */
	struct candidate near[MEMO_NEAR];
};
_Static_assert(sizeof(struct memo_slot) == 64, "a line of the cache");

/* By what the stems of a word are looked up in the queries. */
struct memo_stem {
	uint64_t key;    /* 0 = empty */
	uint32_t kin[2]; /* struct query_kin */
};
#define MEMO_STEM_BITS 16u

#define MEMO_FULL_MAX 64u

struct watch_memo {
	uint64_t *tags; /* the key of each kept word, with its flags; 0 = empty */
	struct memo_slot *slots;
	size_t slot_count;
	struct candidate *pool;       /* a ring */
	size_t pool_cap;              /* a power of two */
	uint64_t taken, taken_before; /* candidates ever, and before this item */
	struct memo_stem *stems;      /* NULL until queries ask for some */
	const void *stems_of;         /* whose atoms they are, in which version */
	uint64_t stems_version;
	size_t full[MEMO_FULL_MAX]; /* sets in which nothing could be forgotten for a word of this item */
	unsigned full_count, turn;
	const struct watchlist *list;
	uint64_t version;
	/* The languages of the item, and what makes its words' keys others than the same words' in other languages. */
	char lang[MEMO_LANG_BYTES];
	size_t lang_len;
	uint32_t languages[TEXT_SCRIPT_COUNT];
	uint64_t salts[TEXT_SCRIPT_COUNT];
};

struct memo_answer {
	uint32_t id;                        /* of the word itself; it is the first of the candidates then */
	const struct candidate *candidates; /* stay until the item is done with */
	uint8_t count;
	uint8_t flags; /* enum memo_flag */
};

/* A memo in the arena for one item. NULL when memory ran out. */
struct watch_memo *memo_in_arena(struct arena *arena);
/* Before an item: its language; forgets what was kept for another list. */
void memo_begin(struct watch_memo *m, const struct watchlist *w, struct str lang);

static inline uint64_t
memo_key(const struct watch_memo *m, const struct text_word *word)
{
	uint64_t key = (text_word_hash64(word) ^ m->salts[word->script]) & ~(uint64_t)MEMO_FLAGS;
	return key != 0 ? key : MEMO_FLAGS + 1;
}

/* The key of what a word is in the list as it is spelt, when only that counts. */
static inline uint64_t
memo_key_spelt(uint64_t key, bool only)
{
	return key ^ ((uint64_t)only << 63);
}

static inline size_t
memo_set(const struct watch_memo *m, uint64_t key)
{
	return ((key >> MEMO_FLAG_BITS) & (m->slot_count / MEMO_WAYS - 1)) * MEMO_WAYS;
}

/* Where what is known of a word stands, or MEMO_NOWHERE. Nothing here depends on a comparison that cannot be foretold. */
#define MEMO_NOWHERE UINT32_MAX
static inline uint32_t
memo_place_of_hits(size_t set, unsigned hits)
{
	uint32_t place = (uint32_t)set + (uint32_t)__builtin_ctz(hits | 1u << (MEMO_WAYS - 1));
	return hits != 0 ? place : MEMO_NOWHERE;
}

static inline uint32_t
memo_place_in(const struct watch_memo *m, size_t set, uint64_t key)
{
	unsigned hits = 0;
#pragma GCC unroll 8
	for (unsigned i = 0; i < MEMO_WAYS; i++)
		hits |= (unsigned)((m->tags[set + i] ^ key) <= MEMO_FLAGS) << i;
	return memo_place_of_hits(set, hits);
}

static inline uint32_t
memo_place(const struct watch_memo *m, uint64_t key)
{
	return memo_place_in(m, memo_set(m, key), key);
}

/* The set beside a word's own, where it is kept when that is full. Only a word that would be looked up else is looked for there. */
static inline size_t
memo_other_set(size_t set)
{
	return set ^ MEMO_WAYS;
}

/* What is known at a place; nowhere every flag is set. */
static inline unsigned
memo_flags(const struct watch_memo *m, uint32_t place)
{
	unsigned known = (unsigned)(m->tags[place != MEMO_NOWHERE ? place : 0] & MEMO_FLAGS);
	return place != MEMO_NOWHERE ? known : MEMO_FLAGS;
}

/* Before what is known is asked for: where it stands, what it is, and the candidates. */
static inline void
memo_ask_for_place(const struct watch_memo *m, uint64_t key)
{
	__builtin_prefetch(m->tags + memo_set(m, key));
}

static inline void
memo_ask_for_slot(const struct watch_memo *m, uint32_t place)
{
	if (place != MEMO_NOWHERE)
		__builtin_prefetch(m->slots + place);
}

/* The candidates, then, that do not stand there. */
static inline void
memo_ask_for_candidates(const struct watch_memo *m, uint32_t place)
{
	const struct memo_slot *slot = &m->slots[place != MEMO_NOWHERE ? place : 0];
	const struct candidate *elsewhere = m->pool + (slot->at & (m->pool_cap - 1));
	__builtin_prefetch(slot->count > MEMO_NEAR ? elsewhere : slot->near);
}

/* All that is known at a place; false when it is nowhere, or so long ago that the candidates are gone. */
static inline bool
memo_at(const struct watch_memo *m, uint32_t place, struct memo_answer *ret)
{
	if (place == MEMO_NOWHERE)
		return false;
	*ret = (struct memo_answer){.id = LIST_NONE, .flags = m->tags[place] & MEMO_FLAGS};
	if (ret->flags & MEMO_NONE)
		return true;
	const struct memo_slot *slot = &m->slots[place];
	if (slot->count > MEMO_NEAR && m->taken_before - slot->at > m->pool_cap / 2 && slot->at < m->taken_before)
		return false;
	const struct candidate *elsewhere = m->pool + (slot->at & (m->pool_cap - 1));
	ret->id = slot->id;
	ret->count = (uint8_t)slot->count;
	ret->candidates = slot->count > MEMO_NEAR ? elsewhere : slot->near;
	return true;
}

/* False when memory ran out (the arena remembers). */
bool memo_find(struct watch_memo *m, const struct watchlist *w, const struct text_words *words,
    const struct text_word *word, struct arena *arena, struct memo_answer *ret);

/* The same of a word as it is spelt, by memo_key_spelt(): its number if it begins names, else LIST_NONE, and what for. */
void memo_find_spelt(struct watch_memo *m, const struct watchlist *w, struct str fold, uint32_t hash, uint64_t key,
    struct memo_answer *ret);

/* Before an item, for the stems: forgets those of other queries. False when memory ran out. */
bool memo_begin_stems(struct watch_memo *m, const void *queries, uint64_t version);
/* The place of a word in a language, which is added to its key. */
static inline struct memo_stem *
memo_stem(struct watch_memo *m, uint64_t *key, int language)
{
	*key = (*key + (uint64_t)language) * 0x9E3779B97F4A7C15u | 1;
	return &m->stems[*key >> (64 - MEMO_STEM_BITS)];
}
