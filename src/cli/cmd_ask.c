#include "cli/control.h"
#include "cli/query.h"
#include "cli/when.h"

#include <jansson.h>

/* Sends one request and says in a line, or as JSON, what the daemon made of it. one: the only feed that it is about, or NULL. */
static int
ask(const struct cli *cli, const char *request, const char *said, const char *one)
{
	json_t *answer;
	int rc = cli_ask(cli, request, &answer);
	long long count = rc == 0 ? (long long)json_integer_value(json_object_get(answer, "feeds")) : 0;
	if (rc == 0 && cli->json)
		json_dumpf(answer, stdout, JSON_COMPACT);
	if (rc == 0 && cli->json)
		putchar('\n');
	else if (rc == 0 && one != NULL)
		printf("%s %s\n", said, one);
	else if (rc == 0)
		printf("%s: %lld feed%s\n", said, count, count == 1 ? "" : "s");
	if (rc == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		rc = cli_fail(CLI_USAGE, "cannot write to standard output");
	json_decref(answer);
	return rc;
}

int
cmd_reload(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”?", a.words[0]);
	return rc ? rc : ask(cli, "reload", "reloaded", NULL);
}

#define REMATCH_SINCE "7d"

int
cmd_rematch(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	json_t *answer = NULL;
	char request[64];
	int64_t since, now = clock_wall();
	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”?", a.words[0]);
	rc = rc ? rc : cli_time_option(&a, "since", &since);
	if (rc != 0)
		return rc;
	if (since == TIME_NONE && !cli_when(STR_LIT(REMATCH_SINCE), now, clock_zone_ms, &since))
		return CLI_USAGE;
	if (since > now - SECOND_MS)
		return cli_usage(a.command, "--since says a time that has not been");
	bool tell = cli_args_value(&a, "tell") != NULL;
	snprintf(
	    request, sizeof request, "rematch %s %lld", tell ? "tell" : "mark", (long long)((now - since) / SECOND_MS));
	rc = cli_ask(cli, request, &answer);
	if (rc == 0 && cli->json)
		printf("{\"since\":\"%s\",\"tell\":%s}\n", json_string_value(json_object_get(answer, "since")),
		    tell ? "true" : "false");
	else if (rc == 0)
		printf("matching again what came since %s%s; tidings status says how far it is\n",
		    json_string_value(json_object_get(answer, "since")),
		    tell ? ", and telling sinks what they were not told" : ", and telling nobody");
	json_decref(answer);
	return rc;
}

int
cmd_poll(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	char request[300];
	int rc = cli_args_parse(&a, argc, argv);
	if (rc != 0)
		return rc;
	bool all = cli_args_value(&a, "all") != NULL;
	if (all == (a.word_count > 0))
		return cli_usage(a.command, "name feeds, or say --all");
	if (all)
		return ask(cli, "poll *", "polling", NULL);
	for (int i = 0; rc == 0 && i < a.word_count; i++) {
		if (strpbrk(a.words[i], " \t\r\n") != NULL || strcmp(a.words[i], "*") == 0 || strlen(a.words[i]) > 250)
			rc = cli_usage(a.command, "“%s” is no key of a feed", a.words[i]);
		snprintf(request, sizeof request, "poll %.250s", a.words[i]);
		rc = rc ? rc : ask(cli, request, "polling", a.words[i]);
	}
	return rc;
}
