#include "store/tells.h"

#include "store/stories.h"

#include <stdlib.h>

#define WATCHES_MAX 4096 /* bytes of the keys that one row names */

/* The last notification of a group at a sink. */
struct last {
	int64_t row;
	struct str id, thread;
	struct store_thread facts;
	enum notification_kind kind;
};

static bool
is_open(int64_t state, int64_t attempts)
{
	return attempts == 0 && (state == STORE_STATE_PENDING || state == STORE_STATE_HELD);
}

static int
find_last(struct store *s, struct str sink, struct str group, struct arena *a, struct last *ret, struct err *err)
{
	*ret = (struct last){.facts.told_at = TIME_NONE};
	if (group.s == NULL)
		return 0;
	struct call c = call_begin(s, SQL_OUTBOX_THREAD);
	call_str(&c, sink);
	call_str(&c, group);
	int rc = call_row(&c, err);
	if (rc > 0) {
		ret->row = column_int(&c, 0);
		ret->id = column_str(&c, 1, a);
		ret->thread = column_str(&c, 2, a);
		ret->facts.open = is_open(column_int(&c, 3), column_int(&c, 4));
		ret->facts.told = !ret->facts.open && column_int(&c, 3) != STORE_STATE_MUTED;
		ret->facts.told_at = column_time(&c, 5);
		ret->kind = (enum notification_kind)column_int(&c, 6);
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(a, err);
}

int
store_alarm_thread(struct store *s, struct str sink, struct str group, struct store_thread *ret, struct err *err)
{
	struct arena a;
	struct last last;
	arena_init(&a, 0);
	int rc = find_last(s, sink, group, &a, &last, err);
	*ret = last.facts;
	arena_done(&a);
	return rc;
}

/* ---- identifiers ---- */

static struct str
print_id(struct arena *a, struct hash128 h)
{
	return arena_printf(a, "n-%016llx%016llx", (unsigned long long)h.hi, (unsigned long long)h.lo);
}

/* The same for the same item and sink, whatever becomes of this database. `salt` is 0 but for a key that came back; a
 * notification that is not the item's own (an escalation) has its group in its identifier. */
static struct str
item_id_of(struct item_context *ctx, const struct store_new_item *item, struct str sink, struct str group, int64_t salt)
{
	unsigned char key[16];
	hash128_bytes(item->identity->key, key);
	struct hash128 h = hash128(ctx->feed_key, (uint64_t)salt);
	h = hash128_mix(hash128_mix(h, (struct str){(char *)key, sizeof key}), sink);
	if (group.s != NULL)
		h = hash128_mix(h, group);
	return print_id(ctx->scratch, h);
}

static int
is_taken(struct store *s, struct str id, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_ITEM_OF_ID);
	call_str(&c, id);
	int rc = call_row(&c, err);
	call_end(&c);
	return rc;
}

static int
unused_id(struct item_context *ctx, const struct store_new_item *item, const struct store_tell *t, struct str group,
    struct str *ret, struct err *err)
{
	*ret = item_id_of(ctx, item, t->sink, t->again ? group : STR_NONE, 0);
	int rc = is_taken(ctx->s, *ret, err);
	for (int64_t salt = 0; rc > 0 && salt < 8; salt++) {
		*ret = item_id_of(ctx, item, t->sink, t->again ? group : STR_NONE, item->id + salt);
		rc = is_taken(ctx->s, *ret, err);
	}
	return rc < 0 ? -1 : arena_check(ctx->scratch, err);
}

/* ---- rows ---- */

struct row {
	struct str id, sink, route, group, watches, previous, thread;
	int64_t item_id, now, since_at;
	const struct store_alarm *alarm;
	struct store_sending how;
};

static int
add_row(struct store *s, const struct row *r, struct err *err)
{
	bool held = r->how.at != TIME_NONE && r->how.at > r->now;
	enum store_state state = r->how.muted ? STORE_STATE_MUTED : held ? STORE_STATE_HELD : STORE_STATE_PENDING;
	struct call c = call_begin(s, SQL_OUTBOX_ADD);
	call_str(&c, r->id);
	call_int(&c, r->how.kind);
	call_time(&c, r->item_id > 0 ? r->item_id : TIME_NONE);
	call_str(&c, r->sink);
	call_str(&c, r->route);
	call_str(&c, r->group);
	call_str(&c, r->watches);
	call_int(&c, r->how.severity);
	call_int(&c, state);
	call_int(&c, held ? r->how.at : r->now);
	call_int(&c, r->now);
	call_time(&c, r->since_at);
	call_str(&c, r->how.muted || held ? r->how.reason : STR_NONE);
	call_str(&c, r->previous);
	call_str(&c, r->thread);
	call_str(&c, r->alarm != NULL ? r->alarm->alarm : STR_NONE);
	call_str(&c, r->alarm != NULL ? r->alarm->subject : STR_NONE);
	call_str(&c, r->alarm != NULL ? r->alarm->title : STR_NONE);
	call_str(&c, r->alarm != NULL ? r->alarm->text : STR_NONE);
	return call_run(&c, err);
}

/* "a b" and "b c" are "a b c". */
static struct str
merge_words(struct arena *a, struct str had, struct str more)
{
	struct str rest = more, word, merged = had;
	while (str_split(&rest, ' ', &word)) {
		struct str seen = merged, one = STR_NONE;
		bool known = false;
		while (!known && str_split(&seen, ' ', &one))
			known = str_eq(one, word);
		if (!known && !str_empty(word) && merged.len + word.len < WATCHES_MAX)
			merged =
			    str_empty(merged) ? word : arena_printf(a, "%.*s %.*s", STR_ARG(merged), STR_ARG(word));
	}
	return merged;
}

static int
merge_watches(struct item_context *ctx, int64_t row, struct str watches, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_OUTBOX_WATCHES);
	call_int(&c, row);
	int rc = call_row(&c, err);
	struct str had = rc > 0 ? column_str(&c, 0, ctx->scratch) : STR_NONE;
	call_end(&c);
	struct str merged = rc < 0 ? had : merge_words(ctx->scratch, had, watches);
	if (rc < 0 || arena_check(ctx->scratch, err) < 0 || merged.len == had.len)
		return rc < 0 || ctx->scratch->failed ? -1 : 0;
	c = call_begin(ctx->s, SQL_OUTBOX_SET_WATCHES);
	call_str(&c, merged);
	call_int(&c, row);
	return call_run(&c, err);
}

/* The item joins a notification that nobody has tried to deliver. */
static int
join_row(
    struct item_context *ctx, const struct last *last, int64_t item, int severity, struct str watches, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_OUTBOX_JOIN);
	call_int(&c, last->row);
	call_int(&c, item);
	if (call_run(&c, err) < 0)
		return -1;
	c = call_begin(ctx->s, SQL_OUTBOX_JOINED);
	call_int(&c, last->row);
	call_int(&c, severity);
	call_int(&c, ctx->poll->at);
	if (call_run(&c, err) < 0)
		return -1;
	return merge_watches(ctx, last->row, watches, err);
}

/* ---- one wish ---- */

struct wish {
	const struct store_tell *tell; /* the first of its sink: it decides how */
	struct str watches;            /* of all of them */
	int severity;                  /* the highest */
};

static int
was_told(struct store *s, int64_t item, struct str sink, struct err *err)
{
	struct call c = call_begin(s, SQL_OUTBOX_TOLD);
	call_int(&c, item);
	call_str(&c, sink);
	int rc = call_row(&c, err);
	call_end(&c);
	return rc;
}

static void
decide(struct item_context *ctx, const struct store_new_item *item, const struct wish *w,
    const struct store_tale *story, const struct last *last, struct store_sending *how)
{
	const struct store_router *router = ctx->poll->router;
	struct store_tell tell = *w->tell;
	tell.severity = w->severity;
	*how = (struct store_sending){.at = TIME_NONE, .severity = w->severity, .kind = NOTIFICATION_ITEM};
	if (router != NULL)
		router->decide(router->ctx, &tell, item, story, &last->facts, ctx->poll->at, ctx->scratch, how);
}

static int
new_row(struct item_context *ctx, const struct store_new_item *item, const struct wish *w,
    const struct store_tale *story, const struct last *last, const struct store_sending *how, struct str group,
    struct err *err)
{
	struct row r = {.sink = w->tell->sink,
	    .route = w->tell->route,
	    .group = str_empty(group) ? STR_NONE : group,
	    .watches = w->watches,
	    .previous = last->facts.told ? last->id : STR_NONE,
	    .item_id = item->id,
	    .now = ctx->poll->at,
	    .since_at = how->kind == NOTIFICATION_STORY ? story->since_at : TIME_NONE,
	    .how = *how};
	if (unused_id(ctx, item, w->tell, group, &r.id, err) < 0)
		return -1;
	r.thread = last->facts.told && !str_empty(last->thread) ? last->thread : r.id;
	return add_row(ctx->s, &r, err);
}

/* 1 told, 0 not (it was before, or is not to be), -1. */
static int
tell_sink(struct item_context *ctx, const struct store_new_item *item, const struct wish *w,
    const struct store_tale *story, struct err *err)
{
	const struct store_tell *t = w->tell;
	struct arena *a = ctx->scratch;
	struct store_sending how;
	struct last last;
	struct str group = t->group;

	if (!item->is_new && !t->again) {
		int rc = was_told(ctx->s, item->id, t->sink, err);
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	if (t->by_story)
		group = arena_printf(a, "%.*s%lld", STR_ARG(t->group), (long long)story->id);
	if (arena_check(a, err) < 0 || find_last(ctx->s, t->sink, group, a, &last, err) < 0)
		return -1;
	decide(ctx, item, w, story, &last, &how);
	if (how.skip || arena_check(a, err) < 0)
		return how.skip ? 0 : -1;
	if (how.group.s != NULL && !str_eq(how.group, group)) {
		group = how.group;
		if (find_last(ctx->s, t->sink, str_empty(group) ? STR_NONE : group, a, &last, err) < 0)
			return -1;
	}
	if (last.facts.open && !how.muted)
		return join_row(ctx, &last, item->id, how.severity, w->watches, err) < 0 ? -1 : 1;
	return new_row(ctx, item, w, story, &last, &how, group, err) < 0 ? -1 : 1;
}

/* The wishes of one sink are one, but for the escalations. */
static bool
same_wish(const struct store_tell *a, const struct store_tell *b)
{
	return str_eq(a->sink, b->sink) && a->again == b->again && (!a->again || a->policy == b->policy);
}

static bool
collect(struct item_context *ctx, const struct store_new_item *item, const bool *silent, size_t i, struct wish *w)
{
	*w = (struct wish){.tell = &item->tells[i]};
	for (size_t k = 0; k < item->tell_count && !silent[i]; k++) {
		const struct store_tell *t = &item->tells[k];
		if (silent[k] || !same_wish(t, w->tell))
			continue;
		if (k < i)
			return false;
		if (t->severity > w->severity)
			w->severity = t->severity;
		w->watches = merge_words(ctx->scratch, w->watches, t->watch);
	}
	return !silent[i];
}

/* Whose text was told before, as another item, is not told again. */
static bool *
find_silent(struct item_context *ctx, const struct store_new_item *item, struct err *err)
{
	bool *silent = arena_zalloc(ctx->scratch, item->tell_count, sizeof *silent);
	for (size_t i = 0; silent != NULL && i < item->tell_count; i++) {
		int told = item->tells[i].again ? 0 : stories_told(ctx, item, &item->tells[i], err);
		if (told < 0)
			return NULL;
		silent[i] = told > 0;
	}
	if (silent == NULL)
		arena_check(ctx->scratch, err);
	return silent;
}

/* ---- the story ---- */

static int
story_facts(struct item_context *ctx, const struct store_new_item *item, struct store_tale *ret, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_STORY_FACTS);
	call_int(&c, item->id);
	int rc = call_row(&c, err);
	*ret = (struct store_tale){.id = item->id, .source_count = 1, .since_at = ctx->poll->at};
	if (rc > 0) {
		ret->id = column_int(&c, 0);
		ret->source_count = (unsigned)column_int(&c, 1);
		ret->since_at = column_time(&c, 2);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

static int
story_watches(struct item_context *ctx, int64_t item, struct store_tale *ret, struct err *err)
{
	struct str *watches = NULL;
	size_t cap = 0;
	struct call c = call_begin(ctx->s, SQL_STORY_WATCHES);
	int rc;

	call_int(&c, item);
	while ((rc = call_row(&c, err)) > 0) {
		struct str *grown = arena_grow(ctx->scratch, watches, &cap, ret->watch_count, sizeof *grown);
		if (grown == NULL)
			break;
		watches = grown;
		watches[ret->watch_count++] = column_str(&c, 0, ctx->scratch);
	}
	call_end(&c);
	ret->watches = watches;
	return rc < 0 ? -1 : arena_check(ctx->scratch, err);
}

int
tells_write(struct item_context *ctx, const struct store_new_item *item, struct err *err)
{
	int added = 0;
	struct store_tale story;
	if (item->tell_count == 0)
		return 0;
	if (story_facts(ctx, item, &story, err) < 0 || story_watches(ctx, item->id, &story, err) < 0)
		return -1;
	const bool *silent = find_silent(ctx, item, err);
	if (silent == NULL)
		return -1;
	for (size_t i = 0; i < item->tell_count; i++) {
		struct wish w;
		if (!collect(ctx, item, silent, i, &w))
			continue;
		int rc = tell_sink(ctx, item, &w, &story, err);
		if (rc < 0)
			return -1;
		added += rc;
	}
	return added;
}

/* ---- what no item makes ---- */

static int
write_alarm(struct store *s, const struct store_alarm *alarm, struct row *r, struct err *err)
{
	struct arena a;
	struct last last;
	arena_init(&a, 0);
	int rc = find_last(s, r->sink, r->group, &a, &last, err);
	if (rc == 0 && last.facts.open && !r->how.muted) {
		struct call c = call_begin(s, SQL_OUTBOX_RETELL);
		call_int(&c, last.row);
		call_int(&c, r->how.severity);
		call_int(&c, r->now);
		call_str(&c, alarm->title);
		call_str(&c, alarm->text);
		call_str(&c, alarm->alarm);
		rc = call_run(&c, err);
	} else if (rc == 0) {
		struct hash128 h = hash128_mix(hash128(r->sink, (uint64_t)r->now), alarm->group);
		r->id = print_id(&a, hash128_mix(h, last.id));
		r->previous = last.facts.told ? last.id : STR_NONE;
		r->thread = last.facts.told && !str_empty(last.thread) ? last.thread : r->id;
		rc = arena_check(&a, err) < 0 ? -1 : add_row(s, r, err);
	}
	arena_done(&a);
	return rc;
}

int
tells_alarm(struct store *s, const struct store_alarm *alarm, struct str sink, struct str route,
    const struct store_sending *how, int64_t now, struct err *err)
{
	struct row r = {.sink = sink,
	    .route = route,
	    .group = alarm->group,
	    .watches = str_empty(alarm->watch) ? STR_NONE : alarm->watch,
	    .now = now,
	    .since_at = alarm->since_at,
	    .alarm = alarm,
	    .how = *how};
	r.how.kind = alarm->test ? NOTIFICATION_TEST : NOTIFICATION_ALARM;
	return write_alarm(s, alarm, &r, err);
}

int
store_tell_alarm(struct store *s, const struct store_alarm *alarm, struct str sink, struct str route,
    const struct store_sending *how, int64_t now, struct err *err)
{
	if (db_begin(s, err) < 0)
		return -1;
	return db_end(s, tells_alarm(s, alarm, sink, route, how, now, err), err);
}

int
store_outbox_try(struct store *s, int64_t item, const struct store_tell *tells, size_t count,
    const struct store_router *router, int64_t now, struct err *err)
{
	struct arena scratch;
	struct err undone;
	const struct story_identity nobody = {0};
	const struct store_poll poll = {.at = now, .router = router};
	const struct store_new_item what = {
	    .id = item, .is_new = true, .identity = &nobody, .tells = tells, .tell_count = count};
	struct item_context ctx = {.s = s, .poll = &poll, .feed_key = STR_LIT(""), .scratch = &scratch};
	if (db_begin(s, err) < 0)
		return -1;
	arena_init(&scratch, 0);
	int rc = tells_write(&ctx, &what, err);
	arena_done(&scratch);
	db_end(s, -1, &undone);
	return rc < 0 ? -1 : 0;
}
