#include "store/db.h"
#include "store/records.h"

/* ---- one story ---- */

static void
read_story(const struct call *c, struct arena *a, struct store_story *out)
{
	*out = (struct store_story){.id = column_int(c, 0),
	    .first_at = column_int(c, 1),
	    .last_at = column_int(c, 2),
	    .headline_id = column_int(c, 3),
	    .source_count = (unsigned)column_int(c, 4),
	    .item_count = (unsigned)column_int(c, 5),
	    .by_hand = column_int(c, 6) != 0,
	    .headline = column_str(c, 7, a)};
}

static int
read_entities(struct store *s, struct store_story *story, struct arena *a, struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(s, SQL_STORY_ENTITIES);
	int rc;
	call_int(&c, story->id);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_story_entity *grown =
		    arena_grow(a, story->entities, &cap, story->entity_count, sizeof *grown);
		if (grown == NULL)
			break;
		story->entities = grown;
		struct store_story_entity *e = &story->entities[story->entity_count++];
		*e = (struct store_story_entity){.kind = WATCH_TOPIC,
		    .id = column_str(&c, 1, a),
		    .label = column_str(&c, 2, a),
		    .item_count = (unsigned)column_int(&c, 3)};
		watch_kind_parse(column_view(&c, 0), &e->kind);
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(a, err);
}

static int
read_sources(struct store *s, struct store_story *story, struct arena *a, struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(s, SQL_STORY_SOURCES);
	int rc;
	call_int(&c, story->id);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_story_source *grown =
		    arena_grow(a, story->sources, &cap, story->source_listed, sizeof *grown);
		if (grown == NULL)
			break;
		story->sources = grown;
		story->sources[story->source_listed++] = (struct store_story_source){.feed_key = column_str(&c, 0, a),
		    .feed_title = column_str(&c, 1, a),
		    .at = column_int(&c, 2),
		    .item = column_int(&c, 3)};
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(a, err);
}

int
store_story(struct store *s, int64_t id, struct arena *arena, struct store_story *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_STORY);
	call_int(&c, id);
	int rc = call_row(&c, err);
	if (rc > 0)
		read_story(&c, arena, ret);
	call_end(&c);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no story %lld", (long long)id);
	if (rc < 0 || read_entities(s, ret, arena, err) < 0 || read_sources(s, ret, arena, err) < 0)
		return -1;
	return 0;
}

/* ---- its items ---- */

int
store_story_items(struct store *s, int64_t story, size_t limit, struct arena *arena,
    bool (*each)(void *ctx, const struct record *r), void *ctx, struct err *err)
{
	struct arena ids_arena;
	int64_t *ids = NULL;
	size_t count = 0, cap = 0;
	struct call c = call_begin(s, SQL_STORY_ITEMS);
	int rc;

	arena_init(&ids_arena, 0);
	call_int(&c, story);
	call_int(&c, (int64_t)limit);
	while ((rc = call_row(&c, err)) > 0) {
		int64_t *grown = arena_grow(&ids_arena, ids, &cap, count, sizeof *ids);
		if (grown == NULL)
			break;
		ids = grown;
		ids[count++] = column_int(&c, 0);
	}
	call_end(&c);
	rc = rc < 0 ? -1 : arena_check(&ids_arena, err);
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		struct record r;
		arena_reset(arena);
		rc = records_read(s, ids[i], arena, &r, err);
		if (rc > 0 && !each(ctx, &r))
			break;
	}
	arena_done(&ids_arena);
	return rc < 0 ? -1 : 0;
}

/* ---- many ---- */

/* The number of a name; 0 for none asked for, -1 for one that nothing has, -2 on failure. */
static int64_t
number_of(struct store *s, enum sql_id what, struct str name, struct err *err)
{
	if (name.s == NULL)
		return 0;
	struct call c = call_begin(s, what);
	call_str(&c, name);
	int rc = call_row(&c, err);
	int64_t id = rc > 0 ? column_int(&c, 0) : rc == 0 ? -1 : -2;
	call_end(&c);
	return id;
}

int
store_list_stories(struct store *s, const struct store_story_query *q, struct arena *arena, struct store_story **ret,
    size_t *count, struct err *err)
{
	struct store_story *stories = NULL;
	size_t cap = 0, n = 0;
	int64_t names[4] = {number_of(s, SQL_ENTITY_FIND, q->actor, err), number_of(s, SQL_ENTITY_FIND, q->topic, err),
	    number_of(s, SQL_WATCH_FIND, q->watch, err), number_of(s, SQL_FEED_ID, q->feed, err)};
	int rc = 0;

	*ret = NULL;
	*count = 0;
	for (size_t i = 0; i < 4; i++) {
		if (names[i] < 0)
			return names[i] == -1 ? 0 : -1;
	}
	struct call c = call_begin(s, SQL_STORIES);
	call_int(&c, q->since_at == TIME_NONE ? INT64_MIN : q->since_at);
	call_int(&c, q->until_at == TIME_NONE ? INT64_MAX : q->until_at);
	call_int(&c, q->sources_min);
	for (size_t i = 0; i < 4; i++)
		call_int(&c, names[i]);
	call_int(&c, q->limit > 0 ? (int64_t)q->limit : 50);
	while ((rc = call_row(&c, err)) > 0) {
		struct store_story *grown = arena_grow(arena, stories, &cap, n, sizeof *stories);
		if (grown == NULL)
			break;
		stories = grown;
		read_story(&c, arena, &stories[n++]);
	}
	call_end(&c);
	for (size_t i = 0; rc >= 0 && i < n; i++)
		rc = read_entities(s, &stories[i], arena, err);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*ret = stories;
	*count = n;
	return 0;
}
