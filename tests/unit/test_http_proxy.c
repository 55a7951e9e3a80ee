/* By a proxy: who is asked, who is told what, and whose fault it is. */
#include "tap.h"

#include <stdlib.h>

#include "http_rig.h"

START_TEST(test_a_proxy_of_its_own_is_used_for_that_request_alone)
{
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_open(&fetcher);
	struct http_options o = {
	    .url = STR_LIT("http://far-away.invalid/a.rss"), .proxy = str_from(served_url(&server, ""))};
	fetch_with(&fetcher, o, &got);
	rig_expect_error(ERR_NONE);
	ck_assert_uint_eq(served_count(&server, "\"path\":\"http://far-away.invalid/a.rss\""), 1);
	fetched_done(&got);
	o.proxy = STR_NONE;
	fetch_with(&fetcher, o, &got);
	ck_assert_int_ne(got.error.code, ERR_NONE);
	ck_assert_uint_eq(served_count(&server, "\"path\""), 1);
	rig_end_scripted();
}
END_TEST

static struct http_options
by_proxy(const struct served *proxy, const char *user, const char *password)
{
	return (struct http_options){.url = STR_LIT("http://far-away.invalid/a.rss"),
	    .proxy = proxy != NULL ? str_from(served_url(proxy, "")) : STR_NONE,
	    .proxy_user = str_from(user),
	    .proxy_password = str_from(password)};
}

static void
ask_by(struct http_options o)
{
	fetch_with(&fetcher, o, &got);
	rig_expect_error(ERR_NONE);
	fetched_done(&got);
}

/* Each proxy, that of the client and that of a request, sees its own; a server that is asked without one sees none. */
START_TEST(test_a_proxy_is_told_its_own_user_and_password_and_nobody_else_is)
{
	struct served other;
	rig_begin();
	served_start(&other, NULL);
	served_put(&server, "/a.rss", "<rss/>");
	served_put(&other, "/a.rss", "<rss/>");
	char *all = strdup(served_url(&server, ""));
	fetcher.settings.proxy = str_from(all);
	fetcher.settings.proxy_user = STR_LIT("ann");
	fetcher.settings.proxy_password = STR_LIT("s3cret");
	fetcher_open(&fetcher);
	ask_by(by_proxy(NULL, NULL, NULL));
	ask_by(by_proxy(&other, NULL, NULL));
	ck_assert_uint_eq(served_count(&server, "\"Proxy-Authorization\":\"Basic YW5uOnMzY3JldA==\""), 1);
	ck_assert_uint_eq(served_count(&other, "Authorization"), 0);
	ask_by(by_proxy(&other, "bob", "0ther"));
	ask_by(by_proxy(NULL, NULL, NULL));
	ck_assert_uint_eq(served_count(&server, "\"Proxy-Authorization\":\"Basic YW5uOnMzY3JldA==\""), 2);
	ck_assert_uint_eq(served_count(&server, "\"Authorization"), 0);
	ck_assert_uint_eq(served_count(&other, "\"Proxy-Authorization\":\"Basic Ym9iOjB0aGVy\""), 1);
	served_stop(&other);
	free(all);
	rig_finish();
}
END_TEST

START_TEST(test_a_mail_that_goes_past_the_proxy_is_judged_here)
{
	struct str to = STR_LIT("a@a.example");
	struct http_mail mail = {.from = STR_LIT("b@b.example"), .to = &to, .to_count = 1};
	struct http_options o = {
	    .mail = &mail, .url = STR_LIT("smtp://127.0.0.1:1/me.example"), .body = STR_LIT("x\r\n")};
	struct err err;
	rig_begin();
	fetcher.settings.proxy = str_from(served_url(&server, ""));
	fetcher_open(&fetcher);
	fetched_init(&got);
	ck_assert_msg(http_start(fetcher.client, &o, fetched_take, &got, &err) != NULL, "%s", err.msg);
	fetcher_wait(&fetcher, &got, 1);
	rig_expect_error(ERR_ADDRESS_BLOCKED);
	rig_end_scripted();
}
END_TEST

/* What a proxy says to CONNECT is no answer of the server; ours does not know it. */
START_TEST(test_a_proxy_that_makes_no_tunnel_is_an_error_of_its_own)
{
	rig_begin();
	fetcher_open(&fetcher);
	struct http_options o = by_proxy(&server, "ann", "s3cret");
	o.url = STR_LIT("https://far-away.invalid/a.rss");
	fetch_with(&fetcher, o, &got);
	rig_expect_error(ERR_UNREACHABLE);
	ck_assert_str_eq(got.error.msg, "far-away.invalid cannot be reached: the proxy answered 400");
	rig_end_scripted();
}
END_TEST

/* no_proxy would lead past the proxy, where nobody judges the addresses any more. */
START_TEST(test_the_environment_leads_past_no_proxy)
{
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	setenv("no_proxy", "*", 1);
	char *all = strdup(served_url(&server, ""));
	fetcher.settings.proxy = str_from(all);
	fetcher_open(&fetcher);
	for (int own = 0; own < 2; own++)
		ask_by(by_proxy(own ? &server : NULL, NULL, NULL));
	ck_assert_uint_eq(served_count(&server, "\"path\":\"http://far-away.invalid/a.rss\""), 2);
	free(all);
	rig_finish();
}
END_TEST

/* It is our own network that is down then, not each of the servers. */
START_TEST(test_a_proxy_that_is_away_is_no_failure_of_servers)
{
	static const char *const urls[] = {"http://far-away.invalid/a.rss", "https://far-away.invalid/a.rss"},
	                         *const proxies[] = {"http://127.0.0.1:1", "socks5h://127.0.0.1:1"};
	for (size_t i = 0; i < 4; i++) {
		rig_begin();
		fetcher_open(&fetcher);
		struct http_options o = {.url = str_from(urls[i % 2]), .proxy = str_from(proxies[i / 2])};
		fetch_with(&fetcher, o, &got);
		rig_expect_error(ERR_UNREACHABLE);
		ck_assert_str_eq(got.error.msg, "far-away.invalid cannot be reached: the proxy refused the connection");
		rig_end_scripted();
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_a_proxy_of_its_own_is_used_for_that_request_alone);
	tcase_add_test(tc, test_a_proxy_is_told_its_own_user_and_password_and_nobody_else_is);
	tcase_add_test(tc, test_a_mail_that_goes_past_the_proxy_is_judged_here);
	tcase_add_test(tc, test_a_proxy_that_makes_no_tunnel_is_an_error_of_its_own);
	tcase_add_test(tc, test_the_environment_leads_past_no_proxy);
	tcase_add_test(tc, test_a_proxy_that_is_away_is_no_failure_of_servers);
}

int
main(void)
{
	return tap_run("http/proxy", suite);
}
