#include "watch/form.h"
#include "watch/letters.h"
#include "watch/orgform.h"

/* The firm without its legal form: Siemens for Siemens AG, Газпром for ОАО Газпром. */
static int
add_core(struct form *f)
{
	struct str folds[FORM_WORDS_MAX];
	size_t from = 0, to = f->count, n;
	bool weak, any_weak = false;

	for (size_t i = 0; i < f->count; i++)
		folds[i] = f->parts[i].fold;
	while (to - from > 1 && (n = orgform_words(folds + from, to - from, true, &weak)) > 0 && n < to - from &&
	       !(weak && to - from - n == 1)) {
		to -= n;
		any_weak |= weak;
	}
	while (to - from > 1 && (n = orgform_words(folds + from, to - from, false, &weak)) > 0 && n < to - from &&
	       !(weak && to - from - n == 1)) {
		from += n;
		any_weak |= weak;
	}
	if (to - from == f->count || (to - from == 1 && (any_weak || f->parts[from].fold.len < 3)))
		return 0;
	return form_add(f, from, to, 0, 0, 0, to - from == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
}

static bool
is_and(struct str fold)
{
	static const char *const words[] = {"and", "und", "et", "y", "e", "og", "och", "en", "i", "a", "и", "і", "та"};
	return form_listed(fold, words, sizeof words / sizeof *words);
}

enum small_words { WITHOUT_AND = 1, WITHOUT_THE = 2 };

/* The name without the words of this set between its first and its last. */
static int
add_without(struct form *f, unsigned which)
{
	struct str folds[FORM_WORDS_MAX];
	uint16_t gaps[FORM_WORDS_MAX], gap = 0;
	size_t n = 0;
	unsigned met = 0;
	for (size_t i = 0; i < f->count; i++) {
		bool inside = i > 0 && i + 1 < f->count;
		unsigned small = inside && is_and(f->parts[i].fold)                          ? WITHOUT_AND
		                 : inside && f->count > 3 && str_is(f->parts[i].fold, "the") ? WITHOUT_THE
		                                                                             : 0;
		gap |= f->parts[i].gap;
		met |= small & which;
		if (small & which) {
			gap |= TEXT_GAP_AND;
			continue;
		}
		folds[n] = f->parts[i].fold;
		gaps[n++] = gap;
		gap = 0;
	}
	return met != which || n < 2 ? 0 : form_add_words(f, folds, gaps, n, LIST_FORM_FULL);
}

/* Standard & Poor's for Standard and Poor's; Red Cross for the Red Cross inside a long name. */
static int
add_without_small_words(struct form *f)
{
	if (add_without(f, WITHOUT_AND) < 0 || add_without(f, WITHOUT_THE) < 0)
		return -1;
	return add_without(f, WITHOUT_AND | WITHOUT_THE);
}

/* Letters written together for letters with full stops: U.S. Steel → US Steel; S.R.L. → SRL. */
static int
add_letters_joined(struct form *f)
{
	struct str folds[FORM_WORDS_MAX];
	uint16_t gaps[FORM_WORDS_MAX];
	char text[FORM_WORDS_MAX * 8];
	size_t n = 0, used = 0;
	for (size_t i = 0; i < f->count; i++) {
		struct str fold = f->parts[i].fold;
		bool letter = fold.len == 1,
		     before = i > 0 && f->parts[i - 1].fold.len == 1 && f->parts[i].gap == TEXT_GAP_DOT;
		if (letter && before && used < sizeof text) {
			if (folds[n - 1].len == 1)
				folds[n - 1] = (struct str){memcpy(text + used, folds[n - 1].s, 1), 1};
			used = (size_t)(folds[n - 1].s - text) + folds[n - 1].len;
			text[used++] = fold.s[0];
			folds[n - 1].len++;
			continue;
		}
		folds[n] = fold;
		gaps[n++] = i ? f->parts[i].gap : 0;
	}
	return n == f->count ? 0 : form_add_words(f, folds, gaps, n, n == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
}

/* Letters with full stops for letters written together: S.C. Johnson for SC Johnson. */
static int
add_letters_apart(struct form *f, uint32_t acronyms)
{
	struct str folds[FORM_WORDS_MAX];
	uint16_t gaps[FORM_WORDS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < f->count; i++) {
		struct str fold = f->parts[i].fold;
		bool apart = (acronyms >> i & 1) && fold.len >= 2 && fold.len <= 4;
		for (size_t k = 0; k < (apart ? fold.len : 1); k++, n++) {
			if (n == FORM_WORDS_MAX)
				return 0;
			folds[n] = apart ? (struct str){fold.s + k, 1} : fold;
			gaps[n] = n == 0 ? 0 : k > 0 ? TEXT_GAP_DOT : f->parts[i].gap;
		}
	}
	return n == f->count || n == 1 ? 0 : form_add_words(f, folds, gaps, n, LIST_FORM_FULL);
}

/*
 * The first two words written as one: Wizzair, SiemensAG, Goodwill Company. Not of what other languages call it: Casablanca is no White
 * House.
 */
static int
add_written_together(struct form *f)
{
	char text[2 * TEXT_WORD_FOLD_MAX];
	struct str folds[FORM_WORDS_MAX], first = f->parts[0].fold, second = f->parts[f->count > 1].fold;
	uint16_t gaps[FORM_WORDS_MAX] = {0};
	bool small = f->count > 2 && (first.len < 3 || second.len < 3 || f->parts[1].small);
	bool own = f->list->names[f->name].source == f->name;
	if (!own || f->count < 2 || small || first.len + second.len < 6 || first.len + second.len > sizeof text)
		return 0;
	memcpy(text, first.s, first.len);
	memcpy(text + first.len, second.s, second.len);
	folds[0] = (struct str){text, first.len + second.len};
	for (size_t i = 2; i < f->count; i++) {
		folds[i - 1] = f->parts[i].fold;
		gaps[i - 1] = f->parts[i].gap;
	}
	return form_add_words(f, folds, gaps, f->count - 1, f->count == 2 ? LIST_FORM_SOLE : LIST_FORM_FULL);
}

/* Би-би-си for BBC, and BBC for Би-би-си. */
static int
add_letter_names(struct form *f, uint32_t acronyms)
{
	struct str folds[FORM_WORDS_MAX], names[LETTERS_MAX];
	uint16_t gaps[LETTERS_MAX] = {0};
	char acronym[LETTERS_MAX];
	size_t n;

	for (size_t i = 0; i < f->count; i++)
		folds[i] = f->parts[i].fold;
	if (f->count == 1 && (acronyms & 1) && (n = letters_spell(folds[0], names)) > 0) {
		for (size_t i = 1; i < n; i++)
			gaps[i] = TEXT_GAP_HYPHEN;
		return form_add_words_in(f, names, gaps, n, TEXT_CYRILLIC, LIST_FORM_LETTERS);
	}
	for (size_t i = 1; i < f->count; i++) {
		if (f->parts[i].gap != TEXT_GAP_HYPHEN)
			return 0;
	}
	if ((n = letters_read(folds, f->count, acronym)) == 0)
		return 0;
	uint32_t word;
	struct str both = {acronym, n};
	if (list_intern_word(f->list, both, TEXT_LATIN, &word) < 0)
		return -1;
	f->list->words[word].flags |= LIST_WORD_UPPER | LIST_WORD_CAPITAL;
	return list_add_path(f->list, &word, gaps, 1, f->name, LIST_FORM_LETTERS);
}

int
form_add_org(struct form *f, uint32_t acronyms)
{
	if (form_add(f, 0, f->count, 0, 0, 0, f->count == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL) < 0)
		return -1;
	if (add_core(f) < 0 || add_without_small_words(f) < 0 || add_letters_joined(f) < 0)
		return -1;
	if (add_letters_apart(f, acronyms) < 0 || add_written_together(f) < 0)
		return -1;
	return add_letter_names(f, acronyms);
}
