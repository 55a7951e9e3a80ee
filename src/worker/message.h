#pragma once
/*
 * What the daemon and a worker say to each other: a job, and its answer. Tables over the values of feed, watch and story: a
 * field that is added there is a row here, or tests/unit/test_worker_message fails.
 *
 * An answer is checked beyond its form: formats and fields exist, entities stand in the watchlist in ascending order, every
 * mention lies inside the text of its field and cuts no character.
 */
#include "worker/analyse.h"
#include "worker/wire.h"

#define MESSAGE_JOB_MAX (66u * 1024 * 1024)    /* the largest body that can be configured, and its headers */
#define MESSAGE_ANSWER_MAX (48u * 1024 * 1024) /* the rest of a document's memory is for arrays */

/* The first thing a worker says: how well it is confined. */
struct worker_hello {
	bool seccomp, memory_limit;
};

extern const struct wire_type worker_hello_type, worker_job_type, worker_answer_type, analysis_type;

void message_put_hello(struct buf *out, const struct worker_hello *hello);
/* The job but for the bytes of its body, which follow as they are: the message is `out` and then the body. Head included. */
void message_put_job(struct buf *out, const struct analysis_job *job);
/* Views into the message. */
int message_get_job(struct str message, struct analysis_job *ret, struct err *err);

/* An analysis, or the error that came instead. Head included. */
void message_put_answer(struct buf *out, const struct analysis *analysis, const struct err *error);
/* 0: the answer is well made; *ret holds the analysis, or, when result->code is not ERR_NONE, nothing. -1: it is not, and
 * *result says why (ERR_SYNTAX, or ERR_NO_MEMORY when memory ran out here). Views into message and watchlist. */
int message_get_answer(struct str message, const struct watchlist *watchlist, struct arena *arena, struct analysis *ret,
    struct err *result);
/* The same checks for the mentions of a page, which need the job: -1 with ERR_SYNTAX when there is no page, or one is out of place. */
int message_check_page(
    const struct analysis *a, const struct analysis_job *job, const struct watchlist *watchlist, struct err *err);
