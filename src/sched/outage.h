#pragma once
/*
 * Is it us? When the polls of several hosts fail one after the other in ways that a dead network of our own explains, and
 * none has succeeded in between, no feed is to blame. Pure; the caller brings results, host by host, and the time.
 */
#include "base/clock.h"
#include "base/err.h"

#define OUTAGE_HOSTS 5u                  /* distinct hosts that must fail… */
#define OUTAGE_WINDOW_MS (2 * MINUTE_MS) /* …within that time */

/* All zero = no suspicion. */
struct outage {
	uint64_t hosts[OUTAGE_HOSTS]; /* the last distinct ones that failed */
	int64_t at[OUTAGE_HOSTS];
	unsigned count;
	bool down;
};

/* Notes a finished poll: the hash of its host, and ERR_NONE or how it failed. An answer of any kind, even a bad one, proves
 * that the network works. Returns whether our own network seems to be down now; then the result is better taken
 * for ERR_NETWORK_DOWN. */
bool outage_note(struct outage *o, uint64_t host, enum err_code error, int64_t now);
