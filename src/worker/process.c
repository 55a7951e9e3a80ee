#include "worker/pool_state.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MESSAGES_PER_TURN 16 /* of one worker, before others get their turn */

static int64_t
deadline_ms(const struct process *w)
{
	return w->pool->settings.deadline_ms > 0 ? w->pool->settings.deadline_ms : WORKER_DEADLINE_MS;
}

static void
arm(struct event *timer, int64_t ms)
{
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	event_add(timer, &tv);
}

static void
drop_event(struct event **event)
{
	if (*event != NULL)
		event_free(*event);
	*event = NULL;
}

/* ---- jobs to it ---- */

/* The clock runs for the job that is being read. */
static void
watch_first(struct process *w)
{
	w->slow = false;
	if (w->held_count == 0)
		event_del(w->deadline);
	else
		arm(w->deadline, WORKER_SLOW_MS < deadline_ms(w) ? WORKER_SLOW_MS : deadline_ms(w));
}

/* Copies the job into the worker's next slot, if there is one and it is large enough. */
static void
put_beside(struct process *w, struct held *held)
{
	const struct worker_job *job = held->job;
	struct str values = {job->head.data + WIRE_HEAD, job->head.len - WIRE_HEAD};
	if (w->child.area == NULL || values.len > AREA_SLOT_BYTES || job->body.len > AREA_SLOT_BYTES - values.len)
		return;
	char *slot = w->child.area->jobs[(w->documents + w->held_count) % AREA_SLOTS];
	memcpy(slot, values.s, values.len);
	if (job->body.len > 0)
		memcpy(slot + values.len, job->body.data, job->body.len);
	wire_head_put_beside(held->head, (uint32_t)(values.len + job->body.len));
	held->beside = true;
}

/* 1: the next jobs, which lie in the area, have been written; 0: not yet all of them; -1: nobody reads any more. */
static int
write_heads(struct process *w)
{
	unsigned char heads[JOBS_PER_WORKER * WIRE_HEAD];
	size_t len = 0;
	for (unsigned i = w->written; i < w->held_count && w->held[i].beside; i++, len += WIRE_HEAD)
		memcpy(heads + len, w->held[i].head, WIRE_HEAD);
	ssize_t n = write(w->child.in_fd, heads + w->written_bytes, len - w->written_bytes);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -1;
	if (n > 0)
		w->written_bytes += (size_t)n;
	bool all = w->written_bytes == len;
	w->written += (unsigned)(w->written_bytes / WIRE_HEAD);
	w->written_bytes %= WIRE_HEAD;
	return all;
}

/* The same for the next one, which goes through the pipe. */
static int
write_whole(struct process *w)
{
	const struct worker_job *job = w->held[w->written].job;
	size_t done = w->written_bytes, head = job->head.len;
	struct iovec parts[2] = {{job->head.data, head}, {job->body.data, job->body.len}};
	struct iovec *from = parts;
	if (done < head) {
		parts[0].iov_base = job->head.data + done;
		parts[0].iov_len = head - done;
	} else {
		from = &parts[1];
		parts[1].iov_base = job->body.data + (done - head);
		parts[1].iov_len = job->body.len - (done - head);
	}
	ssize_t n = writev(w->child.in_fd, from, (int)(parts + 2 - from));
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -1;
	if (n > 0)
		w->written_bytes += (size_t)n;
	if (w->written_bytes < head + job->body.len)
		return 0;
	w->written++;
	w->written_bytes = 0;
	return 1;
}

/* A worker that does not read any more has ended, which its pidfd tells: a write that fails is no news. */
static void
write_jobs(struct process *w)
{
	while (w->written < w->held_count) {
		int rc = w->held[w->written].beside ? write_heads(w) : write_whole(w);
		if (rc == 0)
			event_add(w->in_event, NULL);
		if (rc <= 0)
			return;
	}
	if (w->state == PROCESS_LEAVING && w->child.in_fd >= 0) {
		drop_event(&w->in_event);
		close(w->child.in_fd);
		w->child.in_fd = -1;
	}
}

static void
on_writable(evutil_socket_t fd, short what, void *ctx)
{
	write_jobs(ctx);
}

bool
process_has_room(const struct process *w)
{
	return w->state == PROCESS_READY && w->held_count < JOBS_PER_WORKER && !w->slow &&
	       (w->filling || w->held_count <= JOBS_FEW) &&
	       w->documents + w->held_count < w->pool->settings.documents_max;
}

void
process_give(struct process *w, struct worker_job *job)
{
	struct held *held = &w->held[w->held_count];
	job->holders++;
	*held = (struct held){.job = job};
	put_beside(w, held);
	w->held_count++;
	w->filling = true;
	if (w->held_count == 1)
		watch_first(w);
}

void
process_send(struct process *w)
{
	if (w->filling && w->in_event != NULL && !event_pending(w->in_event, EV_WRITE, NULL))
		write_jobs(w);
	w->filling = false;
}

/* ---- what it says ---- */

static void
garbage(struct process *w, const struct err *what)
{
	struct err why;
	err_set(&why, ERR_PARSER_CRASH, "what the worker answered is not valid: %s", what->msg);
	process_kill(w, &why);
}

static void
take_hello(struct process *w)
{
	struct arena none;
	struct err err;
	arena_init(&none, 1);
	if (wire_get((struct str){w->hello, w->message_len}, &worker_hello_type, &none, &w->pool->hello, &err) < 0) {
		garbage(w, &err);
		return;
	}
	w->state = PROCESS_READY;
	w->greeted = true;
	w->pool->bad_starts = 0;
	err_clear(&w->pool->trouble);
	event_del(w->deadline);
	pool_turn(w->pool);
}

/* The first of the jobs in hand is done with. */
static struct held
shift(struct process *w)
{
	struct held first = w->held[0];
	memmove(&w->held[0], &w->held[1], (--w->held_count) * sizeof w->held[0]);
	w->written--;
	w->documents++;
	watch_first(w);
	return first;
}

static void
take_answer(struct process *w)
{
	struct worker_job *job = w->held[0].job;
	struct err result;
	bool wanted = w->message != NULL, good = true;
	if (wanted)
		good = message_get_answer((struct str){w->message, w->message_len}, w->pool->settings.watchlist,
		           job->arena, job->out, &result) == 0;
	else
		err_oom(&result);
	if (!good && result.code == ERR_SYNTAX) { /* the process's end will settle this job */
		garbage(w, &result);
		return;
	}
	struct held first = shift(w);
	if (!first.stale) {
		w->pool->documents++;
		pool_finish(job, &result);
	}
	pool_let_go(job);
}

/* What is looked at is the copy: the worker could change what lies in the area. */
static void
copy_answer(struct process *w)
{
	if (w->message != NULL)
		memcpy(w->message, w->child.area->answers[w->documents % AREA_SLOTS], w->message_len);
	w->message_got = w->message_len;
}

/* Where the message goes: into the arena of whom it is for. Without memory, or when nobody wants it, nowhere. */
static bool
begin_message(struct process *w)
{
	bool hello = w->state == PROCESS_STARTING;
	int64_t n = wire_head_get(w->head, hello ? sizeof w->hello : MESSAGE_ANSWER_MAX), beside = -1;
	struct err err;
	if (!hello && w->child.area != NULL)
		beside = wire_head_get_beside(w->head, AREA_SLOT_BYTES);
	if (beside >= 0)
		n = beside;
	if (n < 0 || (!hello && w->written == 0)) {
		err_set(&err, ERR_SYNTAX,
		    n < 0 ? "no message, or one that is too long" : "an answer that nobody asked for");
		garbage(w, &err);
		return false;
	}
	w->message_len = (size_t)n;
	w->message_got = 0;
	w->message = hello ? w->hello : NULL;
	if (!hello && !w->held[0].stale && w->held[0].job->done != NULL)
		w->message = arena_alloc(w->held[0].job->arena, w->message_len);
	if (beside >= 0)
		copy_answer(w);
	return true;
}

static void
end_message(struct process *w)
{
	w->head_len = 0;
	if (w->state == PROCESS_STARTING)
		take_hello(w);
	else
		take_answer(w);
	w->message = NULL;
}

/* Reads once. <0: nothing there now; 0: the end; else go on. */
static ssize_t
read_once(struct process *w)
{
	char nowhere[16384];
	bool in_head = w->head_len < WIRE_HEAD;
	char *to = (char *)w->head + w->head_len;
	size_t room = WIRE_HEAD - w->head_len;
	if (!in_head) {
		room = w->message_len - w->message_got;
		to = w->message != NULL ? w->message + w->message_got : nowhere;
		if (w->message == NULL && room > sizeof nowhere)
			room = sizeof nowhere;
	}
	ssize_t n = read(w->child.out_fd, to, room);
	if (n <= 0)
		return n < 0 && errno == EINTR ? 1 : n;
	if (in_head)
		w->head_len += (size_t)n;
	else
		w->message_got += (size_t)n;
	if (in_head && w->head_len == WIRE_HEAD && !begin_message(w))
		return -1;
	if (w->head_len == WIRE_HEAD && w->message_got == w->message_len)
		end_message(w);
	return w->state == PROCESS_DYING ? -1 : n;
}

/* false when its words have ended. */
static bool
listen_to(struct process *w, unsigned turns)
{
	ssize_t n = 1;
	for (unsigned i = 0; i < turns && n > 0; i++)
		n = read_once(w);
	return n != 0;
}

/* After some of its answers were taken. */
static void
go_on(struct process *w)
{
	const struct worker_settings *s = &w->pool->settings;
	bool enough = w->documents >= s->documents_max || (s->processes == 0 && w->pool->first == NULL);
	if (w->state == PROCESS_READY && w->held_count == 0 && enough)
		process_leave(w);
	pool_turn(w->pool);
}

static void
on_words(evutil_socket_t fd, short what, void *ctx)
{
	struct process *w = ctx;
	if (!listen_to(w, 2 * MESSAGES_PER_TURN) && w->state != PROCESS_DYING)
		process_kill(w, NULL); /* its end will tell why */
	go_on(w);
}

/* ---- its end ---- */

static void
on_deadline(evutil_socket_t fd, short what, void *ctx)
{
	struct process *w = ctx;
	unsigned before = w->documents;
	struct err why;

	/* It was perhaps the loop that was late. */
	if (w->state == PROCESS_READY && !listen_to(w, 2 * MESSAGES_PER_TURN))
		return; /* on_words will see it, too */
	if (w->documents != before) {
		go_on(w);
		return;
	}
	if (w->slow || w->state == PROCESS_STARTING || deadline_ms(w) <= WORKER_SLOW_MS) {
		err_set(&why, ERR_PARSER_CRASH, "the document kept the parser for more than %lld ms",
		    (long long)deadline_ms(w));
		process_kill(w, &why);
		return;
	}
	w->slow = true;
	for (unsigned i = w->held_count; i-- > 1;) {
		if (!w->held[i].stale)
			pool_requeue(w->pool, w->held[i].job);
		w->held[i].stale = true;
	}
	arm(w->deadline, deadline_ms(w) - WORKER_SLOW_MS);
	pool_turn(w->pool);
}

static void
on_exit_seen(evutil_socket_t fd, short what, void *ctx)
{
	struct process *w = ctx;
	int status = 0;
	bool more = true;
	while (more && w->state != PROCESS_DYING) { /* its last words */
		errno = 0;
		more = listen_to(w, 1) && errno != EAGAIN;
	}
	if (waitpid(w->child.pid, &status, WNOHANG) <= 0)
		return;
	pool_process_ended(w->pool, w, status);
}

static void
be_quiet(struct process *w)
{
	drop_event(&w->in_event);
	drop_event(&w->out_event);
	if (w->deadline != NULL)
		event_del(w->deadline);
}

void
process_kill(struct process *w, const struct err *why)
{
	if (w->state == PROCESS_NONE || w->state == PROCESS_DYING)
		return;
	w->state = PROCESS_DYING;
	if (why != NULL)
		w->why = *why;
	be_quiet(w);
	kill(w->child.pid, SIGKILL); /* not reaped yet: the number is still its own */
}

void
process_leave(struct process *w)
{
	w->state = PROCESS_LEAVING;
	w->innocent = true;
	write_jobs(w);
}

void
process_clear(struct process *w)
{
	be_quiet(w);
	drop_event(&w->exit_event);
	drop_event(&w->deadline);
	worker_child_close(&w->child);
	*w = (struct process){.pool = w->pool};
}

int
process_start(struct process *w, struct err *err)
{
	struct worker_pool *p = w->pool;
	struct worker_child_options options = {
	    .watchlist = p->settings.watchlist, .filter = p->filter, .serve = p->settings.serve};

	*w = (struct process){.pool = p};
	if (worker_child_start(&options, &w->child, err) < 0)
		return -1;
	w->state = PROCESS_STARTING;
	w->exit_event = event_new(p->base, w->child.pidfd, EV_READ | EV_PERSIST, on_exit_seen, w);
	w->in_event = event_new(p->base, w->child.in_fd, EV_WRITE, on_writable, w);
	w->out_event = event_new(p->base, w->child.out_fd, EV_READ | EV_PERSIST, on_words, w);
	w->deadline = evtimer_new(p->base, on_deadline, w);
	if (w->exit_event == NULL || w->in_event == NULL || w->out_event == NULL || w->deadline == NULL ||
	    event_add(w->exit_event, NULL) < 0 || event_add(w->out_event, NULL) < 0) {
		kill(w->child.pid, SIGKILL);
		waitpid(w->child.pid, NULL, 0);
		process_clear(w);
		return err_oom(err);
	}
	arm(w->deadline, deadline_ms(w));
	return 0;
}
