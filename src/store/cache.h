#pragma once
/*
 * How many of the database's pages SQLite keeps in memory: few, until it turns out that what is written has to be read again.
 * A first poll of many feeds appends most of what it writes and looks at little of it; memory that only holds what nobody asks
 * for is not free to take. Within the room.
 */
#include "store/db.h"

#define CACHE_KIB 8192 /* at first: twice what a large group of polls changes. A bare number: it stands in SQL, too */
#define CACHE_MAX_KIB 32768u

/* Before a group of polls: from now on pages that were not there are counted. */
void cache_watch(struct store *s);
/* After it, with what it wrote, polls and items. Never fails: without more memory it is slower. */
void cache_fit(struct store *s, size_t written);
