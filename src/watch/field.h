#pragma once
/*
 * Private to watch: one field of an item while it is being matched.
 */
#include "watch/memo.h"

#include "watch/mention.h"

struct field_match {
	const struct watchlist *list;
	struct arena *arena;
	struct text_words words;
	struct str text, lang;
	enum watch_field field;
	bool capitals_mean_nothing; /* a headline in title case, or text all in capitals */
	bool nouns_capital;         /* German */
	struct mentions *found;
	struct watch_memo *memo;
	unsigned steps; /* left for this start */
};

/* What a word is in the list, and what it may be by sound and ending. Nothing when memory runs out (the arena remembers). */
struct memo_answer field_answer(struct field_match *f, size_t word);
/* Is the word this word of the list, in any form? */
bool field_is_word(struct field_match *f, size_t word, uint32_t list_word);

/* Decides on a family name that stands at words first..last: may widen first..last to a full name. */
enum mention_form person_judge(struct field_match *f, const struct list_name *name, size_t *first, size_t *last);
