#include "store/db.h"
#include "story/window.h"

#include "store/stories.h"

/* Stories that are put right: by people, and then it stays so, or by a page that says whose copy it is. The window is told. */

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
recount(struct store *s, int64_t story, bool by_hand, struct err *err)
{
	if (run_two(s, SQL_STORY_SOURCES_REMOVE, story, 0, err) < 0 ||
	    run_two(s, SQL_STORY_SOURCES_AGAIN, story, 0, err) < 0)
		return -1;
	struct call c = call_begin(s, SQL_STORY_RECOUNT);
	call_int(&c, story);
	call_int(&c, by_hand);
	return call_run(&c, err) < 0 ? -1 : run_two(s, SQL_STORY_HEADLINE_AGAIN, story, 0, err);
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
		return err_set(err, ERR_NOT_FOUND, "story %lld is nothing but item %lld and its copies", (long long)old,
		    (long long)item);
	c = call_begin(s, SQL_STORY_ADD);
	call_int(&c, now);
	call_int(&c, item);
	if (call_run(&c, err) < 0)
		return -1;
	*ret = sqlite3_last_insert_rowid(s->db);
	if (run_two(s, SQL_STORY_MOVE_ITEM, *ret, item, err) < 0 || recount(s, *ret, true, err) < 0)
		return -1;
	return recount(s, old, true, err);
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
		story_window_detach(s->window, column_int(&c, 0));
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
	if (run_two(s, SQL_STORY_MOVE_ALL, to, from, err) < 0 || stories_remove_empty(s, from, err) < 0)
		return -1;
	return recount(s, to, true, err);
}

int
store_join_stories(struct store *s, int64_t to, int64_t from, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	return db_end(s, join(s, to, from, err), err);
}

int
stories_make_copy(struct store *s, int64_t item, int64_t original, int64_t *ret, struct err *err)
{
	int64_t from, to;
	if (stories_find_original(s, original, &original, err) < 0 ||
	    ask_number(s, SQL_STORY_OF_ITEM, item, &from, err) < 0 ||
	    ask_number(s, SQL_STORY_OF_ITEM, original, &to, err) < 0)
		return -1;
	if (from == 0 || to == 0 || item == original)
		return 0;
	struct call c = call_begin(s, SQL_STORY_COPY_ITEM);
	call_int(&c, to);
	call_int(&c, item);
	call_int(&c, original);
	if (call_run(&c, err) < 0)
		return -1;
	if (sqlite3_changes(s->db) == 0)
		return 0;
	*ret = to;
	if (from != to && (stories_remove_empty(s, from, err) < 0 || recount(s, from, false, err) < 0))
		return -1;
	return recount(s, to, false, err) < 0 ? -1 : 1;
}
