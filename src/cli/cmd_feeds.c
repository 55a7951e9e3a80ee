#include "cli/home.h"
#include "cli/page.h"
#include "render/render.h"
#include "store/store.h"

enum health { HEALTH_OK, HEALTH_FAILING, HEALTH_WAITING, HEALTH_GONE };

static const struct {
	const char *word, *tone;
} healths[] = {
    [HEALTH_OK] = {"ok", "32"},
    [HEALTH_FAILING] = {"failing", "31"},
    [HEALTH_WAITING] = {"waiting", "33"}, /* not polled yet */
    [HEALTH_GONE] = {"gone", "2"},        /* no longer configured */
};

static enum health
health_of(const struct store_feed *f)
{
	if (!f->configured)
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

static void
feed_json(struct buf *out, const struct store_feed *f)
{
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
	jsonw_ktime(&w, "next", f->next_due_at);
	jsonw_kcstr(&w, "next_why", f->next_why);
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
feed_row(struct cli_table *t, const struct store_feed *f, int64_t now)
{
	enum health h = health_of(f);
	cli_table_cell(t, NULL, f->key);
	cli_table_cell(t, healths[h].tone, str_from(healths[h].word));
	time_cell(t, f->last_success_at, now, false);
	time_cell(t, h == HEALTH_GONE ? TIME_NONE : f->next_due_at, now, true);
	cli_table_number(t, f->item_count);
	error_cell(t, f);
}

static int
print_feeds(const struct cli *cli, const struct store_feed *feeds, size_t count, bool failing)
{
	static const char *const heads[] = {"FEED", "STATE", "LAST SUCCESS", "NEXT POLL", "ITEMS", "LAST ERROR"};
	struct cli_table table;
	struct buf out;
	struct cli_page page = {&out, cli->colour, cli->width};
	int64_t now = clock_wall();
	size_t shown = 0;

	buf_init(&out, 0);
	cli_table_init(&table, !cli->terminal, heads, sizeof heads / sizeof *heads);
	for (size_t i = 0; i < count; i++) {
		if (failing && health_of(&feeds[i]) != HEALTH_FAILING)
			continue;
		shown++;
		if (cli->json)
			feed_json(&out, &feeds[i]);
		else
			feed_row(&table, &feeds[i], now);
	}
	if (!cli->json && shown > 0)
		cli_table_write(&table, &page);
	int rc = cli_output(&out);
	cli_table_done(&table);
	buf_done(&out);
	return rc ? rc : shown > 0 ? CLI_FOUND : CLI_NOTHING;
}

int
cmd_feeds(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct cli_home home;
	struct arena arena;
	struct store_feed *feeds = NULL;
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
		rc = print_feeds(cli, feeds, count, cli_args_value(&a, "failing") != NULL);
	cli_home_done(&home);
	arena_done(&arena);
	return rc;
}
