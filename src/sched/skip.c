#include "sched/skip.h"

#define ALL_HOURS 0xffffffu
#define ALL_DAYS 0x7fu

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t
skip_over(int64_t at, uint32_t skip_hours, uint8_t skip_days)
{
	skip_hours &= ALL_HOURS;
	skip_days &= ALL_DAYS;
	if (skip_hours == ALL_HOURS || skip_days == ALL_DAYS || (skip_hours == 0 && skip_days == 0))
		return at;
	int64_t hour = floor_div(at, HOUR_MS);
	for (int i = 0; i < 8 * 24; i++, hour++) {
		int64_t day = floor_div(hour, 24);
		int of_week = (int)(((day + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
		if (!(skip_days >> of_week & 1) && !(skip_hours >> (hour - day * 24) & 1))
			return i == 0 ? at : hour * HOUR_MS;
	}
	return at;
}
