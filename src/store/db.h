#pragma once
/*
 * The thin layer over sqlite3 that the rest of the room is written in: prepared statements by name, values bound in
 * order, every result code turned into a struct err. Within the room.
 *
 *   struct call c = call_begin(s, SQL_FEED_ID);
 *   call_str(&c, key);
 *   int row = call_row(&c, err);       1 a row, 0 no more, -1 failed (err says why)
 *   … column_int(&c, 0) …
 *   call_end(&c);                      always, also after -1 and 0
 *
 * What is bound must live until call_end.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "store/sql.h"
#include "store/store.h"

#include <sqlite3.h>
#include <sys/types.h>

/* How many bytes there are of a kind: added up in the order of its index, from call to call. All 0 = not begun. */
struct survey {
	int64_t at, row_bytes, id; /* of the last one that was counted */
	int64_t bytes;
};

struct bulk { /* see store/bulk.h */
	sqlite3_stmt *stmts[BULK_COUNT];
	size_t counts[BULK_COUNT];                  /* of rows that wait */
	size_t waiting;                             /* in all */
	uint64_t keys[BULK_ROWS], pages[BULK_ROWS]; /* what tells sightings apart that wait, and items */
	int64_t first_item;                         /* of the story_items that wait */
	int64_t last_item, last_story;              /* their numbers; 0: not asked for in this transaction */
	int rc;                                     /* SQLITE_OK, or why no more is written in this transaction */
};

#define WATCHES_KNOWN 64u

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	bool immutable; /* opened without a log: nobody could write it then */
	int lock_fd;    /* -1 in STORE_READ */
	dev_t device;   /* which file was opened, to notice when it is moved away */
	ino_t inode;
	/* rows of the watchlist's entities that were seen so far; 0 = not looked up yet */
	int64_t *entities;
	size_t entity_cap;
	uint64_t entity_version;
	struct { /* … and of watches, by their key */
		struct hash128 key;
		int64_t id;
	} watches[WATCHES_KNOWN];
	struct story_window *window; /* of its owner; NULL: no stories are looked for */
	struct placer *placer;       /* that asks it, … */
	struct apart *apart;         /* … and the connection of its thread */
	struct buf scratch, words;
	struct buf html; /* see call_html */
	struct arena fold_scratch;
	struct index *index;      /* of STORE_WRITE: see store/index.h */
	size_t unindexed;         /* items that were written since it was last asked to follow, … */
	size_t indexing;          /* … and that it was asked to follow then, … */
	size_t unindexed_open;    /* … and in the transaction that is open */
	int64_t reworded_trimmed; /* rows up to this one are away */
	bool index_attached;      /* to search */
	size_t tail_max;          /* items that a search looks at beside the index, */
	bool tail_cut;            /* … which was less than all of them */
	ino_t index_inode;
	struct bulk bulk;
	size_t cache_kib; /* of STORE_WRITE: see store/cache.h */
	/* The transaction of store_group_add; inside: it is its own statements that run */
	struct group *group;
	bool group_open, group_inside;
	struct log *log;          /* of STORE_WRITE */
	struct survey surveys[3]; /* see store/purge.c */
	sqlite3_stmt *stmts[SQL_COUNT];
};

/* Fills err from what sqlite3 said last; rc is the code that was returned. Returns -1. */
int db_fail(const struct store *s, int rc, struct err *err, const char *what);
int db_exec(struct store *s, const char *sql, struct err *err, const char *what);
int db_prepare_all(struct store *s, struct err *err);
/* file:PATH?HOW */
bool db_add_uri(struct buf *b, const char *path, const char *how);
/* A statement of one's own; what waits to be written stands in the tables before. SQLite's result code. */
int db_prepare(struct store *s, struct str sql, sqlite3_stmt **ret);
/* Notices a database file that was moved, deleted or replaced since it was opened. */
int db_check_place(const struct store *s, struct err *err);

/* Whether the transactions that begin from now on wait for the disk; while none is open. */
int db_sync_commits(struct store *s, bool on, struct err *err);
int db_begin(struct store *s, struct err *err);
/* Commits, or rolls back when rc is not 0 or the commit fails; returns 0 only when it is committed. */
int db_end(struct store *s, int rc, struct err *err);

/*
 * Whatever else is written ends the open group first, so that it stands in a transaction of its own; how that went is kept
 * for store_group_commit. call_begin sees to it.
 */
void group_finish(struct store *s);
/* Whatever else is read finds all rows of the items that were stored so far. */
void group_settle(struct store *s);
void group_free(struct store *s);

struct call {
	struct store *s;
	sqlite3_stmt *stmt;
	int at;
	int rc;       /* of binding */
	size_t bytes; /* of the texts that call_str has bound, as they are written */
};

struct call call_begin(struct store *s, enum sql_id id);
void call_int(struct call *c, int64_t v);
void call_double(struct call *c, double v);
void call_time(struct call *c, int64_t at);  /* NULL for TIME_NONE */
void call_str(struct call *c, struct str s); /* text, made valid UTF-8 without NUL; NULL for STR_NONE */
/* HTML, as its difference to the plain text that stands beside it where that is worth it; *delta must last as long as html. */
void call_html(struct call *c, struct str html, struct str text, struct buf *delta);
/* The same where somebody has made the difference; if it is not empty. */
void call_html_delta(struct call *c, struct str html, struct str delta, struct str text, struct buf *scratch);
void call_text(struct call *c, struct str s); /* text that is known to be both; "" for STR_NONE */
void call_blob(struct call *c, struct str s); /* NULL for STR_NONE */
void call_str_copied(struct call *c, struct str s);
void call_blob_copied(struct call *c, struct str s); /* … which need not live any longer */
void call_hash(struct call *c, struct hash128 h);    /* NULL for zero */
int call_row(struct call *c, struct err *err);
void call_end(struct call *c);
/* The whole of a statement that gives no rows. 0 or -1. */
int call_run(struct call *c, struct err *err);

bool column_none(const struct call *c, int i);
int64_t column_int(const struct call *c, int i);
int64_t column_time(const struct call *c, int i);
struct hash128 column_hash(const struct call *c, int i);
/* What call_html has written; the text is what was read from beside it. STR_NONE for NULL, and for what is no such thing. */
struct str column_html(const struct call *c, int i, struct str text, struct arena *arena);
/* Copied into the arena; STR_NONE for NULL. */
struct str column_str(const struct call *c, int i, struct arena *arena);
/* Until the next step. */
struct str column_view(const struct call *c, int i);
