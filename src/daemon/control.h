#pragma once
/*
 * The control socket: one request line, one answer, end of file. Requests: `status`, `reload`, `poll KEY`, `poll *`,
 * and those of orders.h: `outbox …`, `silence …`, `test SINK`, `dry-run ITEM`.
 * `reload` is answered when the configuration has been read, which nobody else has to wait for.
 * The answer is one JSON object; {"error": "…"} when the request was not understood or failed. At most CONTROL_CLIENTS_MAX
 * clients, a line of at most CONTROL_LINE_MAX bytes, CONTROL_DEADLINE_MS per client; only root and the daemon's own user
 * are answered (SO_PEERCRED), and the socket's mode is 0600.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define CONTROL_CLIENTS_MAX 32
#define CONTROL_LINE_MAX 1024
#define CONTROL_DEADLINE_MS 5000

struct daemon;
struct control;

/* NULL with err; a configuration without a control path gives a control that listens nowhere. */
struct control *control_new(struct daemon *d, struct err *err);
void control_free(struct control *c);
/* A reading of the configuration has ended (see reload.h): who waited for it is answered. */
void control_reloaded(struct control *c, uint64_t number, bool good);
