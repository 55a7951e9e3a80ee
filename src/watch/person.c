#include "base/utf8.h"
#include "watch/builder.h"
#include "watch/field.h"
#include "watch/forms.h"
#include "watch/given.h"

#define ACRONYM_MAX 5u
#define JOINING_MAX 8u /* particles that are passed over: Le is a family name, too, and a text may be made of it */

/* Titles that begin with a capital in some languages and stand before a family name. */
/* clang-format off */
#define S(literal) STR_INIT(literal)
static const struct str titles[] = {
    S("mr"), S("mrs"), S("ms"), S("miss"), S("dr"), S("prof"), S("professor"), S("president"), S("prime"),
    S("minister"), S("premier"), S("chancellor"), S("secretary"), S("senator"), S("governor"), S("general"), S("sir"),
    S("lord"), S("lady"), S("king"), S("prince"), S("ambassador"), S("commissioner"), S("representative"),
    S("congressman"), S("judge"), S("justice"), S("captain"), S("colonel"), S("major"), S("herr"), S("frau"),
    S("prasident"), S("prasidentin"), S("kanzler"), S("kanzlerin"), S("monsieur"), S("madame"), S("mme"),
    S("president"), S("presidente"), S("presidenta"), S("senor"), S("senora"), S("signor"), S("signora"), S("don"),
    S("dona"), S("pan"), S("pani"), S("prezydent"), S("prezident"), S("presedintele"), S("predsednik"),
    S("predsjednik"), S("президент"), S("премьер"), S("министр"), S("канцлер"), S("господин"), S("госпожа"), S("пан"),
    S("пані"), S("прем"), S("єр"), S("генерал"), S("министър"), S("премиер"), S("г"), S("н"), S("д"), S("р"),
};
/* clang-format on */

/* "And" in some language; inside a name it is a particle (Ortega y Gasset), before one it joins two people (Tuska i Junckera). */
static bool
is_and(struct str fold)
{
	return str_is(fold, "i") || str_is(fold, "y") || str_is(fold, "e");
}

/*
 * Behind these the place stands where something happens, and not a person: w Dublinie Tusk powiedział. Only those that are used of
 * hardly anything else, by the languages whose word order allows it.
 */
static bool
leads_to_place(struct str fold, uint8_t script)
{
	static const struct str latin[] = {S("w"), S("we"), S("v"), S("ve"), S("in"), S("u")},
	                        cyrillic[] = {S("в"), S("во"), S("във"), S("у")};
	size_t n = script == TEXT_CYRILLIC ? sizeof cyrillic / sizeof *cyrillic : sizeof latin / sizeof *latin;
	const struct str *words = script == TEXT_CYRILLIC ? cyrillic : latin;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(fold, words[i]))
			return true;
	}
	return false;
}

static bool
is_title(struct str fold)
{
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		if (str_eq(fold, titles[i]))
			return true;
	}
	return false;
}

/*
 * What fathers' names end in, folded, before the endings of cases (Unbegaun, Russian Surnames, 1972, ch. 1; Pugh and Press, ch. 4), and
 * as the languages of the press spell it.
 */
static const struct str patronymics[] = {S("ович"), S("евич"), S("овн"), S("евн"), S("івн"), S("авіч"), S("евіч"),
    S("аун"), S("еун"), S("ильич"), S("ильинич"), S("ovich"), S("evich"), S("ovitch"), S("evitch"), S("owitsch"),
    S("ewitsch"), S("ovics"), S("evics"), S("owicz"), S("ewicz"), S("ovic"), S("evic"), S("ovits"), S("evits"),
    S("ovitj"), S("evitj"), S("ovitsj"), S("evitsj"), S("ovn"), S("evn"), S("own"), S("ewn"), S("ivn"), S("ilyich"),
    S("ilyinich"), S("οβιτσ"), S("εβιτσ"), S("오비치"), S("예비치"), S("로비치"), S("에비치"), S("オヴィチ"),
    S("ロヴィチ"), S("エヴィチ"), S("وفيتش"), S("يفيتش"), S("וביץ"), S("ביץ")};
#define PATRONYMIC_STEM_MIN 3u   /* bytes before it */
#define PATRONYMIC_ENDING_MAX 6u /* … and behind it */
#define PATRONYMIC_TAIL_MAX 24u  /* of both together */

/* Whether one of them may begin here, which hardly any word has to be looked through for: in Latin letters all are alike in that. */
static inline bool
may_end_patronymic(const char *s)
{
	unsigned char a = (unsigned char)s[0];
	bool latin = ((a == 'o') | (a == 'e') | (a == 'i')) & ((s[1] == 'v') | (s[1] == 'w') | (s[1] == 'l'));
	return latin | (a >= 0xC0);
}

/* Is it one of them, with at most the ending of a case behind it? */
static bool
ends_patronymic(struct str rest)
{
	size_t most = PATRONYMIC_ENDING_MAX / ((unsigned char)rest.s[0] < 0x80 ? 2 : 1);
	for (size_t i = 0; i < sizeof patronymics / sizeof *patronymics; i++) {
		struct str p = patronymics[i];
		if (p.s[0] == rest.s[0] && p.s[1] == rest.s[1] && p.len <= rest.len && rest.len - p.len <= most &&
		    memcmp(rest.s, p.s, p.len) == 0)
			return true;
	}
	return false;
}

static bool
is_patronymic(struct str fold)
{
	size_t from =
	    fold.len > PATRONYMIC_STEM_MIN + PATRONYMIC_TAIL_MAX ? fold.len - PATRONYMIC_TAIL_MAX : PATRONYMIC_STEM_MIN;
	uint32_t may = 0; /* places; a set, because where they are cannot be foretold */
	for (size_t at = from; at + 2 < fold.len; at++)
		may |= (uint32_t)may_end_patronymic(fold.s + at) << (at - from);
	for (; may != 0; may &= may - 1) {
		size_t at = from + (size_t)__builtin_ctz(may);
		if (ends_patronymic((struct str){fold.s + at, fold.len - at}))
			return true;
	}
	return false;
}

unsigned
person_word_flags(struct str fold)
{
	unsigned particle = forms_particle(fold) ? MEMO_PARTICLE | MEMO_TITLE : 0;
	return particle | (is_title(fold) ? MEMO_TITLE : 0) | (is_patronymic(fold) ? MEMO_FATHER : 0);
}

static bool
one_letter(struct str fold)
{
	return fold.len > 0 && fold.len <= 4 && ((unsigned char)fold.s[0] < 0x80 ? fold.len == 1 : fold.len == 2);
}

/*
 * Prepositions, conjunctions and articles of one letter, of the languages whose names are inflected and of Romance ones (text/inflect_tables.c):
 * where a sentence begins they have a capital, and are no initials without a full stop.
 */
static bool
is_small_word(const struct field_match *f, size_t i)
{
	const uint16_t within = TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_COMMA | TEXT_GAP_APOS;
	static const struct str words[] = {S("а"), S("в"), S("и"), S("і"), S("з"), S("к"), S("о"), S("с"), S("у"),
	    S("я"), S("a"), S("e"), S("i"), S("k"), S("o"), S("s"), S("u"), S("v"), S("w"), S("y"), S("z")};
	const struct text_word *word = &f->words.items[i];
	struct str fold = text_word_fold(&f->words, word);
	bool behind_initial = i > 0 && one_letter(text_word_fold(&f->words, &word[-1])); /* В.В. */
	bool begins = !behind_initial && (i == 0 || (word->gap & ~within) != 0);
	bool stopped = i + 1 == f->words.count || (word[1].gap & ~(TEXT_GAP_SPACE | TEXT_GAP_LINE)) != 0;
	for (size_t k = 0; begins && !stopped && k < sizeof words / sizeof *words; k++) {
		if (str_eq(fold, words[k]))
			return true;
	}
	return false;
}

/* A single capital, perhaps with a full stop, perhaps two written together (JC). */
static bool
is_initial(const struct field_match *f, size_t i)
{
	const struct text_word *word = &f->words.items[i];
	bool letter = (word->flags & TEXT_WORD_CAPITAL) && one_letter(text_word_fold(&f->words, word));
	return letter && !is_small_word(f, i);
}

bool
person_initial_of(const struct field_match *f, size_t i, uint32_t given)
{
	struct text_sounds s;
	struct str sounds = list_word_sounds(f->list, &f->list->words[given]);
	const struct text_word *word = &f->words.items[i];
	if (!text_sounds(text_word_fold(&f->words, word), (enum text_script)word->script, &s))
		return false;
	for (size_t n = 1; n <= 2 && n <= sounds.len; n++) {
		if (text_sound_distance((struct str){s.s, s.len}, (struct str){sounds.s, n}, false, false, 0) == 0)
			return true;
	}
	return false;
}

/* May a name go on from the word before, which may be an initial, to word i? */
static bool
is_name_gap(const struct field_match *f, size_t i, bool initial)
{
	const uint16_t allowed = TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_MIDDOT;
	return (f->words.items[i].gap & ~(allowed | (initial ? TEXT_GAP_DOT : 0))) == 0;
}

static bool
name_gap(const struct field_match *f, size_t i)
{
	return is_name_gap(f, i, false) || (i > 0 && is_name_gap(f, i, true) && is_initial(f, i - 1));
}

bool
person_is_before(const struct field_match *f, size_t given)
{
	return name_gap(f, given + 1) && !one_letter(text_word_fold(&f->words, &f->words.items[given]));
}

static bool
is_given_of_somebody(struct field_match *f, size_t i)
{
	const struct memo_answer *a = field_answer(f, i);
	if (given_is_frequent(text_word_fold(&f->words, &f->words.items[i])))
		return true;
	if (a->id != LIST_NONE)
		return (f->list->words[a->id].flags & LIST_WORD_GIVEN) != 0;
	for (size_t k = 0; k < a->count; k++) {
		const struct candidate *c = &a->candidates[k];
		if (!c->kin && (f->list->words[c->word].flags & LIST_WORD_GIVEN))
			return true;
	}
	return false;
}

/* Would a capitalised word here be somebody's given name? */
static bool
speaks_against(struct field_match *f, size_t i, bool all_upper)
{
	const struct text_word *word = &f->words.items[i];
	bool starts =
	    i == 0 ||
	    (word->gap & ~(TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_COMMA | TEXT_GAP_APOS));

	if (!(word->flags & TEXT_WORD_CAPITAL) || (word->flags & TEXT_WORD_DIGITS) ||
	    (field_answer(f, i)->flags & MEMO_TITLE))
		return false;
	if ((word->flags & TEXT_WORD_UPPER) && field_is_short(f, i, ACRONYM_MAX) && !f->capitals_mean_nothing &&
	    !all_upper)
		return false;
	if (i > 0 && !starts && leads_to_place(text_word_fold(&f->words, &f->words.items[i - 1]), word->script))
		return is_given_of_somebody(f, i);
	if (starts || f->capitals_mean_nothing || f->nouns_capital)
		return is_given_of_somebody(f, i);
	return true;
}

/* A particle of a name, as far as can be told from the word alone. */
static bool
is_joining(const struct field_match *f, size_t i)
{
	struct str fold = text_word_fold(&f->words, &f->words.items[i]);
	return forms_particle(fold) && !is_and(fold);
}

/* The same where it is known what the word is, as of those beside a family name. */
static bool
joins_known(struct field_match *f, size_t i)
{
	return (field_answer(f, i)->flags & MEMO_PARTICLE) && !is_and(text_word_fold(&f->words, &f->words.items[i]));
}

/* Is it the second name of a firm: Barnes & Noble? */
static bool
of_a_firm(const struct field_match *f, size_t first)
{
	return first > 0 && (f->words.items[first].gap & TEXT_GAP_AND) &&
	       (f->words.items[first - 1].flags & TEXT_WORD_CAPITAL);
}

/* The letter before the apostrophe of a family name: O'Hara, D'Angelo. */
static bool
is_apostrophed(const struct field_match *f, size_t i)
{
	return i > 0 && f->words.items[i].gap == TEXT_GAP_APOS && is_initial(f, i - 1);
}

/* Do the word and the middle name begin alike, and is one of them an initial? Out of memory is told by the arena. */
static bool
is_middle_initial(const struct field_match *f, size_t i, struct str middle)
{
	struct str fold = text_word_fold(&f->words, &f->words.items[i]);
	struct text_words words;
	struct err err;
	if (text_words(f->arena, middle, &words, &err) < 0 || words.count == 0)
		return false;
	struct str own = text_word_fold(&words, &words.items[0]);
	size_t a = 0, b = 0;
	return utf8_next(fold, &a) == utf8_next(own, &b) && (a == fold.len || b == own.len);
}

/* Hans J. Friedrich, who has a middle name: the words between are initials of what the list has there, or the other way round. */
static bool
middle_agrees(const struct field_match *f, const struct list_name *name, size_t from, size_t to)
{
	struct str rest = name->text, word;
	bool goes_on = str_split(&rest, ' ', &word);
	while (from < to && goes_on && (goes_on = str_split(&rest, ' ', &word)) && rest.len > 0)
		from += is_middle_initial(f, from, word);
	return from == to;
}

/* Does another name stand before the family name? */
static bool
is_anothers(struct field_match *f, const struct person_beside *b, size_t first)
{
	size_t i = first - b->apostrophe;
	bool upper = (f->words.items[first].flags & TEXT_WORD_UPPER) != 0;
	for (unsigned n = 0; n < JOINING_MAX && i > 0 && name_gap(f, i) && joins_known(f, i - 1); n++)
		i--;
	return b->initials != 0 || (i > 0 && name_gap(f, i) && speaks_against(f, i - 1, upper));
}

/* Is the word the verb of a question: Will Johnson resign? */
static bool
asks(const struct field_match *f, size_t i)
{
	const struct text_word *word = &f->words.items[i];
	const struct text_word *next = word, *end = f->words.items + f->words.count;
	if ((i > 0 && word[-1].sentence == word->sentence) || !str_is(text_word_fold(&f->words, word), "will"))
		return false;
	while (next < end && next->sentence == word->sentence)
		next++;
	size_t from = next[-1].end, to = next < end ? next->start : f->text.len;
	return memchr(f->text.s + from, '?', to - from) != NULL;
}

/* May the word be another form of a given name there? None is joined to a family name by a hyphen. */
static bool
may_be_kin(const struct field_match *f, size_t i)
{
	bool joined = i + 1 < f->words.count && (f->words.items[i + 1].gap & TEXT_GAP_HYPHEN);
	return !joined && !asks(f, i);
}

/* Is the word the given name? Another form of it has a capital, and only initials stand between it and the family name. */
static bool
is_given_name(
    struct field_match *f, const struct person_beside *b, size_t i, size_t family, const struct list_name *name)
{
	const struct candidate *c = field_as(f, i, name->given);
	if (c == NULL || !c->kin)
		return c != NULL;
	unsigned between = (1u << (family - i - 1)) - 1;
	return (b->initials & between) == between && (f->words.items[i].flags & TEXT_WORD_CAPITAL) && may_be_kin(f, i);
}

bool
person_has_kin(struct field_match *f, const struct list_name *name, size_t first, size_t family)
{
	const struct candidate *c = first < family && name->given != LIST_NONE ? field_as(f, first, name->given) : NULL;
	return c != NULL && c->kin;
}

bool
person_is_kin(const struct field_match *f, const struct list_name *name, const struct list_output *o,
    uint32_t list_word, const struct walk *walk, size_t first, size_t last)
{
	bool whole = o->form == LIST_FORM_FULL || o->form == LIST_FORM_ORDER;
	bool native = f->words.items[last].script == f->list->words[list_word].script;
	return walk->kins == 1 && name->kind == WATCH_PERSON && name->given == walk->kin && whole &&
	       may_be_kin(f, first) && (native ? walk->equal : walk->cost == LOOSE_KIN_COST);
}

/* The place of the given name or its initials before the family name; `first` when there is none, -1 when it is another's. */
static ptrdiff_t
look_left(struct field_match *f, const struct list_name *name, const struct person_beside *b, size_t first)
{
	const size_t begin = first - b->apostrophe;
	const size_t end = begin - (person_may_be_beside(b, name->given) ? b->left : 0u);
	size_t found = first;

	for (size_t i = begin; i > end; i--) {
		if (b->initials >> (begin - i) & 1) {
			found = person_initial_of(f, i - 1, name->given) ? i - 1 : found;
		} else if (!name->family_first && is_given_name(f, b, i - 1, begin, name)) {
			/* with other middle names it is another person */
			bool same = i >= begin || !name->middle || middle_agrees(f, name, i, begin);
			return same ? (ptrdiff_t)i - 1 : -1;
		}
	}
	return found < first || !is_anothers(f, b, first) ? (ptrdiff_t)found : -1;
}

/* The words for "and" of the languages whose names are inflected, and of some others, from their grammars (text/inflect_tables.c). */
static bool
joins_people(struct str fold)
{
	static const struct str words[] = {S("and"), S("und"), S("et"), S("y"), S("e"), S("og"), S("och"), S("en"),
	    S("i"), S("a"), S("in"), S("ir"), S("un"), S("ja"), S("es"), S("ve"), S("si"), S("dhe"), S("и"), S("і"),
	    S("та"), S("και")};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (str_eq(fold, words[i]))
			return true;
	}
	return false;
}

/* Two who share the family name that stands once: Bill and Mary Smith. */
static bool
joined_before(const struct field_match *f, size_t first)
{
	if (first < 3)
		return false;
	const struct text_word *w = &f->words.items[first - 3];
	for (size_t i = 1; i <= 3; i++) {
		if (w[i].gap & ~(TEXT_GAP_SPACE | TEXT_GAP_LINE))
			return false;
	}
	bool names = (w[0].flags & w[2].flags & TEXT_WORD_CAPITAL) && !(w[1].flags & TEXT_WORD_CAPITAL);
	return names && joins_people(text_word_fold(&f->words, &w[1]));
}

/* Does an initial stand behind the family name, whosever it is: Smith J. */
static bool
initial_follows(const struct field_match *f, size_t last)
{
	size_t i = last + 1;
	if (i >= f->words.count || !name_gap(f, i) || !is_initial(f, i))
		return false;
	uint16_t after = i + 1 < f->words.count ? f->words.items[i + 1].gap : f->words.tail_gap;
	return (after & TEXT_GAP_DOT) != 0;
}

static void
add_given(struct person_beside *b, const struct memo_answer *a)
{
	for (size_t i = 0; i < a->count; i++)
		b->given |= (uint64_t)1 << (a->candidates[i].word & 63);
}

void
person_look_beside(struct field_match *f, size_t first, size_t last, struct person_beside *ret)
{
	struct person_beside b = {.known = true, .apostrophe = is_apostrophed(f, first)};
	size_t i = first - b.apostrophe;
	for (bool goes_on = true; goes_on && i > 0 && first - i < PERSON_LOOK_LEFT; i--) {
		bool initial = is_initial(f, i - 1);
		if (!is_name_gap(f, i, initial))
			break;
		if (initial) {
			b.initials |= (uint8_t)(1u << b.left);
		} else {
			const struct memo_answer *a = field_answer(f, i - 1);
			add_given(&b, a);
			goes_on = (f->words.items[i - 1].flags & TEXT_WORD_CAPITAL) || (a->flags & MEMO_PARTICLE);
		}
		b.left++;
	}
	b.follows = initial_follows(f, last);
	b.joined = joined_before(f, first);
	if (b.joined)
		add_given(&b, field_answer(f, first - 3));
	*ret = b;
}

static bool
initials_follow(const struct field_match *f, const struct list_name *name, const struct person_beside *b, size_t *last)
{
	size_t i = *last + 1;
	if (!b->follows || !person_initial_of(f, i, name->given))
		return false;
	if (i + 1 < f->words.count && name_gap(f, i + 1) && is_initial(f, i + 1))
		i++;
	*last = i;
	return true;
}

/* A capital right behind makes it the first part of a longer name; & makes it a firm. */
static bool
goes_on(const struct field_match *f, bool family_first, size_t last)
{
	bool all_upper = (f->words.items[last].flags & TEXT_WORD_UPPER) != 0;
	if (last + 1 >= f->words.count)
		return false;
	const struct text_word *next = &f->words.items[last + 1];
	if (next->gap & TEXT_GAP_AND)
		return true;
	const size_t end = f->words.count - last > JOINING_MAX + 2 ? last + 2 + JOINING_MAX : f->words.count;
	for (size_t i = last + 2; next->gap == TEXT_GAP_SPACE && i < end && is_joining(f, i - 1); i++)
		next = &f->words.items[i]; /* Victor van der Noot */
	bool acronym = (next->flags & TEXT_WORD_UPPER) && !all_upper &&
	               field_is_short(f, (size_t)(next - f->words.items), ACRONYM_MAX);
	if (family_first && !(next->flags & TEXT_WORD_CASED) && next->gap == TEXT_GAP_SPACE)
		return true;
	return next->gap == TEXT_GAP_SPACE && (next->flags & TEXT_WORD_CAPITAL) && !acronym &&
	       !f->capitals_mean_nothing && !f->nouns_capital;
}

bool
person_goes_on(const struct field_match *f, size_t word)
{
	return (f->words.items[word].flags & TEXT_WORD_CAPITAL) && goes_on(f, false, word);
}

bool
person_has_initial(const struct field_match *f, size_t first, size_t family, size_t last)
{
	return is_initial(f, first < family ? first : last);
}

/* A ruler's name alone: only beside a whole one, and not where it is another's, or has a number of its own. */
static enum mention_form
judge_ruler(struct field_match *f, size_t first, size_t last, bool *weak)
{
	const struct text_word *word = &f->words.items[first];
	bool before =
	    first > 0 && name_gap(f, first) && speaks_against(f, first - 1, (word->flags & TEXT_WORD_UPPER) != 0);
	const struct text_word *next = last + 1 < f->words.count ? &f->words.items[last + 1] : NULL;
	bool behind = next != NULL && (next->flags & TEXT_WORD_CAPITAL) && next->gap == TEXT_GAP_SPACE;
	*weak = true;
	return before || behind ? MENTION_NONE : MENTION_BARE;
}

enum mention_form
person_judge(struct field_match *f, const struct list_name *name, struct field_visit *v, bool ended, size_t *first,
    size_t *last, bool *weak)
{
	const struct text_word *word = &f->words.items[*last];

	while (word > &f->words.items[*first] && word->gap == TEXT_GAP_APOS) /* Ja'far */
		word--;
	bool small = (word->flags & TEXT_WORD_CASED) && !(word->flags & TEXT_WORD_CAPITAL);
	if (small && name->alone != WATCH_FAMILY_ALONE)
		return MENTION_NONE;
	if (name->given == LIST_NONE)
		return name->ruler ? judge_ruler(f, *first, *last, weak) : MENTION_BARE;
	const struct person_beside *beside = person_beside(f, v);
	ptrdiff_t left = look_left(f, name, beside, *first);
	if (left >= 0 && left < (ptrdiff_t)*first) {
		*first = (size_t)left;
		return MENTION_FULL;
	}
	if (initials_follow(f, name, beside, last)) {
		*first -= beside->apostrophe;
		return MENTION_FULL;
	}
	if (beside->joined && !name->family_first && field_as(f, *first - 3, name->given) != NULL) {
		*first = *last = *first - 3;
		return MENTION_FULL;
	}
	if (left < 0)
		return MENTION_OTHER;
	bool part = goes_on(f, name->family_first, *last);
	*weak = part && ended; /* právník Petrovy Saif Malúk */
	part = (part && !ended) || of_a_firm(f, *first);
	*first -= beside->apostrophe;
	return part ? MENTION_NONE : MENTION_BARE;
}
