#include "daemon/routes.h"

#include <stdio.h>
#include <stdlib.h>

struct watcher { /* a watch, compiled */
	const struct conf_watch *watch;
	unsigned char *wanted; /* one bit per entity of the watchlist */
	int severity;
	bool both;
	ptrdiff_t alert;            /* the entity of its query, or -1 */
	struct route_policy policy; /* for the sinks that it names itself */
};

struct route { /* a [route], compiled */
	const struct conf_route *conf;
	int severity;
	struct route_policy policy, escalation;
};

struct routes {
	const struct conf *conf;
	const struct watchlist *watchlist;
	struct watcher *watchers;
	size_t count;
	struct route *routes;
	size_t route_count;
};

int
severity_parse(struct str word)
{
	static const char *const words[] = {"low", "normal", "high", "urgent", "none"};
	for (int i = 0; i < 5; i++) {
		if (str_is(word, words[i]))
			return i;
	}
	return 1;
}

static void
want(struct watcher *route, size_t entity)
{
	route->wanted[entity / 8] |= (unsigned char)(1u << (entity % 8));
}

static bool
wants(const struct watcher *route, size_t entity)
{
	return (route->wanted[entity / 8] >> (entity % 8)) & 1;
}

static bool
list_has(const struct conf_list *list, struct str word)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_eq(list->items[i], word))
			return true;
	}
	return false;
}

/* Marks what a list of keys names; topics and actors are told apart by the entity's kind. */
static void
want_list(const struct routes *r, struct watcher *route, const struct conf_list *keys, bool topics)
{
	if (list_has(keys, STR_LIT("*"))) {
		for (size_t i = 0; i < watchlist_count(r->watchlist); i++) {
			enum watch_kind kind = watchlist_entity(r->watchlist, i)->kind;
			if (topics ? kind == WATCH_TOPIC : watch_kind_is_actor(kind))
				want(route, i);
		}
		return;
	}
	for (size_t i = 0; i < keys->count; i++) {
		ptrdiff_t entity = watchlist_find(r->watchlist, keys->items[i]);
		if (entity >= 0)
			want(route, (size_t)entity);
	}
}

static ptrdiff_t
alert_of(const struct routes *r, const struct conf_watch *w)
{
	char id[sizeof CONF_ALERT_PREFIX + CONF_KEY_BYTES_MAX + 1];
	snprintf(id, sizeof id, "%s%.*s", CONF_ALERT_PREFIX, STR_ARG(w->key));
	return w->query.count > 0 ? watchlist_find(r->watchlist, str_from(id)) : -1;
}

static int
compile_watches(struct routes *r)
{
	size_t bytes = watchlist_count(r->watchlist) / 8 + 1;
	r->watchers = calloc(r->conf->watch_count + 1, sizeof *r->watchers);
	if (r->watchers == NULL)
		return -1;
	for (size_t i = 0; i < r->conf->watch_count; i++) {
		const struct conf_watch *w = &r->conf->watches[i];
		struct watcher *route = &r->watchers[r->count];
		route->wanted = calloc(bytes, 1);
		if (route->wanted == NULL)
			return -1;
		r->count++;
		route->watch = w;
		route->severity = severity_parse(w->severity);
		route->both = str_is(w->require, "both");
		route->policy = (struct route_policy){.key = w->key,
		    .group_wait_ms = r->conf->global.group_wait_ms,
		    .group_interval_ms = r->conf->global.group_interval_ms};
		route->alert = alert_of(r, w);
		want_list(r, route, &w->actors, false);
		want_list(r, route, &w->topics, true);
	}
	return 0;
}

/* The configuration was checked: what does not parse now is not there. */
static struct route_policy
policy_of(const struct conf_route *c)
{
	struct err err;
	struct route_policy p = {.key = c->key,
	    .group_wait_ms = c->group_wait_ms,
	    .group_interval_ms = c->group_interval_ms,
	    .quiet = {.zone = c->zone, .severity = severity_parse(c->quiet_severity)},
	    .digest_zone = c->zone};
	if (route_span_parse(c->quiet, &p.quiet.span, &err) < 0 || route_digest_parse(c->digest, &p.digest, &err) < 0)
		p.digest.every = ROUTE_DIGEST_NONE;
	return p;
}

static int
compile_routes(struct routes *r)
{
	r->routes = calloc(r->conf->route_count + 1, sizeof *r->routes);
	if (r->routes == NULL)
		return -1;
	r->route_count = r->conf->route_count;
	for (size_t i = 0; i < r->route_count; i++) {
		const struct conf_route *c = &r->conf->routes[i];
		struct route *route = &r->routes[i];
		*route = (struct route){.conf = c, .severity = severity_parse(c->severity), .policy = policy_of(c)};
		route->escalation = (struct route_policy){.key = c->key,
		    .escalate_sources = (unsigned)c->escalate_sources,
		    .escalate_within_ms = c->escalate_within_ms,
		    .quiet = route->policy.quiet};
	}
	return 0;
}

struct routes *
routes_new(const struct conf *conf, const struct watchlist *watchlist)
{
	struct routes *r = calloc(1, sizeof *r);
	if (r == NULL)
		return NULL;
	r->conf = conf;
	r->watchlist = watchlist;
	if (compile_watches(r) < 0 || compile_routes(r) < 0) {
		routes_free(r);
		return NULL;
	}
	return r;
}

void
routes_free(struct routes *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		free(r->watchers[i].wanted);
	free(r->watchers);
	free(r->routes);
	free(r);
}

static bool
lists_feed(const struct conf_list *feeds, const struct conf_feed *feed)
{
	if (feeds->count == 0 || list_has(feeds, feed->key))
		return true;
	for (size_t i = 0; i < feed->tags.count; i++) {
		if (list_has(feeds, feed->tags.items[i]))
			return true;
	}
	return false;
}

static bool
applies(const struct routes *r, const struct watcher *route, const struct watch_result *matches)
{
	const struct conf_watch *w = route->watch;
	bool actor = false, topic = false, query = false;
	for (size_t i = 0; i < matches->hit_count; i++) {
		size_t entity = matches->hits[i].entity;
		query |= (ptrdiff_t)entity == route->alert;
		if (!wants(route, entity))
			continue;
		if (watchlist_entity(r->watchlist, entity)->kind == WATCH_TOPIC)
			topic = true;
		else
			actor = true;
	}
	if (!route->both)
		return actor || topic || query;
	return (actor || w->actors.count == 0) && (topic || w->topics.count == 0) && (query || w->query.count == 0);
}

/* ---- an item's wishes ---- */

struct routing { /* one item on its way */
	const struct routes *r;
	const struct conf_feed *feed;
	struct str language;
	const struct watch_result *matches;
	struct arena *arena;
	struct routed *out;
	const struct watcher **applied;
	size_t applied_count, applied_cap, tell_cap, watch_cap;
};

/* "en" takes "en-GB". */
static bool
lists_language(const struct conf_list *languages, struct str language)
{
	for (size_t i = 0; i < languages->count; i++) {
		struct str want = languages->items[i];
		if (str_istarts(language, want) && (language.len == want.len || language.s[want.len] == '-'))
			return true;
	}
	return languages->count == 0;
}

static bool
lists_entity(const struct routing *g, const struct conf_list *keys, bool topics)
{
	for (size_t i = 0; i < g->matches->hit_count && keys->count > 0; i++) {
		const struct watch_entity *e = watchlist_entity(g->r->watchlist, g->matches->hits[i].entity);
		if ((topics ? e->kind == WATCH_TOPIC : watch_kind_is_actor(e->kind)) &&
		    (list_has(keys, STR_LIT("*")) || list_has(keys, e->id)))
			return true;
	}
	return keys->count == 0;
}

/* The first actor or topic that is mentioned. */
static struct str
first_entity(const struct routing *g, bool topics)
{
	for (size_t i = 0; i < g->matches->hit_count; i++) {
		const struct watch_entity *e = watchlist_entity(g->r->watchlist, g->matches->hits[i].entity);
		if ((topics ? e->kind == WATCH_TOPIC : watch_kind_is_actor(e->kind)))
			return e->id;
	}
	return STR_LIT("-");
}

/* What it is grouped by, but for the story, whose number only the store knows. */
static void
set_group(const struct routing *g, struct store_tell *t, const struct conf_list *by, struct str route, struct str watch)
{
	struct str group = route;
	t->group = STR_NONE;
	if (by->count == 0 || list_has(by, STR_LIT("item")))
		return;
	if (list_has(by, STR_LIT("watch")))
		group = arena_printf(g->arena, "%.*s watch=%.*s", STR_ARG(group), STR_ARG(watch));
	if (list_has(by, STR_LIT("actor")))
		group = arena_printf(g->arena, "%.*s actor=%.*s", STR_ARG(group), STR_ARG(first_entity(g, false)));
	if (list_has(by, STR_LIT("topic")))
		group = arena_printf(g->arena, "%.*s topic=%.*s", STR_ARG(group), STR_ARG(first_entity(g, true)));
	if (list_has(by, STR_LIT("feed")))
		group = arena_printf(g->arena, "%.*s feed=%.*s", STR_ARG(group), STR_ARG(g->feed->key));
	t->by_story = list_has(by, STR_LIT("story"));
	if (t->by_story)
		group = arena_printf(g->arena, "%.*s story=", STR_ARG(group));
	t->group = group;
}

static struct store_tell *
add_tell(struct routing *g, const struct watcher *w, const struct route_policy *policy, struct str sink, int severity)
{
	struct route_wish *wish = arena_alloc(g->arena, sizeof *wish);
	struct store_tell *grown = arena_grow(g->arena, g->out->tells, &g->tell_cap, g->out->tell_count, sizeof *grown);
	if (wish == NULL || grown == NULL)
		return NULL;
	*wish = (struct route_wish){policy, w->watch, g->feed, g->matches, g->r->watchlist};
	g->out->tells = grown;
	struct store_tell *t = &grown[g->out->tell_count++];
	*t = (struct store_tell){.watch = w->watch->key,
	    .sink = sink,
	    .severity = severity,
	    .copies = w->watch->copies,
	    .policy = wish,
	    .group = STR_NONE};
	return t;
}

static void
escalate(struct routing *g, const struct route *route, const struct watcher *w, const struct conf_list *sinks)
{
	int severity = severity_parse(route->conf->escalate_severity);
	for (size_t i = 0; i < sinks->count; i++) {
		struct store_tell *t = add_tell(
		    g, w, &route->escalation, sinks->items[i], severity > w->severity ? severity : w->severity);
		if (t == NULL)
			return;
		t->route = route->conf->key;
		t->again = t->by_story = true;
		t->group = arena_printf(g->arena, "escalation %.*s story=", STR_ARG(route->conf->key));
	}
}

static void
take_route(struct routing *g, const struct route *route, const struct watcher *w)
{
	const struct conf_route *c = route->conf;
	if (w->severity < route->severity || (c->watches.count > 0 && !list_has(&c->watches, w->watch->key)))
		return;
	for (size_t i = 0; i < c->sinks.count; i++) {
		struct store_tell *t = add_tell(g, w, &route->policy, c->sinks.items[i], w->severity);
		if (t == NULL)
			return;
		t->route = c->key;
		set_group(g, t, &c->group_by, c->key, w->watch->key);
	}
	if (c->escalate_sources == 0)
		return;
	escalate(g, route, w, &c->sinks);
	escalate(g, route, w, &c->escalate_sinks);
}

static bool
is_muted(const struct routing *g, const struct watcher *w)
{
	for (size_t i = 0; i < g->applied_count; i++) {
		if (list_has(&w->watch->muted_by, g->applied[i]->watch->key))
			return true;
	}
	return false;
}

/* Of the wishes of one sink the first decides: those of watches that another one mutes come last. */
static void
take_routes(struct routing *g, bool muted)
{
	for (size_t i = 0; i < g->r->route_count; i++) {
		const struct conf_route *c = g->r->routes[i].conf;
		if (!lists_feed(&c->feeds, g->feed) || !lists_language(&c->languages, g->language) ||
		    !lists_entity(g, &c->actors, false) || !lists_entity(g, &c->topics, true))
			continue;
		for (size_t k = 0; k < g->applied_count; k++) {
			if (is_muted(g, g->applied[k]) == muted)
				take_route(g, &g->r->routes[i], g->applied[k]);
		}
	}
	for (size_t k = 0; k < g->applied_count; k++) {
		const struct watcher *w = g->applied[k];
		for (size_t i = 0; i < w->watch->sinks.count && is_muted(g, w) == muted; i++) {
			struct store_tell *t = add_tell(g, w, &w->policy, w->watch->sinks.items[i], w->severity);
			if (t == NULL)
				return;
			set_group(g, t, &g->r->conf->global.group_by, w->watch->key, w->watch->key);
		}
	}
}

static bool
add_watch(struct routing *g, const struct watcher *w)
{
	struct routed *out = g->out;
	struct str *watches = arena_grow(g->arena, out->watches, &g->watch_cap, out->watch_count, sizeof *watches);
	const struct watcher **applied =
	    arena_grow(g->arena, g->applied, &g->applied_cap, g->applied_count, sizeof *applied);
	if (watches == NULL || applied == NULL)
		return false;
	out->watches = watches;
	out->watches[out->watch_count++] = w->watch->key;
	g->applied = applied;
	g->applied[g->applied_count++] = w;
	if (w->severity > out->severity)
		out->severity = w->severity;
	return true;
}

int
routes_item(const struct routes *r, const struct conf_feed *feed, struct str language,
    const struct watch_result *matches, struct arena *arena, struct routed *out, struct err *err)
{
	struct routing g = {.r = r, .feed = feed, .language = language, .matches = matches, .arena = arena, .out = out};
	*out = (struct routed){0};
	for (size_t i = 0; i < r->count && matches->hit_count > 0; i++) {
		const struct watcher *w = &r->watchers[i];
		if (lists_feed(&w->watch->feeds, feed) && applies(r, w, matches) && !add_watch(&g, w))
			return arena_check(arena, err);
	}
	take_routes(&g, false);
	take_routes(&g, true);
	return arena_check(arena, err);
}
