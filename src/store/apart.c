#include "store/apart.h"

#include <stdlib.h>

struct apart {
	const char *path;
	sqlite3 *db;
	sqlite3_stmt *signature; /* NULL, once it was tried: it cannot be opened */
	bool tried;
};

struct apart *
apart_new(const char *path)
{
	struct apart *a = calloc(1, sizeof *a);
	if (a != NULL)
		a->path = path;
	return a;
}

void
apart_free(struct apart *a)
{
	if (a == NULL)
		return;
	sqlite3_finalize(a->signature);
	sqlite3_close(a->db);
	free(a);
}

static void
begin(struct apart *a)
{
	a->tried = true;
	if (sqlite3_open_v2(a->path, &a->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK)
		sqlite3_prepare_v3(a->db, sql_statements[SQL_STORY_SIGNATURE].text, -1, SQLITE_PREPARE_PERSISTENT,
		    &a->signature, NULL);
}

bool
apart_signature(struct apart *a, int64_t item, struct arena *arena, struct str *ret)
{
	if (!a->tried)
		begin(a);
	bool found = a->signature != NULL && sqlite3_bind_int64(a->signature, 1, item) == SQLITE_OK &&
	             sqlite3_step(a->signature) == SQLITE_ROW;
	if (found) {
		const char *bytes = sqlite3_column_blob(a->signature, 0);
		*ret = bytes == NULL
		           ? STR_NONE
		           : arena_str(arena, (struct str){bytes, (size_t)sqlite3_column_bytes(a->signature, 0)});
	}
	sqlite3_reset(a->signature); /* it looks at the file no longer: whoever copies the log has not to wait */
	return found;
}
