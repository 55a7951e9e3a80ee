#pragma once
/*
 * The names of what can wake queries, while their index is made: every word, beginning, stem and phrase of every term becomes an
 * atom. Private to query_index.c.
 */
#include "watch/query_index.h"

#define QUERY_ATOMS_MAX (1u << 29) /* as struct query_kin has room for */

/* A ~word, of which each language has a stem or two. */
struct query_stemmed {
	struct str written, fold;
	uint32_t atom, plain; /* plain: of the word as it is, which counts in languages without stems */
};

struct query_atoms {
	struct query_index *x;
	uint32_t *uses; /* by atom: how many terms name it; what many ask for, many items hold */
	size_t uses_cap;
	struct map words, prefixes, phrases; /* → atom + 1 */
	struct map stemmed;                  /* word as written → its number among `stems` + 1 */
	struct query_stemmed *stems;
	size_t stem_count, stem_cap;
	bool failed; /* memory ran out */
};

void query_atoms_init(struct query_atoms *a, struct query_index *x);
void query_atoms_done(struct query_atoms *a);
/* ATOM_NONE when memory ran out. */
uint32_t query_atoms_new(struct query_atoms *a);
/* Of a term. */
void query_atoms_term(struct query_atoms *a, const struct query_node *leaf, struct query_leaf_atoms *to);
/* What stands before the first wildcard. */
struct str query_atoms_prefix(const struct query_token *t);
/* When all terms are named: from the stems of each language to the ~words that have them. */
void query_atoms_kin(struct query_atoms *a);
