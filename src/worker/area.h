#pragma once
/*
 * Memory that the daemon shares with one worker, so that documents and answers need not go through the kernel: a slot for
 * each of the few jobs in the worker's hands, and one for each answer. The pipe then carries only a head that tells how much
 * lies in the slot (wire_head_put_beside); what is larger than a slot goes through the pipe as a whole.
 *
 * The nth job of a worker, counted from 0, and its answer use slot n % AREA_SLOTS. A worker never has more than AREA_SLOTS
 * jobs that the daemon has not taken the answer of, so a slot is written again only when nobody reads it any more.
 *
 * A worker may write whatever and whenever it likes: the daemon copies an answer once, and checks the copy. It reads nothing
 * else from there. Other workers do not see it: the mapping is not inherited by forks that come later. It is anonymous, so
 * nobody can cut it short, and no memory lies next to it, so that nothing runs over into it. All that one which is out of its
 * mind can do beyond answering wrongly is to spoil answers of its own that were not taken yet.
 */
#include <stddef.h>

#define AREA_SLOTS 16u
#define AREA_SLOT_BYTES (256u * 1024)

struct worker_area {
	char jobs[AREA_SLOTS][AREA_SLOT_BYTES];
	char answers[AREA_SLOTS][AREA_SLOT_BYTES];
};

/* NULL when there is none to be had: then everything goes through the pipe. Takes memory only where it is written to. */
struct worker_area *area_new(void);
/* After the fork of the worker that it is for: those that are forked later will not have it. */
void area_keep(struct worker_area *area); /* NULL is fine */
void area_free(struct worker_area *area); /* NULL is fine */
