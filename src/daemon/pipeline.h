#pragma once
/*
 * The conductor: due feed → reply → analysed items → one transaction. The only place that knows http, worker, store
 * and sched together. Polls pause while the store refuses to write; a finished poll is kept until it is committed.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/jsonw.h"

struct daemon;
struct pipeline;

struct pipeline *pipeline_new(struct daemon *d, struct err *err);
void pipeline_free(struct pipeline *p);
/* Brings the feeds in line with d->setup (also after a reload) and plans their first polls. */
int pipeline_sync(struct pipeline *p, struct err *err);
/* Workers that know the watchlist of d->setup take the place of those that know an older one. */
void pipeline_renew_workers(struct pipeline *p);
/* For the pages of items, which they read too. */
struct worker_pool;
struct worker_pool *pipeline_workers(struct pipeline *p);
/* No worker is forked while it is held: another thread is at work. */
void pipeline_hold_workers(struct pipeline *p, bool held);
/* Is anything fetched, read or about to be committed? */
bool pipeline_busy(const struct pipeline *p);
/* Whoever wants to write and can wait asks, again and again, for a moment between two groups of polls: true when this is
 * one. Without a wish the next group need not wait any more. */
bool pipeline_yields(struct pipeline *p, bool wish);
/* Makes one feed (by key), or all of them ("*"), due now. Returns how many. */
size_t pipeline_poll_now(struct pipeline *p, const char *key);
/* Puts the holds on hosts in force that the store remembers; once, before the first sync. */
void holds_load(struct pipeline *p);
/* For how long a reply asks us to leave its host alone, within bounds; -1: it does not. *shared: the host is one of many
 * publishers, so that whoever was asked for waits alone. */
struct http_reply;
int64_t holds_wanted(const struct daemon *d, const struct http_reply *reply, bool *shared);
/* The machine slept for so long: what became due meanwhile is polled, but not all of it at one moment. */
void pipeline_awake(struct pipeline *p, int64_t slept_ms);
/* Tells of feeds that have failed for too long; to be called every second. */
void pipeline_alarms(struct pipeline *p);
/* What a hub has pushed for a feed, and is stored under that number until it is committed, goes the way of a polled body, which is moved out when it is TAKEN. LATER: the feed is being
 * polled, or the store refuses. REFUSED: there is no such feed. */
enum pipeline_push { PIPELINE_PUSH_TAKEN, PIPELINE_PUSH_LATER, PIPELINE_PUSH_REFUSED };
enum pipeline_push pipeline_push(
    struct pipeline *p, const char *key, int64_t id, struct str url, struct str content_type, struct buf *body);
/* Commits what has been finished; false when the store refuses. */
bool pipeline_flush(struct pipeline *p);
/* Starts nothing more; what has been finished is committed. */
void pipeline_stop(struct pipeline *p);
/* Its numbers, as members of the object that `w` is in. */
void pipeline_status(const struct pipeline *p, struct jsonw *w);
