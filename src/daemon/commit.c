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

#define GROUP_POLLS_MAX 256u  /* finished polls in one transaction, … */
#define GROUP_ITEMS_MAX 2000u /* … and new items: to end it the more take the longer, and the loop waits */
#define GROUP_MS 250          /* … and after so long it ends */
#define COMMIT_SLICE_MS 25    /* how long the loop is kept at a time, but for the end */
#define BATCH_DELAY_MS 4      /* how long what has come waits for company */
#define COMMIT_RETRY_MIN_MS SECOND_MS
#define COMMIT_RETRY_MAX_MS (30 * SECOND_MS)

static size_t
left_to_write(const struct pipeline *p)
{
	return p->batch_count - p->syncing - p->written;
}

void
commit_enqueue(struct pipeline *p, struct finished *f)
{
	p->batch[p->batch_count++] = f; /* room was made in start_poll */
	p->batch_bytes += f->arena.used_bytes;
	pipeline_slow_down(p);
	bool full =
	    left_to_write(p) >= GROUP_POLLS_MAX || p->batch_bytes >= BATCH_BYTES_MAX || p->in_flight + p->reading == 0;
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

/* However many feeds come at once, people read one line about it. */
static void
note_first_poll(struct pipeline *p, const struct finished *f, size_t items)
{
	struct poll_task *t = f->task;
	struct first_polls *all = &p->first_polls;
	if (!t->untried || f->pushed)
		return;
	t->untried = false;
	all->feeds++;
	all->failed += f->poll.error != ERR_NONE;
	all->items += (int64_t)items;
	all->matched += (int64_t)f->matched;
	all->left -= !t->gone && all->left > 0;
	if (all->left > 0)
		return;
	if (all->feeds > 1)
		log_notice(
		    "first polls of %zu feeds: %lld items were taken in, %lld match%s; %zu feed%s could not be read",
		    all->feeds, (long long)all->items, (long long)all->matched,
		    str_is(p->daemon->setup.conf->global.first_poll, "tell")
		        ? ""
		        : " and are not told: they are the baseline",
		    all->failed, all->failed == 1 ? "" : "s");
	*all = (struct first_polls){.left = 0};
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
	note_first_poll(p, f, items_new);
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
	bool now = network_pardons(p, t) || t->again;
	if (!t->gone && (t->again || t->course.gone_at == TIME_NONE))
		pipeline_plan(p, t, now ? clock_wall() : f->poll.next_due_at + finished_clock_moved(f));
	t->again = false;
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
	pipeline_slow_down(p);
}

/* What is on the disk now is learnt from. */
static void
conclude_group(struct pipeline *p)
{
	size_t done = p->syncing;
	bool wishes = false;
	p->syncing = 0;
	leave_degraded(p);
	for (size_t i = 0; i < done; i++) {
		wishes |= p->batch[i]->poll.articles_max > 0;
		learn(p, p->batch[i]);
	}
	forget_batch(p, done);
	pipeline_arm(p);
	if (p->daemon->deliver != NULL)
		deliver_kick(p->daemon->deliver);
	if (p->daemon->articles != NULL && wishes)
		articles_kick(p->daemon->articles);
}

/* The group that was committed last. 1 it is on the disk, or there is none; 0 not yet; -1. */
static int
sync_group(struct pipeline *p, bool wait, struct err *err)
{
	int rc = p->syncing > 0 ? store_group_sync(p->daemon->store, wait, err) : 1;
	if (rc > 0 && p->syncing > 0)
		conclude_group(p);
	if (rc < 0)
		p->syncing = 0;
	return rc;
}

static int
give_up(struct pipeline *p, const struct err *err)
{
	sync_group(p, true, NULL); /* the one before may have come further */
	p->written = 0;
	p->partly = p->ending = false;
	p->yields = false; /* to a house that does nothing until the store works again */
	enter_degraded(p, err);
	return -1;
}

static bool
group_is_full(const struct pipeline *p)
{
	return p->yields || p->written >= GROUP_POLLS_MAX || store_group_items(p->daemon->store) >= GROUP_ITEMS_MAX ||
	       clock_boot_ms() - p->group_since >= GROUP_MS;
}

/* 1 the group is to end now, 0 not yet, -1. */
static int
write_polls(struct pipeline *p, bool slice, int64_t *until, struct err *err)
{
	size_t before = p->written;
	while (left_to_write(p) > 0) {
		struct store_poll *poll = &p->batch[p->syncing + p->written]->poll;
		if (p->written == 0 && !p->partly)
			p->group_since = clock_boot_ms();
		poll->router = router_store(p->daemon->router);
		int rc = store_group_add(
		    p->daemon->store, poll, p->daemon->setup.watchlist, slice ? took_long : NULL, until, err);
		if (rc < 0)
			return -1;
		p->partly = rc == 0;
		p->written += rc > 0;
		if (group_is_full(p) && !p->partly)
			return 1;
		if (slice && took_long(until))
			return 0;
	}
	/* nobody came while it waited, or nobody is to come */
	return p->written > 0 && (!slice || p->written == before || p->in_flight + p->reading == 0);
}

/* The next group waits for others, and until a long log is copied, unless somebody waits for it. */
static bool
must_wait(const struct pipeline *p, bool slice)
{
	return slice && p->written == 0 && !p->partly && (p->yields || store_log_wants_pause(p->daemon->store));
}

/* Writes into the open group and commits it, as far as it comes. While the last one is on its way to the disk the next is
 * written, but not committed. */
static int
write_group(struct pipeline *p, bool slice, struct err *err)
{
	int64_t until = clock_boot_ms() + COMMIT_SLICE_MS;
	/* somebody else had to write, and ended the group */
	p->ending |= p->written + p->partly > 0 && !store_group_open(p->daemon->store);
	if (!p->ending) {
		int rc = write_polls(p, slice, &until, err);
		if (rc < 0)
			return -1;
		p->ending = rc > 0;
	}
	if (!p->ending || p->syncing > 0 || (slice && took_long(&until))) /* a commit can be a slice of its own */
		return 0;
	int rc = store_group_commit(p->daemon->store, slice ? took_long : NULL, &until, err);
	if (rc <= 0)
		return rc;
	p->syncing = p->written + p->partly;
	p->written = 0;
	p->partly = p->ending = false;
	return 0;
}

static int
commit_some(struct pipeline *p, bool slice)
{
	struct err err;
	bool pause = must_wait(p, slice);
	if (sync_group(p, !slice, &err) < 0 || (!pause && write_group(p, slice, &err) < 0))
		return give_up(p, &err);
	bool at_once = !pause && (p->ending ? p->syncing == 0 : left_to_write(p) > 0);
	if (p->batch_count > 0)
		pipeline_arm_timer(p->commit_timer, at_once ? 0 : BATCH_DELAY_MS);
	return 0;
}

int
commit_now(struct pipeline *p, bool slice)
{
	int rc = 0;
	do
		rc = p->batch_count > 0 ? commit_some(p, slice) : 0;
	while (rc == 0 && !slice && p->batch_count > 0);
	return rc;
}

void
commit_on_timer(evutil_socket_t fd, short what, void *ctx)
{
	commit_now(ctx, true);
}
