#pragma once
/*
 * What pipeline.c and tasks.c share, and nobody else includes.
 */
#include "daemon/finished.h"
#include "daemon/pipeline.h"

struct pipeline {
	struct daemon *daemon;
	struct event *due_timer, *commit_timer;
	struct heap heap;
	struct poll_task **tasks;
	size_t task_count;
	struct finished **batch;
	size_t batch_count, batch_cap, batch_bytes;
	size_t in_flight;
	bool stopping;
	int64_t commit_retry_ms;
	uint64_t random_state;
	int64_t polls, failures, not_modified, items_new, items_matched;
};

/* A number for jitter. */
uint64_t pipeline_draw(struct pipeline *p);
/* When the task is due next; wall-clock times become boot-clock ones here and nowhere else. */
void pipeline_plan(struct pipeline *p, struct poll_task *t, int64_t due_at);
struct sched_settings pipeline_settings(const struct pipeline *p, const struct conf_feed *feed);
/* Arms the timer for the first task that is due. */
void pipeline_arm(struct pipeline *p);

void task_free(struct poll_task *t);
/* Puts a copy into a task's validator; without memory for one the next request is merely unconditional. */
void task_set(char **slot, struct str value);
