#include "store_rig.h"

static struct store_feed *
sync_keys(const struct store_feed_key *keys, size_t count, int64_t now)
{
	struct store_feed *feeds = NULL;
	int rc = store_sync_feeds(rig.s, keys, count, now, &rig.arena, &feeds, &rig.err);
	ck_assert_msg(rc == 0, "%s", rc < 0 ? rig.err.msg : "");
	return feeds;
}

#define KEY(key, url, title) \
	{ \
		STR_LIT(key), STR_LIT(url), STR_LIT(title) \
	}

static struct store_feed
feed(const char *key)
{
	struct store_feed *feeds;
	size_t count;
	ck_assert_int_eq(store_list_feeds(rig.s, true, &rig.arena, &feeds, &count, &rig.err), 0);
	for (size_t i = 0; i < count; i++) {
		if (str_is(feeds[i].key, key))
			return feeds[i];
	}
	ck_abort_msg("no feed %s", key);
}

/* The kinds of all events, in order, joined by spaces. */
static struct str
events(void)
{
	struct store_event *list;
	size_t count;
	struct str all = STR_LIT("");
	ck_assert_int_eq(store_list_events(rig.s, 0, 100, &rig.arena, &list, &count, &rig.err), 0);
	for (size_t i = 0; i < count; i++)
		all = arena_printf(&rig.arena, "%s%s%s", all.s, i ? " " : "", list[i].kind.s);
	return all;
}

static void
bad_poll(int64_t id, int64_t at, enum err_code code, const char *text)
{
	struct store_poll p = {.feed_id = id,
	    .at = at,
	    .error = code,
	    .error_text = str_from(text),
	    .http_status = 500,
	    .next_due_at = at + 60000,
	    .next_why = "backing off",
	    .sched = {.interval_ms = 900000, .failures = 2, .weight = 1.5, .failing_since_at = at}};
	ck_assert_int_eq(store_commit_polls(rig.s, &p, 1, rig.watchlist, &rig.err), 0);
}

START_TEST(test_feeds_follow_the_configuration)
{
	static const struct store_feed_key first[] = {
	    KEY("b", "https://example.org/b", ""), KEY("a", "https://example.org/a", "Mine")};
	struct store_feed *feeds = sync_keys(first, 2, 1000);
	ck_assert_str_is(feeds[0].key, "b");
	ck_assert_str_is(feeds[1].key, "a");
	ck_assert_str_is(feeds[1].title, "Mine");
	ck_assert(feeds[0].added_at == 1000 && feeds[0].configured && feeds[0].last_success_at == TIME_NONE);

	static const struct store_feed_key second[] = {KEY("a", "https://example.org/a", "")};
	sync_keys(second, 1, 2000);
	ck_assert(!feed("b").configured && feed("a").configured);
	ck_assert(str_empty(feed("a").title));
	size_t count;
	ck_assert_int_eq(store_list_feeds(rig.s, false, &rig.arena, &feeds, &count, &rig.err), 0);
	ck_assert_uint_eq(count, 1);

	sync_keys(first, 2, 3000);
	ck_assert(feed("b").configured && feed("b").added_at == 1000);
	ck_assert_str_is(events(), "removed returned");
}
END_TEST

START_TEST(test_a_removed_feed_keeps_its_items)
{
	int64_t id = rig_feed("a");
	RIG_POLL(id, 5000, {"1", NULL, "One", "x", NULL});
	sync_keys(NULL, 0, 6000);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), 1);
	ck_assert_int_eq(feed("a").item_count, 1);
}
END_TEST

START_TEST(test_another_address_drops_the_validators_and_the_backoff)
{
	int64_t id = rig_feed("a");
	RIG_POLL(id, 5000, {"1", NULL, "One", "x", NULL});
	ck_assert(!str_empty(feed("a").etag));
	bad_poll(id, 6000, ERR_HTTP_NOT_FOUND, "gone away");
	static const struct store_feed_key moved[] = {KEY("a", "https://example.net/a", "")};
	struct store_feed *f = sync_keys(moved, 1, 7000);
	ck_assert_str_is(f->url, "https://example.net/a");
	ck_assert(f->etag.s == NULL && f->body_hash.lo == 0 && f->next_due_at == TIME_NONE && f->error == ERR_NONE &&
	          f->sched.failures == 0);
	ck_assert(f->last_success_at == 5000 && f->item_count == 1);
	ck_assert_str_is(events(), "failing address_changed");
}
END_TEST

START_TEST(test_validators_come_back_byte_for_byte)
{
	int64_t id = rig_feed("a");
	rig_draft(id, 5000, &(struct draft){"1", NULL, "One", "x", NULL}, 1);
	rig.poll.etag = STR_LIT("W/\"caf\xe9 \"");
	rig.poll.last_modified = STR_LIT("Mon, 23 Nov 2026 14:35:00 GMT");
	ck_assert_int_eq(rig_commit(), 0);
	ck_assert(str_eq(feed("a").etag, rig.poll.etag));
	ck_assert(str_eq(feed("a").last_modified, rig.poll.last_modified));
	ck_assert(feed("a").body_hash.lo == 5000 && feed("a").body_hash.hi == 1);
}
END_TEST

START_TEST(test_a_failing_feed_says_what_since_when_and_how_often)
{
	int64_t id = rig_feed("a");
	RIG_POLL(id, 5000, {"1", NULL, "One", "x", NULL});
	bad_poll(id, 6000, ERR_HTTP_SERVER, "status 500");
	bad_poll(id, 7000, ERR_HTTP_SERVER, "status 502");
	struct store_feed f = feed("a");
	ck_assert_int_eq(f.error, ERR_HTTP_SERVER);
	ck_assert_str_is(f.error_text, "status 502");
	ck_assert(f.error_since_at == 6000 && f.error_at == 7000 && f.error_count == 2 && f.http_status == 500);
	ck_assert(f.last_success_at == 5000 && f.last_attempt_at == 7000 && f.next_due_at == 67000);
	ck_assert_str_eq(f.next_why, "backing off");
	ck_assert(
	    f.sched.failures == 2 && f.sched.interval_ms == 900000 && f.sched.weight > 1.49 && f.sched.weight < 1.51);
	bad_poll(id, 8000, ERR_DNS, "no such host");
	ck_assert(feed("a").error_since_at == 6000);
	RIG_POLL(id, 9000, {"1", NULL, "One", "x", NULL});
	f = feed("a");
	ck_assert(f.error == ERR_NONE && f.error_count == 0 && f.error_since_at == TIME_NONE && f.poll_count == 5);
	ck_assert_str_is(events(), "failing failing_differently working");
}
END_TEST

START_TEST(test_a_poll_without_news_keeps_the_time_of_the_last_news)
{
	int64_t id = rig_feed("a");
	const struct draft d = {"1", NULL, "One", "x", NULL};
	rig_poll(id, 5000, &d, 1);
	rig_poll(id, 6000, &d, 1);
	ck_assert(feed("a").last_new_at == 5000 && feed("a").last_success_at == 6000);
	ck_assert_str_is(feed("a").title, "Example");
}
END_TEST

START_TEST(test_a_configured_title_stands_before_the_documents)
{
	int64_t id = rig_feed("a");
	static const struct store_feed_key titled[] = {KEY("a", "https://example.org/a.xml", "Mine")};
	sync_keys(titled, 1, 2000);
	RIG_POLL(id, 5000, {"1", NULL, "One", "x", NULL});
	ck_assert_str_is(feed("a").title, "Mine");
	static const struct store_feed_key untitled[] = {KEY("a", "https://example.org/a.xml", "")};
	sync_keys(untitled, 1, 6000);
	ck_assert_str_is(feed("a").title, "Example");
}
END_TEST

START_TEST(test_ten_thousand_feeds_are_synced_in_one_go)
{
	size_t count = 10000;
	struct store_feed_key *keys = calloc(count, sizeof *keys);
	ck_assert_ptr_nonnull(keys);
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct store_feed_key){arena_printf(&rig.arena, "feed-%zu", i),
		    arena_printf(&rig.arena, "https://example.org/%zu", i), STR_NONE};
	struct store_feed *feeds = sync_keys(keys, count, 1000);
	ck_assert_str_is(feeds[9999].key, "feed-9999");
	int64_t version = rig_number("SELECT count(*) FROM events");
	sync_keys(keys, count, 2000);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM events"), version);
	free(keys);
}
END_TEST

static void
give_course(void *ctx, struct store_poll *p, const struct store_seen *seen)
{
	static struct store_course course;
	static const struct store_poll_event told[] = {{"moved", STR_LIT("there")}, {"gap_suspected", STR_NONE}};
	*(struct store_seen *)ctx = *seen;
	course = (struct store_course){.adopted_url = STR_LIT("https://a.example/"),
	    .moved_url = STR_LIT("https://b.example/"),
	    .moved_count = 2,
	    .moved_since_at = 11,
	    .full_at = 12,
	    .gone_at = TIME_NONE,
	    .gap_at = 13,
	    .gap_count = 4,
	    .wait_ms = 5,
	    .skip_hours = 1u << 23,
	    .skip_days = 64,
	    .items_per_week = 1.5,
	    .told_failing_at = 14};
	p->course = &course;
	p->events = told;
	p->event_count = 2;
	p->hold = (struct store_hold){.host = STR_LIT("a.example"), .why = STR_LIT("429"), .until_at = 99000};
}

START_TEST(test_what_is_decided_inside_the_transaction_is_stored_with_it)
{
	int64_t id = rig_feed("a");
	RIG_POLL(id, 5000, {"1", NULL, "One", "x", NULL}, {"2", NULL, "Two", "y", NULL});
	struct store_seen seen = {0};
	struct store_poll p = {
	    .feed_id = id, .at = 6000, .http_status = 304, .decide = give_course, .ctx = &seen, .next_why = ""};
	ck_assert_int_eq(store_commit_polls(rig.s, &p, 1, NULL, &rig.err), 0);
	ck_assert(seen.had_items && seen.known == 0 && seen.fresh == 0 && seen.last_new_at == 5000);
	struct store_course c = feed("a").course;
	ck_assert_str_is(c.adopted_url, "https://a.example/");
	ck_assert_str_is(c.moved_url, "https://b.example/");
	ck_assert(c.moved_count == 2 && c.moved_since_at == 11 && c.full_at == 12 && c.gone_at == TIME_NONE);
	ck_assert(c.gap_at == 13 && c.gap_count == 4 && c.wait_ms == 5 && c.skip_hours == 1u << 23 && c.skip_days == 64);
	ck_assert(c.items_per_week > 1.4 && c.items_per_week < 1.6 && c.told_failing_at == 14);
	ck_assert_str_is(events(), "moved gap_suspected");
}
END_TEST

START_TEST(test_holds_last_until_their_end_and_the_later_one_stands)
{
	struct store_hold h = {.host = STR_LIT("a.example"), .why = STR_LIT("429"), .until_at = 5000}, *got;
	size_t n;
	ck_assert_int_eq(store_hold_host(rig.s, &h, &rig.err), 0);
	h.until_at = 3000; /* sooner: changes nothing */
	ck_assert_int_eq(store_hold_host(rig.s, &h, &rig.err), 0);
	h = (struct store_hold){.host = STR_LIT("b.example"), .why = STR_LIT("503"), .until_at = DAY_MS * 900};
	ck_assert_int_eq(store_hold_host(rig.s, &h, &rig.err), 0);
	ck_assert_int_eq(store_list_holds(rig.s, 4000, DAY_MS, &rig.arena, &got, &n, &rig.err), 0);
	ck_assert_uint_eq(n, 1); /* the other one lies too far ahead to be true */
	ck_assert_str_is(got[0].host, "a.example");
	ck_assert_int_eq(got[0].until_at, 5000);
	ck_assert_int_eq(store_list_holds(rig.s, 5000, DAY_MS, &rig.arena, &got, &n, &rig.err), 0);
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(test_an_event_may_be_about_no_feed)
{
	struct store_happening h = {.at = 7000, .kind = "network_down", .text = STR_LIT("so")};
	ck_assert_int_eq(store_add_events(rig.s, &h, 1, &rig.err), 0);
	struct store_event *got;
	size_t n;
	ck_assert_int_eq(store_list_events(rig.s, 0, 10, &rig.arena, &got, &n, &rig.err), 0);
	ck_assert_uint_eq(n, 1);
	ck_assert(got[0].feed.s == NULL && got[0].at == 7000);
	ck_assert_str_is(got[0].kind, "network_down");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, rig_setup, rig_teardown);
	tcase_add_checked_fixture(tc, rig_open, NULL);
	tcase_add_test(tc, test_feeds_follow_the_configuration);
	tcase_add_test(tc, test_a_removed_feed_keeps_its_items);
	tcase_add_test(tc, test_another_address_drops_the_validators_and_the_backoff);
	tcase_add_test(tc, test_validators_come_back_byte_for_byte);
	tcase_add_test(tc, test_a_failing_feed_says_what_since_when_and_how_often);
	tcase_add_test(tc, test_a_poll_without_news_keeps_the_time_of_the_last_news);
	tcase_add_test(tc, test_a_configured_title_stands_before_the_documents);
	tcase_add_test(tc, test_what_is_decided_inside_the_transaction_is_stored_with_it);
	tcase_add_test(tc, test_holds_last_until_their_end_and_the_later_one_stands);
	tcase_add_test(tc, test_an_event_may_be_about_no_feed);
	tcase_add_test(tc, test_ten_thousand_feeds_are_synced_in_one_go);
}

int
main(void)
{
	return tap_run("store/feeds", suite);
}
