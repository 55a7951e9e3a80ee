#include "sched/sched.h"

#include <math.h>

#include "sched/skip.h"

#define WEEK_MS (7 * DAY_MS)
#define WEIGHT_MAX 20.0 /* 2^20 intervals: beyond every maximum */

/* Exponents of two that a failure adds: a temporary one is met with patience, a hard one with distance. */
static const double weight_of[] = {
    [ERR_WEIGHT_NONE] = 0,
    [ERR_WEIGHT_TEMP] = 0.5,
    [ERR_WEIGHT_SOFT] = 1,
    [ERR_WEIGHT_HARD] = 2,
};

static int64_t
clamp(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

/* The settings with every value in its range, so that no configuration can cause a storm. */
static struct sched_settings
sane(const struct sched_settings *s)
{
	struct sched_settings r = *s;
	r.min_ms = clamp(r.min_ms, SECOND_MS, 366 * DAY_MS);
	r.max_ms = clamp(r.max_ms, r.min_ms, 366 * DAY_MS);
	r.interval_ms = clamp(r.interval_ms, r.min_ms, r.max_ms);
	r.jitter_percent = (int)clamp(r.jitter_percent, 0, 50);
	return r;
}

/* 0 ≤ result < 1 */
static double
fraction(uint64_t random)
{
	random *= 0x9E3779B97F4A7C15u; /* callers may draw poorly: Fibonacci hashing spreads the low bits */
	return (double)(random >> 11) / 9007199254740992.0;
}

/* Up to jitter_percent more or less. */
static int64_t
jittered(int64_t ms, const struct sched_settings *s, uint64_t random)
{
	double share = (2 * fraction(random) - 1) * s->jitter_percent / 100;
	return clamp(ms + (int64_t)((double)ms * share), s->min_ms, s->max_ms + s->max_ms * s->jitter_percent / 100);
}

/* Where the feed's own rhythm would put the interval: two polls for each item that is to be expected. An answer that does
 * not show the rhythm (304, the same document again) says only that nothing came. */
static int64_t
rhythm_target(int64_t interval, const struct sched_hints *h, const struct sched_settings *s)
{
	if (h->items_per_week < 0)
		return h->items_new > 0 ? s->interval_ms : interval + interval / 5;
	if (h->items_per_week < 0.1)
		return s->max_ms;
	return clamp((int64_t)((double)WEEK_MS / h->items_per_week / 2), s->min_ms, s->max_ms);
}

/* The interval moves half way to its target, on a logarithmic scale, so that one odd poll upsets nothing. */
static int64_t
approach(int64_t from, int64_t target)
{
	return (int64_t)sqrt((double)from * (double)target);
}

/* How much of the document was new says whether we come too seldom; that weighs more than any average. */
static int64_t
adapt(int64_t interval, const struct sched_hints *h, const struct sched_settings *s)
{
	int64_t next = approach(interval, rhythm_target(interval, h, s));
	if (h->known_before && h->items > 0) {
		double fresh = (double)h->items_new / h->items;
		if (fresh >= 1)
			next = interval / 4 < next ? interval / 4 : next;
		else if (fresh >= 0.5)
			next = interval / 2 < next ? interval / 2 : next;
	}
	return clamp(next, s->min_ms, s->max_ms);
}

/* What the server asks for at least; a wish beyond the user's maximum counts as that. */
static int64_t
server_wish(const struct sched_hints *h, const struct sched_settings *s)
{
	int64_t wish = h->ttl_ms;
	if (h->update_ms > wish)
		wish = h->update_ms;
	if (h->max_age_ms > wish)
		wish = h->max_age_ms;
	return wish > s->max_ms ? s->max_ms : wish;
}

static void
decide_success(
    struct sched_decision *d, const struct sched_settings *s, const struct sched_hints *h, int64_t now, uint64_t random)
{
	int64_t interval =
	    d->state.interval_ms > 0 ? clamp(d->state.interval_ms, s->min_ms, s->max_ms) : s->interval_ms;
	d->state = (struct sched_state){.failing_since_at = TIME_NONE, .interval_ms = s->interval_ms};
	d->why = "interval";
	d->gap = h->known_before && h->items > 0 && h->items_new >= h->items;
	if (s->adaptive) {
		d->state.interval_ms = adapt(interval, h, s);
		d->why = d->gap ? "sooner, because items were probably missed" : "the feed's own rhythm";
	}
	int64_t wait = jittered(d->state.interval_ms, s, random), wish = s->adaptive ? server_wish(h, s) : -1;
	if (wish > wait) {
		/* Only later, never sooner, than the server asks. */
		wait = wish + (int64_t)((double)wish * fraction(random) * s->jitter_percent / 100);
		d->why = "the server's wish";
	}
	d->next_due_at = now + wait;
	if (s->adaptive)
		d->next_due_at = skip_over(d->next_due_at, h->skip_hours, h->skip_days);
	if (d->next_due_at > now + wait) {
		d->next_due_at +=
		    (int64_t)(fraction(random) * 10 * MINUTE_MS); /* not all feeds at the stroke of the hour */
		d->why = "the feed's quiet hours";
	}
}

static void
decide_failure(
    struct sched_decision *d, const struct sched_settings *s, enum err_code error, int64_t now, uint64_t random)
{
	struct sched_state *st = &d->state;
	double weight = weight_of[err_weight(error)];
	if (st->interval_ms <= 0)
		st->interval_ms = s->interval_ms;
	if (weight <= 0) {
		/* Not the feed's fault: the same again soon, and nothing is held against it. */
		int64_t soon = s->interval_ms < 5 * MINUTE_MS ? s->interval_ms : 5 * MINUTE_MS;
		d->next_due_at = now + jittered(soon < s->min_ms ? s->min_ms : soon, s, random);
		d->why = "again soon, the fault was not the feed's";
		return;
	}
	if (st->failures == 0 || st->failing_since_at == 0 || st->failing_since_at == TIME_NONE)
		st->failing_since_at = now;
	if (st->failures < UINT32_MAX)
		st->failures++;
	st->weight = fmin((isfinite(st->weight) && st->weight > 0 ? st->weight : 0) + weight, WEIGHT_MAX);
	double wait = (double)s->interval_ms * exp2(st->weight);
	d->next_due_at = now + jittered(wait > (double)s->max_ms ? s->max_ms : (int64_t)wait, s, random);
	d->why = "backing off after failures";
}

void
sched_forgive(struct sched_state *state, enum err_code error)
{
	if (state->failures == 0)
		return;
	state->failures--;
	state->weight = state->failures ? fmax(state->weight - weight_of[err_weight(error)], 0) : 0;
	if (state->failures == 0)
		state->failing_since_at = TIME_NONE;
}

static void
honour_retry_after(
    struct sched_decision *d, const struct sched_settings *s, int64_t retry_after_ms, int64_t now, uint64_t random)
{
	if (retry_after_ms < 0)
		return;
	int64_t wait = clamp(retry_after_ms, SCHED_RETRY_AFTER_MIN_MS, SCHED_RETRY_AFTER_MAX_MS);
	wait += (int64_t)((double)wait * fraction(random) * s->jitter_percent / 100);
	if (now + wait <= d->next_due_at)
		return;
	d->next_due_at = now + wait;
	d->why = "Retry-After";
}

struct sched_decision
sched_next(const struct sched_state *state, const struct sched_settings *settings, const struct sched_result *result,
    int64_t now, uint64_t random)
{
	struct sched_settings s = sane(settings);
	struct sched_decision d = {.state = *state};
	const struct sched_hints none = SCHED_HINTS_NONE;
	if (result->outcome == SCHED_FAILED)
		decide_failure(&d, &s, result->error, now, random);
	else
		decide_success(&d, &s, result->hints ? result->hints : &none, now, random);
	honour_retry_after(&d, &s, result->retry_after_ms, now, random);
	if (result->outcome == SCHED_FAILED && result->error == ERR_HTTP_GONE) {
		d.gone = true;
		d.next_due_at = now + s.max_ms;
		d.why = "the document is gone for good";
	}
	return d;
}

int64_t
sched_first(int64_t next_due_at, const struct sched_settings *settings, int64_t spread_ms, int64_t now, uint64_t random)
{
	struct sched_settings s = sane(settings);
	double u = fraction(random), spread = (double)(spread_ms > 0 ? spread_ms : 0);
	int64_t longest = s.max_ms > SCHED_RETRY_AFTER_MAX_MS ? s.max_ms : SCHED_RETRY_AFTER_MAX_MS;
	if (next_due_at == TIME_NONE)
		return now + (int64_t)(u * spread);
	if (next_due_at > now + longest + longest / 2 + WEEK_MS)
		return now + jittered(s.interval_ms, &s, random);
	if (next_due_at > now)
		return next_due_at;
	/* Overdue: evenly over half the time, the sooner half the longer they have waited. */
	double overdue = (double)now - (double)next_due_at,
	       lateness = (double)s.interval_ms / ((double)s.interval_ms + overdue);
	return now + (int64_t)((u + lateness) / 2 * spread);
}

double
sched_items_per_week(const int64_t *published_at, size_t count, int64_t now)
{
	int64_t oldest = now;
	size_t dated = 0, week = 0, month = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t at = published_at[i];
		if (at == TIME_NONE || at > now)
			continue;
		dated++;
		week += at >= now - WEEK_MS;
		month += at >= now - 4 * WEEK_MS;
		if (at < oldest)
			oldest = at;
	}
	if (dated == 0)
		return -1;
	if (week == dated) { /* the document reaches no further back than this */
		int64_t span = now - oldest > HOUR_MS ? now - oldest : HOUR_MS;
		return (double)week * WEEK_MS / (double)span;
	}
	return week > 0 ? (double)week : (double)month / 4;
}
