#pragma once
/*
 * A pool of workers with a list of one name, for tests: started, asked and waited for. One at a time.
 */
#include "worker/pool_state.h"

#define PATIENCE_MS 300000

extern struct event_base *base;
extern struct watchlist *watchlist;
extern struct worker_pool *pool;
extern unsigned notes; /* that the pool has made */

void setup(void);
void teardown(void);
/* serve NULL: workers as they are. */
void start(unsigned processes, void (*serve)(int, int, const struct worker_child_options *), int64_t deadline_ms,
    unsigned documents_max);
struct worker_status status(void);

struct asked {
	struct arena arena;
	struct analysis analysis;
	struct err result;
	struct worker_job *job;
	unsigned answers;
	size_t body_len;
};

void on_done(void *ctx, const struct err *result, struct str body);
/* This document, and so many spaces behind it. */
void ask_text(struct asked *a, const char *text, size_t padding);
/* A feed with one item. */
void ask(struct asked *a, const char *title);
void await_answers(struct asked *asked, size_t count);
void done(struct asked *asked, size_t count);
void check_good(const struct asked *a);

/* For what serves instead of a worker: writes all of b, and empties it. */
void say(int out, struct buf *b);
