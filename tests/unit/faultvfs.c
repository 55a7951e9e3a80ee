#include "faultvfs.h"

#include <signal.h>
#include <sqlite3.h>
#include <stddef.h>

struct fault_file {
	sqlite3_file base;
	sqlite3_file *real; /* lies behind this */
};

static enum fault fault;
static long countdown;
static bool later, fired;

void
faultvfs_arm(enum fault what, long nth, bool and_later)
{
	fault = what;
	countdown = nth;
	later = and_later;
	fired = false;
}

bool
faultvfs_fired(void)
{
	bool was = fired;
	faultvfs_arm(FAULT_IO, 0, false);
	return was;
}

static bool
goes_wrong(void)
{
	if (fired && later)
		return true;
	if (countdown == 0 || --countdown > 0)
		return false;
	fired = true;
	return true;
}

static int
failure(int io_error)
{
	if (fault == FAULT_KILL)
		raise(SIGKILL);
	return fault == FAULT_FULL ? SQLITE_FULL : io_error;
}

static sqlite3_file *
real(sqlite3_file *f)
{
	return ((struct fault_file *)f)->real;
}

static int
file_close(sqlite3_file *f)
{
	return real(f)->pMethods->xClose(real(f));
}

static int
file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), to, n, at);
}

static int
file_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
	if (!goes_wrong())
		return real(f)->pMethods->xWrite(real(f), from, n, at);
	if (fault != FAULT_IO)
		real(f)->pMethods->xWrite(real(f), from, n / 2, at);
	return failure(SQLITE_IOERR_WRITE);
}

static int
file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
	return goes_wrong() ? failure(SQLITE_IOERR_TRUNCATE) : real(f)->pMethods->xTruncate(real(f), size);
}

static int
file_sync(sqlite3_file *f, int flags)
{
	/* the tests simulate kills, not power cuts: what was written is there whether it was synced or not */
	return goes_wrong() ? failure(SQLITE_IOERR_FSYNC) : SQLITE_OK;
}

static int
file_size(sqlite3_file *f, sqlite3_int64 *size)
{
	return real(f)->pMethods->xFileSize(real(f), size);
}

static int
file_lock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xLock(real(f), lock);
}

static int
file_unlock(sqlite3_file *f, int lock)
{
	return real(f)->pMethods->xUnlock(real(f), lock);
}

static int
file_check_lock(sqlite3_file *f, int *held)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), held);
}

static int
file_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int
file_sector_size(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int
file_traits(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int
file_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
	if (extend && goes_wrong())
		return failure(SQLITE_IOERR_SHMSIZE);
	return real(f)->pMethods->xShmMap(real(f), page, size, extend, ret);
}

static int
file_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
	return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}

static void
file_shm_barrier(sqlite3_file *f)
{
	real(f)->pMethods->xShmBarrier(real(f));
}

static int
file_shm_unmap(sqlite3_file *f, int delete)
{
	return real(f)->pMethods->xShmUnmap(real(f), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
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

static sqlite3_vfs vfs;

static int
vfs_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
	sqlite3_vfs *under = v->pAppData;
	struct fault_file *file = (struct fault_file *)f;
	file->real = (sqlite3_file *)(file + 1);
	file->base.pMethods = NULL;
	if (goes_wrong())
		return failure(SQLITE_CANTOPEN);
	int rc = under->xOpen(under, name, file->real, flags, out_flags);
	if (file->real->pMethods != NULL)
		file->base.pMethods = &methods;
	return rc;
}

void
faultvfs_register(void)
{
	sqlite3_vfs *under = sqlite3_vfs_find(NULL);
	vfs = *under;
	vfs.zName = "fault";
	vfs.szOsFile = (int)sizeof(struct fault_file) + under->szOsFile;
	vfs.pAppData = under;
	vfs.xOpen = vfs_open;
	sqlite3_vfs_register(&vfs, 1);
}
