#pragma once
/*
 * An SQLite VFS over the default one whose operations can be made to go wrong: the nth one that touches the disk
 * (open, write, truncate, sync, growing the log's index) fails, or kills the process. See https://sqlite.org/vfs.html.
 */
#include <stdbool.h>

enum fault {
	FAULT_IO,   /* SQLITE_IOERR_… of the operation, SQLITE_CANTOPEN for an open */
	FAULT_FULL, /* SQLITE_FULL; a write puts down half of its bytes first */
	FAULT_KILL  /* SIGKILL; a write puts down half of its bytes first */
};

/* Makes it the default VFS; once per process, before the first open. */
void faultvfs_register(void);
/* From now on the nth operation goes wrong, and if `and_later` all after it; 0 = none. */
void faultvfs_arm(enum fault what, long nth, bool and_later);
/* Whether one did, since armed; disarms. */
bool faultvfs_fired(void);
