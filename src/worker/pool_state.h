#pragma once
/*
 * What pool.c (the queue) and process.c (one worker) share, and nobody else includes.
 */
#include "worker/pool.h"

#define JOBS_PER_WORKER \
	AREA_SLOTS /* one is being read, the others are on their way to it, so that it need not wait for the loop */
#define JOBS_FEW (JOBS_PER_WORKER / 2) /* with no more than these it is given others, as many as it takes */

/* Held by the queue or by workers, and freed when the last lets go. */
struct worker_job {
	struct worker_pool *pool;
	struct worker_job *next, *prev; /* in the queue */
	unsigned holders;
	bool queued;
	struct buf head, body;
	struct arena *arena;
	struct analysis *out;
	worker_done_fn done; /* NULL: forgotten */
	void *ctx;
};

/* A job in a worker's hands. Stale: its answer does not count any more, because somebody else was given the job. */
struct held {
	struct worker_job *job;
	bool stale;
	bool beside; /* it lies in the area, and only this head goes through the pipe */
	unsigned char head[WIRE_HEAD];
};

enum process_state {
	PROCESS_NONE,
	PROCESS_STARTING, /* has not said hello */
	PROCESS_READY,
	PROCESS_LEAVING, /* its input is closed: it ends when it has answered */
	PROCESS_DYING,   /* was killed, or its pipe broke */
};

struct process {
	struct worker_pool *pool;
	struct worker_child_process child;
	enum process_state state;
	bool greeted;  /* has said hello: it was able to work */
	bool innocent; /* ended by us: what it had in hand is read again */
	struct event *exit_event, *in_event, *out_event, *deadline;
	struct held held[JOBS_PER_WORKER]; /* the first is being read */
	unsigned held_count, written;      /* so many of them have been written whole … */
	size_t written_bytes;              /* … and this much of the next */
	bool filling;                      /* it had few, and is given more until it is full or none waits */
	unsigned documents;                /* answered; with those in hand: which slots of the area are next */
	bool slow;                         /* the first of the two deadlines has passed */
	struct err why;                    /* it was killed */
	/* The message that is being read: its head, then its bytes; nowhere when nobody wants them. */
	unsigned char head[WIRE_HEAD];
	size_t head_len, message_len, message_got;
	char *message;
	char hello[64];
};

struct worker_pool {
	struct event_base *base;
	struct worker_settings settings;
	struct watch_memo *memo; /* of documents that are read here; NULL: none was read yet */
	struct event *start_timer;
	struct worker_job *first, *last;
	size_t queued;
	bool held, filter;
	unsigned bad_starts; /* in a row */
	struct worker_hello hello;
	struct err trouble;
	size_t queued_bytes, waiting_bytes;
	int64_t documents, crashed, restarts;
	struct process processes[WORKERS_MAX];
};

/* ---- queue ---- */

/* At the head of the queue again, if anybody still wants it. */
void pool_requeue(struct worker_pool *p, struct worker_job *job);
void pool_finish(struct worker_job *job, const struct err *result);
void pool_let_go(struct worker_job *job);
/* Gives out what is queued, and starts what is missing. */
void pool_turn(struct worker_pool *p);
/* It has ended; *status as waitpid tells. */
void pool_process_ended(struct worker_pool *p, struct process *w, int status);

/* ---- one process ---- */

int process_start(struct process *w, struct err *err);
bool process_has_room(const struct process *w);
void process_give(struct process *w, struct worker_job *job);
/* What it was given, in one go: each write wakes it. */
void process_send(struct process *w);
/* Ends it; why NULL: it did nothing wrong. */
void process_kill(struct process *w, const struct err *why);
/* No more jobs: it ends when it has answered those it has. */
void process_leave(struct process *w);
/* Gives back everything of one that has ended. */
void process_clear(struct process *w);
