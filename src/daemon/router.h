#pragma once
/*
 * The shell round route/decide: hands it what the daemon knows (silences, the sinks' rates and quiet hours), and the store
 * what it says. The rates count from what the outbox shows, so that a restart gives nobody more than is allowed.
 */
#include "base/jsonw.h"
#include "daemon/routes.h"

struct daemon;
struct router;

struct router *router_new(struct daemon *d, struct err *err);
void router_free(struct router *r);
/* After a new configuration is in force. */
int router_sync(struct router *r, struct err *err);
/* After a silence began or ended. */
int router_read_silences(struct router *r, struct err *err);

/* For store_poll. */
const struct store_router *router_store(const struct router *r);
/* When an alarm goes to a sink, or why it does not: silences, the sink's quiet hours and its rate hold for it. */
void router_alarm(struct router *r, const struct store_alarm *alarm, struct str sink, const struct store_thread *thread,
    int64_t now, struct arena *arena, struct store_sending *out);
/* From now until NULL is given, each decision is written down as one object, and counts for no rate. */
void router_explain(struct router *r, struct jsonw *w);
