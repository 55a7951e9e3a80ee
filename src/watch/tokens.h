#pragma once
/*
 * The words of an item, made once and handed to whoever looks for something in it: names (watch_match_tokens) and
 * queries. For each field that the item has, text_words() of that field (text/words.h says what a word knows: its place
 * in the field's bytes, its folded bytes and their hash, what stood before it, whether it begins with a capital, its
 * script, its sentence and its paragraph). Sentences and paragraphs are counted from 0 in each field.
 *
 * Whoever evaluates queries takes `fields[f].items[0 … count)`; two words are in the same sentence of the same field when
 * their `sentence` is equal; word i is followed by word i + 1, whatever stood between. Folded bytes of a word:
 * text_word_fold(). Look a word up by `hash` (text_fold_hash() of a query's folded word gives the same number), then
 * compare the bytes.
 */
#include "text/words.h"
#include "watch/watch.h"

struct watch_tokens {
	struct watch_memo *memo;                     /* as in watch_input */
	struct str lang;                             /* of the item, as in watch_input */
	struct str texts[WATCH_FIELD_COUNT];         /* the fields as given: offsets of words are offsets into these */
	struct text_words fields[WATCH_FIELD_COUNT]; /* count 0 where the item has no such field */
};

/* Arrays live in the arena, texts stay the caller's. 0, or -1 with ERR_NO_MEMORY/ERR_LIMIT. */
int watch_tokenise(const struct watch_input *in, struct arena *arena, struct watch_tokens *out, struct err *err);

/* watch_match() for an item whose words are there already: watch_tokenise() of the same item. */
int watch_match_item(const struct watchlist *w, const struct watch_input *in, const struct watch_tokens *tokens,
    struct arena *arena, struct watch_result *out, struct err *err);

/* Its names alone. */
int watch_match_tokens(const struct watchlist *w, const struct watch_tokens *tokens, struct arena *arena,
    struct watch_result *out, struct err *err);

/* The same, by judging every name at every word: slow, and what the tests compare the other with. */
int watch_match_one_by_one(const struct watchlist *w, const struct watch_tokens *tokens, struct arena *arena,
    struct watch_result *out, struct err *err);
