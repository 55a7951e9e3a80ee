#include "cli/control.h"
#include "cli/home.h"
#include "store/store.h"

#include <jansson.h>
#include <poll.h>
#include <stdlib.h>

#define TEST_WAIT_MS (70 * SECOND_MS) /* a sink's usual timeout and some */
#define TEST_LOOK_MS 50

/* ---- sink test ---- */

/* Looks at the row until it is no longer on its way. */
static int
watch_row(struct cli *cli, const char *id)
{
	struct cli_home home;
	struct store_outbox_query q = {.state = -1, .id = str_from(id), .sink = STR_NONE, .limit = 1};
	struct store_outbox_row *rows = NULL, row = {.state = STORE_STATE_PENDING};
	struct arena arena;
	struct err err;
	size_t count;
	int64_t until = clock_boot_ms() + TEST_WAIT_MS;

	arena_init(&arena, 0);
	int rc = cli_home_open(&home, cli);
	while (rc == 0) {
		arena_reset(&arena);
		if (store_outbox_list(home.store, &q, &arena, &rows, &count, &err) < 0)
			rc = cli_fail(CLI_STORE, "%s", err.msg);
		else if (count == 1)
			row = rows[0];
		bool failed_once = row.state == STORE_STATE_PENDING && row.error.s != NULL;
		if (rc != 0 || row.state == STORE_STATE_DONE || row.state == STORE_STATE_DEAD || failed_once ||
		    clock_boot_ms() >= until)
			break;
		poll(NULL, 0, TEST_LOOK_MS);
	}
	if (rc == 0 && row.state == STORE_STATE_DONE)
		printf(cli->json ? "{\"id\":\"%s\",\"delivered\":true}\n" : "delivered (%s)\n", id);
	else if (rc == 0)
		rc = cli_fail(CLI_NOTHING, "not delivered: %.*s",
		    STR_ARG(row.error.s != NULL ? row.error : STR_LIT("no answer yet; see tidings outbox")));
	cli_home_done(&home);
	arena_done(&arena);
	return rc;
}

int
cmd_sink(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	char request[300];
	json_t *answer = NULL;
	int rc = cli_args_parse(&a, argc, argv);
	if (rc != 0)
		return rc;
	if (a.word_count != 2 || strcmp(a.words[0], "test") != 0 || strpbrk(a.words[1], " \t\r\n") != NULL ||
	    strlen(a.words[1]) > 250)
		return cli_usage(a.command, "expected test and the key of a sink");
	snprintf(request, sizeof request, "test %.250s", a.words[1]);
	rc = cli_ask(cli, request, &answer);
	const char *id = json_string_value(json_object_get(answer, "id"));
	if (rc == 0)
		rc = id != NULL ? watch_row(cli, id) : cli_fail(CLI_NO_DAEMON, "the daemon does not say its number");
	json_decref(answer);
	return rc;
}

/* ---- notify --dry-run ---- */

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text != NULL ? text : "-";
}

static void
print_decisions(struct buf *out, const json_t *answer)
{
	size_t i;
	json_t *one;
	const json_t *all = json_object_get(answer, "decisions");
	if (json_array_size(all) == 0)
		buf_puts(out, "nobody would be told\n");
	json_array_foreach(all, i, one)
	{
		const char *at = json_string_value(json_object_get(one, "at"));
		buf_printf(out, "%s: %s", text_of(one, "sink"), text_of(one, "decision"));
		if (at != NULL)
			buf_printf(out, " until %s", at);
		buf_printf(out, " (%s, watch %s, route %s", text_of(one, "severity"), text_of(one, "watch"),
		    text_of(one, "route"));
		if (json_is_true(json_object_get(one, "escalation")))
			buf_puts(out, ", escalation");
		if (json_is_string(json_object_get(one, "reason")))
			buf_printf(out, "; %s", text_of(one, "reason"));
		buf_puts(out, ")\n");
	}
}

int
cmd_notify(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	char request[64];
	json_t *answer = NULL;
	struct buf out;
	int64_t id;
	int rc = cli_args_parse(&a, argc, argv);
	if (rc != 0)
		return rc;
	if (cli_args_value(&a, "dry-run") == NULL || a.word_count != 1 ||
	    !str_int(str_from(a.words[0]), 1, INT64_MAX, &id))
		return cli_usage(a.command, "expected --dry-run and the number of an item");
	snprintf(request, sizeof request, "dry-run %lld", (long long)id);
	rc = cli_ask(cli, request, &answer);
	buf_init(&out, 0);
	if (rc == 0 && cli->json) {
		char *text = json_dumps(answer, JSON_COMPACT);
		buf_printf(&out, "%s\n", text != NULL ? text : "{}");
		free(text);
	} else if (rc == 0) {
		print_decisions(&out, answer);
	}
	rc = rc ? rc : cli_output(&out);
	buf_done(&out);
	json_decref(answer);
	return rc;
}
