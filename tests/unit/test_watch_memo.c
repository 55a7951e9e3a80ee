/* What is kept of words: a memo with too few places loses none of what is found, and takes up new words from item to item. */
#include "watch_fixture.h"

#include "watch/memo.h"
#include "watch/tokens.h"

#include <stdio.h>

#define NAMES 400u /* of two words each: more than there is room for in the memo of an item */
#define ITEMS_MAX 64u

static void
put_name(struct buf *b, unsigned n)
{
	buf_printf(b, "K%c%crol M%c%cvand", 'a' + n / 20, 'a' + n % 20, 'a' + n % 20, 'a' + n / 20);
}

static void
make_list(void)
{
	struct buf b;
	buf_init(&b, 0);
	for (unsigned i = 0; i < NAMES; i++) {
		char id[8];
		snprintf(id, sizeof id, "p%u", i);
		buf_reset(&b);
		put_name(&b, i);
		buf_putc(&b, 0);
		watch(id, WATCH_PERSON, "und", b.data);
	}
	buf_done(&b);
	compile();
}

/* How many of the words of a text have a place. */
static size_t
kept(const struct watch_memo *m, struct str text)
{
	struct watch_input in = {.lang = STR_LIT("en")};
	struct watch_tokens tokens;
	struct err err;
	size_t n = 0;
	in.fields[WATCH_FIELD_TITLE] = text;
	ck_assert_int_eq(watch_tokenise(&in, &fx.arena, &tokens, &err), 0);
	const struct text_words *words = &tokens.fields[WATCH_FIELD_TITLE];
	for (size_t i = 0; i < words->count; i++) {
		uint64_t key = memo_key(m, &words->items[i]);
		size_t set = memo_set(m, key);
		n += memo_place_in(m, set, key) != MEMO_NOWHERE ||
		     memo_place_in(m, memo_other_set(set), key) != MEMO_NOWHERE;
	}
	return n;
}

START_TEST(test_a_full_memo_loses_nothing_and_makes_room_for_other_words)
{
	struct arena own;
	struct buf all;
	arena_init(&own, 0);
	buf_init(&all, 0);
	make_list();
	struct watch_memo *memo = memo_in_arena(&own);
	ck_assert_ptr_nonnull(memo);
	for (unsigned i = 0; i < NAMES; i++) {
		put_name(&all, i);
		buf_puts(&all, ". ");
	}
	buf_putc(&all, 0);
	for (unsigned i = 0; i < 3; i++) {
		found_with(memo, "en", all.data);
		ck_assert_uint_eq(fx.result.hit_count, NAMES);
		for (size_t k = 0; k < fx.result.hit_count; k++)
			ck_assert_uint_eq(fx.result.hits[k].mention_count, 1);
	}
	const char *last = strstr(all.data, "Ktt");
	ck_assert_ptr_nonnull(last);
	size_t items = 0;
	ck_assert_uint_eq(kept(memo, str_from(last)), 0);
	for (; kept(memo, str_from(last)) < 2 && items < ITEMS_MAX; items++)
		ck_assert_str_is(found_with(memo, "en", last), "p399:Kttrol Mttvand");
	ck_assert_uint_lt(items, ITEMS_MAX);
	buf_done(&all);
	arena_done(&own);
}
END_TEST

START_TEST(test_words_in_no_name_make_room_at_once)
{
	struct arena own;
	struct buf text;
	arena_init(&own, 0);
	buf_init(&text, 0);
	make_list();
	struct watch_memo *memo = memo_in_arena(&own);
	ck_assert_ptr_nonnull(memo);
	for (unsigned i = 0; i < 4 * NAMES; i++)
		buf_printf(&text, "%c%c%cqx%c%cxq. ", 'A' + i % 20, 'a' + i % 19, 'a' + i / 20 % 20, 'a' + i / 400,
		    'a' + i % 17);
	buf_puts(&text, "Ktttrol. Kttrol Mttvand.");
	buf_putc(&text, 0);
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_str_is(found_with(memo, "en", text.data), "p399:Kttrol Mttvand");
		ck_assert_uint_eq(kept(memo, STR_LIT("Kttrol Mttvand")), 2);
	}
	buf_done(&text);
	arena_done(&own);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_a_full_memo_loses_nothing_and_makes_room_for_other_words);
	tcase_add_test(tc, test_words_in_no_name_make_room_at_once);
}

int
main(void)
{
	return tap_run("watch/memo", suite);
}
