/* Is it the feeds, or is it us? Our own network down, a captive portal, a sleep of the machine: none is held against a feed. */
#include "base/log.h"
#include "daemon/pipeline_state.h"
#include "feed/url.h"

#define PROBE_MS (15 * SECOND_MS)
#define RESPREAD_PER_FEED_MS 10
#define RESPREAD_MAX_MS (60 * SECOND_MS)

static uint64_t
host_hash(struct str url)
{
	return hash128(url_host(url), 1).lo;
}

/* Whom a poll depends on. A proxy of some feeds' own is one host, however many these are for; that of all feeds is our network. */
static uint64_t
way_hash(const struct poll_task *t)
{
	return host_hash(str_empty(t->conf->proxy) ? task_url(t) : t->conf->proxy);
}

static void
tell(struct pipeline *p, const char *kind, const char *text)
{
	struct err err;
	struct store_happening h = {.at = clock_wall(), .kind = kind, .text = str_from(text)};
	log_warn("%s", text);
	if (store_add_events(p->daemon->store, &h, 1, &err) < 0)
		log_warn("store: %s: the event %s is not in it", err.msg, kind);
}

static void
take_for_outage(struct finished *f)
{
	struct err err;
	err_set(&err, ERR_NETWORK_DOWN, "our own network seems to be down: %.*s", STR_ARG(f->poll.error_text));
	finished_fail(f, &err);
}

static bool
pardon(struct poll_task *t, int64_t now)
{
	if (!outage_suspects(t->error) || t->sched.failures == 0 || t->failed_at == TIME_NONE ||
	    now - t->failed_at > 2 * OUTAGE_WINDOW_MS)
		return false;
	sched_forgive(&t->sched, t->error);
	t->failed_at = TIME_NONE;
	return true;
}

/* The failures that led to the suspicion are taken back, and these feeds are tried again as soon as others are. */
static void
forgive(struct pipeline *p)
{
	int64_t now = clock_wall();
	/* for those that are written it is decided: network_pardons */
	for (size_t i = p->syncing + p->written; i < p->batch_count; i++) {
		if (outage_suspects(p->batch[i]->poll.error))
			take_for_outage(p->batch[i]);
	}
	for (size_t i = 0; i < p->task_count; i++) {
		struct poll_task *t = p->tasks[i];
		if (pardon(t, now) && !t->busy && !t->waiting)
			pipeline_plan(p, t, now);
	}
}

bool
network_pardons(const struct pipeline *p, struct poll_task *t)
{
	return p->outage.down && pardon(t, clock_wall());
}

void
network_respread(struct pipeline *p)
{
	int64_t now = clock_boot_ms(), spread = (int64_t)p->heap.count * RESPREAD_PER_FEED_MS;
	if (spread > RESPREAD_MAX_MS)
		spread = RESPREAD_MAX_MS;
	for (size_t i = 0; spread > 0 && i < p->task_count; i++) {
		struct poll_task *t = p->tasks[i];
		if (t->due.pos != HEAP_ABSENT && t->due.key <= now)
			heap_set(&p->heap, &t->due, now + (int64_t)(pipeline_draw(p) % (uint64_t)spread));
	}
}

static void
judge_outage(struct pipeline *p, struct finished *f)
{
	bool was = p->outage.down;
	bool down = outage_note(&p->outage, way_hash(f->task), f->poll.error, clock_boot_ms());
	if (down && outage_suspects(f->poll.error))
		take_for_outage(f);
	if (down && !was) {
		tell(p, "network_down", "our own network seems to be down: polling waits until something answers");
		p->probe_at = clock_boot_ms() + PROBE_MS;
		forgive(p);
	} else if (was && !down) {
		tell(p, "network_up", "our own network works again");
		network_respread(p);
	}
}

/* Hosts that have nothing to do with each other lead to one place, or give one page. */
static void
judge_portal(struct pipeline *p, struct finished *f)
{
	struct str asked = url_host(task_url(f->task)), answered = url_host(f->answered);
	bool away = f->redirected && !str_ieq(asked, answered);
	struct err err;
	uint64_t to;
	if (f->poll.error == ERR_NOT_A_FEED)
		to = away ? host_hash(f->answered) : f->page;
	else if (f->poll.error == ERR_ADDRESS_BLOCKED && away)
		to = host_hash(f->answered);
	else
		return;
	if (!portal_note(&p->portal, host_hash(task_url(f->task)), to, clock_boot_ms()))
		return;
	err_set(&err, ERR_CAPTIVE_PORTAL, "a page of the network that we are in seems to stand before the feed: %.*s",
	    STR_ARG(away ? answered : asked));
	finished_fail(f, &err);
}

void
network_judge(struct pipeline *p, struct finished *f)
{
	if (f->answered.s != NULL)
		judge_portal(p, f);
	judge_outage(p, f);
}

bool
network_allows(struct pipeline *p, int64_t now)
{
	if (!p->outage.down)
		return true;
	if (p->in_flight > 0 || now < p->probe_at)
		return false;
	p->probe_at = now + PROBE_MS;
	return true;
}
