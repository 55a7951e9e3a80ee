#include "route/decide.h"

struct ask {
	const struct route_policy *policy;
	const struct route_facts *facts;
	struct arena *arena;
	struct route_verdict *out;
};

const char *
route_step_word(enum route_step step)
{
	static const char *const words[] = {"send", "skip", "inhibited", "silenced", "quiet", "digest", "group", "rate"};
	return words[step];
}

static void
mute(const struct ask *a, enum route_step step, struct str reason)
{
	a->out->step = step;
	a->out->muted = true;
	a->out->reason = reason;
}

/* Held until `at`, in one digest with whatever else is held so. */
static void
fold(const struct ask *a, enum route_step step, int64_t at)
{
	const char *word = route_step_word(step);
	a->out->step = step;
	a->out->at = at;
	a->out->reason = str_from(word);
	a->out->group = arena_printf(a->arena, "%s %.*s", word, STR_ARG(a->policy->key));
	a->out->digest = true;
}

static bool
not_come_about(const struct ask *a)
{
	const struct route_policy *p = a->policy;
	const struct route_facts *f = a->facts;
	if (p->escalate_sources == 0)
		return false;
	if (f->open || f->told || f->source_count < p->escalate_sources ||
	    (p->escalate_within_ms > 0 && f->since_at != TIME_NONE && f->now - f->since_at > p->escalate_within_ms)) {
		a->out->step = ROUTE_SKIP;
		return true;
	}
	return false;
}

static bool
inhibited(const struct ask *a)
{
	for (size_t i = 0; i < a->policy->muted_by_count; i++) {
		for (size_t k = 0; k < a->facts->watch_count; k++) {
			struct str watch = a->facts->watches[k];
			if (!str_eq(a->policy->muted_by[i], watch))
				continue;
			mute(a, ROUTE_INHIBITED, arena_printf(a->arena, "inhibited by %.*s", STR_ARG(watch)));
			return true;
		}
	}
	return false;
}

static bool
silenced(const struct ask *a)
{
	if (a->facts->silenced.s == NULL)
		return false;
	mute(a, ROUTE_SILENCED, a->facts->silenced);
	return true;
}

/* The end of the quiet hours that `at` lies in, of the route and of the sink together. */
static int64_t
quiet_end(const struct ask *a, int64_t at)
{
	const struct route_quiet *both[] = {&a->policy->quiet, &a->facts->quiet};
	int64_t end = at;
	for (int turn = 0; turn < 4; turn++) { /* the end of one may lie in the other */
		const struct route_quiet *q = both[turn % 2];
		if (a->facts->severity < q->severity)
			end = route_span_end(&q->span, q->zone, end);
	}
	return end;
}

static bool
quiet(const struct ask *a)
{
	int64_t end = quiet_end(a, a->facts->now);
	if (end <= a->facts->now)
		return false;
	fold(a, ROUTE_QUIET, end);
	return true;
}

static bool
digested(const struct ask *a)
{
	const struct route_policy *p = a->policy;
	if (p->digest.every == ROUTE_DIGEST_NONE)
		return false;
	fold(a, ROUTE_DIGEST, quiet_end(a, route_digest_next(&p->digest, p->digest_zone, a->facts->now)));
	return true;
}

static bool
grouped(const struct ask *a)
{
	const struct route_policy *p = a->policy;
	const struct route_facts *f = a->facts;
	int64_t at = f->now;
	if (!f->grouped || p->escalate_sources > 0)
		return false;
	if (f->told && f->told_at != TIME_NONE) /* told in the future: by a clock that was wrong */
		at = (f->told_at < f->now ? f->told_at : f->now) + p->group_interval_ms;
	else if (!f->told)
		at = f->now + p->group_wait_ms;
	a->out->grown = f->told;
	if (!f->open && at <= f->now)
		return false;
	a->out->step = ROUTE_GROUP;
	a->out->at = at > f->now ? at : TIME_NONE;
	a->out->reason = STR_LIT("group");
	return true;
}

static bool
limited(const struct ask *a)
{
	const struct route_facts *f = a->facts;
	if (!f->limited || f->rate_at <= f->now)
		return false;
	fold(a, ROUTE_RATE, quiet_end(a, f->rate_at));
	return true;
}

void
route_decide(
    const struct route_policy *policy, const struct route_facts *facts, struct arena *arena, struct route_verdict *out)
{
	static bool (*const steps[])(const struct ask *a) = {
	    not_come_about, inhibited, silenced, quiet, digested, grouped, limited};
	const struct ask a = {policy, facts, arena, out};
	*out = (struct route_verdict){.step = ROUTE_SEND, .at = TIME_NONE};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (steps[i](&a))
			return;
	}
}

/* ---- rates ---- */

static void
fill(struct route_bucket *b, const struct route_rate *rate, int64_t now)
{
	double full = (double)rate->count;
	if (b->at == TIME_NONE)
		b->tokens = full;
	else if (now > b->at)
		b->tokens += (double)(now - b->at) * full / (double)rate->per_ms;
	if (b->tokens > full)
		b->tokens = full;
	/* Polls are decided by when they ended, not quite in that order: what has been given for a time is not given again. A clock
	 * that went back further than that goes on from there. */
	if (b->at == TIME_NONE || now > b->at || b->at - now > rate->per_ms)
		b->at = now;
}

int64_t
route_bucket_next(struct route_bucket *b, const struct route_rate *rate, int64_t now)
{
	fill(b, rate, now);
	if (b->tokens >= 1)
		return now;
	return now + (int64_t)((1 - b->tokens) * (double)rate->per_ms / (double)rate->count) + 1;
}

void
route_bucket_take(struct route_bucket *b, const struct route_rate *rate, int64_t now)
{
	fill(b, rate, now);
	b->tokens -= 1;
}
