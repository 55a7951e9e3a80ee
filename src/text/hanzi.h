#pragma once
/*
 * Chinese names in the other of the two sets of characters: 陈 for 陳 and back (Unihan's kTraditionalVariant and
 * kSimplifiedVariant, as ICU ships them in its transform Hans-Hant).
 */
#include "base/buf.h"
#include "base/err.h"

#define HANZI_NAME_BYTES_MAX 192u

struct hanzi;

struct hanzi *hanzi_open(struct err *err); /* NULL with an error */
void hanzi_free(struct hanzi *h);
/* Appends the name in simplified or traditional characters. False, with nothing appended, when that changes nothing. */
bool hanzi_name(const struct hanzi *h, struct str name, bool traditional, struct buf *out);
