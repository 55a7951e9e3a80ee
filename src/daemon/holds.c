/* Hosts that asked to be left alone: 429 and 503 are meant for all of their feeds, unless the host is shared by many publishers. */
#include "base/log.h"
#include "daemon/pipeline_state.h"
#include "feed/url.h"

#include <stdio.h>

#define HOLD_UNSAID_MS (5 * MINUTE_MS) /* where there is no Retry-After */

static bool
is_shared(const struct conf_list *list, struct str host)
{
	for (size_t i = 0; i < list->count; i++) {
		struct str word = list->items[i];
		if (str_ieq(host, word))
			return true;
		if (str_starts(word, STR_LIT(".")) && host.len > word.len &&
		    str_ieq((struct str){host.s + host.len - word.len, word.len}, word))
			return true;
	}
	return false;
}

static int
hold(struct pipeline *p, struct str host, int64_t ms)
{
	char url[512];
	struct err err;
	int n = snprintf(url, sizeof url, "http://%.*s/", STR_ARG(host));
	if (n < 0 || (size_t)n >= sizeof url)
		return -1;
	return http_hold_host(p->daemon->http, str_from(url), ms, &err);
}

int64_t
holds_wanted(const struct daemon *d, const struct http_reply *reply, bool *shared)
{
	struct str host = url_host(reply->url);
	*shared = is_shared(&d->setup.conf->global.shared_hosts, host);
	if ((reply->status != 429 && reply->status != 503) || str_empty(host))
		return -1;
	int64_t wait = reply->retry_after_ms < 0 ? HOLD_UNSAID_MS : reply->retry_after_ms;
	return wait < SCHED_RETRY_AFTER_MIN_MS   ? SCHED_RETRY_AFTER_MIN_MS
	       : wait > SCHED_RETRY_AFTER_MAX_MS ? SCHED_RETRY_AFTER_MAX_MS
	                                         : wait;
}

void
holds_note(struct pipeline *p, struct finished *f, const struct http_reply *reply)
{
	struct str host = url_host(reply->url);
	bool shared;
	int64_t wait = holds_wanted(p->daemon, reply, &shared);
	if (wait < 0 || shared || hold(p, host, wait) < 0)
		return;
	f->poll.hold = (struct store_hold){.host = arena_str(&f->arena, host),
	    .why = str_from(reply->status == 429 ? "429: the server asks us to come less often"
	                                         : "503: the server has no time for us"),
	    .until_at = f->poll.at + wait};
}

void
holds_load(struct pipeline *p)
{
	struct store_hold *holds;
	struct arena arena;
	struct err err;
	size_t count;
	int64_t now = clock_wall();
	arena_init(&arena, 0);
	if (store_list_holds(p->daemon->store, now, now + SCHED_RETRY_AFTER_MAX_MS, &arena, &holds, &count, &err) == 0) {
		for (size_t i = 0; i < count; i++)
			hold(p, holds[i].host, holds[i].until_at - now);
	} else {
		log_warn("store: %s: holds on hosts are not remembered", err.msg);
	}
	arena_done(&arena);
}
