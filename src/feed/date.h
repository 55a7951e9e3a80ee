#pragma once
/*
 * Dates as feeds write them, in many formats and languages. Pure: no locale, no clock, no zone of this machine.
 *
 * Understood: RFC 822/2822/850 and asctime; RFC 3339 and ISO 8601 (extended, basic, ordinal and week dates, parts left
 * out, fractions, 24:00, leap seconds); seconds and milliseconds since the epoch; day and month names in some thirty
 * languages; 年月日 and 년월일; Arabic-Indic, Devanagari and full-width digits; am and pm in several languages.
 *
 * Where a date leaves room for doubt:
 *   no zone              UTC
 *   no day, no month     the first
 *   two-digit year       00–68 is 2000–2068, 69–99 is 1969–1999 (POSIX strptime)
 *   3/4/2026             month first, as American software writes it, unless that cannot be (13/4/2026)
 *   3.4.2026, 3-4-2026   day first, unless that cannot be
 *   weekday              ignored, even when it is wrong
 */
#include "base/clock.h"
#include "base/str.h"

#define DATE_BYTES_MAX 256u /* "date-bytes": a longer text is no date */

/* Milliseconds since the epoch, or TIME_NONE when the text is no date, is ambiguous beyond the rules above, or names a
 * day or time that does not exist. Never "now". Linear in the text. */
int64_t date_parse(struct str text);
