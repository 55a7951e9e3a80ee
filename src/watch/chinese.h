#pragma once
/*
 * Private to watch: Chinese names in the systems that the press writes them in (text/chinese.h).
 */
#include "base/buf.h"
#include "text/chinese.h"
#include "watch/list.h"

#define CHINESE_SYLLABLES_MAX 2u /* of a family name, and of a given name */

/* A family name and a given name, by syllables. */
struct chinese_name {
	uint16_t family[CHINESE_SYLLABLES_MAX], given[CHINESE_SYLLABLES_MAX];
	size_t family_count, given_count;
};

/* False when the words are no family name and given name of one or two syllables each in Pinyin or Palladius, nor when
 * `scratch`, which is overwritten, has failed. */
bool chinese_name_read(const struct text_words *words, struct chinese_name *ret, struct buf *scratch);

/* How many of its spellings are looked for when a list has so many such names: in long lists fewer. */
unsigned chinese_spellings(size_t names);
/* Writes one of them, numbered from 0, in place of what `out` holds. False behind the last one. */
bool chinese_name_spell(const struct chinese_name *name, unsigned number, struct buf *out);
