#pragma once
/*
 * Private to watch: finding the words of names behind inflected, transliterated and misspelt words of a text.
 */
#include "watch/list.h"
#include "watch/rule.h"

struct candidate {
	uint32_t word;    /* of the list */
	uint32_t child;   /* of it, or LIST_NONE: here so that most words of the list need not be looked at */
	uint32_t ends;    /* list_ends() of that: nor its node */
	uint8_t cost;     /* text_sound_distance of the stems */
	uint8_t rule;     /* enum watch_rule */
	uint8_t use;      /* enum memo_flag: what for at the beginning of a name */
	bool equal : 1;   /* the stem is spelt as in the list */
	bool respelt : 1; /* it is not, in the list's own script */
	bool bent : 1;    /* and quite differently */
	bool slip : 1;    /* two letters have changed places */
	bool kin : 1;     /* it is another form of this given name, and may be nothing else */
};

#define LOOSE_KIN_COST 1u  /* of another form of a given name: who is listed by that is meant before */
#define CANDIDATES_MAX 24u /* per word of a text */
#define LOOSE_SOUNDS_PER_DOUBT \
	5u /* a word in its own script may have one doubtful letter in so many; more among others */

#define SPELLING_SOUNDS 7u /* a lone word of so many may be spelt in another way in its own script */

/* Can a lone word that stands for `lw` in this way be a name at all? Else it is only evidence that somebody else is meant. */
static inline bool
loose_may_stand_alone(const struct list_word *lw, uint8_t script, enum watch_rule rule, unsigned cost, bool equal)
{
	return rule <= WATCH_RULE_FOLD || lw->script != script || equal ||
	       (lw->sounds_len >= SPELLING_SOUNDS && cost == 0);
}

/* Enters a word under its keys; call once per word. -1 when memory ran out. */
int loose_add_word(struct watchlist *w, uint32_t word);
/* Sorts and indexes; call once after all words. */
int loose_finish(struct watchlist *w);

/* The words of names that this word of a text may be, with endings of these languages (text_inflect_languages).
 * Returns how many. */
size_t loose_find(const struct watchlist *w, struct str fold, enum text_script script, uint32_t langs,
    struct candidate out[CANDIDATES_MAX]);
/* May any word of the list sound so? A few in a hundred that none does pass all the same. */
bool loose_may_know(const struct watchlist *w, const struct text_sounds *sounds);
/* Doubtful letters that a word of so many sounds may have when nothing around it helps. */
unsigned loose_strict_cost(size_t sounds);
