#pragma once
/*
 * Syllables of Chinese in the systems that the press writes names in: Hanyu Pinyin (GB/T 16159-2012), Wade and Giles (Giles, A
 * Chinese-English Dictionary, 1912), Palladius in Russian and Ukrainian, its Bulgarian form, and the Czech and Slovak standard (Švarný,
 * 1951). All are made of the initial and the final of the syllable in Pinyin.
 */
#include "base/buf.h"

enum chinese_system {
	CHINESE_PINYIN,
	CHINESE_WADE_GILES,
	CHINESE_PALLADIUS,
	CHINESE_BULGARIAN,
	CHINESE_CZECH,
	CHINESE_SYSTEM_COUNT
};

/* Reads a folded word (text/fold.h) of Pinyin or Palladius as at most `max` syllables and gives their numbers, which are the same in
 * all systems. As few as it can be; of two ways to part them the one whose later syllables begin with a consonant. Returns how many, 0
 * when it is something else. */
size_t chinese_read(struct str folded, enum chinese_system system, uint16_t *syllables, size_t max);

/* Appends the syllable of this number, with a capital when `begins`, with Wade and Giles' apostrophes only with `apostrophes`. */
void chinese_spell(uint16_t syllable, enum chinese_system system, bool begins, bool apostrophes, struct buf *out);
