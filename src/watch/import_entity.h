#pragma once
/*
 * Private to watch: one record in JSON as names: an entity of Wikidata or a row of a query's result, after the "Wikibase/DataModel/JSON"
 * page of MediaWiki and "SPARQL 1.1 Query Results JSON Format" (W3C, 2013); an entity of OpenSanctions after the documentation of
 * FollowTheMoney.
 */
#include "watch/import.h"

#define IMPORT_ENTITY_MEMORY_MAX ((size_t)192 << 20) /* of one record while it is read */
#define IMPORT_ENTITY_DEPTH_MAX 64u

/* The last part of an address; of <address>, too. */
struct str import_item_id(struct str address);
/* A kind by its word, or by the class of Wikidata (Q5, or its address) that says so. */
bool import_item_kind(struct str text, enum watch_kind *ret);

/* By a schema of FollowTheMoney; false for what is no actor. */
bool import_schema_kind(struct str schema, enum watch_kind *ret);
/* Whether the name is one word, as far as its script parts words. */
bool import_is_one_word(struct str name);

/*
 * Tells the names of a record that began in this line. What is no actor is passed over. -1 with an error for the whole record;
 * a name that was refused adds to *bad. The arena is reset.
 */
int import_entity(struct str record, unsigned line, const struct watch_importer *to, struct arena *arena, unsigned *bad,
    struct err *err);
