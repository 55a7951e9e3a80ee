#include "worker/pool_state.h"

#include <event2/event.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define BAD_STARTS_MAX 3 /* workers that die before they say hello, until the filter of system calls is suspected */
#define START_AGAIN_MS 100
#define START_AGAIN_MAX_MS 30000

unsigned
workers_default(void)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
	return n < 1 ? 1 : n > (int)WORKERS_MAX ? WORKERS_MAX : (unsigned)n;
}

/* ---- the queue ---- */

static void
note_queued(struct worker_pool *p, struct worker_job *job)
{
	job->queued = true;
	p->queued++;
	p->waiting_bytes += job->body.len;
}

static void
queue_first(struct worker_pool *p, struct worker_job *job)
{
	job->prev = NULL;
	job->next = p->first;
	*(p->first != NULL ? &p->first->prev : &p->last) = job;
	p->first = job;
	note_queued(p, job);
}

static void
queue_last(struct worker_pool *p, struct worker_job *job)
{
	job->next = NULL;
	job->prev = p->last;
	*(p->last != NULL ? &p->last->next : &p->first) = job;
	p->last = job;
	note_queued(p, job);
}

static void
unqueue(struct worker_pool *p, struct worker_job *job)
{
	*(job->prev != NULL ? &job->prev->next : &p->first) = job->next;
	*(job->next != NULL ? &job->next->prev : &p->last) = job->prev;
	job->next = job->prev = NULL;
	job->queued = false;
	p->queued--;
	p->waiting_bytes -= job->body.len;
}

void
pool_let_go(struct worker_job *job)
{
	if (--job->holders > 0)
		return;
	job->pool->queued_bytes -= job->body.len;
	buf_done(&job->head);
	buf_done(&job->body);
	free(job);
}

void
pool_requeue(struct worker_pool *p, struct worker_job *job)
{
	if (job->done == NULL || job->queued)
		return;
	job->holders++;
	queue_first(p, job);
}

void
pool_finish(struct worker_job *job, const struct err *result)
{
	worker_done_fn done = job->done;
	job->done = NULL;
	if (done != NULL)
		done(job->ctx, result, buf_view(&job->body));
}

void
worker_job_forget(struct worker_job *job)
{
	struct worker_pool *p = job->pool;
	job->done = NULL;
	for (unsigned i = 0; i < WORKERS_MAX; i++) {
		struct process *w = &p->processes[i];
		if (w->held_count > 0 && w->held[0].job == job && w->head_len == WIRE_HEAD)
			w->message = NULL; /* what still comes of it goes nowhere */
	}
	if (job->queued) {
		unqueue(p, job);
		pool_let_go(job);
	}
}

/* ---- giving and starting ---- */

static struct process *
least_busy(struct worker_pool *p)
{
	struct process *best = NULL;
	for (unsigned i = 0; i < WORKERS_MAX; i++) {
		struct process *w = &p->processes[i];
		if (process_has_room(w) && (best == NULL || w->held_count < best->held_count))
			best = w;
	}
	return best;
}

static void
give_out(struct worker_pool *p)
{
	struct process *w;
	while (p->first != NULL && (w = least_busy(p)) != NULL) {
		struct worker_job *job = p->first;
		unqueue(p, job);
		process_give(w, job);
		pool_let_go(job);
	}
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		process_send(&p->processes[i]);
}

static void
start_later(struct worker_pool *p)
{
	unsigned doublings = p->bad_starts < 12 ? p->bad_starts : 12;
	int64_t ms = (int64_t)START_AGAIN_MS << doublings;
	if (ms > START_AGAIN_MAX_MS)
		ms = START_AGAIN_MAX_MS;
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	event_add(p->start_timer, &tv);
}

static void
complain(struct worker_pool *p, const struct err *what)
{
	p->trouble = *what;
	if (p->settings.note != NULL)
		p->settings.note(p->settings.ctx, what);
}

static void
start_missing(struct worker_pool *p)
{
	struct err err;
	if (p->held || event_pending(p->start_timer, EV_TIMEOUT, NULL))
		return;
	/* What was meant for workers is read by one, also when there are to be none any more. */
	unsigned wanted = p->settings.processes > 0 || p->first == NULL ? p->settings.processes : 1;
	for (unsigned i = 0; i < wanted; i++) {
		struct process *w = &p->processes[i];
		if (w->state != PROCESS_NONE)
			continue;
		if (process_start(w, &err) < 0) {
			p->bad_starts++;
			complain(p, &err);
			start_later(p);
			return;
		}
	}
}

void
pool_turn(struct worker_pool *p)
{
	give_out(p);
	start_missing(p);
}

static void
on_start(evutil_socket_t fd, short what, void *ctx)
{
	pool_turn(ctx);
}

/* ---- ends ---- */

static void
say_how_it_ended(int status, struct err *err)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		err_set(err, ERR_PARSER_CRASH, "the document took too much of the processor's time");
	else if (WIFSIGNALED(status))
		err_set(err, ERR_PARSER_CRASH, "the document ended the parser: signal %d, %s", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		err_set(err, ERR_PARSER_CRASH, "the document ended the parser: exit status %d", WEXITSTATUS(status));
}

/* It ended before it could take a document: nothing to blame but the system or the sandbox. */
static void
bad_start(struct worker_pool *p, int status)
{
	struct err err;
	if (WIFSIGNALED(status))
		err_set(&err, ERR_INTERNAL, "workers: one ended before it began: signal %d, %s", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		err_set(&err, ERR_INTERNAL, "workers: one ended before it began: exit status %d", WEXITSTATUS(status));
	complain(p, &err);
	if (++p->bad_starts >= BAD_STARTS_MAX && p->filter) {
		p->filter = false;
		err_set(&err, ERR_INTERNAL,
		    "workers: they do not live with the filter of system calls; going on without it");
		complain(p, &err);
	}
	start_later(p);
}

void
pool_process_ended(struct worker_pool *p, struct process *w, int status)
{
	struct held held[JOBS_PER_WORKER];
	unsigned count = w->held_count;
	bool innocent = w->innocent, greeted = w->greeted, touched = w->written > 0 || w->written_bytes > 0;
	struct err why = w->why;

	memcpy(held, w->held, sizeof held);
	if (why.code == ERR_NONE)
		say_how_it_ended(status, &why);
	process_clear(w);
	p->restarts++;
	if (!innocent && !greeted)
		bad_start(p, status);
	else if (!innocent && !touched)
		start_later(p); /* somebody kills idle ones: not in a circle without a pause */
	bool blamed = touched && !innocent;
	for (unsigned i = count; i-- > 0;) {
		if (!held[i].stale && (i > 0 || !blamed))
			pool_requeue(p, held[i].job);
	}
	if (blamed && !held[0].stale) {
		p->crashed++;
		pool_finish(held[0].job, &why);
	}
	for (unsigned i = 0; i < count; i++)
		pool_let_go(held[i].job);
	pool_turn(p);
}

/* ---- jobs ---- */

static int
read_here(struct worker_pool *p, const struct analysis_job *job, struct buf *body, struct arena *arena,
    struct analysis *out, worker_done_fn done, void *ctx)
{
	struct analysis_job whole = *job;
	struct err err = {0};
	whole.input.body = buf_view(body);
	if (p->memo == NULL)
		p->memo = watch_memo_new();
	whole.memo = p->memo;
	if (analyse(&whole, &feed_limits_default, p->settings.watchlist, arena, out, &err) == 0)
		err_clear(&err);
	p->documents++;
	done(ctx, &err, whole.input.body);
	buf_done(body);
	return 0;
}

int
worker_pool_submit(struct worker_pool *p, const struct analysis_job *job, struct buf *body, struct arena *arena,
    struct analysis *out, worker_done_fn done, void *ctx, struct worker_job **ret, struct err *err)
{
	*ret = NULL;
	if (p->settings.processes == 0)
		return read_here(p, job, body, arena, out, done, ctx);
	struct worker_job *j = calloc(1, sizeof *j);
	struct analysis_job whole = *job;
	if (j == NULL)
		return err_oom(err);
	*j = (struct worker_job){.pool = p, .holders = 1, .arena = arena, .out = out, .done = done, .ctx = ctx};
	buf_init(&j->head, 0);
	whole.input.body = buf_view(body);
	message_put_job(&j->head, &whole);
	if (j->head.failed) {
		buf_done(&j->head);
		free(j);
		return err_oom(err);
	}
	j->body = *body;
	buf_init(body, body->max_bytes);
	p->queued_bytes += j->body.len;
	queue_last(p, j);
	*ret = j;
	give_out(p);
	return 0;
}

/* ---- life ---- */

struct worker_pool *
worker_pool_new(struct event_base *base, const struct worker_settings *settings, struct err *err)
{
	struct worker_pool *p = calloc(1, sizeof *p);
	if (p == NULL || (p->start_timer = evtimer_new(base, on_start, p)) == NULL) {
		free(p);
		err_oom(err);
		return NULL;
	}
	p->base = base;
	p->settings = *settings;
	p->filter = true;
	if (p->settings.documents_max == 0)
		p->settings.documents_max = WORKER_DOCUMENTS_MAX;
	if (p->settings.processes > WORKERS_MAX)
		p->settings.processes = WORKERS_MAX;
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		p->processes[i].pool = p;
	if (worker_child_prepare(settings->watchlist, err) < 0) {
		worker_pool_free(p);
		return NULL;
	}
	pool_turn(p);
	return p;
}

static void
end_process(struct process *w)
{
	if (w->state == PROCESS_NONE)
		return;
	process_kill(w, NULL);
	waitpid(w->child.pid, NULL, 0);
	for (unsigned i = 0; i < w->held_count; i++)
		pool_let_go(w->held[i].job);
	process_clear(w);
}

void
worker_pool_free(struct worker_pool *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		end_process(&p->processes[i]);
	while (p->first != NULL) {
		struct worker_job *job = p->first;
		unqueue(p, job);
		pool_let_go(job);
	}
	event_free(p->start_timer);
	watch_memo_free(p->memo);
	free(p);
}

void
worker_pool_renew(struct worker_pool *p, const struct watchlist *watchlist, unsigned processes)
{
	p->settings.watchlist = watchlist;
	p->settings.processes = processes > WORKERS_MAX ? WORKERS_MAX : processes;
	for (unsigned i = 0; i < WORKERS_MAX; i++) {
		struct process *w = &p->processes[i];
		w->innocent = true;
		process_kill(w, NULL);
	}
	pool_turn(p);
}

void
worker_pool_hold(struct worker_pool *p, bool held)
{
	p->held = held;
	if (!held)
		pool_turn(p);
}

void
worker_pool_status(const struct worker_pool *p, struct worker_status *ret)
{
	*ret = (struct worker_status){.processes = p->settings.processes,
	    .queued = p->queued,
	    .queued_bytes = p->queued_bytes,
	    .waiting_bytes = p->waiting_bytes,
	    .documents = p->documents,
	    .crashed = p->crashed,
	    .restarts = p->restarts,
	    .seccomp = p->hello.seccomp,
	    .memory_limit = p->hello.memory_limit};
	for (unsigned i = 0; i < WORKERS_MAX; i++) {
		ret->ready += p->processes[i].state == PROCESS_READY;
		ret->in_hand += p->processes[i].held_count;
	}
	if (p->trouble.code != ERR_NONE)
		ret->trouble = str_from(p->trouble.msg);
}
