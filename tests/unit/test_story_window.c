#include "failing_alloc.h"
#include "rng.h"
#include "tap.h"

#include "base/clock.h"
#include "story/window.h"

#include <stdio.h>

/* The window and what it fetches from: the signatures of all that was added; item n is known as n + 1. */
static struct story_window *window;
static struct str signatures[2000];
static size_t stories[2000]; /* of each, the first item */
static size_t count;
static const uint32_t *entities; /* that what is added mentions */
static size_t entity_count;
static struct arena arena;

static int
fetch(void *ctx, int64_t item, struct arena *to, struct str *ret, struct err *err)
{
	*ret = item > 0 && (size_t)item <= count ? signatures[item - 1] : STR_NONE;
	return 0;
}

static void
start_with(size_t max_items, int64_t span_ms)
{
	struct story_window_options options = {.max_items = max_items, .span_ms = span_ms, .fetch = fetch};
	story_window_free(window);
	count = 0;
	arena_reset(&arena);
	window = story_window_new(&options);
	ck_assert_ptr_nonnull(window);
}

static void
start(void)
{
	window = NULL;
	arena_init(&arena, 0);
	start_with(1000, 0);
}

static void
stop(void)
{
	story_window_free(window);
	arena_done(&arena);
}

struct placed {
	size_t number, duplicate_of, story;
	double similarity;
};

static int
try_add(const char *feed, const char *title, const char *text, int64_t at, struct placed *out, struct err *err)
{
	struct story_text t = {str_from(title), str_from(text)};
	struct story_features f;
	struct story_signature s;
	struct story_place p;
	struct arena scratch;
	struct story_arrival a = {.feed = str_from(feed),
	    .features = &f,
	    .at = at,
	    .entities = entities,
	    .entity_count = entity_count,
	    .item = (int64_t)count + 1};
	arena_init(&scratch, 0);
	int rc = story_features(&t, &scratch, &f, err);
	if (rc == 0)
		rc = story_window_add(window, &a, &p, err);
	if (rc == 0) {
		(void)failing_alloc_fired(); /* what follows is the test's own */
		ck_assert_int_eq(story_signature_make(&f, &p.cut, entities, entity_count, &scratch, &s, err), 0);
		signatures[count] = story_signature_pack(&s, &arena);
		stories[count++] = p.joins == STORY_NONE ? p.number : stories[p.joins];
		ck_assert_int_eq(p.joins_item, p.joins == STORY_NONE ? 0 : (int64_t)p.joins + 1);
		*out = (struct placed){p.number, p.duplicate_of, stories[p.number], p.similarity};
	}
	arena_done(&scratch);
	return rc;
}

static struct placed
add_at(int64_t at, const char *feed, const char *title, const char *text)
{
	struct placed p;
	struct err err;
	ck_assert_int_eq(try_add(feed, title, text, at, &p, &err), 0);
	return p;
}

static struct placed
add(const char *feed, const char *title, const char *text)
{
	return add_at(0, feed, title, text);
}

#define FERRY \
	"HELMSUND, May 4 - A ferry with 212 passengers ran aground in thick fog off the island of Tarvik on Monday, " \
	"the coast guard " \
	"said. Three people were slightly hurt. Tugs pulled the vessel free at high water and brought it to " \
	"Helmsund, where divers " \
	"will look at the hull. The captain, a man of 61, told investigators that a navigation light had failed."

START_TEST(test_a_copy_under_another_headline_is_a_copy)
{
	ck_assert_uint_eq(add("a", "Ferry runs aground off Tarvik", FERRY).duplicate_of, STORY_NONE);
	struct placed p = add("b", "212 rescued in the fog | The Daily Lantern", FERRY);
	ck_assert_uint_eq(p.duplicate_of, 0);
	ck_assert_uint_eq(p.story, 0);
	ck_assert(p.similarity > 0.99);
}
END_TEST

START_TEST(test_shortened_and_lightly_edited_texts_are_copies)
{
	add("a", "Ferry runs aground off Tarvik", FERRY);
	ck_assert_uint_eq(add("b", "Grounding",
	                      "A ferry with 212 passengers ran aground in thick fog off the island of Tarvik on "
	                      "Monday, the coast guard said. "
	                      "Three people were slightly hurt.")
	                      .duplicate_of,
	    0);
	ck_assert_uint_eq(add("c", "Ferry hits rocks",
	                      "By our staff. A ferry carrying 212 passengers ran aground in dense fog off the island "
	                      "of Tarvik on Monday, the "
	                      "coastguard said. Three people were slightly injured. Tugs pulled the ship free at high "
	                      "water and took it to "
	                      "Helmsund, where divers will inspect the hull. The captain, a man of 61, told police "
	                      "that a navigation light "
	                      "had failed.")
	                      .duplicate_of,
	    0);
}
END_TEST

START_TEST(test_reports_from_one_mould_are_no_copies)
{
	add("a", "Norfell Mills Q1 results",
	    "Norfell Mills said net profit for the quarter was 4.1 mln dlrs vs 3.8 mln a year ago. Sales 52.6 mln vs "
	    "48.9 mln. Per share 61 "
	    "cts vs 55 cts.");
	ck_assert_uint_eq(add("a", "Norfell Mills Q2 results",
	                      "Norfell Mills said net profit for the quarter was 2.7 mln dlrs vs 3.3 mln a year ago. "
	                      "Sales 44.0 mln vs 47.5 "
	                      "mln. Per share 40 cts vs 49 cts.")
	                      .duplicate_of,
	    STORY_NONE);
	ck_assert_uint_eq(add("b", "Ostberg Glass Q1 results",
	                      "Ostberg Glass said net profit for the quarter was 9.2 mln dlrs vs 8.8 mln a year ago. "
	                      "Sales 151 mln vs 139 "
	                      "mln. Per share 17 cts vs 16 cts.")
	                      .duplicate_of,
	    STORY_NONE);
	ck_assert_msg(add("c", "Norfell Mills first quarter",
	                  "Norfell Mills said net profit for the quarter was 4.1 million dollars versus 3.8 million a "
	                  "year ago. Sales 52.6 "
	                  "million versus 48.9 million. Per share 61 cents versus 55 cents.")
	                      .duplicate_of == 0,
	    "the same figures are the same report");
}
END_TEST

START_TEST(test_a_notice_of_a_line_needs_its_title)
{
	add("a", "Brandt Foundry sets quarterly dividend",
	    "Qtly div 12 cts vs 12 cts prior. Pay April 30. Record April 10.");
	ck_assert_uint_eq(
	    add("b", "Ullman Paper quarterly payout", "Qtly div 12 cts vs 12 cts prior. Pay April 30. Record April 10.")
	        .duplicate_of,
	    STORY_NONE);
	ck_assert_uint_eq(add("c", "Brandt Foundry sets dividend",
	                      "Qtly div 12 cents versus 12 cents prior. Pay April 30. Record April 10.")
	                      .duplicate_of,
	    0);
}
END_TEST

START_TEST(test_headlines_of_one_event_are_one_story)
{
	static const char *const others[] = {"Parliament of Varland votes on fishing law",
	    "Storm closes schools in the north", "Museum shows lost letters of a poet",
	    "Central bank of Varland keeps rate", "Two climbers found alive after a week",
	    "Harvest of apples is the best in years"};
	add("a", "Volcano Hekkla erupts, airport of Sandvik closed", "");
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		ck_assert_uint_eq(add("b", others[i], "").story, i + 1);
	struct placed p = add("c", "Sandvik airport closed as volcano Hekkla erupts", "");
	ck_assert_uint_eq(p.story, 0);
	ck_assert_uint_eq(p.duplicate_of, STORY_NONE);
	ck_assert_uint_eq(add("d", "Hekkla eruption: flights from Sandvik cancelled", "").story, 0);
	ck_assert_uint_eq(add("e", "Вулкан извергается", "").story, 9);
}
END_TEST

static struct placed
add_about(const char *feed, const char *title, const char *text, const uint32_t *about, size_t n)
{
	entities = about;
	entity_count = n;
	struct placed p = add(feed, title, text);
	entity_count = 0;
	return p;
}

START_TEST(test_one_event_in_two_languages_is_one_story_by_its_facts)
{
	enum { MAYOR = 11, HARBOUR, UNION, MINISTER };
	static const uint32_t strike[] = {MAYOR, HARBOUR, UNION}, both[] = {MAYOR, HARBOUR, MINISTER},
	                      one[] = {HARBOUR};
	const char *german = "Nach vier Tagen kehren 1870 Arbeiter im Hafen von Tarvik an ihre Kräne zurück.";
	add_about("a", "Dockers end their strike",
	    "After four days 1,870 workers of the harbour of Tarvik go back to their cranes.", strike, 3);
	struct placed p = add_about("b", "Streik ist beendet", german, strike, 3);
	ck_assert_uint_eq(p.story, 0);
	ck_assert_uint_eq(p.duplicate_of, STORY_NONE);
	ck_assert_uint_eq(add_about("c", "Забастовка кончилась", "На работу вышли 1870 человек.", both, 3).story, 0);
	/* the same people, other numbers; the same numbers, one name; nobody that is tracked; one outlet's columns */
	ck_assert_uint_eq(add_about("d", "Neue Kräne bestellt", "Die Stadt kauft 24 Kräne.", strike, 3).story, 3);
	ck_assert_uint_eq(add_about("e", "Museum wächst", "Im Haus hängen 1870 Bilder.", one, 1).story, 4);
	ck_assert_uint_eq(add("f", "Sturm", "Der Sturm warf 1870 Bäume um.").story, 5);
	static const uint32_t council[] = {21, 22, 23};
	add_about("g", "The council at work", "It has met 345 times.", council, 3);
	ck_assert_uint_eq(add_about("g", "Кто есть кто", "В зале 345 мест.", council, 3).story, 7);
}
END_TEST

START_TEST(test_what_an_outlet_always_writes_makes_no_copies)
{
	static const char *const texts[] = {"The bridge over the river Alm reopens on Friday after two years of work.",
	    "A bakery in the old quarter won the prize for the best rye bread.",
	    "Schools will begin half an hour later from autumn on.", "The zoo has a new elephant, which came by ship.",
	    "Doctors ask for more beds in the eastern hospital.",
	    "The choir travels to Lisbon for a festival in June."};
	char text[400];
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		snprintf(text, sizeof text,
		    "From our own correspondent. %s Subscribe to the morning letter of the Harbour Gazette for all "
		    "that "
		    "matters, straight to your door. All rights reserved by the publisher.",
		    texts[i]);
		struct placed p = add("gazette", texts[i], text);
		ck_assert_msg(p.duplicate_of == STORY_NONE, "%s repeats %zu", texts[i], p.duplicate_of);
	}
}
END_TEST

START_TEST(test_empty_items_repeat_nothing)
{
	ck_assert_uint_eq(add("a", "", "").duplicate_of, STORY_NONE);
	struct placed p = add("a", "", "");
	ck_assert(p.duplicate_of == STORY_NONE && p.story == 1);
}
END_TEST

static void
invent(uint64_t *seed, char *text, size_t size, size_t words)
{
	size_t len = 0;
	for (size_t i = 0; i < words && len + 12 < size; i++)
		len += (size_t)snprintf(text + len, size - len, "w%x ", (unsigned)rng_below(seed, 3000));
}

START_TEST(test_the_window_moves_on_and_old_items_are_forgotten)
{
	char first[600], text[600];
	uint64_t seed = 7;
	start_with(50, 0);
	invent(&seed, first, sizeof first, 80);
	add("a", "first", first);
	for (int i = 1; i < 40; i++) {
		invent(&seed, text, sizeof text, 80);
		ck_assert_uint_eq(add("a", "", text).duplicate_of, STORY_NONE);
	}
	ck_assert_uint_eq(add("b", "", first).duplicate_of, 0);
	for (int i = 0; i < 500; i++) {
		invent(&seed, text, sizeof text, 80);
		ck_assert_uint_eq(add("a", "", text).duplicate_of, STORY_NONE);
	}
	ck_assert_uint_eq(add("b", "", first).duplicate_of, STORY_NONE);
	ck_assert_uint_eq(add("c", "", first).duplicate_of, 541);
}
END_TEST

START_TEST(test_memory_that_runs_out_leaves_the_window_as_it_was)
{
	size_t number = add("a", "Ferry runs aground off Tarvik", FERRY).number;
	struct placed p;
	struct err err;
	int rc = -1;
	for (long n = 1; rc < 0; n++) {
		failing_alloc_arm(n, false);
		rc = try_add("b", "Other", FERRY, 0, &p, &err);
		if (rc < 0 && !failing_alloc_fired())
			ck_abort_msg("failed for another reason: %s", err.msg);
		ck_assert(rc == 0 || err.code == ERR_NO_MEMORY);
		ck_assert(rc == 0 || n < 100);
	}
	ck_assert_uint_eq(p.number, number + 1);
	ck_assert_uint_eq(p.duplicate_of, number);
	bool made = false;
	for (long n = 1; !made; n++) {
		struct story_window_options options = {.max_items = 10, .fetch = fetch};
		failing_alloc_arm(n, true);
		struct story_window *w = story_window_new(&options);
		failing_alloc_fired();
		made = w != NULL;
		story_window_free(w);
	}
}
END_TEST

START_TEST(test_older_items_than_the_span_are_not_looked_at)
{
	start_with(100, HOUR_MS);
	add_at(10 * HOUR_MS, "a", "Ferry runs aground off Tarvik", FERRY);
	ck_assert_uint_eq(add_at(11 * HOUR_MS, "b", "Ferry aground", FERRY).duplicate_of, 0);
	ck_assert_uint_eq(add_at(20 * HOUR_MS, "c", "Ferry aground off Tarvik", FERRY).duplicate_of, STORY_NONE);
}
END_TEST

START_TEST(test_a_restored_window_decides_as_before)
{
	struct err err;
	char text[600];
	uint64_t seed = 3;
	for (int i = 0; i < 60; i++) {
		invent(&seed, text, sizeof text, 60);
		add("a", "", text);
	}
	add("a", "Ferry runs aground off Tarvik", FERRY);
	struct story_window *old = window;
	window = NULL;
	size_t had = count;
	struct story_window_options options = {.max_items = 1000, .fetch = fetch};
	window = story_window_new(&options);
	ck_assert_ptr_nonnull(window);
	for (size_t i = 0; i < had; i++) {
		struct story_known k = {
		    .feed = STR_LIT("a"), .signature = signatures[i], .item = (int64_t)i + 1, .story_items = 1};
		ck_assert_int_eq(story_window_restore(window, &k, &err), 0);
	}
	struct placed copy = add("b", "Aground", FERRY);
	ck_assert_uint_eq(copy.duplicate_of, had - 1);
	ck_assert_uint_eq(copy.story, had - 1);
	struct story_known broken = {.feed = STR_LIT("a"), .signature = STR_LIT("broken"), .item = 1};
	ck_assert_int_eq(story_window_restore(window, &broken, &err), 0);
	story_window_free(old);
}
END_TEST

START_TEST(test_what_its_owner_renames_is_joined_under_the_new_name)
{
	add("a", "Ferry runs aground off Tarvik", FERRY);
	story_window_rename(window, 0, 1000);
	ck_assert_int_eq(story_window_item(window, 0), 1000);
	struct story_text t = {STR_LIT("Ferry aground"), str_from(FERRY)};
	struct story_features f;
	struct story_place p;
	struct err err;
	ck_assert_int_eq(story_features(&t, &arena, &f, &err), 0);
	struct story_arrival a = {.feed = STR_LIT("b"), .features = &f, .item = 1001};
	ck_assert_int_eq(story_window_add(window, &a, &p, &err), 0);
	ck_assert_uint_eq(p.joins, 0);
	ck_assert_int_eq(p.joins_item, 1000);
	story_window_rename(window, 7, 8); /* nobody */
	ck_assert_int_eq(story_window_item(window, 7), 0);
}
END_TEST

/* The larger a story is the more is asked of what joins it by its title alone. */
START_TEST(test_what_was_moved_by_hand_counts_for_its_story_no_more)
{
	static const char *const bulletin = "Harbour master of Tarvik reports on the ferry Solveig";
	size_t joined[2];
	for (size_t moved = 0; moved < 2; moved++) {
		start_with(1000, 0);
		uint64_t seed = 5;
		for (size_t i = 0; i < 40; i++)
			add("a", bulletin, "");
		for (size_t i = 0; i < 400; i++) {
			char title[80];
			invent(&seed, title, sizeof title, 8);
			add("c", title, "");
		}
		for (size_t i = 1; moved > 0 && i <= 40; i++)
			story_window_detach(window, (int64_t)i);
		story_window_detach(window, 1000); /* nobody */
		struct placed p = add("b", "Ferry Solveig visits four towns", "");
		joined[moved] = p.story != p.number;
	}
	ck_assert_uint_eq(joined[0], 0);
	ck_assert_uint_eq(joined[1], 1);
}
END_TEST

START_TEST(test_memory_for_an_item_is_bounded)
{
	static const size_t sizes[] = {1000, 65536, 250000, 1000000};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		start_with(sizes[i], 0);
		ck_assert_uint_le(story_window_bytes(window), sizes[i] * STORY_WINDOW_ITEM_BYTES + STORY_WINDOW_BYTES);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_a_copy_under_another_headline_is_a_copy);
	tcase_add_test(tc, test_shortened_and_lightly_edited_texts_are_copies);
	tcase_add_test(tc, test_reports_from_one_mould_are_no_copies);
	tcase_add_test(tc, test_a_notice_of_a_line_needs_its_title);
	tcase_add_test(tc, test_headlines_of_one_event_are_one_story);
	tcase_add_test(tc, test_one_event_in_two_languages_is_one_story_by_its_facts);
	tcase_add_test(tc, test_what_an_outlet_always_writes_makes_no_copies);
	tcase_add_test(tc, test_empty_items_repeat_nothing);
	tcase_add_test(tc, test_the_window_moves_on_and_old_items_are_forgotten);
	tcase_add_test(tc, test_older_items_than_the_span_are_not_looked_at);
	tcase_add_test(tc, test_a_restored_window_decides_as_before);
	tcase_add_test(tc, test_what_its_owner_renames_is_joined_under_the_new_name);
	tcase_add_test(tc, test_what_was_moved_by_hand_counts_for_its_story_no_more);
	tcase_add_test(tc, test_memory_for_an_item_is_bounded);
	tcase_add_test(tc, test_memory_that_runs_out_leaves_the_window_as_it_was);
}

int
main(void)
{
	return tap_run("story/window", suite);
}
