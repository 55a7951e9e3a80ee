#include "watch/list.h"
#include "watch/mention.h"

/* What may stand between the words of a name whatever the name itself has there. */
#define GAPS_ALWAYS (TEXT_GAP_SPACE | TEXT_GAP_LINE | TEXT_GAP_HYPHEN | TEXT_GAP_APOS | TEXT_GAP_MIDDOT)
#define ABBREVIATION_MAX 3u /* folded bytes of a word that a full stop may follow inside a name */

struct field_match {
	const struct watchlist *list;
	struct text_words words;
	uint32_t *ids; /* number of each word in the list, or LIST_NONE */
	struct str text;
	enum watch_field field;
	struct mentions *found;
};

static bool
gap_allowed(const struct field_match *f, size_t at, uint16_t extra)
{
	uint16_t allowed = GAPS_ALWAYS | extra;
	if (f->words.items[at - 1].fold_len <= ABBREVIATION_MAX)
		allowed |= TEXT_GAP_DOT;
	return (f->words.items[at].gap & ~allowed) == 0;
}

/* Offsets end before trailing bytes that belong to no word; they cut no character because words do not. */
static bool
report(struct field_match *f, uint32_t node, size_t first, size_t last)
{
	uint32_t start = f->words.items[first].start, end = f->words.items[last].end;
	for (uint32_t o = f->list->node_outputs[node]; o != LIST_NONE; o = f->list->outputs[o].next) {
		uint32_t name = f->list->outputs[o].name;
		struct str written = {f->text.s + start, end - start};
		struct mention m = {.entity = f->list->names[name].entity, .name = name, .start = start, .end = end,
		    .field = f->field, .rule = str_eq(written, f->list->names[name].text) ? "exact" : "fold"};
		if (!mentions_add(f->found, &m))
			return false;
	}
	return true;
}

static bool
walk_from(struct field_match *f, size_t first)
{
	uint32_t node = 0;
	for (size_t i = first; i < f->words.count && f->ids[i] != LIST_NONE; i++) {
		const struct list_edge *e = list_find_edge(f->list, node, f->ids[i]);
		if (e == NULL || (i > first && !gap_allowed(f, i, e->gaps)))
			return true;
		node = e->child;
		if (!report(f, node, first, i))
			return false;
	}
	return true;
}

static int
match_field(struct field_match *f, struct arena *arena, struct err *err)
{
	if (text_words(arena, f->text, &f->words, err) < 0)
		return -1;
	f->ids = arena_alloc(arena, f->words.count * sizeof *f->ids);
	if (f->ids == NULL)
		return arena_check(arena, err);
	for (size_t i = 0; i < f->words.count; i++) {
		struct str fold = text_word_fold(&f->words, &f->words.items[i]);
		f->ids[i] = list_find_word(f->list, fold, list_hash_word(fold));
	}
	for (size_t i = 0; i < f->words.count; i++) {
		if (!walk_from(f, i))
			break;
	}
	return arena_check(arena, err);
}

int
watch_match(const struct watchlist *w, const struct watch_input *in, struct arena *arena, struct watch_result *out, struct err *err)
{
	struct mentions found = {.arena = arena};

	*out = (struct watch_result){0};
	for (int i = 0; i < WATCH_FIELD_COUNT; i++) {
		struct field_match f = {.list = w, .text = in->fields[i], .field = (enum watch_field)i, .found = &found};
		if (!str_empty(f.text) && match_field(&f, arena, err) < 0)
			return -1;
	}
	return mentions_resolve(&found, w, out, err);
}
