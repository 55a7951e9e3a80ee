#include "cli/control.h"
#include "cli/home.h"
#include "cli/listing.h"
#include "cli/query.h"
#include "render/render.h"

#include <jansson.h>

#define REQUEST_MAX 480

static const char *const acts[] = {"retry", "drop", "release"};

static void
row_json(struct buf *out, const struct store_outbox_row *r)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "schema", RENDER_SCHEMA);
	jsonw_kstr(&w, "id", r->id);
	jsonw_kcstr(&w, "type", render_kind_word(r->kind));
	jsonw_kcstr(&w, "state", store_state_word(r->state));
	jsonw_kstr(&w, "sink", r->sink);
	jsonw_kstr(&w, "route", r->route);
	jsonw_kstr(&w, "watches", r->watches);
	jsonw_kstr(&w, "group", r->group);
	jsonw_kcstr(&w, "severity", render_severity_word(r->severity));
	jsonw_kint(&w, "attempts", r->attempts);
	jsonw_ktime(&w, "created", r->created_at);
	jsonw_ktime(&w, "changed", r->updated_at);
	jsonw_ktime(&w, "next_try", r->next_try_at < TIME_MAX ? r->next_try_at : TIME_NONE);
	jsonw_kstr(&w, "reason", r->reason);
	jsonw_kstr(&w, "error", r->error);
	jsonw_kstr(&w, "alarm", r->alarm);
	jsonw_kint(&w, "item", r->item_id);
	jsonw_kint(&w, "item_count", r->item_count);
	jsonw_kstr(&w, "title", r->title);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static void
row_cells(struct cli_table *t, const struct store_outbox_row *r)
{
	char at[RENDER_TIME_MAX];
	bool bad = r->state == STORE_STATE_DEAD;
	cli_table_cell(t, NULL, r->id);
	cli_table_cell(t, NULL,
	    str_from(t->plain ? time_format(r->created_at, false, at) : render_time(r->created_at, clock_zone_ms, at)));
	cli_table_cell(t, bad ? "31" : NULL, str_from(store_state_word(r->state)));
	cli_table_cell(t, NULL, r->sink);
	cli_table_number(t, r->attempts);
	cli_table_cell(t, NULL, r->error.s != NULL ? r->error : r->reason);
	cli_table_cell(t, NULL, r->title);
}

static int
list(struct cli *cli, const struct store_outbox_query *q)
{
	static const char *const heads[] = {"ID", "CREATED", "STATE", "SINK", "TRIES", "WHY", "TITLE"};
	struct cli_home home;
	struct cli_listing l;
	struct store_outbox_row *rows;
	struct arena arena;
	struct err err;
	size_t count = 0;

	arena_init(&arena, 0);
	cli_listing_begin(&l, cli, heads, sizeof heads / sizeof *heads);
	int rc = cli_home_open(&home, cli);
	if (rc == 0 && store_outbox_list(home.store, q, &arena, &rows, &count, &err) < 0)
		rc = cli_fail(CLI_STORE, "%s", err.msg);
	for (size_t i = 0; rc == 0 && i < count; i++, l.shown++) {
		if (cli->json)
			row_json(&l.out, &rows[i]);
		else
			row_cells(&l.table, &rows[i]);
	}
	rc = cli_listing_end(&l, rc);
	cli_home_done(&home);
	arena_done(&arena);
	return rc;
}

/* Adds " name=value"; words of a request hold no white space. */
static int
add_word(struct cli_args *a, struct buf *request, const char *name, const char *value)
{
	if (value == NULL)
		return 0;
	if (*value == '\0' || strpbrk(value, " \t\r\n") != NULL)
		return cli_usage(a->command, "“%s” cannot be a %s", value, name);
	buf_printf(request, " %s=%s", name, value);
	return 0;
}

static int
act(struct cli *cli, struct cli_args *a)
{
	static const char *const names[] = {"sink", "feed", "reason"};
	struct buf request;
	json_t *answer = NULL;
	buf_init(&request, REQUEST_MAX);
	buf_printf(&request, "outbox %s", a->words[0]);
	size_t bare = request.len;
	int rc = a->word_count > 2 ? cli_usage(a->command, "one identifier at a time") : 0;
	if (rc == 0 && a->word_count == 2)
		rc = add_word(a, &request, "id", a->words[1]);
	for (size_t i = 0; rc == 0 && i < sizeof names / sizeof *names; i++)
		rc = add_word(a, &request, names[i], cli_args_value(a, names[i]));
	if (rc == 0 && request.len == bare && cli_args_value(a, "all") == NULL)
		rc = cli_usage(a->command, "say which: an identifier, --sink, --feed, --reason or --all");
	if (rc == 0 && request.len == bare)
		buf_puts(&request, " all");
	if (rc == 0 && request.failed)
		rc = cli_usage(a->command, "the request is too long");
	rc = rc ? rc : cli_ask(cli, request.data, &answer);
	if (rc == 0) {
		long long n = (long long)json_integer_value(json_object_get(answer, "count"));
		printf(cli->json ? "{\"count\":%lld}\n" : n == 1 ? "%lld notification\n" : "%lld notifications\n", n);
		rc = n > 0 ? CLI_FOUND : CLI_NOTHING;
	}
	json_decref(answer);
	buf_done(&request);
	return rc;
}

int
cmd_outbox(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct store_outbox_query q = {.state = -1};
	enum store_state state;

	int rc = cli_args_parse(&a, argc, argv);
	rc = rc ? rc : cli_limit_option(&a, &q.limit);
	if (rc != 0)
		return rc;
	for (size_t i = 0; i < sizeof acts / sizeof *acts && a.word_count > 0; i++) {
		if (strcmp(a.words[0], acts[i]) == 0)
			return act(cli, &a);
	}
	const char *word = cli_args_value(&a, "state");
	if (word != NULL && !store_state_parse(str_from(word), &state))
		return cli_usage(a.command, "there are the states pending, held, in-flight, done, dead and muted");
	if (word != NULL)
		q.state = state;
	q.sink = str_from(cli_args_value(&a, "sink"));
	if (a.word_count == 2 && strcmp(a.words[0], "show") == 0)
		q.id = str_from(a.words[1]);
	else if (a.word_count > 0)
		return cli_usage(a.command, "what is “%s”?", a.words[0]);
	return list(cli, &q);
}
