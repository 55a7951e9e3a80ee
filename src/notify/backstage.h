#pragma once
/*
 * A thread of its own for a sink whose library blocks (MQTT, NATS): it takes deliveries one after the other and hands what
 * came of them back to the loop. The loop never waits for it; a sink that is closed leaves its thread behind to end by itself.
 * Internal to notify.
 */
#include "notify/sink.h"

struct backstage;

struct backstage_job { /* the thread's own copies, each followed by a NUL */
	struct str id, body;
	int64_t timeout_ms;
};

/* All are called in the thread. */
struct backstage_player {
	/* ERR_NONE, ERR_SINK_TEMPORARY or ERR_SINK_REFUSED in err. */
	void (*deliver)(void *ctx, const struct backstage_job *job, struct err *err);
	/* Once a second while there is nothing to do; may be NULL. */
	void (*idle)(void *ctx);
	/* The last call: frees ctx. */
	void (*end)(void *ctx);
};

/* NULL with err; then ctx is still the caller's. */
struct backstage *
backstage_new(struct event_base *base, const struct backstage_player *player, void *ctx, struct err *err);
/* Deliveries that it has are not finished. */
void backstage_close(struct backstage *b);
void backstage_send(struct backstage *b, struct delivery *d, struct str id);
