#include "tap.h"

#include "rng.h"
#include "story/signature.h"
#include "text/words.h"

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

static struct story_signature
features(const char *title, const char *text)
{
	struct story_text t = {str_from(title), str_from(text)};
	struct story_features f;
	struct story_signature s, again;
	struct err err;
	ck_assert_int_eq(story_features(&t, &arena, &f, &err), 0);
	struct story_cut cut = {.lead = f.dateline};
	ck_assert_int_eq(story_signature_make(&f, &cut, NULL, 0, &arena, &s, &err), 0);
	ck_assert(story_signature_unpack(story_signature_pack(&s, &arena), &arena, &again));
	ck_assert(again.word_count == s.word_count && again.number_count == s.number_count);
	return again;
}

static bool
same_words(const char *a, const char *b)
{
	struct story_signature x = features("", a), y = features("", b);
	return x.word_count == y.word_count && memcmp(x.words, y.words, x.word_count * sizeof *x.words) == 0;
}

START_TEST(test_numbers_are_one_word_each)
{
	ck_assert_uint_eq(features("", "Profit rose to 1,234,567 from 12-1/2").number_count, 2);
	ck_assert(same_words("sold 1,234 units", "sold 1.234 units"));
	ck_assert(!same_words("sold 1,234 units", "sold 1,235 units"));
	ck_assert_uint_eq(features("", "in 1998, 12 ships").number_count, 2);
}
END_TEST

START_TEST(test_case_marks_and_short_forms_are_equal)
{
	ck_assert(same_words("Café sales up 4 pct", "CAFE sales up 4 percent"));
	ck_assert(same_words("2 mln dlrs", "2 million dollars"));
	ck_assert(!same_words("2 mln dlrs", "2 bln dlrs"));
}
END_TEST

START_TEST(test_a_dateline_does_not_count)
{
	const char *plain = "the harbour of the old town was closed after the storm";
	ck_assert(same_words("LISBON, March 3 - the harbour of the old town was closed after the storm", plain));
	ck_assert(same_words("LISBON (Agency) — the harbour of the old town was closed after the storm", plain));
	ck_assert(same_words("LISBON: the harbour of the old town was closed after the storm", plain));
	ck_assert(!same_words("Lisbon said on Monday the harbour of the old town was closed after the storm", plain));
}
END_TEST

static bool
same_title(const char *a, const char *b)
{
	struct story_signature x = features(a, ""), y = features(b, "");
	return x.piece_count > 0 && x.piece_count == y.piece_count &&
	       memcmp(x.pieces, y.pieces, x.piece_count * sizeof *x.pieces) == 0;
}

START_TEST(test_titles_are_alike_however_their_names_are_transliterated)
{
	ck_assert(same_title("Khokhlov i Zhukov vstretilis v Tselinnom", "xoxlov i zhukov vstretilis v celinnom"));
	ck_assert(same_title("Shchukin priyekhal v Kiyev", "Shhukin prijexal v Kijev"));
	ck_assert(same_title("Щукин приехал в Киев", "Schukin priehal v Kiev"));
	ck_assert(same_title("Η Νικη", "I Niki"));
	ck_assert(!same_title("Zukov", "Zhukov"));
	ck_assert(!same_title("Chukov", "Shukov"));
	/* scripts without vowels or sounds stay as they are */
	ck_assert(!same_title("北京市长", "上海市长"));
	ck_assert(!same_title("محمد في دمشق", "mhmd fi dmshq"));
	ck_assert_uint_eq(features("@", "").piece_count, 0);
}
END_TEST

/* The table's rows in small letters, which a title may be written in; what nothing else is written as counts as one letter. */
START_TEST(test_every_way_to_write_a_sound_is_the_sound)
{
	static const struct {
		char written[5], meant;
	} rows[] = {
#define NOTHING '\0'
#define SOUND(written, meant) {written, meant},
#define LETTER(written, meant) {{written, '\0'}, meant},
#include "story/sounds.def"
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char title[512], plain[64];
		if (rows[i].written[0] < 'a')
			continue;
		snprintf(title, sizeof title, "bo%san b%sb", rows[i].written, rows[i].written);
		snprintf(plain, sizeof plain, "bo%can b%cb", rows[i].meant, rows[i].meant);
		if (rows[i].meant >= 'a')
			ck_assert_msg(same_title(title, plain), "“%s” “%s”", title, plain);
		ck_assert_uint_eq(features(title, "").piece_count, features(plain, "").piece_count);
		snprintf(title, sizeof title, "bo%s%san b%sb", rows[i].written, rows[i].written, rows[i].written);
		ck_assert_uint_eq(features(title, "").piece_count, features(plain, "").piece_count);
	}
}
END_TEST

START_TEST(test_sets_are_sorted_and_hold_each_once)
{
	struct story_signature f = features("one two one two", "one two three one two three one");
	ck_assert_uint_eq(f.word_count, 3);
	ck_assert_uint_eq(f.pair_count, 3);
	for (size_t i = 1; i < f.word_count; i++)
		ck_assert(f.words[i - 1] < f.words[i]);
	for (size_t i = 1; i < f.piece_count; i++)
		ck_assert(f.pieces[i - 1] < f.pieces[i]);
}
END_TEST

START_TEST(test_nothing_has_no_features)
{
	struct story_signature f = features("", "");
	ck_assert(f.word_count == 0 && f.pair_count == 0 && f.piece_count == 0);
	f = features("—", "\xff\xfe ...");
	ck_assert(f.word_count == 0 && f.piece_count == 0);
}
END_TEST

START_TEST(test_long_texts_and_titles_are_bounded)
{
	static char text[200000], title[20000];
	for (size_t i = 0; i + 1 < sizeof text; i++)
		text[i] = i % 7 == 6 ? ' ' : (char)('a' + (i * i / 7 + i / 49) % 26);
	for (size_t i = 0; i + 1 < sizeof title; i++)
		title[i] = i % 9 == 8 ? ' ' : (char)('a' + (i * i / 5 + i / 11) % 26);
	struct story_signature f = features(title, text);
	ck_assert(
	    f.word_count <= STORY_WORDS_MAX && f.pair_count <= STORY_WORDS_MAX && f.piece_count <= STORY_PIECES_MAX);
	ck_assert(f.word_count > 0 && f.piece_count > 100);
}
END_TEST

static bool
same_bytes(const void *a, const void *b, size_t a_count, size_t b_count, size_t size)
{
	return a_count == b_count && memcmp(a, b, a_count * size) == 0;
}

/* Texts and titles of all lengths, also of words that are longer than what is looked at. */
START_TEST(test_words_that_are_there_already_are_as_good_as_the_text)
{
	static const char *const parts[] = {
	    "Kyiv", " ", " – ", "12", ".", ",", "4/5", "Щукин", "北京市长", "\xff", "mln dlrs ", "the harbour ", ": "};
	static char text[40000];
	uint64_t seed = 5;
	struct story_features ours, theirs;
	struct text_words title_words, text_words_there;
	struct err err;
	for (unsigned n = 0; n < 300; n++) {
		size_t len = 0, max = rng_below(&seed, n % 3 == 0 ? sizeof text : 2000);
		while (len + 64 < max) {
			const char *part = parts[rng_below(&seed, sizeof parts / sizeof *parts)];
			for (size_t times = rng_below(&seed, 90) == 0 ? 1 + rng_below(&seed, 900) : 1;
			     times > 0 && len + 64 < max; times--) {
				memcpy(text + len, part, strlen(part));
				len += strlen(part);
			}
		}
		struct str all = {text, len}, title = {text, n % 5 == 0 ? len : len / 20};
		struct story_text t = {title, all};
		arena_reset(&arena);
		ck_assert_int_eq(text_words(&arena, title, &title_words, &err), 0);
		ck_assert_int_eq(text_words(&arena, all, &text_words_there, &err), 0);
		ck_assert_int_eq(story_features(&t, &arena, &ours, &err), 0);
		ck_assert_int_eq(story_features_of(&t, &title_words, &text_words_there, &arena, &theirs, &err), 0);
		ck_assert(same_bytes(ours.words, theirs.words, ours.word_count, theirs.word_count, sizeof *ours.words));
		ck_assert(same_bytes(
		    ours.title_words, theirs.title_words, ours.title_count, theirs.title_count, sizeof *ours.words));
		ck_assert(
		    same_bytes(ours.pieces, theirs.pieces, ours.piece_count, theirs.piece_count, sizeof *ours.pieces));
		ck_assert_uint_eq(ours.dateline, theirs.dateline);
	}
}
END_TEST

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, stop);
	tcase_add_test(tc, test_numbers_are_one_word_each);
	tcase_add_test(tc, test_case_marks_and_short_forms_are_equal);
	tcase_add_test(tc, test_a_dateline_does_not_count);
	tcase_add_test(tc, test_titles_are_alike_however_their_names_are_transliterated);
	tcase_add_test(tc, test_every_way_to_write_a_sound_is_the_sound);
	tcase_add_test(tc, test_sets_are_sorted_and_hold_each_once);
	tcase_add_test(tc, test_nothing_has_no_features);
	tcase_add_test(tc, test_long_texts_and_titles_are_bounded);
	tcase_add_test(tc, test_words_that_are_there_already_are_as_good_as_the_text);
}

int
main(void)
{
	return tap_run("story/features", suite);
}
