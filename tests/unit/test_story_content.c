#include "tap.h"

#include "rng.h"
#include "story/content.h"

static const struct {
	const char *a, *b;
	bool same;
} cases[] = {
    {"Two ships left the port.", "Two  ships left\n the port", true},
    {"Two ships left the port.", "Three ships left the port.", false},
    {"12 dead in flood", "14 dead in flood", false},
    {"The vote. 12 comments", "The vote. 2,341 comments", true},
    {"The vote (14 Comments)", "The vote", true},
    {"Updated 14:05", "Updated 14:07:59", true},
    {"Changed 2026-11-23T14:05:00Z again", "Changed 2026-11-24T09:00:00Z again", true},
    {"They won 2:1 at home", "They won 3:1 at home", false},
    {"Read more https://example.org/ad?1", "Read more https://example.org/ad?2", true},
    {"5 minutes ago the talks ended", "12 minutes ago the talks ended", true},
    {"Gestern, 4 Kommentare", "Gestern, 9 Kommentare", true},
    {"Итог: 15 комментариев", "Итог: 3 комментария", true},
    {"Погибли 15 человек", "Погибли 16 человек", false},
    {"北京 12", "北京 13", false},
    {"9", "10", false},
};

START_TEST(test_ticking_parts_do_not_count_and_the_rest_does)
{
	struct buf a, b;
	buf_init(&a, 0);
	buf_init(&b, 0);
	ck_assert(story_content_add(&a, str_from(cases[_i].a)) && story_content_add(&b, str_from(cases[_i].b)));
	ck_assert_msg(str_eq(buf_view(&a), buf_view(&b)) == cases[_i].same, "“%s” and “%s” give “%s” and “%s”",
	    cases[_i].a, cases[_i].b, a.data, b.data);
	buf_done(&a);
	buf_done(&b);
}
END_TEST

/* Unless a number is followed by what it counts, every word says the same alone as among others. */
START_TEST(test_a_text_says_what_its_words_say)
{
	static const char *const parts[] = {"a", "harbour", "Щукин", "北京", "é", "incomprehensibilities", "12", "4.5",
	    ",", "(", "-", "won't", "14:05", "2:1", "www.example.org", "http://x.example/", "\x80", "_", "z", "@",
	    "swwim", "a:b"};
	static const char spaces[] = " \n\t\r ";
	uint64_t seed = 11;
	struct buf text, all, words;
	buf_init(&text, 0);
	buf_init(&all, 0);
	buf_init(&words, 0);
	for (unsigned n = 0; n < 3000; n++) {
		buf_reset(&text);
		buf_reset(&all);
		buf_reset(&words);
		for (size_t left = rng_below(&seed, 30); left > 0; left--) {
			size_t from = text.len;
			for (size_t k = rng_below(&seed, 6) == 0 ? rng_below(&seed, 4) : 1; k > 0; k--)
				buf_puts(&text, parts[rng_below(&seed, sizeof parts / sizeof *parts)]);
			ck_assert(story_content_add(&words, (struct str){text.data + from, text.len - from}));
			for (size_t k = 1 + rng_below(&seed, 2); k > 0; k--)
				buf_putc(&text, spaces[rng_below(&seed, sizeof spaces - 1)]);
		}
		ck_assert(story_content_add(&all, buf_view(&text)));
		ck_assert_msg(str_eq(buf_view(&all), buf_view(&words)), "“%.*s” is “%s”, its words are “%s”",
		    STR_ARG(buf_view(&text)), all.data, words.data);
	}
	buf_done(&text);
	buf_done(&all);
	buf_done(&words);
}
END_TEST

/* However long, and wherever its signs stand. */
START_TEST(test_of_words_without_digits_the_letters_stay)
{
	static const char signs[] = " \n.,-()'!@";
	uint64_t seed = 12;
	struct buf text, out;
	char letters[200];
	buf_init(&text, 0);
	buf_init(&out, 0);
	for (unsigned n = 0; n < 3000; n++) {
		size_t count = 0;
		buf_reset(&text);
		buf_reset(&out);
		for (size_t left = rng_below(&seed, sizeof letters); left > 0; left--) {
			unsigned kind = (unsigned)rng_below(&seed, 8);
			char c = (char)(kind < 5   ? 'a' + rng_below(&seed, 26)
			                : kind < 6 ? 'A' + rng_below(&seed, 26)
			                           : 0x80);
			if (kind > 6)
				buf_putc(&text, signs[rng_below(&seed, sizeof signs - 1)]);
			buf_putc(&text, c);
			letters[count++] = c;
		}
		ck_assert(story_content_add(&out, buf_view(&text)));
		if (str_ifind(buf_view(&text), STR_LIT("www."), 0) < 0)
			ck_assert_msg(str_eq(buf_view(&out), (struct str){letters, count}), "“%.*s” is “%s”",
			    STR_ARG(buf_view(&text)), out.data);
	}
	buf_done(&text);
	buf_done(&out);
}
END_TEST

START_TEST(test_no_text_gives_nothing)
{
	struct buf b;
	buf_init(&b, 0);
	ck_assert(story_content_add(&b, STR_NONE) && story_content_add(&b, STR_LIT(" \n")));
	ck_assert_uint_eq(b.len, 0);
	buf_done(&b);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_loop_test(
	    tc, test_ticking_parts_do_not_count_and_the_rest_does, 0, (int)(sizeof cases / sizeof *cases));
	tcase_add_test(tc, test_a_text_says_what_its_words_say);
	tcase_add_test(tc, test_of_words_without_digits_the_letters_stay);
	tcase_add_test(tc, test_no_text_gives_nothing);
}

int
main(void)
{
	return tap_run("story/content", suite);
}
