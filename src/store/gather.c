#include "store/gather.h"

#include <stdbool.h>
#include <string.h>

#define NAME "gather"
#define WAITING_MAX 0x1FFFF /* SQLite's own file systems write no more at once */
#define FRAME_HEAD_BYTES 24 /* nothing else of that size is written into a log */

struct gather_file {
	sqlite3_file base;
	bool log;
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

/* What cannot be written goes on waiting: it may be asked for again before the transaction is given up. */
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

static int
file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	int rc = write_waiting(f);
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
	if (g->log && n == FRAME_HEAD_BYTES)
		g->commits = is_commit(from);
	if (g->commits || at != g->at + g->waiting || n > WAITING_MAX - g->waiting)
		rc = write_waiting(f);
	if (rc != SQLITE_OK)
		return rc;
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
file_lock(sqlite3_file *f, int lock)
{
	return beneath(f)->pMethods->xLock(beneath(f), lock);
}

static int
file_unlock(sqlite3_file *f, int lock)
{
	int rc = write_waiting(f), unlocked = beneath(f)->pMethods->xUnlock(beneath(f), lock);
	return rc != SQLITE_OK ? rc : unlocked;
}

static int
file_check_lock(sqlite3_file *f, int *held)
{
	return beneath(f)->pMethods->xCheckReservedLock(beneath(f), held);
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

static int
file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	return beneath(f)->pMethods->xShmMap(beneath(f), page, size, extend, ret);
}

static int
file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return beneath(f)->pMethods->xShmLock(beneath(f), offset, n, flags);
}

static void
file_shm_barrier(sqlite3_file *f)
{
	beneath(f)->pMethods->xShmBarrier(beneath(f));
}

static int
file_shm_unmap(sqlite3_file *f, int delete)
{
	return beneath(f)->pMethods->xShmUnmap(beneath(f), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* no mapping of the file: it could show what waits as it was */
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

/* Other files (journals, what is temporary) are those of the file system beneath. */
static int
vfs_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	sqlite3_vfs *under = v->pAppData;
	bool log = (flags & SQLITE_OPEN_WAL) != 0;
	if (!log && (flags & SQLITE_OPEN_MAIN_DB) == 0)
		return under->xOpen(under, name, f, flags, out_flags);
	*(struct gather_file *)f = (struct gather_file){.log = log};
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
