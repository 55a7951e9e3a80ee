#pragma once
/*
 * Which watches does an item fall under, and which sinks are to be told? Pure: compiled once per configuration.
 *
 * A watch applies when it watches the item's feed and one of its actors or topics is mentioned (`require = any`), or one of
 * each (`require = both`). "*" stands for all actors or all topics.
 */
#include "base/arena.h"
#include "conf/conf.h"
#include "store/store.h"
#include "watch/watch.h"

struct routes;

/* Keeps pointers into conf, which must outlive it. NULL when memory ran out. */
struct routes *routes_new(const struct conf *conf, const struct watchlist *watchlist);
void routes_free(struct routes *r);

struct routed {
	struct store_tell *tells; /* one per watch and sink */
	size_t tell_count;
	struct str *watches;
	size_t watch_count;
	int severity; /* the highest of these watches */
};

/* 0, or -1 when memory ran out. The arrays live in the arena, the strings in the configuration. */
int routes_item(const struct routes *r, const struct conf_feed *feed, const struct watch_result *matches,
    struct arena *arena, struct routed *out, struct err *err);

/* "low" 0, "normal" 1, "high" 2, "urgent" 3; anything else 1. */
int severity_parse(struct str word);
