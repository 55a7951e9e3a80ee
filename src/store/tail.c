#include "store/tail.h"

#include "store/index_file.h"
#include "store/words.h"

/* A statement of our own, which is not prepared for later. */
static int
begin_call(struct store *s, const char *sql, struct call *ret, struct err *err)
{
	*ret = (struct call){.s = s, .rc = SQLITE_OK};
	int rc = db_prepare(s, str_from(sql), &ret->stmt);
	return rc == SQLITE_OK ? 0 : db_fail(s, rc, err, "searching");
}

static int
end_call(struct call *c, int rc)
{
	sqlite3_finalize(c->stmt);
	return rc < 0 ? -1 : 0;
}

static int
read_cover(struct store *s, const char *sql, struct index_cover *ret, struct err *err)
{
	struct call c;
	*ret = (struct index_cover){0, 0, 0};
	if (begin_call(s, sql, &c, err) < 0)
		return -1;
	return end_call(&c, index_cover_read(&c, ret, err));
}

/* *any: there are some. */
static int
find_items(struct store *s, const struct index_cover *covered, bool *any, struct err *err)
{
	struct call c;
	if (db_exec(s, sql_tail_setup, err, "searching") < 0 || begin_call(s, sql_tail_find, &c, err) < 0)
		return -1;
	call_int(&c, covered->item);
	call_int(&c, covered->edit);
	call_int(&c, (int64_t)s->tail_max);
	int rc = call_row(&c, err);
	*any = rc == 0 && sqlite3_changes(s->db) > 0;
	s->tail_cut = rc == 0 && (size_t)sqlite3_changes(s->db) >= s->tail_max;
	return end_call(&c, rc);
}

static int
add_words(struct store *s, struct call *add, const struct call *item, struct err *err)
{
	const struct str texts[WORDS_TEXTS_MAX] = {column_view(item, 0), column_view(item, 1), column_view(item, 2)};
	buf_reset(&s->words);
	if (!words_index_item(&s->words, &s->fold_scratch, texts))
		return err_oom(err);
	add->at = 0;
	call_int(add, column_int(item, 3));
	call_text(add, buf_view(&s->words));
	return call_run(add, err);
}

static int
index_items(struct store *s, struct err *err)
{
	struct call c, add = {.stmt = NULL};
	if (begin_call(s, sql_tail_items, &c, err) < 0)
		return -1;
	int rc = begin_call(s, sql_tail_add, &add, err);
	while (rc == 0 && (rc = call_row(&c, err)) > 0)
		rc = add_words(s, &add, &c, err);
	end_call(&add, 0);
	return end_call(&c, rc);
}

int
tail_begin(struct store *s, struct tail *t, struct err *err)
{
	struct index_cover covered = {0, 0, 0}, database;
	bool own = sqlite3_get_autocommit(s->db) != 0;

	*t = (struct tail){.indexed = own ? index_file_attach(s) : s->index_attached};
	if (own && db_exec(s, sql_read_begin, err, "searching") < 0)
		return -1;
	t->began = own;
	/* the index first: what the database had then it has still, and says what was edited since */
	if (t->indexed && read_cover(s, sql_index_attached_cover, &covered, err) < 0)
		return -1;
	if (read_cover(s, sql_source[SOURCE_STATE], &database, err) < 0)
		return -1;
	if (!t->indexed || !index_cover_fits(&covered, &database)) {
		t->indexed = false;
		covered = (struct index_cover){database.stamp, 0, database.edit};
	}
	if (covered.item == database.item && covered.edit == database.edit)
		return 0;
	if (find_items(s, &covered, &t->any, err) < 0)
		return -1;
	return t->any ? index_items(s, err) : 0;
}

void
tail_end(struct store *s, struct tail *t)
{
	if (t->began)
		sqlite3_exec(s->db, sql_read_end, NULL, NULL, NULL);
	t->began = false;
}
