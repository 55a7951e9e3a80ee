#include "store/db.h"
#include "story/window.h"

/* Stories that people put right. What they did stays: nothing here is ever decided again, and the window is told. */

static int
run_two(struct store *s, enum sql_id what, int64_t a, int64_t b, struct err *err)
{
	struct call c = call_begin(s, what);
	call_int(&c, a);
	if (b != 0)
		call_int(&c, b);
	return call_run(&c, err);
}

static int
ask_number(struct store *s, enum sql_id what, int64_t id, int64_t *ret, struct err *err)
{
	struct call c = call_begin(s, what);
	call_int(&c, id);
	int rc = call_row(&c, err);
	*ret = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	return rc;
}

/* Counts, times, sources and headline anew, from its items. */
static int
recount(struct store *s, int64_t story, struct err *err)
{
	static const enum sql_id steps[] = {
	    SQL_STORY_SOURCES_REMOVE, SQL_STORY_SOURCES_AGAIN, SQL_STORY_RECOUNT, SQL_STORY_HEADLINE_AGAIN};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (run_two(s, steps[i], story, 0, err) < 0)
			return -1;
	}
	return 0;
}

static int
split(struct store *s, int64_t item, int64_t now, int64_t *ret, struct err *err)
{
	int64_t old, stay;
	int rc = ask_number(s, SQL_STORY_OF_ITEM, item, &old, err);
	if (rc <= 0)
		return rc < 0 ? -1 : err_set(err, ERR_NOT_FOUND, "item %lld is in no story", (long long)item);
	struct call c = call_begin(s, SQL_STORY_STAYING);
	call_int(&c, old);
	call_int(&c, item);
	rc = call_row(&c, err);
	stay = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	if (rc < 0)
		return -1;
	if (stay == 0)
		return err_set(
		    err, ERR_NOT_FOUND, "story %lld is nothing but item %lld", (long long)old, (long long)item);
	c = call_begin(s, SQL_STORY_ADD);
	call_int(&c, now);
	call_int(&c, item);
	if (call_run(&c, err) < 0)
		return -1;
	*ret = sqlite3_last_insert_rowid(s->db);
	if (run_two(s, SQL_STORY_MOVE_ITEM, *ret, item, err) < 0 || recount(s, *ret, err) < 0)
		return -1;
	return recount(s, old, err);
}

/* The window hears of it only when it stands. */
static int
tell_window(struct store *s, int64_t story, struct err *err)
{
	struct call c = call_begin(s, SQL_STORY_ITEMS);
	int rc;
	call_int(&c, story);
	call_int(&c, -1);
	while ((rc = call_row(&c, err)) > 0)
		story_window_move_item(s->window, column_int(&c, 0), story);
	call_end(&c);
	return rc;
}

int
store_split_story(struct store *s, int64_t item, int64_t now, int64_t *ret, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	int rc = db_end(s, split(s, item, now, ret, err), err);
	if (rc == 0 && s->window != NULL)
		rc = tell_window(s, *ret, err);
	return rc;
}

static int
join(struct store *s, int64_t to, int64_t from, struct err *err)
{
	int64_t stories[2] = {to, from}, there;
	if (to == from)
		return err_set(err, ERR_SYNTAX, "that is one story");
	for (size_t i = 0; i < 2; i++) {
		int rc = ask_number(s, SQL_STORY, stories[i], &there, err);
		if (rc <= 0)
			return rc < 0 ? -1
			              : err_set(err, ERR_NOT_FOUND, "there is no story %lld", (long long)stories[i]);
	}
	if (run_two(s, SQL_STORY_MOVE_ALL, to, from, err) < 0 || run_two(s, SQL_STORY_REMOVE_EMPTY, from, 0, err) < 0)
		return -1;
	return recount(s, to, err);
}

int
store_join_stories(struct store *s, int64_t to, int64_t from, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	int rc = db_end(s, join(s, to, from, err), err);
	if (rc == 0 && s->window != NULL)
		story_window_move_story(s->window, from, to);
	return rc;
}
