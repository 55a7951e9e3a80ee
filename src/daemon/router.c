#include "daemon/router.h"

#include "base/log.h"
#include "base/map.h"
#include "daemon/daemon.h"
#include "render/render.h"

#include <stdlib.h>

#define SILENCES_MAX 1000 /* in force at one time */

struct sink_rules {
	struct str key; /* in the configuration */
	struct route_rate rate;
	struct route_quiet quiet;
	struct route_bucket bucket;
	int64_t digest_at;   /* when the digest of what was over the rate goes out; it has its token already */
	int64_t digest_from; /* where the bucket was then: when it is before that, the clock was put back */
};

struct router {
	struct daemon *daemon;
	struct store_router store;
	struct sink_rules *sinks;
	size_t sink_count;
	struct arena arena; /* the silences */
	struct store_silence *silences;
	size_t silence_count;
	struct jsonw *explain;
};

static struct sink_rules *
rules_of(const struct router *r, struct str sink)
{
	for (size_t i = 0; i < r->sink_count; i++) {
		if (str_eq(r->sinks[i].key, sink))
			return &r->sinks[i];
	}
	return NULL;
}

/* ---- silences ---- */

struct subject { /* what a silence may name */
	struct str watch, feed, sink, alarm, entity;
	const struct route_wish *wish;
};

static bool
mentions(const struct route_wish *w, struct str entity)
{
	for (size_t i = 0; w != NULL && i < w->matches->hit_count; i++) {
		if (str_eq(watchlist_entity(w->watchlist, w->matches->hits[i].entity)->id, entity))
			return true;
	}
	return false;
}

static bool
names(struct str asked, struct str is)
{
	return asked.s == NULL || str_eq(asked, is);
}

static struct str
silenced_by(const struct router *r, const struct subject *what, int64_t now, struct arena *arena)
{
	for (size_t i = 0; i < r->silence_count; i++) {
		const struct store_silence *s = &r->silences[i];
		if (s->ends_at <= now || !names(s->watch, what->watch) || !names(s->feed, what->feed) ||
		    !names(s->sink, what->sink) || !names(s->alarm, what->alarm) ||
		    !(names(s->entity, what->entity) || mentions(what->wish, s->entity)))
			continue;
		return arena_printf(arena, "silence %lld (%.*s)", (long long)s->id, STR_ARG(s->author));
	}
	return STR_NONE;
}

/* ---- deciding ---- */

static void
explain(struct jsonw *w, const struct store_tell *t, const struct store_tale *story, const struct store_thread *thread,
    const struct route_verdict *v)
{
	jsonw_object(w);
	jsonw_kstr(w, "sink", t->sink);
	jsonw_kstr(w, "route", t->route);
	jsonw_kstr(w, "watch", t->watch);
	jsonw_kcstr(w, "severity", render_severity_word(t->severity));
	jsonw_kstr(w, "group", v->group.s != NULL ? v->group : t->group);
	jsonw_kcstr(w, "decision", v->step == ROUTE_GROUP && thread->open ? "join" : route_step_word(v->step));
	jsonw_kbool(w, "escalation", t->again);
	jsonw_kstr(w, "reason", v->reason);
	jsonw_ktime(w, "at", v->at);
	jsonw_kint(w, "story", story->id);
	jsonw_kint(w, "sources", story->source_count);
	jsonw_end(w);
}

/* Counts what the sink will be told. */
static void
count_rate(struct sink_rules *s, const struct route_verdict *v, bool joins, int64_t now, int64_t *at)
{
	if (s == NULL || s->rate.count == 0 || joins || v->muted)
		return;
	if (v->step == ROUTE_RATE) {
		if (s->digest_at > now && s->bucket.at >= s->digest_from) { /* there is one already: it takes this in */
			*at = s->digest_at;
			return;
		}
		s->digest_at = v->at;
		s->digest_from = s->bucket.at;
	} else if (v->step != ROUTE_SEND && v->step != ROUTE_GROUP) {
		return; /* one digest, counted by nobody */
	}
	route_bucket_take(&s->bucket, &s->rate, now);
}

static struct route_facts
sink_facts(struct sink_rules *s, int64_t now)
{
	struct route_facts f = {.now = now, .silenced = STR_NONE, .told_at = TIME_NONE};
	if (s != NULL) {
		f.quiet = s->quiet;
		f.limited = s->rate.count > 0;
		f.rate_at = f.limited ? route_bucket_next(&s->bucket, &s->rate, now) : now;
	}
	return f;
}

static void
put_verdict(struct store_sending *out, const struct route_verdict *v, bool again)
{
	out->skip = v->step == ROUTE_SKIP;
	out->muted = v->muted;
	out->at = v->at;
	out->reason = v->reason;
	out->group = v->group;
	out->kind = v->digest ? NOTIFICATION_DIGEST : v->grown || again ? NOTIFICATION_STORY : NOTIFICATION_ITEM;
}

static void
decide(void *ctx, const struct store_tell *t, const struct store_new_item *item, const struct store_tale *story,
    const struct store_thread *thread, int64_t now, struct arena *arena, struct store_sending *out)
{
	struct router *r = ctx;
	const struct route_wish *wish = t->policy;
	struct sink_rules *rules = rules_of(r, t->sink);
	struct route_facts f = sink_facts(rules, now);
	struct route_policy policy = *wish->policy;
	struct route_verdict v;
	const struct subject what = {.watch = t->watch, .feed = wish->feed->key, .sink = t->sink, .wish = wish};

	policy.muted_by = wish->watch->muted_by.items;
	policy.muted_by_count = wish->watch->muted_by.count;
	f.severity = t->severity;
	f.source_count = story->source_count;
	f.since_at = story->since_at;
	f.watches = story->watches;
	f.watch_count = story->watch_count;
	f.grouped = t->group.s != NULL;
	f.open = thread->open;
	f.told = thread->told;
	f.told_at = thread->told_at;
	f.silenced = silenced_by(r, &what, now, arena);
	route_decide(&policy, &f, arena, &v);
	if (r->explain != NULL)
		explain(r->explain, t, story, thread, &v);
	else if (v.step != ROUTE_SKIP)
		count_rate(rules, &v, thread->open && v.group.s == NULL, now, &v.at);
	put_verdict(out, &v, t->again);
}

void
router_alarm(struct router *r, const struct store_alarm *alarm, struct str sink, const struct store_thread *thread,
    int64_t now, struct arena *arena, struct store_sending *out)
{
	struct sink_rules *rules = rules_of(r, sink);
	struct route_facts f = sink_facts(rules, now);
	const struct route_policy policy = {.key = STR_LIT("alarms")};
	const struct subject what = {.watch = alarm->watch,
	    .feed = alarm->subject,
	    .sink = sink,
	    .alarm = alarm->alarm,
	    .entity = alarm->subject};
	struct route_verdict v;
	f.severity = alarm->severity;
	f.since_at = alarm->since_at;
	f.silenced = silenced_by(r, &what, now, arena);
	route_decide(&policy, &f, arena, &v);
	count_rate(rules, &v, thread->open, now, &v.at);
	*out = (struct store_sending){.skip = v.step == ROUTE_SKIP,
	    .muted = v.muted,
	    .at = v.at,
	    .reason = v.reason,
	    .group = STR_NONE,
	    .severity = alarm->severity};
}

const struct store_router *
router_store(const struct router *r)
{
	return &r->store;
}

void
router_explain(struct router *r, struct jsonw *w)
{
	r->explain = w;
}

/* ---- life ---- */

int
router_read_silences(struct router *r, struct err *err)
{
	struct store_silence *list;
	size_t count;
	struct arena fresh;
	arena_init(&fresh, 0);
	if (store_silence_list(r->daemon->store, clock_wall(), SILENCES_MAX, &fresh, &list, &count, err) < 0) {
		arena_done(&fresh);
		return -1;
	}
	arena_done(&r->arena);
	r->arena = fresh;
	r->silences = list;
	r->silence_count = count;
	return 0;
}

static int
fill_rules(struct router *r, struct sink_rules *rules, const struct conf_sink *c, struct err *err)
{
	struct err ignored;
	*rules = (struct sink_rules){.key = c->key,
	    .bucket = {.at = TIME_NONE},
	    .quiet = {.zone = str_empty(c->zone) ? r->daemon->setup.conf->global.zone : c->zone,
	        .severity = severity_parse(c->quiet_severity)}};
	if (route_span_parse(c->quiet, &rules->quiet.span, &ignored) < 0 ||
	    route_rate_parse(c->rate, &rules->rate, &ignored) < 0)
		rules->rate.count = 0;
	if (rules->rate.count == 0)
		return 0;
	int64_t now = clock_wall(), sent = 0;
	if (store_outbox_made_since(r->daemon->store, c->key, now - rules->rate.per_ms, &sent, err) < 0)
		return -1;
	for (int64_t i = 0; i < sent && i < rules->rate.count; i++)
		route_bucket_take(&rules->bucket, &rules->rate, now);
	return 0;
}

int
router_sync(struct router *r, struct err *err)
{
	const struct conf *conf = r->daemon->setup.conf;
	struct sink_rules *rules = calloc(conf->sink_count + 1, sizeof *rules);
	if (rules == NULL)
		return err_oom(err);
	for (size_t i = 0; i < conf->sink_count; i++) {
		if (fill_rules(r, &rules[i], &conf->sinks[i], err) < 0) {
			free(rules);
			r->sink_count = 0; /* the old ones point into a configuration that ends */
			return -1;
		}
	}
	free(r->sinks);
	r->sinks = rules;
	r->sink_count = conf->sink_count;
	return router_read_silences(r, err);
}

struct router *
router_new(struct daemon *d, struct err *err)
{
	struct router *r = calloc(1, sizeof *r);
	if (r == NULL) {
		err_oom(err);
		return NULL;
	}
	r->daemon = d;
	r->store = (struct store_router){r, decide};
	arena_init(&r->arena, 0);
	if (router_sync(r, err) < 0) {
		router_free(r);
		return NULL;
	}
	return r;
}

void
router_free(struct router *r)
{
	if (r == NULL)
		return;
	arena_done(&r->arena);
	free(r->sinks);
	free(r);
}
