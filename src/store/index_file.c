#include "store/index_file.h"

#include "base/arena.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

char *
index_file_path(const char *store_path)
{
	struct buf b;
	buf_init(&b, 0);
	if (!buf_printf(&b, "%s.words", store_path))
		buf_done(&b);
	return b.data;
}

/* ---- words are handed over as they are to be ---- */

static int
create(void *ctx, const char **argv, int argc, Fts5Tokenizer **ret)
{
	(void)ctx, (void)argv, (void)argc;
	*ret = (Fts5Tokenizer *)ret; /* there is nothing to know, and NULL will not do */
	return SQLITE_OK;
}

static void
forget(Fts5Tokenizer *t)
{
	(void)t;
}

static int
part(Fts5Tokenizer *t, void *ctx, int flags, const char *text, int len,
    int (*token)(void *ctx, int flags, const char *token, int len, int start, int end))
{
	(void)t, (void)flags;
	for (int at = 0, end; at < len; at = end + 1) {
		const char *space = memchr(text + at, ' ', (size_t)(len - at));
		end = space != NULL ? (int)(space - text) : len;
		int rc = end > at ? token(ctx, 0, text + at, end - at, at, end) : SQLITE_OK;
		if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

int
index_file_tokenize(sqlite3 *db)
{
	static fts5_tokenizer tokenizer = {create, forget, part};
	fts5_api *api = NULL;
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql_index_api, -1, &stmt, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL)) == SQLITE_OK)
		sqlite3_step(stmt);
	int ended = sqlite3_finalize(stmt);
	if (rc != SQLITE_OK || ended != SQLITE_OK)
		return rc != SQLITE_OK ? rc : ended;
	return api != NULL ? api->xCreateTokenizer(api, "given", NULL, &tokenizer, NULL) : SQLITE_ERROR;
}

/* ---- to write ---- */

bool
index_file_is_bad(int rc)
{
	return (rc & 0xFF) == SQLITE_CORRUPT || (rc & 0xFF) == SQLITE_NOTADB;
}

void
index_file_remove(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct arena a;
	arena_init(&a, 0);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct str name = arena_printf(&a, "%s%s", path, ends[i]);
		if (name.s != NULL)
			unlink(name.s);
	}
	arena_done(&a);
}

static int
ask_version(sqlite3 *db, const char *sql, int64_t *ret)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int
connect(struct store *file, int flags)
{
	int on = 1;
	int rc = sqlite3_open_v2(
	    file->path, &file->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | flags, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_busy_timeout(file->db, BUSY_TIMEOUT_MS);
	for (const char *const *sql = sql_index_setup; rc == SQLITE_OK && *sql != NULL; sql++)
		rc = sqlite3_exec(file->db, *sql, NULL, NULL, NULL);
	/* the log and its index stay behind at close, for readers who may not write here */
	sqlite3_file_control(file->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	return rc;
}

static int
open_once(struct store *file, int64_t *version)
{
	int rc = connect(file, SQLITE_OPEN_CREATE);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_db_config(file->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	rc = index_file_tokenize(file->db);
	return rc == SQLITE_OK ? ask_version(file->db, sql_user_version, version) : rc;
}

static void
close_once(struct store *file)
{
	sqlite3_close(file->db);
	file->db = NULL;
}

int
index_file_open(struct store *file, struct err *err)
{
	int64_t version = 0;
	int rc = open_once(file, &version);
	if (index_file_is_bad(rc) || (rc == SQLITE_OK && version != 0 && version != INDEX_VERSION)) {
		close_once(file);
		index_file_remove(file->path);
		version = 0;
		rc = open_once(file, &version);
	}
	if (rc == SQLITE_OK && version == 0) {
		rc = sqlite3_exec(file->db, sql_index_schema, NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			sqlite3_exec(file->db, sql_statements[SQL_ROLLBACK].text, NULL, NULL, NULL);
	}
	if (rc == SQLITE_OK)
		return 0;
	db_fail(file, rc, err, "opening");
	close_once(file);
	return -1;
}

int
index_file_open_again(struct store *file, struct err *err)
{
	int rc = connect(file, 0);
	if (rc == SQLITE_OK)
		return 0;
	db_fail(file, rc, err, "opening");
	close_once(file);
	return -1;
}

/* ---- to search ---- */

int
index_cover_read(struct call *c, struct index_cover *ret, struct err *err)
{
	int rc = call_row(c, err);
	if (rc > 0)
		*ret = (struct index_cover){column_int(c, 0), column_int(c, 1), column_int(c, 2)};
	return rc < 0 ? -1 : 0;
}

bool
index_cover_fits(const struct index_cover *c, const struct index_cover *database)
{
	return c->stamp == database->stamp && c->item <= database->item && c->edit <= database->edit;
}

static bool
attach_as(struct store *s, const char *path, const char *how)
{
	struct buf name;
	sqlite3_stmt *stmt = NULL;
	int64_t version = 0;

	buf_init(&name, 0);
	bool ok = db_add_uri(&name, path, how) &&
	          sqlite3_prepare_v2(s->db, sql_index_attach, -1, &stmt, NULL) == SQLITE_OK &&
	          sqlite3_bind_text(stmt, 1, name.data, (int)name.len, SQLITE_STATIC) == SQLITE_OK &&
	          sqlite3_step(stmt) == SQLITE_DONE;
	sqlite3_finalize(stmt);
	buf_done(&name);
	if (!ok)
		return false;
	if (ask_version(s->db, sql_index_attached_version, &version) == SQLITE_OK && version == INDEX_VERSION)
		return true;
	sqlite3_exec(s->db, sql_index_detach, NULL, NULL, NULL);
	return false;
}

static void
detach(struct store *s)
{
	if (s->index_attached)
		sqlite3_exec(s->db, sql_index_detach, NULL, NULL, NULL);
	s->index_attached = false;
}

/* As with the database: where we may not make the log's index and there is no log, it is read as it lies. A file that was made
 * anew is another one. */
bool
index_file_attach(struct store *s)
{
	struct stat st;
	char *path = index_file_path(sqlite3_db_filename(s->db, "main"));
	bool there = path != NULL && stat(path, &st) == 0;
	if (!there || st.st_ino != s->index_inode)
		detach(s);
	if (there && !s->index_attached) {
		s->index_attached =
		    attach_as(s, path, "mode=ro") || (s->immutable && attach_as(s, path, "immutable=1"));
		s->index_inode = st.st_ino;
	}
	free(path);
	return s->index_attached;
}
