#include "notify/backstage.h"

#include "base/thread.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct ticket {
	struct ticket *next;
	struct delivery *delivery; /* the loop's; the thread passes it on */
	struct backstage_job job;
	struct err err;
	char text[];
};

struct queue {
	struct ticket *first, *last;
};

struct backstage {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct queue todo, done;
	bool closed;
	int told; /* an eventfd: something is done */
	struct event *event;
	struct backstage_player player;
	void *ctx;
};

static void
put(struct queue *q, struct ticket *t)
{
	t->next = NULL;
	if (q->last != NULL)
		q->last->next = t;
	else
		q->first = t;
	q->last = t;
}

static struct ticket *
take(struct queue *q)
{
	struct ticket *t = q->first;
	if (t == NULL)
		return NULL;
	q->first = t->next;
	if (q->first == NULL)
		q->last = NULL;
	return t;
}

static void
empty(struct queue *q)
{
	struct ticket *t;
	while ((t = take(q)) != NULL)
		free(t);
}

/* ---- the thread ---- */

/* NULL: a second went by, or it is over. */
static struct ticket *
wait_for_ticket(struct backstage *b, bool *over)
{
	struct timespec until;
	struct ticket *t = NULL;
	int rc = 0;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&b->lock);
	while (!b->closed && rc == 0 && (t = take(&b->todo)) == NULL)
		rc = pthread_cond_timedwait(&b->wake, &b->lock, &until);
	*over = b->closed && t == NULL;
	pthread_mutex_unlock(&b->lock);
	return t;
}

static void
hand_back(struct backstage *b, struct ticket *t)
{
	uint64_t one = 1;
	ssize_t n;
	pthread_mutex_lock(&b->lock);
	put(&b->done, t);
	pthread_mutex_unlock(&b->lock);
	do
		n = write(b->told, &one, sizeof one);
	while (n < 0 && errno == EINTR);
}

static void *
play(void *ctx)
{
	struct backstage *b = ctx;
	bool over = false;
	while (!over) {
		struct ticket *t = wait_for_ticket(b, &over);
		if (t != NULL) {
			err_clear(&t->err);
			b->player.deliver(b->ctx, &t->job, &t->err);
			hand_back(b, t);
		} else if (!over && b->player.idle != NULL) {
			b->player.idle(b->ctx);
		}
	}
	b->player.end(b->ctx);
	empty(&b->todo);
	empty(&b->done);
	close(b->told);
	pthread_cond_destroy(&b->wake);
	pthread_mutex_destroy(&b->lock);
	free(b);
	return NULL;
}

/* ---- the loop ---- */

static void
on_told(evutil_socket_t fd, short what, void *ctx)
{
	struct backstage *b = ctx;
	uint64_t count;
	struct queue done;
	struct ticket *t;
	if (read(fd, &count, sizeof count) < 0)
		return;
	pthread_mutex_lock(&b->lock);
	done = b->done;
	b->done = (struct queue){NULL, NULL};
	pthread_mutex_unlock(&b->lock);
	while ((t = take(&done)) != NULL) {
		delivery_finish(t->delivery, t->err.code, "%s", t->err.code != ERR_NONE ? t->err.msg : "");
		free(t);
	}
}

static int
start_thread(struct backstage *b)
{
	pthread_t thread;
	int rc = thread_start(&thread, play, b);
	return rc != 0 ? rc : pthread_detach(thread);
}

static void
init_locks(struct backstage *b)
{
	pthread_condattr_t attr;
	pthread_mutex_init(&b->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&b->wake, &attr);
	pthread_condattr_destroy(&attr);
}

struct backstage *
backstage_new(struct event_base *base, const struct backstage_player *player, void *ctx, struct err *err)
{
	struct backstage *b = calloc(1, sizeof *b);
	if (b == NULL) {
		err_oom(err);
		return NULL;
	}
	b->player = *player;
	b->ctx = ctx;
	init_locks(b);
	b->told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	b->event = b->told >= 0 ? event_new(base, b->told, EV_READ | EV_PERSIST, on_told, b) : NULL;
	if (b->event == NULL || event_add(b->event, NULL) < 0 || start_thread(b) != 0) {
		if (b->event != NULL)
			event_free(b->event);
		if (b->told >= 0)
			close(b->told);
		free(b);
		err_set(err, ERR_INTERNAL, "cannot start a thread");
		return NULL;
	}
	return b;
}

void
backstage_close(struct backstage *b)
{
	event_free(b->event);
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	empty(&b->todo);
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
}

static struct str
keep(char **at, struct str s)
{
	char *to = *at;
	if (s.len > 0)
		memcpy(to, s.s, s.len);
	to[s.len] = '\0';
	*at += s.len + 1;
	return (struct str){to, s.len};
}

void
backstage_send(struct backstage *b, struct delivery *d, struct str id)
{
	struct str body = buf_view(&d->body);
	struct ticket *t = malloc(sizeof *t + id.len + body.len + 2);
	if (t == NULL) {
		delivery_finish(d, ERR_SINK_TEMPORARY, "out of memory");
		return;
	}
	char *at = t->text;
	*t = (struct ticket){.delivery = d};
	t->job =
	    (struct backstage_job){.id = keep(&at, id), .body = keep(&at, body), .timeout_ms = d->sink->set.timeout_ms};
	pthread_mutex_lock(&b->lock);
	put(&b->todo, t);
	pthread_cond_signal(&b->wake);
	pthread_mutex_unlock(&b->lock);
}
