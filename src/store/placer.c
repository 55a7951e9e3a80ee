#include "store/placer.h"

#include "base/thread.h"

#include <stdatomic.h>
#include <stdlib.h>

/* So many are asked before the thread is woken for them: to wake it costs as much as to write a row. */
#define WAKE_AT 32u

struct question {
	int64_t item;
	struct arena *arena;
	struct str *ret;
	struct err *err;
	int rc;
};

struct placer {
	struct story_window *window;
	int (*fetch)(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err);
	void *ctx;
	bool threaded;
	size_t forgotten;
	_Atomic size_t submitted, answered; /* counted from the beginning; of the one who asks, and of the thread */
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t more, enough;
	/* these change with the mutex; that somebody waits is looked at without it, after the number that is waited for was set */
	_Atomic bool sleeps;              /* the thread, for `more` */
	_Atomic size_t awaited;           /* who asks waits until so many are answered; SIZE_MAX: it does not */
	_Atomic(struct question *) asked; /* by the thread, which waits for `more`, too */
	bool stop;
	bool failed; /* the thread's while something is asked and not answered: all that comes then fails, too, … */
	struct err failure; /* … like the first */
	struct placement ring[PLACER_MAX];
};

/* Without a thread there is never more than one. */
static struct placement *
nth(struct placer *p, size_t n)
{
	return &p->ring[p->threaded ? n % PLACER_MAX : 0];
}

/* Who is about to wait has the mutex until it does; it is not held any more when it wakes. */
static void
tell(struct placer *p, pthread_cond_t *what)
{
	pthread_mutex_lock(&p->mutex);
	pthread_mutex_unlock(&p->mutex);
	pthread_cond_signal(what);
}

/* ---- the thread ---- */

#ifndef PLACER_LOOKED /* the test keeps the thread there */
#define PLACER_LOOKED(p, done) ((void)0)
#endif

static void
answer(struct placer *p, struct placement *n)
{
	n->rc = p->failed ? -1 : story_window_add(p->window, &n->arrival, &n->place, &n->err);
	n->placed = n->rc == 0;
	if (n->placed) {
		n->signature = story_signature_pack(&n->place.signature, &n->arena);
		n->rc = arena_check(&n->arena, &n->err);
	}
	if (p->failed)
		n->err = p->failure;
	else if (n->rc < 0)
		p->failure = n->err;
	p->failed |= n->rc < 0;
}

/* False: it is to end. */
static bool
await_more(struct placer *p, size_t done)
{
	pthread_mutex_lock(&p->mutex);
	while (!p->stop) {
		atomic_store(&p->sleeps, true);
		if (atomic_load(&p->submitted) != done)
			break;
		pthread_cond_wait(&p->more, &p->mutex);
	}
	atomic_store(&p->sleeps, false);
	bool go_on = !p->stop;
	pthread_mutex_unlock(&p->mutex);
	return go_on;
}

static void *
run(void *ctx)
{
	struct placer *p = ctx;
	for (size_t done = 0;;) {
		if (atomic_load(&p->submitted) == done && !await_more(p, done))
			return NULL;
		answer(p, nth(p, done++));
		atomic_store(&p->answered, done);
		size_t awaited = atomic_load(&p->awaited);
		if (awaited > done)
			continue;
		PLACER_LOOKED(p, done);
		/* Else it has gone on, and waits for later ones by now. */
		if (atomic_compare_exchange_strong(&p->awaited, &awaited, SIZE_MAX))
			tell(p, &p->enough);
	}
}

bool
placer_is_thread(const struct placer *p)
{
	return p->threaded && pthread_equal(p->thread, pthread_self());
}

int
placer_ask(struct placer *p, int64_t item, struct arena *arena, struct str *ret, struct err *err)
{
	struct question q = {item, arena, ret, err, -1};
	pthread_mutex_lock(&p->mutex);
	atomic_store(&p->asked, &q);
	pthread_cond_signal(&p->enough);
	while (!p->stop && atomic_load(&p->asked) != NULL)
		pthread_cond_wait(&p->more, &p->mutex);
	bool stopped = atomic_exchange(&p->asked, NULL) != NULL;
	pthread_mutex_unlock(&p->mutex);
	return stopped ? err_set(err, ERR_INTERNAL, "nobody waits for the answer any more") : q.rc;
}

/* ---- who asks ---- */

/* What is answered and not taken yet cannot stand in any table. */
static bool
find_waiting(struct placer *p, struct question *q)
{
	size_t answered = atomic_load(&p->answered);
	for (size_t i = p->forgotten; i < answered; i++) {
		const struct placement *n = nth(p, i);
		if (n->arrival.item != q->item || n->rc < 0)
			continue;
		*q->ret = arena_str(q->arena, n->signature);
		return true;
	}
	return false;
}

static void
bring(struct placer *p)
{
	struct question *q = atomic_load(&p->asked);
	if (q == NULL)
		return;
	q->rc = find_waiting(p, q) ? 0 : p->fetch(p->ctx, q->item, q->arena, q->ret, q->err);
	atomic_store(&p->asked, NULL);
	tell(p, &p->more);
}

struct placer *
placer_new(struct story_window *w, bool threaded,
    int (*fetch)(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err), void *ctx)
{
	struct placer *p = calloc(1, sizeof *p);
	if (p == NULL)
		return NULL;
	p->window = w;
	p->fetch = fetch;
	p->ctx = ctx;
	p->awaited = SIZE_MAX;
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->more, NULL);
	pthread_cond_init(&p->enough, NULL);
	for (size_t i = 0; i < PLACER_MAX; i++)
		arena_init(&p->ring[i].arena, 0);
	p->threaded = threaded && thread_start(&p->thread, run, p) == 0;
	return p;
}

void
placer_free(struct placer *p)
{
	if (p == NULL)
		return;
	if (p->threaded) {
		pthread_mutex_lock(&p->mutex);
		p->stop = true;
		pthread_cond_signal(&p->more);
		pthread_mutex_unlock(&p->mutex);
		pthread_join(p->thread, NULL);
	}
	for (size_t i = 0; i < PLACER_MAX; i++)
		arena_done(&p->ring[i].arena);
	pthread_cond_destroy(&p->enough);
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->mutex);
	free(p);
}

struct placement *
placer_next(struct placer *p)
{
	struct placement *n = placer_pending(p) < PLACER_MAX ? nth(p, atomic_load(&p->submitted)) : NULL;
	if (n != NULL)
		arena_reset(&n->arena); /* perhaps it was not submitted the last time, for want of memory */
	return n;
}

static size_t
unanswered(const struct placer *p)
{
	return atomic_load(&p->submitted) - atomic_load(&p->answered);
}

void
placer_submit(struct placer *p)
{
	size_t number = atomic_fetch_add(&p->submitted, 1);
	if (!p->threaded) {
		answer(p, nth(p, number));
		atomic_store(&p->answered, number + 1);
		return;
	}
	bring(p);
	if (unanswered(p) >= WAKE_AT && atomic_exchange(&p->sleeps, false))
		tell(p, &p->more);
}

size_t
placer_pending(const struct placer *p)
{
	return atomic_load(&p->submitted) - p->forgotten;
}

size_t
placer_answered(const struct placer *p)
{
	return atomic_load(&p->answered) - p->forgotten;
}

bool
placer_is_full(const struct placer *p)
{
	return !p->threaded || placer_pending(p) >= PLACER_MAX;
}

void
placer_wait(struct placer *p, size_t most)
{
	size_t submitted = atomic_load(&p->submitted);
	if (submitted <= most || unanswered(p) <= most)
		return;
	pthread_mutex_lock(&p->mutex);
	atomic_store(&p->awaited, submitted - most);
	if (atomic_exchange(&p->sleeps, false))
		pthread_cond_signal(&p->more);
	while (unanswered(p) > most) {
		if (atomic_load(&p->asked) == NULL) {
			pthread_cond_wait(&p->enough, &p->mutex);
			continue;
		}
		pthread_mutex_unlock(&p->mutex);
		bring(p);
		pthread_mutex_lock(&p->mutex);
	}
	atomic_store(&p->awaited, SIZE_MAX);
	pthread_mutex_unlock(&p->mutex);
}

struct placement *
placer_answer(struct placer *p)
{
	return placer_answered(p) > 0 ? nth(p, p->forgotten) : NULL;
}

void
placer_forget(struct placer *p)
{
	arena_reset(&nth(p, p->forgotten++)->arena);
	if (placer_pending(p) == 0)
		p->failed = false;
}
