#pragma once
/*
 * Private to watch: forms of one given name (kin.def). Who is listed as William is found as Bill, with the family name beside it.
 */
#include "watch/list.h"

/*
 * Enters the other forms of the list's given names as words, and whose they are: watchlist.kin, by the form. Call once after all names,
 * before the words are indexed. -1 when memory ran out.
 */
int kin_add(struct watchlist *w);

/* Where those of a form begin in watchlist.kin; they go on as long as their form is the same. */
const struct list_kin *kin_find(const struct watchlist *w, uint32_t form);
