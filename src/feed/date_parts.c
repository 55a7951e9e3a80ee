#include "feed/date_parts.h"

static bool
leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t
days_in_month(int64_t year, int64_t month)
{
	static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month - 1] + (month == 2 && leap(year));
}

static bool
within(int64_t value, int64_t min, int64_t max)
{
	return value >= min && value <= max;
}

static bool
time_exists(const struct date_parts *p)
{
	if (p->hour == 24)
		return p->minute == 0 && p->second == 0 && p->millisecond == 0;
	return within(p->hour, 0, 23) && within(p->minute, 0, 59) && within(p->second, 0, 60) &&
	       within(p->millisecond, 0, 999);
}

int64_t
date_compose(const struct date_parts *p)
{
	int64_t month = p->month ? p->month : 1, day = p->day ? p->day : 1;

	if (!within(p->year, 1, 9999) || !within(month, 1, 12) || !within(day, 1, days_in_month(p->year, month)))
		return TIME_NONE;
	if (!time_exists(p) || !within(p->zone_minutes, -24 * 60 + 1, 24 * 60 - 1))
		return TIME_NONE;
	int64_t at = time_days_from_civil(p->year, (int)month, (int)day) * DAY_MS + p->hour * HOUR_MS +
	             (p->minute - p->zone_minutes) * MINUTE_MS + p->second * SECOND_MS + p->millisecond;
	return within(at, TIME_MIN, TIME_MAX) ? at : TIME_NONE;
}

int64_t
date_full_year(int64_t year, unsigned digits)
{
	if (digits == 2)
		return year + (year < 69 ? 2000 : 1900);
	return digits == 3 ? year + 1900 : year;
}

bool
date_from_ordinal(struct date_parts *p)
{
	int64_t year = p->year;
	int month, day;

	time_civil_from_days(time_days_from_civil(year, 1, 1) + p->day - 1, &p->year, &month, &day);
	p->month = month;
	p->day = day;
	return p->year == year;
}
