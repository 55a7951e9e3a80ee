#pragma once
/*
 * The life of one worker process: born of the daemon by fork, so that it shares the compiled watchlist copy-on-write; gives up
 * what it does not need; reads jobs, writes answers, one by one, until its input ends. It dies with its parent.
 */
#include "worker/area.h"
#include "worker/message.h"

#include <sys/types.h>

#define WORKER_ARENA_BYTES (64u * 1024 * 1024) /* of one document */

struct worker_child_options {
	const struct watchlist *watchlist;
	bool filter;              /* system calls, too */
	struct worker_area *area; /* set by worker_child_start; NULL: there is none */
	/* What it does in the place of worker_child_serve; for tests. */
	void (*serve)(int in, int out, const struct worker_child_options *options);
};

struct worker_child_process {
	pid_t pid;
	int pidfd;
	int in_fd, out_fd;        /* our ends: jobs go into the first, answers come out of the second; neither blocks */
	struct worker_area *area; /* or NULL */
};

/* Everything that a library makes at first use is made now, in the parent, once for all workers. */
int worker_child_prepare(const struct watchlist *watchlist, struct err *err);
/* To be called while no other thread of ours holds locks. -1 with ERR_IO or ERR_NO_MEMORY; close what it returns with
 * worker_child_close once the process has ended. */
int worker_child_start(const struct worker_child_options *options, struct worker_child_process *ret, struct err *err);
void worker_child_close(struct worker_child_process *p);

/* The message of the nth job, from the pipe into b, or where it lies in the area: valid until that job is answered. false when
 * there are no more. */
bool
worker_child_receive(int in, const struct worker_child_options *options, unsigned nth, struct buf *b, struct str *ret);
/* The answer to the nth job, head included, as message_put_answer makes it. */
bool worker_child_send(int out, const struct worker_child_options *options, unsigned nth, struct str message);
/* Descriptors 0 and 1 are the pipe. Returns when the input ends. */
void worker_child_serve(int in, int out, const struct worker_child_options *options);
