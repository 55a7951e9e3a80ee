#include "tap.h"

#include "base/buf.h"
#include "base/cpu.h"
#include "base/utf8.h"
#include "rng.h"
#include "text/words_wide.h"

#include <stdlib.h>
#include <sys/mman.h>

static struct arena arena;
static struct text_words words;
static struct buf out;

static void
split(const char *text)
{
	struct err err;
	ck_assert_int_eq(text_words(&arena, str_from(text), &words, &err), 0);
}

/* The folded words, joined with | */
static struct str
folded(const char *text)
{
	split(text);
	buf_reset(&out);
	for (size_t i = 0; i < words.count; i++) {
		if (i > 0)
			buf_putc(&out, '|');
		buf_str(&out, text_word_fold(&words, &words.items[i]));
	}
	return buf_view(&out);
}

START_TEST(test_case_and_diacritics_fold_away)
{
	ck_assert_str_is(folded("Jarosław KACZYŃSKI Đoković Özlem ﬁ"), "jaroslaw|kaczynski|dokovic|ozlem|fi");
	ck_assert_str_is(folded("Straße STRASSE Æsop"), "strasse|strasse|aesop");
	ck_assert_str_is(folded("Зеленський Ёлкин"), "зеленськии|елкин");
	ck_assert_str_is(folded("ΠΟΎΤΙΝ Πούτιν Τσίπρας"), "πουτιν|πουτιν|τσιπρασ");
	ck_assert_str_is(folded("Fullwidth ABC"), "fullwidth|abc");
}
END_TEST

START_TEST(test_composed_and_decomposed_letters_are_equal)
{
	ck_assert_str_is(folded("Zele\xCC\x81 Zel\xC3\xA9 nski\xCC\x86"), "zele|zele|nski");
	ck_assert_str_is(folded("\xD0\xB8\xCC\x86 \xD0\xB9"), "и|и");
}
END_TEST

START_TEST(test_an_apostrophe_that_is_a_letter_ends_no_word)
{
	ck_assert_str_is(folded("В'ячеслав сім’я п\xCA\xBCять сям'ёй"), "вячеслав|сімя|пять|сямеи");
	ck_assert_str_is(folded("ח'ליפה צ׳רנוב ג'ונס 'דג'"), "חליפה|צ׳רנוב|ג׳ונס|דג");
	ck_assert_str_is(folded("д'Артаньян О’Коннор l'Amour 'яблоко' я'"), "д|артаньян|о|коннор|l|amour|яблоко|я");
	split("В'яз");
	ck_assert_uint_eq(words.items[0].end, 7);
}
END_TEST

START_TEST(test_arabic_and_hebrew_forms_become_one)
{
	ck_assert_str_is(folded("أحمد إحمد احمد آحمد"), "احمد|احمد|احمد|احمد");
	ck_assert_str_is(folded("مُحَمَّد محـمد"), "محمد|محمد");
	ck_assert_str_is(folded("کی كي"), "كي|كي");
	ck_assert_str_is(folded("שָׁלוֹם שלום"), "שלומ|שלומ");
}
END_TEST

START_TEST(test_signs_split_words_and_are_remembered)
{
	ck_assert_str_is(folded("Rees-Mogg’s O'Brien, U.S."), "rees|mogg|s|o|brien|u|s");
	ck_assert_uint_eq(words.items[0].gap, TEXT_GAP_PARAGRAPH);
	ck_assert_uint_eq(words.items[1].gap, TEXT_GAP_HYPHEN);
	ck_assert_uint_eq(words.items[2].gap, TEXT_GAP_APOS);
	ck_assert_uint_eq(words.items[3].gap, TEXT_GAP_SPACE);
	ck_assert_uint_eq(words.items[5].gap, TEXT_GAP_COMMA | TEXT_GAP_SPACE);
	ck_assert_uint_eq(words.items[6].gap, TEXT_GAP_DOT);
	ck_assert_uint_eq(words.tail_gap, TEXT_GAP_DOT | TEXT_GAP_PARAGRAPH);
}
END_TEST

START_TEST(test_blank_lines_are_told_from_line_ends)
{
	split("a\nb\n\nc");
	ck_assert_uint_eq(words.items[1].gap, TEXT_GAP_SPACE | TEXT_GAP_LINE);
	ck_assert(words.items[2].gap & TEXT_GAP_PARAGRAPH);
}
END_TEST

START_TEST(test_scripts_without_spaces_split_by_character)
{
	ck_assert_str_is(folded("习近平访问ロシアの푸틴은 test"), "习|近|平|访|问|ロシア|の|푸틴은|test");
	ck_assert_str_is(folded("ปูติน"), "ปู|ติ|น");
	ck_assert_str_is(folded("ﾌﾟｰﾁﾝ プーチン"), "プーチン|プーチン");
	ck_assert_str_is(folded("iPhone手机15"), "iphone|手|机|15");
}
END_TEST

START_TEST(test_offsets_point_into_the_original_bytes)
{
	const char *text = "«Зеле́нський» – Straße";
	split(text);
	ck_assert_uint_eq(words.count, 2);
	ck_assert_str_is(
	    ((struct str){text + words.items[0].start, words.items[0].end - words.items[0].start}), "Зеле́нський");
	ck_assert_str_is(
	    ((struct str){text + words.items[1].start, words.items[1].end - words.items[1].start}), "Straße");
}
END_TEST

START_TEST(test_soft_hyphens_and_joiners_do_not_interrupt)
{
	ck_assert_str_is(folded("Pu\xC2\xADtin P\xE2\x80\x8Dutin"), "putin|putin");
}
END_TEST

START_TEST(test_capitals_are_noted)
{
	split("Putin NATO iPad putin ПУТИН 2026 中");
	ck_assert_uint_eq(words.items[0].flags, TEXT_WORD_CAPITAL | TEXT_WORD_CASED);
	ck_assert_uint_eq(words.items[1].flags, TEXT_WORD_CAPITAL | TEXT_WORD_UPPER | TEXT_WORD_MIXED | TEXT_WORD_CASED);
	ck_assert_uint_eq(words.items[2].flags, TEXT_WORD_MIXED | TEXT_WORD_CASED);
	ck_assert_uint_eq(words.items[3].flags, TEXT_WORD_CASED);
	ck_assert(words.items[4].flags & TEXT_WORD_UPPER);
	ck_assert_uint_eq(words.items[5].flags, TEXT_WORD_DIGITS);
	ck_assert_uint_eq(words.items[6].flags, 0);
}
END_TEST

START_TEST(test_ill_formed_bytes_break_words_without_harm)
{
	ck_assert_str_is(folded("Pu\xFFtin \xE2\x82"), "pu|tin");
	ck_assert_str_is(folded(""), "");
}
END_TEST

START_TEST(test_a_word_of_a_million_letters_is_bounded)
{
	char *text = malloc(1000001);
	ck_assert_ptr_nonnull(text);
	memset(text, 'a', 1000000);
	text[1000000] = '\0';
	split(text);
	ck_assert_uint_eq(words.count, 1);
	ck_assert_uint_eq(words.items[0].end, 1000000);
	ck_assert_uint_le(words.items[0].fold_len, TEXT_WORD_FOLD_MAX);
	free(text);
}
END_TEST

START_TEST(test_running_out_of_memory_is_an_error)
{
	struct err err;
	struct arena tiny;
	arena_init(&tiny, 100);
	ck_assert_int_eq(
	    text_words(&tiny, str_from("Putin meets Xi in a long text that does not fit"), &words, &err), -1);
	ck_assert_int_eq(err.code, ERR_LIMIT);
	arena_done(&tiny);
}
END_TEST

START_TEST(test_text_folds_as_a_whole)
{
	buf_reset(&out);
	ck_assert(text_fold_str(&out, str_from("Die STRASSE nach Kraków!")));
	ck_assert_str_is(buf_view(&out), "die strasse nach krakow!");
}
END_TEST

/* The sentence of every word, as digits. */
static struct str
sentences(const char *text)
{
	split(text);
	buf_reset(&out);
	for (size_t i = 0; i < words.count; i++)
		buf_putc(&out, (char)('0' + words.items[i].sentence));
	return buf_view(&out);
}

START_TEST(test_words_know_their_sentence)
{
	ck_assert_str_is(sentences("He left. She stayed! Why? Nobody knows"), "0011233");
	ck_assert_str_is(sentences("Dr. Weber met V. Orlov on 3. Mai. They ate."), "0000000011");
	ck_assert_str_is(sentences("It cost 3.5 million; nobody paid: end"), "00000000");
	ck_assert_str_is(sentences("see www.example.org. now"), "00000");
	ck_assert_str_is(sentences("“Stop!” he said. “No.” She left"), "000122");
	ck_assert_str_is(sentences("他来了。我走了。"), "000111");
	ck_assert_str_is(sentences("first title\n\nthen text"), "0011");
}
END_TEST

START_TEST(test_words_know_their_paragraph)
{
	split("one\ntwo\n\nthree. Four\n \n five");
	ck_assert_uint_eq(words.items[0].paragraph, 0);
	ck_assert_uint_eq(words.items[1].paragraph, 0);
	ck_assert_uint_eq(words.items[2].paragraph, 1);
	ck_assert_uint_eq(words.items[3].paragraph, 1);
	ck_assert_uint_eq(words.items[4].paragraph, 2);
}
END_TEST

START_TEST(test_equal_folds_have_equal_hashes)
{
	split("Zelenskiy ZELENSKÍY selenskiy Transkaukasischerweise transkaukasischerweise");
	ck_assert_uint_eq(words.items[0].hash, words.items[1].hash);
	ck_assert_uint_ne(words.items[0].hash, words.items[2].hash);
	ck_assert_uint_eq(words.items[3].hash, words.items[4].hash);
	for (size_t i = 0; i < words.count; i++)
		ck_assert_uint_eq(words.items[i].hash, text_fold_hash(text_word_fold(&words, &words.items[i])));
}
END_TEST

/* ---- blocks and runs against one character after another ---- */

struct plain {
	size_t start, end;
	unsigned letters, capitals;
	bool first_is_capital, digits, cased, capital_later;
	struct buf fold;
	bool cyrillic;
};

static void
compare_word(const struct plain *p, size_t i)
{
	ck_assert_uint_lt(i, words.count);
	const struct text_word *word = &words.items[i];
	unsigned flags = (p->first_is_capital ? TEXT_WORD_CAPITAL : 0u) | (p->capital_later ? TEXT_WORD_MIXED : 0u) |
	                 (p->digits ? TEXT_WORD_DIGITS : 0u) | (p->cased ? TEXT_WORD_CASED : 0u) |
	                 (p->letters >= 2 && p->capitals == p->letters ? TEXT_WORD_UPPER : 0u);
	struct str fold = text_word_fold(&words, word);
	ck_assert_uint_eq(word->start, p->start);
	ck_assert_uint_eq(word->end, p->end);
	ck_assert_msg(str_eq(fold, buf_view(&p->fold)), "“%.*s”, not “%s”", STR_ARG(fold), p->fold.data);
	ck_assert_uint_eq(word->flags, flags);
	ck_assert_uint_eq(word->hash, text_fold_hash(fold));
}

static void
add_character(struct plain *p, const struct text_fold *f, size_t start)
{
	if (p->fold.len == 0)
		p->start = start, p->cased = text_script_cased(f->script), p->cyrillic = f->script == TEXT_CYRILLIC;
	p->first_is_capital |= f->upper && p->letters == 0;
	p->capital_later |= f->upper && p->letters > 0;
	p->letters += f->upper || f->lower;
	p->capitals += f->upper;
	p->digits |= f->kind == TEXT_DIGIT;
	buf_add(&p->fold, f->utf8, f->len);
}

static void
compare_with_plain(struct str s)
{
	struct plain p = {0};
	size_t n = 0, pos = 0;
	struct err err;
	ck_assert_int_eq(text_words(&arena, s, &words, &err), 0);
	buf_init(&p.fold, 0);
	while (pos <= s.len) {
		size_t start = pos;
		struct text_fold f = {.kind = TEXT_BREAK};
		if (pos < s.len)
			text_fold_cp(utf8_next(s, &pos), &f);
		else
			pos++;
		struct str rest = {s.s + pos, pos < s.len ? s.len - pos : 0}, sign = {s.s + start, pos - start};
		if (p.cyrillic && str_is(sign, "’") &&
		    (str_starts(rest, STR_LIT("я")) || str_starts(rest, STR_LIT("Є"))))
			continue; /* no other of the pieces' letters stands behind an apostrophe that is one */
		if (f.kind != TEXT_BREAK) {
			add_character(&p, &f, start);
			p.end = pos;
			continue;
		}
		if (p.fold.len > 0)
			compare_word(&p, n++);
		buf_reset(&p.fold);
		p = (struct plain){.fold = p.fold};
	}
	ck_assert_uint_eq(n, words.count);
	buf_done(&p.fold);
}

static void
add_piece(struct buf *b, uint64_t *rng)
{
	static const char *const letters[] = {
	    "a", "e", "n", "z", "A", "Q", "0", "7", "é", "Ł", "ß", "ñ", "п", "Р", "и", "Є", "я"};
	static const char *const gaps[] = {" ", " ", " ", ", ", ". ", "-", "\n", "\n\n", "’", "“", "!"};
	unsigned kind = (unsigned)rng_below(rng, 4),
	         n = 1 + (unsigned)rng_below(rng, rng_below(rng, 30) == 0 ? 90 : 12);
	for (unsigned i = 0; i < n; i++) /* letters of ASCII, of ASCII with capitals and digits, Latin, any */
		buf_puts(b, letters[kind == 0   ? rng_below(rng, 4)
		                    : kind == 1 ? rng_below(rng, 8)
		                    : kind == 2 ? rng_below(rng, 12)
		                                : rng_below(rng, 17)]);
	buf_puts(b, gaps[rng_below(rng, sizeof gaps / sizeof *gaps)]);
}

START_TEST(test_words_are_those_of_one_character_after_another)
{
	uint64_t rng = 11;
	for (unsigned i = 0; i < 3000; i++) {
		arena_reset(&arena);
		buf_reset(&out);
		for (unsigned k = (unsigned)rng_below(&rng, 40); k > 0; k--)
			add_piece(&out, &rng);
		compare_with_plain(arena_str(&arena, buf_view(&out))); /* a copy, so that reading beyond it is noticed */
	}
}
END_TEST

/* ---- every form of the block path against the path without blocks ---- */

#define PAGE 4096u
#define READABLE (4 * PAGE)

/* What a form makes of a text that ends where nothing may be read. */
static void
split_by(enum words_blocks form, struct str s, struct text_words *w)
{
	struct err err;
	ck_assert(words_choose_blocks(form));
	ck_assert_int_eq(text_words(&arena, s, w, &err), 0);
}

static void
compare_forms(struct str s)
{
	struct text_words plain, other;
	split_by(WORDS_BLOCKS_NONE, s, &plain);
	for (enum words_blocks form = WORDS_BLOCKS_PLAIN; form < WORDS_BLOCKS_COUNT; form++) {
		if (!words_choose_blocks(form))
			continue;
		split_by(form, s, &other);
		ck_assert_uint_eq(other.count, plain.count);
		ck_assert_uint_eq(other.tail_gap, plain.tail_gap);
		ck_assert_uint_eq(other.cased, plain.cased);
		ck_assert_uint_eq(other.capitals, plain.capitals);
		ck_assert_uint_eq(other.has_capitals, plain.has_capitals);
		for (size_t i = 0; i < plain.count; i++) {
			struct text_word a = plain.items[i], b = other.items[i];
			struct str fold = text_word_fold(&plain, &a), same = text_word_fold(&other, &b);
			ck_assert_msg(str_eq(fold, same), "“%.*s”, not “%.*s”", STR_ARG(same), STR_ARG(fold));
			b.fold = a.fold; /* each has its own place for them */
			ck_assert_msg(memcmp(&a, &b, sizeof a) == 0, "form %d, word %zu “%.*s”", form, i, STR_ARG(fold));
		}
	}
}

/* The text at the end of memory that may be read. */
static void
compare_forms_at_the_end(char *memory, struct str s)
{
	arena_reset(&arena);
	ck_assert_uint_le(s.len, READABLE);
	char *to = memory + READABLE - s.len;
	memcpy(to, s.s, s.len);
	compare_forms((struct str){to, s.len});
}

/* More often than not ASCII, as news are. */
static void
add_prose(struct buf *b, uint64_t *rng)
{
	static const char *const terms[] = {"the", "Ministers", "of", "a", "Mr", "3", "NATO", "McDonald", "G20", "2024",
	    "internationalisation", "OECD", "I", "x", "approximately16", "Counterrevolutionaries", "dr", "IIb"};
	static const char *const gaps[] = {" ", " ", " ", " ", " ", " ", " ", ", ", ". ", "-", "\n", "\n\n", "\r\n\r\n",
	    "! ", "...", "; ", " & ", "  ", "' ", ".", "\t(", " \n \n"};
	buf_puts(b, terms[rng_below(rng, sizeof terms / sizeof *terms)]);
	buf_puts(b, gaps[rng_below(rng, sizeof gaps / sizeof *gaps)]);
}

START_TEST(test_every_form_of_the_block_path_finds_the_same)
{
	char *memory = mmap(NULL, READABLE + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t rng = 23;
	split(""); /* the first one chooses the best form */
	ck_assert(memory != MAP_FAILED && mprotect(memory + READABLE, PAGE, PROT_NONE) == 0);
	for (unsigned i = 0; i < 2000; i++) {
		size_t most = rng_below(&rng, i % 8 == 0 ? 6000 : 300), odd = rng_below(&rng, 3) * rng_below(&rng, 20);
		buf_reset(&out);
		while (out.len < most)
			rng_below(&rng, 100) < odd ? add_piece(&out, &rng) : add_prose(&out, &rng);
		compare_forms_at_the_end(memory, (struct str){out.data, out.len < most ? out.len : most});
	}
	/* words and gaps of every length across the edges of blocks and of what is gone through at once */
	for (unsigned len = 1; len < 140; len++) {
		for (unsigned gap = 0; gap < 3; gap++) {
			buf_reset(&out);
			for (unsigned i = 0; out.len < 2300; i++) {
				buf_putc(&out, (char)(i % len == 0 ? 'A' + i % 26 : 'a' + i % 26));
				if (i % len == len - 1)
					buf_puts(&out, gap == 0 ? " " : gap == 1 ? "\n\n " : "7");
			}
			compare_forms_at_the_end(memory, buf_view(&out));
		}
	}
	ck_assert_int_eq(munmap(memory, READABLE + PAGE), 0);
}
END_TEST

/* Else the forms above could all be one. */
START_TEST(test_the_widest_form_is_there_where_the_processor_has_it)
{
	struct text_words w = {0};
	split("");
	ck_assert_int_eq(words_choose_blocks(WORDS_BLOCKS_WIDE), cpu_is_wide());
	while (out.len < 2048)
		buf_puts(&out, "a word and Others ");
	struct words_scan sc = {.s = buf_view(&out), .arena = &arena, .out = &w, .cap = 8, .folded_cap = 2 * out.len};
	sc.folded = arena_alloc(&arena, sc.folded_cap);
	w.items = arena_alloc(&arena, sc.cap * sizeof *w.items);
	size_t end = words_take_wide(&sc, 0);
	if (cpu_is_wide())
		ck_assert(end > 1024 && w.count > 1024 / 5);
	else
		ck_assert_uint_eq(end, 0);
}
END_TEST

START_TEST(test_paragraphs_beyond_what_can_be_counted_are_the_last)
{
	split("");
	for (unsigned i = 0; i < UINT16_MAX + 10u; i++)
		buf_puts(&out, "ab\n\n");
	compare_forms(buf_view(&out));
	split_by(WORDS_BLOCKS_PLAIN, buf_view(&out), &words);
	ck_assert_uint_eq(words.items[words.count - 1].paragraph, UINT16_MAX);
	ck_assert_uint_eq(words.items[words.count - 1].sentence, UINT16_MAX + 9u);
}
END_TEST

static void
setup(void)
{
	arena_init(&arena, 0);
	buf_init(&out, 0);
}

static void
teardown(void)
{
	arena_done(&arena);
	buf_done(&out);
}

static void
suite(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_case_and_diacritics_fold_away);
	tcase_add_test(tc, test_composed_and_decomposed_letters_are_equal);
	tcase_add_test(tc, test_an_apostrophe_that_is_a_letter_ends_no_word);
	tcase_add_test(tc, test_arabic_and_hebrew_forms_become_one);
	tcase_add_test(tc, test_signs_split_words_and_are_remembered);
	tcase_add_test(tc, test_blank_lines_are_told_from_line_ends);
	tcase_add_test(tc, test_scripts_without_spaces_split_by_character);
	tcase_add_test(tc, test_offsets_point_into_the_original_bytes);
	tcase_add_test(tc, test_soft_hyphens_and_joiners_do_not_interrupt);
	tcase_add_test(tc, test_capitals_are_noted);
	tcase_add_test(tc, test_ill_formed_bytes_break_words_without_harm);
	tcase_add_test(tc, test_a_word_of_a_million_letters_is_bounded);
	tcase_add_test(tc, test_running_out_of_memory_is_an_error);
	tcase_add_test(tc, test_words_know_their_sentence);
	tcase_add_test(tc, test_words_know_their_paragraph);
	tcase_add_test(tc, test_equal_folds_have_equal_hashes);
	tcase_add_test(tc, test_text_folds_as_a_whole);
	tcase_add_test(tc, test_words_are_those_of_one_character_after_another);
	tcase_add_test(tc, test_every_form_of_the_block_path_finds_the_same);
	tcase_add_test(tc, test_the_widest_form_is_there_where_the_processor_has_it);
	tcase_add_test(tc, test_paragraphs_beyond_what_can_be_counted_are_the_last);
}

int
main(void)
{
	return tap_run("text/words", suite);
}
