#pragma once
/* A thread that does one thing whenever it is asked to. Within the room. */
#include <pthread.h>
#include <stdbool.h>

struct helper {
	int (*work)(void *ctx); /* 0, or an errno */
	void *ctx;
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool wanted, again, stop; /* these with the mutex */
	int result;
};

/* The thread begins with the first thing to do, with all signals blocked: they are the main thread's. */
void helper_init(struct helper *h, int (*work)(void *ctx), void *ctx);
/* While it is at it, it begins anew afterwards. Where there can be no thread it is done here and now. */
void helper_ask(struct helper *h);
bool helper_busy(struct helper *h);
int helper_await(struct helper *h); /* the first error that nobody was told of yet, or 0 */
void helper_done(struct helper *h); /* waits for what is under way */
