#pragma once
/*
 * Signs that belong to a word: C++, C#, .NET, 50%, €5, AT&T. All other signs only part words, as hyphens and full stops do. Private
 * to watch.
 */
#include "watch/query_doc.h"

/* How many bytes count beside the word start..end of a query's text: signs that touch it, not before `from` nor behind `to`. */
size_t query_signs_before(struct str text, size_t start, size_t from);
size_t query_signs_after(struct str text, size_t end, size_t to);
/* Whether an & stands in these bytes between two words. */
bool query_signs_join(struct str between);

static inline struct str
query_signs_before_of(const struct query_token *t)
{
	return (struct str){t->written.s - t->before, t->before};
}

static inline struct str
query_signs_after_of(const struct query_token *t)
{
	return (struct str){t->written.s + t->written.len, t->after};
}

/* Whether a term has any. */
bool query_has_signs(const struct query_node *term);
/* Whether those of one of its words stand beside this word of the item. */
bool query_signs_fit(const struct query_field *f, size_t word, const struct query_token *token);
/* Where a term stands whose first word is this one: its words, and the signs on both sides. */
struct query_span
query_term_span(const struct query_doc *d, const struct query_node *term, enum watch_field field, size_t first);
