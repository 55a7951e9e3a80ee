#pragma once
/*
 * sched: when to poll what. A pure function of (state, result, hints, settings, now); the daemon keeps the heap.
 * The state is small and is stored with the feed, so that a restart or a step of the clock causes neither a
 * storm nor a gap.
 */
#include "base/clock.h"
#include "base/err.h"

/* Stored with the feed. All zero = never polled. */
struct sched_state {
	int64_t interval_ms;    /* the present rhythm */
	unsigned failures;      /* in a row */
	double weight;          /* sum of their weights (err_weight): the exponent of the backoff */
	int64_t failing_since_at; /* TIME_NONE while it is well (0 in a zeroed state counts as that too) */
};

struct sched_settings {
	int64_t interval_ms, min_ms, max_ms; /* the user's */
	int jitter_percent; /* 0..50 */
};

enum sched_outcome { SCHED_NEW_ITEMS, SCHED_SAME, SCHED_FAILED };

struct sched_result {
	enum sched_outcome outcome;
	enum err_code error;     /* when failed */
	int64_t retry_after_ms;  /* -1 = the server did not say */
};

struct sched_decision {
	struct sched_state state;
	int64_t next_due_at;
	const char *why; /* static sentence: "interval", "backing off after 3 failures", "Retry-After", … */
};

/* `random` is any number, drawn by the caller; the same arguments give the same decision. */
struct sched_decision sched_next(const struct sched_state *state, const struct sched_settings *settings,
    const struct sched_result *result, int64_t now, uint64_t random);

/* When a feed that the store knows (next_due_at, may be TIME_NONE) is due after a start at `now`: never polled ones are
 * spread over spread_ms; overdue ones too, soonest first; a due time implausibly far ahead (clock was wrong) is pulled in. */
int64_t sched_first(int64_t next_due_at, const struct sched_settings *settings, int64_t spread_ms, int64_t now, uint64_t random);
