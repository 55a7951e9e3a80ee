#pragma once
/* Which story an item belongs to, inside the transaction of its poll. Within the room. */
#include "store/items.h"

/* Decides about an item that was just stored, unless that was done at an earlier attempt, and writes what was decided. */
int stories_place(struct item_context *ctx, struct store_new_item *item, struct err *err);
/* One more feed carries the item: a source of its story. */
int stories_sight(struct item_context *ctx, const struct store_new_item *item, struct err *err);
/* Was the text of an item told to a sink for a watch already, under this number or as a copy? 1, 0 or -1. */
int stories_told(
    struct item_context *ctx, const struct store_new_item *item, const struct store_tell *tell, struct err *err);
