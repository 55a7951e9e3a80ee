#include "tap.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "daemon/course.h"

#define AT 1795444535000LL
#define OLD "https://old.example/feed"
#define NEW "https://new.example/feed"

static struct arena arena;
static struct store_poll_event events[COURSE_EVENTS_MAX];
static size_t event_count;
static const struct store_seen quiet = {.known = 3, .had_items = true};

static void
setup(void)
{
	arena_init(&arena, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
}

static struct course_facts
good(int64_t at)
{
	return (struct course_facts){.at = at,
	    .full = true,
	    .url = STR_LIT(OLD),
	    .configured = STR_LIT(OLD),
	    .failing_since_at = TIME_NONE,
	    .fail_for_ms = DAY_MS,
	    .seen = &quiet};
}

static struct course_facts
bad(int64_t at, enum err_code e, unsigned failures, int64_t since)
{
	struct course_facts f = good(at);
	f.error = e;
	f.error_text = STR_LIT("so");
	f.full = false;
	f.failures = failures;
	f.failing_since_at = since;
	return f;
}

static struct store_course
next(const struct store_course *c, const struct course_facts *f)
{
	struct store_course r;
	event_count = course_next(c, f, &arena, &r, events);
	return r;
}

static struct store_course
redirected(const struct store_course *c, int64_t at, const char *to)
{
	struct course_facts f = good(at);
	f.moved_to = str_from(to);
	return next(c, &f);
}

/* The kinds of the events, with a space between them. */
static const char *
kinds(void)
{
	static char text[200];
	text[0] = '\0';
	for (size_t i = 0; i < event_count; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "", events[i].kind);
	return text;
}

#define ck_events(kind) ck_assert_str_eq(kinds(), kind)

START_TEST(test_a_move_is_adopted_after_three_equal_answers_over_a_day)
{
	struct store_course c = STORE_COURSE_NONE;
	for (int i = 0; i < 5; i++) { /* often enough, but not for long enough */
		c = redirected(&c, AT + i * HOUR_MS, NEW);
		ck_assert_uint_eq(event_count, 0);
		ck_assert_ptr_null(c.adopted_url.s);
	}
	c = redirected(&c, AT + DAY_MS, NEW);
	ck_events("moved");
	ck_assert(str_is(events[0].text, "from " OLD " to " NEW));
	ck_assert(str_is(c.adopted_url, NEW) && c.moved_url.s == NULL && c.moved_count == 0);
}
END_TEST

START_TEST(test_two_answers_are_too_few_however_long)
{
	struct store_course c = STORE_COURSE_NONE;
	c = redirected(&c, AT, NEW);
	c = redirected(&c, AT + 10 * DAY_MS, NEW);
	ck_assert(event_count == 0 && c.moved_count == 2);
}
END_TEST

START_TEST(test_another_place_or_none_begins_the_count_anew)
{
	struct store_course c = STORE_COURSE_NONE;
	c = redirected(&c, AT, NEW);
	c = redirected(&c, AT + DAY_MS, NEW);
	c = redirected(&c, AT + 2 * DAY_MS, "https://third.example/");
	ck_assert(c.moved_count == 1 && c.moved_since_at == AT + 2 * DAY_MS);
	struct course_facts f = good(AT + 3 * DAY_MS);
	c = next(&c, &f);
	ck_assert(c.moved_count == 0 && c.moved_url.s == NULL);
}
END_TEST

START_TEST(test_a_failure_between_keeps_the_count)
{
	struct store_course c = STORE_COURSE_NONE;
	c = redirected(&c, AT, NEW);
	struct course_facts f = bad(AT + HOUR_MS, ERR_TIMEOUT, 1, AT + HOUR_MS);
	c = next(&c, &f);
	ck_assert_uint_eq(c.moved_count, 1);
}
END_TEST

START_TEST(test_pages_to_log_in_and_html_are_never_adopted)
{
	static const char *const places[] = {"https://new.example/login?next=feed", "https://new.example/users/Sign-In",
	    "https://sso.example/sso/feed", "https://captive.example/feed"};
	for (size_t p = 0; p < sizeof places / sizeof *places; p++) {
		struct store_course c = STORE_COURSE_NONE;
		for (int i = 0; i < 4; i++)
			c = redirected(&c, AT + i * DAY_MS, places[p]);
		ck_assert_msg(c.adopted_url.s == NULL && c.moved_count == 0, "%s", places[p]);
	}
	struct store_course c = STORE_COURSE_NONE;
	for (int i = 0; i < 4; i++) {
		struct course_facts f = good(AT + i * DAY_MS);
		f.moved_to = STR_LIT(NEW);
		f.page = true;
		c = next(&c, &f);
	}
	ck_assert_ptr_null(c.adopted_url.s);
}
END_TEST

START_TEST(test_secrets_stay_with_their_origin)
{
	struct store_course elsewhere = STORE_COURSE_NONE, here = STORE_COURSE_NONE;
	for (int i = 0; i < 4; i++) {
		struct course_facts f = good(AT + i * DAY_MS);
		f.has_secrets = true;
		f.moved_to = STR_LIT(NEW);
		elsewhere = next(&elsewhere, &f);
		f.moved_to = STR_LIT("https://old.example/feeds/all");
		here = next(&here, &f);
	}
	ck_assert_ptr_null(elsewhere.adopted_url.s);
	ck_assert(str_is(here.adopted_url, "https://old.example/feeds/all"));
}
END_TEST

START_TEST(test_a_new_place_that_fails_is_given_up)
{
	struct store_course c = STORE_COURSE_NONE;
	c.adopted_url = STR_LIT(NEW);
	struct course_facts f = bad(AT, ERR_HTTP_NOT_FOUND, COURSE_RETREAT_FAILURES - 1, AT);
	f.url = STR_LIT(NEW);
	c = next(&c, &f);
	ck_assert(str_is(c.adopted_url, NEW) && event_count == 0);
	f.failures++;
	c = next(&c, &f);
	ck_events("moved_back");
	ck_assert_ptr_null(c.adopted_url.s);
}
END_TEST

START_TEST(test_a_move_back_to_the_configured_place_adopts_nothing)
{
	struct store_course c = STORE_COURSE_NONE;
	c.adopted_url = STR_LIT(NEW);
	for (int i = 0; i < 3; i++) {
		struct course_facts f = good(AT + i * DAY_MS);
		f.url = STR_LIT(NEW);
		f.moved_to = STR_LIT(OLD);
		c = next(&c, &f);
	}
	ck_events("moved");
	ck_assert_ptr_null(c.adopted_url.s);
}
END_TEST

START_TEST(test_a_gap_is_counted_each_time_and_told_once_a_day)
{
	static const struct store_seen all_new = {.fresh = 10, .had_items = true};
	static const struct {
		int64_t after;
		size_t events;
	} rows[] = {{0, 1}, {HOUR_MS, 0}, {2 * HOUR_MS, 0}, {2 * DAY_MS, 1}};
	struct store_course c = STORE_COURSE_NONE;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct course_facts f = good(AT + rows[i].after);
		f.gap = true;
		f.seen = &all_new;
		c = next(&c, &f);
		ck_assert_uint_eq(event_count, rows[i].events);
		ck_assert_int_eq(c.gap_count, (int64_t)i + 1);
		ck_assert_int_eq(c.gap_at, AT + rows[i].after);
	}
	ck_events("gap_suspected");
}
END_TEST

START_TEST(test_title_site_and_items_must_all_change_for_another_identity)
{
	static const struct {
		const char *title, *site;
		size_t known;
		bool other;
	} rows[] = {{"Casino", "https://casino.example/", 0, true}, {"News", "https://casino.example/", 0, false},
	    {"Casino", "http://www.news.example/x", 0, false}, {"Casino", "https://casino.example/", 1, false},
	    {"", "https://casino.example/", 0, false}, {"Casino", "", 0, false}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct store_course c = STORE_COURSE_NONE;
		struct store_seen seen = {.fresh = 5,
		    .known = rows[i].known,
		    .had_items = true,
		    .title = STR_LIT("News"),
		    .site = STR_LIT("https://news.example/")};
		struct course_facts f = good(AT);
		f.seen = &seen;
		f.title = str_from(rows[i].title);
		f.site = str_from(rows[i].site);
		next(&c, &f);
		ck_assert_msg((event_count == 1) == rows[i].other, "row %zu", i);
		if (rows[i].other)
			ck_events("identity_changed");
	}
}
END_TEST

START_TEST(test_gone_is_told_once_and_ends_when_the_document_is_back)
{
	struct store_course c = STORE_COURSE_NONE;
	struct course_facts f = bad(AT, ERR_HTTP_GONE, 1, AT);
	c = next(&c, &f);
	ck_events("gone");
	ck_assert_int_eq(c.gone_at, AT);
	f = bad(AT + 2 * DAY_MS, ERR_HTTP_GONE, 2, AT);
	c = next(&c, &f);
	ck_assert_uint_eq(event_count, 0);
	f = good(AT + 3 * DAY_MS);
	c = next(&c, &f);
	ck_assert_int_eq(c.gone_at, TIME_NONE);
}
END_TEST

START_TEST(test_a_long_failure_is_told_once_and_so_is_its_end)
{
	struct store_course c = STORE_COURSE_NONE;
	struct course_facts f = bad(AT + HOUR_MS, ERR_HTTP_SERVER, 2, AT);
	c = next(&c, &f);
	ck_assert_uint_eq(event_count, 0);
	f = good(AT + 2 * HOUR_MS);
	c = next(&c, &f);
	ck_assert_uint_eq(event_count, 0); /* what passes soon troubles nobody, neither does its end */
	f = bad(AT + 2 * DAY_MS, ERR_HTTP_SERVER, 5, AT + DAY_MS);
	c = next(&c, &f);
	ck_events("failing_long");
	ck_assert(str_is(events[0].text, "http_server: so"));
	f = bad(AT + 3 * DAY_MS, ERR_HTTP_SERVER, 6, AT + DAY_MS);
	c = next(&c, &f);
	ck_assert_uint_eq(event_count, 0);
	f = good(AT + 4 * DAY_MS);
	c = next(&c, &f);
	ck_events("recovered");
	f = good(AT + 5 * DAY_MS);
	c = next(&c, &f);
	ck_assert_uint_eq(event_count, 0);
}
END_TEST

START_TEST(test_only_documents_count_as_seen_whole)
{
	struct store_course c = STORE_COURSE_NONE;
	struct course_facts f = good(AT);
	c = next(&c, &f);
	ck_assert_int_eq(c.full_at, AT);
	f = good(AT + DAY_MS);
	f.full = false;
	c = next(&c, &f);
	ck_assert_int_eq(c.full_at, AT);
}
END_TEST

/* Every byte of a course counts: one that is changed makes another of it. */
START_TEST(test_a_304_leaves_the_course_as_it_was_and_whatever_changes_makes_it_another)
{
	struct store_course c = redirected(&STORE_COURSE_NONE, AT, NEW), other;
	struct course_facts f = good(AT + HOUR_MS);
	f.full = false;
	f.moved_to = str_from(NEW);
	other = next(&c, &f);
	ck_assert(!course_same(&other, &c)); /* the move was seen once more */
	c = next(&STORE_COURSE_NONE, &f);
	f.moved_to = STR_NONE;
	f.at += HOUR_MS;
	c = next(&c, &f);
	f.at += HOUR_MS;
	other = next(&c, &f);
	ck_assert(course_same(&other, &c));
	other.adopted_url = STR_LIT(NEW);
	ck_assert(!course_same(&other, &c));
	other = c;
	other.moved_url = STR_LIT(NEW);
	ck_assert(!course_same(&other, &c));
	for (size_t i = 0; i < sizeof c; i++) {
		if (i < offsetof(struct store_course, moved_since_at))
			continue; /* the strings, see above */
		if (i >= offsetof(struct store_course, skip_days) + sizeof c.skip_days &&
		    i < offsetof(struct store_course, items_per_week))
			continue; /* nothing lies there */
		other = c;
		((unsigned char *)&other)[i] ^= 1;
		ck_assert_msg(!course_same(&other, &c), "byte %zu is not looked at", i);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_a_move_is_adopted_after_three_equal_answers_over_a_day);
	tcase_add_test(tc, test_two_answers_are_too_few_however_long);
	tcase_add_test(tc, test_another_place_or_none_begins_the_count_anew);
	tcase_add_test(tc, test_a_failure_between_keeps_the_count);
	tcase_add_test(tc, test_pages_to_log_in_and_html_are_never_adopted);
	tcase_add_test(tc, test_secrets_stay_with_their_origin);
	tcase_add_test(tc, test_a_new_place_that_fails_is_given_up);
	tcase_add_test(tc, test_a_move_back_to_the_configured_place_adopts_nothing);
	tcase_add_test(tc, test_a_gap_is_counted_each_time_and_told_once_a_day);
	tcase_add_test(tc, test_title_site_and_items_must_all_change_for_another_identity);
	tcase_add_test(tc, test_gone_is_told_once_and_ends_when_the_document_is_back);
	tcase_add_test(tc, test_a_long_failure_is_told_once_and_so_is_its_end);
	tcase_add_test(tc, test_only_documents_count_as_seen_whole);
	tcase_add_test(tc, test_a_304_leaves_the_course_as_it_was_and_whatever_changes_makes_it_another);
}

int
main(void)
{
	return tap_run("daemon/course", suite);
}
