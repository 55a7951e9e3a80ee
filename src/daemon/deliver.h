#pragma once
/*
 * Outbox → sinks: takes rows that are due, hands them to notify, stores what came of each. Retries back off exponentially
 * with jitter, for each row and, when a sink fails several times in a row, for the sink as a whole; a row that its sink
 * refuses, or that is older than the sink's `retry-max`, is dead and kept with its reason. What an outage has left drains
 * at the sink's `drain-rate`. A dead sink delays no other: each has its own room and its own pause.
 */
#include "base/err.h"
#include "base/jsonw.h"

struct daemon;
struct deliver;

struct deliver *deliver_new(struct daemon *d, struct err *err);
void deliver_free(struct deliver *v);
/* After a new configuration is in force. -1 without memory: the old one stays. */
int deliver_sync(struct deliver *v);
/* New rows were committed: look at the outbox in this turn of the loop. */
void deliver_kick(struct deliver *v);
/* Somebody says that it works again: no sink is left alone for its failures, or as gone, any longer. */
void deliver_resume(struct deliver *v);
/* A sink has somebody to take what it could not deliver (notify_on_back). */
void deliver_back(struct deliver *v, struct str sink);
/* Notifications that are with their sinks now. */
size_t deliver_in_flight(const struct deliver *v);
/* Stores the outcomes that are known and takes nothing more. */
void deliver_flush(struct deliver *v);
/* Since when a sink takes nothing (wall clock); TIME_NONE = it is well, or not known to be ill. */
int64_t deliver_failing_since(const struct deliver *v, struct str sink);
/* Whether its last delivery went well, or was refused for good. */
bool deliver_took(const struct deliver *v, struct str sink);
void deliver_status(const struct deliver *v, struct jsonw *w);

/* How long until attempt `attempt`+1, before jitter: 5 s doubling up to an hour. Pure. */
int64_t deliver_backoff_ms(unsigned attempt);
