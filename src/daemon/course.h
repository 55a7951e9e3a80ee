#pragma once
/*
 * What a finished poll changes in the course of its feed besides the rhythm: moves, gaps, a changed identity, alarms. Pure.
 *
 * A move is adopted when COURSE_MOVE_TIMES answers in a row came over the same permanent redirects (301, 308), over at least
 * COURSE_MOVE_MS, and each was a feed or said that nothing has changed. Never to a page to log in, and never to another
 * origin when the feed has credentials or headers of its own, for they would go there. When the new place fails
 * COURSE_RETREAT_FAILURES times in a row, the configured one is asked again.
 */
#include "store/store.h"

#define COURSE_MOVE_TIMES 3u
#define COURSE_MOVE_MS DAY_MS
#define COURSE_RETREAT_FAILURES 3u
#define COURSE_GAP_TOLD_MS DAY_MS /* of two gaps within this time only the first is an event; all are counted */
#define COURSE_EVENTS_MAX 6u

struct course_facts { /* views */
	int64_t at;
	enum err_code error; /* ERR_NONE = a good answer */
	struct str error_text;
	bool full;      /* it was a document, not 304 */
	bool page;      /* the document is an HTML page that is read as a feed: nothing to move to */
	struct str url; /* that was asked for: the adopted one or the configured one */
	struct str configured;
	struct str moved_to; /* where nothing but permanent redirects led; STR_NONE = they did not */
	bool has_secrets;    /* credentials or headers of its own */
	bool gap;            /* sched_decision.gap */
	unsigned failures;   /* in a row, this one included */
	int64_t failing_since_at;
	int64_t fail_for_ms;
	struct str title, site; /* of the document; STR_NONE = unsaid */
	const struct store_seen *seen;
};

bool course_same(const struct store_course *a, const struct store_course *b);

/* Fills *next (its strings live in the arena, or are those of *old) and up to COURSE_EVENTS_MAX events; returns how many. */
size_t course_next(const struct store_course *old, const struct course_facts *f, struct arena *arena,
    struct store_course *next, struct store_poll_event *events);
