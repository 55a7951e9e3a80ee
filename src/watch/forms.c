#include "watch/form.h"

#include "base/utf8.h"
#include "watch/arabic.h"
#include "watch/regnal.h"

#define ACRONYM_MAX 5u       /* letters */
#define ACRONYM_MAX_OTHER 3u /* of a place or person, whose longer names people write in capitals, too */
#define PARTICLE_BYTES_MAX 6u

/* Between given and family name (CLDR person-name particles and the usual transliterations of ibn, bint, abu, al). */
/* clang-format off */
static const char particles[][8] = { /* zeros behind: each is compared as one number */
    "von", "van", "der", "den", "de", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le", "les",
    "el", "al", "bin", "ben", "ibn", "bint", "abu", "ter", "ten", "zu", "zum", "af", "av", "y", "e", "i", "st",
    "ul", "ur", "ud", "фон", "ван", "дер", "де", "да", "ди", "ла", "ле", "аль", "эль", "бен", "бин", "ибн",
};
/* clang-format on */

bool
form_listed(struct str fold, const char *const *words, size_t count)
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
	char padded[8] = "";
	uint64_t want, particle;
	bool is = false;
	if (fold.len > PARTICLE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < fold.len; i++)
		padded[i] = fold.s[i];
	memcpy(&want, padded, sizeof want);
	for (size_t i = 0; i < sizeof particles / sizeof *particles; i++) {
		memcpy(&particle, particles[i], sizeof particle);
		is |= particle == want;
	}
	return is && fold.len > 0;
}

/* A path of the parts from..to, then of from2..to2. */
int
form_add(struct form *f, size_t from, size_t to, size_t from2, size_t to2, uint16_t between, enum list_form form)
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

/* A path of these words of this script, of which some may be new. */
int
form_add_words_in(struct form *f, const struct str *folds, const uint16_t *gaps, size_t count, enum text_script script,
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

int
form_add_words(struct form *f, const struct str *folds, const uint16_t *gaps, size_t count, enum list_form form)
{
	enum text_script script = (enum text_script)f->list->words[f->parts[0].word].script;
	return form_add_words_in(f, folds, gaps, count, script, form);
}

static size_t
acronym_max(const struct form *f)
{
	enum watch_kind kind = (enum watch_kind)f->list->names[f->name].kind;
	return kind == WATCH_PERSON || kind == WATCH_PLACE ? ACRONYM_MAX_OTHER : ACRONYM_MAX;
}

/* The number behind a ruler's name, which has no other spelling: II is not III. But Xi may be a family name where all is in capitals. */
static bool
is_ruler_number(const struct form *f, const struct text_words *words, size_t i)
{
	const struct text_word *word = &words->items[i];
	struct str fold = text_word_fold(words, word);
	bool capitals = fold.len == 1 ? (word->flags & TEXT_WORD_CAPITAL) != 0 : (word->flags & TEXT_WORD_UPPER) != 0;
	return f->list->names[f->name].kind == WATCH_PERSON && i > 0 && i + 1 == words->count && capitals &&
	       !(words->items[0].flags & TEXT_WORD_UPPER) && regnal_is_number(fold);
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
		const struct list_name *name = &f->list->names[f->name];
		/* what a person may be called in another script says nothing about how the user writes it there */
		if (name->role == WATCH_ROLE_NAME && (name->kind != WATCH_PERSON || name->source == f->name))
			f->list->scripts[f->list->names[f->name].entity] |= (uint16_t)(1u << word->script);
		if ((word->flags & TEXT_WORD_MIXED) && utf8_count(p->fold) <= acronym_max(f) && words->count == 1)
			lw->flags |= (word->flags & TEXT_WORD_UPPER) ? LIST_WORD_UPPER : LIST_WORD_INNER;
		if (word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED))
			lw->flags |= LIST_WORD_CAPITAL;
		if (loose && !is_ruler_number(f, words, i))
			lw->flags |= LIST_WORD_LOOSE;
		if (loose && f->list->names[f->name].kind != WATCH_PERSON)
			lw->flags |= LIST_WORD_THING | (i + 1 < words->count ? LIST_WORD_LEADS : 0);
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
	if (w->names[name].role == WATCH_ROLE_WEAK)
		r = form_add(&f, 0, f.count, 0, 0, 0, LIST_FORM_BARE);
	else if (w->names[name].role != WATCH_ROLE_NAME)
		r = form_add(&f, 0, f.count, 0, 0, 0, f.count == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
	else if (kind == WATCH_PERSON)
		r = form_add_person(&f);
	else if (kind == WATCH_ORG || kind == WATCH_GROUP)
		r = form_add_org(&f, acronyms_of(&words));
	else
		r = form_add(&f, 0, f.count, 0, 0, 0, f.count == 1 ? LIST_FORM_SOLE : LIST_FORM_FULL);
	return r < 0 ? err_oom(err) : 0;
}

/*
 * Letters that other scripts write as they are spoken: Polish ą and ę with a nasal (Dąbrowski: Домбровский, Zaręba: Заремба), ł also as w
 * (Wałcz: バウチ), Turkish ğ as nothing (Yağmur: ヤームル), Azerbaijani ə as a (Məmməd: Mammad). Each set is another spelling.
 */
static const struct spoken {
	const char *letter, *as, *before_lips; /* before b and p */
	unsigned set;
} spoken[] = {{"ą", "on", "om", 1}, {"ę", "en", "em", 1}, {"ł", "w", NULL, 2}, {"Ł", "W", NULL, 2}, {"ğ", "", NULL, 2},
    {"ə", "a", NULL, 2}, {"Ə", "A", NULL, 2}};

static const struct spoken *
find_spoken(struct str text, size_t at, unsigned sets)
{
	struct str rest = {text.s + at, text.len - at};
	for (size_t i = 0; (unsigned char)*rest.s >= 0x80 && i < sizeof spoken / sizeof *spoken; i++) {
		/* a nasal vowel at the end is none */
		bool fits = str_starts(rest, str_from(spoken[i].letter)) && (spoken[i].set != 1 || rest.len > 2);
		if ((spoken[i].set & sets) && fits)
			return &spoken[i];
	}
	return NULL;
}

/* With the letters of these sets as they are spoken; none when it has no letter of the set `must`. */
static struct str
as_spoken(struct str text, unsigned sets, unsigned must, struct arena *scratch)
{
	char *out = arena_alloc(scratch, 2 * text.len + 1);
	size_t n = 0;
	bool any = false;
	for (size_t i = 0; out != NULL && i < text.len;) {
		const struct spoken *s = find_spoken(text, i, sets);
		if (s == NULL) {
			out[n++] = text.s[i++];
			continue;
		}
		i += strlen(s->letter);
		bool lips = s->before_lips != NULL && i < text.len && strchr("bp", text.s[i]) != NULL;
		const char *as = lips ? s->before_lips : s->as;
		memcpy(out + n, as, strlen(as));
		n += strlen(as);
		any |= s->set == must;
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

/* How many letters of ASCII stand at a place, behind the first only small ones. */
static size_t
letters_at(struct str text, size_t at)
{
	size_t n = at < text.len && ascii_lower(text.s[at]) >= 'a' && ascii_lower(text.s[at]) <= 'z';
	while (n > 0 && at + n < text.len && text.s[at + n] >= 'a' && text.s[at + n] <= 'z')
		n++;
	return n;
}

#define INNER_LETTERS_MIN 4u /* shorter ones are like too many words */

/* What is said in one word and in two: AstraZeneca and Astra Zeneca. */
static struct str
with_space_inside(struct str text, struct arena *scratch)
{
	char *out = arena_alloc(scratch, 2 * text.len + 1);
	size_t n = 0;
	bool any = false;
	for (size_t i = 0; out != NULL && i < text.len;) {
		size_t letters = letters_at(text, i), behind = letters_at(text, i + letters);
		size_t take = letters > 0 ? letters : 1;
		bool inner = letters >= INNER_LETTERS_MIN && behind >= INNER_LETTERS_MIN;
		memcpy(out + n, text.s + i, take);
		n += take;
		i += take;
		if (inner)
			out[n++] = ' ';
		any |= inner;
	}
	return any ? (struct str){out, n} : STR_NONE;
}

/* Words that the names of authorities begin with, and as they are mostly printed (United Nations Editorial Manual). */
static const char *const shortened[][2] = {{"United States", "US"}, {"United Kingdom", "UK"}, {"United Nations", "UN"},
    {"European Union", "EU"}, {"United States", "U.S."}, {"United Kingdom", "U.K."}, {"United Nations", "U.N."},
    {"European Union", "E.U."}};

/* US Department of State for United States Department of State, and the other way round. */
static struct str
with_shortened(struct str text, struct arena *scratch)
{
	for (size_t i = 0; i < 2 * sizeof shortened / sizeof *shortened; i++) {
		struct str from = str_from(shortened[i / 2][i % 2]), to = str_from(shortened[i / 2][1 - i % 2]);
		if (!str_starts(text, from) || text.len <= from.len || text.s[from.len] != ' ')
			continue;
		char *out = arena_alloc(scratch, text.len + to.len);
		if (out == NULL)
			return STR_NONE;
		memcpy(out, to.s, to.len);
		memcpy(out + to.len, text.s + from.len, text.len - from.len);
		return (struct str){out, to.len + text.len - from.len};
	}
	return STR_NONE;
}

static int
add_others_of_org(struct watchlist *w, uint32_t name, enum watch_kind kind, struct arena *scratch, struct err *err)
{
	struct str text = w->names[name].text,
	           others[] = {with_space_inside(text, scratch), with_shortened(text, scratch)};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (!str_empty(others[i]) && add_other(w, name, others[i], kind, scratch, err) < 0)
			return -1;
	}
	return add_and_words(w, name, kind, scratch, err);
}

static int
add_others(struct watchlist *w, uint32_t name, enum watch_kind kind, struct arena *scratch, struct err *err)
{
	struct str others[ARABIC_SPELLINGS_MAX], text = w->names[name].text;
	for (unsigned must = 1; must <= 2; must++) {
		struct str other = as_spoken(text, must == 1 ? 1 : 1 | 2, must, scratch);
		if (!str_empty(other) && add_other(w, name, other, kind, scratch, err) < 0)
			return -1;
	}
	if ((kind == WATCH_ORG || kind == WATCH_GROUP) && add_others_of_org(w, name, kind, scratch, err) < 0)
		return -1;
	if (kind != WATCH_PERSON || w->names[name].role != WATCH_ROLE_NAME || w->names[name].source != name)
		return arena_check(scratch, err);
	ptrdiff_t count = arabic_spellings(text, scratch, others);
	if (count < 0)
		return err_oom(err);
	for (ptrdiff_t i = 0; i < count; i++) {
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
