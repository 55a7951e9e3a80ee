#include "base/suggest.h"
#include "cli/asked.h"
#include "cli/query.h"
#include "conf/conf.h"

/* The query, when there is one, of the items that the options leave. */
static int
ask(const struct cli_home *home, struct str query, const struct store_query *q, struct cli_printer *p, struct err *err)
{
	struct cli_asked asked;
	int rc = cli_asked_open(&asked, home, query);
	if (rc == 0 && cli_asked_walk(&asked, home->store, q, cli_print_record, p, err) < 0)
		rc = cli_fail(CLI_STORE, "%s", err->msg);
	cli_asked_done(&asked);
	return rc;
}

/* Nothing was found: perhaps because what was asked for is nowhere. Whom lists of names bring is not known here. */
static void
doubt(const struct conf *c, const struct store_query *q)
{
	const struct {
		struct str key;
		enum conf_section section;
		const char *what;
	} asked[] = {{q->actor, CONF_ACTOR, "actor"}, {q->topic, CONF_TOPIC, "topic"}, {q->watch, CONF_WATCH, "watch"},
	    {q->feed, CONF_FEED, "feed"}};
	for (size_t i = 0; c != NULL && i < sizeof asked / sizeof *asked; i++) {
		const struct map *keys = &c->keys[asked[i].section];
		struct suggestion s;
		char hint[SUGGESTION_MAX];
		if (asked[i].key.s == NULL || map_get(keys, asked[i].key) != NULL ||
		    (asked[i].section == CONF_ACTOR && c->name_file_count > 0))
			continue;
		suggestion_init(&s, asked[i].key);
		for (size_t k = 0; k < keys->cap; k++) {
			if (keys->slots[k].value != NULL)
				suggestion_offer(&s, keys->slots[k].key);
		}
		fprintf(stderr, "tidings: warning: the configuration has no %s “%.*s”%s\n", asked[i].what,
		    STR_ARG(asked[i].key), suggestion_text(&s, hint));
	}
}

/* Asks the store and prints; what search and items do alike. */
static int
list(struct cli *cli, const struct cli_args *a, struct str query, const struct store_query *q)
{
	struct cli_home home;
	struct cli_printer p;
	struct arena arena;
	struct err err;

	int rc = cli_home_open(&home, cli);
	if (rc == 0) {
		cli_printer_init(&p, cli, false);
		arena_init(&arena, 0);
		if (query.s != NULL)
			rc = ask(&home, query, q, &p, &err);
		else if (store_query(home.store, q, &arena, cli_print_record, &p, &err) < 0)
			rc = cli_fail(CLI_STORE, "%s", err.msg);
		int written = cli_printer_flush(&p);
		rc = rc ? rc : written;
		if (rc == 0 && p.count == 0) {
			rc = CLI_NOTHING;
			doubt(home.conf, q);
		}
		if (rc == 0 && p.count == q->limit && cli->terminal && cli_args_value(a, "limit") == NULL)
			fprintf(stderr, "tidings: these are the first %zu; --limit N shows more\n", p.count);
		arena_done(&arena);
		cli_printer_done(&p);
	}
	cli_home_done(&home);
	return rc;
}

int
cmd_items(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct store_query q;
	int rc = cli_args_parse(&a, argc, argv);
	if (rc == 0 && a.word_count > 0)
		rc = cli_usage(a.command, "what is “%s”? tidings search finds words", a.words[0]);
	rc = rc ? rc : cli_query(&q, &a);
	return rc ? rc : list(cli, &a, STR_NONE, &q);
}

int
cmd_search(struct cli *cli, int argc, char **argv)
{
	struct cli_args a;
	struct store_query q;
	struct buf words;
	int rc = cli_args_parse(&a, argc, argv);
	rc = rc ? rc : cli_query(&q, &a);
	if (rc != 0)
		return rc;
	buf_init(&words, 0);
	for (int i = 0; i < a.word_count; i++) {
		buf_puts(&words, i > 0 ? " " : "");
		buf_puts(&words, a.words[i]);
	}
	struct str query = str_trim(buf_view(&words));
	if (words.failed)
		rc = cli_fail(CLI_STORE, "out of memory");
	else if (str_empty(query))
		rc = cli_usage(a.command, "which words, or which query?");
	else
		rc = list(cli, &a, query, &q);
	buf_done(&words);
	return rc;
}
