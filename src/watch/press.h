#pragma once
/*
 * Private to watch: the family names of East Slavs alone, as the newspapers of other languages spell them (text/slavic.h). They are forms
 * of a name of their own, made from the actor's, whose text is the family name as the list has it.
 */
#include "watch/list.h"

/* In a list of more such people their spellings take no endings: each would need room of its own. */
#define PRESS_INFLECTED_MAX 4096u

/* Is it a person whose names are East Slavic ones, given name first? */
bool press_is_east_slavic(const struct watchlist *w, uint32_t name);
/* Adds the spellings of a person's name when it is such, which take endings or not. -1 when memory ran out. */
int press_add(struct watchlist *w, uint32_t name, bool inflected);
/* Is the path one of them? */
static inline bool
press_is(const struct watchlist *w, const struct list_output *o)
{
	const struct list_name *name = &w->names[o->name];
	return o->form == LIST_FORM_BARE && name->kind == WATCH_PERSON && name->source != o->name;
}
/* Is the word how this language spells the family name of such a name? When the language is not known, how one of them does. */
bool press_fits(const struct watchlist *w, const struct list_name *name, uint32_t word, struct str lang);
