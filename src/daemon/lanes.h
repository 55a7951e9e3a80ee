#pragma once
/*
 * A lane per host: so many polls of one host are handed to http at a time, the others wait here, in the order in which they
 * fell due. So a host with a thousand feeds takes no more of the requests in flight than any other.
 */
#include "base/map.h"
#include "base/str.h"

struct poll_task;

struct lane {
	struct str host; /* owned */
	unsigned active;
	struct poll_task *first, *last;
};

struct lanes {
	struct map by_host;
	size_t waiting;
};

void lanes_init(struct lanes *l);
void lanes_done(struct lanes *l);
/* Enters the task's lane: 1 it may start, 0 it waits, -1 no memory. */
int lanes_enter(struct lanes *l, struct poll_task *t, struct str host, unsigned width);
/* Its poll has ended, or it waits no longer. Returns a task that may start now (and has entered), or NULL. */
struct poll_task *lanes_leave(struct lanes *l, struct poll_task *t);
