#pragma once
/*
 * A file system for SQLite that writes what belongs together at once: SQLite writes a log frame by frame, each in two parts, while
 * one write of some hundred KB costs the kernel less than half of that. Neighbouring writes wait in memory until one comes that is
 * no neighbour, until there are enough of them, or until anybody may rely on them: before the log is read, synced, measured or cut,
 * and from the first frame on that commits. So what waits is never part of what was committed. An error may be told at a later
 * write, but within the same transaction. See https://sqlite.org/vfs.html and https://sqlite.org/fileformat2.html#walformat.
 * Within the room.
 */
#include <sqlite3.h>

/* Its name for sqlite3_open_v2(); NULL, which means the default, when memory ran out. It stands on what is the default now. To be
 * asked for by one thread only. */
const char *gather_vfs(void);
