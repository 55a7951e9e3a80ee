#include "rng.h"
#include "tap.h"

#include "base/buf.h"
#include "story/diff.h"

#include <stdio.h>

static struct arena arena;

static void
start(void)
{
	arena_init(&arena, 0);
}

static void
stop(void)
{
	arena_done(&arena);
}

/* "same -removed- +added+" */
static const char *
diff(struct str a, struct str b)
{
	struct story_diff_piece *pieces;
	size_t count;
	struct err err;
	struct buf out;
	buf_init(&out, 0);
	ck_assert_int_eq(story_diff(a, b, &arena, &pieces, &count, &err), 0);
	for (size_t i = 0; i < count; i++) {
		static const char *const marks[] = {"", "-", "+"};
		buf_puts(&out, i > 0 ? " " : "");
		buf_puts(&out, marks[pieces[i].kind]);
		buf_str(&out, str_trim(pieces[i].text));
		buf_puts(&out, marks[pieces[i].kind]);
	}
	const char *text = arena_str(&arena, buf_view(&out)).s;
	buf_done(&out);
	return text;
}

#define DIFF(a, b) diff(str_from(a), str_from(b))

START_TEST(test_words_that_came_and_went_are_marked)
{
	ck_assert_str_eq(DIFF("Talks begin in Geneva", "Talks end in Geneva"), "Talks -begin- +end+ in Geneva");
	ck_assert_str_eq(DIFF("a b c", "a b c"), "a b c");
	ck_assert_str_eq(DIFF("a b c", "a c"), "a -b- c");
	ck_assert_str_eq(DIFF("a c", "a b c d"), "a +b+ c +d+");
	ck_assert_str_eq(DIFF("", "new text"), "+new text+");
	ck_assert_str_eq(DIFF("old text", ""), "-old text-");
	ck_assert_str_eq(DIFF("  a   b ", "a b"), "a   b");
	ck_assert_str_eq(DIFF("one two three four", "two three five four one"), "-one- two three +five+ four +one+");
}
END_TEST

START_TEST(test_a_text_that_is_another_is_replaced)
{
	struct buf a, b;
	buf_init(&a, 0);
	buf_init(&b, 0);
	for (int i = 0; i < 30000; i++) {
		buf_printf(&a, "a%d ", i);
		buf_printf(&b, "b%d ", i);
	}
	struct story_diff_piece *pieces;
	size_t count;
	struct err err;
	ck_assert_int_eq(story_diff(buf_view(&a), buf_view(&b), &arena, &pieces, &count, &err), 0);
	ck_assert_uint_eq(count, 2);
	ck_assert_int_eq(pieces[0].kind, STORY_DIFF_REMOVED);
	ck_assert_int_eq(pieces[1].kind, STORY_DIFF_ADDED);
	buf_done(&a);
	buf_done(&b);
}
END_TEST

static void
invent(uint64_t *seed, char *text, size_t size)
{
	size_t len = 0, words = rng_below(seed, 40);
	*text = '\0';
	for (size_t i = 0; i < words; i++)
		len += (size_t)snprintf(text + len, size - len, "%c ", (char)('a' + rng_below(seed, 4)));
}

START_TEST(test_pieces_make_up_both_texts)
{
	uint64_t seed = 11;
	for (int round = 0; round < 2000; round++) {
		char a[200], b[200], old[400] = "", new[400] = "";
		struct story_diff_piece *pieces;
		size_t count;
		struct err err;
		arena_reset(&arena);
		invent(&seed, a, sizeof a);
		invent(&seed, b, sizeof b);
		ck_assert_int_eq(story_diff(str_from(a), str_from(b), &arena, &pieces, &count, &err), 0);
		for (size_t i = 0; i < count; i++) {
			if (pieces[i].kind != STORY_DIFF_ADDED)
				strncat(old, pieces[i].text.s, pieces[i].text.len);
			if (pieces[i].kind != STORY_DIFF_REMOVED)
				strncat(new, pieces[i].text.s, pieces[i].text.len);
		}
		ck_assert_str_eq(old, a);
		ck_assert_str_eq(new, b);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_words_that_came_and_went_are_marked);
	tcase_add_test(tc, test_a_text_that_is_another_is_replaced);
	tcase_add_test(tc, test_pieces_make_up_both_texts);
}

int
main(void)
{
	return tap_run("story/diff", suite);
}
