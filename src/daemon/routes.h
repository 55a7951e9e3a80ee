#pragma once
/*
 * Which watches does an item fall under, and which sinks are to be told? Pure: compiled once per configuration.
 *
 * A watch applies when it watches the item's feed and one of its actors or topics is mentioned or its query applies
 * (`require = any`), or one of each that it names (`require = both`). "*" stands for all actors or all topics.
 * Each [route] that fits the item and one of its watches
 * sends it to its sinks; a watch that names sinks is a route of its own. What is sent when is route/decide.h's to say.
 */
#include "base/arena.h"
#include "conf/conf.h"
#include "route/decide.h"
#include "store/store.h"
#include "watch/watch.h"

struct routes;

/* Keeps pointers into conf, which must outlive it. NULL when memory ran out. */
struct routes *routes_new(const struct conf *conf, const struct watchlist *watchlist);
void routes_free(struct routes *r);

/* What stands behind store_tell.policy. */
struct route_wish {
	const struct route_policy *policy;
	const struct conf_watch *watch;
	const struct conf_feed *feed;
	const struct watch_result *matches;
	const struct watchlist *watchlist;
};

struct routed {
	struct store_tell *tells; /* one per route, watch and sink; those of routes first */
	size_t tell_count;
	struct str *watches;
	size_t watch_count;
	int severity; /* the highest of these watches */
};

/* 0, or -1 when memory ran out. The arrays live in the arena, the strings in the configuration. */
int routes_item(const struct routes *r, const struct conf_feed *feed, struct str language,
    const struct watch_result *matches, struct arena *arena, struct routed *out, struct err *err);

/* "low" 0, "normal" 1, "high" 2, "urgent" 3, "none" 4; anything else 1. */
int severity_parse(struct str word);
