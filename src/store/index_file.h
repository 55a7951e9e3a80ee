#pragma once
/*
 * The file of the full-text index, beside the database: it can be made again from what that holds, so it is written by a thread
 * with a connection of its own (store/index.h), and thrown away when it is damaged or of another version. Within the room.
 *
 * What it covers of the database: all items with numbers up to `item`, with the words they had before any row of `reworded`
 * with a number above `edit` was written. `stamp` says of which database.
 */
#include "store/db.h"

struct index_cover {
	int64_t stamp, item, edit;
};

/* From malloc; NULL: no memory. */
char *index_file_path(const char *store_path);
/* Makes FTS5 part texts at their spaces, as words_index hands them over. After sqlite3_open. A code of SQLite. */
int index_file_tokenize(sqlite3 *db);
/* Opens it to write, and begins it anew where there is none of this version. 0 or -1. */
int index_file_open(struct store *file, struct err *err);
/* A second connection to it, which writes into the tables of FTS5 itself (store/index_segment.h) and never opens `words`. */
int index_file_open_again(struct store *file, struct err *err);
/* Whether an error of SQLite says that the file is none of ours, or damaged; and away with it. */
bool index_file_is_bad(int rc);
void index_file_remove(const char *path);
/* The row that the call is about to give; its statement is the caller's to end. 0 or -1; without a row *ret stays. */
int index_cover_read(struct call *c, struct index_cover *ret, struct err *err);
/* Whether the index is of this database, which has this stamp and these highest numbers. */
bool index_cover_fits(const struct index_cover *c, const struct index_cover *database);
/* For a search: makes it readable as the schema `indexed` of this connection. 0 when it is not there or cannot be read. */
bool index_file_attach(struct store *s);
