#include "store/cache.h"

#include <stdio.h>

#define WRITTEN_PER_MISS 4u /* to read a page again takes a fifth of what an item takes: a twentieth may go into that */

/* What SQLite has counted since it was last asked to begin anew; 0 when it does not say. */
static size_t
ask(struct store *s, int what, bool anew)
{
	int now = 0, highest = 0;
	return sqlite3_db_status(s->db, what, &now, &highest, anew) == SQLITE_OK && now > 0 ? (size_t)now : 0;
}

void
cache_watch(struct store *s)
{
	ask(s, SQLITE_DBSTATUS_CACHE_MISS, true);
	ask(s, SQLITE_DBSTATUS_CACHE_SPILL, true);
}

void
cache_fit(struct store *s, size_t written)
{
	char sql[64];
	size_t misses = ask(s, SQLITE_DBSTATUS_CACHE_MISS, true) + ask(s, SQLITE_DBSTATUS_CACHE_SPILL, true);
	bool full = ask(s, SQLITE_DBSTATUS_CACHE_USED, false) / 1024 >= s->cache_kib / 8 * 7;

	if (misses <= written / WRITTEN_PER_MISS || !full || s->cache_kib * 2 > CACHE_MAX_KIB)
		return;
	snprintf(sql, sizeof sql, "PRAGMA cache_size = -%zu", s->cache_kib * 2);
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		s->cache_kib *= 2;
}
