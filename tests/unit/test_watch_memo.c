/* What is kept of words: a memo with too few places loses none of what is found, and takes up new words from item to item. */
#include "rng.h"
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

/* A first or last word of a name, or a word of none: few enough that each is seen again. */
static void
put_some_word(struct buf *b, uint64_t *rng)
{
	unsigned n = (unsigned)rng_below(rng, 12);
	switch (rng_below(rng, 3)) {
	case 0:
		buf_printf(b, "K%c%crol ", 'a' + n / 4, 'a' + n % 4);
		break;
	case 1:
		buf_printf(b, "M%c%cvand ", 'a' + n % 4, 'a' + n / 4);
		break;
	default:
		buf_printf(b, "Qx%cxq ", 'a' + (int)n);
	}
}

START_TEST(test_a_place_that_another_word_takes_tells_nothing_of_the_first)
{
	struct arena own;
	struct buf text, want;
	uint64_t rng = 3;
	size_t mentions = 0;
	arena_init(&own, 0);
	buf_init(&text, 0);
	buf_init(&want, 0);
	make_list();
	struct watch_memo *memo = memo_in_arena(&own), *large = watch_memo_new();
	ck_assert(memo != NULL && large != NULL);
	memo->slot_count = 2 * MEMO_WAYS;
	for (unsigned i = 0; i < 4 * NAMES; i++) {
		buf_reset(&text);
		buf_reset(&want);
		for (unsigned k = 4 + (unsigned)rng_below(&rng, 20); k > 0; k--)
			put_some_word(&text, &rng);
		buf_putc(&text, 0);
		buf_str(&want, found_with(large, "en", text.data));
		ck_assert_str_is(found_with(memo, "en", text.data), want.len > 0 ? want.data : "");
		mentions += fx.result.hit_count;
	}
	ck_assert_uint_gt(mentions, NAMES / 4);
	watch_memo_free(large);
	buf_done(&want);
	buf_done(&text);
	arena_done(&own);
}
END_TEST

#define ALIKE 5u /* words that sound alike: more than stand with the word itself (MEMO_NEAR) */
#define SETS_OF_ALIKE 60u
#define ROUNDS 300u
#define RING 64u /* candidates: of few words at once */

static struct str
word_alike(unsigned n)
{
	static const char *const vowels[] = {"a", "e", "i", "o", "u"};
	unsigned set = n / ALIKE;
	return arena_printf(&fx.arena, "%c%crast%smor%cov", "BDGKLMNPRSTV"[set % 12], "aeiou"[set / 12],
	    vowels[n % ALIKE], "aeiou"[(set / 12 + 1) % 5]);
}

/* Asks for words from *from on, as many as one item may have, and compares when all are known what each may be with what it is. */
static void
ask_for_alike(struct watch_memo *memo, struct watch_memo *large, uint64_t *rng, size_t *many)
{
	struct watch_input in = {.lang = STR_LIT("en")};
	struct watch_tokens tokens;
	struct memo_answer answers[40], want;
	struct buf text;
	struct err err;
	size_t n = 1 + (size_t)rng_below(rng, 40);
	buf_init(&text, 0);
	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s ", word_alike((unsigned)rng_below(rng, ALIKE * SETS_OF_ALIKE)).s);
	in.fields[WATCH_FIELD_TITLE] = buf_view(&text);
	ck_assert_int_eq(watch_tokenise(&in, &fx.arena, &tokens, &err), 0);
	const struct text_words *words = &tokens.fields[WATCH_FIELD_TITLE];
	ck_assert_uint_eq(words->count, n);
	memo_begin(memo, fx.list, in.lang);
	for (size_t i = 0; i < n; i++)
		ck_assert(memo_find(memo, fx.list, words, &words->items[i], &fx.arena, &answers[i]));
	for (size_t i = 0; i < n; i++) {
		ck_assert(memo_find(large, fx.list, words, &words->items[i], &fx.arena, &want));
		ck_assert_uint_eq(answers[i].id, want.id);
		ck_assert_uint_eq(answers[i].count, want.count);
		for (size_t k = 0; k < want.count; k++) {
			ck_assert_uint_eq(answers[i].candidates[k].word, want.candidates[k].word);
			ck_assert_uint_eq(answers[i].candidates[k].cost, want.candidates[k].cost);
		}
		*many += want.count > MEMO_NEAR;
	}
	buf_done(&text);
}

START_TEST(test_what_a_word_may_be_stays_while_an_item_is_matched_and_is_not_taken_from_others_after_it)
{
	struct arena own;
	uint64_t rng = 5;
	size_t many = 0;
	arena_init(&own, 0);
	for (unsigned i = 0; i < ALIKE * SETS_OF_ALIKE; i++)
		watch(arena_printf(&fx.arena, "p%u", i).s, WATCH_PERSON, "und",
		    arena_printf(&fx.arena, "Ann %s", word_alike(i).s).s);
	compile();
	struct watch_memo *memo = memo_in_arena(&own), *large = watch_memo_new();
	ck_assert(memo != NULL && large != NULL);
	memo->pool_cap = RING;
	memo_begin(large, fx.list, STR_LIT("en"));
	for (unsigned i = 0; i < ROUNDS; i++)
		ask_for_alike(memo, large, &rng, &many);
	ck_assert_uint_gt(many, ROUNDS);
	ck_assert_uint_gt(memo->taken, (size_t)RING * 10);
	watch_memo_free(large);
	arena_done(&own);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_a_full_memo_loses_nothing_and_makes_room_for_other_words);
	tcase_add_test(tc, test_words_in_no_name_make_room_at_once);
	tcase_add_test(tc, test_a_place_that_another_word_takes_tells_nothing_of_the_first);
	tcase_add_test(tc, test_what_a_word_may_be_stays_while_an_item_is_matched_and_is_not_taken_from_others_after_it);
}

int
main(void)
{
	return tap_run("watch/memo", suite);
}
