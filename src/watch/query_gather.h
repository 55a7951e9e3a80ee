#pragma once
/*
 * From "it applies" to the places that made it apply; for both evaluators. Private to watch.
 */
#include "watch/query_set.h"

/* An evaluator of one item: whether a part of a query holds, and where. `spans` is asked of parts that have places only, and
 * gives them settled. False when memory ran out. */
struct query_evaluator {
	struct query_doc *doc;
	const struct query_set *set;
	bool stems; /* ~terms are compared by stems: the language of the item has some */
	bool (*truth)(struct query_evaluator *ev, const struct query_node *node);
	bool (*spans)(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out);
	/* Of the indexed one: the code of the query that is asked (query_code.h), by which parts that do not hold are passed over
	 * without a look at their nodes. */
	const uint32_t *code;
	bool (*holds)(struct query_evaluator *ev, const uint32_t *part);
};

bool query_gather(struct query_evaluator *ev, const struct query_entry *entry, struct query_answer *out);
/* The places of an entity as its leaf sees them: those of its names, and `answer`'s (or NULL). */
bool query_entity_spans(
    struct query_doc *d, const struct query_node *leaf, const struct query_answer *answer, struct query_spans *out);
/* Does the pair stand as the operator says? Both orders are tried where order does not matter. */
bool query_pair_fits(const struct query_doc *d, const struct query_node *node, const struct query_span *left,
    const struct query_span *right, struct query_span *both);
