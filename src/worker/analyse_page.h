#pragma once
/*
 * The pure step from the bytes of a web page to what its item mentions: read the main text, match it together with the
 * item's own fields. A function over values like analyse(), for the same reasons.
 */
#include "feed/article.h"
#include "story/record.h"
#include "watch/watch.h"

struct page_job {
	struct str body, url, content_type; /* as HTTP gave them */
	const struct record *item;          /* as it is stored: its fields are matched again */
	struct str language; /* the configured language of the feed, used where neither item nor page says; or STR_NONE */
};

struct page_analysis {
	struct article article;
	struct watch_result matches; /* of the item with its page; offsets into article.text */
};

/* Everything lives in the arena (and, for rule words and names, in the watchlist). -1: ERR_NOT_A_PAGE (no HTML), ERR_EMPTY (no
 * article on it), ERR_NO_MEMORY, ERR_LIMIT. */
int analyse_page(const struct page_job *job, const struct watchlist *watchlist, struct arena *arena,
    struct page_analysis *out, struct err *err);
