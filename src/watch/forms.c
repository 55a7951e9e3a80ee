#include "watch/forms.h"

#include "base/utf8.h"
#include "watch/arabic.h"
#include "watch/letters.h"
#include "watch/orgform.h"

#define ACRONYM_MAX 5u       /* letters */
#define ACRONYM_MAX_OTHER 3u /* of a place or person, whose longer names people write in capitals, too */
#define PARTICLE_BYTES_MAX 6u

/* Between given and family name (CLDR person-name particles and the usual transliterations of ibn, bint, abu, al). */
/* clang-format off */
#define S(s) {(s), sizeof(s) - 1}
static const struct str particles[] = {
    S("von"), S("van"), S("der"), S("den"), S("de"), S("del"), S("della"), S("di"), S("da"), S("do"), S("dos"),
    S("das"), S("du"), S("la"), S("le"), S("les"), S("el"), S("al"), S("bin"), S("ben"), S("ibn"), S("bint"),
    S("abu"), S("ter"), S("ten"), S("zu"), S("zum"), S("af"), S("av"), S("y"), S("e"), S("i"), S("st"), S("ul"),
    S("ur"), S("ud"), S("фон"), S("ван"), S("дер"), S("де"), S("да"), S("ди"), S("ла"), S("ле"), S("аль"), S("эль"),
    S("бен"), S("бин"), S("ибн"),
};
/* clang-format on */

/* After these comes a name that does not stand alone: Prince Harry, Pope Francis. */
/* clang-format off */
static const char *const styles[] = {
    "prince", "princess", "king", "queen", "pope", "emperor", "empress", "sultan", "emir", "sheikh", "patriarch", "saint", "lord", "lady", "sir", "mullah",
    "mother", "father", "ojciec", "otec", "oce", "отец", "отче", "святой", "святий", "свят", "swiety", "svaty", "sveti", "принц", "король", "королева", "папа", "патриарх", "папеж", "papiez", "krol", "krolowa", "ksiaze", "papez", "kral", "kralovna", "princ", "kralj", "kraljica", "papst", "konig", "konigin", "prinz", "roi", "reine", "pape", "rey", "reina", "papa",
};
/* clang-format on */

/* Family names that come first in Chinese, Korean and Vietnamese names in Latin letters (the most frequent of each census). */
/* clang-format off */
static const char *const first_families[] = {
    "tsai", "chiang", "chou", "chang", "hsu", "hsieh", "hsiao", "tseng", "teng", "kuo", "chuang", "yeh", "shih", "tsao", "tung", "hung", "chien", "lai",
    "li", "wang", "zhang", "liu", "chen", "yang", "huang", "zhao", "wu", "zhou", "xu", "sun", "ma", "zhu", "hu", "guo", "he", "lin", "gao", "luo", "zheng", "liang", "xie", "song",
    "tang", "deng", "han", "feng", "cao", "peng", "zeng", "xiao", "tian", "dong", "pan", "yuan", "cai", "jiang", "yu", "du", "ye", "cheng", "wei", "su", "lu", "ding", "ren", "yao", "shen",
    "zhong", "cui", "tan", "fan", "jin", "shi", "liao", "jia", "xia", "fu", "fang", "zou", "xiong", "bai", "meng", "qin", "qiu", "hou", "xi", "qian", "dai", "yan", "mao", "bo", "hua",
    "shin", "kwon", "hwang", "ahn", "ryu", "yoo", "jeon", "baek", "hur", "noh", "roh", "kwak", "sung", "seo", "suh", "kim", "lee", "park", "pak", "choi", "choe", "jung", "chung", "kang", "cho", "jo", "yoon", "yun", "jang", "lim", "ri", "ro", "moon", "mun", "nguyen", "tran", "pham", "hoang", "phan", "vu", "vo", "dang", "bui", "ngo",
};
/* clang-format on */

/* What syllables of such names begin with, of two letters and more (Pinyin, Wade and Giles, the Revised Romanization, chữ quốc ngữ). */
/* clang-format off */
static const char *const onsets[] = {"zh", "ch", "sh", "hs", "ts", "tz", "ng", "nh", "ngh", "th", "tr", "ph", "kh", "gh", "kw", "gw", "hw", "kk", "tt", "pp", "ss", "jj", "sw", "chw"};
/* clang-format on */
#define ONSET_MAX 3u
#define VOWELS_MAX 4u
#define CODAS_TRIED 3u /* ways to end a syllable at one place: -ng, -n, none */

struct part {
	uint32_t word;
	uint16_t gap;
	bool capital, small; /* neither where there are none */
	struct str fold;
};

struct form {
	struct watchlist *list;
	uint32_t name;
	struct part parts[FORM_WORDS_MAX];
	size_t count;
};

static bool
listed(struct str fold, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (str_is(fold, words[i]))
			return true;
	}
	return false;
}

bool
forms_particle(struct str fold)
{
	if (fold.len > PARTICLE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
		if (str_eq(fold, particles[i]))
			return true;
	}
	return false;
}

static bool
is_regnal(struct str fold)
{
	static const char *const numbers[] = {"ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
	    "xiii", "xiv", "xv", "xvi", "jr", "sr", "junior", "senior", "первый", "второй", "третий", "вторая",
	    "первая", "други", "друга", "перши", "перша", "втора", "втори", "първи", "druga", "drugi", "druha", "druhy",
	    "prvni", "prvi", "prva", "pierwszy", "pierwsza", "trzeci"};
	return listed(fold, numbers, sizeof numbers / sizeof *numbers);
}

/* A path of the parts from..to, then of from2..to2. */
static int
add(struct form *f, size_t from, size_t to, size_t from2, size_t to2, uint16_t between, enum list_form form)
{
	uint32_t words[FORM_WORDS_MAX];
	uint16_t gaps[FORM_WORDS_MAX];
	size_t n = 0;

	for (size_t i = from; i < to; i++, n++) {
		words[n] = f->parts[i].word;
		gaps[n] = n ? f->parts[i].gap : 0;
	}
	for (size_t i = from2; i < to2; i++, n++) {
		words[n] = f->parts[i].word;
		gaps[n] = i == from2 ? between : f->parts[i].gap;
	}
	return n == 0 ? 0 : list_add_path(f->list, words, gaps, n, f->name, form);
}

/* Joined to the part before it: by a hyphen or an apostrophe (Ja'far, but O'Hara is Hara to who looks for it), or without spaces. */
static bool
joined(const struct form *f, size_t at)
{
	uint16_t gap = f->parts[at].gap;
	bool apostrophe = gap == TEXT_GAP_APOS && at > 0 && utf8_count(f->parts[at - 1].fold) > 1;
	return (gap & TEXT_GAP_HYPHEN) || gap == 0 || apostrophe;
}

/* Where the family name begins: the last word, with what is joined to it and the particles before it; 0 = no telling. */
static size_t
family_start(const struct form *f)
{
	size_t at = f->count - 1;
	while (at > 0 && joined(f, at))
		at--;
	while (at > 1 && forms_particle(f->parts[at - 1].fold))
		at--;
	return at;
}

static size_t
given_end(const struct form *f, size_t most)
{
	size_t end = 1;
	while (end < most && joined(f, end))
		end++;
	return end;
}

/* One syllable of a Chinese, Korean or Vietnamese name in the usual Latin spellings; returns its longest end, or 0. */
static size_t
syllable(struct str s, size_t at, size_t shorter)
{
	static const char *const codas[] = {"ng", "nh", "ch", "n", "m", "p", "t", "c", "k", "l", "h", "w"};
	const size_t begin = at;
	while (at < s.len && at - begin < ONSET_MAX && strchr("aeiou", s.s[at]) == NULL && s.s[at] != 'y')
		at++;
	struct str onset = {s.s + begin, at - begin};
	if (onset.len > 1 && !listed(onset, onsets, sizeof onsets / sizeof *onsets))
		return 0;
	size_t vowels = at;
	while (at < s.len && at - vowels < VOWELS_MAX && strchr("aeiouy", s.s[at]) != NULL)
		at++;
	if (at == vowels)
		return 0;
	struct str rest = {s.s + at, s.len - at};
	if (onset.len == 0 && str_starts(rest, STR_LIT("hn"))) /* Ahn */
		return shorter == 0 ? at + 2 : 0;
	for (size_t i = 0; i < sizeof codas / sizeof *codas; i++) {
		if (str_starts(rest, str_from(codas[i])) && shorter-- == 0)
			return at + strlen(codas[i]);
	}
	return shorter == 0 ? at : 0;
}

/* May the word be a given name there: one syllable or two? Campbell and Marvin are none. */
static bool
is_eastern(struct str s)
{
	for (size_t i = 0, at; i < CODAS_TRIED; i++) {
		if ((at = syllable(s, 0, i)) == 0)
			continue;
		if (at == s.len)
			return true;
		for (size_t k = 0; k < CODAS_TRIED; k++) {
			if (syllable(s, at, k) == s.len)
				return true;
		}
	}
	return false;
}

static bool
family_first(const struct form *f)
{
	if (f->count > 3 || !listed(f->parts[0].fold, first_families, sizeof first_families / sizeof *first_families))
		return false;
	for (size_t i = 1; i < f->count; i++) {
		if (!is_eastern(f->parts[i].fold))
			return false;
	}
	bool last = listed(f->parts[f->count - 1].fold, first_families, sizeof first_families / sizeof *first_families);
	return f->count == 3 || !last;
}

static int
add_bare(struct form *f, size_t from, size_t to)
{
	size_t last = to - 1;
	if (add(f, from, to, 0, 0, 0, LIST_FORM_BARE) < 0)
		return -1;
	while (last > from && joined(f, last))
		last--;
	if (last == from || f->parts[last].fold.len < 3)
		return 0;
	return add(f, last, to, 0, 0, 0, LIST_FORM_BARE);
}

/* Without one of the middle names, and without all of them. */
static int
add_shorter(struct form *f, size_t given, size_t family)
{
	if (family <= given)
		return 0;
	if (add(f, 0, given, family, f->count, TEXT_GAP_SPACE, LIST_FORM_FULL) < 0 ||
	    add(f, family, f->count, 0, given, TEXT_GAP_COMMA, LIST_FORM_ORDER) < 0)
		return -1;
	for (size_t skip = given; skip < family && f->count <= 8; skip++) {
		if (add(f, 0, skip, skip + 1, f->count, TEXT_GAP_SPACE, LIST_FORM_FULL) < 0)
			return -1;
	}
	return 0;
}

/* A Chinese name in Latin letters: many have the same family name, none counts for it alone. */
static int
add_chinese(struct form *f)
{
	if (f->count < 2)
		return 0;
	if (add(f, 0, f->count, 0, 0, 0, LIST_FORM_FULL) < 0)
		return -1;
	bool characters = f->parts[1].gap == 0; /* those have one order */
	return characters ? 0 : add(f, 1, f->count, 0, 1, TEXT_GAP_SPACE, LIST_FORM_ORDER);
}

/* A given name of two parts as one word: Wenhui for Wen-hui, Alireza for Ali-Reza. In both orders. */
static int
add_given_joined(struct form *f, size_t given, size_t family)
{
	char text[2 * TEXT_WORD_FOLD_MAX];
	struct part *last = &f->parts[given + 1];
	struct str first = f->parts[given].fold, second = last->fold;
	size_t family_end = family < given ? given : f->count;
	uint32_t both, own = last->word;
	if (last->gap != TEXT_GAP_HYPHEN || first.len + second.len > TEXT_WORD_FOLD_MAX)
		return 0;
	memcpy(text, first.s, first.len);
	memcpy(text + first.len, second.s, second.len);
	if (list_intern_word(f->list, (struct str){text, first.len + second.len},
	        (enum text_script)f->list->words[f->parts[given].word].script, &both) < 0)
		return -1;
	f->list->words[both].flags |= LIST_WORD_LOOSE | LIST_WORD_CAPITAL;
	last->word = both;
	uint16_t order = family < given ? TEXT_GAP_SPACE : TEXT_GAP_COMMA;
	int r = add(f, given + 1, given + 2, family, family_end, TEXT_GAP_SPACE, LIST_FORM_FULL);
	r = r < 0 ? r : add(f, family, family_end, given + 1, given + 2, order, LIST_FORM_ORDER);
	last->word = own;
	return r;
}

/* Lists write the family name first and set it off by a comma: Marsh, Una. Jr. and III behind one are no given names. */
static void
put_family_last(struct form *f)
{
	struct part turned[FORM_WORDS_MAX];
	size_t comma = 1;
	while (comma < f->count && !(f->parts[comma].gap & TEXT_GAP_COMMA))
		comma++;
	if (comma >= f->count || is_regnal(f->parts[comma].fold))
		return;
	for (size_t i = comma + 1; i < f->count; i++) {
		if (f->parts[i].gap & TEXT_GAP_COMMA)
			return;
	}
	for (size_t i = 0; i < f->count; i++)
		turned[i] = f->parts[(comma + i) % f->count];
	memcpy(f->parts, turned, f->count * sizeof *turned);
	f->parts[0].gap = 0;
	f->parts[f->count - comma].gap = TEXT_GAP_SPACE;
}

static int
add_person(struct form *f)
{
	struct list_name *name = &f->list->names[f->name];
	if (name->source != f->name)
		return add_chinese(f);
	put_family_last(f);
	size_t family = family_start(f), given = given_end(f, family), last = f->count - 1;
	while (last > 0 && joined(f, last)) /* Jung-ho is no word in small letters */
		last--;
	if (family == 0) {
		name->family = f->count == 1 ? f->parts[0].word : LIST_NONE;
		return add(f, 0, f->count, 0, 0, 0, LIST_FORM_SOLE);
	}
	if (add(f, 0, f->count, 0, 0, 0, LIST_FORM_FULL) < 0)
		return -1;
	if (f->list->words[f->parts[0].word].script == TEXT_SOUTHEAST)
		return 0; /* nobody there is called by the family name, which would be found inside other words */
	if (listed(f->parts[0].fold, styles, sizeof styles / sizeof *styles) ||
	    is_regnal(f->parts[f->count - 1].fold) || (f->parts[0].capital && f->parts[last].small))
		return 0; /* no family name: Prince Harry, the Iron chancellor */
	if (family_first(f)) {
		name->given = f->parts[1].word;
		name->family = f->parts[0].word;
		name->family_first = true;
		if (f->count == 3 && add_given_joined(f, 1, 0) < 0)
			return -1;
		return add(f, 1, f->count, 0, 1, TEXT_GAP_SPACE, LIST_FORM_ORDER) < 0 ? -1 : add_bare(f, 0, 1);
	}
	name->given = f->parts[0].word;
	name->family = f->parts[f->count - 1].word;
	name->middle = family > given;
	f->list->words[name->given].flags |= LIST_WORD_GIVEN;
	if (add(f, family, f->count, 0, family, TEXT_GAP_COMMA, LIST_FORM_ORDER) < 0 ||
	    add_shorter(f, given, family) < 0 || (given == 2 && family == 2 && add_given_joined(f, 0, 2) < 0))
		return -1;
	return add_bare(f, family, f->count);
}

/* A path of these words of this script, of which some may be new. */
static int
add_words_in(struct form *f, const struct str *folds, const uint16_t *gaps, size_t count, enum text_script script,
    enum list_form form)
{
	uint32_t words[FORM_WORDS_MAX];
	for (size_t i = 0; i < count; i++) {
		if (list_intern_word(f->list, folds[i], script, &words[i]) < 0)
			return -1;
		f->list->words[words[i]].flags |= form == LIST_FORM_LETTERS ? LIST_WORD_LOOSE : 0;
	}
	return count == 0 ? 0 : list_add_path(f->list, words, gaps, count, f->name, form);
}

static int
add_words(struct form *f, const struct str *folds, const uint16_t *gaps, size_t count, enum list_form form)
{
	enum text_script script = (enum text_script)f->list->words[f->parts[0].word].script;
	return add_words_in(f, folds, gaps, count, script, form);
}

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
	return add(f, from, to, 0, 0, 0, to - from == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
}

static bool
is_and(struct str fold)
{
	static const char *const words[] = {"and", "und", "et", "y", "e", "og", "och", "en", "i", "a", "и", "і", "та"};
	return listed(fold, words, sizeof words / sizeof *words);
}

/* Standard & Poor's for Standard and Poor's; Red Cross for the Red Cross inside a long name. */
static int
add_without_small_words(struct form *f)
{
	struct str folds[FORM_WORDS_MAX];
	uint16_t gaps[FORM_WORDS_MAX], gap = 0;
	size_t n = 0;
	for (size_t i = 0; i < f->count; i++) {
		gap |= f->parts[i].gap;
		if (i > 0 && i + 1 < f->count &&
		    (is_and(f->parts[i].fold) || (f->count > 3 && str_is(f->parts[i].fold, "the")))) {
			gap |= TEXT_GAP_AND;
			continue;
		}
		folds[n] = f->parts[i].fold;
		gaps[n++] = gap;
		gap = 0;
	}
	return n == f->count || n < 2 ? 0 : add_words(f, folds, gaps, n, LIST_FORM_FULL);
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
	return n == f->count ? 0 : add_words(f, folds, gaps, n, n == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
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
	return n == f->count || n == 1 ? 0 : add_words(f, folds, gaps, n, LIST_FORM_FULL);
}

/* Two words written as one: Wizzair, SiemensAG, Goodwill. */
static int
add_written_together(struct form *f)
{
	char text[2 * TEXT_WORD_FOLD_MAX];
	uint16_t gap = 0;
	struct str first = f->parts[0].fold, second = f->parts[f->count > 1].fold, both;
	if (f->count != 2 || first.len + second.len < 6 || first.len + second.len > sizeof text)
		return 0;
	memcpy(text, first.s, first.len);
	memcpy(text + first.len, second.s, second.len);
	both = (struct str){text, first.len + second.len};
	return add_words(f, &both, &gap, 1, LIST_FORM_SOLE);
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
		return add_words_in(f, names, gaps, n, TEXT_CYRILLIC, LIST_FORM_LETTERS);
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

static int
add_org(struct form *f, uint32_t acronyms)
{
	if (add(f, 0, f->count, 0, 0, 0, f->count == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL) < 0)
		return -1;
	if (add_core(f) < 0 || add_without_small_words(f) < 0 || add_letters_joined(f) < 0)
		return -1;
	if (add_letters_apart(f, acronyms) < 0 || add_written_together(f) < 0)
		return -1;
	return add_letter_names(f, acronyms);
}

static size_t
acronym_max(const struct form *f)
{
	enum watch_kind kind = (enum watch_kind)f->list->names[f->name].kind;
	return kind == WATCH_PERSON || kind == WATCH_PLACE ? ACRONYM_MAX_OTHER : ACRONYM_MAX;
}

static int
load_parts(struct form *f, const struct text_words *words, bool loose)
{
	for (size_t i = 0; i < words->count && i < FORM_WORDS_MAX; i++) {
		const struct text_word *word = &words->items[i];
		struct part *p = &f->parts[f->count++];
		p->fold = text_word_fold(words, word);
		p->gap = i ? word->gap : 0;
		p->capital = (word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED)) != 0;
		p->small = (word->flags & TEXT_WORD_CASED) && !p->capital;
		if (list_intern_word(f->list, p->fold, (enum text_script)word->script, &p->word) < 0)
			return -1;
		f->list->names[f->name].capital |= i == 0 && p->capital;
		struct list_word *lw = &f->list->words[p->word];
		if (f->list->names[f->name].role == WATCH_ROLE_NAME)
			f->list->scripts[f->list->names[f->name].entity] |= (uint16_t)(1u << word->script);
		if ((word->flags & TEXT_WORD_MIXED) && utf8_count(p->fold) <= acronym_max(f) && words->count == 1)
			lw->flags |= (word->flags & TEXT_WORD_UPPER) ? LIST_WORD_UPPER : LIST_WORD_INNER;
		if (word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED))
			lw->flags |= LIST_WORD_CAPITAL;
		if (loose)
			lw->flags |= LIST_WORD_LOOSE;
		if (loose && f->list->names[f->name].kind != WATCH_PERSON && i + 1 < words->count)
			lw->flags |= LIST_WORD_LEADS;
	}
	return 0;
}

/* Which words are written in capitals, as a set. */
static uint32_t
acronyms_of(const struct text_words *words)
{
	uint32_t set = 0;
	for (size_t i = 0; i < words->count && i < FORM_WORDS_MAX; i++)
		set |= (uint32_t)((words->items[i].flags & TEXT_WORD_UPPER) && words->items[i].script == TEXT_LATIN)
		       << i;
	return set;
}

static int
add_spelt(
    struct watchlist *w, uint32_t name, struct str text, enum watch_kind kind, struct arena *scratch, struct err *err)
{
	struct text_words words;
	struct form f = {.list = w, .name = name};

	if (text_words(scratch, text, &words, err) < 0)
		return -1;
	if (load_parts(&f, &words, kind != WATCH_TOPIC) < 0)
		return err_oom(err);
	int r;
	if (w->names[name].role != WATCH_ROLE_NAME)
		r = add(&f, 0, f.count, 0, 0, 0, f.count == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
	else if (kind == WATCH_PERSON)
		r = add_person(&f);
	else if (kind == WATCH_ORG || kind == WATCH_GROUP)
		r = add_org(&f, acronyms_of(&words));
	else
		r = add(&f, 0, f.count, 0, 0, 0, f.count == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
	return r < 0 ? err_oom(err) : 0;
}

/* Polish ą and ę are spoken, and written in other scripts, with a nasal: Dąbrowski is Домбровский, Zaręba is Заремба. */
static struct str
with_nasals(struct str text, struct arena *scratch)
{
	char *out = arena_alloc(scratch, text.len + 1);
	size_t n = 0;
	bool any = false;
	for (size_t i = 0; out != NULL && i < text.len; i++) {
		unsigned char c = (unsigned char)text.s[i], next = i + 1 < text.len ? (unsigned char)text.s[i + 1] : 0;
		bool nasal = c == 0xC4 && (next == 0x85 || next == 0x99) && i + 2 < text.len;
		out[n++] = nasal ? (next == 0x85 ? 'o' : 'e') : text.s[i];
		if (nasal)
			out[n++] = strchr("bp", text.s[++i + 1]) != NULL ? 'm' : 'n';
		any |= nasal;
	}
	return any ? (struct str){out, n} : STR_NONE;
}

/* The same name in another spelling: what is known of the name and its actor stays as the user wrote it. */
static int
add_other(
    struct watchlist *w, uint32_t name, struct str text, enum watch_kind kind, struct arena *scratch, struct err *err)
{
	struct list_name own = w->names[name];
	uint16_t scripts = w->scripts[own.entity];
	int r = add_spelt(w, name, text, kind, scratch, err);
	w->names[name] = own;
	w->scripts[own.entity] = scripts;
	return r;
}

/* The firm with the word for its sign: Varnholt and Sons for Varnholt & Sons. */
static int
add_and_words(struct watchlist *w, uint32_t name, enum watch_kind kind, struct arena *scratch, struct err *err)
{
	static const char *const words[] = {"and", "und", "et", "y", "i", "и"};
	struct str text = w->names[name].text;
	ptrdiff_t sign = str_find(text, STR_LIT(" & "), 0);
	for (size_t i = 0; sign > 0 && i < sizeof words / sizeof *words; i++) {
		size_t at = (size_t)sign + 1, n = strlen(words[i]);
		char *other = arena_alloc(scratch, text.len + n);
		if (other == NULL)
			return arena_check(scratch, err);
		memcpy(other, text.s, at);
		memcpy(other + at, words[i], n);
		memcpy(other + at + n, text.s + at + 1, text.len - at - 1);
		if (add_other(w, name, (struct str){other, text.len + n - 1}, kind, scratch, err) < 0)
			return -1;
	}
	return 0;
}

static int
add_others(struct watchlist *w, uint32_t name, enum watch_kind kind, struct arena *scratch, struct err *err)
{
	struct str others[ARABIC_SPELLINGS_MAX], text = w->names[name].text, nasal = with_nasals(text, scratch);
	if (!str_empty(nasal) && add_other(w, name, nasal, kind, scratch, err) < 0)
		return -1;
	if ((kind == WATCH_ORG || kind == WATCH_GROUP) && add_and_words(w, name, kind, scratch, err) < 0)
		return -1;
	if (kind != WATCH_PERSON || w->names[name].role != WATCH_ROLE_NAME || w->names[name].source != name)
		return 0;
	size_t count = arabic_spellings(text, scratch, others);
	for (size_t i = 0; i < count; i++) {
		if (add_other(w, name, others[i], kind, scratch, err) < 0)
			return -1;
	}
	return arena_check(scratch, err);
}

int
forms_add(struct watchlist *w, uint32_t name, enum watch_kind kind, struct arena *scratch, struct err *err)
{
	arena_reset(scratch);
	if (add_spelt(w, name, w->names[name].text, kind, scratch, err) < 0)
		return -1;
	return kind == WATCH_TOPIC ? 0 : add_others(w, name, kind, scratch, err);
}
