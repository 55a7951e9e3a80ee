#include "store/helper.h"

#include "base/thread.h"

static void *
run(void *ctx)
{
	struct helper *h = ctx;
	pthread_mutex_lock(&h->mutex);
	while (!h->stop || h->wanted) {
		if (!h->wanted) {
			pthread_cond_wait(&h->changed, &h->mutex);
			continue;
		}
		pthread_mutex_unlock(&h->mutex);
		int result = h->work(h->ctx);
		pthread_mutex_lock(&h->mutex);
		if (h->result == 0)
			h->result = result;
		h->wanted = h->again;
		h->again = false;
		pthread_cond_broadcast(&h->changed);
	}
	pthread_mutex_unlock(&h->mutex);
	return NULL;
}

void
helper_init(struct helper *h, int (*work)(void *ctx), void *ctx)
{
	*h = (struct helper){.work = work, .ctx = ctx};
	pthread_mutex_init(&h->mutex, NULL);
	pthread_cond_init(&h->changed, NULL);
}

static bool
start(struct helper *h)
{
	h->started = h->started || thread_start(&h->thread, run, h) == 0;
	return h->started;
}

/* Where there can be no thread it is done here and now. */
void
helper_ask(struct helper *h)
{
	if (!start(h)) {
		int result = h->work(h->ctx);
		if (h->result == 0)
			h->result = result;
		return;
	}
	pthread_mutex_lock(&h->mutex);
	h->again = h->wanted;
	h->wanted = true;
	pthread_cond_broadcast(&h->changed);
	pthread_mutex_unlock(&h->mutex);
}

bool
helper_busy(struct helper *h)
{
	pthread_mutex_lock(&h->mutex);
	bool busy = h->wanted;
	pthread_mutex_unlock(&h->mutex);
	return busy;
}

int
helper_await(struct helper *h)
{
	pthread_mutex_lock(&h->mutex);
	while (h->wanted)
		pthread_cond_wait(&h->changed, &h->mutex);
	int result = h->result;
	h->result = 0;
	pthread_mutex_unlock(&h->mutex);
	return result;
}

void
helper_done(struct helper *h)
{
	if (h->started) {
		pthread_mutex_lock(&h->mutex);
		h->stop = true;
		pthread_cond_broadcast(&h->changed);
		pthread_mutex_unlock(&h->mutex);
		pthread_join(h->thread, NULL);
	}
	pthread_cond_destroy(&h->changed);
	pthread_mutex_destroy(&h->mutex);
}
