#include "store/db.h"

#include "base/utf8.h"
#include "store/bulk.h"
#include "text/html_delta.h"

#include <errno.h>
#include <sys/stat.h>

static enum err_code
code_of_io(const struct store *s, int extended)
{
	int number = s->db ? sqlite3_system_errno(s->db) : 0;
	if (extended == SQLITE_IOERR_NOMEM)
		return ERR_NO_MEMORY;
	return number == ENOSPC || number == EDQUOT ? ERR_DISK_FULL : ERR_IO;
}

static enum err_code
code_of(const struct store *s, int rc)
{
	switch (rc & 0xFF) {
	case SQLITE_NOMEM:
		return ERR_NO_MEMORY;
	case SQLITE_FULL:
		return ERR_DISK_FULL;
	case SQLITE_IOERR:
		return code_of_io(s, rc);
	case SQLITE_CANTOPEN:
		return ERR_IO;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return ERR_STORE_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_STORE_CORRUPT;
	case SQLITE_INTERRUPT:
	case SQLITE_TOOBIG:
		return ERR_LIMIT;
	default:
		return ERR_STORE;
	}
}

int
db_fail(const struct store *s, int rc, struct err *err, const char *what)
{
	int number = s->db ? sqlite3_system_errno(s->db) : 0;
	enum err_code code = code_of(s, rc);
	const char *text = sqlite3_errstr(rc);

	/* the connection's message says more, when it is about this error */
	if (s->db != NULL && rc != SQLITE_NOMEM && (sqlite3_errcode(s->db) & 0xFF) == (rc & 0xFF))
		text = sqlite3_errmsg(s->db);
	if (rc == SQLITE_NOTADB)
		return err_set(err, code, "%s is not a database; it was left as it is", s->path);
	if (code == ERR_STORE_CORRUPT)
		return err_set(
		    err, code, "%s: %s: the database is damaged (%s); it was left as it is", s->path, what, text);
	if (((rc & 0xFF) == SQLITE_IOERR || (rc & 0xFF) == SQLITE_CANTOPEN) && number != 0)
		return err_set(err, code, "%s: %s: %s (%s)", s->path, what, text, strerror(number));
	return err_set(err, code, "%s: %s: %s", s->path, what, text);
}

int
db_exec(struct store *s, const char *sql, struct err *err, const char *what)
{
	if (s->group_open && !s->group_inside)
		group_finish(s);
	int rc = bulk_write(s);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(s, rc, err, what);
}

int
db_prepare(struct store *s, struct str sql, sqlite3_stmt **ret)
{
	if (s->group_open && !s->group_inside)
		group_settle(s);
	int rc = bulk_write(s);
	return rc == SQLITE_OK ? sqlite3_prepare_v2(s->db, sql.s, (int)sql.len, ret, NULL) : rc;
}

static int
prepare(struct store *s, const char *text, sqlite3_stmt **ret, struct err *err)
{
	int rc = sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);
	return rc == SQLITE_OK ? 0 : db_fail(s, rc, err, "preparing");
}

int
db_prepare_all(struct store *s, struct err *err)
{
	for (size_t i = 0; i < SQL_COUNT; i++) {
		const struct sql_statement *sql = &sql_statements[i];
		if (sql->writes && s->mode == STORE_READ)
			continue;
		if (prepare(s, sql->text, &s->stmts[i], err) < 0)
			return -1;
	}
	for (size_t i = 0; s->mode == STORE_WRITE && i < BULK_COUNT; i++) {
		if (prepare(s, sql_bulk[i].text, &s->bulk.stmts[i], err) < 0)
			return -1;
	}
	return 0;
}

int
db_check_place(const struct store *s, struct err *err)
{
	struct stat st;
	if (stat(sqlite3_db_filename(s->db, "main"), &st) == 0 && st.st_dev == s->device && st.st_ino == s->inode)
		return 0;
	return err_set(err, ERR_STORE, "%s was moved, deleted or replaced while it was in use", s->path);
}

int
db_sync_commits(struct store *s, bool on, struct err *err)
{
	struct call c = call_begin(s, on ? SQL_SYNC_FULL : SQL_SYNC_NORMAL);
	return call_run(&c, err);
}

int
db_begin(struct store *s, struct err *err)
{
	if (db_check_place(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_BEGIN);
	return call_run(&c, err);
}

int
db_end(struct store *s, int rc, struct err *err)
{
	if (rc == 0) {
		struct call c = call_begin(s, SQL_COMMIT);
		rc = call_run(&c, err);
	}
	bulk_forget(s);
	/* some errors have rolled back already */
	if (rc != 0 && sqlite3_get_autocommit(s->db) == 0) {
		struct call c = call_begin(s, SQL_ROLLBACK);
		call_run(&c, NULL);
	}
	s->unindexed += rc == 0 ? s->unindexed_open : 0;
	s->unindexed_open = 0;
	return rc;
}

struct call
call_begin(struct store *s, enum sql_id id)
{
	if (s->group_open && !s->group_inside)
		(sql_statements[id].writes ? group_finish : group_settle)(s);
	int rc = sql_statements[id].apart ? s->bulk.rc : bulk_write(s);
	/* a question that fails in the midst of it takes the transaction along: what follows must not stand alone */
	if (rc == SQLITE_OK && s->group_inside && sqlite3_get_autocommit(s->db) != 0)
		rc = SQLITE_ABORT_ROLLBACK;
	return (struct call){.s = s, .stmt = s->stmts[id], .rc = rc};
}

static void
note(struct call *c, int rc)
{
	if (rc != SQLITE_OK && c->rc == SQLITE_OK)
		c->rc = rc;
}

void
call_int(struct call *c, int64_t v)
{
	note(c, sqlite3_bind_int64(c->stmt, ++c->at, v));
}

void
call_double(struct call *c, double v)
{
	note(c, sqlite3_bind_double(c->stmt, ++c->at, v));
}

void
call_time(struct call *c, int64_t at)
{
	note(c, at == TIME_NONE ? sqlite3_bind_null(c->stmt, ++c->at) : sqlite3_bind_int64(c->stmt, ++c->at, at));
}

/* The database holds only valid UTF-8, whoever called. */
static int
bind_cleaned(struct call *c, struct str s)
{
	struct buf b;
	buf_init(&b, 0);
	bool ok = utf8_clean(&b, s);
	for (size_t i = 0; i < b.len; i++) {
		if (b.data[i] == '\0')
			b.data[i] = ' ';
	}
	int rc = ok ? sqlite3_bind_text64(c->stmt, c->at, b.data ? b.data : "", b.len, SQLITE_TRANSIENT, SQLITE_UTF8)
	            : SQLITE_NOMEM;
	c->bytes += b.len;
	buf_done(&b);
	return rc;
}

static bool
is_clean(struct str s)
{
	return utf8_valid(s) && memchr(s.s, '\0', s.len) == NULL;
}

static void
bind_str(struct call *c, struct str s, sqlite3_destructor_type life)
{
	c->at++;
	if (s.s == NULL) {
		note(c, sqlite3_bind_null(c->stmt, c->at));
	} else if (is_clean(s)) {
		note(c, sqlite3_bind_text64(c->stmt, c->at, s.s, s.len, life, SQLITE_UTF8));
		c->bytes += s.len;
	} else {
		note(c, bind_cleaned(c, s));
	}
}

void
call_str(struct call *c, struct str s)
{
	bind_str(c, s, SQLITE_STATIC);
}

void
call_str_copied(struct call *c, struct str s)
{
	bind_str(c, s, SQLITE_TRANSIENT);
}

void
call_html(struct call *c, struct str html, struct str text, struct buf *delta)
{
	buf_reset(delta);
	/* a text that is not written as it is cannot be what HTML is made from again */
	if (html.s == NULL || text.s == NULL || !is_clean(text) || !is_clean(html) || !html_delta(delta, html, text)) {
		call_str(c, html);
		return;
	}
	call_blob_copied(c, buf_view(delta));
	c->bytes += delta->len;
}

void
call_html_delta(struct call *c, struct str html, struct str delta, struct str text, struct buf *scratch)
{
	if (delta.len == 0) {
		call_html(c, html, text, scratch);
		return;
	}
	call_blob(c, delta);
	c->bytes += delta.len;
}

void
call_text(struct call *c, struct str s)
{
	c->at++;
	note(c, sqlite3_bind_text64(c->stmt, c->at, s.s != NULL ? s.s : "", s.len, SQLITE_STATIC, SQLITE_UTF8));
}

static void
bind_blob(struct call *c, struct str s, sqlite3_destructor_type life)
{
	c->at++;
	if (s.s == NULL)
		note(c, sqlite3_bind_null(c->stmt, c->at));
	else
		note(c, sqlite3_bind_blob64(c->stmt, c->at, s.s, s.len, life));
}

void
call_blob(struct call *c, struct str s)
{
	bind_blob(c, s, SQLITE_STATIC);
}

void
call_blob_copied(struct call *c, struct str s)
{
	bind_blob(c, s, SQLITE_TRANSIENT);
}

void
call_hash(struct call *c, struct hash128 h)
{
	unsigned char bytes[16];
	c->at++;
	hash128_bytes(h, bytes);
	if (hash128_is_none(h))
		note(c, sqlite3_bind_null(c->stmt, c->at));
	else
		note(c, sqlite3_bind_blob(c->stmt, c->at, bytes, sizeof bytes, SQLITE_TRANSIENT));
}

int
call_row(struct call *c, struct err *err)
{
	int rc = c->rc != SQLITE_OK ? c->rc : sqlite3_step(c->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	return db_fail(c->s, rc, err, c->s->mode == STORE_WRITE ? "writing" : "reading");
}

void
call_end(struct call *c)
{
	sqlite3_reset(c->stmt);
}

int
call_run(struct call *c, struct err *err)
{
	int rc;
	while ((rc = call_row(c, err)) > 0)
		continue;
	call_end(c);
	return rc;
}

bool
column_none(const struct call *c, int i)
{
	return sqlite3_column_type(c->stmt, i) == SQLITE_NULL;
}

int64_t
column_int(const struct call *c, int i)
{
	return sqlite3_column_int64(c->stmt, i);
}

int64_t
column_time(const struct call *c, int i)
{
	return column_none(c, i) ? TIME_NONE : sqlite3_column_int64(c->stmt, i);
}

struct str
column_view(const struct call *c, int i)
{
	if (column_none(c, i))
		return STR_NONE;
	const void *p = sqlite3_column_blob(c->stmt, i);
	return (struct str){p ? p : "", p ? (size_t)sqlite3_column_bytes(c->stmt, i) : 0};
}

struct hash128
column_hash(const struct call *c, int i)
{
	struct str v = column_view(c, i);
	struct hash128 h = {0, 0};
	for (size_t k = 0; v.len == 16 && k < 8; k++) {
		h.hi = h.hi << 8 | (unsigned char)v.s[k];
		h.lo = h.lo << 8 | (unsigned char)v.s[k + 8];
	}
	return h;
}

struct str
column_html(const struct call *c, int i, struct str text, struct arena *arena)
{
	struct buf html;
	if (sqlite3_column_type(c->stmt, i) != SQLITE_BLOB)
		return column_str(c, i, arena);
	buf_init(&html, 0);
	bool ok = html_undelta(&html, column_view(c, i), text) && is_clean(buf_view(&html));
	struct str ret = ok ? arena_str(arena, buf_view(&html)) : STR_NONE;
	arena->failed |= html.failed;
	buf_done(&html);
	return ret;
}

struct str
column_str(const struct call *c, int i, struct arena *arena)
{
	return arena_str(arena, column_view(c, i));
}
