#include "store/db.h"

/* Calls `add` for each row of a statement that takes one number. */
static int
list(struct store *s, enum sql_id what, int64_t item, struct arena *arena, void **items, size_t size, size_t *count,
    void (*add)(const struct call *c, struct arena *arena, void *item), struct err *err)
{
	size_t cap = 0, n = 0;
	char *all = NULL;
	struct call c = call_begin(s, what);
	int rc;

	call_int(&c, item);
	while ((rc = call_row(&c, err)) > 0) {
		char *grown = arena_grow(arena, all, &cap, n, size);
		if (grown == NULL)
			break;
		all = grown;
		add(&c, arena, all + n++ * size);
	}
	call_end(&c);
	if (rc < 0 || arena_check(arena, err) < 0)
		return -1;
	*items = all;
	*count = n;
	return 0;
}

static void
add_revision(const struct call *c, struct arena *arena, void *item)
{
	*(struct store_revision *)item = (struct store_revision){.id = column_int(c, 0),
	    .at = column_int(c, 1),
	    .title = column_str(c, 2, arena),
	    .link = column_str(c, 3, arena),
	    .summary = column_str(c, 4, arena),
	    .content = column_str(c, 5, arena)};
}

int
store_list_revisions(
    struct store *s, int64_t item, struct arena *arena, struct store_revision **ret, size_t *count, struct err *err)
{
	return list(s, SQL_REVISIONS, item, arena, (void **)ret, sizeof **ret, count, add_revision, err);
}

static void
add_sighting(const struct call *c, struct arena *arena, void *item)
{
	*(struct store_sighting *)item = (struct store_sighting){.feed_key = column_str(c, 0, arena),
	    .feed_title = column_str(c, 1, arena),
	    .link = column_str(c, 2, arena),
	    .at = column_int(c, 3)};
}

int
store_list_sightings(
    struct store *s, int64_t item, struct arena *arena, struct store_sighting **ret, size_t *count, struct err *err)
{
	return list(s, SQL_SIGHTINGS, item, arena, (void **)ret, sizeof **ret, count, add_sighting, err);
}
