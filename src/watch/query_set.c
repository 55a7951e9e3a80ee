#include "watch/query_set.h"

#include "base/hash.h"
#include "base/vec.h"
#include "watch/query_index.h"

#include <stdio.h>
#include <stdlib.h>

struct query_set *
query_set_new(void)
{
	struct query_set *s = calloc(1, sizeof *s);
	if (s != NULL)
		arena_init(&s->arena, 0);
	return s;
}

void
query_set_free(struct query_set *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->count; i++)
		query_done(&s->entries[i].query);
	query_index_free(s->index);
	free(s->entries);
	free(s->entry_of);
	arena_done(&s->arena);
	free(s);
}

int
query_mistake_err(const struct query_mistake *m, struct str text, struct watch_origin origin, struct err *err)
{
	struct buf shown;
	char line[16] = "";
	buf_init(&shown, 0);
	query_mistake_show(m, text, &shown);
	if (origin.line > 0)
		snprintf(line, sizeof line, ":%u", origin.line);
	if (shown.failed)
		err_oom(err);
	else if (origin.file.s != NULL)
		err_set(err, ERR_CONFIG, "%.*s%s: query: %s", STR_ARG(origin.file), line, shown.data);
	else
		err_set(err, ERR_CONFIG, "%s", shown.data);
	buf_done(&shown);
	return -1;
}

static bool
has_stem(const struct query_node *n)
{
	if (n->op == QUERY_TERM && n->form == QUERY_STEM)
		return true;
	for (size_t i = 0; i < n->kid_count; i++) {
		if (has_stem(n->kids[i]))
			return true;
	}
	return false;
}

int
query_set_add(struct query_set *s, struct str text, uint32_t entity, struct watch_origin origin, struct err *err)
{
	struct query_mistake mistake;
	if (vec_reserve((void **)&s->entries, &s->cap, s->count + 1, sizeof *s->entries) < 0)
		return err_oom(err);
	struct query_entry *e = &s->entries[s->count];
	*e = (struct query_entry){
	    .entity = entity, .origin = {.file = arena_str(&s->arena, origin.file), .line = origin.line}};
	if (query_parse(text, &s->arena, &e->query, &mistake) < 0)
		return query_mistake_err(&mistake, text, origin, err);
	s->count++;
	s->stems |= has_stem(e->query.root);
	return 0;
}

/* ---- references ---- */

enum mark { MARK_NONE, MARK_OPEN, MARK_DONE };

struct sorter {
	struct query_set *set;
	const struct query_names *names;
	struct query_entry *sorted;
	unsigned char *marks;
	uint32_t *nested; /* by entry before sorting */
	size_t sorted_count, wrong;
	uint32_t current; /* entry whose references are walked */
	unsigned depth;
	struct err *err;
};

static void
complain(
    struct sorter *s, const struct query_entry *e, const struct query_node *leaf, const char *hint, const char *what)
{
	struct query_mistake m;
	struct err err;
	query_mistake_set(&m, leaf->start, leaf->end - leaf->start, hint, "%s", what);
	query_mistake_err(&m, e->query.text, e->origin, &err);
	s->wrong++;
	if (s->names->complain != NULL)
		s->names->complain(s->names->ctx, e, &err);
	*s->err = err;
}

static void
resolve(void *ctx, const struct query_node *leaf)
{
	struct sorter *s = ctx;
	const struct query_entry *e = &s->set->entries[s->current];
	bool is_topic = false, want_topic = leaf->op == QUERY_TOPIC;
	ptrdiff_t entity = s->names->find(s->names->ctx, leaf->text, &is_topic);
	if (entity >= 0 && is_topic == want_topic) {
		((struct query_node *)leaf)->n = (uint32_t)entity;
		return;
	}
	if (entity < 0)
		complain(s, e, leaf,
		    want_topic ? "topics are the [topic KEY] of the configuration"
		               : "actors are the [actor KEY] of the configuration and the ids of name files",
		    want_topic ? "there is no topic of this key" : "there is no actor of this key");
	else
		complain(s, e, leaf,
		    want_topic ? "write @ before the key of an actor" : "write # before the key of a topic",
		    want_topic ? "this is the key of an actor" : "this is the key of a topic");
}

static void visit(struct sorter *s, uint32_t entry, const struct query_node *from, const struct query_entry *user);

static void
visit_reference(void *ctx, const struct query_node *leaf)
{
	struct sorter *s = ctx;
	uint32_t user = s->current, below;
	if (leaf->op != QUERY_TOPIC || (below = s->set->entry_of[leaf->n]) == 0)
		return;
	visit(s, below - 1, leaf, &s->set->entries[user]);
	s->current = user;
	if (s->nested[user] < s->nested[below - 1] + 1)
		s->nested[user] = s->nested[below - 1] + 1;
}

static void
visit(struct sorter *s, uint32_t entry, const struct query_node *from, const struct query_entry *user)
{
	if (s->marks[entry] == MARK_DONE)
		return;
	if (s->marks[entry] == MARK_OPEN) {
		complain(s, user, from, "take it out of one of the queries",
		    "this topic would need itself: the topics go round in a circle");
		return;
	}
	if (s->depth > QUERY_NESTED_MAX) {
		complain(s, user, from, "", "more than 32 topics stand inside each other");
		return;
	}
	s->marks[entry] = MARK_OPEN;
	s->depth++;
	s->current = entry;
	query_references(s->set->entries[entry].query.root, visit_reference, s);
	s->depth--;
	if (s->nested[entry] > QUERY_NESTED_MAX && s->wrong == 0)
		complain(s, &s->set->entries[entry], s->set->entries[entry].query.root, "",
		    "more than 32 topics stand inside each other");
	s->marks[entry] = MARK_DONE;
	s->sorted[s->sorted_count] = s->set->entries[entry];
	s->sorted[s->sorted_count++].nested = s->nested[entry];
}

static bool
index_entities(struct query_set *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->entry_of[s->entries[i].entity] = (uint32_t)i + 1;
	return true;
}

static void
sort(struct sorter *s)
{
	for (uint32_t i = 0; i < s->set->count; i++) {
		s->current = i;
		query_references(s->set->entries[i].query.root, resolve, s);
	}
	for (uint32_t i = 0; i < s->set->count && s->wrong == 0; i++)
		visit(s, i, NULL, NULL);
	if (s->wrong > 0)
		return;
	memcpy(s->set->entries, s->sorted, s->set->count * sizeof *s->sorted);
	index_entities(s->set);
}

int
query_set_finish(struct query_set *set, const struct query_names *names, struct err *err)
{
	struct err ignored = {0};
	struct sorter s = {.set = set, .names = names, .err = err ? err : &ignored};
	int rc = 0;

	set->entity_count = names->entity_count;
	set->entry_of = calloc(names->entity_count + 1, sizeof *set->entry_of);
	s.sorted = calloc(set->count + 1, sizeof *s.sorted);
	s.marks = calloc(set->count + 1, 1);
	s.nested = calloc(set->count + 1, sizeof *s.nested);
	if (set->entry_of == NULL || s.sorted == NULL || s.marks == NULL || s.nested == NULL) {
		rc = err_oom(err);
	} else {
		index_entities(set);
		sort(&s);
		rc = s.wrong > 0 ? -1 : 0;
	}
	free(s.sorted);
	free(s.marks);
	free(s.nested);
	for (size_t i = 0; i < set->count; i++)
		set->version = hash64(set->entries[i].query.text, set->version + 1);
	if (rc == 0 && !names->check_only && (set->index = query_index_new(set)) == NULL)
		rc = err_oom(err);
	return rc;
}
