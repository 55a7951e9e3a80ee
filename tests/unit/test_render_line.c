#include "tap.h"

#include "base/utf8.h"
#include "render/render.h"
#include "sample_record.h"

static struct buf out;

static struct str
line_of(const struct record *r)
{
	buf_done(&out);
	buf_init(&out, 0);
	render_line(&out, r);
	return buf_view(&out);
}

START_TEST(test_a_line_says_when_where_who_what_and_link)
{
	struct record r = sample_record();
	ck_assert_str_is(line_of(&r),
	    "2026-11-23T14:35:00Z 42 high bbc-world who=zelenskiy what=peace-plan watch=talks,ukraine "
	    "title=\"Zelenskiy meets envoys in Geneva\" link=https://news.example/a?b=1\n");
}
END_TEST

START_TEST(test_hostile_text_makes_exactly_one_line)
{
	struct record r = sample_evil_record();
	struct str line = line_of(&r);
	ck_assert(utf8_valid(line));
	ck_assert_int_eq(str_find(line, STR_LIT("\n"), 0), (ptrdiff_t)line.len - 1);
	for (size_t i = 0; i + 1 < line.len; i++)
		ck_assert_uint_ge((unsigned char)line.s[i], 0x20);
	/* Two quotes, ours: a field cannot end early. */
	ptrdiff_t first = str_find(line, STR_LIT("\""), 0), second = str_find(line, STR_LIT("\""), (size_t)first + 1);
	ck_assert_int_eq(str_find(line, STR_LIT("\""), (size_t)second + 1), -1);
}
END_TEST

START_TEST(test_a_line_is_never_longer_than_its_ceiling)
{
	static char giant[1 << 20];
	static struct str watches[500];
	static struct record_match matches[1000];
	static const char *const fills[] = {"\x01", "a", "я", "谈", "\"", " ", "\xff"};
	for (size_t f = 0; f < sizeof fills / sizeof *fills; f++) {
		size_t n = strlen(fills[f]);
		for (size_t i = 0; i + n <= sizeof giant; i += n)
			memcpy(giant + i, fills[f], n);
		struct str g = {giant, sizeof giant};
		for (size_t i = 0; i < 500; i++)
			watches[i] = g;
		for (size_t i = 0; i < 1000; i++)
			matches[i] = (struct record_match){.kind = i % 2 ? WATCH_TOPIC : WATCH_ORG, .id = g};
		struct record r = {.id = INT64_MIN,
		    .feed_key = g,
		    .title = g,
		    .link = g,
		    .watches = watches,
		    .watch_count = 500,
		    .matches = matches,
		    .match_count = 1000,
		    .published_at = SAMPLE_AT,
		    .first_seen_at = SAMPLE_AT};
		struct str line = line_of(&r);
		ck_assert_uint_le(line.len, RENDER_LINE_MAX);
		ck_assert(utf8_valid(line));
		ck_assert_int_eq(line.s[line.len - 1], '\n');
	}
}
END_TEST

START_TEST(test_an_empty_record_still_has_every_column)
{
	struct record r = {.published_at = TIME_NONE, .first_seen_at = TIME_NONE};
	ck_assert_str_is(line_of(&r), "- 0 low - title=\"\"\n");
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_test(tc, test_a_line_says_when_where_who_what_and_link);
	tcase_add_test(tc, test_hostile_text_makes_exactly_one_line);
	tcase_add_test(tc, test_a_line_is_never_longer_than_its_ceiling);
	tcase_add_test(tc, test_an_empty_record_still_has_every_column);
}

int
main(void)
{
	return tap_run("render/line", suite);
}
