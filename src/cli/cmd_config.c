#include "base/jsonw.h"
#include "cli/cli.h"
#include "conf/conf.h"
#include "conf/schema.h"
#include "text/safe.h"

#include <getopt.h>

enum { OPT_ALL = 256, OPT_CHECK, OPT_DUMP, OPT_KEYS };

static const struct option options[] = {
    {"all", no_argument, NULL, OPT_ALL},
    {"check", no_argument, NULL, OPT_CHECK},
    {"dump", no_argument, NULL, OPT_DUMP},
    {"keys", no_argument, NULL, OPT_KEYS},
    {NULL, 0, NULL, 0},
};

static void
key_as_json(struct jsonw *w, const struct conf_key *k)
{
	jsonw_object(w);
	jsonw_kcstr(w, "section", conf_sections[k->section].name);
	jsonw_kcstr(w, "key", k->name);
	jsonw_kcstr(w, "type", conf_type_word(k->type));
	jsonw_kcstr(w, "default", k->fallback);
	if (k->words != NULL)
		jsonw_kcstr(w, "words", k->words);
	jsonw_kcstr(w, "reload", conf_reload_word(k->reload));
	jsonw_kcstr(w, "help", k->help);
	jsonw_end(w);
}

/* One line per setting: section, key, type, default, help, with tabs between them; or an object. */
static int
list_keys(const struct cli *cli)
{
	struct buf out;
	struct jsonw w;
	buf_init(&out, 0);
	for (const struct conf_key *k = conf_keys; k->name != NULL; k++) {
		jsonw_init(&w, &out, 0);
		if (cli->json)
			key_as_json(&w, k);
		else
			buf_printf(&out, "%s\t%s\t%s\t%s\t%s", conf_sections[k->section].name, k->name,
			    conf_type_word(k->type), k->fallback, k->help);
		buf_putc(&out, '\n');
	}
	int rc = cli_output(&out);
	buf_done(&out);
	return rc;
}

/* Messages quote the files: made safe, one per line, on standard error. */
static void
show_report(const struct conf_report *report)
{
	struct buf out;
	buf_init(&out, 0);
	for (size_t i = 0; i < report->count; i++) {
		text_safe(&out, report->messages[i], TEXT_SAFE_LINES);
		buf_putc(&out, '\n');
	}
	if (report->dropped > 0)
		buf_printf(&out, "… and %zu more\n", report->dropped);
	fwrite(out.data ? out.data : "", 1, out.len, stderr);
	buf_done(&out);
}

static int
dump(const struct cli *cli, const struct conf *conf, bool all)
{
	struct buf out;
	buf_init(&out, 0);
	int rc = cli->json ? conf_dump_json(conf, all, &out) : conf_dump(conf, all, &out);
	rc = rc < 0 ? cli_fail(CLI_CONFIG, "memory ran out") : cli_output(&out);
	buf_done(&out);
	return rc;
}

struct checked {
	const char *path;
	const struct conf *conf; /* NULL: it has mistakes */
	const struct watchlist *watchlist;
	const struct conf_report *report;
};

static void
sum_up(const struct checked *c, struct buf *out)
{
	char summary[CONF_SUMMARY_MAX];
	size_t files = c->conf->files.count;
	buf_printf(out, "%s: good: %zu file%s, %s\n", c->path, files, files == 1 ? "" : "s",
	    conf_summary(c->conf, c->watchlist, summary));
}

static void
sum_up_json(const struct checked *c, struct buf *out)
{
	bool good = c->watchlist != NULL;
	struct jsonw w;
	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_kcstr(&w, "file", c->path);
	jsonw_kbool(&w, "good", good);
	jsonw_kint(&w, "mistakes", (int64_t)c->report->error_count);
	jsonw_key(&w, "messages");
	jsonw_array(&w);
	for (size_t i = 0; i < c->report->count; i++)
		jsonw_str(&w, c->report->messages[i]);
	jsonw_end(&w);
	if (good) {
		jsonw_kint(&w, "files", (int64_t)c->conf->files.count);
		jsonw_kint(&w, "feeds", (int64_t)c->conf->feed_count);
		jsonw_kint(&w, "entities", (int64_t)watchlist_count(c->watchlist));
		jsonw_kint(&w, "watches", (int64_t)c->conf->watch_count);
		jsonw_kint(&w, "sinks", (int64_t)c->conf->sink_count);
	}
	jsonw_end(&w);
	buf_putc(out, '\n');
}

static int
show_check(const struct cli *cli, const struct checked *c)
{
	struct buf out;
	bool good = c->watchlist != NULL;
	buf_init(&out, 0);
	if (cli->json)
		sum_up_json(c, &out);
	else if (good)
		sum_up(c, &out);
	int rc = cli_output(&out);
	buf_done(&out);
	return rc == CLI_FOUND && !good ? CLI_CONFIG : rc;
}

static int
check_and_show(const struct cli *cli, const char *path, int what, bool all)
{
	struct conf_report report;
	conf_report_init(&report);
	struct conf *conf = conf_load(path, &report);
	struct watchlist *watchlist = conf ? conf_compile_watchlist(conf, &report) : NULL;
	struct checked checked = {path, conf, watchlist, &report};
	if (!cli->json || what == OPT_DUMP)
		show_report(&report);
	if (watchlist == NULL && (!cli->json || what == OPT_DUMP))
		cli_fail(CLI_CONFIG, "%s: %zu mistake%s", path, report.error_count, report.error_count == 1 ? "" : "s");
	int rc = CLI_CONFIG;
	if (what != OPT_DUMP)
		rc = show_check(cli, &checked);
	else if (watchlist != NULL)
		rc = dump(cli, conf, all);
	watchlist_free(watchlist);
	conf_free(conf);
	conf_report_done(&report);
	return rc;
}

int
cmd_config(struct cli *cli, int argc, char **argv)
{
	const struct cli_command *self = cli_command_find("config");
	bool all = false;
	int what = OPT_CHECK, c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == OPT_ALL)
			all = true;
		else if (c == '?')
			return cli_usage(self, "unknown option");
		else
			what = c;
	}
	if (all)
		what = OPT_DUMP;
	if (what == OPT_KEYS && optind < argc)
		return cli_usage(self, "what is “%s”?", argv[optind]);
	if (what == OPT_KEYS)
		return list_keys(cli);
	if (argc - optind > 1)
		return cli_usage(self, "config takes one file at most");
	return check_and_show(cli, optind < argc ? argv[optind] : cli->config_path, what, all);
}
