#include "watch/field.h"
#include "watch/late.h"
#include "watch/tokens.h"

#define SHORT_SOUNDS 3u /* a lone word of so few sounds is only sure in its own script */
#define UNCASED_CONSONANTS \
	5u /* where there are no capitals (and often no vowels), a lone word must have so many to be sure */
#define UNCASED_NAME_CONSONANTS 6u
#define UNCASED_COST 1u
#define BENT_WORDS 3u  /* one word of so many may be misspelt */
#define ACRONYM_MAX 5u /* letters */

enum sureness { NOT, WEAK, SURE };

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
field_is_word(struct field_match *f, size_t i, uint32_t list_word)
{
	const struct memo_answer *a = field_answer(f, i);
	bool is = false;
	for (size_t k = 0; k < a->count && !is; k++)
		is = a->candidates[k].word == list_word;
	return is;
}

/* An acronym is not a word in small letters, and a word in capitals is no name in small ones. */
static bool
case_fits(
    const struct field_match *f, const struct text_word *word, const struct list_word *lw, bool plain, bool any_case)
{
	bool acronym = (lw->flags & LIST_WORD_UPPER) != 0, upper = (word->flags & TEXT_WORD_UPPER) != 0;
	if (!(word->flags & TEXT_WORD_CASED))
		return true;
	if (acronym && lw->sounds_len <= 4 && !(word->flags & TEXT_WORD_MIXED))
		return false;
	if (acronym && upper && !plain && word->end - word->start > lw->fold_len && lw->script == word->script)
		return false; /* endings of acronyms are written small: ЕПа, not ЕПА */
	if (!acronym && upper && !plain && word->end - word->start <= 2 * ACRONYM_MAX && !f->capitals_mean_nothing)
		return false;
	bool small = !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
	return !small || !f->words.has_capitals || !(lw->flags & LIST_WORD_CAPITAL) || any_case;
}

static size_t
consonants(struct str sounds)
{
	size_t n = 0;
	for (size_t i = 0; i < sounds.len; i++)
		n += strchr("aeiouyjw@", sounds.s[i]) == NULL;
	return n;
}

/* Does one word of text stand for a name of one word? What the user wrote in its script is better than what we make of another. */
static enum sureness
lone_word(const struct field_match *f, size_t at, uint32_t list_word, uint32_t entity, const struct walk *walk)
{
	const struct list_word *lw = &f->list->words[list_word];
	const struct text_word *word = &f->words.items[at];
	bool same_script = lw->script == word->script, plain = walk->rule <= WATCH_RULE_FOLD;

	if (!case_fits(f, word, lw, plain, f->list->families[entity] == WATCH_FAMILY_ALONE))
		return NOT;
	if (plain)
		return SURE;
	if (same_script)
		return walk->equal || (lw->sounds_len >= SPELLING_SOUNDS && walk->cost == 0) ? SURE : NOT;
	if ((lw->flags & LIST_WORD_UPPER) && walk->cost == 0 && (word->flags & TEXT_WORD_UPPER))
		return SURE;
	if (lw->sounds_len <= SHORT_SOUNDS || (f->list->scripts[entity] & 1u << word->script))
		return walk->cost == 0 ? WEAK : NOT;
	if (!(word->flags & TEXT_WORD_CASED) && consonants(list_word_sounds(f->list, lw)) < UNCASED_CONSONANTS)
		return WEAK;
	return walk->cost <= loose_strict_cost(lw->sounds_len) ? SURE : WEAK;
}

/* Transliterated words without capitals must agree in enough consonants, because hardly any vowels are written. */
static bool
enough_sounds(const struct field_match *f, const struct walk *walk, size_t first, size_t last)
{
	size_t n = 0;
	if (walk->equal || (f->words.items[last].flags & TEXT_WORD_CASED) || walk->rule < WATCH_RULE_PROCLITIC)
		return true;
	for (size_t i = first; i <= last; i++) {
		struct text_sounds s;
		const struct text_word *word = &f->words.items[i];
		if (text_sounds(text_word_fold(&f->words, word), (enum text_script)word->script, &s))
			n += consonants((struct str){s.s, s.len});
	}
	return n >= UNCASED_NAME_CONSONANTS && walk->cost <= UNCASED_COST;
}

/* What a text that is no name says about the names around it. */
static enum mention_form
judge_mark(const struct field_match *f, const struct list_name *name, uint32_t list_word, const struct walk *walk,
    size_t first, size_t last)
{
	static const enum mention_form forms[WATCH_ROLE_COUNT] = {[WATCH_ROLE_NOT_FORM] = MENTION_NOT_FORM,
	    [WATCH_ROLE_NOT] = MENTION_NOT,
	    [WATCH_ROLE_CONTEXT] = MENTION_CONTEXT,
	    [WATCH_ROLE_EXCLUDE] = MENTION_EXCLUDED};
	bool plain = walk->rule <= WATCH_RULE_FOLD;
	if (name->role == WATCH_ROLE_NOT_FORM)
		return plain ? MENTION_NOT_FORM : MENTION_NONE;
	bool sure = plain || (first == last ? lone_word(f, first, list_word, name->entity, walk) == SURE
	                                    : walk->bent == 0 && enough_sounds(f, walk, first, last));
	return sure ? forms[name->role] : MENTION_NONE;
}

/* Whether a path stands for the name, and how; may widen the place. */
static enum mention_form
judge(struct field_match *f, const struct list_output *o, uint32_t list_word, const struct walk *walk, size_t *first,
    size_t *last, bool *weak)
{
	const struct list_name *name = &f->list->names[o->name];
	enum watch_kind kind = (enum watch_kind)name->kind;
	if (name->role == WATCH_ROLE_FORM && walk->rule <= WATCH_RULE_FOLD)
		return MENTION_FULL;
	if (name->role > WATCH_ROLE_FORM)
		return judge_mark(f, name, list_word, walk, *first, *last);
	enum sureness sure =
	    *first == *last && kind != WATCH_TOPIC ? lone_word(f, *first, list_word, name->entity, walk) : SURE;

	if (o->form == LIST_FORM_BARE) {
		if (!walk->equal && !(f->words.items[*last].flags & TEXT_WORD_CASED))
			sure = WEAK;
		enum mention_form form = person_judge(f, name, first, last);
		*weak = sure == WEAK;
		if (form == MENTION_FULL)
			return enough_sounds(f, walk, *first, *last) && sure != NOT ? form : MENTION_NONE;
		return form == MENTION_BARE && sure == NOT ? MENTION_NONE : form;
	}
	bool many = *last - *first + 1 >= BENT_WORDS && walk->respelt == 1;
	if ((walk->bent > 0 && !many) || (o->form == LIST_FORM_ORDER && walk->respelt > 0) ||
	    !enough_sounds(f, walk, *first, *last))
		return MENTION_NONE;
	if (name->source != o->name && !walk->equal) /* a name from the data has its own spelling in every script */
		return MENTION_NONE;
	return sure == SURE ? MENTION_FULL : MENTION_NONE;
}

bool
field_report(
    struct field_match *f, const struct list_output *o, uint32_t list_word, size_t last, const struct walk *walk)
{
	const struct list_name *name = &f->list->names[o->name];
	size_t first = walk->first;
	struct mention m = {.entity = name->entity,
	    .name = o->name,
	    .field = f->field,
	    .cost = walk->cost,
	    .rule = walk->rule,
	    .equal = walk->equal,
	    .listed = o->listed && walk->rule <= WATCH_RULE_FOLD};

	m.form = judge(f, o, list_word, walk, &first, &last, &m.weak);
	if (m.form == MENTION_NONE)
		return true;
	if (o->form == LIST_FORM_BARE)
		m.rule = bolder(m.rule, m.form == MENTION_FULL ? WATCH_RULE_ORDER : WATCH_RULE_FAMILY);
	if (o->form == LIST_FORM_ORDER)
		m.rule = bolder(m.rule, WATCH_RULE_ORDER);
	if (o->form == LIST_FORM_LETTERS)
		m.rule = bolder(m.rule, WATCH_RULE_TRANSLIT);
	if (name->source != o->name)
		m.rule = bolder(m.rule, name->kind == WATCH_PERSON ? WATCH_RULE_TRANSLIT : WATCH_RULE_EXONYM);
	if (name->role == WATCH_ROLE_FORM)
		m.rule = bolder(m.rule, WATCH_RULE_PINNED);
	m.several = last > first;
	m.first_word = (uint32_t)first;
	m.last_word = (uint32_t)last;
	m.start = f->words.items[first].start;
	m.end = f->words.items[last].end;
	if (m.rule == WATCH_RULE_FOLD && str_eq((struct str){f->text.s + m.start, m.end - m.start}, name->text))
		m.rule = WATCH_RULE_EXACT;
	return mentions_add(f->found, &m);
}

/* In a headline In Title Case, or in capitals, a capital tells no name from another word. */
static bool
title_case(const struct text_words *words)
{
	return words->cased >= 3 && (uint64_t)words->capitals * 10 >= (uint64_t)words->cased * 7;
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
	field_scan_all(fields, begin_item(&item, w, tokens, memo, one_by_one, arena, fields));
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
