#include "daemon/deliver.h"

#include "base/log.h"
#include "base/vec.h"
#include "daemon/daemon.h"
#include "route/decide.h"

#include <event2/event.h>
#include <stdlib.h>

#define TAKE_MAX 64 /* rows taken from the outbox at one time for one sink */
#define BACKOFF_FIRST_MS (5 * SECOND_MS)
#define BACKOFF_MAX_MS HOUR_MS
#define STORE_RETRY_MS SECOND_MS
#define IDLE_MS (5 * MINUTE_MS) /* the outbox is looked at this often even when nothing says so */
#define FRESH_MS MINUTE_MS      /* what has been due for longer is backlog, which drain-rate holds back */
/* A sink that fails so often in a row is left alone for a while: an outage costs a try now and then, not one per row. */
#define LANE_FAILURES 3
#define LANE_PAUSE_FIRST_MS SECOND_MS
#define LANE_PAUSE_MAX_MS MINUTE_MS

/* A notification on its way to its sink. */
struct flight {
	struct deliver *deliver;
	int64_t row, created_at;
	unsigned attempt;
	int64_t retry_max_ms;
	unsigned backs; /* of its lane when it was sent */
	char id[80], sink[80];
};

/* What is remembered of one sink. */
struct lane {
	char *key;
	unsigned failures;     /* in a row */
	bool gone;             /* the receiver wants nothing more: it is asked again when somebody says so */
	unsigned backs;        /* how often there was somebody to take it again */
	bool missed;           /* something failed since then, or may have before we started */
	bool took;             /* the last one that ended was no temporary failure */
	int64_t failing_since; /* wall clock: when the first of them came */
	int64_t paused_until;  /* boot clock */
	bool newest_first;
	struct route_rate drain;
	struct route_bucket bucket;
};

struct deliver {
	struct daemon *daemon;
	struct lane *lanes;
	size_t lane_count;
	struct event *pump, *flush;
	struct arena arena;
	struct store_delivery *ended; /* outcomes that are not stored yet; texts are heap copies */
	size_t ended_count, ended_cap;
	size_t in_flight;
	int64_t done, retried, dead;
};

int64_t
deliver_backoff_ms(unsigned attempt)
{
	if (attempt < 1)
		attempt = 1;
	if (attempt > 20)
		return BACKOFF_MAX_MS;
	int64_t ms = BACKOFF_FIRST_MS << (attempt - 1);
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

static void
arm(struct event *timer, int64_t ms)
{
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	event_add(timer, &tv);
}

/* ---- sinks ---- */

static struct lane *
lane_of(const struct deliver *v, struct str key)
{
	for (size_t i = 0; i < v->lane_count; i++) {
		if (str_is(key, v->lanes[i].key))
			return &v->lanes[i];
	}
	return NULL;
}

static void
free_lanes(struct lane *lanes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(lanes[i].key);
	free(lanes);
}

static bool
fill_lane(const struct deliver *v, struct lane *lane, const struct conf_sink *c)
{
	struct err err;
	char *key = strndup(c->key.s, c->key.len);
	if (key == NULL)
		return false;
	const struct lane *old = lane_of(v, str_from(key));
	if (old != NULL)
		*lane = *old;
	else
		*lane = (struct lane){.bucket = {.at = TIME_NONE}, .missed = true};
	lane->key = key;
	lane->gone = false; /* the configuration may say where it is now */
	lane->newest_first = str_is(c->order, "newest-first");
	if (route_rate_parse(c->drain_rate, &lane->drain, &err) < 0)
		lane->drain.count = 0;
	return true;
}

int
deliver_sync(struct deliver *v)
{
	const struct conf *conf = v->daemon->setup.conf;
	struct lane *lanes = calloc(conf->sink_count + 1, sizeof *lanes);
	size_t n = 0;
	while (lanes != NULL && n < conf->sink_count && fill_lane(v, &lanes[n], &conf->sinks[n]))
		n++;
	if (lanes == NULL || n < conf->sink_count) {
		free_lanes(lanes, n);
		return -1;
	}
	free_lanes(v->lanes, v->lane_count);
	v->lanes = lanes;
	v->lane_count = n;
	return 0;
}

static int64_t
jitter(int64_t ms)
{
	return ms + ms / 4 * (random() % 101) / 100;
}

/* One that answers after all gets everything again; one that says when to come back is not asked before. */
static void
note_outcome(const struct deliver *v, const struct flight *f, enum err_code code, int64_t retry_after_ms)
{
	struct lane *lane = lane_of(v, str_from(f->sink));
	if (lane == NULL || code == ERR_CANCELLED)
		return;
	if (code != ERR_NONE)
		lane->missed = true;
	if (code == ERR_SINK_TEMPORARY && f->backs != lane->backs)
		return; /* somebody came while it was failing */
	lane->gone = code == ERR_SINK_GONE;
	if (code != ERR_SINK_TEMPORARY && code != ERR_SINK_GONE) {
		lane->failures = 0;
		lane->took = true;
		return;
	}
	lane->took = false;
	if (lane->failures++ == 0)
		lane->failing_since = clock_wall();
	if (lane->gone && lane->failures < LANE_FAILURES)
		lane->failures = LANE_FAILURES;
	int64_t pause = retry_after_ms > 0 ? retry_after_ms : 0;
	if (pause == 0 && lane->failures >= LANE_FAILURES) {
		unsigned doublings = lane->failures - LANE_FAILURES;
		pause = doublings < 10 ? LANE_PAUSE_FIRST_MS << doublings : LANE_PAUSE_MAX_MS;
		pause = jitter(pause < LANE_PAUSE_MAX_MS ? pause : LANE_PAUSE_MAX_MS);
	}
	if (pause > HOUR_MS)
		pause = HOUR_MS;
	if (pause > 0 && clock_boot_ms() + pause > lane->paused_until)
		lane->paused_until = clock_boot_ms() + pause;
}

/* ---- what came of it ---- */

static bool
came_back(const struct flight *f)
{
	const struct lane *lane = lane_of(f->deliver, str_from(f->sink));
	return lane != NULL && lane->backs != f->backs;
}

static struct store_delivery
judge(const struct flight *f, const struct err *error, int64_t retry_after_ms)
{
	int64_t now = clock_wall();
	struct store_delivery d = {.row = f->row, .at = now, .outcome = STORE_DONE, .retry_at = TIME_NONE};
	if (error->code == ERR_NONE)
		return d;
	char *text = strdup(error->msg);
	d.error_text = str_from(text);
	if (error->code == ERR_CANCELLED) { /* we are stopping: nothing was wrong with it */
		d.outcome = STORE_RETRY;
		d.retry_at = now;
	} else if (error->code == ERR_SINK_REFUSED || now - f->created_at > f->retry_max_ms) {
		d.outcome = STORE_DEAD;
	} else if (error->code == ERR_SINK_GONE) { /* it waits for the receiver, not for a time */
		d.outcome = STORE_RETRY;
		d.retry_at = now + BACKOFF_MAX_MS;
	} else {
		int64_t wait = jitter(deliver_backoff_ms(f->attempt));
		d.outcome = STORE_RETRY;
		d.retry_at = came_back(f) ? now : now + (retry_after_ms > wait ? retry_after_ms : wait);
	}
	return d;
}

static void
record(struct deliver *v, struct flight *f, const struct err *error, int64_t retry_after_ms)
{
	struct store_delivery d = judge(f, error, retry_after_ms);
	v->done += d.outcome == STORE_DONE;
	v->retried += d.outcome == STORE_RETRY;
	v->dead += d.outcome == STORE_DEAD;
	if (d.outcome == STORE_DEAD)
		log_error("sink %s: notification %s is dead: %s", f->sink, f->id, error->msg);
	else if (d.outcome == STORE_RETRY && error->code != ERR_CANCELLED)
		log_warn("sink %s: notification %s, attempt %u: %s", f->sink, f->id, f->attempt, error->msg);
	v->ended[v->ended_count++] = d; /* room was made before it was sent */
	arm(v->flush, 0);
}

static void
on_done(void *ctx, const struct notify_result *result)
{
	struct flight *f = ctx;
	f->deliver->in_flight--;
	note_outcome(f->deliver, f, result->error.code, result->retry_after_ms);
	record(f->deliver, f, &result->error, result->retry_after_ms);
	free(f);
}

/* ---- taking and sending ---- */

static int64_t
retry_max_of(const struct deliver *v, struct str sink)
{
	const struct conf_sink *c = conf_find_sink(v->daemon->setup.conf, sink);
	return c != NULL ? c->retry_max_ms : 0;
}

static void
send_one(struct deliver *v, const struct notification *n)
{
	struct err err = {0};
	struct flight *f = malloc(sizeof *f);
	struct flight fallback, *use = f != NULL ? f : &fallback;

	*use = (struct flight){.deliver = v,
	    .row = n->row,
	    .created_at = n->created_at,
	    .attempt = n->attempt,
	    .retry_max_ms = retry_max_of(v, n->sink)};
	snprintf(use->id, sizeof use->id, "%.*s", STR_ARG(n->id));
	snprintf(use->sink, sizeof use->sink, "%.*s", STR_ARG(n->sink));
	const struct lane *lane = lane_of(v, n->sink);
	use->backs = lane != NULL ? lane->backs : 0;
	if (f != NULL && notify_send(v->daemon->notify, n, on_done, f, &err) == 0) {
		v->in_flight++;
		return;
	}
	if (f == NULL)
		err_oom(&err);
	record(v, use, &err, -1);
	free(f);
}

/* Takes what is due and sends it. -1 when the store did not answer. */
static int
take(struct deliver *v, const struct store_take *t, size_t *taken)
{
	struct notification *rows;
	size_t count = 0;
	struct err err;
	int rc = store_outbox_take_some(v->daemon->store, t, &v->arena, &rows, &count, &err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		send_one(v, &rows[i]);
	arena_reset(&v->arena);
	*taken = rc == 0 ? count : 0;
	return rc;
}

/* How much of the backlog the sink's drain-rate allows now. */
static size_t
drain_room(struct lane *lane, size_t room, int64_t now)
{
	if (lane->drain.count == 0)
		return room;
	if (route_bucket_next(&lane->bucket, &lane->drain, now) > now)
		return 0;
	return room < (size_t)lane->bucket.tokens ? room : (size_t)lane->bucket.tokens;
}

/* What became due lately is told without regard to the backlog; of that, as much as the drain-rate allows. */
static int
pump_draining(struct deliver *v, struct lane *lane, struct store_take *t)
{
	size_t room = t->max, taken = 0, used = 0;
	for (int turn = 0; turn < 2; turn++) {
		bool fresh = (turn == 0) == lane->newest_first;
		t->due_after_at = fresh ? t->now - FRESH_MS : TIME_NONE;
		t->due_until_at = fresh ? t->now : t->now - FRESH_MS;
		t->max = fresh ? room - used : drain_room(lane, room - used, t->now);
		if (t->max == 0)
			continue;
		if (take(v, t, &taken) < 0)
			return -1;
		used += taken;
		for (size_t i = 0; !fresh && i < taken; i++)
			route_bucket_take(&lane->bucket, &lane->drain, t->now);
	}
	return 0;
}

/* -1 when the store did not answer. Room for every outcome is made before a row is taken. */
static int
pump_sink(struct deliver *v, struct lane *lane)
{
	struct str sink = str_from(lane->key);
	size_t taken, room = notify_room(v->daemon->notify, sink);
	struct store_take t = {
	    .sink = sink, .now = clock_wall(), .due_after_at = TIME_NONE, .newest_first = lane->newest_first};

	if (room == 0 || lane->gone || clock_boot_ms() < lane->paused_until)
		return 0;
	if (lane->failures >= LANE_FAILURES)
		room = 1; /* is it well again? */
	t.max = room < TAKE_MAX ? room : TAKE_MAX;
	t.due_until_at = t.now;
	if (vec_reserve(
	        (void **)&v->ended, &v->ended_cap, v->ended_count + v->in_flight + 2 * t.max, sizeof *v->ended) < 0)
		return -1;
	return lane->drain.count > 0 ? pump_draining(v, lane, &t) : take(v, &t, &taken);
}

static void
on_pump(evutil_socket_t fd, short what, void *ctx)
{
	struct deliver *v = ctx;
	int64_t wait = IDLE_MS;

	/* A stop waits for what is under way; what was not begun keeps until the next start. */
	if (v->daemon->stop_by != 0)
		return;
	for (size_t i = 0; i < v->lane_count; i++) {
		if (pump_sink(v, &v->lanes[i]) < 0)
			wait = STORE_RETRY_MS;
	}
	int64_t next = store_outbox_next_at(v->daemon->store);
	if (next != TIME_NONE) {
		/* A row that is due but was not taken waits for room in its sink: on_flush comes back for it. */
		int64_t in = next - clock_wall();
		if (in < SECOND_MS)
			in = SECOND_MS;
		wait = in < wait ? in : wait;
	}
	arm(v->pump, wait);
}

static void
on_flush(evutil_socket_t fd, short what, void *ctx)
{
	struct deliver *v = ctx;
	struct err err;

	if (v->ended_count == 0)
		return;
	if (store_outbox_finish(v->daemon->store, v->ended, v->ended_count, &err) < 0) {
		log_warn("outbox: %s; what was delivered is noted later", err.msg);
		arm(v->flush, STORE_RETRY_MS);
		return;
	}
	for (size_t i = 0; i < v->ended_count; i++)
		free((char *)v->ended[i].error_text.s);
	v->ended_count = 0;
	deliver_kick(v);
}

/* What failed waits no longer. When the store does not answer, it is due when it would have been. */
void
deliver_back(struct deliver *v, struct str sink)
{
	struct err err;
	struct lane *lane = lane_of(v, sink);
	if (lane == NULL)
		return;
	lane->backs++;
	lane->failures = 0;
	lane->paused_until = 0;
	on_flush(-1, 0, v);
	if (lane->missed && store_outbox_hasten(v->daemon->store, sink, clock_wall(), &err) < 0)
		log_warn("outbox: %s", err.msg);
	else
		lane->missed = false;
	deliver_kick(v);
}

void
deliver_kick(struct deliver *v)
{
	arm(v->pump, 0);
}

void
deliver_resume(struct deliver *v)
{
	for (size_t i = 0; i < v->lane_count; i++) {
		v->lanes[i].failures = 0;
		v->lanes[i].paused_until = 0;
		v->lanes[i].gone = false;
	}
	deliver_kick(v);
}

size_t
deliver_in_flight(const struct deliver *v)
{
	return v->in_flight;
}

void
deliver_flush(struct deliver *v)
{
	on_flush(-1, 0, v);
	event_del(v->pump);
}

struct deliver *
deliver_new(struct daemon *d, struct err *err)
{
	struct deliver *v = calloc(1, sizeof *v);
	if (v != NULL) {
		v->daemon = d;
		arena_init(&v->arena, 0);
		v->pump = evtimer_new(d->base, on_pump, v);
		v->flush = evtimer_new(d->base, on_flush, v);
	}
	if (v == NULL || v->pump == NULL || v->flush == NULL || deliver_sync(v) < 0) {
		deliver_free(v);
		err_oom(err);
		return NULL;
	}
	return v;
}

void
deliver_free(struct deliver *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->ended_count; i++)
		free((char *)v->ended[i].error_text.s);
	free(v->ended);
	free_lanes(v->lanes, v->lane_count);
	arena_done(&v->arena);
	if (v->pump != NULL)
		event_free(v->pump);
	if (v->flush != NULL)
		event_free(v->flush);
	free(v);
}

int64_t
deliver_failing_since(const struct deliver *v, struct str sink)
{
	for (size_t i = 0; i < v->lane_count; i++) {
		const struct lane *l = &v->lanes[i];
		if (str_is(sink, l->key))
			return l->failures >= LANE_FAILURES ? l->failing_since : TIME_NONE;
	}
	return TIME_NONE;
}

bool
deliver_took(const struct deliver *v, struct str sink)
{
	for (size_t i = 0; i < v->lane_count; i++) {
		if (str_is(sink, v->lanes[i].key))
			return v->lanes[i].took;
	}
	return false;
}

void
deliver_status(const struct deliver *v, struct jsonw *w)
{
	jsonw_kint(w, "deliveries_in_flight", (int64_t)v->in_flight);
	jsonw_kint(w, "delivered", v->done);
	jsonw_kint(w, "delivery_retries", v->retried);
	jsonw_kint(w, "delivery_dead", v->dead);
	jsonw_key(w, "sinks_failing");
	jsonw_array(w);
	for (size_t i = 0; i < v->lane_count; i++) {
		if (v->lanes[i].failures >= LANE_FAILURES)
			jsonw_cstr(w, v->lanes[i].key);
	}
	jsonw_end(w);
}
