#include "notify/broker.h"

#include "base/secret.h"
#include "render/render.h"

#include <stdlib.h>

/* "host", "host:port", "[::1]:port" */
static bool
read_place(struct broker *b, struct str rest)
{
	int64_t port = b->port;
	ptrdiff_t close = rest.len > 0 && rest.s[0] == '[' ? str_find(rest, STR_LIT("]"), 0) : -1;
	ptrdiff_t colon = str_find(rest, STR_LIT(":"), close > 0 ? (size_t)close : 0);
	struct str host = colon < 0 ? rest : (struct str){rest.s, (size_t)colon};
	if (colon >= 0 && !str_int((struct str){rest.s + colon + 1, rest.len - (size_t)colon - 1}, 1, 65535, &port))
		return false;
	if (close > 0)
		host = (struct str){host.s + 1, host.len - 2};
	for (size_t i = 0; i < host.len; i++) {
		if (strchr("/?#@ ", host.s[i]) != NULL)
			return false;
	}
	b->host = arena_str(&b->arena, host);
	b->port = (int)port;
	return host.len > 0;
}

static int
read_url(struct broker *b, struct str url, const char *scheme, const char *tls_scheme, struct err *err)
{
	ptrdiff_t mark = str_find(url, STR_LIT("://"), 0);
	struct str is = {url.s, mark < 0 ? 0 : (size_t)mark}, rest = {url.s + mark + 3, url.len - (size_t)(mark + 3)};
	b->tls = str_is(is, tls_scheme);
	while (mark >= 0 && rest.len > 0 && rest.s[rest.len - 1] == '/')
		rest.len--;
	if (mark < 0 || (!b->tls && !str_is(is, scheme)) || !read_place(b, rest))
		return err_set(err, ERR_CONFIG, "“%.*s” is no address of a broker; expected %s://host:%d", STR_ARG(url),
		    scheme, b->port);
	return 0;
}

struct broker *
broker_new(const struct sink *s, const char *scheme, const char *tls_scheme, int port, struct err *err)
{
	struct broker *b = calloc(1, sizeof *b);
	struct buf secret;
	if (b == NULL) {
		err_oom(err);
		return NULL;
	}
	arena_init(&b->arena, 0);
	b->port = port;
	b->url = arena_str(&b->arena, s->set.url);
	b->topic = arena_str(&b->arena, s->set.channel);
	b->user = arena_str(&b->arena, s->set.user);
	b->secret_file = arena_str(&b->arena, s->set.secret_file);
	buf_init(&secret, SECRET_FILE_MAX);
	int rc = read_url(b, s->set.url, scheme, tls_scheme, err);
	if (rc == 0 && str_empty(s->set.channel))
		rc = err_set(err, ERR_CONFIG, "it needs a channel: the topic or subject");
	if (rc == 0 && !str_empty(s->set.user) && str_empty(s->set.secret_file))
		rc = err_set(err, ERR_CONFIG, "user needs a secret-file with the password");
	rc = rc == 0 ? broker_secret(b, &secret, err) : rc;
	buf_done(&secret);
	if (rc < 0 || arena_check(&b->arena, err) < 0) {
		broker_free(b);
		return NULL;
	}
	return b;
}

void
broker_free(struct broker *b)
{
	arena_done(&b->arena);
	free(b);
}

int
broker_secret(const struct broker *b, struct buf *out, struct err *err)
{
	return str_empty(b->secret_file) ? 0 : secret_read(b->secret_file.s, out, err);
}

int
broker_open(struct sink *s, struct broker *b, const struct backstage_player *player, struct err *err)
{
	if (b == NULL)
		return -1;
	s->state = backstage_new(s->base, player, b, err);
	if (s->state == NULL)
		broker_free(b);
	return s->state == NULL ? -1 : 0;
}

void
broker_close(struct sink *s)
{
	if (s->state != NULL)
		backstage_close(s->state);
	s->state = NULL;
}

void
broker_render(const struct sink *s, struct buf *body, const struct notification *what)
{
	struct jsonw w;
	if (s->body != NULL) {
		template_write(body, s->body, what, TEMPLATE_PLAIN);
		return;
	}
	jsonw_init(&w, body, 0);
	render_notification_json(&w, what);
}

void
broker_send(struct delivery *d, const struct notification *what)
{
	backstage_send(d->sink->state, d, what->id);
}
