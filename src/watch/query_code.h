#pragma once
/*
 * What a query asks, as a row of numbers: whether it applies is mostly decided by which words the item has, and a row is read at
 * once where a tree is fetched from all over the memory. Within the room.
 *
 * A part begins with its operation and a count (query_code_op), then its length in numbers; what follows depends:
 *   TERMS   atoms (count) of which one must stand in a field that the query looks at; then, where each stands in the query's text
 *           (CODE_TEXT), which is wanted only when it does
 *   ACTOR   where it stands, the atom of the actor, and its entity
 *   NODE    atoms (count) that must all be there, and the number of a node that is asked as a tree
 *   ALL ANY parts (count)
 *   NOT     a part
 *   BOTH    how far from each other (CODE_PAIR), and two parts
 */
#include "watch/query_index.h"

enum query_code_op { CODE_TERMS, CODE_ACTOR, CODE_NODE, CODE_ALL, CODE_ANY, CODE_NOT, CODE_BOTH };

#define CODE_HEAD(op, count) ((uint32_t)(count) << 4 | (uint32_t)(op))
#define CODE_OP(head) ((enum query_code_op)((head)&15))
#define CODE_COUNT(head) ((head) >> 4)
#define CODE_TEXT_MAX 0xFFFFu
#define CODE_TEXT(start, len) ((uint32_t)(start) << 16 | (uint32_t)(len))
#define CODE_PAIR(op, n) ((uint32_t)(op) << 16 | (uint32_t)(n))

/* The first of the parts of a part that has some. */
static inline const uint32_t *
code_parts(const uint32_t *code)
{
	return code + (CODE_OP(code[0]) == CODE_BOTH ? 3 : 2);
}

static inline const uint32_t *
code_next(const uint32_t *part)
{
	return part + part[1];
}

/* Whether no part of a tree is a NODE. */
bool query_code_knows_all(const struct query_leaf_atoms *leaves, const struct query_node *root);
/* Appends the code of a tree. False when memory ran out. */
bool query_code_add(struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *root);
