#pragma once
/*
 * Chinese names in Latin letters: Hanyu Pinyin without tones, the family name and the given name a word each (GB/T 28039-2011),
 * by the readings of Unihan as ICU ships them, those that characters have as family names included (Han-Latin/Names).
 */
#include "base/buf.h"
#include "base/err.h"

#define PINYIN_NAME_MIN 2u /* characters of a name … */
#define PINYIN_NAME_MAX 4u

struct pinyin;

struct pinyin *pinyin_open(struct err *err); /* NULL with an error */
void pinyin_free(struct pinyin *p);
/*
 * Appends "Mao Lianqing" for 毛连庆, or "Mao Lian qing" with the syllables apart. False, with nothing appended, when the name is not
 * of that many Han characters and nothing else, or one of them has no reading.
 */
bool pinyin_name(const struct pinyin *p, struct str name, bool apart, struct buf *out);
