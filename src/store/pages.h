#pragma once
/*
 * Items that are one page: their links are the same, or a page that was fetched says (`link rel=canonical`) that it belongs
 * where the other one leads. Sources: RFC 6596. Inside the transaction. Within the room.
 *
 * Not believed: a canonical link to a site's front page or to a section that the page lies in, which is what is written
 * there by mistake; a link under which one feed has several items; within one feed, and of links alone, other titles.
 */
#include "store/items.h"

struct page_found {
	int64_t item; /* 0: none that is believed */
	bool same;    /* it says the very same */
	bool any;     /* there are items of this page; without them the text is not known under this link either */
};
/* Which stored item's page does a new item lead to? 0 or -1. */
int pages_find(struct item_context *ctx, const struct store_new_item *item, struct page_found *ret, struct err *err);

/* An item that turned out to be a copy: its story now, for the window to be told once that stands. */
struct page_copy {
	int64_t item, story; /* item 0: none is */
};
/* The page of an item came: remembers where it belongs, and whichever of two items of that page came later is a copy. */
int pages_settle(struct item_context *ctx, const struct store_article *a, struct page_copy *ret, struct err *err);
