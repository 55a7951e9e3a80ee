#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t
read_clock(clockid_t id, int64_t per_second)
{
	struct timespec ts;
	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * per_second + ts.tv_nsec / (1000000000 / per_second);
}

int64_t
clock_wall(void)
{
	return read_clock(CLOCK_REALTIME, 1000);
}

int64_t
clock_boot_ms(void)
{
	return read_clock(CLOCK_BOOTTIME, 1000);
}

int64_t
clock_slept_ms(void)
{
	return clock_boot_ms() - read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t
clock_cpu_us(void)
{
	return read_clock(CLOCK_THREAD_CPUTIME_ID, 1000000);
}

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": eras of 400 years, years from March. */
int64_t
time_days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t yoe = year - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

void
time_civil_from_days(int64_t days, int64_t *year, int *month, int *day)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

char *
time_format(int64_t at, bool millis, char out[TIME_FORMAT_MAX])
{
	out[0] = '\0';
	if (at == TIME_NONE || at < TIME_MIN || at > TIME_MAX)
		return out;
	int64_t days = at / DAY_MS - (at % DAY_MS < 0);
	int64_t rest = at - days * DAY_MS;
	int64_t year;
	int month, day;
	time_civil_from_days(days, &year, &month, &day);
	int n = snprintf(out, TIME_FORMAT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", (int)year, month, day,
	    (int)(rest / HOUR_MS), (int)(rest / MINUTE_MS % 60), (int)(rest / SECOND_MS % 60));
	if (millis && rest % 1000 != 0)
		n += snprintf(out + n, TIME_FORMAT_MAX - (size_t)n, ".%03d", (int)(rest % 1000));
	snprintf(out + n, TIME_FORMAT_MAX - (size_t)n, "Z");
	return out;
}

char *
duration_format(int64_t ms, char out[24])
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = {{DAY_MS, 'd'}, {HOUR_MS, 'h'}, {MINUTE_MS, 'm'}, {SECOND_MS, 's'}};
	if (ms < 0)
		ms = 0;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (ms >= units[i].ms) {
			snprintf(out, 24, "%lld%c", (long long)(ms / units[i].ms), units[i].unit);
			return out;
		}
	}
	snprintf(out, 24, "%lldms", (long long)ms);
	return out;
}

int64_t
clock_zone_ms(int64_t at)
{
	time_t seconds = (time_t)(at / 1000);
	struct tm tm;
	tzset();
	return at >= TIME_MIN && at <= TIME_MAX && localtime_r(&seconds, &tm) != NULL ? tm.tm_gmtoff * SECOND_MS : 0;
}
