#pragma once
/*
 * Words for the full-text index, and questions to it, within the room. The index knows which words an item has, not where:
 * it narrows what is looked at, and whoever asks for a phrase looks at the texts themselves. A word is what text/words.h
 * says, folded; the characters of a script that writes no spaces, and the syllables of Hangul, are words of their own. Words
 * are handed over with spaces between, which is where FTS5's tokenizer `ascii` parts them: it takes every ASCII letter and
 * digit and whatever is not ASCII as a part of a word. https://sqlite.org/fts5.html#ascii_tokenizer
 */
#include "base/arena.h"
#include "base/buf.h"
#include "watch/query.h"

#define WORDS_MAX_COUNT 32   /* words of one question */
#define WORDS_MAX_BYTES 1024 /* of one question */

#define WORDS_TEXTS_MAX 3
/* Appends each word of the texts once, with a space behind it: what is indexed of an item. What the scratch arena held is
 * gone. false when memory ran out. */
bool words_index(struct buf *out, struct arena *scratch, const struct str texts[], size_t count);
/* Hands over each of them as often as it comes, with its text_fold_hash(); of most, `soon` is told that a few words before. */
bool words_each(struct arena *scratch, const struct str texts[], size_t count, void (*soon)(void *ctx, uint32_t hash),
    void (*each)(void *ctx, struct str word, uint32_t hash), void *ctx);
/* Which texts of an item's title, summary and content these are: the last is left out where it repeats the second. */
size_t words_item_texts(const struct str texts[WORDS_TEXTS_MAX]);
/* The same of an item's title, summary and content, of which the last is left out where it repeats the second. */
bool words_index_item(struct buf *out, struct arena *scratch, const struct str texts[WORDS_TEXTS_MAX]);
/*
 * Appends the question in FTS5's syntax: all words of text, each quoted, so that nothing in it is taken for an
 * operator, and folded. Returns how many parts between spaces have any (0: nothing to look for), or -1 with ERR_LIMIT or
 * ERR_NO_MEMORY.
 */
int words_question(struct buf *out, struct str text, struct err *err);
/* Appends what a query needs: of all sets, all words of one of its phrases; returns how many sets (0: nothing narrows), or
 * -1. */
int words_needs(struct buf *out, const struct query_need *needs, size_t count, struct err *err);
