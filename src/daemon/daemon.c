#include "daemon/daemon.h"

#include "base/log.h"
#include "conf/schema.h"
#include "daemon/alarms.h"
#include "daemon/articles.h"
#include "daemon/control.h"
#include "daemon/deliver.h"
#include "daemon/pipeline.h"
#include "daemon/reload.h"
#include "daemon/router.h"
#include "daemon/sdnotify.h"
#include "daemon/websub.h"

#include <event2/event.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STOP_MAX_MS (4 * SECOND_MS) /* how long a stop waits for deliveries that are under way */
#define INDEX_EVERY_MS SECOND_MS
#define INDEX_AGAIN_MS (30 * SECOND_MS) /* after an error */

static void
set_log_level(const struct conf *conf)
{
	enum log_level level;
	char word[16];
	snprintf(word, sizeof word, "%.*s", STR_ARG(conf->global.log_level));
	if (log_level_parse(word, &level))
		log_set_level(level);
}

static int
give_up(struct daemon *d, int code, const struct err *err)
{
	log_error("%s", err->msg);
	daemon_stop(d);
	return code;
}

static int
open_store(struct daemon *d, struct err *err)
{
	struct str path = d->setup.conf->global.store_path;
	size_t recovered = 0;
	char *c = strndup(path.s ? path.s : "", path.len);
	if (c == NULL)
		return err_oom(err);
	int rc = store_open(c, STORE_WRITE, &d->store, err);
	free(c);
	if (rc == 0)
		rc = store_outbox_recover(d->store, &recovered, err);
	if (rc == 0)
		rc = store_outbox_turn_back(d->store, clock_wall(), err);
	if (rc == 0 && recovered > 0)
		log_notice(
		    "outbox: %zu notifications were under way when the last run ended; they are sent again", recovered);
	return rc;
}

/* The last items, as far as they are still stored. */
static int
fill_window(struct daemon *d, struct err *err)
{
	const struct conf_global *g = &d->setup.conf->global;
	struct story_window_options options = {.max_items = (size_t)g->story_items,
	    .span_ms = g->story_window_ms,
	    .fetch = store_fetch_signature,
	    .ctx = d->store};
	d->window = story_window_new(&options);
	if (d->window == NULL)
		return err_oom(err);
	return store_use_window(d->store, d->window, clock_wall() - g->story_window_ms, g->workers != 0, err);
}

/* ---- signals and the tick ---- */

static void
begin_stop(struct daemon *d)
{
	if (d->stop_by != 0)
		return;
	log_notice("stopping");
	sdnotify("STOPPING=1");
	d->stop_by = clock_boot_ms() + STOP_MAX_MS;
	pipeline_stop(d->pipeline);
	articles_stop(d->articles);
	websub_stop(d->websub);
	alarms_stop(d->alarms);
	struct timeval soon = {.tv_usec = 1000};
	event_add(d->events[EVENT_TICK], &soon);
}

static void
on_signal(evutil_socket_t number, short what, void *ctx)
{
	struct daemon *d = ctx;
	if (number == SIGHUP)
		reload_request(d->reload);
	else
		begin_stop(d);
}

static void
tick_after(struct daemon *d, int64_t wait)
{
	struct timeval tv = {.tv_sec = (time_t)(wait / 1000), .tv_usec = (suseconds_t)(wait % 1000 * 1000)};
	d->tick_due = clock_boot_ms() + wait;
	event_add(d->events[EVENT_TICK], &tv);
}

static bool
is_busy(const struct daemon *d)
{
	return pipeline_busy(d->pipeline) || deliver_in_flight(d->deliver) > 0 || reload_running(d->reload);
}

void
daemon_busy(struct daemon *d)
{
	if (d->events[EVENT_TICK] != NULL && d->stop_by == 0 && d->tick_due - clock_boot_ms() > LOOP_TICK_MS)
		tick_after(d, LOOP_TICK_MS);
}

/* Once a second is enough while items come, for one and for thousands. What goes wrong is said once, and tried again. */
static void
follow_with_index(struct daemon *d, int64_t now)
{
	struct err err;
	bool failed = store_index_result(d->store, &err) < 0;
	if (failed && !d->index_failed)
		log_warn("full-text index: %s; searches take longer until it works again", err.msg);
	else if (!failed && d->index_failed)
		log_notice("full-text index: works again");
	d->index_failed = failed;
	if ((now < d->index_next && (failed || is_busy(d))) || (store_unindexed(d->store) == 0 && !failed))
		return;
	store_index(d->store);
	d->index_next = now + (failed ? INDEX_AGAIN_MS : INDEX_EVERY_MS);
}

static bool
house_wants(const struct daemon *d, int64_t now)
{
	const struct retention *r = &d->retention;
	return (now >= r->next_at && now >= r->distrust_by) || rematch_wants(&d->rematch);
}

static void
keep_house(struct daemon *d, int64_t now)
{
	struct err err;
	if (!pipeline_yields(d->pipeline, house_wants(d, now)))
		return;
	if (retention_run(&d->retention, d->store, &d->setup.conf->global, clock_wall(), now, &err) < 0)
		log_warn("retention: %s; it is tried again later", err.msg);
	rematch_run(d, now);
}

/* Timers stand still while the machine sleeps: what they wait for is looked at anew. Returns for how long it has slept. */
static int64_t
note_sleep(struct daemon *d)
{
	int64_t before = d->slept_ms, slept;
	d->slept_ms = clock_slept_ms();
	slept = d->slept_ms - before;
	if (slept < SECOND_MS) /* the two clocks are not read at one moment */
		return 0;
	log_info("the machine slept for %lld s", (long long)(slept / SECOND_MS));
	pipeline_awake(d->pipeline, slept);
	deliver_kick(d->deliver);
	articles_kick(d->articles);
	return slept;
}

/* What waits in the outbox has its times by the wall clock. */
static void
note_step_back(struct daemon *d)
{
	int64_t wall = clock_wall(), ahead = wall - clock_boot_ms(), step = d->clock_ms - ahead;
	struct err err;
	if (step > SECOND_MS) {
		if (d->degraded)
			return; /* when it can be written */
		if (store_outbox_turn_back(d->store, wall, &err) < 0)
			return; /* the next tick tries again */
		log_notice("the clock was put back by %lld s", (long long)(step / SECOND_MS));
		deliver_kick(d->deliver);
	}
	d->clock_ms = ahead;
}

/* Once a second, and more often while there is work: the watchdog is fed from here and nowhere else, so that a loop that hangs is noticed. */
static void
on_tick(evutil_socket_t fd, short what, void *ctx)
{
	struct daemon *d = ctx;
	int64_t now = clock_boot_ms(), lag = now - d->tick_due - note_sleep(d);

	if (d->stop_by != 0) {
		if (deliver_in_flight(d->deliver) == 0 || now >= d->stop_by) {
			event_base_loopbreak(d->base);
			return;
		}
	} else {
		loop_lag_note(&d->loop_lag, lag);
	}
	if (d->stop_by == 0) {
		note_step_back(d);
		pipeline_alarms(d->pipeline);
	}
	if (d->stop_by == 0 && !d->degraded)
		keep_house(d, now);
	if (d->stop_by == 0 && !d->degraded)
		follow_with_index(d, now);
	if (d->watchdog_ms > 0 && now >= d->watchdog_next) {
		sdnotify("WATCHDOG=1");
		d->watchdog_next = now + d->watchdog_ms;
	}
	bool more = is_busy(d) || (!d->degraded && house_wants(d, now));
	tick_after(d, d->stop_by != 0 ? 20 : more ? LOOP_TICK_MS : LOOP_IDLE_MS);
}

static int
add_events(struct daemon *d, struct err *err)
{
	static const int signals[] = {[EVENT_TERM] = SIGTERM, [EVENT_INT] = SIGINT, [EVENT_HUP] = SIGHUP};
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGUSR1, SIG_IGN); /* that asks other daemons for one thing or another, and is not to end this one */
	signal(SIGUSR2, SIG_IGN);
	for (int i = EVENT_TERM; i <= EVENT_HUP; i++) {
		d->events[i] = evsignal_new(d->base, signals[i], on_signal, d);
		if (d->events[i] == NULL || event_add(d->events[i], NULL) < 0)
			return err_set(err, ERR_INTERNAL, "cannot watch signals");
	}
	d->events[EVENT_TICK] = evtimer_new(d->base, on_tick, d);
	if (d->events[EVENT_TICK] == NULL)
		return err_oom(err);
	d->watchdog_ms = sdnotify_watchdog_ms();
	d->clock_ms = clock_wall() - clock_boot_ms();
	d->slept_ms = clock_slept_ms();
	d->tick_due = clock_boot_ms();
	on_tick(-1, 0, d);
	return 0;
}

/* ---- life ---- */

static void
on_back(void *ctx, struct str sink)
{
	struct daemon *d = ctx;
	deliver_back(d->deliver, sink);
}

int
daemon_start(struct daemon *d, const char *config_path)
{
	struct err err = {0};
	char summary[CONF_SUMMARY_MAX];

	*d = (struct daemon){.config_path = config_path, .started_at = clock_wall()};
	if (setup_load(config_path, &d->setup) < 0)
		return DAEMON_CONFIG;
	set_log_level(d->setup.conf);
	if (open_store(d, &err) < 0 || fill_window(d, &err) < 0 ||
	    given_up_remember(&d->given_up, d->store, clock_wall(), clock_boot_ms(), &err) < 0)
		return give_up(d, DAEMON_STORE, &err);
	if ((d->base = event_base_new()) == NULL) {
		err_set(&err, ERR_INTERNAL, "cannot make an event loop");
		return give_up(d, DAEMON_FAILED, &err);
	}
	if ((d->http = setup_http(d->base, d->setup.conf, &err)) == NULL ||
	    (d->notify = setup_notify(d->base, d->http, d->setup.conf, &err)) == NULL ||
	    (d->deliver = deliver_new(d, &err)) == NULL || (d->pipeline = pipeline_new(d, &err)) == NULL ||
	    (d->articles = articles_new(d, &err)) == NULL || (d->websub = websub_new(d, &err)) == NULL ||
	    (d->control = control_new(d, &err)) == NULL || (d->reload = reload_new(d, &err)) == NULL ||
	    (d->alarms = alarms_new(d, &err)) == NULL || add_events(d, &err) < 0)
		return give_up(d, DAEMON_FAILED, &err);
	notify_on_back(d->notify, on_back, d);
	holds_load(d->pipeline);
	if ((d->router = router_new(d, &err)) == NULL || pipeline_sync(d->pipeline, &err) < 0)
		return give_up(d, DAEMON_STORE, &err);
	websub_sync(d->websub);
	rematch_begin(d);
	malloc_trim(0); /* what reading the configuration took is as much again as what stays */
	if (str_empty(d->setup.conf->global.contact) && str_empty(d->setup.conf->global.user_agent))
		log_notice("no contact is configured: publishers who have trouble with our polling cannot tell us");
	deliver_kick(d->deliver);
	log_notice("tidingsd %s: %s", PACKAGE_VERSION, conf_summary(d->setup.conf, d->setup.watchlist, summary));
	sdnotify("READY=1");
	return DAEMON_OK;
}

int
daemon_run(struct daemon *d)
{
	return event_base_dispatch(d->base) < 0 ? DAEMON_FAILED : DAEMON_OK;
}

/* Mirrors daemon_start; whatever was not built is passed over. Cancelled requests and deliveries come back through
 * pipeline and deliver, which therefore outlive http and notify. */
void
daemon_stop(struct daemon *d)
{
	for (int i = 0; i < EVENT_COUNT; i++) {
		if (d->events[i] != NULL)
			event_free(d->events[i]);
	}
	alarms_free(d->alarms);
	reload_free(d->reload);
	control_free(d->control);
	if (d->pipeline != NULL)
		pipeline_stop(d->pipeline);
	if (d->articles != NULL)
		articles_stop(d->articles);
	if (d->websub != NULL)
		websub_stop(d->websub);
	http_client_free(d->http);
	notify_free(d->notify);
	if (d->deliver != NULL)
		deliver_flush(d->deliver);
	pipeline_free(d->pipeline);
	articles_free(d->articles);
	websub_free(d->websub);
	deliver_free(d->deliver);
	router_free(d->router);
	store_close(d->store);
	story_window_free(d->window);
	if (d->base != NULL)
		event_base_free(d->base);
	setup_done(&d->setup);
	*d = (struct daemon){0};
}

/* ---- reload ---- */

static bool
same_lists(const struct conf_list *a, const struct conf_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!str_eq(a->items[i], b->items[i]))
			return false;
	}
	return true;
}

static bool
same_setting(const struct conf_key *k, const void *x, const void *y)
{
	const void *a = (const char *)x + k->offset, *b = (const char *)y + k->offset;
	switch (k->type) {
	case CONF_BOOL:
		return *(const bool *)a == *(const bool *)b;
	case CONF_INTEGER:
	case CONF_DURATION:
	case CONF_SIZE:
		return *(const int64_t *)a == *(const int64_t *)b;
	case CONF_WORD:
	case CONF_TEXT:
	case CONF_PATH:
	case CONF_URL:
	case CONF_LANGUAGE:
		return str_eq(*(const struct str *)a, *(const struct str *)b);
	default:
		return same_lists(a, b);
	}
}

static bool
same_sinks(const struct conf *a, const struct conf *b)
{
	if (a->sink_count != b->sink_count)
		return false;
	for (size_t i = 0; i < a->sink_count; i++) {
		if (!str_eq(a->sinks[i].key, b->sinks[i].key))
			return false;
		for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
			if (k->section == CONF_SINK && !same_setting(k, &a->sinks[i], &b->sinks[i]))
				return false;
		}
	}
	return true;
}

/* Names what only a restart can change, and was changed. */
static void
warn_of_restart(const struct conf_global *now, const struct conf_global *next)
{
	struct buf names;
	buf_init(&names, 0);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		if (k->section == CONF_TIDINGS && k->reload == RELOAD_RESTART && !same_setting(k, now, next))
			buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", k->name);
	}
	if (names.len > 0)
		log_warn("reload: what was changed in %.*s takes effect at the next restart", STR_ARG(buf_view(&names)));
	buf_done(&names);
}

int
daemon_reload(struct daemon *d, const struct setup *loaded)
{
	struct setup next, old = d->setup;
	struct notify *notify = NULL;
	char summary[CONF_SUMMARY_MAX];
	struct err err;

	if (loaded == NULL) {
		log_error("reload: %s has mistakes; the old configuration stays in force", d->config_path);
		return -1;
	}
	next = *loaded;
	if (d->stop_by != 0) {
		setup_done(&next);
		return -1;
	}
	/* Finished polls point into the old configuration. */
	if (!pipeline_flush(d->pipeline)) {
		log_error("reload: not while the store refuses to write");
		setup_done(&next);
		return -1;
	}
	if (!same_sinks(old.conf, next.conf) && (notify = setup_notify(d->base, d->http, next.conf, &err)) == NULL) {
		log_error("reload: %s; the old configuration stays in force", err.msg);
		setup_done(&next);
		return -1;
	}
	d->setup = next;
	if (pipeline_sync(d->pipeline, &err) < 0) {
		log_error("reload: %s; the old configuration stays in force", err.msg);
		d->setup = old;
		notify_free(notify);
		setup_done(&next);
		return -1;
	}
	if (notify != NULL) {
		notify_free(d->notify);
		d->notify = notify;
		notify_on_back(notify, on_back, d);
	}
	pipeline_renew_workers(d->pipeline);
	warn_of_restart(&old.conf->global, &next.conf->global);
	set_log_level(next.conf);
	if (router_sync(d->router, &err) < 0)
		log_error("reload: rates, quiet hours and silences: %s", err.msg);
	setup_done(&old);
	rematch_begin(d);
	daemon_busy(d);
	websub_sync(d->websub);
	deliver_sync(d->deliver);
	deliver_kick(d->deliver);
	log_notice("reload: %s", conf_summary(next.conf, next.watchlist, summary));
	return 0;
}
