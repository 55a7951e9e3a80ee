#include "base/log.h"
#include "base/vec.h"
#include "daemon/alarms_state.h"
#include "daemon/deliver.h"
#include "daemon/router.h"

#include <event2/event.h>
#include <stdlib.h>

#define EVENTS_MAX 256 /* looked at in one transaction */
#define NAMES_MAX 12   /* that a summary names */
#define REPEAT_LOOK_MS MINUTE_MS

/* Events that people are told of, and as what. */
static const struct kind {
	const char *event, *alarm, *thread;
	int severity;
	bool ends;
	const char *title, *summary;
} kinds[] = {
    {"failing_long", "feed_failing", "feed_failing", 1, false, "Feed %.*s is failing", "%zu feeds are failing"},
    {"recovered", "feed_recovered", "feed_failing", 1, true, "Feed %.*s works again", "%zu feeds work again"},
    {"gone", "feed_gone", "feed_gone", 1, false, "Feed %.*s is gone", "%zu feeds are gone"},
    {"moved", "feed_moved", "feed_moved", 0, false, "Feed %.*s has moved", "%zu feeds have moved"},
    {"moved_back", "feed_moved", "feed_moved", 0, false, "Feed %.*s has moved back", "%zu feeds have moved back"},
    {"identity_changed", "feed_changed", "feed_changed", 2, false, "Feed %.*s is not what it was",
        "%zu feeds are not what they were"},
    {"gap_suspected", "feed_gap", "feed_gap", 0, false, "Items of feed %.*s were probably missed",
        "Items of %zu feeds were probably missed"},
    {"flood", "feed_flood", "feed_flood", 1, false, "Feed %.*s has very many new items, which are held",
        "%zu feeds have very many new items, which are held"},
    {"network_down", "daemon_trouble", "daemon_trouble network", 2, false, "The network is down", NULL},
    {"network_up", "daemon_well", "daemon_trouble network", 2, true, "The network is back", NULL},
};

/* ---- telling ---- */

/* An end belongs to what it ends. */
static const char *
wanted_as(const char *alarm)
{
	static const char *const ends[][2] = {{"feed_recovered", "feed_failing"}, {"feed_back", "feed_quiet"},
	    {"watch_back", "watch_quiet"}, {"sink_well", "sink_failing"}, {"daemon_well", "daemon_trouble"}};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		if (strcmp(alarm, ends[i][0]) == 0)
			return ends[i][1];
	}
	return alarm;
}

bool
alarms_wants(const struct alarms *a, const char *alarm)
{
	const struct conf_global *g = &a->daemon->setup.conf->global;
	for (size_t i = 0; i < g->alarms.count && g->alarm_sinks.count > 0; i++) {
		if (str_is(g->alarms.items[i], wanted_as(alarm)))
			return true;
	}
	return false;
}

/* A sink is not told of its own trouble: it would hear of it when it is over. */
static void
raise_at(struct alarms *a, const struct store_alarm *what, struct str sink)
{
	struct store_thread thread;
	struct store_sending how;
	struct err err;
	struct store_alarm_tell *grown = arena_grow(&a->arena, a->tells, &a->tell_cap, a->tell_count, sizeof *grown);
	if (grown == NULL)
		return;
	a->tells = grown;
	if (store_alarm_thread(a->daemon->store, sink, what->group, &thread, &err) < 0)
		thread = (struct store_thread){.told_at = TIME_NONE};
	router_alarm(a->daemon->router, what, sink, &thread, clock_wall(), &a->arena, &how);
	if (!how.skip)
		a->tells[a->tell_count++] = (struct store_alarm_tell){*what, sink, how};
}

void
alarms_raise(struct alarms *a, const struct store_alarm *what, const char *thread)
{
	const struct conf_list *sinks = &a->daemon->setup.conf->global.alarm_sinks;
	struct store_alarm full = *what;
	full.group = arena_printf(&a->arena, "%s %.*s", thread, STR_ARG(what->subject));
	if (a->arena.failed)
		return;
	log_notice("alarm %.*s: %.*s", STR_ARG(what->alarm), STR_ARG(what->title));
	for (size_t i = 0; i < sinks->count; i++) {
		if (!str_is(what->alarm, "sink_failing") || !str_eq(what->subject, sinks->items[i]))
			raise_at(a, &full, sinks->items[i]);
	}
}

void
alarms_mark(struct alarms *a, const char *alarm, struct str subject, int64_t since_at)
{
	struct store_alarm_mark *grown = arena_grow(&a->arena, a->marks, &a->mark_cap, a->mark_count, sizeof *grown);
	if (grown == NULL)
		return;
	a->marks = grown;
	a->marks[a->mark_count++] = (struct store_alarm_mark){str_from(alarm), arena_str(&a->arena, subject), since_at};
}

double
alarms_budget(const struct alarms *a)
{
	struct route_rate rate;
	struct err err;
	if (route_rate_parse(a->daemon->setup.conf->global.false_alarms, &rate, &err) < 0 || rate.count == 0)
		return 0;
	return (double)rate.count * 7 * DAY_MS / (double)rate.per_ms;
}

/* ---- events ---- */

static const struct kind *
kind_of(struct str event)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (str_is(event, kinds[i].event))
			return &kinds[i];
	}
	return NULL;
}

/* What goes on is repeated, until it has ended. */
static void
mark_event(struct alarms *a, const struct kind *k, const struct store_event *e)
{
	if (strcmp(k->event, "failing_long") == 0)
		alarms_mark(a, "feed_failing", e->feed, e->at);
	else if (strcmp(k->event, "recovered") == 0 || strcmp(k->event, "gone") == 0)
		alarms_mark(a, "feed_failing", e->feed, TIME_NONE);
}

static void
raise_event(struct alarms *a, const struct kind *k, const struct store_event *e)
{
	struct str subject = e->feed.s != NULL ? e->feed : STR_NONE;
	struct buf title;
	buf_init(&title, 512);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	if (k->summary != NULL)
		buf_printf(&title, k->title, STR_ARG(subject));
	else
		buf_puts(&title, k->title);
#pragma GCC diagnostic pop
	alarms_raise(a,
	    &(struct store_alarm){.alarm = str_from(k->alarm),
	        .subject = subject,
	        .title = arena_str(&a->arena, buf_view(&title)),
	        .text = e->text,
	        .severity = k->severity,
	        .since_at = e->at},
	    k->thread);
	mark_event(a, k, e);
	buf_done(&title);
}

/* Many at once have one cause as a rule, and are one alarm. */
static void
raise_summary(struct alarms *a, const struct kind *k, const struct store_event *events, size_t count, size_t of_kind)
{
	struct buf title, text;
	size_t named = 0;
	buf_init(&title, 512);
	buf_init(&text, 8192);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	buf_printf(&title, k->summary, of_kind);
#pragma GCC diagnostic pop
	for (size_t i = 0; i < count && named < NAMES_MAX; i++) {
		if (kind_of(events[i].kind) != k)
			continue;
		buf_printf(&text, "%s%.*s", named++ > 0 ? ", " : "", STR_ARG(events[i].feed));
	}
	if (named < of_kind)
		buf_puts(&text, ", …; tidings events tells all of them");
	alarms_raise(a,
	    &(struct store_alarm){.alarm = str_from(k->alarm),
	        .subject = STR_NONE,
	        .title = arena_str(&a->arena, buf_view(&title)),
	        .text = arena_str(&a->arena, buf_view(&text)),
	        .severity = k->severity,
	        .since_at = events[0].at},
	    k->thread);
	buf_done(&text);
	buf_done(&title);
}

static void
raise_kind(struct alarms *a, const struct kind *k, const struct store_event *events, size_t count)
{
	size_t of_kind = 0;
	for (size_t i = 0; i < count; i++)
		of_kind += kind_of(events[i].kind) == k;
	if (of_kind == 0 || !alarms_wants(a, k->alarm))
		return;
	if (of_kind > ALARMS_SUMMARY && k->summary != NULL) {
		raise_summary(a, k, events, count, of_kind);
		for (size_t i = 0; i < count && k->ends; i++) {
			if (kind_of(events[i].kind) == k)
				mark_event(a, k, &events[i]);
		}
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (kind_of(events[i].kind) == k)
			raise_event(a, k, &events[i]);
	}
}

static int
look_at_events(struct alarms *a, struct err *err)
{
	struct store_event *events;
	size_t count;
	int64_t seen, ignored;
	if (store_alarms_seen(a->daemon->store, &seen, &ignored, err) < 0 ||
	    store_list_events(a->daemon->store, seen, EVENTS_MAX, &a->arena, &events, &count, err) < 0)
		return -1;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds && count > 0; k++)
		raise_kind(a, &kinds[k], events, count);
	if (count > 0)
		a->event = events[count - 1].id;
	return 0;
}

/* ---- our own trouble ---- */

static int64_t
patience(const struct alarms *a)
{
	int64_t fail_for = a->daemon->setup.conf->global.fail_for_ms;
	return fail_for < ALARMS_SINK_MS ? fail_for : ALARMS_SINK_MS;
}

static void
raise_sink(struct alarms *a, struct str sink, bool failing, int64_t since)
{
	alarms_raise(a,
	    &(struct store_alarm){.alarm = failing ? STR_LIT("sink_failing") : STR_LIT("sink_well"),
	        .subject = sink,
	        .title = arena_printf(&a->arena,
	            failing ? "Sink %.*s takes nothing" : "Sink %.*s takes notifications again", STR_ARG(sink)),
	        .text = failing ? STR_LIT("What is to be told there waits; tidings outbox tells why.")
	                        : STR_LIT("What has waited is told now."),
	        .severity = 2,
	        .since_at = since},
	    "sink_failing");
	alarms_mark(a, "sink_failing", sink, failing ? since : TIME_NONE);
}

static int
look_at_sinks(struct alarms *a, struct err *err)
{
	const struct conf *conf = a->daemon->setup.conf;
	struct store_alarm_mark *begun;
	size_t count;
	if (!alarms_wants(a, "sink_failing"))
		return 0;
	if (store_alarms_begun(a->daemon->store, STR_LIT("sink_failing"), &a->arena, &begun, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < conf->sink_count; i++) {
		struct str sink = conf->sinks[i].key;
		int64_t since = deliver_failing_since(a->daemon->deliver, sink);
		bool told = false, ill = since != TIME_NONE && clock_wall() - since >= patience(a);
		for (size_t k = 0; k < count; k++)
			told |= str_eq(begun[k].subject, sink);
		/* after a restart nothing is known of it until it was tried */
		if (ill && !told)
			raise_sink(a, sink, true, since);
		else if (told && deliver_took(a->daemon->deliver, sink))
			raise_sink(a, sink, false, TIME_NONE);
	}
	return 0;
}

/* While the store refuses to write nothing can be told; it is told afterwards. */
static void
look_at_store(struct alarms *a)
{
	char from[TIME_FORMAT_MAX], to[TIME_FORMAT_MAX];
	int64_t now = clock_wall(), since = a->degraded_since;
	if (a->daemon->degraded) {
		if (since == TIME_NONE)
			a->degraded_since = now;
		return;
	}
	a->degraded_since = TIME_NONE;
	if (since == TIME_NONE || !alarms_wants(a, "daemon_trouble"))
		return;
	alarms_raise(a,
	    &(struct store_alarm){.alarm = STR_LIT("daemon_trouble"),
	        .subject = STR_LIT("store"),
	        .title = STR_LIT("The database could not be written for a while"),
	        .text = arena_printf(&a->arena, "From %s to %s polling paused. Nothing is lost; is the disk full?",
	            time_format(since, false, from), time_format(now, false, to)),
	        .severity = 2,
	        .since_at = since},
	    "daemon_trouble");
}

/* ---- what goes on ---- */

static bool
has_feed(const struct conf *c, struct str key)
{
	return conf_find_feed(c, key) != NULL;
}

static bool
has_watch(const struct conf *c, struct str key)
{
	return conf_find_watch(c, key) != NULL;
}

static bool
has_sink(const struct conf *c, struct str key)
{
	return conf_find_sink(c, key) != NULL;
}

/* Alarms that last, and how a repeated one is said. */
static const struct lasting {
	const char *alarm;
	bool (*known)(const struct conf *c, struct str key);
	const char *before, *after;
	int severity;
} lasting[] = {
    {"feed_failing", has_feed, "Feed ", " is still failing", 1},
    {"feed_quiet", has_feed, "Still nothing new in feed ", "", 1},
    {"watch_quiet", has_watch, "Still nothing new for watch ", "", 1},
    {"sink_failing", has_sink, "Sink ", " still takes nothing", 2},
};

/* At each sink so long after it was told there last. */
static void
repeat_alarm(struct alarms *a, const struct lasting *l, const struct store_alarm_mark *m, int64_t now)
{
	const struct conf_global *g = &a->daemon->setup.conf->global;
	struct store_thread thread;
	struct err err;
	const struct store_alarm what = {.alarm = str_from(l->alarm),
	    .subject = m->subject,
	    .title = arena_printf(&a->arena, "%s%.*s%s", l->before, STR_ARG(m->subject), l->after),
	    .text = STR_LIT("It goes on."),
	    .severity = l->severity,
	    .since_at = m->since_at,
	    .watch = l->known == has_watch ? m->subject : STR_NONE,
	    .group = arena_printf(&a->arena, "%s %.*s", l->alarm, STR_ARG(m->subject))};
	for (size_t i = 0; i < g->alarm_sinks.count && !a->arena.failed; i++) {
		struct str sink = g->alarm_sinks.items[i];
		bool own = l->known == has_sink && str_eq(m->subject, sink);
		if (!own && store_alarm_thread(a->daemon->store, sink, what.group, &thread, &err) == 0 && thread.told &&
		    thread.told_at != TIME_NONE && now - thread.told_at >= g->repeat_interval_ms)
			raise_at(a, &what, sink);
	}
}

static int
look_at_lasting(struct alarms *a, struct err *err)
{
	const struct conf *conf = a->daemon->setup.conf;
	int64_t every = conf->global.repeat_interval_ms, boot = clock_boot_ms();
	struct store_alarm_mark *begun;
	size_t count;
	if (every <= 0 || boot < a->repeat_due)
		return 0;
	a->repeat_due = boot + (every < REPEAT_LOOK_MS ? every : REPEAT_LOOK_MS);
	for (size_t l = 0; l < sizeof lasting / sizeof *lasting; l++) {
		if (!alarms_wants(a, lasting[l].alarm))
			continue;
		if (store_alarms_begun(a->daemon->store, str_from(lasting[l].alarm), &a->arena, &begun, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			if (lasting[l].known(conf, begun[i].subject))
				repeat_alarm(a, &lasting[l], &begun[i], clock_wall());
			else /* it has left the configuration */
				alarms_mark(a, lasting[l].alarm, begun[i].subject, TIME_NONE);
		}
	}
	return 0;
}

/* ---- life ---- */

static void
begin_look(struct alarms *a)
{
	arena_reset(&a->arena);
	a->tells = NULL;
	a->marks = NULL;
	a->tell_count = a->tell_cap = a->mark_count = a->mark_cap = 0;
	a->event = a->burst_until_at = -1;
}

static int
store_look(struct alarms *a, struct err *err)
{
	const struct store_alarms all = {a->tells, a->tell_count, a->marks, a->mark_count, a->event, a->burst_until_at};
	if (arena_check(&a->arena, err) < 0)
		return -1;
	if (a->tell_count == 0 && a->mark_count == 0 && a->burst_until_at < 0 && a->event < 0)
		return 0;
	if (store_alarms_write(a->daemon->store, &all, clock_wall(), err) < 0)
		return -1;
	if (a->tell_count > 0)
		deliver_kick(a->daemon->deliver);
	return 0;
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct alarms *a = ctx;
	struct timeval soon = {1, 0};
	struct err err;
	event_add(a->timer, &soon);
	begin_look(a);
	look_at_store(a);
	if (a->daemon->degraded || a->daemon->stop_by != 0)
		return;
	if (look_at_events(a, &err) < 0 || look_at_sinks(a, &err) < 0 || alarms_look_quiet(a, &err) < 0 ||
	    alarms_look_bursts(a, &err) < 0 || look_at_lasting(a, &err) < 0 || store_look(a, &err) < 0)
		log_warn("alarms: %s; it is tried again", err.msg);
}

struct alarms *
alarms_new(struct daemon *d, struct err *err)
{
	struct timeval soon = {1, 0};
	struct alarms *a = calloc(1, sizeof *a);
	if (a == NULL) {
		err_oom(err);
		return NULL;
	}
	a->daemon = d;
	a->degraded_since = TIME_NONE;
	arena_init(&a->arena, 0);
	a->timer = evtimer_new(d->base, on_timer, a);
	if (a->timer == NULL || event_add(a->timer, &soon) < 0) {
		alarms_free(a);
		err_oom(err);
		return NULL;
	}
	return a;
}

void
alarms_stop(struct alarms *a)
{
	event_del(a->timer);
}

void
alarms_free(struct alarms *a)
{
	if (a == NULL)
		return;
	if (a->timer != NULL)
		event_free(a->timer);
	alarms_forget_feeds(a);
	arena_done(&a->arena);
	free(a);
}
