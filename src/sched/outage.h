#pragma once
/*
 * Is it us? When the polls of several hosts fail one after the other in ways that a dead network of our own explains, and
 * nobody has answered for a while, no feed is to blame. Pure; the caller brings results, host by host, and the time.
 */
#include "base/clock.h"
#include "base/err.h"

#define OUTAGE_HOSTS 5u                  /* distinct hosts that must fail… */
#define OUTAGE_WINDOW_MS (2 * MINUTE_MS) /* …within that time, */
#define OUTAGE_QUIET_MS (10 * SECOND_MS) /* …with no answer from anybody for at least so long */

/*
 * Where hosts lead that have nothing to do with each other: a login page of the network that we are in (a captive portal)
 * answers for all of them.
 */
#define PORTAL_HOSTS 3u /* distinct hosts that lead to one place, within OUTAGE_WINDOW_MS */

struct portal {
	uint64_t to;
	uint64_t hosts[PORTAL_HOSTS];
	int64_t at[PORTAL_HOSTS];
	unsigned count;
};

/* Notes that a host gave a page instead of a feed; `to` is the hash of the place it led to, or of the page itself. Returns whether
 * a portal must be suspected. */
bool portal_note(struct portal *p, uint64_t host, uint64_t to, int64_t now);

/* All zero = no suspicion. */
struct outage {
	uint64_t hosts[OUTAGE_HOSTS]; /* the last distinct ones that failed */
	int64_t at[OUTAGE_HOSTS];
	unsigned count;
	int64_t answered_at; /* the last answer of anybody; 0 = none yet */
	bool down;
};

/* Failures that happen without a single byte from the other side. */
bool outage_suspects(enum err_code e);
/* Notes a finished poll: the hash of its host, and ERR_NONE or how it failed. An answer of any kind, even a bad one, proves
 * that the network works. Returns whether our own network seems to be down now; then the result is better taken
 * for ERR_NETWORK_DOWN. */
bool outage_note(struct outage *o, uint64_t host, enum err_code error, int64_t now);
