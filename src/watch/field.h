#pragma once
/*
 * Private to watch: one field of an item while it is being matched.
 */
#include "watch/loose.h"
#include "watch/mention.h"

/* Words that come again in an item are looked for once. */
#define CACHE_SLOTS 256u

struct cached {
	uint64_t hash; /* 0 = empty */
	struct candidate *loose;
	uint8_t count;
};

struct field_match {
	const struct watchlist *list;
	struct arena *arena;
	struct text_words words;
	uint32_t *ids;            /* number of each word in the list, or LIST_NONE */
	struct candidate **loose; /* of each word, once looked for */
	uint8_t *loose_count;     /* UINT8_MAX = not looked for yet */
	struct str text, lang;
	enum watch_field field;
	bool capitals_mean_nothing; /* a headline in title case, or text all in capitals */
	bool nouns_capital;         /* German */
	bool has_capitals;
	struct mentions *found;
	struct cached *cache; /* CACHE_SLOTS, of the whole item */
	unsigned steps;       /* left for this start */
};

/* Candidates of a word by sound and ending, cached. Returns how many. */
size_t field_candidates(struct field_match *f, size_t word, const struct candidate **ret);
/* Is the word this word of the list, in any form? */
bool field_is_word(struct field_match *f, size_t word, uint32_t list_word);

/* Decides on a family name that stands at words first..last: may widen first..last to a full name. */
enum mention_form person_judge(struct field_match *f, const struct list_name *name, size_t *first, size_t *last);
