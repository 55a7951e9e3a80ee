#include "feed/builder.h"

#include "base/vec.h"

#include <stdlib.h>

#define RANK_HELPERS 5u /* from this rank on they are owners, editors, contributors: other people */

/* Room for one more, or NULL: the list is full, or memory ran out. */
static void *
grow(struct builder *b, void **list, size_t *cap, size_t *count, size_t size)
{
	if (*count >= BUILDER_LIST_MAX) {
		builder_repair(b, "list-cut");
		return NULL;
	}
	if (vec_reserve(list, cap, *count + 1, size) < 0) {
		builder_fail(b, ERR_NO_MEMORY, "%s", err_sentence(ERR_NO_MEMORY));
		return NULL;
	}
	return (char *)*list + (*count)++ * size;
}

#define APPEND(b, l, value) \
	do { \
		void *room_ = grow((b), (void **)&(l)->list, &(l)->cap, &(l)->count, sizeof *(l)->list); \
		if (room_ != NULL) \
			memcpy(room_, &(value), sizeof(value)); \
	} while (0)

static bool
same_person(const struct feed_person *a, const struct feed_person *b)
{
	if (a->name.len > 0 && b->name.len > 0)
		return str_eq(a->name, b->name) &&
		       (a->email.len == 0 || b->email.len == 0 || str_ieq(a->email, b->email));
	return a->email.len > 0 && str_ieq(a->email, b->email);
}

/* One knows an address and the other a name: <author>ann@h.example</author><dc:creator>Ann Lee</dc:creator>. */
static bool
completes(const struct feed_person *address, const struct feed_person *name)
{
	return address->name.len == 0 && address->email.len > 0 && name->name.len > 0 &&
	       (name->email.len == 0 || str_ieq(name->email, address->email));
}

/* Better-ranked persons push out worse ones: <author> makes a podcast's itunes:author superfluous. */
void
list_person(struct builder *b, unsigned rank, struct feed_person person)
{
	struct person_list *l = &builder_part(b)->authors;
	if (person.name.len == 0 && person.email.len == 0 && person.uri.len == 0)
		return;
	if (l->count > 0 && rank > l->rank) {
		if (l->count == 1 && rank < RANK_HELPERS && completes(&l->list[0], &person))
			l->list[0].name = person.name;
		return;
	}
	if (l->count > 0 && rank < l->rank) {
		if (l->count == 1 && l->rank < RANK_HELPERS && completes(&person, &l->list[0]))
			person.name = l->list[0].name;
		l->count = 0;
	}
	l->rank = rank;
	for (size_t i = 0; i < l->count; i++) {
		if (!same_person(&l->list[i], &person))
			continue;
		if (l->list[i].email.len == 0)
			l->list[i].email = person.email;
		if (l->list[i].uri.len == 0)
			l->list[i].uri = person.uri;
		return;
	}
	APPEND(b, l, person);
}

void
list_category(struct builder *b, struct feed_category category)
{
	struct category_list *l = &builder_part(b)->categories;
	if (category.term.len == 0 && category.label.len == 0)
		return;
	for (size_t i = 0; i < l->count; i++) {
		if (str_eq(l->list[i].term, category.term) && str_eq(l->list[i].scheme, category.scheme))
			return;
	}
	APPEND(b, l, category);
}

void
list_enclosure(struct builder *b, struct feed_enclosure enclosure)
{
	struct enclosure_list *l = &builder_part(b)->enclosures;
	if (enclosure.url.len == 0)
		return;
	for (size_t i = 0; i < l->count; i++) {
		struct feed_enclosure *old = &l->list[i];
		if (!str_eq(old->url, enclosure.url))
			continue;
		old->type = old->type.len ? old->type : enclosure.type;
		old->title = old->title.len ? old->title : enclosure.title;
		old->length = old->length >= 0 ? old->length : enclosure.length;
		return;
	}
	APPEND(b, l, enclosure);
}

void
list_link(struct builder *b, struct feed_link link)
{
	struct link_list *l = &builder_part(b)->links;
	if (link.href.len == 0)
		return;
	for (size_t i = 0; i < l->count; i++) {
		if (str_eq(l->list[i].href, link.href) && str_eq(l->list[i].rel, link.rel))
			return;
	}
	APPEND(b, l, link);
}

static void *
copy(struct builder *b, const void *list, size_t count, size_t size)
{
	void *p = count ? arena_alloc(b->arena, count * size) : NULL;
	if (p != NULL)
		memcpy(p, list, count * size);
	return p;
}

#define MOVE(b, l, array, number) \
	do { \
		(array) = copy((b), (l).list, (l).count, sizeof *(l).list); \
		(number) = (array) ? (l).count : 0; \
		(l).count = 0; \
	} while (0)

void
lists_to_item(struct builder *b, struct part *part, struct feed_item *item)
{
	MOVE(b, part->authors, item->authors, item->author_count);
	MOVE(b, part->categories, item->categories, item->category_count);
	MOVE(b, part->enclosures, item->enclosures, item->enclosure_count);
	MOVE(b, part->links, item->links, item->link_count);
}

void
lists_to_doc(struct builder *b, struct part *part, struct feed_doc *doc)
{
	MOVE(b, part->authors, doc->authors, doc->author_count);
	MOVE(b, part->categories, doc->categories, doc->category_count);
	part->enclosures.count = part->links.count = 0;
}

void
lists_done(struct part *part)
{
	free(part->authors.list);
	free(part->categories.list);
	free(part->enclosures.list);
	free(part->links.list);
	*part = (struct part){0};
}
