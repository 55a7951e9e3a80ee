#pragma once
/*
 * Foreign text made safe for a terminal, a log line or anything else that people read: what a feed, a server or a file
 * wrote can neither move the cursor, nor hide, reorder or fake what stands around it.
 *
 *   control characters (C0 but white space, DEL, C1)   shown as \x1b
 *   tab, line ends, U+2028, U+2029                     one space each, or kept as \n with TEXT_SAFE_LINES
 *   bidi controls (all 12 of Bidi_Control), zero-width
 *     and tag characters, other ignorable ones         removed; ZWJ and ZWNJ stay between the letters and emoji that
 *                                                      need them, variation selectors after a character
 *   ill-formed UTF-8, noncharacters                    U+FFFD
 *   more than 8 combining marks in a row               the rest is removed
 *
 * Sources: Unicode 15 chapter 23, UAX #9, UTR #36, UAX #11 (widths).
 */
#include "base/buf.h"
#include "base/str.h"

#define TEXT_SAFE_LINES 1u   /* keep line ends (as \n); without it the result is one line */
#define TEXT_SAFE_ISOLATE 2u /* put FSI … PDI round text that holds right-to-left letters */

#define TEXT_MARKS_MAX 8

/* Appends s, made safe, to out; false when the buffer is full or memory ran out. */
bool text_safe(struct buf *out, struct str s, unsigned flags);

/* Columns that s takes on a terminal: wide and full-width East Asian characters two, combining and format ones none. */
size_t text_width(struct str s);
/* The longest prefix that takes at most so many columns and cuts no character from its combining marks. Of text that
 * has been isolated the closing mark would be lost: cut first, then make safe. */
struct str text_truncate_columns(struct str s, size_t columns);
