#include "cli/control.h"
#include "cli/home.h"
#include "cli/listing.h"
#include "conf/units.h"
#include "render/render.h"
#include "store/store.h"

#include <jansson.h>
#include <stdlib.h>

#define REQUEST_MAX 480
#define SILENCES_SHOWN 1000

static void
silence_json(struct buf *out, const struct store_silence *s)
{
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kint(&w, "schema", RENDER_SCHEMA);
	jsonw_kint(&w, "id", s->id);
	jsonw_ktime(&w, "created", s->created_at);
	jsonw_ktime(&w, "ends", s->ends_at);
	jsonw_kstr(&w, "author", s->author);
	jsonw_kstr(&w, "reason", s->reason);
	jsonw_kstr(&w, "watch", s->watch);
	jsonw_kstr(&w, "entity", s->entity);
	jsonw_kstr(&w, "feed", s->feed);
	jsonw_kstr(&w, "sink", s->sink);
	jsonw_kstr(&w, "alarm", s->alarm);
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static void
silence_cells(struct cli_table *t, const struct store_silence *s)
{
	const struct {
		const char *name;
		struct str value;
	} parts[] = {
	    {"watch", s->watch}, {"entity", s->entity}, {"feed", s->feed}, {"sink", s->sink}, {"alarm", s->alarm}};
	char at[RENDER_TIME_MAX];
	struct buf what;
	buf_init(&what, 0);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (parts[i].value.s != NULL)
			buf_printf(&what, "%s%s=%.*s", what.len ? "," : "", parts[i].name, STR_ARG(parts[i].value));
	}
	cli_table_number(t, s->id);
	cli_table_cell(t, NULL,
	    str_from(t->plain ? time_format(s->ends_at, false, at) : render_time(s->ends_at, clock_zone_ms, at)));
	cli_table_cell(t, NULL, s->author);
	cli_table_cell(t, NULL, what.len ? buf_view(&what) : STR_LIT("everything"));
	cli_table_cell(t, NULL, s->reason);
	t->failed |= what.failed;
	buf_done(&what);
}

static int
list(struct cli *cli, bool all)
{
	static const char *const heads[] = {"ID", "ENDS", "AUTHOR", "WHAT", "REASON"};
	struct cli_home home;
	struct cli_listing l;
	struct store_silence *rows;
	struct arena arena;
	struct err err;
	size_t count = 0;

	arena_init(&arena, 0);
	cli_listing_begin(&l, cli, heads, sizeof heads / sizeof *heads);
	int rc = cli_home_open(&home, cli);
	int64_t after = all ? TIME_MIN : clock_wall();
	if (rc == 0 && store_silence_list(home.store, after, SILENCES_SHOWN, &arena, &rows, &count, &err) < 0)
		rc = cli_fail(CLI_STORE, "%s", err.msg);
	for (size_t i = 0; rc == 0 && i < count; i++, l.shown++) {
		if (cli->json)
			silence_json(&l.out, &rows[i]);
		else
			silence_cells(&l.table, &rows[i]);
	}
	rc = cli_listing_end(&l, rc);
	cli_home_done(&home);
	arena_done(&arena);
	return rc;
}

static int
send_request(const struct cli *cli, const struct buf *request)
{
	json_t *answer = NULL;
	int rc = cli_ask(cli, request->data, &answer);
	if (rc == 0)
		printf(cli->json ? "{\"id\":%lld}\n" : "silence %lld\n",
		    (long long)json_integer_value(json_object_get(answer, "id")));
	json_decref(answer);
	return rc;
}

static int
add(struct cli *cli, const struct cli_args *a)
{
	static const char *const names[] = {"author", "watch", "entity", "feed", "sink", "alarm"};
	const char *lasts = cli_args_value(a, "for"), *user = getenv("USER");
	int64_t ms;
	struct buf request;

	if (lasts == NULL || !units_parse_duration(str_from(lasts), &ms) || ms < SECOND_MS)
		return cli_usage(a->command, "say how long, as in --for 2h");
	buf_init(&request, REQUEST_MAX);
	buf_printf(&request, "silence add for=%lld", (long long)(ms / SECOND_MS));
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < sizeof names / sizeof *names; i++) {
		const char *value = cli_args_value(a, names[i]);
		if (value == NULL && i == 0)
			value = user != NULL && *user ? user : "somebody";
		if (value != NULL && (*value == '\0' || strpbrk(value, " \t\r\n") != NULL))
			rc = cli_usage(a->command, "“%s” cannot be a %s", value, names[i]);
		else if (value != NULL)
			buf_printf(&request, " %s=%s", names[i], value);
	}
	const char *reason = cli_args_value(a, "reason");
	if (rc == 0 && reason != NULL && strpbrk(reason, "\r\n") != NULL)
		rc = cli_usage(a->command, "the reason is one line");
	if (reason != NULL)
		buf_printf(&request, " reason=%s", reason);
	if (rc == 0 && request.failed)
		rc = cli_usage(a->command, "the request is too long");
	rc = rc ? rc : send_request(cli, &request);
	buf_done(&request);
	return rc;
}

int
cmd_silence(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct buf request;
	int64_t id;

	int rc = cli_args_parse(&a, argc, argv);
	if (rc != 0)
		return rc;
	const char *what = a.word_count > 0 ? a.words[0] : "list";
	if (strcmp(what, "add") == 0 && a.word_count == 1)
		return add(cli, &a);
	if (strcmp(what, "list") == 0 && a.word_count <= 1)
		return list(cli, cli_args_value(&a, "all") != NULL);
	if (strcmp(what, "end") != 0 || a.word_count != 2 || !str_int(str_from(a.words[1]), 1, INT64_MAX, &id))
		return cli_usage(a.command, "expected add, list, or end with the number of a silence");
	buf_init(&request, REQUEST_MAX);
	buf_printf(&request, "silence end %lld", (long long)id);
	rc = send_request(cli, &request);
	buf_done(&request);
	return rc;
}
