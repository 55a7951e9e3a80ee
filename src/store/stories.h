#pragma once
/* Which story an item belongs to, inside the transaction of its poll. Within the room. */
#include "store/items.h"

/*
 * Decides about an item that was just stored, unless that was done at an earlier attempt; what was decided becomes rows, and so do
 * the tells, now or later: when there are many, or at stories_settle. All this in the order of the calls.
 */
int stories_place(struct item_context *ctx, struct store_new_item *item, struct err *err);
/* Before somebody looks at stories or tells, and before the transaction is committed. */
int stories_settle(struct store *s, struct err *err);
bool stories_pending(const struct store *s);
/* The transaction is to be rolled back: no rows, but the window has seen these items. */
void stories_give_up(struct store *s);
/* One more feed carries the item: a source of its story. */
int stories_sight(struct item_context *ctx, const struct store_new_item *item, struct err *err);
/* The first item with the text of this one: itself, unless it is a copy; 0 when it has no story. */
int stories_find_original(struct store *s, int64_t item, int64_t *ret, struct err *err);
/* A story that has no item any more is none. */
int stories_remove_empty(struct store *s, int64_t story, struct err *err);
/* An item turned out to be a copy of another: it goes to that one's story, *ret. 1, 0 when a person has put it elsewhere or it
 * is known as a copy already, -1. */
int stories_make_copy(struct store *s, int64_t item, int64_t original, int64_t *ret, struct err *err);
/* Was the text of an item told to a sink for a watch already, under this number or as a copy? 1, 0 or -1. */
int stories_told(
    struct item_context *ctx, const struct store_new_item *item, const struct store_tell *tell, struct err *err);
