#include "watch/kin.h"

#include "base/buf.h"
#include "base/vec.h"
#include "text/fold.h"

#include <stdlib.h>

static const char *const rows[] = {
#define KIN(names) names,
#include "watch/kin.def"
#undef KIN
};

/* A name of a row. Names that sound alike are one. */
struct form {
	struct str fold;
	struct text_sounds sounds;
	uint32_t row;
};

struct forms {
	struct arena arena;
	struct form *items; /* row by row */
	const struct form **by_sound;
	size_t count, cap;
	struct buf folded;
};

static struct str
sounds_of(const struct form *f)
{
	return (struct str){f->sounds.s, f->sounds.len};
}

static int
by_sounds(const void *a, const void *b)
{
	const struct form *const *x = a, *const *y = b;
	int order = str_cmp(sounds_of(*x), sounds_of(*y));
	return order != 0 ? order : (int)(*x)->row - (int)(*y)->row;
}

static enum text_script
script_of(struct str fold)
{
	return (unsigned char)fold.s[0] < 0x80 ? TEXT_LATIN : TEXT_CYRILLIC;
}

static bool
add_form(struct forms *forms, struct str name, uint32_t row)
{
	struct form *grown = arena_grow(&forms->arena, forms->items, &forms->cap, forms->count, sizeof *grown);
	if (grown == NULL || !text_fold_str(&forms->folded, name))
		return false;
	forms->items = grown;
	struct form *f = &grown[forms->count++];
	f->row = row;
	f->fold = arena_str(&forms->arena, buf_view(&forms->folded));
	buf_reset(&forms->folded);
	if (f->fold.s == NULL)
		return false;
	if (!text_sounds(f->fold, script_of(f->fold), &f->sounds))
		forms->count--;
	return true;
}

static bool
read_rows(struct forms *forms)
{
	for (uint32_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str rest = str_from(rows[i]), name;
		while (str_split(&rest, ' ', &name)) {
			if (!add_form(forms, name, i))
				return false;
		}
	}
	forms->by_sound = arena_alloc(&forms->arena, forms->count * sizeof(const struct form *));
	if (forms->by_sound == NULL)
		return false;
	for (size_t i = 0; i < forms->count; i++)
		forms->by_sound[i] = &forms->items[i];
	qsort(forms->by_sound, forms->count, sizeof *forms->by_sound, by_sounds);
	return true;
}

static int
add_pair(struct watchlist *w, uint32_t form, uint32_t given)
{
	if (form == given)
		return 0;
	if (vec_reserve((void **)&w->kin, &w->kin_cap, w->kin_count + 1, sizeof *w->kin) < 0)
		return -1;
	w->words[form].kin = true;
	w->kin[w->kin_count++] = (struct list_kin){.form = form, .given = given};
	return 0;
}

/* The other names of the row are forms of this given name. */
static int
add_row(struct watchlist *w, const struct forms *forms, const struct form *own, uint32_t given)
{
	const struct form *first = own, *end = forms->items + forms->count;
	while (first > forms->items && first[-1].row == own->row)
		first--;
	for (const struct form *f = first; f < end && f->row == own->row; f++) {
		uint32_t word;
		if (str_eq(sounds_of(f), sounds_of(own)))
			continue;
		if (list_intern_word(w, f->fold, script_of(f->fold), &word) < 0)
			return -1;
		w->words[word].flags |= LIST_WORD_LOOSE | LIST_WORD_CAPITAL;
		if (add_pair(w, word, given) < 0)
			return -1;
	}
	return 0;
}

static int
add_given(struct watchlist *w, const struct forms *forms, uint32_t given)
{
	struct form key = {.row = 0};
	struct str sounds = list_word_sounds(w, &w->words[given]);
	size_t at = 0, end = forms->count;
	if (sounds.len == 0 || sounds.len > sizeof key.sounds.s)
		return 0;
	memcpy(key.sounds.s, sounds.s, sounds.len); /* the words move when there is one more */
	key.sounds.len = sounds.len;
	while (at < end) {
		size_t mid = (at + end) / 2;
		if (str_cmp(sounds_of(forms->by_sound[mid]), sounds_of(&key)) < 0)
			at = mid + 1;
		else
			end = mid;
	}
	for (; at < forms->count && str_eq(sounds_of(forms->by_sound[at]), sounds_of(&key)); at++) {
		if (add_row(w, forms, forms->by_sound[at], given) < 0)
			return -1;
	}
	return 0;
}

static int
by_form(const void *a, const void *b)
{
	const struct list_kin *x = a, *y = b;
	if (x->form != y->form)
		return x->form < y->form ? -1 : 1;
	return x->given < y->given ? -1 : x->given > y->given;
}

int
kin_add(struct watchlist *w)
{
	struct forms forms = {.count = 0};
	size_t count = w->word_count;
	int r = 0;

	arena_init(&forms.arena, 0);
	buf_init(&forms.folded, 0);
	if (!read_rows(&forms))
		r = -1;
	for (uint32_t i = 0; i < count && r == 0; i++) {
		const struct list_word *lw = &w->words[i];
		bool given = (lw->flags & LIST_WORD_GIVEN) && (lw->script == TEXT_LATIN || lw->script == TEXT_CYRILLIC);
		r = given ? add_given(w, &forms, i) : 0;
	}
	if (r == 0 && w->kin_count > 0)
		qsort(w->kin, w->kin_count, sizeof *w->kin, by_form);
	buf_done(&forms.folded);
	arena_done(&forms.arena);
	return r;
}

const struct list_kin *
kin_find(const struct watchlist *w, uint32_t form)
{
	size_t at = 0, end = w->kin_count;
	while (at < end) {
		size_t mid = (at + end) / 2;
		if (w->kin[mid].form < form)
			at = mid + 1;
		else
			end = mid;
	}
	return &w->kin[at];
}
