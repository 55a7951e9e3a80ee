#pragma once
/*
 * Private to watch: what a builder has collected. Entities and names stand in the order in which they came.
 */
#include "base/map.h"
#include "watch/watch.h"

#define WATCH_ID_BYTES_MAX 256u
#define WATCH_NAME_BYTES_MAX 256u
#define WATCH_NAME_WORDS_MAX 32u
#define WATCH_LANG_BYTES_MAX 35u
#define WATCH_NAMES_MAX 4000000u
#define WATCH_MEMBERS_MAX 100000u

struct builder_name {
	struct str text, lang;
	struct str file; /* where it was written, and … */
	unsigned line;
	uint32_t entity; /* BUILDER_NO_ENTITY for what is excluded everywhere */
	enum watch_role role;
};

#define BUILDER_NO_ENTITY UINT32_MAX

struct builder_member {
	uint32_t member, group; /* entities */
};

struct builder_query {
	struct str text;
	struct watch_origin origin; /* copied */
	uint32_t entity;
};

struct watch_builder {
	struct arena arena; /* ids, labels, names */
	struct map ids;     /* id -> index + 1 */
	struct str file;    /* the last one that a name came from */
	struct watch_entity *entities;
	size_t entity_count, entity_cap;
	struct builder_name *names;
	size_t name_count, name_cap;
	uint8_t *families; /* enum watch_family, of each entity */
	size_t family_cap;
	struct builder_member *members;
	size_t member_count, member_cap;
	struct builder_query *queries;
	size_t query_count, query_cap;
};

/* Actors of a list, whose names begin at `from`, are shown by their first name, unless they have a label. The text is shared. */
void builder_label_listed(struct watch_builder *b, size_t from);
