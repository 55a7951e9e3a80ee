#include "watch/show.h"

#include "base/buf.h"
#include "watch/forms.h"
#include "watch/rule.h"
#include "watch/shape.h"

static const char *const scripts[TEXT_SCRIPT_COUNT] = {[TEXT_COMMON] = "common",
    [TEXT_LATIN] = "latin",
    [TEXT_CYRILLIC] = "cyrillic",
    [TEXT_GREEK] = "greek",
    [TEXT_ARMENIAN] = "armenian",
    [TEXT_GEORGIAN] = "georgian",
    [TEXT_HEBREW] = "hebrew",
    [TEXT_ARABIC] = "arabic",
    [TEXT_INDIC] = "indic",
    [TEXT_SOUTHEAST] = "southeast",
    [TEXT_HAN] = "han",
    [TEXT_HIRAGANA] = "hiragana",
    [TEXT_KATAKANA] = "katakana",
    [TEXT_HANGUL] = "hangul",
    [TEXT_OTHER] = "other"};

static const char *const declensions[TEXT_CLASS_COUNT] = {[TEXT_CLASS_C] = "consonant",
    [TEXT_CLASS_A] = "-a",
    [TEXT_CLASS_O] = "-o",
    [TEXT_CLASS_SKO] = "-sko",
    [TEXT_CLASS_E] = "-e",
    [TEXT_CLASS_ADJ] = "adjective",
    [TEXT_CLASS_PL] = "plural",
    [TEXT_CLASS_V] = "vowel",
    [TEXT_CLASS_S] = "-s",
    [TEXT_CLASS_IA] = "-ia",
    [TEXT_CLASS_ADN] = "adjective, neuter or plural",
    [TEXT_CLASS_DER] = "adjective, German",
    [TEXT_CLASS_ICH] = "closed syllable",
    [TEXT_CLASS_NEN] = "-nen",
    [TEXT_CLASS_KS] = "-s, -ks- in Finnish",
    [TEXT_CLASS_WEAK] = "weak grade",
    [TEXT_CLASS_NE] = "in -ne",
    [TEXT_CLASS_TD] = "plural in -t",
    [TEXT_CLASS_GBD] = "weakened at the end",
    [TEXT_CLASS_N] = "plural with -n"};

/* ---- forms: the trie, read backwards ---- */

struct parent {
	uint32_t node, word;
};

static struct parent *
parents_of(const struct watchlist *w, struct arena *arena)
{
	struct parent *parents = arena_zalloc(arena, w->node_count + 1, sizeof *parents);
	for (uint32_t i = 0; parents != NULL && i < w->word_count; i++) {
		if (w->words[i].child != LIST_NONE)
			parents[w->words[i].child] = (struct parent){LIST_ROOT, i};
	}
	for (size_t i = 0; parents != NULL && i < w->edge_slot_count; i++) {
		if (w->edges[i].node != LIST_NONE)
			parents[w->edges[i].child] = (struct parent){w->edges[i].node, w->edges[i].word};
	}
	return parents;
}

static struct str
path_text(const struct watchlist *w, const struct parent *parents, uint32_t node, struct arena *arena, uint8_t *script)
{
	uint32_t words[FORM_WORDS_MAX * 2];
	size_t n = 0;
	struct buf b;
	for (; node != LIST_ROOT && n < sizeof words / sizeof *words; node = parents[node].node)
		words[n++] = parents[node].word;
	buf_init(&b, 0);
	for (size_t i = n; i > 0; i--) {
		buf_puts(&b, i < n ? " " : "");
		buf_str(&b, list_word_fold(w, &w->words[words[i - 1]]));
	}
	*script = n > 0 ? w->words[words[n - 1]].script : TEXT_COMMON;
	struct str text = b.failed ? STR_NONE : arena_str(arena, buf_view(&b));
	buf_done(&b);
	return text;
}

static const char *
rule_of(const struct watchlist *w, const struct list_output *o)
{
	static const char *const roles[WATCH_ROLE_COUNT] = {[WATCH_ROLE_WEAK] = "weak",
	    [WATCH_ROLE_FORM] = "pinned",
	    [WATCH_ROLE_NOT_FORM] = "excluded",
	    [WATCH_ROLE_NOT] = "not",
	    [WATCH_ROLE_CONTEXT] = "context"};
	static const enum watch_rule rules[] = {[LIST_FORM_FULL] = WATCH_RULE_FOLD,
	    [LIST_FORM_ORDER] = WATCH_RULE_ORDER,
	    [LIST_FORM_SOLE] = WATCH_RULE_FOLD,
	    [LIST_FORM_BARE] = WATCH_RULE_FAMILY,
	    [LIST_FORM_LETTERS] = WATCH_RULE_TRANSLIT};
	const struct list_name *name = &w->names[o->name];
	if (roles[name->role] != NULL)
		return roles[name->role];
	bool person = w->entities[name->entity].kind == WATCH_PERSON;
	return watch_rule_word(name->source == o->name ? rules[o->form]
	                       : person                ? WATCH_RULE_TRANSLIT
	                                               : WATCH_RULE_EXONYM);
}

struct forms {
	const struct watchlist *list;
	struct arena *arena;
	const struct parent *parents;
	size_t entity;
	struct watch_form *items;
	size_t count, cap;
};

/* Takes up what a node stands for when it is the entity's. False when memory ran out. */
static bool
add_form(struct forms *f, uint32_t node, const struct list_output *o)
{
	const struct watchlist *w = f->list;
	const struct list_name *name = &w->names[o->name];
	uint8_t script;
	if (name->entity != f->entity)
		return true;
	struct watch_form *grown = arena_grow(f->arena, f->items, &f->cap, f->count, sizeof *grown);
	if (grown == NULL)
		return false;
	f->items = grown;
	grown[f->count].text = path_text(w, f->parents, node, f->arena, &script);
	grown[f->count].script = scripts[script];
	grown[f->count].rule = rule_of(w, o);
	grown[f->count++].name = w->names[name->source].text;
	return true;
}

static bool
add_forms_of(struct forms *f, uint32_t node)
{
	const struct watchlist *w = f->list;
	bool good = true;
	for (uint32_t o = list_output(w, node); o != LIST_NONE && good; o = w->outputs[o].next) {
		const struct list_output *out = &w->outputs[o];
		const struct list_group *g = out->form == LIST_FORM_SHARED ? &w->groups[out->name] : NULL;
		for (uint32_t i = 0; g != NULL && i < g->count && good; i++)
			good = add_form(f, node, &w->outputs[g->first + i]);
		if (g == NULL)
			good = add_form(f, node, out);
	}
	return good;
}

int
watch_forms(const struct watchlist *w, size_t entity, struct arena *arena, struct watch_form **ret, size_t *count,
    struct err *err)
{
	struct forms f = {.list = w, .arena = arena, .parents = parents_of(w, arena), .entity = entity};
	bool good = f.parents != NULL;
	for (uint32_t node = 0; node < w->node_count && good; node++)
		good = add_forms_of(&f, node);
	*ret = f.items;
	*count = f.count;
	return arena_check(arena, err);
}

/* ---- stems ---- */

/* In the letters of the name, or else in those that the language is written in: there the name is found by its sounds. */
static const char *
endings_of(enum text_script script, struct str lang, enum text_class class)
{
	const char *endings = text_inflect_endings(script, lang, class);
	for (int s = 0; endings == NULL && s < TEXT_SCRIPT_COUNT; s++)
		endings = text_inflect_endings((enum text_script)s, lang, class);
	return endings;
}

static bool
known(const struct watch_stem *stems, size_t count, const struct watch_stem *s)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(stems[i].word, s->word) && str_eq(stems[i].sounds, s->sounds) &&
		    stems[i].declension == s->declension)
			return true;
	}
	return false;
}

static bool
add_stems(const struct watchlist *w, uint32_t word, struct str lang, struct arena *arena, struct watch_stem **stems,
    size_t *count, size_t *cap)
{
	const struct list_word *lw = &w->words[word];
	struct shape shapes[SHAPES_MAX];
	size_t n = lw->flags & LIST_WORD_LOOSE
	               ? shapes_of(list_word_sounds(w, lw), (enum text_script)lw->script, lw->flags, shapes)
	               : 0;
	for (size_t i = 0; i < n; i++) {
		struct watch_stem *grown = arena_grow(arena, *stems, cap, *count, sizeof **stems);
		if (grown == NULL)
			return false;
		*stems = grown;
		struct watch_stem s = {.word = list_word_fold(w, lw),
		    .script = scripts[lw->script],
		    .sounds = arena_str(arena, (struct str){shapes[i].s, shapes[i].len}),
		    .declension = declensions[shapes[i].class],
		    .endings = endings_of((enum text_script)lw->script, lang, shapes[i].class)};
		if (!known(grown, *count, &s))
			grown[(*count)++] = s;
	}
	return true;
}

int
watch_stems(const struct watchlist *w, size_t entity, struct str lang, struct arena *arena, struct watch_stem **ret,
    size_t *count, struct err *err)
{
	size_t cap = 0;
	*ret = NULL;
	*count = 0;
	for (size_t i = 0; i < w->name_count; i++) {
		const struct list_name *name = &w->names[i];
		struct text_words words;
		if (name->entity != entity || name->role != WATCH_ROLE_NAME || name->source != i)
			continue;
		if (text_words(arena, name->text, &words, err) < 0)
			return -1;
		for (size_t k = 0; k < words.count; k++) {
			struct str fold = text_word_fold(&words, &words.items[k]);
			uint32_t word = list_find_word(w, fold, words.items[k].hash);
			if (word != LIST_NONE && !add_stems(w, word, lang, arena, ret, count, &cap))
				return arena_check(arena, err);
		}
	}
	return arena_check(arena, err);
}

/* ---- the entity ---- */

enum watch_family
watchlist_family(const struct watchlist *w, size_t entity)
{
	return (enum watch_family)w->families[entity];
}

const uint32_t *
watchlist_name_counts(const struct watchlist *w, struct arena *arena)
{
	uint32_t *counts = arena_zalloc(arena, w->entity_count + 1, sizeof *counts);
	for (size_t i = 0; i < w->name_count && counts != NULL; i++)
		counts[w->names[i].entity] += w->names[i].role == WATCH_ROLE_NAME && w->names[i].source == i;
	return counts;
}
