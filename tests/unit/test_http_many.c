/* Many requests at once: ceilings on connections, spacing, holds, the end of what is under way. */
#include "tap.h"

#include <unistd.h>

#include "http/client.h"
#include "http_rig.h"
#include "later.h"

#define MANY 60

/* How many requests were on the wire at once, from the outside. */
struct watch {
	struct fetched replies[MANY];
	struct http_client *client;
	size_t most;
};

static struct watch watch;

static void
watch_take(void *ctx, struct http_reply *reply)
{
	size_t active = http_active(watch.client); /* without this one, whose place another may have by now */
	if (active > watch.most)
		watch.most = active;
	fetched_take(ctx, reply);
}

static void
start_one(size_t i, const char *url, http_done_fn done)
{
	struct err err;
	watch.client = fetcher.client;
	fetched_init(&watch.replies[i]);
	struct http_options o = {.url = str_from(url), .allow_private = true};
	ck_assert_ptr_nonnull(http_start(fetcher.client, &o, done, &watch.replies[i], &err));
}

static void
start_many(size_t n, const char *start)
{
	for (size_t i = 0; i < n; i++) {
		char path[64];
		snprintf(path, sizeof path, "%s?%zu", start, i);
		start_one(i, served_url(&server, path), watch_take);
	}
}

/* One server under four names. */
static const char *
name_url(size_t i)
{
	static const char *const names[] = {"127.0.0.1", "127.1", "2130706433", "0x7f.1"};
	static char url[128];
	snprintf(url, sizeof url, "http://%s:%u/x?%zu", names[i % 4], server.port, i);
	return url;
}

static void
end_many(size_t n)
{
	for (size_t i = 0; i < n; i++)
		fetched_done(&watch.replies[i]);
	rig_finish();
}

START_TEST(test_a_host_gets_no_more_connections_than_it_may)
{
	rig_begin();
	served_put(&server, "/x.script", "delay 10ms\nsend ok\n");
	fetcher_open(&fetcher);
	start_many(MANY, "/x");
	fetcher_wait(&fetcher, watch.replies, MANY);
	ck_assert_uint_le(watch.most, 2);
	ck_assert_uint_eq(served_count(&server, "\"connection\":2,"),
	    served_count(&server, "\"connection\":2,\"method\":\"GET\",\"path\":\"/x?"));
	ck_assert_uint_eq(served_count(&server, "\"connection\":3,"), 0);
	for (size_t i = 0; i < MANY; i++)
		ck_assert_int_eq(watch.replies[i].status, 200);
	ck_assert_uint_eq(http_active(fetcher.client) + http_waiting(fetcher.client), 0);
	end_many(MANY);
}
END_TEST

START_TEST(test_an_address_gets_no_more_connections_than_it_may_whatever_its_names)
{
	rig_begin();
	served_put(&server, "/x.script", "delay 50ms\nsend ok\n");
	fetcher.settings.connections_per_host = 4;
	fetcher.settings.connections_per_address = 2;
	fetcher_open(&fetcher);
	int64_t start = clock_boot_ms();
	for (size_t i = 0; i < 16; i++)
		start_one(i, name_url(i), fetched_take);
	fetcher_wait(&fetcher, watch.replies, 16);
	ck_assert_int_ge(clock_boot_ms() - start, 16 / 2 * 50); /* two at a time can be no faster */
	for (size_t i = 0; i < 16; i++)
		ck_assert_msg(watch.replies[i].status == 200, "%zu: %s", i, watch.replies[i].error.msg);
	ck_assert_uint_eq(http_active(fetcher.client) + http_waiting(fetcher.client), 0);
	end_many(16);
}
END_TEST

/* Each of two names has a connection that is kept, so that none needs a new one. */
START_TEST(test_connections_that_are_used_again_count_at_their_address)
{
	static const char *const names[] = {"127.0.0.1", "localhost"};
	enum { N = 8 };
	char urls[2][128];
	rig_begin();
	served_put(&server, "/x.script", "delay 50ms\nsend ok\n");
	fetcher.settings.connections_per_address = 1;
	fetcher_open(&fetcher);
	for (size_t i = 0; i < 2; i++) {
		snprintf(urls[i], sizeof urls[i], "http://%s:%u/x", names[i], server.port);
		start_one(i, urls[i], fetched_take);
		fetcher_wait(&fetcher, &watch.replies[i], 1);
		fetched_done(&watch.replies[i]);
	}
	int64_t start = clock_boot_ms();
	for (size_t i = 0; i < N; i++)
		start_one(i, urls[i % 2], fetched_take);
	fetcher_wait(&fetcher, watch.replies, N);
	ck_assert_int_ge(clock_boot_ms() - start, N * 50); /* one at a time can be no faster */
	for (size_t i = 0; i < N; i++)
		ck_assert_msg(watch.replies[i].status == 200, "%zu: %s", i, watch.replies[i].error.msg);
	ck_assert_uint_eq(served_count(&server, "\"path\""), 2 + N);
	ck_assert_uint_eq(http_active(fetcher.client) + http_waiting(fetcher.client), 0);
	end_many(N);
}
END_TEST

/* Whoever found no place at his address is before those who came after him. */
START_TEST(test_who_waits_for_a_place_at_an_address_keeps_his_turn)
{
	char url[128];
	rig_begin();
	served_put(&server, "/x.script", "hang\n");
	fetcher.settings.connections_per_host = 1;
	fetcher.settings.connections_per_address = 1;
	fetcher_open(&fetcher);
	start_one(0, served_url(&server, "/x"), fetched_take);
	while (served_count(&server, "\"path\"") == 0)
		event_base_loop(fetcher.base, EVLOOP_NONBLOCK);
	snprintf(url, sizeof url, "http://127.1:%u/x", server.port);
	for (size_t i = 1; i < 4; i++)
		start_one(i, url, fetched_take);
	struct host *h = map_get(&fetcher.client->hosts, STR_LIT("127.1"));
	ck_assert_ptr_nonnull(h);
	const struct http_request *first = h->first;
	while (first->crowded_times == 0 || first->state != REQUEST_WAITING)
		event_base_loop(fetcher.base, EVLOOP_ONCE);
	ck_assert(h->first == first);
	ck_assert_uint_eq(http_waiting(fetcher.client), 3);
	http_client_free(fetcher.client);
	fetcher.client = NULL;
	end_many(4);
}
END_TEST

/* Also one that is busy all the time is made anew, so that a server that moves is followed. */
START_TEST(test_a_connection_does_not_live_for_ever)
{
	unsigned reused = 0;
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher.settings.connection_life_ms = 10 * MINUTE_MS;
	fetcher_open(&fetcher);
	for (unsigned minute = 0; minute <= 11; minute++, later(60)) {
		rig_ask("/a.rss");
		rig_expect_error(ERR_NONE);
		ck_assert_msg(minute < 1 || minute > 9 || got.connection_reused, "a new one after %u minutes", minute);
		reused += got.connection_reused;
		fetched_done(&got);
	}
	ck_assert_uint_lt(reused, 11);
	rig_finish();
}
END_TEST

START_TEST(test_all_hosts_together_get_no_more_connections_than_there_may_be)
{
	rig_begin();
	served_put(&server, "/x.script", "delay 10ms\nsend ok\n");
	fetcher.settings.connections = 3;
	fetcher.settings.connections_per_address = 0;
	fetcher_open(&fetcher);
	watch.most = 0;
	for (size_t i = 0; i < 16; i++)
		start_one(i, name_url(i), watch_take);
	fetcher_wait(&fetcher, watch.replies, 16);
	for (size_t i = 0; i < 16; i++)
		ck_assert_msg(watch.replies[i].status == 200, "%zu: %s", i, watch.replies[i].error.msg);
	ck_assert_uint_le(watch.most, 3);
	ck_assert_uint_ge(watch.most, 2);
	end_many(16);
}
END_TEST

START_TEST(test_a_busy_host_does_not_hold_up_another)
{
	rig_begin();
	served_put(&server, "/x.script", "delay 200ms\nsend ok\n");
	served_put(&server, "/a.rss", "<rss/>");
	fetcher.settings.connections = 4;
	fetcher_open(&fetcher);
	start_many(MANY, "/x"); /* 6 s worth of waiting at 127.0.0.1 */
	char url[128];
	snprintf(url, sizeof url, "http://127.0.0.2:%u/a.rss", server.port);
	int64_t start = clock_boot_ms();
	fetch(&fetcher, url, &got);
	ck_assert_int_lt(clock_boot_ms() - start, 1500);
	ck_assert_uint_gt(http_waiting(fetcher.client), 0);
	fetched_done(&got);
	http_client_free(fetcher.client);
	fetcher.client = NULL;
	for (size_t i = 0; i < MANY; i++)
		ck_assert_uint_eq(watch.replies[i].calls, 1);
	end_many(MANY);
}
END_TEST

/* In which order the answers came. */
static size_t answered[MANY + 1], answered_count;

static void
order_take(void *ctx, struct http_reply *reply)
{
	answered[answered_count++] = (size_t)((struct fetched *)ctx - watch.replies);
	fetched_take(ctx, reply);
}

START_TEST(test_a_host_is_asked_in_the_order_of_the_requests)
{
	rig_begin();
	served_put(&server, "/x.script", "send ok\n");
	fetcher.settings.connections_per_host = 1;
	fetcher_open(&fetcher);
	answered_count = 0;
	for (size_t i = 0; i < MANY; i++)
		start_one(i, served_url(&server, "/x"), order_take);
	fetcher_wait(&fetcher, watch.replies, MANY);
	for (size_t i = 0; i < MANY; i++)
		ck_assert_uint_eq(answered[i], i);
	end_many(MANY);
}
END_TEST

START_TEST(test_hosts_take_turns_where_one_could_have_all_connections)
{
	char url[128];
	size_t at = 0;
	rig_begin();
	served_put(&server, "/x.script", "send ok\n");
	fetcher.settings.connections = 4;
	fetcher.settings.connections_per_host = 8;
	fetcher_open(&fetcher);
	answered_count = 0;
	snprintf(url, sizeof url, "http://127.0.0.2:%u/x", server.port);
	for (size_t i = 0; i < MANY; i++)
		start_one(i, i + 1 < MANY ? served_url(&server, "/x") : url, order_take);
	fetcher_wait(&fetcher, watch.replies, MANY);
	while (answered[at] != MANY - 1)
		at++;
	ck_assert_msg(at < MANY / 2, "the other host had its turn after %zu requests", at);
	end_many(MANY);
}
END_TEST

START_TEST(test_starts_on_one_host_are_spaced)
{
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher.settings.host_spacing_ms = 100;
	fetcher_open(&fetcher);
	int64_t start = clock_boot_ms();
	start_many(5, "/a.rss");
	fetcher_wait(&fetcher, watch.replies, 5);
	ck_assert_int_ge(clock_boot_ms() - start, 400);
	end_many(5);
}
END_TEST

START_TEST(test_a_host_on_hold_is_left_alone_for_that_time)
{
	struct err err;
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_open(&fetcher);
	struct str url = str_from(served_url(&server, "/a.rss"));
	ck_assert_int_eq(http_hold_host(fetcher.client, url, 300, &err), 0);
	ck_assert_int_eq(http_hold_host(fetcher.client, url, 10, &err), 0); /* the longer one stands */
	ck_assert_int_gt(http_held_ms(fetcher.client, url), 200);
	ck_assert_int_eq(http_held_ms(fetcher.client, STR_LIT("http://elsewhere.example/")), 0);
	int64_t start = clock_boot_ms();
	rig_ask("/a.rss");
	rig_expect_error(ERR_NONE);
	ck_assert_int_ge(clock_boot_ms() - start, 280);
	ck_assert_int_lt(got.total_ms, 250); /* waiting is not counted */
	ck_assert_int_eq(http_held_ms(fetcher.client, url), 0);
	rig_end_scripted();
}
END_TEST

START_TEST(test_while_fetches_are_held_only_what_sends_goes_on)
{
	struct err err;
	struct fetched post;
	char url[128];
	rig_begin();
	served_put(&server, "/x.script", "send ok\n");
	fetcher_open(&fetcher);
	http_hold_fetches(fetcher.client, true);
	start_many(5, "/x");
	snprintf(url, sizeof url, "http://127.1:%u/x?post", server.port);
	fetched_init(&post);
	struct http_options o = {.url = str_from(url), .method = "POST", .body = STR_LIT("b"), .allow_private = true};
	ck_assert_ptr_nonnull(http_start(fetcher.client, &o, fetched_take, &post, &err));
	fetcher_wait(&fetcher, &post, 1);
	ck_assert_int_eq(post.status, 200);
	ck_assert_uint_eq(http_waiting(fetcher.client), 5);
	ck_assert_uint_eq(served_count(&server, "\"method\":\"GET\""), 0);
	http_hold_fetches(fetcher.client, false);
	fetcher_wait(&fetcher, watch.replies, 5);
	for (size_t i = 0; i < 5; i++)
		ck_assert_int_eq(watch.replies[i].status, 200);
	fetched_done(&post);
	end_many(5);
}
END_TEST

START_TEST(test_a_cancelled_request_still_calls_back_once_and_later)
{
	struct err err;
	struct fetched r[3];
	struct http_request *h[3];
	rig_begin();
	served_put(&server, "/x.script", "hang\n");
	fetcher.settings.connections_per_host = 2;
	fetcher_open(&fetcher);
	for (int i = 0; i < 3; i++) {
		struct http_options o = {.url = str_from(served_url(&server, "/x")), .allow_private = true};
		fetched_init(&r[i]);
		h[i] = http_start(fetcher.client, &o, fetched_take, &r[i], &err);
	}
	while (served_count(&server, "\"path\"") < 2)
		event_base_loop(fetcher.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	ck_assert_uint_eq(http_active(fetcher.client), 2);
	ck_assert_uint_eq(http_waiting(fetcher.client), 1);
	for (int i = 2; i >= 0; i--) {
		http_cancel(h[i]);
		ck_assert_uint_eq(r[i].calls, 0);
	}
	fetcher_wait(&fetcher, r, 3);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(r[i].error.code, ERR_CANCELLED);
		fetched_done(&r[i]);
	}
	ck_assert_uint_eq(http_active(fetcher.client) + http_waiting(fetcher.client), 0);
	rig_finish();
}
END_TEST

static void
note_event(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd, (void)what;
	++*(unsigned *)ctx;
}

/* curl's resolver has sockets of its own: whoever has their numbers afterwards must be heard. */
START_TEST(test_descriptors_of_the_resolver_are_forgotten_with_it)
{
	enum { PIPES = 16 };
	int ends[PIPES][2];
	struct event *events[2 * PIPES];
	unsigned heard = 0;
	rig_begin();
	fetcher_open(&fetcher);
	/* a label of more than 63 bytes is resolved by nobody, and without asking anybody */
	fetch(&fetcher, "http://xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.example/", &got);
	rig_expect_error(ERR_DNS);
	for (size_t i = 0; i < PIPES; i++) {
		ck_assert_int_eq(pipe(ends[i]), 0);
		ck_assert_int_eq(write(ends[i][1], "x", 1), 1);
		ck_assert_int_eq(dup2(ends[i][0], ends[i][1]), ends[i][1]); /* either may have the number */
		for (size_t k = 0; k < 2; k++) {
			events[2 * i + k] = event_new(fetcher.base, ends[i][k], EV_READ, note_event, &heard);
			ck_assert_int_eq(event_add(events[2 * i + k], NULL), 0);
		}
	}
	event_base_loop(fetcher.base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(heard, 2 * PIPES);
	for (size_t i = 0; i < PIPES; i++) {
		event_free(events[2 * i]);
		event_free(events[2 * i + 1]);
		close(ends[i][0]);
		close(ends[i][1]);
	}
	rig_end_scripted();
}
END_TEST

static struct http_request *restarted;

static void
start_again(void *ctx, struct http_reply *reply)
{
	struct err err;
	struct http_options o = {.url = str_from(served_url(&server, "/a.rss")), .allow_private = true};
	restarted = http_start(fetcher.client, &o, fetched_take, ctx, &err);
	ck_assert_int_eq(reply->error.code, ERR_NONE);
}

START_TEST(test_a_callback_may_start_the_next_request)
{
	struct err err;
	rig_begin();
	served_put(&server, "/a.rss", "<rss/>");
	fetcher_open(&fetcher);
	fetched_init(&got);
	struct http_options o = {.url = str_from(served_url(&server, "/a.rss")), .allow_private = true};
	ck_assert_ptr_nonnull(http_start(fetcher.client, &o, start_again, &got, &err));
	fetcher_wait(&fetcher, &got, 1);
	rig_expect_error(ERR_NONE);
	ck_assert_ptr_nonnull(restarted);
	ck_assert_uint_eq(served_count(&server, "\"path\""), 2);
	rig_end_scripted();
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_host_gets_no_more_connections_than_it_may);
	tcase_add_test(tc, test_an_address_gets_no_more_connections_than_it_may_whatever_its_names);
	tcase_add_test(tc, test_connections_that_are_used_again_count_at_their_address);
	tcase_add_test(tc, test_who_waits_for_a_place_at_an_address_keeps_his_turn);
	tcase_add_test(tc, test_a_connection_does_not_live_for_ever);
	tcase_add_test(tc, test_all_hosts_together_get_no_more_connections_than_there_may_be);
	tcase_add_test(tc, test_a_busy_host_does_not_hold_up_another);
	tcase_add_test(tc, test_a_host_is_asked_in_the_order_of_the_requests);
	tcase_add_test(tc, test_hosts_take_turns_where_one_could_have_all_connections);
	tcase_add_test(tc, test_starts_on_one_host_are_spaced);
	tcase_add_test(tc, test_a_host_on_hold_is_left_alone_for_that_time);
	tcase_add_test(tc, test_while_fetches_are_held_only_what_sends_goes_on);
	tcase_add_test(tc, test_descriptors_of_the_resolver_are_forgotten_with_it);
	tcase_add_test(tc, test_a_cancelled_request_still_calls_back_once_and_later);
	tcase_add_test(tc, test_a_callback_may_start_the_next_request);
}

int
main(void)
{
	return tap_run("http/many", suite);
}
