#pragma once
/*
 * What new items are to the story window, asked in the order in which they came, and answered by a thread while the rows of the
 * next ones are written. The window is then the thread's: nobody else may call it while something is asked and not answered. When
 * the window wants what its owner keeps, the thread asks for it and whoever waits for answers, or asks the next question, brings it.
 * When one fails, so do those that were asked after it, until all are forgotten: who begins again finds the window as it was then.
 * Within the room; one thread asks.
 *
 *   struct placement *n = placer_next(p);         fill what is asked
 *   placer_submit(p);
 *   if (placer_is_full(p)) { placer_wait(p, some); while ((n = placer_answer(p)) != NULL) … placer_forget(p); }
 */
#include "store/store.h"
#include "story/window.h"

#define PLACER_MAX 512u /* are asked at most and not forgotten yet */

struct placement {
	struct arena arena;           /* of what it consists of; ends with placer_forget */
	struct story_arrival arrival; /* lives until then */
	const struct store_poll *poll;
	struct store_new_item *item;
	/* the answer */
	struct story_place place; /* but for its signature, which is the next: */
	struct str signature;     /* packed */
	bool placed;              /* it is in the window, even if … */
	int rc;                   /* 0, or -1 with err */
	struct err err;
};

struct placer;

/* Without a thread, or where there can be none, each is answered when it is submitted. fetch is called by who asks,
 * but for what is answered and not forgotten yet. NULL: no memory. */
struct placer *placer_new(struct story_window *w, bool threaded,
    int (*fetch)(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err), void *ctx);
/* What was asked and not answered is forgotten. */
void placer_free(struct placer *p);

/* There is one unless there are PLACER_MAX. */
struct placement *placer_next(struct placer *p);
void placer_submit(struct placer *p);
size_t placer_pending(const struct placer *p);  /* not forgotten yet */
size_t placer_answered(const struct placer *p); /* of those */
bool placer_is_full(const struct placer *p);    /* what is answered is to be taken before more is asked */
/* Until no more than so many are unanswered. */
void placer_wait(struct placer *p, size_t unanswered);
/* The oldest one if it is answered, or NULL. */
struct placement *placer_answer(struct placer *p);
void placer_forget(struct placer *p); /* that one */

/* For the window's fetch: whether it is called by the thread, and then asks for it. */
bool placer_is_thread(const struct placer *p);
int placer_ask(struct placer *p, int64_t item, struct arena *arena, struct str *ret, struct err *err);
