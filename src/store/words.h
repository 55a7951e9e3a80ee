#pragma once
/*
 * Text for the full-text index, and questions to it, within the room. The tokenizer (FTS5's unicode61) takes a run of
 * letters as one word, which makes a whole sentence one word in scripts that write no spaces. So every character of
 * such a script gets spaces around it, in what is indexed and in what is asked; a word asked for is a phrase of its
 * characters. https://sqlite.org/fts5.html#unicode61_tokenizer
 */
#include "base/arena.h"
#include "base/buf.h"
#include "watch/query.h"

#define WORDS_MAX_COUNT 32   /* words of one question */
#define WORDS_MAX_BYTES 1024 /* of one question */

/* Appends text with those spaces. false when memory ran out. */
bool words_spread(struct buf *out, struct str text);
/* Appends the words of the text, folded as queries fold them (text/words.h), with spaces between and those spaces: what is
 * indexed, so that the index finds whatever a query does. What the scratch arena held is gone. false when memory ran out. */
bool words_fold(struct buf *out, struct arena *scratch, struct str text);
/*
 * Appends the question in FTS5's syntax: all words of text, each quoted, so that nothing in it is taken for an
 * operator, and folded. Returns how many words it has (0: nothing to look for), or -1 with ERR_LIMIT or ERR_NO_MEMORY.
 */
int words_question(struct buf *out, struct str text, struct err *err);
/* Appends what a query needs, all sets, each as one of its phrases; returns how many sets (0: nothing narrows), or -1. */
int words_needs(struct buf *out, const struct query_need *needs, size_t count, struct err *err);
