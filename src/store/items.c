#include "store/items.h"

#include "base/vec.h"
#include "store/bulk.h"
#include "store/evidence.h"
#include "store/guard.h"
#include "store/index.h"
#include "store/pages.h"
#include "store/stories.h"
#include "store/tells.h"
#include "store/words.h"

#include <stdlib.h>

#define SEEN_EVERY_MS (30 * DAY_MS)

/* ---- the full-text index: store/index.h ---- */

/* The index keeps no text: to forget what an item had it must be given the very words. */
int
items_note_words(struct store *s, int64_t id, struct err *err)
{
	struct call c = call_begin(s, SQL_ITEM_WORDS);
	call_int(&c, id);
	int rc = call_row(&c, err);
	struct str texts[WORDS_TEXTS_MAX] = {STR_NONE, STR_NONE, STR_NONE};
	for (int i = 0; rc > 0 && i < WORDS_TEXTS_MAX; i++)
		texts[i] = column_view(&c, i);
	buf_reset(&s->words);
	bool ok = rc <= 0 || words_index_item(&s->words, &s->fold_scratch, texts);
	call_end(&c);
	if (rc <= 0 || !ok)
		return rc <= 0 ? rc : err_oom(err);
	int64_t done = s->index != NULL ? index_edits_done(s->index) : 0;
	if (done > s->reworded_trimmed) {
		c = call_begin(s, SQL_REWORDED_TRIM);
		call_int(&c, done);
		if (call_run(&c, err) < 0)
			return -1;
		s->reworded_trimmed = done;
	}
	c = call_begin(s, SQL_REWORDED_ADD);
	call_int(&c, id);
	call_text(&c, buf_view(&s->words));
	s->unindexed_open++;
	return call_run(&c, err);
}

/* ---- the item's row ---- */

static int
severity_of(const struct store_new_item *item)
{
	int severity = item->severity;
	for (size_t i = 0; i < item->tell_count; i++) {
		if (item->tells[i].severity > severity)
			severity = item->tells[i].severity;
	}
	return severity;
}

/* A new row and one that is rewritten take the same values in the same order: `first` is the feed or the item. */
static void
bind_row(struct item_context *ctx, struct call *c, int64_t first, const struct store_new_item *new)
{
	const struct feed_item *item = new->item;
	call_int(c, first);
	call_int(c, new->matches != NULL &&new->matches->hit_count > 0);
	call_int(c, severity_of(new));
	call_int(c, ctx->poll->at);
	call_time(c, item->published_at);
	call_time(c, item->updated_at);
	call_int(c, (int64_t)ctx->s->entity_version);
	call_hash(c, new->identity->alias);
	call_str(c, item->id);
	call_str(c, item->link);
	call_str(c, item->title);
	size_t before = c->bytes;
	call_str(c, item->language);
	size_t language = c->bytes - before;
	call_str(c, new->authors);
	call_str(c, new->categories);
	call_str(c, item->summary_text);
	call_str(c, item->content_text);
	call_html_delta(c, item->summary_html, new->summary_delta, item->summary_text, &ctx->s->html);
	call_html_delta(c, item->content_html, new->content_delta, item->content_text, &ctx->s->html);
	call_int(c, (int64_t)(c->bytes - language));
}

static int
add_row(struct item_context *ctx, const struct store_new_item *item, struct err *err)
{
	bulk_note_alias(ctx->s, item->identity->alias);
	struct call c = bulk_begin(ctx->s, BULK_ITEMS);
	call_int(&c, item->id);
	bind_row(ctx, &c, ctx->poll->feed_id, item);
	return bulk_end(&c, BULK_ITEMS, err);
}

/* ---- who and what it mentions ---- */

static int
entity_find(struct store *s, const struct watch_entity *e, int64_t *ret, struct err *err)
{
	struct str kind = str_from(watch_kind_word(e->kind));
	struct call c = call_begin(s, SQL_ENTITY_FIND);
	call_str(&c, e->id);
	int rc = call_row(&c, err);
	bool same = rc > 0 && str_eq(column_view(&c, 1), kind) && str_eq(column_view(&c, 2), e->label);
	*ret = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	if (rc < 0 || same)
		return rc < 0 ? -1 : 0;
	c = call_begin(s, *ret > 0 ? SQL_ENTITY_RELABEL : SQL_ENTITY_ADD);
	if (*ret == 0)
		call_str(&c, e->id);
	call_str(&c, kind);
	call_str(&c, e->label);
	if (*ret > 0)
		call_int(&c, *ret);
	if (call_run(&c, err) < 0)
		return -1;
	if (*ret == 0)
		*ret = sqlite3_last_insert_rowid(s->db);
	return 0;
}

void
items_forget_rows(struct store *s)
{
	free(s->entities);
	s->entities = NULL;
	s->entity_cap = 0;
	memset(s->watches, 0, sizeof s->watches);
}

void
items_use_watchlist(struct store *s, const struct watchlist *watchlist)
{
	uint64_t version = watchlist ? watchlist_version(watchlist) : 0;
	if (version != s->entity_version)
		items_forget_rows(s);
	s->entity_version = version;
}

/* The row of a watchlist's entity, looked up once per watchlist. */
static int
entity_row(struct item_context *ctx, size_t index, int64_t *ret, struct err *err)
{
	struct store *s = ctx->s;
	size_t count = watchlist_count(ctx->watchlist), had = s->entity_cap;

	if (index >= count)
		return err_set(err, ERR_INTERNAL, "a match names entity %zu of %zu", index, count);
	if (vec_reserve((void **)&s->entities, &s->entity_cap, count, sizeof *s->entities) < 0)
		return err_oom(err);
	if (s->entity_cap > had)
		memset(s->entities + had, 0, (s->entity_cap - had) * sizeof *s->entities);
	if (s->entities[index] == 0 &&
	    entity_find(s, watchlist_entity(ctx->watchlist, index), &s->entities[index], err) < 0)
		return -1;
	*ret = s->entities[index];
	return 0;
}

static int
write_matches(struct item_context *ctx, int64_t id, const struct watch_result *matches, struct err *err)
{
	for (size_t i = 0; matches != NULL && i < matches->hit_count; i++) {
		const struct watch_hit *hit = &matches->hits[i];
		int64_t entity = 0;
		if (entity_row(ctx, hit->entity, &entity, err) < 0)
			return -1;
		buf_reset(&ctx->s->scratch);
		if (!evidence_write(&ctx->s->scratch, hit))
			return buf_check(&ctx->s->scratch, err);
		struct call c = bulk_begin(ctx->s, BULK_MATCHES);
		call_int(&c, id);
		call_int(&c, entity);
		call_str_copied(&c, buf_view(&ctx->s->scratch));
		if (bulk_end(&c, BULK_MATCHES, err) < 0)
			return -1;
	}
	return 0;
}

static int
watch_find(struct store *s, struct str key, int64_t *ret, struct err *err)
{
	struct call c = call_begin(s, SQL_WATCH_FIND);
	call_str(&c, key);
	int rc = call_row(&c, err);
	*ret = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	c = call_begin(s, SQL_WATCH_ADD);
	call_str(&c, key);
	if (call_run(&c, err) < 0)
		return -1;
	*ret = sqlite3_last_insert_rowid(s->db);
	return 0;
}

/* … looked up once, as long as few watches go round. */
static int
watch_row(struct store *s, struct str key, int64_t *ret, struct err *err)
{
	struct hash128 h = hash128(key, 0);
	size_t place = h.lo % WATCHES_KNOWN;
	*ret = s->watches[place].id;
	if (*ret > 0 && hash128_equal(s->watches[place].key, h))
		return 0;
	if (watch_find(s, key, ret, err) < 0)
		return -1;
	s->watches[place].key = h;
	s->watches[place].id = *ret;
	return 0;
}

static int
write_watches(struct store *s, int64_t id, const struct store_new_item *item, struct err *err)
{
	for (size_t i = 0; i < item->watch_count; i++) {
		int64_t watch = 0;
		if (watch_row(s, item->watches[i], &watch, err) < 0)
			return -1;
		struct call c = bulk_begin(s, BULK_ITEM_WATCHES);
		call_int(&c, id);
		call_int(&c, watch);
		if (bulk_end(&c, BULK_ITEM_WATCHES, err) < 0)
			return -1;
	}
	return 0;
}

int
items_write_findings(struct item_context *ctx, int64_t id, const struct store_new_item *new, struct err *err)
{
	if (write_matches(ctx, id, new->matches, err) < 0 || write_watches(ctx->s, id, new, err) < 0)
		return -1;
	return 0;
}

static int
run_for_id(struct store *s, enum sql_id what, int64_t id, struct err *err)
{
	struct call c = call_begin(s, what);
	call_int(&c, id);
	return call_run(&c, err);
}

/* What was found in an item's page outlives an edit of the item: the lines of its matches that cite the page. */
struct kept {
	int64_t entity;
	struct str lines;
};

static struct str
lines_of_article(struct str mentions, struct arena *arena)
{
	struct buf out;
	struct str line;
	buf_init(&out, 0);
	while (str_split(&mentions, '\n', &line)) {
		if (!str_starts(line, STR_LIT("article\t")))
			continue;
		buf_str(&out, line);
		buf_putc(&out, '\n');
	}
	arena->failed |= out.failed;
	struct str ret = arena_str(arena, buf_view(&out));
	buf_done(&out);
	return ret;
}

static int
keep_article_matches(struct item_context *ctx, int64_t id, struct kept **ret, size_t *count, struct err *err)
{
	size_t cap = 0;
	struct call c = call_begin(ctx->s, SQL_ARTICLE_MATCHES);
	int rc;

	*ret = NULL;
	*count = 0;
	call_int(&c, id);
	while ((rc = call_row(&c, err)) > 0) {
		struct kept *grown = arena_grow(ctx->scratch, *ret, &cap, *count, sizeof *grown);
		if (grown == NULL)
			break;
		*ret = grown;
		grown[(*count)++] =
		    (struct kept){column_int(&c, 0), lines_of_article(column_view(&c, 1), ctx->scratch)};
	}
	call_end(&c);
	return rc < 0 ? -1 : arena_check(ctx->scratch, err);
}

static int
put_back(struct item_context *ctx, int64_t id, const struct kept *kept, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct call c = call_begin(ctx->s, SQL_MATCH_APPEND);
		call_int(&c, id);
		call_int(&c, kept[i].entity);
		call_str(&c, kept[i].lines);
		if (kept[i].lines.len > 0 ? call_run(&c, err) < 0 : (call_end(&c), false))
			return -1;
	}
	return 0;
}

static int
rewrite_row(struct item_context *ctx, int64_t id, const struct store_new_item *item, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_ITEM_REWRITE);
	bind_row(ctx, &c, id, item);
	return call_run(&c, err);
}

static int
keep_link(struct item_context *ctx, int64_t id, const struct store_new_item *item, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_SIGHTING_KEEP_LINK);
	call_int(&c, id);
	call_str(&c, item->item->link);
	return call_run(&c, err);
}

static int
rewrite(struct item_context *ctx, int64_t id, const struct store_new_item *item, struct err *err)
{
	struct kept *kept;
	size_t count;
	if (keep_article_matches(ctx, id, &kept, &count, err) < 0 || items_note_words(ctx->s, id, err) < 0 ||
	    run_for_id(ctx->s, SQL_MATCHES_REMOVE, id, err) < 0 ||
	    (count == 0 && run_for_id(ctx->s, SQL_ITEM_WATCHES_REMOVE, id, err) < 0) ||
	    keep_link(ctx, id, item, err) < 0 || rewrite_row(ctx, id, item, err) < 0 ||
	    items_write_findings(ctx, id, item, err) < 0 || put_back(ctx, id, kept, count, err) < 0)
		return -1;
	return 0;
}

/* ---- what is it: new, known, edited, carried by one more feed? ---- */

static struct str
key_view(struct hash128 h, unsigned char bytes[16])
{
	hash128_bytes(h, bytes);
	return (struct str){(char *)bytes, 16};
}

struct call
items_ask_sighting(struct item_context *ctx, struct hash128 key, unsigned char bytes[16])
{
	if (bulk_has_key(ctx->s, key))
		bulk_write(ctx->s);
	struct call c = call_begin(ctx->s, SQL_SIGHTING_FIND);
	call_int(&c, ctx->poll->feed_id);
	call_blob(&c, key_view(key, bytes));
	return c;
}

static void
call_page(struct call *c, const struct story_identity *id)
{
	if (id->page.lo != 0)
		call_int(c, (int64_t)id->page.lo);
	else
		call_str(c, STR_NONE);
}

static int
add_sighting(struct item_context *ctx, const struct store_new_item *item, struct err *err)
{
	unsigned char key[16], content[16];
	bulk_note_key(ctx->s, item->key);
	struct call c = bulk_begin(ctx->s, BULK_SIGHTINGS);
	call_int(&c, ctx->poll->feed_id);
	call_blob_copied(&c, key_view(item->key, key));
	call_int(&c, item->id);
	call_blob_copied(&c, key_view(item->identity->content, content));
	call_int(&c, ctx->poll->at);
	/* its own feed's is that of the item */
	call_str(&c, item->is_new ? STR_NONE : item->item->link);
	call_page(&c, item->identity);
	ctx->new_items++;
	return bulk_end(&c, BULK_SIGHTINGS, err);
}

/* The page it links to is asked for later, and once: the wish is as durable as the item. */
static int
want_article(struct item_context *ctx, const struct store_new_item *item, struct err *err)
{
	if (ctx->articles >= ctx->poll->articles_max || str_empty(item->item->link))
		return 0;
	ctx->articles++;
	return run_for_id(ctx->s, SQL_ARTICLE_WANT, item->id, err);
}

static int
store_new(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	item->id = bulk_next(ctx->s, SQL_ITEM_LAST, &ctx->s->bulk.last_item, err);
	if (item->id < 0 || add_row(ctx, item, err) < 0)
		return -1;
	item->is_new = true;
	ctx->s->unindexed_open++;
	if (add_sighting(ctx, item, err) < 0 || items_write_findings(ctx, item->id, item, err) < 0 ||
	    want_article(ctx, item, err) < 0)
		return -1;
	return stories_place(ctx, item, err);
}

/* The feed carries the item under another key now: the sighting moves along, so that churning keys take no room. */
static int
rename_sighting(struct item_context *ctx, const struct store_new_item *item, struct str old_key, struct err *err)
{
	unsigned char key[16], content[16];
	struct call c = call_begin(ctx->s, SQL_SIGHTING_RENAME);
	call_blob(&c, key_view(item->key, key));
	call_blob(&c, key_view(item->identity->content, content));
	call_int(&c, ctx->poll->at);
	call_page(&c, item->identity);
	call_int(&c, ctx->poll->feed_id);
	call_blob(&c, old_key);
	return call_run(&c, err);
}

/* The key is unknown here, but the text is known under the same link. */
static int
store_alias(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	if (stories_settle(ctx->s, err) < 0)
		return -1;
	struct call c = call_begin(ctx->s, SQL_SIGHTING_OF_ITEM);
	call_int(&c, item->id);
	call_int(&c, ctx->poll->feed_id);
	int rc = call_row(&c, err);
	struct str old_key = rc > 0 ? column_str(&c, 0, ctx->scratch) : STR_NONE;
	bool just_now = rc > 0 && column_int(&c, 1) == ctx->poll->at;
	call_end(&c);
	if (rc < 0 || arena_check(ctx->scratch, err) < 0)
		return -1;
	if (rc > 0)
		ctx->known_items += !just_now;
	if (rc > 0)
		return just_now ? 0 : rename_sighting(ctx, item, old_key, err);
	item->sighted = true;
	if (add_sighting(ctx, item, err) < 0 || stories_sight(ctx, item, err) < 0)
		return -1;
	int told = tells_write(ctx, item, err);
	/* told because of what this feed's copy mentions: then that is what must stand there to be shown */
	return told > 0 ? rewrite(ctx, item->id, item, err) : told;
}

/* Tells of watches that the item did not fall under before it was edited. */
static int
tells_of_edit(struct item_context *ctx, const struct store_new_item *item, struct store_new_item *out, struct err *err)
{
	struct store_tell *tells = arena_alloc(ctx->scratch, (item->tell_count + 1) * sizeof *tells);
	*out = *item;
	out->tells = tells;
	out->tell_count = 0;
	for (size_t i = 0; tells != NULL && item->tell_edits && i < item->tell_count; i++) {
		struct call c = call_begin(ctx->s, SQL_ITEM_HAS_WATCH);
		call_int(&c, item->id);
		call_str(&c, item->tells[i].watch);
		int rc = call_row(&c, err);
		call_end(&c);
		if (rc < 0)
			return -1;
		if (rc == 0)
			tells[out->tell_count++] = item->tells[i];
	}
	return arena_check(ctx->scratch, err);
}

/* What the item said until now, before it is overwritten. */
static int
keep_revision(struct item_context *ctx, int64_t id, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_REVISION_ADD);
	call_int(&c, id);
	call_int(&c, ctx->poll->at);
	if (call_run(&c, err) < 0)
		return -1;
	c = call_begin(ctx->s, SQL_REVISION_TRIM);
	call_int(&c, id);
	call_int(&c, STORE_REVISIONS_MAX);
	return call_run(&c, err);
}

/* The text that is shown is that of the feed that had it first. */
static int
rewrite_edited(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct store_new_item newly;
	if (stories_settle(ctx->s, err) < 0)
		return -1;
	struct call c = call_begin(ctx->s, SQL_ITEM_ORIGIN);
	call_int(&c, item->id);
	int rc = call_row(&c, err);
	item->changed = rc > 0 && column_int(&c, 0) == ctx->poll->feed_id;
	call_end(&c);
	if (rc < 0 || !item->changed)
		return rc < 0 ? -1 : 0;
	if (tells_of_edit(ctx, item, &newly, err) < 0 || keep_revision(ctx, item->id, err) < 0 ||
	    rewrite(ctx, item->id, item, err) < 0)
		return -1;
	return tells_write(ctx, &newly, err) < 0 ? -1 : 0;
}

static int
store_edit(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	unsigned char key[16], content[16];
	struct call c = call_begin(ctx->s, SQL_SIGHTING_CONTENT);
	call_blob(&c, key_view(item->identity->content, content));
	call_int(&c, ctx->poll->at);
	call_page(&c, item->identity);
	call_int(&c, ctx->poll->feed_id);
	call_blob(&c, key_view(item->key, key));
	return call_run(&c, err) < 0 ? -1 : rewrite_edited(ctx, item, err);
}

/* A known page under a new key, in a document that changed most of them. */
static int
store_moved(struct item_context *ctx, struct store_new_item *item, struct str old_key, struct err *err)
{
	unsigned char content[16];
	struct call c = call_begin(ctx->s, SQL_SIGHTING_FIND);
	call_int(&c, ctx->poll->feed_id);
	call_blob(&c, old_key);
	int rc = call_row(&c, err);
	bool same = rc > 0 && str_eq(column_view(&c, 1), key_view(item->identity->content, content));
	bool purged = rc > 0 && column_none(&c, 0);
	item->id = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	if (rc <= 0 || rename_sighting(ctx, item, old_key, err) < 0)
		return -1;
	return same || purged ? 0 : rewrite_edited(ctx, item, err);
}

/* It still stands in the feed: a tombstone must not be forgotten while that is so. */
static int
note_seen(struct item_context *ctx, const struct store_new_item *item, int64_t seen_at, struct err *err)
{
	unsigned char key[16];
	if (ctx->poll->at - seen_at < SEEN_EVERY_MS)
		return 0;
	struct call c = call_begin(ctx->s, SQL_SIGHTING_SEEN);
	call_int(&c, ctx->poll->at);
	call_int(&c, ctx->poll->feed_id);
	call_blob(&c, key_view(item->key, key));
	return call_run(&c, err);
}

int
items_find_alias(struct item_context *ctx, const struct store_new_item *item, int64_t *ret, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_ITEM_BY_ALIAS);
	call_hash(&c, item->identity->alias);
	int rc = call_row(&c, err);
	*ret = rc > 0 ? column_int(&c, 0) : 0;
	call_end(&c);
	return rc;
}

/* The text is known under the same link, or its page is, perhaps with other words. Nearly always neither is, as one look tells. */
static int
find_elsewhere(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct page_found found;
	if (pages_find(ctx, item, &found, err) < 0)
		return -1;
	int rc = found.any ? items_find_alias(ctx, item, &item->id, err) : 0;
	if (rc != 0)
		return rc;
	item->page_of = found.item;
	if (found.same)
		item->id = found.item;
	return found.same;
}

/* Its key is not among those of the feed. */
static int
store_unknown(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	struct str old_key = STR_NONE;
	int rc = ctx->guard.churn ? guard_find_page(ctx, item, ctx->scratch, &old_key, err) : 0;
	ctx->known_items += rc > 0;
	if (rc != 0)
		return rc < 0 ? -1 : store_moved(ctx, item, old_key, err);
	rc = find_elsewhere(ctx, item, err);
	if (rc != 0)
		return rc < 0 ? -1 : store_alias(ctx, item, err);
	return store_new(ctx, item, err);
}

int
items_store(struct item_context *ctx, struct store_new_item *item, struct err *err)
{
	unsigned char key[16], content[16];

	arena_reset(ctx->scratch);
	item->id = 0;
	if (ctx->guard.first[item - ctx->poll->items])
		return store_unknown(ctx, item, err);
	struct call c = items_ask_sighting(ctx, item->key, key);
	int rc = call_row(&c, err);
	bool known = rc > 0, same = known && str_eq(column_view(&c, 1), key_view(item->identity->content, content));
	int64_t seen_at = known ? column_int(&c, 2) : 0;
	/* a key that stands twice in one document is not an edit of itself */
	bool twice = known && seen_at == ctx->poll->at;
	bool settled = known && (same || column_none(&c, 0) || twice);
	item->id = known ? column_int(&c, 0) : 0;
	ctx->known_items += known && !twice;
	call_end(&c);
	if (rc < 0 || settled)
		return rc < 0 ? -1 : note_seen(ctx, item, seen_at, err);
	return known ? store_edit(ctx, item, err) : store_unknown(ctx, item, err);
}

/* ---- the page of an item ---- */

static int
end_article(struct store *s, const struct store_article *a, struct err *err)
{
	struct call c = call_begin(s, SQL_ARTICLE_END);
	call_int(&c, a->at);
	call_int(&c, a->http_status);
	call_str(&c, a->error == ERR_NONE ? STR_NONE : str_from(err_word(a->error)));
	call_str(&c, a->error == ERR_NONE ? STR_NONE : a->error_text);
	call_str(&c, a->url);
	call_str(&c, a->canonical);
	call_str(&c, a->error == ERR_NONE ? a->text : STR_NONE);
	call_int(&c, a->item_id);
	if (call_run(&c, err) < 0)
		return -1;
	return a->error == ERR_NONE ? run_for_id(s, SQL_ITEM_ADD_PAGE_BYTES, a->item_id, err) : 0;
}

int
items_read_keys(struct item_context *ctx, int64_t id, struct story_identity *identity, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_ARTICLE_ITEM);
	call_int(&c, id);
	int rc = call_row(&c, err);
	if (rc > 0) {
		ctx->feed_key = column_str(&c, 0, ctx->scratch);
		identity->key = column_hash(&c, 1);
	}
	call_end(&c);
	return rc;
}

static int
mark_matched(struct store *s, const struct store_new_item *item, struct err *err)
{
	struct call c = call_begin(s, SQL_ITEM_MATCHED);
	call_int(&c, item->id);
	call_int(&c, item->matches->hit_count > 0);
	call_int(&c, severity_of(item));
	call_int(&c, (int64_t)s->entity_version);
	return call_run(&c, err);
}

int
items_store_article(struct item_context *ctx, const struct store_article *a, struct page_copy *copy, struct err *err)
{
	struct story_identity identity = {.kind = STORY_KEY_GUID};
	struct store_new_item found = a->found;

	if (a->error != ERR_NONE)
		return end_article(ctx->s, a, err);
	int rc = items_read_keys(ctx, a->item_id, &identity, err);
	if (rc <= 0)
		return rc;
	if (pages_settle(ctx, a, copy, err) < 0)
		return -1;
	if (copy->item == a->item_id && stories_find_original(ctx->s, a->item_id, &found.duplicate_of, err) < 0)
		return -1;
	found.id = a->item_id;
	found.identity = &identity;
	if (items_note_words(ctx->s, a->item_id, err) < 0 || end_article(ctx->s, a, err) < 0 ||
	    run_for_id(ctx->s, SQL_MATCHES_REMOVE, a->item_id, err) < 0 ||
	    items_write_findings(ctx, a->item_id, &found, err) < 0 || mark_matched(ctx->s, &found, err) < 0)
		return -1;
	return tells_write(ctx, &found, err) < 0 ? -1 : 0;
}
