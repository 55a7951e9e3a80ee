#include "feed/date_parts.h"

#define BEFORE_DAY 5u   /* "Thu, " */
#define BEFORE_ZONE 19u /* " Jan 2026 12:00:03 " */

/* Which of the names of three letters stands there, from 1; 0 = none. */
static unsigned
name_at(const char *s, const char *names)
{
	for (unsigned i = 0; names[3 * i] != '\0'; i++) {
		if (memcmp(s, names + 3 * (size_t)i, 3) == 0)
			return i + 1;
	}
	return 0;
}

/* Takes every digit for granted, and tells in *good when one is none. */
static int
digits(const char *s, unsigned count, bool *good)
{
	int value = 0;
	for (unsigned i = 0; i < count; i++) {
		*good &= date_digit(s[i]);
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

static bool
zone(struct str s, int64_t *minutes)
{
	bool good = true;
	*minutes = 0;
	if (s.len == 3)
		return memcmp(s.s, "GMT", 3) == 0;
	if (s.len != 5 || (s.s[0] != '+' && s.s[0] != '-'))
		return false;
	int hour = digits(s.s + 1, 2, &good), minute = digits(s.s + 3, 2, &good);
	*minutes = (s.s[0] == '-' ? -1 : 1) * (hour * 60 + minute);
	return good && hour < 24 && minute < 60;
}

bool
date_parse_mail(struct str text, struct date_parts *ret)
{
	bool good = true;
	if (text.len < BEFORE_DAY + 1 + BEFORE_ZONE + 3 || name_at(text.s, "MonTueWedThuFriSatSun") == 0)
		return false;
	const char *day = text.s + BEFORE_DAY, *month = day + 1 + date_digit(day[1]);
	*ret = (struct date_parts){.month = name_at(month + 1, "JanFebMarAprMayJunJulAugSepOctNovDec"),
	    .day = digits(day, (unsigned)(month - day), &good),
	    .year = digits(month + 5, 4, &good),
	    .hour = digits(month + 10, 2, &good),
	    .minute = digits(month + 13, 2, &good),
	    .second = digits(month + 16, 2, &good)};
	struct str rest = {month + BEFORE_ZONE, text.len - (size_t)(month + BEFORE_ZONE - text.s)};
	return good && ret->month > 0 && ret->day > 0 && memcmp(text.s + 3, ", ", 2) == 0 && month[0] == ' ' &&
	       month[4] == ' ' && month[9] == ' ' && month[12] == ':' && month[15] == ':' && month[18] == ' ' &&
	       zone(rest, &ret->zone_minutes);
}
