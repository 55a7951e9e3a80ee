/* Regular expressions of the query that is asked, and what is said of those that met a ceiling. */
#include "base/utf8.h"
#include "watch/list.h"
#include "watch/query_regex.h"
#include "watch/query_set.h"

#include <stdlib.h>

#define SHOWN_BYTES 80u /* of an expression */

/* What an expression found in a field. */
struct query_regex_found {
	const struct query_regex *regex;
	struct query_regex_found *next;
	enum watch_field field;
	uint32_t first; /* FIRST/n that stood above it */
	enum watch_limit limit;
	struct query_spans spans;
};

void
query_doc_ask(struct query_doc *d, uint32_t entry)
{
	d->asked = entry;
	d->found = NULL;
}

static struct query_regex_found *
known(const struct query_doc *d, const struct query_node *leaf, enum watch_field field)
{
	struct query_regex_found *k = d->found;
	while (k != NULL && !(k->regex == leaf->regex && k->field == field && k->first == leaf->first))
		k = k->next;
	return k;
}

/* ---- finding ---- */

struct finding {
	struct query_doc *doc;
	const struct query_node *leaf;
	struct query_regex_found *found;
	bool failed;
};

static bool
on_found(void *ctx, size_t start, size_t end)
{
	struct finding *f = ctx;
	struct query_span span;
	if (!query_doc_span(f->doc, f->found->field, (uint32_t)start, (uint32_t)end, &span))
		return true; /* marks only: no word to stand at */
	if (span.last < query_doc_words(f->doc, f->leaf, f->found->field))
		f->failed = !query_spans_add(f->doc->arena, &f->found->spans, &span);
	return !f->failed;
}

/* One of each query is told. */
static void
note(struct query_doc *d, const struct query_node *leaf, const struct query_regex_found *k)
{
	for (size_t i = 0; i < d->given_up_count; i++) {
		if (d->given_up[i].entity == d->asked)
			return;
	}
	if (d->given_up_count < WATCH_GIVEN_UP_MAX)
		d->given_up[d->given_up_count++] = (struct watch_given_up){
		    .entity = d->asked, .leaf = leaf->number, .field = k->field, .limit = k->limit};
}

static struct query_regex_found *
find(struct query_doc *d, const struct query_node *leaf, enum watch_field field)
{
	struct query_regex_found *k = arena_alloc(d->arena, sizeof *k);
	if (k == NULL)
		return NULL;
	*k = (struct query_regex_found){.regex = leaf->regex, .field = field, .first = leaf->first};
	struct finding f = {.doc = d, .leaf = leaf, .found = k};
	if (!query_regex_find(leaf->regex, d->fields[field].text, on_found, &f, d->in->regex_steps, &k->limit) ||
	    f.failed)
		return NULL;
	k->next = d->found;
	d->found = k;
	if (k->limit != WATCH_LIMIT_NONE)
		note(d, leaf, k);
	return k;
}

bool
query_regex_spans(struct query_doc *d, const struct query_node *leaf, enum watch_field field, struct query_spans *out)
{
	const struct query_regex_found *k = known(d, leaf, field);
	if (k == NULL)
		k = find(d, leaf, field);
	return k != NULL && query_spans_append(d->arena, out, &k->spans);
}

enum watch_limit
query_regex_limit(const struct query_doc *d, const struct query_node *leaf, enum watch_field field)
{
	const struct query_regex_found *k = known(d, leaf, field);
	return k != NULL ? k->limit : WATCH_LIMIT_NONE;
}

/* ---- saying ---- */

_Static_assert(QUERY_REGEX_STEPS_MAX == 1000000 && QUERY_REGEX_STEPS_A_BYTE == 20 && QUERY_REGEX_DEPTH_MAX == 1000 &&
                   QUERY_REGEX_HEAP_KIB_MAX == 1024 && WATCH_REGEX_STEPS_MAX == 200000000,
    "the words below, and those of tidings-query(7)");

const char *
query_limit_words(enum watch_limit limit)
{
	static const char *const words[WATCH_LIMIT_COUNT] = {
	    [WATCH_LIMIT_NONE] = "none",
	    [WATCH_LIMIT_STEPS] = "1000000 steps and 20 for each byte",
	    [WATCH_LIMIT_DEPTH] = "1000 ways kept to go back to",
	    [WATCH_LIMIT_MEMORY] = "1 MiB of memory",
	    [WATCH_LIMIT_DOCUMENT] = WATCH_GIVEN_UP_SHARED,
	};
	return words[limit < WATCH_LIMIT_COUNT ? limit : WATCH_LIMIT_NONE];
}

static const struct query_node *
leaf_of(const struct query_node *node, uint32_t number)
{
	if (query_is_leaf(node))
		return node->number == number ? node : NULL;
	for (size_t i = 0; i < node->kid_count; i++) {
		const struct query_node *leaf = leaf_of(node->kids[i], number);
		if (leaf != NULL)
			return leaf;
	}
	return NULL;
}

static const struct query_node *
regex_of(const struct watchlist *w, const struct watch_given_up *g, const struct query_entry **ret)
{
	const struct query_set *s = w->queries;
	if (s == NULL || g->entity >= s->entity_count || s->entry_of[g->entity] == 0)
		return NULL;
	*ret = &s->entries[s->entry_of[g->entity] - 1];
	const struct query_node *leaf = leaf_of((*ret)->query.root, g->leaf);
	return leaf != NULL && leaf->op == QUERY_REGEX ? leaf : NULL;
}

bool
watch_given_up_fits(const struct watchlist *w, const struct watch_given_up *g)
{
	const struct query_entry *e;
	return g->field < WATCH_FIELD_COUNT && g->limit > WATCH_LIMIT_NONE && g->limit < WATCH_LIMIT_COUNT &&
	       regex_of(w, g, &e) != NULL;
}

struct users {
	const struct query_set *set;
	unsigned char *uses; /* by entry */
};

static void
mark_used(void *ctx, const struct query_node *leaf)
{
	struct users *u = ctx;
	uint32_t below = leaf->op == QUERY_TOPIC ? u->set->entry_of[leaf->n] : 0;
	if (below != 0)
		u->uses[below - 1] = 1;
}

/* Every topic stands before those that use it. */
bool
watch_given_up_concerns(const struct watchlist *w, size_t entity, const struct watch_given_up *g)
{
	struct users u = {.set = w->queries};
	const struct query_set *s = w->queries;
	if (g->entity == entity || s == NULL || entity >= s->entity_count || g->entity >= s->entity_count ||
	    s->entry_of[entity] == 0 || s->entry_of[g->entity] == 0)
		return g->entity == entity;
	u.uses = calloc(s->count, 1);
	if (u.uses == NULL)
		return true; /* rather told for nothing than not */
	u.uses[s->entry_of[entity] - 1] = 1;
	for (size_t i = s->entry_of[entity]; i-- > 0;) {
		if (u.uses[i])
			query_references(s->entries[i].query.root, mark_used, &u);
	}
	bool uses = u.uses[s->entry_of[g->entity] - 1];
	free(u.uses);
	return uses;
}

static void
put_whose(const struct watchlist *w, const struct watch_given_up *g, const struct query_entry *e, struct buf *out)
{
	const struct watch_entity *of = watchlist_entity(w, g->entity);
	struct str id = of->id;
	if (e->origin.file.s != NULL)
		buf_printf(out, "%.*s", STR_ARG(e->origin.file));
	if (e->origin.file.s != NULL && e->origin.line > 0)
		buf_printf(out, ":%u", e->origin.line);
	buf_puts(out, e->origin.file.s != NULL ? ": " : "");
	if (of->kind == WATCH_ALERT && str_starts(id, STR_LIT("watch:")))
		id = (struct str){id.s + 6, id.len - 6};
	if (id.len > 0)
		buf_printf(out, "%s %.*s: ", watch_kind_word(of->kind), STR_ARG(id));
}

void
watch_given_up_say(const struct watchlist *w, const struct watch_given_up *g, struct buf *out)
{
	const struct query_entry *e;
	const struct query_node *leaf = regex_of(w, g, &e);
	if (leaf == NULL)
		return;
	struct str all = {e->query.text.s + leaf->start, leaf->end - leaf->start},
	           cut = utf8_truncate(all, SHOWN_BYTES);
	put_whose(w, g, e, out);
	buf_printf(out,
	    "the regular expression %.*s%s" WATCH_GIVEN_UP_LIMIT "%s in the %s; what it finds behind is not known",
	    STR_ARG(cut), cut.len < all.len ? "…" : "", query_limit_words(g->limit), watch_field_word(g->field));
}
