#pragma once
/*
 * From "it applies" to the places that made it apply; for both evaluators. Private to watch.
 */
#include "watch/query_set.h"
#include "watch/rule.h"

/* An evaluator of one item: whether a part of a query holds, and where. `spans` is asked of parts that have places only, and
 * gives them settled. False when memory ran out. */
struct query_evaluator {
	struct query_doc *doc;
	const struct query_set *set;
	bool stems; /* ~terms are compared by stems: the language of the item has some */
	bool (*truth)(struct query_evaluator *ev, const struct query_node *node);
	bool (*spans)(struct query_evaluator *ev, const struct query_node *node, struct query_spans *out);
};

/* The places of one query as they are collected; the same memory may serve one query after the other. */
struct query_gathered {
	struct query_evaluator *ev;
	struct str text; /* of the query */
	struct query_place *places;
	size_t count, cap;
};

bool query_gather(struct query_evaluator *ev, const struct query_entry *entry, struct query_answer *out);
/* Adds the places of a part that holds, as far as they lie inside `within` (NULL: anywhere). */
bool query_gather_node(struct query_gathered *g, const struct query_node *node, const struct query_spans *within);
/* Adds one place of the leaf that stands at start..start + len of the query's text. */
bool query_gather_place(struct query_gathered *g, const struct query_span *span, uint32_t start, uint32_t len,
    enum watch_rule rule, struct str form);
/* Sorts what was collected, takes the same name at the same place once, and copies it. False when memory ran out. */
bool query_gather_end(struct query_gathered *g, struct query_answer *out);
/* The words of a place as they were compared: folded, or their stems; STR_NONE when memory ran out (the arena remembers). */
struct str query_gather_form(struct query_doc *d, const struct query_span *span, bool stems);
/* The places of an entity as its leaf sees them: those of its names, and `answer`'s (or NULL). */
bool query_entity_spans(
    struct query_doc *d, const struct query_node *leaf, const struct query_answer *answer, struct query_spans *out);
/* Does the pair stand as the operator says? Both orders are tried where order does not matter. */
bool query_pair_fits(const struct query_doc *d, enum query_op op, uint32_t n, const struct query_span *left,
    const struct query_span *right, struct query_span *both);
