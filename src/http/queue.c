/*
 * Who may start next. Requests wait at their host, in order; the hosts that may start one stand in a ring and are
 * served in turn, so that a host with a thousand waiting requests holds up nobody else's.
 */
#include "http/client.h"

#include <stdlib.h>

static void
ring_add(struct http_client *c, struct host *h)
{
	if (h->ready)
		return;
	h->ready = true;
	if (c->ready == NULL) {
		c->ready = h->next_ready = h->prev_ready = h;
		return;
	}
	h->next_ready = c->ready;
	h->prev_ready = c->ready->prev_ready;
	h->prev_ready->next_ready = h;
	c->ready->prev_ready = h;
}

static void
ring_remove(struct http_client *c, struct host *h)
{
	if (!h->ready)
		return;
	h->ready = false;
	if (h->next_ready == h) {
		c->ready = NULL;
		return;
	}
	h->prev_ready->next_ready = h->next_ready;
	h->next_ready->prev_ready = h->prev_ready;
	if (c->ready == h)
		c->ready = h->next_ready;
}

static void
host_free(struct http_client *c, struct host *h)
{
	ring_remove(c, h);
	heap_remove(&c->held, &h->held);
	map_del(&c->hosts, h->name);
	free(h);
}

static struct host *
host_get(struct http_client *c, struct str name)
{
	struct host *h = map_get(&c->hosts, name);
	if (h != NULL)
		return h;
	h = calloc(1, sizeof *h + name.len + 1);
	if (h == NULL)
		return NULL;
	memcpy(h + 1, name.s, name.len);
	h->name = (struct str){(char *)(h + 1), name.len};
	heap_entry_init(&h->held);
	if (map_put(&c->hosts, h->name, h) < 0) {
		free(h);
		return NULL;
	}
	return h;
}

/* Puts the host where it belongs: into the ring, among the held, or nowhere. */
static void
host_place(struct http_client *c, struct host *h)
{
	int64_t now = h->next_start_ms > 0 ? clock_boot_ms() : 0;
	bool wants = h->first != NULL, full = h->active >= c->settings.connections_per_host,
	     held = h->next_start_ms > now;
	if (wants && !full && !held)
		ring_add(c, h);
	else
		ring_remove(c, h);
	if (held && heap_set(&c->held, &h->held, h->next_start_ms) < 0)
		h->next_start_ms = 0; /* no memory to be patient with */
	if (!held)
		heap_remove(&c->held, &h->held);
	if (!wants && h->active == 0 && !held)
		host_free(c, h);
}

bool
queue_add(struct http_client *c, struct http_request *r, bool first)
{
	struct location l;
	if (request_location(r, &l, &r->error) < 0)
		return false;
	struct host *h = host_get(c, str_from(l.host));
	if (h == NULL) {
		err_oom(&r->error);
		return false;
	}
	r->host = h;
	r->state = REQUEST_WAITING;
	c->waiting++;
	r->next_queued = first ? h->first : NULL;
	if (first || h->first == NULL)
		h->first = r;
	else
		h->last->next_queued = r;
	if (!first || h->last == NULL)
		h->last = r;
	host_place(c, h);
	return true;
}

static struct http_request *
take_first(struct http_client *c, struct host *h)
{
	struct http_request *r = h->first;
	h->first = r->next_queued;
	if (h->first == NULL)
		h->last = NULL;
	r->next_queued = NULL;
	c->waiting--;
	return r;
}

void
queue_remove(struct http_client *c, struct http_request *r)
{
	struct host *h = r->host;
	struct http_request **link = &h->first, *before = NULL;
	while (*link != r) {
		before = *link;
		link = &before->next_queued;
	}
	*link = r->next_queued;
	if (h->last == r)
		h->last = before;
	r->next_queued = NULL;
	r->host = NULL;
	c->waiting--;
	host_place(c, h);
}

/* Hosts whose moment has come leave the heap. */
static void
release_held(struct http_client *c)
{
	struct heap_entry *e;
	int64_t now = c->held.count > 0 ? clock_boot_ms() : 0;
	while ((e = heap_min(&c->held)) != NULL && e->key <= now) {
		struct host *h = (struct host *)((char *)e - offsetof(struct host, held));
		h->next_start_ms = 0;
		host_place(c, h);
	}
	if (e != NULL) {
		struct timeval tv = {.tv_sec = (e->key - now) / 1000, .tv_usec = (e->key - now) % 1000 * 1000};
		event_add(c->held_timer, &tv);
	}
}

/* A place for a name look-up that neither a transfer occupies nor a thread that an abandoned look-up left behind. */
static bool
may_resolve(struct http_client *c)
{
	unsigned used = c->resolving, max = c->settings.resolves_max;
	if (used < max && c->lingering_until > 0) {
		int64_t now = clock_boot_ms();
		for (unsigned i = 0; i < max; i++)
			used += c->lingering[i] > now;
		if (c->lingering_until <= now)
			c->lingering_until = 0;
	}
	return used < max;
}

void
queue_resolved(struct http_client *c, struct transfer *t)
{
	if (t->resolved)
		return;
	t->resolved = true;
	if (c->resolving-- == c->settings.resolves_max && c->waiting > 0)
		client_wake(c);
}

/* The transfer ended. When it was abandoned before its name was known, the resolver's thread goes on for a while. */
void
queue_unresolved(struct http_client *c, struct transfer *t, bool abandoned)
{
	if (t->resolved)
		return;
	t->resolved = true;
	c->resolving--;
	if (!abandoned)
		return;
	int64_t now = clock_boot_ms();
	for (unsigned i = 0; i < c->settings.resolves_max; i++)
		if (c->lingering[i] <= now) {
			c->lingering[i] = c->lingering_until = now + RESOLVER_LINGERS_MS;
			break;
		}
	struct timeval tv = {.tv_sec = RESOLVER_LINGERS_MS / 1000 + 1};
	event_add(c->linger_timer, &tv);
}

/* Whose turn it is; while fetches are held, only a host to which something is sent. */
static struct host *
next_host(const struct http_client *c)
{
	struct host *h = c->ready;
	if (h == NULL || !c->fetches_held)
		return h;
	do {
		if (h->first->post || h->first->mail)
			return h;
		h = h->next_ready;
	} while (h != c->ready);
	return NULL;
}

struct http_request *
queue_next(struct http_client *c)
{
	release_held(c);
	struct host *h = next_host(c);
	if (h == NULL || c->active >= c->settings.connections || !may_resolve(c))
		return NULL;
	struct http_request *r = take_first(c, h);
	h->active++;
	c->active++;
	if (c->settings.host_spacing_ms > 0)
		h->next_start_ms = clock_boot_ms() + c->settings.host_spacing_ms;
	c->ready = h->next_ready; /* the next host's turn */
	host_place(c, h);
	return r;
}

void
queue_ended(struct http_client *c, struct http_request *r)
{
	struct host *h = r->host;
	r->host = NULL;
	h->active--;
	c->active--;
	host_place(c, h);
}

int
queue_hold(struct http_client *c, struct str name, int64_t ms)
{
	struct host *h = host_get(c, name);
	if (h == NULL)
		return -1;
	int64_t until = clock_boot_ms() + ms;
	if (until > h->next_start_ms)
		h->next_start_ms = until;
	host_place(c, h);
	return 0;
}

int64_t
queue_held_ms(const struct http_client *c, struct str name)
{
	const struct host *h = map_get(&c->hosts, name);
	int64_t left = h && h->next_start_ms > 0 ? h->next_start_ms - clock_boot_ms() : 0;
	return left > 0 ? left : 0;
}

void
queue_done(struct http_client *c)
{
	while (c->hosts.count > 0)
		for (size_t i = 0; i < c->hosts.cap; i++)
			if (c->hosts.slots[i].value != NULL)
				host_free(c, c->hosts.slots[i].value);
	map_done(&c->hosts);
	heap_done(&c->held);
}
