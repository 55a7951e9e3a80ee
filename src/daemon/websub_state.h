#pragma once
/* What websub.c and websub_hub.c share, and nobody else includes. */
#include "base/map.h"
#include "daemon/daemon.h"
#include "daemon/websub.h"
#include "listen/listen.h"

#define TOKEN_BYTES 32 /* random bytes of a callback and of a secret; written as hex */

struct subscription {
	struct websub *websub;
	struct subscription *next;
	int64_t feed_id;
	char *key, *hub, *topic, *error;
	char token[2 * TOKEN_BYTES + 1], secret[2 * TOKEN_BYTES + 1];
	enum store_subscription_state state;
	struct store_way way;    /* as its feed was last configured; texts are owned */
	bool trusted, expecting; /* expecting: the hub was asked and is to verify */
	unsigned failures;
	int64_t lease_until, next_at; /* boot clock; INT64_MAX = never */
	struct http_request *request;
};

/* A push that waits for its feed to be free. */
struct push {
	struct push *next;
	int64_t id; /* in the store */
	char *key, *content_type;
	struct buf body;
};

struct websub {
	struct daemon *daemon;
	struct listener *listener;
	struct event *timer;
	struct subscription *subs;
	struct map by_key, by_token;
	struct push *queue, **queue_end;
	size_t queued, queued_bytes;
	bool stopping;
	int64_t pushes, pushes_refused;
};

/* websub.c */
void websub_arm(struct websub *w, int64_t ms);
/* Stores how the subscription stands, with an event when `event` is not NULL. */
void subscription_save(struct subscription *s, const char *event);
void subscription_drop(struct subscription *s, const char *event);
void subscription_error(struct subscription *s, const char *text); /* NULL: none */
/* When to try again after so many failures. */
void subscription_back_off(struct subscription *s);
/* Verified: the hub grants so much. */
void subscription_granted(struct subscription *s, int64_t lease_ms);
/* Takes a push: it is stored when this says true. */
bool websub_take(struct websub *w, struct subscription *s, struct str body, struct str content_type);

/* websub_hub.c */
void hub_ask(struct subscription *s, bool subscribe);
bool hub_head(void *ctx, const struct listen_request *r, struct listen_answer *a);
void hub_handle(void *ctx, const struct listen_request *r, struct listen_answer *a);
