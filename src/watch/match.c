#include "watch/field.h"
#include "watch/late.h"
#include "watch/tokens.h"

/* What may stand between the words of a name whatever the name itself has there. */
#define GAPS_ALWAYS (TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_APOS | TEXT_GAP_MIDDOT)
#define ABBREVIATION_MAX 3u /* folded bytes of a word that a full stop may follow inside a name */
#define STEPS_MAX 4096u     /* ways through the trie that are tried from one word */
#define SHORT_SOUNDS 3u     /* a lone word of so few sounds is only sure in its own script */
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

static bool
gap_allowed(const struct field_match *f, size_t at, uint16_t extra)
{
	uint16_t allowed = GAPS_ALWAYS | extra;
	if (f->words.items[at - 1].fold_len <= ABBREVIATION_MAX || f->words.items[at].gap == TEXT_GAP_DOT)
		allowed |= TEXT_GAP_DOT;
	return (f->words.items[at].gap & ~allowed) == 0;
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

static enum watch_rule
bolder(enum watch_rule a, enum watch_rule b)
{
	return a > b ? a : b;
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

/* Remembers where a name might end that is only looked at when it is known who is named. */
static bool
put_by(struct field_match *f, uint32_t node, uint32_t list_word, size_t last, const struct walk *walk)
{
	struct field_visit *grown = arena_grow(f->arena, f->visits, &f->visit_cap, f->visit_count, sizeof *grown);
	if (grown == NULL)
		return false;
	f->visits = grown;
	f->visits[f->visit_count++] =
	    (struct field_visit){.walk = *walk, .node = node, .list_word = list_word, .last = (uint32_t)last};
	return true;
}

/* The same of a word that alone can only be evidence. */
static bool
put_by_word(struct field_match *f, size_t word)
{
	uint32_t *grown = arena_grow(f->arena, f->mere, &f->mere_cap, f->mere_count, sizeof *grown);
	if (grown == NULL)
		return false;
	f->mere = grown;
	f->mere[f->mere_count++] = (uint32_t)word;
	return true;
}

/* What ends at a node. What cannot be more than evidence waits until it is known about whom (late.h). */
static bool
report(struct field_match *f, uint32_t node, const struct candidate *c, size_t last, const struct walk *walk)
{
	const struct watchlist *w = f->list;
	uint32_t list_word = c->word;
	bool mere = last == walk->first && (c->use & MEMO_MERE);
	if (f->late != NULL)
		return late_report(f, node, list_word, last, walk, mere);
	if (mere && !f->one_by_one)
		return true;
	if (list_is_shared(w, node) && !f->one_by_one && !put_by(f, node, list_word, last, walk))
		return false;
	for (uint32_t o = list_output(w, node); o != LIST_NONE; o = w->outputs[o].next) {
		const struct list_output *out = &w->outputs[o];
		bool good = out->form == LIST_FORM_SHARED
		                ? late_report_named(f, &w->groups[out->name], list_word, last, walk)
		                : field_report(f, out, list_word, last, walk);
		if (!good)
			return false;
	}
	return true;
}

static struct walk
walk_with(const struct walk *walk, const struct candidate *c)
{
	return (struct walk){.first = walk->first,
	    .cost = walk->cost + c->cost,
	    .rule = bolder(walk->rule, (enum watch_rule)c->rule),
	    .equal = walk->equal && c->equal,
	    .bent = walk->bent + c->bent,
	    .respelt = walk->respelt + c->respelt};
}

static bool walk_on(struct field_match *f, uint32_t node, size_t at, const struct walk *walk);

static bool
step(struct field_match *f, uint32_t node, size_t at, const struct walk *walk, const struct candidate *c)
{
	uint32_t child = c->child;
	if (at > walk->first) {
		const struct list_edge *e = list_find_edge(f->list, node, c->word);
		if (e == NULL)
			return true;
		f->goes_on = true;
		if (!gap_allowed(f, at, e->gaps))
			return true;
		child = e->child;
	}
	if (child == LIST_NONE || f->steps == 0)
		return true;
	f->steps--;
	struct walk next = walk_with(walk, c);
	if (!report(f, child, c, at, &next))
		return false;
	return (at == walk->first && f->closed) || walk_on(f, child, at + 1, &next);
}

#define ANY_USE 0u

/* What a word that may begin a name is to be good for. */
static unsigned
useful(const struct field_match *f)
{
	return MEMO_LONE | (f->closed ? 0 : MEMO_ON) | (f->late != NULL || f->one_by_one ? MEMO_MERE : 0);
}

static bool
walk_on(struct field_match *f, uint32_t node, size_t at, const struct walk *walk)
{
	if (at >= f->words.count || (node != LIST_ROOT && !list_goes_on(f->list, node)))
		return true;
	const struct memo_answer a = *field_answer(f, at);
	unsigned use = node == LIST_ROOT ? useful(f) : ANY_USE;
	bool single = node == LIST_ROOT && f->closed && f->late != NULL;
	for (size_t i = 0; i < a.count; i++) {
		const struct candidate *c = &a.candidates[i];
		if ((c->use & use) == 0 && use != ANY_USE)
			continue;
		if (single && !late_is_wanted(f, c->child, at, at))
			continue;
		if (!step(f, node, at, walk, c))
			return false;
	}
	return true;
}

/* Remembers that no name goes through the first word and the next. */
static void
close_pair(struct field_match *f, uint64_t pair)
{
	if (!f->goes_on && f->steps > 0 && !f->arena->failed && !f->one_by_one)
		*memo_pair(f->memo, pair) = pair;
}

/* The names that begin with a word in small letters, which must be spelt as in the list. */
static bool
match_small(struct field_match *f, const struct field_start *start)
{
	const struct text_word *word = &f->words.items[start->word];
	struct walk walk = {.first = start->word, .rule = WATCH_RULE_FOLD, .equal = true};

	uint32_t id = list_find_word(f->list, text_word_fold(&f->words, word), word->hash);
	uint32_t child = id != LIST_NONE ? f->list->words[id].child : LIST_NONE;
	if (child == LIST_NONE)
		return true;
	f->closed = start->closed || !list_goes_on(f->list, child);
	if (f->closed && list_output(f->list, child) == LIST_NONE)
		return true;
	struct candidate same = {.word = id, .child = child, .rule = WATCH_RULE_FOLD, .equal = true, .use = MEMO_LONE};
	f->steps = STEPS_MAX;
	f->goes_on = false;
	bool good = step(f, LIST_ROOT, start->word, &walk, &same);
	if (!f->closed)
		close_pair(f, start->pair);
	return good;
}

/* The names that begin at a word that may be any form of theirs. */
static bool
match_forms(struct field_match *f, const struct field_start *start)
{
	struct walk walk = {.first = start->word, .rule = WATCH_RULE_FOLD, .equal = true};
	unsigned flags = start->flags;

	if (flags == MEMO_UNKNOWN)
		flags = field_answer(f, start->word)->flags;
	if ((flags & MEMO_MERE) && f->late == NULL && !put_by_word(f, start->word))
		return false;
	f->closed = start->closed || !(flags & MEMO_ON);
	if (!(flags & useful(f)))
		return true;
	f->steps = STEPS_MAX;
	f->goes_on = false;
	bool good = walk_on(f, LIST_ROOT, start->word, &walk);
	if (!f->closed)
		close_pair(f, start->pair);
	return good;
}

/* In a headline In Title Case, or in capitals, a capital tells no name from another word. */
static bool
title_case(const struct text_words *words)
{
	return words->cased >= 3 && (uint64_t)words->capitals * 10 >= (uint64_t)words->cased * 7;
}

/* A word in small letters only begins a name when it is spelt as the name is. */
static inline bool
may_begin(const struct text_word *word)
{
	return !(word->flags & TEXT_WORD_CASED) || (word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
}

/* The words of a stretch at which a name may begin. Nothing here depends on a comparison that cannot be foretold. */
static size_t
sift_words(const struct field_match *f, size_t from, size_t to, struct field_start *ret)
{
	size_t n = 0;
	for (size_t i = from; i < to; i++) {
		const struct text_word *word = &f->words.items[i];
		bool begins = may_begin(word);
		ret[n].word = (uint32_t)i;
		ret[n].small = !begins;
		n += begins | list_may_begin(f->list, word->hash);
	}
	return n;
}

/* Of these, those that are of use as far as is remembered, with what for. */
static size_t
sift_known(const struct field_match *f, size_t count, struct field_start *starts)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		struct field_start start = starts[i];
		start.key = memo_key(f->memo, &f->words.items[start.word]);
		start.flags = (uint8_t)memo_flags(f->memo, start.key);
		starts[n] = start;
		n += start.small | ((start.flags & (MEMO_LONE | MEMO_ON | MEMO_MERE)) != 0);
	}
	return n;
}

/* Of these, those that are of use when the word behind is looked at, too. */
static size_t
sift_pairs(const struct field_match *f, size_t count, struct field_start *starts)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++) {
		struct field_start start = starts[i];
		bool last = start.word + 1u >= f->words.count;
		const struct text_word *next = &f->words.items[last ? start.word : start.word + 1u];
		start.pair = memo_pair_key(start.key, memo_key(f->memo, next), start.small);
		start.closed = (last | (*memo_pair(f->memo, start.pair) == start.pair)) & (unsigned)!f->one_by_one;
		starts[n] = start;
		n += start.small | ((start.flags & (MEMO_LONE | MEMO_MERE)) != 0) | !start.closed;
	}
	return n;
}

#define STRETCH 256u /* words */

bool
field_scan(struct field_match *f, size_t from, size_t to)
{
	struct field_start starts[STRETCH];
	for (; from < to; from += STRETCH) {
		size_t n = sift_words(f, from, to - from < STRETCH ? to : from + STRETCH, starts);
		n = sift_known(f, n, starts);
		n = sift_pairs(f, n, starts);
		for (size_t i = 0; i < n; i++) {
			if (!(starts[i].small ? match_small(f, &starts[i]) : match_forms(f, &starts[i])))
				return false;
		}
	}
	return true;
}

/* What a word may only be evidence for. */
static bool
review_mere(struct field_match *f, size_t at)
{
	struct walk walk = {.first = at, .rule = WATCH_RULE_FOLD, .equal = true};
	const struct memo_answer a = *field_answer(f, at);
	for (size_t i = 0; i < a.count; i++) {
		const struct candidate *c = &a.candidates[i];
		if (!(c->use & MEMO_MERE) || !late_is_wanted(f, c->child, at, at))
			continue;
		struct walk next = walk_with(&walk, c);
		if (!late_report(f, c->child, c->word, at, &next, true))
			return false;
	}
	return true;
}

bool
field_review(struct field_match *f)
{
	for (size_t i = 0; i < f->visit_count; i++) {
		const struct field_visit *v = &f->visits[i];
		if (late_is_wanted(f, v->node, v->walk.first, v->last) &&
		    !late_report(f, v->node, v->list_word, v->last, &v->walk, false))
			return false;
	}
	for (size_t i = 0; i < f->mere_count; i++) {
		if (!review_mere(f, f->mere[i]))
			return false;
	}
	return true;
}

static void
begin_field(struct field_match *f)
{
	f->capitals_mean_nothing = title_case(&f->words);
	f->nouns_capital = str_istarts(f->lang, STR_LIT("de"));
}

static int
match_tokens(const struct watchlist *w, const struct watch_tokens *tokens, bool one_by_one, struct arena *arena,
    struct watch_result *out, struct err *err)
{
	struct mentions found = {.arena = arena};
	struct field_match fields[WATCH_FIELD_COUNT];

	*out = (struct watch_result){0};
	if (w->node_count == 0)
		return 0;
	struct watch_memo *memo = tokens->memo != NULL ? tokens->memo : memo_in_arena(arena);
	if (memo == NULL)
		return arena_check(arena, err);
	memo_begin(memo, w, tokens->lang);
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		struct field_match *f = &fields[i];
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
		    .found = &found,
		    .one_by_one = one_by_one,
		    .memo = memo};
		begin_field(f);
		field_scan(f, 0, f->words.count);
	}
	if (!one_by_one && found.count > 0)
		late_match(fields, w, &found, arena);
	return arena->failed ? arena_check(arena, err) : mentions_resolve(&found, w, out, err);
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
