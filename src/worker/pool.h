#pragma once
/*
 * The pool of worker processes that read documents: a job goes in, its analysis comes out. A document that kills its worker,
 * or that keeps it longer than WORKER_DEADLINE_MS, costs itself ERR_PARSER_CRASH and the others nothing: they are
 * given to another worker. Workers are replaced when they die, and now and then when they do not.
 *
 * Nothing here blocks. The pool copies nothing of a job's body: it takes the buffer. Answers are read into the caller's arena.
 */
#include "worker/analyse.h"
#include "worker/worker_child.h"

#define WORKERS_MAX 64u
#define WORKER_DEADLINE_MS 10000  /* for one document, by the loop's clock */
#define WORKER_SLOW_MS 500        /* after this the documents that wait behind one are given to others */
#define WORKER_DOCUMENTS_MAX 5000 /* then it is replaced */

struct event_base;
struct worker_pool;
struct worker_job;

struct worker_settings {
	unsigned processes; /* 0: documents are read in this process, at once */
	const struct watchlist *watchlist;
	int64_t deadline_ms;    /* 0 = WORKER_DEADLINE_MS */
	unsigned documents_max; /* 0 = WORKER_DOCUMENTS_MAX */
	/* Something that a person should know: that workers cannot be started, or are not confined. */
	void (*note)(void *ctx, const struct err *what);
	void *ctx;
	void (*serve)(
	    int in, int out, const struct worker_child_options *options); /* tests; NULL = worker_child_serve */
};

/* As many as there are processors for us, 1..WORKERS_MAX. */
unsigned workers_default(void);

/* The watchlist must outlive the pool or the next worker_pool_renew. NULL with err. */
struct worker_pool *worker_pool_new(struct event_base *base, const struct worker_settings *settings, struct err *err);
/* Ends the processes; jobs that are not done are forgotten, their callbacks are not called. */
void worker_pool_free(struct worker_pool *p);

/* result: ERR_NONE, or why there is no analysis. body is the document again, for who wants a sample. */
typedef void (*worker_done_fn)(void *ctx, const struct err *result, struct str body);

/* Takes *body over (job->input.body does not repeat it) unless it fails. Arena and analysis must live until the callback, which
 * comes once, from the loop; with no processes it comes from inside and *ret is NULL. -1 without memory: no callback. */
int worker_pool_submit(struct worker_pool *p, const struct analysis_job *job, struct buf *body, struct arena *arena,
    struct analysis *out, worker_done_fn done, void *ctx, struct worker_job **ret, struct err *err);
/* The callback will not come, arena and analysis are free. */
void worker_job_forget(struct worker_job *job);

/* All workers are replaced by ones that know this watchlist; what the old ones had in hand is read again. */
void worker_pool_renew(struct worker_pool *p, const struct watchlist *watchlist, unsigned processes);
/* While held, no process is started: for the time that another thread is at work. */
void worker_pool_hold(struct worker_pool *p, bool held);

struct worker_status {
	unsigned processes, ready; /* wanted, and able to take documents */
	size_t queued, in_hand;    /* documents */
	size_t queued_bytes;       /* of all bodies that wait or are being read */
	size_t waiting_bytes;      /* of those that no worker has in hand */
	int64_t documents, crashed, restarts;
	bool seccomp, memory_limit; /* of the last worker that started */
	struct str trouble;         /* why none can be started, or STR_NONE */
};
void worker_pool_status(const struct worker_pool *p, struct worker_status *ret);
