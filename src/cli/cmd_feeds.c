#include "base/map.h"
#include "cli/home.h"
#include "cli/listing.h"
#include "feed/url.h"
#include "render/render.h"
#include "store/store.h"

enum health { HEALTH_OK, HEALTH_FAILING, HEALTH_WAITING, HEALTH_GONE, HEALTH_REMOVED };

static const struct {
	const char *word, *tone;
} healths[] = {
    [HEALTH_OK] = {"ok", "32"},
    [HEALTH_FAILING] = {"failing", "31"},
    [HEALTH_WAITING] = {"waiting", "33"}, /* not polled yet */
    [HEALTH_GONE] = {"gone", "31"},       /* 410: not polled any more */
    [HEALTH_REMOVED] = {"removed", "2"},  /* no longer configured */
};

static enum health
health_of(const struct store_feed *f)
{
	if (!f->configured)
		return HEALTH_REMOVED;
	if (f->course.gone_at != TIME_NONE)
		return HEALTH_GONE;
	if (f->error != ERR_NONE)
		return HEALTH_FAILING;
	return f->last_attempt_at == TIME_NONE ? HEALTH_WAITING : HEALTH_OK;
}

static void
error_json(struct jsonw *w, const struct store_feed *f)
{
	jsonw_key(w, "error");
	if (f->error == ERR_NONE) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	jsonw_kcstr(w, "code", err_word(f->error));
	jsonw_kstr(w, "text", f->error_text);
	jsonw_ktime(w, "since", f->error_since_at);
	jsonw_ktime(w, "last", f->error_at);
	jsonw_kint(w, "count", f->error_count);
	jsonw_end(w);
}

struct holds {
	struct map by_host;
};

/* The hold on the feed's host, or NULL. */
static const struct store_hold *
hold_of(const struct holds *h, const struct store_feed *f)
{
	return map_get(&h->by_host, url_host(f->course.adopted_url.s != NULL ? f->course.adopted_url : f->url));
}

static int
load_holds(struct holds *h, struct store *store, struct arena *arena, struct err *err)
{
	struct store_hold *holds;
	size_t count;
	map_init(&h->by_host);
	if (store_list_holds(store, clock_wall(), INT64_MAX, arena, &holds, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (map_put(&h->by_host, holds[i].host, &holds[i]) < 0)
			return err_oom(err);
	}
	return 0;
}

/* When it is polled next, holds included; and why then. */
static int64_t
next_poll(const struct holds *h, const struct store_feed *f, struct str *why)
{
	const struct store_hold *hold = hold_of(h, f);
	enum health health = health_of(f);
	*why = STR_NONE;
	if (health == HEALTH_GONE || health == HEALTH_REMOVED)
		return TIME_NONE;
	bool held = hold != NULL && (f->next_due_at == TIME_NONE || hold->until_at > f->next_due_at);
	*why = held ? hold->why : str_from(f->next_why);
	return held ? hold->until_at : f->next_due_at;
}

static void
feed_json(struct buf *out, const struct store_feed *f, const struct holds *holds)
{
	struct str why;
	int64_t next = next_poll(holds, f, &why);
	const struct store_hold *hold = hold_of(holds, f);
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "schema", RENDER_SCHEMA);
	jsonw_kstr(&w, "key", f->key);
	jsonw_kstr(&w, "title", f->title);
	jsonw_kstr(&w, "url", f->url);
	jsonw_kstr(&w, "site", f->site);
	jsonw_kcstr(&w, "state", healths[health_of(f)].word);
	error_json(&w, f);
	jsonw_ktime(&w, "added", f->added_at);
	jsonw_ktime(&w, "last_attempt", f->last_attempt_at);
	jsonw_ktime(&w, "last_success", f->last_success_at);
	jsonw_ktime(&w, "last_new", f->last_new_at);
	jsonw_ktime(&w, "next", next);
	jsonw_kstr(&w, "next_why", why);
	jsonw_ktime(&w, "held_until", hold ? hold->until_at : TIME_NONE);
	jsonw_kstr(&w, "polled_url", f->course.adopted_url.s ? f->course.adopted_url : f->url);
	jsonw_kstr(&w, "moving_to", f->course.moved_url);
	jsonw_ktime(&w, "gone", f->course.gone_at);
	jsonw_kint(&w, "gaps", f->course.gap_count);
	jsonw_ktime(&w, "last_gap", f->course.gap_at);
	jsonw_key(&w, "http_status");
	if (f->http_status > 0)
		jsonw_int(&w, f->http_status);
	else
		jsonw_null(&w);
	jsonw_kint(&w, "polls", f->poll_count);
	jsonw_kint(&w, "items", f->item_count);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

/* For a terminal how long ago or ahead, for programs the time itself. What was to come and has not is due. */
static void
time_cell(struct cli_table *t, int64_t at, int64_t now, bool to_come)
{
	char text[64] = "", span[24];
	if (at != TIME_NONE && t->plain)
		time_format(at, false, text);
	else if (at != TIME_NONE && at <= now && to_come)
		snprintf(text, sizeof text, "due");
	else if (at != TIME_NONE && at <= now)
		snprintf(text, sizeof text, "%s ago", duration_format(now - at, span));
	else if (at != TIME_NONE)
		snprintf(text, sizeof text, "in %s", duration_format(at - now, span));
	cli_table_cell(t, NULL, str_from(text));
}

static void
error_cell(struct cli_table *t, const struct store_feed *f)
{
	struct buf b;
	char since[RENDER_TIME_MAX];
	buf_init(&b, 0);
	if (f->error != ERR_NONE) {
		buf_printf(&b, "%s: ", err_word(f->error));
		buf_str(&b, str_empty(f->error_text) ? str_from(err_sentence(f->error)) : f->error_text);
		buf_printf(&b, " (%u× since %s)", f->error_count,
		    t->plain ? time_format(f->error_since_at, false, since)
		             : render_time(f->error_since_at, clock_zone_ms, since));
	}
	cli_table_cell(t, NULL, buf_view(&b));
	t->failed |= b.failed;
	buf_done(&b);
}

static void
feed_row(struct cli_table *t, const struct store_feed *f, const struct holds *holds, int64_t now)
{
	enum health h = health_of(f);
	struct str why;
	int64_t next = next_poll(holds, f, &why);
	cli_table_cell(t, NULL, f->key);
	cli_table_cell(t, healths[h].tone, str_from(healths[h].word));
	time_cell(t, f->last_success_at, now, false);
	time_cell(t, next, now, true);
	cli_table_cell(t, NULL, why);
	cli_table_number(t, f->item_count);
	error_cell(t, f);
}

static int
print_feeds(const struct cli *cli, const struct store_feed *feeds, size_t count, const struct holds *holds, bool failing)
{
	static const char *const heads[] = {
	    "FEED", "STATE", "LAST SUCCESS", "NEXT POLL", "WHY THEN", "ITEMS", "LAST ERROR"};
	struct cli_listing l;
	int64_t now = clock_wall();

	cli_listing_begin(&l, cli, heads, sizeof heads / sizeof *heads);
	for (size_t i = 0; i < count; i++) {
		enum health h = health_of(&feeds[i]);
		if (failing && h != HEALTH_FAILING && h != HEALTH_GONE)
			continue;
		l.shown++;
		if (cli->json)
			feed_json(&l.out, &feeds[i], holds);
		else
			feed_row(&l.table, &feeds[i], holds, now);
	}
	return cli_listing_end(&l, 0);
}

int
cmd_feeds(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home;
	struct arena arena;
	struct store_feed *feeds = NULL;
	struct holds holds = {{0}};
	size_t count = 0;
	struct err err;

	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”?", a.words[0]);
	if (rc != 0)
		return rc;
	arena_init(&arena, 0);
	rc = cli_home_open(&home, cli);
	if (rc == 0 && store_list_feeds(home.store, cli_args_value(&a, "all") != NULL, &arena, &feeds, &count, &err) < 0)
		rc = cli_fail(CLI_STORE, "%s", err.msg);
	if (rc == 0)
		rc = load_holds(&holds, home.store, &arena, &err) < 0 ? cli_fail(CLI_STORE, "%s", err.msg) : 0;
	if (rc == 0)
		rc = print_feeds(cli, feeds, count, &holds, cli_args_value(&a, "failing") != NULL);
	map_done(&holds.by_host);
	cli_home_done(&home);
	arena_done(&arena);
	return rc;
}
