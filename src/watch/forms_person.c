#include "base/utf8.h"
#include "watch/form.h"
#include "watch/given.h"

/* After these comes a name that does not stand alone: Prince Harry, Pope Francis. */
/* clang-format off */
static const char *const styles[] = {
    "prince", "princess", "king", "queen", "pope", "emperor", "empress", "sultan", "emir", "sheikh", "patriarch", "saint", "lord", "lady", "sir", "mullah",
    "mother", "father", "ojciec", "otec", "oce", "отец", "отче", "святой", "святий", "свят", "swiety", "svaty", "sveti", "принц", "король", "королева", "папа", "патриарх", "папеж", "papiez", "krol", "krolowa", "ksiaze", "papez", "kral", "kralovna", "princ", "kralj", "kraljica", "papst", "konig", "konigin", "prinz", "roi", "reine", "pape", "rey", "reina", "papa", "princezna", "ksiezna", "ksiezniczka", "princesa", "принцесса", "принцеса", "prinzessin", "princesse", "cesarz", "cisar", "kaiser", "император", "імператор", "imperator", "patriarcha", "патріарх", "matka", "мать",
};
/* clang-format on */

/* These stand before a name that is complete without them: Dr. Una Marsh, Sir Ian Holt. */
/* clang-format off */
static const char *const honorifics[] = {
    "mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "dame", "hon", "rev", "reverend", "monsieur", "madame", "mme", "mlle", "herr", "frau", "signor", "signora", "senor", "senora",
    "senhor", "senhora", "pan", "pani", "president", "senator", "ambassador", "minister", "ingeniero", "ing", "mgr", "datuk", "dato", "datin", "tun", "seri", "encik", "shri", "smt", "г", "господин", "госпожа", "пан", "пані", "др", "проф", "президент", "министр", "الدكتور", "السيد", "السيدة", "الرئيس",
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

static bool
is_regnal(struct str fold)
{
	static const char *const numbers[] = {"ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
	    "xiii", "xiv", "xv", "xvi", "jr", "sr", "junior", "senior", "первый", "второй", "третий", "вторая",
	    "первая", "други", "друга", "перши", "перша", "втора", "втори", "първи", "druga", "drugi", "druha", "druhy",
	    "prvni", "prvi", "prva", "pierwszy", "pierwsza", "trzeci"};
	return form_listed(fold, numbers, sizeof numbers / sizeof *numbers);
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

/* Behind these a name goes on: عبد الرحيم, Abd al-Rahim, Abdul Rahim (Ryding 2005, ch. 4). */
static bool
is_servant(struct str fold)
{
	static const char *const words[] = {"abd", "abdul", "abdel", "abdal", "abdoul", "abdol", "abdur", "abdu", "عبد"};
	return form_listed(fold, words, sizeof words / sizeof *words);
}

static bool
is_son(struct str fold)
{
	static const char *const words[] = {"bin", "ibn", "bint", "بن", "ابن", "بنت"};
	return form_listed(fold, words, sizeof words / sizeof *words);
}

static size_t
given_end(const struct form *f, size_t most)
{
	size_t end = 1;
	while (end < most && joined(f, end))
		end++;
	return end;
}

/* Where a name ends that begins at a word: with what is joined to it, and behind a servant with whose he is. */
static size_t
name_end(const struct form *f, size_t at, size_t most)
{
	size_t end = at + 1;
	while (end < most && (joined(f, end) || is_servant(f->parts[end - 1].fold) ||
	                         (is_servant(f->parts[at].fold) && forms_particle(f->parts[end - 1].fold))))
		end++;
	return end;
}

/* Whether the name of the father is the only one behind the given name, which ends at a word: with others it is not told whose it is. */
static bool
has_one_father(const struct form *f, size_t given, size_t family)
{
	size_t sons = 0;
	for (size_t i = given; i < family; i++)
		sons += is_son(f->parts[i].fold);
	return given + 2 <= family && is_son(f->parts[given].fold) && sons == 1;
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
	if (onset.len > 1 && !form_listed(onset, onsets, sizeof onsets / sizeof *onsets))
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

bool
forms_first_family(struct str fold)
{
	return form_listed(fold, first_families, sizeof first_families / sizeof *first_families);
}

static bool
family_first(const struct form *f)
{
	if (f->count > 3 ||
	    !form_listed(f->parts[0].fold, first_families, sizeof first_families / sizeof *first_families))
		return false;
	for (size_t i = 1; i < f->count; i++) {
		if (!is_eastern(f->parts[i].fold))
			return false;
	}
	bool last = forms_first_family(f->parts[f->count - 1].fold);
	return f->count == 3 || !last;
}

static int
add_bare(struct form *f, size_t from, size_t to)
{
	size_t last = to - 1;
	if (form_add(f, from, to, 0, 0, 0, LIST_FORM_BARE) < 0)
		return -1;
	while (last > from && joined(f, last))
		last--;
	if (last == from || f->parts[last].fold.len < 3)
		return 0;
	return form_add(f, last, to, 0, 0, 0, LIST_FORM_BARE);
}

/* Without one of the middle names, and without all of them. */
static int
add_shorter(struct form *f, size_t given, size_t family)
{
	if (family <= given)
		return 0;
	if (form_add(f, 0, given, family, f->count, TEXT_GAP_SPACE, LIST_FORM_FULL) < 0 ||
	    form_add(f, family, f->count, 0, given, TEXT_GAP_COMMA, LIST_FORM_ORDER) < 0)
		return -1;
	for (size_t skip = given; skip < family && f->count <= 8; skip++) {
		if (form_add(f, 0, skip, skip + 1, f->count, TEXT_GAP_SPACE, LIST_FORM_FULL) < 0)
			return -1;
	}
	return 0;
}

#define CALLED_LETTERS_MIN 3u

/* Many are called by the second of their names: Clement Shahbaz Bhatti. One that is frequent is no less another person's: Juan Carlos Pérez. */
static int
add_called(struct form *f, size_t given, size_t family)
{
	struct str name = f->parts[given].fold;
	bool own = family > given && !f->parts[given].small && !forms_particle(name) && !is_servant(name) &&
	           utf8_count(name) >= CALLED_LETTERS_MIN && !given_is_frequent(name);
	return own ? form_add(f, given, f->count, 0, 0, 0, LIST_FORM_BARE) : 0;
}

/* A given name that is two words keeps both; with the father's name the family is not always told: Mohammed bin Salman. */
static int
add_arabic(struct form *f, size_t given, size_t family)
{
	size_t whole = name_end(f, 0, family);
	if (whole > given && add_shorter(f, whole, family) < 0)
		return -1;
	if (!has_one_father(f, whole, family))
		return 0;
	return form_add(f, 0, name_end(f, whole + 1, family), 0, 0, 0, LIST_FORM_FULL);
}

/* A Chinese name in Latin letters: many have the same family name, none counts for it alone. */
static int
add_chinese(struct form *f)
{
	if (f->count < 2)
		return 0;
	if (form_add(f, 0, f->count, 0, 0, 0, LIST_FORM_FULL) < 0)
		return -1;
	f->list->names[f->name].given = f->parts[1].word;
	bool latin = f->list->words[f->parts[0].word].script == TEXT_LATIN; /* elsewhere there is one order */
	return !latin ? 0 : form_add(f, 1, f->count, 0, 1, TEXT_GAP_SPACE, LIST_FORM_ORDER);
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
	int r = form_add(f, given + 1, given + 2, family, family_end, TEXT_GAP_SPACE, LIST_FORM_FULL);
	r = r < 0 ? r : form_add(f, family, family_end, given + 1, given + 2, order, LIST_FORM_ORDER);
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

/* Lists write the title with the name, and the press does not. */
static void
drop_honorifics(struct form *f)
{
	size_t n = 0;
	while (f->count - n >= 3 && form_listed(f->parts[n].fold, honorifics, sizeof honorifics / sizeof *honorifics))
		n++;
	f->count -= n;
	memmove(f->parts, f->parts + n, f->count * sizeof *f->parts);
	f->parts[0].gap = 0;
}

/* Elizabeth II for Queen Elizabeth II: two words and more are a name without the style, too. */
static int
add_without_style(struct form *f)
{
	bool name = f->count >= 3 && !f->parts[1].small && !forms_particle(f->parts[1].fold);
	return name ? form_add(f, 1, f->count, 0, 0, 0, LIST_FORM_FULL) : 0;
}

/* In Hungarian the family name comes first. A list may have foreigners in that language, too, whose given name does. */
static bool
hungarian_order(const struct form *f)
{
	uint32_t langs = f->list->names[f->name].langs;
	return f->count == 2 && langs != 0 && langs == text_inflect_languages(STR_LIT("hu"), TEXT_LATIN) &&
	       given_is_frequent(f->parts[1].fold) && !given_is_frequent(f->parts[0].fold);
}

int
form_add_person(struct form *f)
{
	struct list_name *name = &f->list->names[f->name];
	if (name->source != f->name)
		return add_chinese(f);
	put_family_last(f);
	drop_honorifics(f);
	size_t family = family_start(f), given = given_end(f, family), last = f->count - 1;
	while (last > 0 && joined(f, last)) /* Jung-ho is no word in small letters */
		last--;
	if (family == 0) {
		name->family = f->count == 1 ? f->parts[0].word : LIST_NONE;
		return form_add(f, 0, f->count, 0, 0, 0, LIST_FORM_SOLE);
	}
	if (form_add(f, 0, f->count, 0, 0, 0, LIST_FORM_FULL) < 0)
		return -1;
	if (f->list->words[f->parts[0].word].script == TEXT_SOUTHEAST)
		return 0; /* nobody there is called by the family name, which would be found inside other words */
	if (form_listed(f->parts[0].fold, styles, sizeof styles / sizeof *styles))
		return add_without_style(f);
	if (is_regnal(f->parts[f->count - 1].fold) || (f->parts[0].capital && f->parts[last].small))
		return 0; /* no family name: Prince Harry, the Iron chancellor */
	if (family_first(f) || hungarian_order(f)) {
		name->given = f->parts[1].word;
		name->family = f->parts[0].word;
		name->family_first = true;
		if (f->count == 3 && add_given_joined(f, 1, 0) < 0)
			return -1;
		return form_add(f, 1, f->count, 0, 1, TEXT_GAP_SPACE, LIST_FORM_ORDER) < 0 ? -1 : add_bare(f, 0, 1);
	}
	name->given = f->parts[0].word;
	name->family = f->parts[f->count - 1].word;
	name->middle = family > given;
	f->list->words[name->given].flags |= LIST_WORD_GIVEN;
	if (form_add(f, family, f->count, 0, family, TEXT_GAP_COMMA, LIST_FORM_ORDER) < 0 ||
	    add_shorter(f, given, family) < 0 || add_arabic(f, given, family) < 0 || add_called(f, given, family) < 0 ||
	    (given == 2 && family == 2 && add_given_joined(f, 0, 2) < 0))
		return -1;
	return add_bare(f, family, f->count);
}
