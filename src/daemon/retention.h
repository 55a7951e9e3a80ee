#pragma once
/*
 * What is too old or too much is removed, a small slice at a time between other work. Not while the clock cannot be
 * right: before this version was made, or within a day of a jump of more than a day.
 */
#include "store/store.h"

#define RETENTION_EVERY_MS (10 * MINUTE_MS) /* between two rounds; slices of one round follow at each call */
#define RETENTION_SLICE 200

struct retention {
	int64_t next_at;      /* boot clock */
	int64_t offset_ms;    /* wall clock minus boot clock, as it was last; 0 = not known yet */
	int64_t distrust_by;  /* boot clock: the wall clock jumped */
	int64_t purged_items; /* since the start */
};

/* May what the wall clock says decide that something is old? To be called often, so that jumps are noticed. */
bool retention_trusts(struct retention *r, int64_t wall, int64_t boot);
struct conf_global;
/* At most one slice, when one is due. Failures wait for the next round; *err says why (-1). */
int retention_run(
    struct retention *r, struct store *s, const struct conf_global *g, int64_t wall, int64_t boot, struct err *err);
