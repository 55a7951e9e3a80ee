#pragma once
/*
 * What a compiled watchlist looks for: the forms that were generated for one entity, and the stems and endings of their words.
 * For people; matching does not use it. Cost grows with the list, not with the entity.
 */
#include "text/fold.h"
#include "watch/watch.h"

struct watch_form {
	const char *rule;   /* as in tidings-names(7), "fold" for the name as it is; or "excluded", "not", "context" */
	const char *script; /* "latin", "cyrillic" … */
	struct str text;    /* folded words */
	struct str name;    /* from which it was made, as the user wrote it */
};

/* In the order of the names; the array lives in the arena. -1: memory ran out. */
int watch_forms(const struct watchlist *w, size_t entity, struct arena *arena, struct watch_form **ret, size_t *count,
    struct err *err);

struct watch_stem {
	struct str word; /* folded */
	const char *script;
	struct str sounds;      /* of the stem, by which it is found in any script (text/translit.h) */
	const char *declension; /* "consonant", "-a", "adjective" … : which endings it takes */
	const char *endings; /* in the language that was asked for and its letters, parted by spaces; NULL = it has none */
};

/* The stems of the words of the entity's names. lang: BCP 47, or STR_NONE for no endings. Arrays live in the arena. */
int watch_stems(const struct watchlist *w, size_t entity, struct str lang, struct arena *arena, struct watch_stem **ret,
    size_t *count, struct err *err);

enum watch_family watchlist_family(const struct watchlist *w, size_t entity);
/* How many names the user gave each entity; in the arena, NULL when memory ran out. */
const uint32_t *watchlist_name_counts(const struct watchlist *w, struct arena *arena);
