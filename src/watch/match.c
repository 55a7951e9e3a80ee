#include "base/utf8.h"
#include "watch/common.h"
#include "watch/field.h"
#include "watch/forms.h"
#include "watch/late.h"
#include "watch/orgform.h"
#include "watch/press.h"
#include "watch/thing.h"
#include "watch/tokens.h"
#include "watch/unspaced.h"

#define SHORT_SOUNDS 3u  /* a lone word of so few sounds is only sure in its own script */
#define BESIDE_SOUNDS 5u /* a family name of so many may be spelt in another way beside the full name */
#define START_SOUNDS 6u  /* … and of so few where a sentence begins, when it has them all */
#define UNCASED_WEIGHT \
	5u /* where there are no capitals (and often no vowels), a lone word must have so many consonants to be sure */
#define UNCASED_NAME_WEIGHT 6u /* a name of several words where hardly any vowels are written */
#define UNCASED_LETTERS 6u /* a word in Arabic or Hebrew letters may have one less when so many are all the name's */
#define UNCASED_NAME_LETTERS 9u /* … and a name of several two */
#define UNCASED_DOUBT 2u        /* … and so many more for each doubtful letter */
#define UNCASED_COST 1u
#define BENT_WORDS 3u          /* one word of so many may be misspelt */
#define ACRONYM_MAX 5u         /* letters */
#define ACRONYM_SPOKEN_MIN 4u  /* one of so many letters may be read as a word, and written like one */
#define FOREIGN_LETTERS_MIN 4u /* a shorter name from the data may be a word of another language, even spelt alike */
#define PARTICLE_LETTERS 3u
#define OTHER_FIRM_WORDS 2u
#define FIRM_FORM_WORDS 4u

/* Beside the full name only, at most as a family name; the same, or with the given name; alone. */
enum sureness { NOT, BESIDE, WEAK, SURE };

const struct memo_answer *
field_answer(struct field_match *f, size_t i)
{
	struct field_known *known = &f->known[i % FIELD_KNOWN];
	if (known->next == i + 1)
		return &known->answer;
	known->next = i + 1;
	if (!memo_find(f->memo, f->list, &f->words, &f->words.items[i], f->arena, &known->answer))
		known->answer = (struct memo_answer){.id = LIST_NONE, .flags = MEMO_NONE};
	return &known->answer;
}

bool
field_is_short(const struct field_match *f, size_t i, size_t letters)
{
	return utf8_count(text_word_fold(&f->words, &f->words.items[i])) <= letters;
}

const struct candidate *
field_as(struct field_match *f, size_t i, uint32_t list_word)
{
	const struct memo_answer *a = field_answer(f, i);
	size_t k = 0;
	while (k < a->count && a->candidates[k].word != list_word)
		k++;
	return k < a->count ? &a->candidates[k] : NULL;
}

static bool
is_vowel(char sound)
{
	return strchr("aeiouy", sound) != NULL;
}

/* Does a capital here tell a name from another word? Not where a sentence begins, nor where all words have one. */
static bool
capital_tells(const struct field_match *f, size_t at)
{
	const uint16_t within = TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_COMMA | TEXT_GAP_APOS;
	return at > 0 && (f->words.items[at].gap & ~within) == 0 && !f->capitals_mean_nothing && !f->nouns_capital;
}

/* Acronyms that are read as words are written like names by many: Nato, Unesco, but not Bbc. */
static bool
is_spoken(const struct watchlist *w, const struct list_word *lw)
{
	struct str sounds = list_word_sounds(w, lw);
	size_t vowels = 0, run = 0;
	if (utf8_count(list_word_fold(w, lw)) < ACRONYM_SPOKEN_MIN)
		return false;
	for (size_t i = 0; i < sounds.len; i++) {
		bool vowel = is_vowel(sounds.s[i]);
		vowels += vowel;
		run = vowel ? 0 : run + 1;
		if (run > 2)
			return false;
	}
	return vowels > 0 && vowels < sounds.len;
}

/* An acronym in capitals is the whole word, in another script, too: endings are written small (ЕПа, not ЕПА). */
static bool
is_whole(const struct field_match *f, const struct text_word *word, const struct list_word *lw)
{
	struct str fold = text_word_fold(&f->words, word);
	struct text_sounds s;
	if (lw->script == word->script)
		return fold.len <= lw->fold_len;
	return text_sounds(fold, (enum text_script)word->script, &s) &&
	       text_sound_distance((struct str){s.s, s.len}, list_word_sounds(f->list, lw), false, false, 0) == 0;
}

/* An acronym is not a word in small letters, and a word in capitals is no name in small ones. */
static bool
case_fits(const struct field_match *f, size_t at, const struct list_word *lw, bool plain, bool any_case)
{
	const struct text_word *word = &f->words.items[at];
	bool acronym = (lw->flags & LIST_WORD_UPPER) != 0, upper = (word->flags & TEXT_WORD_UPPER) != 0;
	if (!(word->flags & TEXT_WORD_CASED))
		return true;
	if (acronym && lw->sounds_len <= 4 && !(word->flags & TEXT_WORD_MIXED))
		return (word->flags & TEXT_WORD_CAPITAL) && capital_tells(f, at) && is_spoken(f->list, lw);
	if (acronym && upper && ((!plain && !is_whole(f, word, lw)) || thing_is_among_capitals(f, at)))
		return false;
	if ((lw->flags & LIST_WORD_INNER) && !plain && !(word->flags & TEXT_WORD_MIXED))
		return false; /* PiSu, not Pisu */
	if (!acronym && upper && !plain && field_is_short(f, at, ACRONYM_MAX) && !f->capitals_mean_nothing)
		return false;
	bool small = !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
	return !small || !f->words.has_capitals || !(lw->flags & LIST_WORD_CAPITAL) || any_case;
}

/*
 * How much a word says that is found by its sounds where there are no capitals: its consonants, and half as much its vowels where
 * all are written.
 */
static size_t
weight_of(struct str sounds, enum text_script script)
{
	size_t consonants = 0, vowels = 0;
	for (size_t i = 0; i < sounds.len; i++) {
		bool again = i > 0 && sounds.s[i] == sounds.s[i - 1];
		consonants += strchr("aeiouyw@Z", sounds.s[i]) == NULL && !again;
		vowels += strchr("aeiou", sounds.s[i]) != NULL;
	}
	bool written =
	    script == TEXT_INDIC || script == TEXT_GEORGIAN || script == TEXT_KATAKANA || script == TEXT_HANGUL;
	return consonants + (written ? vowels / 2 : 0);
}

static bool
sounds_of(const struct field_match *f, size_t at, struct text_sounds *ret)
{
	const struct text_word *word = &f->words.items[at];
	return text_sounds(text_word_fold(&f->words, word), (enum text_script)word->script, ret);
}

#define PREFIXES_MAX 8u
#define ONE_LETTER_BYTES 2u

/* What a word in Arabic or Hebrew letters says by all that it has, also the vowels that are written. */
struct agreement {
	size_t letters; /* that are the name's, without what is written on before it; 0 = others are among them */
	bool article;   /* an article may be written on, which foreign names have not */
};

static struct agreement
agreement_at(const struct field_match *f, size_t at, struct str name)
{
	const struct text_word *word = &f->words.items[at];
	enum text_script script = (enum text_script)word->script;
	struct agreement ret = {.letters = 0};
	struct str fold = text_word_fold(&f->words, word);
	struct text_sounds s;
	size_t lens[1 + PREFIXES_MAX] = {0};
	if (script != TEXT_ARABIC && script != TEXT_HEBREW)
		return ret;
	size_t count = 1 + text_inflect_prefixes(fold, script, lens + 1, PREFIXES_MAX);
	for (size_t i = 0; i < count; i++) {
		struct str rest = {fold.s + lens[i], fold.len - lens[i]};
		ret.article |= script == TEXT_ARABIC && lens[i] > ONE_LETTER_BYTES;
		if (ret.letters == 0 && text_sounds(rest, script, &s) &&
		    text_sound_distance(name, (struct str){s.s, s.len}, TEXT_VOWELS_FIRST_FREE, false, 0) == 0)
			ret.letters = utf8_count(rest);
	}
	return ret;
}

/* The weight of a word of the text, of which no more counts than the name has: not the article that is written on before it. */
static size_t
weight_at(const struct field_match *f, size_t at, struct str name)
{
	struct text_sounds s;
	if (!sounds_of(f, at, &s))
		return 0;
	size_t own = weight_of((struct str){s.s, s.len}, s.script), most = weight_of(name, s.script);
	return own < most ? own : most;
}

/* Is so much of a lone word in a script without capitals the name's that it is no other word? */
static bool
is_heavy(const struct field_match *f, size_t at, struct str name, unsigned cost)
{
	size_t weight = weight_at(f, at, name);
	struct agreement a = {.letters = 0};
	if (weight + 1 >= UNCASED_WEIGHT)
		a = agreement_at(f, at, name);
	return (weight >= UNCASED_WEIGHT + UNCASED_DOUBT * cost && (a.letters > 0 || !a.article)) ||
	       (weight + 1 >= UNCASED_WEIGHT && a.letters >= UNCASED_LETTERS);
}

/* Where a sentence begins every word has a capital. */
static bool
begins_sentence(const struct field_match *f, size_t at)
{
	const uint16_t within = TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_COMMA | TEXT_GAP_APOS;
	return at == 0 || (f->words.items[at].gap & ~within) != 0;
}

/*
 * Is it a short word of another script that may be any word of its language? The shortest, and short ones with which a sentence begins,
 * must have all that is written of the name (Στο is no Stout, Δεν no Daynes, but Рим is Rim).
 */
static enum sureness
short_word(const struct field_match *f, size_t at, const struct list_word *lw)
{
	struct text_sounds s;
	struct str name = list_word_sounds(f->list, lw);
	if (!sounds_of(f, at, &s))
		return NOT;
	bool shortest = s.len <= SHORT_SOUNDS, begins = s.len < START_SOUNDS && begins_sentence(f, at);
	if ((!shortest && !begins) || text_sound_distance((struct str){s.s, s.len}, name, false, false, 0) == 0)
		return SURE;
	return shortest ? NOT : WEAK;
}

/* Does one word of text stand for a name of one word? What the user wrote in its script is better than what we make of another. */
static enum sureness
lone_word(
    const struct field_match *f, size_t at, uint32_t list_word, const struct list_name *name, const struct walk *walk)
{
	const struct list_word *lw = &f->list->words[list_word];
	const struct text_word *word = &f->words.items[at];
	bool same_script = lw->script == word->script, plain = walk->rule <= WATCH_RULE_FOLD;

	if (!case_fits(f, at, lw, plain, name->alone == WATCH_FAMILY_ALONE))
		return NOT;
	if (plain)
		return SURE;
	if (same_script && (walk->equal || (lw->sounds_len >= SPELLING_SOUNDS && walk->cost == 0)))
		return SURE;
	if (same_script) { /* beside the full name it is only spelt as the item spells it */
		bool near = lw->sounds_len >= BESIDE_SOUNDS && walk->cost <= loose_strict_cost(lw->sounds_len);
		return !near ? NOT : lw->sounds_len >= SPELLING_SOUNDS ? WEAK : BESIDE;
	}
	if ((lw->flags & LIST_WORD_UPPER) && walk->cost == 0 && (word->flags & TEXT_WORD_UPPER))
		return SURE;
	enum sureness most = short_word(f, at, lw);
	if (lw->sounds_len <= SHORT_SOUNDS || (f->list->scripts[name->entity] & 1u << word->script) || most != SURE)
		return walk->cost == 0 ? (most < WEAK ? most : WEAK) : NOT;
	if (!(word->flags & TEXT_WORD_CASED) && !is_heavy(f, at, list_word_sounds(f->list, lw), walk->cost))
		return WEAK;
	return walk->cost <= loose_strict_cost(lw->sounds_len) ? SURE : WEAK;
}

/* What words of a text say of a name whose they may be. */
struct said {
	size_t weight;
	size_t letters; /* of words in Arabic or Hebrew letters that agree in all of them … */
	bool others;    /* … and whether some do not */
};

/* Adds a word of the text as one of the name's: its given or family name or the last of it, else whatever it may be. */
static void
add_said(struct field_match *f, size_t at, const struct list_name *name, uint32_t list_word, struct said *said)
{
	const struct memo_answer a = *field_answer(f, at);
	size_t most = 0, letters = 0;
	for (size_t i = 0; i < a.count; i++) {
		uint32_t word = a.candidates[i].word;
		struct str sounds = list_word_sounds(f->list, &f->list->words[word]);
		size_t weight = weight_at(f, at, sounds);
		bool own = word == name->given || word == name->family || word == list_word;
		most = own || weight > most ? weight : most;
		letters = own ? agreement_at(f, at, sounds).letters : 0;
		if (own)
			break;
	}
	said->weight += most;
	said->letters += letters;
	said->others |= letters == 0;
}

/* Transliterated words without capitals must agree in enough consonants, because hardly any vowels are written; all are of one script. */
static bool
enough_sounds(struct field_match *f, const struct list_name *name, uint32_t list_word, const struct walk *walk,
    size_t first, size_t last)
{
	const struct text_word *words = f->words.items;
	struct said said = {.weight = 0};
	bool cased = (words[last].flags & TEXT_WORD_CASED) != 0;
	if (walk->equal || walk->rule < WATCH_RULE_PROCLITIC)
		return true;
	for (size_t i = first; i <= last; i++) {
		if (words[i].script != words[last].script && ((words[i].flags & TEXT_WORD_CASED) != 0) != cased)
			return false; /* but Бенедикт XVI */
		if (!cased)
			add_said(f, i, name, list_word, &said);
	}
	bool vowels = words[last].script != TEXT_ARABIC && words[last].script != TEXT_HEBREW;
	size_t wanted = (vowels ? UNCASED_WEIGHT : UNCASED_NAME_WEIGHT) + walk->cost;
	bool agrees = !said.others && said.letters >= UNCASED_NAME_LETTERS && said.weight >= UNCASED_NAME_WEIGHT - 2;
	return cased || first == last || (walk->cost <= UNCASED_COST && (said.weight >= wanted || agrees));
}

static bool
is_small(const struct text_word *word)
{
	return (word->flags & TEXT_WORD_CASED) && !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
}

/*
 * Do small letters speak against a name of several words that is written with capitals, and is not spelt here as in the list? One of
 * a person's names is enough (Vera mai is no form of Vera May), unless the family name is all in capitals as in lists of people; of
 * an organisation or a place all must be small (the Liberal Democrats, but liberal democracies).
 */
static bool
is_written_small(const struct field_match *f, const struct list_name *name, size_t first, size_t last)
{
	size_t small = 0, upper = 0;
	if (!f->words.has_capitals || !name->capital || first == last)
		return false;
	for (size_t i = first; i <= last; i++) {
		const struct text_word *word = &f->words.items[i];
		bool joined =
		    forms_particle(text_word_fold(&f->words, word)) || (word->gap & (TEXT_GAP_HYPHEN | TEXT_GAP_APOS));
		small += is_small(word) && !(joined && name->kind == WATCH_PERSON);
		upper += (word->flags & TEXT_WORD_UPPER) != 0;
	}
	if (name->kind == WATCH_PERSON)
		return name->given != LIST_NONE && small > 0 && upper == 0;
	return small == last - first + 1;
}

/*
 * Is it the beginning of another firm's name: one word or two with capitals behind it, and then a legal form? Arden Energy Ltd is not
 * Arden Ltd.
 */
static bool
is_another_firm(const struct field_match *f, size_t last)
{
	struct str folds[OTHER_FIRM_WORDS + FIRM_FORM_WORDS];
	size_t n = 0;
	bool weak;
	for (size_t i = last + 1; i < f->words.count && n < OTHER_FIRM_WORDS + FIRM_FORM_WORDS; i++) {
		const struct text_word *word = &f->words.items[i];
		if ((word->gap & ~(TEXT_GAP_SPACE | TEXT_GAP_DOT)) != 0 || is_small(word))
			break;
		folds[n++] = text_word_fold(&f->words, word);
	}
	for (size_t i = 0, own = 0; i < n && own <= OTHER_FIRM_WORDS; i++) {
		bool begins = orgform_begins(folds + i, n - i, &weak);
		if (begins && !weak)
			return own > 0;
		own += !begins; /* Group and Holding make no other firm */
	}
	return false;
}

/* What a text that is no name says about the names around it. */
static enum mention_form
judge_mark(struct field_match *f, const struct list_name *name, uint32_t list_word, const struct walk *walk,
    size_t first, size_t last)
{
	static const enum mention_form forms[WATCH_ROLE_COUNT] = {[WATCH_ROLE_NOT_FORM] = MENTION_NOT_FORM,
	    [WATCH_ROLE_NOT] = MENTION_NOT,
	    [WATCH_ROLE_CONTEXT] = MENTION_CONTEXT,
	    [WATCH_ROLE_EXCLUDE] = MENTION_EXCLUDED};
	bool plain = walk->rule <= WATCH_RULE_FOLD;
	if (name->role == WATCH_ROLE_NOT_FORM)
		return plain ? MENTION_NOT_FORM : MENTION_NONE;
	bool sure = plain || (first == last ? lone_word(f, first, list_word, name, walk) == SURE
	                                    : walk->bent == 0 && enough_sounds(f, name, list_word, walk, first, last));
	return sure ? forms[name->role] : MENTION_NONE;
}

/*
 * Is it what a place or an organisation is called in another language than the item's, where it means something else? A name from the data must be
 * spelt to the letter then (Bỉ is Belgium in Vietnamese, bi a word of Slovene); of one of the list, when the actor has a name in
 * the item's language, nothing may be changed (Slovene Irska is no Czech irský, but Wuhanu is Wuhan).
 */
static bool
is_foreign(const struct field_match *f, const struct list_name *name, uint32_t list_word, const struct walk *walk,
    size_t first, size_t last)
{
	const struct text_word *words = f->words.items;
	uint32_t item = f->memo->languages[words[first].script];
	bool arabic = words[first].script == TEXT_ARABIC; /* whose languages have bits of their own */
	bool own = (f->list->words[list_word].script == TEXT_ARABIC) == arabic && (name->langs & item);
	if (name->kind == WATCH_PERSON || name->langs == 0 || own || !text_inflect_one(item))
		return false;
	struct str text = {f->text.s + words[first].start, words[last].end - words[first].start};
	if (&f->list->names[name->source] == name)
		return !arabic && (f->list->langs[name->entity] & item) && walk->rule > WATCH_RULE_FOLD &&
		       !str_starts(text, name->text);
	return utf8_count(text) < FOREIGN_LETTERS_MIN || !str_eq(text, name->text);
}

/* A name in Cyrillic letters may be two words that mean something else where all have capitals, if one is among the commonest: Ли На. */
static bool
is_two_particles(const struct field_match *f, size_t first, size_t last)
{
	if (!f->capitals_mean_nothing || last != first + 1 || f->words.items[first].script != TEXT_CYRILLIC ||
	    !field_is_short(f, first, PARTICLE_LETTERS) || !field_is_short(f, last, PARTICLE_LETTERS))
		return false;
	return common_word_of(text_word_fold(&f->words, &f->words.items[first]), false) != NULL ||
	       common_word_of(text_word_fold(&f->words, &f->words.items[last]), false) != NULL;
}

/*
 * Where there are no capitals a foreign name has the family name first only before a comma; but in Japan and Korea neighbours' names
 * have it first.
 */
static bool
is_turned_foreign(const struct field_match *f, const struct walk *walk, size_t first, size_t last)
{
	uint16_t gaps = 0;
	for (size_t i = first + 1; i <= last; i++)
		gaps |= f->words.items[i].gap;
	const struct text_word *word = &f->words.items[last];
	bool western = !(word->flags & TEXT_WORD_CASED) && word->script != TEXT_HANGUL && word->script != TEXT_KATAKANA;
	return !walk->equal && walk->rule >= WATCH_RULE_TRANSLIT && western && !(gaps & TEXT_GAP_COMMA);
}

/*
 * A family name at words first..last that is spelt so differently that alone it is no more than evidence is not made a full name by a
 * given name further to the left, or by an initial, which many others have: it only counts beside the full name, and where it stands.
 */
static bool
is_mere(const struct field_match *f, uint32_t list_word, const struct walk *walk, size_t first, size_t last)
{
	const struct list_word *lw = &f->list->words[list_word];
	return first == last &&
	       !loose_may_stand_alone(lw, f->words.items[last].script, walk->rule, walk->cost, walk->equal);
}

/* A family name without the given name before it in the list's own words. */
static enum mention_form
judge_bare(struct field_match *f, const struct list_name *name, struct field_visit *v, enum sureness sure,
    size_t *first, size_t *last, bool *weak)
{
	const struct walk *walk = &v->walk;
	const size_t own_first = *first, own_last = *last;
	if (!walk->equal && !(f->words.items[*last].flags & TEXT_WORD_CASED))
		sure = WEAK;
	bool ended = walk->rule == WATCH_RULE_INFLECTED && walk->equal;
	bool mere = is_mere(f, v->list_word, walk, *first, *last);
	enum mention_form form = person_judge(f, name, v, ended, first, last, weak);
	*weak = *weak || sure == BESIDE || sure == WEAK || (walk->cost > 0 && begins_sentence(f, *first));
	if (mere &&
	    form <= MENTION_BARE) { /* nor is the letter before an apostrophe its, which might hide another's name */
		form = MENTION_BARE;
		*first = own_first;
		*last = own_last;
	}
	if (form == MENTION_FULL)
		return enough_sounds(f, name, v->list_word, walk, *first, *last) && sure > BESIDE ? form : MENTION_NONE;
	return form == MENTION_BARE && (sure == NOT || walk->slips > 0) ? MENTION_NONE : form;
}

/* Does the word stand there as the press of the item's language spells the family name, with no more than an ending? */
static bool
is_spelt_so(
    const struct field_match *f, const struct list_name *name, uint32_t list_word, const struct walk *walk, size_t last)
{
	bool same = walk->rule <= WATCH_RULE_FOLD || (walk->rule == WATCH_RULE_INFLECTED && walk->equal);
	return same && f->words.items[last].script == TEXT_LATIN && press_fits(f->list, name, list_word, f->lang);
}

/* Whether a path stands for the name, and how; may widen the place. */
static enum mention_form
judge(struct field_match *f, const struct list_output *o, struct field_visit *v, size_t *first, size_t *last, bool *weak)
{
	const struct walk *walk = &v->walk;
	const uint32_t list_word = v->list_word;
	const struct list_name *name = &f->list->names[o->name];
	enum watch_kind kind = (enum watch_kind)name->kind;
	if (walk->kins > 0 && !person_is_kin(f, name, o, list_word, walk, *first, *last))
		return MENTION_NONE;
	if (name->role == WATCH_ROLE_FORM && walk->rule <= WATCH_RULE_FOLD)
		return MENTION_FULL;
	if (name->role > WATCH_ROLE_FORM)
		return judge_mark(f, name, list_word, walk, *first, *last);
	enum sureness sure =
	    *first == *last && kind != WATCH_TOPIC ? lone_word(f, *first, list_word, name, walk) : SURE;

	if (walk->past && (name->given == LIST_NONE || name->middle))
		return MENTION_NONE; /* another's father's name */
	if (press_is(f->list, o) && !is_spelt_so(f, name, list_word, walk, *last))
		return MENTION_NONE;
	if (o->form == LIST_FORM_BARE)
		return judge_bare(f, name, v, sure, first, last, weak);
	if (kind == WATCH_PERSON && *last == *first && name->source == o->name && person_goes_on(f, *first))
		return MENTION_NONE; /* a name of one word, but here it is somebody's given name */
	bool letters = kind == WATCH_PERSON && o->form == LIST_FORM_LETTERS;
	if (letters && f->list->words[list_word].script != f->words.items[*last].script)
		return MENTION_NONE; /* what was made for a script is for words in it */
	bool made = letters || name->source != o->name;
	if (kind == WATCH_PERSON && (made || walk->rule > WATCH_RULE_FOLD) && is_two_particles(f, *first, *last))
		return MENTION_NONE;
	bool turned = o->form == LIST_FORM_ORDER;
	if (((made || turned || walk->rule > WATCH_RULE_FOLD) && is_written_small(f, name, *first, *last)) ||
	    thing_is_german_phrase(f, name, *first, *last) || is_foreign(f, name, list_word, walk, *first, *last))
		return MENTION_NONE;
	if (walk->rule > WATCH_RULE_FOLD && thing_is_apart(f, name, *first, *last))
		return MENTION_NONE;
	if (thing_is_family(f, name, *first, *last) || thing_is_other_word(f, name, list_word, *first, *last))
		return MENTION_NONE;
	if ((kind == WATCH_ORG && name->source == o->name && is_another_firm(f, *last)) ||
	    thing_is_another_lands(f, name, *last))
		return MENTION_NONE;
	bool many = *last - *first + 1 >= BENT_WORDS && walk->respelt == 1;
	bool slip = *last > *first && walk->slips == 1 && walk->cost == TEXT_SOUND_SLIP;
	bool foreign = turned && !name->family_first && is_turned_foreign(f, walk, *first, *last);
	if ((walk->bent > 0 && !many && !slip) || (turned && walk->respelt > 0) || foreign ||
	    !enough_sounds(f, name, list_word, walk, *first, *last))
		return MENTION_NONE;
	if (name->source != o->name && !walk->equal) /* a name from the data has its own spelling in every script */
		return MENTION_NONE;
	return sure == SURE ? MENTION_FULL : MENTION_NONE;
}

/* A person's name of several words as it is listed, given name first: then the family name behind that is found with it, and only so. */
static bool
is_as_listed(const struct field_match *f, const struct list_output *o, const struct walk *walk)
{
	const struct list_name *name = &f->list->names[o->name];
	return o->form == LIST_FORM_FULL && walk->rule <= WATCH_RULE_FOLD && walk->equal && walk->cost == 0 &&
	       !walk->past && name->role == WATCH_ROLE_NAME && name->kind == WATCH_PERSON && !name->family_first &&
	       name->given == walk->begins && !f->one_by_one && person_is_before(f, walk->first);
}

/* By which rule a name stands there that a way led to, and that was judged. */
static enum watch_rule
rule_of(const struct list_name *name, const struct list_output *o, const struct walk *walk, enum mention_form form)
{
	enum watch_rule rule = walk->rule;
	if (o->form == LIST_FORM_BARE)
		rule = bolder(rule, form == MENTION_FULL ? WATCH_RULE_ORDER : WATCH_RULE_FAMILY);
	if (o->form == LIST_FORM_ORDER)
		rule = bolder(rule, WATCH_RULE_ORDER);
	if (o->form == LIST_FORM_LETTERS)
		rule = bolder(rule, WATCH_RULE_TRANSLIT);
	if (name->source != o->name)
		rule = bolder(rule, name->kind == WATCH_PERSON ? WATCH_RULE_TRANSLIT : WATCH_RULE_EXONYM);
	if (name->role == WATCH_ROLE_FORM)
		rule = bolder(rule, WATCH_RULE_PINNED);
	return rule;
}

bool
field_report(struct field_match *f, const struct list_output *o, struct field_visit *v)
{
	const struct list_name *name = &f->list->names[o->name];
	const struct walk *walk = &v->walk;
	size_t first = walk->first, last = v->last;
	bool weak = false;
	bool as_listed = is_as_listed(f, o, walk);
	bool sure = as_listed && name->source == o->name && walk->kins == 0; /* as judge() would find by and by */
	enum mention_form form = sure ? MENTION_FULL : judge(f, o, v, &first, &last, &weak);
	if (form == MENTION_NONE)
		return true;
	if (as_listed)
		field_add_named(f, &(struct field_named){.name = o->name, .first = first, .last = (uint32_t)last});
	enum watch_rule rule = rule_of(name, o, walk, form);
	uint32_t start = f->words.items[first].start, end = f->words.items[last].end;
	if (rule == WATCH_RULE_FOLD && str_eq((struct str){f->text.s + start, end - start}, name->text))
		rule = WATCH_RULE_EXACT;
	bool several = last > first, bare = o->form == LIST_FORM_BARE;
	bool initial = bare && form == MENTION_FULL && several && person_has_initial(f, first, walk->first, last);
	bool kin = bare && form == MENTION_FULL && person_has_kin(f, name, first, walk->first);
	weak |= bare && !o->listed && f->list->words[v->list_word].place;
	struct mention *m = mentions_add(f->found);
	if (m == NULL)
		return false;
	*m = (struct mention){.entity = name->entity,
	    .name = o->name,
	    .start = start,
	    .end = end,
	    .first_word = (uint32_t)first,
	    .last_word = (uint32_t)last,
	    .cost = (uint16_t)(walk->cost + (kin ? LOOSE_KIN_COST : 0)),
	    .field = (uint8_t)f->field,
	    .form = (uint8_t)form,
	    .rule = (uint8_t)rule,
	    .topic = name->kind == WATCH_TOPIC,
	    .several = several,
	    .equal = walk->equal && !press_is(f->list, o), /* whom the list calls so is meant before */
	    .listed = o->listed && walk->rule <= WATCH_RULE_FOLD,
	    .initial = initial,
	    .weak = weak};
	__builtin_prefetch(&f->list->bare[m->entity]);
	return true;
}

/*
 * In a headline In Title Case, or in capitals, a capital tells no name from another word. A short sentence may have as many, but ends
 * with a full stop.
 */
static bool
title_case(const struct text_words *words)
{
	bool small = false;
	if (words->cased < 3 || (uint64_t)words->capitals * 10 < (uint64_t)words->cased * 7)
		return false;
	for (size_t i = 0; (words->tail_gap & TEXT_GAP_DOT) && i < words->count && !small; i++)
		small = is_small(&words->items[i]);
	return !small;
}

static void
begin_field(struct field_match *f)
{
	f->capitals_mean_nothing = title_case(&f->words);
	f->nouns_capital = str_istarts(f->lang, STR_LIT("de"));
}

/* An item while it is being matched. */
struct item_match {
	struct mentions found;
	struct field_match fields[WATCH_FIELD_COUNT];
};

/* Returns how many fields have text. */
static size_t
begin_item(struct item_match *m, const struct watchlist *w, const struct watch_tokens *tokens, struct watch_memo *memo,
    bool one_by_one, struct arena *arena, struct field_match **fields)
{
	size_t count = 0;
	m->found = (struct mentions){.arena = arena};
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		struct field_match *f = &m->fields[i];
		if (tokens->fields[i].count == 0) {
			f->words.count = 0; /* of the others nobody asks for more */
			continue;
		}
		*f = (struct field_match){.list = w,
		    .arena = arena,
		    .words = tokens->fields[i],
		    .text = tokens->texts[i],
		    .lang = tokens->lang,
		    .field = (enum watch_field)i,
		    .found = &m->found,
		    .one_by_one = one_by_one,
		    .memo = memo};
		begin_field(f);
		fields[count++] = f;
	}
	return count;
}

static int
match_tokens(const struct watchlist *w, const struct watch_tokens *tokens, bool one_by_one, struct arena *arena,
    struct watch_result *out, struct err *err)
{
	struct item_match item;
	struct field_match *fields[WATCH_FIELD_COUNT];

	*out = (struct watch_result){0};
	if (w->node_count == 0)
		return 0;
	struct watch_memo *memo = tokens->memo != NULL ? tokens->memo : memo_in_arena(arena);
	if (memo == NULL)
		return arena_check(arena, err);
	memo_begin(memo, w, tokens->lang);
	size_t count = begin_item(&item, w, tokens, memo, one_by_one, arena, fields);
	field_scan_all(fields, count);
	for (size_t i = 0; i < count; i++) {
		if (fields[i]->words.has_unspaced)
			unspaced_match(fields[i]);
	}
	if (!one_by_one && item.found.count > 0)
		late_match(item.fields, w, &item.found, arena);
	return arena->failed ? arena_check(arena, err) : mentions_resolve(&item.found, w, out, err);
}

int
watch_match_tokens(const struct watchlist *w, const struct watch_tokens *tokens, struct arena *arena,
    struct watch_result *out, struct err *err)
{
	return match_tokens(w, tokens, false, arena, out, err);
}

int
watch_match_one_by_one(const struct watchlist *w, const struct watch_tokens *tokens, struct arena *arena,
    struct watch_result *out, struct err *err)
{
	return match_tokens(w, tokens, true, arena, out, err);
}
