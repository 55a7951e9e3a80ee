#pragma once
/*
 * The pure step from the bytes of a web page to what its item mentions: read the main text, match it together with the
 * item's own fields. A function over values like analyse(), which calls it, for the same reasons.
 */
#include "worker/analyse.h"

/* The texts in which mentions are looked for; the job's are those of the item. */
void page_input(const struct analysis_job *job, const struct article *article, struct watch_input *ret);

/* Fills out->page. Everything lives in the arena (and, for rule words and names, in the watchlist). -1: ERR_NOT_A_PAGE (no HTML),
 * ERR_EMPTY (no article on it), ERR_NO_MEMORY, ERR_LIMIT. */
int analyse_page(const struct analysis_job *job, const struct watchlist *watchlist, struct arena *arena,
    struct analysis *out, struct err *err);
