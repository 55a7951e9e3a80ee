/*
 * Why a name led nowhere. curl tells only that it did; asking once more through glibc's getaddrinfo_a, which has threads of
 * its own, tells "no such name" (the feed's fault) from "the name server could not say" (nobody's). A few at a time: when many
 * names fail at once, it is not the names.
 */
#include "http/client.h"

#include <netdb.h>
#include <stdlib.h>

#define LOOKUPS_MAX 8u
#define LOOKUP_MAX_MS (5 * SECOND_MS)

struct lookup {
	struct lookup *next;
	struct http_request *request; /* NULL: nobody waits for it any more, but glibc still writes to it */
	struct gaicb query;
	int64_t until_ms;
	char host[HTTP_HOST_MAX];
};

static void
arm(struct http_client *c)
{
	static const struct timeval soon = {.tv_usec = 20000};
	if (c->lookups != NULL)
		event_add(c->lookup_timer, &soon);
}

bool
lookup_start(struct http_client *c, struct http_request *r)
{
	struct location l;
	if (c->lookup_count >= LOOKUPS_MAX || request_location(r, &l, NULL) < 0)
		return false;
	struct lookup *k = calloc(1, sizeof *k);
	if (k == NULL)
		return false;
	struct gaicb *list[] = {&k->query};
	memcpy(k->host, l.host, sizeof k->host);
	k->query.ar_name = k->host;
	k->until_ms = clock_boot_ms() + LOOKUP_MAX_MS;
	if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) != 0) {
		free(k);
		return false;
	}
	k->request = r;
	k->next = c->lookups;
	c->lookups = k;
	c->lookup_count++;
	r->state = REQUEST_LOOKED_UP;
	arm(c);
	return true;
}

void
lookup_abandon(struct http_client *c, struct http_request *r)
{
	for (struct lookup *k = c->lookups; k != NULL; k = k->next)
		if (k->request == r)
			k->request = NULL;
}

static void
answer(struct lookup *k, int gai)
{
	struct http_request *r = k->request;
	k->request = NULL;
	if (r == NULL)
		return;
	if (gai == EAI_NONAME || gai == EAI_NODATA || gai == EAI_ADDRFAMILY)
		err_set(&r->error, ERR_DNS, "the host %s does not exist", k->host);
	else
		err_set(&r->error, ERR_DNS_TEMPORARY, "no name server could tell the address of %s", k->host);
	request_finish(r);
}

/* Collects what is done; the rest is asked again a little later. */
void
lookup_poll(struct http_client *c)
{
	int64_t now = clock_boot_ms();
	for (struct lookup **link = &c->lookups, *k; (k = *link) != NULL;) {
		int gai = gai_error(&k->query);
		if (gai != EAI_INPROGRESS || now >= k->until_ms)
			answer(k, gai);
		if (gai == EAI_INPROGRESS) {
			link = &k->next;
			continue;
		}
		*link = k->next;
		c->lookup_count--;
		if (k->query.ar_result != NULL)
			freeaddrinfo(k->query.ar_result);
		free(k);
	}
	arm(c);
}

/* What glibc still works on is left to it: its thread writes there when it is done. */
void
lookup_done(struct http_client *c)
{
	while (c->lookups != NULL) {
		struct lookup *k = c->lookups;
		c->lookups = k->next;
		int rc = gai_cancel(&k->query);
		if (rc == EAI_NOTCANCELED)
			continue;
		if (k->query.ar_result != NULL)
			freeaddrinfo(k->query.ar_result);
		free(k);
	}
	c->lookup_count = 0;
}
