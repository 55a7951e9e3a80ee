/* The transport against a server that misbehaves as scripted. */
#include "tap.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "http_rig.h"

START_TEST(test_a_document_arrives_with_what_its_headers_say)
{
	rig_scripted(
	    "status 200 OK\nheader Content-Type: application/atom+xml; charset=utf-8\nheader ETag: W/\"a b\"\n"
	    "header Last-Modified: yesterday, roughly\nheader Cache-Control: public\nheader Cache-Control: "
	    "max-age=60\nheader Age: 10\n"
	    "header Link: <a>; rel=\"hub\"\nheader Link: <b>; rel=self\nheader Retry-After: 7\nsend <feed/>\n");
	rig_expect_error(ERR_NONE);
	ck_assert_int_eq(got.status, 200);
	ck_assert_str_is(buf_view(&got.body), "<feed/>");
	ck_assert_str_is(got.content_type, "application/atom+xml; charset=utf-8");
	ck_assert_str_is(got.etag, "W/\"a b\"");
	ck_assert_str_is(got.last_modified, "yesterday, roughly");
	ck_assert_str_is(got.link, "<a>; rel=\"hub\", <b>; rel=self");
	ck_assert_str_is(got.url, served_url(&server, "/x"));
	ck_assert_int_eq(got.max_age_ms, 50000);
	ck_assert_int_eq(got.retry_after_ms, 7000);
	ck_assert_uint_eq(got.wire_bytes, 7);
	ck_assert(!got.moved_permanently && !got.connection_reused);
	rig_end_scripted();
}
END_TEST

START_TEST(test_validators_are_sent_back_byte_for_byte)
{
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_open(&fetcher);
	fetch_with(&fetcher,
	    (struct http_options){.url = str_from(served_url(&server, "/a.rss")),
	        .etag = STR_LIT("W/\"odd \\ one"),
	        .last_modified = STR_LIT("Tue, 1 Foo 1999")},
	    &got);
	ck_assert_int_eq(got.status, 200);
	ck_assert_uint_eq(served_count(&server, "\"If-None-Match\":\"W/\\\"odd \\\\ one\""), 1);
	ck_assert_uint_eq(served_count(&server, "\"If-Modified-Since\":\"Tue, 1 Foo 1999\""), 1);
	struct fetched second;
	fetch_with(
	    &fetcher, (struct http_options){.url = str_from(served_url(&server, "/a.rss")), .etag = got.etag}, &second);
	ck_assert_int_eq(second.status, 304);
	ck_assert_uint_eq(second.body.len, 0);
	ck_assert(second.connection_reused);
	ck_assert_int_eq(http_status_error(304, NULL), ERR_NONE);
	fetched_done(&second);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_plain_request_carries_no_more_than_it_should)
{
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
	fetcher_open(&fetcher);
	rig_ask("/a.rss");
	rig_expect_error(ERR_NONE);
	ck_assert_uint_eq(served_count(&server, "\"User-Agent\":\"tidings/"), 1);
	ck_assert_uint_eq(served_count(&server, "\"Accept-Encoding\":\"deflate, gzip, br"), 1);
	ck_assert_uint_eq(served_count(&server, "If-None-Match"), 0);
	ck_assert_uint_eq(served_count(&server, "If-Modified-Since"), 0);
	ck_assert_uint_eq(served_count(&server, "Cookie"), 0);
	ck_assert_uint_eq(served_count(&server, "Referer"), 0);
	ck_assert_uint_eq(served_count(&server, "Authorization"), 0);
	rig_end_scripted();
}
END_TEST

START_TEST(test_nothing_a_server_sets_is_remembered)
{
	rig_begin();
	served_put(&server, "/x.script",
	    "header Set-Cookie: id=1; Path=/\nheader Strict-Transport-Security: max-age=9999999\n"
	    "header Alt-Svc: h2=\"127.0.0.1:1\"\nsend one\n");
	fetcher_open(&fetcher);
	for (int i = 0; i < 2; i++) {
		rig_ask("/x");
		rig_expect_error(ERR_NONE);
		fetched_done(&got);
	}
	ck_assert_uint_eq(served_count(&server, "\"path\":\"/x\""), 2);
	ck_assert_uint_eq(served_count(&server, "Cookie"), 0);
	rig_finish();
}
END_TEST

START_TEST(test_what_cannot_be_sent_is_refused_at_once)
{
	static const struct http_header evil = {STR_LIT("X-A"), STR_LIT("1\r\nX-B: 2")};
	static const struct {
		struct http_options o;
		enum err_code code;
	} bad[] = {
	    {{.url = STR_LIT("")}, ERR_URL},
	    {{.url = STR_LIT("ftp://example.org/")}, ERR_URL},
	    {{.url = STR_LIT("file:///etc/passwd")}, ERR_URL},
	    {{.url = STR_LIT("http://")}, ERR_URL},
	    {{.url = STR_LIT("http:///path")}, ERR_URL},
	    {{.url = STR_LIT("http://user@/")}, ERR_URL},
	    {{.url = STR_LIT("http://[::1/")}, ERR_URL},
	    {{.url = STR_LIT("http://a:99999/")}, ERR_URL},
	    {{.url = STR_LIT("http://a/ b")}, ERR_URL},
	    {{.url = STR_LIT("http://a/\r\nX: y")}, ERR_URL},
	    {{.url = STR_LIT("http://a/"), .method = "DELETE"}, ERR_CONFIG},
	    {{.url = STR_LIT("http://a/"), .user_agent = STR_LIT("a\nb")}, ERR_CONFIG},
	    {{.url = STR_LIT("http://a/"), .headers = &evil, .header_count = 1}, ERR_CONFIG},
	};
	fetcher_init(&fetcher);
	fetcher_open(&fetcher);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err;
		fetched_init(&got);
		ck_assert_msg(http_start(fetcher.client, &bad[i].o, fetched_take, &got, &err) == NULL, "row %zu", i);
		ck_assert_msg(err.code == bad[i].code, "row %zu: %s", i, err.msg);
		ck_assert_uint_eq(got.calls, 0);
	}
	fetcher_done(&fetcher);
}
END_TEST

START_TEST(test_a_validator_that_is_no_header_value_is_left_out)
{
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_open(&fetcher);
	fetch_with(&fetcher,
	    (struct http_options){.url = str_from(served_url(&server, "/a.rss")), .etag = STR_LIT("a\r\nX-Evil: 1")},
	    &got);
	ck_assert_int_eq(got.status, 200);
	ck_assert_uint_eq(served_count(&server, "Evil"), 0);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_refused_connection_says_so)
{
	rig_begin();
	fetcher_open(&fetcher);
	fetch(&fetcher, "http://127.0.0.1:1/", &got);
	rig_expect_error(ERR_CONNECT_REFUSED);
	ck_assert_int_eq(got.status, 0);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_name_that_does_not_exist_says_so)
{
	rig_begin();
	fetcher_open(&fetcher);
	fetch(&fetcher, "http://no-such-host.invalid/", &got);
	ck_assert_msg(got.error.code == ERR_DNS || got.error.code == ERR_DNS_TEMPORARY, "%s", got.error.msg);
	rig_end_scripted();
}
END_TEST

/* Every way to write loopback that is known to have fooled somebody. */
static const char *const spellings[] = {
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "0x7f000001",
    "[::ffff:127.0.0.1]",
    "[::1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "localhost",
    "0.0.0.0",
    "a@127.0.0.1",
    "[::]",
    "169.254.169.254",
    "10.0.0.1",
};

START_TEST(test_no_spelling_of_a_private_address_gets_through)
{
	char url[128];
	struct err err;
	rig_begin();
	fetcher_open(&fetcher);
	snprintf(url, sizeof url, "http://%s:%u/", spellings[_i], server.port);
	fetched_init(&got);
	ck_assert_ptr_nonnull(
	    http_start(fetcher.client, &(struct http_options){.url = str_from(url)}, fetched_take, &got, &err));
	fetcher_wait(&fetcher, &got, 1);
	ck_assert_msg(
	    got.error.code == ERR_ADDRESS_BLOCKED, "%s: %s (%s)", url, err_word(got.error.code), got.error.msg);
	ck_assert_uint_eq(served_count(&server, "\"path\""), 0);
	rig_end_scripted();
}
END_TEST

START_TEST(test_an_open_connection_of_a_privileged_request_is_no_way_in)
{
	struct err err;
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_open(&fetcher);
	rig_ask("/a.rss");
	rig_expect_error(ERR_NONE);
	fetched_done(&got);
	fetched_init(&got);
	ck_assert_ptr_nonnull(http_start(fetcher.client,
	    &(struct http_options){.url = str_from(served_url(&server, "/a.rss"))}, fetched_take, &got, &err));
	fetcher_wait(&fetcher, &got, 1);
	rig_expect_error(ERR_ADDRESS_BLOCKED);
	ck_assert_uint_eq(served_count(&server, "\"path\""), 1);
	rig_end_scripted();
}
END_TEST

START_TEST(test_redirects_are_followed_and_their_kind_is_told)
{
	rig_begin();
	served_put(&server, "/one.script", "redirect 301 /two\nrepeat 20000 elsewhere\n");
	served_put(&server, "/two.script", "redirect 308 http://127.0.0.1:$PORT/three?q=%20#part\n");
	served_put(&server, "/three.script", "header ETag: \"final\"\nsend <rss/>\n");
	served_put(&server, "/four.script", "redirect 301 five\nheader ETag: \"not-mine\"\n");
	served_put(&server, "/five.script", "redirect 302 three\n");
	fetcher_open(&fetcher);
	rig_ask("/one");
	rig_expect_error(ERR_NONE);
	ck_assert_uint_eq(got.redirects, 2);
	ck_assert(got.moved_permanently);
	ck_assert_str_is(buf_view(&got.body), "<rss/>");
	ck_assert_str_is(got.url, served_url(&server, "/three?q=%20"));
	ck_assert_str_is(got.etag, "\"final\"");
	fetched_done(&got);
	rig_ask("/four");
	rig_expect_error(ERR_NONE);
	ck_assert(!got.moved_permanently);
	ck_assert_str_is(got.etag, "\"final\"");
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_redirect_without_end_is_given_up)
{
	rig_scripted("redirect 302 /x\n");
	rig_expect_error(ERR_REDIRECT_LOOP);
	ck_assert_uint_eq(got.redirects, 10);
	ck_assert_uint_eq(served_count(&server, "\"path\":\"/x\""), 11);
	rig_end_scripted();
}
END_TEST

static const char *const bad_schemes[] = {
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1:70/",
    "dict://127.0.0.1/",
    "smtp://127.0.0.1/",
    "data:text/xml,x",
    "javascript:alert(1)",
    "FILE:/etc/passwd",
    "unix:/run/x",
};

START_TEST(test_a_redirect_to_another_scheme_is_refused)
{
	char script[128];
	snprintf(script, sizeof script, "redirect 301 %s\n", bad_schemes[_i]);
	rig_scripted(script);
	rig_expect_error(ERR_REDIRECT_SCHEME);
	ck_assert_int_eq(got.status, 301);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_redirect_to_no_url_at_all_is_an_error)
{
	rig_scripted("redirect 301 http://[::1\n");
	rig_expect_error(ERR_URL);
	rig_end_scripted();
}
END_TEST

START_TEST(test_private_headers_and_credentials_stay_with_their_origin)
{
	static const struct http_header headers[] = {
	    {STR_LIT("X-Api-Key"), STR_LIT("k3y")},
	    {STR_LIT("Authorization"), STR_LIT("Bearer t0ken")},
	    {STR_LIT("Cookie"), STR_LIT("s=1")},
	};
	struct served other;
	char script[128];
	rig_begin();
	served_start(&other, NULL);
	served_put(&other, "/there.script", "send <rss/>\n");
	served_put(&server, "/same.script", "redirect 302 /away\n");
	snprintf(script, sizeof script, "redirect 302 http://127.0.0.1:%u/there\n", other.port);
	served_put(&server, "/away.script", script);
	fetcher_open(&fetcher);
	fetch_with(&fetcher,
	    (struct http_options){.url = str_from(served_url(&server, "/same")),
	        .headers = headers,
	        .header_count = 3,
	        .etag = STR_LIT("\"e\"")},
	    &got);
	rig_expect_error(ERR_NONE);
	ck_assert_uint_eq(served_count(&server, "\"X-Api-Key\":\"k3y\""), 2);
	ck_assert_uint_eq(served_count(&server, "\"Authorization\":\"Bearer t0ken\""), 2);
	ck_assert_uint_eq(served_count(&other, "\"path\":\"/there\""), 1);
	ck_assert_uint_eq(served_count(&other, "\"If-None-Match\":\"\\\"e\\\"\""), 1);
	ck_assert_uint_eq(served_count(&other, "k3y"), 0);
	ck_assert_uint_eq(served_count(&other, "t0ken"), 0);
	ck_assert_uint_eq(served_count(&other, "Cookie"), 0);
	fetched_done(&got);
	char url[128];
	snprintf(url, sizeof url, "http://user:secret@127.0.0.1:%u/same", server.port);
	fetch(&fetcher, url, &got);
	rig_expect_error(ERR_NONE);
	ck_assert_uint_eq(served_count(&other, "Authorization"), 0);
	ck_assert_int_lt(str_find(got.url, STR_LIT("secret"), 0), 0);
	served_stop(&other);
	rig_end_scripted();
}
END_TEST

START_TEST(test_credentials_are_sent_to_their_origin_only_and_not_inherited)
{
	struct served other;
	char script[128];
	rig_begin();
	served_start(&other, NULL);
	served_put(&other, "/there.script", "send <rss/>\n");
	snprintf(script, sizeof script, "redirect 302 http://127.0.0.1:%u/there\n", other.port);
	served_put(&server, "/away.script", script);
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_open(&fetcher);
	struct http_options o = {.url = str_from(served_url(&server, "/away")),
	    .auth = HTTP_AUTH_BASIC,
	    .user = STR_LIT("ann"),
	    .password = STR_LIT("s3cret")};
	fetch_with(&fetcher, o, &got);
	rig_expect_error(ERR_NONE);
	ck_assert_uint_eq(served_count(&server, "\"Authorization\":\"Basic YW5uOnMzY3JldA==\""), 1);
	ck_assert_uint_eq(served_count(&other, "\"path\":\"/there\""), 1);
	ck_assert_uint_eq(served_count(&other, "Authorization"), 0);
	fetched_done(&got);
	rig_ask("/a.rss"); /* the same handle */
	rig_expect_error(ERR_NONE);
	ck_assert_uint_eq(served_count(&server, "Authorization"), 1);
	served_stop(&other);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_digest_challenge_is_answered)
{
	rig_begin();
	served_put(&server, "/x.script",
	    "status 401 No\nheader WWW-Authenticate: Digest realm=\"r\", nonce=\"n0nce\", qop=\"auth\"\n"
	    "header ETag: \"of-the-refusal\"\nsend refused\n---\nheader Content-Type: text/xml\nsend <rss/>\n");
	fetcher_open(&fetcher);
	fetch_with(&fetcher,
	    (struct http_options){.url = str_from(served_url(&server, "/x")),
	        .auth = HTTP_AUTH_DIGEST,
	        .user = STR_LIT("ann"),
	        .password = STR_LIT("s3cret")},
	    &got);
	rig_expect_error(ERR_NONE);
	ck_assert_int_eq(got.status, 200);
	ck_assert_str_is(buf_view(&got.body), "<rss/>");
	ck_assert(got.etag.s == NULL); /* nothing is left of the first answer */
	ck_assert_str_is(got.content_type, "text/xml");
	ck_assert_uint_eq(served_count(&server, "Digest username=\\\"ann\\\""), 1);
	ck_assert_uint_eq(served_count(&server, "s3cret"), 0);
	rig_end_scripted();
}
END_TEST

/* Answers that must each end in one clear error, quickly. */
static const struct {
	const char *script;
	enum err_code code;
	int status;
} broken[] = {
    {"chunked\nforever abcdefghijklmnopqrstuvwxyz\n", ERR_TOO_LARGE, 200},
    {"forever abcdefghijklmnopqrstuvwxyz\n", ERR_TOO_LARGE, 200},
    {"header Content-Length: 99999999\nsend x\nhang\n", ERR_TOO_LARGE, 200},
    {"gzip\nrepeat 3000000 aaaaaaaaaaaaaaaaaaaa\n", ERR_TOO_LARGE, 200},
    {"header Content-Length: 100\nsend abc\nclose\n", ERR_TRUNCATED, 200},
    {"header Content-Length: 100\nsend abc\nreset\n", ERR_TRUNCATED, 200},
    {"chunked\nsend abc\nclose\n", ERR_TRUNCATED, 200},
    {"raw\nsend HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nff\\r\\nabc\nclose\n", ERR_TRUNCATED, 200},
    {"raw\nsend HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nzz\\r\\nabc\nclose\n", ERR_HTTP_PROTOCOL,
        200},
    {"raw\nclose\n", ERR_TRUNCATED, 0},
    {"raw\nreset\n", ERR_TRUNCATED, 0},
    {"raw\nsend hello, this is not HTTP at all\\r\\n\nclose\n", ERR_HTTP_PROTOCOL, 0},
    {"raw\nsend HTTP/1.1 abc OK\\r\\n\\r\\n\nclose\n", ERR_HTTP_PROTOCOL, 0},
    {"raw\nsend HTTP/9.1 200 OK\\r\\n\\r\\n\nclose\n", ERR_HTTP_PROTOCOL, 0},
    {"raw\nsend HTTP/1.1 200 OK\\r\\nContent-Length: -5\\r\\n\\r\\nabc\nclose\n", ERR_HTTP_PROTOCOL, 200},
    {"raw\nsend HTTP/1.1 200 OK\\r\\nX-A: \nrepeat 200000 y\nsend \\r\\n\\r\\n\nclose\n", ERR_HEADER_TOO_LARGE, 200},
    {"raw\nsend HTTP/1.1 200 OK\\r\\n\nrepeat 2000000 X: y\\r\\n\nclose\n", ERR_HEADER_TOO_LARGE, 200},
    {"raw\nforever HTTP/1.1 100 Continue\\r\\n\\r\\n\n", ERR_HEADER_TOO_LARGE, 0},
    {"raw\nforever HTTP/1.1 103 Early Hints\\r\\nLink: <x>\\r\\n\\r\\n\n", ERR_HEADER_TOO_LARGE, 0},
    {"raw\nsend HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n0\\r\\n\nforever X-T: "
     "yyyyyyyy\\r\\n\n",
        ERR_HEADER_TOO_LARGE, 200},
    {"header Content-Encoding: gzip\nsend this is not gzip\n", ERR_BAD_ENCODING, 200},
    {"header Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\nsend abc\n", ERR_BAD_ENCODING, 200},
    {"header Content-Encoding: br\nsend \\x1f\\x8b\\x08not brotli\n", ERR_BAD_ENCODING, 200},
    {"header Content-Encoding: nonsense\nsend abc\n", ERR_BAD_ENCODING, 200},
};

START_TEST(test_a_broken_answer_is_one_clear_error)
{
	int64_t start = clock_boot_ms();
	rig_scripted(broken[_i].script);
	ck_assert_msg(
	    got.error.code == broken[_i].code, "row %d: got %s (%s)", _i, err_word(got.error.code), got.error.msg);
	if (broken[_i].code != ERR_HEADER_TOO_LARGE)
		ck_assert_int_eq(got.status, broken[_i].status);
	ck_assert_int_lt(clock_boot_ms() - start, 10000);
	ck_assert_uint_le(got.body.len, fetcher.settings.body_max_bytes);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_length_no_number_can_hold_crashes_nothing)
{
	rig_scripted("raw\nsend HTTP/1.1 200 OK\\r\\nContent-Length: 100000000000000000000000\\r\\n\\r\\nabc\nclose\n");
	ck_assert_int_ne(got.error.code, ERR_INTERNAL);
	fetched_done(&got);
	served_put(&server, "/y.script",
	    "raw\nsend HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\nContent-Length: 9\\r\\n\\r\\nabc\nclose\n");
	rig_ask("/y");
	ck_assert_uint_le(got.body.len, 9);
	rig_end_scripted();
}
END_TEST

/* Servers that take too long; each limit has its own clear end. */
static const struct {
	const char *script;
	int64_t total_ms, low_speed_ms, at_least_ms, at_most_ms;
} slow[] = {
    {"hang\n", 400, 0, 350, 5000},
    {"head\nsend <rss>\nhang\n", 400, 0, 350, 5000},
    {"drip 1 20ms\nforever x\n", 600, 0, 550, 5000},
    {"head\ndrip 5 10ms\nforever y\n", 600, 1000, 550, 5000},
    {"drip 1 500ms\nforever x\n", 15000, 1000, 500, 9000},
    {"head\ndrip 1 500ms\nforever x\n", 15000, 1000, 500, 9000},
};

START_TEST(test_a_slow_server_is_cut_off_in_time)
{
	rig_begin();
	served_put(&server, "/x.script", slow[_i].script);
	fetcher.settings.total_timeout_ms = slow[_i].total_ms;
	fetcher.settings.low_speed_ms = slow[_i].low_speed_ms;
	fetcher_open(&fetcher);
	rig_ask("/x");
	rig_expect_error(ERR_TIMEOUT);
	ck_assert_int_ge(got.total_ms, slow[_i].at_least_ms);
	ck_assert_int_le(got.total_ms, slow[_i].at_most_ms);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_server_that_accepts_no_connection_is_given_up)
{
	rig_begin();
	fetcher.settings.connect_timeout_ms = 400;
	fetcher_open(&fetcher);
	fetch(&fetcher, "http://192.0.2.1/", &got); /* documentation addresses lead nowhere */
	ck_assert_msg(got.error.code == ERR_CONNECT_TIMEOUT || got.error.code == ERR_UNREACHABLE ||
	                  got.error.code == ERR_CONNECT_REFUSED,
	    "%s", got.error.msg);
	ck_assert_int_lt(got.total_ms, 5000);
	rig_end_scripted();
}
END_TEST

static const struct {
	int status;
	enum err_code code;
} statuses[] = {
    {200, ERR_NONE},
    {226, ERR_NONE},
    {304, ERR_NONE},
    {204, ERR_HTTP_STATUS},
    {206, ERR_HTTP_STATUS},
    {300, ERR_HTTP_STATUS},
    {401, ERR_HTTP_UNAUTHORIZED},
    {403, ERR_HTTP_FORBIDDEN},
    {404, ERR_HTTP_NOT_FOUND},
    {410, ERR_HTTP_GONE},
    {418, ERR_HTTP_CLIENT},
    {429, ERR_HTTP_RATE_LIMITED},
    {451, ERR_HTTP_FORBIDDEN},
    {500, ERR_HTTP_SERVER},
    {503, ERR_HTTP_SERVER},
    {999, ERR_HTTP_STATUS},
};

START_TEST(test_a_status_is_a_reply_and_has_a_meaning)
{
	char script[64];
	struct err err = {0};
	snprintf(script, sizeof script, "status %d Whatever\n", statuses[_i].status);
	rig_scripted(script);
	rig_expect_error(ERR_NONE);
	ck_assert_int_eq(got.status, statuses[_i].status);
	ck_assert_int_eq(http_status_error(got.status, &err), statuses[_i].code);
	ck_assert_int_eq(err.code, statuses[_i].code);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_post_is_sent_whole_and_never_redirected)
{
	rig_begin();
	served_put(&server, "/hook.script", "redirect 307 /elsewhere\n");
	fetcher_open(&fetcher);
	fetch_with(&fetcher,
	    (struct http_options){.url = str_from(served_url(&server, "/hook")),
	        .method = "POST",
	        .body = STR_LIT("{\"a\":1}"),
	        .body_type = STR_LIT("application/json")},
	    &got);
	rig_expect_error(ERR_NONE);
	ck_assert_int_eq(got.status, 307);
	ck_assert_uint_eq(served_count(&server, "\"method\":\"POST\""), 1);
	ck_assert_uint_eq(served_count(&server, "\"body\":\"{\\\"a\\\":1}\""), 1);
	ck_assert_uint_eq(served_count(&server, "\"Content-Type\":\"application/json\""), 1);
	ck_assert_uint_eq(served_count(&server, "Expect"), 0);
	ck_assert_uint_eq(served_count(&server, "/elsewhere"), 0);
	fetched_done(&got);
	served_put(&server, "/a.rss", "<rss/>");
	rig_ask("/a.rss"); /* the handle was used for a POST before */
	ck_assert_int_eq(got.status, 200);
	ck_assert_uint_eq(served_count(&server, "\"method\":\"GET\",\"path\":\"/a.rss\""), 1);
	rig_end_scripted();
}
END_TEST

START_TEST(test_a_bomb_leaves_memory_as_it_was)
{
	struct rusage before, after;
	rig_begin();
	served_put(&server, "/x.script", "gzip\nrepeat 3000000 aaaaaaaaaaaaaaaaaaaa\n");
	fetcher_open(&fetcher);
	getrusage(RUSAGE_SELF, &before);
	rig_ask("/x");
	rig_expect_error(ERR_TOO_LARGE);
	getrusage(RUSAGE_SELF, &after);
	ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 64 << 10);
	rig_end_scripted();
}
END_TEST

#define LOOP(test, table) tcase_add_loop_test(tc, test, 0, sizeof table / sizeof *table)

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_document_arrives_with_what_its_headers_say);
	tcase_add_test(tc, test_validators_are_sent_back_byte_for_byte);
	tcase_add_test(tc, test_a_plain_request_carries_no_more_than_it_should);
	tcase_add_test(tc, test_nothing_a_server_sets_is_remembered);
	tcase_add_test(tc, test_what_cannot_be_sent_is_refused_at_once);
	tcase_add_test(tc, test_a_validator_that_is_no_header_value_is_left_out);
	tcase_add_test(tc, test_a_refused_connection_says_so);
	tcase_add_test(tc, test_a_name_that_does_not_exist_says_so);
	LOOP(test_no_spelling_of_a_private_address_gets_through, spellings);
	tcase_add_test(tc, test_an_open_connection_of_a_privileged_request_is_no_way_in);
	tcase_add_test(tc, test_redirects_are_followed_and_their_kind_is_told);
	tcase_add_test(tc, test_a_redirect_without_end_is_given_up);
	LOOP(test_a_redirect_to_another_scheme_is_refused, bad_schemes);
	tcase_add_test(tc, test_a_redirect_to_no_url_at_all_is_an_error);
	tcase_add_test(tc, test_private_headers_and_credentials_stay_with_their_origin);
	tcase_add_test(tc, test_credentials_are_sent_to_their_origin_only_and_not_inherited);
	tcase_add_test(tc, test_a_digest_challenge_is_answered);
	LOOP(test_a_broken_answer_is_one_clear_error, broken);
	tcase_add_test(tc, test_a_length_no_number_can_hold_crashes_nothing);
	LOOP(test_a_slow_server_is_cut_off_in_time, slow);
	tcase_add_test(tc, test_a_server_that_accepts_no_connection_is_given_up);
	LOOP(test_a_status_is_a_reply_and_has_a_meaning, statuses);
	tcase_add_test(tc, test_a_post_is_sent_whole_and_never_redirected);
	tcase_add_test(tc, test_a_bomb_leaves_memory_as_it_was);
}

int
main(void)
{
	return tap_run("http/transfer", suite);
}
