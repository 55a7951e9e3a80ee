#pragma once
/*
 * A connection of a thread's own that reads single values of what is committed, so that the thread need not wait for the one
 * who writes. Within the room; it is opened when it is first needed. Whatever it does not find, for whatever reason, its owner
 * asks of the other connection.
 */
#include "store/db.h"

struct apart;

/* path is a view. NULL: no memory. */
struct apart *apart_new(const char *path);
void apart_free(struct apart *a);
/* The signature that is kept of an item, into the arena, or STR_NONE where there is none any more; true when its row is there. */
bool apart_signature(struct apart *a, int64_t item, struct arena *arena, struct str *ret);
