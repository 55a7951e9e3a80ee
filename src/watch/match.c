#include "watch/field.h"
#include "watch/tokens.h"

/* What may stand between the words of a name whatever the name itself has there. */
#define GAPS_ALWAYS (TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_APOS | TEXT_GAP_MIDDOT)
#define ABBREVIATION_MAX 3u /* folded bytes of a word that a full stop may follow inside a name */
#define STEPS_MAX 4096u     /* ways through the trie that are tried from one word */
#define SHORT_SOUNDS 3u     /* a lone word of so few sounds is only sure in its own script */
#define UNCASED_CONSONANTS \
	5u /* where there are no capitals (and often no vowels), a lone word must have so many to be sure */
#define RESPELT_SOUNDS 5u /* a word among others may have one doubtful letter in so many */
#define UNCASED_NAME_CONSONANTS 6u
#define UNCASED_COST 1u
#define BENT_WORDS 3u      /* one word of so many may be misspelt */
#define SPELLING_SOUNDS 7u /* a lone word of so many may be spelt in another way in its own script */
#define ACRONYM_MAX 5u     /* letters */

/* A way through the trie so far. */
struct walk {
	size_t first;
	unsigned cost;
	enum watch_rule rule;
	bool equal;       /* every stem is spelt as in the list */
	unsigned respelt; /* words that are spelt differently in the list's own script */
	unsigned bent;    /* of them, those that are spelt quite differently */
};

enum sureness { NOT, WEAK, SURE };

/* Fills the slot with what the word may be. When memory runs out the arena remembers. */
static void
look_for(struct field_match *f, const struct text_word *word, uint64_t hash, struct cached *slot)
{
	struct candidate found[CANDIDATES_MAX];
	size_t n = loose_find(f->list, text_word_fold(&f->words, word), (enum text_script)word->script, f->lang, found);
	*slot = (struct cached){.hash = hash};
	if (n > 0 && (slot->loose = arena_alloc(f->arena, n * sizeof *found)) != NULL) {
		memcpy(slot->loose, found, n * sizeof *found);
		slot->count = (uint8_t)n;
	}
}

size_t
field_candidates(struct field_match *f, size_t i, const struct candidate **ret)
{
	const struct text_word *word = &f->words.items[i];

	if (f->loose_count[i] == UINT8_MAX) {
		uint64_t hash = list_hash_word(text_word_fold(&f->words, word)) | 1;
		struct cached *slot = &f->cache[(hash >> 32) % CACHE_SLOTS];
		if (slot->hash != hash)
			look_for(f, word, hash, slot);
		f->loose[i] = slot->loose;
		f->loose_count[i] = slot->count;
	}
	*ret = f->loose[i];
	return f->loose_count[i];
}

bool
field_is_word(struct field_match *f, size_t i, uint32_t list_word)
{
	const struct candidate *c;
	if (f->ids[i] == list_word)
		return true;
	size_t n = field_candidates(f, i, &c);
	for (size_t k = 0; k < n; k++) {
		if (c[k].word == list_word)
			return true;
	}
	return false;
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
case_fits(const struct field_match *f, const struct text_word *word, const struct list_word *lw, bool plain)
{
	bool acronym = (lw->flags & LIST_WORD_UPPER) != 0, upper = (word->flags & TEXT_WORD_UPPER) != 0;
	if (!(word->flags & TEXT_WORD_CASED))
		return true;
	if (acronym && lw->sounds.len <= 4 && !(word->flags & TEXT_WORD_MIXED))
		return false;
	if (!acronym && upper && !plain && word->end - word->start <= 2 * ACRONYM_MAX && !f->capitals_mean_nothing)
		return false;
	bool small = !(word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
	return !small || !f->has_capitals || !(lw->flags & LIST_WORD_CAPITAL);
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

	if (!case_fits(f, word, lw, plain))
		return NOT;
	if (plain)
		return SURE;
	if (same_script)
		return walk->equal || (lw->sounds.len >= SPELLING_SOUNDS && walk->cost == 0) ? SURE : NOT;
	if ((lw->flags & LIST_WORD_UPPER) && walk->cost == 0 && (word->flags & TEXT_WORD_UPPER))
		return SURE;
	if (lw->sounds.len <= SHORT_SOUNDS || (f->list->scripts[entity] & 1u << word->script))
		return walk->cost == 0 ? WEAK : NOT;
	if (!(word->flags & TEXT_WORD_CASED) && consonants(lw->sounds) < UNCASED_CONSONANTS)
		return WEAK;
	return walk->cost <= loose_strict_cost(lw->sounds.len) ? SURE : WEAK;
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

/* Whether a path stands for the name, and how; may widen the place. */
static enum mention_form
judge(struct field_match *f, const struct list_output *o, uint32_t list_word, const struct walk *walk, size_t *first,
    size_t *last, bool *weak)
{
	const struct list_name *name = &f->list->names[o->name];
	enum watch_kind kind = f->list->entities[name->entity].kind;
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

static bool
report_one(struct field_match *f, const struct list_output *o, uint32_t list_word, size_t last, const struct walk *walk)
{
	const struct list_name *name = &f->list->names[o->name];
	size_t first = walk->first;
	struct mention m = {.entity = name->entity,
	    .name = o->name,
	    .field = f->field,
	    .cost = walk->cost,
	    .rule = walk->rule,
	    .equal = walk->equal};

	m.form = judge(f, o, list_word, walk, &first, &last, &m.weak);
	if (m.form == MENTION_NONE)
		return true;
	if (o->form == LIST_FORM_BARE)
		m.rule = bolder(m.rule, m.form == MENTION_FULL ? WATCH_RULE_ORDER : WATCH_RULE_FAMILY);
	if (name->source != o->name)
		m.rule = bolder(m.rule, WATCH_RULE_EXONYM);
	m.several = last > first;
	m.start = f->words.items[first].start;
	m.end = f->words.items[last].end;
	if (m.rule == WATCH_RULE_FOLD && str_eq((struct str){f->text.s + m.start, m.end - m.start}, name->text))
		m.rule = WATCH_RULE_EXACT;
	return mentions_add(f->found, &m);
}

static bool
report(struct field_match *f, uint32_t node, uint32_t list_word, size_t last, const struct walk *walk)
{
	for (uint32_t o = f->list->node_outputs[node]; o != LIST_NONE; o = f->list->outputs[o].next) {
		if (!report_one(f, &f->list->outputs[o], list_word, last, walk))
			return false;
	}
	return true;
}

static bool walk_on(struct field_match *f, uint32_t node, size_t at, const struct walk *walk);

static bool
step(struct field_match *f, uint32_t node, size_t at, const struct walk *walk, const struct candidate *c)
{
	const struct list_edge *e = list_find_edge(f->list, node, c->word);
	if (e == NULL || f->steps == 0 || (at > walk->first && !gap_allowed(f, at, e->gaps)))
		return true;
	f->steps--;
	const struct list_word *lw = &f->list->words[c->word];
	bool same_script = lw->script == f->words.items[at].script;
	bool bent = !c->equal && same_script && c->cost * RESPELT_SOUNDS > lw->sounds.len;
	struct walk next = {.first = walk->first,
	    .cost = walk->cost + c->cost,
	    .rule = bolder(walk->rule, (enum watch_rule)c->rule),
	    .equal = walk->equal && c->equal,
	    .bent = walk->bent + bent,
	    .respelt = walk->respelt + (!c->equal && c->cost > 0 && same_script)};
	return report(f, e->child, c->word, at, &next) && walk_on(f, e->child, at + 1, &next);
}

/* A word in small letters only begins a name when it is spelt as the name is. */
static bool
may_begin(const struct text_word *word)
{
	return !(word->flags & TEXT_WORD_CASED) || (word->flags & (TEXT_WORD_CAPITAL | TEXT_WORD_MIXED));
}

static bool
walk_on(struct field_match *f, uint32_t node, size_t at, const struct walk *walk)
{
	const struct candidate *c;
	if (at >= f->words.count)
		return true;
	if (f->ids[at] != LIST_NONE) {
		struct candidate same = {.word = f->ids[at], .rule = WATCH_RULE_FOLD, .equal = true};
		if (!step(f, node, at, walk, &same))
			return false;
	}
	if (at == walk->first && !may_begin(&f->words.items[at]))
		return true;
	size_t n = field_candidates(f, at, &c);
	for (size_t i = 0; i < n; i++) {
		if (c[i].word != f->ids[at] && !step(f, node, at, walk, &c[i]))
			return false;
	}
	return true;
}

/* In a headline In Title Case, or in capitals, a capital tells no name from another word. */
static bool
title_case(const struct text_words *words)
{
	size_t cased = 0, capitals = 0;
	for (size_t i = 0; i < words->count; i++) {
		const struct text_word *w = &words->items[i];
		if (!(w->flags & TEXT_WORD_CASED) || w->fold_len < 4)
			continue;
		cased++;
		capitals += (w->flags & TEXT_WORD_CAPITAL) != 0;
	}
	return cased >= 3 && capitals * 10 >= cased * 7;
}

static int
prepare(struct field_match *f, struct err *err)
{
	size_t n = f->words.count;
	f->ids = arena_alloc(f->arena, n * sizeof *f->ids);
	f->loose = arena_zalloc(f->arena, n, sizeof *f->loose);
	f->loose_count = arena_alloc(f->arena, n);
	if (f->ids == NULL || f->loose == NULL || f->loose_count == NULL)
		return arena_check(f->arena, err);
	memset(f->loose_count, UINT8_MAX, n);
	for (size_t i = 0; i < n; i++) {
		struct str fold = text_word_fold(&f->words, &f->words.items[i]);
		f->ids[i] = list_find_word(f->list, fold, list_hash_word(fold));
	}
	f->capitals_mean_nothing = title_case(&f->words);
	for (size_t i = 0; i < n && !f->has_capitals; i++)
		f->has_capitals = (f->words.items[i].flags & TEXT_WORD_CAPITAL) != 0;
	f->nouns_capital = str_istarts(f->lang, STR_LIT("de"));
	return 0;
}

static int
match_field(struct field_match *f, struct err *err)
{
	if (prepare(f, err) < 0)
		return -1;
	for (size_t i = 0; i < f->words.count; i++) {
		struct walk start = {.first = i, .rule = WATCH_RULE_FOLD, .equal = true};
		f->steps = STEPS_MAX;
		if (!walk_on(f, 0, i, &start))
			break;
	}
	return arena_check(f->arena, err);
}

int
watch_match_tokens(const struct watchlist *w, const struct watch_tokens *tokens, struct arena *arena,
    struct watch_result *out, struct err *err)
{
	struct mentions found = {.arena = arena};

	*out = (struct watch_result){0};
	if (w->node_count == 0)
		return 0;
	struct cached *cache = arena_zalloc(arena, CACHE_SLOTS, sizeof *cache);
	if (cache == NULL)
		return arena_check(arena, err);
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		struct field_match f = {.list = w,
		    .arena = arena,
		    .words = tokens->fields[i],
		    .text = tokens->texts[i],
		    .lang = tokens->lang,
		    .field = (enum watch_field)i,
		    .found = &found,
		    .cache = cache};
		if (f.words.count > 0 && match_field(&f, err) < 0)
			return -1;
	}
	return mentions_resolve(&found, w, out, err);
}
