/* Certificates good and bad, and what a redirect may do to a protected connection. */
#include "tap.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../tools/certs.h"
#include "../tools/served.h"
#include "fetch.h"

#define HOUR 3600L

static struct served secure, plain;
static struct fetcher fetcher;
static struct fetched got;
static char dir[] = "/tmp/certs.XXXXXX", cert[64], ca[64];

static void
begin(const struct certs_wish *wish)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(cert, sizeof cert, "%s/server.pem", dir);
	snprintf(ca, sizeof ca, "%s/ca.pem", dir);
	ck_assert(certs_make(wish, cert, ca));
	const char *extra[] = {"--tls", cert, NULL};
	served_start(&secure, extra);
	served_start(&plain, NULL);
	served_put(&secure, "/a.rss", "<rss/>");
	fetcher_init(&fetcher);
	fetcher.settings.ca_file = str_from(ca);
	fetcher_open(&fetcher);
}

static void
finish(void)
{
	fetched_done(&got);
	fetcher_done(&fetcher);
	served_stop(&secure);
	served_stop(&plain);
	unlink(cert);
	unlink(ca);
	rmdir(dir);
}

static const char *
secure_url(const char *path)
{
	static char url[128];
	snprintf(url, sizeof url, "https://127.0.0.1:%u%s", secure.port, path);
	return url;
}

static void
expect(enum err_code code)
{
	ck_assert_msg(
	    got.error.code == code, "got %s (%s), want %s", err_word(got.error.code), got.error.msg, err_word(code));
}

static const struct {
	struct certs_wish wish;
	enum err_code code;
} rows[] = {
    {{.host = "127.0.0.1", .from_s = -HOUR, .until_s = HOUR}, ERR_NONE},
    {{.host = "127.0.0.1", .from_s = -2 * HOUR, .until_s = -HOUR}, ERR_TLS_EXPIRED},
    {{.host = "127.0.0.1", .from_s = HOUR, .until_s = 2 * HOUR}, ERR_TLS_EXPIRED},
    {{.host = "127.0.0.2", .from_s = -HOUR, .until_s = HOUR}, ERR_TLS_HOST},
    {{.host = "elsewhere.example", .from_s = -HOUR, .until_s = HOUR}, ERR_TLS_HOST},
    {{.host = "127.0.0.1", .from_s = -HOUR, .until_s = HOUR, .self_signed = true}, ERR_TLS_UNTRUSTED},
    {{.host = "127.0.0.1", .from_s = -HOUR, .until_s = HOUR, .by_stranger = true}, ERR_TLS_UNTRUSTED},
};

START_TEST(test_only_a_good_certificate_will_do)
{
	begin(&rows[_i].wish);
	fetch(&fetcher, secure_url("/a.rss"), &got);
	expect(rows[_i].code);
	ck_assert_int_eq(got.status, rows[_i].code == ERR_NONE ? 200 : 0);
	ck_assert_uint_eq(served_count(&secure, "\"path\""), rows[_i].code == ERR_NONE);
	finish();
}
END_TEST

START_TEST(test_a_server_that_speaks_no_tls_is_a_tls_error)
{
	char url[128];
	begin(&rows[0].wish);
	snprintf(url, sizeof url, "https://127.0.0.1:%u/", plain.port);
	fetch(&fetcher, url, &got);
	expect(ERR_TLS);
	finish();
}
END_TEST

START_TEST(test_an_authority_of_its_own_counts_for_that_request_alone)
{
	begin(&rows[0].wish);
	http_client_free(fetcher.client);
	fetcher.settings.ca_file = STR_NONE; /* the system's */
	fetcher_open(&fetcher);
	struct http_options o = {.url = str_from(secure_url("/a.rss")), .ca_file = str_from(ca)};
	fetch_with(&fetcher, o, &got);
	expect(ERR_NONE);
	fetched_done(&got);
	o.ca_file = STR_NONE;
	fetch_with(&fetcher, o, &got);
	ck_assert_msg(got.error.code == ERR_TLS_UNTRUSTED || got.error.code == ERR_TLS, "%s",
	    got.error.msg); /* TLS: no bundle here */
	ck_assert_uint_eq(served_count(&secure, "\"path\""), 1);
	finish();
}
END_TEST

START_TEST(test_a_handshake_that_stalls_is_cut_off)
{
	char url[128];
	begin(&rows[0].wish);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof sa;
	ck_assert(bind(fd, (struct sockaddr *)&sa, len) == 0 && listen(fd, 5) == 0 &&
	          getsockname(fd, (struct sockaddr *)&sa, &len) == 0);
	http_client_free(fetcher.client);
	fetcher.settings.connect_timeout_ms = 400;
	fetcher_open(&fetcher);
	snprintf(url, sizeof url, "https://127.0.0.1:%u/",
	    ntohs(sa.sin_port)); /* connected by the kernel, served by nobody */
	fetch(&fetcher, url, &got);
	expect(ERR_TIMEOUT);
	ck_assert_int_lt(got.total_ms, 5000);
	close(fd);
	finish();
}
END_TEST

START_TEST(test_a_redirect_that_gives_protection_up_needs_leave)
{
	static const struct http_header secret = {STR_LIT("Authorization"), STR_LIT("Bearer t0ken")};
	char script[128];
	begin(&rows[0].wish);
	snprintf(script, sizeof script, "redirect 301 http://127.0.0.1:%u/a.rss\n", plain.port);
	served_put(&secure, "/down.script", script);
	served_put(&plain, "/a.rss", "<rss/>");
	struct http_options o = {.url = str_from(secure_url("/down")), .headers = &secret, .header_count = 1};
	fetch_with(&fetcher, o, &got);
	expect(ERR_REDIRECT_SCHEME);
	ck_assert_uint_eq(served_count(&plain, "\"path\""), 0);
	fetched_done(&got);
	o.allow_downgrade = true;
	fetch_with(&fetcher, o, &got);
	expect(ERR_NONE);
	ck_assert_uint_eq(served_count(&plain, "\"path\":\"/a.rss\""), 1);
	ck_assert_uint_eq(served_count(&plain, "t0ken"), 0);
	finish();
}
END_TEST

START_TEST(test_a_redirect_up_to_https_is_followed)
{
	char script[256];
	begin(&rows[0].wish);
	snprintf(script, sizeof script, "redirect 301 %s\n", secure_url("/a.rss"));
	served_put(&plain, "/up.script", script);
	fetch(&fetcher, served_url(&plain, "/up"), &got);
	expect(ERR_NONE);
	ck_assert_str_is(got.url, secure_url("/a.rss"));
	ck_assert(got.moved_permanently);
	finish();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(tc, test_only_a_good_certificate_will_do, 0, sizeof rows / sizeof *rows);
	tcase_add_test(tc, test_a_server_that_speaks_no_tls_is_a_tls_error);
	tcase_add_test(tc, test_an_authority_of_its_own_counts_for_that_request_alone);
	tcase_add_test(tc, test_a_handshake_that_stalls_is_cut_off);
	tcase_add_test(tc, test_a_redirect_that_gives_protection_up_needs_leave);
	tcase_add_test(tc, test_a_redirect_up_to_https_is_followed);
}

int
main(void)
{
	return tap_run("http/tls", suite);
}
