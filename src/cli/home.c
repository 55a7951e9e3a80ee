#include "cli/home.h"

#include "conf/conf.h"
#include "store/store.h"

static int
load(struct cli_home *h, const char *path)
{
	struct conf_report report;
	conf_report_init(&report);
	h->conf = conf_load(path, &report);
	for (size_t i = 0; i < report.count && h->conf == NULL; i++)
		cli_fail_lines(CLI_CONFIG, report.messages[i]);
	conf_report_done(&report);
	return h->conf == NULL ? CLI_CONFIG : 0;
}

int
cli_home_find(struct cli_home *h, const struct cli *cli)
{
	*h = (struct cli_home){.store_path = cli->store_path};
	if (cli->store_path != NULL && !cli->config_given)
		return 0;
	int rc = load(h, cli->config_path);
	if (rc != 0)
		return rc;
	if (h->store_path == NULL)
		h->store_path = h->conf->global.store_path.s;
	if (!str_empty(h->conf->global.control_path))
		h->control_path = h->conf->global.control_path.s;
	return 0;
}

int
cli_home_open(struct cli_home *h, const struct cli *cli)
{
	struct err err;
	int rc = cli_home_find(h, cli);
	if (rc != 0)
		return rc;
	if (store_open(h->store_path, STORE_READ, &h->store, &err) == 0)
		return 0;
	h->store = NULL;
	if (err.code == ERR_NOT_FOUND)
		return cli_fail(
		    CLI_STORE, "there is no database %s: the daemon makes it when it first runs", h->store_path);
	return cli_fail(CLI_STORE, "%s", err.msg);
}

void
cli_home_done(struct cli_home *h)
{
	if (h->store != NULL)
		store_close(h->store);
	conf_free(h->conf);
	*h = (struct cli_home){.conf = NULL};
}
