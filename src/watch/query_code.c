#include "watch/query_code.h"

#include "base/vec.h"

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
	return put(x, (uint32_t)count << 4 | (uint32_t)op) && put(x, 0);
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

/* A word* whose only wildcard is its end, or a word of Hangul: it stands where a word begins with it. */
static bool
is_beginning(const struct query_node *node)
{
	const struct query_token *t = node->tokens;
	if (node->token_count != 1)
		return false;
	for (size_t i = 0; t->wild && i + 1 < t->fold.len; i++) {
		if (t->fold.s[i] == '*' || t->fold.s[i] == '?')
			return false;
	}
	return t->wild ? t->fold.len > 0 && t->fold.s[t->fold.len - 1] == '*' : t->open;
}

/* Words in any way of writing, or one beginning. */
static bool
is_plain(const struct query_node *node)
{
	bool plain = node->op == QUERY_TERM && node->form == QUERY_FOLD && is_anywhere(node);
	if (plain && is_beginning(node))
		return true;
	for (size_t i = 0; i < node->token_count && plain; i++)
		plain = !node->tokens[i].wild && !node->tokens[i].open;
	return plain;
}

static bool
put_plain(struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	size_t at, n = node->token_count;
	bool good = n == 1 ? begin_leaf(x, CODE_WORD, is_beginning(node) ? 2 : 1, node, &at)
	                   : begin_leaf(x, CODE_PHRASE, n, node, &at);
	for (size_t i = 0; i < n && good; i++)
		good = put(x, leaves[node->number].tokens[i]);
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

/* One word by its stem. */
static bool
is_stem(const struct query_node *node)
{
	return node->op == QUERY_TERM && node->form == QUERY_STEM && is_anywhere(node) && node->token_count == 1 &&
	       !node->tokens[0].wild && !node->tokens[0].open;
}

static bool
put_stem(struct query_index *x, const struct query_leaf_atoms *leaf, const struct query_node *node)
{
	size_t at;
	return begin_leaf(x, CODE_STEM, 1, node, &at) && put(x, leaf->tokens[0]) && put(x, leaf->stem) &&
	       put_number_of(x, node) && end_part(x, at);
}

static bool
put_actor(struct query_index *x, const struct query_node *node)
{
	size_t at;
	return begin_leaf(x, CODE_ACTOR, 1, node, &at) && put(x, x->entity_atoms[node->n]) && put(x, node->n) &&
	       end_part(x, at);
}

/* Of a phrase all words must be there, and an actor must; of stems none need be as they are written. */
static bool
put_node(struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	bool words = node->op == QUERY_TERM && node->form != QUERY_STEM, actor = node->op == QUERY_ACTOR;
	size_t at, count = words ? node->token_count : actor;
	if (!begin_part(x, CODE_NODE, count, &at))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!put(x, actor ? x->entity_atoms[node->n] : leaves[node->number].tokens[i]))
			return false;
	}
	return put_number_of(x, node) && end_part(x, at);
}

static bool
put_parts(
    struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node, enum query_code_op op)
{
	size_t at;
	if (!begin_part(x, op, node->kid_count, &at) || (op == CODE_BOTH && !put(x, CODE_PAIR(node->op, node->n))))
		return false;
	for (size_t i = 0; i < node->kid_count; i++) {
		if (!query_code_add(x, leaves, node->kids[i]))
			return false;
	}
	return end_part(x, at);
}

/* What a node becomes: one of those with parts, or one of those without. */
static enum query_code_op
code_op(const struct query_node *node)
{
	if (is_plain(node))
		return node->token_count == 1 ? CODE_WORD : CODE_PHRASE;
	if (is_stem(node))
		return CODE_STEM;
	if (node->op == QUERY_ACTOR && is_anywhere(node))
		return CODE_ACTOR;
	switch (node->op) {
	case QUERY_AND:
		return CODE_ALL;
	case QUERY_OR:
		return CODE_ANY;
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
query_code_knows_all(const struct query_node *node)
{
	enum query_code_op op = code_op(node);
	bool all = op != CODE_NODE;
	for (size_t i = 0; op >= CODE_ALL && i < node->kid_count && all; i++)
		all = query_code_knows_all(node->kids[i]);
	return all;
}

bool
query_code_add(struct query_index *x, const struct query_leaf_atoms *leaves, const struct query_node *node)
{
	enum query_code_op op = code_op(node);
	switch (op) {
	case CODE_WORD:
	case CODE_PHRASE:
		return put_plain(x, leaves, node);
	case CODE_STEM:
		return put_stem(x, &leaves[node->number], node);
	case CODE_ACTOR:
		return put_actor(x, node);
	case CODE_NODE:
		return put_node(x, leaves, node);
	default:
		return put_parts(x, leaves, node, op);
	}
}
