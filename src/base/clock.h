#pragma once
/*
 * Time. Wall-clock times are int64_t milliseconds since 1970-01-01T00:00:00Z (names end in _at); durations are
 * int64_t milliseconds (names end in _ms). Only the shell (daemon, cli) reads a clock; pure rooms get `now`.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIME_NONE INT64_MIN          /* "no such time" */
#define TIME_MIN (-62135596800000LL) /* 0001-01-01T00:00:00Z */
#define TIME_MAX 253402300799999LL   /* 9999-12-31T23:59:59.999Z */
#define SECOND_MS 1000LL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

int64_t clock_wall(void);    /* CLOCK_REALTIME */
int64_t clock_boot_ms(void); /* CLOCK_BOOTTIME: never steps, counts suspend */
/* How long the machine has slept since it was started: what timers that wait by the monotonic clock do not count. */
int64_t clock_slept_ms(void);
int64_t clock_cpu_us(void); /* CPU time of this thread, microseconds */

/* RFC 3339 in UTC, "2026-11-23T14:35:00Z", with ".123" only when asked for and not zero. Writes "" for
 * TIME_NONE or a time outside years 1..9999. `out` holds TIME_FORMAT_MAX bytes. Returns out. */
#define TIME_FORMAT_MAX 32
char *time_format(int64_t at, bool millis, char out[TIME_FORMAT_MAX]);
/* The calendar, proleptic Gregorian, no locale, no zone: days since the epoch of a civil date and back. */
int64_t time_days_from_civil(int64_t year, int month, int day);
void time_civil_from_days(int64_t days, int64_t *year, int *month, int *day);
/* The user's time zone (TZ): what must be added to a time in UTC to get the local one then. For the shell and for showing. */
int64_t clock_zone_ms(int64_t at);
/* For people: "45s", "12m", "3h", "2d" — the largest unit that gives at least one. out holds 24 bytes. */
char *duration_format(int64_t ms, char out[24]);
