#pragma once
/* Characters as people count them: extended grapheme clusters (UAX #29), by ICU. */
#include "base/str.h"

/* The longest prefix of so many characters; cuts no cluster. Where ICU cannot be had, code points are counted. */
struct str text_truncate_graphemes(struct str s, size_t count);
