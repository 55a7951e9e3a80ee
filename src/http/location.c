/* URLs as far as policy needs them: scheme, host and port; the rest is curl's. Source: RFC 3986. */
#include "http/client.h"

#include <stdlib.h>

static const struct {
	struct str prefix;
	bool mail, https;
	unsigned port;
} schemes[] = {
    {STR_LIT("http://"), false, false, 80},
    {STR_LIT("https://"), false, true, 443},
    {STR_LIT("smtp://"), true, false, 25},
    {STR_LIT("smtps://"), true, true, 465},
};

static bool
take_scheme(struct str *rest, struct location *l)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		if (!str_istarts(*rest, schemes[i].prefix))
			continue;
		*rest = (struct str){rest->s + schemes[i].prefix.len, rest->len - schemes[i].prefix.len};
		l->mail = schemes[i].mail;
		l->https = schemes[i].https;
		l->port = schemes[i].port;
		return true;
	}
	return false;
}

/* user:password@host:port, up to the path. */
static struct str
take_authority(struct str rest)
{
	for (size_t i = 0; i < rest.len; i++)
		if (rest.s[i] == '/' || rest.s[i] == '?' || rest.s[i] == '#')
			rest.len = i;
	return rest;
}

static struct str
without_userinfo(struct str authority)
{
	const char *at = authority.len > 0 ? memrchr(authority.s, '@', authority.len) : NULL;
	if (at == NULL)
		return authority;
	return (struct str){at + 1, authority.len - (size_t)(at + 1 - authority.s)};
}

static bool
take_port(struct str s, struct location *l)
{
	int64_t port;
	if (s.len == 0)
		return true;
	if (s.s[0] != ':' || (s.len > 1 && !str_int((struct str){s.s + 1, s.len - 1}, 1, 65535, &port)))
		return false;
	if (s.len > 1)
		l->port = (unsigned)port;
	return true;
}

static bool
take_host(struct str authority, struct location *l)
{
	struct str host = authority;
	const char *end = memchr(authority.s, authority.s[0] == '[' ? ']' : ':', authority.len);
	if (authority.s[0] == '[') {
		if (end == NULL)
			return false;
		host = (struct str){authority.s + 1, (size_t)(end - authority.s) - 1};
		end++;
	} else if (end != NULL) {
		host.len = (size_t)(end - authority.s);
	}
	if (host.len == 0 || host.len >= sizeof l->host)
		return false;
	for (size_t i = 0; i < host.len; i++)
		l->host[i] = ascii_lower(host.s[i]);
	l->host[host.len] = '\0';
	return end == NULL || take_port((struct str){end, authority.len - (size_t)(end - authority.s)}, l);
}

static int
parse(struct str url, bool mail, struct location *l, struct err *err)
{
	struct str rest = url;
	if (url.len > HTTP_URL_MAX)
		return err_set(err, ERR_URL, "the URL is longer than %u bytes", HTTP_URL_MAX);
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.s[i] <= 0x20 || url.s[i] == 0x7f)
			return err_set(err, ERR_URL, "the URL holds white space or a control character");
	if (!take_scheme(&rest, l) || l->mail != mail)
		return err_set(err, ERR_URL, "the URL does not begin with %s",
		    mail ? "smtp:// or smtps://" : "http:// or https://");
	struct str authority = without_userinfo(take_authority(rest));
	if (authority.len == 0 || !take_host(authority, l))
		return err_set(err, ERR_URL, "the URL has no usable host");
	return 0;
}

int
location_parse(struct str url, struct location *l, struct err *err)
{
	return parse(url, false, l, err);
}

int
location_parse_mail(struct str url, struct location *l, struct err *err)
{
	return parse(url, true, l, err);
}

bool
location_same_origin(const struct location *a, const struct location *b)
{
	return a->https == b->https && a->port == b->port && strcmp(a->host, b->host) == 0;
}

/* The scheme that a reference begins with, or nothing when it is relative. */
static struct str
scheme_of(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = ascii_lower(s.s[i]);
		if (c == ':' && i > 0)
			return (struct str){s.s, i};
		bool letter = c >= 'a' && c <= 'z';
		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.')))
			break;
	}
	return STR_NONE;
}

static int
resolve_failed(CURLUcode rc, struct str header, struct err *err)
{
	if (rc == CURLUE_OUT_OF_MEMORY)
		return err_oom(err);
	return err_set(err, ERR_URL, "the server redirects to something that is no URL (%s): %.200s",
	    curl_url_strerror(rc), header.s);
}

int
location_resolve(const char *url, struct str header, char **ret, struct err *err)
{
	struct str scheme = scheme_of(header);
	if (header.len > HTTP_URL_MAX)
		return err_set(err, ERR_URL, "the server redirects to a URL longer than %u bytes", HTTP_URL_MAX);
	if (scheme.s != NULL && !str_ieq(scheme, STR_LIT("http")) && !str_ieq(scheme, STR_LIT("https")))
		return err_set(err, ERR_REDIRECT_SCHEME, "the server redirects to a URL of the kind \"%.*s:\"",
		    (int)(scheme.len > 40 ? 40 : scheme.len), scheme.s);
	CURLU *u = curl_url();
	if (u == NULL)
		return err_oom(err);
	CURLUcode rc = curl_url_set(u, CURLUPART_URL, url, 0);
	if (rc == CURLUE_OK)
		rc = curl_url_set(u, CURLUPART_URL, header.s, CURLU_URLENCODE | CURLU_ALLOW_SPACE);
	if (rc == CURLUE_OK)
		rc = curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
	char *got = NULL;
	if (rc == CURLUE_OK)
		rc = curl_url_get(u, CURLUPART_URL, &got, 0);
	if (rc == CURLUE_OK && (*ret = strdup(got)) == NULL)
		rc = CURLUE_OUT_OF_MEMORY;
	curl_free(got);
	curl_url_cleanup(u);
	return rc == CURLUE_OK ? 0 : resolve_failed(rc, header, err);
}

struct str
location_public(struct arena *a, struct str url)
{
	struct str rest = url;
	struct location l;
	if (!take_scheme(&rest, &l))
		return url;
	struct str authority = take_authority(rest), bare = without_userinfo(authority);
	if (bare.len == authority.len)
		return url;
	struct str tail = {bare.s, url.len - (size_t)(bare.s - url.s)};
	return arena_printf(a, "%.*s%.*s", (int)(rest.s - url.s), url.s, STR_ARG(tail));
}
