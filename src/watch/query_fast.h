#pragma once
/*
 * The indexed evaluator of one item: query_run.c goes through the codes of those queries that may apply, query_fast.c answers for
 * the parts that are asked as trees. Private to these two.
 */
#include "watch/query_code.h"
#include "watch/query_gather.h"
#include "watch/query_item.h"

struct query_fast {
	struct query_evaluator ev;
	struct query_item item;
	struct query_candidates candidates;
	struct query_gathered gathered;
	uint32_t *answer_of; /* by place in `candidates`: answer + 1, or 0 */
	struct query_answers *answers;
	uint32_t entry; /* that is asked */
	uint32_t looks; /* 1 << field for those in which a word counts when no field is named */
	bool failed;
};

bool query_fast_truth(struct query_fast *f, const struct query_node *node);
/* Adds where a part stands, settled; `out` is empty. */
bool query_fast_spans(struct query_fast *f, const struct query_node *node, struct query_spans *out);
/* Adds the pairs of two parts, settled. */
bool query_fast_pairs(struct query_doc *d, enum query_op op, uint32_t n, const struct query_spans *left,
    const struct query_spans *right, struct query_spans *out);
