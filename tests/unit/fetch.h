#pragma once
/* For tests: one request, waited for; and several at once. */
#include <event2/event.h>

#include "http/http.h"

struct fetched {
	unsigned calls; /* of the callback: exactly 1 when all is well */
	struct err error;
	int status;
	unsigned redirects;
	bool moved_permanently, connection_reused;
	int64_t max_age_ms, retry_after_ms, total_ms;
	size_t wire_bytes;
	struct buf body;
	struct arena arena; /* of the strings below */
	struct str url, content_type, etag, last_modified, link;
};

struct fetcher {
	struct event_base *base;
	struct http_client *client;
	struct http_settings settings;
};

/* Short limits, so that a test of a limit takes no longer than it must. Change f->settings, then fetcher_open. */
void fetcher_init(struct fetcher *f);
void fetcher_open(struct fetcher *f);
void fetcher_done(struct fetcher *f);

void fetched_init(struct fetched *r);
void fetched_done(struct fetched *r);
void fetched_take(void *ctx, struct http_reply *reply); /* an http_done_fn */
/* Runs the loop until the callbacks of all n have come, for at most 30 s. */
void fetcher_wait(struct fetcher *f, struct fetched *r, size_t n);
/* Start and wait. The options' allow_private is set. */
void fetch_with(struct fetcher *f, struct http_options o, struct fetched *r);
void fetch(struct fetcher *f, const char *url, struct fetched *r);
