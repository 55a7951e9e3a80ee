#pragma once
/*
 * Private to watch: what a word of a text may be, kept across items. One slot is one cache line; a word that falls on
 * another's slot takes its place. Everything is forgotten when the list is another or the room for candidates is used up.
 */
#include "watch/loose.h"

#define MEMO_FOLD_MAX 40u /* folded bytes of a word that is kept */

struct memo_slot {
	uint32_t hash;
	uint32_t languages; /* whose endings were looked at */
	uint32_t id;        /* of the word itself in the list, or LIST_NONE */
	uint32_t first;     /* of its candidates, in the pool */
	uint32_t turn;      /* when it was filled; 0 = empty */
	uint8_t count;      /* candidates */
	uint8_t script;     /* enum text_script */
	uint8_t starts;     /* it, or a candidate, begins a name */
	uint8_t fold_len;
	char fold[MEMO_FOLD_MAX];
};

struct memo_answer {
	uint32_t id;
	const struct candidate *candidates; /* stay until the item is done with */
	uint8_t count;
	bool starts;
};

/* A memo in the arena for one item. NULL when memory ran out. */
struct watch_memo *memo_in_arena(struct arena *arena);
/* Before an item: forgets what was kept for another list. */
void memo_begin(struct watch_memo *m, const struct watchlist *w);
/* False when memory ran out (the arena remembers). */
bool memo_find(struct watch_memo *m, const struct watchlist *w, const struct text_words *words,
    const struct text_word *word, struct str lang, struct arena *arena, struct memo_answer *ret);
