#pragma once
/*
 * The last items, and what a new one is to them: the same text again (a duplicate), another report of the same event
 * (the same story), or something new. Decisions are made as items arrive and never revised. Pure: it sees no database;
 * whoever owns it says how the signature of an item is fetched, and knows which story an item is in.
 *
 * Same text: the words of the shorter text, each weighted by how rare it is, stand in the other; neighbouring words
 * stay neighbours; and the numbers agree, the more strictly the more of them there are, so that reports from one
 * mould stay apart. Same story: the titles, written as sounds, share rare four-character pieces, the more of them the
 * larger the story is already; or, in other words or another language, who and what they mention and the numbers they
 * give are the same. Rarity is counted over the window itself, so it needs no language and no list of words.
 *
 * Memory: at most STORY_WINDOW_ITEM_BYTES for each item that it was made for, and STORY_WINDOW_BYTES once.
 */
#include "story/signature.h"

#define STORY_NONE SIZE_MAX
#define STORY_WINDOW_ITEM_BYTES 184
#define STORY_WINDOW_BYTES (8u * 1024 * 1024)
#define STORY_WINDOW_ITEMS_MAX (1u << 26)

struct story_window;

struct story_window_options {
	size_t max_items; /* how many are remembered; the oldest go first; at most STORY_WINDOW_ITEMS_MAX */
	int64_t span_ms;  /* older ones are not looked at; 0 = no matter how old */
	/* The packed signature of an item, into *ret, in the arena; STR_NONE when it is gone. 0, or -1 with err. */
	int (*fetch)(void *ctx, int64_t item, struct arena *arena, struct str *ret, struct err *err);
	void *ctx;
};

/* NULL: no memory. */
struct story_window *story_window_new(const struct story_window_options *options);
void story_window_free(struct story_window *w);
size_t story_window_bytes(const struct story_window *w);
size_t story_window_bytes_once(void); /* … of that, however many items it is for */

struct story_arrival { /* views */
	struct str feed;
	const struct story_features *features;
	const uint32_t *entities; /* hashes of what it mentions */
	size_t entity_count;
	int64_t at;
	int64_t item; /* what its owner calls it; of later ones it is not less */
};

struct story_place {         /* numbers count items in order of arrival, from 0 */
	size_t number;       /* of this item */
	size_t duplicate_of; /* or STORY_NONE */
	size_t joins;        /* the item whose story it belongs to, or STORY_NONE: it begins one */
	int64_t joins_item;  /* what its owner calls that one, or 0; a duplicate joins what it repeats */
	double similarity;   /* to that item, 0..1 */
	struct story_cut cut;
	struct story_signature signature; /* of this item; a view until the window is asked about the next one */
};

/*
 * Decides about an item and remembers it. 0, or -1 with ERR_NO_MEMORY, ERR_LIMIT or what fetch said: then it is not
 * remembered.
 */
int story_window_add(struct story_window *w, const struct story_arrival *a, struct story_place *out, struct err *err);
/* Its owner calls it something else now. */
void story_window_rename(struct story_window *w, size_t number, int64_t item);
/* What its owner calls it; 0 when it left the window. */
int64_t story_window_item(const struct story_window *w, size_t number);

/* Remembers an item that was decided about in an earlier run, from its packed signature; story_items: how many items
 * its story has. A signature that cannot be read is passed over. 0, or -1 with ERR_NO_MEMORY. */
struct story_known {
	struct str feed, signature;
	int64_t at, item;
	size_t story_items;
};
int story_window_restore(struct story_window *w, const struct story_known *k, struct err *err);

/* By hand: an item went to another story, and counts for the one it was in no more. */
void story_window_detach(struct story_window *w, int64_t item);
