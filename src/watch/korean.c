#include "watch/korean.h"

#include "base/utf8.h"

#define FAMILY_SPELLINGS 3u
#define MANY_SPELLINGS 4u
#define JOINED_MANY \
	4u /* spellings of each syllable where both are one word, for each of which the list has a word more … */
#define JOINED_FEW 2u /* … and when the list is longer */
#define HANGUL_FORMS_MAX 24u
#define LATIN_WORDS_MAX 3u
#define LETTERS_MAX 6u /* readings of a name in Latin letters */

unsigned
korean_spellings(size_t names)
{
	return names <= 256 ? 6 : names <= 2048 ? 4 : names <= 16384 ? 2 : 1;
}

/* ---- Hangul to Latin ---- */

struct spelt {
	struct watchlist *list;
	uint32_t made;
	uint32_t families[FAMILY_SPELLINGS], given[2][HANGUL_SPELLINGS_MAX];
	size_t family_count, given_count[2];
	struct hangul_spelling text[2][HANGUL_SPELLINGS_MAX];
};

static int
intern(struct watchlist *w, struct str fold, enum text_script script, uint32_t *ret)
{
	if (list_intern_word(w, fold, script, ret) < 0)
		return -1;
	w->words[*ret].flags |= LIST_WORD_LOOSE | LIST_WORD_CAPITAL;
	return 0;
}

static int
intern_spellings(struct watchlist *w, const struct hangul_spelling *all, size_t count, uint32_t *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (intern(w, (struct str){all[i].s, all[i].len}, TEXT_LATIN, &ret[i]) < 0)
			return -1;
	}
	return 0;
}

/* A given name of one word or two, with the family name before and behind. */
static int
add_given(const struct spelt *s, const uint32_t *given, size_t count)
{
	static const uint16_t gaps[3] = {0, TEXT_GAP_SPACE, TEXT_GAP_SPACE};
	uint32_t first[3], last[3];
	memcpy(first + 1, given, count * sizeof *given);
	memcpy(last, given, count * sizeof *given);
	for (size_t i = 0; i < s->family_count; i++) {
		first[0] = last[count] = s->families[i];
		if (list_add_path(s->list, first, gaps, count + 1, s->made, LIST_FORM_FULL) < 0 ||
		    list_add_path(s->list, last, gaps, count + 1, s->made, LIST_FORM_ORDER) < 0)
			return -1;
	}
	return 0;
}

static int
add_joined(const struct spelt *s, size_t i, size_t k)
{
	const struct hangul_spelling *a = &s->text[0][i], *b = &s->text[1][k];
	char text[2 * HANGUL_SPELLING_BYTES];
	uint32_t word;
	memcpy(text, a->s, a->len);
	memcpy(text + a->len, b->s, b->len);
	if (intern(s->list, (struct str){text, (size_t)a->len + b->len}, TEXT_LATIN, &word) < 0)
		return -1;
	return add_given(s, &word, 1);
}

static int
add_latin(struct watchlist *w, const struct hangul_name *name, uint32_t made, unsigned spellings)
{
	struct spelt s = {.list = w, .made = made};
	struct hangul_spelling families[FAMILY_SPELLINGS];
	size_t joined = spellings > MANY_SPELLINGS ? JOINED_MANY : JOINED_FEW;
	s.family_count = hangul_spell_family(name->family, families, FAMILY_SPELLINGS);
	if (intern_spellings(w, families, s.family_count, s.families) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		s.given_count[i] = hangul_spell(name->given[i], s.text[i], spellings);
		if (intern_spellings(w, s.text[i], s.given_count[i], s.given[i]) < 0)
			return -1;
	}
	for (size_t i = 0; i < s.given_count[0]; i++) {
		for (size_t k = 0; k < s.given_count[1]; k++) {
			const uint32_t given[2] = {s.given[0][i], s.given[1][k]};
			bool usual = i < joined && k < joined;
			if (add_given(&s, given, 2) < 0 || (usual && add_joined(&s, i, k) < 0))
				return -1;
		}
	}
	return 0;
}

/* ---- Latin to Hangul ---- */

static void
read_two(struct korean_name *r, struct str first, struct str second)
{
	uint32_t a[HANGUL_READINGS_MAX], b[HANGUL_READINGS_MAX];
	size_t n = hangul_read(first, a), m = n > 0 ? hangul_read(second, b) : 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < m && r->given_count < KOREAN_READINGS_MAX; k++) {
			r->given[r->given_count][0] = a[i];
			r->given[r->given_count++][1] = b[k];
		}
	}
}

/* The words are a family name and a given name of two syllables, which may be one word. */
static bool
read_name(struct korean_name *r, struct str family, const struct str *given, size_t count)
{
	r->given_count = 0;
	r->latin_count = count;
	memcpy(r->latin, given, count * sizeof *given);
	r->family_count = hangul_read_family(family, r->families);
	if (r->family_count == 0)
		return false;
	if (count == 2)
		read_two(r, given[0], given[1]);
	for (size_t at = 1; count == 1 && at < given[0].len; at++)
		read_two(r, (struct str){given[0].s, at}, (struct str){given[0].s + at, given[0].len - at});
	return r->given_count > 0;
}

static int
add_hangul(struct watchlist *w, const struct korean_name *r, uint32_t made)
{
	static const uint16_t gaps[1] = {0};
	size_t forms = 0;
	for (size_t i = 0; i < r->family_count; i++) {
		for (size_t k = 0; k < r->given_count && forms < HANGUL_FORMS_MAX; k++, forms++) {
			char text[32];
			struct str fold = {text, r->families[i].len};
			uint32_t word;
			memcpy(text, r->families[i].s, fold.len);
			fold.len += utf8_put(r->given[k][0], text + fold.len);
			fold.len += utf8_put(r->given[k][1], text + fold.len);
			if (intern(w, fold, TEXT_HANGUL, &word) < 0 ||
			    list_add_path(w, &word, gaps, 1, made, LIST_FORM_SOLE) < 0)
				return -1;
		}
	}
	return 0;
}

bool
korean_read(struct str name, struct korean_name *ret, struct arena *scratch)
{
	struct text_words words;
	struct str folds[LATIN_WORDS_MAX];
	struct err err;

	*ret = (struct korean_name){.is_hangul = false};
	if (hangul_name(name, &ret->hangul))
		return ret->is_hangul = true;
	if (text_words(scratch, name, &words, &err) < 0 || words.count < 2 || words.count > LATIN_WORDS_MAX)
		return false;
	for (size_t i = 0; i < words.count; i++) {
		folds[i] = text_word_fold(&words, &words.items[i]);
		if (words.items[i].script != TEXT_LATIN)
			return false;
	}
	size_t given = words.count - 1;
	return read_name(ret, folds[0], folds + 1, given) || read_name(ret, folds[given], folds, given);
}

int
korean_add(struct watchlist *w, const struct korean_name *name, uint32_t made, unsigned spellings)
{
	return name->is_hangul ? add_latin(w, &name->hangul, made, spellings) : add_hangul(w, name, made);
}

int
korean_add_families(struct watchlist *w, const struct korean_name *name, uint32_t number)
{
	static const uint16_t gaps[3] = {0, TEXT_GAP_SPACE, TEXT_GAP_SPACE};
	uint32_t words[3], turned[3];
	size_t given = name->latin_count;
	for (size_t i = 0; i < given; i++) {
		if (intern(w, name->latin[i], TEXT_LATIN, &words[1 + i]) < 0)
			return -1;
		turned[i] = words[1 + i];
	}
	for (size_t i = 0; !name->is_hangul && i < name->family_count; i++) {
		struct hangul_spelling spelt[FAMILY_SPELLINGS];
		size_t count = hangul_spell_family(name->families[i], spelt, FAMILY_SPELLINGS);
		for (size_t k = 0; k < count; k++) {
			if (intern(w, (struct str){spelt[k].s, spelt[k].len}, TEXT_LATIN, &words[0]) < 0)
				return -1;
			turned[given] = words[0];
			if (list_add_path(w, words, gaps, given + 1, number, LIST_FORM_LETTERS) < 0 ||
			    list_add_path(w, turned, gaps, given + 1, number, LIST_FORM_LETTERS) < 0)
				return -1;
		}
	}
	return 0;
}

/* ---- systems of the press ---- */

struct in_letters {
	struct hangul_spelling words[3]; /* the family name, and both syllables of the given name */
};

static struct in_letters
in_letters(enum hangul_system system, struct str family, const uint32_t given[2])
{
	struct in_letters ret = {.words[0] = hangul_spell_as(system, family, true)};
	for (size_t i = 0; i < 2; i++) {
		char text[4];
		struct str syllable = {text, utf8_put(given[i], text)};
		ret.words[1 + i] = hangul_spell_as(system, syllable, false);
	}
	return ret;
}

static struct str
spelling_view(const struct hangul_spelling *s)
{
	return (struct str){s->s, s->len};
}

/* With the given name in two words, in Cyrillic letters also in one. */
static int
add_letters(struct watchlist *w, enum hangul_system system, const struct in_letters *c, uint32_t number)
{
	static const uint16_t gaps[3] = {0, TEXT_GAP_SPACE, TEXT_GAP_SPACE};
	static const enum text_script scripts[] = {[HANGUL_KONTSEVICH] = TEXT_CYRILLIC, [HANGUL_CZECH] = TEXT_LATIN};
	char both[2 * HANGUL_SPELLING_BYTES];
	struct str first = spelling_view(&c->words[1]), second = spelling_view(&c->words[2]);
	uint32_t words[3];
	for (size_t i = 0; i < 3; i++) {
		if (c->words[i].len == 0 || intern(w, spelling_view(&c->words[i]), scripts[system], &words[i]) < 0)
			return c->words[i].len == 0 ? 0 : -1;
	}
	if (list_add_path(w, words, gaps, 3, number, LIST_FORM_LETTERS) < 0)
		return -1;
	if (system != HANGUL_KONTSEVICH)
		return 0;
	memcpy(both, first.s, first.len);
	memcpy(both + first.len, second.s, second.len);
	if (intern(w, (struct str){both, first.len + second.len}, TEXT_CYRILLIC, &words[1]) < 0)
		return -1;
	return list_add_path(w, words, gaps, 2, number, LIST_FORM_LETTERS);
}

/* The syllables as they are, and with consonants voiced between vowels: both are in use. */
static int
add_voiced_too(struct watchlist *w, enum hangul_system system, struct in_letters c, uint32_t number)
{
	if (add_letters(w, system, &c, number) < 0)
		return -1;
	struct in_letters second = c;
	if (hangul_voice(system, &second.words[2], &second.words[1]) && add_letters(w, system, &second, number) < 0)
		return -1;
	bool first = hangul_voice(system, &c.words[1], &c.words[0]);
	hangul_voice(system, &c.words[2], &c.words[1]);
	return first ? add_letters(w, system, &c, number) : 0;
}

int
korean_add_letters(struct watchlist *w, const struct korean_name *name, enum hangul_system system, uint32_t number)
{
	struct in_letters done[LETTERS_MAX];
	size_t count = 0, families = name->is_hangul ? 1 : name->family_count,
	       given = name->is_hangul ? 1 : name->given_count;
	for (size_t i = 0; i < families; i++) {
		for (size_t k = 0; k < given && count < LETTERS_MAX; k++) {
			struct in_letters c = name->is_hangul
			                          ? in_letters(system, name->hangul.family, name->hangul.given)
			                          : in_letters(system, name->families[i], name->given[k]);
			size_t same = 0;
			while (same < count && memcmp(&done[same], &c, sizeof c) != 0)
				same++;
			if (same < count)
				continue;
			done[count++] = c;
			if (add_voiced_too(w, system, c, number) < 0)
				return -1;
		}
	}
	return 0;
}
