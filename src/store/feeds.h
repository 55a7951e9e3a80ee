#pragma once
/* The feeds' rows, within the room. */
#include "store/db.h"

/* What a poll did to its feed, inside the poll's transaction. new_items counts items that this feed carried for the
 * first time; error_before: its error word until now, STR_NONE: none. */
int feeds_note_poll(
    struct store *s, const struct store_poll *p, struct str error_before, int64_t new_items, struct err *err);
int feeds_add_event(struct store *s, int64_t feed_id, int64_t at, const char *kind, struct str text, struct err *err);

/* What was known of a feed before a poll. */
struct feed_before {
	struct str key, error; /* its error word; STR_NONE: it works */
	struct store_seen seen;
};
/* Copied into the arena; ERR_NOT_FOUND when there is no such feed. */
int feeds_before(struct store *s, int64_t id, struct arena *arena, struct feed_before *ret, struct err *err);
