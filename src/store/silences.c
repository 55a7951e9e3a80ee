#include "store/db.h"

int
store_silence_add(struct store *s, const struct store_silence *silence, int64_t *id, struct err *err)
{
	const struct str texts[] = {silence->author, silence->reason, silence->watch, silence->entity, silence->feed,
	    silence->sink, silence->alarm};
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_SILENCE_ADD);
	call_int(&c, silence->created_at);
	call_int(&c, silence->ends_at);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		call_str(&c, texts[i]);
	int rc = call_run(&c, err);
	*id = sqlite3_last_insert_rowid(s->db);
	return db_end(s, rc, err);
}

int
store_silence_end(struct store *s, int64_t id, int64_t now, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_SILENCE_END);
	call_int(&c, id);
	call_int(&c, now);
	int rc = call_run(&c, err);
	bool found = rc == 0 && sqlite3_changes(s->db) > 0;
	rc = db_end(s, rc, err);
	if (rc == 0 && !found)
		return err_set(err, ERR_NOT_FOUND, "there is no silence %lld in force", (long long)id);
	return rc;
}

int
store_silence_list(struct store *s, int64_t after_at, size_t max, struct arena *arena, struct store_silence **ret,
    size_t *count, struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(s, SQL_SILENCES);
	int rc;

	*ret = NULL;
	*count = 0;
	call_int(&c, after_at);
	call_int(&c, (int64_t)max);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_silence *grown = arena_grow(arena, *ret, &cap, *count, sizeof *grown);
		if (grown == NULL)
			break;
		*ret = grown;
		grown[(*count)++] = (struct store_silence){.id = column_int(&c, 0),
		    .created_at = column_int(&c, 1),
		    .ends_at = column_int(&c, 2),
		    .author = column_str(&c, 3, arena),
		    .reason = column_str(&c, 4, arena),
		    .watch = column_str(&c, 5, arena),
		    .entity = column_str(&c, 6, arena),
		    .feed = column_str(&c, 7, arena),
		    .sink = column_str(&c, 8, arena),
		    .alarm = column_str(&c, 9, arena)};
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(arena, err);
}
