#pragma once
/*
 * The calendar of a time zone, by ICU's copy of the tz database. Pure: no environment is asked. An empty name is UTC.
 */
#include "base/clock.h"
#include "base/str.h"

#define TEXT_ZONE_NAME_MAX 64 /* bytes */

/* Whether there is a zone of that name, as in "Europe/Kyiv", "UTC". */
bool text_zone_known(struct str name);

struct text_zone_time {
	int year, month, day; /* month and day from 1 */
	int hour, minute;
	int weekday; /* 0 Sunday … 6 Saturday */
};
/* What the clocks of the zone show. false when ICU cannot be had or does not know the zone; UTC is shown then. */
bool text_zone_local(struct str name, int64_t at, struct text_zone_time *ret);
/*
 * The next moment after `at` at which the clocks show hour:minute. A time that a change of clocks skips comes when they
 * go on behind it; one that occurs twice comes the first time. weekday: only on that day; -1 = any.
 */
int64_t text_zone_next(struct str name, int64_t at, int weekday, int hour, int minute);
