#pragma once
/* What the parts of daemon/alarms share. */
#include "daemon/alarms.h"
#include "daemon/daemon.h"

struct alarms_feed { /* that has been quiet for longer than a while: is it longer than usual? */
	int64_t id, last_new_at, last_success_at;
	double items_per_week;
	char *key;
};

struct alarms {
	struct daemon *daemon;
	struct event *timer;
	struct arena arena; /* of one look */
	/* what one look has found, stored together */
	struct store_alarm_tell *tells;
	size_t tell_count, tell_cap;
	struct store_alarm_mark *marks;
	size_t mark_count, mark_cap;
	int64_t event, burst_until_at; /* -1 = as before */
	int64_t degraded_since;        /* wall clock; TIME_NONE = it writes */
	int64_t quiet_due;             /* boot clock: when feeds and watches are looked at next */
	struct alarms_feed *feeds;     /* to be looked at, a few at a time */
	size_t feed_count, feed_at, watch_at;
	size_t subjects;         /* feeds and watches there are */
	int64_t repeat_due;      /* boot clock: when it is looked whether lasting ones are to be told again */
	int64_t burst_looked_at; /* end of the last window that was judged in this run */
};

bool alarms_wants(const struct alarms *a, const char *alarm);
/* An alarm for all sinks; texts live in the arena. `thread`: the alarm that it begins or ends. mark: TIME_NONE ends it. */
void alarms_raise(struct alarms *a, const struct store_alarm *what, const char *thread);
void alarms_mark(struct alarms *a, const char *alarm, struct str subject, int64_t since_at);
/* The expected number of false alarms a week; 0 = none are wanted. */
double alarms_budget(const struct alarms *a);

/* alarms_unusual.c: one step each. -1 when the store did not answer. */
int alarms_look_quiet(struct alarms *a, struct err *err);
int alarms_look_bursts(struct alarms *a, struct err *err);
void alarms_forget_feeds(struct alarms *a);
