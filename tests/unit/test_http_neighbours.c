/* Servers that misbehave in every way at once, and twenty healthy ones that must not notice. */
#include "tap.h"

#include <stdlib.h>

#include "../tools/served.h"
#include "fetch.h"

#define CONTROLS 20
#define LATE_MS 2000

static const char *const hostile[] = {
    "hang\n",
    "head\nhang\n",
    "drip 1 200ms\nforever x\n",
    "head\ndrip 1 200ms\nforever x\n",
    "chunked\nforever abcdefghijklmnopqrstuvwxyz\n",
    "gzip\nrepeat 3000000 aaaaaaaaaaaaaaaaaaaa\n",
    "raw\nforever HTTP/1.1 100 Continue\\r\\n\\r\\n\n",
    "raw\nsend HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\n0\\r\\n\nforever X-T: "
    "yyyyyyyy\\r\\n\n",
    "raw\nsend HTTP/1.1 200 OK\\r\\nX-A: \nforever y\n",
    "header Content-Length: 100\nsend abc\nreset\n",
    "raw\nreset\n",
    "raw\nsend garbage\\r\\n\nclose\n",
    "redirect 302 /h11\n",
    "status 503 No\nheader Retry-After: 99999999999\n",
    "header Content-Encoding: gzip\nsend no gzip\n",
    "raw\ndelay 1s\nclose\n",
};

#define HOSTILE (sizeof hostile / sizeof *hostile)

static struct served server;
static struct fetcher fetcher;
static struct fetched bad[HOSTILE], good[CONTROLS];

static void
start(struct fetched *r, const char *host, const char *path)
{
	char url[128];
	struct err err;
	snprintf(url, sizeof url, "http://%s:%u%s", host, server.port, path);
	struct http_options o = {.url = str_from(url), .allow_private = true};
	fetched_init(r);
	ck_assert_msg(http_start(fetcher.client, &o, fetched_take, r, &err) != NULL, "%s", err.msg);
}

static void
start_hostile(void)
{
	for (size_t i = 0; i < HOSTILE; i++) {
		char path[32], file[48], host[32];
		snprintf(path, sizeof path, "/h%zu", i);
		snprintf(file, sizeof file, "%s.script", path);
		snprintf(host, sizeof host, "127.0.1.%zu", i + 1);
		served_put(&server, file, hostile[i]);
		start(&bad[i], host, path);
	}
}

START_TEST(test_hostile_servers_do_not_hold_up_twenty_others)
{
	static const char *const any[] = {"--address", "0.0.0.0", NULL};
	served_start(&server, any);
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_init(&fetcher);
	fetcher.settings.total_timeout_ms = 4 * SECOND_MS;
	fetcher.settings.connections = HOSTILE + 4;
	fetcher_open(&fetcher);
	start_hostile();
	int64_t begin = clock_boot_ms();
	for (size_t i = 0; i < CONTROLS; i++) {
		char host[32];
		snprintf(host, sizeof host, "127.0.2.%zu", i + 1);
		start(&good[i], host, "/a.rss");
	}
	fetcher_wait(&fetcher, good, CONTROLS);
	ck_assert_int_lt(clock_boot_ms() - begin, LATE_MS);
	for (size_t i = 0; i < CONTROLS; i++) {
		ck_assert_int_eq(good[i].error.code, ERR_NONE);
		ck_assert_int_lt(good[i].total_ms, LATE_MS);
		fetched_done(&good[i]);
	}
	fetcher_wait(&fetcher, bad, HOSTILE);
	for (size_t i = 0; i < HOSTILE; i++) {
		bool failed = bad[i].error.code != ERR_NONE || http_status_error(bad[i].status, NULL) != ERR_NONE;
		ck_assert_msg(failed, "row %zu went well", i);
		fetched_done(&bad[i]);
	}
	fetcher_done(&fetcher);
	served_stop(&server);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_hostile_servers_do_not_hold_up_twenty_others);
}

int
main(void)
{
	return tap_run("http/neighbours", suite);
}
