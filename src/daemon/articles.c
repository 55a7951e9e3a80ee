#include "daemon/articles.h"

#include "base/log.h"
#include "daemon/credentials.h"
#include "daemon/daemon.h"
#include "daemon/deliver.h"
#include "daemon/pipeline.h"
#include "daemon/robots_cache.h"
#include "daemon/router.h"
#include "daemon/sample.h"
#include "worker/pool.h"

#include <event2/event.h>
#include <stdlib.h>

#define RETRY_MS (5 * SECOND_MS) /* while the store refuses to write */
#define PAGE_ARENA_BYTES ((size_t)64 << 20)
#define READS_MAX 3u /* of one page, when its item is edited meanwhile */

/* One page in hand. */
struct page {
	struct articles *articles;
	struct page *next;
	int64_t item_id;
	char *feed_key, *url, *content_type;
	struct http_request *request;
	struct buf body;
	struct arena arena; /* of the job and what came of it, while it is read and settled */
	struct analysis_job job;
	struct analysis analysis;
	struct record item;
	struct worker_job *reading;
	unsigned reads;
	struct err error;
	int status;
	unsigned redirects;
	bool asked, ended; /* the request is noted in the store; its outcome is known, and is to be read and stored */
	int64_t due_at;    /* boot clock: to be looked at then; INT64_MAX: when something happens */
};

struct articles {
	struct daemon *daemon;
	struct robots_cache *robots;
	struct event *timer;
	struct page *pages;
	size_t active;
	int64_t cursor; /* the last item whose wish was taken */
	bool more;      /* there may be wishes behind the cursor */
	bool stopping;
	int64_t asked, read, failed, refused;
};

static void
arm(struct articles *a, int64_t ms)
{
	struct timeval tv = {.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	if (!a->stopping)
		event_add(a->timer, &tv);
}

/* ---- one page ---- */

static void
page_free(struct page *p)
{
	struct articles *a = p->articles;
	for (struct page **at = &a->pages; *at != NULL; at = &(*at)->next) {
		if (*at == p) {
			*at = p->next;
			a->active--;
			break;
		}
	}
	if (p->reading != NULL)
		worker_job_forget(p->reading);
	buf_done(&p->body);
	arena_done(&p->arena);
	free(p->feed_key);
	free(p->url);
	free(p->content_type);
	free(p);
}

static void
set_text(char **slot, struct str value)
{
	free(*slot);
	*slot = value.s != NULL ? strndup(value.s, value.len) : NULL;
}

static struct page *
page_new(struct articles *a, const struct store_article_wish *wish)
{
	struct page *p = calloc(1, sizeof *p);
	if (p == NULL)
		return NULL;
	*p = (struct page){.articles = a, .next = a->pages, .item_id = wish->item_id};
	buf_init(&p->body, 0);
	arena_init(&p->arena, PAGE_ARENA_BYTES);
	set_text(&p->feed_key, wish->feed_key);
	set_text(&p->url, wish->link);
	a->pages = p;
	a->active++;
	if (p->feed_key == NULL || p->url == NULL) {
		page_free(p);
		return NULL;
	}
	return p;
}

/* The feed as it is configured now, if it still wants pages. */
static const struct conf_feed *
feed_of(const struct page *p)
{
	const struct conf_feed *feed = conf_find_feed(p->articles->daemon->setup.conf, str_from(p->feed_key));
	return feed != NULL && feed->enabled && feed->article ? feed : NULL;
}

/* ---- the outcome ---- */

/* What is to be stored of a page that was read. */
static int
fill_found(struct page *p, const struct conf_feed *feed, struct store_article *out, struct err *err)
{
	const struct setup *setup = &p->articles->daemon->setup;
	struct page_analysis *page = p->analysis.page;
	struct routed routed;

	if (routes_item(setup->routes, feed, p->item.language, &page->matches, &p->arena, &routed, err) < 0)
		return -1;
	out->canonical = page->article.canonical;
	out->text = page->article.text;
	out->found = (struct store_new_item){.matches = &page->matches,
	    .duplicate_of = p->item.story.duplicate_of,
	    .tells = routed.tells,
	    .tell_count = routed.tell_count,
	    .watches = routed.watches,
	    .watch_count = routed.watch_count,
	    .severity = routed.severity};
	return 0;
}

static void
count_outcome(struct articles *a, const struct page *p, const struct store_article *out)
{
	if (out->error == ERR_NONE)
		a->read++;
	else if (out->error == ERR_ROBOTS)
		a->refused++;
	else
		a->failed++;
	log_debug("page of item %lld: %s", (long long)p->item_id,
	    out->error == ERR_NONE      ? "read"
	    : out->error_text.s != NULL ? out->error_text.s
	                                : err_word(out->error));
}

/* Stores what became of the page, and lets go of it; true then. While the store refuses, the page is kept and tried again. */
static bool
settle(struct page *p)
{
	struct articles *a = p->articles;
	const struct conf_feed *feed = feed_of(p);
	struct store_article out = {.item_id = p->item_id,
	    .at = clock_wall(),
	    .http_status = p->status,
	    .url = str_from(p->url),
	    .router = router_store(a->daemon->router)};
	struct err err = p->error;

	p->ended = true;
	p->due_at = INT64_MAX;
	if (err.code == ERR_NONE && feed == NULL)
		err_set(&err, ERR_CANCELLED, "the feed does not ask for pages any more");
	if (err.code == ERR_NONE)
		fill_found(p, feed, &out, &err);
	out.error = err.code;
	out.error_text = err.code != ERR_NONE ? str_from(err.msg) : STR_NONE;
	if (out.error != ERR_NOT_FOUND &&
	    store_article_commit(a->daemon->store, &out, a->daemon->setup.watchlist, &err) < 0) {
		p->due_at = clock_boot_ms() + RETRY_MS;
		arm(a, RETRY_MS);
		return false;
	}
	if (out.error == ERR_NONE)
		given_up_tell(a->daemon, &p->analysis.page->matches, p->item.link);
	if (out.error != ERR_NOT_FOUND) /* else the item was purged meanwhile, and its wish with it */
		count_outcome(a, p, &out);
	bool told = out.found.tell_count > 0;
	page_free(p);
	if (told && a->daemon->deliver != NULL)
		deliver_kick(a->daemon->deliver);
	return true;
}

static void
fail(struct page *p, enum err_code code, const char *why)
{
	err_set(&p->error, code, "%s", why);
	settle(p);
}

/* ---- reading ---- */

/* The item as it is stored, and what the workers are asked about it; lives in the page's arena. */
static int
make_job(struct page *p, const struct conf_feed *feed, struct str body, struct err *err)
{
	struct record *r = &p->item;
	if (store_item(p->articles->daemon->store, p->item_id, &p->arena, r, err) < 0)
		return -1;
	p->job = (struct analysis_job){.page = true,
	    .input = {.body = body, .url = str_from(p->url), .content_type = str_from(p->content_type)},
	    .language = arena_str(&p->arena, feed->language),
	    .feed = r->feed_key,
	    .title = r->feed_title,
	    .tags = conf_tags(feed, &p->arena),
	    .item = {r->language, r->title, r->summary, r->content, r->link, r->authors, r->categories}};
	return arena_check(&p->arena, err);
}

/* Mentions count in the texts that were sent: are they what is stored still? */
static bool
is_as_before(struct page *p)
{
	struct record now;
	struct err err;
	if (store_item(p->articles->daemon->store, p->item_id, &p->arena, &now, &err) < 0)
		return err.code == ERR_NOT_FOUND; /* the commit will find that out */
	return str_eq(now.title, p->item.title) && str_eq(now.summary, p->item.summary) &&
	       str_eq(now.content, p->item.content) && str_eq(now.authors, p->item.authors) &&
	       str_eq(now.categories, p->item.categories) && str_eq(now.link, p->item.link);
}

/* It will be read again: the workers give nothing back but a view. */
static bool
keep_body(struct page *p, struct str body)
{
	buf_done(&p->body);
	buf_init(&p->body, 0);
	return buf_str(&p->body, body);
}

static void
on_read(void *ctx, const struct err *result, struct str body)
{
	struct page *p = ctx;
	struct daemon *d = p->articles->daemon;

	p->reading = NULL;
	p->job.input.body = body;
	p->error = *result;
	if (result->code == ERR_PARSER_CRASH)
		sample_keep(d->setup.conf->global.store_path, str_from(p->feed_key), clock_wall(), body);
	if (result->code == ERR_NONE)
		message_check_page(&p->analysis, &p->job, d->setup.watchlist, &p->error);
	bool again = p->error.code == ERR_NONE && !is_as_before(p);
	if (again && ++p->reads < READS_MAX) {
		p->due_at = 0;
		arm(p->articles, 0);
	} else {
		if (again)
			err_set(&p->error, ERR_CANCELLED, "the item was edited each time when its page had been read");
		if (settle(p))
			return;
	}
	if (p->error.code == ERR_NONE && !keep_body(p, body))
		err_oom(&p->error);
}

/* The page has come: a worker reads it, on_read goes on. */
static void
read_page(struct page *p)
{
	struct daemon *d = p->articles->daemon;
	const struct conf_feed *feed = feed_of(p);
	struct worker_job *handle;
	struct buf body = p->body;

	buf_init(&p->body, 0);
	p->ended = true;
	p->due_at = INT64_MAX;
	arena_reset(&p->arena);
	if (feed == NULL)
		err_set(&p->error, ERR_CANCELLED, "the feed does not ask for pages any more");
	else
		make_job(p, feed, buf_view(&body), &p->error);
	if (p->error.code != ERR_NONE || worker_pool_submit(pipeline_workers(d->pipeline), &p->job, &body, &p->arena,
	                                     &p->analysis, on_read, p, &handle, &p->error) < 0)
		settle(p);
	else if (handle != NULL) /* else it was read here and now */
		p->reading = handle;
	buf_done(&body); /* nothing, once it was taken */
}

/* ---- the request ---- */

static void on_reply(void *ctx, struct http_reply *reply);

static void
request(struct page *p, const struct conf_feed *feed)
{
	static const struct http_header accept = {
	    STR_LIT("Accept"), STR_LIT("text/html, application/xhtml+xml, */*;q=0.1")};
	struct articles *a = p->articles;
	struct http_options options = {.url = str_from(p->url),
	    .headers = &accept,
	    .header_count = 1,
	    .stay = true,
	    .body_max_bytes = ARTICLE_BODY_MAX};
	struct credentials credentials;
	struct err err;

	if (!p->asked && store_article_ask(a->daemon->store, p->item_id, clock_wall(), &err) < 0) {
		if (err.code == ERR_NOT_FOUND) {
			page_free(p);
			return;
		}
		p->due_at = clock_boot_ms() + RETRY_MS;
		arm(a, RETRY_MS);
		return;
	}
	a->asked += !p->asked;
	p->asked = true;
	p->due_at = INT64_MAX;
	if (credentials_way(&credentials, feed, &options, &p->error) == 0)
		p->request = http_start(a->daemon->http, &options, on_reply, p, &p->error);
	credentials_done(&credentials);
	if (p->request == NULL)
		settle(p);
}

/* May it be asked for, and when? */
static void
judge(struct page *p)
{
	struct articles *a = p->articles;
	const struct conf_feed *feed = feed_of(p);
	int64_t wait_ms;
	struct err err = {0};

	p->due_at = INT64_MAX;
	if (feed == NULL) {
		fail(p, ERR_CANCELLED, "the feed does not ask for pages any more");
		return;
	}
	switch (robots_ask(a->robots, feed, str_from(p->url), &wait_ms, &err)) {
	case ROBOTS_YES:
		request(p, feed);
		break;
	case ROBOTS_NO:
		fail(p, err.code, err.msg);
		break;
	case ROBOTS_LATER:
		if (wait_ms >= 0)
			p->due_at = clock_boot_ms() + wait_ms;
		break;
	}
}

/* 429 and 503 slow the host for everybody, feeds included; a shared host only its pages. */
static void
heed(struct page *p, const struct http_reply *reply)
{
	struct articles *a = p->articles;
	bool shared;
	int64_t wait = holds_wanted(a->daemon, reply, &shared);
	if (wait < 0)
		return;
	robots_hold(a->robots, str_from(p->url), wait);
	if (!shared)
		http_hold_host(a->daemon->http, str_from(p->url), wait, NULL);
}

static void
follow(struct page *p, struct str location)
{
	if (str_empty(location))
		fail(p, ERR_REDIRECT_SCHEME, "the page redirects to nowhere that may be gone to");
	else if (p->redirects++ >= ARTICLE_REDIRECTS_MAX)
		fail(p, ERR_REDIRECT_LOOP, "the page redirects without end");
	else {
		bool downgrade =
		    str_istarts(str_from(p->url), STR_LIT("https:")) && !str_istarts(location, STR_LIT("https:"));
		set_text(&p->url, location);
		if (p->url == NULL)
			fail(p, ERR_NO_MEMORY, "memory ran out");
		else if (downgrade)
			fail(p, ERR_REDIRECT_SCHEME, "the page redirects from https to http");
		else
			judge(p);
	}
}

static void
on_reply(void *ctx, struct http_reply *reply)
{
	struct page *p = ctx;
	struct articles *a = p->articles;

	p->request = NULL;
	if (a->stopping) {
		page_free(p);
		return;
	}
	p->status = reply->status;
	p->error = reply->error;
	heed(p, reply);
	if (reply->error.code == ERR_NONE && reply->status / 100 == 3 && reply->status != 304) {
		follow(p, reply->location);
	} else {
		if (p->error.code == ERR_NONE)
			http_status_error(reply->status, &p->error);
		set_text(&p->content_type, reply->content_type);
		buf_done(&p->body);
		p->body = reply->body;
		buf_init(&reply->body, 0);
		if (p->error.code == ERR_NONE)
			read_page(p);
		else
			settle(p);
	}
	articles_kick(a);
}

/* ---- wishes ---- */

/* Takes as many wishes as there is room for. */
static void
take_wishes(struct articles *a)
{
	struct store_article_wish *wishes;
	size_t count = 0, room = ARTICLES_ACTIVE_MAX - a->active;
	struct arena arena;

	arena_init(&arena, 0);
	if (store_articles_wanted(a->daemon->store, a->cursor, room, &arena, &wishes, &count, NULL) == 0) {
		a->more = count == room;
		for (size_t i = 0; i < count; i++) {
			struct page *p = page_new(a, &wishes[i]);
			if (p == NULL) {
				a->more = true;
				arm(a, RETRY_MS);
				break;
			}
			a->cursor = wishes[i].item_id;
			judge(p);
		}
	} else {
		arm(a, RETRY_MS);
	}
	arena_done(&arena);
}

/* Pages whose time has come, then new wishes; then sleeps until the next is due. */
static void
on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct articles *a = ctx;
	int64_t now = clock_boot_ms(), first = INT64_MAX;
	struct page *due[ARTICLES_ACTIVE_MAX];
	size_t n = 0;

	for (struct page *p = a->pages; p != NULL && n < ARTICLES_ACTIVE_MAX; p = p->next) {
		if (p->request == NULL && p->reading == NULL && p->due_at <= now)
			due[n++] = p;
	}
	for (size_t i = 0; i < n; i++) {
		if (!due[i]->ended)
			judge(due[i]);
		else if (due[i]->error.code == ERR_NONE)
			read_page(due[i]);
		else
			settle(due[i]);
	}
	if (a->more && a->active < ARTICLES_ACTIVE_MAX && !a->daemon->degraded)
		take_wishes(a);
	for (struct page *p = a->pages; p != NULL; p = p->next)
		first = p->request == NULL && p->due_at < first ? p->due_at : first;
	if (a->more && a->daemon->degraded && first > now + RETRY_MS)
		first = now + RETRY_MS;
	if (first != INT64_MAX)
		arm(a, first > now ? first - now : 0);
}

/* A robots.txt has come: whoever waits for one asks again. */
static void
on_robots(void *ctx)
{
	struct articles *a = ctx;
	for (struct page *p = a->pages; p != NULL; p = p->next) {
		if (p->request == NULL && !p->ended && p->due_at == INT64_MAX)
			p->due_at = 0;
	}
	arm(a, 0);
}

/* ---- life ---- */

void
articles_kick(struct articles *a)
{
	a->more = true;
	arm(a, 0);
}

struct articles *
articles_new(struct daemon *d, struct err *err)
{
	size_t lost = 0;
	struct articles *a = calloc(1, sizeof *a);
	if (a == NULL) {
		err_oom(err);
		return NULL;
	}
	a->daemon = d;
	a->timer = evtimer_new(d->base, on_timer, a);
	a->robots = robots_cache_new(d->http, on_robots, a, err);
	if (a->timer == NULL)
		err_oom(err);
	if (a->timer == NULL || a->robots == NULL || store_articles_recover(d->store, clock_wall(), &lost, err) < 0) {
		articles_free(a);
		return NULL;
	}
	if (lost > 0)
		log_notice("%zu pages were asked for when the last run ended; they are not asked for again", lost);
	articles_kick(a);
	return a;
}

void
articles_stop(struct articles *a)
{
	a->stopping = true;
	event_del(a->timer);
	for (struct page *p = a->pages; p != NULL; p = p->next) {
		if (p->reading != NULL)
			worker_job_forget(p->reading);
		p->reading = NULL;
	}
}

void
articles_free(struct articles *a)
{
	if (a == NULL)
		return;
	while (a->pages != NULL)
		page_free(a->pages);
	robots_cache_free(a->robots);
	if (a->timer != NULL)
		event_free(a->timer);
	free(a);
}

void
articles_status(const struct articles *a, struct jsonw *w)
{
	jsonw_kint(w, "pages_in_flight", (int64_t)a->active);
	jsonw_kint(w, "pages_asked", a->asked);
	jsonw_kint(w, "pages_read", a->read);
	jsonw_kint(w, "pages_failed", a->failed);
	jsonw_kint(w, "pages_refused", a->refused);
}
