#pragma once
/*
 * A poll that has ended: what its reply means, as the values of one transaction. No I/O; the pipeline commits it.
 */
#include "base/hash.h"
#include "base/heap.h"
#include "daemon/course.h"
#include "daemon/daemon.h"
#include "daemon/given_up.h"
#include "daemon/lanes.h"
#include "sched/sched.h"
#include "worker/analyse.h"

#define DOCUMENT_ARENA_BYTES (64u * 1024 * 1024)

struct pipeline;

/* One feed that is polled. `due` must stay first: the heap hands back its address. */
struct poll_task {
	struct heap_entry due; /* by clock_boot_ms: a step of the wall clock moves nothing */
	struct pipeline *pipeline;
	struct http_request *request;
	struct worker_job *job;   /* its document is being read … */
	struct finished *reading; /* … for this */
	const struct conf_feed *conf;
	int64_t feed_id;
	struct sched_state sched;
	struct store_course course; /* its strings are owned; see task_set_course */
	struct lane *lane;          /* while it is on the wire, or waits for that */
	struct poll_task *next_waiting;
	char *etag, *last_modified;
	struct hash128 body_hash;
	int64_t failed_at; /* when the present failure was last seen in this run; TIME_NONE */
	enum err_code error;
	bool never_succeeded;
	bool untried; /* nobody has polled it yet */
	bool busy;    /* on the wire, or finished and not yet committed */
	bool gone;    /* left the configuration while busy: freed when it is not */
	bool again;   /* somebody asked for a poll when this one was finished and not yet committed */
	bool waiting; /* in its lane, for others of its host to end */
	char key[];   /* there may be a hundred thousand of these: see tests/it/33-many-feeds.py */
};

/* A poll that has ended and waits for its transaction; the arena holds whatever `poll` points to. */
struct finished {
	struct poll_task *task;
	struct arena arena;
	struct store_poll poll;
	struct analysis analysis;
	/* For the decision, which is made inside the transaction, when it is known what was new. */
	struct sched_settings settings;
	struct sched_hints hints;
	int64_t retry_after_ms, fail_for_ms;
	uint64_t random;
	struct str moved_to;
	struct str hub, topic; /* the document, or its Link header, offers to push; or STR_NONE */
	struct str link;       /* that header */
	bool pushed;           /* by a hub: decides nothing about polling */
	bool trusted;          /* pushes come before polls find anything */
	int64_t ended_ms;      /* boot clock: when poll.at was */
	int64_t due_at;        /* pushed: when the next poll was due already */
	struct str answered;   /* the address that replied; STR_NONE = none did */
	bool redirected;
	uint64_t page;    /* hash of the body, to tell whether others got the same */
	struct err cut;   /* the reply ended early: what is in it counts, and it failed */
	bool full, delta; /* the answer was a document; only what is new of it (226) */
	struct store_course course;
	struct store_poll_event given_up[GIVEN_UP_EVENTS_MAX]; /* of regular expressions, as the document was read */
	size_t given_up_count;
	struct store_poll_event events[COURSE_EVENTS_MAX + GIVEN_UP_EVENTS_MAX]; /* all of them */
	size_t matched;
	bool parsed;
	bool silent; /* the first document of a new feed: the baseline, nobody is told */
};

/* By how much the wall clock was moved since the poll ended: what was decided by it then is due so much later, or sooner. */
int64_t finished_clock_moved(const struct finished *f);
/* NULL when memory ran out. */
struct finished *finished_new(struct poll_task *task);
void finished_free(struct finished *f);
/* Decides what the reply means: an error, nothing new, or a document. true: a document, which is to be read. */
bool finished_read(struct finished *f, const struct http_reply *reply);
/* The same for what a hub has pushed, which is always read. */
void finished_push(struct finished *f);
/* What a worker needs to know to read it; views. */
struct analysis_job finished_job(struct finished *f, const struct http_reply *reply);
/* It was read, into f->analysis, or could not be: what is stored of it and who is told. */
void finished_document(struct finished *f, const struct setup *setup, const struct err *result);
/* What its items say of regular expressions, as far as it is news. */
void finished_given_up(struct finished *f, const struct setup *setup, struct given_up *told);
/* The request could not even be made; or what it brought is taken for another failure. */
void finished_fail(struct finished *f, const struct err *err);
/* When to come again, and what else follows: a store_poll's `decide`, with the struct finished as its context. */
void finished_decide(void *finished, struct store_poll *p, const struct store_seen *seen);

/* Where the feed is asked for at present. */
struct str task_url(const struct poll_task *t);
