#pragma once
/*
 * A point in time as people type it after --since and --until: RFC 3339, `2026-11-23`, `2026-11-23 14:35` (without a zone:
 * local time), `now`, `today`, `yesterday` (their first moment, local), or so long ago: `45s`, `10m`, `2h`, `30d`, `2w`.
 */
#include "base/clock.h"
#include "base/str.h"

/* false when it is none of these, or no date there is. `zone` as clock_zone_ms. */
bool cli_when(struct str text, int64_t now, int64_t (*zone)(int64_t at), int64_t *ret);
