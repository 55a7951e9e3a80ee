#include "daemon/pipeline.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/map.h"
#include "base/vec.h"
#include "daemon/daemon.h"
#include "daemon/deliver.h"
#include "sched/sched.h"
#include "worker/analyse.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/random.h>

#define IN_FLIGHT_MAX 1024                      /* requests handed to http at one time; it has ceilings of its own */
#define BATCH_POLLS_MAX 64                      /* finished polls in one transaction */
#define BATCH_BYTES_MAX (16u * 1024 * 1024)     /* … or this much memory in their arenas */
#define BATCH_DELAY_MS 20                       /* how long the first of a batch waits for company */
#define DOCUMENT_ARENA_BYTES (64u * 1024 * 1024)
#define SPREAD_PER_FEED_MS 10                   /* after a start, due feeds are spread over this much each … */
#define SPREAD_MAX_MS (60 * SECOND_MS)          /* … and over this in all */
#define COMMIT_RETRY_MIN_MS SECOND_MS
#define COMMIT_RETRY_MAX_MS (30 * SECOND_MS)

/* One feed that is polled. `due` must stay first: the heap hands back its address. */
struct poll_task {
	struct heap_entry due; /* by clock_boot_ms: a step of the wall clock moves nothing */
	struct pipeline *pipeline;
	struct http_request *request;
	const struct conf_feed *conf;
	char *key;
	int64_t feed_id;
	struct sched_state sched;
	char *etag, *last_modified;
	struct hash128 body_hash;
	enum err_code error;
	bool never_succeeded;
	bool busy; /* on the wire, or finished and not yet committed */
	bool gone; /* left the configuration while busy: freed when it is not */
};

/* A poll that has ended and waits for its transaction; the arena holds whatever `poll` points to. */
struct finished {
	struct poll_task *task;
	struct arena arena;
	struct store_poll poll;
	struct analysis analysis;
	size_t matched;
	bool parsed;
	bool silent; /* the first document of a new feed: the baseline, nobody is told */
};

struct pipeline {
	struct daemon *daemon;
	struct event *due_timer, *commit_timer;
	struct heap heap;
	struct poll_task **tasks;
	size_t task_count;
	struct finished **batch;
	size_t batch_count, batch_cap, batch_bytes;
	size_t in_flight;
	bool stopping;
	int64_t commit_retry_ms;
	uint64_t random_state;
	int64_t polls, failures, not_modified, items_new, items_matched;
};

/* splitmix64 (Steele, Lea, Flood 2014): jitter needs spread, not secrecy. */
static uint64_t
draw(struct pipeline *p)
{
	uint64_t z = (p->random_state += 0x9E3779B97F4A7C15u);
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static void
arm(struct event *timer, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	event_add(timer, &tv);
}

static void
arm_due(struct pipeline *p)
{
	struct heap_entry *first = heap_min(&p->heap);
	if (first == NULL || p->stopping || p->daemon->degraded || p->in_flight >= IN_FLIGHT_MAX) {
		event_del(p->due_timer);
		return;
	}
	int64_t wait = first->key - clock_boot_ms();
	arm(p->due_timer, wait > HOUR_MS ? HOUR_MS : wait);
}

static void
task_free(struct poll_task *t)
{
	free(t->key);
	free(t->etag);
	free(t->last_modified);
	free(t);
}

static void
finished_free(struct finished *f)
{
	arena_done(&f->arena);
	free(f);
}

/* Wall-clock due times become boot-clock ones here and nowhere else. */
static void
plan(struct pipeline *p, struct poll_task *t, int64_t due_at)
{
	int64_t wait = due_at - clock_wall();
	if (heap_set(&p->heap, &t->due, clock_boot_ms() + (wait > 0 ? wait : 0)) < 0)
		log_error("feed %s: memory ran out, it will not be polled until the next reload", t->key);
}

static struct sched_settings
settings_of(const struct pipeline *p, const struct conf_feed *feed)
{
	const struct conf_global *g = &p->daemon->setup.conf->global;
	return (struct sched_settings){.interval_ms = feed->interval_ms > 0 ? feed->interval_ms : g->interval_ms,
	    .min_ms = g->interval_min_ms,
	    .max_ms = g->interval_max_ms,
	    .jitter_percent = (int)g->jitter_percent};
}

/* ---- from reply to finished poll ---- */

static bool
hash_equal(struct hash128 a, struct hash128 b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static void
fail(struct finished *f, const struct err *err)
{
	f->poll.error = err->code;
	f->poll.error_text = arena_cstr(&f->arena, err->msg);
}

/* What is stored of each item, and whom it is to be told. */
static int
fill_items(struct pipeline *p, struct finished *f, struct err *err)
{
	struct poll_task *t = f->task;
	size_t n = f->analysis.doc.item_count;
	f->silent = t->never_succeeded && !str_is(p->daemon->setup.conf->global.first_poll, "tell");
	struct store_new_item *items = arena_zalloc(&f->arena, n, sizeof *items);
	if (items == NULL)
		return arena_check(&f->arena, err);
	for (size_t i = 0; i < n; i++) {
		const struct analysed_item *a = &f->analysis.items[i];
		struct routed routed;
		if (routes_item(p->daemon->setup.routes, t->conf, &a->matches, &f->arena, &routed, err) < 0)
			return -1;
		items[i] = (struct store_new_item){.item = &f->analysis.doc.items[i],
		    .identity = &a->identity,
		    .matches = &a->matches,
		    .authors = a->authors,
		    .categories = a->categories,
		    .tells = f->silent ? NULL : routed.tells,
		    .tell_count = f->silent ? 0 : routed.tell_count,
		    .watches = routed.watches,
		    .watch_count = routed.watch_count};
		f->matched += a->matches.hit_count > 0;
	}
	f->poll.items = items;
	f->poll.item_count = n;
	return 0;
}

static int
read_document(struct pipeline *p, struct finished *f, const struct http_reply *reply, struct err *err)
{
	const struct conf_feed *conf = f->task->conf;
	struct analysis_job job = {
	    .input = {.body = buf_view(&reply->body),
		.url = reply->url,
		.content_type = reply->content_type,
		.content_location = reply->content_location,
		.content_language = reply->content_language},
	    .language = str_empty(conf->language) ? STR_NONE : conf->language,
	};
	if (analyse(&job, &feed_limits_default, p->daemon->setup.watchlist, &f->arena, &f->analysis, err) < 0)
		return -1;
	f->parsed = true;
	f->poll.title = f->analysis.doc.title;
	f->poll.site = f->analysis.doc.link;
	f->poll.complete = !f->analysis.doc.truncated && reply->error.code == ERR_NONE;
	return fill_items(p, f, err);
}

/* Decides what a reply means: an error, nothing new, or a document to be read. */
static void
read_reply(struct pipeline *p, struct finished *f, const struct http_reply *reply)
{
	struct err err = reply->error;
	bool cut = err.code == ERR_TRUNCATED && reply->status == 200 && reply->body.len > 0;

	f->poll.http_status = reply->status;
	if (err.code == ERR_NONE)
		http_status_error(reply->status, &err);
	if (err.code != ERR_NONE && !cut) {
		fail(f, &err);
		return;
	}
	if (reply->status == 304) {
		f->poll.not_modified = true;
		return;
	}
	f->poll.etag = arena_str(&f->arena, reply->etag);
	f->poll.last_modified = arena_str(&f->arena, reply->last_modified);
	f->poll.body_hash = hash128(buf_view(&reply->body), 0);
	if (!cut && hash_equal(f->poll.body_hash, f->task->body_hash)) {
		f->poll.complete = true;
		return;
	}
	struct err why;
	if (read_document(p, f, reply, &why) < 0) {
		f->poll.items = NULL;
		f->poll.item_count = 0;
		fail(f, &why);
	} else if (cut) {
		fail(f, &err);
	}
}

/* Validators belong to a document that was read whole; a hash that stands for none must not stop the next read. */
static void
keep_validators_honest(struct finished *f)
{
	if (f->poll.error == ERR_NONE && f->poll.complete)
		return;
	f->poll.complete = false;
	f->poll.etag = f->poll.last_modified = STR_NONE;
	f->poll.body_hash = (struct hash128){0};
}

static void
decide_next(struct pipeline *p, struct finished *f, int64_t retry_after_ms)
{
	struct sched_settings settings = settings_of(p, f->task->conf);
	struct sched_result result = {
	    .outcome = f->poll.error != ERR_NONE ? SCHED_FAILED : f->parsed ? SCHED_NEW_ITEMS : SCHED_SAME,
	    .error = f->poll.error,
	    .retry_after_ms = retry_after_ms};
	struct sched_decision next = sched_next(&f->task->sched, &settings, &result, f->poll.at, draw(p));
	f->poll.sched = next.state;
	f->poll.next_due_at = next.next_due_at;
	f->poll.next_why = next.why;
}

static void
enqueue(struct pipeline *p, struct finished *f)
{
	p->batch[p->batch_count++] = f; /* room was made in start_poll */
	p->batch_bytes += f->arena.used_bytes;
	bool full = p->batch_count >= BATCH_POLLS_MAX || p->batch_bytes >= BATCH_BYTES_MAX || p->in_flight == 0;
	if (!p->daemon->degraded && (full || !event_pending(p->commit_timer, EV_TIMEOUT, NULL)))
		arm(p->commit_timer, full ? 0 : BATCH_DELAY_MS);
}

static struct finished *
finished_new(struct poll_task *t)
{
	struct finished *f = calloc(1, sizeof *f);
	if (f == NULL)
		return NULL;
	arena_init(&f->arena, DOCUMENT_ARENA_BYTES);
	f->task = t;
	f->poll.feed_id = t->feed_id;
	f->poll.at = clock_wall();
	return f;
}

static void
release(struct pipeline *p, struct poll_task *t)
{
	t->busy = false;
	if (t->gone)
		task_free(t);
}

static void
end_poll(struct pipeline *p, struct poll_task *t, const struct http_reply *reply, const struct err *err)
{
	struct finished *f = finished_new(t);
	if (f == NULL) {
		log_error("feed %s: memory ran out, this poll is repeated later", t->key);
		plan(p, t, clock_wall() + MINUTE_MS);
		release(p, t);
		return;
	}
	if (reply != NULL)
		read_reply(p, f, reply);
	else
		fail(f, err);
	keep_validators_honest(f);
	decide_next(p, f, reply != NULL ? reply->retry_after_ms : -1);
	enqueue(p, f);
}

static void
on_reply(void *ctx, struct http_reply *reply)
{
	struct poll_task *t = ctx;
	struct pipeline *p = t->pipeline;

	t->request = NULL;
	p->in_flight--;
	if (reply->error.code != ERR_CANCELLED && !t->gone) {
		end_poll(p, t, reply, NULL);
	} else {
		if (!p->stopping && !t->gone) /* its address changed under way */
			plan(p, t, clock_wall());
		release(p, t);
	}
	if (!p->stopping)
		arm_due(p);
}

/* ---- starting polls ---- */

static void
start_poll(struct pipeline *p, struct poll_task *t)
{
	const struct conf_feed *conf = t->conf;
	struct err err;
	struct http_options options = {.url = conf->url,
	    .etag = str_from(t->etag),
	    .last_modified = str_from(t->last_modified),
	    .user_agent = str_empty(conf->user_agent) ? STR_NONE : conf->user_agent,
	    .allow_private = conf->allow_private};
	struct http_header headers[16];
	for (size_t i = 0; i < conf->headers.count && i < 16; i++) {
		struct str rest = conf->headers.items[i], name = STR_NONE;
		str_split(&rest, ':', &name);
		headers[options.header_count++] = (struct http_header){str_trim(name), str_trim(rest)};
	}
	options.headers = headers;
	t->busy = true;
	/* Every poll in flight has its place in the batch already, so that a finished one can never be dropped. */
	if (vec_reserve((void **)&p->batch, &p->batch_cap, p->batch_count + p->in_flight + 1, sizeof *p->batch) < 0)
		err_oom(&err);
	else
		t->request = http_start(p->daemon->http, &options, on_reply, t, &err);
	if (t->request != NULL) {
		p->in_flight++;
		return;
	}
	if (err.code == ERR_NO_MEMORY) {
		t->busy = false;
		plan(p, t, clock_wall() + MINUTE_MS);
		return;
	}
	end_poll(p, t, NULL, &err);
}

static void
on_due(evutil_socket_t fd, short what, void *ctx)
{
	struct pipeline *p = ctx;
	int64_t now = clock_boot_ms();
	struct heap_entry *e;

	while (!p->daemon->degraded && !p->stopping && p->in_flight < IN_FLIGHT_MAX && (e = heap_min(&p->heap)) != NULL &&
	    e->key <= now) {
		heap_remove(&p->heap, e);
		start_poll(p, (struct poll_task *)e);
	}
	arm_due(p);
}

/* ---- committing ---- */

static void
log_outcome(const struct finished *f, size_t items_new)
{
	const struct poll_task *t = f->task;
	if (f->poll.error != ERR_NONE) {
		if (t->error != f->poll.error)
			log_warn("feed %s: %s: %.*s", t->key, err_word(f->poll.error), STR_ARG(f->poll.error_text));
		return;
	}
	if (t->error != ERR_NONE)
		log_notice("feed %s: works again", t->key);
	if (t->never_succeeded && f->parsed)
		log_info("feed %s: first poll: %zu items, %zu of them match%s", t->key, f->poll.item_count, f->matched,
		    f->silent ? "; they are the baseline and not told" : "");
	else if (items_new > 0)
		log_debug("feed %s: %zu new items", t->key, items_new);
}

static void
replace(char **slot, struct str value)
{
	char *copy = value.s ? strndup(value.s, value.len) : NULL;
	free(*slot);
	*slot = copy; /* without memory for a copy the next request is merely unconditional */
}

/* What the committed poll teaches the task in memory: the same as what the row now says. */
static void
learn(struct pipeline *p, struct finished *f)
{
	struct poll_task *t = f->task;
	size_t items_new = 0;

	for (size_t i = 0; i < f->poll.item_count; i++) {
		items_new += f->poll.items[i].is_new;
		p->items_matched += f->poll.items[i].is_new && f->poll.items[i].matches->hit_count > 0;
	}
	p->polls++;
	p->failures += f->poll.error != ERR_NONE;
	p->not_modified += f->poll.not_modified;
	p->items_new += (int64_t)items_new;
	log_outcome(f, items_new);
	if (f->poll.complete) {
		replace(&t->etag, f->poll.etag);
		replace(&t->last_modified, f->poll.last_modified);
		t->body_hash = f->poll.body_hash;
	}
	t->sched = f->poll.sched;
	t->error = f->poll.error;
	if (f->poll.error == ERR_NONE)
		t->never_succeeded = false;
	if (!t->gone)
		plan(p, t, f->poll.next_due_at);
	release(p, t);
}

static void
enter_degraded(struct pipeline *p, const struct err *err)
{
	if (!p->daemon->degraded)
		log_error("store: %s: %s; polling pauses until it works again", err_word(err->code), err->msg);
	p->daemon->degraded = true;
	p->commit_retry_ms = p->commit_retry_ms ? p->commit_retry_ms * 2 : COMMIT_RETRY_MIN_MS;
	if (p->commit_retry_ms > COMMIT_RETRY_MAX_MS)
		p->commit_retry_ms = COMMIT_RETRY_MAX_MS;
	arm(p->commit_timer, p->commit_retry_ms);
	arm_due(p);
}

static void
leave_degraded(struct pipeline *p)
{
	p->commit_retry_ms = 0;
	if (p->daemon->degraded) {
		log_notice("store: works again, polling goes on");
		p->daemon->degraded = false;
	}
}

/* The finished polls' values side by side, as the store wants them; and back, for what it answers. */
static int
commit_batch(struct pipeline *p, struct err *err)
{
	struct store_poll *polls = calloc(p->batch_count, sizeof *polls);
	if (polls == NULL)
		return err_oom(err);
	for (size_t i = 0; i < p->batch_count; i++)
		polls[i] = p->batch[i]->poll;
	int rc = store_commit_polls(p->daemon->store, polls, p->batch_count, p->daemon->setup.watchlist, err);
	free(polls);
	return rc;
}

static int
commit(struct pipeline *p)
{
	struct err err;
	if (p->batch_count == 0)
		return 0;
	if (commit_batch(p, &err) < 0) {
		enter_degraded(p, &err);
		return -1;
	}
	leave_degraded(p);
	for (size_t i = 0; i < p->batch_count; i++) {
		learn(p, p->batch[i]);
		finished_free(p->batch[i]);
	}
	p->batch_count = p->batch_bytes = 0;
	arm_due(p);
	if (p->daemon->deliver != NULL)
		deliver_kick(p->daemon->deliver);
	return 0;
}

static void
on_commit(evutil_socket_t fd, short what, void *ctx)
{
	commit(ctx);
}

/* ---- feeds ---- */

static struct poll_task *
task_new(struct pipeline *p, const struct store_feed *row)
{
	struct poll_task *t = calloc(1, sizeof *t);
	if (t == NULL)
		return NULL;
	heap_entry_init(&t->due);
	t->pipeline = p;
	t->key = strndup(row->key.s, row->key.len);
	if (t->key == NULL) {
		free(t);
		return NULL;
	}
	return t;
}

static void
task_load(struct pipeline *p, struct poll_task *t, const struct conf_feed *conf, const struct store_feed *row, int64_t spread_ms)
{
	bool moved = t->conf != NULL && !str_eq(t->conf->url, conf->url);
	t->conf = conf;
	if (moved && t->request != NULL)
		http_cancel(t->request);
	if (t->busy) /* its outcome will be learnt when it is committed */
		return;
	struct sched_settings settings = settings_of(p, conf);
	int64_t now = clock_wall();
	t->feed_id = row->id;
	t->sched = row->sched;
	replace(&t->etag, row->etag);
	replace(&t->last_modified, row->last_modified);
	t->body_hash = row->body_hash;
	t->error = row->error;
	t->never_succeeded = row->last_success_at == TIME_NONE;
	plan(p, t, sched_first(row->next_due_at, &settings, spread_ms, now, draw(p)));
}

/* A task that is busy outlives its feed until its poll has ended. */
static void
task_retire(struct pipeline *p, struct poll_task *t)
{
	heap_remove(&p->heap, &t->due);
	t->gone = true;
	if (t->request != NULL)
		http_cancel(t->request);
	else if (!t->busy)
		task_free(t);
}

static int
index_tasks(const struct pipeline *p, struct map *by_key)
{
	for (size_t i = 0; i < p->task_count; i++) {
		if (map_put(by_key, str_from(p->tasks[i]->key), p->tasks[i]) < 0)
			return -1;
	}
	return 0;
}

/* One task per row, the old one where there is one; fresh ones have no conf yet. NULL without memory, nothing changed. */
static struct poll_task **
tasks_for(struct pipeline *p, const struct store_feed *rows, size_t row_count, struct map *old)
{
	struct poll_task **next = calloc(row_count + 1, sizeof *next);
	if (next == NULL)
		return NULL;
	for (size_t i = 0; i < row_count; i++) {
		next[i] = map_del(old, rows[i].key);
		if (next[i] != NULL || (next[i] = task_new(p, &rows[i])) != NULL)
			continue;
		while (i-- > 0) {
			if (next[i]->conf == NULL)
				task_free(next[i]);
		}
		free(next);
		return NULL;
	}
	return next;
}

/* The tasks of the enabled feeds: old ones go on where they are, new ones are made, the rest is retired. */
static int
adopt(struct pipeline *p, const struct conf *conf, const struct store_feed *rows, size_t row_count)
{
	struct map old;
	struct poll_task **next = NULL;
	int64_t spread = (int64_t)row_count * SPREAD_PER_FEED_MS;

	map_init(&old);
	if (index_tasks(p, &old) == 0)
		next = tasks_for(p, rows, row_count, &old);
	if (next == NULL) {
		map_done(&old);
		return -1;
	}
	for (size_t i = 0; i < row_count; i++)
		task_load(p, next[i], conf_find_feed(conf, rows[i].key), &rows[i], spread < SPREAD_MAX_MS ? spread : SPREAD_MAX_MS);
	for (size_t i = 0; i < old.cap; i++) {
		if (old.slots[i].value != NULL)
			task_retire(p, old.slots[i].value);
	}
	map_done(&old);
	free(p->tasks);
	p->tasks = next;
	p->task_count = row_count;
	return 0;
}

int
pipeline_sync(struct pipeline *p, struct err *err)
{
	const struct conf *conf = p->daemon->setup.conf;
	struct store_feed_key *keys = calloc(conf->feed_count + 1, sizeof *keys);
	struct store_feed *rows;
	struct arena arena;
	size_t count = 0;
	int rc = -1;

	arena_init(&arena, 0);
	if (keys == NULL) {
		err_oom(err);
	} else {
		for (size_t i = 0; i < conf->feed_count; i++) {
			if (conf->feeds[i].enabled)
				keys[count++] = (struct store_feed_key){conf->feeds[i].key, conf->feeds[i].url, conf->feeds[i].title};
		}
		if (store_sync_feeds(p->daemon->store, keys, count, clock_wall(), &arena, &rows, err) == 0)
			rc = adopt(p, conf, rows, count) < 0 ? err_oom(err) : 0;
	}
	free(keys);
	arena_done(&arena);
	arm_due(p);
	return rc;
}

size_t
pipeline_poll_now(struct pipeline *p, const char *key)
{
	size_t n = 0;
	for (size_t i = 0; i < p->task_count; i++) {
		struct poll_task *t = p->tasks[i];
		if (strcmp(key, "*") != 0 && strcmp(key, t->key) != 0)
			continue;
		n++;
		if (!t->busy)
			plan(p, t, clock_wall());
	}
	arm_due(p);
	return n;
}

/* ---- life ---- */

struct pipeline *
pipeline_new(struct daemon *d, struct err *err)
{
	struct pipeline *p = calloc(1, sizeof *p);
	if (p == NULL) {
		err_oom(err);
		return NULL;
	}
	p->daemon = d;
	heap_init(&p->heap);
	if (getrandom(&p->random_state, sizeof p->random_state, GRND_NONBLOCK) < 0)
		p->random_state = (uint64_t)clock_wall();
	p->due_timer = evtimer_new(d->base, on_due, p);
	p->commit_timer = evtimer_new(d->base, on_commit, p);
	if (p->due_timer == NULL || p->commit_timer == NULL) {
		pipeline_free(p);
		err_oom(err);
		return NULL;
	}
	return p;
}

bool
pipeline_flush(struct pipeline *p)
{
	return commit(p) == 0;
}

void
pipeline_stop(struct pipeline *p)
{
	p->stopping = true;
	event_del(p->due_timer);
	commit(p);
}

void
pipeline_free(struct pipeline *p)
{
	if (p == NULL)
		return;
	for (size_t i = 0; i < p->batch_count; i++) {
		if (p->batch[i]->task->gone)
			task_free(p->batch[i]->task);
		finished_free(p->batch[i]);
	}
	free(p->batch);
	heap_done(&p->heap);
	for (size_t i = 0; i < p->task_count; i++)
		task_free(p->tasks[i]);
	free(p->tasks);
	if (p->due_timer != NULL)
		event_free(p->due_timer);
	if (p->commit_timer != NULL)
		event_free(p->commit_timer);
	free(p);
}

void
pipeline_status(const struct pipeline *p, struct jsonw *w)
{
	size_t failing = 0;
	for (size_t i = 0; i < p->task_count; i++)
		failing += p->tasks[i]->error != ERR_NONE;
	jsonw_kint(w, "feeds", (int64_t)p->task_count);
	jsonw_kint(w, "feeds_failing", (int64_t)failing);
	jsonw_kint(w, "polls_in_flight", (int64_t)p->in_flight);
	jsonw_kint(w, "polls_uncommitted", (int64_t)p->batch_count);
	jsonw_kint(w, "polls", p->polls);
	jsonw_kint(w, "polls_failed", p->failures);
	jsonw_kint(w, "polls_not_modified", p->not_modified);
	jsonw_kint(w, "items_new", p->items_new);
	jsonw_kint(w, "items_matched", p->items_matched);
}
