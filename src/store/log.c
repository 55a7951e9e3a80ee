#include "store/log.h"

#include "store/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define COPY_BYTES (8 * 1024 * 1024)    /* a log of this size is worth it, */
#define LONG_BYTES (COPY_BYTES * 4)     /* … for the end of this one's copy one waits, so that it begins anew, */
#define LONGEST_BYTES (COPY_BYTES * 16) /* … and of this one waits no longer */

/* ---- the log ---- */

struct log {
	sqlite3 *watched, *own;
	int page_size, fd;
	int64_t bytes; /* its length at the last commit */
	char *path;    /* of the log */
	struct helper copier, syncer;
};

/* What it does not get done the next one does. */
static int
copy(void *ctx)
{
	struct log *l = ctx;
	sqlite3_wal_checkpoint_v2(l->own, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return 0;
}

static int
sync_log(void *ctx)
{
	struct log *l = ctx;
	if (l->fd < 0)
		l->fd = open(l->path, O_RDONLY | O_CLOEXEC);
	return l->fd >= 0 && fdatasync(l->fd) == 0 ? 0 : errno;
}

static bool
has_own(struct log *l)
{
	const char *path = sqlite3_db_filename(l->watched, "main");
	if (l->own == NULL &&
	    (sqlite3_open_v2(path, &l->own, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	        sqlite3_exec(l->own, sql_touch, NULL, NULL, NULL) != SQLITE_OK)) {
		sqlite3_close(l->own);
		l->own = NULL;
	}
	return l->own != NULL;
}

/* After a commit, of which the log has so many pages now. */
static int
committed(void *ctx, sqlite3 *db, const char *name, int pages)
{
	struct log *l = ctx;
	(void)name;
	l->bytes = (int64_t)pages * l->page_size;
	if (l->bytes >= LONGEST_BYTES)
		sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	else if (l->bytes >= COPY_BYTES && !helper_busy(&l->copier) && has_own(l))
		helper_ask(&l->copier);
	return SQLITE_OK;
}

static int
read_page_size(struct store *s, int *ret, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql_page_size, -1, &stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? 0 : db_fail(s, rc, err, "opening");
}

static char *
log_path(sqlite3 *db)
{
	struct buf b;
	buf_init(&b, 0);
	if (!buf_printf(&b, "%s-wal", sqlite3_db_filename(db, "main")))
		buf_done(&b);
	return b.data;
}

struct log *
log_new(struct store *s, struct err *err)
{
	struct log *l = calloc(1, sizeof *l);
	if (l == NULL) {
		err_oom(err);
		return NULL;
	}
	l->watched = s->db;
	l->fd = -1;
	helper_init(&l->copier, copy, l);
	helper_init(&l->syncer, sync_log, l);
	l->path = log_path(s->db);
	if (l->path == NULL)
		err_oom(err);
	if (l->path == NULL || read_page_size(s, &l->page_size, err) < 0) {
		log_free(l);
		return NULL;
	}
	sqlite3_wal_hook(s->db, committed, l);
	return l;
}

void
log_free(struct log *l)
{
	if (l == NULL)
		return;
	sqlite3_wal_hook(l->watched, NULL, NULL);
	helper_done(&l->copier);
	helper_done(&l->syncer);
	sqlite3_close(l->own);
	if (l->fd >= 0)
		close(l->fd);
	free(l->path);
	free(l);
}

bool
log_wants_pause(struct log *l)
{
	return l != NULL && l->bytes >= LONG_BYTES && helper_busy(&l->copier);
}

void
log_sync_begin(struct log *l)
{
	helper_ask(&l->syncer);
}

bool
log_syncing(struct log *l)
{
	return helper_busy(&l->syncer);
}

int
log_sync_end(struct log *l, struct err *err)
{
	int number = helper_await(&l->syncer);
	if (number == 0)
		return 0;
	errno = number;
	return err_errno(err, "%s", l->path);
}
