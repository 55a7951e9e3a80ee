#pragma once
/*
 * The words of many items, turned round: for each word, in the order of bytes, the rows that have it. What becomes one piece of
 * the full-text index (store/index_segment.h). Within the room.
 *
 * Words are numbered as they come, and each row's are noted one behind the other; sorting puts them in order at once. A table
 * that keeps a list for each word waits for memory at every word instead.
 */
#include "base/buf.h"

struct index_pile;

struct index_pile *index_pile_new(void); /* NULL: no memory */
void index_pile_free(struct index_pile *p);
void index_pile_reset(struct index_pile *p);

/* The words that follow are those of this row; rows come in ascending order. */
void index_pile_row(struct index_pile *p, int64_t row);
/* A word of it, and its text_fold_hash(); `pile` is a struct index_pile, words that come again are passed over. */
void index_pile_word(void *pile, struct str word, uint32_t hash);
/* The word with this hash comes a little later: what is looked at then is fetched meanwhile. */
void index_pile_soon(void *pile, uint32_t hash);
/* There is enough for one piece. */
bool index_pile_full(const struct index_pile *p);
size_t index_pile_rows(const struct index_pile *p);
size_t index_pile_total(const struct index_pile *p); /* of each row its words, all added up */

/* When all are there. false: memory ran out, now or before. */
bool index_pile_sort(struct index_pile *p);
/* Afterwards: words by their order, from 0. Views until the next row. */
struct index_pile_word {
	struct str word;
	const uint32_t *rows; /* ascending, for index_pile_row_at */
	size_t count;
};
size_t index_pile_words(const struct index_pile *p);
struct index_pile_word index_pile_word_at(const struct index_pile *p, size_t i);
int64_t index_pile_row_at(const struct index_pile *p, uint32_t row);
