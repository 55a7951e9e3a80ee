#pragma once
/* From a builder's queries to the set of a watchlist, and from what the set answers to hits. Private to watch. */
#include "watch/builder.h"
#include "watch/query_set.h"

/* *ret: the set, NULL when the builder has no queries; ret NULL: they are only looked at. -1: each mistake was told to `complain` (may be NULL), one is in err. */
int
query_set_of(const struct watch_builder *b, void (*complain)(void *ctx, struct watch_origin at, const struct err *err),
    void *ctx, struct query_set **ret, struct err *err);

/* The hits of the names, but for those in the link: a name there says no more than the title it was made from; only queries look
 * there, when told to. */
int tokens_names(const struct watchlist *w, const struct watch_tokens *tokens, struct arena *arena,
    struct watch_result *out, struct err *err);
/* Adds to the hits of the names, which are by entity, those of the queries that apply. */
int query_set_hits(const struct query_set *s, const struct watch_input *in, const struct watch_tokens *tokens,
    struct arena *arena, struct watch_result *result, struct err *err);
