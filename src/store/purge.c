#include "store/items.h"
#include "store/stories.h"

#include <string.h>

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
	    stories_remove_empty(s, story, err) < 0)
		return -1;
	return run_for(s, SQL_STORY_HEADLINE_AGAIN, story, err);
}

/* Whatever names it. Its sightings stay behind without an item: it is known, and never new again. */
static int
purge_item(struct slice *p, int64_t id, struct err *err)
{
	static const enum sql_id all[] = {SQL_OUTBOX_PART, SQL_OUTBOX_FORGET_ITEM, SQL_SIGHTINGS_ORPHAN,
	    SQL_MATCHES_REMOVE, SQL_ITEM_WATCHES_REMOVE, SQL_REVISIONS_REMOVE, SQL_ARTICLE_REMOVE, SQL_ITEM_PURGE};
	if (leave_story(p->s, id, err) < 0 || items_note_words(p->s, id, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (run_for(p->s, all[i], id, err) < 0)
			return -1;
	}
	p->done->items++;
	return 0;
}

/* ---- limits ---- */

#define SURVEY_ROWS 5000 /* whose sizes one call adds up */

enum kind { KIND_UNMATCHED, KIND_MATCHED, KIND_REVISIONS };

struct row {
	int64_t id, bytes;
};

struct rows {
	struct row *list; /* `slice` at most */
	size_t count;
};

static int
collect(struct slice *p, struct call *c, struct rows *rows, struct err *err)
{
	int rc;
	while ((rc = call_row(c, err)) > 0 && rows->count < p->keep->slice)
		rows->list[rows->count++] = (struct row){column_int(c, 0), column_int(c, 1)};
	call_end(c);
	return rc < 0 ? -1 : 0;
}

static int
oldest(struct slice *p, enum kind kind, int64_t before, int64_t most, struct rows *rows, struct err *err)
{
	struct call c = call_begin(p->s, kind == KIND_REVISIONS ? SQL_REVISIONS_OLDEST : SQL_ITEMS_TO_PURGE);
	if (kind != KIND_REVISIONS) {
		call_int(&c, kind == KIND_MATCHED);
		call_int(&c, before);
	}
	call_int(&c, most < (int64_t)p->keep->slice ? most : (int64_t)p->keep->slice);
	return collect(p, &c, rows, err);
}

static int
remove_row(struct slice *p, enum kind kind, int64_t id, struct err *err)
{
	if (kind != KIND_REVISIONS)
		return purge_item(p, id, err);
	p->done->revisions++;
	return run_for(p->s, SQL_REVISION_REMOVE, id, err);
}

/* Adds up some more. 1 all of them are counted now, 0 not yet, -1. */
static int
survey(struct slice *p, enum kind kind, struct survey *sv, struct err *err)
{
	int rc;
	unsigned n = 0;
	struct call c = call_begin(p->s, kind == KIND_REVISIONS ? SQL_REVISION_SIZES : SQL_ITEM_SIZES);
	call_int(&c, sv->at);
	call_int(&c, sv->row_bytes);
	call_int(&c, sv->id);
	call_int(&c, kind == KIND_MATCHED);
	call_int(&c, SURVEY_ROWS);
	for (; (rc = call_row(&c, err)) > 0; n++) {
		*sv = (struct survey){column_int(&c, 0), column_int(&c, 1), column_int(&c, 2), sv->bytes};
		sv->bytes += sv->row_bytes;
	}
	call_end(&c);
	return rc < 0 ? -1 : n < SURVEY_ROWS;
}

/* What is removed is taken off the sum, which so holds until it is small enough; then counting begins anew. */
static int
purge_bytes(struct slice *p, enum kind kind, int64_t limit, struct rows *rows, struct err *err)
{
	struct survey *sv = &p->s->surveys[kind];
	int rc = survey(p, kind, sv, err);
	p->done->more |= rc == 0;
	if (rc <= 0)
		return rc;
	if (sv->bytes > limit && oldest(p, kind, p->now, INT64_MAX, rows, err) < 0)
		return -1;
	for (size_t i = 0; i < rows->count && sv->bytes > limit; i++) {
		if (remove_row(p, kind, rows->list[i].id, err) < 0)
			return -1;
		sv->bytes -= rows->list[i].bytes;
	}
	if (sv->bytes <= limit || rows->count == 0) /* of those that are left all are still to be told */
		*sv = (struct survey){0};
	return 0;
}

/* ---- items ---- */

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

/* Those that are too old, then those that are too many. */
static int
find_old(struct slice *p, enum kind kind, const struct store_limits *l, struct rows *rows, struct err *err)
{
	int64_t have;
	if (l->ms > 0 && oldest(p, kind, p->now - l->ms, INT64_MAX, rows, err) < 0)
		return -1;
	if (rows->count > 0 || l->max <= 0)
		return 0;
	if (count_items(p->s, kind == KIND_MATCHED, &have, err) < 0)
		return -1;
	return have > l->max ? oldest(p, kind, p->now, have - l->max, rows, err) : 0;
}

/* What was counted is not what there is any more once others were removed. */
static int
purge_kind(struct slice *p, enum kind kind, const struct store_limits *l, struct err *err)
{
	struct rows rows = {.list = arena_alloc(p->arena, p->keep->slice * sizeof *rows.list + 1)};
	if (rows.list == NULL)
		return arena_check(p->arena, err);
	if (find_old(p, kind, l, &rows, err) < 0)
		return -1;
	if (rows.count == 0 && l->bytes > 0)
		return purge_bytes(p, kind, l->bytes, &rows, err);
	p->s->surveys[kind] = (struct survey){0};
	for (size_t i = 0; i < rows.count; i++) {
		if (remove_row(p, kind, rows.list[i].id, err) < 0)
			return -1;
	}
	return 0;
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
	const struct store_limits *l = &p->keep->revisions;
	if (l->ms > 0 && delete_some(p, SQL_REVISIONS_PURGE, p->now - l->ms, &p->done->revisions, err) < 0)
		return -1;
	if (l->max > 0) {
		struct call c = call_begin(p->s, SQL_REVISIONS_PURGE_EXCESS);
		call_int(&c, l->max);
		call_int(&c, (int64_t)p->keep->slice);
		if (call_run(&c, err) < 0)
			return -1;
		p->done->revisions += sqlite3_changes(p->s->db);
	}
	if (p->done->revisions > 0) {
		p->s->surveys[KIND_REVISIONS] = (struct survey){0};
		return 0;
	}
	return purge_kind(p, KIND_REVISIONS, &(struct store_limits){.bytes = l->bytes}, err);
}

/* Signatures are only needed while the window goes back so far. */
static int
purge_slice(struct slice *p, struct err *err)
{
	const struct store_keep *k = p->keep;
	if (purge_kind(p, KIND_UNMATCHED, &k->unmatched, err) < 0 ||
	    purge_kind(p, KIND_MATCHED, &k->matched, err) < 0 || purge_revisions(p, err) < 0)
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
	if (rc < 0) {
		*ret = (struct store_purged){0};
		memset(s->surveys, 0, sizeof s->surveys);
	}
	return rc;
}
