#pragma once
/*
 * Private to watch: what is only looked at when it is known who is named.
 *
 * In a long list many actors have the same family name, and many words of a text sound like one. All that counts for nobody
 * unless the item names one of them in another way. So an item is gone through once for what can stand for itself, and only if
 * something was found again for what else it says about those that were: each of them at every place of a family name
 * of theirs, and, where a mention lies, two of all that share a family name there, since who shares it does not matter.
 *
 * A full name takes in every family name that is part of it, whosever that is (mentions_resolve), so there nothing is looked for, as
 * long as no other name begins before it and runs into it.
 */
#include "watch/field.h"

/* Of a group, those whose given name or initial stands beside the family name: for the first time. */
bool late_report_named(struct field_match *f, const struct list_group *group, struct field_visit *v);
/* Before that: looks what stands beside it, and asks for those. */
void late_ask_for_named(struct field_match *f, const struct list_group *group, struct field_visit *v);
/* May there be anything to be known of the node at these words the second time? */
bool late_is_wanted(const struct field_match *f, const struct field_visit *v);
/* Does a longer name take in whatever stands at these words? */
bool late_is_taken_in(const struct field_match *f, size_t first, size_t last);
/* The same of a node of which nothing is to be known for a mention that lies there. */
bool late_is_node_wanted(const struct field_match *f, uint32_t node);
/* What is to be known of a node the second time. */
bool late_report(struct field_match *f, struct field_visit *v);
/* Goes through the fields again. Mentions are added to `found`; memory that runs out is in the arena. */
void late_match(struct field_match fields[WATCH_FIELD_COUNT], const struct watchlist *w, struct mentions *found,
    struct arena *arena);
