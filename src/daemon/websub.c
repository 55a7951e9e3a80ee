#include "daemon/websub.h"

#include "base/log.h"
#include "daemon/pipeline.h"
#include "daemon/pipeline_state.h"
#include "daemon/websub_state.h"
#include "feed/url.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define BUSY_MS 100 /* until a push is offered again to a feed that is being polled */

void
websub_arm(struct websub *w, int64_t ms)
{
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	if (w->timer != NULL && !w->stopping)
		event_add(w->timer, &tv);
}

/* ---- one subscription ---- */

static int64_t
wall_of(int64_t boot)
{
	return boot == INT64_MAX ? TIME_NONE : clock_wall() + (boot - clock_boot_ms());
}

static int64_t
boot_of(int64_t wall)
{
	return wall == TIME_NONE ? INT64_MAX : clock_boot_ms() + (wall - clock_wall());
}

/* Between three quarters of `ms` and all of it. */
static int64_t
jittered(struct subscription *s, int64_t ms)
{
	return ms - (int64_t)(pipeline_draw(s->websub->daemon->pipeline) % (uint64_t)(ms / 4 + 1));
}

static int64_t
shortest_wait(const struct subscription *s)
{
	return s->websub->daemon->setup.conf->global.interval_min_ms;
}

void
subscription_error(struct subscription *s, const char *text)
{
	free(s->error);
	size_t n = text != NULL ? strlen(text) : 0;
	s->error = text != NULL ? strndup(text, n < ERR_MSG_MAX ? n : ERR_MSG_MAX) : NULL;
}

void
subscription_save(struct subscription *s, const char *event)
{
	struct store_subscription row = {.feed_id = s->feed_id,
	    .hub = str_from(s->hub),
	    .topic = str_from(s->topic),
	    .token = str_from(s->token),
	    .secret = str_from(s->secret),
	    .state = s->state,
	    .trusted = s->trusted,
	    .failures = s->failures,
	    .lease_until_at = wall_of(s->lease_until),
	    .next_at = wall_of(s->next_at),
	    .error_text = str_from(s->error),
	    .way = s->way};
	struct err err;
	if (store_subscription_put(s->websub->daemon->store, &row, event, clock_wall(), &err) < 0)
		log_warn("feed %s: its subscription could not be stored: %s", s->key, err.msg);
}

/* ---- its way ---- */

static void
way_forget(struct store_way *way)
{
	for (int i = 0; i < WAY_TEXTS; i++)
		free((char *)way->texts[i].s);
	*way = (struct store_way){.allow_private = false};
}

/* false without memory: then it is as it was. */
static bool
way_take(struct subscription *s, const struct store_way *from)
{
	struct store_way way = {.allow_private = from->allow_private};
	for (int i = 0; i < WAY_TEXTS; i++) {
		struct str text = from->texts[i];
		if (str_empty(text))
			continue;
		way.texts[i] = (struct str){strndup(text.s, text.len), text.len};
		if (way.texts[i].s == NULL) {
			way_forget(&way);
			return false;
		}
	}
	way_forget(&s->way);
	s->way = way;
	return true;
}

/* As the feed is configured now. True when that is news. */
static bool
way_follow(struct subscription *s, const struct conf_feed *feed)
{
	bool own = str_ieq(url_host(str_from(s->hub)), url_host(feed->url)); /* else others vouch for it */
	struct store_way way = {.allow_private = feed->allow_private,
	    .texts = {[WAY_USER_AGENT] = feed->user_agent,
	        [WAY_CA_FILE] = own ? feed->ca_file : STR_NONE,
	        [WAY_PROXY] = feed->proxy,
	        [WAY_PROXY_USER] = feed->proxy_user,
	        [WAY_PROXY_SECRET_FILE] = feed->proxy_secret_file}};
	bool news = way.allow_private != s->way.allow_private;
	for (int i = 0; i < WAY_TEXTS; i++)
		news |= !str_eq(way.texts[i], s->way.texts[i]);
	return news && way_take(s, &way);
}

static void
subscription_free(struct subscription *s)
{
	struct websub *w = s->websub;
	for (struct subscription **at = &w->subs; *at != NULL; at = &(*at)->next) {
		if (*at == s) {
			*at = s->next;
			break;
		}
	}
	if (s->key != NULL && map_get(&w->by_key, str_from(s->key)) == s)
		map_del(&w->by_key, str_from(s->key));
	if (map_get(&w->by_token, str_from(s->token)) == s)
		map_del(&w->by_token, str_from(s->token));
	free(s->key);
	free(s->hub);
	free(s->topic);
	free(s->error);
	way_forget(&s->way);
	free(s);
}

void
subscription_drop(struct subscription *s, const char *event)
{
	struct err err;
	if (store_subscription_drop(s->websub->daemon->store, s->feed_id, event, clock_wall(), &err) < 0) {
		s->next_at = clock_boot_ms() + MINUTE_MS;
		return;
	}
	subscription_free(s);
}

void
subscription_back_off(struct subscription *s)
{
	int64_t wait = shortest_wait(s);
	for (unsigned i = 0; i < s->failures && wait < DAY_MS; i++)
		wait *= 2;
	s->failures++;
	s->next_at = clock_boot_ms() + jittered(s, wait < DAY_MS ? wait : DAY_MS);
	if (s->state == SUBSCRIPTION_ASKED)
		s->state = SUBSCRIPTION_WANTED;
}

void
subscription_granted(struct subscription *s, int64_t lease_ms)
{
	bool first = s->state != SUBSCRIPTION_ACTIVE;
	int64_t lease = lease_ms < WEBSUB_LEASE_MAX_MS ? lease_ms : WEBSUB_LEASE_MAX_MS, now = clock_boot_ms();
	int64_t renew = jittered(s, lease * 9 / 10);

	s->state = SUBSCRIPTION_ACTIVE;
	s->expecting = false;
	s->failures = 0;
	s->lease_until = now + lease;
	s->next_at = now + (renew > shortest_wait(s) ? renew : shortest_wait(s));
	subscription_error(s, NULL);
	subscription_save(s, first ? "push_on" : NULL);
	if (first)
		log_info("feed %s: %s pushes", s->key, s->hub);
}

static bool
random_hex(char *out)
{
	unsigned char bytes[TOKEN_BYTES];
	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return false;
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

static struct subscription *
subscription_new(struct websub *w, int64_t feed_id, struct str key, struct str hub, struct str topic)
{
	struct subscription *s = calloc(1, sizeof *s);
	if (s == NULL)
		return NULL;
	*s = (struct subscription){.websub = w, .next = w->subs, .feed_id = feed_id, .lease_until = INT64_MAX};
	w->subs = s;
	s->key = strndup(key.s, key.len);
	s->hub = strndup(hub.s, hub.len);
	s->topic = strndup(topic.s, topic.len);
	if (s->key == NULL || s->hub == NULL || s->topic == NULL) {
		subscription_free(s);
		return NULL;
	}
	return s;
}

static bool
subscription_index(struct subscription *s)
{
	if (map_put(&s->websub->by_key, str_from(s->key), s) == 0 &&
	    map_put(&s->websub->by_token, str_from(s->token), s) == 0)
		return true;
	subscription_free(s);
	return false;
}

static void
subscription_leave(struct subscription *s)
{
	if (s->state == SUBSCRIPTION_LEAVING)
		return;
	bool known = s->state == SUBSCRIPTION_ACTIVE || s->state == SUBSCRIPTION_ASKED;
	s->state = SUBSCRIPTION_LEAVING;
	s->trusted = s->expecting = false;
	s->next_at = clock_boot_ms();
	if (s->request != NULL)
		return;
	if (known) {
		subscription_save(s, "push_off");
		hub_ask(s, false);
	} else {
		subscription_drop(s, NULL);
	}
}

/* ---- what is due ---- */

static void
see_to(struct subscription *s, int64_t now)
{
	switch (s->state) {
	case SUBSCRIPTION_ASKED:
		s->expecting = false;
		subscription_error(s, "the hub accepted the subscription and did not verify it");
		subscription_back_off(s);
		subscription_save(s, NULL);
		break;
	case SUBSCRIPTION_ACTIVE:
		if (s->lease_until <= now) {
			s->state = SUBSCRIPTION_WANTED;
			s->trusted = false;
			subscription_save(s, "push_off");
		}
		hub_ask(s, true);
		break;
	case SUBSCRIPTION_WANTED:
	case SUBSCRIPTION_DENIED:
		s->state = SUBSCRIPTION_WANTED;
		hub_ask(s, true);
		break;
	case SUBSCRIPTION_LEAVING:
		subscription_drop(s, NULL);
		break;
	}
}

static void
push_free(struct push *p)
{
	buf_done(&p->body);
	free(p->key);
	free(p->content_type);
	free(p);
}

static bool
enqueue(struct websub *w, int64_t id, struct str key, struct str body, struct str content_type)
{
	struct push *p = calloc(1, sizeof *p);
	if (p == NULL)
		return false;
	buf_init(&p->body, 0);
	p->id = id;
	p->key = strndup(key.s, key.len);
	p->content_type = content_type.s != NULL ? strndup(content_type.s, content_type.len) : NULL;
	if (p->key == NULL || !buf_str(&p->body, body)) {
		push_free(p);
		return false;
	}
	*w->queue_end = p;
	w->queue_end = &p->next;
	w->queued++;
	w->queued_bytes += body.len;
	return true;
}

static void
drop(struct websub *w, int64_t id)
{
	struct err err;
	if (store_push_drop(w->daemon->store, id, &err) < 0)
		log_warn("a push: %s; it is looked at again after the next start", err.msg);
}

/* The hub does not send again what it was told is taken. */
bool
websub_take(struct websub *w, struct subscription *s, struct str body, struct str content_type)
{
	int64_t id;
	struct err err;
	if (store_push_add(w->daemon->store, s->feed_id, content_type, body, &id, &err) < 0) {
		log_warn("feed %s: a push cannot be stored: %s", s->key, err.msg);
		return false;
	}
	if (enqueue(w, id, str_from(s->key), body, content_type))
		return true;
	drop(w, id);
	return false;
}

/* Hands on what can be handed on; a feed that is busy keeps its pushes in order. True when some are left. */
static bool
hand_on(struct websub *w)
{
	struct push *p, **at = &w->queue;
	while ((p = *at) != NULL) {
		const struct subscription *s = map_get(&w->by_key, str_from(p->key));
		enum pipeline_push how = PIPELINE_PUSH_REFUSED;
		size_t bytes = p->body.len; /* which are moved out when it is taken */
		if (s != NULL)
			how = pipeline_push(w->daemon->pipeline, p->key, p->id, str_from(s->topic),
			    str_from(p->content_type), &p->body);
		if (how == PIPELINE_PUSH_LATER) {
			at = &p->next;
			continue;
		}
		w->pushes += how == PIPELINE_PUSH_TAKEN;
		if (how == PIPELINE_PUSH_REFUSED)
			drop(w, p->id);
		*at = p->next;
		w->queued--;
		w->queued_bytes -= bytes;
		push_free(p);
	}
	w->queue_end = at;
	return w->queue != NULL;
}

static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct websub *w = ctx;
	int64_t now = clock_boot_ms(), first = INT64_MAX;
	(void)fd, (void)what;

	for (struct subscription *s = w->subs, *next; s != NULL; s = next) {
		next = s->next;
		if (s->request == NULL && s->next_at <= now)
			see_to(s, now);
	}
	if (hand_on(w))
		first = now + BUSY_MS;
	for (struct subscription *s = w->subs; s != NULL; s = s->next)
		first = s->request == NULL && s->next_at < first ? s->next_at : first;
	if (first != INT64_MAX)
		websub_arm(w, first - now < HOUR_MS ? (first > now ? first - now : 0) : HOUR_MS);
}

/* ---- what the pipeline tells ---- */

void
websub_offer(struct websub *w, int64_t feed_id, const char *key, struct str hub, struct str topic)
{
	if (w == NULL || w->listener == NULL || w->stopping)
		return;
	struct subscription *s = map_get(&w->by_key, str_from(key));
	bool offered = url_is_http(hub) && url_is_http(topic);
	if (s != NULL && offered && str_is(hub, s->hub) && str_is(topic, s->topic) && s->state != SUBSCRIPTION_LEAVING)
		return;
	if (s != NULL && s->request != NULL)
		return; /* the next poll says it again */
	if (s != NULL && !offered) {
		subscription_leave(s);
		websub_arm(w, 0);
		return;
	}
	if (s != NULL) /* another hub or topic: the old one is pushed to a callback that nobody knows any more */
		subscription_free(s);
	if (!offered)
		return;
	s = subscription_new(w, feed_id, str_from(key), hub, topic);
	if (s == NULL || !random_hex(s->token) || !random_hex(s->secret)) {
		if (s != NULL)
			subscription_free(s);
		return;
	}
	s->state = SUBSCRIPTION_WANTED;
	s->next_at = clock_boot_ms();
	if (!subscription_index(s))
		return;
	const struct conf_feed *feed = conf_find_feed(w->daemon->setup.conf, str_from(key));
	if (feed != NULL)
		way_follow(s, feed);
	subscription_save(s, NULL);
	websub_arm(w, 0);
}

void
websub_found(struct websub *w, const char *key, bool pushed, size_t items_new)
{
	struct subscription *s = w != NULL && w->listener != NULL ? map_get(&w->by_key, str_from(key)) : NULL;
	if (s == NULL || items_new == 0 || s->state != SUBSCRIPTION_ACTIVE || s->trusted == pushed)
		return;
	s->trusted = pushed;
	if (!pushed) {
		log_info("feed %s: a poll found what %s did not push", s->key, s->hub);
		subscription_error(s, "a poll found what was not pushed");
	} else {
		subscription_error(s, NULL);
	}
	subscription_save(s, pushed ? NULL : "push_missed");
}

bool
websub_trusted(const struct websub *w, const char *key)
{
	const struct subscription *s = w != NULL && w->listener != NULL ? map_get(&w->by_key, str_from(key)) : NULL;
	return s != NULL && s->trusted && s->state == SUBSCRIPTION_ACTIVE && s->lease_until > clock_boot_ms();
}

/* ---- life ---- */

static int
load(struct websub *w, struct err *err)
{
	struct store_subscription *rows;
	size_t count = 0;
	struct arena arena;
	int64_t now = clock_boot_ms();

	arena_init(&arena, 0);
	int rc = store_subscriptions(w->daemon->store, &arena, &rows, &count, err);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		const struct store_subscription *row = &rows[i];
		struct subscription *s = subscription_new(w, row->feed_id, row->feed_key, row->hub, row->topic);
		bool fits = row->token.len < sizeof s->token && row->secret.len < sizeof s->secret;
		if (s == NULL || !fits || !way_take(s, &row->way)) {
			rc = s == NULL || fits ? err_oom(err) : 0;
			if (s != NULL)
				subscription_free(s);
			continue;
		}
		memcpy(s->token, row->token.s, row->token.len);
		memcpy(s->secret, row->secret.s, row->secret.len);
		s->state = row->state;
		s->trusted = row->trusted;
		s->failures = row->failures;
		s->lease_until = boot_of(row->lease_until_at);
		s->next_at = boot_of(row->next_at);
		if (s->next_at == INT64_MAX) /* it was asked for when the last run ended */
			s->next_at = now + jittered(s, shortest_wait(s));
		s->expecting = row->state == SUBSCRIPTION_ASKED;
		subscription_error(s, row->error_text.s);
		if (!subscription_index(s))
			rc = err_oom(err);
	}
	arena_done(&arena);
	return rc;
}

static bool
left_behind(void *ctx, int64_t id, struct str feed_key, struct str content_type, struct str body)
{
	return enqueue(ctx, id, feed_key, body, content_type);
}

void
websub_sync(struct websub *w)
{
	if (w->listener == NULL)
		return;
	for (struct subscription *s = w->subs, *next; s != NULL; s = next) {
		next = s->next;
		const struct conf_feed *feed = conf_find_feed(w->daemon->setup.conf, str_from(s->key));
		if (feed != NULL && way_follow(s, feed))
			subscription_save(s, NULL);
		if (feed == NULL || !feed->enabled)
			subscription_leave(s);
	}
	websub_arm(w, 0);
}

static int
start(struct websub *w, struct err *err)
{
	const struct conf_global *g = &w->daemon->setup.conf->global;
	if (str_empty(g->websub_listen) || str_empty(g->websub_callback))
		return 0;
	struct listen_settings settings = {.address = g->websub_listen,
	    .connections_max = WEBSUB_CONNECTIONS_MAX,
	    .body_max_bytes = (size_t)g->body_max_bytes,
	    .deadline_ms = WEBSUB_DEADLINE_MS,
	    .head = hub_head,
	    .handle = hub_handle,
	    .ctx = w};
	w->timer = evtimer_new(w->daemon->base, on_timer, w);
	if (w->timer == NULL)
		return err_oom(err);
	w->listener = listener_new(w->daemon->base, &settings, err);
	if (w->listener == NULL)
		return err_prefix(err, "websub-listen");
	return load(w, err) < 0 ? -1 : store_pushes(w->daemon->store, left_behind, w, err);
}

struct websub *
websub_new(struct daemon *d, struct err *err)
{
	struct websub *w = calloc(1, sizeof *w);
	if (w == NULL) {
		err_oom(err);
		return NULL;
	}
	w->daemon = d;
	w->queue_end = &w->queue;
	map_init(&w->by_key);
	map_init(&w->by_token);
	if (start(w, err) < 0) {
		websub_free(w);
		return NULL;
	}
	websub_arm(w, 0);
	return w;
}

void
websub_stop(struct websub *w)
{
	w->stopping = true;
	if (w->timer != NULL)
		event_del(w->timer);
}

void
websub_free(struct websub *w)
{
	if (w == NULL)
		return;
	listener_free(w->listener);
	while (w->subs != NULL)
		subscription_free(w->subs);
	for (struct push *p = w->queue, *next; p != NULL; p = next) {
		next = p->next;
		push_free(p);
	}
	map_done(&w->by_key);
	map_done(&w->by_token);
	if (w->timer != NULL)
		event_free(w->timer);
	free(w);
}

void
websub_status(const struct websub *w, struct jsonw *out)
{
	int64_t active = 0, trusted = 0, all = 0;
	for (const struct subscription *s = w->subs; s != NULL; s = s->next) {
		all++;
		active += s->state == SUBSCRIPTION_ACTIVE;
		trusted += s->trusted;
	}
	jsonw_kint(out, "subscriptions", all);
	jsonw_kint(out, "subscriptions_active", active);
	jsonw_kint(out, "subscriptions_trusted", trusted);
	jsonw_kint(out, "pushes", w->pushes);
	jsonw_kint(out, "pushes_refused", w->pushes_refused);
}
