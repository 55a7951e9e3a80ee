#pragma once
/*
 * The standing queries of a watchlist: actors and topics in them resolved to entities, in an order in which every topic comes
 * before the queries that use it, and (query_index.h) indexed by what they cannot do without. Immutable once made. Private to
 * watch, and for tests.
 */
#include "watch/query_doc.h"

#define QUERY_NESTED_MAX 32u /* topics that use topics that use topics … */

struct query_entry {
	struct query query;
	uint32_t entity; /* what applies when the query does */
	struct watch_origin origin;
	uint32_t nested; /* topics below it */
};

struct query_set {
	struct arena arena;
	struct query_entry *entries; /* every topic before those that use it */
	size_t count, cap;
	uint32_t *entry_of; /* by entity: its entry + 1, or 0 */
	size_t entity_count;
	struct query_index *index;
	bool stems;       /* some query has a ~word */
	uint64_t version; /* of the queries: once finished */
};

#define QUERY_PLACES_MAX 1000u                    /* told of one query in one item, … */
#define QUERY_GATHERED_MAX (QUERY_PLACES_MAX * 4) /* … of so many that are looked at */

struct query_answer {
	uint32_t entry;
	struct query_place *places; /* by field, then start; may be none: lang:uk has no place */
	size_t place_count;
};

struct query_answers {
	struct query_answer *items; /* by entry */
	size_t count, cap;
};

/* Empty. NULL: memory ran out. */
struct query_set *query_set_new(void);
void query_set_free(struct query_set *s);
/* Parses and adds. -1: ERR_CONFIG with the mistake and a caret under it, or ERR_NO_MEMORY. */
int query_set_add(struct query_set *s, struct str text, uint32_t entity, struct watch_origin origin, struct err *err);
/*
 * Resolves references by `find` (entity of a key, or -1; *is_topic), refuses circles, sorts, and builds the index. Each mistake
 * is told to `complain`; -1 when there were some, or memory ran out (*err).
 */
struct query_names {
	ptrdiff_t (*find)(void *ctx, struct str key, bool *is_topic);
	void (*complain)(void *ctx, const struct query_entry *entry, const struct err *err);
	void *ctx;
	size_t entity_count;
	bool check_only; /* no index is built: the set cannot be asked */
};
int query_set_finish(struct query_set *s, const struct query_names *names, struct err *err);

/* One query's mistake as a message: "file:line: query: …" with the caret below. */
int query_mistake_err(const struct query_mistake *m, struct str text, struct watch_origin origin, struct err *err);

/*
 * Which queries apply to an item, and where. The plain one asks every query, word by word: it is what the language means.
 * The indexed one only asks those that may apply, and gives the same. Arrays live in the item's arena.
 */
int query_set_naive(const struct query_set *s, struct query_doc *d, struct query_answers *out, struct err *err);
int query_set_match(const struct query_set *s, struct query_doc *d, struct query_answers *out, struct err *err);
