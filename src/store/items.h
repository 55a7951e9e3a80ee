#pragma once
/* Writing items, inside the transaction of their poll. Within the room. */
#include "store/db.h"

struct item_context {
	struct store *s;
	const struct store_poll *poll;
	const struct watchlist *watchlist;
	struct str feed_key;
	struct arena *scratch; /* reset per item */
	int64_t new_items;     /* items that this feed carried for the first time */
	int64_t known_items;   /* items that it had carried before */
};

/* Stores one item with its sighting, matches, watches, words and outbox rows; fills the item's outputs. */
int items_store(struct item_context *ctx, struct store_new_item *item, struct err *err);
