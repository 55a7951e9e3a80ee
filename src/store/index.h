#pragma once
/*
 * The full-text index, kept up by a thread with connections of its own: it reads what is new in the database, a slice at a time,
 * and writes it into the index's file (store/index_file.h), many items in one transaction. Until it has caught up, searches look
 * at the texts themselves (store/tail.h). Whatever happens to it, it knows from its file where it is to go on. Within the room.
 */
#include "store/db.h"

struct index;

/* For the database at this path, whose connection is open to write. NULL with err. */
struct index *index_new(const char *store_path, struct err *err);
/* Waits for what is under way, which is cut short. NULL is fine. */
void index_free(struct index *ix);
/* The same, here and now, while the thread is not asked to. 0 or -1. */
int index_run(struct index *ix, struct err *err);
/* How the last work ended: 0, or -1 with its error. */
int index_result(struct index *ix, struct err *err);
/* From so many new items on they are written as a piece of their own, all at once; 100 at first. For tests. */
void index_set_piece_items(struct index *ix, int64_t least);
/* Rows of `reworded` up to this one are not needed any more. */
int64_t index_edits_done(struct index *ix);
/* FTS5's own check of the index. 0 or -1. */
int index_check(const char *store_path, struct err *err);
