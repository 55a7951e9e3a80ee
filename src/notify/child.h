#pragma once
/*
 * One program run on the event loop: input on its standard input (a file in memory, whole from the start), its output (1
 * and 2 together) read and thrown away but for the end, a deadline. It has a process group of its own, no descriptor but
 * 0 to 2, default signals, and exactly the environment given. When it ends, whatever it left in its group is killed: what is to live on must leave it (setsid).
 * Internal to notify; all on one loop, nothing blocks but child_free.
 */
#include "base/buf.h"

#include <sys/types.h>

struct child;
struct event_base;

#define CHILD_OUTPUT_MAX (64u << 10) /* read at one time, and kept: the end of the output */
#define CHILD_GRACE_MS 2000          /* between SIGTERM and SIGKILL */

struct child_end {
	int status; /* as of waitpid */
	bool timed_out;
	struct str output; /* its end, raw bytes; valid during the call */
};
typedef void (*child_end_fn)(void *ctx, const struct child_end *end);

/*
 * argv[0] is a path, or looked for in PATH. `input` is copied. `ended` is called once, from the loop,
 * after which the child must be freed (also from within). NULL: it could not be started; err says why (errno in text).
 */
struct child *child_start(struct event_base *base, char *const argv[], char *const env[], struct str input,
    int64_t timeout_ms, child_end_fn ended, void *ctx, struct err *err);
/* SIGTERM to its group; ends nothing here. */
void child_terminate(struct child *c);
/* Frees; one that still runs gets SIGTERM, up to grace_ms to end, then SIGKILL, without a call of `ended`. */
void child_free(struct child *c, int64_t grace_ms);
