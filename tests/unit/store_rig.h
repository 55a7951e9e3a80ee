#pragma once
/*
 * What the tests of the store share: a database in a directory of its own, a small watchlist (putin, zelenskiy, the
 * topic grain) and polls written in a line. Use rig_setup and rig_teardown as the checked fixture.
 */
#include "store/store.h"
#include "tap.h"

#include <stdlib.h>

struct draft { /* an item; NULL = absent */
	const char *guid, *link, *title, *text;
	const char *sinks; /* sinks to tell, by space; the watch is "talks" */
};

struct rig {
	char dir[64], path[96];
	struct store *s;
	struct watchlist *watchlist;
	struct story_window *window; /* see rig_use_window */
	bool threaded;               /* and the next one is asked by a thread, */
	size_t window_items;         /* … and has so many items, or 1000 */
	struct arena arena;
	struct err err;
	/* of the last poll */
	struct store_poll poll;
	struct store_new_item items[32];
};

extern struct rig rig;

void rig_setup(void);
void rig_teardown(void);
void rig_open(void);   /* STORE_WRITE; must work */
void rig_reopen(void); /* as after a restart, without a clean end */
/* A new story window, filled from what is stored; the one before ends. */
void rig_use_window(void);
/* The number of the feed `key`; all feeds ever named so stay configured. */
int64_t rig_feed(const char *key);
/* Prepares rig.poll for a good 200 answer with these items; rig_commit then stores it. */
void rig_draft(int64_t feed, int64_t at, const struct draft *drafts, size_t count);
int rig_commit(void);
/* Both, and it must work. Returns how many items are new. */
int rig_poll(int64_t feed, int64_t at, const struct draft *drafts, size_t count);
#define RIG_POLL(feed, at, ...) \
	rig_poll(feed, at, (const struct draft[]){__VA_ARGS__}, \
	    sizeof((const struct draft[]){__VA_ARGS__}) / sizeof(struct draft))
/* The titles of what a query finds, joined by "|". */
struct str rig_titles(const struct store_query *q);
/* One number or text by plain SQL, also while no store is open. */
int64_t rig_number(const char *sql);
struct str rig_text(const char *sql);
/* Everything that must hold at any moment, whatever happened before. */
void rig_check_invariants(void);
