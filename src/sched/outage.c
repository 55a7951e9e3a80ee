#include "sched/outage.h"

/* Failures that happen without a single byte from the other side. */
static bool
could_be_us(enum err_code e)
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
	if (!could_be_us(error)) {
		*o = (struct outage){0};
		return false;
	}
	remember(o, host, now);
	if (o->count < OUTAGE_HOSTS)
		return false;
	for (unsigned i = 0; i < o->count && !o->down; i++)
		if (now - o->at[i] > OUTAGE_WINDOW_MS || o->at[i] > now)
			return false;
	o->down = true;
	return true;
}
