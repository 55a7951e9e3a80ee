#pragma once
/*
 * Reading the configuration again while polls go on: it is read, and its watchlist compiled, by a thread of its own; the loop
 * only takes over what is ready. No worker is forked meanwhile, see worker_pool_hold.
 */
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct daemon;
struct reload;

struct reload *reload_new(struct daemon *d, struct err *err);
/* Waits for a reading that is under way, and drops it. */
void reload_free(struct reload *r);
/* Begins a reading, or, while one is under way, makes sure that another follows it. Returns the number of the reading that
 * will see what is written now; control_reloaded is told when it has ended. 0: it could not be begun. */
uint64_t reload_request(struct reload *r);
bool reload_running(const struct reload *r);
