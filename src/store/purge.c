#include "store/items.h"

/* Oldest first, a slice at a time; what may not go yet (it is still to be told) is passed over and met again the next
 * time round. */

struct slice {
	struct store *s;
	const struct store_keep *keep;
	int64_t now;
	struct arena *arena;
	struct store_purged *done;
};

static int
run_for(struct store *s, enum sql_id what, int64_t id, struct err *err)
{
	struct call c = call_begin(s, what);
	call_int(&c, id);
	return call_run(&c, err);
}

/* ---- one item ---- */

static int
leave_story(struct store *s, int64_t item, struct err *err)
{
	struct call c = call_begin(s, SQL_STORY_OF_ITEM);
	call_int(&c, item);
	int rc = call_row(&c, err);
	int64_t story = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	if (rc <= 0)
		return rc;
	if (run_for(s, SQL_STORY_ITEM_REMOVE, item, err) < 0 || run_for(s, SQL_STORY_SHRINK, story, err) < 0 ||
	    run_for(s, SQL_STORY_REMOVE_EMPTY, story, err) < 0)
		return -1;
	return run_for(s, SQL_STORY_HEADLINE_AGAIN, story, err);
}

/* Its sightings stay behind without an item: it is known, and never new again. */
static int
purge_item(struct slice *p, int64_t id, struct err *err)
{
	if (run_for(p->s, SQL_OUTBOX_FORGET_ITEM, id, err) < 0 || leave_story(p->s, id, err) < 0 ||
	    items_forget_words(p->s, id, err) < 0)
		return -1;
	p->done->items++;
	return run_for(p->s, SQL_ITEM_PURGE, id, err);
}

/* ---- items ---- */

static int
collect(struct slice *p, struct call *c, int64_t *ids, size_t *count, struct err *err)
{
	int rc;
	while ((rc = call_row(c, err)) > 0 && *count < p->keep->slice)
		ids[(*count)++] = column_int(c, 0);
	call_end(c);
	return rc < 0 ? -1 : 0;
}

static int
purge_ids(struct slice *p, const int64_t *ids, size_t count, struct err *err)
{
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = purge_item(p, ids[i], err);
	return rc;
}

static int
count_items(struct store *s, bool matched, int64_t *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_COUNT_ITEMS);
	call_int(&c, matched);
	int rc = call_row(&c, err);
	*ret = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

/* matched or unmatched ones: those that are too old, then those that are too many. */
static int
purge_kind(struct slice *p, bool matched, int64_t age_ms, int64_t most, struct err *err)
{
	size_t count = 0;
	int64_t *ids = arena_alloc(p->arena, p->keep->slice * sizeof *ids + 1), have = 0;
	if (ids == NULL)
		return arena_check(p->arena, err);
	if (age_ms > 0) {
		struct call c = call_begin(p->s, SQL_ITEMS_TO_PURGE);
		call_int(&c, matched);
		call_int(&c, p->now - age_ms);
		call_int(&c, (int64_t)p->keep->slice);
		if (collect(p, &c, ids, &count, err) < 0)
			return -1;
	}
	if (count == 0 && most > 0) {
		if (count_items(p->s, matched, &have, err) < 0)
			return -1;
		int64_t excess = have - most;
		if (excess > 0) {
			struct call c = call_begin(p->s, SQL_ITEMS_TO_PURGE);
			call_int(&c, matched);
			call_int(&c, p->now);
			call_int(&c, excess < (int64_t)p->keep->slice ? excess : (int64_t)p->keep->slice);
			if (collect(p, &c, ids, &count, err) < 0)
				return -1;
		}
	}
	return purge_ids(p, ids, count, err);
}

/* ---- the rest ---- */

static int
delete_some(struct slice *p, enum sql_id what, int64_t before, int64_t *done, struct err *err)
{
	struct call c = call_begin(p->s, what);
	call_int(&c, before);
	call_int(&c, (int64_t)p->keep->slice);
	if (call_run(&c, err) < 0)
		return -1;
	*done += sqlite3_changes(p->s->db);
	return 0;
}

static int
purge_revisions(struct slice *p, struct err *err)
{
	const struct store_keep *k = p->keep;
	if (k->revisions_ms > 0 &&
	    delete_some(p, SQL_REVISIONS_PURGE, p->now - k->revisions_ms, &p->done->revisions, err) < 0)
		return -1;
	if (k->revisions_max <= 0)
		return 0;
	struct call c = call_begin(p->s, SQL_REVISIONS_PURGE_EXCESS);
	call_int(&c, k->revisions_max);
	call_int(&c, (int64_t)k->slice);
	if (call_run(&c, err) < 0)
		return -1;
	p->done->revisions += sqlite3_changes(p->s->db);
	return 0;
}

/* Signatures are only needed while the window goes back so far. */
static int
purge_slice(struct slice *p, struct err *err)
{
	const struct store_keep *k = p->keep;
	if (purge_kind(p, false, k->unmatched_ms, k->unmatched_max, err) < 0 ||
	    purge_kind(p, true, k->matched_ms, k->matched_max, err) < 0 || purge_revisions(p, err) < 0)
		return -1;
	if (k->ids_ms > 0 && delete_some(p, SQL_TOMBSTONES_PURGE, p->now - k->ids_ms, &p->done->ids, err) < 0)
		return -1;
	return k->signatures_ms > 0
	           ? delete_some(p, SQL_SIGNATURES_PURGE, p->now - k->signatures_ms, &p->done->signatures, err)
	           : 0;
}

int
store_purge(struct store *s, const struct store_keep *keep, int64_t now, struct store_purged *ret, struct err *err)
{
	struct arena arena;
	struct slice p = {s, keep, now, &arena, ret};

	*ret = (struct store_purged){0};
	if (db_begin(s, err) < 0)
		return -1;
	arena_init(&arena, 0);
	int rc = db_end(s, purge_slice(&p, err), err);
	arena_done(&arena);
	if (rc < 0)
		*ret = (struct store_purged){0};
	return rc;
}
