#pragma once
/*
 * UTF-8 as Unicode 15 table 3-7 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#include "base/buf.h"
#include "base/str.h"

#define UTF8_INVALID UINT32_MAX

/* Decodes the code point at *pos (< s.len) and moves *pos behind it. On an ill-formed sequence returns
 * UTF8_INVALID and moves behind its maximal ill-formed prefix (at least one byte), as Unicode recommends. */
uint32_t utf8_next(struct str s, size_t *pos);
/* Without the mark (U+FEFF) that some systems put at the beginning of a file. */
struct str utf8_without_mark(struct str s);
/* How many characters valid text has. */
size_t utf8_count(struct str s);
/* Start of the character that ends just before pos (> 0), for walking backwards over valid text. */
size_t utf8_prev(struct str s, size_t pos);
/* Writes 1 to 4 bytes, returns how many; 0 for a surrogate or a value out of range. */
size_t utf8_put(uint32_t cp, char out[4]);
/* Offset of the first ill-formed byte, or s.len when all is valid. Has a fast path for ASCII. */
size_t utf8_valid_prefix(struct str s);
bool utf8_valid(struct str s);
/* Appends s with every ill-formed sequence replaced by U+FFFD. */
bool utf8_clean(struct buf *out, struct str s);
/* The longest prefix of at most max_bytes that cuts no character. */
struct str utf8_truncate(struct str s, size_t max_bytes);
