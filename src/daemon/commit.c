/* Finished polls → one transaction for several of them, and what that teaches the tasks in memory. */
#include "base/log.h"
#include "daemon/articles.h"
#include "daemon/daemon.h"
#include "daemon/deliver.h"
#include "daemon/pipeline_state.h"
#include "daemon/router.h"
#include "daemon/websub.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_POLLS_MAX 64 /* finished polls in one transaction */
#define COMMIT_SLICE_MS 25 /* … and after so long it takes no more: to end it takes as long again */
#define BATCH_DELAY_MS 4   /* how long the first of a batch waits for company */
#define COMMIT_RETRY_MIN_MS SECOND_MS
#define COMMIT_RETRY_MAX_MS (30 * SECOND_MS)

void
commit_enqueue(struct pipeline *p, struct finished *f)
{
	p->batch[p->batch_count++] = f; /* room was made in start_poll */
	p->batch_bytes += f->arena.used_bytes;
	bool full =
	    p->batch_count >= BATCH_POLLS_MAX || p->batch_bytes >= BATCH_BYTES_MAX || p->in_flight + p->reading == 0;
	if (!p->daemon->degraded && (full || !event_pending(p->commit_timer, EV_TIMEOUT, NULL)))
		pipeline_arm_timer(p->commit_timer, full ? 0 : BATCH_DELAY_MS);
}

static void
log_outcome(const struct finished *f, size_t items_new)
{
	const struct poll_task *t = f->task;
	for (size_t i = 0; i < f->poll.event_count; i++)
		log_notice("feed %s: %s: %.*s", t->key, f->poll.events[i].kind, STR_ARG(f->poll.events[i].text));
	if (f->poll.error != ERR_NONE) {
		if (t->error != f->poll.error)
			log_warn("feed %s: %s: %.*s", t->key, err_word(f->poll.error), STR_ARG(f->poll.error_text));
		return;
	}
	if (t->error != ERR_NONE)
		log_notice("feed %s: works again", t->key);
	if (t->never_succeeded && f->parsed)
		log_info("feed %s: first poll: %zu items, %zu of them match%s", t->key, f->poll.item_count, f->matched,
		    f->silent ? "; they are the baseline and not told" : "");
	else if (items_new > 0)
		log_debug("feed %s: %zu new items", t->key, items_new);
}

/* What the committed poll teaches the task in memory: the same as what the row now says. */
static void
learn(struct pipeline *p, struct finished *f)
{
	struct poll_task *t = f->task;
	size_t items_new = 0;

	for (size_t i = 0; i < f->poll.item_count; i++) {
		items_new += f->poll.items[i].is_new;
		p->items_matched += f->poll.items[i].is_new && f->poll.items[i].matches->hit_count > 0;
	}
	p->polls += !f->pushed;
	p->failures += f->poll.error != ERR_NONE;
	p->not_modified += f->poll.not_modified;
	p->items_new += (int64_t)items_new;
	log_outcome(f, items_new);
	if (f->poll.complete) {
		task_set(&t->etag, f->poll.etag);
		task_set(&t->last_modified, f->poll.last_modified);
		t->body_hash = f->poll.body_hash;
	}
	t->sched = f->poll.sched;
	t->error = f->poll.error;
	t->failed_at = f->poll.error != ERR_NONE ? f->poll.at : TIME_NONE;
	p->gaps += !f->pushed && f->course.gap_count > t->course.gap_count;
	if (!f->pushed)
		task_set_course(t, &f->course);
	if (f->poll.error == ERR_NONE)
		t->never_succeeded = false;
	if (f->parsed && !f->pushed && !t->gone)
		websub_offer(p->daemon->websub, t->feed_id, t->key, f->hub, f->topic);
	websub_found(p->daemon->websub, t->key, f->pushed, items_new);
	if (!t->gone && t->course.gone_at == TIME_NONE)
		pipeline_plan(p, t, f->poll.next_due_at);
	pipeline_release(p, t);
}

static void
enter_degraded(struct pipeline *p, const struct err *err)
{
	if (!p->daemon->degraded)
		log_error("store: %s: %s; polling pauses until it works again", err_word(err->code), err->msg);
	p->daemon->degraded = true;
	p->commit_retry_ms = p->commit_retry_ms ? p->commit_retry_ms * 2 : COMMIT_RETRY_MIN_MS;
	if (p->commit_retry_ms > COMMIT_RETRY_MAX_MS)
		p->commit_retry_ms = COMMIT_RETRY_MAX_MS;
	pipeline_arm_timer(p->commit_timer, p->commit_retry_ms);
	pipeline_arm(p);
}

static void
leave_degraded(struct pipeline *p)
{
	p->commit_retry_ms = 0;
	if (p->daemon->degraded) {
		log_notice("store: works again, polling goes on");
		p->daemon->degraded = false;
	}
}

/* The loop has others to serve: what is left of the batch comes when they had their turn. */
static bool
took_long(void *ctx)
{
	const int64_t *until = ctx;
	return clock_boot_ms() >= *until;
}

/* The finished polls' values side by side, as the store wants them; and back, for what it answers. *done: how many of the
 * batch are committed; all of them unless `slice`. */
static int
commit_batch(struct pipeline *p, bool slice, size_t *done, struct err *err)
{
	int64_t until = clock_boot_ms() + COMMIT_SLICE_MS;
	struct store_poll *polls = calloc(p->batch_count, sizeof *polls);
	if (polls == NULL)
		return err_oom(err);
	for (size_t i = 0; i < p->batch_count; i++) {
		polls[i] = p->batch[i]->poll;
		polls[i].router = router_store(p->daemon->router);
	}
	int rc = store_commit_some(p->daemon->store, polls, p->batch_count, p->daemon->setup.watchlist,
	    slice ? took_long : NULL, &until, done, err);
	for (size_t i = 0; i < p->batch_count; i++) /* what was decided inside */
		p->batch[i]->poll = polls[i];
	free(polls);
	return rc;
}

static void
forget_batch(struct pipeline *p, size_t done)
{
	for (size_t i = 0; i < done; i++)
		finished_free(p->batch[i]);
	p->batch_count -= done;
	memmove(p->batch, p->batch + done, p->batch_count * sizeof *p->batch);
	p->batch_bytes = 0;
	for (size_t i = 0; i < p->batch_count; i++)
		p->batch_bytes += p->batch[i]->arena.used_bytes;
}

int
commit_now(struct pipeline *p, bool slice)
{
	struct err err;
	size_t done;
	if (p->batch_count == 0)
		return 0;
	if (commit_batch(p, slice, &done, &err) < 0) {
		enter_degraded(p, &err);
		return -1;
	}
	leave_degraded(p);
	bool wishes = false;
	for (size_t i = 0; i < done; i++) {
		wishes |= p->batch[i]->poll.articles_max > 0;
		learn(p, p->batch[i]);
	}
	forget_batch(p, done);
	if (p->batch_count > 0)
		pipeline_arm_timer(p->commit_timer, 0);
	pipeline_arm(p);
	if (p->daemon->deliver != NULL)
		deliver_kick(p->daemon->deliver);
	if (p->daemon->articles != NULL && wishes)
		articles_kick(p->daemon->articles);
	return 0;
}

void
commit_on_timer(evutil_socket_t fd, short what, void *ctx)
{
	commit_now(ctx, true);
}
