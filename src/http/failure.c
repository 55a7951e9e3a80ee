/* What curl's result, and what our callbacks noted on the way, mean in the project's own words. */
#include "http/client.h"

#include <errno.h>
#include <stdlib.h>

/* OpenSSL's X509_V_ERR_… that are told apart (x509_vfy.h); CURLINFO_SSL_VERIFYRESULT gives them. */
enum { PROXY_WANTS_CREDENTIALS = 407 };
enum { VERIFY_OK = 0, VERIFY_UNSPECIFIED = 1, VERIFY_NOT_YET_VALID = 9, VERIFY_HAS_EXPIRED = 10 };

/* Results that mean one thing whatever happened before. */
static const struct {
	CURLcode rc;
	enum err_code code;
} plain[] = {
    {CURLE_URL_MALFORMAT, ERR_URL},
    {CURLE_COULDNT_RESOLVE_PROXY, ERR_DNS_TEMPORARY},
    {CURLE_PROXY, ERR_CONNECT_REFUSED},
    {CURLE_UNSUPPORTED_PROTOCOL, ERR_HTTP_PROTOCOL},
    {CURLE_WEIRD_SERVER_REPLY, ERR_HTTP_PROTOCOL},
    {CURLE_HTTP2, ERR_HTTP_PROTOCOL},
    {CURLE_HTTP2_STREAM, ERR_HTTP_PROTOCOL},
    {CURLE_HTTP3, ERR_HTTP_PROTOCOL},
    {CURLE_PARTIAL_FILE, ERR_TRUNCATED},
    {CURLE_GOT_NOTHING, ERR_TRUNCATED},
    {CURLE_SEND_ERROR, ERR_TRUNCATED},
    {CURLE_BAD_CONTENT_ENCODING, ERR_BAD_ENCODING},
    {CURLE_FILESIZE_EXCEEDED, ERR_TOO_LARGE},
    {CURLE_SSL_CONNECT_ERROR, ERR_TLS},
    {CURLE_SSL_ENGINE_NOTFOUND, ERR_TLS},
    {CURLE_SSL_CERTPROBLEM, ERR_TLS},
    {CURLE_SSL_CIPHER, ERR_TLS},
    {CURLE_SSL_CACERT_BADFILE, ERR_TLS},
    {CURLE_SSL_ISSUER_ERROR, ERR_TLS_UNTRUSTED},
    {CURLE_SSL_INVALIDCERTSTATUS, ERR_TLS_UNTRUSTED},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, ERR_TLS_UNTRUSTED},
};

static long
info_long(const struct transfer *t, CURLINFO what)
{
	long v = 0;
	curl_easy_getinfo(t->easy, what, &v);
	return v;
}

static curl_off_t
info_off(const struct transfer *t, CURLINFO what)
{
	curl_off_t v = 0;
	curl_easy_getinfo(t->easy, what, &v);
	return v;
}

static int
stopped(const struct http_request *r, const char *host, struct err *err)
{
	switch (r->transfer->stop) {
	case ERR_TOO_LARGE:
		return err_set(err, ERR_TOO_LARGE, "%s: the document is larger than %zu bytes", host, r->body_max_bytes);
	case ERR_HEADER_TOO_LARGE:
		return err_set(err, ERR_HEADER_TOO_LARGE, "%s: the headers are larger than %zu bytes", host,
		    r->client->settings.header_max_bytes);
	default:
		return err_oom(err);
	}
}

static int
not_connected(const struct transfer *t, const char *host, struct err *err)
{
	int no = (int)info_long(t, CURLINFO_OS_ERRNO);
	if (t->socket_errno != 0)
		return err_set(
		    err, ERR_INTERNAL, "no socket for a connection to %s: %s", host, strerror(t->socket_errno));
	if (transfer_proxied(t))
		return err_set(err, ERR_UNREACHABLE, "%s cannot be reached: the proxy %s", host,
		    no == ECONNREFUSED || no == 0 ? "refused the connection" : strerror(no));
	switch (no) {
	case ENETUNREACH:
	case EHOSTUNREACH:
	case ENETDOWN:
	case EHOSTDOWN:
	case EADDRNOTAVAIL:
	case EACCES:
	case EPERM:
		return err_set(err, ERR_UNREACHABLE, "%s cannot be reached: %s", host, strerror(no));
	case ETIMEDOUT:
		return err_set(err, ERR_CONNECT_TIMEOUT, "%s did not accept a connection in time", host);
	default:
		return err_set(err, ERR_CONNECT_REFUSED, "%s refused the connection", host);
	}
}

static int
timed_out(const struct http_request *r, const char *host, struct err *err)
{
	const struct transfer *t = r->transfer;
	const struct http_settings *s = &r->client->settings;
	double limit = (double)r->total_timeout_ms / 1000, connect = (double)s->connect_timeout_ms / 1000;
	/* A connection that was used before took no time to be made: only what came before the request can be waited for. */
	bool connected = info_off(t, CURLINFO_PRETRANSFER_TIME_T) != 0;
	if (!connected && !t->resolved)
		return err_set(err, ERR_DNS_TEMPORARY, "no name server told the address of %s within %g s", host,
		    connect < limit ? connect : limit);
	if (!connected && info_off(t, CURLINFO_CONNECT_TIME_T) == 0 && !t->handshaking)
		return err_set(err, ERR_CONNECT_TIMEOUT, "%s did not accept a connection within %g s",
		    transfer_proxied(t) ? "the proxy" : host, connect < limit ? connect : limit);
	if (!connected)
		return err_set(err, ERR_TIMEOUT, "%s did not finish the TLS handshake within %g s", host,
		    connect < limit ? connect : limit);
	if (strstr(t->curl_error, "too slow") != NULL)
		return err_set(err, ERR_TIMEOUT, "%s sent fewer than %zu bytes a second for %g s", host,
		    s->low_speed_bytes, (double)s->low_speed_ms / 1000);
	return err_set(err, ERR_TIMEOUT, "%s: no complete answer within %g s", host, limit);
}

static int
not_verified(const struct transfer *t, const char *host, struct err *err)
{
	switch (info_long(t, CURLINFO_SSL_VERIFYRESULT)) {
	case VERIFY_NOT_YET_VALID:
		return err_set(err, ERR_TLS_EXPIRED, "the certificate of %s is not valid yet", host);
	case VERIFY_HAS_EXPIRED:
		return err_set(err, ERR_TLS_EXPIRED, "the certificate of %s has expired", host);
	case VERIFY_OK:
	case VERIFY_UNSPECIFIED: /* the chain was good, or is looked at only after the name */
		return err_set(err, ERR_TLS_HOST, "the certificate of %s is for another host", host);
	default:
		return err_set(
		    err, ERR_TLS_UNTRUSTED, "the certificate of %s is not to be trusted: %s", host, t->curl_error);
	}
}

/* The connection broke, what came over it was not HTTP, or the proxy did not make one. */
static int
receive_failed(const struct transfer *t, const char *host, struct err *err)
{
	int proxy_said = (int)info_long(t, CURLINFO_HTTP_CONNECTCODE);
	if (proxy_said == PROXY_WANTS_CREDENTIALS)
		return http_status_error(proxy_said, err) == ERR_NONE ? 0 : -1;
	if (proxy_said >= 300)
		return err_set(err, proxy_said == 403 ? ERR_HTTP_FORBIDDEN : ERR_UNREACHABLE,
		    "%s cannot be reached: the proxy answered %d", host, proxy_said);
	if (info_long(t, CURLINFO_OS_ERRNO) != 0 || info_off(t, CURLINFO_PRETRANSFER_TIME_T) == 0)
		return err_set(err, ERR_TRUNCATED, "%s broke the connection off", host);
	return err_set(
	    err, ERR_HTTP_PROTOCOL, "%s: %s", host, t->curl_error[0] ? t->curl_error : "the answer could not be read");
}

/* curl says "out of memory" also of a header line beyond a limit of its own (100 KiB); real shortage shows when asked for. */
static int
short_of_memory(const struct transfer *t, const char *host, struct err *err)
{
	void *probe = t->resolved && !t->headers_done ? malloc(4 * CURL_MAX_HTTP_HEADER) : NULL;
	bool enough = probe != NULL;
	free(probe);
	if (enough)
		return err_set(
		    err, ERR_HEADER_TOO_LARGE, "%s: a header line is larger than %d bytes", host, CURL_MAX_HTTP_HEADER);
	return err_oom(err);
}

static int
other(const struct transfer *t, CURLcode rc, const char *host, struct err *err)
{
	enum err_code code = ERR_HTTP_PROTOCOL;
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
		if (plain[i].rc == rc)
			code = plain[i].code;
	return err_set(err, code, "%s: %s", host, t->curl_error[0] ? t->curl_error : curl_easy_strerror(rc));
}

void
failure_describe(struct http_request *r, CURLcode rc)
{
	const struct transfer *t = r->transfer;
	struct err *err = &r->error;
	struct location l = {0};
	request_location(r, &l, NULL);
	if (t->stop != ERR_NONE) {
		stopped(r, l.host, err);
		return;
	}
	if (t->blocked && (rc == CURLE_COULDNT_CONNECT || rc == CURLE_ABORTED_BY_CALLBACK)) {
		err_set(err, ERR_ADDRESS_BLOCKED, "%s leads to the %s address %s, which this request may not use",
		    l.host, t->address_word, t->address);
		return;
	}
	switch (rc) {
	case CURLE_COULDNT_RESOLVE_HOST:
		err_set(err, ERR_DNS_TEMPORARY, "no address could be had for the host %s", l.host);
		break;
	case CURLE_COULDNT_CONNECT:
		not_connected(t, l.host, err);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		timed_out(r, l.host, err);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
		not_verified(t, l.host, err);
		break;
	case CURLE_RECV_ERROR:
		receive_failed(t, l.host, err);
		break;
	case CURLE_WRITE_ERROR: /* not by our callback, which would have said why: by a decoder */
		err_set(err, ERR_BAD_ENCODING, "%s: the content encoding could not be undone", l.host);
		break;
	case CURLE_OUT_OF_MEMORY:
		short_of_memory(t, l.host, err);
		break;
	default:
		other(t, rc, l.host, err);
		break;
	}
}

static const struct {
	int from, to;
	enum err_code code;
} statuses[] = {
    {200, 200, ERR_NONE},
    {226, 226, ERR_NONE},
    {304, 304, ERR_NONE},
    {401, 401, ERR_HTTP_UNAUTHORIZED},
    {PROXY_WANTS_CREDENTIALS, PROXY_WANTS_CREDENTIALS, ERR_HTTP_UNAUTHORIZED},
    {403, 403, ERR_HTTP_FORBIDDEN},
    {451, 451, ERR_HTTP_FORBIDDEN},
    {404, 404, ERR_HTTP_NOT_FOUND},
    {410, 410, ERR_HTTP_GONE},
    {429, 429, ERR_HTTP_RATE_LIMITED},
    {408, 408, ERR_HTTP_SERVER},
    {400, 499, ERR_HTTP_CLIENT},
    {511, 511, ERR_CAPTIVE_PORTAL}, /* RFC 6585, 6 */
    {500, 599, ERR_HTTP_SERVER},
};

enum err_code
http_status_error(int status, struct err *err)
{
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
		if (status < statuses[i].from || status > statuses[i].to)
			continue;
		if (status == PROXY_WANTS_CREDENTIALS)
			err_set(
			    err, statuses[i].code, "the proxy answered 407: it wants a user and a password, or others");
		else if (statuses[i].code != ERR_NONE)
			err_set(err, statuses[i].code, "the server answered %d: %s", status,
			    err_sentence(statuses[i].code));
		return statuses[i].code;
	}
	err_set(err, ERR_HTTP_STATUS, "the server answered %d, which says nothing about the document", status);
	return ERR_HTTP_STATUS;
}
