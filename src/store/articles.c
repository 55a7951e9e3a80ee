/* Which pages are wanted, and which were asked for. What is found in them is stored by items.c. */
#include "store/db.h"

int
store_articles_wanted(struct store *s, int64_t after_id, size_t max, struct arena *arena,
    struct store_article_wish **ret, size_t *count, struct err *err)
{
	struct store_article_wish *wishes = NULL;
	size_t cap = 0, n = 0;
	struct call c = call_begin(s, SQL_ARTICLES_WANTED);
	int rc;

	call_int(&c, after_id);
	call_int(&c, (int64_t)max);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_article_wish *grown = arena_grow(arena, wishes, &cap, n, sizeof *wishes);
		if (grown == NULL)
			break;
		wishes = grown;
		wishes[n++] = (struct store_article_wish){.item_id = column_int(&c, 0),
		    .feed_key = column_str(&c, 1, arena),
		    .link = column_str(&c, 2, arena)};
	}
	call_end(&c);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*ret = wishes;
	*count = n;
	return 0;
}

int
store_article_ask(struct store *s, int64_t item_id, int64_t now, struct err *err)
{
	struct call c = call_begin(s, SQL_ARTICLE_ASK);
	call_int(&c, now);
	call_int(&c, item_id);
	if (call_run(&c, err) < 0)
		return -1;
	if (sqlite3_changes(s->db) == 0)
		return err_set(err, ERR_NOT_FOUND, "the page of item %lld is not wanted", (long long)item_id);
	return 0;
}

int
store_articles_recover(struct store *s, int64_t now, size_t *count, struct err *err)
{
	struct call c = call_begin(s, SQL_ARTICLES_RECOVER);
	*count = 0;
	call_int(&c, now);
	if (call_run(&c, err) < 0)
		return -1;
	*count = (size_t)sqlite3_changes(s->db);
	return 0;
}
