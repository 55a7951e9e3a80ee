#pragma once
/*
 * Stems: what the forms of a word have in common in one language, by the algorithms of Snowball (libstemmer,
 * snowballstem.org). A word is stemmed as it is written, in small letters, and the stem is folded (text/fold.h), so that stems
 * can be compared byte by byte. Languages without an algorithm have no stemmer.
 *
 * A stemmer is not for two callers at once.
 */
#include "base/str.h"

#define TEXT_STEM_BYTES_MAX 256u /* a longer word is its own stem, folded and cut */

/* Languages that have an algorithm: numbers from 0 to TEXT_STEM_LANGUAGES - 1. */
enum {
#define TEXT_STEM_LANGUAGE(code, algorithm) TEXT_STEM_##code,
#include "text/stem_languages.def"
#undef TEXT_STEM_LANGUAGE
	TEXT_STEM_LANGUAGES
};

/* By the first subtag of a BCP 47 tag; -1 when there is no algorithm for it. */
int text_stem_language(struct str lang);

struct text_stemmer;
struct text_stemmer *text_stemmer_new(int language); /* NULL: memory ran out */
void text_stemmer_free(struct text_stemmer *s);

/* The folded stem of a word, at most TEXT_STEM_BYTES_MAX bytes, in `out`. False when memory ran out. */
bool text_stem(struct text_stemmer *s, struct str word, char out[TEXT_STEM_BYTES_MAX], size_t *len);
