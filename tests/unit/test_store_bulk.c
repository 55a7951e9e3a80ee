#include "faultvfs.h"
#include "rng.h"
#include "store_rig.h"

#include "store/bulk.h"
#include "store/stories.h"

/* Rows that wait to be written are there for whoever asks for them, and nobody can tell that they ever waited. */

static void
start(void)
{
	rig_setup();
	faultvfs_register();
	rig_open();
}

/* ---- histories ---- */

#define FEEDS 6u
#define POLLS 80u
#define GROUP_MAX 8u
#define ITEMS_MAX 14u

static const char *const texts[] = {
    "A ferry with 212 passengers ran aground in thick fog off the island of Tarvik on Monday, the coast guard said. "
    "Tugs pulled the vessel free at high water and brought it to Helmsund.",
    "The ferry with 212 passengers that ran aground in thick fog off the island of Tarvik on Monday was pulled free by "
    "tugs, the coast guard said. It was brought to Helmsund at high water.",
    "The bridge over the river Alm reopens on Friday after two years of work, the mayor said. Putin sent a telegram.",
    "Prices of grain rose by 12 percent in Korvath, the ministry said on Tuesday; Zelenskiy asked for talks.",
    "Heavy rain closed three roads in the hills above Lusmark on Wednesday evening.",
};
static const char *const titles[] = {"Ferry runs aground", "Ferry pulled free", "Bridge opens", "Grain is dear", "Rain"};
#define TEXTS (sizeof texts / sizeof *texts)

/* Few addresses, ids and texts, so that everything meets everything. */
static struct draft
any_draft(uint64_t *dice)
{
	size_t text = rng_below(dice, TEXTS), link = rng_below(dice, 40);
	struct draft d = {.title = titles[text], .text = texts[text], .sinks = rng_below(dice, 4) == 0 ? "desk" : ""};
	if (rng_below(dice, 5) > 0)
		d.guid = arena_printf(&rig.arena, "g%u", (unsigned)rng_below(dice, 60)).s;
	if (rng_below(dice, 8) > 0)
		d.link = arena_printf(&rig.arena, "https://%c.example/%zu%s", "ab"[link % 2], link,
		    rng_below(dice, 3) == 0 ? "?utm_source=x" : "")
		             .s;
	if (rng_below(dice, 3) == 0)
		d.title = arena_printf(&rig.arena, "%s (%u)", d.title, (unsigned)rng_below(dice, 50)).s;
	return d;
}

struct drafted {
	struct store_poll poll;
	struct store_new_item items[ITEMS_MAX];
};

static void
draft_any(struct drafted *d, const int64_t feeds[FEEDS], int64_t at, uint64_t *dice)
{
	struct draft drafts[ITEMS_MAX];
	size_t count = rng_below(dice, ITEMS_MAX + 1);
	for (size_t i = 0; i < count; i++)
		drafts[i] = any_draft(dice);
	rig_draft(feeds[rng_below(dice, FEEDS)], at, drafts, count);
	d->poll = rig.poll;
	d->poll.items = d->items;
	memcpy(d->items, rig.items, sizeof d->items);
}

static bool
write_all(void *ctx)
{
	(void)ctx;
	ck_assert_int_eq(bulk_write(rig.s), SQLITE_OK);
	return false;
}

/* A part of a group is written, more than once, and then a poll comes that cannot be: there is no such feed. */
static void
fail_group(struct drafted *polls, size_t count, uint64_t *dice)
{
	for (size_t times = rng_below(dice, 3); times > 0; times--) {
		struct store_poll nobody = {.feed_id = 999, .at = 1, .http_status = 200, .next_why = "interval"};
		size_t part = rng_below(dice, count + 1);
		for (size_t i = 0; i < part; i++)
			ck_assert_int_eq(store_group_add(rig.s, &polls[i].poll, rig.watchlist, NULL, NULL, &rig.err), 1);
		ck_assert_int_eq(store_group_add(rig.s, &nobody, rig.watchlist, NULL, NULL, &rig.err), -1);
		ck_assert(!store_group_open(rig.s));
	}
}

static void
commit_group(struct drafted *polls, size_t count, bool at_once)
{
	for (size_t i = 0; i < count; i++) {
		int rc =
		    store_group_add(rig.s, &polls[i].poll, rig.watchlist, at_once ? write_all : NULL, NULL, &rig.err);
		ck_assert_msg(rc == 1, "%s", rc < 0 ? rig.err.msg : "");
		if (at_once)
			write_all(NULL);
	}
	int rc = store_group_end(rig.s, NULL, NULL, &rig.err);
	ck_assert_msg(rc == 1, "%s", rc < 0 ? rig.err.msg : "");
}

/* Everything of a table. */
static void
dump(struct buf *out, const char *columns, const char *table)
{
	const char *sql = arena_printf(&rig.arena,
	    "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT concat AS line FROM (SELECT %s AS concat "
	    "FROM "
	    "%s ORDER BY 1))",
	    columns, table)
	                      .s;
	struct str text = rig_text(sql);
	ck_assert(buf_printf(out, "%s\n%.*s\n", table, STR_ARG(text)));
}

#define Q(column) "quote(" column ") || ' ' || "

static struct str
dump_all(void)
{
	struct buf b;
	buf_init(&b, 0);
	dump(&b,
	    Q("id") Q("feed_id") Q("matched") Q("first_seen_at") Q("changed_at") Q("alias") Q("guid") Q("link")
	        Q("title") Q("summary") "bytes",
	    "items");
	dump(&b, Q("feed_id") Q("key") Q("item_id") Q("content") Q("seen_at") Q("first_at") Q("link") "quote(page)",
	    "sightings");
	dump(&b, Q("item_id") Q("entity_id") "mentions", "matches");
	dump(&b, Q("item_id") "watch_id", "item_watches");
	dump(&b, Q("id") Q("first_at") Q("last_at") Q("headline_id") Q("source_count") "item_count", "stories");
	dump(&b, Q("story_id") Q("feed_id") Q("item_id") Q("at") "nth", "story_sources");
	dump(&b, Q("item_id") Q("story_id") Q("duplicate_of") Q("weight") Q("nth") "quote(signature)", "story_items");
	dump(&b, Q("item_id") Q("sink") Q("state") "id", "outbox");
	dump(&b, Q("item_id") Q("at") "quote(title)", "revisions");
	dump(&b, Q("id") Q("item_count") "quote(title)", "feeds");
	dump(&b, Q("feed_id") Q("at") Q("kind") "quote(text)", "events");
	dump(&b, Q("name") "seq", "sqlite_sequence");
	struct str text = arena_str(&rig.arena, buf_view(&b));
	ck_assert_ptr_nonnull(text.s);
	buf_done(&b);
	return text;
}

static struct str
live(int nth, bool at_once, bool threaded, bool fails)
{
	int64_t feeds[FEEDS];
	uint64_t dice = 100 + (uint64_t)nth, troubles = dice + 1;
	struct drafted *polls = calloc(GROUP_MAX, sizeof *polls);
	ck_assert_ptr_nonnull(polls);
	rig.threaded = threaded;
	rig.window_items = nth % 2 == 0 ? 0 : 5; /* fewer than a group brings */
	rig_use_window();
	for (size_t i = 0; i < FEEDS; i++)
		feeds[i] = rig_feed((const char[]){(char)('a' + i), '\0'});
	for (size_t n = 0; n < POLLS;) {
		size_t count = 1 + rng_below(&dice, GROUP_MAX);
		for (size_t i = 0; i < count; i++)
			draft_any(&polls[i], feeds, (int64_t)(1000 + ++n * 60000), &dice);
		if (fails)
			fail_group(polls, count, &troubles);
		commit_group(polls, count, at_once);
	}
	free(polls);
	rig_check_invariants();
	return dump_all();
}

static void
begin_anew(void)
{
	rig_teardown();
	rig_setup();
	rig_open();
}

/* … nor that a thread decided about stories meanwhile, or that it took several attempts. */
START_TEST(test_nobody_can_tell_that_rows_waited)
{
	struct buf waited;
	buf_init(&waited, 0);
	ck_assert(buf_str(&waited, live(_i, false, false, false)));
	/* what is to meet has met */
	ck_assert_int_gt(rig_number("SELECT count(*) FROM stories WHERE source_count > 1"), 2);
	ck_assert_int_gt(
	    rig_number("SELECT count(*) FROM (SELECT 1 FROM sightings GROUP BY item_id HAVING count(*) > 1)"), 5);
	ck_assert_int_gt(rig_number("SELECT count(*) FROM story_items WHERE duplicate_of IS NOT NULL"), 5);
	ck_assert_int_gt(rig_number("SELECT count(*) FROM revisions"), 5);
	ck_assert_int_gt(rig_number("SELECT count(*) FROM outbox"), 5);
	begin_anew();
	ck_assert(str_eq(live(_i, true, false, false), buf_view(&waited)));
	for (int fails = 0; fails < 2; fails++) {
		for (int threaded = 0; threaded < 2; threaded++) {
			begin_anew();
			ck_assert(str_eq(live(_i, false, threaded, fails), buf_view(&waited)));
		}
	}
	buf_done(&waited);
}
END_TEST

/* ---- whoever asks ---- */

#define MANY 30u

static void
draft_many(const char *feed, long nth)
{
	struct draft drafts[MANY];
	for (size_t i = 0; i < MANY; i++)
		drafts[i] = (struct draft){.guid = arena_printf(&rig.arena, "%ld-%zu", nth, i).s,
		    .title = arena_printf(&rig.arena, "Putin %zu", i).s,
		    .text = "x",
		    .sinks = ""};
	rig_draft(rig_feed(feed), 5000, drafts, MANY);
}

START_TEST(test_who_asks_in_the_midst_of_a_group_is_told_all)
{
	struct record r;
	draft_many("a", 0);
	ck_assert_int_eq(store_group_add(rig.s, &rig.poll, rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_uint_gt(rig.s->bulk.waiting, 0);
	ck_assert_int_eq(store_item(rig.s, rig.items[MANY - 1].id, &rig.arena, &r, &rig.err), 0);
	ck_assert_str_is(r.title, "Putin 29");
	ck_assert_uint_eq(r.source_count, 1);
	ck_assert_uint_eq(r.match_count, 1);
	ck_assert_uint_eq(r.watch_count, 1);
	ck_assert_int_ne(r.story.id, 0);
	ck_assert_uint_eq(rig.s->bulk.waiting, 0);
	ck_assert_int_eq(store_group_end(rig.s, NULL, NULL, &rig.err), 1);
	rig_check_invariants();
}
END_TEST

START_TEST(test_who_writes_in_the_midst_of_a_group_leaves_nothing_of_it_out)
{
	const struct store_happening happening = {.at = 1, .kind = "network_down"};
	draft_many("a", 0);
	ck_assert_int_eq(store_group_add(rig.s, &rig.poll, rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert_uint_gt(rig.s->bulk.waiting, 0);
	ck_assert_int_eq(store_add_events(rig.s, &happening, 1, &rig.err), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), MANY);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM matches"), MANY);
	ck_assert_int_eq(store_group_end(rig.s, NULL, NULL, &rig.err), 1);
	rig_check_invariants();
}
END_TEST

START_TEST(test_an_item_that_waits_is_known_to_the_next_feed_and_to_its_own)
{
	static const struct draft one = {"1", "https://a.example/1", "Putin", "He came.", ""},
	                          same = {"x", "https://a.example/1?utm_source=b", "Putin", "He came.", ""},
	                          other = {"y", "https://a.example/1", "Putin", "He went.", ""};
	static const struct draft *const drafts[] = {&one, &same, &other, &one};
	struct store_new_item items[4];
	struct store_poll polls[4];
	for (size_t i = 0; i < 4; i++) {
		rig_draft(rig_feed((const char[]){"abca"[i], '\0'}), 5000 + (int64_t)i, drafts[i], 1);
		items[i] = rig.items[0];
		polls[i] = rig.poll;
		polls[i].items = &items[i];
	}
	ck_assert_int_eq(store_commit_polls(rig.s, polls, 4, rig.watchlist, &rig.err), 0);
	ck_assert(items[0].is_new && items[1].sighted && !items[1].is_new && items[2].is_new && !items[3].is_new);
	ck_assert_int_eq(items[1].id, items[0].id);
	ck_assert_int_eq(items[2].duplicate_of, items[0].id);
	ck_assert_int_eq(items[3].id, items[0].id);
	rig_check_invariants();
}
END_TEST

START_TEST(test_the_window_is_given_the_signature_of_an_item_that_waits)
{
	struct str signature = STR_NONE;
	rig_use_window();
	rig_draft(rig_feed("a"), 5000, &(const struct draft){"1", NULL, titles[0], texts[0], ""}, 1);
	ck_assert_int_eq(store_group_add(rig.s, &rig.poll, rig.watchlist, NULL, NULL, &rig.err), 1);
	ck_assert(bulk_has_item(rig.s, rig.items[0].id));
	ck_assert_int_eq(store_fetch_signature(rig.s, rig.items[0].id, &rig.arena, &signature, &rig.err), 0);
	ck_assert_uint_gt(signature.len, 0);
	ck_assert_int_eq(store_group_end(rig.s, NULL, NULL, &rig.err), 1);
}
END_TEST

/* Whatever somebody's question ran into while it had the rows written: the group does not stand without them. */
START_TEST(test_what_cannot_be_written_takes_the_group_along)
{
	bool fired = true;
	unsigned failed = 0;
	int64_t stored = 0, other = rig_feed("c");
	draft_many("a", 0);
	ck_assert_int_eq(rig_commit(), 0);
	for (long n = 1; fired; n++) {
		struct record r;
		ck_assert_int_lt(n, 1000);
		rig_reopen();
		/* what does not fit is written before the commit */
		ck_assert_int_eq(sqlite3_exec(rig.s->db, "PRAGMA cache_size = 4", NULL, NULL, NULL), SQLITE_OK);
		draft_many("b", n);
		ck_assert_int_eq(store_group_add(rig.s, &rig.poll, rig.watchlist, NULL, NULL, &rig.err), 1);
		int64_t before = 30 * n;
		faultvfs_arm(FAULT_IO, n, true);
		int rc = store_item(rig.s, rig.items[0].id, &rig.arena, &r, &rig.err);
		fired = faultvfs_fired();
		failed += rc < 0;
		ck_assert(rc >= 0 || fired);
		struct store_poll next = {.feed_id = other, .at = 7000, .http_status = 200, .next_why = "interval"};
		int added = store_group_add(rig.s, &next, rig.watchlist, NULL, NULL, &rig.err);
		ck_assert_int_eq(added, rc < 0 ? -1 : 1);
		if (added < 0 || store_group_end(rig.s, NULL, NULL, &rig.err) < 0) {
			ck_assert(rc < 0);
			ck_assert_int_eq(rig_number("SELECT sum(poll_count) FROM feeds WHERE key = 'c'"), stored);
			ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), before);
			ck_assert_int_eq(rig_commit(), 0);
		} else {
			stored++;
		}
		ck_assert_int_eq(rig_number("SELECT count(*) FROM items"), before + 30);
		rig_check_invariants();
	}
	ck_assert_uint_gt(failed, 0);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, start, rig_teardown);
	tcase_add_loop_test(tc, test_nobody_can_tell_that_rows_waited, 0, 12);
	tcase_add_test(tc, test_who_asks_in_the_midst_of_a_group_is_told_all);
	tcase_add_test(tc, test_who_writes_in_the_midst_of_a_group_leaves_nothing_of_it_out);
	tcase_add_test(tc, test_an_item_that_waits_is_known_to_the_next_feed_and_to_its_own);
	tcase_add_test(tc, test_the_window_is_given_the_signature_of_an_item_that_waits);
	tcase_add_test(tc, test_what_cannot_be_written_takes_the_group_along);
}

int
main(void)
{
	return tap_run("store/bulk", suite);
}
