#include "store_rig.h"

#include "base/clock.h"

/*
 * Which items are one page: by the links that feeds write, and by what pages say of themselves (rel=canonical).
 */

static void
start(void)
{
	rig_setup();
	rig_open();
	rig_use_window();
}

/* Texts that have nothing in common, so that only their pages make them one. */
static const char *const texts[] = {"Ferries stopped at noon, Putin was told, when fog came in from the north.",
    "Seven bakers in Helmsund, a Putin among them, won prizes for rye bread on Sunday.",
    "The council of Arden will vote on parking again.", "Chess: Ilse Varga draws with black and stays ahead.",
    "An old oak fell across the road to Tarvik last night."};

/* One item in a poll of its own; its page may be asked for. Returns its number. */
static int64_t
add(int64_t feed, int64_t at, const char *guid, const char *link, const char *title, int text)
{
	const struct draft draft = {guid, link, title, texts[text], "desk"};
	rig_draft(feed, at, &draft, 1);
	rig.poll.articles_max = 1;
	ck_assert_int_eq(rig_commit(), 0);
	return rig.items[0].id;
}

/* The page of an item comes from `url` and says that it belongs at `canonical`. */
static void
page(int64_t item, const char *url, const char *canonical)
{
	static const struct str watches[] = {STR_LIT("talks")};
	struct watch_result none = {0};
	const struct store_article a = {.item_id = item,
	    .at = 100000,
	    .error_text = STR_NONE,
	    .http_status = 200,
	    .url = str_from(url),
	    .canonical = str_from(canonical),
	    .text = STR_LIT("What the page says is not looked at here."),
	    .found = {.matches = &none, .watches = watches, .watch_count = 1}};
	ck_assert_int_eq(store_article_ask(rig.s, item, 99999, &rig.err), 0);
	int rc = store_article_commit(rig.s, &a, rig.watchlist, &rig.err);
	ck_assert_msg(rc == 0, "%s", rig.err.msg);
}

/* Of which item it is a copy; 0: of none. */
static int64_t
copy_of(int64_t item)
{
	const char *sql = arena_printf(
	    &rig.arena, "SELECT coalesce(max(duplicate_of), 0) FROM story_items WHERE item_id = %lld", (long long)item)
	                      .s;
	return rig_number(sql);
}

static bool
one_story(int64_t a, int64_t b)
{
	const char *sql =
	    arena_printf(&rig.arena, "SELECT count(DISTINCT story_id) FROM story_items WHERE item_id IN (%lld, %lld)",
	        (long long)a, (long long)b)
	        .s;
	return rig_number(sql) == 1;
}

START_TEST(test_a_page_that_belongs_where_another_item_leads_makes_the_later_one_a_copy)
{
	int64_t a = add(rig_feed("a"), 1000, "1", "https://a.example/news/pier", "The pier is open", 0);
	int64_t b = add(rig_feed("b"), 2000, "1", "https://go.example/x7", "New landing stage", 1);
	ck_assert_int_eq(copy_of(b), 0);
	page(a, "https://a.example/news/pier", "");
	page(b, "https://a.example/amp/pier", "https://a.example/news/pier?utm_source=b#top");
	ck_assert_int_eq(copy_of(b), a);
	ck_assert_int_eq(copy_of(a), 0);
	ck_assert(one_story(a, b));
	/* whichever page came first */
	int64_t c = add(rig_feed("c"), 3000, "1", "https://go.example/y1", "Prices fall", 2);
	page(c, "https://c.example/prices/1", "https://c.example/prices/final");
	int64_t d = add(rig_feed("d"), 4000, "1", "https://c.example/prices/final", "Cheaper bread", 3);
	page(d, "https://c.example/prices/final", "");
	ck_assert_int_eq(copy_of(d), c);
	ck_assert_int_eq(copy_of(c), 0);
}
END_TEST

START_TEST(test_a_detour_leads_to_the_page_where_it_ends)
{
	int64_t a = add(rig_feed("a"), 1000, "1", "https://short.example/1", "The pier is open", 0);
	int64_t b = add(rig_feed("b"), 2000, "1", "https://other.example/2", "New landing stage", 1);
	page(a, "https://a.example/news/pier", "");
	page(b, "https://a.example/news/pier?fbclid=1", "");
	ck_assert_int_eq(copy_of(b), a);
}
END_TEST

START_TEST(test_front_pages_and_sections_are_not_believed)
{
	int64_t a = rig_feed("a"), b = rig_feed("b");
	static const char *const said[] = {
	    "https://a.example/", "https://a.example", "https://a.example/?utm_source=x", "https://a.example/news"};
	int64_t items[4];
	add(b, 500, "s", "https://a.example/news", "All the news", 4);
	for (int i = 0; i < 4; i++) {
		const char *link = arena_printf(&rig.arena, "https://a.example/news/%d", i).s;
		items[i] =
		    add(i % 2 ? a : b, 1000 + i, link, link, arena_printf(&rig.arena, "Title number %d", i).s, i);
		page(items[i], link, said[i]);
	}
	ck_assert_int_eq(rig_number("SELECT count(*) FROM story_items WHERE duplicate_of IS NOT NULL"), 0);
	ck_assert_int_eq(rig_number("SELECT count(DISTINCT story_id) FROM story_items"), 5);
	/* a page that is a front page belongs nowhere */
	int64_t c = add(rig_feed("c"), 5000, "1", "https://go.example/1", "Home", 0);
	int64_t d = add(rig_feed("d"), 6000, "1", "https://go.example/2", "Welcome", 1);
	page(c, "https://home.example/", "");
	page(d, "https://home.example/", "https://home.example/");
	ck_assert_int_eq(copy_of(d), 0);
	ck_assert_int_eq(rig_number("SELECT count(*) FROM articles WHERE page = 0"), 0);
}
END_TEST

START_TEST(test_within_one_feed_only_the_same_title_is_the_same_page)
{
	int64_t a = rig_feed("a");
	int64_t one = add(a, 1000, "1", "https://go.example/1", "Live: the storm", 0);
	int64_t two = add(a, 2000, "2", "https://go.example/2", "Live: the day after", 1);
	int64_t three = add(a, 3000, "3", "https://go.example/3", " Live: the storm ", 2);
	page(one, "https://a.example/live", "");
	page(two, "https://a.example/live", "");
	ck_assert_msg(copy_of(two) == 0, "a page that goes on has many items");
	/* the feed has two items there now, so the address does not say which one is meant */
	page(three, "https://a.example/live", "");
	ck_assert_int_eq(copy_of(three), 0);
	int64_t four = add(a, 4000, "4", "https://go.example/4", "Bridge opens", 3);
	int64_t five = add(a, 5000, "5", "https://go.example/5", "Bridge opens", 4);
	page(four, "https://a.example/bridge", "");
	page(five, "https://a.example/bridge", "");
	ck_assert_int_eq(copy_of(five), four);
}
END_TEST

START_TEST(test_a_new_item_that_leads_to_a_known_page_is_a_copy)
{
	int64_t a = add(rig_feed("a"), 1000, "1", "https://go.example/x7", "The pier is open", 0);
	page(a, "https://a.example/news/pier", "");
	int64_t b =
	    add(rig_feed("b"), 2000, "1", "https://a.example/news/pier?utm_medium=feed", "New landing stage", 1);
	ck_assert_int_eq(copy_of(b), a);
	ck_assert_str_eq(rig_text("SELECT group_concat(item_id || sink || state) FROM outbox").s, "1desk0");
	/* of links that nobody fetched the title has to agree */
	int64_t c = add(rig_feed("c"), 3000, "1", "https://c.example/poll", "Who should win?", 2);
	int64_t d = add(rig_feed("d"), 4000, "1", "https://c.example/poll", "Vote now", 3);
	int64_t e = add(rig_feed("e"), 5000, "1", "https://c.example/poll", "Who should win?", 4);
	ck_assert_int_eq(copy_of(c), 0);
	ck_assert_int_eq(copy_of(d), 0);
	ck_assert_int_eq(copy_of(e), c);
}
END_TEST

START_TEST(test_what_was_put_apart_by_hand_stays_apart)
{
	int64_t a = add(rig_feed("a"), 1000, "1", "https://a.example/news/pier", "The pier is open", 0);
	int64_t b = add(rig_feed("b"), 2000, "1", "https://go.example/x7", "New landing stage", 1), story;
	int64_t c = add(rig_feed("c"), 2500, "1", "https://go.example/x8", "Stage lands", 2);
	page(a, "https://a.example/news/pier", "");
	page(b, "https://a.example/news/pier", "");
	int rc = store_split_story(rig.s, b, 3000, &story, &rig.err);
	ck_assert_msg(rc == 0, "%s", rig.err.msg);
	ck_assert(!one_story(a, b));
	page(c, "https://a.example/news/pier", "");
	ck_assert_int_eq(copy_of(c), a);
	ck_assert(!one_story(a, b));
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, rig_teardown);
	tcase_add_test(tc, test_a_page_that_belongs_where_another_item_leads_makes_the_later_one_a_copy);
	tcase_add_test(tc, test_a_detour_leads_to_the_page_where_it_ends);
	tcase_add_test(tc, test_front_pages_and_sections_are_not_believed);
	tcase_add_test(tc, test_within_one_feed_only_the_same_title_is_the_same_page);
	tcase_add_test(tc, test_a_new_item_that_leads_to_a_known_page_is_a_copy);
	tcase_add_test(tc, test_what_was_put_apart_by_hand_stays_apart);
}

int
main(void)
{
	return tap_run("store/pages", suite);
}
