#pragma once
/*
 * The signatures that were looked at last, ready to be compared: what is news now is compared with again and again, and
 * fetching and unpacking a signature costs more than comparing it. A ring of fixed size: what comes in takes the place
 * of what came in first. Within the room.
 */
#include "story/signature.h"

#define STORY_RECENT_BYTES (6u * 1024 * 1024)

struct story_recent;

struct story_prepared {
	struct story_signature signature;
	/* What its terms weigh, see compare.c, and the index's log_counted of that time; 0 = not worked out. */
	double word_weight, word_log;
	double piece_square, piece_log;
};

struct story_recent *story_recent_new(void); /* NULL: no memory */
void story_recent_free(struct story_recent *r);
size_t story_recent_bytes(void);

/* All of these are asked for next: what is looked at lies far apart in memory, and so the waiting for it is shared. */
void story_recent_expect(const struct story_recent *r, const size_t *numbers, size_t count);
/* Views, until the next story_recent_put. */
bool story_recent_get(const struct story_recent *r, size_t number, struct story_prepared *out);
void story_recent_put(struct story_recent *r, size_t number, const struct story_prepared *p);
/* The weights of one that is there. */
void story_recent_weigh(struct story_recent *r, size_t number, const struct story_prepared *p);
