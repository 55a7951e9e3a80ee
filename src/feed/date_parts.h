#pragma once
/*
 * A date taken apart, before it is known to exist. Inside of date.h.
 */
#include "feed/date.h"

struct date_parts {
	int64_t year;       /* -1 = unset */
	int64_t month, day; /* 0 = unset */
	int64_t hour, minute, second, millisecond;
	int64_t zone_minutes; /* east of Greenwich */
};

#define DATE_PARTS_UNSET ((struct date_parts){.year = -1})

/* The moment; an unset month or day is the first. TIME_NONE when such a day or time does not exist: 30 February,
 * 24:01, an offset of a day or more. 24:00 and a 60th second are the next day's or minute's first. */
int64_t date_compose(const struct date_parts *parts);

int64_t date_full_year(int64_t year, unsigned digits); /* two digits to four; three as RFC 2822 has it: 103 is 2003 */

/* `day` holds the day of the year: puts month and day in its place; false when that year has no such day. */
bool date_from_ordinal(struct date_parts *parts);

/* ISO 8601 in every form that names a year (RFC 3339 and W3CDTF are subsets), the text already folded. False when the
 * whole text is not of that shape; the values are unchecked. */
bool date_parse_iso(struct str folded, struct date_parts *ret);

/* RFC 5322 section 3.3 as most feeds write it, with every part: "Thu, 01 Jan 2026 12:00:03 GMT" or "+0100". False for anything
 * else; the values are unchecked. What date_parse() makes of it without this is the same, at many times the cost. */
bool date_parse_mail(struct str text, struct date_parts *ret);

static inline bool
date_digit(char c)
{
	return c >= '0' && c <= '9';
}
