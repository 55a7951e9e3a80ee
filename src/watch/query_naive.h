#pragma once
/* The plain evaluator for who wants to ask it about parts of a query. Private to watch. */
#include "watch/query_gather.h"

struct naive {
	struct query_evaluator ev;
	struct text_stemmer *stemmer;        /* the document's; NULL where there are no stems */
	const struct query_answer **answers; /* by entry; NULL = does not apply */
	struct query_answers all;
};

/* Asks every query. 0, or -1; to be given back in any case. */
int query_naive_init(struct naive *n, const struct query_set *s, struct query_doc *d, struct err *err);
void query_naive_done(struct naive *n);
