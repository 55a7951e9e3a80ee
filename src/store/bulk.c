#include "store/bulk.h"

struct call
bulk_begin(struct store *s, enum bulk_table t)
{
	struct bulk *b = &s->bulk;
	return (struct call){.s = s, .stmt = b->stmts[t], .at = (int)b->counts[t] * sql_bulk[t].columns, .rc = b->rc};
}

static int
write_table(struct store *s, enum bulk_table t)
{
	struct bulk *b = &s->bulk;
	sqlite3_stmt *stmt = b->stmts[t];
	int rc = sqlite3_bind_int64(stmt, BULK_ROWS * sql_bulk[t].columns + 1, (int64_t)b->counts[t]);
	if (sqlite3_get_autocommit(s->db) != 0) /* an error has taken the transaction along */
		rc = SQLITE_ABORT_ROLLBACK;
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	sqlite3_reset(stmt);
	b->waiting -= b->counts[t];
	b->counts[t] = 0;
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void
note(struct bulk *b, int rc)
{
	if (b->rc == SQLITE_OK)
		b->rc = rc;
}

int
bulk_end(struct call *c, enum bulk_table t, struct err *err)
{
	struct bulk *b = &c->s->bulk;
	note(b, c->rc);
	if (b->rc == SQLITE_OK) {
		b->counts[t]++;
		b->waiting++;
		if (b->counts[t] == BULK_ROWS)
			note(b, write_table(c->s, t));
	}
	return b->rc == SQLITE_OK ? 0 : db_fail(c->s, b->rc, err, "writing");
}

int
bulk_write(struct store *s)
{
	struct bulk *b = &s->bulk;
	for (size_t t = 0; b->waiting > 0 && b->rc == SQLITE_OK && t < BULK_COUNT; t++) {
		if (b->counts[t] > 0)
			note(b, write_table(s, (enum bulk_table)t));
	}
	return b->rc;
}

void
bulk_forget(struct store *s)
{
	struct bulk *b = &s->bulk;
	memset(b->counts, 0, sizeof b->counts);
	b->waiting = 0;
	b->last_item = b->last_story = 0;
	b->rc = SQLITE_OK;
}

int64_t
bulk_next(struct store *s, enum sql_id ask, int64_t *last, struct err *err)
{
	if (*last == 0) {
		struct call c = call_begin(s, ask);
		int rc = call_row(&c, err);
		*last = rc > 0 ? column_int(&c, 0) : 0;
		call_end(&c);
		if (rc < 0)
			return -1;
	}
	return ++*last;
}

static bool
has(const uint64_t *list, size_t count, uint64_t n)
{
	bool found = false;
	for (size_t i = 0; i < count; i++)
		found |= list[i] == n;
	return found;
}

void
bulk_note_key(struct store *s, struct hash128 key)
{
	s->bulk.keys[s->bulk.counts[BULK_SIGHTINGS]] = key.lo;
}

bool
bulk_has_key(const struct store *s, struct hash128 key)
{
	return has(s->bulk.keys, s->bulk.counts[BULK_SIGHTINGS], key.lo);
}

void
bulk_note_alias(struct store *s, struct hash128 alias)
{
	s->bulk.pages[s->bulk.counts[BULK_ITEMS]] = alias.hi;
}

bool
bulk_has_page(const struct store *s, uint64_t page)
{
	/* of an item that is written its sighting must be, too */
	return s->bulk.counts[BULK_SIGHTINGS] != s->bulk.counts[BULK_ITEMS] ||
	       has(s->bulk.pages, s->bulk.counts[BULK_ITEMS], page);
}

/* Items come in the order of their numbers. */
void
bulk_note_item(struct store *s, int64_t item)
{
	if (s->bulk.counts[BULK_STORY_ITEMS] == 0)
		s->bulk.first_item = item;
}

bool
bulk_has_item(const struct store *s, int64_t item)
{
	return s->bulk.counts[BULK_STORY_ITEMS] > 0 && item >= s->bulk.first_item;
}
