#pragma once
/*
 * The write-ahead log, looked after by two threads, so that whoever commits does not wait for the disk: one sees to it that
 * what was committed is on the disk, the other copies the log into the database file, with a connection of its own. Within
 * the room.
 *
 * SQLite begins the log anew when a transaction starts after all of it was copied. So whoever writes without end should not
 * begin a transaction while a long log is being copied (log_wants_pause); one that has become too long all the same is copied
 * by the one who commits. https://sqlite.org/wal.html#performance_considerations
 */
#include "store/db.h"

struct log;

/* From now on what the connection of `s` commits is watched. NULL with err. */
struct log *log_new(struct store *s, struct err *err);
/* Waits for what is under way. Before the connection of `s` is closed. */
void log_free(struct log *l);
bool log_wants_pause(struct log *l); /* l may be NULL, as in a reader */

/* What is in the log now is to reach the disk (fdatasync). log_sync_end waits for that; -1: it cannot be said that it did. */
void log_sync_begin(struct log *l);
bool log_syncing(struct log *l);
int log_sync_end(struct log *l, struct err *err);
