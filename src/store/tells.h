#pragma once
/* Wishes to tell become outbox rows, inside the transaction of their item. Within the room. */
#include "store/items.h"

/* One row per sink, with the highest severity of the watches that want it there; or the item joins a row that waits.
 * Returns how many sinks hear of it for the first time, or -1. */
int tells_write(struct item_context *ctx, const struct store_new_item *item, struct err *err);
/* store_tell_alarm within a transaction. */
int tells_alarm(struct store *s, const struct store_alarm *alarm, struct str sink, struct str route,
    const struct store_sending *how, int64_t now, struct err *err);
