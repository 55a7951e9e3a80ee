#include "watch/press.h"

#include "base/vec.h"
#include "text/slavic.h"
#include "watch/given.h"

#define LETTERS_MIN 5u         /* a shorter spelling is like too many words */
#define LETTERS_UNKNOWN_MIN 6u /* … and in a text of which nobody says the language */

/* The family name as it stands in the text of the name: its last word. */
static struct str
family_text(struct str text)
{
	size_t at = text.len;
	while (at > 0 && text.s[at - 1] != ' ')
		at--;
	return (struct str){text.s + at, text.len - at};
}

bool
press_is_east_slavic(const struct watchlist *w, uint32_t index)
{
	const struct list_name *name = &w->names[index];
	if (name->kind != WATCH_PERSON || name->role != WATCH_ROLE_NAME || name->source != index ||
	    name->given == LIST_NONE || name->family == LIST_NONE || name->family_first ||
	    str_find(name->text, STR_LIT(","), 0) >= 0)
		return false;
	enum slavic_given given = slavic_given(list_word_fold(w, &w->words[name->given]));
	return given == SLAVIC_SURE ||
	       (given == SLAVIC_PERHAPS && slavic_ends(list_word_fold(w, &w->words[name->family])));
}

/* Spellings that are given names, too short, or the name itself, say nothing of it. */
static bool
is_of_use(struct str spelt, struct str own)
{
	return spelt.len >= LETTERS_MIN && !str_eq(spelt, own) && !given_is_frequent(spelt);
}

/* A name without forms of its own, for those that are made; its number in *ret. */
static int
add_made(struct watchlist *w, uint32_t source, struct str family, uint32_t *ret)
{
	if (vec_reserve((void **)&w->names, &w->name_cap, w->name_count + 1, sizeof *w->names) < 0)
		return -1;
	*ret = (uint32_t)w->name_count++;
	w->names[*ret] = w->names[source];
	w->names[*ret].text = family;
	w->names[*ret].middle = false;
	return 0;
}

static int
add_spelling(struct watchlist *w, uint32_t made, struct str spelt, bool inflected)
{
	uint32_t word;
	uint16_t gap = 0;
	if (list_intern_word(w, spelt, TEXT_LATIN, &word) < 0)
		return -1;
	w->words[word].flags |= LIST_WORD_CAPITAL | (inflected ? LIST_WORD_LOOSE : 0);
	return list_add_path(w, &word, &gap, 1, made, LIST_FORM_BARE);
}

int
press_add(struct watchlist *w, uint32_t name, bool inflected)
{
	struct slavic_name read;
	char out[SLAVIC_SPELT_MAX];
	uint32_t made = LIST_NONE;
	if (!press_is_east_slavic(w, name))
		return 0;
	struct str family = family_text(w->names[name].text);
	if (!slavic_read(family, &read))
		return 0;
	for (size_t i = 0; i < slavic_spellings(); i++) {
		struct str spelt = slavic_spell(&read, i, out);
		if (!is_of_use(spelt, list_word_fold(w, &w->words[w->names[name].family])))
			continue;
		if (made == LIST_NONE && add_made(w, name, family, &made) < 0)
			return -1;
		if (add_spelling(w, made, spelt, inflected && slavic_is_inflected(i)) < 0)
			return -1;
	}
	return 0;
}

bool
press_fits(const struct watchlist *w, const struct list_name *name, uint32_t word, struct str lang)
{
	struct slavic_name read;
	char out[SLAVIC_SPELT_MAX];
	struct str fold = list_word_fold(w, &w->words[word]);
	bool known = !str_empty(lang) && !str_is(lang, "und");
	if (!slavic_read(name->text, &read) || (!known && fold.len < LETTERS_UNKNOWN_MIN))
		return false;
	for (size_t i = 0; i < slavic_spellings(); i++) {
		if ((!known || slavic_is_of(i, lang)) && str_eq(slavic_spell(&read, i, out), fold))
			return true;
	}
	return false;
}
