#pragma once
/*
 * sched: when to poll what. A pure function of (state, result, hints, settings, now); the daemon keeps the heap.
 * The state is small and is stored with the feed, so that a restart or a step of the clock causes neither a
 * storm nor a gap.
 *
 * Promises, whatever the arguments: a poll is never due sooner than min_ms from now, and never later than max_ms plus
 * jitter, but for these: Retry-After is honoured up to a day; the hours and days that a feed asks to be left alone may
 * add a week at most.
 */
#include "base/clock.h"
#include "base/err.h"

#define SCHED_RETRY_AFTER_MIN_MS MINUTE_MS
#define SCHED_RETRY_AFTER_MAX_MS DAY_MS

/* Stored with the feed. All zero = never polled. */
struct sched_state {
	int64_t interval_ms;      /* the present rhythm */
	unsigned failures;        /* in a row */
	double weight;            /* sum of their weights (err_weight): the exponent of the backoff */
	int64_t failing_since_at; /* TIME_NONE while it is well (0 in a zeroed state counts as that too) */
};

struct sched_settings {
	int64_t interval_ms, min_ms, max_ms; /* the user's */
	int jitter_percent;                  /* 0..50 */
	bool adaptive; /* hints and the feed's own rhythm may move the interval between min_ms and max_ms */
};

enum sched_outcome { SCHED_NEW_ITEMS, SCHED_SAME, SCHED_FAILED };

/* What the feed and its server say about its rhythm. SCHED_HINTS_NONE where nothing is known. */
struct sched_hints {
	int64_t ttl_ms;            /* RSS ttl; -1 = unsaid */
	int64_t update_ms;         /* sy:updatePeriod / sy:updateFrequency; -1 = unsaid */
	int64_t max_age_ms;        /* Cache-Control max-age less Age, or Expires; -1 = unsaid */
	uint32_t skip_hours;       /* bit h set: not in hour h, GMT */
	uint8_t skip_days;         /* bit d set: not on day d, GMT; 0 = Sunday */
	double items_per_week;     /* sched_items_per_week; < 0 = unknown */
	unsigned items, items_new; /* in the document, and how many of them were new; 0, 0 after a 304 */
	bool known_before;         /* items of this feed were stored before this poll */
};

#define SCHED_HINTS_NONE ((struct sched_hints){.ttl_ms = -1, .update_ms = -1, .max_age_ms = -1, .items_per_week = -1})

struct sched_result {
	enum sched_outcome outcome;
	enum err_code error;             /* when failed */
	int64_t retry_after_ms;          /* -1 = the server did not say */
	const struct sched_hints *hints; /* NULL = none */
};

struct sched_decision {
	struct sched_state state;
	int64_t next_due_at;
	const char *why; /* static sentence: "interval", "backing off after failures", "Retry-After", … */
	bool gap;        /* nothing in the document was known: items were probably missed since the last poll */
	bool gone;       /* 410: the feed asks never to be polled again */
};

/* `random` is any number, drawn by the caller; the same arguments give the same decision. */
struct sched_decision sched_next(const struct sched_state *state, const struct sched_settings *settings,
    const struct sched_result *result, int64_t now, uint64_t random);

/* Takes the last failure back, once it has turned out not to have been the feed's. */
void sched_forgive(struct sched_state *state, enum err_code error);

/* When a feed that the store knows (next_due_at, may be TIME_NONE) is due after a start at `now`: never polled ones are
 * spread over spread_ms; overdue ones too, the longest overdue in its first half; a due time implausibly far ahead (clock
 * was wrong) is pulled in. */
int64_t sched_first(
    int64_t next_due_at, const struct sched_settings *settings, int64_t spread_ms, int64_t now, uint64_t random);

/* The rhythm that the items' dates show: over the last week, or the last four when that was quiet, or the time back to the
 * oldest item when the document reaches no further. TIME_NONE and future dates do not count. -1 when no date does. */
double sched_items_per_week(const int64_t *published_at, size_t count, int64_t now);
