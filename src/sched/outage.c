#include "sched/outage.h"

bool
outage_suspects(enum err_code e)
{
	switch (e) {
	case ERR_DNS:
	case ERR_DNS_TEMPORARY:
	case ERR_CONNECT_TIMEOUT:
	case ERR_UNREACHABLE:
	case ERR_NETWORK_DOWN:
		return true;
	default:
		return false;
	}
}

/* Failures that say nothing about the network. */
static bool
says_nothing(enum err_code e)
{
	switch (e) {
	case ERR_INTERNAL:
	case ERR_NO_MEMORY:
	case ERR_IO:
	case ERR_DISK_FULL:
	case ERR_STORE:
	case ERR_STORE_BUSY:
	case ERR_CANCELLED:
	case ERR_ADDRESS_BLOCKED:
	case ERR_URL:
	case ERR_CONFIG:
	case ERR_TIMEOUT:
		return true;
	default:
		return false;
	}
}

static void
remember(struct outage *o, uint64_t host, int64_t now)
{
	unsigned oldest = 0;
	for (unsigned i = 0; i < o->count; i++) {
		if (o->hosts[i] == host) {
			o->at[i] = now;
			return;
		}
		if (o->at[i] < o->at[oldest])
			oldest = i;
	}
	if (o->count < OUTAGE_HOSTS)
		oldest = o->count++;
	o->hosts[oldest] = host;
	o->at[oldest] = now;
}

bool
outage_note(struct outage *o, uint64_t host, enum err_code error, int64_t now)
{
	if (says_nothing(error))
		return o->down;
	if (!outage_suspects(error)) {
		*o = (struct outage){.answered_at = now};
		return false;
	}
	remember(o, host, now);
	if (o->count < OUTAGE_HOSTS || (o->answered_at != 0 && now - o->answered_at < OUTAGE_QUIET_MS && !o->down))
		return o->down;
	for (unsigned i = 0; i < o->count && !o->down; i++)
		if (now - o->at[i] > OUTAGE_WINDOW_MS || o->at[i] > now)
			return false;
	o->down = true;
	return true;
}

bool
portal_note(struct portal *p, uint64_t host, uint64_t to, int64_t now)
{
	if (p->to != to)
		*p = (struct portal){.to = to};
	unsigned oldest = 0, recent = 0;
	for (unsigned i = 0; i < p->count; i++) {
		if (p->hosts[i] == host) {
			oldest = i;
			break;
		}
		if (p->at[i] < p->at[oldest])
			oldest = i;
		if (i + 1 == p->count && p->count < PORTAL_HOSTS)
			oldest = p->count;
	}
	if (oldest == p->count)
		p->count++;
	p->hosts[oldest] = host;
	p->at[oldest] = now;
	for (unsigned i = 0; i < p->count; i++)
		recent += p->at[i] <= now && now - p->at[i] <= OUTAGE_WINDOW_MS;
	return recent == PORTAL_HOSTS;
}
