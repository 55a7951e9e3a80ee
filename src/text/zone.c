#include "text/zone.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define NAME_MAX_UTF16 (TEXT_ZONE_NAME_MAX + 1)

static bool
to_utf16(struct str name, UChar out[NAME_MAX_UTF16])
{
	UErrorCode status = U_ZERO_ERROR;
	if (name.len == 0)
		name = STR_LIT("UTC");
	if (name.len > TEXT_ZONE_NAME_MAX)
		return false;
	u_strFromUTF8(out, NAME_MAX_UTF16, NULL, name.s, (int32_t)name.len, &status);
	return U_SUCCESS(status);
}

bool
text_zone_known(struct str name)
{
	UChar id[NAME_MAX_UTF16], canonical[NAME_MAX_UTF16 * 2];
	UErrorCode status = U_ZERO_ERROR;
	UBool system = false;
	if (name.len == 0)
		return true;
	if (!to_utf16(name, id))
		return false;
	ucal_getCanonicalTimeZoneID(id, -1, canonical, sizeof canonical / sizeof *canonical, &system, &status);
	return U_SUCCESS(status) && system;
}

static UCalendar *
open_calendar(struct str name)
{
	UChar id[NAME_MAX_UTF16];
	UErrorCode status = U_ZERO_ERROR;
	if (!to_utf16(name, id))
		return NULL;
	UCalendar *c = ucal_open(id, -1, "", UCAL_GREGORIAN, &status);
	if (U_SUCCESS(status))
		ucal_setAttribute(c, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
	if (U_SUCCESS(status))
		return c;
	ucal_close(c);
	return NULL;
}

static void
utc_fields(int64_t at, struct text_zone_time *t)
{
	int64_t days = at / DAY_MS - (at % DAY_MS < 0), ms = at - days * DAY_MS, year;
	time_civil_from_days(days, &year, &t->month, &t->day);
	t->year = (int)year;
	t->hour = (int)(ms / HOUR_MS);
	t->minute = (int)(ms / MINUTE_MS % 60);
	t->weekday = (int)(((days + 4) % 7 + 7) % 7);
}

bool
text_zone_local(struct str name, int64_t at, struct text_zone_time *ret)
{
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *c = open_calendar(name);
	utc_fields(at, ret);
	if (c == NULL)
		return false;
	ucal_setMillis(c, (UDate)at, &status);
	struct text_zone_time t = {.year = ucal_get(c, UCAL_YEAR, &status),
	    .month = ucal_get(c, UCAL_MONTH, &status) + 1,
	    .day = ucal_get(c, UCAL_DATE, &status),
	    .hour = ucal_get(c, UCAL_HOUR_OF_DAY, &status),
	    .minute = ucal_get(c, UCAL_MINUTE, &status),
	    .weekday = ucal_get(c, UCAL_DAY_OF_WEEK, &status) - 1};
	ucal_close(c);
	if (U_FAILURE(status))
		return false;
	*ret = t;
	return true;
}

int64_t
text_zone_next(struct str name, int64_t at, int weekday, int hour, int minute)
{
	struct text_zone_time now;
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *c = open_calendar(name);
	int64_t next = at + DAY_MS; /* where ICU cannot be had */

	text_zone_local(name, at, &now);
	for (int days = 0; c != NULL && days <= 8; days++) {
		ucal_clear(c);
		ucal_setDateTime(c, now.year, now.month - 1, now.day + days, hour, minute, 0, &status);
		int64_t then = (int64_t)ucal_getMillis(c, &status);
		int day = ucal_get(c, UCAL_DAY_OF_WEEK, &status) - 1;
		if (U_FAILURE(status))
			break;
		if (then > at && (weekday < 0 || weekday == day)) {
			next = then;
			break;
		}
	}
	ucal_close(c);
	return next;
}
