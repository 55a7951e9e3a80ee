#pragma once
/*
 * What a query asks, as a row of numbers: whether it applies is mostly decided by which words the item has, and a row is read at
 * once where a tree is fetched from all over the memory. Within the room.
 *
 * A part begins with its operation and a count (query_code_op), then its length in numbers; what follows depends:
 *   WORD    an atom: holds where a word of the item that the query looks at is that
 *   PHRASE  atoms (count) that hold where the words in a row are these, in one sentence
 *   STEM    the atom of a word, which counts in languages without stems; its number among the words that are stemmed, whose
 *           atoms by language stand in the index; and the number of its node
 *   NODE    atoms (count) that must all be there, and the number of a node that is asked as a tree
 *   ALL ANY parts (count)
 *   NOT     a part
 *   BOTH    two parts that must hold, then a NODE
 */
#include "watch/query_index.h"

enum query_code_op { CODE_WORD, CODE_PHRASE, CODE_STEM, CODE_NODE, CODE_ALL, CODE_ANY, CODE_NOT, CODE_BOTH };

#define CODE_OP(head) ((enum query_code_op)((head)&7))
#define CODE_COUNT(head) ((head) >> 3)

/* The first of the parts of a code, which are those of its node's kids, or NULL when it has none. */
static inline const uint32_t *
code_parts(const uint32_t *code)
{
	return code != NULL && CODE_OP(code[0]) >= CODE_ALL ? code + 2 : NULL;
}

/* The part behind one, or NULL where there is no code. */
static inline const uint32_t *
code_next(const uint32_t *part)
{
	return part != NULL ? part + part[1] : NULL;
}

/* Appends the code of a tree. False when memory ran out. */
bool query_code_add(struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *root);
