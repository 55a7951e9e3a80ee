/* Every allocation of ours and of curl's fails once: the request fails cleanly or succeeds all the same, and nothing leaks. */
#include "tap.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "../tools/served.h"
#include "failing_alloc.h"
#include "fetch.h"

static struct served server;
static struct event_base *base;

/* In this program the names below are the failing ones. */
static char *
copy(const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = malloc(n);
	if (p != NULL)
		memcpy(p, s, n);
	return p;
}

static void
take_all_from_here(void)
{
	ck_assert_int_eq(curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, free, realloc, copy, calloc), CURLE_OK);
}

struct outcome {
	unsigned calls;
	enum err_code error;
	int status;
	size_t body_len;
};

static void
take(void *ctx, struct http_reply *reply)
{
	struct outcome *o = ctx;
	o->calls++;
	o->error = reply->error.code;
	o->status = reply->status;
	o->body_len = reply->body.len;
}

/* A redirect, headers of our own, validators, a body; false when it never got as far as a callback. */
static bool
one_round(struct outcome *o, enum err_code *refused)
{
	static const struct http_header header = {STR_LIT("X-Key"), STR_LIT("1")};
	struct http_options options = {.url = str_from(served_url(&server, "/old")),
	    .allow_private = true,
	    .etag = STR_LIT("\"e\""),
	    .headers = &header,
	    .header_count = 1};
	struct err err = {0};
	*o = (struct outcome){0};
	struct http_client *c = http_client_new(base, &http_settings_default, &err);
	bool started = c != NULL && http_start(c, &options, take, o, &err) != NULL;
	int64_t end = clock_boot_ms() + 10 * SECOND_MS;
	while (started && o->calls == 0 && clock_boot_ms() < end)
		event_base_loop(base, EVLOOP_ONCE);
	http_client_free(c);
	*refused = err.code;
	return started;
}

static void
sweep(bool and_later)
{
	served_start(&server, NULL);
	served_put(&server, "/old.script", "redirect 301 /new\n");
	served_put(&server, "/new.script",
	    "header ETag: \"n\"\nheader Cache-Control: public\nheader Cache-Control: max-age=5\nrepeat 5000 news\n");
	base = event_base_new();
	take_all_from_here();
	long n = 1, failures = 0;
	for (bool fired = true; fired; n++) {
		struct outcome o;
		enum err_code refused;
		failing_alloc_arm(n, and_later);
		bool started = one_round(&o, &refused);
		fired = failing_alloc_fired();
		ck_assert_uint_eq(o.calls, started);
		if (!started)
			ck_assert_int_eq(refused, ERR_NO_MEMORY);
		else if (o.error == ERR_NONE)
			ck_assert_msg(o.status == 200 && o.body_len == 20000, "allocation %ld: status %d, %zu bytes", n,
			    o.status, o.body_len);
		failures += !started || o.error != ERR_NONE;
		ck_assert_msg(fired || (started && o.error == ERR_NONE), "fails without a cause");
	}
	ck_assert_int_gt(n, 50);
	ck_assert_int_gt(failures, 30);
	event_base_free(base);
	curl_global_cleanup();
	libevent_global_shutdown();
	served_stop(&server);
}

START_TEST(test_any_one_failed_allocation_costs_at_most_that_request)
{
	sweep(false);
}
END_TEST

START_TEST(test_memory_that_stays_short_is_a_clean_failure)
{
	sweep(true);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_any_one_failed_allocation_costs_at_most_that_request);
	tcase_add_test(tc, test_memory_that_stays_short_is_a_clean_failure);
}

int
main(void)
{
	return tap_run("http/memory", suite);
}
