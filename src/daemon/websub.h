#pragma once
/*
 * WebSub (W3C Recommendation, 23 January 2018), the subscriber's side. Where a feed or its Link header names a hub, and
 * `websub-listen` and `websub-callback` are set, the hub is asked to push. Each subscription has a callback that nobody can
 * guess, a secret that every push must be signed with, and a lease that is renewed before it ends; all of it is stored.
 *
 * A push goes the same way as a polled body. Polling goes on as a safety net: less often while pushes come before polls find
 * anything, as often as ever once a poll finds what no push has brought.
 */
#include "base/err.h"
#include "base/jsonw.h"

#define WEBSUB_LEASE_MS (10 * DAY_MS)      /* asked for; the hub decides */
#define WEBSUB_LEASE_MAX_MS (365 * DAY_MS) /* … within this */
#define WEBSUB_VERIFY_MS (10 * MINUTE_MS)  /* how long a hub may take to verify what it accepted */
#define WEBSUB_DENIED_MS (7 * DAY_MS)      /* before a hub that denied is asked again */
#define WEBSUB_DEADLINE_MS (10 * SECOND_MS)
#define WEBSUB_CONNECTIONS_MAX 64u
#define WEBSUB_CHALLENGE_MAX 4096u
#define WEBSUB_QUEUE_MAX 64u /* pushes that wait for their turn; beyond it the hub is told to come back */
#define WEBSUB_QUEUE_BYTES_MAX ((size_t)32 << 20)
#define WEBSUB_STRETCH 8 /* by how much polls are rarer while pushes work */

struct daemon;
struct websub;

/* Without the two settings: one that does nothing. NULL with err when it cannot listen. */
struct websub *websub_new(struct daemon *d, struct err *err);
/* After the HTTP client is gone. */
void websub_free(struct websub *w);
void websub_stop(struct websub *w);
/* The configuration has changed: feeds that left it are unsubscribed. */
void websub_sync(struct websub *w);

/* A document of the feed was stored; it named this hub and this topic, or STR_NONE. */
void websub_offer(struct websub *w, int64_t feed_id, const char *key, struct str hub, struct str topic);
/* A poll, or a push, was stored and brought so many new items. */
void websub_found(struct websub *w, const char *key, bool pushed, size_t items_new);
/* Pushes come, and polls have found nothing that they did not bring. */
bool websub_trusted(const struct websub *w, const char *key);
void websub_status(const struct websub *w, struct jsonw *w_out);
