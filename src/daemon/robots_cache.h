#pragma once
/*
 * What the robots.txt of each host says, fetched when it is first asked for and kept for a day (RFC 9309 section 2.4). A host
 * whose robots.txt cannot be had is asked for no page for an hour. Bounded in hosts and in memory; what is asked least
 * recently makes way. Not kept across restarts.
 */
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define ROBOTS_HOSTS_MAX 256u
#define ROBOTS_MEMORY_MAX ((size_t)16 << 20)

struct conf_feed;
struct http_client;
struct robots_cache;

enum robots_answer { ROBOTS_YES, ROBOTS_NO, ROBOTS_LATER };

/* `ready` is called, never from inside robots_ask, when answers that were ROBOTS_LATER may be asked for again. */
struct robots_cache *robots_cache_new(struct http_client *http, void (*ready)(void *ctx), void *ctx, struct err *err);
/* After the client is gone. */
void robots_cache_free(struct robots_cache *c);

/* May this page be asked for now, for that feed's sake? *wait_ms with ROBOTS_LATER: -1 until `ready` is called, else how long the host's
 * Crawl-delay still runs. ROBOTS_NO fills err (ERR_ROBOTS). With ROBOTS_YES the request counts as made. */
enum robots_answer
robots_ask(struct robots_cache *c, const struct conf_feed *feed, struct str url, int64_t *wait_ms, struct err *err);
/* No page of this host for so long, as if its Crawl-delay said so. */
void robots_hold(struct robots_cache *c, struct str url, int64_t ms);
