#include "daemon/rematch.h"

#include "base/log.h"
#include "daemon/daemon.h"
#include "daemon/deliver.h"
#include "daemon/router.h"
#include "daemon/routes.h"

#define SLICE_ITEMS 16u
#define SLICE_MEMORY_MAX (256u << 20)

void
rematch_begin(struct daemon *d)
{
	struct rematch *r = &d->rematch;
	struct err err;
	uint64_t version = watchlist_version(d->setup.watchlist), stored;
	int64_t back = d->setup.conf->global.rematch_ms;

	if (r->active && r->version == version)
		return;
	if (r->active && r->tell)
		log_notice("watchlist: it has changed again; of stored items nobody is told any more");
	*r = (struct rematch){.version = version};
	if (back == 0)
		return;
	if (store_rematched(d->store, &stored, &err) < 0) {
		log_warn("watchlist: %s; stored items are not matched again", err.msg);
		return;
	}
	if (stored == version)
		return;
	r->active = true;
	r->below = INT64_MAX;
	r->since_at = clock_wall() - back;
}

void
rematch_ask(struct daemon *d, int64_t since_at, bool tell)
{
	struct rematch *r = &d->rematch;
	int64_t since = r->active && !r->failed && r->since_at < since_at ? r->since_at : since_at;
	*r = (struct rematch){.version = watchlist_version(d->setup.watchlist),
	    .active = true,
	    .all = true,
	    .tell = tell,
	    .below = INT64_MAX,
	    .since_at = since,
	    .tell_at = since_at};
}

/* What is told of it when it is told late: nothing that would be said again. */
static void
wish(const struct daemon *d, const struct record *old, struct routed *routed, struct store_new_item *item)
{
	size_t kept = 0;
	if (!d->rematch.tell || old->first_seen_at < d->rematch.tell_at)
		return;
	for (size_t i = 0; i < routed->tell_count; i++) {
		if (!routed->tells[i].again)
			routed->tells[kept++] = routed->tells[i];
	}
	item->tells = routed->tells;
	item->tell_count = kept;
	item->duplicate_of = old->story.duplicate_of;
}

/* Whether what is known of the item is another than before. */
static bool
differs(const struct daemon *d, const struct record *old, const struct watch_result *now)
{
	if (old->match_count != now->hit_count)
		return true;
	for (size_t i = 0; i < now->hit_count; i++) {
		struct str id = watchlist_entity(d->setup.watchlist, now->hits[i].entity)->id;
		bool known = false;
		for (size_t k = 0; k < old->match_count && !known; k++)
			known = str_eq(old->matches[k].id, id);
		if (!known)
			return true;
	}
	return false;
}

static int
match_one(struct daemon *d, int64_t id, struct arena *arena, struct store_new_item *ret, struct err *err)
{
	struct record old;
	struct routed routed = {0};
	struct watch_result *matches = arena_alloc(arena, sizeof *matches);
	uint64_t regex_steps = WATCH_REGEX_STEPS_MAX;
	if (matches == NULL)
		return arena_check(arena, err);
	if (store_item(d->store, id, arena, &old, err) < 0)
		return -1;
	const struct conf_feed *feed = conf_find_feed(d->setup.conf, old.feed_key);
	struct watch_input in = record_input(&old, conf_tags(feed, arena));
	in.regex_steps = &regex_steps;
	if (watch_match(d->setup.watchlist, &in, arena, matches, err) < 0 ||
	    (feed != NULL && routes_item(d->setup.routes, feed, old.language, matches, arena, &routed, err) < 0))
		return -1;
	d->rematch.changed += differs(d, &old, matches);
	*ret = (struct store_new_item){.id = id,
	    .matches = matches,
	    .watches = routed.watches,
	    .watch_count = routed.watch_count,
	    .severity = routed.severity};
	wish(d, &old, &routed, ret);
	return 0;
}

static void
end(struct daemon *d)
{
	struct rematch *r = &d->rematch;
	struct err err;
	r->active = false;
	if (store_rematch_end(d->store, r->version, &err) < 0)
		log_warn("watchlist: %s", err.msg);
	if (r->done > 0)
		log_notice("watchlist: %lld stored items were matched again, %lld of them otherwise than before",
		    (long long)r->done, (long long)r->changed);
	if (r->tell)
		log_notice("watchlist: %lld notifications of stored items are to go out", (long long)r->told);
}

/* One transaction. 0, or -1. */
static int
step(struct daemon *d, struct err *err)
{
	struct rematch *r = &d->rematch;
	struct store_stale q = {
	    .version = r->all ? 0 : r->version, .since_at = r->since_at, .below = r->below, .max = SLICE_ITEMS};
	struct store_new_item items[SLICE_ITEMS];
	int64_t ids[SLICE_ITEMS], next, begun = clock_boot_ms();
	size_t count = 0, told = 0;
	struct arena arena;
	if (store_stale(d->store, &q, ids, &count, &next, err) < 0)
		return -1;
	int rc = 0;
	arena_init(&arena, SLICE_MEMORY_MAX);
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = match_one(d, ids[i], &arena, &items[i], err);
		if (i + 1 < count && clock_boot_ms() - begun >= REMATCH_SLICE_MS) { /* expressions without end */
			count = i + 1;
			next = ids[i];
		}
	}
	if (rc == 0 && count > 0)
		rc = store_rematch(
		    d->store, items, count, d->setup.watchlist, router_store(d->router), clock_wall(), &told, err);
	for (size_t i = 0; i < count && rc == 0; i++)
		given_up_tell(d, items[i].matches, STR_NONE);
	arena_done(&arena);
	if (rc < 0)
		return -1;
	r->done += (int64_t)count;
	r->told += (int64_t)told;
	if (told > 0)
		deliver_kick(d->deliver);
	r->below = next;
	if (next == 0)
		end(d);
	return 0;
}

void
rematch_run(struct daemon *d, int64_t boot)
{
	struct rematch *r = &d->rematch;
	struct err err;
	if (!r->active || r->failed || boot < r->next_at)
		return;
	do {
		if (step(d, &err) < 0) {
			log_warn("watchlist: %s; no more stored items are matched again", err.msg);
			r->failed = true;
			return;
		}
	} while (r->active && clock_boot_ms() - boot < REMATCH_SLICE_MS);
	r->next_at = boot + REMATCH_EVERY_MS;
}

void
rematch_status(const struct daemon *d, struct jsonw *w)
{
	const struct rematch *r = &d->rematch;
	jsonw_kbool(w, "rematching", r->active && !r->failed);
	jsonw_kint(w, "rematched", r->done);
	jsonw_kint(w, "rematch_told", r->told);
}
