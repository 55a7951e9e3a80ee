#pragma once
/*
 * The writer's lock, within the room: a record lock (fcntl) on PATH.lock. It ends with the process, however that
 * ends, and children that were forked do not keep it, as they would a lock of flock(2). The file also holds the pid
 * as text, for people.
 */
#include "base/err.h"

/* Returns the descriptor to keep, or -1: ERR_STORE_BUSY names the pid of the holder; ERR_IO, ERR_DISK_FULL, … */
int lock_take(const char *path, struct err *err);
void lock_release(int fd);
