#include "cli/fetch.h"

#include "base/secret.h"
#include "cli/home.h"
#include "conf/conf.h"
#include "http/http.h"

#include <event2/event.h>
#include <signal.h>
#include <unistd.h>

static int
open_client(struct cli_fetcher *f, const struct conf *conf)
{
	struct http_settings settings = http_settings_default;
	char agent[CONF_AGENT_BYTES_MAX];
	struct buf secret;
	struct err err = {0};

	buf_init(&secret, SECRET_FILE_MAX);

	if (conf != NULL) {
		const struct conf_global *g = &conf->global;
		settings.user_agent = conf_user_agent(g, agent);
		settings.connections_per_host = (unsigned)g->connections_per_host;
		settings.connect_timeout_ms = g->connect_timeout_ms;
		settings.total_timeout_ms = g->fetch_timeout_ms;
		settings.body_max_bytes = (size_t)g->body_max_bytes;
		settings.ca_file = str_empty(g->ca_file) ? STR_NONE : g->ca_file;
		settings.proxy = str_empty(g->proxy) ? STR_NONE : g->proxy;
		settings.proxy_user = g->proxy_user;
		if (!str_empty(g->proxy_secret_file) && secret_read(g->proxy_secret_file.s, &secret, &err) == 0)
			settings.proxy_password = buf_view(&secret);
		f->allow_private |= g->allow_private;
	}
	f->base = event_base_new();
	if (f->base == NULL)
		err_set(&err, ERR_INTERNAL, "the event loop could not be made");
	if (err.code == ERR_NONE)
		f->client = http_client_new(f->base, &settings, &err);
	secret_forget(&secret);
	return f->client != NULL ? 0 : cli_fail(CLI_USAGE, "%s", err.msg);
}

int
cli_fetcher_open(struct cli_fetcher *f, const struct cli *cli, bool allow_private)
{
	struct cli_home home = {.conf = NULL};
	int rc = 0;

	*f = (struct cli_fetcher){.allow_private = allow_private};
	arena_init(&f->arena, 0);
	signal(SIGPIPE, SIG_IGN); /* a server that hangs up is an error of its transfer */
	if (cli->config_given || (cli->store_path == NULL && access(cli->config_path, R_OK) == 0))
		rc = cli_home_find(&home, cli);
	if (rc == 0)
		rc = open_client(f, home.conf);
	cli_home_done(&home);
	return rc;
}

void
cli_fetcher_close(struct cli_fetcher *f)
{
	http_client_free(f->client);
	if (f->base != NULL)
		event_base_free(f->base);
	arena_done(&f->arena);
}

static void
on_done(void *ctx, struct http_reply *reply)
{
	struct cli_fetch *one = ctx;
	struct arena *arena = &one->fetcher->arena;

	one->fetcher->pending--;
	one->error = reply->error;
	one->status = reply->status;
	one->final_url = arena_str(arena, reply->url);
	one->content_type = arena_str(arena, reply->content_type);
	one->content_location = arena_str(arena, reply->content_location);
	one->content_language = arena_str(arena, reply->content_language);
	one->link = arena_str(arena, reply->link);
	one->body = reply->body;
	buf_init(&reply->body, 0);
	if (one->error.code == ERR_NONE)
		http_status_error(one->status, &one->error);
	if (one->error.code == ERR_NONE)
		arena_check(arena, &one->error);
}

void
cli_fetch_all(struct cli_fetcher *f, struct cli_fetch *fetches, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct cli_fetch *one = &fetches[i];
		struct http_options options = {
		    .url = one->url, .allow_private = f->allow_private, .body_max_bytes = one->body_max_bytes};
		one->fetcher = f;
		one->error = (struct err){.code = ERR_NONE};
		buf_init(&one->body, 0);
		f->pending += http_start(f->client, &options, on_done, one, &one->error) != NULL;
	}
	while (f->pending > 0 && event_base_loop(f->base, EVLOOP_ONCE) == 0)
		;
}
