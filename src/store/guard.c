#include "store/guard.h"

#include "store/feeds.h"
#include "store/pages.h"
#include "store/stories.h"

#define CHURN_ITEMS_MIN 3 /* of fewer items nothing can be said */
#define CHURN_PERCENT 80
#define CHURN_POLLS 2 /* in a row: from then on the link is the key */
#define FLOOD_ITEMS_MIN 20
#define FLOOD_TIMES 3 /* of what is usual */
#define USUAL_WEIGHT 0.2
#define WARN_AGAIN_MS (7 * DAY_MS) /* what has stopped for so long is news when it begins again */
#define LINK_KEY_SEED 0x500        /* stored in keys, so never to be changed */

/* ---- keys ---- */

static struct hash128
key_of(const struct guard *g, const struct story_identity *id)
{
	struct hash128 key = id->key;
	if (g->link_keys && !hash128_is_none(id->alias)) {
		key = id->link;
		key.hi ^= LINK_KEY_SEED;
	}
	return key;
}

static int
is_known(struct item_context *ctx, const struct store_new_item *item, struct err *err)
{
	unsigned char key[16];
	struct call c = items_ask_sighting(ctx, item->key, key);
	int rc = call_row(&c, err);
	call_end(&c);
	return rc;
}

static int
is_carried_elsewhere(struct item_context *ctx, const struct store_new_item *new, struct err *err)
{
	if (hash128_is_none(new->identity->alias))
		return 0;
	struct page_found found;
	int64_t item;
	if (pages_find(ctx, new, &found, err) < 0)
		return -1;
	int rc = found.any ? items_find_alias(ctx, new, &item, err) : 0;
	return rc != 0 ? rc : found.same;
}

int
guard_find_page(
    struct item_context *ctx, const struct store_new_item *item, struct arena *a, struct str *old_key, struct err *err)
{
	if (hash128_is_none(item->identity->page))
		return 0;
	struct call c = call_begin(ctx->s, SQL_SIGHTING_OF_PAGE);
	call_int(&c, ctx->poll->feed_id);
	call_int(&c, (int64_t)item->identity->page.lo);
	int rc = call_row(&c, err);
	if (rc > 0 && a != NULL)
		*old_key = column_str(&c, 0, a);
	call_end(&c);
	return rc;
}

/* ---- before ---- */

static int
read_state(struct item_context *ctx, struct guard *g, struct err *err)
{
	struct call c = call_begin(ctx->s, SQL_FEED_GUARD);
	call_int(&c, ctx->poll->feed_id);
	int rc = call_row(&c, err);
	if (rc > 0) {
		g->link_keys = column_int(&c, 0) != 0;
		g->churn_polls = (int)column_int(&c, 1);
		g->usual = sqlite3_column_double(c.stmt, 2);
		g->last_success_at = column_time(&c, 3);
		g->interval_ms = column_int(&c, 4);
		g->ids_repeated_at = column_time(&c, 5);
		g->window_cut_at = column_time(&c, 6);
		g->suspect_at = column_time(&c, 7);
		g->carried = column_int(&c, 8);
	}
	call_end(&c);
	return rc < 0 ? -1 : 0;
}

/* Of items that are unknown only the first with a key is that still when its turn comes. */
static int
find_first(struct item_context *ctx, const struct store_poll *p, const bool *unknown, struct err *err)
{
	size_t slots = 4;
	while (slots < 2 * p->item_count)
		slots *= 2;
	const struct store_new_item **seen = arena_zalloc(&ctx->names, slots, sizeof *seen);
	bool *first = ctx->guard.first = arena_zalloc(&ctx->names, p->item_count + 1, sizeof *first);
	for (size_t i = 0; seen != NULL && first != NULL && i < p->item_count; i++) {
		size_t at = (size_t)p->items[i].key.lo & (slots - 1);
		while (seen[at] != NULL && !hash128_equal(seen[at]->key, p->items[i].key))
			at = (at + 1) & (slots - 1);
		first[i] = unknown[i] && seen[at] == NULL;
		seen[at] = &p->items[i];
	}
	return arena_check(&ctx->names, err);
}

/* Which items are unknown, and how many of them are pages that are known. A feed that never had an item knows none. */
static int
count_unknown(struct item_context *ctx, struct store_poll *p, bool **unknown, struct err *err)
{
	struct guard *g = &ctx->guard;
	*unknown = arena_zalloc(&ctx->names, p->item_count + 1, sizeof **unknown);
	if (*unknown == NULL)
		return arena_check(&ctx->names, err);
	for (size_t i = 0; i < p->item_count; i++) {
		p->items[i].key = key_of(g, p->items[i].identity);
		int rc = g->carried > 0 ? is_known(ctx, &p->items[i], err) : 0;
		if (rc < 0)
			return -1;
		(*unknown)[i] = rc == 0;
		g->unknown += rc == 0;
	}
	if (find_first(ctx, p, *unknown, err) < 0)
		return -1;
	for (size_t i = 0; g->carried > 0 && g->unknown >= CHURN_ITEMS_MIN && i < p->item_count; i++) {
		int rc = (*unknown)[i] ? guard_find_page(ctx, &p->items[i], NULL, NULL, err) : 0;
		if (rc < 0)
			return -1;
		g->moved += rc > 0;
	}
	g->churn = g->moved >= CHURN_ITEMS_MIN && g->moved * 100 >= p->item_count * CHURN_PERCENT;
	return 0;
}

/* Polls that were missed may have piled up. */
static double
flood_limit(const struct guard *g, int64_t now)
{
	double polls = g->interval_ms > 0 ? (double)(now - g->last_success_at) / (double)g->interval_ms : 1;
	double limit = FLOOD_TIMES * g->usual * (polls > 1 ? polls : 1);
	return limit > FLOOD_ITEMS_MIN ? limit : FLOOD_ITEMS_MIN;
}

static int
look_for_flood(struct item_context *ctx, struct store_poll *p, const bool *unknown, struct err *err)
{
	struct guard *g = &ctx->guard;
	if (p->unguarded || g->last_success_at == TIME_NONE)
		return 0;
	double limit = flood_limit(g, p->at);
	if ((double)g->unknown <= limit)
		return 0;
	size_t fresh = 0;
	for (size_t i = 0; i < p->item_count; i++) {
		int rc = unknown[i] ? is_carried_elsewhere(ctx, &p->items[i], err) : 1;
		if (rc < 0)
			return -1;
		fresh += rc == 0;
	}
	if (g->churn)
		fresh = fresh > g->moved ? fresh - g->moved : 0;
	g->flood = (double)fresh > limit ? fresh : 0;
	if (g->flood > 0)
		p->hold_tells = STR_LIT("flood");
	return 0;
}

int
guard_before(struct item_context *ctx, struct store_poll *p, struct err *err)
{
	bool *unknown;
	ctx->guard = (struct guard){.last_success_at = TIME_NONE,
	    .ids_repeated_at = TIME_NONE,
	    .window_cut_at = TIME_NONE,
	    .suspect_at = TIME_NONE};
	p->hold_tells = STR_NONE;
	if (p->item_count == 0)
		return 0;
	if (read_state(ctx, &ctx->guard, err) < 0 || count_unknown(ctx, p, &unknown, err) < 0)
		return -1;
	return look_for_flood(ctx, p, unknown, err);
}

/* ---- after ---- */

static int
note(struct item_context *ctx, const char *kind, struct str text, struct err *err)
{
	if (text.s == NULL)
		return err_oom(err);
	return feeds_add_event(ctx->s, ctx->poll->feed_id, ctx->poll->at, kind, text, err);
}

static int
note_churn(struct item_context *ctx, bool *link_keys, int *polls, struct err *err)
{
	struct guard *g = &ctx->guard;
	*link_keys = g->link_keys;
	*polls = g->churn ? g->churn_polls + 1 : 0;
	if (!g->churn || g->link_keys)
		return 0;
	*link_keys = *polls >= CHURN_POLLS;
	return note(ctx, *link_keys ? "ids_unstable" : "ids_changed",
	    arena_printf(ctx->scratch,
	        *link_keys ? "%zu of %zu items came under new ids again; their links are their ids from now on"
	                   : "%zu of %zu items came under new ids or addresses; they are taken for what they were",
	        g->moved, ctx->poll->item_count),
	    err);
}

static int
hold_rows(struct item_context *ctx, struct err *err)
{
	int64_t first = INT64_MAX, last = 0;
	for (size_t i = 0; i < ctx->poll->item_count; i++) {
		const struct store_new_item *item = &ctx->poll->items[i];
		if (!item->is_new)
			continue;
		first = item->id < first ? item->id : first;
		last = item->id > last ? item->id : last;
	}
	if (stories_settle(ctx->s, err) < 0)
		return -1;
	struct call c = call_begin(ctx->s, SQL_OUTBOX_HOLD);
	call_int(&c, first);
	call_int(&c, last);
	call_int(&c, STORE_NEVER);
	call_str(&c, ctx->poll->hold_tells);
	return call_run(&c, err);
}

static int
note_flood(struct item_context *ctx, struct err *err)
{
	if (ctx->guard.flood == 0)
		return 0;
	struct str usual = ctx->guard.usual < 0.5 ? STR_LIT("nothing new came before")
	                                          : arena_printf(ctx->scratch, "usual are %.0f", ctx->guard.usual);
	return note(ctx, "flood",
	    arena_printf(ctx->scratch,
	        "%zu new (possible re-publish; %.*s); their notifications are held until they are released",
	        ctx->guard.flood, STR_ARG(usual)),
	    err);
}

/* A habit that is worth a warning when it begins. */
static int
note_habit(struct item_context *ctx, int64_t *last_at, const char *kind, struct str text, struct err *err)
{
	int64_t before = *last_at, now = ctx->poll->at;
	*last_at = now;
	return before != TIME_NONE && now - before < WARN_AGAIN_MS ? 0 : note(ctx, kind, text, err);
}

static int
note_habits(struct item_context *ctx, struct err *err)
{
	struct guard *g = &ctx->guard;
	const struct store_poll *p = ctx->poll;
	size_t repeated = 0;
	for (size_t i = 0; !g->link_keys && i < p->item_count; i++)
		repeated += p->items[i].identity->kind == STORY_KEY_GUID_LINK;
	if (repeated > 0 &&
	    note_habit(ctx, &g->ids_repeated_at, "ids_repeated",
	        arena_printf(ctx->scratch, "%zu of %zu items have the id of another; links and titles tell them apart",
	            repeated, p->item_count),
	        err) < 0)
		return -1;
	return !p->window_cut
	           ? 0
	           : note_habit(ctx, &g->window_cut_at, "truncated_window",
	                 arena_printf(ctx->scratch, "the document has more items than are taken; the newest %zu were",
	                     p->item_count),
	                 err);
}

/* Another feed stands at the address: nobody is told of what it says before somebody has looked at it. */
static void
suspect(struct item_context *ctx, struct store_poll *p)
{
	struct guard *g = &ctx->guard;
	if (!p->hold_changed)
		g->suspect_at = TIME_NONE;
	else if (p->changed && g->suspect_at == TIME_NONE)
		g->suspect_at = p->at;
	if (g->suspect_at != TIME_NONE)
		p->hold_tells = STR_LIT("changed");
}

int
guard_after(struct item_context *ctx, struct store_poll *p, struct err *err)
{
	struct guard *g = &ctx->guard;
	bool link_keys;
	int polls;

	if (p->item_count == 0)
		return 0;
	arena_reset(ctx->scratch);
	suspect(ctx, p);
	if ((p->hold_tells.s != NULL && hold_rows(ctx, err) < 0) || note_flood(ctx, err) < 0 ||
	    note_churn(ctx, &link_keys, &polls, err) < 0 || note_habits(ctx, err) < 0)
		return -1;
	/* what a flood brings is not usual, and neither is a baseline; polls that bring nothing tell nothing */
	bool counts = g->flood == 0 && g->last_success_at != TIME_NONE && ctx->new_items > 0;
	double fresh = (double)ctx->new_items;
	double usual = !counts ? g->usual : g->usual > 0 ? g->usual + USUAL_WEIGHT * (fresh - g->usual) : fresh;
	struct call c = call_begin(ctx->s, SQL_FEED_GUARD_SET);
	call_int(&c, link_keys);
	call_int(&c, polls);
	call_double(&c, usual);
	call_time(&c, g->ids_repeated_at);
	call_time(&c, g->window_cut_at);
	call_time(&c, g->suspect_at);
	call_int(&c, p->feed_id);
	return call_run(&c, err);
}
