#include "daemon/credentials.h"

#include "base/secret.h"
#include "feed/url.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static struct str
or_none(struct str s)
{
	return str_empty(s) ? STR_NONE : s;
}

static void
fill_headers(struct credentials *c, const struct conf_feed *conf, struct http_options *o)
{
	for (size_t i = 0; i < conf->headers.count && i < REQUEST_HEADERS - 1; i++) {
		struct str rest = conf->headers.items[i], name = STR_NONE;
		str_split(&rest, ':', &name);
		c->headers[o->header_count++] = (struct http_header){str_trim(name), str_trim(rest)};
	}
	o->headers = c->headers;
}

/* curl reads the key itself; what others may read is no secret. */
static int
check_key(struct str path, struct err *err)
{
	struct stat st;
	if (stat(path.s, &st) < 0)
		return err_errno(err, "cannot read the key %s", path.s);
	if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
		return err_set(err, ERR_CONFIG, "the key %s can be read by others; chmod 600 mends that", path.s);
	return 0;
}

static int
fill_secret(struct credentials *c, const struct conf_feed *conf, struct http_options *o, struct err *err)
{
	bool bearer = str_is(conf->auth, "bearer");
	if (bearer)
		buf_puts(&c->secret, "Bearer ");
	if (secret_read(conf->secret_file.s, &c->secret, err) < 0)
		return -1;
	if (bearer) {
		c->headers[o->header_count++] = (struct http_header){STR_LIT("Authorization"), buf_view(&c->secret)};
		return 0;
	}
	o->auth = str_is(conf->auth, "digest") ? HTTP_AUTH_DIGEST : HTTP_AUTH_BASIC;
	o->user = conf->user;
	o->password = buf_view(&c->secret);
	return 0;
}

static void
init(struct credentials *c)
{
	buf_init(&c->secret, SECRET_FILE_MAX + 16);
	buf_init(&c->proxy_secret, SECRET_FILE_MAX);
}

static int
fill_proxy(struct credentials *c, const struct conf_feed *conf, struct http_options *o, struct err *err)
{
	o->proxy = or_none(conf->proxy);
	o->proxy_user = or_none(conf->proxy_user);
	if (str_empty(conf->proxy_secret_file))
		return 0;
	if (secret_read(conf->proxy_secret_file.s, &c->proxy_secret, err) < 0)
		return -1;
	o->proxy_password = buf_view(&c->proxy_secret);
	return 0;
}

int
credentials_fill(struct credentials *c, const struct conf_feed *conf, struct http_options *o, struct err *err)
{
	init(c);
	fill_headers(c, conf, o);
	o->client_cert = or_none(conf->client_cert);
	o->client_key = or_none(conf->client_key);
	o->ca_file = or_none(conf->ca_file);
	if (fill_proxy(c, conf, o, err) < 0)
		return -1;
	if (!str_empty(conf->client_cert) &&
	    check_key(str_empty(conf->client_key) ? conf->client_cert : conf->client_key, err) < 0)
		return -1;
	if (!str_empty(conf->secret_file))
		return fill_secret(c, conf, o, err);
	return 0;
}

int
credentials_way(struct credentials *c, const struct conf_feed *conf, struct http_options *o, struct err *err)
{
	init(c);
	o->user_agent = or_none(conf->user_agent);
	o->allow_private = conf->allow_private;
	if (str_ieq(url_host(o->url), url_host(conf->url)))
		o->ca_file = or_none(conf->ca_file);
	return fill_proxy(c, conf, o, err);
}

void
credentials_done(struct credentials *c)
{
	secret_forget(&c->secret);
	secret_forget(&c->proxy_secret);
}
