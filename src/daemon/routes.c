#include "daemon/routes.h"

#include <stdlib.h>

struct route {
	const struct conf_watch *watch;
	unsigned char *wanted; /* one bit per entity of the watchlist */
	int severity;
	bool both;
};

struct routes {
	const struct conf *conf;
	const struct watchlist *watchlist;
	struct route *routes;
	size_t count;
};

int
severity_parse(struct str word)
{
	static const char *const words[] = {"low", "normal", "high", "urgent"};
	for (int i = 0; i < 4; i++) {
		if (str_is(word, words[i]))
			return i;
	}
	return 1;
}

static void
want(struct route *route, size_t entity)
{
	route->wanted[entity / 8] |= (unsigned char)(1u << (entity % 8));
}

static bool
wants(const struct route *route, size_t entity)
{
	return (route->wanted[entity / 8] >> (entity % 8)) & 1;
}

static bool
list_has(const struct conf_list *list, struct str word)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(list->items[i], word))
			return true;
	}
	return false;
}

/* Marks what a list of keys names; topics and actors are told apart by the entity's kind. */
static void
want_list(const struct routes *r, struct route *route, const struct conf_list *keys, bool topics)
{
	if (list_has(keys, STR_LIT("*"))) {
		for (size_t i = 0; i < watchlist_count(r->watchlist); i++) {
			if ((watchlist_entity(r->watchlist, i)->kind == WATCH_TOPIC) == topics)
				want(route, i);
		}
		return;
	}
	for (size_t i = 0; i < keys->count; i++) {
		ptrdiff_t entity = watchlist_find(r->watchlist, keys->items[i]);
		if (entity >= 0)
			want(route, (size_t)entity);
	}
}

static int
compile(struct routes *r)
{
	size_t bytes = watchlist_count(r->watchlist) / 8 + 1;
	r->routes = calloc(r->conf->watch_count + 1, sizeof *r->routes);
	if (r->routes == NULL)
		return -1;
	for (size_t i = 0; i < r->conf->watch_count; i++) {
		const struct conf_watch *w = &r->conf->watches[i];
		struct route *route = &r->routes[r->count];
		route->wanted = calloc(bytes, 1);
		if (route->wanted == NULL)
			return -1;
		r->count++;
		route->watch = w;
		route->severity = severity_parse(w->severity);
		route->both = str_is(w->require, "both");
		want_list(r, route, &w->actors, false);
		want_list(r, route, &w->topics, true);
	}
	return 0;
}

struct routes *
routes_new(const struct conf *conf, const struct watchlist *watchlist)
{
	struct routes *r = calloc(1, sizeof *r);
	if (r == NULL)
		return NULL;
	r->conf = conf;
	r->watchlist = watchlist;
	if (compile(r) < 0) {
		routes_free(r);
		return NULL;
	}
	return r;
}

void
routes_free(struct routes *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		free(r->routes[i].wanted);
	free(r->routes);
	free(r);
}

static bool
watches_feed(const struct route *route, const struct conf_feed *feed)
{
	const struct conf_list *feeds = &route->watch->feeds;
	if (feeds->count == 0 || list_has(feeds, feed->key))
		return true;
	for (size_t i = 0; i < feed->tags.count; i++) {
		if (list_has(feeds, feed->tags.items[i]))
			return true;
	}
	return false;
}

static bool
applies(const struct routes *r, const struct route *route, const struct watch_result *matches)
{
	bool actor = false, topic = false;
	for (size_t i = 0; i < matches->hit_count; i++) {
		size_t entity = matches->hits[i].entity;
		if (!wants(route, entity))
			continue;
		if (watchlist_entity(r->watchlist, entity)->kind == WATCH_TOPIC)
			topic = true;
		else
			actor = true;
	}
	return route->both ? actor && topic : actor || topic;
}

int
routes_item(const struct routes *r, const struct conf_feed *feed, const struct watch_result *matches,
    struct arena *arena, struct routed *out, struct err *err)
{
	size_t tell_cap = 0, watch_cap = 0;
	*out = (struct routed){0};
	for (size_t i = 0; i < r->count && matches->hit_count > 0; i++) {
		const struct route *route = &r->routes[i];
		if (!watches_feed(route, feed) || !applies(r, route, matches))
			continue;
		out->watches = arena_grow(arena, out->watches, &watch_cap, out->watch_count, sizeof *out->watches);
		if (out->watches == NULL)
			return arena_check(arena, err);
		out->watches[out->watch_count++] = route->watch->key;
		if (route->severity > out->severity)
			out->severity = route->severity;
		for (size_t s = 0; s < route->watch->sinks.count; s++) {
			out->tells = arena_grow(arena, out->tells, &tell_cap, out->tell_count, sizeof *out->tells);
			if (out->tells == NULL)
				return arena_check(arena, err);
			out->tells[out->tell_count++] = (struct store_tell){.watch = route->watch->key,
			    .sink = route->watch->sinks.items[s],
			    .severity = route->severity,
			    .copies = route->watch->copies};
		}
	}
	return 0;
}
