/* One hop on the wire: an easy handle set up once and used again, and what curl calls while it runs. */
#include "http/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "http/address.h"

static const struct {
	struct str name;
	enum captured what;
} captured_names[] = {
    {STR_LIT("content-type"), CAP_CONTENT_TYPE},
    {STR_LIT("content-location"), CAP_CONTENT_LOCATION},
    {STR_LIT("content-language"), CAP_CONTENT_LANGUAGE},
    {STR_LIT("etag"), CAP_ETAG},
    {STR_LIT("last-modified"), CAP_LAST_MODIFIED},
    {STR_LIT("link"), CAP_LINK},
    {STR_LIT("cache-control"), CAP_CACHE_CONTROL},
    {STR_LIT("age"), CAP_AGE},
    {STR_LIT("expires"), CAP_EXPIRES},
    {STR_LIT("date"), CAP_DATE},
    {STR_LIT("retry-after"), CAP_RETRY_AFTER},
    {STR_LIT("location"), CAP_LOCATION},
    {STR_LIT("content-length"), CAP_CONTENT_LENGTH},
    {STR_LIT("content-encoding"), CAP_CONTENT_ENCODING},
};

bool
transfer_redirects(const struct transfer *t)
{
	int s = t->status;
	return !t->request->post && !t->request->stay && (s == 301 || s == 302 || s == 303 || s == 307 || s == 308) &&
	       t->captured[CAP_LOCATION].s != NULL;
}

static size_t
stop(struct transfer *t, enum err_code why)
{
	t->stop = why;
	return 0;
}

/* A declared length that no ceiling admits ends the transfer before its first byte. */
static size_t
check_length(struct transfer *t, size_t n)
{
	int64_t declared;
	struct http_request *r = t->request;
	t->headers_done = true;
	if (transfer_redirects(t) || !str_int(t->captured[CAP_CONTENT_LENGTH], 0, INT64_MAX, &declared))
		return n;
	if (declared > (int64_t)r->body_max_bytes)
		return stop(t, ERR_TOO_LARGE);
	if (t->captured[CAP_CONTENT_ENCODING].s == NULL && declared <= 262144 &&
	    buf_reserve(&r->body, (size_t)declared) == NULL)
		return stop(t, ERR_NO_MEMORY);
	return n;
}

static void
begin_response(struct transfer *t, struct str line)
{
	struct str rest = line, version, code;
	int64_t status = 0;
	memset(t->captured, 0, sizeof t->captured);
	arena_reset(&t->arena);
	t->headers_done = false;
	if (str_split(&rest, ' ', &version) && str_split(&rest, ' ', &code))
		str_int(str_trim(code), 100, 999, &status);
	t->status = (int)status;
}

static bool
capture(struct transfer *t, enum captured what, struct str value)
{
	struct str *slot = &t->captured[what];
	bool list = what == CAP_LINK || what == CAP_CACHE_CONTROL;
	if (slot->s == NULL)
		*slot = arena_str(&t->arena, value);
	else if (list)
		*slot = arena_printf(&t->arena, "%.*s, %.*s", STR_ARG(*slot), STR_ARG(value));
	return slot->s != NULL;
}

/* Headers and trailers, one line a call. */
static size_t
on_header(char *data, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct str line = {data, n}, name;
	(void)one;
	t->header_bytes += n;
	if (t->header_bytes > t->client->settings.header_max_bytes)
		return stop(t, ERR_HEADER_TOO_LARGE);
	if (t->request->mail)
		return n;
	if (str_starts(line, STR_LIT("HTTP/"))) { /* the first, one after 1xx, or one after a 401 that Digest answers */
		begin_response(t, line);
		return n;
	}
	if (t->headers_done)
		return n; /* trailers are counted, and no more */
	if (str_trim(line).len == 0)
		return t->status >= 200 ? check_length(t, n) : n;
	if (!str_split(&line, ':', &name))
		return n;
	for (size_t i = 0; i < sizeof captured_names / sizeof *captured_names; i++)
		if (name.len == captured_names[i].name.len && str_ieq(name, captured_names[i].name))
			return capture(t, captured_names[i].what, str_trim(line)) ? n : stop(t, ERR_NO_MEMORY);
	return n;
}

static size_t
on_body(char *data, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct http_request *r = t->request;
	(void)one;
	if (transfer_redirects(t)) {
		r->wire_bytes += n;
		t->ended_early = r->wire_bytes > DISCARD_MAX_BYTES;
		return t->ended_early ? 0 : n;
	}
	if (n > r->body_max_bytes - r->body.len)
		return stop(t, ERR_TOO_LARGE);
	return buf_add(&r->body, data, n) ? n : stop(t, ERR_NO_MEMORY);
}

bool
transfer_proxied(const struct transfer *t)
{
	return !t->request->mail && (t->client->settings.proxy.len > 0 || t->request->proxy.len > 0);
}

static void
block(struct transfer *t, const char *word, int family, const void *ip)
{
	t->blocked = true;
	t->address_word = word;
	if (inet_ntop(family, ip, t->address, sizeof t->address) == NULL)
		t->address[0] = '\0';
}

static void
peer_key(const struct sockaddr *sa, unsigned char key[16])
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	if (sa->sa_family == AF_INET6) {
		memcpy(key, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
		return;
	}
	memcpy(key, mapped, sizeof mapped);
	memcpy(key + 12, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
}

/* Takes a place at an address; false when there is none left. Only what is on the wire counts, not connections kept. */
static bool
take_place(struct transfer *t, const struct sockaddr *sa)
{
	unsigned char key[16];
	unsigned ceiling = t->client->settings.connections_per_address, n = 0;
	if (ceiling == 0 || transfer_proxied(t))
		return true;
	peer_key(sa, key);
	for (const struct transfer *x = t->client->busy; x != NULL && t->client->active > ceiling; x = x->next_busy)
		n += x != t && x->peer_known && memcmp(x->peer, key, 16) == 0;
	if (n >= ceiling)
		return false;
	memcpy(t->peer, key, sizeof key);
	t->peer_known = true;
	return true;
}

/* The address that the name led to is known now, and nothing has been sent to it. */
static curl_socket_t
on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct transfer *t = ctx;
	(void)purpose;
	queue_resolved(t->client, t);
	const char *word = t->request->allow_private || transfer_proxied(t) ? NULL : address_special(&a->addr);
	if (word != NULL) {
		const void *ip = a->family == AF_INET6
		                     ? (const void *)&((struct sockaddr_in6 *)(void *)&a->addr)->sin6_addr
		                     : (const void *)&((struct sockaddr_in *)(void *)&a->addr)->sin_addr;
		block(t, word, a->family, ip);
		return CURL_SOCKET_BAD;
	}
	t->blocked = false;
	if (!take_place(t, &a->addr)) {
		t->crowded = true; /* also when another address of the host then fails in its own way */
		return CURL_SOCKET_BAD;
	}
	curl_socket_t fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	t->socket_errno = fd < 0 ? errno : 0;
	if (fd >= 0)
		client_own_socket(t->client, fd);
	return fd;
}

static CURLcode
on_tls(CURL *easy, void *ssl_ctx, void *ctx)
{
	struct transfer *t = ctx;
	(void)easy, (void)ssl_ctx;
	t->handshaking = true;
	return CURLE_OK;
}

/* Called for a connection that is used again too: it may have been made for a request that was allowed more, and the address
 * may have been left to others meanwhile. */
static int
on_connected(void *ctx, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
	struct transfer *t = ctx;
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const char *word = NULL;
	(void)local_ip, (void)remote_port, (void)local_port;
	queue_resolved(t->client, t);
	const struct sockaddr *peer = inet_pton(AF_INET, remote_ip, &v4.sin_addr) == 1     ? (struct sockaddr *)&v4
	                              : inet_pton(AF_INET6, remote_ip, &v6.sin6_addr) == 1 ? (struct sockaddr *)&v6
	                                                                                   : NULL;
	t->crowded = peer != NULL && !take_place(t, peer);
	if (t->crowded)
		return CURL_PREREQFUNC_ABORT;
	if (t->request->allow_private || transfer_proxied(t))
		return CURL_PREREQFUNC_OK;
	word = peer != NULL ? address_special(peer) : "unknown";
	if (word == NULL)
		return CURL_PREREQFUNC_OK;
	t->blocked = true;
	t->address_word = word;
	snprintf(t->address, sizeof t->address, "%s", remote_ip);
	return CURL_PREREQFUNC_ABORT;
}

#define SET(option, value) (rc = rc == CURLE_OK ? curl_easy_setopt(e, option, value) : rc)

/* What is the same for every request. */
static CURLcode
set_constants(struct transfer *t)
{
	const struct http_settings *s = &t->client->settings;
	CURL *e = t->easy;
	CURLcode rc = CURLE_OK;
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L); /* a name server that never answers must not stall the loop */
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, s->proxy.len > 0 ? s->proxy.s : "");
	SET(CURLOPT_NOPROXY, ""); /* no_proxy of the environment would lead past it */
	SET(CURLOPT_PROXYUSERNAME, s->proxy_user.len > 0 ? s->proxy_user.s : NULL);
	SET(CURLOPT_PROXYPASSWORD, s->proxy_password.len > 0 ? s->proxy_password.s : NULL);
	SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	SET(CURLOPT_ACCEPT_ENCODING, "");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_CAINFO, s->ca_file.s);
	SET(CURLOPT_CAPATH, NULL); /* looking into the directory too costs 20 ms a connection */
	SET(CURLOPT_USERAGENT, s->user_agent.s);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)s->connect_timeout_ms);
	SET(CURLOPT_LOW_SPEED_LIMIT, (long)s->low_speed_bytes);
	SET(CURLOPT_LOW_SPEED_TIME, (long)(s->low_speed_ms / SECOND_MS));
	SET(CURLOPT_MAXLIFETIME_CONN, (long)(s->connection_life_ms / SECOND_MS));
	SET(CURLOPT_DNS_CACHE_TIMEOUT, 300L);
	SET(CURLOPT_BUFFERSIZE, 65536L); /* a feed in one or two reads */
	SET(CURLOPT_ERRORBUFFER, t->curl_error);
	SET(CURLOPT_HEADERFUNCTION, on_header);
	SET(CURLOPT_HEADERDATA, t);
	SET(CURLOPT_WRITEFUNCTION, on_body);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(CURLOPT_OPENSOCKETDATA, t);
	SET(CURLOPT_CLOSESOCKETFUNCTION, client_close_socket);
	SET(CURLOPT_CLOSESOCKETDATA, t->client);
	SET(CURLOPT_PREREQFUNCTION, on_connected);
	SET(CURLOPT_PREREQDATA, t);
	SET(CURLOPT_SSL_CTX_FUNCTION, on_tls);
	SET(CURLOPT_SSL_CTX_DATA, t);
	SET(CURLOPT_PRIVATE, t);
	return rc;
}

static struct transfer *
transfer_new(struct http_client *c, struct err *err)
{
	struct transfer *t = calloc(1, sizeof *t);
	if (t == NULL || (t->easy = curl_easy_init()) == NULL) {
		free(t);
		err_oom(err);
		return NULL;
	}
	t->client = c;
	arena_init(&t->arena, 4 * c->settings.header_max_bytes);
	CURLcode rc = set_constants(t);
	if (rc != CURLE_OK) {
		err_set(err, rc == CURLE_OUT_OF_MEMORY ? ERR_NO_MEMORY : ERR_CONFIG,
		    "the HTTP library refuses a setting: %s", curl_easy_strerror(rc));
		transfer_free(t);
		return NULL;
	}
	return t;
}

static struct transfer *
transfer_take(struct http_client *c, struct err *err)
{
	struct transfer *t = c->idle;
	if (t == NULL)
		return transfer_new(c, err);
	c->idle = t->next_idle;
	arena_reset(&t->arena);
	memset(t->captured, 0, sizeof t->captured);
	t->header_bytes = 0;
	t->status = t->socket_errno = 0;
	t->crowded = t->peer_known = false;
	t->headers_done = t->resolved = t->handshaking = t->blocked = t->unwatched = t->ended_early = false;
	t->stop = ERR_NONE;
	t->curl_error[0] = '\0';
	return t;
}

static CURLcode
set_method(CURL *e, const struct http_request *r)
{
	CURLcode rc = CURLE_OK;
	SET(CURLOPT_CUSTOMREQUEST, r->put ? "PUT" : NULL);
	if (r->mail)
		return rc; /* mail.c has seen to it */
	if (!r->post)
		return SET(CURLOPT_HTTPGET, 1L);
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDS, r->post_body.s);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->post_body.len);
	return rc;
}

static const char *
text_or(struct str own, struct str otherwise)
{
	return own.len > 0 ? own.s : otherwise.len > 0 ? otherwise.s : NULL;
}

/* What one request has of its own; without one, back to what all have. */
static CURLcode
set_special(struct transfer *t, const struct http_request *r)
{
	static const long auths[] = {
	    [HTTP_AUTH_NONE] = CURLAUTH_BASIC, [HTTP_AUTH_BASIC] = CURLAUTH_BASIC, [HTTP_AUTH_DIGEST] = CURLAUTH_DIGEST};
	const struct http_settings *s = &t->client->settings;
	CURL *e = t->easy;
	CURLcode rc = CURLE_OK;
	bool known_origin = r->auth != HTTP_AUTH_NONE && !r->other_origin;
	const char *proxy = text_or(r->proxy, s->proxy),
	           *cert = r->other_origin ? NULL : text_or(r->client_cert, STR_NONE);
	SET(CURLOPT_HTTPAUTH, auths[r->auth]);
	SET(CURLOPT_USERNAME, known_origin ? r->user.s : NULL);
	SET(CURLOPT_PASSWORD, known_origin ? r->password.s : NULL);
	SET(CURLOPT_PROXY, proxy ? proxy : "");
	SET(CURLOPT_PROXYUSERNAME, text_or(r->proxy.len > 0 ? r->proxy_user : s->proxy_user, STR_NONE));
	SET(CURLOPT_PROXYPASSWORD, text_or(r->proxy.len > 0 ? r->proxy_password : s->proxy_password, STR_NONE));
	SET(CURLOPT_CAINFO, text_or(r->ca_file, s->ca_file));
	SET(CURLOPT_SSLCERT, cert);
	SET(CURLOPT_SSLKEY, cert ? text_or(r->client_key, r->client_cert) : NULL);
	t->special = r->special;
	return rc == CURLE_OK ? mail_set(t, r) : rc;
}

static CURLcode
set_request(struct transfer *t, const struct http_request *r)
{
	CURL *e = t->easy;
	CURLcode rc = r->special || t->special ? set_special(t, r) : CURLE_OK;
	SET(CURLOPT_URL, r->url);
	SET(CURLOPT_HTTPHEADER, r->mail ? NULL : r->other_origin ? r->public_headers : r->headers);
	SET(CURLOPT_TIMEOUT_MS, (long)(r->total_timeout_ms - r->spent_ms));
	return rc == CURLE_OK ? set_method(e, r) : rc;
}

struct transfer *
transfer_begin(struct http_client *c, struct http_request *r, struct err *err)
{
	struct transfer *t = transfer_take(c, err);
	if (t == NULL)
		return NULL;
	t->request = r;
	if (set_request(t, r) != CURLE_OK || curl_multi_add_handle(c->multi, t->easy) != CURLM_OK) {
		err_oom(err);
		transfer_release(t);
		return NULL;
	}
	c->resolving++;
	t->prev_busy = NULL;
	t->next_busy = c->busy;
	if (c->busy != NULL)
		c->busy->prev_busy = t;
	c->busy = t;
	return t;
}

void
transfer_end(struct transfer *t, bool abandoned)
{
	curl_multi_remove_handle(t->client->multi, t->easy);
	*(t->prev_busy != NULL ? &t->prev_busy->next_busy : &t->client->busy) = t->next_busy;
	if (t->next_busy != NULL)
		t->next_busy->prev_busy = t->prev_busy;
	t->peer_known = false;
	queue_unresolved(t->client, t, abandoned);
}

void
transfer_release(struct transfer *t)
{
	t->request = NULL;
	t->next_idle = t->client->idle;
	t->client->idle = t;
}

void
transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	arena_done(&t->arena);
	free(t);
}
