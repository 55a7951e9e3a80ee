/* What only the whole tree shows: operators that cannot stand in each other, and what fields make of the leaves. */
#include "text/language.h"
#include "watch/query_parse.h"

#include <stdio.h>

static const char *const op_words[QUERY_OP_COUNT] = {
    [QUERY_ABOUT] = "lang:, feed: and source:",
    [QUERY_AND] = "AND",
    [QUERY_NOT] = "NOT",
    [QUERY_SUM] = "a weighted sum",
    [QUERY_ATLEAST] = "ATLEAST",
    [QUERY_FIRST] = "FIRST",
    [QUERY_FIELD] = "a field",
};

bool
query_looks_at(const struct query_node *leaf, enum watch_field field)
{
	const uint16_t texts =
	    1u << WATCH_FIELD_TITLE | 1u << WATCH_FIELD_SUMMARY | 1u << WATCH_FIELD_CONTENT | 1u << WATCH_FIELD_ARTICLE;
	return ((leaf->fields ? leaf->fields : texts) >> field & 1) != 0;
}

/* What has places in the text: the part that has none, or NULL. */
static const struct query_node *
without_place(const struct query_node *n)
{
	switch (n->op) {
	case QUERY_AND:
	case QUERY_NOT:
	case QUERY_SUM:
	case QUERY_ABOUT:
	case QUERY_ATLEAST:
		return n;
	case QUERY_OR:
	case QUERY_FIELD:
	case QUERY_FIRST:
		for (size_t i = 0; i < n->kid_count; i++) {
			const struct query_node *bad = without_place(n->kids[i]);
			if (bad != NULL)
				return bad;
		}
		return NULL;
	default:
		return NULL;
	}
}

static bool
check_places(struct query_parser *p, const struct query_node *n)
{
	static const char *const words[QUERY_OP_COUNT] = {[QUERY_NEAR] = "NEAR",
	    [QUERY_ONEAR] = "ONEAR",
	    [QUERY_WITHIN] = "WITHIN",
	    [QUERY_SENTENCE] = "SENTENCE",
	    [QUERY_PARAGRAPH] = "PARAGRAPH",
	    [QUERY_ATLEAST] = "ATLEAST"};
	for (size_t i = 0; words[n->op] != NULL && i < n->kid_count; i++) {
		const struct query_node *bad = without_place(n->kids[i]);
		if (bad != NULL)
			return query_wrong(p, bad->start, bad->end - bad->start,
			    "only terms, phrases, @actors, #topics, OR and other NEARs can stand there",
			    "%s has no place of its own, so it cannot stand with %s", op_words[bad->op], words[n->op]);
	}
	return true;
}

static bool
check_not(struct query_parser *p, const struct query_node *n, const struct query_node *parent)
{
	static const char hint[] = "write what is wanted first: peace NOT war";
	if (n->op == QUERY_NOT && (parent == NULL || parent->op != QUERY_AND))
		return query_wrong(
		    p, n->start, n->end - n->start, hint, "NOT needs something beside it that is looked for");
	for (size_t i = 0; n->op == QUERY_AND && i < n->kid_count; i++) {
		if (n->kids[i]->op != QUERY_NOT)
			return true;
	}
	return n->op != QUERY_AND || query_wrong(p, n->start, n->end - n->start, hint, "there is nothing here but NOT");
}

/* "uk" of "uk-Latn" */
static struct str
bare_language(struct str code)
{
	struct str rest = code, bare = code;
	str_split(&rest, '-', &bare);
	return bare;
}

/* An item has one language: two side by side find nothing, and who writes lang:(uk ru) means one or the other. */
static bool
check_languages(struct query_parser *p, const struct query_node *n)
{
	char hint[80];
	const struct query_node *first = NULL;
	for (size_t i = 0; n->op == QUERY_AND && i < n->kid_count; i++) {
		const struct query_node *kid = n->kids[i];
		if (kid->op != QUERY_ABOUT || kid->about != QUERY_LANG)
			continue;
		if (first == NULL) {
			first = kid;
			continue;
		}
		struct str a = bare_language(first->text), b = bare_language(kid->text);
		if (text_language_is(a, b) || text_language_is(b, a))
			continue;
		snprintf(hint, sizeof hint, "write lang:(%.*s OR %.*s)", STR_ARG(first->text), STR_ARG(kid->text));
		return query_wrong(
		    p, kid->start, kid->end - kid->start, hint, "an item has one language, so it cannot have both");
	}
	return true;
}

struct restriction {
	uint16_t fields;
	uint32_t first;
};

static bool
restrict_leaf(struct query_parser *p, struct query_node *n, struct restriction r)
{
	if (n->op == QUERY_ABOUT && (r.fields != 0 || r.first != 0))
		return query_wrong(p, n->start, n->end - n->start, "put it beside that group",
		    "%s cannot stand inside a field or FIRST", op_words[n->op]);
	n->fields = r.fields;
	n->first = r.first;
	n->number = (uint32_t)p->query->leaf_count++;
	return true;
}

static bool
check_node(struct query_parser *p, struct query_node *n, const struct query_node *parent, struct restriction r)
{
	if (!check_not(p, n, parent) || !check_places(p, n) || !check_languages(p, n))
		return false;
	if (query_is_leaf(n))
		return restrict_leaf(p, n, r);
	if (n->op == QUERY_FIELD) {
		uint16_t bit = (uint16_t)(1u << n->n);
		if (r.fields != 0 && (r.fields & bit) == 0)
			return query_wrong(p, n->start, n->end - n->start,
			    "put one beside the other: title:(…) summary:(…)",
			    "a field inside another one finds nothing");
		r.fields = bit;
	} else if (n->op == QUERY_FIRST && (r.first == 0 || n->n < r.first)) {
		r.first = n->n;
	}
	for (size_t i = 0; i < n->kid_count; i++) {
		if (!check_node(p, n->kids[i], n, r))
			return false;
	}
	return true;
}

bool
query_check(struct query_parser *p)
{
	return check_node(p, p->query->root, NULL, (struct restriction){0, 0});
}

void
query_references(const struct query_node *node, void (*each)(void *ctx, const struct query_node *leaf), void *ctx)
{
	if (node->op == QUERY_ACTOR || node->op == QUERY_TOPIC)
		each(ctx, node);
	for (size_t i = 0; i < node->kid_count; i++)
		query_references(node->kids[i], each, ctx);
}
