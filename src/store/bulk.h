#pragma once
/*
 * Rows that nobody looks at at once are written many at a time: for one row SQLite takes two to four times as long to begin and end
 * a statement as for the row itself. They wait in the statement that writes them, until it is full, the transaction is to be
 * committed, or a statement runs that may look at them (all but those that sql_statement.apart names).
 * Within the room.
 *
 *   struct call c = bulk_begin(s, BULK_SIGHTINGS);
 *   call_int(&c, feed);                   what is bound by reference must live until the transaction ends
 *   if (bulk_end(&c, BULK_SIGHTINGS, err) < 0) …
 */
#include "store/db.h"

struct call bulk_begin(struct store *s, enum bulk_table t);
/* 0, or -1: then nothing more is written before the transaction ends. */
int bulk_end(struct call *c, enum bulk_table t, struct err *err);
/* SQLITE_OK, or what the writing of all that wait has met, now or before. */
int bulk_write(struct store *s);
/* The number of the next row: `ask` says which one was the last, *last is remembered in the transaction. -1 with err. */
int64_t bulk_next(struct store *s, enum sql_id ask, int64_t *last, struct err *err);
/*
 * For statements that are apart because what they ask for hardly ever waits. Noted is the key of a sighting, the alias of
 * an item (it begins with the mark of its page) and the item of a story, before their row is bound.
 */
void bulk_note_key(struct store *s, struct hash128 key);
bool bulk_has_key(const struct store *s, struct hash128 key);
void bulk_note_alias(struct store *s, struct hash128 alias);
bool bulk_has_page(const struct store *s, uint64_t page);
void bulk_note_item(struct store *s, int64_t item);
bool bulk_has_item(const struct store *s, int64_t item);
/* The transaction has ended: nothing waits. */
void bulk_forget(struct store *s);
