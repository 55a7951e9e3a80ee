#include "watch/query_code.h"

#include "base/vec.h"
#include "watch/query_atoms.h"
#include "watch/query_signs.h"

static bool
put(struct query_index *x, uint32_t value)
{
	if (vec_reserve((void **)&x->code, &x->code_cap, x->code_count + 1, sizeof *x->code) < 0)
		return false;
	x->code[x->code_count++] = value;
	return true;
}

/* The head of a part; its length is set by end_part(). */
static bool
begin_part(struct query_index *x, enum query_code_op op, size_t count, size_t *at)
{
	*at = x->code_count;
	return put(x, CODE_HEAD(op, count)) && put(x, 0);
}

static bool
end_part(struct query_index *x, size_t at)
{
	x->code[at + 1] = (uint32_t)(x->code_count - at);
	return true;
}

static bool
begin_leaf(struct query_index *x, enum query_code_op op, size_t count, const struct query_node *leaf, size_t *at)
{
	return begin_part(x, op, count, at) && put(x, CODE_TEXT(leaf->start, leaf->end - leaf->start));
}

/* In the fields that are looked at when none is named. */
static bool
is_anywhere(const struct query_node *leaf)
{
	return leaf->fields == 0 && leaf->first == 0 && leaf->start <= CODE_TEXT_MAX &&
	       leaf->end - leaf->start <= CODE_TEXT_MAX;
}

/* A word* whose only wildcard is its end stands where a word begins with it. */
static bool
is_beginning(const struct query_token *t)
{
	return query_atoms_prefix(t).len + 1 == t->fold.len && t->fold.s[t->fold.len - 1] == '*';
}

/* What its postings say all of: words in any way of writing, a ~word, or one beginning. */
static bool
is_plain(const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	return node->op == QUERY_TERM && node->form <= QUERY_STEM && is_anywhere(node) &&
	       leaves[node->number].whole != ATOM_NONE && (!node->tokens[0].wild || is_beginning(node->tokens)) &&
	       !query_has_signs(node);
}

/* How many of the kids from this one on are plain. */
static size_t
plain_kids(const struct query_leaf_atoms *leaves, const struct query_node *node, size_t from)
{
	size_t n = 0;
	while (from + n < node->kid_count && is_plain(leaves, node->kids[from + n]))
		n++;
	return n;
}

static bool
put_terms(struct query_index *x, const struct query_leaf_atoms *leaves, struct query_node *const *terms, size_t count)
{
	size_t at;
	bool good = begin_part(x, CODE_TERMS, count, &at);
	for (size_t i = 0; i < count && good; i++)
		good = put(x, leaves[terms[i]->number].whole);
	for (size_t i = 0; i < count && good; i++)
		good = put(x, CODE_TEXT(terms[i]->start, terms[i]->end - terms[i]->start));
	return good && end_part(x, at);
}

static bool
put_number_of(struct query_index *x, const struct query_node *node)
{
	if (vec_reserve((void **)&x->nodes, &x->node_cap, x->node_count + 1, sizeof *x->nodes) < 0)
		return false;
	x->nodes[x->node_count] = node;
	return put(x, (uint32_t)x->node_count++);
}

static bool
put_actor(struct query_index *x, const struct query_node *node)
{
	size_t at;
	return begin_leaf(x, CODE_ACTOR, 1, node, &at) && put(x, x->entity_atoms[node->n]) && put(x, node->n) &&
	       end_part(x, at);
}

/* The atoms that must all be there; NULL when there are none. */
static const uint32_t *
node_atoms(
    const struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node, size_t *count)
{
	const uint32_t *atoms = NULL;
	*count = 0;
	if (node->op == QUERY_ACTOR) {
		atoms = &x->entity_atoms[node->n];
		*count = 1;
	} else if (node->op == QUERY_TERM) {
		const struct query_leaf_atoms *leaf = &leaves[node->number];
		bool whole = leaf->whole != ATOM_NONE;
		atoms = whole ? &leaf->whole : leaf->tokens;
		*count = whole ? 1 : node->token_count;
	}
	return atoms;
}

static bool
put_node(struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	size_t at, count;
	const uint32_t *atoms = node_atoms(x, leaves, node, &count);
	bool good = begin_part(x, CODE_NODE, count, &at);
	for (size_t i = 0; i < count && good; i++)
		good = put(x, atoms[i]);
	return good && put_number_of(x, node) && end_part(x, at);
}

/* What a node becomes: one of those with parts, or one of those without. */
static enum query_code_op
code_op(const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	if (is_plain(leaves, node))
		return CODE_TERMS;
	if (node->op == QUERY_ACTOR && is_anywhere(node))
		return CODE_ACTOR;
	switch (node->op) {
	case QUERY_AND:
		return CODE_ALL;
	case QUERY_OR:
		return plain_kids(leaves, node, 0) == node->kid_count ? CODE_TERMS : CODE_ANY;
	case QUERY_NOT:
		return CODE_NOT;
	case QUERY_NEAR:
	case QUERY_ONEAR:
	case QUERY_WITHIN:
	case QUERY_SENTENCE:
	case QUERY_PARAGRAPH: /* what stands in a pair has no place when it does not hold */
		return CODE_BOTH;
	default:
		return CODE_NODE;
	}
}

bool
query_code_knows_all(const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	enum query_code_op op = code_op(leaves, node);
	bool all = op != CODE_NODE;
	for (size_t i = 0; op >= CODE_ALL && i < node->kid_count && all; i++)
		all = query_code_knows_all(leaves, node->kids[i]);
	return all;
}

/* Neighbours among alternatives that are plain are one part. */
static bool
put_parts(
    struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node, enum query_code_op op)
{
	size_t at, parts = 0;
	if (!begin_part(x, op, 0, &at) || (op == CODE_BOTH && !put(x, CODE_PAIR(node->op, node->n))))
		return false;
	for (size_t i = 0; i < node->kid_count; parts++) {
		size_t plain = op == CODE_ANY ? plain_kids(leaves, node, i) : 0;
		if (!(plain > 0 ? put_terms(x, leaves, &node->kids[i], plain)
		                : query_code_add(x, leaves, node->kids[i])))
			return false;
		i += plain > 0 ? plain : 1;
	}
	x->code[at] = CODE_HEAD(op, parts);
	return end_part(x, at);
}

bool
query_code_add(struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	enum query_code_op op = code_op(leaves, node);
	switch (op) {
	case CODE_TERMS:
		if (node->op == QUERY_OR)
			return put_terms(x, leaves, node->kids, node->kid_count);
		return put_terms(x, leaves, &(struct query_node *){(struct query_node *)node}, 1);
	case CODE_ACTOR:
		return put_actor(x, node);
	case CODE_NODE:
		return put_node(x, leaves, node);
	default:
		return put_parts(x, leaves, node, op);
	}
}
