/* What a full-text index can be asked so that no item that the query applies to is missed. */
#include "watch/query.h"

#define LETTERS_MIN 2u /* of a word whose beginning is asked for */

struct needs {
	struct arena *arena;
	struct query_need *items;
	size_t count, cap;
	bool failed;
};

static void
add_need(struct needs *n, const struct query_need *need)
{
	if (n->count >= QUERY_NEEDS_MAX || n->failed)
		return;
	struct query_need *items = arena_grow(n->arena, n->items, &n->cap, n->count, sizeof *items);
	n->failed |= items == NULL;
	if (items != NULL) {
		n->items = items;
		n->items[n->count++] = *need;
	}
}

/* The index holds title, summary and content. */
static bool
indexed(const struct query_node *leaf)
{
	const uint16_t fields = 1u << WATCH_FIELD_TITLE | 1u << WATCH_FIELD_SUMMARY | 1u << WATCH_FIELD_CONTENT;
	return (leaf->fields & ~fields) == 0;
}

/* The folded words up to the first wildcard, which makes the last of them a beginning. Stems change in ways that the index does
 * not know. */
static bool
term_words(struct needs *n, const struct query_node *leaf, struct query_words *ret)
{
	struct buf b;
	size_t words = 0;
	*ret = (struct query_words){.text = STR_NONE};
	if (leaf->op != QUERY_TERM || leaf->form == QUERY_STEM || !indexed(leaf))
		return false;
	buf_init(&b, 0);
	for (size_t i = 0; i < leaf->token_count && !ret->begins; i++) {
		const struct query_token *t = &leaf->tokens[i];
		size_t len = 0;
		while (len < t->fold.len && !(t->wild && (t->fold.s[len] == '*' || t->fold.s[len] == '?')))
			len++;
		ret->begins = t->wild || t->open;
		buf_puts(&b, words++ > 0 ? " " : "");
		buf_add(&b, t->fold.s, len);
	}
	ret->text = arena_str(n->arena, buf_view(&b));
	n->failed |= b.failed || ret->text.s == NULL;
	buf_done(&b);
	return !n->failed && ret->text.len >= LETTERS_MIN;
}

static bool one_of(struct needs *n, const struct query_node *node, struct query_need *ret);

static bool
join(struct needs *n, struct query_need *to, const struct query_need *from)
{
	if (to->count + from->count > QUERY_NEED_WORDS_MAX)
		return false;
	struct query_words *any = arena_alloc(n->arena, (to->count + from->count) * sizeof *any);
	if (any == NULL) {
		n->failed = true;
		return false;
	}
	if (to->count > 0)
		memcpy(any, to->any, to->count * sizeof *any);
	memcpy(any + to->count, from->any, from->count * sizeof *any);
	to->any = any;
	to->count += from->count;
	return true;
}

static bool
kids_join(struct needs *n, const struct query_node *node, struct query_need *ret)
{
	int64_t left_out = 0;
	*ret = (struct query_need){0};
	for (size_t i = 0; i < node->kid_count && !n->failed; i++) {
		struct query_need kid;
		if (node->op == QUERY_SUM && node->kids[i]->weight <= 0)
			continue;
		if (one_of(n, node->kids[i], &kid)) {
			if (!join(n, ret, &kid))
				return false;
			continue;
		}
		/* a part of a sum that the index cannot find may be left out while it does not reach the threshold alone */
		left_out += node->kids[i]->weight;
		if (node->op != QUERY_SUM || left_out >= (int64_t)node->n)
			return false;
	}
	return ret->count > 0 && !n->failed;
}

/* One set of words of which one must stand there; the smallest of those that the parts have. */
static bool
one_of(struct needs *n, const struct query_node *node, struct query_need *ret)
{
	struct query_words words;
	bool found = false;
	*ret = (struct query_need){0};
	if (query_is_leaf(node)) {
		if (!term_words(n, node, &words))
			return false;
		return join(n, ret, &(struct query_need){.any = &words, .count = 1});
	}
	if (node->op == QUERY_OR || node->op == QUERY_SUM)
		return kids_join(n, node, ret);
	for (size_t i = 0; i < node->kid_count && node->op != QUERY_NOT; i++) {
		struct query_need kid;
		if (one_of(n, node->kids[i], &kid) && (!found || kid.count < ret->count)) {
			*ret = kid;
			found = true;
		}
	}
	return found;
}

/* All of these. */
static void
all_of(struct needs *n, const struct query_node *node)
{
	struct query_need need;
	bool pair = node->op >= QUERY_NEAR && node->op <= QUERY_PARAGRAPH;
	if (node->op == QUERY_AND || pair || node->op == QUERY_ATLEAST || node->op == QUERY_FIRST ||
	    node->op == QUERY_FIELD) {
		for (size_t i = 0; i < node->kid_count; i++)
			all_of(n, node->kids[i]);
	} else if (node->op != QUERY_NOT && one_of(n, node, &need)) {
		add_need(n, &need);
	}
}

int
query_needs(const struct query *q, struct arena *arena, struct query_need **ret, size_t *count)
{
	struct needs n = {.arena = arena};
	all_of(&n, q->root);
	*ret = n.items;
	*count = n.count;
	return n.failed ? -1 : 0;
}
