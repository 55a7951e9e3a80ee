#pragma once
/*
 * Private to watch: from the words of a field to those at which a name may begin. Nearly all words end here, so nothing depends on a
 * comparison that cannot be foretold. In two forms with one result.
 */
#include "watch/field.h"

#define SIFT_WORDS_MAX 256u /* that are gone through at once */

struct sift {
	/* Of the words from..to of a field (at most SIFT_WORDS_MAX), those that may begin a name as it is spelt, or any form of one:
	 * their places, keys, and whether they are small. Asks for what the next step reads. Returns how many. */
	size_t (*words)(const struct field_match *f, size_t from, size_t to, struct field_start *starts);
	/* Of these, those that are of use as far as is remembered: what they are, and where it stands. Asks for what is known of each
	 * and the word behind it. Returns how many. */
	size_t (*known)(const struct field_match *f, struct field_start *starts, size_t count);
	/* What of them leads nowhere when the word behind is looked at, too; of the others, where that stands. */
	void (*closed)(const struct field_match *f, struct field_start *starts, size_t count);
};

extern const struct sift sift_plain;
/* NULL where the processor cannot run it. */
const struct sift *sift_wide(void);

/* A word in small letters only begins a name when it is spelt as the name is. */
static inline bool
sift_is_small(const struct text_word *word)
{
	return (word->flags & TEXT_WORD_CASED) && !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
}
