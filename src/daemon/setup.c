#include "daemon/daemon.h"

#include "base/log.h"
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>

static void
print_report(const struct conf_report *report, const char *path)
{
	for (size_t i = 0; i < report->count; i++)
		fprintf(stderr, "%.*s\n", STR_ARG(report->messages[i]));
	if (report->dropped > 0)
		fprintf(stderr, "%s: … and %zu more\n", path, report->dropped);
}

static int
build(const char *path, struct setup *s, struct conf_report *report)
{
	s->conf = conf_load(path, report);
	if (s->conf == NULL)
		return -1;
	s->watchlist = conf_compile_watchlist(s->conf, report);
	if (s->watchlist == NULL)
		return -1;
	s->routes = routes_new(s->conf, s->watchlist);
	if (s->routes == NULL) {
		fprintf(stderr, "%s: memory ran out\n", path);
		return -1;
	}
	return 0;
}

int
setup_load(const char *path, struct setup *ret)
{
	struct conf_report report;
	*ret = (struct setup){0};
	conf_report_init(&report);
	int rc = build(path, ret, &report);
	print_report(&report, path);
	conf_report_done(&report);
	if (rc < 0)
		setup_done(ret);
	return rc;
}

void
setup_done(struct setup *s)
{
	routes_free(s->routes);
	watchlist_free(s->watchlist);
	conf_free(s->conf);
	*s = (struct setup){0};
}

struct notify *
setup_notify(struct event_base *base, struct http_client *http, const struct conf *conf, struct err *err)
{
	struct notify_sink *sinks = calloc(conf->sink_count + 1, sizeof *sinks);
	if (sinks == NULL) {
		err_oom(err);
		return NULL;
	}
	for (size_t i = 0; i < conf->sink_count; i++) {
		const struct conf_sink *c = &conf->sinks[i];
		sinks[i] = (struct notify_sink){.key = c->key,
		    .type = c->type,
		    .format = c->format,
		    .path = c->path,
		    .command = c->command.items,
		    .command_count = c->command.count,
		    .timeout_ms = c->timeout_ms,
		    .url = c->url,
		    .secret_file = c->secret_file,
		    .service = c->service,
		    .channel = c->channel,
		    .title = c->title,
		    .body = c->body,
		    .headers = c->headers.items,
		    .header_count = c->headers.count,
		    .allow_private = c->allow_private,
		    .from = c->from,
		    .to = c->to.items,
		    .to_count = c->to.count,
		    .user = c->user,
		    .starttls = c->starttls,
		    .acknowledge = c->acknowledge,
		    .expire_ms = c->expire_ms,
		    .rotate_bytes = c->rotate_bytes,
		    .rotate_keep = (unsigned)c->rotate_keep,
		    .entries = (unsigned)c->entries,
		    .concurrency = (unsigned)c->concurrency};
	}
	struct notify *n = notify_new(base, sinks, conf->sink_count, err);
	free(sinks);
	if (n != NULL)
		notify_set_http(n, http);
	return n;
}

struct http_client *
setup_http(struct event_base *base, const struct conf *conf, struct err *err)
{
	const struct conf_global *g = &conf->global;
	struct http_settings settings = http_settings_default;
	char agent[CONF_AGENT_BYTES_MAX];

	settings.user_agent = conf_user_agent(g, agent);
	settings.connections = (unsigned)g->connections;
	settings.connections_per_host = (unsigned)g->connections_per_host;
	settings.connections_per_address = (unsigned)g->connections_per_address;
	settings.host_spacing_ms = g->host_spacing_ms;
	settings.low_speed_ms = g->low_speed_bytes > 0 ? g->low_speed_ms : 0;
	settings.low_speed_bytes = (size_t)g->low_speed_bytes;
	settings.connect_timeout_ms = g->connect_timeout_ms;
	settings.total_timeout_ms = g->fetch_timeout_ms;
	settings.body_max_bytes = (size_t)g->body_max_bytes;
	settings.ca_file = str_empty(g->ca_file) ? STR_NONE : g->ca_file;
	settings.proxy = str_empty(g->proxy) ? STR_NONE : g->proxy;
	settings.proxy_user = g->proxy_user;
	struct buf secret;
	struct http_client *c = NULL;
	buf_init(&secret, SECRET_FILE_MAX);
	if (str_empty(g->proxy_secret_file) || secret_read(g->proxy_secret_file.s, &secret, err) == 0) {
		settings.proxy_password = buf_view(&secret);
		c = http_client_new(base, &settings, err);
	}
	secret_forget(&secret);
	return c;
}
