#pragma once
/*
 * What a search by words needs beside the full-text index: items that this does not cover yet, and those whose words have changed
 * since, in an index of their own in memory, made for the search. Within the room.
 */
#include "store/db.h"

#define TAIL_MAX 20000 /* the newest of them: while the index is made from the beginning there may be a million */

struct tail {
	bool indexed; /* there is an index, as `words` */
	bool any;     /* and items that it is not to be asked about: as `tail`, their numbers as `tail_items` */
	bool began;   /* a transaction that is to be ended */
};

/* From now on the connection sees the index and the database as they are at this moment. 0 or -1; tail_end in any case. */
int tail_begin(struct store *s, struct tail *t, struct err *err);
void tail_end(struct store *s, struct tail *t);
