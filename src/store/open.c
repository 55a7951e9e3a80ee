#include "store/apart.h"
#include "store/cache.h"
#include "store/gather.h"
#include "store/index.h"
#include "store/index_file.h"
#include "store/lock.h"
#include "store/log.h"
#include "store/migrate.h"
#include "store/placer.h"
#include "store/tail.h"
#include "store/words.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

static struct store *
store_new(const char *path, enum store_mode mode)
{
	struct store *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	s->mode = mode;
	s->unindexed = mode == STORE_WRITE; /* who knows how the last run ended */
	s->lock_fd = -1;
	s->tail_max = TAIL_MAX;
	/* one file has one lock, by whatever link it is reached */
	s->path = realpath(path, NULL);
	if (s->path == NULL)
		s->path = strdup(path);
	buf_init(&s->scratch, 0);
	arena_init(&s->fold_scratch, 0);
	buf_init(&s->words, 0);
	buf_init(&s->html, 0);
	if (s->path == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

static int
setup(struct store *s, const char *const *statements, struct err *err)
{
	for (; *statements != NULL; statements++) {
		if (db_exec(s, *statements, err, "opening") < 0)
			return -1;
	}
	return 0;
}

static int
open_handle(struct store *s, const char *name, int flags, struct err *err)
{
	const char *vfs = s->mode == STORE_WRITE ? gather_vfs() : NULL;
	int rc =
	    sqlite3_open_v2(name, &s->db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs);
	if (rc != SQLITE_OK)
		return db_fail(s, rc, err, "opening");
	sqlite3_busy_timeout(s->db, BUSY_TIMEOUT_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	rc = index_file_tokenize(s->db);
	return rc == SQLITE_OK ? 0 : db_fail(s, rc, err, "opening");
}

static int
remember_place(struct store *s, struct err *err)
{
	struct stat st;
	if (stat(sqlite3_db_filename(s->db, "main"), &st) < 0)
		return err_errno(err, "%s", s->path);
	s->device = st.st_dev;
	s->inode = st.st_ino;
	return 0;
}

/* The log and its index stay behind at close, empty, so that readers who may not write here can still open. */
static void
keep_log(struct store *s)
{
	int on = 1;
	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
}

/* index_words(title, summary, content): for the migration that fills the index again. */
static void
index_words(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct str texts[WORDS_TEXTS_MAX] = {{NULL, 0}};
	struct arena scratch;
	struct buf out;
	for (int i = 0; i < argc; i++) {
		const char *text = (const char *)sqlite3_value_text(argv[i]);
		texts[i] = text != NULL ? (struct str){text, (size_t)sqlite3_value_bytes(argv[i])} : STR_NONE;
	}
	arena_init(&scratch, 0);
	buf_init(&out, 0);
	if (words_index(&out, &scratch, texts, (size_t)argc))
		sqlite3_result_text64(ctx, out.data, out.len, SQLITE_TRANSIENT, SQLITE_UTF8);
	else
		sqlite3_result_error_nomem(ctx);
	buf_done(&out);
	arena_done(&scratch);
}

static int
migrate(struct store *s, struct err *err)
{
	int rc = sqlite3_create_function_v2(s->db, "index_words", WORDS_TEXTS_MAX,
	    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, index_words, NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return db_fail(s, rc, err, "opening");
	return migrate_run(s->db, s->path, sql_migrations, sql_migration_count, err);
}

static int
open_writer(struct store *s, struct err *err)
{
	s->lock_fd = lock_take(s->path, err);
	if (s->lock_fd < 0 || open_handle(s, s->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) < 0)
		return -1;
	int version = migrate_version(s->db, s->path, err);
	if (version < 0)
		return -1;
	if (sqlite3_db_readonly(s->db, "main") == 1)
		return err_set(err, ERR_STORE, "%s may not be written: %s", s->path,
		    strerror(access(s->path, W_OK) < 0 ? errno : EACCES));
	if ((size_t)version <= sql_migration_count &&
	    (setup(s, sql_setup, err) < 0 || setup(s, sql_setup_writer, err) < 0))
		return -1;
	s->cache_kib = CACHE_KIB;
	keep_log(s);
	if (migrate(s, err) < 0)
		return -1;
	s->log = log_new(s, err);
	s->index = s->log != NULL ? index_new(sqlite3_db_filename(s->db, "main"), err) : NULL;
	return s->index == NULL ? -1 : remember_place(s, err);
}

static bool
has_log(const struct store *s)
{
	struct arena a;
	struct stat st;
	arena_init(&a, 0);
	struct str name = arena_printf(&a, "%s-wal", s->path);
	bool there = name.s == NULL || stat(name.s, &st) == 0;
	arena_done(&a);
	return there;
}

bool
db_add_uri(struct buf *b, const char *path, const char *how)
{
	bool ok = buf_puts(b, "file:");
	for (; ok && *path != '\0'; path++) {
		if (strchr("?#%", *path) != NULL)
			ok = buf_printf(b, "%%%02X", (unsigned)*path);
		else
			ok = buf_putc(b, *path);
	}
	return ok && buf_putc(b, '?') && buf_puts(b, how);
}

/* Where we may not make the log's index and there is no log, the file is whole and nobody is writing: read it as it
 * lies. */
static int
open_immutable(struct store *s, struct err *err)
{
	struct buf name;
	sqlite3_close(s->db);
	s->db = NULL;
	buf_init(&name, 0);
	int rc = db_add_uri(&name, s->path, "immutable=1") ? open_handle(s, name.data, SQLITE_OPEN_READONLY, err)
	                                                   : err_oom(err);
	buf_done(&name);
	s->immutable = rc == 0;
	return rc < 0 ? rc : migrate_version(s->db, s->path, err);
}

static int
open_reader(struct store *s, struct err *err)
{
	struct stat st;
	if (stat(s->path, &st) < 0 && errno == ENOENT)
		return err_set(
		    err, ERR_NOT_FOUND, "there is no database %s yet: tidingsd makes it at its first start", s->path);
	if (access(s->path, R_OK) < 0)
		return err_errno(err, "cannot read %s", s->path);
	if (open_handle(s, s->path, SQLITE_OPEN_READONLY, err) < 0)
		return -1;
	int version = migrate_version(s->db, s->path, err);
	int rc = version < 0 ? sqlite3_errcode(s->db) & 0xFF : SQLITE_OK;
	if ((rc == SQLITE_CANTOPEN || rc == SQLITE_READONLY) && !has_log(s))
		version = open_immutable(s, err);
	if (version < 0)
		return -1;
	if ((size_t)version > sql_migration_count)
		return err_set(err, ERR_STORE_NEWER,
		    "%s was made by a newer version of tidings (schema %d, this one knows %zu)", s->path, version,
		    sql_migration_count);
	if (version == 0)
		return err_set(
		    err, ERR_NOT_FOUND, "the database %s is empty yet: tidingsd fills it at its first start", s->path);
	if ((size_t)version < sql_migration_count)
		return err_set(err, ERR_STORE,
		    "%s was made by an older version: start tidingsd, which brings it up to this one", s->path);
	return setup(s, sql_setup, err) < 0 ? -1 : remember_place(s, err);
}

void
store_count_no_memory(void)
{
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused once SQLite is in use: then it counts */
}

int
store_open(const char *path, enum store_mode mode, struct store **ret, struct err *err)
{
	*ret = NULL;
	struct store *s = store_new(path, mode);
	if (s == NULL)
		return err_oom(err);
	int rc = mode == STORE_WRITE ? open_writer(s, err) : open_reader(s, err);
	if (rc < 0 || db_prepare_all(s, err) < 0) {
		store_close(s);
		return -1;
	}
	*ret = s;
	return 0;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	placer_free(s->placer);
	apart_free(s->apart);
	group_free(s); /* what was in it is rolled back */
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(s->stmts[i]);
	for (size_t i = 0; i < BULK_COUNT; i++)
		sqlite3_finalize(s->bulk.stmts[i]);
	index_free(s->index);
	log_free(s->log);
	sqlite3_close(s->db);
	lock_release(s->lock_fd);
	free(s->entities);
	buf_done(&s->scratch);
	arena_done(&s->fold_scratch);
	buf_done(&s->words);
	buf_done(&s->html);
	free(s->path);
	free(s);
}

int64_t
store_data_version(struct store *s)
{
	struct call c = call_begin(s, SQL_DATA_VERSION);
	int64_t version = call_row(&c, NULL) > 0 ? column_int(&c, 0) : -1;
	call_end(&c);
	return version;
}
