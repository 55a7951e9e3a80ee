#pragma once
/* Writing items, inside the transaction of their poll. Within the room. */
#include "store/db.h"

struct guard {          /* see store/guard.h */
	bool link_keys; /* the feed's ids are worth nothing: links are its keys */
	bool churn;     /* known pages come under new keys: they are looked up as pages */
	int churn_polls;
	double usual; /* new items in a poll that brings any */
	int64_t last_success_at, interval_ms;
	int64_t ids_repeated_at, window_cut_at, suspect_at; /* see store/schema.c; TIME_NONE */
	int64_t carried;                                    /* items that the feed ever had */
	size_t unknown, moved, flood;                       /* items; flood: how many new ones are too many, or 0 */
	bool *first; /* of each item of the poll: its key is unknown, and no item before it has the same */
};

struct item_context {
	struct store *s;
	const struct store_poll *poll;
	const struct watchlist *watchlist;
	struct str feed_key;
	struct arena *scratch; /* reset per item */
	struct arena names;    /* of the poll */
	struct guard guard;
	int64_t new_items;   /* items that this feed carried for the first time */
	int64_t known_items; /* items that it had carried before */
	unsigned articles;   /* pages that this poll has wished for */
};

/* Before an item is changed or removed: keeps its words for the full-text index, which may have them. */
int items_note_words(struct store *s, int64_t id, struct err *err);
/* Entities of this list are written from now on; and what is known of rows of entities and watches is forgotten, after a transaction
 * that failed. */
void items_use_watchlist(struct store *s, const struct watchlist *watchlist);
void items_forget_rows(struct store *s);
/* Matches and watches of an item that has none. */
int items_write_findings(struct item_context *ctx, int64_t id, const struct store_new_item *new, struct err *err);
/* The item that has the same text under the same link, of which pages_find has said that there are any. 1, 0, -1. */
int items_find_alias(struct item_context *ctx, const struct store_new_item *item, int64_t *ret, struct err *err);
/* What the feed has under a key: item, content, when seen. The bytes, which are filled, must live until call_end. */
struct call items_ask_sighting(struct item_context *ctx, struct hash128 key, unsigned char bytes[16]);
/* Stores one item with its sighting, matches, watches, words and outbox rows; fills the item's outputs. */
int items_store(struct item_context *ctx, struct store_new_item *item, struct err *err);
/* The feed's and the item's keys, which a notification's id is made of. 1, 0 when the item is gone, -1. */
int items_read_keys(struct item_context *ctx, int64_t id, struct story_identity *identity, struct err *err);
/* The page of an item has come, or has not: see store_article_commit. */
struct page_copy;
int
items_store_article(struct item_context *ctx, const struct store_article *a, struct page_copy *copy, struct err *err);
