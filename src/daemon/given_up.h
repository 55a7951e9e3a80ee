#pragma once
/*
 * Regular expressions of queries that met their limit in an item: an event (regex_limit) that says which, where it is written and
 * in which item, for each expression once a day, and for so many of them at most, whatever comes.
 */
#include "store/store.h"

struct daemon;

#define GIVEN_UP_TOLD_MS DAY_MS
#define GIVEN_UP_TOLD_MAX 64u  /* expressions told within that time */
#define GIVEN_UP_EVENTS_MAX 4u /* of one poll */

struct given_up {
	struct given_up_told {
		uint64_t key;
		int64_t at;
	} told[GIVEN_UP_TOLD_MAX];
	size_t count;
};

/* What was told before this daemon was started: the events of the last day. wall, now: this moment by either clock. */
int given_up_remember(struct given_up *g, struct store *s, int64_t wall, int64_t now, struct err *err);
/* Up to `max` events of what has not been told yet, which counts as told from now on (boot clock). link: of the item, or STR_NONE.
 * Texts live in the arena. Returns how many. */
size_t given_up_events(struct given_up *g, const struct watchlist *w, const struct watch_result *matches,
    struct str link, int64_t now, struct arena *arena, struct store_poll_event *ret, size_t max);
/* The same of an item that no poll has brought now, written at once; a store that refuses loses them. */
void given_up_tell(struct daemon *d, const struct watch_result *matches, struct str link);
