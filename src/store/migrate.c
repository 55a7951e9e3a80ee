#include "store/migrate.h"

#include <limits.h>
#include <stdio.h>

static int
fail(sqlite3 *db, int rc, const char *path, const char *what, struct err *err)
{
	switch (rc & 0xFF) {
	case SQLITE_NOTADB:
		return err_set(err, ERR_STORE_CORRUPT, "%s is not a database; it was left as it is", path);
	case SQLITE_CORRUPT:
		return err_set(err, ERR_STORE_CORRUPT, "%s: the database is damaged (%s); it was left as it is", path,
		    sqlite3_errmsg(db));
	case SQLITE_NOMEM:
		return err_oom(err);
	case SQLITE_FULL:
		return err_set(err, ERR_DISK_FULL, "%s: %s: the disk is full", path, what);
	case SQLITE_BUSY:
		return err_set(err, ERR_STORE_BUSY, "%s: %s: the database is held by another process", path, what);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return err_set(err, rc == SQLITE_IOERR_NOMEM ? ERR_NO_MEMORY : ERR_IO, "%s: %s: %s", path, what,
		    sqlite3_errmsg(db));
	default:
		return err_set(err, ERR_STORE, "%s: %s: %s", path, what, sqlite3_errmsg(db));
	}
}

/* One number that a statement gives. */
static int
ask(sqlite3 *db, const char *sql, const char *path, int64_t *ret, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		*ret = sqlite3_column_int64(stmt, 0);
		rc = SQLITE_OK;
	}
	if (rc != SQLITE_OK)
		fail(db, rc, path, "reading", err);
	sqlite3_finalize(stmt);
	return rc == SQLITE_OK ? 0 : -1;
}

int
migrate_version(sqlite3 *db, const char *path, struct err *err)
{
	int64_t tables = 0, id = 0, version = 0;
	/* the first reads the file's first pages, so it meets what is no database */
	if (ask(db, "SELECT count(*) FROM sqlite_schema", path, &tables, err) < 0 ||
	    ask(db, "PRAGMA application_id", path, &id, err) < 0 ||
	    ask(db, "PRAGMA user_version", path, &version, err) < 0)
		return -1;
	if (id == MIGRATE_APPLICATION_ID && version > 0 && version < INT_MAX)
		return (int)version;
	if (id != 0 || version != 0 || tables != 0)
		return err_set(err, ERR_STORE, "%s is a database of another program; it was left as it is", path);
	return 0;
}

/* Those from one number to another as one transaction. */
static int
run_steps(sqlite3 *db, const char *path, const char *const *steps, size_t from, size_t to, struct err *err)
{
	char set[64];
	snprintf(set, sizeof set, "PRAGMA user_version = %zu", to);
	int rc = sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
	for (size_t i = from; rc == SQLITE_OK && i < to; i++)
		rc = sqlite3_exec(db, steps[i], NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, set, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		return 0;
	fail(db, rc, path, "bringing the database up to this version", err);
	if (sqlite3_get_autocommit(db) == 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return -1;
}

int
migrate_run(sqlite3 *db, const char *path, const char *const *steps, size_t count, struct err *err)
{
	int version = migrate_version(db, path, err);
	if (version < 0)
		return -1;
	if ((size_t)version > count)
		return err_set(err, ERR_STORE_NEWER,
		    "%s was made by a newer version of tidings (schema %d, this one knows %zu)", path, version, count);
	size_t at_once =
	    version == 0 ? count : 1; /* there is nothing to keep yet, and each transaction waits for the disk */
	for (size_t i = (size_t)version; i < count; i += at_once) {
		if (run_steps(db, path, steps, i, i + at_once, err) < 0)
			return -1;
	}
	return 0;
}
