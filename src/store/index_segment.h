#pragma once
/*
 * A pile of words written into the full-text index as one piece, a "segment" of FTS5: what FTS5 itself would write when it was given
 * the rows one by one, at a third of the time. Only new rows; whatever else happens to the index goes through FTS5, which reads, merges
 * and checks these pieces like its own.
 *
 * They are in version 4 of its format, for a table without contents that knows rows and no places (content = '', detail = none) and
 * has one column; every later version of SQLite reads it. Where the table says another version, or its list of segments is
 * not as expected, nothing is written and FTS5 is left to do it. The format: the head of ext/fts5/fts5_index.c in SQLite's
 * sources. Within the room.
 */
#include "store/db.h"
#include "store/index_pile.h"

/*
 * In a transaction of a connection that did not open the table: one that did would not see the new list. `sorted` is one that was
 * sorted. 1 written, 0 FTS5 must do it, -1 err. *pages_to_merge: how many FTS5 should merge now to keep up, as it would have.
 */
int index_segment_write(struct store *at, sqlite3_stmt *const *stmts, const struct index_pile *sorted,
    int64_t *pages_to_merge, struct err *err);
