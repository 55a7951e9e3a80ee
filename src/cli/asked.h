#pragma once
/*
 * A query (tidings-query(7)) asked of stored items, in the way in which the daemon asks it of new ones: the same matcher, with the
 * actors and topics of the configuration where the query names some. The full-text index only narrows what is looked at.
 */
#include "cli/home.h"
#include "store/store.h"
#include "watch/query.h"

/* The query as an entity: no key of a configuration is like that. */
#define CLI_ASKED_ID "watch:"

/* Regular expressions that met their limit as items were asked. */
#define CLI_GIVEN_UP_MAX 16u
struct cli_given_up {
	struct watch_given_up items[CLI_GIVEN_UP_MAX];
	size_t times[CLI_GIVEN_UP_MAX];
	size_t count;
};
void cli_given_up_note(struct cli_given_up *g, const struct watch_given_up *what);
/* Says each of them once, on standard error, with the number of items. */
void cli_given_up_tell(const struct cli_given_up *g, const struct watchlist *w);

struct cli_asked {
	struct arena arena;
	struct query query;
	const struct conf *conf; /* NULL without a configuration: then feeds have no tags */
	struct watchlist *list;
	size_t entity; /* of the query in the list */
	struct query_need *needs;
	size_t need_count;
	struct cli_given_up given_up; /* told when the walk is over */
};

/* 0; CLI_USAGE after the mistake was told with a caret; CLI_CONFIG when the query names actors or topics and there is no
 * configuration, or a wrong one. The home must be found before, and stay. */
int cli_asked_open(struct cli_asked *a, const struct cli_home *home, struct str query);
void cli_asked_done(struct cli_asked *a);

/* The item as the matcher sees it. Strings stay the record's; conf may be NULL. */
struct watch_input cli_asked_input(const struct conf *conf, const struct record *r, struct arena *arena);
/*
 * Calls `each` for the items that the query applies to, among those that q asks for besides (q->text, needs and limit are taken
 * over); each record has one match more, of the query, with its places. At most `limit` items, until it returns false. Looks at
 * all items of q when the query has no word that the index knows.
 */
int cli_asked_walk(struct cli_asked *a, struct store *s, const struct store_query *q,
    bool (*each)(void *ctx, const struct record *r), void *ctx, struct err *err);
