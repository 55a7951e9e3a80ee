#include "tap.h"

#include "base/buf.h"
#include "story/identity.h"

static const struct {
	const char *link, *canonical;
} cases[] = {
    {"https://example.org/a", "https://example.org/a"},
    {"  HTTP://WWW.Example.ORG:80/a/ ", "https://example.org/a"},
    {"https://example.org:443", "https://example.org"},
    {"https://example.org/", "https://example.org"},
    {"http://example.org:8080/a", "https://example.org:8080/a"},
    {"https://example.org./a", "https://example.org/a"},
    {"https://user:secret@example.org/a", "https://example.org/a"},
    {"https://[2001:db8::1]:443/a", "https://[2001:db8::1]/a"},
    {"https://m.example.org/a", "https://example.org/a"},
    {"https://mobile.example.org/a", "https://example.org/a"},
    {"https://www.com/a", "https://www.com/a"},
    {"https://m.org/a", "https://m.org/a"},
    {"https://example.org/Path/UPPER", "https://example.org/Path/UPPER"},
    {"https://example.org/%7euser/%c3%a9", "https://example.org/~user/%C3%A9"},
    {"https://example.org/100%", "https://example.org/100%"},
    {"https://example.org/a#top", "https://example.org/a"},
    {"https://example.org/#!/news/4", "https://example.org#!/news/4"},
    {"https://example.org/#/news/4", "https://example.org#/news/4"},
    {"https://example.org/a?utm_source=x&id=4&UTM_Medium=y", "https://example.org/a?id=4"},
    {"https://example.org/a?fbclid=abc", "https://example.org/a"},
    {"https://example.org/a?", "https://example.org/a"},
    {"https://example.org/a?&id=4&&", "https://example.org/a?id=4"},
    {"https://example.org/a?id=4&amp;utm_campaign=rss", "https://example.org/a?id=4"},
    {"https://example.org/a?ref=rss", "https://example.org/a"},
    {"https://example.org/a?ref=main", "https://example.org/a?ref=main"},
    {"https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1"},
    {"https://example.org/a/amp/", "https://example.org/a"},
    {"https://example.org/amp/a", "https://example.org/a"},
    {"https://amp.example.org/a", "https://example.org/a"},
    {"https://example.org/a?amp=1", "https://example.org/a"},
    {"https://example.org/camp", "https://example.org/camp"},
    {"https://www.google.com/amp/s/www.example.org/a", "https://example.org/a"},
    {"https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a?utm_source=x", "https://example.org/a"},
    {"urn:uuid:1225C695", "urn:uuid:1225C695"},
    {"https://", "https://"},
    {"", ""},
};

START_TEST(test_spellings_of_one_address_come_out_the_same)
{
	struct buf b;
	buf_init(&b, 0);
	ck_assert(story_canonical_link(str_from(cases[_i].link), &b));
	ck_assert_str_is(buf_view(&b), cases[_i].canonical);
	buf_done(&b);
}
END_TEST

START_TEST(test_a_canonical_link_is_a_fixed_point)
{
	struct buf once, twice;
	buf_init(&once, 0);
	buf_init(&twice, 0);
	ck_assert(story_canonical_link(str_from(cases[_i].link), &once));
	ck_assert(story_canonical_link(buf_view(&once), &twice));
	ck_assert(str_eq(buf_view(&once), buf_view(&twice)));
	buf_done(&once);
	buf_done(&twice);
}
END_TEST

START_TEST(test_a_full_buffer_is_told)
{
	struct buf b;
	buf_init(&b, 10);
	ck_assert(!story_canonical_link(STR_LIT("https://example.org/a"), &b));
	ck_assert(b.failed);
	buf_done(&b);
}
END_TEST

static void
suite(TCase *tc)
{
	int count = (int)(sizeof cases / sizeof *cases);
	tcase_add_loop_test(tc, test_spellings_of_one_address_come_out_the_same, 0, count);
	tcase_add_loop_test(tc, test_a_canonical_link_is_a_fixed_point, 0, count);
	tcase_add_test(tc, test_a_full_buffer_is_told);
}

int
main(void)
{
	return tap_run("story/link", suite);
}
