#pragma once
/*
 * What the files of the pipeline share, and nobody else includes.
 */
#include "daemon/finished.h"
#include "daemon/pipeline.h"
#include "sched/outage.h"
#include "worker/pool.h"

#include <event2/util.h>

/* First polls since the last time that none was left to be made. */
struct first_polls {
	size_t left; /* feeds that nobody has polled yet */
	size_t feeds, failed;
	int64_t items, matched;
};

struct pipeline {
	struct daemon *daemon;
	struct event *due_timer, *commit_timer;
	struct heap heap;
	struct poll_task **tasks;
	size_t task_count;
	struct finished **batch;
	size_t batch_count, batch_cap, batch_bytes;
	size_t syncing;      /* the first of the batch: committed, but perhaps not on the disk yet */
	size_t written;      /* those after them, which the store's open group holds */
	bool yields;         /* somebody wants to write between this group and the next */
	bool partly, ending; /* … and a part of the next one; the group takes no more */
	int64_t group_since; /* boot clock */
	struct worker_pool *workers;
	size_t in_flight, reading; /* requests; documents that are with the workers */
	struct lanes lanes;
	struct outage outage;
	struct portal portal;
	struct first_polls first_polls;
	int64_t probe_at;  /* boot clock: while our network is down, one poll is tried then */
	int64_t armed_for; /* boot clock: when the timer is to fire */
	int64_t alarms_at; /* boot clock: when long failures are looked for next */
	bool stopping;
	int64_t commit_retry_ms;
	uint64_t random_state;
	int64_t polls, failures, not_modified, items_new, items_matched, gaps;
};

/* A number for jitter. */
uint64_t pipeline_draw(struct pipeline *p);
/* When the task is due next; wall-clock times become boot-clock ones here and nowhere else. */
void pipeline_plan(struct pipeline *p, struct poll_task *t, int64_t due_at);
struct sched_settings pipeline_settings(const struct pipeline *p, const struct conf_feed *feed);
/* Arms the timer for the first task that is due. */
void pipeline_arm(struct pipeline *p);

/* Fetches are held back while documents come faster than they are read and written; to be called when that may have changed. */
void pipeline_slow_down(struct pipeline *p);
/* Fires after so long; at once when that is past. */
void pipeline_arm_timer(struct event *timer, int64_t ms);
/* The task is free for its next poll, or goes when its feed is no longer configured. */
void pipeline_release(struct pipeline *p, struct poll_task *t);

/* commit.c: finished polls wait for company and are written together. */
/* … or this much memory in their arenas: a group and some of the next. What is read long before it is written has to be
 * fetched from memory again, and took pages that nothing else needs. */
#define BATCH_BYTES_MAX (8u * 1024 * 1024)
/* Takes the poll over; there is room for it, see has_room() and start_poll(). */
void commit_enqueue(struct pipeline *p, struct finished *f);
/* All that wait, or with `slice` what can be written in a few milliseconds. 0, or -1: the store does not take them now. */
int commit_now(struct pipeline *p, bool slice);
void commit_on_timer(evutil_socket_t fd, short what, void *ctx);

/* network.c: is it us? */
/* Looks at a poll that has ended, and takes it for ERR_NETWORK_DOWN or ERR_CAPTIVE_PORTAL when that is what it was. */
void network_judge(struct pipeline *p, struct finished *f);
/* A failure that was decided before the network was known to be down is committed: true when it was taken back, and the feed
 * is to be tried again as soon as others are. */
bool network_pardons(const struct pipeline *p, struct poll_task *t);
/* May another poll be started now? Not while our network is down, but for one at a time to see. */
bool network_allows(struct pipeline *p, int64_t now);
/* Polls that fell due while nobody could make them are spread out. */
void network_respread(struct pipeline *p);

/* holds.c: hosts that asked to be left alone. */
/* Has the host, or only the feed, wait when the reply asks for that. */
void holds_note(struct pipeline *p, struct finished *f, const struct http_reply *reply);

/* The document that it waits for is not wanted any more; the task is free again. */
void pipeline_forget(struct poll_task *t);
void task_free(struct poll_task *t);
/* Puts a copy into a task's validator; without memory for one the next request is merely unconditional. */
void task_set(char **slot, struct str value);
/* Takes a copy over, with its strings. */
void task_set_course(struct poll_task *t, const struct store_course *course);
