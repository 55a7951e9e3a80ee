/* Words at which a name may begin: none is lost, and both forms of the sieve keep the same. */
#include "watch_fixture.h"

#include "base/cpu.h"
#include "rng.h"
#include "watch/sift.h"
#include "watch/tokens.h"

#include <stdio.h>

#define NAMES 300u
#define TEXTS 400u

static uint64_t rng;

static void
put_word(struct buf *b)
{
	unsigned number = (unsigned)rng_below(&rng, 3 * NAMES), how = (unsigned)rng_below(&rng, 4);
	if (rng_below(&rng, 12) == 0)
		buf_puts(b, "п");
	buf_putc(b, how == 0 ? 'K' : 'k');
	for (; number > 0; number /= 26)
		buf_putc(b, (char)((how == 1 && number < 26 ? 'A' : 'a') + number % 26));
}

static void
make_list(void)
{
	struct buf name;
	rng = 5;
	buf_init(&name, 0);
	for (unsigned i = 0; i < NAMES; i++) {
		char id[16];
		struct err err;
		snprintf(id, sizeof id, "n%u", i);
		buf_reset(&name);
		put_word(&name);
		if (i % 3 > 0) {
			buf_putc(&name, ' ');
			put_word(&name);
		}
		if (watch_add(fx.builder, str_from(id), i % 5 == 0 ? WATCH_TOPIC : WATCH_PERSON, STR_LIT("und"),
		        buf_view(&name), (struct watch_origin){STR_NONE, 0}, &err) < 0)
			ck_assert_int_eq(err.code, ERR_CONFIG); /* a name of one letter */
	}
	buf_done(&name);
	compile();
}

/* Tokenises a random text; what its words are is remembered from a match of it, or of another one. */
static void
make_field(struct field_match *f, struct watch_memo *memo)
{
	struct watch_input in = {.memo = memo};
	struct watch_tokens tokens;
	struct err err;
	struct buf text;
	buf_init(&text, 0);
	for (unsigned n = (unsigned)rng_below(&rng, rng_below(&rng, 4) == 0 ? 256 : 40); n > 0; n--) {
		put_word(&text);
		buf_putc(&text, ' ');
	}
	in.fields[WATCH_FIELD_TITLE] = arena_str(&fx.arena, buf_view(&text));
	buf_done(&text);
	ck_assert_int_eq(watch_tokenise(&in, &fx.arena, &tokens, &err), 0);
	memo_begin(memo, fx.list, in.lang);
	*f = (struct field_match){.list = fx.list, .memo = memo, .words = tokens.fields[WATCH_FIELD_TITLE]};
	if (rng_below(&rng, 3) > 0)
		ck_assert_int_eq(watch_match_tokens(fx.list, &tokens, &fx.arena, &fx.result, &err), 0);
}

/* Is every word kept that is a name's first one as it is spelt, or that may be any form of one? */
static void
check_kept(const struct field_match *f, size_t from, size_t to, const struct field_start *starts, size_t count)
{
	size_t at = 0;
	for (size_t i = from; i < to; i++) {
		const struct text_word *word = &f->words.items[i];
		uint32_t id = list_find_word(f->list, text_word_fold(&f->words, word), word->hash);
		bool begins = id != LIST_NONE && f->list->words[id].child != LIST_NONE, small = sift_is_small(word);
		while (at < count && starts[at].word < i)
			at++;
		bool kept = at < count && starts[at].word == i;
		ck_assert(kept || (small && !begins));
		ck_assert(!kept || (starts[at].small == small &&
		                       starts[at].key == memo_key_spelt(memo_key(f->memo, word), small)));
	}
}

static void
compare_forms(const struct field_match *f, size_t from, size_t to)
{
	static struct field_start a[SIFT_WORDS_MAX], b[SIFT_WORDS_MAX];
	ck_assert_int_eq(sift_wide() != NULL, cpu_is_wide());
	const struct sift *wide = sift_wide() != NULL ? sift_wide() : &sift_plain;
	size_t count = sift_plain.words(f, from, to, a);
	check_kept(f, from, to, a, count);
	ck_assert_uint_eq(wide->words(f, from, to, b), count);
	for (size_t i = 0; i < count; i++) {
		ck_assert_uint_eq(a[i].word, b[i].word);
		ck_assert_uint_eq(a[i].key, b[i].key);
		ck_assert_int_eq(a[i].small, b[i].small);
	}
	size_t known = sift_plain.known(f, a, count);
	ck_assert_uint_eq(wide->known(f, b, count), known);
	sift_plain.closed(f, a, known);
	wide->closed(f, b, known);
	for (size_t i = 0; i < known; i++) {
		ck_assert_uint_eq(a[i].word, b[i].word);
		ck_assert_uint_eq(a[i].key, b[i].key);
		ck_assert_int_eq(a[i].small, b[i].small);
		ck_assert_uint_eq(a[i].place, b[i].place);
		ck_assert_uint_eq(a[i].flags, b[i].flags);
		ck_assert_uint_eq(a[i].next, b[i].next);
		ck_assert_int_eq(a[i].closed, b[i].closed);
		ck_assert_int_eq(a[i].nothing, b[i].nothing);
		ck_assert_uint_eq(a[i].place, memo_place(f->memo, a[i].key));
		ck_assert(a[i].place == MEMO_NOWHERE || (f->memo->tags[a[i].place] ^ a[i].key) <= MEMO_FLAGS);
	}
}

START_TEST(test_no_word_is_lost_and_both_forms_keep_the_same)
{
	struct watch_memo *memo = watch_memo_new();
	ck_assert_ptr_nonnull(memo);
	make_list();
	for (unsigned i = 0; i < TEXTS; i++) {
		struct field_match f;
		arena_reset(&fx.arena);
		make_field(&f, memo);
		size_t from = rng_below(&rng, f.words.count + 1), to = from + rng_below(&rng, f.words.count - from + 1);
		compare_forms(&f, from, to);
		compare_forms(&f, 0, f.words.count);
	}
	watch_memo_free(memo);
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, fixture_setup, fixture_teardown);
	tcase_add_test(tc, test_no_word_is_lost_and_both_forms_keep_the_same);
}

int
main(void)
{
	return tap_run("watch/sift", suite);
}
