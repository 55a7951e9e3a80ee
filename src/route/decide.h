#pragma once
/*
 * When, and whether, a wish to tell becomes a notification. A pure function of the route's policy, what is known of the
 * item's story, what the sink heard before, and the time. The order is always the same:
 *
 *   inhibited?      another watch that matters more has the story                      → muted
 *   silenced?       somebody asked for silence                                         → muted
 *   quiet hours?    of the route or the sink, unless it is severe enough               → held, one digest at their end
 *   digest?         the route tells once an hour or a day                              → held until then
 *   group           joins what waits; group-wait for the first, group-interval after   → held
 *   rate            the sink has had enough                                            → held, one digest when it may again
 *   send
 *
 * After the ideas of the Prometheus Alertmanager (inhibition, silences, grouping, routing tree flattened to a list).
 */
#include "base/arena.h"
#include "base/clock.h"
#include "route/hours.h"

struct route_quiet {
	struct route_span span;
	struct str zone;
	int severity; /* this and above is told all the same; 4 = nothing is */
};

struct route_policy {
	struct str key; /* of the route or watch */
	int64_t group_wait_ms, group_interval_ms;
	struct route_quiet quiet;
	struct route_digest digest;
	struct str digest_zone;
	const struct str *muted_by; /* watches whose stories are theirs */
	size_t muted_by_count;
	/* an escalation: told when the story has so many sources within the time; 0 = this is none */
	unsigned escalate_sources;
	int64_t escalate_within_ms; /* 0 = whenever */
};

struct route_facts {
	int64_t now;
	int severity;
	/* the story */
	unsigned source_count;
	int64_t since_at;
	const struct str *watches; /* that its items fell under */
	size_t watch_count;
	/* the group at this sink */
	bool grouped, open, told;
	int64_t told_at;
	/* the sink */
	struct route_quiet quiet;
	bool limited;        /* has a rate… */
	int64_t rate_at;     /* …and may be told again then */
	struct str silenced; /* by which silence; STR_NONE = by none */
};

enum route_step {
	ROUTE_SEND,
	ROUTE_SKIP,
	ROUTE_INHIBITED,
	ROUTE_SILENCED,
	ROUTE_QUIET,
	ROUTE_DIGEST,
	ROUTE_GROUP,
	ROUTE_RATE
};

struct route_verdict {
	enum route_step step; /* which of them decided */
	bool muted;
	int64_t at;        /* held until then; TIME_NONE = not held */
	struct str reason; /* "quiet", "inhibited by big", … */
	struct str group;  /* the digest's; STR_NONE = as it was */
	bool digest;       /* a notification that is made now is a digest */
	bool grown;        /* …is about a story that was told before */
};

/* Strings live in the arena, or point into policy and facts. */
void route_decide(
    const struct route_policy *policy, const struct route_facts *facts, struct arena *arena, struct route_verdict *out);
/* "send", "skip", "inhibited", … */
const char *route_step_word(enum route_step step);

/* A bucket of tokens: full it allows `count` at once, and fills at count per per_ms. */
struct route_bucket {
	double tokens;
	int64_t at; /* TIME_NONE = full */
};
/* When one may be taken: now, or later. */
int64_t route_bucket_next(struct route_bucket *b, const struct route_rate *rate, int64_t now);
/* Takes one, also when there is none: then the next come later. */
void route_bucket_take(struct route_bucket *b, const struct route_rate *rate, int64_t now);
