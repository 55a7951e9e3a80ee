#include "daemon/finished.h"

#include "daemon/articles.h"
#include "daemon/websub.h"
#include "feed/link_header.h"
#include "feed/page.h"
#include "feed/url.h"

#include <stdlib.h>
#include <string.h>

struct finished *
finished_new(struct poll_task *t)
{
	struct finished *f = calloc(1, sizeof *f);
	if (f == NULL)
		return NULL;
	arena_init(&f->arena, DOCUMENT_ARENA_BYTES);
	f->task = t;
	f->poll.feed_id = t->feed_id;
	f->poll.at = clock_wall();
	f->ended_ms = clock_boot_ms();
	f->poll.decide = finished_decide;
	f->poll.ctx = f;
	f->hints = SCHED_HINTS_NONE;
	f->retry_after_ms = -1;
	return f;
}

int64_t
finished_clock_moved(const struct finished *f)
{
	return (clock_wall() - f->poll.at) - (clock_boot_ms() - f->ended_ms);
}

struct str
task_url(const struct poll_task *t)
{
	return t->course.adopted_url.s != NULL ? t->course.adopted_url : t->conf->url;
}

void
finished_free(struct finished *f)
{
	arena_done(&f->arena);
	free(f);
}

void
finished_fail(struct finished *f, const struct err *err)
{
	f->poll.error = err->code;
	f->poll.error_text = arena_cstr(&f->arena, err->msg);
}

/* What is stored of each item, and whom it is to be told. */
static int
fill_items(struct finished *f, const struct setup *setup, struct err *err)
{
	struct poll_task *t = f->task;
	size_t n = f->analysis.doc.item_count;
	f->silent = t->never_succeeded && !str_is(setup->conf->global.first_poll, "tell");
	struct store_new_item *items = arena_zalloc(&f->arena, n, sizeof *items);
	if (items == NULL)
		return arena_check(&f->arena, err);
	for (size_t i = 0; i < n; i++) {
		const struct analysed_item *a = &f->analysis.items[i];
		struct routed routed;
		if (routes_item(setup->routes, t->conf, f->analysis.doc.items[i].language, &a->matches, &f->arena,
		        &routed, err) < 0)
			return -1;
		items[i] = (struct store_new_item){.item = &f->analysis.doc.items[i],
		    .identity = &a->identity,
		    .features = &a->features,
		    .matches = &a->matches,
		    .authors = a->authors,
		    .categories = a->categories,
		    .summary_delta = a->summary_delta,
		    .content_delta = a->content_delta,
		    .tells = f->silent ? NULL : routed.tells,
		    .tell_count = f->silent ? 0 : routed.tell_count,
		    .watches = routed.watches,
		    .watch_count = routed.watch_count,
		    .severity = routed.severity,
		    .tell_edits = str_is(setup->conf->global.on_edit, "tell-new")};
		f->matched += a->matches.hit_count > 0;
	}
	f->poll.articles_max = t->conf->article && !f->silent ? ARTICLES_PER_POLL_MAX : 0;
	f->poll.items = items;
	f->poll.unguarded = !t->conf->flood_guard;
	f->poll.hold_changed = t->conf->hold_changed;
	f->poll.window_cut = page_words_have(f->analysis.doc.repairs, STR_LIT("items-cut"));
	f->poll.item_count = n;
	return 0;
}

/* What the document says about how often to come. */
static void
take_hints(struct finished *f)
{
	const struct feed_doc *doc = &f->analysis.doc;
	int64_t *dates = arena_alloc(&f->arena, doc->item_count * sizeof *dates);
	f->hints.ttl_ms = doc->hints.ttl_minutes >= 0 ? doc->hints.ttl_minutes * MINUTE_MS : -1;
	f->hints.update_ms = doc->hints.update_period_ms;
	f->hints.skip_hours = doc->hints.skip_hours;
	f->hints.skip_days = doc->hints.skip_days;
	if (dates == NULL)
		return;
	for (size_t i = 0; i < doc->item_count; i++)
		dates[i] =
		    doc->items[i].published_at != TIME_NONE ? doc->items[i].published_at : doc->items[i].updated_at;
	f->hints.items_per_week = sched_items_per_week(dates, doc->item_count, f->poll.at);
}

/* WebSub section 4: the Link header counts before what the document says. */
static void
take_hub(struct finished *f)
{
	const struct feed_doc *doc = &f->analysis.doc;
	struct str rest = f->link;
	struct link_header link;
	for (unsigned n = 0; n < 100 && link_header_next(&rest, &link); n++) {
		struct str *slot = page_words_have(link.rel, STR_LIT("hub"))    ? &f->hub
		                   : page_words_have(link.rel, STR_LIT("self")) ? &f->topic
		                                                                : NULL;
		if (slot != NULL && slot->s == NULL)
			*slot = url_resolve(&f->arena, f->answered, link.href);
	}
	f->hub = f->hub.s != NULL ? f->hub : doc->hub;
	f->topic = f->topic.s != NULL ? f->topic : doc->self;
	if (f->topic.s == NULL)
		f->topic = f->answered;
}

struct analysis_job
finished_job(struct finished *f, const struct http_reply *reply)
{
	const struct conf_feed *conf = f->task->conf;
	return (struct analysis_job){
	    .input = {.body = buf_view(&reply->body),
	        .url = reply->url,
	        .content_type = reply->content_type,
	        .content_location = reply->content_location,
	        .content_language = reply->content_language},
	    .language = str_empty(conf->language) ? STR_NONE : conf->language,
	    .feed = conf->key,
	    .title = conf->title,
	    .tags = conf_tags(conf, &f->arena),
	};
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

static bool
read_reply(struct finished *f, const struct http_reply *reply)
{
	struct err err = reply->error;
	bool cut = err.code == ERR_TRUNCATED && reply->status == 200 && reply->body.len > 0;

	f->poll.http_status = reply->status;
	if (err.code == ERR_NONE)
		http_status_error(reply->status, &err);
	if (err.code != ERR_NONE && !cut) {
		finished_fail(f, &err);
		return false;
	}
	if (reply->status == 304) {
		f->poll.not_modified = true;
		return false;
	}
	f->full = true;
	f->delta = reply->status == 226;
	f->cut = err;
	f->poll.etag = arena_str(&f->arena, reply->etag);
	f->poll.last_modified = arena_str(&f->arena, reply->last_modified);
	struct hash128 body = hash128(buf_view(&reply->body), 0);
	f->page = body.lo;
	f->poll.body_hash = body;
	if (f->delta)
		f->poll.body_hash = (struct hash128){0};
	if (!cut && !f->delta && hash128_equal(f->poll.body_hash, f->task->body_hash)) {
		f->poll.complete = true;
		return false;
	}
	return true;
}

bool
finished_read(struct finished *f, const struct http_reply *reply)
{
	f->hints.max_age_ms = reply->max_age_ms;
	f->retry_after_ms = reply->retry_after_ms;
	f->answered = arena_str(&f->arena, reply->url);
	f->redirected = reply->redirects > 0;
	f->link = arena_str(&f->arena, reply->link);
	if (reply->moved_permanently)
		f->moved_to = f->answered;
	if (read_reply(f, reply))
		return true;
	keep_validators_honest(f);
	return false;
}

void
finished_push(struct finished *f)
{
	f->pushed = f->delta = true;
	f->poll.http_status = 200;
}

void
finished_document(struct finished *f, const struct setup *setup, const struct err *result)
{
	struct err why = *result;
	f->parsed = why.code == ERR_NONE;
	if (f->parsed) {
		f->poll.title = f->analysis.doc.title;
		f->poll.site = f->analysis.doc.link;
		f->poll.complete = !f->analysis.doc.truncated && f->cut.code == ERR_NONE;
		take_hints(f);
		take_hub(f);
	}
	if (!f->parsed || fill_items(f, setup, &why) < 0) {
		f->poll.items = NULL;
		f->poll.item_count = 0;
		finished_fail(f, &why);
	} else if (f->cut.code != ERR_NONE) {
		finished_fail(f, &f->cut);
	}
	if (f->pushed) /* it says nothing about what a poll would bring */
		f->poll.complete = false;
	keep_validators_honest(f);
}

void
finished_given_up(struct finished *f, const struct setup *setup, struct given_up *told)
{
	int64_t now = clock_boot_ms();
	for (size_t i = 0; i < f->poll.item_count; i++)
		f->given_up_count +=
		    given_up_events(told, setup->watchlist, f->poll.items[i].matches, f->analysis.doc.items[i].link,
		        now, &f->arena, f->given_up + f->given_up_count, GIVEN_UP_EVENTS_MAX - f->given_up_count);
}

/* ---- the decision ---- */

#define QUIET_ITEMS 3.0 /* were to be expected while none came: then the rhythm is slower than it was */

/* What the last document asked for holds until the next one. Its rhythm does too, unless it has been quiet for longer. */
static void
recall_hints(struct sched_hints *h, const struct store_course *c, int64_t last_new_at, int64_t now)
{
	h->ttl_ms = c->wait_ms;
	h->skip_hours = c->skip_hours;
	h->skip_days = c->skip_days;
	h->items_per_week = c->items_per_week;
	if (last_new_at == TIME_NONE || now <= last_new_at)
		return;
	double limit = QUIET_ITEMS * 7 * DAY_MS / (double)(now - last_new_at);
	if (h->items_per_week > limit)
		h->items_per_week = limit;
}

/* While pushes work, polls are only there to notice when they do not. */
static void
stretch(const struct finished *f, struct store_poll *p)
{
	int64_t wait = (p->next_due_at - p->at) * WEBSUB_STRETCH;
	if (!f->trusted || p->error != ERR_NONE || p->next_due_at == TIME_NONE || wait <= 0)
		return;
	p->next_due_at = p->at + (wait < f->settings.max_ms ? wait : f->settings.max_ms);
	p->next_why = "push";
}

static struct sched_decision
next_poll(struct finished *f, const struct store_poll *p, const struct store_seen *seen)
{
	struct sched_hints hints = f->hints;
	if (!f->parsed)
		recall_hints(&hints, &f->task->course, seen->last_new_at, p->at);
	if (f->parsed && !f->delta) {
		hints.items = (unsigned)(seen->known + seen->fresh);
		hints.items_new = (unsigned)seen->fresh;
		hints.known_before = seen->had_items;
	}
	struct sched_result result = {.outcome = p->error != ERR_NONE ? SCHED_FAILED
	                                         : seen->fresh > 0    ? SCHED_NEW_ITEMS
	                                                              : SCHED_SAME,
	    .error = p->error,
	    .retry_after_ms = f->retry_after_ms,
	    .hints = &hints};
	return sched_next(&f->task->sched, &f->settings, &result, p->at, f->random);
}

static void
add_given_up(struct finished *f, struct store_poll *p)
{
	for (size_t i = 0; i < f->given_up_count; i++)
		f->events[p->event_count++] = f->given_up[i];
}

void
finished_decide(void *finished, struct store_poll *p, const struct store_seen *seen)
{
	struct finished *f = finished;
	const struct conf_feed *conf = f->task->conf;
	p->events = f->events;
	if (f->pushed) {
		p->event_count = 0;
		add_given_up(f, p);
		p->sched = f->task->sched;
		p->next_due_at = f->due_at;
		p->next_why = "push";
		return;
	}
	struct sched_decision next = next_poll(f, p, seen);
	struct course_facts facts = {.at = p->at,
	    .error = p->error,
	    .error_text = p->error_text,
	    .full = f->full && p->error == ERR_NONE,
	    .page = f->analysis.doc.format == FEED_HFEED,
	    .url = task_url(f->task),
	    .configured = conf->url,
	    .moved_to = f->moved_to,
	    .has_secrets = conf->headers.count > 0 || !str_empty(conf->secret_file) || !str_empty(conf->client_cert),
	    .gap = next.gap,
	    .failures = next.state.failures,
	    .failing_since_at = next.state.failing_since_at,
	    .fail_for_ms = f->fail_for_ms,
	    .title = p->title,
	    .site = p->site,
	    .seen = seen};
	p->event_count = course_next(&f->task->course, &facts, &f->arena, &f->course, f->events);
	p->changed = false;
	for (size_t i = 0; i < p->event_count; i++)
		p->changed |= strcmp(f->events[i].kind, "identity_changed") == 0;
	if (f->parsed && p->error == ERR_NONE && !f->delta) {
		f->course.wait_ms = f->hints.ttl_ms > f->hints.update_ms ? f->hints.ttl_ms : f->hints.update_ms;
		f->course.skip_hours = f->hints.skip_hours;
		f->course.skip_days = f->hints.skip_days;
		f->course.items_per_week = f->hints.items_per_week;
	}
	add_given_up(f, p);
	p->course = course_same(&f->course, &f->task->course) ? NULL : &f->course; /* as after nearly every 304 */
	p->sched = next.state;
	p->next_due_at = f->course.gone_at != TIME_NONE ? TIME_NONE : next.next_due_at;
	p->next_why = next.why;
	stretch(f, p);
}
