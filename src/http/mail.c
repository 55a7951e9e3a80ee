/* What of a request is different when it hands a mail to a server. Source: RFC 5321. */
#include "http/client.h"

#include "base/mailbox.h"

int
mail_check(const struct http_options *o, struct err *err)
{
	const struct http_mail *m = o->mail;
	struct location l;
	if (location_parse_mail(o->url, &l, err) < 0)
		return -1;
	if (!mailbox_ok(m->from))
		return err_set(err, ERR_CONFIG, "“%.*s” is no mail address", STR_ARG(m->from));
	if (m->to_count == 0 || m->to_count > HTTP_RECIPIENTS_MAX)
		return err_set(err, ERR_CONFIG, "a mail has 1 to %u recipients", HTTP_RECIPIENTS_MAX);
	for (size_t i = 0; i < m->to_count; i++)
		if (!mailbox_ok(m->to[i]))
			return err_set(err, ERR_CONFIG, "“%.*s” is no mail address", STR_ARG(m->to[i]));
	return 0;
}

#define ALIGNED(n) (((n) + 15) & ~(size_t)15)

static size_t
rcpt_size(struct str address)
{
	return sizeof(struct curl_slist) + ALIGNED(address.len + 1);
}

size_t
mail_size(const struct http_mail *m)
{
	size_t n = 16 + ALIGNED(m->from.len + 1);
	for (size_t i = 0; i < m->to_count; i++)
		n += rcpt_size(m->to[i]);
	return n;
}

static char *
copy(char *at, struct str s)
{
	memcpy(at, s.s, s.len);
	at[s.len] = '\0';
	return at;
}

char *
mail_copy(struct http_request *r, const struct http_mail *m, char *at)
{
	at = (char *)(((uintptr_t)at + 15) & ~(uintptr_t)15);
	r->mail = true;
	r->starttls_never = m->starttls == HTTP_STARTTLS_NEVER;
	for (size_t i = m->to_count; i-- > 0;) {
		struct curl_slist *node = (struct curl_slist *)(void *)at;
		*node = (struct curl_slist){.data = copy((char *)(node + 1), m->to[i]), .next = r->mail_rcpt};
		r->mail_rcpt = node;
		at += rcpt_size(m->to[i]);
	}
	r->mail_from = copy(at, m->from);
	return at + ALIGNED(m->from.len + 1);
}

static size_t
on_read(char *out, size_t one, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct http_request *r = t->request;
	size_t left = r->post_body.len - r->post_sent, now = left < n * one ? left : n * one;
	memcpy(out, r->post_body.s + r->post_sent, now);
	r->post_sent += now;
	return now;
}

#define SET(option, value) (rc = rc == CURLE_OK ? curl_easy_setopt(e, option, value) : rc)

CURLcode
mail_set(struct transfer *t, const struct http_request *r)
{
	CURL *e = t->easy;
	CURLcode rc = CURLE_OK;
	SET(CURLOPT_PROTOCOLS_STR, r->mail ? "smtp,smtps" : "http,https");
	SET(CURLOPT_MAIL_FROM, r->mail_from);
	SET(CURLOPT_MAIL_RCPT, r->mail_rcpt);
	SET(CURLOPT_USE_SSL, (long)(r->mail && !r->starttls_never ? CURLUSESSL_ALL : CURLUSESSL_NONE));
	if (!r->mail)
		return rc;
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_UPLOAD, 1L);
	SET(CURLOPT_READFUNCTION, on_read);
	SET(CURLOPT_READDATA, t);
	SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)r->post_body.len);
	return rc;
}

void
mail_ended(struct http_request *r, CURLcode rc)
{
	long code = 0;
	struct transfer *t = r->transfer;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &code);
	if (rc == CURLE_OK) {
		t->status = (int)code;
	} else if (t->stop == ERR_NONE && rc != CURLE_OPERATION_TIMEDOUT && code >= 400 && code <= 599) {
		t->status = (int)code; /* curl's word for it, such as “failed sending”, says less */
		err_clear(&r->error);
	} else if (rc == CURLE_RECV_ERROR && str_starts(str_from(t->curl_error), STR_LIT("Too large"))) {
		err_set(&r->error, ERR_HEADER_TOO_LARGE, "the mail server's answer is larger than any may be");
	} else if (rc == CURLE_USE_SSL_FAILED) {
		err_set(&r->error, ERR_TLS, "the mail server offers no encryption (STARTTLS)");
	} else if (rc == CURLE_LOGIN_DENIED) {
		err_set(&r->error, ERR_HTTP_UNAUTHORIZED, "the mail server has no way to log in that is known here");
	}
}
