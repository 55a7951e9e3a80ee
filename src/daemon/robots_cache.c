#include "daemon/robots_cache.h"

#include "base/clock.h"
#include "daemon/credentials.h"
#include "http/http.h"
#include "http/robots.h"

#include <stdio.h>
#include <stdlib.h>

#define KEPT_MS DAY_MS
#define UNREACHABLE_MS HOUR_MS
#define HOST_MEMORY_MAX ((size_t)2 << 20)

struct host {
	struct robots_cache *cache;
	struct host *next;
	struct str origin; /* owned */
	struct arena arena;
	struct robots robots;
	struct http_request *request; /* while it is fetched */
	int64_t expires_at, asked_at; /* boot clock; expires_at 0: not known yet */
	int64_t next_start_at;        /* no page before it: Crawl-delay */
};

struct robots_cache {
	struct http_client *http;
	void (*ready)(void *ctx);
	void *ctx;
	struct host *hosts;
	size_t count, bytes;
};

struct robots_cache *
robots_cache_new(struct http_client *http, void (*ready)(void *ctx), void *ctx, struct err *err)
{
	struct robots_cache *c = calloc(1, sizeof *c);
	if (c == NULL) {
		err_oom(err);
		return NULL;
	}
	*c = (struct robots_cache){.http = http, .ready = ready, .ctx = ctx};
	return c;
}

static void
host_free(struct host *h)
{
	h->cache->bytes -= h->arena.used_bytes;
	h->cache->count--;
	arena_done(&h->arena);
	free((char *)h->origin.s);
	free(h);
}

void
robots_cache_free(struct robots_cache *c)
{
	if (c == NULL)
		return;
	for (struct host *h = c->hosts, *next; h != NULL; h = next) {
		next = h->next;
		host_free(h);
	}
	free(c);
}

/* Makes room: the host that was asked for longest ago, if it is not being fetched. */
static void
evict(struct robots_cache *c)
{
	while (c->count >= ROBOTS_HOSTS_MAX || c->bytes > ROBOTS_MEMORY_MAX) {
		struct host **oldest = NULL;
		for (struct host **at = &c->hosts; *at != NULL; at = &(*at)->next) {
			if ((*at)->request == NULL && (oldest == NULL || (*at)->asked_at < (*oldest)->asked_at))
				oldest = at;
		}
		if (oldest == NULL)
			return;
		struct host *h = *oldest;
		*oldest = h->next;
		host_free(h);
	}
}

/* "https://host:port" of a URL: what one robots.txt holds for. */
static struct str
origin_of(struct str url)
{
	ptrdiff_t at = str_find(url, STR_LIT("://"), 0);
	size_t end = at < 0 ? url.len : (size_t)at + 3;
	while (end < url.len && strchr("/?#", url.s[end]) == NULL)
		end++;
	return (struct str){url.s, end};
}

static struct host *
find_host(struct robots_cache *c, struct str url, struct err *err)
{
	struct str origin = origin_of(url);
	for (struct host *h = c->hosts; h != NULL; h = h->next) {
		if (str_ieq(h->origin, origin))
			return h;
	}
	evict(c);
	struct host *h = calloc(1, sizeof *h);
	char *name = h != NULL ? strndup(origin.s, origin.len) : NULL;
	if (name == NULL) {
		free(h);
		err_oom(err);
		return NULL;
	}
	*h = (struct host){.cache = c, .next = c->hosts, .origin = {name, origin.len}};
	arena_init(&h->arena, HOST_MEMORY_MAX);
	c->hosts = h;
	c->count++;
	return h;
}

/* What the reply means, and for how long. */
static void
read_reply(struct host *h, const struct http_reply *reply)
{
	bool whole = reply->error.code == ERR_NONE || reply->error.code == ERR_TOO_LARGE;
	enum robots_access access = robots_access(whole ? reply->status : 0);

	arena_reset(&h->arena);
	h->robots = (struct robots){.deny_all = access == ROBOTS_DENY_ALL};
	if (access == ROBOTS_PARSE &&
	    robots_parse(buf_view(&reply->body), STR_LIT(PACKAGE_NAME), &h->arena, &h->robots, NULL) < 0)
		h->robots = (struct robots){.deny_all = true};
	h->expires_at = clock_boot_ms() + (h->robots.deny_all && access != ROBOTS_PARSE ? UNREACHABLE_MS : KEPT_MS);
}

static void
on_reply(void *ctx, struct http_reply *reply)
{
	struct host *h = ctx;
	size_t before = h->arena.used_bytes;

	h->request = NULL;
	if (reply->error.code == ERR_CANCELLED)
		return;
	read_reply(h, reply);
	h->cache->bytes += h->arena.used_bytes - before;
	h->cache->ready(h->cache->ctx);
}

static void
fetch(struct host *h, const struct conf_feed *feed)
{
	char url[8300];
	static const struct http_header accept = {STR_LIT("Accept"), STR_LIT("text/plain, */*;q=0.5")};
	snprintf(url, sizeof url, "%.*s/robots.txt", STR_ARG(h->origin));
	struct http_options options = {
	    .url = str_from(url), .headers = &accept, .header_count = 1, .body_max_bytes = ROBOTS_BYTES_MAX};
	struct credentials credentials;
	if (credentials_way(&credentials, feed, &options, NULL) == 0)
		h->request = http_start(h->cache->http, &options, on_reply, h, NULL);
	credentials_done(&credentials);
	if (h->request == NULL) { /* no URL at all, or no secret for the proxy: forbid, as if it could not be reached */
		h->robots = (struct robots){.deny_all = true};
		h->expires_at = clock_boot_ms() + UNREACHABLE_MS;
	}
}

enum robots_answer
robots_ask(struct robots_cache *c, const struct conf_feed *feed, struct str url, int64_t *wait_ms, struct err *err)
{
	int64_t now = clock_boot_ms();
	struct host *h = find_host(c, url, err);
	struct arena scratch;

	*wait_ms = -1;
	if (h == NULL)
		return ROBOTS_NO;
	h->asked_at = now;
	if (h->request == NULL && h->expires_at <= now)
		fetch(h, feed);
	if (h->request != NULL)
		return ROBOTS_LATER;
	arena_init(&scratch, 0);
	bool allowed = robots_allows(&h->robots, robots_target(url, &scratch));
	arena_done(&scratch);
	if (!allowed) {
		err_set(err, ERR_ROBOTS,
		    h->robots.deny_all ? "%.*s/robots.txt cannot be had, so no page is asked for"
		                       : "%.*s/robots.txt does not allow it",
		    STR_ARG(h->origin));
		return ROBOTS_NO;
	}
	if (h->next_start_at > now) {
		*wait_ms = h->next_start_at - now;
		return ROBOTS_LATER;
	}
	h->next_start_at = now + h->robots.delay_ms;
	return ROBOTS_YES;
}

void
robots_hold(struct robots_cache *c, struct str url, int64_t ms)
{
	struct host *h = find_host(c, url, NULL);
	int64_t until = clock_boot_ms() + ms;
	if (h != NULL && until > h->next_start_at)
		h->next_start_at = until;
}
