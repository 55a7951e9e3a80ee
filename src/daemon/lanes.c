#include "daemon/lanes.h"

#include <stdlib.h>

#include "daemon/finished.h"

void
lanes_init(struct lanes *l)
{
	*l = (struct lanes){0};
	map_init(&l->by_host);
}

void
lanes_done(struct lanes *l)
{
	for (size_t i = 0; i < l->by_host.cap; i++)
		free(l->by_host.slots[i].value);
	map_done(&l->by_host);
}

static struct lane *
lane_get(struct lanes *l, struct str host)
{
	struct lane *lane = map_get(&l->by_host, host);
	if (lane != NULL || (lane = calloc(1, sizeof *lane + host.len + 1)) == NULL)
		return lane;
	memcpy(lane + 1, host.s, host.len);
	lane->host = (struct str){(char *)(lane + 1), host.len};
	if (map_put(&l->by_host, lane->host, lane) == 0)
		return lane;
	free(lane);
	return NULL;
}

int
lanes_enter(struct lanes *l, struct poll_task *t, struct str host, unsigned width)
{
	struct lane *lane = lane_get(l, host);
	if (lane == NULL)
		return -1;
	t->lane = lane;
	t->next_waiting = NULL;
	t->waiting = lane->active >= width;
	if (!t->waiting) {
		lane->active++;
		return 1;
	}
	if (lane->last != NULL)
		lane->last->next_waiting = t;
	else
		lane->first = t;
	lane->last = t;
	l->waiting++;
	return 0;
}

static void
unlink_waiting(struct lanes *l, struct poll_task *t)
{
	struct lane *lane = t->lane;
	struct poll_task **link = &lane->first, *before = NULL;
	for (; *link != t; link = &before->next_waiting)
		before = *link;
	*link = t->next_waiting;
	if (lane->last == t)
		lane->last = before;
	t->next_waiting = NULL;
	t->waiting = false;
	l->waiting--;
}

struct poll_task *
lanes_leave(struct lanes *l, struct poll_task *t)
{
	struct lane *lane = t->lane;
	struct poll_task *next = NULL;
	if (lane == NULL)
		return NULL;
	if (t->waiting) {
		unlink_waiting(l, t);
	} else if (lane->first != NULL) { /* its place goes to the next */
		next = lane->first;
		unlink_waiting(l, next);
	} else {
		lane->active--;
	}
	t->lane = NULL;
	if (lane->active == 0 && lane->first == NULL) {
		map_del(&l->by_host, lane->host);
		free(lane);
	}
	return next;
}
