#pragma once
/*
 * How late the event loop is: a timer that fires every LOOP_TICK_MS while there is work (once a second otherwise) says how
 * long after its time it was served. A loop that is never late by more than 100 ms never kept anybody waiting longer.
 */
#include "base/clock.h"
#include "base/jsonw.h"

#define LOOP_TICK_MS 10
#define LOOP_IDLE_MS SECOND_MS
#define LOOP_BUCKETS 11

struct loop_lag {
	int64_t counts[LOOP_BUCKETS]; /* by loop_lag_bounds_ms */
	int64_t max_ms;
};

/* Upper bounds; the last bucket has none and holds the rest. */
extern const int64_t loop_lag_bounds_ms[LOOP_BUCKETS - 1];

void loop_lag_note(struct loop_lag *l, int64_t lag_ms);
/* Members of the object that `w` is in: loop_lag_max_ms and loop_lag, an array of objects of `le_ms` (null: above all) and
 * `count`. */
void loop_lag_status(const struct loop_lag *l, struct jsonw *w);
