/* What is remembered of robots.txt, for how long and of how many hosts. The boot clock can be moved. */
#include "tap.h"

#include "conf/conf.h"
#include "daemon/robots_cache.h"
#include "http_rig.h"

static int64_t moved_ms;

int64_t __real_clock_boot_ms(void);
int64_t __wrap_clock_boot_ms(void);

int64_t
__wrap_clock_boot_ms(void)
{
	return __real_clock_boot_ms() + moved_ms;
}

static const struct conf_feed feed = {
    .url = STR_LIT("http://feed.example/"), .allow_private = true, .user_agent = STR_LIT("Special/1.0")};
static struct robots_cache *cache;
static unsigned told;

static void
ready(void *ctx)
{
	(void)ctx;
	told++;
}

static void
begin(void)
{
	struct err err;
	moved_ms = 0;
	rig_begin();
	fetcher_open(&fetcher);
	cache = robots_cache_new(fetcher.client, ready, NULL, &err);
	ck_assert_ptr_nonnull(cache);
}

static void
finish(void)
{
	rig_finish();
	robots_cache_free(cache);
}

static enum robots_answer
ask_at_once(const char *url, int64_t *wait_ms)
{
	struct err err;
	return robots_ask(cache, &feed, str_from(url), wait_ms, &err);
}

/* Asks, and once more when robots.txt has come. */
static enum robots_answer
ask(const char *path)
{
	int64_t wait_ms;
	unsigned before = told;
	const char *url = served_url(&server, path);
	enum robots_answer a = ask_at_once(url, &wait_ms);
	if (a != ROBOTS_LATER || wait_ms >= 0)
		return a;
	while (told == before)
		event_base_loop(fetcher.base, EVLOOP_ONCE);
	return ask_at_once(url, &wait_ms);
}

static size_t
fetches(void)
{
	return served_count(&server, "\"path\":\"/robots.txt\"");
}

START_TEST(test_a_day_long_one_request_answers_for_all_pages_of_a_host)
{
	begin();
	served_put(&server, "/robots.txt", "User-agent: *\nDisallow: /private\n");
	ck_assert_int_eq(ask("/a"), ROBOTS_YES);
	ck_assert_int_eq(ask("/private/b"), ROBOTS_NO);
	ck_assert_uint_eq(fetches(), 1);
	ck_assert_uint_eq(served_count(&server, "Special/1.0"), 1);
	moved_ms += DAY_MS - MINUTE_MS;
	ck_assert_int_eq(ask("/c"), ROBOTS_YES);
	ck_assert_uint_eq(fetches(), 1);
	served_put(&server, "/robots.txt", "User-agent: *\nDisallow: /\n");
	moved_ms += 2 * MINUTE_MS;
	ck_assert_int_eq(ask("/c"), ROBOTS_NO);
	ck_assert_uint_eq(fetches(), 2);
	finish();
}
END_TEST

START_TEST(test_a_host_that_cannot_say_is_asked_again_after_an_hour)
{
	begin();
	served_put(&server, "/robots.txt.script", "status 503\nsend no\n---\nsend User-agent: *\\nDisallow:\\n\n");
	ck_assert_int_eq(ask("/a"), ROBOTS_NO);
	moved_ms += HOUR_MS - MINUTE_MS;
	ck_assert_int_eq(ask("/a"), ROBOTS_NO);
	ck_assert_uint_eq(fetches(), 1);
	moved_ms += 2 * MINUTE_MS;
	ck_assert_int_eq(ask("/a"), ROBOTS_YES);
	ck_assert_uint_eq(fetches(), 2);
	finish();
}
END_TEST

START_TEST(test_pages_keep_the_crawl_delay_and_whatever_holds_their_host)
{
	int64_t wait_ms;
	const char *url;
	begin();
	served_put(&server, "/robots.txt", "User-agent: *\nCrawl-delay: 30\n");
	ck_assert_int_eq(ask("/a"), ROBOTS_YES);
	url = served_url(&server, "/b");
	ck_assert_int_eq(ask_at_once(url, &wait_ms), ROBOTS_LATER);
	ck_assert_int_gt(wait_ms, 0);
	ck_assert_int_le(wait_ms, 30 * SECOND_MS);
	moved_ms += wait_ms;
	ck_assert_int_eq(ask_at_once(url, &wait_ms), ROBOTS_YES);
	robots_hold(cache, str_from(url), HOUR_MS);
	robots_hold(cache, str_from(url), MINUTE_MS); /* the longer one stands */
	moved_ms += 59 * MINUTE_MS;
	ck_assert_int_eq(ask_at_once(url, &wait_ms), ROBOTS_LATER);
	moved_ms += wait_ms;
	ck_assert_int_eq(ask_at_once(url, &wait_ms), ROBOTS_YES);
	ck_assert_uint_eq(fetches(), 1);
	finish();
}
END_TEST

START_TEST(test_so_many_hosts_are_remembered_and_the_least_recent_makes_way)
{
	int64_t wait_ms;
	begin();
	served_put(&server, "/robots.txt", "User-agent: *\nDisallow: /private\n");
	ck_assert_int_eq(ask("/a"), ROBOTS_YES);
	for (unsigned i = 1; i < ROBOTS_HOSTS_MAX; i++) {
		char url[64];
		snprintf(url, sizeof url, "nothing://host%u.example/", i); /* nobody can be asked: refused at once */
		ck_assert_int_eq(ask_at_once(url, &wait_ms), ROBOTS_NO);
	}
	ck_assert_int_eq(ask("/a"), ROBOTS_YES);
	ck_assert_uint_eq(fetches(), 1);
	moved_ms++;
	for (unsigned i = 1; i <= ROBOTS_HOSTS_MAX; i++) {
		char url[64];
		snprintf(url, sizeof url, "nothing://other%u.example/", i);
		ck_assert_int_eq(ask_at_once(url, &wait_ms), ROBOTS_NO);
	}
	ck_assert_int_eq(ask("/a"), ROBOTS_YES);
	ck_assert_uint_eq(fetches(), 2);
	finish();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_day_long_one_request_answers_for_all_pages_of_a_host);
	tcase_add_test(tc, test_a_host_that_cannot_say_is_asked_again_after_an_hour);
	tcase_add_test(tc, test_pages_keep_the_crawl_delay_and_whatever_holds_their_host);
	tcase_add_test(tc, test_so_many_hosts_are_remembered_and_the_least_recent_makes_way);
}

int
main(void)
{
	return tap_run("daemon/robots", suite);
}
