#pragma once
/*
 * conf/units: durations and sizes as people write them, and back.
 */
#include "base/str.h"

/* "90s", "15m", "1h30m", "1h 30m", "2d", "500ms", "1w"; a unit is needed but for 0. False when it is no duration. */
bool units_parse_duration(struct str text, int64_t *ms);
/* "65536", "64k", "64KiB" (1024), "64kB" (1000), likewise M and G; case counts for nothing. */
bool units_parse_size(struct str text, int64_t *bytes);

/* What the above read back to the same value. out holds UNITS_TEXT_MAX bytes; returned. */
#define UNITS_TEXT_MAX 40
char *units_print_duration(int64_t ms, char out[UNITS_TEXT_MAX]);
char *units_print_size(int64_t bytes, char out[UNITS_TEXT_MAX]);
