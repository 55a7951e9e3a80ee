/* Which watches an item falls under, asked of one watch; daemon/routes.h does it for all of them at once. */
#include "conf/value.h"

static bool
wants(const struct conf_list *keys, struct str id)
{
	return conf_list_has(keys, id) || conf_list_has(keys, STR_LIT("*"));
}

struct str
conf_tags(const struct conf_feed *feed, struct arena *arena)
{
	struct str all = STR_NONE;
	for (size_t i = 0; feed != NULL && i < feed->tags.count; i++)
		all = arena_printf(arena, "%.*s%s%.*s", STR_ARG(all), i > 0 ? " " : "", STR_ARG(feed->tags.items[i]));
	return all;
}

bool
conf_watch_sees(const struct conf_watch *w, const struct conf_feed *feed)
{
	if (w->feeds.count == 0)
		return true;
	if (feed == NULL)
		return false;
	bool sees = conf_list_has(&w->feeds, feed->key);
	for (size_t i = 0; i < feed->tags.count && !sees; i++)
		sees = conf_list_has(&w->feeds, feed->tags.items[i]);
	return sees;
}

bool
conf_watch_applies(const struct conf_watch *w, const struct conf_feed *feed, const struct watchlist *list,
    const struct watch_result *matches)
{
	bool actor = false, topic = false, query = false;
	for (size_t i = 0; i < matches->hit_count; i++) {
		const struct watch_entity *e = watchlist_entity(list, matches->hits[i].entity);
		struct str id = e->id;
		if (e->kind == WATCH_TOPIC)
			topic |= wants(&w->topics, id);
		else if (watch_kind_is_actor(e->kind))
			actor |= wants(&w->actors, id);
		else
			query |= w->query.count > 0 && str_starts(id, STR_LIT(CONF_ALERT_PREFIX)) &&
			         str_eq((struct str){id.s + sizeof CONF_ALERT_PREFIX - 1,
			                    id.len + 1 - sizeof CONF_ALERT_PREFIX},
			             w->key);
	}
	if (!conf_watch_sees(w, feed))
		return false;
	if (!str_is(w->require, "both"))
		return actor || topic || query;
	return (actor || w->actors.count == 0) && (topic || w->topics.count == 0) && (query || w->query.count == 0);
}
