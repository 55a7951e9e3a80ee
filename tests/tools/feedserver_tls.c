/* The server's TLS, where it was built with OpenSSL. */
#include "feedserver.h"

#ifdef WITH_TLS

#include <event2/bufferevent_ssl.h>
#include <openssl/ssl.h>

bool
tls_open(struct server *s)
{
	const char *file = s->options.tls_file;
	if (file == NULL)
		return true;
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	s->tls = ctx;
	if (ctx != NULL && SSL_CTX_use_certificate_chain_file(ctx, file) == 1 &&
	    SSL_CTX_use_PrivateKey_file(ctx, file, SSL_FILETYPE_PEM) == 1)
		return true;
	fprintf(stderr, "feedserver: %s holds no usable certificate and key\n", file);
	return false;
}

void
tls_close(struct server *s)
{
	SSL_CTX_free(s->tls);
}

struct bufferevent *
tls_connection(struct server *s, evutil_socket_t fd)
{
	SSL *ssl = SSL_new(s->tls);
	struct bufferevent *b =
	    ssl ? bufferevent_openssl_socket_new(s->base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE)
	        : NULL;
	if (b != NULL)
		bufferevent_openssl_set_allow_dirty_shutdown(b, 1);
	else
		SSL_free(ssl);
	return b;
}

#else

bool
tls_open(struct server *s)
{
	if (s->options.tls_file != NULL)
		fprintf(stderr, "feedserver: built without TLS\n");
	return s->options.tls_file == NULL;
}

void
tls_close(struct server *s)
{
	(void)s;
}

struct bufferevent *
tls_connection(struct server *s, evutil_socket_t fd)
{
	(void)s, (void)fd;
	return NULL;
}

#endif
