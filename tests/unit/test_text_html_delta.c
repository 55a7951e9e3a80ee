#include "tap.h"

#include "rng.h"
#include "text/html.h"
#include "text/html_delta.h"

static struct buf delta, back, text;

static void
start(void)
{
	buf_init(&delta, 0);
	buf_init(&back, 0);
	buf_init(&text, 0);
}

static void
stop(void)
{
	buf_done(&delta);
	buf_done(&back);
	buf_done(&text);
}

/* The bytes that it takes; those of the HTML when it is not worth it. */
static size_t
taken(struct str html, struct str plain)
{
	buf_reset(&delta);
	buf_reset(&back);
	if (!html_delta(&delta, html, plain)) {
		ck_assert_uint_eq(delta.len, 0);
		return html.len;
	}
	ck_assert(html_undelta(&back, buf_view(&delta), plain));
	ck_assert_str_is(buf_view(&back), html.s);
	ck_assert_uint_lt(delta.len, html.len);
	return delta.len;
}

static const struct {
	const char *html;
	size_t most;
} cases[] = {
    {"<p>The harbour was closed for three days.</p>", 14},
    {"<p>The harbour was closed</p><p>for three days, said the <b>harbour master</b> of Łódź.</p>", 40},
    {"<p>Fish &amp; chips, “salt” &amp; vinegar: nobody asked for them.</p>", 40},
    {"<p>The  harbour\n was   closed\n\n for three days.</p>", 52},
    {"<ul><li>one harbour</li><li>another harbour</li></ul><img src=\"https://h/x.png\" alt=\"A "
     "harbour\"><p>Closed.</p>",
        200},
    {"<p>a</p>", 8},
    {"no marks at all, only a sentence", 8},
    {"", 0},
    {"<p></p>", 7},
    {"< & ;<", 6},
};

START_TEST(test_html_comes_back_from_its_text)
{
	struct str html = str_from(cases[_i].html);
	ck_assert(html_text(html, &text));
	ck_assert_uint_le(taken(html, buf_view(&text)), cases[_i].most);
}
END_TEST

START_TEST(test_another_text_is_not_worth_it)
{
	struct str html = STR_LIT("<p>The harbour was closed for three days.</p>");
	ck_assert_uint_eq(taken(html, STR_LIT("Nobody knows anything about that, and nobody will tell.")), html.len);
	ck_assert_uint_eq(taken(html, STR_LIT("")), html.len);
	ck_assert_uint_eq(taken(html, STR_NONE), html.len);
}
END_TEST

START_TEST(test_it_appends)
{
	struct str html = STR_LIT("<p>The harbour was closed for three days.</p>");
	struct str plain = STR_LIT("The harbour was closed for three days.");
	buf_puts(&delta, "x");
	ck_assert(!html_delta(&delta, STR_LIT("<p>y</p>"), plain));
	ck_assert_str_is(buf_view(&delta), "x");
	ck_assert(html_delta(&delta, html, plain));
	buf_puts(&back, "<i>");
	ck_assert(html_undelta(&back, (struct str){delta.data + 1, delta.len - 1}, plain));
	ck_assert_str_is(buf_view(&back), "<i><p>The harbour was closed for three days.</p>");
}
END_TEST

START_TEST(test_what_is_no_difference_is_refused)
{
	struct str plain = STR_LIT("The harbour");
	static const struct str bad[] = {STR_LIT("\x05"
	                                         "abc"),
	    STR_LIT("\x01"
	            "a"),
	    STR_LIT("\x01"
	            "a\x0c"),
	    STR_LIT("\x01"
	            "a\x01\x0b"),
	    STR_LIT("\x01"
	            "a\x01"),
	    STR_LIT("\xff\xff\xff\xff\xff\xff"), STR_LIT("\x80"),
	    STR_LIT("\x01"
	            "a\xff\xff\xff\xff\x7f\x01")};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		buf_reset(&back);
		ck_assert_msg(!html_undelta(&back, bad[i], plain), "%zu", i);
	}
}
END_TEST

/* Words and marks at random, and a text that lost or gained some of the words. */
START_TEST(test_random_texts_come_back)
{
	static const char *const pieces[] = {"harbour ", "closed ", "<p>", "</p>", "<b>", "</b>", "&amp;", "&", "\n",
	    "  ", "Łódź ", "“", "a", "<a href=\"https://example.org/1\">", "for three days ", "<", ">", ";"};
	uint64_t dice = 5;
	for (int round = 0; round < 3000; round++) {
		struct buf html, plain;
		buf_init(&html, 0);
		buf_init(&plain, 0);
		for (uint64_t n = rng_below(&dice, 60); n > 0; n--) {
			const char *piece = pieces[rng_below(&dice, sizeof pieces / sizeof *pieces)];
			if (rng_below(&dice, 8) != 0)
				buf_puts(&html, piece);
			if (piece[0] != '<' && rng_below(&dice, 8) != 0)
				buf_puts(&plain, piece);
		}
		buf_putc(&html, '\0');
		taken((struct str){html.data, html.len - 1}, buf_view(&plain));
		buf_done(&html);
		buf_done(&plain);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_loop_test(tc, test_html_comes_back_from_its_text, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tc, test_another_text_is_not_worth_it);
	tcase_add_test(tc, test_it_appends);
	tcase_add_test(tc, test_what_is_no_difference_is_refused);
	tcase_add_test(tc, test_random_texts_come_back);
}

int
main(void)
{
	return tap_run("text/html_delta", suite);
}
