#pragma once
/*
 * What a poll looks like as a whole, before its items are stored: does the feed change all its ids (at every poll, or
 * once, with its addresses), does it publish everything again? Inside the transaction
 * of the poll. Within the room.
 */
#include "store/items.h"

/* Chooses the key of every item, and says in *ctx whether known pages come under new keys; sets poll->hold_tells on a flood. */
int guard_before(struct item_context *ctx, struct store_poll *poll, struct err *err);
/* The key under which the feed carries the page of an item, into *old_key in the arena (both may be NULL). 1, 0, -1. */
int guard_find_page(
    struct item_context *ctx, const struct store_new_item *item, struct arena *a, struct str *old_key, struct err *err);
/* Remembers what was seen for the next poll, holds what is to be held, and writes the events. */
int guard_after(struct item_context *ctx, struct store_poll *poll, struct err *err);
