#pragma once
/*
 * The hours and days in which a feed asks to be left alone. Pure.
 * Source: RSS 2.0, skipHours and skipDays (hours and days in GMT).
 */
#include "base/clock.h"

/* The first moment at or after `at` that is in no skipped hour (bit h) and on no skipped day (bit d, 0 = Sunday); `at` itself
 * when everything is skipped, for then the feed cannot mean it. */
int64_t skip_over(int64_t at, uint32_t skip_hours, uint8_t skip_days);
