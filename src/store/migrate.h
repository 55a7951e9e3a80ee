#pragma once
/*
 * Bringing the schema of a database up to this program's, within the room. Each step is one transaction together with
 * its number (user_version), so that an interruption leaves the step before it; a new file goes through all of them in one.
 */
#include "base/err.h"

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

/* "TIDN" in the header of the file (PRAGMA application_id) says that a database is ours. */
#define MIGRATE_APPLICATION_ID 1414087758

/* What stands in the file: the number of its last step. -1: ERR_STORE (of another program), ERR_STORE_CORRUPT, … */
int migrate_version(sqlite3 *db, const char *path, struct err *err);
/* Runs the steps from the file's number up to count. -1 leaves the last step that was whole. */
int migrate_run(sqlite3 *db, const char *path, const char *const *steps, size_t count, struct err *err);
