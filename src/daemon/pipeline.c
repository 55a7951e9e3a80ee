#include "daemon/pipeline.h"

#include "base/log.h"
#include "base/vec.h"
#include "daemon/credentials.h"
#include "daemon/daemon.h"
#include "daemon/pipeline_state.h"
#include "daemon/sample.h"
#include "daemon/websub.h"
#include "feed/url.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/random.h>

#define IN_FLIGHT_MAX 1024            /* requests handed to http at one time; it has ceilings of its own */
#define SLEPT_MS MINUTE_MS            /* a timer that is so late woke up with the machine */
#define SHORT_HOLD_MS (3 * SECOND_MS) /* waited for in http's queue */
#define HELD_SPREAD_MS MINUTE_MS      /* what a held host keeps back comes within so much after the hold */
#define ALARMS_EVERY_MS (10 * SECOND_MS)
#define READING_BYTES_MAX (64u * 1024 * 1024) /* no poll starts while so much waits for the workers */
#define READ_IS_LARGER 2u                     /* than its body: what a document takes, about */

/* splitmix64 (Steele, Lea, Flood 2014): jitter needs spread, not secrecy. */
uint64_t
pipeline_draw(struct pipeline *p)
{
	uint64_t z = (p->random_state += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

void
pipeline_arm_timer(struct event *timer, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	event_add(timer, &tv);
}

/* Room for one more poll? */
static bool
has_room(const struct pipeline *p)
{
	struct worker_status workers;
	if (p->in_flight + p->reading >= IN_FLIGHT_MAX || p->batch_bytes >= BATCH_BYTES_MAX)
		return false;
	worker_pool_status(p->workers, &workers);
	return workers.queued_bytes < READING_BYTES_MAX;
}

void
pipeline_slow_down(struct pipeline *p)
{
	struct worker_status workers;
	if (p->stopping) /* http may be gone */
		return;
	worker_pool_status(p->workers, &workers);
	http_hold_fetches(p->daemon->http, p->batch_bytes + READ_IS_LARGER * workers.waiting_bytes >= BATCH_BYTES_MAX);
}

void
pipeline_arm(struct pipeline *p)
{
	struct heap_entry *first = heap_min(&p->heap);
	if (first == NULL || p->stopping || p->daemon->degraded || !has_room(p)) {
		event_del(p->due_timer);
		return;
	}
	int64_t now = clock_boot_ms(), wait = first->key - now;
	if (p->outage.down && first->key < p->probe_at)
		wait = p->in_flight > 0 ? HOUR_MS : p->probe_at - now; /* the end of what is in flight arms it anew */
	wait = wait > HOUR_MS ? HOUR_MS : wait < 0 ? 0 : wait;
	p->armed_for = now + wait;
	pipeline_arm_timer(p->due_timer, wait);
}

void
pipeline_plan(struct pipeline *p, struct poll_task *t, int64_t due_at)
{
	int64_t wait = due_at - clock_wall();
	if (heap_set(&p->heap, &t->due, clock_boot_ms() + (wait > 0 ? wait : 0)) < 0)
		log_error("feed %s: memory ran out, it will not be polled until the next reload", t->key);
}

struct sched_settings
pipeline_settings(const struct pipeline *p, const struct conf_feed *feed)
{
	const struct conf_global *g = &p->daemon->setup.conf->global;
	return (struct sched_settings){.interval_ms = feed->interval_ms > 0 ? feed->interval_ms : g->interval_ms,
	    .min_ms = feed->interval_min_ms > 0 ? feed->interval_min_ms : g->interval_min_ms,
	    .max_ms = feed->interval_max_ms > 0 ? feed->interval_max_ms : g->interval_max_ms,
	    .jitter_percent = (int)g->jitter_percent,
	    .adaptive = feed->adaptive};
}

/* ---- ended polls ---- */

static bool start_in_lane(struct pipeline *p, struct poll_task *t);

void
pipeline_release(struct pipeline *p, struct poll_task *t)
{
	t->busy = false;
	if (t->gone)
		task_free(t);
}

/* Has its host asked to be left alone? Then the task comes again when that is over. */
static bool
put_off(struct pipeline *p, struct poll_task *t)
{
	int64_t held = http_held_ms(p->daemon->http, task_url(t));
	if (held <= p->daemon->setup.conf->global.host_spacing_ms || held <= SHORT_HOLD_MS)
		return false;
	pipeline_plan(p, t, clock_wall() + held + (int64_t)(pipeline_draw(p) % HELD_SPREAD_MS));
	return true;
}

/* Off the wire: the next of its host may go. */
static void
leave_lane(struct pipeline *p, struct poll_task *t)
{
	struct poll_task *next;
	while ((next = lanes_leave(&p->lanes, t)) != NULL) {
		bool paused = p->stopping || p->daemon->degraded || p->outage.down;
		if (paused)
			pipeline_plan(p, next, clock_wall());
		else if (!put_off(p, next) && start_in_lane(p, next))
			return;
		t = next;
	}
}

/* What was pushed and cannot be read is no failure of the feed. */
static void
drop_push(struct pipeline *p, struct finished *f)
{
	struct poll_task *t = f->task;
	struct err err;
	if (store_push_drop(p->daemon->store, f->poll.push_id, &err) < 0)
		log_warn("feed %s: a push: %s", t->key, err.msg);
	log_info("feed %s: a push that is no document: %.*s", t->key, STR_ARG(f->poll.error_text));
	if (!t->gone)
		pipeline_plan(p, t, f->due_at + finished_clock_moved(f));
	finished_free(f);
	pipeline_release(p, t);
	pipeline_arm(p);
}

static void
conclude(struct pipeline *p, struct finished *f)
{
	if (f->pushed && f->poll.error != ERR_NONE) {
		drop_push(p, f);
		return;
	}
	if (!f->pushed)
		network_judge(p, f);
	f->trusted = websub_trusted(p->daemon->websub, f->task->key);
	f->settings = pipeline_settings(p, f->task->conf);
	f->fail_for_ms = p->daemon->setup.conf->global.fail_for_ms;
	f->random = pipeline_draw(p);
	commit_enqueue(p, f);
}

static void
document_read(struct pipeline *p, struct finished *f, const struct err *result)
{
	finished_document(f, &p->daemon->setup, result);
	finished_given_up(f, &p->daemon->setup, &p->daemon->given_up);
}

static void
on_document(void *ctx, const struct err *result, struct str body)
{
	struct finished *f = ctx;
	struct poll_task *t = f->task;
	struct pipeline *p = t->pipeline;
	t->job = NULL;
	t->reading = NULL;
	p->reading--;
	document_read(p, f, result);
	if (result->code == ERR_PARSER_CRASH)
		sample_keep(p->daemon->setup.conf->global.store_path, str_from(t->key), f->poll.at, body);
	conclude(p, f);
	pipeline_arm(p);
}

/* A document: the workers read it, on_document goes on. */
static int
read_document(struct pipeline *p, struct finished *f, struct http_reply *reply, struct err *err)
{
	struct poll_task *t = f->task;
	struct analysis_job job = finished_job(f, reply);
	struct worker_job *handle;
	t->reading = f;
	p->reading++;
	if (worker_pool_submit(p->workers, &job, &reply->body, &f->arena, &f->analysis, on_document, f, &handle, err) <
	    0) {
		t->reading = NULL;
		p->reading--;
		return -1;
	}
	if (handle != NULL) { /* else it was read here and now */
		t->job = handle;
		pipeline_slow_down(p);
	}
	return 0;
}

void
pipeline_forget(struct poll_task *t)
{
	worker_job_forget(t->job);
	finished_free(t->reading);
	t->pipeline->reading--;
	pipeline_slow_down(t->pipeline);
	t->job = NULL;
	t->reading = NULL;
	t->busy = false;
}

static void
end_poll(struct pipeline *p, struct poll_task *t, struct http_reply *reply, const struct err *err)
{
	struct err why;
	struct finished *f = finished_new(t);
	if (f == NULL) {
		log_error("feed %s: memory ran out, this poll is repeated later", t->key);
		pipeline_plan(p, t, clock_wall() + MINUTE_MS);
		pipeline_release(p, t);
		return;
	}
	if (reply == NULL) {
		finished_fail(f, err);
	} else if (finished_read(f, reply)) {
		if (read_document(p, f, reply, &why) == 0)
			return;
		document_read(p, f, &why);
	} else {
		holds_note(p, f, reply);
	}
	conclude(p, f);
}

static void
on_reply(void *ctx, struct http_reply *reply)
{
	struct poll_task *t = ctx;
	struct pipeline *p = t->pipeline;

	t->request = NULL;
	p->in_flight--;
	if (reply->error.code != ERR_CANCELLED && !t->gone) {
		end_poll(p, t, reply, NULL);
		leave_lane(p, t);
	} else {
		leave_lane(p, t);
		if (!p->stopping && !t->gone) /* its address changed under way */
			pipeline_plan(p, t, clock_wall());
		pipeline_release(p, t);
	}
	if (!p->stopping)
		pipeline_arm(p);
}

/* ---- pushes ---- */

static struct poll_task *
find_task(const struct pipeline *p, const char *key)
{
	for (size_t i = 0; i < p->task_count; i++) {
		if (strcmp(p->tasks[i]->key, key) == 0)
			return p->tasks[i];
	}
	return NULL;
}

/* Off the heap until it is committed, like a feed that is polled; its next poll stays when it is. */
static void
take_push(struct pipeline *p, struct finished *f, struct http_reply *push)
{
	struct poll_task *t = f->task;
	int64_t now = clock_boot_ms(), due = t->due.pos != HEAP_ABSENT ? t->due.key : now;
	struct err why;

	f->due_at = clock_wall() + (due > now ? due - now : 0);
	heap_remove(&p->heap, &t->due);
	t->busy = true;
	finished_push(f);
	if (read_document(p, f, push, &why) == 0)
		return;
	document_read(p, f, &why);
	conclude(p, f);
}

enum pipeline_push
pipeline_push(struct pipeline *p, const char *key, int64_t id, struct str url, struct str content_type, struct buf *body)
{
	struct poll_task *t = find_task(p, key);
	struct http_reply push = {.status = 200, .url = url, .content_type = content_type};

	if (t == NULL || t->gone)
		return PIPELINE_PUSH_REFUSED;
	if (t->busy || t->waiting || p->stopping || p->daemon->degraded || !has_room(p) ||
	    vec_reserve((void **)&p->batch, &p->batch_cap, p->batch_count + p->in_flight + p->reading + 1,
	        sizeof *p->batch) < 0)
		return PIPELINE_PUSH_LATER;
	struct finished *f = finished_new(t);
	if (f == NULL)
		return PIPELINE_PUSH_LATER;
	f->poll.push_id = id;
	push.body = *body;
	buf_init(body, 0);
	take_push(p, f, &push);
	buf_done(&push.body);
	return PIPELINE_PUSH_TAKEN;
}

/* ---- starting polls ---- */

/* Asked for whole: there is nothing to compare with, or the server has said for too long that nothing changes. */
static bool
unconditional(const struct pipeline *p, const struct poll_task *t)
{
	int64_t after = p->daemon->setup.conf->global.unconditional_ms, now = clock_wall();
	return after > 0 && t->course.full_at != TIME_NONE && now - t->course.full_at > after;
}

static struct http_request *
request(struct pipeline *p, struct poll_task *t, struct err *err)
{
	const struct conf_feed *conf = t->conf;
	struct http_options options = {.url = task_url(t),
	    .user_agent = str_empty(conf->user_agent) ? STR_NONE : conf->user_agent,
	    .allow_private = conf->allow_private,
	    .allow_downgrade = conf->allow_downgrade,
	    .delta = true};
	struct credentials credentials;
	struct http_request *r = NULL;
	if (!unconditional(p, t)) {
		options.etag = str_from(t->etag);
		options.last_modified = str_from(t->last_modified);
	}
	if (credentials_fill(&credentials, conf, &options, err) == 0)
		r = http_start(p->daemon->http, &options, on_reply, t, err);
	credentials_done(&credentials);
	return r;
}

/* The task has its place in its lane. false: it is not on the wire, and has to leave the lane. */
static bool
start_in_lane(struct pipeline *p, struct poll_task *t)
{
	struct err err;
	t->busy = true;
	/* Every poll in flight has its place in the batch already, so that a finished one can never be dropped. */
	if (vec_reserve((void **)&p->batch, &p->batch_cap, p->batch_count + p->in_flight + p->reading + 1,
	        sizeof *p->batch) < 0)
		err_oom(&err);
	else
		t->request = request(p, t, &err);
	if (t->request != NULL) {
		p->in_flight++;
		daemon_busy(p->daemon);
		return true;
	}
	if (err.code == ERR_NO_MEMORY) {
		t->busy = false;
		pipeline_plan(p, t, clock_wall() + MINUTE_MS);
	} else {
		end_poll(p, t, NULL, &err);
	}
	return false;
}

static void
start_poll(struct pipeline *p, struct poll_task *t)
{
	unsigned width = (unsigned)p->daemon->setup.conf->global.connections_per_host;
	if (put_off(p, t))
		return;
	int place = lanes_enter(&p->lanes, t, url_host(task_url(t)), width);
	if (place < 0)
		pipeline_plan(p, t, clock_wall() + MINUTE_MS);
	else if (place > 0 && !start_in_lane(p, t))
		leave_lane(p, t);
}

static void
on_due(evutil_socket_t fd, short what, void *ctx)
{
	struct pipeline *p = ctx;
	int64_t now = clock_boot_ms();
	struct heap_entry *e;

	if (now - p->armed_for > SLEPT_MS)
		network_respread(p);
	while (!p->daemon->degraded && !p->stopping && has_room(p) && (e = heap_min(&p->heap)) != NULL &&
	       e->key <= now && network_allows(p, now)) {
		heap_remove(&p->heap, e);
		start_poll(p, (struct poll_task *)e);
	}
	pipeline_arm(p);
}

void
pipeline_awake(struct pipeline *p, int64_t slept_ms)
{
	if (slept_ms > SLEPT_MS)
		network_respread(p);
	pipeline_arm(p);
}

/* Failures that have lasted too long since their last poll: people are told in time, not when it is tried again. */
#define ALARMS_MAX 256 /* told in one transaction */

void
pipeline_alarms(struct pipeline *p)
{
	struct store_happening events[ALARMS_MAX];
	struct poll_task *of[ALARMS_MAX];
	int64_t now = clock_wall(), fail_for = p->daemon->setup.conf->global.fail_for_ms;
	size_t n = 0;
	struct err err;

	if (clock_boot_ms() < p->alarms_at || p->daemon->degraded || p->task_count == 0)
		return;
	p->alarms_at = clock_boot_ms() + (fail_for < ALARMS_EVERY_MS ? SECOND_MS : ALARMS_EVERY_MS);
	for (size_t i = 0; i < p->task_count && n < ALARMS_MAX; i++) {
		struct poll_task *t = p->tasks[i];
		if (t->sched.failures == 0 || t->busy || t->course.told_failing_at != TIME_NONE ||
		    t->course.gone_at != TIME_NONE || t->sched.failing_since_at == TIME_NONE ||
		    now - t->sched.failing_since_at < fail_for)
			continue;
		of[n] = t;
		events[n++] = (struct store_happening){.feed_id = t->feed_id,
		    .at = now,
		    .kind = "failing_long",
		    .text = str_from(err_sentence(t->error)),
		    .told_failing = true};
	}
	if (n == 0 || store_add_events(p->daemon->store, events, n, &err) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		of[i]->course.told_failing_at = now;
		log_warn("feed %s: failing_long: %s", of[i]->key, err_sentence(of[i]->error));
	}
}

size_t
pipeline_poll_now(struct pipeline *p, const char *key)
{
	size_t n = 0;
	for (size_t i = 0; i < p->task_count; i++) {
		struct poll_task *t = p->tasks[i];
		if (strcmp(key, "*") != 0 && strcmp(key, t->key) != 0)
			continue;
		n++;
		if (!t->busy && !t->waiting)
			pipeline_plan(p, t, clock_wall());
		else /* what it brings may be stored already, and seen by who asks */
			t->again = t->busy && t->request == NULL && t->reading == NULL;
	}
	pipeline_arm(p);
	return n;
}

/* ---- life ---- */

static void
on_workers_note(void *ctx, const struct err *what)
{
	log_warn("%s", what->msg);
}

static unsigned
workers_wanted(const struct conf *conf)
{
	return conf->global.workers < 0 ? workers_default() : (unsigned)conf->global.workers;
}

static struct worker_pool *
start_workers(struct daemon *d, struct err *err)
{
	struct worker_settings settings = {
	    .processes = workers_wanted(d->setup.conf), .watchlist = d->setup.watchlist, .note = on_workers_note};
	return worker_pool_new(d->base, &settings, err);
}

void
pipeline_renew_workers(struct pipeline *p)
{
	const struct setup *s = &p->daemon->setup;
	worker_pool_renew(p->workers, s->watchlist, workers_wanted(s->conf));
}

struct worker_pool *
pipeline_workers(struct pipeline *p)
{
	return p->workers;
}

void
pipeline_hold_workers(struct pipeline *p, bool held)
{
	worker_pool_hold(p->workers, held);
}

bool
pipeline_yields(struct pipeline *p, bool wish)
{
	const struct store *s = p->daemon->store;
	p->yields = wish && (store_group_open(s) || store_group_syncing(s));
	return !p->yields;
}

bool
pipeline_busy(const struct pipeline *p)
{
	return p->in_flight + p->reading + p->batch_count > 0;
}

struct pipeline *
pipeline_new(struct daemon *d, struct err *err)
{
	struct pipeline *p = calloc(1, sizeof *p);
	if (p == NULL) {
		err_oom(err);
		return NULL;
	}
	p->daemon = d;
	heap_init(&p->heap);
	lanes_init(&p->lanes);
	if (getrandom(&p->random_state, sizeof p->random_state, GRND_NONBLOCK) < 0)
		p->random_state = (uint64_t)clock_wall();
	p->workers = start_workers(d, err);
	if (p->workers == NULL) {
		pipeline_free(p);
		return NULL;
	}
	p->due_timer = evtimer_new(d->base, on_due, p);
	p->commit_timer = evtimer_new(d->base, commit_on_timer, p);
	if (p->due_timer == NULL || p->commit_timer == NULL) {
		pipeline_free(p);
		err_oom(err);
		return NULL;
	}
	return p;
}

bool
pipeline_flush(struct pipeline *p)
{
	return commit_now(p, false) == 0;
}

void
pipeline_stop(struct pipeline *p)
{
	p->stopping = true;
	event_del(p->due_timer);
	commit_now(p, false);
}

void
pipeline_free(struct pipeline *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->batch_count; i++) {
		if (p->batch[i]->task->gone)
			task_free(p->batch[i]->task);
		finished_free(p->batch[i]);
	}
	for (size_t i = 0; i < p->task_count; i++) {
		if (p->tasks[i]->job != NULL)
			pipeline_forget(p->tasks[i]);
	}
	worker_pool_free(p->workers);
	free(p->batch);
	heap_done(&p->heap);
	lanes_done(&p->lanes);
	for (size_t i = 0; i < p->task_count; i++)
		task_free(p->tasks[i]);
	free(p->tasks);
	if (p->due_timer != NULL)
		event_free(p->due_timer);
	if (p->commit_timer != NULL)
		event_free(p->commit_timer);
	free(p);
}

static void
status_workers(const struct pipeline *p, struct jsonw *w)
{
	struct worker_status s;
	worker_pool_status(p->workers, &s);
	jsonw_key(w, "workers");
	jsonw_object(w);
	jsonw_kint(w, "processes", s.processes);
	jsonw_kint(w, "ready", s.ready);
	jsonw_kint(w, "queued", (int64_t)s.queued);
	jsonw_kint(w, "in_hand", (int64_t)s.in_hand);
	jsonw_kint(w, "documents", s.documents);
	jsonw_kint(w, "crashed", s.crashed);
	jsonw_kint(w, "restarts", s.restarts);
	jsonw_kbool(w, "seccomp", s.seccomp);
	jsonw_kbool(w, "memory_limit", s.memory_limit);
	jsonw_kstr(w, "trouble", s.trouble);
	jsonw_end(w);
}

void
pipeline_status(const struct pipeline *p, struct jsonw *w)
{
	size_t failing = 0, gone = 0;
	for (size_t i = 0; i < p->task_count; i++) {
		failing += p->tasks[i]->error != ERR_NONE;
		gone += p->tasks[i]->course.gone_at != TIME_NONE;
	}
	jsonw_kint(w, "feeds", (int64_t)p->task_count);
	jsonw_kint(w, "feeds_failing", (int64_t)failing);
	jsonw_kint(w, "feeds_gone", (int64_t)gone);
	jsonw_kbool(w, "network_down", p->outage.down);
	jsonw_kint(w, "gaps", p->gaps);
	jsonw_kint(w, "polls_waiting_for_host", (int64_t)p->lanes.waiting);
	jsonw_kint(w, "polls_in_flight", (int64_t)p->in_flight);
	jsonw_kint(w, "polls_uncommitted", (int64_t)p->batch_count);
	jsonw_kint(w, "items_unindexed", (int64_t)store_unindexed(p->daemon->store));
	jsonw_kint(w, "polls", p->polls);
	jsonw_kint(w, "polls_failed", p->failures);
	jsonw_kint(w, "polls_not_modified", p->not_modified);
	jsonw_kint(w, "items_new", p->items_new);
	jsonw_kint(w, "items_matched", p->items_matched);
	status_workers(p, w);
}
