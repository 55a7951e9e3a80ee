#include "store/gather.h"

#include <stdbool.h>
#include <string.h>

#define NAME "gather"
#define WAITING_MAX 0x1FFFF /* SQLite's own file systems write no more at once */
#define FRAME_HEAD_BYTES 24 /* nothing else of that size is written into a log */

struct gather_file {
	sqlite3_file base;
	bool commits; /* the frame in hand ends a transaction */
	int waiting;  /* bytes, which go to `at` */
	sqlite3_int64 at;
	char *bytes; /* NULL: nothing ever waited */
	             /* the file beneath stands behind it */
};

static sqlite3_file *
beneath(sqlite3_file *f)
{
	return (sqlite3_file *)((struct gather_file *)f + 1);
}

/* What cannot be written goes on waiting. */
static int
write_waiting(sqlite3_file *f)
{
	struct gather_file *g = (struct gather_file *)f;
	if (g->waiting == 0)
		return SQLITE_OK;
	int rc = beneath(f)->pMethods->xWrite(beneath(f), g->bytes, g->waiting, g->at);
	if (rc == SQLITE_OK)
		g->waiting = 0;
	return rc;
}

static int
file_close(sqlite3_file *f)
{
	struct gather_file *g = (struct gather_file *)f;
	int rc = write_waiting(f), closed = beneath(f)->pMethods->xClose(beneath(f));
	sqlite3_free(g->bytes);
	return rc != SQLITE_OK ? rc : closed;
}

/* What waits may belong to a transaction that was rolled back: whoever reads something else needs no room for it on the disk. */
static int
file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	struct gather_file *g = (struct gather_file *)f;
	bool waits = at < g->at + g->waiting && at + n > g->at;
	int rc = waits ? write_waiting(f) : SQLITE_OK;
	return rc == SQLITE_OK ? beneath(f)->pMethods->xRead(beneath(f), to, n, at) : rc;
}

static bool
may_wait(struct gather_file *g, int n)
{
	if (n > WAITING_MAX || g->commits)
		return false;
	if (g->bytes == NULL)
		g->bytes = sqlite3_malloc(WAITING_MAX);
	return g->bytes != NULL;
}

/* Bytes 4 to 7 of a frame's head: the size of the database after a commit, 0 in all other frames. */
static bool
is_commit(const char *head)
{
	return (head[4] | head[5] | head[6] | head[7]) != 0;
}

static int
file_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	struct gather_file *g = (struct gather_file *)f;
	int rc = SQLITE_OK;
	if (n == FRAME_HEAD_BYTES)
		g->commits = is_commit(from);
	if (g->commits || at != g->at + g->waiting || n > WAITING_MAX - g->waiting)
		rc = write_waiting(f);
	if (rc != SQLITE_OK) { /* SQLite gives the transaction up now: nobody asks for its frames again */
		g->waiting = 0;
		return rc;
	}
	if (!may_wait(g, n))
		return beneath(f)->pMethods->xWrite(beneath(f), from, n, at);
	if (g->waiting == 0)
		g->at = at;
	memcpy(g->bytes + g->waiting, from, (size_t)n);
	g->waiting += n;
	return SQLITE_OK;
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	int rc = write_waiting(f);
	return rc == SQLITE_OK ? beneath(f)->pMethods->xTruncate(beneath(f), size) : rc;
}

static int
file_sync(sqlite3_file *f, int flags)
{
	int rc = write_waiting(f);
	return rc == SQLITE_OK ? beneath(f)->pMethods->xSync(beneath(f), flags) : rc;
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	int rc = write_waiting(f);
	return rc == SQLITE_OK ? beneath(f)->pMethods->xFileSize(beneath(f), size) : rc;
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	return beneath(f)->pMethods->xFileControl(beneath(f), op, arg);
}

static int
file_sector_size(sqlite3_file *f)
{
	return beneath(f)->pMethods->xSectorSize(beneath(f));
}

static int
file_traits(sqlite3_file *f)
{
	return beneath(f)->pMethods->xDeviceCharacteristics(beneath(f));
}

/* A log is neither locked nor mapped. */
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_traits,
};

/* Other files are those of the file system beneath. Not the database's own: a log that is copied in part is counted as copied
 * without a sync, and nobody would hear of a write that failed only then. */
static int
vfs_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	sqlite3_vfs *under = v->pAppData;
	if ((flags & SQLITE_OPEN_WAL) == 0)
		return under->xOpen(under, name, f, flags, out_flags);
	*(struct gather_file *)f = (struct gather_file){0};
	int rc = under->xOpen(under, name, beneath(f), flags, out_flags);
	if (beneath(f)->pMethods != NULL)
		f->pMethods = &methods;
	return rc;
}

static sqlite3_vfs vfs;

const char *
gather_vfs(void)
{
	sqlite3_vfs *under = sqlite3_vfs_find(NULL);
	if (under == NULL || vfs.pAppData == under)
		return under != NULL ? NAME : NULL;
	if (vfs.pAppData != NULL)
		sqlite3_vfs_unregister(&vfs);
	vfs = *under;
	vfs.zName = NAME;
	vfs.szOsFile = (int)sizeof(struct gather_file) + under->szOsFile;
	vfs.xOpen = vfs_open;
	bool known = sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
	vfs.pAppData = known ? under : NULL;
	return known ? NAME : NULL;
}
