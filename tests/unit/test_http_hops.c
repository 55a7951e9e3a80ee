/*
 * The address policy hop by hop. This program brings an address_special of its own, which takes 127.0.0.1 for public and
 * the rest of 127/8 for private, so that a redirect from the one to the other can be had without the internet.
 */
#include "tap.h"

#include <netinet/in.h>

#include "../tools/served.h"
#include "fetch.h"
#include "http/address.h"

const char *
address_special(const struct sockaddr *sa)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)sa;
	return sa->sa_family == AF_INET && in->sin_addr.s_addr == htonl(INADDR_LOOPBACK) ? NULL : "private";
}

static struct served server;
static struct fetcher fetcher;
static struct fetched got;

static void
ask(const char *path, bool allow_private)
{
	struct err err;
	struct http_options o = {.url = str_from(served_url(&server, path)), .allow_private = allow_private};
	fetched_init(&got);
	ck_assert_ptr_nonnull(http_start(fetcher.client, &o, fetched_take, &got, &err));
	fetcher_wait(&fetcher, &got, 1);
}

START_TEST(test_a_redirect_from_a_public_to_a_private_address_is_blocked_before_it_connects)
{
	static const char *const any[] = {"--address", "0.0.0.0", NULL};
	served_start(&server, any);
	served_put(&server, "/x.script", "redirect 302 http://127.0.0.2:$PORT/secret\n");
	served_put(&server, "/secret.script", "send inner\n");
	fetcher_init(&fetcher);
	fetcher_open(&fetcher);
	ask("/x", false);
	ck_assert_msg(got.error.code == ERR_ADDRESS_BLOCKED, "%s", got.error.msg);
	ck_assert_uint_eq(got.redirects, 1);
	ck_assert_uint_eq(served_count(&server, "secret"), 0);
	fetched_done(&got);
	ask("/x", true);
	ck_assert_int_eq(got.error.code, ERR_NONE);
	ck_assert_str_is(buf_view(&got.body), "inner");
	fetched_done(&got);
	ask("/x", false); /* a connection to the private address lies open now */
	ck_assert_int_eq(got.error.code, ERR_ADDRESS_BLOCKED);
	ck_assert_uint_eq(served_count(&server, "\"path\":\"/secret\""), 1);
	fetched_done(&got);
	fetcher_done(&fetcher);
	served_stop(&server);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_redirect_from_a_public_to_a_private_address_is_blocked_before_it_connects);
}

int
main(void)
{
	return tap_run("http/hops", suite);
}
